"""Who wanted nothing kept: numbers only, so that an old backup can be made to forget them again.

They stand in a table, and in a file outside the database, which outlives it.
Units: `at` is milliseconds since 1970, UTC.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, bindparam, select

from bot.clock import moment
from bot.errors import BackupWrong, DatabaseBusy
from bot.store.inside import inside
from bot.store.sqlite import hold
from bot.store.statement import Statement
from bot.store.tables import erasures

PERSON, TALK = "person", "talk"

_LINE = re.compile(rf"(\S+Z) ({PERSON}|{TALK}) (\d+)")


@dataclass(frozen=True, slots=True, order=True)
class Erasure:
    """One thing that is gone for good: everything of a person, or one talk."""

    at: int
    kind: str
    number: int

    def __str__(self) -> str:
        return f"{moment(self.at):%Y-%m-%dT%H:%M:%S}.{self.at % 1000:03}Z {self.kind} {self.number}"


def note(conn: Connection, kind: str, number: int, at: int) -> None:
    """Remember that this is gone; call it in the transaction that erases it."""
    inside(conn).erased = True
    _NOTE.run(conn, what=kind, which=number, when=at)


def since(conn: Connection, at: int) -> list[Erasure]:
    """What has gone since then, that moment too; oldest first."""
    return [Erasure(r.at, r.kind, r.number) for r in _SINCE.all(conn, since=at)]


class ErasureLog:
    """The file: a line for each erasure, only ever added to.

    Shape: one process a machine holds it and writes; another waits to take its place.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / "erased.log"
        self._lock: IO[bytes] | None = None
        self._known: set[Erasure] = set()

    def take(self) -> bool:
        """Hold the file, made when there is none; false when another process does."""
        if self._lock is None:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                self._lock = hold(self.file)
            except DatabaseBusy:
                return False
            self._mend()
            self._known = set(_read(self.file)[0])
        return True

    def add(self, gone: Iterable[Erasure]) -> None:
        """Add those that are not there yet; they are on the disk when this returns."""
        new = sorted(set(gone) - self._known)
        if new:
            with self.file.open("ab") as writing:
                writing.write("".join(f"{each}\n" for each in new).encode())
                writing.flush()
                os.fsync(writing.fileno())
            self._known.update(new)

    def let_go(self) -> None:
        """Let another process write."""
        if self._lock:
            self._lock.close()
        self._lock = None

    def read(self) -> list[Erasure]:
        """All that is in it.

        Raises: BackupWrong when there is no such file, or a line of it is none; not for a torn last line.
        """
        try:
            found, wrong = _read(self.file)
        except OSError:
            raise BackupWrong(f"There is no list of who was erased: {self.file} cannot be read.") from None
        if wrong:
            raise BackupWrong(f"{self.file}, line {wrong}, cannot be read. Look for a whole copy of it.")
        return found

    def _mend(self) -> None:
        """Cut off a line that a crash has torn: a longer line would begin with half a number."""
        with open(os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            text = file.read()
            file.truncate(text.rfind(b"\n") + 1)


def _read(file: Path) -> tuple[list[Erasure], int]:
    """What is in the file, and the first line that is none, or 0; a torn last line is left out."""
    lines = file.read_text("ascii", errors="replace").split("\n")[:-1]
    matches = [_LINE.fullmatch(line) for line in lines]
    wrong = next((number for number, match in enumerate(matches, 1) if match is None), 0)
    return [Erasure(_instant(m[1]), m[2], int(m[3])) for m in matches if m], wrong


def _instant(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


_NOTE = Statement(
    lambda insert: (
        noted := insert(erasures).values(
            kind=bindparam("what"), number=bindparam("which"), at=bindparam("when")
        )
    ).on_conflict_do_update(
        index_elements=["kind", "number"],
        set_={"at": noted.excluded.at},
        where=erasures.c.at < noted.excluded.at,
    )
)
_SINCE = Statement(
    select(erasures).where(erasures.c.at >= bindparam("since")).order_by(erasures.c.at, erasures.c.number)
)
