"""What a language knows of its plain words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from re import Pattern


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language that make a text hard, and what to say instead.

    Shape: `jargon`, `negatives` and `style` have small letters, each with what to write. `meant` is a text
    that explains the word put in place of {word}. `grade` is the years of school a text takes.
    """

    jargon: Mapping[str, str]
    meant: str
    known_capitals: frozenset[str]
    fine_long_words: frozenset[str]
    negatives: Pattern[str]
    passive: Pattern[str]
    style: Mapping[str, str]
    two_asks: Pattern[str]
    closed: Pattern[str]
    yes: Pattern[str]
    no: Pattern[str]
    no_answer: Pattern[str]
    something_else: Pattern[str]
    figures: Mapping[Pattern[str], str]
    grade: Callable[[int, int, int], float]
    syllables: Callable[[str], int]
