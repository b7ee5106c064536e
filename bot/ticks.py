"""What time brings: reminders that are due, zones that have other rules, and a clock that is put right."""

import asyncio
import time
from collections.abc import Callable

from sqlalchemy import Connection

from bot.clock import MINUTE, system_time, zones_edition
from bot.loops import Loops, within
from bot.pace import UNASKED
from bot.store import boxes, outgoing, walls
from bot.store.database import Store, server_time
from bot.store.due import SLICE
from bot.store.inside import now
from bot.watch import Watch

TALKING = 0.5
"""Units: seconds after the last words in which reminders make room for more."""


class Ticks(Loops):
    """The loops that time drives.

    Shape: `due` moves due reminders to the outbox and says how many.
    """

    def __init__(self, store: Store, due: Callable[[Connection, int], int], *names: str) -> None:
        super().__init__(store, "work", "due", "zones", *names)
        self._due, self._watch = due, Watch()
        self._heard_at = 0.0  # when somebody last said something

    def _people_talk(self) -> bool:
        return time.monotonic() - self._heard_at < TALKING

    async def _remind(self) -> bool:
        found = await self._store.tx(self._tick)
        self._watch.put_right()
        if found:
            self._calls["work"].set()
        if found >= SLICE and self._people_talk():
            await within(UNASKED * SLICE, self._stopping)  # sooner, they could not be sent anyway
        return found >= SLICE

    def _tick(self, conn: Connection) -> int:
        """Every second; no reminder is due and no lease has ended for a time that is in doubt."""
        self._watch.look(system_time() if self._store.alone else server_time(conn))
        if self._watch.went_back:
            boxes.hurry(conn, now(conn), MINUTE)
        if not self._store.alone and not self._watch.is_odd:
            outgoing.reclaim(conn, now(conn))
        return self._look_for_due(conn)

    def _look_for_due(self, conn: Connection) -> int:
        return 0 if self._watch.is_odd else self._due(conn, now(conn))

    def _has_work(self, conn: Connection) -> bool:
        """Whether anything is due, could be worked on or sent now, or is being sent."""
        return self._look_for_due(conn) >= SLICE or boxes.has_work(conn, now(conn))

    async def _keep_walls(self) -> bool:
        edition = await asyncio.to_thread(zones_edition)
        return await self._store.tx(lambda conn: walls.keep(conn, now(conn), edition))
