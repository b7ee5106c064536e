"""The database: a SQLite file, or PostgreSQL for several workers; one transaction at a time."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.clock import Clock
from bot.store.sqlite import Sqlite

P = ParamSpec("P")
T = TypeVar("T")

MIGRATIONS = Path(__file__).parent / "migrations"

_OUTAGES = {5, 6, 7, 8, 9, 10, 11, 13, 14, 15}  # SQLite: busy, locked, no memory, read-only … full
_POOL = 8  # connections a worker may hold to PostgreSQL
_ONE_AT_A_TIME = 4712  # any number that is ours: the advisory lock that queues up migrations


class Store:
    """The database of one running program.

    Shape: `url` is "sqlite:///path/to/file.db", "sqlite://" (in memory, for tests) or "postgresql://…".
    `alone` is true when no other process can be working on the same rows.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        self.clock = clock
        parsed = make_url(url)
        self.alone = parsed.get_backend_name() == "sqlite"
        self._base: Sqlite | Postgres = Sqlite(parsed.database) if self.alone else Postgres(parsed)

    async def open(self) -> None:
        """Make the tables what this version of the program needs.

        Raises: DatabaseBusy when another process has the same file open.
        """
        await self._base.open()
        try:
            await self._migrate()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Let go of the database; nothing may use the store afterwards."""
        await self._base.close()

    async def tx(self, body: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a plain function in one transaction and give what it gives.

        Shape: everything the function wrote is kept, or, when it raises, nothing. Being cancelled
        does not cut it short: the transaction ends first, then the cancellation goes on.
        """
        work = asyncio.ensure_future(self._base.run(body, *args, **kwargs))
        cancelled = False
        while not work.done():
            try:
                await asyncio.wait({work})  # unlike a bare await, this leaves the work alone
            except asyncio.CancelledError:
                cancelled = True
        if cancelled:
            _ = work.cancelled() or work.exception()  # marks it as looked at
            raise asyncio.CancelledError
        return work.result()

    async def scrub(self) -> None:
        """Leave no copy of deleted rows in SQLite's write-ahead log; the worker does it every hour."""
        if isinstance(self._base, Sqlite):
            await self._base.outside_transaction("PRAGMA wal_checkpoint(TRUNCATE)")

    async def _migrate(self) -> None:
        if not isinstance(self._base, Sqlite):
            await self._base.run(migrate)
            return
        # rebuilding a table with foreign keys on would delete the rows that point at it
        await self._base.outside_transaction("PRAGMA foreign_keys = OFF")
        await self._base.run(migrate)
        await self._base.outside_transaction("PRAGMA foreign_keys = ON")


class Postgres:
    """PostgreSQL, where several workers may hold a few connections each."""

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(
            url.set(drivername="postgresql+psycopg"), pool_size=_POOL, max_overflow=0
        )

    async def open(self) -> None:
        """Nothing to take: connections come as they are needed."""

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    async def run(
        self, body: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a plain function in one transaction."""
        async with self._engine.begin() as conn:
            return await conn.run_sync(body, *args, **kwargs)


def migrate(conn: Connection, to: str = "head") -> None:
    """Bring the tables to a revision, inside the transaction that is open.

    Raises: RuntimeError when a row points at nothing afterwards; the transaction must then be rolled back.
    """
    if conn.dialect.name == "postgresql":  # taken before the version is read, or two starting workers collide
        conn.exec_driver_sql("SET LOCAL lock_timeout = '30s'")
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")
    config = Config(attributes={"connection": conn})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, to)
    if conn.dialect.name == "sqlite" and (broken := conn.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise RuntimeError(f"{len(broken)} rows point at nothing now, the first in {broken[0][0]}")


def insert(conn: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, in the words of the database at hand."""
    return sqlite.insert(table) if conn.dialect.name == "sqlite" else postgresql.insert(table)


def is_outage(error: BaseException) -> bool:
    """Whether the database itself is in trouble (locked, full, gone), so that trying later may help."""
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _OUTAGES  # the low byte is the kind, the rest a detail
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
