"""The database in trouble: nothing is half written, and when it is well again the store simply works on."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, bindparam, text
from sqlalchemy.exc import DBAPIError

from bot.clock import Clock
from bot.errors import DatabaseUnusable
from bot.store.database import Store, is_outage
from bot.store.sqlite import Sqlite
from bot.store.statement import Statement
from bot.store.tables import teams
from tests import pg
from tests.ring import ring

_ADD = Statement(lambda insert: insert(teams).values(name=bindparam("called")))


def add(conn: Connection, *names: str) -> None:
    for name in names:
        conn.execute(teams.insert().values(name=name))


def add_past_sqlalchemy(conn: Connection, *names: str) -> None:
    for name in names:
        _ADD.run(conn, called=name)


Add = Callable[..., None]
BOTH_WAYS = pytest.mark.parametrize("way", [add, add_past_sqlalchemy])


def names(conn: Connection) -> list[str]:
    return list(conn.scalars(text("SELECT name FROM teams ORDER BY id")))


async def pragma(store: Store, words: str) -> None:
    assert isinstance(store._base, Sqlite)
    await store._base.outside_transaction(f"PRAGMA {words}")


async def refused(store: Store, way: Add, *said: str) -> None:
    """It cannot be kept now, and everybody knows that it may be tried again."""
    with pytest.raises((DBAPIError, sqlite3.Error)) as trouble:
        await store.tx(way, *said)
    assert is_outage(trouble.value), repr(trouble.value)


# ---- a SQLite file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "talks.db"


@pytest.fixture
async def sqlite(file: Path) -> AsyncIterator[Store]:
    store = Store(f"sqlite:///{file}", Clock(), ring())
    await store.open()
    yield store
    await store.close()


@BOTH_WAYS
async def test_a_full_disk_keeps_nothing_half_and_room_helps(sqlite: Store, way: Add) -> None:
    await sqlite.tx(way, "before")
    pages = await sqlite.tx(lambda conn: conn.exec_driver_sql("PRAGMA page_count").scalar_one())
    await pragma(sqlite, f"max_page_count = {pages}")
    await refused(sqlite, way, "fits", "too much " * 10_000)
    await pragma(sqlite, "max_page_count = 100000")

    assert await sqlite.tx(names) == ["before"]
    await sqlite.tx(way, "after")
    assert await sqlite.tx(names) == ["before", "after"]


@BOTH_WAYS
async def test_a_file_that_may_not_be_written_is_an_outage_until_it_may(sqlite: Store, way: Add) -> None:
    await pragma(sqlite, "query_only = ON")
    await refused(sqlite, way, "refused")
    await pragma(sqlite, "query_only = OFF")
    await sqlite.tx(way, "kept")

    assert await sqlite.tx(names) == ["kept"]


@pytest.fixture
def intruder(sqlite: Store, file: Path) -> Iterator[sqlite3.Connection]:
    """Another program that writes to the file, although it should not."""
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as link:
        yield link


async def test_who_locks_the_file_for_a_moment_is_waited_for(
    sqlite: Store, intruder: sqlite3.Connection
) -> None:
    intruder.execute("BEGIN EXCLUSIVE")
    writing = asyncio.create_task(sqlite.tx(add, "waited"))
    await asyncio.sleep(0.2)
    assert not writing.done()
    intruder.execute("COMMIT")
    await writing

    assert await sqlite.tx(names) == ["waited"]


@BOTH_WAYS
async def test_who_locks_the_file_for_long_is_an_outage_until_they_stop(
    sqlite: Store, intruder: sqlite3.Connection, way: Add
) -> None:
    await pragma(sqlite, "busy_timeout = 20")
    intruder.execute("BEGIN EXCLUSIVE")
    for _ in range(3):
        await refused(sqlite, way, "refused")
    intruder.execute("COMMIT")
    await sqlite.tx(way, "kept")

    assert await sqlite.tx(names) == ["kept"]


async def damage(file: Path, start: int, pages: int) -> None:
    """Some pages of a file with many people are overwritten."""
    store = Store(f"sqlite:///{file}", Clock(), ring())
    await store.open()
    await store.tx(add, *(f"team {number} " * 50 for number in range(500)))
    await store.close()
    with file.open("r+b") as there:
        there.seek(start * 4096)
        there.write(b"\xa5" * 4096 * pages)


async def test_a_file_whose_tables_are_damaged_is_refused_in_plain_words(file: Path) -> None:
    await damage(file, 1, 20)
    with pytest.raises(DatabaseUnusable, match=r"talks\.db cannot be used: .*malformed"):
        await Store(f"sqlite:///{file}", Clock(), ring()).open()


async def test_a_page_that_is_damaged_is_an_outage_and_the_rest_can_be_used(file: Path) -> None:
    await damage(file, 100, 10)
    store = Store(f"sqlite:///{file}", Clock(), ring())
    await store.open()
    with pytest.raises(DBAPIError) as trouble:
        await store.tx(names)
    await store.tx(lambda conn: conn.execute(text("INSERT INTO notes VALUES ('still', 'here')")))
    kept = await store.tx(lambda conn: conn.scalar(text("SELECT value FROM notes")))
    await store.close()

    assert is_outage(trouble.value)
    assert kept == "here"


# ---- PostgreSQL


@pytest.fixture
async def there(server: pg.Server, empty_postgresql: str) -> AsyncIterator[Store]:
    url = server.fresh(like=empty_postgresql)
    store = Store(url, Clock(), ring())
    await store.open()
    yield store
    await store.close()
    server.drop(url)


@pytest.fixture
def power(server: pg.Server) -> Iterator[pg.Server]:
    """The server may be stopped, as if the power had gone; it is up again afterwards."""
    yield server
    server.start()


async def failing(work: "asyncio.Task[object]") -> None:
    with pytest.raises(Exception) as trouble:
        await work
    assert is_outage(trouble.value), repr(trouble.value)


async def test_a_server_that_was_away_for_a_while_is_used_again_at_once(
    there: Store, power: pg.Server
) -> None:
    await asyncio.gather(
        *(there.tx(add, f"before {number}") for number in range(6))
    )  # all connections are open
    assert await there.leads()
    power.stop("immediate")
    for _ in range(3):
        await failing(asyncio.create_task(there.tx(names)))
    assert not await there.leads()
    power.start()

    assert len(await there.tx(names)) == 6
    await asyncio.gather(*(there.tx(add, f"after {number}") for number in range(6)))
    assert len(await there.tx(names)) == 12
    assert await there.leads()


@pytest.mark.parametrize(
    "where",
    [
        "in the middle",
        pytest.param("in a part that may fail", marks=pytest.mark.long),
        pytest.param("at the end", marks=pytest.mark.long),
    ],
)
@BOTH_WAYS
async def test_a_server_that_goes_away_in_a_transaction_keeps_nothing_of_it(
    there: Store, power: pg.Server, where: str, way: Add
) -> None:
    def body(conn: Connection) -> None:
        way(conn, "first half")
        if where == "in a part that may fail":
            with conn.begin_nested():
                power.stop("immediate")
                way(conn, "second half")
        power.stop("immediate")
        if where == "in the middle":
            way(conn, "second half")

    await there.tx(way, "before")
    await failing(asyncio.create_task(there.tx(body)))
    power.start()

    assert await there.tx(names) == ["before"]
    await there.tx(way, "after")
    assert await there.tx(names) == ["before", "after"]


async def test_connections_that_were_cut_while_nobody_used_them_are_no_trouble(
    there: Store, server: pg.Server
) -> None:
    meet = threading.Barrier(4, timeout=20)
    pids = await asyncio.gather(*(there.tx(own_process, meet) for _ in range(4)))
    assert len(set(pids)) == 4
    cut = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await there.tx(lambda conn: conn.execute(cut).all())

    await asyncio.gather(*(there.tx(add_past_sqlalchemy, str(number)) for number in range(6)))
    assert len(await there.tx(names)) == 6


def own_process(conn: Connection, meet: threading.Barrier) -> int:
    meet.wait()  # so that each has a connection of its own
    return int(conn.scalar(text("SELECT pg_backend_pid()")) or 0)


async def test_a_server_nobody_can_reach_is_named_without_its_password() -> None:
    store = Store("postgresql://ann:a-secret@127.0.0.1:1/talks", Clock(), ring())
    with pytest.raises(
        DatabaseUnusable, match=r"Nobody lets us in at postgresql://ann:\*\*\*@127"
    ) as unusable:
        await store.open()

    assert "a-secret" not in str(unusable.value)
