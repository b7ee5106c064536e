"""What was given up: somebody is told, once; and it can be tried again without doing harm."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, select, update

from bot import settings as setting
from bot import wording
from bot.actions import remind
from bot.cli import main
from bot.clock import Clock
from bot.dialog.talk import Heard, Prompt
from bot.people import Role
from bot.sandbox import Fault
from bot.store import boxes, dead, outgoing, people, screen
from bot.store.inside import now
from bot.store.letters import Box, DeadLetter, Fate, Posted
from bot.store.tables import chats, inbox, outbox, reminders
from tests import pg
from tests.town import CHATS, LONDON, Town

SORRY = wording.COULD_NOT
STUCK = wording.DEAD_LETTER.format(name="Ann")
NOT_ARRIVED = "One of my messages to {} did not arrive. Can you check with them?"
UNREACHABLE = "I cannot reach {} in this chat any more. Can you get in touch another way?"


@pytest.fixture
async def town(tmp_path: Path, empty_town: Path) -> AsyncIterator[Town]:
    """The town, in which something may stay wrong."""
    async with Town(tmp_path, empty_town).open() as opened:
        yield opened


def refuse(town: Town, *keys: str) -> None:
    """From now on Telegram refuses every message to these phones."""
    refused = {CHATS[key] for key in keys}
    town.sandbox.faults = lambda method, fields: (
        Fault(before=400) if method != "answerCallbackQuery" and fields.get("chat_id") in refused else None
    )


def stumble(town: Town, monkeypatch: pytest.MonkeyPatch, over: str) -> None:
    """From now on the program has a mistake, and cannot work out these words."""

    def broken(conn: Connection, heard: Heard, at: int) -> None:
        if heard.said.text == over:
            raise ValueError(f"{over} is private")
        town.app._hear(conn, heard, at)

    monkeypatch.setattr(town.app.worker, "_hear", broken)


def mend(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new version has no such mistake any more."""
    monkeypatch.setattr(town.app.worker, "_hear", town.app._hear)


async def give_up(town: Town) -> None:
    """All five tries go by."""
    for _ in range(5):
        await town.later(seconds=10)


async def letters(town: Town) -> list[DeadLetter]:
    return await town.app.store.tx(lambda conn: dead.letters(conn, now(conn)))


async def retry(town: Town, *names: dead.Name) -> list[DeadLetter]:
    done = await town.app.store.tx(lambda conn: dead.retry(conn, set(names) or None, now(conn)))
    town.app.worker._calls["work"].set()
    await town.settled()
    return done


# ---- an update is tried again


async def test_what_ann_said_is_tried_again_and_answers_the_question_on_her_screen(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.person()
    await town.asked("matters")
    stumble(town, monkeypatch, "My garden")
    await town.say("ann", "My garden")
    await give_up(town)
    [letter] = await letters(town)
    told = (town.heard("ann")[-1], town.heard("ravi")[-1])
    mend(town, monkeypatch)
    await retry(town)

    assert told == (SORRY, STUCK)
    assert (letter.box, letter.attempts, letter.fate) == (Box.IN, 5, Fate.MAY_GO)
    assert (await town.answers())["matters"] == "My garden"
    assert await letters(town) == []


async def test_several_are_tried_again_in_order_and_all_answer_the_question_she_saw(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.person()
    await town.asked("matters")
    monkeypatch.setattr(town.app.worker, "_read", lambda update: 1 / 0)
    await town.do("ann", lambda: town.sandbox.say("ann", "My garden"))
    await give_up(town)
    await town.do("ann", lambda: town.sandbox.say("ann", "The mornings"))
    await give_up(town)
    monkeypatch.undo()
    await retry(town)

    answers = await town.answers()
    assert answers["matters"].split("\n") == ["My garden", "The mornings"]
    assert "working" not in answers, "she has not been asked that yet"


async def test_what_ann_has_said_anew_since_then_is_not_overwritten_by_the_old_words(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.person()
    await town.asked("matters")
    stumble(town, monkeypatch, "My garden")
    await town.say("ann", "My garden")
    await give_up(town)
    mend(town, monkeypatch)
    await town.say("ann", "My cat")
    asked = town.heard("ann")[-1]
    [letter] = await retry(town)

    answers = await town.answers()
    assert letter.fate is Fate.OVERTAKEN
    assert answers["matters"] == "My cat" and "working" not in answers
    assert town.heard("ann")[-1] == asked


async def test_when_nobody_knows_any_more_what_came_after_it_stays(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.person()
    stumble(town, monkeypatch, "hello")
    await town.say("ann", "hello")
    await give_up(town)
    await town.later(days=9)
    await town.app.store.tx(lambda conn: boxes.purge(conn, now(conn)))

    assert [letter.fate for letter in await letters(town)] == [Fate.OLD]


async def test_a_strangers_update_can_still_be_opened_when_it_is_tried_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.admin()
    stumble(town, monkeypatch, "let me in")
    await town.say("zed", "hello", "let me in")
    await give_up(town)
    await town.later(days=2)
    gone = update(inbox).where(inbox.c.chat_id == CHATS["zed"], ~inbox.c.dead).values(done_at=1)
    await town.app.store.tx(lambda conn: conn.execute(gone).rowcount)
    await town.app.store.tx(lambda conn: conn.execute(outbox.delete()).rowcount)
    await town.app.store.tx(lambda conn: boxes.purge(conn, now(conn)))

    assert CHATS["zed"] in [row.chat_id for row in await town.rows(select(chats.c.chat_id))]
    assert [letter.fate for letter in await letters(town)] == [Fate.MAY_GO]


# ---- a message is tried again


async def test_the_summary_ravi_did_not_get_arrives_when_it_is_tried_again(town: Town) -> None:
    await town.person()
    await town.asked("share", matters="My garden")
    refuse(town, "ravi")
    await town.press("ann", "Share with Ravi")
    before = "garden" in town.everything_on("ravi")
    refuse(town)
    [letter] = await retry(town)

    assert (letter.box, letter.fate, before) == (Box.OUT, Fate.MAY_GO, False)
    assert "garden" in town.everything_on("ravi")
    assert town.heard("gil").count(NOT_ARRIVED.format("Ravi")) == 1
    assert await letters(town) == []


async def test_an_old_question_never_appears_below_a_newer_one(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    refuse(town, "ann")
    await town.say("ann", "My garden")
    refuse(town)
    await town.say("ann", "Back")
    asked = town.heard("ann")[-1]
    done = await retry(town)

    assert {letter.fate for letter in done} == {Fate.OVERTAKEN}
    assert town.heard("ann")[-1] == asked


async def test_a_question_that_is_tried_again_is_not_on_the_screen_before_it_arrives(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    refuse(town, "ann")
    await town.say("ann", "My garden")
    refuse(town)
    said_on = town.clock.now() // 1000

    def unseen(conn: Connection) -> tuple[bool, bool]:
        before = screen.unseen(conn, CHATS["ann"], said_on)
        dead.retry(conn, None, now(conn))
        return before, screen.unseen(conn, CHATS["ann"], said_on)

    assert await town.app.store.tx(unseen) == (False, True)
    await town.later(seconds=1)
    assert "working" in town.heard("ann")[-1]


async def test_a_message_in_doubt_too_often_is_sent_again_and_stays_in_doubt(town: Town) -> None:
    await town.person()
    await town.settled()

    def doubted(conn: Connection) -> list[str]:
        outgoing.put_out(conn, CHATS["ann"], [Prompt("hello")], "test", now(conn))
        worn_out = {"state": Posted.DEAD, "doubts": 4, "done_at": now(conn)}
        conn.execute(update(outbox).where(outbox.c.dedup == "test.0").values(worn_out))
        return [letter.error for letter in dead.retry(conn, None, now(conn))]

    assert await town.app.store.tx(doubted) == [""]
    await town.later(seconds=1)
    [row] = await town.rows(select(outbox.c.state, outbox.c.doubts).where(outbox.c.dedup == "test.0"))
    assert (row.state, row.doubts) == (Posted.SENT, 1)
    assert town.heard("ann")[-1] == "hello"


async def test_what_is_dropped_is_gone_and_no_longer_listed(town: Town) -> None:
    await town.person()
    refuse(town, "ann")
    await town.say("ann", "hello")
    found = await letters(town)
    names = [(letter.box, letter.id) for letter in found]
    await town.app.store.tx(lambda conn: dead.drop(conn, names, now(conn)))
    kept = await town.rows(select(outbox.c.payload).where(outbox.c.id.in_([number for _, number in names])))

    assert found and all(row.payload is None for row in kept)
    assert await letters(town) == []


async def test_of_somebody_who_wanted_nothing_kept_there_is_nothing_left_to_send(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.person()
    await town.asked("matters")
    stumble(town, monkeypatch, "My garden")
    await town.say("ann", "My garden")
    await give_up(town)
    await town.say("ann", "Stop", "Stop, delete everything", "Yes, delete it all")
    done = await retry(town)

    assert [letter.fate for letter in done] == [Fate.EMPTY]


async def test_a_summary_taken_back_while_it_is_on_its_way_is_not_kept_as_a_dead_letter(town: Town) -> None:
    await town.person()
    await town.asked("share", matters="My garden")
    took_back = asyncio.Event()

    def refused_late(conn: Connection) -> None:
        outgoing.take_back(conn, "talk.")

    send = town.app.worker._posting._send

    async def slow(sending):  # type: ignore[no-untyped-def]
        if sending.chat_id == CHATS["ravi"]:
            await town.app.store.tx(refused_late)
            took_back.set()
        return await send(sending)

    town.app.worker._posting._send = slow
    refuse(town, "ravi")
    await town.press("ann", "Share with Ravi")

    assert took_back.is_set()
    assert await letters(town) == []
    theirs = outbox.c.dedup.startswith("talk.")
    assert {row.payload for row in await town.rows(select(outbox.c.payload).where(theirs))} == {None}


# ---- somebody is told, once


async def test_a_message_to_ann_that_is_refused_is_told_to_ravi_once(town: Town) -> None:
    await town.person()
    refuse(town, "ann")
    await town.say("ann", "hello")
    await town.later(hours=1)

    assert town.heard("ravi").count(NOT_ARRIVED.format("Ann")) == len(await letters(town)) == 1


async def test_when_ann_has_no_key_contact_the_admins_hear_of_it(town: Town) -> None:
    await town.person()
    await town.app.store.tx(lambda conn: people.set_key_contact(conn, town.who(conn, "ann").id, None))
    refuse(town, "ann")
    await town.say("ann", "hello")

    assert town.heard("gil").count(NOT_ARRIVED.format("Ann")) == 1
    assert NOT_ARRIVED.format("Ann") not in town.heard("ravi")


async def test_when_ravi_is_out_of_reach_trouble_with_ann_goes_to_the_admins(town: Town) -> None:
    await town.person()
    await town.do("ravi", lambda: town.sandbox.block("ravi"))
    await town.do("ann", lambda: town.sandbox.block("ann"))

    assert town.heard("gil")[-2:] == [UNREACHABLE.format("Ravi"), UNREACHABLE.format("Ann")]


@pytest.mark.parametrize("why", ["blocked long ago", "refused"])
async def test_what_ann_shares_and_ravi_does_not_get_is_told_to_the_admins_each_time(
    town: Town, why: str
) -> None:
    await town.person()
    await town.asked("share", matters="My garden")
    if why == "refused":
        refuse(town, "ravi")
    else:
        await town.do("ravi", lambda: town.sandbox.block("ravi"))
    await town.press("ann", "Share with Ravi")

    assert town.heard("gil").count(NOT_ARRIVED.format("Ravi")) == 1
    assert "garden" not in town.everything_on("gil")


async def test_a_date_ann_does_not_hear_of_because_she_blocked_the_bot_is_told_to_ravi(town: Town) -> None:
    await town.person()
    await town.share_everything()
    await town.do("ann", lambda: town.sandbox.block("ann"))
    await town.press("ravi", "Set the date")
    await town.say("ravi", "12 March 2pm")
    await town.press("ravi", "Yes, tell Ann")

    assert town.heard("ravi").count(UNREACHABLE.format("Ann")) == 1
    assert town.heard("ravi")[-1] == NOT_ARRIVED.format("Ann")


async def test_two_admins_out_of_reach_are_not_told_of_each_other_for_ever(town: Town) -> None:
    await town.admin()
    await town.app.store.tx(lambda conn: _make_admin(town, conn))
    refuse(town, "gil", "mo")
    await town.say("gil", "hello")
    await town.later(minutes=1)

    assert len(await letters(town)) == 2, "his reply, and what the other admin was to hear of it"


def _make_admin(town: Town, conn: Connection) -> None:
    number = people.add(conn, CHATS["mo"], "Mo", "en", "Europe/London", now(conn))
    people.give_role(conn, number, people.first_team(conn, "Our team"), Role.ADMIN)


async def test_a_reminder_of_a_date_that_is_refused_is_told_to_ravi_once_and_never_sent_late(
    town: Town,
) -> None:
    await _with_a_date(town)
    refuse(town, "ann")
    await town.until(datetime(2025, 3, 11, 10, 1, tzinfo=LONDON))
    told = [each for each in town.heard("ravi") if "Can you check with them?" in each]
    refuse(town)
    [letter] = await retry(town)

    assert [each[:24] for each in told] == ["I could not remind Ann o"]
    assert (await town.reminders())[-1][1] == "dead"
    assert letter.fate is Fate.TOLD
    assert not any("tomorrow" in each for each in town.heard("ann"))


async def test_a_reminder_that_was_called_off_on_its_way_is_missed_by_nobody(town: Town) -> None:
    await _with_a_date(town)
    [(number,)] = await town.rows(select(reminders.c.id).where(reminders.c.rule == "tomorrow"))

    def called_off_then_refused(conn: Connection) -> tuple[bool, str]:
        conn.execute(update(reminders).where(reminders.c.id == number).values(state="cancelled"))
        told = remind.ended(town.app.desk(conn, "test"), number, is_sent=False)
        return told, conn.scalar(select(reminders.c.state).where(reminders.c.id == number)) or ""

    assert await town.app.store.tx(called_off_then_refused) == (False, "cancelled")


@pytest.mark.parametrize("is_sent", [True, False])
async def test_a_reminder_ends_even_when_what_follows_from_it_fails(
    town: Town, monkeypatch: pytest.MonkeyPatch, is_sent: bool
) -> None:
    await _with_a_date(town)

    def breaks(*_: object) -> bool:
        raise ValueError("a mistake")

    monkeypatch.setattr(remind, "_after", breaks)
    if not is_sent:
        refuse(town, "ann")
    await town.until(datetime(2025, 3, 11, 10, 1, tzinfo=LONDON))

    assert (await town.reminders())[-1][1] == ("sent" if is_sent else "dead")
    assert is_sent or town.heard("ravi")[-1] == NOT_ARRIVED.format("Ann"), "then in other words"


async def _with_a_date(town: Town) -> None:
    await town.person()
    await town.share_everything()
    await town.press("ravi", "Set the date")
    await town.say("ravi", "12 March 2pm")
    await town.press("ravi", "Yes, tell Ann")


# ---- the command


def environment(town: Town) -> dict[str, str]:
    return {
        setting.DATABASE: town.settings.database,
        setting.KEYS: str(town.settings.keys),
        setting.BACKUPS: str(town.settings.backup_folder),
    }


async def typed(town: Town, *words: str) -> Result:
    """What `beforehand WORDS` does while the bot runs."""
    return await asyncio.to_thread(CliRunner().invoke, main, words, env=environment(town))


async def typed_elsewhere(town: Town, *words: str) -> tuple[int, str]:
    """The same, as a program of its own."""
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words,
        env=os.environ | environment(town), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await program.communicate()
    return program.returncode or 0, said.decode()


async def test_the_list_can_be_read_while_the_bot_runs_and_names_nobody(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.person()
    stumble(town, monkeypatch, "My garden")
    await town.say("ann", "My garden")
    await give_up(town)
    refuse(town, "ann")
    await town.say("ann", "hello")
    listed = await typed(town, "dead")
    first, second = listed.stdout.splitlines()

    assert listed.exit_code == 0, listed.output
    assert first.startswith("out:") and "1 try  BadRequest" in first
    assert second.startswith("in:") and "5 tries  ValueError at " in second
    for private in ("garden", "hello", "Ann", str(CHATS["ann"])):
        assert private not in listed.output


async def test_with_a_file_the_bot_must_be_stopped_to_try_again_and_then_it_goes(town: Town) -> None:
    town.clock.jump(Clock().now())  # the command has no other clock
    await town.person()
    refuse(town, "ann")
    await town.say("ann", "hello")
    refuse(town)
    [letter] = await letters(town)
    running = await typed_elsewhere(town, "dead", "--retry", "all")
    async with town.bot_away():
        stopped = await typed_elsewhere(town, "dead", "--retry", f"out:{letter.id}")

    told = "Error: The bot is running on this file. Stop it, type this again, then start it.\n"
    assert running == (1, told)
    assert stopped == (0, f"out:{letter.id} is tried again.\n")
    assert await letters(town) == []
    assert (await typed(town, "dead")).output == "Nothing was given up.\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--retry", "in:99"), 1, "There is no dead letter in:99."),
        (("--drop", "out:5", "--drop", "in:99"), 1, "There is no dead letter in:99, out:5."),
        (("--drop", "5"), 2, '"5" is no letter. Write in:NUMBER, out:NUMBER or all.'),
        (("--drop", "all", "--retry", "all"), 2, "Say --retry or --drop, not both."),
    ],
)
async def test_a_letter_that_is_not_there_is_named(
    town: Town, words: tuple[str, ...], code: int, said: str
) -> None:
    wrong = await typed(town, "dead", *words)

    assert (wrong.exit_code, said in wrong.stderr) == (code, True), wrong.output


async def test_on_postgresql_letters_are_tried_again_while_the_bot_runs(
    tmp_path: Path, server: pg.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = Town(tmp_path)
    town.settings = replace(town.settings, database=server.fresh(), backups=str(tmp_path / "backups"))
    town.app = town._app()
    town.clock.jump(Clock().now())  # the command has no other clock
    async with town.open():
        await town.person()
        await town.asked("matters")
        stumble(town, monkeypatch, "My garden")
        await town.say("ann", "My garden")
        await give_up(town)
        refuse(town, "ravi")
        await town.press("ann", "Help", "Talk to a person")
        mend(town, monkeypatch)
        refuse(town)
        found = {letter.box: letter for letter in await letters(town)}
        code, said = await typed_elsewhere(town, "dead", "--retry", "all")
        await town.later(minutes=2)
        left = await letters(town)

    assert (found[Box.IN].fate, found[Box.OUT].fate) == (Fate.OVERTAKEN, Fate.MAY_GO)
    assert (code, sorted(said.splitlines())) == (
        0,
        sorted(
            [
                f"in:{found[Box.IN].id} stays, {Fate.OVERTAKEN}.",
                f"out:{found[Box.OUT].id} is tried again.",
            ]
        ),
    )
    assert "wants to talk to a person" in town.heard("ravi")[-1]
    assert [letter.box for letter in left] == [Box.IN]
