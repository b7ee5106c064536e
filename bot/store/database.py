"""The database: a SQLite file, or PostgreSQL for several workers; one transaction at a time."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Concatenate, ParamSpec, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.clock import Clock
from bot.errors import DatabaseBusy

P = ParamSpec("P")
T = TypeVar("T")

MIGRATIONS = Path(__file__).parent / "migrations"

PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # "saved" is said to people, so it must outlive a power cut
    "busy_timeout = 10000",
    "foreign_keys = ON",
    "secure_delete = ON",  # what a person erases is overwritten, not only unlinked
    "trusted_schema = OFF",
    "journal_size_limit = 67108864",
)
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
        self._url = _with_driver(make_url(url))
        self.alone = self._url.get_backend_name() == "sqlite"
        self._engine = _engine(self._url)
        self._lock: IO[bytes] | None = None

    async def open(self) -> None:
        """Make the tables what this version of the program needs.

        Raises: DatabaseBusy when another process has the same file open.
        """
        file = self._url.database
        if self.alone and file and file != ":memory:":
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            self._lock = _lock(Path(file))
        try:
            await self._migrate()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Let go of the file; nothing may use the store afterwards."""
        await self._engine.dispose()
        if self._lock:
            self._lock.close()
            self._lock = None

    async def tx(self, body: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a plain function in one transaction and give what it gives.

        Shape: everything the function wrote is kept, or, when it raises, nothing. Being cancelled
        does not cut it short: the transaction ends first, then the cancellation goes on.
        """
        work = asyncio.ensure_future(self._run(body, *args, **kwargs))
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
        """Leave no copy of deleted rows in SQLite's write-ahead log; call it after erasing a person."""
        if self.alone:
            async with self._engine.connect() as conn:
                await _outside_transaction(conn, "PRAGMA wal_checkpoint(TRUNCATE)")

    async def _run(
        self, body: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        async with self._engine.begin() as conn:
            return await conn.run_sync(body, *args, **kwargs)

    async def _migrate(self) -> None:
        async with self._engine.connect() as conn:
            if self.alone:  # rebuilding a table with foreign keys on would delete the rows that point at it
                await _outside_transaction(conn, "PRAGMA foreign_keys = OFF")
            async with conn.begin():
                await conn.run_sync(migrate)
            if self.alone:
                await _outside_transaction(conn, "PRAGMA foreign_keys = ON")


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


def _with_driver(url: URL) -> URL:
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
    return url.set(drivername=drivers.get(url.drivername, url.drivername))


def _engine(url: URL) -> AsyncEngine:
    if url.get_backend_name() != "sqlite":
        return create_async_engine(url, pool_size=_POOL, max_overflow=0)
    one = {"poolclass": AsyncAdaptedQueuePool, "pool_size": 1, "max_overflow": 0, "pool_timeout": 600}
    engine = create_async_engine(url, **one)
    event.listen(engine.sync_engine, "connect", _set_up)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # Python's own BEGIN comes too late: a migration would half happen
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN IMMEDIATE")  # a deferred one fails at once when it starts to write


async def _outside_transaction(conn: AsyncConnection, statement: str) -> None:
    raw = (await conn.get_raw_connection()).driver_connection
    assert raw is not None
    await (await raw.execute(statement)).close()


def _lock(file: Path) -> IO[bytes]:
    """Hold `<file>.lock`; the system lets go of it even when the process is killed."""
    held = open(file.with_name(file.name + ".lock"), "ab")  # noqa: SIM115 - it stays open on purpose
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.close()
        raise DatabaseBusy(f"{file} is in use by another program. Stop it, or name another file.") from None
    return held
