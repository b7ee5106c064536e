"""Every error of the program; the docstring says what happened and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass


class BeforehandError(Exception):
    """Something a person can put right; the words say what."""


class SettingWrong(BeforehandError):
    """A setting is missing or cannot be used; the words name it."""


class NotFound(BeforehandError):
    """There is no such thing, or it is not yours: the two look the same."""


class NotUnderstood(BeforehandError):
    """The reply does not answer the question; the words are for the person."""


class NotForUs(BeforehandError):
    """It happened in a group or a channel; the bot talks to one person at a time, and says nothing there."""


class FileNeeded(BeforehandError):
    """The work needs something that takes a while; get it and try again.

    Shape: `file_id` is Telegram's name for a file, or our own for what must be worked out first.
    """

    def __init__(self, file_id: str) -> None:
        super().__init__("a file must be fetched, or something worked out, first")
        self.file_id = file_id


class DatabaseBusy(BeforehandError):
    """Another program is using this database file; stop it or name another file."""


class KeyMissing(BeforehandError):
    """What was kept cannot be opened: its key is not here, or somebody has changed it."""


class MasterKeyMissing(KeyMissing):
    """A master key is not in the key file of this program: it must wait, and change nothing, until it is."""


class BackupWrong(BeforehandError):
    """The database cannot be copied, or a copy cannot be used; the words say why and what to do."""


class ChatBusy(BeforehandError):
    """Another worker is working on this chat at the moment; try again alone."""


class ConditionWrong(BeforehandError):
    """The words after `when:` cannot be read; the words say what to write instead.

    Shape: `at` is where in those words, the first letter being 0.
    """

    def __init__(self, words: str, at: int) -> None:
        super().__init__(words)
        self.words = words
        self.at = at


class DatabaseUnusable(BeforehandError):
    """The database file cannot be opened, or is none; the words name it."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a script, in words its author can act on.

    Shape: `line` and `column` count from 1; 0 when there is no place to point at. A `warning` could be better
    and can be used as it is. `file` is the script or set it stands in, "" when only one is looked at.
    """

    line: int
    column: int
    code: str
    words: str
    fix: str = ""
    warning: bool = False
    file: str = ""

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}: " if self.line else ""
        return f"{place}{self.code}{' (warning)' if self.warning else ''} {self._told}"

    @property
    def in_chat(self) -> str:
        """The same for somebody with a phone: where, what and what to do, without codes."""
        line = f"line {self.line}" if self.line else ""
        told = f"{', '.join(filter(None, [self.file, line]))}: {self._told}".removeprefix(": ")
        return told if self.file else told[:1].upper() + told[1:]

    @property
    def _told(self) -> str:
        return f"{self.words} {self.fix}".strip()


NO_TEXT = Problem(0, 0, "D101", "This is not plain text.", "Save it as plain text in UTF-8.")
"""An editor may write umlauts in a way of its own."""


class ScriptProblems(BeforehandError):
    """A script cannot be used as it is; `problems` lists what to mend, in file order."""

    def __init__(self, name: str, problems: Iterable[Problem]) -> None:
        self.name = name
        self.problems = tuple(sorted(problems))
        told = ((p.file or name, p) for p in self.problems)
        super().__init__("\n".join(f"{file}, {p}" if p.line else f"{file}: {p}" for file, p in told))
