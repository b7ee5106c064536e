"""The rows of the bot as a whole, under load, beside other bots in the same run."""

import asyncio
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests import pg
from tests.bench import load
from tests.bench.load import BUSY, Bot, Run, Talkers
from tests.bench.process import machine_used, other_python
from tests.bench.table import Absent, Row, middle, ratio
from tests.bench.town import OTHERS, Town, add_others, build, multiply, settle, tick

ECHO, FORM, IDLE, NOBODY = "PTB echo", "aiogram-dialog form", "when idle", "an empty database"
SIXTEEN = Talkers(16, beat=0.2)
LOUD = 0.25
"""The share of a core others may use before a round counts as disturbed."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured.

    Shape: `seats` are how many people talk at once, each with the ratio to reach; `others` is how many
    reminders come due at once; `is_all` is false when only what is ours is looked at.
    Units: seconds.
    """

    rounds: int = 3
    seats: tuple[tuple[int, float], ...] = ((1, 1), (8, 2), (64, 3))
    warm_up: float = 1.0
    measured: float = 4.0
    invited: int = 1500
    others: int = 10_000
    many: int = 1_000_000
    patience: float = 5.0
    due_in: float = 20.0
    is_all: bool = True


QUICK = Effort(
    1, ((1, 1), (16, 3)), 0.2, 1.5, invited=400, others=300, many=2000, patience=0, due_in=5, is_all=False
)


class Troubles(list[str]):
    """What must never happen, whatever the speed: a turn of ours without a reply, or a message twice."""

    def look(self, what: str, runs: Iterable[Run]) -> None:
        """Note what was wrong in these runs of ours."""
        for run in runs:
            if not run.turns:
                self.append(f"{what}: no turn was served")
            if run.lost or run.repeated:
                self.append(f"{what}: {run.lost} turns without a reply, {run.repeated} messages twice")


class Bench:
    """The load benchmarks, in one folder that goes away with them."""

    def __init__(self, folder: Path, effort: Effort) -> None:
        self.folder, self.effort = folder, effort
        self.troubles = Troubles()
        self._town: Town | None = None

    async def town(self) -> Town:
        """A fresh copy of a database with invitations and nothing else."""
        if self._town is None:
            self._town = await build(Town(self.folder / "town", ()), self.effort.invited)
        return self._town.copied(self.folder / "run")

    async def ours(self, talkers: Talkers) -> Run:
        """One run of the real bot."""
        return await self.run((await self.town()).bot(), talkers)

    async def run(self, bot: Bot, talkers: Talkers) -> Run:
        """One run, when others leave the machine alone."""
        await self._quiet()
        effort = self.effort
        planned = replace(talkers, warm_up=effort.warm_up, measured=effort.measured)
        return await load.measure(bot, planned, self.folder / f"{bot.name}.log")

    async def _quiet(self) -> None:
        until = time.perf_counter() + self.effort.patience
        while time.perf_counter() < until:
            before = machine_used()
            await asyncio.sleep(0.5)
            if machine_used() - before < LOUD / 2:
                return

    async def against(self, talkers: Talkers, *bots: Bot) -> list[list[Run]]:
        """Rounds of ours and of the others, each time in the other order; ours is the first given."""
        runs: list[list[Run]] = [[] for _ in range(len(bots) + 1)]
        for turn in range(self.effort.rounds):
            places = list(range(len(runs)))
            for place in places if turn % 2 == 0 else reversed(places):
                run = await (self.run(bots[place - 1], talkers) if place else self.ours(talkers))
                runs[place].append(run)
        self.troubles.look(f"{talkers.seats} people", runs[0])
        return runs


@contextmanager
def bench(effort: Effort) -> Iterator[Bench]:
    """Everything that the load benchmarks need."""
    with tempfile.TemporaryDirectory(prefix="beforehand-bench-") as folder:
        yield Bench(Path(folder), effort)


def note(*runs: list[Run], loud: float = LOUD) -> str:
    """What makes the figures of these runs less sure; `loud` is how much of a core others may use."""
    every = [run for each in runs for run in each]
    lost, twice = sum(run.lost for run in runs[0]), sum(run.repeated for run in runs[0])
    words = [f"{lost} turns without a reply, {twice} messages twice" if lost or twice else ""]
    if (busy := max(run.load for run in every)) > BUSY:
        words.append(f"at least: the load generator took {busy:.0%} of its core")
    if (others := middle(run.others for run in every)) > loud:
        words.append(f"others used {others:.0%} of a core")
    return ", ".join(filter(None, words))


def talk(made: Bench) -> Iterator[Row | Absent]:
    """Durable turns of the first talk, beside an echo that keeps nothing."""
    for seats, least in made.effort.seats:
        ours, echo = asyncio.run(made.against(Talkers(seats), load.echo()))
        yield _speed(f"durable turns of the first talk, {seats} at once", ours, echo, ECHO, least)
    yield from _costs(seats, ours, echo)
    if made.effort.is_all:
        yield _beside_form(made, seats)


def _beside_form(made: Bench, seats: int) -> Row | Absent:
    python = other_python("aiogram_dialog")
    what = f"durable turns of the first talk, {seats} at once"
    if python is None:
        return Absent(what, "aiogram-dialog is not installed; BENCH_PYTHON names a Python that has it")
    ours, form = asyncio.run(made.against(Talkers(seats), load.form(python)))
    return _speed(what, ours, form, FORM, 2)


def _speed(what: str, ours: list[Run], theirs: list[Run], baseline: str, least: float) -> Row:
    """How many turns a second."""
    x = ratio((run.a_second for run in ours), (run.a_second for run in theirs))
    figure, words = middle(run.a_second for run in ours), note(ours, theirs)
    return Row(what, figure, "turns/s", x, baseline, least=least, on_ratio=True, note=words)


def _costs(seats: int, ours: list[Run], echo: list[Run]) -> Iterator[Row]:
    """What a turn takes, of time and of the machine."""
    for what, unit, most, name in (
        ("half of the replies come within", "ms", None, "p50"),
        ("99 of 100 replies come within", "ms", 1 / 3, "p99"),
        ("processor time a turn", "ms", 1 / 3, "cpu"),
        ("memory at most", "MB", 2.0, "memory"),
    ):
        mine, theirs = [getattr(run, name) for run in ours], [getattr(run, name) for run in echo]
        x, what = ratio(mine, theirs), f"{what}, {seats} people at once"
        yield Row(what, middle(mine), unit, x, ECHO, most=most, on_ratio=True, note=note(ours, echo))


def network(made: Bench) -> Iterator[Row]:
    """A network in between: what matters is how much goes on at the same time."""
    talkers = Talkers(made.effort.seats[-1][0], beat=0.12, delay=0.04)
    bots = [load.echo(0), load.echo()] if made.effort.is_all else [load.echo(0)]
    every = asyncio.run(made.against(talkers, *bots))
    what = f"turns served, {talkers.seats} people each 120 ms, API answers after 40 ms"
    for runs, whose, least in zip(
        every, ("", "PTB echo: ", "PTB echo, 256 at once: "), (98, None, None), strict=False
    ):
        served = [100 * run.turns / run.offered for run in runs]
        x = ratio(served, [100 * run.turns / run.offered for run in every[1]])
        yield Row(f"{whose}{what}", middle(served), "%", x, ECHO, least=least, note=note(runs))


def workers(made: Bench) -> Iterator[Row | Absent]:
    """Two workers on one server, beside one: nothing lost, nothing twice, and how much faster."""
    what = "durable turns of the first talk on PostgreSQL, two workers"
    if pg.programs() is None:
        yield Absent(what, "no server program here")
        return
    with pg.serving() as server:
        for seats, _ in made.effort.seats[1:]:
            one, two = asyncio.run(_on_server(made, server, Talkers(seats)))
            made.troubles.look(f"one worker on PostgreSQL, {seats} people", one)
            made.troubles.look(f"two workers on PostgreSQL, {seats} people", two)
            x = ratio((run.a_second for run in two), (run.a_second for run in one))
            used = f"the server and others used {middle(run.others for run in two):.0%} of a core"
            words = ", ".join(filter(None, (used, note(two, loud=2))))
            figure = middle(run.a_second for run in two)
            yield Row(f"{what}, {seats} at once", figure, "turns/s", x, "one worker", note=words)


async def _on_server(made: Bench, server: pg.Server, talkers: Talkers) -> tuple[list[Run], list[Run]]:
    """Rounds of one worker and of two, each time in the other order."""
    town = await build(Town(made.folder / "server", (), server.fresh()), made.effort.invited)
    runs: dict[int, list[Run]] = {1: [], 2: []}
    for turn in range(made.effort.rounds):
        for number in (1, 2) if turn % 2 == 0 else (2, 1):
            copy = replace(town, address=server.fresh(like=town.address))
            runs[number].append(await made.run(copy.bot(number), talkers))
            server.drop(copy.address)
    return runs[1], runs[2]


def due(made: Bench) -> Iterator[Row]:
    """Reminders for many others come due while people talk."""
    idle, busy = asyncio.run(_due(made))
    made.troubles.look("reminders", [*idle, *busy])
    sent = middle(sum(chat >= OTHERS for chat in run.elsewhere) for run in busy)
    if not sent:
        made.troubles.append("reminders: none was sent")
    for name, share, most in (("p50", "half", None), ("p99", "99 of 100", 2.0)):
        was, now = [getattr(run, name) for run in idle], [getattr(run, name) for run in busy]
        what = f"{share} of the replies to 16 people, {made.effort.others:,} reminders due just then, within"
        words = ", ".join(filter(None, (f"{sent:,.0f} sent", note(busy, idle))))
        yield Row(what, middle(now), "ms", ratio(now, was), IDLE, most=most, on_ratio=True, note=words)


async def _due(made: Bench) -> tuple[list[Run], list[Run]]:
    idle, busy = [], []
    for _ in range(made.effort.rounds):
        idle.append(await made.ours(SIXTEEN))
        town, at = await made.town(), time.time() + made.effort.due_in
        await settle(town, lambda conn, app: add_others(conn, app, made.effort.others, int(at * 1000)))  # noqa: B023
        busy.append(await made.run(town.bot(), replace(SIXTEEN, not_before=at + 0.5)))
    return idle, busy


def large(made: Bench) -> Iterator[Row]:
    """Very many people and reminders, none of them due now, against nobody."""
    many = made.effort.many
    (small, small_tick), (big, big_tick) = asyncio.run(_sizes(made))
    made.troubles.look("many people", [small, big])
    what, words = f"with {many:,} people and {many:,} reminders", note([big], [small])
    for name, unit, ours, theirs in (
        ("start to first reply", "s", big.started, small.started),
        ("memory at most", "MB", big.memory, small.memory),
        ("half of the replies to 1 person within", "ms", big.p50, small.p50),
        ("processor time a turn", "ms", big.cpu, small.cpu),
    ):
        yield Row(f"{name}, {what}", ours, unit, ours / theirs, NOBODY, most=1.2, on_ratio=True, note=words)
    due = f"seeing that nothing is due, {what}"
    yield Row(due, big_tick, "ms", big_tick / small_tick, NOBODY, most=5, note=words)


async def _sizes(made: Bench) -> tuple[tuple[Run, float], tuple[Run, float]]:
    """A run, and how long a tick takes, in an empty database and in one with many people."""
    town = await made.town()
    small = await tick(town)
    small_run = await made.run(town.bot(), Talkers(1))
    town, month = await made.town(), int((time.time() + 30 * 86400) * 1000)
    await settle(town, lambda conn, app: add_others(conn, app, 1, month))
    multiply(town, made.effort.many - 1)
    return (small_run, small), (await made.run(town.bot(), Talkers(1)), await tick(town))
