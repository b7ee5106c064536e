"""The loops: in order, whole, and never ended by an error."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from bot import loops
from bot import worker as worker_module
from bot.clock import Clock
from bot.dialog.talk import Heard, Prompt, Said
from bot.errors import FileNeeded, SettingWrong
from bot.pace import Pace
from bot.store import database, incoming, outgoing
from bot.store.database import Store
from bot.store.letters import REMINDER, Dead, Delivered, InDoubt, NotSent, Outcome, Posted, Sending, Waiting
from bot.store.tables import inbox, metadata, outbox, teams
from bot.worker import Worker

ANN, RAVI, MO = 101, 102, 103
ON = 1_741_000_000

Hear = Callable[[Connection, Heard, int], None]


class World:
    """A worker with everything around it made up."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.store = Store("sqlite://", self.clock)
        self.hear: Hear = self.echo
        self.outcome: Callable[[Sending], Awaitable[Outcome]] = self.arrives
        self.fetch: Callable[[str], Awaitable[bytes]] = self.no_file
        self.due: Callable[[Connection, int], int] = lambda conn, now: 0
        self.heard: list[str] = []
        self.sent: list[str] = []
        self.settled: list[tuple[str, Outcome]] = []
        self.dead: list[tuple[int, str]] = []
        self.update = 0
        self.worker = self.new_worker(Pace(1e6, 1e6))

    def new_worker(self, pace: Pace) -> Worker:
        return Worker(
            self.store,
            self.clock,
            read=lambda update: Heard(
                update["update_id"], update["message"]["chat"]["id"], said=Said(update["message"]["text"])
            ),
            hear=lambda conn, heard, now: self.hear(conn, heard, now),
            send=self.send,
            fetch=lambda file: self.fetch(file),
            settled=lambda conn, sending, outcome, now: self.settled.append((sending.prompt.text, outcome)),
            dead_letter=lambda conn, waiting, error, now: self.bury(conn, waiting, error, now),
            due=lambda conn, now: self.due(conn, now),
            pace=pace,
        )

    def echo(self, conn: Connection, heard: Heard, now: int) -> None:
        self.heard.append(heard.said.text)
        outgoing.put_out(conn, heard.chat, [Prompt(f"you said {heard.said.text}")], f"u{heard.update}", now)

    def bury(self, conn: Connection, waiting: Waiting, error: str, now: int) -> None:
        self.dead.append((waiting.update_id, error))

    async def send(self, sending: Sending) -> Outcome:
        outcome = await self.outcome(sending)
        self.sent.append(sending.prompt.text)
        return outcome

    async def arrives(self, sending: Sending) -> Outcome:
        return Delivered(sending.id + 1000, ON)

    async def no_file(self, file: str) -> bytes:
        raise AssertionError("no file was sent")

    async def say(self, words: str, chat: int = ANN) -> int:
        self.update += 1
        update = {"update_id": self.update, "message": {"chat": {"id": chat}, "text": words}}
        await self.store.tx(incoming.put_in, [update], self.clock.now())
        self.worker.wake()
        return self.update

    async def remind(self, words: str, chat: int = ANN) -> None:
        await self.store.tx(
            outgoing.put_out, chat, [Prompt(words)], words, self.clock.now(), urgency=REMINDER, reminder=7
        )
        self.worker.wake()

    async def later(self, milliseconds: int = 60_000) -> None:
        """What follows when so much time has gone by."""
        self.clock.jump(self.clock.now() + milliseconds)
        await self.worker.idle()

    async def column(self, name: str) -> list[Any]:
        found = select(outbox.c[name]).order_by(outbox.c.id)
        return await self.store.tx(lambda conn: list(conn.scalars(found)))


@pytest.fixture(autouse=True)
def quick_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The migrations have tests of their own; here the tables are made at once."""
    monkeypatch.setattr(database, "migrate", metadata.create_all)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    await made.store.open()
    run = asyncio.create_task(made.worker.run())
    await asyncio.sleep(0)
    yield made
    await made.worker.stop()
    await asyncio.gather(run, return_exceptions=True)
    await made.store.close()


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not is_so():  # noqa: ASYNC110 - there is no event for what a test waits for
            await asyncio.sleep(0.01)


# ---- in ----


async def test_what_is_said_is_heard_once_and_answered_once(world: World) -> None:
    await world.say("hello")
    await world.worker.idle()
    await world.later()

    assert world.heard == ["hello"]
    assert world.sent == ["you said hello"]
    assert world.settled == [("you said hello", Delivered(1001, ON))]
    assert await world.column("state") == [Posted.SENT]


async def test_each_chat_is_heard_and_answered_in_its_own_order(world: World) -> None:
    said = [(f"{number}", chat) for number in range(6) for chat in (ANN, RAVI, MO)]
    for words, chat in said:
        await world.say(f"{chat} {words}", chat)
    await world.worker.idle()

    assert world.heard == [f"{chat} {words}" for words, chat in said]
    for chat in (ANN, RAVI, MO):
        theirs = [words for words in world.sent if words.startswith(f"you said {chat}")]
        assert theirs == [f"you said {chat} {number}" for number in range(6)]


def fails_at(world: World, words: str, times: int = 99) -> Hear:
    left = [times]

    def hear(conn: Connection, heard: Heard, now: int) -> None:
        conn.execute(teams.insert().values(name=f"half done: {heard.said.text}"))
        if heard.said.text == words and left[0]:
            left[0] -= 1
            raise ValueError(f"{words} is a secret")
        world.echo(conn, heard, now)

    return hear


async def test_a_poison_update_blocks_nobody_else_and_in_the_end_not_even_its_own_chat(world: World) -> None:
    world.hear = fails_at(world, "poison")
    await world.say("poison", ANN)
    await world.say("after it", ANN)
    await world.say("hello", RAVI)
    await world.worker.idle()
    first = list(world.heard)
    for _ in range(4):
        await world.later(2000)

    assert first == ["hello"]
    assert world.heard == ["hello", "after it"]
    [(update, error)] = world.dead
    assert update == 1
    assert error.startswith("ValueError at ")


async def test_a_failure_that_passes_is_made_good(world: World) -> None:
    world.hear = fails_at(world, "hello", times=2)
    await world.say("hello")
    await world.worker.idle()
    await world.later(1000)
    await world.later(1000)

    assert world.sent == ["you said hello"]
    assert world.dead == []


async def test_a_failed_try_leaves_nothing_half_done(world: World) -> None:
    world.hear = fails_at(world, "hello", times=1)
    await world.say("hello")
    await world.worker.idle()
    await world.later(1000)

    assert await world.store.tx(lambda conn: list(conn.scalars(select(teams.c.name)))) == ["half done: hello"]


async def test_a_failed_update_is_tried_again_without_anyone_asking(world: World) -> None:
    world.hear = fails_at(world, "hello", times=1)
    await world.say("hello")
    await until(lambda: world.heard)

    assert world.heard == ["hello"]


async def test_an_error_in_telling_of_a_dead_letter_does_not_bring_it_back(world: World) -> None:
    def bury(conn: Connection, waiting: Waiting, error: str, now: int) -> None:
        raise RuntimeError("nobody is in")

    world.bury = bury  # type: ignore[method-assign]
    world.hear = fails_at(world, "poison")
    await world.say("poison")
    for _ in range(5):
        await world.later(2000)
    await world.say("hello")
    await world.worker.idle()

    assert world.heard == ["hello"]


async def test_neither_words_nor_messages_of_errors_are_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    world.hear = fails_at(world, "poison")

    async def refuses(sending: Sending) -> Outcome:
        raise ValueError(sending.prompt.text)

    await world.say("poison")
    await world.say("a private thing", RAVI)
    world.outcome = refuses
    for _ in range(5):
        await world.later(2000)

    assert "update 1 is a dead letter" in caplog.text
    assert "message 1: Dead, ValueError at " in caplog.text
    assert "secret" not in caplog.text
    assert "private" not in caplog.text


async def test_a_file_is_fetched_while_others_go_on_and_then_heard_with_it(world: World) -> None:
    may_arrive = asyncio.Event()

    async def fetch(file: str) -> bytes:
        await may_arrive.wait()
        return file.upper().encode()

    def hear(conn: Connection, heard: Heard, now: int) -> None:
        if heard.said.text.startswith("file"):
            heard = Heard(heard.update, heard.chat, said=Said(world.worker.file(heard.said.text).decode()))
        world.echo(conn, heard, now)

    world.fetch, world.hear = fetch, hear
    await world.say("file 1", ANN)
    await world.say("after it", ANN)
    await world.say("hello", RAVI)
    await until(lambda: world.heard)
    meanwhile = list(world.heard)
    may_arrive.set()
    await world.worker.idle()

    assert meanwhile == ["hello"]
    assert world.heard == ["hello", "FILE 1", "after it"]
    assert world.worker._files == {}, "it is forgotten once it has been heard"


async def test_a_file_that_cannot_be_had_makes_a_dead_letter_after_five_tries(world: World) -> None:
    tries = []

    async def fetch(file: str) -> bytes:
        tries.append(file)
        raise OSError("no")

    def hear(conn: Connection, heard: Heard, now: int) -> None:
        if heard.said.text == "file":
            world.worker.file("f")
        world.echo(conn, heard, now)

    world.fetch, world.hear = fetch, hear
    await world.say("file")
    await world.say("after it")
    for _ in range(6):
        await world.later(2000)

    assert len(tries) == 5
    assert [update for update, _ in world.dead] == [1]
    assert world.heard == ["after it"]


async def test_an_action_that_asks_for_a_file_it_has_does_not_ask_for_ever(world: World) -> None:
    fetched = []

    async def fetch(file: str) -> bytes:
        fetched.append(file)
        return b"content"

    def hear(conn: Connection, heard: Heard, now: int) -> None:
        raise FileNeeded("f")

    world.fetch, world.hear = fetch, hear
    await world.say("file")
    for _ in range(6):
        await world.later(2000)

    assert fetched == ["f"]
    assert [update for update, _ in world.dead] == [1]


# ---- out ----


async def test_chats_are_sent_to_side_by_side_but_at_most_eight_at_once(world: World) -> None:
    goes_on = asyncio.Event()
    flying: list[int] = []
    most = 0

    async def slow(sending: Sending) -> Outcome:
        nonlocal most
        flying.append(sending.chat_id)
        most = max(most, len(flying))
        await goes_on.wait()
        flying.remove(sending.chat_id)
        return Delivered(1, ON)

    world.outcome = slow
    for chat in range(12):
        await world.say("hello", chat + 1)
    await until(lambda: len(flying) == 8 and len(world.heard) == 12)
    goes_on.set()
    await world.worker.idle()

    assert most == 8
    assert len(world.sent) == 12


async def test_a_slow_chat_does_not_hold_up_others(world: World) -> None:
    goes_on = asyncio.Event()

    async def slow(sending: Sending) -> Outcome:
        if sending.chat_id == ANN:
            await goes_on.wait()
        return Delivered(1, ON)

    world.outcome = slow
    await world.say("slow", ANN)
    await world.say("quick", RAVI)
    await until(lambda: world.sent)
    first = list(world.sent)
    goes_on.set()
    await world.worker.idle()

    assert first == ["you said quick"]


def answers(world: World, *outcomes: Outcome) -> None:
    """These outcomes in turn, then everything arrives."""
    left = list(outcomes)

    async def outcome(sending: Sending) -> Outcome:
        return left.pop(0) if left else Delivered(1, ON)

    world.outcome = outcome


async def test_a_message_that_was_not_sent_is_tried_until_it_is(world: World) -> None:
    answers(world, *[NotSent(10, "NetworkError")] * 7)
    await world.say("hello")
    await until(lambda: len(world.sent) == 8)
    await world.worker.idle()

    assert await world.column("state") == [Posted.SENT]
    assert await world.column("doubts") == [0]


async def test_a_chat_told_to_wait_waits_for_all_its_messages_and_others_do_not(world: World) -> None:
    answers(world, NotSent(600, "RetryAfter"))
    await world.say("one", ANN)
    await world.worker.idle()
    await world.say("two", ANN)
    await world.say("three", RAVI)
    await until(lambda: len(world.sent) == 2)
    meanwhile = list(world.sent)
    await until(lambda: len(world.sent) == 4)

    assert meanwhile == ["you said one", "you said three"]
    assert world.sent == ["you said one", "you said three", "you said one", "you said two"]


async def test_a_reminder_in_doubt_is_repeated_once_and_then_given_up_and_told(world: World) -> None:
    answers(world, InDoubt(100, "TimedOut"), InDoubt(100, "TimedOut"))
    await world.remind("tomorrow at ten")
    for _ in range(4):
        await world.later(1000)

    assert world.sent == ["tomorrow at ten"] * 2
    assert [type(outcome) for _, outcome in world.settled] == [InDoubt, Dead]
    assert await world.column("state") == [Posted.DEAD]


async def test_a_question_in_doubt_may_be_repeated_more_often(world: World) -> None:
    answers(world, *[InDoubt(100, "TimedOut")] * 3)
    await world.say("hello")
    for _ in range(5):
        await world.later(1000)

    assert len(world.sent) == 4
    assert await world.column("state") == [Posted.SENT]


async def test_a_blocked_person_gets_no_more_tries_and_others_hear_of_it(world: World) -> None:
    answers(world, Dead("Forbidden", blocked=True))
    await world.say("hello")
    await world.later()

    assert world.settled == [("you said hello", Dead("Forbidden", blocked=True))]
    assert len(world.sent) == 1


async def test_a_message_that_cannot_be_drawn_is_dead_and_the_next_one_goes(world: World) -> None:
    async def draws(sending: Sending) -> Outcome:
        if "broken" in sending.prompt.text:
            raise ValueError("cannot be drawn")
        return Delivered(1, ON)

    world.outcome = draws
    await world.say("broken")
    await world.say("whole")
    await world.worker.idle()

    assert await world.column("state") == [Posted.DEAD, Posted.SENT]


async def test_an_error_in_telling_of_an_outcome_does_not_send_the_message_again(world: World) -> None:
    def refuse(*_: Any) -> None:
        raise RuntimeError("nobody is in")

    world.worker._settled = refuse
    await world.say("hello")
    await world.worker.idle()
    await world.later()

    assert world.sent == ["you said hello"]
    assert await world.column("state") == [Posted.SENT]


async def test_a_refused_token_stops_the_worker_and_loses_nothing() -> None:
    world = World()
    await world.store.open()

    async def refused(sending: Sending) -> Outcome:
        raise SettingWrong("Telegram refuses the token.")

    world.outcome = refused
    await world.say("hello")
    with pytest.raises(SettingWrong):
        await asyncio.wait_for(world.worker.run(), 5)
    states, doubts = await world.column("state"), await world.column("doubts")
    await world.store.close()

    assert (states, doubts) == ([Posted.READY], [0])


async def test_after_a_crash_between_claim_and_answer_the_message_is_sent_again_and_marked() -> None:
    world = World()
    await world.store.open()
    await world.remind("tomorrow at ten")
    await world.store.tx(outgoing.claim, "crashed", world.clock.now(), 8)
    seen = []

    async def notes(sending: Sending) -> Outcome:
        seen.append((sending.prompt.text, sending.doubts))
        return Delivered(1, ON)

    world.outcome = notes
    run = asyncio.create_task(world.worker.run())
    await world.worker.idle()
    await world.worker.stop()
    await run
    await world.store.close()

    assert seen == [("tomorrow at ten", 1)]


async def test_a_message_that_crashes_the_program_again_and_again_is_given_up_unsent() -> None:
    world = World()
    await world.store.open()
    await world.remind("tomorrow at ten")
    for _ in range(2):
        await world.store.tx(outgoing.claim, "crashed", world.clock.now(), 8)
        await world.store.tx(outgoing.reclaim, world.clock.now(), True)
    run = asyncio.create_task(world.worker.run())
    await world.worker.idle()
    await world.worker.stop()
    await run
    await world.store.close()

    assert world.sent == []
    assert world.settled == [("tomorrow at ten", Dead("in doubt too often", blocked=False))]


async def test_a_worker_that_was_frozen_does_not_send_what_another_may_have(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "STALE", -1.0)
    await world.say("hello")
    await asyncio.sleep(0.1)
    meanwhile = list(world.sent)
    monkeypatch.setattr(worker_module, "STALE", 30.0)
    await world.worker.idle()

    assert meanwhile == []
    assert world.sent == ["you said hello"]
    assert await world.column("doubts") == [0]


async def test_a_send_that_never_ends_is_in_doubt(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "STALE", 0.05)

    async def hangs(sending: Sending) -> Outcome:
        await asyncio.sleep(60)
        raise AssertionError("somebody waited")

    world.outcome = hangs
    await world.say("hello")
    await until(lambda: world.settled)

    assert world.settled == [("you said hello", InDoubt(1000, "no answer"))]
    assert await world.column("doubts") == [1]


async def test_stopping_lets_what_is_on_its_way_arrive_and_takes_nothing_new(world: World) -> None:
    goes_on = asyncio.Event()

    async def slow(sending: Sending) -> Outcome:
        await goes_on.wait()
        return Delivered(1, ON)

    world.outcome = slow
    await world.say("one")
    await until(lambda: world.worker._flying)
    stop = asyncio.create_task(world.worker.stop())
    await asyncio.sleep(0.05)
    is_waiting = not stop.done()
    await world.say("two")
    goes_on.set()
    await stop

    assert is_waiting
    assert world.sent == ["you said one"]
    assert await world.column("state") == [Posted.SENT]
    assert world.heard == ["one"]


async def test_a_worker_stopped_before_it_began_ends_at_once(world: World) -> None:
    other = world.new_worker(Pace())
    await other.stop()
    await asyncio.wait_for(other.run(), 1)


# ---- what time brings ----


async def test_reminders_that_are_due_are_sent_without_anyone_writing(world: World) -> None:
    def due(conn: Connection, now: int) -> int:
        outgoing.put_out(conn, ANN, [Prompt("tomorrow at ten")], "r1", now, urgency=REMINDER, reminder=1)
        return 1

    world.due = due
    await until(lambda: world.sent)

    assert world.sent == ["tomorrow at ten"]


async def test_idle_waits_for_reminders_that_are_due_now(world: World) -> None:
    def due(conn: Connection, now: int) -> int:
        outgoing.put_out(conn, ANN, [Prompt("tomorrow at ten")], "r1", now, urgency=REMINDER, reminder=1)
        return 1

    await world.worker.idle()
    world.due = due
    await world.worker.idle()

    assert world.sent == ["tomorrow at ten"]


async def test_old_rows_are_purged_when_the_program_starts() -> None:
    world = World()
    await world.store.open()
    await world.say("long ago")
    await world.store.tx(incoming.done_in, 1, world.clock.now() - 9 * 24 * 3_600_000)
    run = asyncio.create_task(world.worker.run())
    await world.worker.idle()
    await asyncio.sleep(0.05)
    kept = await world.store.tx(lambda conn: list(conn.scalars(select(inbox.c.update_id))))
    await world.worker.stop()
    await run
    await world.store.close()

    assert kept == []


# ---- when the database is in trouble ----


def locked() -> OperationalError:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return OperationalError("BEGIN IMMEDIATE", {}, error)


async def test_trouble_with_the_database_ends_no_loop_and_is_no_fault_of_the_update(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_body = world.store.tx
    troubles: list[Any] = []

    async def troubled(body: Any, *args: Any, **kwargs: Any) -> Any:
        if len(troubles) < 12:
            troubles.append(body)
            raise locked()
        return await run_body(body, *args, **kwargs)

    monkeypatch.setattr(loops, "FIRST_PAUSE", 0.01)
    await world.say("hello")
    monkeypatch.setattr(world.store, "tx", troubled)
    await until(lambda: len(troubles) == 12)
    await until(lambda: bool(world.sent))
    await world.worker.idle()
    attempts = await run_body(lambda conn: conn.scalar(select(inbox.c.attempts)))

    assert len(troubles) == 12
    assert world.sent == ["you said hello"]
    assert attempts == 0


async def test_trouble_inside_an_action_is_no_failure_of_its_update(world: World) -> None:
    troubles: list[int] = []

    def hear(conn: Connection, heard: Heard, now: int) -> None:
        if len(troubles) < 2:
            troubles.append(1)
            raise locked()
        world.echo(conn, heard, now)

    world.hear = hear
    await world.say("hello")
    await until(lambda: world.heard)
    attempts = await world.store.tx(lambda conn: conn.scalar(select(inbox.c.attempts)))

    assert (world.heard, attempts) == (["hello"], 0)


async def test_an_outcome_is_written_down_however_long_the_database_is_in_trouble(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_body = world.store.tx
    troubles: list[Any] = []

    async def troubled(body: Any, *args: Any, **kwargs: Any) -> Any:
        if getattr(body, "__name__", "") == "_settle" and len(troubles) < 3:
            troubles.append(body)
            raise locked()
        return await run_body(body, *args, **kwargs)

    monkeypatch.setattr(loops, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(world.store, "tx", troubled)
    await world.say("hello")
    await world.worker.idle()

    assert len(troubles) == 3
    assert world.sent == ["you said hello"]
    assert await world.column("state") == [Posted.SENT]


async def test_a_bug_in_looking_for_reminders_does_not_stop_the_talking(world: World) -> None:
    def due(conn: Connection, now: int) -> int:
        raise KeyError("a bug")

    world.due = due
    world.worker.wake()
    await world.say("hello")
    await until(lambda: world.sent)

    assert world.sent == ["you said hello"]


# ---- pace ----


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_chat_gets_four_at_once_and_then_one_a_second() -> None:
    seconds = Seconds()
    pace = Pace(seconds=seconds)
    for _ in range(4):
        assert pace.held() == []
        pace.spend(ANN)

    assert pace.held() == [ANN]
    seconds.now = 0.9
    assert pace.held() == [ANN]
    seconds.now = 1.0
    assert pace.held() == []
    pace.spend(ANN)
    assert pace.held() == [ANN]


def test_everybody_together_gets_twenty_five_a_second() -> None:
    seconds = Seconds()
    pace = Pace(seconds=seconds)
    for chat in range(25):
        assert pace.room() == 25 - chat
        pace.spend(chat)

    assert pace.room() == 0
    seconds.now = 0.2
    assert pace.room() == 5
    seconds.now = 60
    assert pace.room() == 25, "what was not used is not saved up"


def test_a_chat_that_was_told_to_wait_is_held_until_then() -> None:
    seconds = Seconds()
    pace = Pace(seconds=seconds)
    pace.wait(ANN, 3)

    assert pace.held() == [ANN]
    assert pace.room() == 25
    seconds.now = 3.1
    assert pace.held() == []


def test_when_three_chats_are_told_to_wait_the_whole_bot_does() -> None:
    seconds = Seconds()
    pace = Pace(seconds=seconds)
    for chat, wait in ((ANN, 3), (RAVI, 5), (MO, 9)):
        pace.wait(chat, wait)

    assert pace.room() == 0
    seconds.now = 3.1
    assert pace.room() == 25
    assert pace.held() == [RAVI, MO]


def test_a_quiet_chat_takes_no_memory() -> None:
    seconds = Seconds()
    pace = Pace(seconds=seconds)
    for chat in range(1000):
        pace.spend(chat)
    seconds.now = 5
    pace.held()

    assert pace._chats == {}


async def test_the_worker_keeps_the_pace(world: World) -> None:
    paced = world.new_worker(Pace(chat_a_second=10))
    await world.worker.stop()
    for number in range(6):
        await world.say(str(number))
    started = asyncio.get_running_loop().time()
    run = asyncio.create_task(paced.run())
    await paced.idle()
    took = asyncio.get_running_loop().time() - started
    await paced.stop()
    await run

    assert len(world.sent) == 6
    assert took >= 0.2
