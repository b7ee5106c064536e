"""Nothing is lost and nothing comes twice, whatever happens and in whatever order."""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.delivery import Delivery

USUAL = settings(
    max_examples=16,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,  # a test that turns red does so for what was changed
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


def test_nothing_is_lost_nor_repeated_nor_out_of_order() -> None:
    run_state_machine_as_test(Delivery, settings=USUAL)


@pytest.mark.long
def test_nothing_is_lost_in_a_long_run_either() -> None:
    # another one each time, but where it gates a change; what turns red is printed to be run again
    long = settings(USUAL, max_examples=80, stateful_step_count=60, derandomize="CI" in os.environ)
    run_state_machine_as_test(Delivery, settings=long)
