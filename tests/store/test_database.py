"""One database, one transaction at a time, whole or not at all."""

import asyncio
import random
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from bot.clock import Clock
from bot.errors import DatabaseBusy, DatabaseUnusable
from bot.store.database import Store, is_outage
from bot.store.tables import teams
from tests.ring import ring


def add(conn: Connection, name: str) -> int:
    conn.execute(teams.insert().values(name=name))
    return len(names(conn))


def names(conn: Connection) -> list[str]:
    return list(conn.scalars(text("SELECT name FROM teams ORDER BY id")))


async def test_a_transaction_gives_what_its_body_gives_and_keeps_what_it_wrote(store: Store) -> None:
    assert await store.tx(add, "first") == 1
    assert await store.tx(add, name="second") == 2
    assert await store.tx(names) == ["first", "second"]


async def test_a_transaction_that_fails_leaves_nothing_behind(store: Store) -> None:
    def fail(conn: Connection) -> None:
        add(conn, "half")
        raise ValueError("enough")

    with pytest.raises(ValueError, match="enough"):
        await store.tx(fail)
    assert await store.tx(names) == []


async def test_a_cancelled_task_leaves_its_transaction_whole_and_stays_cancelled(store: Store) -> None:
    def both(conn: Connection, name: str) -> None:
        add(conn, f"{name} a")
        add(conn, f"{name} b")

    chance = random.Random(7)
    tasks = []
    for number in range(60):
        tasks.append(asyncio.create_task(store.tx(both, str(number))))
        await asyncio.sleep(chance.random() * 0.002)
        chance.choice(tasks).cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    kept = await store.tx(names)
    cancelled = [each for each in ended if isinstance(each, asyncio.CancelledError)]

    assert {None} == {each for each in ended if each not in cancelled}
    assert cancelled, "some were cancelled on the way"
    assert all(f"{name[:-1]}{other}" in kept for name in kept for other in "ab")


async def test_the_error_of_a_cancelled_transaction_is_not_left_lying_about(store: Store) -> None:
    def fail(conn: Connection) -> None:
        raise ValueError("nobody waits for this")

    task = asyncio.create_task(store.tx(fail))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "talks.db"


async def test_the_file_is_set_up_to_lose_and_leak_nothing(file: Path) -> None:
    store = Store(f"sqlite:///{file}", Clock(), ring())
    await store.open()

    def pragma(conn: Connection, name: str) -> Any:
        return conn.exec_driver_sql(f"PRAGMA {name}").scalar()

    found = {
        name: await store.tx(pragma, name)
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "trusted_schema")
    }
    await store.close()

    full = 2
    assert found == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
    }


async def test_what_is_deleted_is_nowhere_in_the_files_afterwards(file: Path) -> None:
    store = Store(f"sqlite:///{file}", Clock(), ring())
    await store.open()
    await store.tx(add, "a very private name")
    before = b"".join(each.read_bytes() for each in file.parent.iterdir())
    await store.tx(lambda conn: conn.execute(teams.delete()))
    await store.scrub()
    after = b"".join(each.read_bytes() for each in file.parent.iterdir())
    await store.close()

    assert b"a very private name" in before
    assert b"a very private name" not in after


HOLDS = """
import asyncio, sys
from bot.clock import Clock
from bot.store.database import Store
from tests.ring import ring

async def hold():
    store = Store(sys.argv[1], Clock(), ring())
    await store.open()
    print("open", flush=True)
    await asyncio.sleep(60)

asyncio.run(hold())
"""


async def test_a_second_program_is_refused_until_the_first_is_gone(file: Path) -> None:
    url = f"sqlite:///{file}"
    first = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLDS, url, stdout=subprocess.PIPE)
    assert first.stdout and await first.stdout.readline() == b"open\n"
    with pytest.raises(DatabaseBusy, match=r"talks\.db is in use by another program"):
        await Store(url, Clock(), ring()).open()
    first.kill()
    await first.communicate()
    second = Store(url, Clock(), ring())
    await second.open()
    await second.close()


async def test_a_store_in_the_same_program_is_refused_too(file: Path) -> None:
    first = Store(f"sqlite:///{file}", Clock(), ring())
    await first.open()
    with pytest.raises(DatabaseBusy):
        await Store(f"sqlite:///{file}", Clock(), ring()).open()
    await first.close()


@pytest.fixture
def no_database(file: Path) -> Path:
    file.parent.mkdir()
    file.write_text("this is no database, but a text somebody saved under its name" * 20)
    return file


async def test_a_file_that_is_no_database_is_refused_and_not_locked(no_database: Path) -> None:
    for _ in range(2):
        with pytest.raises(DatabaseUnusable, match=r"talks\.db cannot be used as a database"):
            await Store(f"sqlite:///{no_database}", Clock(), ring()).open()


def test_a_locked_file_is_an_outage_and_a_wrong_word_is_not() -> None:
    def wrapped(code: int, kind: type[DBAPIError] = OperationalError) -> DBAPIError:
        error = sqlite3.OperationalError("some words")
        error.sqlite_errorcode = code
        return kind("SELECT 1", {}, error)

    busy_snapshot = sqlite3.SQLITE_BUSY | 2 << 8
    for code in (sqlite3.SQLITE_BUSY, busy_snapshot, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        assert is_outage(wrapped(code))
    assert not is_outage(wrapped(sqlite3.SQLITE_ERROR))
    assert not is_outage(wrapped(sqlite3.SQLITE_CONSTRAINT, IntegrityError))
    assert not is_outage(ValueError())


def test_postgresql_being_gone_or_busy_is_an_outage_and_a_wrong_word_is_not() -> None:
    gone = (
        psycopg.OperationalError("the server closed the connection"),
        psycopg.InterfaceError("the connection is closed"),
        psycopg.errors.AdminShutdown(),
        psycopg.errors.DiskFull(),
        psycopg.errors.DeadlockDetected(),
        psycopg.errors.LockNotAvailable(),
        psycopg.errors.ReadOnlySqlTransaction(),
    )
    for error in gone:
        assert is_outage(error), "as the driver says it"
        assert is_outage(DBAPIError("SELECT 1", {}, error)), "as SQLAlchemy says it"
    assert not is_outage(psycopg.errors.UniqueViolation())
    assert not is_outage(psycopg.errors.UndefinedColumn())
