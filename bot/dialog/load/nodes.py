"""YAML as nodes that keep the words exactly as written, and its errors in plain words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.errors import Problem

LARGEST = 256 * 1024
DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Words:
    """Words exactly as written: `no`, `12:30` and `007` stay words.

    Shape: `letters` is the column of the first letter, 0 when the words run over several lines.
    """

    text: str
    line: int
    column: int
    letters: int = 0

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of the letter at `at`, as near as can be told."""
        return self.line, self.letters + at if self.letters else self.column


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: "tuple[Node, ...]"
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys with values, in the order written; `braces` when between { and }."""

    pairs: "tuple[tuple[Node, Node], ...]"
    line: int
    column: int
    braces: bool = False


Node = Words | Items | Keys


@dataclass(slots=True)
class Source:
    """The text being read, and what was found wrong in it so far."""

    text: str
    lines: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, place: tuple[int, int], words: str, fix: str = "") -> None:
        """Note one thing that is wrong there."""
        self.problems.append(Problem(*place, code, f"{words}.", fix))


class _Stop(Exception):
    """Nothing after this can be read; the problem is noted."""


def read(text: str) -> tuple[Node | None, list[Problem]]:
    """The text as nodes, with what is wrong in it as YAML; None when it cannot be read at all.

    Shape: aliases, tags and anchors are noted and then read as if they were words.
    """
    source = Source(text.removeprefix("\ufeff"))
    source.lines = re.split(r"\r\n|\r|\n", source.text)
    try:
        _refuse(source)
        return _document(source, _events(source.text)), source.problems
    except MarkedYAMLError as error:
        _explain(source, error)
    except YAMLError as error:
        source.add("D101", (0, 0), f"this is not a text that can be read: {str(error).splitlines()[0]}")
    except _Stop:
        pass
    return None, source.problems


def _refuse(source: Source) -> None:
    """D101, D102, D103: not a text, nothing in it, or far too large."""
    if len(source.text.encode("utf-8", "replace")) > LARGEST:
        words = f"the file is larger than {LARGEST // 1024} KB"
        source.add("D103", (0, 0), words, "Split it into two scripts.")
    elif found := re.search(r"[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffc\U00010000-\U0010ffff]", source.text):
        line = source.text.count("\n", 0, found.start())
        column = found.start() - source.text.rfind("\n", 0, found.start())
        words = "there is a character here that is not text"
        source.add("D101", (line + 1, column), words, "Save the file as plain text in UTF-8.")
    elif not re.search(r"^\s*[^\s#]", source.text, re.MULTILINE):
        source.add("D102", (0, 0), "the file is empty", "Begin with: script, title, sections.")
    if source.problems:
        raise _Stop


def _events(text: str) -> Iterator[Any]:
    """What stands in the text, one thing after another.

    Shape: libyaml reads thirty times as fast; ruamel reads what libyaml refuses, and says where it is wrong.
    """
    try:
        return iter(list(_down_to_the_deepest(yaml.parse(text, Loader=yaml.CSafeLoader))))
    except (yaml.YAMLError, AttributeError):  # a YAML without libyaml has no such loader
        return iter(YAML(typ="safe", pure=True).parse(text))


def _down_to_the_deepest(events: Iterator[Any]) -> Iterator[Any]:
    """The events as far as they will be read: libyaml takes minutes for 200,000 brackets in one another."""
    depth = 0
    for event in events:
        yield event
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth == DEEPEST:
            return


def _document(source: Source, stream: Iterator[Any]) -> Node | None:
    root: Node | None = None
    for event in stream:
        if _is(event, "DocumentStart"):
            if root:
                source.add("D111", _place(event), "a second document begins here", "Take the line --- out.")
                return root
            root = _node(source, stream, next(stream), 1)
    return root


def _node(source: Source, stream: Iterator[Any], event: Any, depth: int) -> Node:
    """The node that begins with this event; what follows in it is taken from the stream."""
    _plain(source, event)
    line, column = _place(event)
    if _is(event, "Scalar"):
        return _words(source, event)
    if _is(event, "Alias"):
        return Words(f"*{event.anchor}", line, column)
    if depth == DEEPEST:
        words = f"brackets or steps go deeper than {DEEPEST}"
        source.add("D112", (line, column), words, "If these are words, put them in quotes.")
        raise _Stop
    inside = _inside(source, stream, depth + 1)
    if _is(event, "SequenceStart"):
        return Items(tuple(inside), line, column)
    return Keys(tuple(zip(inside, inside, strict=True)), line, column, bool(event.flow_style))


def _inside(source: Source, stream: Iterator[Any], depth: int) -> Iterator[Node]:
    for event in stream:
        if _is(event, "SequenceEnd", "MappingEnd"):
            return
        yield _node(source, stream, event, depth)


def _words(source: Source, event: Any) -> Words:
    line, column = _place(event)
    start, end = event.start_mark, event.end_mark
    if not event.style and re.match(r"\s+#\w", source.lines[end.line][end.column :]):
        fix = 'Put the words in quotes: "Flat #3". If it is a note, leave a space after #.'
        source.add("D110", (end.line + 1, end.column + 2), "words after # are left out", fix)
    quoted = event.style in ("'", '"')
    one = start.line == end.line and (quoted or not event.style)
    return Words(event.value, line, column, column + quoted if one else 0)


def _plain(source: Source, event: Any) -> None:
    """D109: anchors, aliases and tags are for programmers; here they are words without quotes."""
    sign = "!" if getattr(event, "tag", None) else "&" if event.anchor else ""
    if sign := "*" if _is(event, "Alias") else sign:
        source.add("D109", _place(event), f"words that begin with {sign} need quotes", f'Write "{sign}…".')


def _is(event: Any, *kinds: str) -> bool:
    """Whether the event is of one of these kinds, whichever library found it."""
    return type(event).__name__.removesuffix("Event") in kinds


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


_QUOTE = 'Put the whole text in quotes: "…".'
_STEPS = "Put keys that belong together exactly under one another, with spaces."
_ERRORS = (
    (r"character '\\t'", "D104", "there is a tab here", "Use spaces at the start of a line."),
    (r"quoted scalar", "D106", "a quote is opened here and never closed", "Write the same quote at the end."),
    (r"cannot start any token|mapping keys are not|scanning an (alias|anchor)|scanning a tag|block scalar",
     "D105", "words cannot begin with this sign", _QUOTE),
    (r"flow (sequence|mapping)", "D107", "a bracket is opened here and never closed",
     "Write ] or } at its end."),
    (r"could not find expected ':'", "D108", "this line has no key", "Write key: words, or indent it."),
    (r"sequence entries are not allowed", "D108", "a list begins on a new line", "Put - on the next line."),
    (r"but found '?<(block|<)", "D108", "this line does not stand under the others", _STEPS),
)  # fmt: skip
ODD = "[\u00a0\u2000-\u200f\u202f\u2060\u3000\ufeff]"
NO_SPACE = ("there is a space here that is no usual one", "Delete it, and type a space.")
_LINES = (
    (r"^\s*()```", "D108", "this line is no part of a script", "Take it out."),
    (rf"^[ -]*(?:\w+: *)?({ODD})", "D104", *NO_SPACE),
    (r"^\s*()(?:-+\w|--+\s|[–—•·]\s*\w)", "D108", "a list needs a short dash and one space", "Write - id: …"),
)  # fmt: skip
"""What was pasted, or written by a program that means well; YAML stumbles in this line or the next."""


def _explain(source: Source, error: MarkedYAMLError) -> None:
    """What the YAML error means to somebody who writes questions."""
    said = f"{error.context or ''} {error.problem or ''}"
    here = error.problem_mark or error.context_mark
    if _pasted(source, {here.line - 1, here.line, (error.context_mark or here).line}):
        return None
    if "mapping values are not allowed" in said:
        return _colon(source, here)
    for pattern, code, words, fix in _ERRORS:
        if re.search(pattern, said):
            if "':'" in pattern and _lacks_space(source, error.context_mark.line):
                return None
            mark = error.context_mark if code in ("D106", "D107") or "':'" in pattern else here
            return source.add(code, (mark.line + 1, mark.column + 1), words, fix)
    if "but found" in said:
        words = "this line goes on after its words have ended"
        return source.add("D105", (here.line + 1, here.column + 1), words, _QUOTE)
    return source.add("D108", (here.line + 1, here.column + 1), f"YAML cannot be read here: {said.strip()}")


def _colon(source: Source, mark: Any) -> None:
    """A colon where none can stand: in a text, after a lost space, or on a line too far in."""
    place, before = (mark.line + 1, mark.column + 1), source.lines[mark.line][: mark.column]
    if ":" in before:
        return source.add("D105", place, 'a text with ": " in it needs quotes', _QUOTE)
    if _lacks_space(source, max(0, mark.line - 1)):
        return None
    return source.add("D108", place, "this line is too far to the right", _STEPS)


def _lacks_space(source: Source, line: int) -> bool:
    """Whether this line, counted from 0, has no space after its colon; then that is noted."""
    if found := re.search(r"^\s*(- )?\w+:\S", source.lines[line]):
        source.add("D108", (line + 1, 1), "a colon needs a space after it", "Write key: words.")
    return bool(found)


def _pasted(source: Source, lines: set[int]) -> bool:
    """Whether one of these lines, counted from 0, has a sign that only looks right; then that is noted."""
    for line in sorted(lines & set(range(len(source.lines)))):
        for pattern, code, words, fix in _LINES:
            if found := re.search(pattern, source.lines[line]):
                source.add(code, (line + 1, found.start(1) + 1), words, fix)
                return True
    return False
