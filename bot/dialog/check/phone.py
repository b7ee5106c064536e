"""D4xx: what does not fit a phone, or a button of Telegram's."""

from collections.abc import Iterator

from bot.dialog.answers import place_of
from bot.dialog.check.seen import Row, Seen, problem, texts
from bot.errors import Problem

LONGEST_LABEL = 40  # letters; phones cut the label of a key there
MOST_OPTIONS = 12
LONGEST_TEXT = 600  # letters: about one screen of a phone
LONGEST_DATA = 64  # bytes. Source: Bot API, InlineKeyboardButton.callback_data
TALK, ITEM = "t" * 12, "n" * 6
"""The longest names of a talk and of an item of a list."""


def long_label(seen: Seen) -> Iterator[Problem]:
    """D401: phones cut the words of a button."""
    for row in seen.rows:
        for at, key, text in texts(row.question):
            if key in ("label", "nobody", "yes", "no") and len(text) > LONGEST_LABEL:
                words = f"a button has {len(text)} letters, and phones cut it after {LONGEST_LABEL}"
                yield problem(at, key, "D401", words, "Say it shorter, and the rest in ask or why.")


def many_options(seen: Seen) -> Iterator[Problem]:
    """D402: too many to choose from on a small screen."""
    for row in seen.rows:
        if (count := len(row.question.options)) > MOST_OPTIONS:
            words = f"there are {count} options, and {MOST_OPTIONS} is the most"
            yield problem(row.question, "options", "D402", words, "Make two questions of it.")


def long_text(seen: Seen) -> Iterator[Problem]:
    """D403: the question and its options do not fit one screen."""
    for row in seen.rows:
        labels = [f"\n{number}. {o.label}" for number, o in enumerate(row.question.options, 1)]
        if (size := len(row.question.ask + "".join(labels))) > LONGEST_TEXT:
            words = f"this question has {size} letters with its options, and {LONGEST_TEXT} is the most"
            yield problem(row.question, "ask", "D403", words, "Move words into why, or make two questions.")


def long_data(seen: Seen) -> Iterator[Problem]:
    """D404: the ids together are too long for a button of Telegram's."""
    for row in seen.rows:
        for code in _codes(seen, row):
            over = len(f"{TALK}/{_place(row)}:{code}".encode()) - LONGEST_DATA
            if over > 0:
                words = f'"{row.question.id}" and "{code}" are {over} letters too long together'
                yield problem(row.question, "id", "D404", words, "Give one of them a shorter id.")
                break


CHECKS = (long_label, many_options, long_text, long_data)


def _place(row: Row) -> str:
    return place_of(row.question.id, ITEM if row.section.for_each else "")


def _codes(seen: Seen, row: Row) -> list[str]:
    """The codes of its buttons; the ticks of a private question stand for earlier places."""
    if row.question.kind == "private":
        return [_place(before) for before in seen.rows[: row.number]]
    return [option.code for option in row.question.options]
