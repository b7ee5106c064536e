"""What goes out: side by side, in order within a chat, each outcome told apart."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import Connection

from bot import posting
from bot.dialog.talk import Prompt
from bot.errors import SettingWrong
from bot.pace import UNHURRIED
from bot.posting import AT_ONCE
from bot.store import outgoing
from bot.store.inside import now
from bot.store.letters import LEASE, REMINDER, Dead, Delivered, InDoubt, NotSent, Outcome, Posted, Sending
from tests.worker.bench import ANN, MO, ON, RAVI, Bench, answers, holds, until


async def test_chats_are_sent_to_side_by_side_but_not_without_end(bench: Bench) -> None:
    flying: list[int] = []
    most = 0
    goes_on = asyncio.Event()

    async def slow(sending: Sending) -> Outcome:
        nonlocal most
        flying.append(sending.chat_id)
        most = max(most, len(flying))
        await goes_on.wait()
        flying.remove(sending.chat_id)
        return Delivered(1, ON)

    bench.outcome = slow
    await bench.say_all(*(("hello", chat) for chat in range(1, AT_ONCE + 11)))
    await until(lambda: len(flying) == AT_ONCE and len(bench.tried) == AT_ONCE + 10)
    goes_on.set()
    await bench.worker.idle()

    assert most == AT_ONCE
    assert len(bench.sent) == AT_ONCE + 10


async def test_a_slow_chat_does_not_hold_up_others(bench: Bench) -> None:
    goes_on = holds(bench, ANN)
    await bench.say("slow", ANN)
    await bench.say("quick", RAVI)
    await until(lambda: bench.sent)
    first = list(bench.sent)
    goes_on.set()
    await bench.worker.idle()

    assert first == ["you said quick"]


async def test_a_message_that_was_not_sent_is_tried_until_it_is(bench: Bench) -> None:
    answers(bench, *[NotSent(10, "NetworkError")] * 7)
    await bench.say("hello")
    for _ in range(8):
        await bench.later(1000)

    assert len(bench.sent) == 8
    assert await bench.column("state") == [Posted.SENT]
    assert await bench.column("doubts") == [0]


async def test_a_message_that_was_not_sent_goes_again_without_anyone_asking(bench: Bench) -> None:
    answers(bench, NotSent(10, "NetworkError"))
    await bench.say("hello")
    await until(lambda: len(bench.sent) == 2)


async def test_a_reminder_in_doubt_is_repeated_once_and_then_given_up_and_told(bench: Bench) -> None:
    answers(bench, InDoubt(100, "TimedOut"), InDoubt(100, "TimedOut"))
    await bench.remind("tomorrow at ten")
    for _ in range(4):
        await bench.later(1000)

    assert bench.sent == ["tomorrow at ten"] * 2
    assert bench.settled == [("tomorrow at ten", Dead("in doubt too often: TimedOut", blocked=False))]
    assert await bench.column("state") == [Posted.DEAD]


async def test_a_question_in_doubt_may_be_repeated_more_often(bench: Bench) -> None:
    answers(bench, *[InDoubt(100, "TimedOut")] * 3)
    await bench.say("hello")
    for _ in range(5):
        await bench.later(1000)

    assert len(bench.sent) == 4
    assert await bench.column("state") == [Posted.SENT]


async def test_a_reminder_that_arrived_is_told(bench: Bench) -> None:
    await bench.remind("tomorrow at ten")
    await bench.worker.idle()

    assert bench.settled == [("tomorrow at ten", Delivered(1001, ON))]


async def test_a_blocked_person_gets_no_more_tries_and_others_hear_of_it(bench: Bench) -> None:
    answers(bench, Dead("Forbidden", blocked=True))
    await bench.say("hello")
    await bench.later()

    assert bench.settled == [("you said hello", Dead("Forbidden", blocked=True))]
    assert len(bench.sent) == 1


async def test_a_message_that_cannot_be_drawn_is_dead_and_the_next_one_goes(bench: Bench) -> None:
    async def draws(sending: Sending) -> Outcome:
        if "broken" in sending.prompt.text:
            raise ValueError("cannot be drawn")
        return Delivered(1, ON)

    bench.outcome = draws
    await bench.say_all(("broken", ANN), ("whole", ANN))
    await bench.worker.idle()

    assert await bench.column("state") == [Posted.DEAD, Posted.SENT]


async def test_an_error_in_telling_of_an_outcome_does_not_send_the_message_again(bench: Bench) -> None:
    def refuse(*_: Any) -> None:
        raise RuntimeError("nobody is in")

    bench.settle = refuse
    await bench.remind("tomorrow at ten")
    await bench.worker.idle()
    await bench.later()

    assert bench.sent == ["tomorrow at ten"]
    assert await bench.column("state") == [Posted.SENT]


async def test_a_refused_token_stops_the_worker_and_loses_nothing(idle_bench: Bench) -> None:
    async def refused(sending: Sending) -> Outcome:
        raise SettingWrong("Telegram refuses the token.")

    idle_bench.outcome = refused
    for chat in (ANN, RAVI, MO):
        await idle_bench.waits("hello", chat)
    with pytest.raises(SettingWrong):
        await asyncio.wait_for(idle_bench.worker.run(), 5)

    assert await idle_bench.column("state") == [Posted.READY] * 3
    assert await idle_bench.column("doubts") == [0] * 3


# ---- who has it


async def test_a_worker_that_was_frozen_does_not_send_what_another_may_have(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "STALE", -1.0)
    await bench.say("hello")
    await asyncio.sleep(0.1)
    meanwhile = list(bench.sent)
    monkeypatch.setattr(posting, "STALE", 30.0)
    await bench.later(1000)

    assert meanwhile == []
    assert bench.sent == ["you said hello"]
    assert await bench.column("doubts") == [0]


async def test_a_send_that_never_ends_is_in_doubt(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "STALE", 0.05)
    holds(bench)
    await bench.say("hello")
    await bench.worker.idle()

    assert await bench.column("error") == ["no answer"]
    assert await bench.column("doubts") == [1]
    assert await bench.column("state") == [Posted.READY]


async def test_a_message_that_comes_back_after_another_took_it_over_changes_nothing(
    anywhere: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    goes_on = holds(anywhere)
    await anywhere.remind("tomorrow at ten")
    anywhere.worker._calls["work"].set()
    await until(lambda: anywhere.worker._posting.busy)

    def take_over(conn: Connection) -> list[Sending]:
        at = now(conn) + 2 * LEASE
        outgoing.reclaim(conn, at)
        return outgoing.claim(conn, "another", at, 8, UNHURRIED)

    [theirs] = await anywhere.store.tx(take_over)
    goes_on.set()
    await until(lambda: "taken over" in caplog.text)

    assert theirs.doubts == 1
    assert await anywhere.column("owner") == ["another"]
    assert await anywhere.column("state") == [Posted.SENDING]
    assert anywhere.settled == [], "what the other worker will say was said by this one"
    await anywhere.store.tx(lambda conn: outgoing.settle(conn, theirs, Delivered(5, ON), now(conn)))


async def test_several_workers_free_what_one_that_died_had_claimed(server: Any) -> None:
    async with Bench(server.fresh()).open() as bench:

        def claim(conn: Connection) -> None:
            at = now(conn) - LEASE + 2000
            words = [Prompt("tomorrow at ten")]
            outgoing.put_out(conn, ANN, words, "r", at, urgency=REMINDER, reminder=7)
            assert len(outgoing.claim(conn, "died", at, 8, UNHURRIED)) == 1

        await bench.store.tx(claim)
        async with bench.running():
            await asyncio.sleep(0.2)
            early = list(bench.sent)
            await until(lambda: bench.sent)

        assert early == [], "it may still be on its way"
        assert bench.sent == ["tomorrow at ten"]
        assert await bench.column("doubts") == [1]
