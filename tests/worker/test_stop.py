"""Starting and stopping: nothing is lost, and what may have arrived is marked."""

import asyncio
from typing import Any

import pytest

from bot import worker as worker_module
from bot.clock import DAY
from bot.pace import UNHURRIED
from bot.store import incoming, outgoing
from bot.store.inside import now
from bot.store.letters import Dead, Delivered, Outcome, Posted, Sending, Waiting
from tests.worker.bench import ANN, ON, Bench, holds, locked, until


async def test_stopping_lets_what_is_on_its_way_arrive_and_takes_nothing_new(bench: Bench) -> None:
    goes_on = holds(bench)
    await bench.say("one")
    await until(lambda: bench.worker._posting.busy)
    stop = asyncio.create_task(bench.worker.stop())
    await bench.waits("two")
    await asyncio.sleep(0.05)
    is_waiting = not stop.done()
    goes_on.set()
    await stop

    assert is_waiting
    assert bench.sent == ["you said one"]
    assert await bench.column("state") == [Posted.SENT]
    assert await bench.heard() == ["one"]


async def test_a_send_that_hangs_holds_up_no_stop_and_is_in_doubt_at_the_next_start(
    idle_bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert worker_module.PATIENCE <= 8, "a stop must take less than ten seconds"
    monkeypatch.setattr(worker_module, "PATIENCE", 0.3)
    holds(idle_bench)
    async with asyncio.timeout(5), idle_bench.running():
        await idle_bench.say("hello")
        await until(lambda: idle_bench.worker._posting.busy)
    seen = []

    async def notes(sending: Sending) -> Outcome:
        seen.append((sending.prompt.text, sending.doubts))
        return Delivered(1, ON)

    idle_bench.outcome, idle_bench.worker = notes, idle_bench.new_worker()
    async with idle_bench.running():
        await idle_bench.worker.idle()

    assert seen == [("you said hello", 1)]


async def test_a_stop_ends_even_when_the_database_is_gone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    goes_on = holds(bench)
    await bench.say("hello")
    await until(lambda: bench.worker._posting.busy)
    run_body = bench.store.tx

    async def gone(*_: Any) -> Any:
        raise locked()

    monkeypatch.setattr(bench.store, "tx", gone)
    goes_on.set()
    async with asyncio.timeout(8):
        await bench.worker.stop()
    monkeypatch.setattr(bench.store, "tx", run_body)

    assert "1 messages will be in doubt" in caplog.text
    assert await bench.column("state") == [Posted.SENDING], "the next start will find it"


async def test_a_worker_stops_although_the_database_was_never_there(
    idle_bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_body = idle_bench.store.tx

    async def gone(*_: Any) -> Any:
        raise locked()

    monkeypatch.setattr(idle_bench.store, "tx", gone)
    async with asyncio.timeout(5), idle_bench.running():
        await asyncio.sleep(0.05)
    monkeypatch.setattr(idle_bench.store, "tx", run_body)


async def test_a_worker_stopped_before_it_began_ends_at_once(idle_bench: Bench) -> None:
    await idle_bench.worker.stop()
    await asyncio.wait_for(idle_bench.worker.run(), 1)


async def test_after_a_crash_between_claim_and_answer_the_message_is_sent_again_and_marked(
    idle_bench: Bench,
) -> None:
    await idle_bench.remind("tomorrow at ten")
    await idle_bench.store.tx(lambda conn: outgoing.claim(conn, "crashed", now(conn), 8, UNHURRIED))
    seen = []

    async def notes(sending: Sending) -> Outcome:
        seen.append((sending.prompt.text, sending.doubts))
        return Delivered(1, ON)

    idle_bench.outcome = notes
    async with idle_bench.running():
        await idle_bench.worker.idle()

    assert seen == [("tomorrow at ten", 1)]


async def test_a_message_that_crashes_the_program_again_and_again_is_given_up_unsent(
    idle_bench: Bench,
) -> None:
    await idle_bench.remind("tomorrow at ten")
    for _ in range(2):
        await idle_bench.store.tx(lambda conn: outgoing.claim(conn, "crashed", now(conn), 8, UNHURRIED))
        await idle_bench.store.tx(lambda conn: outgoing.reclaim(conn, now(conn), True))
    async with idle_bench.running():
        await idle_bench.worker.idle()

    assert idle_bench.sent == []
    assert idle_bench.settled == [("tomorrow at ten", Dead("in doubt too often", blocked=False))]


async def test_old_rows_are_purged_when_the_program_starts(idle_bench: Bench) -> None:
    await idle_bench.waits("long ago")
    old = Waiting(1, ANN, None, 0)
    await idle_bench.store.tx(lambda conn: incoming.done_in(conn, [old], now(conn) - 9 * DAY))
    async with idle_bench.running():
        await idle_bench.worker.idle()
        await asyncio.sleep(0.05)

    assert await idle_bench.incoming("update_id") == []


async def test_what_waited_while_the_bot_was_down_is_answered_at_the_start(idle_bench: Bench) -> None:
    for words in ("one", "two"):
        await idle_bench.waits(words)
    async with idle_bench.running():
        await idle_bench.worker.idle()

    assert idle_bench.sent == ["you said one", "you said two"]
