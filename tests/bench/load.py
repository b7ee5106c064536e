"""One measurement: a bot in its process, a light Bot API, and people who talk to it in a closed loop."""

import asyncio
import gc
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.bench.plans import Echo, Form
from tests.bench.process import ITS_CORE, OUR_CORE, Process, machine_used
from tests.bench.seat import Count, Plan, Seat
from tests.bench.telegram import Telegram

BOTS = Path(__file__).parent / "bots"
STARTED_WITHIN = 90.0
FIRST_TURNS, LONGEST_WARM_UP = 3, 30.0
BUSY = 0.7
"""From this share of a core on, the load generator may be what is slow."""


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that can be measured.

    Shape: `plan` makes the people who talk to it. Of two `workers` the second is on our core.
    """

    name: str
    python: str
    plan: Callable[[], Plan]
    environment: dict[str, str]
    workers: int = 1

    def command(self) -> list[str]:
        """What starts it."""
        return [self.python, "-m", f"tests.bench.bots.{self.name}"]


@dataclass(frozen=True, slots=True)
class Talkers:
    """How many people talk, and how.

    Shape: `beat` is how often each of them acts when the bot keeps up, 0 for at once. `delay` is how late the
    Bot API answers. `not_before` is when the measurement may begin.
    Units: seconds; `not_before` since 1970.
    """

    seats: int
    beat: float = 0.0
    delay: float = 0.0
    warm_up: float = 1.0
    measured: float = 4.0
    not_before: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """What came out.

    Shape: `lost` are turns nobody answered, those still open seconds after the end too. `offered` is how many
    turns people would have liked to take, 0 when there is no end to that. `elsewhere` are the chats of people
    who heard something and do not talk. `load` is the share of a core the load generator took, `others` what
    all else here did.
    Units: `p50`, `p99` and `cpu` (a turn) in milliseconds, `memory` in megabytes, `started` (until the first
    reply) in seconds.
    """

    turns: int
    a_second: float
    p50: float
    p99: float
    cpu: float
    memory: float
    started: float
    lost: int
    repeated: int
    offered: float
    elsewhere: frozenset[int]
    load: float
    others: float


def echo(at_once: int = 256) -> Bot:
    """The baseline: python-telegram-bot says back what it hears."""
    return Bot("ptb_echo", sys.executable, Echo, {"BENCH_AT_ONCE": str(at_once)})


def form(python: str) -> Bot:
    """A form with aiogram-dialog, kept in memory."""
    return Bot("aiogram_form", python, Form, {})


async def measure(bot: Bot, talkers: Talkers, log: Path) -> Run:
    """Start the bot, let people talk to it, and count."""
    os.sched_setaffinity(0, {OUR_CORE})
    gc.collect()
    gc.freeze()
    counted = Count()
    async with Telegram(talkers.delay) as telegram:
        async with _at_work(bot, telegram, log) as workers:
            await running(workers, telegram)
            seats = sit_down(telegram, bot.plan(), counted, talkers)
            await _warm_up(seats, max(talkers.warm_up, talkers.not_before - time.time()))
            before = _now(workers)
            counted.is_on = True
            await asyncio.sleep(talkers.measured)
            counted.is_on = False
            took, cpu, ours, all_of_it = (now - then for now, then in zip(_now(workers), before, strict=True))
            _check(workers)
            lost = await _leave(seats) + counted.missing
            memory = sum(worker.memory() for worker in workers)
        latencies, turns = sorted(counted.latencies), counted.turns
        return Run(
            turns=turns,
            a_second=turns / took,
            p50=at(latencies, 0.5) * 1000,
            p99=at(latencies, 0.99) * 1000,
            cpu=cpu / max(turns, 1) * 1000,
            memory=memory,
            started=counted.first - workers[0].begun,
            lost=lost,
            repeated=counted.repeated,
            offered=talkers.seats / talkers.beat * took if talkers.beat else 0.0,
            elsewhere=frozenset(telegram.elsewhere),
            load=ours / took,
            others=max(0.0, all_of_it - cpu - ours) / took,
        )


@asynccontextmanager
async def _at_work(bot: Bot, telegram: Telegram, log: Path) -> AsyncIterator[list[Process]]:
    """Its workers."""
    environment, cores = bot.environment | addresses(telegram), (ITS_CORE, OUR_CORE)[: bot.workers]
    async with AsyncExitStack() as stack:
        workers = [Process(bot.command(), environment, log, core) for core in cores]
        yield [await stack.enter_async_context(worker) for worker in workers]


def _now(workers: Iterable[Process]) -> tuple[float, float, float, float]:
    """Units: seconds: the time, and what the bot, we, and the whole machine have used."""
    used = sum(worker.used() for worker in workers)
    return time.perf_counter(), used, time.process_time(), machine_used()


def _check(workers: Iterable[Process]) -> None:
    """Raises: RuntimeError when one of them has ended by itself."""
    for worker in workers:
        worker.check()


async def _warm_up(seats: list[Seat], seconds: float) -> None:
    """So long, and until everybody is past their first turns: all of them open their chats at once."""
    until = time.perf_counter() + LONGEST_WARM_UP
    await asyncio.sleep(seconds)
    while min(s.turns for s in seats) < FIRST_TURNS and time.perf_counter() < until:  # noqa: ASYNC110
        await asyncio.sleep(0.02)


def addresses(telegram: Telegram) -> dict[str, str]:
    """Where a bot finds its Telegram: ours by one name, the others by another."""
    return {"BENCH_ROOT": telegram.root, "BEFOREHAND_API": f"{telegram.root}/bot"}


async def running(workers: Iterable[Process], telegram: Telegram) -> None:
    """Come back when the bot asks for updates.

    Raises: RuntimeError when it has ended; TimeoutError when it takes too long.
    """
    until = time.perf_counter() + STARTED_WITHIN
    while not telegram.asked.is_set():
        _check(workers)
        if time.perf_counter() > until:
            raise TimeoutError("the bot does not ask for updates")
        await asyncio.sleep(0.01)


def sit_down(telegram: Telegram, plan: Plan, counted: Count, talkers: Talkers) -> list[Seat]:
    """Everybody opens their chat, one a few milliseconds after the other."""

    def moved(old: int, new: int) -> None:
        telegram.seats[new] = telegram.seats.pop(old)

    seats = []
    for number in range(talkers.seats):
        seat = Seat(number + 1, plan, telegram.push, counted, talkers.beat)
        telegram.seats[seat.chat] = seat
        seat.begin(moved, 0.002 * number)
        seats.append(seat)
    return seats


async def _leave(seats: list[Seat]) -> int:
    """Nobody begins a new turn; how many turns are still open some seconds later."""
    for seat in seats:
        seat.end()
    until = time.perf_counter() + 5
    while (waiting := sum(s.is_waiting for s in seats)) and time.perf_counter() < until:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    return waiting


def at(sorted_ones: list[float], share: float) -> float:
    """The figure that this share of all lie below; 0 of none."""
    return sorted_ones[min(len(sorted_ones) - 1, int(share * len(sorted_ones)))] if sorted_ones else 0.0


def numbered(first: int, tokens: list[str]) -> Iterator[tuple[int, str]]:
    """A chat for each invitation."""
    return zip(count(first), tokens, strict=False)
