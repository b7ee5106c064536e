"""What is counted, in the words Prometheus reads."""

import re
import time
import timeit

from prometheus_client.parser import text_string_to_metric_families

from bot.health import Expected
from bot.metrics import OUTCOMES, Metrics
from bot.sandbox import Fault
from bot.store.letters import Outcome
from tests.test_status import POLLS, WELL
from tests.town import CHATS, Town


def read(text: bytes) -> dict[str, float]:
    """Every number, by its name and its labels."""
    return {
        sample.name + "".join(f"/{value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_every_outcome_a_message_can_have_is_counted() -> None:
    assert {each.__name__ for each in Outcome.__args__} == set(OUTCOMES)


async def test_what_the_bot_does_is_counted(town: Town) -> None:
    await town.admin()
    before = read(await town.app._checkup.metrics())
    refused = Fault(before=400)
    await town.say("gil", "hello", "/help")
    town.sandbox.faults = lambda method, fields: refused if fields.get("chat_id") == CHATS["gil"] else None
    await town.say("gil", "hello")
    town.app._checkup._began = 0  # or the last look would do
    after = read(await town.app._checkup.metrics())
    more = {name: after[name] - before.get(name, 0) for name in after}

    assert more["beforehand_updates_total"] == more["beforehand_turns_total"] == 3
    assert (more["beforehand_messages_total/Delivered"], more["beforehand_messages_total/Dead"]) == (2, 1)
    assert more["beforehand_send_seconds_count"] == 3
    assert more["beforehand_transaction_seconds_count"] >= 3
    assert (after["beforehand_dead_letters/out"], after["beforehand_trouble/dead_letters"]) == (1, 1)
    assert after["beforehand_workers"] == 1


def test_two_bots_in_one_program_do_not_count_together() -> None:
    one, other = Metrics(), Metrics()
    one.worked(0.1, 2, 2)

    assert read(one.text(None, POLLS))["beforehand_turns_total"] == 2
    assert read(other.text(None, POLLS))["beforehand_turns_total"] == 0


def test_everything_has_a_help_and_one_prefix() -> None:
    text = Metrics().text(WELL, Expected(True, 25)).decode()
    families = set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))

    assert len(families) >= 15
    assert all(name.startswith("beforehand_") for name in families)
    assert families == set(re.findall(r"^# HELP (\S+) \S", text, re.MULTILINE))


def test_counting_costs_a_turn_next_to_nothing() -> None:
    metrics = Metrics()

    def one_turn() -> None:
        metrics.worked(0.002, 1, 1)
        metrics.sent("Delivered", 0.05)

    rounds = 2000
    took = min(timeit.repeat(one_turn, number=rounds, repeat=9, timer=time.thread_time)) / rounds

    assert took < 10e-6, "four times what was measured"
