"""python -m tests.kill --engine sqlite --kills 1000 --seed 7"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.kill.loop import Loop, Plan, Report, run
from tests.kill.oracle import worst
from tests.kill.points import POINTS

EVERY = 50
"""Kills between two lines."""


def main() -> int:
    """Run it, and say what came of it; 1 when anything was wrong."""
    read = argparse.ArgumentParser(prog="python -m tests.kill", description="Kill the bot over and over.")
    read.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    read.add_argument("--kills", type=int, default=1000)
    read.add_argument("--seed", type=int, default=None)
    read.add_argument("--workers", type=int, default=None, help="1 for SQLite, else 2")
    read.add_argument("--minutes", type=float, default=60)
    read.add_argument("--points", action="store_true", help="first, once at each crash point")
    read.add_argument("--webhook", action="store_true", help="one worker, which Telegram calls")
    read.add_argument("--keep", type=Path, default=None, help="a new folder for the log and the database")
    given = read.parse_args()
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    workers = given.workers or (1 if given.engine == "sqlite" or given.webhook else 2)
    points = POINTS if given.points else ()
    plan = Plan(given.engine, seed, given.kills, given.minutes * 60, workers, points, given.webhook)
    print(f"seed {seed}, {plan.engine}, {workers} at work", flush=True)
    with tempfile.TemporaryDirectory(prefix="kill") as name:
        folder = given.keep or Path(name)
        folder.mkdir(exist_ok=True)
        began = time.monotonic()
        report = asyncio.run(run(plan, folder, _teller(began)))
        print(summary(report, time.monotonic() - began))
        if report.is_good:
            return 0
        print(f"seed {seed}, {plan.engine}:", *worst(report.account.wrong), sep="\n  ")
        log = (folder / "bot.log").read_text("utf-8", errors="replace").splitlines()
        print("the last the bot said:", *log[-30:], sep="\n  ")
        return 1


def _teller(began: float) -> Callable[[Loop], None]:
    said = 0

    def tell(loop: Loop) -> None:
        nonlocal said
        kills = loop.trouble.kills
        if kills // EVERY > said:
            said = kills // EVERY
            ready = sum(person.finished for person in loop.people)
            passed = time.monotonic() - began
            told = f"{kills} kills, {len(loop.telegram.said)} updates, {len(loop.telegram.ledger)} calls"
            print(f"{passed:5.0f} s: {told}, {ready} of {len(loop.people)} people ready", flush=True)

    return tell


def summary(report: Report, seconds: float) -> str:
    """What came of it, a line for each figure."""
    lines = {
        "time": f"{seconds:.0f} s",
        "done to it": _listed(report.had),
        "crash points": f"{len(report.points)} of {len(POINTS)}",
        "faults": _listed(report.faults),
        "figures": _listed(report.account.counts),
        "wrong": ", ".join(f"{kind} {len(found)}" for kind, found in report.account.wrong.items()),
    }
    if report.missed:
        lines["not come by"] = ", ".join(report.missed)
    return "\n".join(f"{label}: {words}" for label, words in lines.items())


def _listed(counted: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counted.items()))


if __name__ == "__main__":
    sys.exit(main())
