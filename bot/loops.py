"""Loops that nothing ends: called when there may be work, patient when the database is in trouble."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC
from typing import Concatenate, ParamSpec, TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Connection

from bot.store.database import Store, is_outage
from bot.store.letters import describe

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0
"""Units: seconds between tries when the database is in trouble."""


class Loops:
    """What a worker's loops have in common.

    Shape: each loop is called by its name when there may be something to do.
    """

    def __init__(self, store: Store, *names: str) -> None:
        self._store = store
        self._calls = {name: asyncio.Event() for name in names}
        self._moved = asyncio.Event()
        self._stopping = asyncio.Event()

    async def _loop(self, name: str, step: Callable[[], Awaitable[bool]]) -> None:
        """Take steps as long as there is something to do, then wait to be called; no error ends it."""
        call, pause = self._calls[name], FIRST_PAUSE
        while not self._stopping.is_set():
            call.clear()
            try:
                has_more = await step()
                pause = FIRST_PAUSE
            except Exception as error:
                log.error("%s: %s; again in %s s", name, describe(error), pause)
                await within(pause, self._stopping)
                pause, has_more = min(pause * 2, LONGEST_PAUSE), True
            if has_more:
                self._moved.set()
            elif not self._stopping.is_set():
                await call.wait()

    async def _lasting(
        self, body: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """A transaction that must come about, however long the database is in trouble."""
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._store.tx(body, *args, **kwargs)
            except Exception as error:
                if not is_outage(error) or (self._stopping.is_set() and pause > 1):
                    raise
                log.error("database: %s; again in %s s", describe(error), pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _later(self, name: str, seconds: float) -> None:
        asyncio.get_running_loop().call_later(seconds, self._calls[name].set)


def tell(
    conn: Connection, part: Callable[Concatenate[Connection, P], None], *args: P.args, **kwargs: P.kwargs
) -> None:
    """Tell another part of the program; an error there must not undo what has already happened."""
    try:
        with conn.begin_nested():
            part(conn, *args, **kwargs)
    except Exception as error:
        if is_outage(error):
            raise
        log.error("telling of it failed: %s", describe(error))


def alarm_clock(calls: dict[str, asyncio.Event]) -> AsyncIOScheduler:
    """Calls the loops; it remembers nothing, so that nothing is lost when it stops."""

    async def ring(*names: str) -> None:
        for name in names:
            calls[name].set()

    clock = AsyncIOScheduler(timezone=UTC)
    options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    clock.add_job(ring, "interval", seconds=1, args=("in", "out", "due"), **options)
    clock.add_job(ring, "interval", hours=1, args=("purge",), **options)
    clock.start()
    return clock


async def within(seconds: float, event: asyncio.Event) -> bool:
    """Wait for something at most so long; whether it came."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()
