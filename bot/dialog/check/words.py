"""D52x: single words that make a text hard."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from bot.dialog.check.languages.language import Language
from bot.dialog.check.missing import AT_WORK
from bot.dialog.check.plain import LONG_WORD, SPOKEN, language_of
from bot.dialog.check.rule import Mistake, rule
from bot.dialog.check.seen import Seen, Text

_SHORT = re.compile(r"\b[A-Z][A-Z]{1,4}s?\b")
_LONG = re.compile(rf"[^\W\d_]{{{LONG_WORD},}}")


@rule("D521", "ask: What services do you access?", "ask: What help do you get?")
def jargon(seen: Seen) -> Iterator[Mistake]:
    """A word of the sector that the people who are asked do not use, and that is not explained."""
    language = language_of(seen)
    if language is None or seen.script.audience in AT_WORK:
        return
    for text, word in _found(seen, _any_of(seen, language.jargon)):
        if not _explained(seen, language.meant, word):
            fix = f"Say {_entry(language.jargon, word)}. Or explain it: {word} means …"
            yield Mistake(text.at, text.key, f'"{word}" is a word of the sector', fix)


@rule("D522", "why: The MDT reads it.", "why: Your team reads it.", warning=True)
def short_for_something(seen: Seen) -> Iterator[Mistake]:
    """Letters stand for words, and nobody says which."""
    language = language_of(seen)
    for text, word in _found(seen, _SHORT, str) if language else ():
        if language and not _is_known(language, word) and not _explained(seen, language.meant, word):
            fix = f"Write the words, or explain it once: … ({word})."
            yield Mistake(text.at, text.key, f'"{word}" is short for something', fix)


@rule("D523", "ask: What are your responsibilities?", "ask: What do you have to do?", warning=True)
def long_word(seen: Seen) -> Iterator[Mistake]:
    """A word is long."""
    language = language_of(seen)
    for text, word in _found(seen, _LONG) if language else ():
        if language and word not in language.fine_long_words and not _entry(language.jargon, word):
            words = f'"{word}" has {len(word)} letters'
            yield Mistake(text.at, text.key, words, "Use a shorter word, or several.")


@rule("D524", "why: You don't have to answer.", "why: You can skip this.", warning=True)
def negative(seen: Seen) -> Iterator[Mistake]:
    """A short form of "not" is easy to read past."""
    language = language_of(seen)
    for text, word in _found(seen, language.negatives) if language else ():
        yield Mistake(text.at, text.key, f'"{word}" is easy to read past', "Write not in full.")


@rule("D525", "why: A letter is sent to you.", "why: We send you a letter.", warning=True)
def passive(seen: Seen) -> Iterator[Mistake]:
    """A sentence does not say who does it."""
    language = language_of(seen)
    for text, words in _found(seen, language.passive) if language else ():
        if text.key in SPOKEN:
            yield Mistake(text.at, text.key, f'"{words}" does not say who does it', "Begin with who does it.")


@rule("D526", "ask: Please tell us where.", "ask: Where would you like to meet?", warning=True)
def style(seen: Seen) -> Iterator[Mistake]:
    """A word that talks down, or only makes the sentence longer."""
    language = language_of(seen)
    for text, word in _found(seen, _any_of(seen, language.style)) if language else ():
        if language and text.key != "tip":
            fix = _entry(language.style, word)
            yield Mistake(text.at, text.key, f'"{word}" does not help', fix)


@rule("D527", "ask: Shall we meet at 14:00?", "ask: Shall we meet at 2pm?", warning=True)
def figures(seen: Seen) -> Iterator[Mistake]:
    """A time, a date or a part of a hundred is written in figures that many people misread."""
    language = language_of(seen)
    for pattern, fix in language.figures.items() if language else ():
        for text, word in _found(seen, pattern):
            yield Mistake(text.at, text.key, f'"{word}" is hard to read', fix)


CHECKS = (jargon, short_for_something, long_word, negative, passive, style, figures)


def _found(
    seen: Seen, pattern: "re.Pattern[str] | None", so: Callable[[str], str] = str.lower
) -> Iterator[tuple[Text, str]]:
    """Each of our texts with what is found in it, once; an example is somebody's own."""
    if pattern is None or not pattern.search(seen.joined):
        return
    for text in seen.texts:
        if text.key != "examples":
            yield from ((text, found) for found in dict.fromkeys(map(so, pattern.findall(text.plain))))


def _explained(seen: Seen, meant: str, word: str) -> bool:
    """Whether some text of the script says what the word means."""
    single = word.removesuffix("s") if len(word) > 4 else word
    return bool(re.search(meant.replace("{word}", re.escape(single)), seen.joined, re.IGNORECASE))


def _is_known(language: Language, word: str) -> bool:
    """Whether everybody knows what the letters stand for, or D521 tells of them."""
    return word.removesuffix("s") in language.known_capitals or word.lower() in language.jargon


def _entry(words: Mapping[str, str], word: str) -> str:
    """What is said of this word, or of one of it; "" when nothing is."""
    return words.get(word) or words.get(word.removesuffix("s"), "")


def _any_of(seen: Seen, words: Mapping[str, str]) -> "re.Pattern[str] | None":
    """Any of these words or phrases that may be in the script; None when none can be."""
    firsts = ((re.split(r"\W", word)[0], word) for word in words)
    return _compiled(tuple(word for first, word in firsts if {first, f"{first}s"} & seen.vocabulary))


@cache
def _compiled(words: tuple[str, ...]) -> "re.Pattern[str] | None":
    """Any of these, the longest first, perhaps with an s."""
    longest = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"\b(?:{longest})s?\b", re.IGNORECASE) if words else None
