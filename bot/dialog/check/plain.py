"""D5xx: plain language.

Source: NHS and gov.uk content guides (sentences of at most 20 words, one question at a time), Easy Read
Standard (10 words), Finlay and Lyons (people agree with a yes or no question).
"""

import re
from collections.abc import Iterator

from bot.dialog.check.languages import LANGUAGES
from bot.dialog.check.languages.language import Language
from bot.dialog.check.rule import Mistake, rule
from bot.dialog.check.seen import Seen, Text

LONG_SENTENCE, LONGEST_SENTENCE, LONGEST_EASY = 15, 20, 10  # words
MOST_SENTENCES = 3
LONG_WORD = 11  # letters
HARD, TOO_HARD = 4.0, 6.0
"""Grades of a whole script: nine years old, and eleven."""
FEWEST_WORDS = 40
"""In fewer words a grade is only noise."""

SPOKEN = ("ask", "easy", "why", "say_more", "how_known", "text")
"""Keys with whole sentences of ours."""


def language_of(seen: Seen) -> Language | None:
    """What is known of the language of the script."""
    return LANGUAGES.get(re.split("[_-]", seen.script.language)[0])


def ours(seen: Seen) -> Iterator[Text]:
    """All words of ours; an example is somebody's own."""
    return (text for text in seen.texts if text.key != "examples")


@rule("D504", "why: one sentence of 21 words or more.", "why: Two sentences. Each is short.")
def longest_sentence(seen: Seen) -> Iterator[Mistake]:
    """A sentence is far too long to take in at once."""
    yield from _long_sentences(seen, LONGEST_SENTENCE, 10_000, SPOKEN)


@rule("D510", "why: one sentence of 16 to 20 words.", "why: Two sentences. Each is short.", warning=True)
def long_sentence(seen: Seen) -> Iterator[Mistake]:
    """A sentence is long."""
    yield from _long_sentences(seen, LONG_SENTENCE, LONGEST_SENTENCE, (*SPOKEN, "tip"))


@rule("D511", "easy: one sentence of 11 words or more", "easy: Who comes with you?", warning=True)
def long_easy_sentence(seen: Seen) -> Iterator[Mistake]:
    """A sentence is too long for easy words."""
    yield from _long_sentences(seen, LONGEST_EASY, LONG_SENTENCE, ("easy",))


@rule("D512", "ask: one idea. Two. Three. And a fourth.", "ask: One idea.\nwhy: The rest.", warning=True)
def many_sentences(seen: Seen) -> Iterator[Mistake]:
    """A question has so many sentences that its point is lost."""
    for text in seen.texts:
        asks = text.key == "ask" and text.row and text.row.question.kind not in ("info", "confirm", "consent")
        if asks and (count := len(text.sentences)) > MOST_SENTENCES:
            words = f"this question has {count} sentences, and {MOST_SENTENCES} are enough"
            yield Mistake(text.at, "ask", words, "Move some into why, or into a question of kind info.")


@rule("D505", "ask: Where? When?", "ask: Where?\n(and a new question) ask: When?")
def two_questions(seen: Seen) -> Iterator[Mistake]:
    """A question asks more than one thing at a time."""
    for row in seen.rows:
        for key in ("ask", "easy", "say_more"):
            if len(re.findall(r"[?？؟]+", getattr(row.question, key))) > 1:
                words = f'"{row.question.id}" asks more than one thing'
                yield Mistake(row.question, key, words, "Ask the other in a new question.")


@rule("D513", "ask: When and where shall we meet?", "ask: Where shall we meet?", warning=True)
def joined_questions(seen: Seen) -> Iterator[Mistake]:
    """Two questions are joined with and, or with or."""
    language = language_of(seen)
    for text in seen.texts if language else ():
        if language and text.key in ("ask", "easy") and (found := language.two_asks.search(text.plain)):
            words = f'"{_cut(found[0])}" joins two questions'
            yield Mistake(text.at, text.key, words, "Ask one thing at a time.")


@rule("D514", "options:\n  yes: Yes\n  no: No", "options:\n  home: At home\n  out: Somewhere else")
def bare_yes_or_no(seen: Seen) -> Iterator[Mistake]:
    """The only answers are yes and no; many people then say yes, whatever is asked."""
    language = language_of(seen)
    for row in seen.rows if language else ():
        labels = [option.label for option in row.question.offered]
        if language and _is_bare(language, labels):
            words = f'"{row.question.id}" can only be answered with yes or no'
            fix = "Ask which of two things it is. The button Not sure is always there."
            yield Mistake(row.question, "options", words, fix)


@rule("D515", "ask: Do you like the bus?\n(Yes, often · No, never)", "ask: How do you travel?", warning=True)
def closed_question(seen: Seen) -> Iterator[Mistake]:
    """The question begins like one for yes or no, and has such options."""
    language = language_of(seen)
    for text in seen.texts if language else ():
        if (
            language is None
            or text.row is None
            or text.key != "ask"
            or not language.closed.search(text.plain)
        ):
            continue
        labels = [option.label for option in text.row.question.offered]
        both = any(map(language.yes.match, labels)) and any(map(language.no.match, labels))
        if both and not _is_bare(language, labels):
            words = f'"{text.row.question.id}" is asked so that many people say yes'
            yield Mistake(text.at, "ask", words, "Begin with how, what, which, who or when.")


@rule("D516", "a: 👍\nb: 👎", "a: Good 👍\nb: Not good 👎")
def no_words(seen: Seen) -> Iterator[Mistake]:
    """A button has no words, only a picture or a sign."""
    for row in seen.rows:
        for option in row.question.offered:
            if option.label and not re.search(r"\w", option.label):
                yield Mistake(
                    option, "", f'"{option.label}" has no words', "Write words, and the sign after."
                )


@rule(
    "D517", "ask: Hello (the rest of the script is just as hard)", "shorter words and sentences", warning=True
)
def hard(seen: Seen) -> Iterator[Mistake]:
    """The script as a whole is harder than a child of nine can read."""
    if (found := grade_of(seen)) is not None and HARD < found <= TOO_HARD:
        words = f"the reading grade of this script is {found:.1f}, and {HARD:.0f} is the aim"
        yield Mistake(None, "", words, "Use shorter sentences and shorter words.")


@rule("D518", "ask: Hello (the rest of the script is far too hard)", "shorter words and sentences")
def too_hard(seen: Seen) -> Iterator[Mistake]:
    """The script as a whole is harder than a child of eleven can read."""
    if (found := grade_of(seen)) is not None and found > TOO_HARD:
        words = f"the reading grade of this script is {found:.1f}, and {TOO_HARD:.0f} is the most"
        yield Mistake(None, "", words, "Use shorter sentences and shorter words.")


CHECKS = (
    longest_sentence, long_sentence, long_easy_sentence, many_sentences, two_questions, joined_questions,
    bare_yes_or_no, closed_question, no_words, hard, too_hard,
)  # fmt: skip


def grade_of(seen: Seen) -> float | None:
    """How many years of school the script takes; None when that cannot be told."""
    language = language_of(seen)
    sentences = [each for text in seen.texts if text.key in SPOKEN for each in text.sentences]
    words = [word for sentence in sentences for word in sentence if word[0].isalnum() or word[-1].isalnum()]
    if language is None or len(words) < FEWEST_WORDS:
        return None
    return language.grade(len(words), len(sentences), sum(map(language.syllables, words)))


def _long_sentences(seen: Seen, over: int, most: int, keys: tuple[str, ...]) -> Iterator[Mistake]:
    """Texts under these keys whose longest sentence has more words than that, and no more than the most."""
    for text in seen.texts:
        if text.key in keys and over < (longest := max(map(len, text.sentences), default=0)) <= most:
            words = f"a sentence has {longest} words, and {over} is the most"
            yield Mistake(text.at, text.key, words, "Make two sentences of it.")


def _is_bare(language: Language, labels: list[str]) -> bool:
    """Whether yes, no, and what says neither, is all there is."""
    left = [label for label in labels if not language.no_answer.match(label)]
    bare = [
        len(label.split()) <= 2 and (language.yes.match(label) or language.no.match(label)) for label in left
    ]
    return (
        len(left) == 2
        and all(bare)
        and bool(language.yes.match(left[0])) != bool(language.yes.match(left[1]))
    )


def _cut(words: str) -> str:
    return words if len(words) <= 40 else f"{words[:39]}…"
