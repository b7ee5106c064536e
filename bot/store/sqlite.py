"""A SQLite file through aiosqlite: a whole transaction runs on its thread at once, not a hop a statement."""

import os
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, TypeVar

import aiosqlite
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from bot.errors import DatabaseBusy, DatabaseUnusable
from bot.store.inside import inside

T = TypeVar("T")

BUSY_TIMEOUT = "busy_timeout = 10000"
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # "saved" is said to people, so it must outlive a power cut
    BUSY_TIMEOUT,
    "foreign_keys = ON",
    "secure_delete = ON",  # what a person erases is overwritten, not only unlinked
    "trusted_schema = OFF",
    "journal_size_limit = 67108864",
)


class Sqlite:
    """One connection to one file; nobody else may have it open.

    Shape: `file` is None for a database in memory. Measured: four times the turns of one hop a statement.
    """

    def __init__(self, file: str | None) -> None:
        self._file = file
        self._lock: IO[bytes] | None = None
        self._link: aiosqlite.Connection | None = None
        self._engine: Engine | None = None
        self._unclean = False

    async def open(self) -> None:
        """Take the file.

        Raises: DatabaseBusy when another process has it, DatabaseUnusable when it is no database.
        """
        try:
            await self._connect()
        except (sqlite3.DatabaseError, OSError) as error:
            await self.close()
            words = f"{self._file} cannot be used as a database: {error}. Look at it, and at DATABASE_URL."
            raise DatabaseUnusable(words) from error
        except BaseException:
            await self.close()
            raise

    async def _connect(self) -> None:
        if self._file:
            Path(self._file).parent.mkdir(parents=True, exist_ok=True)
            self._lock = hold(Path(self._file))
            # SQLite would let everybody on the machine read it; what it keeps beside it is as this file is
            os.close(os.open(self._file, os.O_RDONLY | os.O_CREAT, 0o600))
        # isolation_level None: Python's own BEGIN comes too late, and a migration would half happen
        self._link = await aiosqlite.connect(self._file or ":memory:", isolation_level=None)
        for pragma in PRAGMAS:
            await self.outside_transaction(f"PRAGMA {pragma}")
        self._engine = create_engine(
            "sqlite://", creator=self._connection, poolclass=StaticPool, hide_parameters=True
        )
        event.listen(self._engine, "begin", begin_immediate)

    async def close(self) -> None:
        """Let go of the file."""
        if self._link:
            await self._link.close()
        if self._lock:
            self._lock.close()
        self._link = self._lock = self._engine = None

    async def run(self, body: Callable[[Connection], T]) -> T:
        """Run a plain function in one transaction, on the thread of the connection."""
        link = self._opened()
        queue: Callable[..., Awaitable[T]] = link._execute  # private, and the only way onto its thread
        return await queue(self._transaction, body)

    async def outside_transaction(self, statement: str) -> None:
        """Run one statement by itself."""
        await self._opened().execute_fetchall(statement)

    def _transaction(self, body: Callable[[Connection], T]) -> T:
        assert self._engine is not None
        with self._engine.begin() as conn:
            result = body(conn)
            self._unclean |= inside(conn).erased
        if self._unclean:
            self._scrub()
        return result

    async def scrub(self) -> None:
        """Move the write-ahead log into the file and leave it empty: deleted rows are in neither then."""
        queue: Callable[..., Awaitable[None]] = self._opened()._execute
        await queue(self._scrub)

    def _scrub(self) -> None:
        """While a copy of the file is being made this cannot be done; then the next transaction does it."""
        link = self._opened()._conn
        self._unclean = True
        with suppress(sqlite3.Error):  # what was done is done, whatever becomes of this
            link.execute("PRAGMA busy_timeout = 0")  # the reader may need long, and nobody must wait for it
            busy, _, _ = link.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            link.execute(f"PRAGMA {BUSY_TIMEOUT}")
            self._unclean = bool(busy)

    def _connection(self) -> Any:
        return self._opened()._conn

    def _opened(self) -> aiosqlite.Connection:
        assert self._link is not None, "the store is not open"
        return self._link


def hold(file: Path) -> IO[bytes]:
    """Hold `<file>.lock`; the system lets go of it even when the process is killed.

    Raises: DatabaseBusy when another process holds it.
    """
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


def begin_immediate(conn: Connection) -> None:
    """Begin as a writer: a deferred transaction fails at once when it starts to write."""
    conn.exec_driver_sql("BEGIN IMMEDIATE")
