"""Ravi and Ann agree a day and a time."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from bot.store.tables import appointments
from tests.town import LONDON, PHONES, Town


async def shared(town: Town) -> None:
    await town.person()
    await town.share_everything()


async def ravi_sets(town: Town, words: str) -> list[str]:
    await town.press("ravi", "Set the date")
    await town.say("ravi", words)
    return await town.press("ravi", "Yes, tell Ann")


async def tomorrow_reminders(town: Town) -> list[tuple[str, datetime]]:
    return [(state, due) for rule, state, due in await town.reminders() if rule == "tomorrow"]


READ_BACK = {
    "12 March 2pm": "Wednesday 12 March 2025, 2pm",
    "03/04 10.30": "Thursday 3 April 2025, 10:30am",
    "next friday at 11am": "Friday 7 March 2025, 11am",
    "Thursday 9:15": "Thursday 6 March 2025, 9:15am",
    "1 january noon": "Thursday 1 January 2026, 12pm",
    "2025-03-20 14:00": "Thursday 20 March 2025, 2pm",
}

UNCLEAR = {
    "soon": "I could not read “soon” as a day and a time. Try: 12 March 2pm.",
    "12 March": "I could not read “12 March” as a day and a time. Try: 12 March 2pm.",
    "30 february 2pm": "I could not read “30 february 2pm” as a day and a time. Try: 12 March 2pm.",
    "<b>&": "I could not read “<b>&” as a day and a time. Try: 12 March 2pm.",
    "today 9am": "Monday 3 March 2025, 9am is in the past. Which day do you mean?",
    "32 March 2pm": "Wednesday 3 March 2032, 2pm is very far away. Which day do you mean?",
}


async def test_a_typed_date_is_read_back_in_words_before_it_counts(town: Town) -> None:
    await shared(town)
    heard = len(town.heard("ann"))
    await town.press("ravi", "Set the date")
    for typed, date in READ_BACK.items():
        assert await town.say("ravi", typed) == [f"The talk with Ann is on {date}. Is that right?"]
        await town.press("ravi", "No, change it")

    assert town.heard("ann")[heard:] == [] and await tomorrow_reminders(town) == []


async def test_an_unclear_date_is_asked_for_again_and_the_next_words_still_count(town: Town) -> None:
    await shared(town)
    await town.press("ravi", "Set the date")
    for typed, answer in UNCLEAR.items():
        assert await town.say("ravi", typed) == [answer]
    (asked,) = await town.say("ravi", "12 March 2pm")

    assert asked.startswith("The talk with Ann is on Wednesday 12 March")


async def test_a_date_that_was_read_back_can_be_put_right_in_words(town: Town) -> None:
    await shared(town)
    await town.press("ravi", "Set the date")
    await town.say("ravi", "12 March 2pm")

    assert await town.say("ravi", "13 March 2pm") == [
        "The talk with Ann is on Thursday 13 March 2025, 2pm. Is that right?"
    ]
    assert (await town.say("ravi", "no"))[0].startswith("When is the talk with Ann?")
    await town.say("ravi", "14 March at half past two")
    told = await town.say("ravi", "yes")
    assert told[0] == "It is set for Friday 14 March 2025, 2:30pm. I have told Ann."
    assert "I did not understand that" in (await town.say("ravi", "15 March 2pm"))[0]


async def test_a_yes_to_what_somebody_else_wrote_meanwhile_tells_ann_no_date(town: Town) -> None:
    await shared(town)
    await town.person("mo")
    await town.asked("matters", "mo")
    await town.press("ravi", "Set the date")
    asked = await town.say("ravi", "12 March 2pm")
    await town.say("mo", "Talk to a person")

    assert await town.say("ravi", "yes") == asked, "of which of the two?"
    assert "12 March" not in town.everything_on("ann")
    await town.say("ravi", "yes")
    assert "12 March" in town.newest("ann").text


async def test_a_photo_of_a_calendar_is_asked_for_in_words(town: Town) -> None:
    await shared(town)
    await town.press("ravi", "Set the date")
    told = await town.do("ravi", lambda: town.sandbox.send_photo("ravi", caption="12 March 2pm"))

    assert told == ["I can only keep words here for now. Can you write it, or ask someone to?"]


async def test_both_know_once_he_says_yes(town: Town) -> None:
    await shared(town)
    told = await ravi_sets(town, "12 March 2pm")

    when = "Wednesday 12 March 2025, 2pm"
    assert told[0] == f"It is set for {when}. I have told Ann."
    assert "Invite a person" in town.keys("ravi")
    assert town.newest("ann").text == (
        f"Your talk with Ravi is on {when}.\nIf that does not suit you, tap Talk to a person."
    )
    assert await town.press("ravi", "My people") == [f"My people\n\nAnn: Talk on {when}"]
    assert await tomorrow_reminders(town) == [("pending", datetime(2025, 3, 11, 10, tzinfo=LONDON))]


async def test_the_button_under_her_date_asks_for_a_person_and_keeps_her_keyboard(town: Town) -> None:
    await shared(town)
    before = town.keys("ann")
    await ravi_sets(town, "12 March 2pm")
    assert town.keys("ann") == before

    under = town.newest("ann").message_id
    await town.do("ann", lambda: town.sandbox.press_on("ann", under, "Talk to a person"))
    assert town.newest("ravi").text == "Ann wants to talk to a person. Can you get in touch today?"
    assert town.newest("ann").text.startswith("I have told Ravi that you want to talk.")


async def test_no_means_that_he_can_type_another_one(town: Town) -> None:
    await shared(town)
    await town.press("ravi", "Set the date")
    await town.say("ravi", "12 March 2pm")
    await town.press("ravi", "No, change it")
    await town.say("ravi", "13 March 2pm")
    await town.press("ravi", "Yes, tell Ann")

    assert "Thursday 13 March" in town.newest("ann").text
    assert not any("12 March" in each for each in town.heard("ann"))


async def test_the_same_date_twice_is_told_once(town: Town) -> None:
    await shared(town)
    await ravi_sets(town, "12 March 2pm")
    heard, number = len(town.heard("ann")), (await town.rows(select(appointments)))[0].talk
    minutes = int(datetime(2025, 3, 12, 14, tzinfo=LONDON).timestamp()) // 60
    told = await town.forge("ravi", f"date/{number}/{minutes}:yes")
    assert told[-2] == (
        "It is set for Wednesday 12 March 2025, 2pm already. Ann was told then. Nothing new was sent."
    )

    assert town.heard("ann")[heard:] == []
    assert len(await tomorrow_reminders(town)) == 1
    assert len(await town.rows(select(appointments))) == 1


async def test_a_moved_date_takes_its_reminder_along(town: Town) -> None:
    await shared(town)
    await ravi_sets(town, "12 March 2pm")
    await town.press("ravi", "Change the date")
    await town.say("ravi", "14 March 10am")
    await town.press("ravi", "Yes, tell Ann")

    assert town.newest("ann").text.startswith(
        "Your talk with Ravi has moved. It is now on Friday 14 March 2025, 10am."
    )
    assert await tomorrow_reminders(town) == [
        ("cancelled", datetime(2025, 3, 11, 10, tzinfo=LONDON)),
        ("pending", datetime(2025, 3, 13, 10, tzinfo=LONDON)),
    ]
    await town.until(datetime(2025, 3, 11, 12, tzinfo=LONDON))
    assert not any("tomorrow" in each for each in town.heard("ann"))


async def test_a_date_that_is_called_off_reminds_nobody(town: Town) -> None:
    await shared(town)
    await ravi_sets(town, "12 March 2pm")
    heard, when = len(town.heard("ann")), "Wednesday 12 March 2025, 2pm"
    told = await town.press("ravi", "Call it off")
    assert told == [f"The talk with Ann is on {when}. Call it off?"]
    assert town.newest("ravi").buttons == [["Yes, call it off"], ["No, keep it"]]
    assert town.heard("ann")[heard:] == [] and "pending" in dict(await tomorrow_reminders(town))

    told = await town.press("ravi", "Yes, call it off")
    assert told == [f"The talk on {when} is called off. I have told Ann.", "You can set another date here."]
    assert town.newest("ravi").buttons == [["Set the date"]]
    assert town.newest("ann").text == f"Your talk on {when} is called off. Ravi will be in touch."
    await town.until(datetime(2025, 3, 12, 15, tzinfo=LONDON))
    assert [state for state, _ in await tomorrow_reminders(town)] == ["cancelled"]
    assert not any("tomorrow" in each for each in town.heard("ann"))

    heard = len(town.heard("ann"))
    assert await town.press("ravi", "Call it off") == ["It is called off already. Nothing new was sent."]
    assert town.heard("ann")[heard:] == []


async def test_he_can_think_better_of_calling_it_off(town: Town) -> None:
    await shared(town)
    await ravi_sets(town, "12 March 2pm")
    heard = len(town.heard("ann"))
    told = await town.press("ravi", "Call it off", "No, keep it")

    assert told[-1] == "That is fine. The talk stays on Wednesday 12 March 2025, 2pm."
    assert "Invite a person" in town.keys("ravi") and town.heard("ann")[heard:] == []
    assert [state for state, _ in await tomorrow_reminders(town)] == ["pending"]


async def test_buttons_that_were_used_are_gone_and_do_no_harm_if_they_still_come(town: Town) -> None:
    """A second tap may be on its way when the first takes the buttons away; and other phones are slow."""
    await shared(town)
    await ravi_sets(town, "12 March 2pm")
    await town.press("ravi", "Call it off")
    twice = [lambda: town.sandbox.press("ravi", "Yes, call it off")] * 2
    heard = len(town.heard("ann"))
    told = await town.do("ravi", *twice)
    assert told[-1] == "It is called off already. Nothing new was sent."
    assert len(town.heard("ann")) == heard + 1

    shown = [label for each in town.sandbox.screen("ravi") for row in each.buttons for label in row]
    assert not {"Yes, tell Ann", "Yes, call it off"} & set(shown)


async def test_an_old_yes_never_calls_off_a_date_it_did_not_name(town: Town) -> None:
    await shared(town)
    await ravi_sets(town, "12 March 2pm")
    await town.press("ravi", "Call it off", "Change the date")
    await town.say("ravi", "14 March 10am")
    await town.press("ravi", "Yes, tell Ann")
    heard = len(town.heard("ann"))
    assert await town.press("ravi", "Yes, call it off") == [
        "That day has passed, or was changed. Tap Set the date to try again."
    ]

    assert town.heard("ann")[heard:] == []
    assert [state for state, _ in await tomorrow_reminders(town)] == ["cancelled", "pending"]


async def test_a_yes_after_the_time_has_passed_sets_nothing(town: Town) -> None:
    await shared(town)
    await town.press("ravi", "Set the date")
    await town.say("ravi", "today 12:00")
    await town.later(hours=3)

    assert await town.press("ravi", "Yes, tell Ann") == [
        "That day has passed, or was changed. Tap Set the date to try again."
    ]
    assert await tomorrow_reminders(town) == [] and await town.rows(select(appointments)) == []


async def test_ann_cannot_set_a_date_by_a_button_she_was_never_shown(town: Town) -> None:
    await shared(town)
    await town.forge(
        "ann", "date/1/29100000:yes", "date/1/29100000:no", "date/1/0:off", "date/1/0:sure", "share/1:date"
    )
    await town.say("ann", "12 March 2pm")

    assert await town.rows(select(appointments)) == []


async def test_a_date_for_someone_who_has_just_deleted_everything_goes_nowhere(town: Town) -> None:
    await shared(town)
    await town.press("ravi", "Set the date")
    await town.say("ann", "Stop, delete everything", "Yes, delete it all")

    assert await town.say("ravi", "12 March 2pm") == ["That is no longer here. Nothing has changed."]
    assert "Invite a person" in town.keys("ravi")


async def test_ravi_finds_the_date_under_my_people_long_after_the_summary(town: Town) -> None:
    await town.person()
    await town.share_everything()
    await town.press("ravi", "My people", "Ann", "Set the date")
    await town.say("ravi", "12 March 2pm")
    await town.press("ravi", "Yes, tell Ann")
    await town.press("ravi", "My people", "Ann")
    buttons = [label for row in town.newest("ravi").buttons for label in row]

    assert {"Change the date", "Call it off"} <= set(buttons)
    assert "Set the date" not in buttons
    await town.press("ravi", "Call it off", "Yes, call it off")
    assert "is called off" in town.heard("ann")[-1]


async def test_when_something_comes_up_as_it_should_begin_who_waits_there_hears_of_it(town: Town) -> None:
    await shared(town)
    await ravi_sets(town, "12 March 2pm")
    await town.until(datetime(2025, 3, 12, 14, 20, tzinfo=LONDON))

    await town.press("ravi", "Call it off", "Yes, call it off")

    assert "is called off" in town.heard("ann")[-1]


async def test_after_a_talk_has_been_another_date_is_no_move_and_nothing_can_be_called_off(
    town: Town,
) -> None:
    await shared(town)
    await ravi_sets(town, "12 March 2pm")
    await town.press("ravi", "Call it off")
    await town.until(datetime(2025, 3, 12, 15, tzinfo=LONDON))
    heard, gone = (
        len(town.heard("ann")),
        "That day has passed, or was changed. Tap Set the date to try again.",
    )
    assert await town.press("ravi", "Yes, call it off") == [gone]
    assert await town.press("ravi", "Call it off") == [gone]
    assert town.heard("ann")[heard:] == []

    assert await town.press("ravi", "My people", "Ann") == [
        "My people\n\nAnn: Has shared",
        "Ann\n\nHas shared",
    ]
    assert ["Set the date"] in town.newest("ravi").buttons
    await town.press("ravi", "Set the date")
    await town.say("ravi", "2 April 2pm")
    await town.press("ravi", "Yes, tell Ann")
    assert town.newest("ann").text.startswith("Your talk with Ravi is on Wednesday 2 April 2025, 2pm.")


async def test_ravi_hears_that_who_deleted_everything_is_not_reminded_of_the_day(town: Town) -> None:
    await shared(town)
    await ravi_sets(town, "12 March 2pm")
    await town.press("ann", "Help", "Stop", "Stop, delete everything", "Yes, delete it all")

    told = "I will not remind Ann of the talk on Wednesday 12 March 2025, 2pm any more."
    assert town.heard("ravi")[-2:] == [
        "Ann has stopped and deleted everything. Delete what you kept, too.",
        f"{told} Ask them if it still suits.",
    ]


async def test_nor_does_he_hear_of_a_day_that_has_passed(town: Town) -> None:
    await shared(town)
    await ravi_sets(town, "12 March 2pm")
    await town.until(datetime(2025, 3, 12, 15, tzinfo=LONDON))
    await town.press("ann", "Help", "Stop", "Stop, delete everything", "Yes, delete it all")

    assert town.newest("ravi").text == "Ann has stopped and deleted everything. Delete what you kept, too."


async def test_a_date_has_the_language_of_the_words_around_it(town: Town) -> None:
    """Days in Arabic turn the order of English words around; nobody can tell which number is the day."""
    town.sandbox.network.handset("ann").phone = replace(PHONES[0], language="ar")
    await shared(town)
    await ravi_sets(town, "12 March 2pm")

    assert town.newest("ann").text.startswith("Your talk with Ravi is on Wednesday 12 March 2025, 2pm.")


async def test_the_yes_under_a_slip_he_has_put_right_does_not_tell_ann_the_slip(town: Town) -> None:
    await shared(town)
    await town.press("ravi", "Set the date")
    await town.say("ravi", "12 March 2pm")
    slip = town.newest("ravi").message_id
    await town.say("ravi", "13 March 2pm")
    await town.press("ravi", "Yes, tell Ann")
    told = await town.do("ravi", lambda: town.sandbox.press_on("ravi", slip, "Yes, tell Ann"))

    assert told == ["That day has passed, or was changed. Tap Set the date to try again."]
    assert "13 March" in town.newest("ann").text and "12 March" not in town.everything_on("ann")
