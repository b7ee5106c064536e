"""Every planted bug is found."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.delivery import Delivery
from tests.machine.planted import BUGS, MACHINE
from tests.machine.test_delivery import USUAL
from tests.machine.witness import Broken

pytestmark = pytest.mark.long

BOUNDED = settings(USUAL, max_examples=150, phases=[Phase.generate], report_multiple_bugs=False)


@pytest.fixture
def unswept() -> Iterator[None]:
    """Python 3.11 now and then cannot read source while it collects garbage, and a found bug is shown so."""
    gc.disable()
    yield
    gc.enable()
    gc.collect()


@pytest.mark.usefixtures("unswept")
@pytest.mark.parametrize("name", [name for name, bug in BUGS.items() if bug.caught_by == MACHINE])
def test_the_machine_finds_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    BUGS[name].plant(monkeypatch)

    with pytest.raises(Broken):
        run_state_machine_as_test(Delivery, settings=BOUNDED)


@pytest.mark.parametrize("name", [name for name, bug in BUGS.items() if bug.caught_by != MACHINE])
def test_an_ordinary_test_finds_it(name: str) -> None:
    run = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "tests.machine.planted", BUGS[name].caught_by]
    environment = os.environ | {"PLANTED": name}
    done = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100)

    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr


ROOT = Path(__file__).parents[2]
