"""What every check looks at, and how it points at a place in the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.dialog.kind import Kind
from bot.dialog.kinds.face import FACES
from bot.dialog.script import Option, Question, Script, Section
from bot.errors import Problem

FIXED = {"face": tuple(FACES), "consent": ("yes", "no"), "confirm": ("share", "hold")}
"""Kinds whose codes are not written in the script."""
COUNTED = ("list", "many")
"""Kinds whose answers can be counted."""
SPOKEN = ("choice", "many", "face", "text")
"""Kinds whose answer can stand in a text as {question.label}."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question, its section and how many questions stand before it."""

    question: Question
    section: Section
    number: int


@dataclass(frozen=True, slots=True)
class Seen:
    """The script as the checks see it.

    Shape: `first` has the first question of each id.
    """

    script: Script
    kinds: Mapping[str, Kind]
    rows: tuple[Row, ...] = field(init=False)
    first: Mapping[str, Row] = field(init=False)

    def __post_init__(self) -> None:
        pairs = [(question, section) for section in self.script.sections for question in section.questions]
        rows = tuple(Row(question, section, number) for number, (question, section) in enumerate(pairs))
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "first", {row.question.id: row for row in reversed(rows)})

    def takes(self, question: Question, key: str) -> bool:
        """Whether the kind of this question takes that key."""
        kind = self.kinds.get(question.kind)
        return kind is not None and key in kind.takes | kind.needs

    def codes(self, question: Question) -> tuple[str, ...]:
        """The codes an answer can have; () when there are none, or none to be known."""
        return tuple(option.code for option in question.options) or FIXED.get(question.kind, ())


def problem(at: Question | Section | Option, key: str, code: str, words: str, fix: str = "") -> Problem:
    """A problem at that key of a question or section, or where it begins."""
    found = () if isinstance(at, Option) else at.found
    line, column = next(((line, column) for name, line, column in found if name == key), (at.line, at.column))
    return Problem(line, column, code, f"{words}.", fix)


def texts(question: Question) -> Iterator[tuple[Question | Option, str, str]]:
    """All the words of a question: where they stand, under which key, and what they are."""
    for key in ("ask", "label", "why", "nobody", "say_more", "yes", "no"):
        yield question, key, getattr(question, key)
    for example in question.examples:
        yield question, "examples", example.words
    for option in question.options:
        yield option, "label", option.label
