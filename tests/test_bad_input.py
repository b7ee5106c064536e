"""Whatever arrives: a sensible reply, and nothing that was said before is lost."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import Connection, update

from bot.dialog.talk import Prompt
from bot.people import Role
from bot.store import outgoing
from bot.store.inside import now
from bot.store.tables import outbox
from tests.town import CHATS, Town

SAID = {"call_me": "Annie", "place": "at my home", "get_on_with": "Jane"}
ONLY_WORDS = (
    "Thank you for sending that. I can only keep words here for now. Can you write it, or ask someone to?"
)
EARLIER = "That button is from an earlier question. Nothing has changed."
MATTERS = "What matters most to you?"
WORKING = "What is working well in your life?"


async def at_matters(town: Town) -> None:
    """Ann has said a few things and is asked what matters."""
    await town.person()
    await town.asked("matters", **SAID)


async def nothing_is_lost(town: Town) -> bool:
    """What she said before is in the table and on the screen when she asks."""
    kept = await town.answers()
    told = "\n".join(await town.say("ann", "What I said"))
    return (
        (kept["call_me"], kept["place"], kept["get_on_with"]) == ("Annie", {"code": "home"}, "Jane")
        and "Call me: Annie" in told
        and "Where: At my home" in told
        and "I get on well with: Jane" in told
    )


WORDS = ["🙂🙂🙂", "حديقتي في المنزل", "<b>My</b> *garden* _&_ [cat](x) </b>", "/garden", "-"]


@pytest.mark.parametrize("words", WORDS)
async def test_any_words_are_kept_exactly_as_they_are(town: Town, words: str) -> None:
    await at_matters(town)
    told = await town.say("ann", words)

    assert told[-1].endswith(WORKING) and (await town.answers())["matters"] == words
    assert await nothing_is_lost(town)
    assert f"What matters to me: {words}" in town.newest("ann").text


@pytest.mark.parametrize("words", ["\u200b", "\u2800\u2800"])
async def test_words_that_cannot_be_seen_get_an_answer_too(town: Town, words: str) -> None:
    await at_matters(town)
    told = await town.do("ann", partial(town.sandbox.say, "ann", words))

    assert len(told) == 1 and await nothing_is_lost(town)


async def test_ten_thousand_characters_are_one_answer_and_nothing_else_is_asked(town: Town) -> None:
    await at_matters(town)
    story = "".join(f"word{n} " for n in range(1200))
    told = await town.say("ann", story)

    assert len(told) == 1 and told[0].endswith(WORKING)
    kept = await town.answers()
    assert kept["matters"].split() == story.split() and "working" not in kept
    assert await nothing_is_lost(town)
    await town.say("ann", "My new chair")
    assert (await town.answers())["working"] == "My new chair"


def _photo(town: Town) -> object:
    return town.sandbox.send_photo("ann")


def _voice(town: Town) -> object:
    return town.sandbox.send_voice("ann")


def _sticker(town: Town) -> object:
    return town.sandbox.send_sticker("ann")


def _number(town: Town) -> object:
    return town.sandbox.send_contact("ann")


def _file(town: Town) -> object:
    return town.sandbox.send_document("ann", "garden.pdf", b"%PDF")


@pytest.mark.parametrize("sends", [_photo, _voice, _sticker, _number, _file])
async def test_what_is_no_words_is_thanked_for_and_the_question_comes_again(
    town: Town, sends: Callable[[Town], object]
) -> None:
    await at_matters(town)

    assert await town.do("ann", partial(sends, town)) == [f"{ONLY_WORDS}\n\n{MATTERS}"]
    assert "matters" not in await town.answers() and await nothing_is_lost(town)


async def test_an_edited_message_changes_nothing_and_says_how_to_change_an_answer(town: Town) -> None:
    await at_matters(town)
    await town.say("ann", "My gardn")
    mine = [shown for shown in town.sandbox.screen("ann") if shown.mine][-1].message_id
    (told,) = await town.do("ann", lambda: town.sandbox.edit("ann", mine, "My garden"))

    assert told.startswith("I cannot see changes to an old message. Tap Help, then Change an answer.")
    assert (await town.answers())["matters"] == "My gardn" and await nothing_is_lost(town)


async def test_two_quick_taps_answer_one_question(town: Town) -> None:
    await at_matters(town)
    told = await town.do("ann", *[partial(town.sandbox.press, "ann", "Skip")] * 2)

    kept = await town.answers()
    assert len(told) == 1 and kept["matters"] is None and "working" not in kept
    assert await nothing_is_lost(town)


async def test_done_pressed_twice_answers_one_question(town: Town) -> None:
    await town.person()
    await town.asked("days", call_me="Annie")
    under = town.newest("ann").message_id
    tick = partial(town.sandbox.press_on, "ann", under, "Friday")
    await town.do("ann", tick)
    done = partial(town.sandbox.press_on, "ann", under, "Done")
    await town.do("ann", done, done)

    kept = await town.answers()
    assert kept["days"]["codes"] == ["friday"] and "time_of_day" not in kept
    assert kept["call_me"] == "Annie"


async def test_a_tap_on_last_weeks_button_gets_a_gentle_answer(town: Town) -> None:
    await town.person()
    await town.asked("days", call_me="Annie")
    under = town.newest("ann").message_id
    await town.say("ann", "Friday", "Skip")
    await town.later(days=7)
    told = await town.do("ann", lambda: town.sandbox.press_on("ann", under, "Tuesday"))

    assert told[0].startswith(EARLIER) and told[0].endswith("When should we not meet?")
    kept = await town.answers()
    assert kept["days"]["codes"] == ["friday"] and kept["call_me"] == "Annie"


@pytest.mark.parametrize("data", ["1/matters:x", "1/days:nonsense", "9/days:friday", "1:x", ":", "x" * 64])
async def test_a_button_that_was_never_there_changes_nothing(town: Town, data: str) -> None:
    await at_matters(town)
    before = await town.answers()
    await town.forge("ann", data if ":" in data else f"{data[:60]}:x")

    assert await town.answers() == before and await nothing_is_lost(town)


async def test_start_in_the_middle_shows_the_question_again(town: Town) -> None:
    await at_matters(town)

    assert await town.start("ann") == [MATTERS]
    assert await nothing_is_lost(town)


async def test_the_same_update_twice_counts_once(town: Town) -> None:
    await at_matters(town)
    update = written(town, 2_000_000_001, "My garden")
    arrives = partial(town.sandbox.add_update, update)
    told = await town.do("ann", arrives, arrives)
    again = await town.do("ann", arrives)

    kept = await town.answers()
    assert len(told) == 1 and again == [] and kept["matters"] == "My garden" and "working" not in kept
    assert await nothing_is_lost(town)


async def test_updates_out_of_order_are_put_in_order(town: Town) -> None:
    await at_matters(town)
    first, second = (
        written(town, 2_000_000_001, "My garden", at=5),
        written(town, 2_000_000_002, "Skip", at=9),
    )
    await town.do("ann", partial(town.sandbox.add_update, second), partial(town.sandbox.add_update, first))

    kept = await town.answers()
    assert kept["matters"] == "My garden"
    assert await nothing_is_lost(town)


def written(town: Town, number: int, words: str, at: int = 0) -> dict[str, object]:
    """An update as Telegram would send it."""
    who = {"id": CHATS["ann"], "is_bot": False, "first_name": "Ann"}
    chat = {"id": CHATS["ann"], "type": "private", "first_name": "Ann"}
    message = {"message_id": number % 1000 + 900, "date": town.clock.now() // 1000 + at, "text": words}
    return {"update_id": number, "message": {**message, "chat": chat, "from": who}}


async def test_two_phones_of_one_person_do_not_answer_twice(town: Town) -> None:
    """Both press Skip a few seconds apart, before either sees a reply."""
    await at_matters(town)
    async with town.bot_away():
        town.sandbox.press("ann", "Skip")
        await town.later(seconds=5)
        town.sandbox.press("ann", "Skip")
        await town.later(seconds=5)

    kept = await town.answers()
    assert kept["matters"] is None and "working" not in kept
    assert await nothing_is_lost(town)


async def test_a_second_phone_with_an_older_list_of_ticks_shows_the_truth(town: Town) -> None:
    await town.person()
    await town.asked("days", call_me="Annie")
    under = town.newest("ann").message_id
    await town.do("ann", partial(town.sandbox.press_on, "ann", under, "Friday"))
    await town.do("ann", partial(town.sandbox.press_on, "ann", under, "Tuesday"))

    labels = [row[0] for row in town.newest("ann").buttons]
    assert [label for label in labels if label.startswith("✓")] == ["✓ Tuesday", "✓ Friday"]


async def test_a_stranger_in_the_middle_of_it_all_disturbs_nobody(town: Town) -> None:
    await at_matters(town)
    told = await town.say("zed", "What I said", "Skip")

    assert all(each.startswith("Hello. I help people get ready") for each in told)
    assert "Jane" not in town.everything_on("zed") and await nothing_is_lost(town)


async def test_someone_elses_link_does_not_move_her_to_another_key_contact(town: Town) -> None:
    await at_matters(town)
    await town.key_contact("mo")
    told = await town.start("ann", await town.link("mo", Role.PERSON))

    assert told == ["You are here already, so the link is not needed.", MATTERS]
    assert (await town.press("mo", "My people"))[0].endswith(
        "Nobody is here just now. People you invite will be here when they open their link."
    )
    assert await nothing_is_lost(town)


async def test_the_words_under_a_photo_are_kept(town: Town) -> None:
    await at_matters(town)
    await town.do("ann", lambda: town.sandbox.send_photo("ann", caption="My garden"))

    assert (await town.answers())["matters"] == "My garden"
    assert await nothing_is_lost(town)


async def test_an_answer_to_a_question_she_sees_stays_there_while_the_same_question_is_on_its_way_again(
    town: Town,
) -> None:
    await town.person()
    await town.asked("matters")
    await town.say("ann", "Walks")
    await town.app.store.tx(_a_repeat_is_on_its_way)
    await town.say("ann", "My garden")

    assert await town.answers() | {"matters": "Walks", "working": "My garden"} == await town.answers()


def _a_repeat_is_on_its_way(conn: Connection) -> None:
    """As after "Why", when Telegram is slow: the newest reply has not arrived."""
    when = now(conn)
    outgoing.put_out(conn, CHATS["ann"], [Prompt("What is working well?")], "u999999999.1", when)
    conn.execute(update(outbox).where(outbox.c.dedup == "u999999999.1.0").values(due_at=when + 3_600_000))
