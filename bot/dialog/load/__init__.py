"""The text of a file in dialogs/ as a Script or a Set, with every mistake found at once."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from bot.dialog.box import Box, Known
from bot.dialog.load.nodes import Node, Words, read
from bot.dialog.load.questions import Questions
from bot.dialog.load.reading import Found, short
from bot.dialog.load.reminding import reminders
from bot.dialog.script import AUDIENCES, DETAILS, Part, Script, Set
from bot.errors import ScriptProblems
from bot.reminders import Reminding

Read = TypeVar("Read", Script, Set, Box)

SCRIPT = ("script", "title", "for", "language", "given", "sections", "reminders")
SET = ("set", "title", "language", "detail", "parts", "reminders")
BOX = ("answers", "title", "promise", "list")
KNOWN = ("id", "asked", "answer")
PART = ("script", "stage", "by_choice", "still_right")


def load(text: str, name: str = "script") -> Script:
    """What the file of a script says.

    Raises: ScriptProblems, with all that is wrong in the file as a file (D1xx).
    """
    found: Script = _whole(text, name, _Files.script)
    return found


def load_set(text: str, name: str = "set") -> Set:
    """What the file of a set says.

    Raises: ScriptProblems, as `load` does.
    """
    found: Set = _whole(text, name, _Files.set)
    return found


def load_box(text: str, name: str = "answers") -> Box:
    """What the file of the question box says.

    Raises: ScriptProblems, as `load` does.
    """
    found: Box = _whole(text, name, _Files.box)
    return found


def is_box(text: str) -> bool:
    """Whether this text, right or wrong, means to be the question box."""
    return bool(re.search(r"^answers\s*:", text, re.MULTILINE))


def is_set(text: str) -> bool:
    """Whether this text, right or wrong, means to be a set."""
    return bool(re.search(r"^set\s*:", text, re.MULTILINE))


@lru_cache(maxsize=256)
def _whole(text: str, name: str, reader: "Callable[[_Files, Node], Read]") -> Read:
    """What the reader makes of a text, unless something is wrong in it; the same text is read once."""
    root, problems = read(text)
    reading = _Files(problems)
    found = reader(reading, root) if root else None
    if found is None or reading.problems:
        raise ScriptProblems(name, reading.problems)
    return found


class _Files(Questions):
    """Reads a whole file."""

    def script(self, node: Node) -> Script:
        found = self.keys(node, "a script", SCRIPT, ("script", "title", "sections"))
        return Script(
            id=self.id(found, "script", 40),
            title=self.words(found, "title"),
            sections=tuple(map(self.section, self.items(found, "sections"))),
            language=self.language(found),
            audience=self.one_of(found, "for", AUDIENCES),
            given=self.given(found),
            reminders=self.reminders(found),
        )

    def set(self, node: Node) -> Set:
        found = self.keys(node, "a set", SET, ("set", "title", "parts"))
        return Set(
            id=self.id(found, "set", 40),
            title=self.words(found, "title"),
            parts=tuple(map(self.part, self.items(found, "parts"))),
            language=self.language(found),
            detail=self.one_of(found, "detail", (DETAILS[1], DETAILS[0], DETAILS[2])),
            reminders=self.reminders(found),
        )

    def box(self, node: Node) -> Box:
        found = self.keys(node, "the question box", BOX, BOX)
        known = tuple(map(self.known, self.items(found, "list")))
        return Box(self.words(found, "title"), self.words(found, "promise"), known)

    def known(self, node: Node) -> Known:
        found = self.keys(node, "an answer", KNOWN, KNOWN)
        return Known(
            self.id(found, "id", 24),
            tuple(self.text(item, "a way to ask") for item in self.items(found, "asked")),
            self.words(found, "answer"),
            node.line,
            node.column,
        )

    def part(self, node: Node) -> Part:
        if isinstance(node, Words):
            return Part(self.good_id(node, node.text, 40), line=node.line, column=node.column)
        found = self.keys(node, "a part", PART, ("script",))
        stage = self.words(found, "stage") or "1"
        if stage not in ("1", "2"):
            self.add("D124", found["stage"][1], f'"stage" is 1 or 2, not "{short(stage)}"')
        return Part(
            self.id(found, "script", 40),
            2 if stage == "2" else 1,
            self.truth(found, "by_choice"),
            self.truth(found, "still_right"),
            node.line,
            node.column,
        )

    def reminders(self, found: Found) -> tuple[Reminding, ...]:
        return reminders(self, found["reminders"][1]) if "reminders" in found else ()

    def given(self, found: Found) -> dict[str, str]:
        """What is known before it begins, each with an example."""
        if "given" not in found:
            return {}
        pairs = self.keys(found["given"][1], "given")
        for name, (key, _) in pairs.items():
            self.good_id(key, name, 24)
        return {name: self.text(value, f'"{name}"') for name, (_, value) in pairs.items()}
