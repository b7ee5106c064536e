"""What passes between Ann and Ravi."""

import pytest
from sqlalchemy import func, select

from bot.people import Role
from bot.store.tables import people, shares
from tests.town import Town


async def test_ravi_gets_what_ann_agreed_to_share_and_nothing_before(town: Town) -> None:
    await town.person()
    await town.asked("matters", call_me="Annie")
    await town.say("ann", "My garden")

    assert "Annie" not in town.everything_on("ravi") and "garden" not in town.everything_on("ravi")


async def test_the_summary_is_in_her_own_words_with_her_information_first(town: Town) -> None:
    await town.person()
    await town.share_everything(
        formats="large print",
        print_size="3",
        days="Friday",
        place="at my home",
        attendees=("Mo", "That is everyone"),
        matters="My <b>garden</b> & my cat! 🌻",
        working="Not sure",
    )

    summary = town.newest("ravi")
    assert summary.text.split("\n") == [
        "Ann has shared this with you",
        "",
        "My information: Large print",
        "Print size: Very big",
        "Good days: Friday",
        "Where: At my home",
        "Who will be there: Mo",
        "What matters to me: My <b>garden</b> & my cat! 🌻",
        "Not sure yet: What is working",
        "Skipped: Call me, Best time, Not at these times, Mo is, What Mo may know, I get on well with, "
        "How to help me well, How things are, What is not working",
    ]
    assert [["I have read this"], ["Write to Ann"], ["Set the date"]] == summary.buttons
    assert "garden" not in town.everything_on("gil", "zed", "mo")


async def test_what_is_just_for_her_is_never_shown_not_even_when_it_changes(town: Town) -> None:
    await town.person()
    await town.share_everything(matters="My garden", not_working="I owe money", just_for_me="not working")
    assert "owe" not in town.everything_on("ravi") and "not working" not in town.newest("ravi").text

    await town.say("ann", "Change what is not working", "I owe a lot more")
    await town.press("ann", "Share the change")

    assert "owe" not in town.everything_on("ravi") and "not working" not in town.everything_on("ravi")


async def test_a_line_she_keeps_for_herself_after_all_is_taken_away_without_saying_it_again(town: Town) -> None:
    await town.person()
    await town.share_everything(matters="My garden", not_working="I owe money")
    changed = await take_back_what_is_not_working(town)

    assert changed == ["Ann has changed something\n\nWhat is not working: No longer shared"]


async def take_back_what_is_not_working(town: Town) -> list[str]:
    before = len(town.heard("ravi"))
    await town.asked_again("just_for_me")
    await town.say("ann", "Yes, let me pick", "What is not working")
    await town.press("ann", "Share the change")
    return town.heard("ravi")[before:]
