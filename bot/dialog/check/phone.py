"""D4xx: what does not fit a phone, a button of Telegram's, or one sitting."""

from collections.abc import Iterator

from bot.dialog.answers import place_of
from bot.dialog.check.length import length_of
from bot.dialog.check.rule import Mistake, rule
from bot.dialog.check.seen import Row, Seen
from bot.dialog.load.reading import short
from bot.dialog.script import Option, Question, Script, Section

LONG_LABEL, LONGEST_LABEL = 30, 40  # letters; phones cut the label of a key after forty
MOST_OPTIONS = 12
LONGEST_TITLE = 60  # letters
LONGEST_TEXT = 600  # letters: about one screen of a phone
_AROUND = ("easy", "why", "tip", "say_more", "how_known")
LONGEST_DATA = 64  # bytes. Source: Bot API, InlineKeyboardButton.callback_data
MOST_IN_A_SECTION = 8  # questions. Source: sittings of five to eight
LONGEST_SCRIPT = 20  # minutes
LONGEST_CAPTION = 1000  # letters; Telegram takes 1024 with a picture
TALK, ITEM = "t" * 12, "n" * 6
"""The longest names of a talk and of an item of a list."""


@rule("D401", "label: At the health centre in the middle of town", "label: At the health centre")
def label_is_cut(seen: Seen) -> Iterator[Mistake]:
    """Phones cut the words of this button."""
    for text in seen.texts:
        if text.key in ("label", "nobody", "yes", "no") and len(text.words) > LONGEST_LABEL:
            words = f"a button has {len(text.words)} letters, and phones cut it after {LONGEST_LABEL}"
            yield Mistake(text.at, text.key, words, "Say it shorter, and the rest in ask or why.")


@rule("D402", "options: more than 12 of them", "two questions with a few options each")
def many_options(seen: Seen) -> Iterator[Mistake]:
    """There are too many options to choose from on a small screen."""
    for row in seen.rows:
        if (count := len(row.question.offered)) > MOST_OPTIONS:
            words = f"there are {count} options, and {MOST_OPTIONS} is the most"
            yield Mistake(row.question, "options", words, "Make two questions of it.")


@rule("D403", "ask: more than 600 letters", "ask: one short question\nwhy: the rest")
def long_text(seen: Seen) -> Iterator[Mistake]:
    """The question with its options, or what is said about it, does not fit one screen."""
    for row in seen.rows:
        labels = [f"\n{number}. {o.label}" for number, o in enumerate(row.question.offered, 1)]
        if (size := len(row.question.ask + "".join(labels))) > LONGEST_TEXT:
            words = f"this question has {size} letters with its options, and {LONGEST_TEXT} is the most"
            yield Mistake(row.question, "ask", words, "Move words into why, or make two questions.")
    for text in seen.texts:
        if text.key in _AROUND and (size := len(text.words)) > LONGEST_TEXT:
            words = f'"{text.key}" has {size} letters, and {LONGEST_TEXT} is the most'
            yield Mistake(text.at, text.key, words, "Say it in fewer words.")


@rule("D404", "id: what_would_you_want_most\n… how_much_of_everything: A lot", "id: want_most\n… lot: A lot")
def long_data(seen: Seen) -> Iterator[Mistake]:
    """The ids of a question and an option are too long together for a button of Telegram's."""
    for row in seen.rows:
        for code in _codes(seen, row):
            over = len(f"{TALK}/{_place(row)}:{code}".encode()) - LONGEST_DATA
            if over > 0:
                words = f'"{row.question.id}" and "{code}" are {over} letters too long together'
                yield Mistake(row.question, "id", words, "Give one of them a shorter id.")
                break


@rule("D405", "home: At my home, in the room I like", "home: At my home", warning=True)
def long_label(seen: Seen) -> Iterator[Mistake]:
    """The words of a button take more than one line on a small phone."""
    for text in seen.texts:
        button = isinstance(text.at, Option) or text.key in ("nobody", "yes", "no")
        if button and LONG_LABEL < len(text.words) <= LONGEST_LABEL:
            words = f"a button has {len(text.words)} letters, and {LONG_LABEL} are easier to read"
            yield Mistake(text.at, text.key, words, "Say it in fewer words.")


@rule("D406", "nine questions in one section", "two sections", warning=True)
def long_section(seen: Seen) -> Iterator[Mistake]:
    """A section has more questions than people like to answer without a break."""
    for section in seen.script.sections:
        if (count := sum(asks(question) for question in section.questions)) > MOST_IN_A_SECTION:
            words = f"this section has {count} questions, and people like a break after {MOST_IN_A_SECTION}"
            yield Mistake(section, "questions", words, "Make two sections of it.")


@rule("D407", "a script of 60 questions", "two scripts, and a set that asks both", warning=True)
def long_script(seen: Seen) -> Iterator[Mistake]:
    """The whole script takes longer than people have."""
    if (minutes := length_of(seen).minutes[1]) > LONGEST_SCRIPT:
        words = f"this script can take {minutes} minutes, and {LONGEST_SCRIPT} is enough"
        fix = "Make two scripts of it, or write detail: fuller where a question can be left out."
        yield Mistake(None, "", words, fix)


@rule("D408", "words: more than 1000 letters\npicture: easy_read.png", "words: Easy words and pictures")
def long_caption(seen: Seen) -> Iterator[Mistake]:
    """The words of an example are too long to stand under what it shows."""
    for row in seen.rows:
        for example in row.question.examples:
            if example.thing and len(example.words) > LONGEST_CAPTION:
                words = f"the words of this example have {len(example.words)} letters"
                yield Mistake(row.question, "examples", words, f"{LONGEST_CAPTION} is the most.")


@rule("D409", "title: more than 60 letters", "title: Your day", in_sets=True)
def long_title(seen: Seen) -> Iterator[Mistake]:
    """A title stands over every message below it, or on a button, and is too long for that."""
    titled: list[Script | Section] = [seen.script, *seen.script.sections]
    for each in titled:
        if (size := len(each.title)) > LONGEST_TITLE:
            words = f'the title "{short(each.title)}" has {size} letters, and {LONGEST_TITLE} is the most'
            at = each if isinstance(each, Section) else None
            yield Mistake(at, "title", words, "Say it in a few words.")


CHECKS = (
    label_is_cut, many_options, long_text, long_data, long_label, long_section, long_script, long_caption,
    long_title,
)  # fmt: skip


def asks(question: Question) -> bool:
    """Whether it waits for more than a look."""
    return question.kind not in ("info", "confirm")


def _place(row: Row) -> str:
    return place_of(row.question.id, ITEM if row.section.for_each else "")


def _codes(seen: Seen, row: Row) -> list[str]:
    """The codes of its buttons; the ticks of a private question stand for earlier places."""
    if row.question.kind == "private":
        return [_place(before) for before in seen.rows[: row.number]]
    return [option.code for option in row.question.options]
