"""Whatever the bot dies of, and wherever it is then: nothing is lost, and nothing comes twice unmarked.

KILL_SEED=N plays a run again, as nearly as the machine allows.
"""

import logging
import os
import random
from pathlib import Path

import pytest

from tests import pg
from tests.kill.loop import Plan, Report, run
from tests.kill.oracle import worst
from tests.kill.points import BY_HOOK, POINTS, STARTING

pytestmark = pytest.mark.long
log = logging.getLogger(__name__)

needs_postgres = pytest.mark.skipif(pg.programs() is None, reason=pg.MISSING)
ENGINES = ["sqlite", pytest.param("postgresql", marks=needs_postgres)]


async def _killed(folder: Path, plan: Plan) -> Report:
    log.warning("KILL_SEED=%s %s", plan.seed, plan.engine)
    report = await run(plan, folder)
    last = (folder / "bot.log").read_text("utf-8", errors="replace").splitlines()[-20:]
    told = "\n".join([f"KILL_SEED={plan.seed}, {plan.engine}", *worst(report.account.wrong), "", *last])

    assert report.is_good, told
    return report


def _seed() -> int:
    return int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(10**6))


@pytest.mark.parametrize("engine", ENGINES)
async def test_nothing_is_lost_or_comes_twice_unmarked_wherever_the_bot_dies(
    engine: str, tmp_path: Path
) -> None:
    workers = 1 if engine == "sqlite" else 2
    points = tuple(each for each in POINTS if engine == "sqlite" or not each.startswith(STARTING))
    report = await _killed(tmp_path, Plan(engine, _seed(), 1000, 20, workers, points))

    assert report.missed == []
    assert report.account.counts["updates"] > 150
    assert report.account.counts["marked duplicates"] > 0, "nothing was on its way when the bot died"


async def test_nothing_is_lost_when_telegram_calls_and_the_bot_dies_before_it_says_yes(
    tmp_path: Path,
) -> None:
    report = await _killed(tmp_path, Plan("sqlite", _seed(), 12, 20, 1, BY_HOOK, webhook=True))

    assert report.missed == []
    assert report.account.counts["updates"] > 30
