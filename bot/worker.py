"""The worker: one transaction after the other, and in each as much as there is to do.

What has arrived is kept, what can be answered is answered, what came back is written down, and what is ready
to go is claimed. While one transaction runs, work for the next gathers, so that a busy bot needs few of them.
Where other workers may help, one answers only a few, and leaves them the others.
"""

import asyncio
import logging
import os
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from bot.arrivals import Arrivals, Update
from bot.dialog.talk import Heard
from bot.errors import FileNeeded, NotForUs
from bot.files import Files
from bot.loops import alarm_clock, attempt, tell, within
from bot.metrics import Metrics
from bot.pace import UNASKED, Limits
from bot.posting import Posting, Settled
from bot.presence import Attendance
from bot.store import boxes, incoming, outgoing
from bot.store.database import Store, is_outage
from bot.store.inside import inside, now
from bot.store.letters import Outcome, Sending, Waiting, describe
from bot.ticks import Ticks

log = logging.getLogger(__name__)

TURNS, TURNS_SHARED = 48, 8
"""How many chats are answered in one transaction at most; fewer where others may answer the rest."""

SIDE_BY_SIDE = 3
"""How many transactions a worker on PostgreSQL has under way at the same time."""

PATIENCE = 8.0
"""Units: seconds a worker that is stopped waits for messages on their way."""

GATHER = 0.02
"""Units: seconds what became of a message may wait for the next update, to be written down with it."""

FORGOTTEN = 60_000
"""Units: milliseconds until an update is tried again whose file nobody is fetching any more."""


@dataclass(slots=True)
class _Done:
    """What one transaction has done."""

    new: list[int] = field(default_factory=list)
    taken: list[Waiting] = field(default_factory=list)
    claimed: list[Sending] = field(default_factory=list)
    has_replies: bool = False  # whether any wait for those on their way
    fetch: tuple[Waiting, str] | None = None
    soon: float | None = None  # seconds until there may be more to do; None when nobody knows of more


class Worker(Ticks):
    """The loops of the program; what they work with is given to it.

    Shape: `read` understands an update; `hear` acts on it inside a transaction, and may raise FileNeeded;
    `send` sends one message; `fetch` gets a file, or what else takes a while; `settled` is told, in the
    transaction that writes it down, what became of a message; `dead_letter` is told of an update nobody
    could work out; `due` moves due reminders to the outbox and says how many.
    """

    def __init__(  # noqa: PLR0913 - the parts are joined here and nowhere else, each by its name
        self,
        store: Store,
        *,
        read: Callable[[dict[str, Any]], Heard],
        hear: Callable[[Connection, Heard, int], None],
        send: Callable[[Sending], Awaitable[Outcome]],
        fetch: Callable[[str], Awaitable[Any]],
        settled: Callable[[Connection, Sending, Outcome, int], None],
        dead_letter: Callable[[Connection, Waiting, str, int], None],
        due: Callable[[Connection, int], int],
        limits: Limits | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        super().__init__(store, due, "purge")
        self.limits, self._metrics = limits or Limits(), metrics or Metrics()
        self._read, self._hear, self._dead_letter = read, hear, dead_letter
        self._posting = Posting(send, settled, self._landed, self.limits, self._metrics)
        self.name = f"{os.getpid()}-{secrets.token_hex(4)}"  # a worker started anew is another owner
        self._arrivals = Arrivals()
        self._files = Files(fetch, self._came)
        self._turns = TURNS if store.alone else TURNS_SHARED
        self._has_replies = False
        self._careful = 0  # so many transactions of one update each, for one of them is trouble
        self._under_way = 0
        self._attendance = Attendance(self.name)
        self._ended = asyncio.Event()
        self._ended.set()

    def file(self, file_id: str) -> Any:
        """A file somebody sent, or something else that `fetch` gets, for `hear`.

        Raises: FileNeeded when it is still to come; `hear` lets that pass and is called again.
        """
        return self._files.get(file_id)

    async def arrive(self, updates: Sequence[Update]) -> list[int]:
        """Keep updates, and give the numbers of those never seen before; they are safe when this returns.

        Raises: whatever kept them from being kept; Telegram must not forget them then.
        """
        self._attendance.heard()
        if not updates:
            return []
        if self._ended.is_set() or self._stopping.is_set():
            raise RuntimeError("the worker has stopped")
        kept = self._arrivals.add(updates)
        self._calls["work"].set()
        return await kept

    async def run(self) -> None:
        """Work until told to stop, then let arrive what is on its way; a stopped worker stays stopped.

        Raises: SettingWrong when Telegram refuses the token.
        """
        self._ended.clear()
        alarm = alarm_clock(self._calls)
        try:
            await self._lasting(self._begin)
            beats = 1 if self._store.alone else SIDE_BY_SIDE
            loops = [("work", self._beat)] * beats
            loops += [("due", self._remind), ("purge", self._purge), ("zones", self._keep_walls)]
            async with asyncio.TaskGroup() as group:  # ends when all have ended, unlike gather
                for name, step in loops:
                    group.create_task(self._loop(name, step))
                group.create_task(self._every(1, "work", "due"))
        finally:
            self._end()
            alarm.shutdown(wait=False)
            await self._drain()
            self._ended.set()
            self._stir()
        if self._posting.broken:
            raise self._posting.broken

    async def stop(self) -> None:
        """Take nothing new, and come back when nothing is on its way."""
        self._end()
        await self._ended.wait()

    async def idle(self) -> None:
        """Come back when nothing is waiting or being sent now; what waits for a later time does not count."""
        while not self._stopping.is_set():
            self._moved.clear()
            seen = self._moves
            if self._posting.is_back:
                self._calls["work"].set()
            if not self._is_busy() and not await self._lasting(self._has_work):
                if not self._is_busy() and seen == self._moves:  # nothing happened while it was asked
                    return
            elif not await within(0.02, self._moved):
                self._calls["work"].set()

    def _is_busy(self) -> bool:
        return bool(self._under_way or self._arrivals or self._files.busy or self._posting.busy)

    # ---- one transaction

    async def _beat(self) -> bool:
        """One transaction; true when the next should follow at once."""
        arrivals, careful, began = self._arrivals.take(), self._careful > 0, time.monotonic()
        back = [] if careful else self._posting.come_back()
        updates = [update for arrival in arrivals for update in arrival.updates]
        self._under_way += 1
        try:
            done = await self._store.tx(self._one_by_one if careful else self._together, updates, back)
        except BaseException as error:
            self._posting.return_to_sender(back)
            if isinstance(error, Exception) and (careful or is_outage(error)):
                for arrival in arrivals:
                    arrival.refuse(error)
                raise
            self._arrivals.put_back(arrivals)
            if not isinstance(error, Exception):
                raise
            log.info("a turn failed, now one at a time: %s", describe(error))
            self._careful = self._turns
            return True
        finally:
            self._under_way -= 1
            self._stir()
        self._posting.set_out(done.claimed, began)  # first, for somebody waits for these
        for arrival in arrivals:
            arrival.accept(done.new)
        self._heard_at = began if done.taken else self._heard_at
        self._has_replies = done.has_replies
        self._metrics.worked(time.monotonic() - began, len(done.new), len(done.taken))
        return self._go_on(done, careful)

    def _go_on(self, done: _Done, careful: bool) -> bool:
        """Do what follows from a transaction; true when the next should follow at once."""
        chats = {waiting.chat_id for waiting in done.taken}
        if done.fetch:
            chats.discard(done.fetch[0].chat_id)  # one update may need several files
            self._files.ask(*done.fetch)
        self._files.forget(chats)
        if careful:
            self._careful = self._careful - 1 if done.taken else 0
        if done.soon:
            self._later("work", done.soon)
        return careful or done.soon == 0

    def _together(self, conn: Connection, updates: Sequence[Update], back: Sequence[Settled]) -> _Done:
        """Much at once; any trouble undoes it all, and it is done one by one."""
        at = now(conn)
        self._posting.settle(conn, back, at)
        done = _Done(incoming.put_in(conn, updates, at))
        done.taken = incoming.take(conn, at, self._turns)
        for each in done.taken:
            self._turn(conn, each, at)
        incoming.done_in(conn, done.taken, at)
        room = self._claim(conn, done, at)
        done.has_replies = outgoing.has_replies(conn, at)
        if boxes.has_waiting(conn, at):
            done.soon = 0 if done.taken else 0.05  # another worker has its chat
        elif len(done.claimed) < room and outgoing.has_ready(conn, at + 1000):
            done.soon = UNASKED  # the pace does not allow more just now, or it is due in a moment
        return done

    def _claim(self, conn: Connection, done: _Done, at: int) -> int:
        people_talk = bool(done.taken) or self._people_talk()
        room, unasked = (0, 0) if self._stopping.is_set() else self._posting.room(people_talk)
        done.claimed = outgoing.claim(conn, self.name, at, room, self.limits, unasked=unasked)
        return room

    def _one_by_one(self, conn: Connection, updates: Sequence[Update], _: Sequence[Settled]) -> _Done:
        """One update, whose trouble is nobody else's."""
        at = now(conn)
        inside(conn).patient = True
        done = _Done(incoming.put_in(conn, updates, at), incoming.take(conn, at, 1))
        for each in done.taken:
            try:
                with attempt(conn):
                    self._turn(conn, each, at)
            except Exception as error:
                if is_outage(error):
                    raise
                if isinstance(error, FileNeeded) and error.file_id not in self._files:
                    incoming.put_off(conn, each.update_id, at + FORGOTTEN)
                    done.fetch = each, error.file_id
                else:
                    done.soon = self._failed(conn, each, error)
            else:
                incoming.done_in(conn, done.taken, at)
        self._claim(conn, done, at)
        return done

    def _turn(self, conn: Connection, waiting: Waiting, at: int) -> None:
        """Understand one update and act on it."""
        with suppress(NotForUs):
            self._hear(conn, self._read(waiting.payload), at)

    def _failed(self, conn: Connection, waiting: Waiting, error: Exception) -> float | None:
        """Note a failed try; gives the seconds until the next."""
        words, at = describe(error), now(conn)
        self._metrics.failed()
        log.warning("update %s failed, try %s: %s", waiting.update_id, waiting.attempts + 1, words)
        if not incoming.failed_in(conn, waiting, error, at):
            return float(incoming.BACK_OFF * 2**waiting.attempts / 1000)
        log.error("update %s is a dead letter now", waiting.update_id)
        tell(conn, self._dead_letter, waiting, words, at)
        return None

    async def _came(self, waiting: Waiting) -> None:
        """Its file is here; try it again."""
        await self._lasting(lambda conn: incoming.put_off(conn, waiting.update_id, now(conn)))
        self._calls["work"].set()
        self._stir()

    def _landed(self) -> None:
        """A message has come back; the next transaction writes that down, and what waits for it goes."""
        if self._posting.broken:
            self._end()
        self._later("work", 0 if self._has_replies or self._stopping.is_set() else GATHER)
        self._stir()

    # ---- what time brings

    def _begin(self, conn: Connection) -> None:
        self._attendance.begin(conn, now(conn))
        outgoing.reclaim(conn, now(conn), everything=self._store.alone)
        boxes.hurry(conn, now(conn))

    def _tick(self, conn: Connection) -> int:
        self._attendance.note(conn, now(conn))
        return super()._tick(conn)

    async def _purge(self) -> bool:
        await self._store.tx(lambda conn: boxes.purge(conn, now(conn)))
        await self._store.scrub()
        return False

    async def _drain(self) -> None:
        await self._files.stop()
        await self._posting.all_landed(PATIENCE)
        self._arrivals.refuse_all(RuntimeError("the worker has stopped"))
        back = self._posting.come_back()
        if back:
            try:
                await self._lasting(lambda conn: self._posting.settle(conn, back, now(conn)))
            except Exception as error:
                log.error("%s messages will be in doubt: %s", len(back), describe(error))
        with suppress(Exception):  # its row goes after a day then
            await self._store.tx(self._attendance.end)
