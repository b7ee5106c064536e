"""When the database is in trouble: it is waited out, nothing is lost, and nobody is blamed."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from bot import loops
from bot.dialog.talk import Heard, Prompt
from bot.store import boxes, outgoing
from bot.store.letters import REMINDER, Posted
from tests.worker.bench import ANN, RAVI, Bench, fails_at, holds, locked, until


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "FIRST_PAUSE", 0.01)


def trouble(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, times: int, where: Callable[..., bool] = lambda *_: True
) -> list[Any]:
    """The next so many transactions fail, perhaps only some; gives those that did."""
    run_body, failed = bench.store.tx, list[Any]()

    async def troubled(body: Any, *args: Any) -> Any:
        if len(failed) < times and where(*args):
            failed.append(body)
            raise locked()
        return await run_body(body, *args)

    monkeypatch.setattr(bench.store, "tx", troubled)
    return failed


async def test_trouble_with_the_database_ends_no_loop_and_is_no_fault_of_the_update(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.waits("hello")
    failed = trouble(bench, monkeypatch, 12)
    await until(lambda: len(failed) == 12)
    await until(lambda: bench.sent)
    await bench.worker.idle()

    assert bench.sent == ["you said hello"]
    assert await bench.incoming("attempts") == [0]


async def test_what_arrives_in_the_middle_of_trouble_is_answered_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = trouble(bench, monkeypatch, 8)
    said = [bench.said("one"), bench.said("two", RAVI)]

    async def bring(update: dict[str, Any]) -> None:
        for _ in range(20):
            try:
                await bench.worker.arrive([update])
            except Exception:  # as Telegram does: it comes again
                await asyncio.sleep(0.01)
            else:
                return

    await asyncio.gather(*map(bring, said))
    await bench.worker.idle()

    assert len(failed) == 8
    assert sorted(bench.sent) == ["you said one", "you said two"]


async def test_trouble_inside_an_action_is_no_failure_of_its_update(bench: Bench) -> None:
    troubles: list[int] = []

    def hear(conn: Connection, heard: Heard, at: int) -> None:
        if len(troubles) < 2:
            troubles.append(1)
            raise locked()
        bench.echo(conn, heard, at)

    bench.hear = hear
    await bench.waits("hello")
    await until(lambda: bench.sent)

    assert await bench.heard() == ["hello"]
    assert await bench.incoming("attempts") == [0]


async def test_an_outcome_that_cannot_be_written_down_at_once_is_written_later(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = trouble(bench, monkeypatch, 5, lambda *args: len(args) == 2 and not args[0] and bool(args[1]))
    for chat in (ANN, RAVI):
        await bench.say("hello", chat)
    await bench.worker.idle()

    assert len(failed) == 5
    assert bench.sent == ["you said hello"] * 2
    assert await bench.column("state") == [Posted.SENT] * 2
    assert await bench.column("doubts") == [0] * 2


async def test_an_outcome_that_comes_back_while_a_turn_fails_is_not_lost(bench: Bench) -> None:
    goes_on = holds(bench, ANN)
    await bench.say("hello", ANN)
    await until(lambda: bench.worker._posting.busy)

    def hear(conn: Connection, heard: Heard, at: int) -> None:
        goes_on.set()
        raise ValueError("a bug")

    bench.hear = hear
    await bench.say("poison", RAVI)
    await bench.worker.idle()

    assert bench.sent == ["you said hello"]
    assert await bench.column("state") == [Posted.SENT]


async def test_a_bug_in_looking_for_reminders_does_not_stop_the_talking(bench: Bench) -> None:
    def due(conn: Connection, at: int) -> int:
        raise KeyError("a bug")

    bench.due = due
    await bench.say("hello")
    await until(lambda: bench.sent)

    assert bench.sent == ["you said hello"]


# ---- reminders


def one_reminder(bench: Bench) -> None:
    def due(conn: Connection, at: int) -> int:
        outgoing.put_out(conn, ANN, [Prompt("tomorrow at ten")], "r1", at, urgency=REMINDER, reminder=1)
        return 1

    bench.due = due


async def test_reminders_that_are_due_are_sent_without_anyone_writing(bench: Bench) -> None:
    one_reminder(bench)
    await until(lambda: bench.sent)

    assert bench.sent == ["tomorrow at ten"]


async def test_idle_waits_for_reminders_that_are_due_now(bench: Bench) -> None:
    await bench.worker.idle()
    one_reminder(bench)
    await bench.worker.idle()

    assert bench.sent == ["tomorrow at ten"]


# ---- idle


async def test_idle_is_never_early_however_things_fall(
    anywhere: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Replies, poison, and a database in trouble now and then: when it is idle, all that was kept is done."""
    chances = [0]
    run_body = anywhere.store.tx

    async def shaky(body: Any, *args: Any) -> Any:
        chances[0] += 1
        if chances[0] % 5 == 0:
            raise locked()
        done = await run_body(body, *args)
        if chances[0] % 3 == 0:
            await asyncio.sleep(0.003)  # it is done in the database, and nobody here knows yet
        return done

    monkeypatch.setattr(anywhere.store, "tx", shaky)
    anywhere.hear = fails_at(anywhere, "poison")
    kept: list[str] = []

    async def bring(words: str, chat: int) -> None:
        """Telegram brings an update again until it is taken."""
        while True:
            with suppress(OperationalError):
                await anywhere.say(words, chat)
                kept.append(f"you said {words}")
                return

    for n in range(25):
        chats = range(n * 10, n * 10 + 4)
        talking = [bring(f"{chat} says {n}", chat) for chat in chats]
        poison = [bring("poison", 5000 + n)] if n % 4 == 0 else []
        await asyncio.gather(*talking, *poison)
        await anywhere.worker.idle()
        missing = [words for words in kept if words not in anywhere.sent and "poison" not in words]
        assert missing == [], f"idle was early in round {n}"

    assert len(kept) == 107, "not all of it was kept"


async def test_idle_looks_again_when_something_happened_while_the_database_was_asked(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reply is kept, and held by the pace, between the question to the database and its answer."""
    asked, may_answer = asyncio.Event(), asyncio.Event()
    run_body, has_work = bench.store.tx, boxes.has_work
    looked: list[bool] = []

    def look(conn: Connection, at: int) -> bool:
        looked.append(True)
        return has_work(conn, at)

    async def slow_answer(body: Any, *args: Any) -> Any:
        is_the_question = False

        def noted(*given: Any) -> Any:
            nonlocal is_the_question
            before = len(looked)
            done = body(*given)
            is_the_question = len(looked) > before
            return done

        done = await run_body(noted, *args)
        if is_the_question and not asked.is_set():
            asked.set()
            await may_answer.wait()
        return done

    await bench.worker.idle()
    monkeypatch.setattr(bench.store, "tx", slow_answer)
    monkeypatch.setattr(boxes, "has_work", look)
    monkeypatch.setattr(outgoing, "claim", lambda *_, **__: [])
    idle = asyncio.create_task(bench.worker.idle())
    await asked.wait()
    await bench.say("hello")
    may_answer.set()
    await asyncio.sleep(0.1)
    was_early = idle.done()
    monkeypatch.undo()
    await idle

    assert not was_early
    assert bench.sent == ["you said hello"]
