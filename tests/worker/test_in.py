"""What comes in: kept, heard once, in order, and nobody's trouble is anybody else's."""

import asyncio
import logging
import time
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Connection, update

from bot.dialog.talk import Heard, Prompt
from bot.store import outgoing, safe
from bot.store.letters import NotSent, Outcome, Posted, Sending, Waiting
from bot.store.tables import inbox
from tests.worker.bench import ANN, MO, RAVI, Bench, Hear, answers, fails_at, locked, until


async def test_what_is_said_is_heard_once_and_answered_once(anywhere: Bench) -> None:
    await anywhere.say("hello")
    await anywhere.worker.idle()
    await anywhere.later()

    assert await anywhere.heard() == ["hello"]
    assert anywhere.sent == ["you said hello"]
    assert await anywhere.column("state") == [Posted.SENT]
    assert await anywhere.column("message_id") == [1001]
    assert await anywhere.incoming("payload") == [None], "words that were heard are not kept a second time"


async def test_each_chat_is_heard_and_answered_in_its_own_order(anywhere: Bench) -> None:
    said = [(f"{chat} {number}", chat) for number in range(6) for chat in (ANN, RAVI, MO)]
    for words, chat in said:
        await anywhere.say(words, chat)
    await anywhere.worker.idle()

    heard = await anywhere.heard()
    assert len(heard) == len(anywhere.sent) == len(said)
    for chat in (ANN, RAVI, MO):
        theirs = [words for words, whose in said if whose == chat]
        assert [words for words in heard if words in theirs] == theirs
        assert [words for words in anywhere.sent if words.startswith(f"you said {chat}")] == [
            f"you said {words}" for words in theirs
        ]


async def test_two_hundred_people_who_write_at_once_are_all_answered_exactly_once(anywhere: Bench) -> None:
    said = [(f"{chat} {number}", chat) for number in range(3) for chat in range(1, 201)]
    await asyncio.gather(*(anywhere.say_all(*said[n : n + 10]) for n in range(0, len(said), 10)))
    await anywhere.worker.idle()

    assert sorted(anywhere.sent) == sorted(f"you said {words}" for words, _ in said)
    for chat in range(1, 201):
        theirs = [words for words in anywhere.sent if words.startswith(f"you said {chat} ")]
        assert theirs == [f"you said {chat} {number}" for number in range(3)]
    assert set(await anywhere.column("doubts")) == {0}


async def test_a_second_worker_helps_with_those_who_write_to_the_first_all_at_once(server: Any) -> None:
    url = server.fresh()
    one, two = Bench(url), Bench(url)

    def thinks(bench: Bench) -> Hear:
        def hear(conn: Connection, heard: Heard, at: int) -> None:
            time.sleep(0.01)
            bench.echo(conn, heard, at)

        return hear

    one.hear, two.hear = thinks(one), thinks(two)
    wrote: list[str] = []
    async with one.open(), two.open(), one.running(), two.running():
        while len(wrote) < 2000 and len(two.tried) < 20:
            said = [(f"{len(wrote) + chat}", chat) for chat in range(1, 41)]
            wrote += [f"you said {words}" for words, _ in said]
            await one.say_all(*said)
            await one.worker.idle()

    assert sorted(one.sent + two.sent) == sorted(wrote)
    assert len(two.tried) >= 20, "the first left nothing to it"


async def test_an_update_that_comes_again_is_known(anywhere: Bench) -> None:
    said = anywhere.said("hello")
    both = await asyncio.gather(anywhere.worker.arrive([said]), anywhere.worker.arrive([said, said]))
    await anywhere.worker.idle()
    again = await anywhere.worker.arrive([said])
    await anywhere.worker.idle()

    assert any(new == [1] for new in both)
    assert again == []
    assert anywhere.sent == ["you said hello"]


async def test_each_who_brings_updates_hears_only_of_their_own(bench: Bench) -> None:
    one, two, three = (bench.said(words) for words in ("one", "two", "three"))
    told = await asyncio.gather(bench.worker.arrive([one, three]), bench.worker.arrive([two]))

    assert list(told) == [[1, 3], [2]]
    assert await bench.worker.arrive([]) == []


# ---- one that cannot be worked out


async def test_one_failing_update_among_thirty_harms_nobody_else(anywhere: Bench) -> None:
    anywhere.hear = fails_at(anywhere, "poison")
    said = [(f"{chat} {number}", chat) for number in range(3) for chat in range(1, 11)]
    said[14] = ("poison", said[14][1])
    unlucky = said[14][1]
    good = [each for each in said if each[0] != "poison"]
    await anywhere.say_all(*said)
    await anywhere.worker.idle()
    at_once = list(anywhere.sent)
    for _ in range(6):
        await anywhere.later(5000)

    assert [update for update, _ in anywhere.dead] == [15]
    assert await anywhere.incoming("attempts") == [0] * 14 + [5] + [0] * 15
    assert sorted(at_once) == sorted(
        f"you said {words}" for words, chat in good if chat != unlucky or words == f"{chat} 0"
    ), "others waited for it, or it was answered"
    assert sorted(anywhere.sent) == sorted(f"you said {words}" for words, _ in good)
    assert sorted(await anywhere.heard()) == sorted(words for words, _ in good)
    for chat in range(1, 11):
        theirs = [words for words in anywhere.sent if words.startswith(f"you said {chat} ")]
        assert theirs == [f"you said {words}" for words, whose in good if whose == chat]
    assert Counter(anywhere.tried)["poison"] >= 5
    assert set(await anywhere.column("attempts")) == {1}, "a message was sent for a turn that was undone"


async def test_a_poison_update_blocks_nobody_else_and_in_the_end_not_even_its_own_chat(bench: Bench) -> None:
    bench.hear = fails_at(bench, "poison")
    await bench.say_all(("poison", ANN), ("after it", ANN), ("hello", RAVI))
    await bench.worker.idle()
    first = await bench.heard()
    for _ in range(5):
        await bench.later(5000)

    assert first == ["hello"]
    assert await bench.heard() == ["hello", "after it"]
    [(number, error)] = bench.dead
    assert number == 1
    assert error.startswith("ValueError at ")


async def test_a_failure_that_passes_is_made_good_without_anyone_asking(bench: Bench) -> None:
    bench.hear = fails_at(bench, "hello", times=3)
    await bench.say("hello")
    await until(lambda: bench.sent)
    await bench.worker.idle()

    assert bench.sent == ["you said hello"]
    assert await bench.heard() == ["hello"], "a failed try left something half done"
    assert bench.dead == []


async def test_what_cannot_be_understood_is_a_dead_letter_and_the_next_one_is_heard(bench: Bench) -> None:
    await bench.worker.arrive([{"update_id": 900, "message": {"chat": {"id": ANN}}}])
    bench.update = 900
    await bench.say("hello")
    for _ in range(6):
        await bench.later(5000)

    assert [number for number, _ in bench.dead] == [900]
    assert await bench.heard() == ["hello"]


async def test_words_that_cannot_be_opened_are_a_dead_letter_and_the_next_ones_are_heard(
    idle_bench: Bench,
) -> None:
    await idle_bench.waits("changed by somebody")
    await idle_bench.waits("hello")
    changed = update(inbox).where(inbox.c.update_id == 1).values(payload=b"\x01" + b"0" * 40)
    await idle_bench.store.tx(lambda conn: conn.execute(changed).rowcount)
    async with idle_bench.running():
        for _ in range(6):
            await idle_bench.later(5000)

    assert [number for number, _ in idle_bench.dead] == [1]
    assert idle_bench.sent == ["you said hello"]


async def test_an_error_in_telling_of_a_dead_letter_does_not_bring_it_back(bench: Bench) -> None:
    def bury(conn: Connection, waiting: Waiting, error: str, at: int) -> None:
        raise RuntimeError("nobody is in")

    bench.bury = bury
    bench.hear = fails_at(bench, "poison")
    await bench.say("poison")
    for _ in range(6):
        await bench.later(5000)
    await bench.say("hello")
    await bench.worker.idle()

    assert await bench.heard() == ["hello"]


async def test_who_is_told_of_a_failed_update_can_read_it(bench: Bench) -> None:
    """The failed turn made a new key for the chat; that key is undone with the turn."""

    def hear(conn: Connection, heard: Heard, at: int) -> None:
        safe.renew(conn, heard.chat)
        raise ValueError("after the new key")

    def bury(conn: Connection, waiting: Waiting, error: str, at: int) -> None:
        outgoing.put_out(conn, waiting.chat_id, [Prompt("Sorry")], f"sorry{waiting.update_id}", at)

    bench.hear, bench.bury = hear, bury
    answers(bench, NotSent(10, "NetworkError"))  # so that it is opened in another transaction too
    await bench.say("hello")
    for _ in range(6):
        await bench.later(5000)

    assert bench.sent == ["Sorry"] * 2
    assert await bench.column("state") == [Posted.SENT]


async def test_neither_words_nor_messages_of_errors_are_logged(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    bench.hear = fails_at(bench, "poison")

    async def refuses(sending: Sending) -> Outcome:
        raise ValueError(sending.prompt.text)

    bench.outcome = refuses
    await bench.say("poison")
    await bench.say("a private thing", RAVI)
    for _ in range(6):
        await bench.later(5000)

    assert "update 1 is a dead letter" in caplog.text
    assert ": Dead, ValueError at " in caplog.text
    assert "secret" not in caplog.text
    assert "private" not in caplog.text


# ---- what could not be kept


async def test_what_could_not_be_kept_is_refused_and_comes_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = bench.said("hello")
    run_body = bench.store.tx

    async def fails(*_: Any) -> Any:
        raise locked()

    monkeypatch.setattr(bench.store, "tx", fails)
    with pytest.raises(Exception, match="locked"):
        await bench.worker.arrive([said])
    monkeypatch.setattr(bench.store, "tx", run_body)
    new = await bench.worker.arrive([said])
    await bench.worker.idle()

    assert new == [1]
    assert bench.sent == ["you said hello"]


async def test_what_was_kept_although_nobody_could_say_so_is_heard_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection breaks after the transaction was kept: it comes again, and is known."""
    said = bench.said("hello")
    run_body = bench.store.tx
    breaks = [True]

    async def breaks_late(body: Any, *args: Any) -> Any:
        done = await run_body(body, *args)
        if args and args[0] and breaks.pop():
            raise locked()
        return done

    async def sends(sending: Sending) -> Outcome:
        raise AssertionError("what is in doubt is not sent before a new start")

    bench.outcome = sends
    monkeypatch.setattr(bench.store, "tx", breaks_late)
    with pytest.raises(Exception, match="locked"):
        await bench.worker.arrive([said])
    monkeypatch.setattr(bench.store, "tx", run_body)

    assert await bench.worker.arrive([said]) == []
    assert await bench.heard() == ["hello"]
    assert await bench.column("state") == [Posted.SENDING]


async def test_a_stopped_worker_keeps_nothing_more_and_says_so(idle_bench: Bench) -> None:
    async with idle_bench.running():
        await idle_bench.worker.idle()
    with pytest.raises(RuntimeError, match="stopped"):
        await idle_bench.say("too late")

    assert await idle_bench.incoming("update_id") == []


async def test_who_waits_while_the_worker_stops_is_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = asyncio.Event()
    run_body = bench.store.tx

    async def slow(body: Any, *args: Any) -> Any:
        await goes_on.wait()
        return await run_body(body, *args)

    monkeypatch.setattr(bench.store, "tx", slow)
    first = asyncio.create_task(bench.say("one"))
    await until(lambda: bench.worker._under_way)
    second = asyncio.create_task(bench.say("two"))
    await asyncio.sleep(0)
    stop = asyncio.create_task(bench.worker.stop())
    await asyncio.sleep(0)
    goes_on.set()
    await stop
    told = await asyncio.gather(first, second, return_exceptions=True)

    assert told[0] == 1
    assert isinstance(told[1], RuntimeError)
    assert await bench.incoming("update_id") == [1]


async def test_a_worker_that_is_cancelled_leaves_nobody_waiting(idle_bench: Bench) -> None:
    run = asyncio.create_task(idle_bench.worker.run())
    await until(lambda: not idle_bench.worker._ended.is_set())
    said = asyncio.create_task(idle_bench.say("hello"))
    await asyncio.sleep(0)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    [told] = await asyncio.wait_for(asyncio.gather(said, return_exceptions=True), 5)

    assert told == 1 or isinstance(told, RuntimeError)
