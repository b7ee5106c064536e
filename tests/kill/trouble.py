"""What is done to the bot, and the bots that are started again after it."""

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress

from tests.kill import haste
from tests.kill.bots import Bot, Bots
from tests.kill.ground import Ground
from tests.kill.points import POINTS, STOPPING, fuse

KILL, POINT, CRASH, FREEZE, END = "kill -9", "crash point", "server crashed", "frozen", "asked to stop"
KILLS = (KILL, POINT, CRASH)
OFTEN = {KILL: 80, FREEZE: 5, END: 6, CRASH: 5}
ARMED = 0.25
"""How often a bot is started so that it dies at some point."""

IN_THE_CRADLE = 0.2
"""How often the time until something bad happens begins with its start, and not when it runs."""

EXCUSED = 15.0
"""Units: seconds after a crash of the server in which a bot may not come to run."""

LONGEST = 10.0
"""Units: seconds a bot with a fuse is given to come by its point."""


class Trouble:
    """Keeps so many workers running, and sees that they do not run for long.

    Shape: `had` counts what was done; `wrong` says what no bot should have done.
    """

    def __init__(self, bots: Bots, ground: Ground, workers: int, chance: random.Random) -> None:
        self._bots, self._ground, self._chance = bots, ground, chance
        self.had: Counter[str] = Counter()
        self.points: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.is_over = False
        self._fuse: Callable[[], str] = str
        self._crashed_at = float("-inf")
        self._running: list[Bot | None] = [None] * workers
        self._keepers: list[asyncio.Task[None]] = []

    @property
    def kills(self) -> int:
        """How often something was killed."""
        return sum(self.had[kind] for kind in KILLS)

    def begin(self) -> None:
        """Start the workers."""
        self._keepers = [asyncio.create_task(self._keep(slot)) for slot in range(len(self._running))]

    async def stop(self) -> None:
        """Ask all workers to stop."""
        self.is_over = True
        await asyncio.gather(*(bot.end() for bot in self._running if bot))
        await asyncio.gather(*self._keepers)

    async def abandon(self) -> None:
        """Stop them in any way."""
        self.is_over = True
        for bot in self._running:
            if bot:
                await bot.kill()
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)

    async def _keep(self, slot: int) -> None:
        while not self.is_over:
            bot = self._running[slot] = self._bots.start(self._fuse())
            await bot.ended.wait()
            if bot.fuse and bot.code == -signal.SIGKILL and not bot.killed:
                self.had[POINT] += 1
                self.points[bot.fuse.partition(":")[0]] += 1
            elif not bot.killed and (bot.code or not bot.asked):
                if time.monotonic() - self._crashed_at > EXCUSED:
                    self.wrong.append(f"{bot.name} ended with {bot.code}; asked to: {bot.asked}")
                await asyncio.sleep(0.2)

    def _some_fuse(self) -> str:
        is_armed = self._chance.random() < ARMED
        return fuse(self._chance.choice(POINTS), self._chance.randint(1, 6)) if is_armed else ""

    async def rough(self, kills: int, until: float) -> None:
        """Something bad, again and again, until there were so many kills or it is so late."""
        self._fuse = self._some_fuse
        kinds = [kind for kind in OFTEN if self._ground.is_shared or kind != CRASH]
        weights = [OFTEN[kind] for kind in kinds]
        while self.kills < kills and time.monotonic() < until:
            bot = self._chance.choice([each for each in self._running if each])
            if self._chance.random() > IN_THE_CRADLE:
                await bot.running.wait()
            await asyncio.sleep(self._chance.uniform(0, 1))
            if not bot.ended.is_set():
                await self._do(self._chance.choices(kinds, weights)[0], bot)
        await self._no_fuses()

    async def _do(self, kind: str, bot: Bot) -> None:
        if kind == KILL:
            await bot.kill()
        elif kind == CRASH:
            self._crashed_at = time.monotonic()
            await self._ground.crash()
            self._crashed_at = time.monotonic()
        elif kind == FREEZE:
            await bot.freeze(self._chance.choice((0.3, haste.LEASE / 1000 + 1)))
        else:
            with suppress(TimeoutError):
                await bot.end()
        self.had[kind] += 1

    async def _no_fuses(self) -> None:
        self._fuse = str
        for bot in list(self._running):
            if bot and bot.fuse:
                await bot.kill()

    async def at_points(self, points: Sequence[str], poison: Callable[[], None]) -> list[str]:
        """Have every worker die at each of these points, one after the other; gives those nobody came by.

        Shape: `poison` gives them an update that nobody can work out.
        """
        missed = [point for point in points if not await self._at(point, poison)]
        await self._no_fuses()
        return missed

    async def _at(self, point: str, poison: Callable[[], None]) -> bool:
        before, end = self.points[point], time.monotonic() + LONGEST
        armed = fuse(point, self._chance.randint(1, 2))
        self._fuse = lambda: armed
        for bot in list(self._running):
            if bot:
                self.had[KILL] += 1
                await bot.kill()
        if point.startswith("_one_by_one"):
            poison()
        while time.monotonic() < end and self.points[point] == before:
            await asyncio.sleep(0.05)
            if point.startswith(STOPPING):
                await self._end_soon()
        return self.points[point] > before

    async def _end_soon(self) -> None:
        bot = self._chance.choice([each for each in self._running if each])
        if bot.running.is_set() and not bot.ended.is_set():
            await asyncio.sleep(self._chance.uniform(0.2, 0.5))
            with suppress(TimeoutError):
                await bot.end()
