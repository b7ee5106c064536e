"""Takes what waits in the inbox, sends what lies in the outbox, and looks for reminders that are due."""

import asyncio
import logging
import os
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Connection

from bot.clock import Clock
from bot.dialog.talk import Heard
from bot.errors import FileNeeded, NotForUs, SettingWrong
from bot.loops import Loops, alarm_clock, tell, within
from bot.pace import Pace
from bot.store import boxes, incoming, outgoing
from bot.store.database import Store, is_outage
from bot.store.letters import (
    Dead,
    Delivered,
    InDoubt,
    NotSent,
    Outcome,
    Sending,
    Waiting,
    describe,
)

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)

AT_ONCE = 8
"""How many messages may be on their way at the same time, and so how many a crash can leave in doubt."""

REPEATS, REMINDER_REPEATS = 3, 1
"""How often a message that may have arrived is sent again: a question seen twice does no harm."""

STALE = outgoing.LEASE / 1000 / 2
"""Units: seconds after which a claimed message is no longer sent: another worker may have it soon."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """What became of one update: `fetch` names the file it needs first."""

    waiting: Waiting
    fetch: str = ""
    again_in: int = 0


class Worker(Loops):
    """The loops of the program; what they work with is given to it.

    Shape: `read` understands an update; `hear` acts on it inside a transaction, and may raise FileNeeded;
    `send` sends one message; `fetch` gets a file; `settled` is told, in the transaction that writes it
    down, what became of a message; `dead_letter` is told of an update nobody could work out; `due` moves
    due reminders to the outbox and says how many.
    """

    def __init__(  # noqa: PLR0913 - the parts are joined here and nowhere else, each by its name
        self,
        store: Store,
        clock: Clock,
        *,
        read: Callable[[dict[str, Any]], Heard],
        hear: Callable[[Connection, Heard, int], None],
        send: Callable[[Sending], Awaitable[Outcome]],
        fetch: Callable[[str], Awaitable[bytes]],
        settled: Callable[[Connection, Sending, Outcome, int], None],
        dead_letter: Callable[[Connection, Waiting, str, int], None],
        due: Callable[[Connection, int], int],
        pace: Pace | None = None,
    ) -> None:
        super().__init__(store, "in", "out", "due", "purge")
        self._clock, self._pace = clock, pace or Pace()
        self._read, self._hear, self._send, self._fetch = read, hear, send, fetch
        self._settled, self._dead_letter, self._due = settled, dead_letter, due
        self._name = f"{os.getpid()}-{secrets.token_hex(4)}"  # a worker started anew is another owner
        self._files: dict[str, tuple[int, bytes]] = {}  # by file, with the chat it came from
        self._fetching: dict[int, asyncio.Task[None]] = {}  # by chat
        self._flying: set[asyncio.Task[None]] = set()
        self._ended = asyncio.Event()
        self._ended.set()
        self._broken: SettingWrong | None = None

    def file(self, file_id: str) -> bytes:
        """A file somebody sent, for `hear`.

        Raises: FileNeeded when it is still at Telegram; `hear` lets that pass and is called again.
        """
        if file_id not in self._files:
            raise FileNeeded(file_id)
        return self._files[file_id][1]

    def wake(self) -> None:
        """An update may be waiting."""
        self._calls["in"].set()

    async def run(self) -> None:
        """Work until told to stop, then let arrive what is on its way; a stopped worker stays stopped.

        Raises: SettingWrong when Telegram refuses the token.
        """
        self._ended.clear()
        alarm = alarm_clock(self._calls)
        try:
            await self._lasting(outgoing.reclaim, self._clock.now(), self._store.alone)
            await asyncio.gather(
                self._loop("in", self._listen),
                self._loop("out", self._post),
                self._loop("due", self._remind),
                self._loop("purge", self._purge),
            )
        finally:
            self._stopping.set()
            alarm.shutdown(wait=False)
            await self._drain()
            self._ended.set()
            self._moved.set()
        if self._broken:
            raise self._broken

    async def stop(self) -> None:
        """Take nothing new, and come back when nothing is on its way."""
        self._stopping.set()
        for call in self._calls.values():
            call.set()
        await self._ended.wait()

    async def idle(self) -> None:
        """Come back when nothing is waiting or being sent now; what waits for a later time does not count."""
        await self._lasting(self._due, self._clock.now())
        while not self._stopping.is_set():
            self._moved.clear()
            work = bool(self._flying or self._fetching) or await self._lasting(
                boxes.has_work, self._clock.now()
            )
            if not work:
                return
            if not await within(0.02, self._moved):
                self._calls["in"].set()
                self._calls["out"].set()

    # ---- in ----

    async def _listen(self) -> bool:
        """Work out one update; false when there is none."""
        taken = await self._store.tx(self._take)
        if taken is None:
            return False
        chat = taken.waiting.chat_id
        if taken.fetch:
            self._fetching[chat] = asyncio.create_task(self._get(taken.waiting, taken.fetch))
        elif taken.again_in:
            self._later("in", taken.again_in / 1000)
        else:
            self._files = {name: file for name, file in self._files.items() if file[0] != chat}
        self._calls["out"].set()
        return True

    def _take(self, conn: Connection) -> _Taken | None:
        """One update in one transaction: understand it, act on it, and be done with it."""
        now = self._clock.now()
        waiting = incoming.waiting(conn, now, self._fetching)
        if waiting is None:
            return None
        try:
            with conn.begin_nested():
                self._hear(conn, self._read(waiting.payload), now)
        except NotForUs:
            pass
        except Exception as error:
            if isinstance(error, FileNeeded) and error.file_id not in self._files:
                return _Taken(waiting, fetch=error.file_id)
            if is_outage(error):
                raise
            return self._failed(conn, waiting, error)
        incoming.done_in(conn, waiting.update_id, now)
        return _Taken(waiting)

    def _failed(self, conn: Connection, waiting: Waiting, error: Exception) -> _Taken:
        words, now = describe(error), self._clock.now()
        log.warning("update %s failed, try %s: %s", waiting.update_id, waiting.attempts + 1, words)
        if not incoming.failed_in(conn, waiting.update_id, error, now):
            return _Taken(waiting, again_in=incoming.BACK_OFF * 2**waiting.attempts)
        log.error("update %s is a dead letter now", waiting.update_id)
        tell(conn, self._dead_letter, waiting, words, now)
        return _Taken(waiting)

    async def _get(self, waiting: Waiting, file_id: str) -> None:
        """Fetch a file, while the other chats go on."""
        try:
            self._files[file_id] = waiting.chat_id, await self._fetch(file_id)
        except Exception as error:
            taken = await self._lasting(self._failed, waiting, error)
            self._later("in", taken.again_in / 1000)
        finally:
            del self._fetching[waiting.chat_id]
            self.wake()
            self._moved.set()

    # ---- out ----

    async def _post(self) -> bool:
        """Set messages on their way; false when there are none, or no room."""
        room, held = min(AT_ONCE - len(self._flying), self._pace.room()), self._pace.held()
        if held or self._pace.room() < 1:
            self._later("out", 0.2)  # nobody else says when the pace allows more
        if room < 1:
            return False
        claimed_at = time.monotonic()
        claimed = await self._store.tx(outgoing.claim, self._name, self._clock.now(), room, held)
        for sending in claimed:
            self._pace.spend(sending.chat_id)
            task = asyncio.create_task(self._deliver(sending, claimed_at))
            self._flying.add(task)
            task.add_done_callback(self._landed)
        return bool(claimed)

    async def _deliver(self, sending: Sending, claimed_at: float) -> None:
        outcome = await self._outcome(sending, claimed_at)
        if isinstance(outcome, NotSent):
            self._pace.wait(sending.chat_id, outcome.wait_ms / 1000)
        if not isinstance(outcome, Delivered):
            log.warning("message %s: %s, %s", sending.id, type(outcome).__name__, outcome.error)
        await self._lasting(self._settle, sending, outcome)
        if isinstance(outcome, NotSent | InDoubt):
            self._later("out", outcome.wait_ms / 1000)

    async def _outcome(self, sending: Sending, claimed_at: float) -> Outcome:
        most = REPEATS if sending.reminder is None else REMINDER_REPEATS
        if sending.doubts > most:
            return Dead("in doubt too often", blocked=False)
        if time.monotonic() - claimed_at > STALE:
            return NotSent(0, "claimed too long ago")
        try:
            async with asyncio.timeout(STALE):
                outcome = await self._send(sending)
        except SettingWrong as error:
            self._broken = error
            self._stopping.set()
            return NotSent(1000, "the token was refused")
        except TimeoutError:
            outcome = InDoubt(1000, "no answer")
        except Exception as error:
            return Dead(describe(error), blocked=False)
        if isinstance(outcome, InDoubt) and sending.doubts >= most:
            return Dead(f"in doubt too often: {outcome.error}", blocked=False)
        return outcome

    def _settle(self, conn: Connection, sending: Sending, outcome: Outcome) -> None:
        now = self._clock.now()
        if outgoing.settle(conn, sending, outcome, now):
            tell(conn, self._settled, sending, outcome, now)
        else:
            log.warning("message %s was taken over by another worker", sending.id)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("a message could not be settled: %s", describe(error))
        self._calls["out"].set()
        self._moved.set()
        if self._broken:
            for call in self._calls.values():
                call.set()

    # ---- what time brings ----

    async def _remind(self) -> bool:
        now = self._clock.now()
        if not self._store.alone:
            await self._store.tx(outgoing.reclaim, now)
        if await self._store.tx(self._due, now):
            self._calls["out"].set()
        return False

    async def _purge(self) -> bool:
        await self._store.tx(boxes.purge, self._clock.now())
        await self._store.scrub()
        return False

    async def _drain(self) -> None:
        for task in self._fetching.values():
            task.cancel()
        await asyncio.gather(*self._fetching.values(), *self._flying, return_exceptions=True)
