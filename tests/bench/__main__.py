"""Prints the table: what, how fast it is now, how that compares, and what it should be."""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from tests.bench import loads, parts, replays
from tests.bench.loads import QUICK, Bench, Effort, bench
from tests.bench.process import can_measure
from tests.bench.table import HEAD, Absent, Row, line

Rows = Iterator[Row | Absent] | Iterator[Row]

LOADS: dict[str, Callable[[Bench], Rows]] = {
    "talk": loads.talk,
    "network": loads.network,
    "due": loads.due,
    "workers": loads.workers,
    "large": loads.large,
}
PARTS: dict[str, Callable[[], Rows]] = {
    "engine": parts.steps,
    "next": parts.next_question,
    "scripts": parts.reading,
    "turn": parts.turn,
    "start": parts.starting,
    "forecast": replays.replays,
}


def main() -> int:
    """Measure what was asked for; 1 when our bot left somebody without a reply."""
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    given = _given()
    names = given.only or [*PARTS, *LOADS]
    if not (given.large or given.only):
        names.remove("large")
    rows: list[Row | Absent] = []
    print(HEAD)
    with bench(QUICK if given.quick else Effort()) as made:
        for name in names:
            for row in _rows(name, made):
                print(line(row), flush=True)
                rows.append(row)
    for trouble in made.troubles:
        print(f"wrong: {trouble}")
    missed = sum(isinstance(row, Row) and row.is_missed for row in rows)
    print(f"{len(rows)} rows, {missed} missed their target.")
    return 1 if made.troubles else 0


def _rows(name: str, made: Bench) -> Rows:
    if name == "start" and made.effort is QUICK:
        return parts.starting(rounds=1)
    if name in PARTS:
        return PARTS[name]()
    if not can_measure():
        return iter([Absent(name, "it needs Linux and two cores")])
    return LOADS[name](made)


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    wanted = {"action": "append", "choices": [*PARTS, *LOADS], "metavar": "NAME"}
    parser.add_argument("--only", **wanted, help=f"one part: {', '.join([*PARTS, *LOADS])}")  # type: ignore[arg-type]
    parser.add_argument("--quick", action="store_true", help="one short round each: does everything run?")
    parser.add_argument("--large", action="store_true", help="a million people, too; that takes minutes")
    return parser.parse_args()


def _as_ctrl_c(number: int, frame: FrameType | None) -> None:
    """Whoever stops us wants the bots stopped, too."""
    signal.raise_signal(signal.SIGINT)


if __name__ == "__main__":
    assert Path("bot").is_dir(), "run this in the folder of a clone"
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
