"""The database: a SQLite file, or PostgreSQL for several workers; one transaction at a time."""

import asyncio
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from bot.clock import Clock
from bot.errors import DatabaseUnusable, MasterKeyMissing
from bot.keys import KeyRing
from bot.store import safe
from bot.store.inside import Inside, enter
from bot.store.postgres import Postgres
from bot.store.sqlite import Sqlite

P = ParamSpec("P")
T = TypeVar("T")

MIGRATIONS = Path(__file__).parent / "migrations"

_OUTAGES = {5, 6, 7, 8, 9, 10, 11, 13, 14, 15}  # SQLite: busy, locked, no memory, read-only … full
_ONE_AT_A_TIME = 4712  # any number that is ours: the advisory lock that queues up migrations


class Store:
    """The database of one running program.

    Shape: `url` is "sqlite:///path/to/file.db", "sqlite://" (in memory, for tests) or "postgresql://…".
    `ring` holds the master keys. `alone` is true when no other process can be working on the same rows.
    """

    def __init__(self, url: str, clock: Clock, ring: KeyRing) -> None:
        self.clock, self.ring = clock, ring
        self._opened: dict[Any, Any] = {}
        parsed = make_url(url)
        self.alone = parsed.get_backend_name() == "sqlite"
        self._where = parsed.database if self.alone else parsed.render_as_string(hide_password=True)
        self._base: Sqlite | Postgres = Sqlite(parsed.database) if self.alone else Postgres(parsed)

    async def open(self) -> None:
        """Make the tables what this version of the program needs.

        Raises: DatabaseBusy when another process has the same file open; DatabaseUnusable when it is no
        database; KeyMissing when the answers are locked with a key that is not here.
        """
        await self._base.open()
        try:
            await self._migrate()
            await self.tx(safe.check)
        except BaseException as error:
            await self.close()
            if isinstance(error, DBAPIError) and is_outage(error):
                raise DatabaseUnusable(f"{self._where} cannot be used: {error.orig}") from error
            raise

    async def look(self) -> None:
        """Open the database as it is: no table is made and no key is noted.

        Raises: DatabaseBusy and DatabaseUnusable, as `open`.
        """
        await self._base.open()

    async def close(self) -> None:
        """Let go of the database; nothing may use the store afterwards."""
        await self._base.close()

    async def tx(self, body: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a plain function in one transaction and give what it gives.

        Shape: everything the function wrote is kept, or, when it raises, nothing. Being cancelled
        does not cut it short: the transaction ends first, then the cancellation goes on.
        """

        here: Inside | None = None

        def work_inside(conn: Connection) -> T:
            nonlocal here
            driver = conn.connection.driver_connection
            here = Inside(self.ring, self.alone, lambda: self._now(conn), driver, self._opened)
            enter(conn, here)
            return body(conn, *args, **kwargs)

        work = asyncio.ensure_future(self._base.run(work_inside))
        cancelled = False
        while not work.done():
            try:
                await asyncio.wait({work})  # unlike a bare await, this leaves the work alone
            except asyncio.CancelledError:
                cancelled = True
        if cancelled:
            _ = work.cancelled() or work.exception()  # marks it as looked at
            raise asyncio.CancelledError
        result = work.result()
        if here and here.erased:  # another thread may have read it once more before it was gone
            self._opened.clear()
        return result

    async def leads(self) -> bool:
        """Whether this worker is the one that asks Telegram for updates: there must never be two."""
        return await self._base.leads() if isinstance(self._base, Postgres) else True

    async def scrub(self) -> None:
        """Leave no copy of deleted rows in SQLite's write-ahead log; an erasure does so by itself."""
        if isinstance(self._base, Sqlite):
            await self._base.scrub()

    def _now(self, conn: Connection) -> int:
        return self.clock.now() if self.alone else self.clock.at(server_time(conn))

    async def _migrate(self) -> None:
        if await self.tx(is_current):
            return
        if not isinstance(self._base, Sqlite):
            await self.tx(migrate)
            return
        # rebuilding a table with foreign keys on would delete the rows that point at it
        await self._base.outside_transaction("PRAGMA foreign_keys = OFF")
        await self.tx(migrate)
        await self._base.outside_transaction("PRAGMA foreign_keys = ON")


def revisions() -> list[str]:
    """The versions the tables have had, the newest last; each is the name of a migration's file."""
    return sorted(file.stem for file in (MIGRATIONS / "versions").glob("*.py"))


def is_current(conn: Connection) -> bool:
    """Whether the tables are what this version of the program needs."""
    if not inspect(conn).has_table("alembic_version"):
        return False
    return list(conn.scalars(text("SELECT version_num FROM alembic_version"))) == revisions()[-1:]


def migrate(conn: Connection, to: str = "head") -> None:
    """Bring the tables to a revision, inside the transaction that is open.

    Raises: RuntimeError when a row points at nothing afterwards; the transaction must then be rolled back.
    DatabaseUnusable when the tables are those of a newer program.
    """
    from alembic import command  # 10 MB, and needed once for each version of the program
    from alembic.config import Config
    from alembic.script.revision import ResolutionError
    from alembic.util import CommandError

    one_at_a_time(conn)  # before the version is read, or two starting workers collide
    config = Config(attributes={"connection": conn})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    try:
        command.upgrade(config, to)
    except CommandError as error:
        if isinstance(error.__cause__, ResolutionError):
            words = "This database was used by a newer version of the program. Start that version instead."
            raise DatabaseUnusable(words) from None
        raise
    if conn.dialect.name == "sqlite" and (broken := conn.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise RuntimeError(f"{len(broken)} rows point at nothing now, the first in {broken[0][0]}")


def one_at_a_time(conn: Connection) -> None:
    """Wait until no other worker is in such a part of its start; SQLite has only one worker anyway."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("SET LOCAL lock_timeout = '60s'")
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")


def server_time(conn: Connection) -> int:
    """What time PostgreSQL says it is: one clock for all workers.

    Units: milliseconds since 1970, UTC.
    """
    return int(conn.scalar(_SERVER_TIME) or 0)


_SERVER_TIME = text("SELECT (extract(epoch FROM statement_timestamp()) * 1000)::bigint")


def is_outage(error: BaseException) -> bool:
    """Whether the database itself is in trouble (locked, full, gone), so that trying later may help.

    Shape: a master key this program has not been given yet is such trouble, too: another worker has it.
    """
    if isinstance(error, MasterKeyMissing):
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in _OUTAGES  # the low byte is the kind, the rest a detail
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    driver = sys.modules.get("psycopg")  # when nobody has loaded it, it is none of its errors
    if driver is None:
        return False
    gone = (driver.OperationalError, driver.InterfaceError, driver.errors.ReadOnlySqlTransaction)
    return isinstance(cause, gone)


def is_database_error(error: BaseException) -> bool:
    """Whether this is an error of the database, however it came."""
    driver = sys.modules.get("psycopg")
    kinds = (DBAPIError, sqlite3.Error) + ((driver.Error,) if driver else ())
    return isinstance(error, kinds)
