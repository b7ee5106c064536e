"""A script says when people are reminded, of what, and while what holds; and nobody is missed or nagged."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.actions import publish
from tests.talks import DIALOGS
from tests.town import LONDON, Town

ASKS = """      - id: reminders_wanted
        kind: many
        label: Reminders
        ask: When shall I remind you of your talk?
        why: You decide how often I write.
        examples:
          - The day before is enough for me
        options:
          week_before: A week before
          day_before: The day before
          morning: That morning
      - id: place
"""
PLAIN = (DIALOGS / "first_talk.yaml").read_text("utf-8")
TODAY = PLAIN.replace("      - id: place\n", ASKS, 1)

UNFINISHED = """
  - id: unfinished
    send: 2 days after last answer
    while: not finished
    between: 10:00 and 18:00
    most: 3
    text: Hello {name}. {left} questions are left. That takes {minutes} minutes.
"""
DAY_BEFORE = """
  - id: day_before
    send: 1 day before appointment
    between: 09:00 and 19:00
    text: Tomorrow at {time} is your talk with {key_contact}. We meet here, {place or as agreed}.
"""
ALL = """
  - id: week_before
    send: 1 week before appointment
    text: A week from now. {day}.
  - id: three_days
    send: 3 days before appointment
    text: Three days from now.
  - id: day_before
    send: 1 day before appointment
    text: Tomorrow.
  - id: morning
    send: on the day of appointment
    between: 08:00 and 19:00
    text: Today.
"""
CHANGE = "\nIf you need another time, tap Talk to a person."
SOON = "Hello Ann. Your talk with Ravi is soon: "


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2025, month, day, hour, minute, tzinfo=LONDON)


async def says(town: Town, reminders: str, script: str = TODAY) -> None:
    """The script with these reminders is in use."""
    text = f"{script}\nreminders:{reminders}"
    await town.app.store.tx(lambda conn: publish.publish_text(town.app.desk(conn, "new"), text, "first_talk"))


async def prepares(town: Town, reminders: str, **said: str | tuple[str, ...]) -> None:
    """Ann has shared everything, by a script with these reminders."""
    await says(town, reminders)
    await town.person()
    await town.share_everything("ann", **said)


async def sets(town: Town, date: str) -> None:
    """Ravi sets this date with Ann."""
    await town.press("ravi", "Set the date")
    await town.say("ravi", date)
    await town.press("ravi", "Yes, tell Ann")


def count(town: Town, words: str, key: str = "ann") -> int:
    return sum(words in each for each in town.heard(key))


async def ends(town: Town) -> dict[str, str]:
    return {rule: state for rule, state, _ in await town.reminders()}


async def test_she_hears_the_words_of_the_script_the_day_before(town: Town) -> None:
    await prepares(town, DAY_BEFORE, place="At my home")
    await sets(town, "12 March 2pm")
    await town.until(at(11, 9, 59))
    assert count(town, "Tomorrow at") == 0
    await town.until(at(11, 10, 1))

    assert town.newest("ann").text == (
        "Tomorrow at 2pm is your talk with Ravi. We meet here, At my home." + CHANGE
    )
    assert town.newest("ann").buttons == [["Talk to a person"]]
    await town.until(at(13, 10))
    assert count(town, "Tomorrow at") == 1 and await ends(town) == {"day_before": "sent"}


async def test_a_place_she_has_not_named_leaves_the_words_for_that(town: Town) -> None:
    await prepares(town, DAY_BEFORE)
    await sets(town, "12 March 2pm")
    await town.until(at(11, 10, 1))

    assert "We meet here, as agreed." in town.newest("ann").text


async def test_a_week_three_days_and_a_day_before_and_that_morning_each_once(town: Town) -> None:
    await prepares(town, ALL)
    await sets(town, "20 March 2pm")
    for day, hour, words in (
        (13, 10, "A week"),
        (17, 10, "Three days"),
        (19, 10, "Tomorrow"),
        (20, 8, "Today"),
    ):
        assert count(town, words) == 0
        await town.until(at(day, hour, 1))
        assert count(town, words) == 1
    await town.until(at(22, 10))

    assert count(town, CHANGE) == 4
    assert set((await ends(town)).values()) == {"sent"}
    assert "A week from now. Thursday 20 March 2025." in "\n".join(town.heard("ann"))


async def test_moving_the_date_moves_all_of_them_and_calling_it_off_takes_all_back(town: Town) -> None:
    await prepares(town, ALL)
    await sets(town, "20 March 2pm")
    await town.press("ravi", "Change the date")
    await town.say("ravi", "27 March 2pm")
    await town.press("ravi", "Yes, tell Ann")
    planned = [(rule, due) for rule, state, due in await town.reminders() if state == "pending"]
    assert planned == [
        ("week_before", at(20, 10)),
        ("three_days", at(24, 10)),
        ("day_before", at(26, 10)),
        ("morning", at(27, 8)),
    ]

    await town.press("ravi", "Call it off", "Yes, call it off")
    assert {state for _, state, _ in await town.reminders()} == {"cancelled"}
    await town.until(at(28, 10))
    assert count(town, CHANGE) == 0


async def test_hours_are_counted_and_days_are_on_the_wall(town: Town) -> None:
    two = "\n  - {id: hours, send: 26 hours before appointment, text: Hours}"
    await prepares(town, two + "\n  - {id: day, send: 1 day before appointment, text: Day}")
    await sets(town, "30 March 2pm")  # the clocks go forward at one in that night

    assert {rule: due for rule, _, due in await town.reminders()} == {"hours": at(29, 11), "day": at(29, 10)}


async def test_two_hours_before_an_early_talk_is_said_the_evening_before(town: Town) -> None:
    await prepares(town, "\n  - {id: soon, send: 2 hours before appointment, text: In two hours.}")
    await sets(town, "12 March 8.30am")
    assert [due for _, _, due in await town.reminders()] == [at(11, 18)]
    await town.until(at(11, 18, 1))

    assert town.newest("ann").text.startswith(SOON)  # "in two hours" would not be true


WISHES = """
  - {id: week_before, send: 1 week before appointment, while: reminders_wanted includes week_before, text: W.}
  - {id: day_before, send: 1 day before appointment, while: reminders_wanted includes day_before, text: D.}
"""


async def test_she_gets_the_reminders_she_asked_for_and_no_others(town: Town) -> None:
    await prepares(town, WISHES, reminders_wanted=("The day before", "Done"))
    await sets(town, "20 March 2pm")
    await town.until(at(19, 10, 1))

    assert count(town, "D." + CHANGE) == 1 and count(town, "W." + CHANGE) == 0
    assert await ends(town) == {"day_before": "sent"}


async def test_a_wish_that_changes_changes_the_plan(town: Town) -> None:
    await prepares(town, WISHES, reminders_wanted=("The day before", "Done"))
    await sets(town, "20 March 2pm")
    await town.say("ann", "Help", "Change answer")
    await town.press("ann", "Reminders: The day before")
    await town.press("ann", "A week before", "✓ The day before", "Done")
    planned = {rule: due for rule, state, due in await town.reminders() if state == "pending"}

    assert planned == {"week_before": at(13, 10)}
    await town.until(at(13, 10, 1))
    await town.until(at(20, 10))
    assert count(town, "W." + CHANGE) == 1 and count(town, "D." + CHANGE) == 0


async def test_a_reminder_in_the_queue_whose_condition_no_longer_holds_is_taken_back(town: Town) -> None:
    shy = "\n  - {id: shy, send: 1 day after invited, while: not shared, text: Nothing is shared yet.}"
    await says(town, shy)
    await town.person()
    await town.share_everything("ann")
    await town.until(at(6, 12))

    assert count(town, "Nothing is shared") == 0 and await ends(town) == {"shy": "cancelled"}
    assert "did not arrive" not in town.newest("ravi").text


async def test_after_being_invited_it_counts_from_the_start_of_the_talk(town: Town) -> None:
    twice = "\n  - {id: invited, send: 2 days after invited, while: not shared, most: 2, text: Still here.}"
    await says(town, twice)
    await town.person()
    await town.until(at(4, 15))
    await town.say("ann", "OK, next")
    await town.until(at(5, 10, 1))
    assert count(town, "Still here.") == 1  # her answer yesterday has not moved it
    assert town.keys("ann") == ["Carry on", "Talk to a person", "Stop"]
    await town.say("ann", "Carry on")
    await town.until(at(7, 10, 1))
    assert count(town, "Still here.") == 2

    await town.until(at(20, 10))
    assert count(town, "Still here.") == 2


async def test_after_sharing_it_counts_from_then_and_sharing_again_counts_anew(town: Town) -> None:
    await prepares(town, "\n  - {id: thanks, send: 2 days after finished, text: Ravi has it now.}")
    await town.until(at(4, 12))
    await town.say("ann", "Help", "Change answer")
    await town.press("ann", "What matters to me: Skipped")
    await town.say("ann", "My garden", "No, nothing", "Share the change")
    await town.until(at(6, 11, 59))
    assert count(town, "Ravi has it now.") == 0

    await town.until(at(6, 12, 1))
    assert count(town, "Ravi has it now.") == 1
    await town.until(at(20, 12))
    assert count(town, "Ravi has it now.") == 1


async def test_who_has_not_shared_is_not_thanked_for_it(town: Town) -> None:
    await says(town, "\n  - {id: thanks, send: 2 days after finished, text: Ravi has it now.}")
    await town.person()
    await town.asked("share")
    await town.press("ann", "Not now")
    await town.until(at(20, 12))

    assert count(town, "Ravi has it now.") == 0


async def test_an_unfinished_talk_is_asked_after_as_often_as_the_script_says(town: Town) -> None:
    await says(town, UNFINISHED)
    await town.person()
    await town.asked("matters")
    await town.until(at(5, 10, 1))
    assert town.newest("ann").text == "Hello Ann. 4 questions are left. That takes 2 minutes."
    assert town.keys("ann") == ["Carry on", "Talk to a person", "Stop"]

    for day in (7, 9, 11, 13):
        await town.until(at(day, 11))
    assert count(town, "questions are left") == 3
    assert [state for _, state, _ in await town.reminders()] == ["sent"] * 3


async def test_who_stops_gets_none_of_them(town: Town) -> None:
    await says(town, UNFINISHED + "  - {id: invited, send: 5 days after invited, text: Still here.}")
    await town.person()
    await town.asked("matters")
    await town.say("ann", "Stop, keep my answers")
    await town.until(at(20, 10))

    assert set((await ends(town)).values()) == {"cancelled"}


async def test_of_those_that_are_late_when_the_date_is_set_only_the_nearest_is_sent(town: Town) -> None:
    await prepares(town, ALL)
    await sets(town, "4 March 3pm")

    assert count(town, CHANGE) == 1 and "Tomorrow." in town.newest("ann").text
    await town.until(at(4, 9))
    assert count(town, CHANGE) == 2 and "Today." in town.newest("ann").text


async def test_after_a_week_down_she_hears_it_once_and_it_is_true(town: Town) -> None:
    await prepares(town, ALL)
    await sets(town, "20 March 2pm")
    async with town.bot_away():
        await town.until(at(18, 11))

    assert count(town, CHANGE) == 1
    assert (
        town.newest("ann").text == f"{SOON}Thursday 20 March 2025, 2pm.{CHANGE}"
    )  # not "three days from now"
    states = await ends(town)
    assert states["week_before"] == "cancelled" and states["three_days"] == "sent"


LATE = """
  - {id: transport, send: 2 days before appointment, if_late: tell key contact, text: Is a taxi booked?}
"""


async def test_when_it_is_too_late_ravi_is_told_if_the_script_says_so(town: Town) -> None:
    await prepares(town, LATE)
    await sets(town, "12 March 2pm")
    async with town.bot_away():
        await town.until(at(11, 11))

    assert count(town, "taxi") == 0
    assert town.newest("ravi").text.startswith(
        "I could not remind Ann of the talk on Wednesday 12 March 2025"
    )
    assert await ends(town) == {"transport": "expired"}


async def test_a_date_too_near_for_it_is_told_to_ravi_at_once(town: Town) -> None:
    await prepares(town, LATE)
    await sets(town, "4 March 2pm")

    assert count(town, "I could not remind Ann", "ravi") == 1 and count(town, "taxi") == 0
    assert await ends(town) == {"transport": "expired"}


async def test_talks_that_began_while_the_bot_was_down_are_told_of_once_each(town: Town) -> None:
    await prepares(town, ALL)
    await sets(town, "20 March 2pm")
    async with town.bot_away():
        await town.until(at(20, 15))

    assert count(town, "I could not remind Ann", "ravi") == 1 and count(town, CHANGE) == 0
    assert set((await ends(town)).values()) == {"expired"}


async def test_nobody_is_woken(town: Town) -> None:
    await prepares(town, DAY_BEFORE.replace("09:00 and 19:00", "11:30 and 12:30"))
    await sets(town, "12 March 2pm")
    await town.until(at(11, 11, 29))
    assert count(town, "Tomorrow at") == 0
    async with town.bot_away():
        await town.until(at(11, 12, 31))
    assert count(town, "Tomorrow at") == 0

    await town.until(at(12, 11, 31))
    assert count(town, SOON) == 1


async def test_a_new_script_counts_from_the_next_answer(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    await says(town, UNFINISHED, PLAIN)
    await town.until(at(4, 12))
    await town.say("ann", "My garden")
    assert [due.replace(second=0) for _, state, due in await town.reminders() if state == "pending"] == [
        at(6, 12)
    ]
    await town.until(at(6, 12, 1))

    assert "Hello Ann. 3 questions are left." in town.newest("ann").text


async def test_a_date_set_before_the_new_script_is_still_said_though_its_reminder_is_another_now(
    town: Town,
) -> None:
    await town.person()
    await town.share_everything()
    await sets(town, "12 March 2pm")
    await says(town, DAY_BEFORE)
    await town.until(at(11, 10, 1))
    await town.until(at(11, 10, 2))

    assert await ends(town) == {"unfinished": "cancelled", "tomorrow": "cancelled", "day_before": "sent"}
    assert count(town, "Tomorrow at 2pm") == 1 and count(town, CHANGE) == 1


async def test_who_moved_on_to_a_script_that_never_asks_gets_no_question_after(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    await says(town, DAY_BEFORE)
    await town.until(at(20, 10))

    assert await ends(town) == {"unfinished": "cancelled"} and count(town, "carry on whenever") == 0


@pytest.mark.parametrize("zone", ["Europe/London", "Australia/Lord_Howe", "America/St_Johns"])
async def test_it_is_said_by_her_own_clock_on_the_wall(town: Town, zone: str) -> None:
    await prepares(town, DAY_BEFORE)
    await town.lives_in("ann", zone)
    await sets(town, "7 April 2pm")
    ((_, _, due),) = [row for row in await town.reminders() if row[0] == "day_before"]

    assert due.astimezone(ZoneInfo(zone)).hour == 10
