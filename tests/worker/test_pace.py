"""How fast messages go: to one chat, to everybody, and when Telegram says it was too fast."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from bot import posting
from bot.pace import Limits
from bot.posting import AT_ONCE
from bot.store.letters import Delivered, NotSent, Outcome, Sending
from bot.store.tables import chats, pace
from tests.worker.bench import ANN, MO, ON, RAVI, Bench, answers, holds, until

SECOND = 1000
TELEGRAM = Limits()


def test_a_chat_gets_four_at_once_and_then_one_a_second() -> None:
    now, free_at, went = 1_000_000, 0, 0
    while free_at <= TELEGRAM.chat_may(now):
        free_at, went = TELEGRAM.chat_booked(free_at, now), went + 1

    assert went == 4
    assert free_at > TELEGRAM.chat_may(now + 999)
    assert free_at <= TELEGRAM.chat_may(now + 1000)


def test_everybody_together_gets_twenty_five_a_second_and_saves_nothing_up() -> None:
    now = 1_000_000
    spent = TELEGRAM.booked(0, now, 25)

    assert TELEGRAM.room(0, now) == 25
    assert TELEGRAM.room(spent, now) == 0
    assert TELEGRAM.room(spent, now + 200) == 5
    assert TELEGRAM.room(spent, now + 60_000) == 25, "what was not used is not saved up"


def test_a_chat_that_was_told_to_wait_is_held_until_then() -> None:
    now = 1_000_000
    free_at = TELEGRAM.chat_held(now, 3000)

    assert free_at > TELEGRAM.chat_may(now + 2999)
    assert free_at <= TELEGRAM.chat_may(now + 3000)


async def test_the_worker_keeps_the_pace_of_a_chat(idle_bench: Bench) -> None:
    for number in range(6):
        await idle_bench.waits(str(number))
    paced = idle_bench.worker = idle_bench.new_worker(Limits(chat_a_second=10))
    started = asyncio.get_running_loop().time()
    async with idle_bench.running():
        await paced.idle()
    took = asyncio.get_running_loop().time() - started

    assert len(idle_bench.sent) == 6
    assert took >= 0.2


async def test_replies_go_before_reminders_when_there_is_no_room_for_all(idle_bench: Bench) -> None:
    for chat in range(1, 6):
        await idle_bench.remind(f"reminder {chat}", chat)
    for chat in range(11, 16):
        await idle_bench.waits("hello", chat)
    idle_bench.worker = idle_bench.new_worker(Limits(a_second=5))
    async with idle_bench.running():
        await until(lambda: len(idle_bench.sent) == 6)

    assert idle_bench.sent[:5] == ["you said hello"] * 5
    assert idle_bench.sent[5].startswith("reminder")


async def test_while_people_talk_reminders_go_one_at_a_time(
    idle_bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for them, and each takes as long as a reply does."""
    monkeypatch.setattr(posting, "UNASKED", 60.0)  # as if no time passed
    goes_on = asyncio.Event()
    flying: list[str] = []

    async def slow(sending: Sending) -> Outcome:
        flying.append(sending.prompt.text)
        await goes_on.wait()
        return Delivered(1, ON)

    idle_bench.outcome = slow
    await idle_bench.waits("hello", ANN)
    for chat in range(1, 6):
        await idle_bench.remind(f"reminder {chat}", chat)
    async with idle_bench.running():
        await until(lambda: len(flying) == 2)
        await idle_bench.say("hello", RAVI)
        await until(lambda: len(flying) == 3)
        goes_on.set()

    assert [words for words in flying[:3] if words.startswith("reminder")] == ["reminder 1"]


async def test_when_nobody_talks_reminders_go_side_by_side(idle_bench: Bench) -> None:
    for chat in range(1, 6):
        await idle_bench.remind(f"reminder {chat}", chat)
    goes_on = holds(idle_bench)
    async with idle_bench.running():
        await until(lambda: idle_bench.worker._posting.room(people_talk=False)[0] == AT_ONCE - 5)
        goes_on.set()


async def test_two_workers_share_the_pace(server: Any) -> None:
    url, limits = server.fresh(), Limits(a_second=20)
    one, two = Bench(url, limits), Bench(url, limits)
    async with one.open(), two.open():
        for chat in range(1, 61):
            await one.waits("hello", chat)
        started = asyncio.get_running_loop().time()
        async with one.running(), two.running():
            await until(lambda: len(one.sent) + len(two.sent) == 60, 20)
        took = asyncio.get_running_loop().time() - started

    assert took >= 1.9, "the first second's twenty, then twenty a second, whoever sends them"


# ---- too fast


async def test_a_chat_told_to_wait_waits_for_all_its_messages_and_others_do_not(bench: Bench) -> None:
    answers(bench, NotSent(600, "RetryAfter", told=True))
    await bench.say("one", ANN)
    await bench.worker.idle()
    await bench.say("two", ANN)
    await bench.say("three", RAVI)
    await until(lambda: len(bench.sent) == 2)
    meanwhile = list(bench.sent)
    await until(lambda: len(bench.sent) == 4)

    assert meanwhile == ["you said one", "you said three"]
    assert bench.sent[2:] == ["you said one", "you said two"]


async def test_not_even_something_more_urgent_goes_to_a_chat_told_to_wait(bench: Bench) -> None:
    answers(bench, NotSent(600, "RetryAfter", told=True))
    await bench.remind("tomorrow at ten", ANN)
    await bench.worker.idle()
    started = asyncio.get_running_loop().time()
    await bench.say("hello", ANN)
    await until(lambda: len(bench.sent) == 3)
    took = asyncio.get_running_loop().time() - started

    assert bench.sent == ["tomorrow at ten", "you said hello", "tomorrow at ten"]
    assert took > 0.4


async def test_when_three_chats_are_told_to_wait_the_whole_bot_does(bench: Bench) -> None:
    told: list[int] = []

    async def too_fast(sending: Sending) -> Outcome:
        if sending.chat_id != 104 and sending.chat_id not in told:
            told.append(sending.chat_id)
            return NotSent(700, "RetryAfter", told=True)
        return await bench.arrives(sending)

    bench.outcome = too_fast
    await bench.say_all(("one", ANN), ("two", RAVI), ("three", MO))
    await until(lambda: len(told) == 3)
    await until(lambda: not bench.worker._posting.busy)
    await bench.say("four", 104)
    await asyncio.sleep(0.2)
    meanwhile = list(bench.sent)
    await until(lambda: len(bench.sent) == 7)

    assert sorted(meanwhile) == ["you said one", "you said three", "you said two"]


async def test_one_chat_told_to_wait_holds_up_nobody_else(bench: Bench) -> None:
    answers(bench, NotSent(60_000, "RetryAfter", told=True))
    await bench.say("one", ANN)
    await bench.worker.idle()
    await bench.say("two", RAVI)
    await bench.worker.idle()
    [everybody] = await bench.store.tx(lambda conn: list(conn.scalars(select(pace.c.free_at))))
    held = await bench.store.tx(lambda conn: list(conn.scalars(select(chats.c.free_at))))

    assert bench.sent == ["you said one", "you said two"]
    assert everybody / SECOND < bench.clock.now() + 1000
    assert max(held) > bench.clock.now() + 50_000
