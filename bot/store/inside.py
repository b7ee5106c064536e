"""What a transaction has at hand beside its connection: the time, the keys, and which database it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

from bot.keys import KeyRing

MOST_OPENED = 10_000
"""How much of what it has opened a worker holds in its memory."""


@dataclass(slots=True)
class Inside:
    """One transaction.

    Shape: `driver` is the connection as the driver knows it. `opened` outlives it: what was unsealed
    lately, by what never stands for anything else. `kept` are the talks it has added answers to. `fresh` is
    what it has sealed for the boxes itself, by owner, row and seal: what is put in and taken out at once need
    not be opened. `keys` are the data keys it has opened so far, by chat; those of `steady` chats cannot
    change until it ends. `alone` is true when no other process can be working on the same rows. `patient` is
    true when it may wait for a chat another transaction works on; one that holds several chats must not, or
    two could wait for each other.
    `erased` is true when something is gone for good now, and must not stay in a log either.
    """

    ring: KeyRing
    alone: bool
    clock: Callable[[], int]
    driver: Any
    opened: dict[Any, Any] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)
    fresh: dict[tuple[int, object, bytes], Any] = field(default_factory=dict)
    keys: dict[int, AESGCM] = field(default_factory=dict)
    steady: set[int] = field(default_factory=set)
    patient: bool = False
    erased: bool = False
    _now: int | None = None

    @property
    def now(self) -> int:
        """What time it is, the same for the whole transaction.

        Units: milliseconds since 1970, UTC.
        """
        if self._now is None:
            self._now = self.clock()
        return self._now

    def remember(self, opened: Mapping[Any, Any]) -> None:
        """Hold what was unsealed for the transactions to come."""
        if len(self.opened) >= MOST_OPENED:
            self.opened.clear()
        self.opened.update(opened)


def enter(conn: Connection, inside: Inside) -> None:
    """Begin with these at hand; what the last transaction of this connection had is gone."""
    conn.info["inside"] = inside


def inside(conn: Connection) -> Inside:
    """What this transaction has at hand."""
    found: Inside = conn.info["inside"]
    return found


def now(conn: Connection) -> int:
    """What time it is in this transaction: the database's own clock when several machines share it.

    Units: milliseconds since 1970, UTC.
    """
    return inside(conn).now
