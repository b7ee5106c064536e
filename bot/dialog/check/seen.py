"""What every check looks at."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.dialog.check.rule import At
from bot.dialog.kind import Kind
from bot.dialog.script import Question, Script, Section

SOMEBODY = "Ann"
"""Stands for whatever is between braces when words are counted."""

_BRACES = re.compile(r"\{[^{}]*\}")
_ENDS = re.compile(r"[.!?…।۔؟]+[”\"’)]*(?=\s|$)|\n")


@dataclass(frozen=True, slots=True)
class Row:
    """A question, its section and how many questions stand before it."""

    question: Question
    section: Section
    number: int


@dataclass(frozen=True, slots=True)
class Text:
    """Words a person reads, and where they stand; `row` is None for those of a reminder.

    Shape: `plain` has a name instead of what is between braces, `sentences` are lists of its words.
    """

    row: Row | None
    at: At
    key: str
    words: str
    plain: str
    sentences: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Seen:
    """The script as the checks see it.

    Shape: `first` has the first question of each id. `samples` are the files in dialogs/samples/, None when
    nobody knows them. `gone` are questions that a set leaves out, for it asks less detail.
    """

    script: Script
    kinds: Mapping[str, Kind]
    samples: frozenset[str] | None = None
    gone: frozenset[str] = frozenset()
    rows: tuple[Row, ...] = field(init=False)
    first: Mapping[str, Row] = field(init=False)

    def __post_init__(self) -> None:
        pairs = [(question, section) for section in self.script.sections for question in section.questions]
        rows = tuple(Row(question, section, number) for number, (question, section) in enumerate(pairs))
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "first", {row.question.id: row for row in reversed(rows)})

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """All the words of the script, in file order."""
        return tuple(_text(row, at, key, words) for row, at, key, words in _texts(self) if words)

    @cached_property
    def joined(self) -> str:
        """All words in one, to see at once that something is nowhere in them."""
        return "\n".join(text.plain for text in self.texts)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every single word, in small letters."""
        return frozenset(re.findall(r"\w+", self.joined.lower()))

    @cached_property
    def _files(self) -> dict[int, str]:
        """The script that each thing stands in, when several are one talk."""
        files: dict[int, str] = {}
        for section in self.script.sections:
            inside = (each for q in section.questions for each in (q, *q.options))
            files |= {id(each): section.part for each in (section, *inside)}
        return files

    def file_of(self, at: At) -> str:
        """The script this stands in, or the set when it is in none of them; "" when there is only one."""
        return self._files.get(id(at), self.script.id if any(self._files.values()) else "")

    def takes(self, question: Question, key: str) -> bool:
        """Whether the kind of this question takes that key."""
        kind = self.kinds.get(question.kind)
        return kind is not None and key in kind.takes | kind.needs

    def codes(self, question: Question) -> tuple[str, ...]:
        """The codes an answer can have; () when there are none, or none to be known."""
        kind = self.kinds.get(question.kind)
        return tuple(option.code for option in question.options) or (kind.fixed if kind else ())

    def counts(self, question: Question) -> bool:
        """Whether a condition can compare its answer with a number; true when nobody knows the kind."""
        kind = self.kinds.get(question.kind)
        return kind is None or kind.counted

    def speaks(self, question: Question) -> bool:
        """Whether its answer can stand in a text; true when nobody knows the kind."""
        kind = self.kinds.get(question.kind)
        return kind is None or kind.spoken


def texts(question: Question) -> Iterator[tuple[At, str, str]]:
    """All the words of a question: where they stand, under which key, and what they are."""
    for key in ("ask", "easy", "label", "why", "tip", "how_known", "nobody", "unit", "say_more", "yes", "no"):
        yield question, key, getattr(question, key)
    for example in question.examples:
        yield question, "examples", example.words
    for option in question.options:
        yield option, "label", option.label


def _texts(seen: Seen) -> Iterator[tuple[Row | None, At, str, str]]:
    for row in seen.rows:
        if row.question is row.section.questions[0]:
            yield row, row.section, "title", row.section.title
        for at, key, words in texts(row.question):
            yield row, at, key, words
    for reminder in seen.script.reminders:
        yield None, reminder, "text", reminder.text


def _text(row: Row | None, at: At, key: str, words: str) -> Text:
    plain = _BRACES.sub(SOMEBODY, words) if "{" in words else words
    sentences = (tuple(each.split()) for each in _ENDS.split(plain))
    return Text(row, at, key, words, plain, tuple(each for each in sentences if each))
