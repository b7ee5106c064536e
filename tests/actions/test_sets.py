"""Sets in use: several scripts as one talk, in two stages; other talks, and forms of the staff."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot.actions import publish
from bot.actions.desk import Desk, House
from bot.clock import Clock
from bot.dialog.sets import is_bundle
from bot.errors import ScriptProblems
from bot.people import Role
from bot.store import scripts
from bot.store.database import Store, one_at_a_time
from bot.store.inside import now
from bot.store.tables import answers, shares, talks
from tests import pg
from tests.ring import ring
from tests.talks import DIALOGS
from tests.town import Town

SETS = DIALOGS / "sets"
PARTS = ("begin_small", "my_place", "my_money", "end_small")


def text(name: str) -> str:
    return (SETS / f"{name}.yaml").read_text("utf-8")


async def in_use(town: Town, *names: str) -> None:
    """These files are published, in this order."""

    def published(conn: Connection, name: str) -> None:
        publish.publish_text(town.app.desk(conn, "test"), text(name), name)

    for name in names:
        await town.app.store.tx(published, name)


async def live(town: Town, name: str) -> scripts.StoredScript:
    kept = await town.app.store.tx(scripts.live, name)
    assert kept is not None
    return kept


async def small_talk(town: Town) -> None:
    """Ann has shared her first talk, and Ravi has begun the small one with her."""
    await town.person()
    await in_use(town, *PARTS, "small")
    await town.share_everything()
    await town.press("ravi", "My people", "Ann", "Ask Ann more", "A small talk")


async def shared_small_talk(town: Town) -> None:
    """The same, and she has answered and shared it."""
    await small_talk(town)
    await town.press("ann", "Yes, keep them", "At my home")
    await town.say("ann", "Singing")
    await town.press("ann", "Share with Ravi")


# ---- what is stored


async def test_a_set_keeps_its_scripts_as_they_were(town: Town) -> None:
    await in_use(town, *PARTS, "small")
    before = await live(town, "small")
    assert is_bundle(before.text) and "Where would you like to meet?" in before.text

    other = text("my_place").replace("Where would you like to meet?", "Where is it good to meet?")
    await town.admin()
    await town.send_file("gil", "my_place.yaml", other)
    await town.press("gil", "Publish it")
    after = await live(town, "small")
    assert (before.version, after.version, (await live(town, "my_place")).version) == (1, 2, 2)
    assert "Where is it good to meet?" in after.text
    kept = await town.app.store.tx(scripts.by_id, before.id)
    assert kept is not None and kept.text == before.text, "an older version never changes"


async def test_a_set_takes_the_newest_scripts_when_it_is_published(town: Town) -> None:
    await town.admin()
    await in_use(town, *PARTS)
    (told,) = await town.send_file("gil", "small.yaml", text("small"))
    assert told.startswith("“A small talk” has no problems. It has 5 questions.")
    other = text("my_place").replace("Where would you like to meet?", "Where is it good to meet?")
    draft = town.newest("gil").message_id
    await town.send_file("gil", "my_place.yaml", other)
    await town.press("gil", "Publish it")
    await town.do("gil", lambda: town.sandbox.press_on("gil", draft, "Publish it"))

    assert "Where is it good to meet?" in (await live(town, "small")).text


async def test_a_set_whose_script_is_not_there_is_refused(town: Town) -> None:
    await town.admin()
    (told,) = await town.send_file("gil", "small.yaml", text("small"))

    assert "my_place" in told and "Nothing has changed" in told
    assert await town.app.store.tx(scripts.live, "small") is None


async def test_a_script_that_would_break_a_set_is_refused(town: Town) -> None:
    await town.admin()
    await in_use(town, *PARTS, "small")
    twice = text("my_money").replace("id: spend", "id: likes")
    (told,) = await town.send_file("gil", "my_money.yaml", twice)

    assert "Nothing has changed" in told and "likes" in told
    assert (await live(town, "small")).version == 1


async def test_a_set_can_be_tried_whole_before_it_is_published(town: Town) -> None:
    await town.admin()
    await in_use(town, *PARTS)
    await town.send_file("gil", "small.yaml", text("small"))
    told = await town.press("gil", "Try it on my phone", "Yes, keep them", "At my home")
    told += await town.say("gil", "Skip", "Skip")
    assert any("What would you like to spend your money on?" in each for each in told), "both stages"

    assert await town.press("gil", "End the try-out") == ["The try-out is over. Nothing was kept."]
    assert await town.rows(select(answers)) == []


async def test_going_back_brings_the_whole_set_back_as_it_was(town: Town) -> None:
    await town.admin()
    await in_use(town, *PARTS, "small")
    first = await live(town, "small")
    other = text("my_place").replace("Where would you like to meet?", "Where is it good to meet?")
    await town.send_file("gil", "my_place.yaml", other)
    await town.press("gil", "Publish it", "Scripts", "A small talk", "Go back to version 1", "Publish it")

    newest = await live(town, "small")
    assert (newest.version, newest.text) == (3, first.text)


async def test_what_follows_for_people_in_a_set_is_told_when_one_of_its_scripts_changes(town: Town) -> None:
    await small_talk(town)
    await town.press("ann", "Yes, keep them", "On a video call")
    without = text("my_place").replace("          video: On a video call\n", "")
    (told,) = await town.send_file("gil", "my_place.yaml", without)
    assert "when it had “On a video call”" in told and (await live(town, "small")).version == 1

    more = text("my_place") + (
        "      - id: dislikes\n        kind: text\n        label: I do not like\n"
        "        ask: What do you not like?\n        why: We leave it out.\n"
        "        examples:\n          - Noise\n"
    )
    (told,) = await town.send_file("gil", "my_place.yaml", more)
    assert "1 person has begun it: 1 will be asked 1 more question, nobody is asked anything again." in told
    await town.press("gil", "Publish it")
    assert (await town.say("ann", "Singing"))[-1].endswith("What do you not like?")


async def test_the_first_talk_may_be_a_set(tmp_path: Path) -> None:
    folder = tmp_path / "dialogs"
    folder.mkdir()
    for name in PARTS:
        (folder / f"{name}.yaml").write_text(text(name))
    (folder / "a_set.yaml").write_text(text("small").replace("set: small", "set: first_talk"))
    (tmp_path / "town").mkdir()
    town = Town(tmp_path / "town", dialogs=folder)
    async with town.open():
        await town.person()
        assert town.heard("ann")[-1].endswith("May I keep your answers?")
        await town.press("ann", "Yes, keep them", "At my home")
        assert await town.answers() != {} and (await live(town, "first_talk")).version == 1


async def test_a_broken_file_stops_the_start_and_all_that_is_wrong_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "dialogs"
    folder.mkdir()
    (folder / "first_talk.yaml").write_text((DIALOGS / "first_talk.yaml").read_text("utf-8"))
    (folder / "one.yaml").write_text(text("my_place").replace("kind: text", "kind: texxt"))
    (folder / "two.yaml").write_text(text("my_money").replace("kind: text", "kind: tixt"))
    (tmp_path / "town").mkdir()
    with pytest.raises(ScriptProblems) as wrong:
        await Town(tmp_path / "town", dialogs=folder).found()

    assert "one.yaml, line 17" in str(wrong.value) and "two.yaml, line" in str(wrong.value)


# ---- the second stage


async def test_questions_of_the_second_stage_wait_for_the_first_meeting(town: Town) -> None:
    await small_talk(town)
    told = await town.press("ann", "Yes, keep them", "At my home")
    told += await town.say("ann", "Singing")
    told += await town.press("ann", "Share with Ravi")
    assert not any("money" in each for each in told)

    await town.press("ravi", "My people", "Ann")
    before = len(town.heard("ann"))
    (told_ravi,) = await town.press("ravi", "The first talk has happened")
    assert told_ravi == "Thank you. Ann will get a few more questions now."
    heard = town.heard("ann")[before:]
    assert heard[0] == "You have had your first talk. Here are a few more questions, when you like."
    assert heard[1].endswith("What would you like to spend your money on?")

    told = await town.say("ann", "Painting")
    assert "Painting" in told[-1] and "Share the change" in town.keys("ann"), "nothing is sent unasked"
    await town.press("ann", "Share the change")
    assert "Painting" in town.heard("ravi")[-1]


async def test_what_ann_writes_while_ravi_presses_is_no_answer_to_what_she_has_not_seen(town: Town) -> None:
    await shared_small_talk(town)
    await town.press("ravi", "My people", "Ann")
    async with town.bot_away():
        town.sandbox.press("ravi", "The first talk has happened")
        town.sandbox.say("ann", "My sister moved in with me")

    assert town.heard("ann")[-1].startswith("We wrote at the same time.")
    assert "spend" not in await town.answers()
    await town.say("ann", "Painting")
    assert (await town.answers())["spend"] == "Painting"


async def test_nor_when_her_words_at_the_end_were_kept_before(town: Town) -> None:
    await shared_small_talk(town)
    await town.say("ann", "My sister moved in with me")
    await town.press("ravi", "My people", "Ann")
    async with town.bot_away():
        town.sandbox.press("ravi", "The first talk has happened")
        town.sandbox.say("ann", "She brought her dog")

    assert "spend" not in await town.answers()


async def test_a_yes_from_before_she_could_read_what_is_asked_keeps_nothing(town: Town) -> None:
    await town.person()
    await in_use(town, *PARTS, "small")
    await town.share_everything()
    await town.press("ravi", "My people", "Ann", "Ask Ann more")
    async with town.bot_away():
        town.sandbox.press("ravi", "A small talk")
        town.sandbox.say("ann", "Yes")

    assert await town.answers() == {}
    assert town.heard("ann")[-1].endswith("May I keep your answers?")
    await town.press("ann", "Yes, keep them")
    assert (await town.answers())["may_keep"]["code"] == "yes"


async def test_the_button_works_once_and_only_for_her_key_contact(town: Town) -> None:
    await small_talk(town)
    ann = (await town.rows(select(talks.c.person)))[0].person
    for who in ("gil", "zed"):
        await town.forge(who, f"one/{ann}:been", f"one/{ann}:open", f"one/{ann}:more")
    assert {row.stage for row in await town.rows(select(talks.c.stage))} == {1}

    await town.press("ravi", "My people", "Ann", "The first talk has happened")
    before = len(town.heard("ann"))
    told = await town.forge("ravi", f"one/{ann}:been")
    assert told == ["I know. Ann has the questions for after the first talk."]
    assert len(town.heard("ann")) == before


async def test_without_a_second_stage_there_is_no_such_button(town: Town) -> None:
    await town.person()
    await town.press("ravi", "My people", "Ann")

    assert town.newest("ravi").buttons == [["Ask Ann more"], ["Write to Ann"], ["Set the date"]]


# ---- another talk


async def test_more_is_asked_only_when_the_talk_is_done(town: Town) -> None:
    await town.person()
    await in_use(town, *PARTS, "small")
    told = await town.press("ravi", "My people", "Ann", "Ask Ann more")
    assert told[-1] == "Ann is in the middle of a talk. You can ask more when it is done."

    await town.share_everything()
    await town.press("ravi", "My people", "Ann", "Ask Ann more")
    assert ["A small talk"] in town.newest("ravi").buttons
    before = len(town.heard("ann"))
    told = await town.press("ravi", "A small talk")
    assert told == ["Thank you. Ann will get the first question now."]
    heard = town.heard("ann")[before:]
    assert heard[0] == "Ravi would like to get ready for something with you. It is called “A small talk”."
    assert heard[-1].endswith("May I keep your answers?")
    assert (await town.press("ravi", "My people", "Ann", "Ask Ann more"))[-1].startswith(
        "Ann is in the middle"
    )


async def test_who_has_stopped_is_asked_first_and_loses_nothing(town: Town) -> None:
    await town.person()
    await in_use(town, *PARTS, "small")
    await town.asked("working", matters="My garden")
    await town.say("ann", "Stop, keep my answers")
    heard = len(town.heard("ann"))
    told = await town.press("ravi", "My people", "Ann", "Ask Ann more")
    assert told[-1] == "Ann has stopped for now. Shall I ask if they want to carry on?"
    assert town.newest("ravi").buttons == [["Yes, ask Ann"]] and town.heard("ann")[heard:] == []

    told = await town.press("ravi", "Yes, ask Ann", "Yes, ask Ann")
    assert told == ["I have asked Ann. I will tell you when they carry on."] * 2
    assert town.heard("ann")[heard:] == [
        "Ravi asks if you want to carry on. You decide. I kept your place."
    ], "she is asked once, however often he presses"
    assert town.keys("ann") == ["Carry on", "Talk to a person", "Stop, delete everything"]
    assert len(await town.rows(select(talks))) == 1, "nothing has begun"

    assert (await town.press("ann", "Carry on"))[-1].endswith("What is working well in your life?")
    assert "My garden" in (await town.say("ann", "What I said"))[-1]
    assert town.heard("ravi")[-1] == "Ann is carrying on with the talk."


async def test_after_she_said_something_he_can_ask_once_more(town: Town) -> None:
    await town.person()
    await town.say("ann", "Stop, keep my answers")
    await town.press("ravi", "My people", "Ann", "Ask Ann more", "Yes, ask Ann")
    await town.say("ann", "What I said")
    heard = len(town.heard("ann"))
    await town.press("ravi", "Yes, ask Ann")

    assert len(town.heard("ann")) == heard + 1


async def test_who_stops_while_he_is_still_typing_is_not_begun_with(town: Town) -> None:
    await town.person()
    await town.share_everything()
    await in_use(town, "check_in")
    await town.press("ravi", "My people", "Ann", "Ask Ann more", "How is it going?")
    await town.say("ravi", "tea with Mo")
    await town.say("ann", "Stop, keep my answers")
    heard = len(town.heard("ann"))
    assert (await town.say("ravi", "May"))[-1].startswith("Ann has stopped for now.")
    assert town.heard("ann")[heard:] == []

    await town.press("ann", "Carry on")
    told = await town.press("ravi", "Yes, ask Ann")
    assert told[-1] == "What would you like to ask Ann?", "he can go on from the old button"


async def test_an_old_button_begins_nothing_with_somebody_who_has_stopped(town: Town) -> None:
    await town.person()
    await town.share_everything()
    await in_use(town, *PARTS, "small")
    await town.press("ravi", "My people", "Ann", "Ask Ann more")
    await town.say("ann", "Stop, keep my answers")
    told = await town.press("ravi", "A small talk")

    assert told == ["Ann has stopped for now. Shall I ask if they want to carry on?"]
    assert len(await town.rows(select(talks))) == 1


async def test_what_is_known_before_is_said_by_the_key_contact_and_sealed(town: Town) -> None:
    await town.person()
    await town.share_everything()
    await in_use(town, "check_in")
    told = await town.press("ravi", "My people", "Ann", "Ask Ann more", "How is it going?")
    assert told[-1] == "First I need to know: agreed. An example: a walk on Sundays"
    before = len(town.heard("ann"))
    (asked,) = await town.say("ravi", "tea with Mo")
    assert asked == "First I need to know: when. An example: last spring"
    assert len(town.heard("ann")) == before, "she is not asked before all is known"
    await town.say("ravi", "May")

    told = await town.press("ann", "Yes, that is fine")
    assert told[-1].endswith("In May we agreed on tea with Mo. How is it going?")
    assert await town.tables_with("tea with Mo") in (["answers", "outbox"], ["answers"], ["inbox", "answers"])


async def test_the_key_contact_may_change_their_mind_before_it_begins(town: Town) -> None:
    await town.person()
    await town.share_everything()
    await in_use(town, "check_in")
    before = len(town.heard("ann"))
    await town.press("ravi", "My people", "Ann", "Ask Ann more", "How is it going?")
    await town.say("ravi", "tea with Mo")
    await town.press("ravi", "Never mind")
    assert len(town.heard("ann")) == before
    assert (await town.start("ann"))[-1].startswith("That is everything"), "her own talk is where it was"

    await town.press("ravi", "My people", "Ann", "Ask Ann more", "How is it going?")
    assert town.heard("ravi")[-1].startswith("First I need to know: agreed"), (
        "nothing is left of the first try"
    )


async def test_in_a_try_out_the_examples_of_the_script_are_used(town: Town) -> None:
    await town.admin()
    await town.send_file("gil", "check_in.yaml", text("check_in"))
    told = await town.press("gil", "Try it on my phone", "Yes, that is fine")

    assert told[-1].endswith("In last spring we agreed on a walk on Sundays. How is it going?")


async def test_a_year_on_what_was_said_then_is_offered_first(town: Town) -> None:
    await shared_small_talk(town)
    await in_use(town, "again")
    await town.press("ravi", "My people", "Ann", "Ask Ann more", "A year on")
    told = await town.press("ann", "Yes, keep them")
    assert "Last time you said: At my home" in told[-1]
    told = await town.press("ann", "Yes, still right", "Yes, still right")

    assert (await town.answers())["place"] == {"code": "home"}
    assert "Singing" in told[-1]


async def test_nobody_but_her_key_contact_begins_anything(town: Town) -> None:
    await town.person()
    await town.share_everything()
    await in_use(town, *PARTS, "small")
    ann = (await town.rows(select(talks.c.person)))[0].person
    number = (await live(town, "small")).id
    before = len(town.heard("ann"))
    for who in ("gil", "zed", "ann"):
        await town.forge(who, f"begin/{ann}/{number}:begin")

    assert len(await town.rows(select(talks))) == 1
    assert not any("A small talk" in each for each in town.heard("ann")[before:])
    assert "Ann" not in town.everything_on("zed")


async def test_who_deletes_everything_deletes_all_their_talks(town: Town) -> None:
    await town.person()
    await town.share_everything("ann", matters="My secret garden")
    await in_use(town, *PARTS, "small")
    await town.press("ravi", "My people", "Ann", "Ask Ann more", "A small talk")
    await town.press("ann", "Yes, keep them")
    await town.say("ann", "Stop, delete everything", "Yes, delete it all")

    assert await town.rows(select(talks)) == await town.rows(select(answers)) == []
    assert await town.rows(select(shares)) == []


# ---- forms


async def test_a_key_contact_fills_in_a_form_that_nobody_else_sees(town: Town) -> None:
    await town.key_contact()
    await in_use(town, "my_form")
    told = await town.press("ravi", "Forms", "How my week was", "Yes, that is fine")
    assert told[-1].endswith("How was your week?")
    told = await town.say("ravi", "Long, but good")
    assert "Keep it" in town.keys("ravi") and "Share with Ravi" not in town.keys("ravi")
    heard = town.heard("gil")
    (told_last,) = await town.press("ravi", "Keep it")
    assert told_last == "Thank you. I have kept it. Nobody else sees it."
    assert town.keys("ravi") == ["Invite a person", "My people", "Forms"]
    assert (town.heard("gil"), await town.rows(select(shares))) == (heard, [])
    assert (await town.answers("ravi"))["week"] == "Long, but good"
    assert (await town.say("ravi", "hello"))[-1].startswith("I did not understand that")


async def test_a_form_of_a_key_contact_who_gets_ready_too_goes_to_nobody(town: Town) -> None:
    await town.key_contact()
    await town.start("ravi", await town.link("gil", Role.PERSON))
    await town.asked("share", "ravi")
    await town.press("ravi", "Share with Gil")
    await in_use(town, "my_form")
    heard = town.heard("gil")
    await town.say("ravi", "Forms")
    await town.press("ravi", "How my week was", "Yes, that is fine")
    await town.say("ravi", "Ann was hard to reach")
    await town.press("ravi", "Keep it")

    assert town.heard("gil") == heard


async def test_deleting_a_form_leaves_the_key_contact_and_their_people(town: Town) -> None:
    await town.person()
    await town.share_everything()
    await in_use(town, "my_form")
    await town.press("ravi", "Forms", "How my week was", "Yes, that is fine")
    sure, told = await town.say("ravi", "Stop, delete everything", "Yes, delete it all")

    assert sure == "This deletes what you told me here. Nobody can get it back. Delete it?"
    assert told == "What you told me here is deleted."
    assert (await town.press("ravi", "My people"))[0] == "My people\n\nAnn: Has shared"
    assert len(await town.rows(select(talks))) == 1


async def test_the_doors_still_open_in_the_middle_of_a_form_and_it_can_be_gone_on_with(town: Town) -> None:
    await town.person()
    await in_use(town, "my_form")
    await town.press("ravi", "Forms", "How my week was", "Yes, that is fine")
    assert (await town.say("ravi", "My people"))[0].startswith("My people")
    told = await town.say("ravi", "Forms")
    told = await town.press("ravi", "How my week was")
    assert told[0] == "You are in the middle of a form. Finish it first, or stop it."
    assert told[-1].endswith("How was your week?")


async def test_a_form_is_offered_to_no_person_and_a_talk_to_no_staff(town: Town) -> None:
    await town.person()
    await town.share_everything()
    await in_use(town, "my_form", "check_in")
    await town.press("ravi", "My people", "Ann", "Ask Ann more")
    assert ["How my week was"] not in town.newest("ravi").buttons
    await town.say("ravi", "Forms")
    assert town.newest("ravi").buttons == [["How my week was"]]


async def test_help_in_a_form_goes_to_an_admin(town: Town) -> None:
    await town.key_contact()
    await in_use(town, "my_form")
    await town.press("ravi", "Forms", "How my week was")
    await town.say("ravi", "Talk to a person")

    assert town.heard("gil")[-1] == "Ravi wants to talk to a person. Can you get in touch today?"
    assert Role.KEY_CONTACT in (await town.app.store.tx(lambda conn: town.who(conn, "ravi"))).roles


# ---- several workers


async def test_two_workers_that_publish_two_scripts_of_a_set_at_once_lose_neither(server: pg.Server) -> None:
    url = server.fresh()
    stores = [Store(url, Clock(), ring()) for _ in range(2)]
    changed = {
        "my_place": text("my_place").replace("Where would you like to meet?", "Where is it good to meet?"),
        "my_money": text("my_money").replace("your money on?", "it on?"),
    }

    def first(conn: Connection) -> None:
        desk = Desk(conn, House("UTC"), now(conn), "first")
        publish.publish_texts(desk, None, {name: text(name) for name in (*PARTS, "small")})

    def one(conn: Connection, name: str) -> None:
        one_at_a_time(conn)
        publish.publish_texts(Desk(conn, House("UTC"), now(conn), name), None, {name: changed[name]})

    for store in stores:
        await store.open()
    await stores[0].tx(first)
    await asyncio.gather(*(store.tx(one, name) for store, name in zip(stores, changed, strict=True)))
    kept = await stores[0].tx(scripts.live, "small")
    for store in stores:
        await store.close()
    server.drop(url)

    assert kept is not None and kept.version == 3
    assert "Where is it good to meet?" in kept.text and "to spend it on?" in kept.text


async def test_a_date_still_shows_when_another_talk_has_begun_and_can_be_called_off(town: Town) -> None:
    await town.person()
    await in_use(town, *PARTS, "small")
    await town.share_everything()
    await town.press("ravi", "Set the date")
    await town.say("ravi", "12 March 2pm")
    await town.press("ravi", "Yes, tell Ann", "My people", "Ann", "Ask Ann more", "A small talk")
    told = await town.press("ravi", "My people", "Ann")
    assert told[0] == "My people\n\nAnn: Talk on Wednesday 12 March 2025, 2pm"
    assert ["Change the date"] in town.newest("ravi").buttons

    await town.press("ravi", "Call it off", "Yes, call it off")
    assert town.newest("ann").text.startswith("Your talk on Wednesday 12 March 2025, 2pm is called off.")
    assert (await town.press("ravi", "My people"))[-1] == "My people\n\nAnn: Getting ready"


async def test_ravi_is_not_told_that_somebody_out_of_reach_gets_more_questions(town: Town) -> None:
    await town.person()
    await in_use(town, *PARTS, "small")
    await town.share_everything()
    await town.do("ann", lambda: town.sandbox.block("ann"))
    told = await town.press("ravi", "My people", "Ann", "Ask Ann more", "A small talk")

    assert told[-1] == "I cannot reach Ann in this chat any more. Can you get in touch another way?"


async def test_talk_to_a_person_under_an_older_date_leaves_the_question_and_its_buttons(town: Town) -> None:
    await town.person()
    await in_use(town, *PARTS, "small")
    await town.share_everything()
    await town.press("ravi", "Set the date")
    await town.say("ravi", "12 March 2pm")
    await town.press("ravi", "Yes, tell Ann")
    under = town.newest("ann").message_id
    await town.press("ravi", "My people", "Ann", "Ask Ann more", "A small talk")
    await town.press("ann", "Yes, keep them")
    await town.do("ann", lambda: town.sandbox.press_on("ann", under, "Talk to a person"))

    assert town.newest("ravi").text == "Ann wants to talk to a person. Can you get in touch today?"
    assert "At my home" in town.keys("ann")
