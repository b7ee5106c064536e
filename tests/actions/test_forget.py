"""Ann wants nothing kept, or no more questions for now."""

import pytest
from sqlalchemy import Connection, func, select

from bot.actions.hear import hear
from bot.dialog.talk import Heard, Prompt, Said
from bot.store.tables import answers, people, reminders, shares, talks
from tests.town import CHATS, Town

STRANGER = "Hello. I help people get ready for a talk about their support."
SECRETS = ("marigold", "Annie", "turnip", "parsnip")


async def test_deleting_everything_leaves_no_word_of_hers_in_any_table(town: Town) -> None:
    await town.person()
    await town.share_everything(call_me="Annie", matters="A marigold", working="turnip")
    await town.say("ann", "Change what is working", "A parsnip")
    await town.press("ann", "Share the change", "Change an answer")
    await town.press("ravi", "Write to Annie")
    await town.say("ravi", "About the marigold")
    await town.press("ann", "Write to Ravi")
    await town.say("ann", "My marigold!")
    kept = await town.tables_with("marigold")
    sure, *told = await town.say("ann", "Stop, delete everything", "Yes, delete it all")

    assert sure == "This deletes everything you told me. Nobody can get it back. Delete it?"
    assert {"answers", "shares"} <= set(kept), "the keys open what is kept, or the rest proves nothing"
    assert told[0].startswith("Everything you told me is deleted. To begin again, ask for a new link.")
    assert len(told) == 1
    assert town.keys("ann") == []
    assert town.newest("ravi").text == (
        "Annie has stopped and deleted everything. Delete what you kept, too."
    )
    for word in SECRETS:
        assert await town.tables_with(word) == []
    for table in (answers, talks, shares, reminders):
        assert await town.rows(select(func.count()).select_from(table)) == [(0,)]
    assert await town.rows(select(people).where(people.c.chat_id == CHATS["ann"])) == []


@pytest.mark.parametrize("before", [[], ["Stop, keep my answers"]])
async def test_a_tap_on_the_wrong_button_deletes_nothing(town: Town, before: list[str]) -> None:
    await town.person()
    await town.asked("share", matters="A marigold")
    await town.say("ann", *before, "Stop, delete everything", "Stop, delete everything")
    assert town.keys("ann") == ["Carry on", "Stop, keep my answers", "Yes, delete it all"]
    await town.press("ann", "Carry on")

    assert (await town.answers())["matters"] == "A marigold"
    assert "deleted everything" not in town.everything_on("ravi")


async def test_her_words_are_gone_from_the_file_itself(town: Town) -> None:
    await town.person()
    await town.share_everything(call_me="Annie", matters="A marigold")
    await town.say("ann", "Stop, delete everything", "Yes, delete it all")
    async with town.bot_away():
        kept = b"".join(file.read_bytes() for file in town.file.parent.glob("town.db*"))

    assert b"marigold" not in kept and b"Annie" not in kept


async def test_afterwards_she_is_a_stranger_and_can_be_invited_anew(town: Town) -> None:
    await town.person()
    await town.share_everything(call_me="Annie", matters="A marigold")
    await town.say("ann", "Stop, delete everything", "Yes, delete it all")
    assert (await town.say("ann", "What I said"))[0].startswith(STRANGER)
    assert await town.press("ravi", "My people") == [
        "My people\n\nNobody is here just now. People you invite will be here when they open their link."
    ]
    assert await town.press("ravi", "I have read this") == ["That is no longer here. Nothing has changed."]

    await town.person()
    assert "Hello Ann. I am a computer program." in town.newest("ann").text
    assert await town.answers() == {}


async def test_a_summary_and_a_note_that_still_wait_are_taken_back(town: Town) -> None:
    await town.person()
    await town.asked("share", matters="A marigold")
    async with town.bot_away():
        await town.app.store.open()
        for number, words in enumerate(
            ("Share with Ravi", "Write to Ravi", "A marigold?", "Yes, delete it all")
        ):
            await town.app.store.tx(say_unsent, town, number, words)
        await town.app.store.close()

    assert "marigold" not in town.everything_on("ravi")
    assert town.newest("ravi").text.startswith("Ann has stopped and deleted everything.")


async def test_nothing_comes_after_the_goodbye(town: Town) -> None:
    await town.person()
    await town.share_everything()
    async with town.bot_away():
        await town.app.store.open()
        await town.app.store.tx(let_ann_know, town, "Your talk with Ravi is on Monday.")
        await town.app.store.tx(say_unsent, town, 1, "Yes, delete it all")
        await town.app.store.close()

    assert town.newest("ann").text.startswith("Everything you told me is deleted.")
    assert "on Monday" not in town.everything_on("ann")


def let_ann_know(conn: Connection, town: Town, words: str) -> None:
    """What somebody else did waits to be told to Ann."""
    town.app.desk(conn, "told").let_know(town.who(conn, "ann"), Prompt(words))


def say_unsent(conn: Connection, town: Town, number: int, words: str) -> None:
    """Ann says this, and no message goes out."""
    heard = Heard(number, CHATS["ann"], said=Said(words, at=town.clock.now() // 1000 + number * 5))
    hear(town.app.desk(conn, f"unsent.{number}"), heard)


async def test_deleting_before_anything_was_shared_does_not_tell_ravi_what_he_never_had(town: Town) -> None:
    await town.person()
    await town.asked("matters", matters="A marigold")
    await town.press("ann", "Help", "Stop", "Stop, delete everything", "Yes, delete it all")

    assert town.newest("ravi").text == (
        "Ann has stopped and deleted everything. To begin again, they need a new link."
    )


async def test_saying_no_keeps_nothing_and_she_is_asked_anew_when_she_writes(town: Town) -> None:
    await town.person()
    await town.press("ann", "OK, next", "OK, next", "No, not now")
    assert town.newest("ann").text.startswith("That is fine. I will keep nothing of this.")
    for table in (answers, talks, reminders):
        assert await town.rows(select(func.count()).select_from(table)) == [(0,)]
    assert await town.press("ravi", "My people") == ["My people\n\nAnn: Has stopped"]

    assert "Hello Ann. I am a computer program." in (await town.say("ann", "Hello"))[0]
    await town.press("ann", "OK, next", "OK, next", "Yes, keep them")
    assert town.newest("ann").text.startswith("What would you like us to call you?")


@pytest.mark.parametrize("way_back", ["Carry on", "/start"])
async def test_stopping_keeps_her_answers_and_she_can_carry_on(town: Town, way_back: str) -> None:
    await town.person()
    await town.asked("working", matters="A marigold")
    await town.press("ann", "Help", "Stop", "Stop, keep my answers")
    assert (
        town.newest("ravi").text == "Ann has stopped for now. If a date is set, ask them if it still suits."
    )
    assert await town.press("ravi", "My people") == ["My people\n\nAnn: Has stopped"]
    assert (await town.say("ann", "turnip")) == [
        "We have stopped. Your answers are safe. You can carry on any time.",
        "You wrote “turnip”. Nobody has read it yet. Shall I pass it on to Ravi?",
    ]
    assert "working" not in await town.answers()

    assert (await town.say("ann", way_back))[-1].endswith("What is working well in your life?")
    assert (await town.answers())["matters"] == "A marigold"
    assert await town.press("ravi", "My people") == ["My people\n\nAnn: Getting ready"]


async def test_never_mind_does_not_start_a_talk_again_that_she_has_stopped(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    await town.press("ann", "Help", "Talk to a person", "Help", "Stop", "Stop, keep my answers")
    await town.press("ravi", "Write to Ann")
    await town.say("ravi", "All fine")
    await town.press("ann", "Write to Ravi", "Never mind")

    assert town.newest("ann").text == "That is fine. Nothing was sent."
    assert await town.press("ravi", "My people") == ["My people\n\nAnn: Has stopped"]
