"""Reminders: never missed, never twice, never at night, and never to someone who wants none."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from unittest.mock import AsyncMock
from zoneinfo import ZoneInfo

import pytest

from bot.actions import remind
from bot.actions.hear import hear
from bot.actions.plan import Case
from bot.dialog.talk import Heard, Prompt, Said
from bot.reminders import Reminding
from bot.store import due, people
from bot.store.inside import now
from bot.store.letters import NotSent
from tests.town import CHATS, LONDON, Town

UNFINISHED = "Hello Ann. You can carry on whenever you like. I kept your place."
ENDED = {"sent", "cancelled", "expired", "dead"}


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2025, month, day, hour, minute, tzinfo=LONDON)


async def all_ended(town: Town) -> bool:
    return {state for _, state, _ in await town.reminders()} <= ENDED


async def with_a_date(town: Town, words: str, key: str = "ann") -> None:
    """Ravi sets this date with Ann, or with somebody else."""
    await town.person(key)
    await town.share_everything(key)
    await town.press("ravi", "Set the date")
    await town.say("ravi", words)
    await town.press("ravi", f"Yes, tell {key.title()}")


async def test_an_unfinished_talk_is_asked_after_twice_and_then_left_alone(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    await town.until(at(6, 9, 59))
    assert town.heard("ann").count(UNFINISHED) == 0
    await town.until(at(6, 10, 1))
    assert town.heard("ann").count(UNFINISHED) == 1
    assert town.keys("ann") == ["Carry on", "Talk to a person", "Stop"]

    await town.until(at(9, 10, 2))
    assert town.heard("ann").count(UNFINISHED) == 2
    await town.until(at(30, 12))
    assert town.heard("ann").count(UNFINISHED) == 2
    assert [state for _, state, _ in await town.reminders()] == ["sent", "sent"]


async def test_an_answer_in_between_puts_the_reminder_off(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    await town.until(at(5, 15))
    await town.say("ann", "My garden")
    await town.until(at(8, 14, 59))
    assert town.heard("ann").count(UNFINISHED) == 0

    await town.until(at(8, 15, 1))
    assert town.heard("ann").count(UNFINISHED) == 1


async def test_carrying_on_from_the_reminder_brings_the_question_back(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    await town.later(days=3)

    assert (await town.press("ann", "Carry on"))[-1].endswith("What matters most to you?")


@pytest.mark.parametrize("words", ["Share with Ravi", "Stop, keep my answers", "Yes, delete it all"])
async def test_someone_who_is_done_or_wants_no_more_is_not_reminded(town: Town, words: str) -> None:
    await town.person()
    await town.asked("share")
    await town.say("ann", words)
    await town.later(days=20)

    assert UNFINISHED not in town.heard("ann") and await all_ended(town)


async def test_someone_who_stopped_and_carries_on_is_reminded_again(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    await town.say("ann", "Stop, keep my answers")
    await town.later(days=1)
    await town.say("ann", "Carry on")
    await town.later(days=3, hours=1)

    assert town.heard("ann").count(UNFINISHED) == 1


NIGHTS = [(at(3, 21), at(7, 10)), (at(4, 6), at(7, 10)), (at(4, 17), at(7, 17))]


@pytest.mark.parametrize(("said", "due"), NIGHTS)
async def test_nobody_is_reminded_at_night(town: Town, said: datetime, due: datetime) -> None:
    await town.person()
    await town.until(said)
    await town.asked("matters")
    ((_, _, planned),) = await town.reminders()

    assert planned.replace(second=0) == due


async def test_it_is_her_own_morning_not_londons(town: Town) -> None:
    await town.person()
    await town.lives_in("ann", "America/New_York")
    await town.later(minutes=20)
    await town.asked("matters")
    ((_, _, planned),) = await town.reminders()

    assert planned == datetime(2025, 3, 6, 10, tzinfo=ZoneInfo("America/New_York"))


async def test_the_day_before_she_hears_that_it_is_tomorrow(town: Town) -> None:
    await with_a_date(town, "12 March 2pm")
    await town.until(at(11, 9, 59))
    assert not any("tomorrow" in each for each in town.heard("ann"))
    await town.until(at(11, 10, 1))

    assert town.newest("ann").text == (
        "Hello Ann. Your talk with Ravi is tomorrow: Wednesday 12 March 2025, 2pm.\n"
        "If you need another time, tap Talk to a person."
    )
    assert town.newest("ann").buttons == [["Talk to a person"]]
    await town.until(at(13, 10))
    assert sum("tomorrow" in each for each in town.heard("ann")) == 1 and await all_ended(town)


async def test_a_talk_in_three_hours_is_said_at_once(town: Town) -> None:
    await with_a_date(town, "today 1pm")

    assert "Hello Ann. Your talk with Ravi is soon: Monday 3 March 2025, 1pm." in town.newest("ann").text
    assert await all_ended(town)


async def test_a_date_set_late_in_the_evening_is_said_in_the_morning(town: Town) -> None:
    await town.person()
    await town.share_everything()
    await town.until(at(4, 21))
    await town.press("ravi", "Set the date")
    await town.say("ravi", "5 March 11am")
    await town.press("ravi", "Yes, tell Ann")
    assert not any("soon" in each for each in town.heard("ann"))

    await town.until(at(5, 9, 1))
    assert "Your talk with Ravi is soon: Wednesday 5 March 2025, 11am." in town.newest("ann").text


async def test_the_clocks_go_forward_and_it_is_still_ten_in_the_morning(town: Town) -> None:
    await with_a_date(town, "31 March 2pm")
    assert (await town.reminders())[-1][2] == at(30, 10) == datetime(2025, 3, 30, 9, tzinfo=ZoneInfo("UTC"))

    await town.until(at(30, 10, 1))
    assert "tomorrow: Monday 31 March 2025, 2pm" in town.newest("ann").text


async def test_an_unfinished_talk_over_the_night_the_clocks_change(town: Town) -> None:
    await town.person()
    await town.until(at(27, 11, 30))
    await town.asked("matters")

    assert (await town.reminders())[-1][2].replace(second=0) == at(30, 11, 30)


async def test_the_bot_is_down_when_it_is_due_and_says_it_once_when_it_is_back(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    async with town.bot_away():
        await town.until(at(8, 11))
    assert town.heard("ann").count(UNFINISHED) == 1

    async with town.bot_away():
        pass
    assert town.heard("ann").count(UNFINISHED) == 1


async def test_the_bot_comes_back_at_night_and_waits_for_the_morning(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    async with town.bot_away():
        await town.until(at(8, 3))
    assert UNFINISHED not in town.heard("ann")

    await town.until(at(8, 10, 1))
    assert town.heard("ann").count(UNFINISHED) == 1


async def test_a_talk_that_began_while_the_bot_was_down_is_told_to_ravi(town: Town) -> None:
    await with_a_date(town, "12 March 2pm")
    async with town.bot_away():
        await town.until(at(12, 14, 5))

    assert not any("tomorrow" in each or "soon:" in each for each in town.heard("ann"))
    assert town.newest("ravi").text == (
        "I could not remind Ann of the talk on Wednesday 12 March 2025, 2pm in time. Can you check with them?"
    )
    assert (await town.reminders())[-1][1] == "expired"


async def test_all_who_could_not_be_reminded_in_time_are_told_of_in_one_message(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remind, "NAMES", 2)
    for key, hour in (("ann", 2), ("mo", 4), ("zed", 3)):
        await with_a_date(town, f"12 March {hour}pm", key)
    before = len(town.heard("ravi"))
    async with town.bot_away():
        await town.until(at(12, 16, 5))

    assert town.heard("ravi")[before:] == [
        "I could not remind these people of their talks in time. Can you check with them?\n\n"
        "Ann: Wednesday 12 March 2025, 2pm\nZed: Wednesday 12 March 2025, 3pm\n\n"
        "And 1 more. Tap My people to see everyone."
    ]
    assert [state for rule, state, _ in await town.reminders() if rule == "tomorrow"] == ["expired"] * 3


async def test_when_who_set_the_date_has_gone_the_admin_hears_of_it(town: Town) -> None:
    await with_a_date(town, "12 March 2pm")
    async with town.bot_away():
        await town.until(at(12, 14, 5))
        await town.app.store.open()
        await town.app.store.tx(lambda conn: people.forget(conn, town.who(conn, "ravi").id))
        await town.app.store.close()

    assert "I could not remind Ann of the talk on Wednesday 12 March 2025, 2pm" in town.newest("gil").text


async def test_after_a_long_pause_the_soonest_talk_is_said_first(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, day in (("ann", 14), ("mo", 13), ("zed", 12)):
        await with_a_date(town, f"{day} March 2pm", key)
    async with town.bot_away():
        await town.until(at(12, 11))
        monkeypatch.setattr(due, "SLICE", 1)
        await town.app.store.open()
        first = await town.app.store.tx(lambda conn: [each.person.name for each in due.due(conn, now(conn))])
        await town.app.store.close()

    assert first == ["Zed"]
    words = ("is tomorrow:", "is soon:")
    said = {key: any(each in town.newest(key).text for each in words) for key in ("ann", "mo", "zed")}
    assert said == {"ann": False, "mo": True, "zed": True}  # Ann's is the day after tomorrow


async def test_one_reminder_that_cannot_be_made_stops_none_of_the_others(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("ann", "mo"):
        await with_a_date(town, "12 March 2pm", key)
    make = remind._before

    def stumbles(case: Case, rule: Reminding, reminder: due.Due, starts_at: int) -> Prompt:
        if reminder.person.name == "Ann":
            raise KeyError("a bug")
        return make(case, rule, reminder, starts_at)

    monkeypatch.setattr(remind, "_before", stumbles)
    await town.until(at(11, 10, 1))

    assert "Your talk with Ravi is tomorrow" in town.newest("mo").text
    assert town.newest("ravi").text == "One of my messages to Ann did not arrive. Can you check with them?"
    assert [state for rule, state, _ in await town.reminders() if rule == "tomorrow"] == ["dead", "sent"]


async def test_a_reminder_that_waited_too_long_in_the_outbox_is_looked_at_again(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    async with reminder_in_the_outbox(town):
        await town.until(at(6, 19))

    assert UNFINISHED not in town.heard("ann")
    await town.until(at(7, 10, 1))
    assert town.heard("ann").count(UNFINISHED) == 1


async def test_someone_who_blocked_the_bot_is_not_reminded_and_ravi_knows(town: Town) -> None:
    await with_a_date(town, "12 March 2pm")
    await town.do("ann", lambda: town.sandbox.block("ann"))
    assert town.newest("ravi").text == (
        "I cannot reach Ann in this chat any more. Can you get in touch another way?"
    )

    await town.until(at(11, 10, 1))
    assert town.newest("ravi").text.startswith("I could not remind Ann of the talk on Wednesday 12 March")
    assert (await town.reminders())[-1][1] == "dead"
    assert sum("cannot reach Ann" in each for each in town.heard("ravi")) == 1

    await town.do("ann", lambda: town.sandbox.press_start("ann"))
    await town.do("ann", lambda: town.sandbox.block("ann"))
    assert sum("cannot reach Ann" in each for each in town.heard("ravi")) == 2


async def test_someone_who_deletes_everything_while_a_reminder_waits_to_go_gets_none(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    async with reminder_in_the_outbox(town):
        words = Heard(1, CHATS["ann"], said=Said("Yes, delete it all"))
        await town.app.store.tx(lambda conn: hear(town.app.desk(conn, "test"), words))

    assert town.newest("ann").text.startswith("Everything you told me is deleted.")
    assert UNFINISHED not in town.heard("ann")


async def test_the_bot_stops_between_queueing_and_sending_and_still_sends_it_once(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    async with reminder_in_the_outbox(town):
        assert [state for _, state, _ in await town.reminders()] == ["queued"]

    assert town.heard("ann").count(UNFINISHED) == 1
    assert [state for _, state, _ in await town.reminders()] == ["sent", "pending"]


@asynccontextmanager
async def reminder_in_the_outbox(town: Town) -> AsyncIterator[None]:
    """The bot is down, and a reminder lies in the outbox; the database can be looked at."""
    async with town.bot_away():
        await town.later(days=3, hours=1)
        await town.app.store.open()
        await town.app.store.tx(remind.due, town.clock.now(), town.app.house)
        assert len(await town.waiting_to_go()) == 1
        yield
        await town.app.store.close()


async def test_a_reminder_sent_in_vain_for_long_is_looked_at_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each try moves the time of the next one on; in the end "tomorrow" would be said of today."""
    await town.person()
    await town.until(at(3, 17, 40))
    await town.asked("matters")
    await town.say("ann", "My garden")
    await town.until(at(6, 17, 39))
    with monkeypatch.context() as cut_off:
        not_sent = AsyncMock(return_value=NotSent(60_000, "no way out"))
        cut_off.setattr(town.app.worker._posting, "_send", not_sent)
        for minute in range(40, 75):
            await town.until(at(6, 17 + minute // 60, minute % 60))
    for minute in range(15, 20):
        await town.until(at(6, 18, minute))

    assert UNFINISHED not in town.heard("ann")
    await town.until(at(7, 10, 1))
    assert town.heard("ann").count(UNFINISHED) == 1
