"""The workers: the real ones, a step at a time and only when they are told to."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from types import SimpleNamespace
from unittest.mock import patch

from bot.arrivals import Update
from bot.metrics import Metrics
from bot.pace import Limits
from bot.posting import AT_ONCE, Posting
from bot.store import boxes
from bot.store.database import is_outage
from bot.store.inside import now
from bot.store.letters import REPLY, Sending
from bot.watch import Watch
from bot.worker import TURNS, Worker
from tests.machine.ground import Fate, Ground
from tests.machine.telegram import Telegram
from tests.machine.village import Village

LIMITS = Limits(a_second=4, chat_a_second=1, chat_burst=2)
"""Slow enough to be felt by five chats."""


class InHand(Posting):
    """Messages that were claimed, and are not sent before somebody says so."""

    def __init__(self, worker: "Hands", telegram: Telegram, village: Village) -> None:
        super().__init__(telegram.send, village.settled, worker.call, LIMITS, METRICS)
        self.hand: list[tuple[Sending, float]] = []

    def room(self, people_talk: bool) -> tuple[int, int]:
        """In the machine no time passes by itself: one that nobody waits for, until it is sent."""
        return AT_ONCE - len(self.hand), int(all(each.urgency == REPLY for each, _ in self.hand))

    def set_out(self, claimed: Iterable[Sending], claimed_at: float) -> None:
        self.hand += [(sending, claimed_at) for sending in claimed]

    async def send_first(self) -> None:
        """Send the message that has been in the hand for longest."""
        await self._deliver(*self.hand.pop(0))


class Hands(Worker):
    """A worker whose loops do not run."""

    def __init__(self, ground: Ground, telegram: Telegram, village: Village) -> None:
        super().__init__(
            ground,
            read=village.read,
            hear=lambda conn, heard, at: village.hear(conn, heard, at, self.file),
            send=telegram.send,
            fetch=telegram.fetch,
            settled=village.settled,
            dead_letter=village.dead_letter,
            due=village.due,
            limits=LIMITS,
            metrics=METRICS,
        )
        self._posting = self.posting = InHand(self, telegram, village)
        self._watch = Watch(lambda: ground.steady)
        self._ended.clear()

    def call(self) -> None:
        """Nobody waits to be called."""

    def _later(self, name: str, seconds: float) -> None:
        """The machine says when."""

    async def begin(self) -> None:
        """It has just been started."""
        await self._store.tx(self._begin)

    async def beat(self) -> bool:
        """One transaction; false when nothing more is to be done, or the database is in trouble."""
        try:
            return await self._beat()
        except Exception as error:
            if not is_outage(error):
                raise
            return False

    async def give(self, updates: Sequence[Update]) -> bool:
        """Whether Telegram may forget these updates."""
        arriving = asyncio.ensure_future(self.arrive(updates))
        await asyncio.sleep(0)
        for _ in range(3):  # one that fails, and then one at a time
            await self.beat()
            await asyncio.sleep(0)
            if arriving.done():
                return arriving.exception() is None
        raise AssertionError("nobody said what became of the updates")

    async def work(self) -> None:
        """Beat as long as there is something to do."""
        for _ in range(4 * TURNS):
            if not await self.beat():
                return

    async def tick(self) -> None:
        """See what time has brought."""
        try:
            while await self._remind():
                pass
        except Exception as error:
            if not is_outage(error):
                raise

    async def purge(self) -> None:
        """Drop what is old."""
        await self._store.tx(lambda conn: boxes.purge(conn, now(conn)))

    async def die(self) -> None:
        """It is gone, and with it what it had in hand."""
        await self._files.stop()


class Crew:
    """All workers there are.

    Shape: with `many` there are three, who share the database and take over from each other; else there is
    one, and whoever follows it knows that it is gone.
    """

    def __init__(self, ground: Ground, telegram: Telegram, village: Village, many: bool) -> None:
        self._ground, self._telegram, self._village = ground, telegram, village
        self._loop = asyncio.Runner()
        self._clocks = ExitStack()
        steady = SimpleNamespace(monotonic=lambda: ground.steady)
        for module in ("worker", "posting", "presence"):
            self._clocks.enter_context(patch(f"bot.{module}.time", steady))
        self._clocks.enter_context(patch("bot.ticks.system_time", lambda: ground.wall))
        self._clocks.enter_context(patch("bot.ticks.server_time", lambda conn: ground.wall))
        self._loop.run(ground.tx(village.settle_in))
        self.hands = [self._new() for _ in range(3 if many else 1)]

    def end(self) -> None:
        """Nobody works any more."""
        self._clocks.close()
        self._loop.close()

    def _new(self) -> Hands:
        worker = Hands(self._ground, self._telegram, self._village)
        self._loop.run(worker.begin())
        return worker

    def __getitem__(self, number: int) -> Hands:
        return self.hands[number % len(self.hands)]

    def bring(self, number: int, updates: list[Update], fate: Fate = Fate.KEPT) -> None:
        """A worker is given updates, and Telegram forgets them when it says that they are safe."""
        if updates:
            self._ground.fate = fate
            is_safe = self._loop.run(self[number].give(updates))
            if is_safe:
                self._telegram.forgets(updates)

    def beat(self, number: int, fate: Fate = Fate.KEPT) -> None:
        """A worker beats once."""
        self._ground.fate = fate
        self._loop.run(self[number].beat())

    def work(self, number: int) -> None:
        """A worker does all there is to do now, but for sending."""
        self._loop.run(self[number].work())

    def send(self, number: int, how: Sequence[str]) -> None:
        """A worker sends messages, each in its way; what became of them is not written down yet."""
        posting = self[number].posting
        for each in how[: len(posting.hand)]:
            self._telegram.how = each
            self._loop.run(posting.send_first())

    def send_all(self, number: int) -> None:
        """A worker sends what it has in hand, and it arrives."""
        self.send(number, ["arrives"] * AT_ONCE)

    def tick(self, number: int, fate: Fate = Fate.KEPT) -> None:
        """A worker looks at the clock."""
        self._ground.fate = fate
        self._loop.run(self[number].tick())

    def purge(self, number: int) -> None:
        """A worker drops what is old."""
        self._loop.run(self[number].purge())

    def replace(self, number: int) -> None:
        """A worker is killed, and another is started."""
        number %= len(self.hands)
        self._loop.run(self[number].die())
        self.hands[number] = self._new()

    def mends_all(self) -> None:
        """Every worker is killed and started anew."""
        for number in range(len(self.hands)):
            self.replace(number)


METRICS = Metrics()
