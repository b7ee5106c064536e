"""Loops that nothing ends: called when there may be work, patient when the database is in trouble."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC
from typing import Concatenate, ParamSpec, TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Connection

from bot.clock import NIGHT
from bot.store.database import Store, is_outage
from bot.store.inside import inside
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
        self._planned: dict[str, tuple[float, asyncio.Handle]] = {}
        self._moved = asyncio.Event()
        self._moves = 0
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
            if not has_more and not self._stopping.is_set():
                await call.wait()

    async def _lasting(
        self, body: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """A transaction that must come about, however long the database is in trouble.

        Raises: the trouble, when it lasts while the program ends.
        """
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._store.tx(body, *args, **kwargs)
            except Exception as error:
                if not is_outage(error) or (self._stopping.is_set() and pause > 1):
                    raise
                log.error("database: %s; again in %s s", describe(error), pause)
            if self._stopping.is_set():
                await asyncio.sleep(pause)
            else:
                await within(pause, self._stopping)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _end(self) -> None:
        """Take no further step."""
        self._stopping.set()
        for call in self._calls.values():
            call.set()

    def _stir(self) -> None:
        """Something has happened."""
        self._moves += 1
        self._moved.set()

    async def _every(self, seconds: float, *names: str) -> None:
        """Call these loops at an even beat, whatever the clock on the wall does."""
        while not await within(seconds, self._stopping):
            for name in names:
                self._calls[name].set()

    def _later(self, name: str, seconds: float) -> None:
        """Call this loop in so many seconds; once, when several want that."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        at, planned = self._planned.get(name, (now, None))
        if planned is not None and at > now:  # one that is due is left to come
            if at <= now + seconds:
                return
            planned.cancel()
        self._planned[name] = now + seconds, loop.call_later(seconds, self._calls[name].set)


@contextmanager
def attempt(conn: Connection) -> Iterator[None]:
    """A part of a transaction: when it fails, all it did is undone, and nothing else."""
    here = inside(conn)
    keys, steady = dict(here.keys), set(here.steady)
    try:
        with conn.begin_nested():
            yield
    except Exception:
        here.keys, here.steady = keys, steady  # a key that was made in it is gone, and so is every lock
        raise


def tell(
    conn: Connection, part: Callable[Concatenate[Connection, P], None], *args: P.args, **kwargs: P.kwargs
) -> None:
    """Tell another part of the program; an error there must not undo what has already happened."""
    try:
        with attempt(conn):
            part(conn, *args, **kwargs)
    except Exception as error:
        if is_outage(error):
            raise
        log.error("telling of it failed: %s", describe(error))


def alarm_clock(calls: dict[str, asyncio.Event], zone: str = "UTC") -> AsyncIOScheduler:
    """Calls the loops that have hours; it remembers nothing, so that nothing is lost when it stops.

    Shape: it goes by the clock on the wall, so it is silent for as long as that is put back. Nights are those
    of the zone.
    """

    async def ring(*names: str) -> None:
        for name in calls.keys() & set(names):
            calls[name].set()

    clock = AsyncIOScheduler(timezone=UTC)
    options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    clock.add_job(ring, "interval", hours=1, args=("purge", "zones", "copy"), **options)
    clock.add_job(ring, "cron", hour=NIGHT, timezone=zone, args=("copy",), **options)
    clock.start()
    return clock


async def within(seconds: float, event: asyncio.Event) -> bool:
    """Wait for something at most so long; whether it came."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()
