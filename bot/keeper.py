"""What outlives the database: a copy each night, and the list of who was erased."""

import asyncio
import logging
from contextlib import suppress

from bot.clock import MINUTE
from bot.errors import BackupWrong
from bot.loops import Loops, alarm_clock
from bot.store import erasures
from bot.store.copies import Copies
from bot.store.database import Store
from bot.store.erasures import ErasureLog
from bot.store.letters import describe

log = logging.getLogger(__name__)

LOOK = 1.0
"""Units: seconds until an erasure is in the list outside the database."""

LATE = 10 * MINUTE
"""Transactions end in another order than they begin: so far back each look goes."""


class Keeper(Loops):
    """Two loops beside the worker, on threads of their own: nobody waits for them, whatever they meet.

    Shape: copies are made of a SQLite file only; a PostgreSQL server has its own ways. `zone` is where the
    nights are. Use it as a context: it keeps while that lasts.
    """

    def __init__(self, store: Store, gone: ErasureLog, copies: Copies, zone: str) -> None:
        super().__init__(store, "erased", "copy")
        self._gone, self._copies, self._zone = gone, copies, zone
        self._newest = 0
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Keeper":
        self._stopping.clear()
        self._alarm = alarm_clock(self._calls, self._zone)
        work = (self._loop("erased", self.look), self._every(LOOK, "erased"), self._nights())
        self._tasks = [asyncio.create_task(each) for each in work]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._end()
        self._alarm.shutdown(wait=False)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(Exception):  # what is missing then is added at the next start
            await self.look()
        self._gone.let_go()

    async def look(self) -> bool:
        """Add to the list whoever was erased since the last look; at first, whoever is not in it."""
        if await asyncio.to_thread(self._gone.take):
            found = await self._store.tx(erasures.since, max(0, self._newest - LATE))
            await asyncio.to_thread(self._gone.add, found)
            self._newest = max([self._newest, *(each.at for each in found)])
        return False

    async def copy(self) -> bool:
        """Make the copy of the night when it is due; when that fails, it is tried again in an hour."""
        try:
            made = await asyncio.to_thread(self._copies.tonight, self._store.clock.now(), self._zone)
        except BackupWrong as error:
            log.error("no copy of the database tonight: %s", error)
        except Exception as error:
            log.error("no copy of the database tonight: %s", describe(error))
        else:
            log.info("the copy of the night: %s", made or "there is one")
        return False

    async def _nights(self) -> None:
        if self._copies.of_a_file:
            await self._calls["copy"].wait()  # not at the start, or every try of the bot would leave a copy
            await self._loop("copy", self.copy)
