"""Both databases: every test that asks for `conn`, `url` or `store` runs on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from bot.clock import Clock
from bot.store.database import Store
from bot.store.inside import Inside, enter
from bot.store.sqlite import begin_immediate
from tests import pg
from tests.ring import ring

NOW = 1_741_000_000_000


async def _found(url: str) -> None:
    store = Store(url, Clock(), ring())
    await store.open()
    await store.close()


def engine_of(url: str) -> Engine:
    """A plain way into a database, as the store has it."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, connect_args={"isolation_level": None})
        event.listen(engine, "begin", begin_immediate)
        return engine
    return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)


def at_hand(conn: Connection, now: int = NOW) -> Inside:
    """Begin a transaction that stands at this moment."""
    here = Inside(ring(), conn.dialect.name == "sqlite", lambda: now, conn.connection.driver_connection)
    enter(conn, here)
    return here


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database."""
    return str(request.param)


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with the tables, which nobody uses; making one takes longer than most tests."""
    url = f"sqlite:///{tmp_path_factory.mktemp('empty')}/talks.db"
    asyncio.run(_found(url))
    return url


@pytest.fixture(scope="session")
def empty_postgresql(server: pg.Server) -> str:
    """The same on PostgreSQL."""
    url = server.fresh()
    asyncio.run(_found(url))
    return url


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with the tables and nothing in them."""
    empty = request.getfixturevalue(f"empty_{kind}")
    if kind == "sqlite":
        copyfile(str(make_url(empty).database), tmp_path / "talks.db")
        yield f"sqlite:///{tmp_path}/talks.db"
    else:
        server: pg.Server = request.getfixturevalue("server")
        made = server.fresh(like=empty)
        yield made
        server.drop(made)


@pytest.fixture
def nothing(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path}/talks.db"
    else:
        server: pg.Server = request.getfixturevalue("server")
        made = server.fresh()
        yield made
        server.drop(made)


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """The store of one worker, open."""
    made = Store(url, Clock(), ring())
    await made.open()
    yield made
    await made.close()


@pytest.fixture(scope="session")
def sqlite_engine(empty_sqlite: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    file = tmp_path_factory.mktemp("shared") / "talks.db"
    copyfile(str(make_url(empty_sqlite).database), file)
    engine = engine_of(f"sqlite:///{file}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_engine(server: pg.Server, empty_postgresql: str) -> Iterator[Engine]:
    engine = engine_of(server.fresh(like=empty_postgresql))
    yield engine
    engine.dispose()


@pytest.fixture
def conn(kind: str, request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A transaction that is undone afterwards, so that each test finds empty tables."""
    engine: Engine = request.getfixturevalue(f"{kind}_engine")
    with engine.connect() as connection, connection.begin() as whole:
        at_hand(connection)
        yield connection
        whole.rollback()
