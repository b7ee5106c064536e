"""A worker lets it be seen that it is at work, and when it last heard Telegram."""

import time

from sqlalchemy import Connection

from bot.health import Presence
from bot.store import state

EVERY = 10_000
"""Units: milliseconds after which it is noted again."""


class Attendance:
    """What is known of one worker; it is written down in transactions that are run anyway."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._started_at = self._noted_at = 0
        self._heard: float | None = None  # by the clock that never goes back

    def heard(self) -> None:
        """Telegram has answered, or has called."""
        self._heard = time.monotonic()

    def begin(self, conn: Connection, at: int) -> None:
        """The worker begins."""
        self._started_at, self._noted_at = at, 0
        self.note(conn, at)

    def note(self, conn: Connection, at: int) -> None:
        """It is at work; this writes only now and then."""
        if not 0 <= at - self._noted_at < EVERY:
            heard = None if self._heard is None else at - int((time.monotonic() - self._heard) * 1000)
            state.note(conn, Presence(self._name, self._started_at, at, heard))
            self._noted_at = at

    def end(self, conn: Connection) -> None:
        """It has stopped as it should."""
        state.gone(conn, self._name)
