"""Files people send: fetched while the other chats go on."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import Connection

from bot import files
from bot.dialog.talk import Heard, Said
from bot.errors import FileNeeded
from tests.worker.bench import ANN, RAVI, Bench, until


def opens_files(bench: Bench, fetch: Callable[[str], Awaitable[bytes]]) -> None:
    """Words that begin with "file" name files, which are heard instead."""

    def hear(conn: Connection, heard: Heard, at: int) -> None:
        words = heard.said.text
        if words.startswith("file"):
            words = " ".join(bench.worker.file(name).decode() for name in words.split("+"))
        bench.echo(conn, Heard(heard.update, heard.chat, said=Said(words)), at)

    bench.hear, bench.fetch = hear, fetch


async def test_a_file_is_fetched_while_others_go_on_and_then_heard_with_it(bench: Bench) -> None:
    may_arrive = asyncio.Event()

    async def fetch(file: str) -> bytes:
        await may_arrive.wait()
        return file.upper().encode()

    opens_files(bench, fetch)
    await bench.say_all(("file 1", ANN), ("after it", ANN), ("hello", RAVI))
    await until(lambda: bench.sent)
    meanwhile = await bench.heard()
    may_arrive.set()
    await bench.worker.idle()

    assert meanwhile == ["hello"]
    assert await bench.heard() == ["hello", "FILE 1", "after it"]
    assert "file 1" not in bench.worker._files, "it is forgotten once it has been heard"
    assert set(await bench.incoming("attempts")) == {0}, "waiting for a file is no failure"


async def test_an_update_may_need_two_files(bench: Bench) -> None:
    fetched = []

    async def fetch(file: str) -> bytes:
        fetched.append(file)
        return file.upper().encode()

    opens_files(bench, fetch)
    await bench.say("file 1+file 2")
    await bench.worker.idle()

    assert fetched == ["file 1", "file 2"]
    assert await bench.heard() == ["FILE 1 FILE 2"]


async def test_a_file_that_cannot_be_had_makes_a_dead_letter_after_five_tries(bench: Bench) -> None:
    tries = []

    async def fetch(file: str) -> bytes:
        tries.append(file)
        raise OSError("no")

    opens_files(bench, fetch)
    await bench.say_all(("file", ANN), ("after it", ANN))
    for _ in range(6):
        await bench.later(5000)

    assert len(tries) == 5
    assert [(number, error.split()[0]) for number, error in bench.dead] == [(1, "OSError")]
    assert await bench.heard() == ["after it"]


async def test_a_file_that_comes_at_the_second_try_is_heard(bench: Bench) -> None:
    tries = []

    async def fetch(file: str) -> bytes:
        tries.append(file)
        if len(tries) == 1:
            raise OSError("no")
        return b"the file"

    opens_files(bench, fetch)
    await bench.say("file")
    await until(lambda: bench.sent)

    assert await bench.heard() == ["the file"]


async def test_a_file_that_never_comes_is_a_failed_try(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "FETCHING", 0.01)

    async def fetch(file: str) -> bytes:
        await asyncio.Event().wait()
        raise AssertionError("somebody waited")

    opens_files(bench, fetch)
    await bench.say("file")
    await bench.worker.idle()

    assert await bench.incoming("attempts") == [1]
    assert (await bench.incoming("error"))[0].startswith("TimeoutError ")


async def test_an_action_that_asks_for_a_file_it_has_does_not_ask_for_ever(bench: Bench) -> None:
    fetched = []

    async def fetch(file: str) -> bytes:
        fetched.append(file)
        return b"content"

    def hear(conn: Connection, heard: Heard, at: int) -> None:
        raise FileNeeded("f")

    bench.hear, bench.fetch = hear, fetch
    await bench.say("file")
    for _ in range(6):
        await bench.later(5000)

    assert len(fetched) <= 5
    assert [number for number, _ in bench.dead] == [1]


async def test_a_clock_that_jumps_makes_no_file_come_twice(bench: Bench) -> None:
    may_arrive = asyncio.Event()
    fetched = []

    async def fetch(file: str) -> bytes:
        fetched.append(file)
        await may_arrive.wait()
        return b"the file"

    opens_files(bench, fetch)
    await bench.say("file")
    await until(lambda: fetched)
    bench.clock.jump(bench.clock.now() + 120_000)
    bench.worker._calls["work"].set()
    await asyncio.sleep(0.2)
    may_arrive.set()
    await bench.worker.idle()

    assert fetched == ["file"]
    assert await bench.heard() == ["the file"]


async def test_a_worker_that_stops_waits_for_no_file_and_the_next_one_fetches_it(idle_bench: Bench) -> None:
    asked = asyncio.Event()

    async def never(file: str) -> bytes:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError("somebody waited")

    async def fetch(file: str) -> bytes:
        return b"the file"

    opens_files(idle_bench, never)
    async with asyncio.timeout(5), idle_bench.running():
        await idle_bench.say("file")
        await asked.wait()
    idle_bench.fetch, idle_bench.worker = fetch, idle_bench.new_worker()
    async with idle_bench.running():
        await idle_bench.later(120_000)

    assert await idle_bench.heard() == ["the file"]
