"""PostgreSQL through psycopg: several workers, a few connections each, a whole transaction on one thread."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from bot.errors import DatabaseUnusable

T = TypeVar("T")

CONNECTIONS = 6
"""How many transactions of one worker may run at the same time."""

_PATIENCE = {  # a server that is gone is noticed within seconds, not after the system's minutes
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
    "application_name": "beforehand",
}


class Postgres:
    """A server other workers may use too.

    Shape: threads, because that costs less than a task switch for every statement.
    """

    def __init__(self, url: URL) -> None:
        self._engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args=_PATIENCE,
            pool_size=CONNECTIONS + 1,  # one of them only holds the lock of the worker that asks Telegram
            max_overflow=0,
            isolation_level="READ COMMITTED",  # who looks again after a lock must see what is new
            pool_pre_ping=True,  # after a restart of the server the old connections are dead
            hide_parameters=True,
        )
        self._where = url.render_as_string(hide_password=True)
        self._leading: Connection | None = None
        self._threads = ThreadPoolExecutor(CONNECTIONS, "postgres")

    async def open(self) -> None:
        """See that the server is there.

        Raises: DatabaseUnusable when it is not, or is too old.
        """
        try:
            version = await self._on_a_thread(_version, self._engine)
        except DBAPIError as error:
            why = " ".join(str(error.orig).split())[:200]
            words = f"Nobody lets us in at {self._where}: {why}. Look at DATABASE_URL and at the server."
            raise DatabaseUnusable(words) from None
        if version < 15_00_00:
            words = f"{self._where} is PostgreSQL {version // 10_000}. It must be 15 or newer."
            raise DatabaseUnusable(words)

    async def close(self) -> None:
        """Close every connection."""
        self._stand_back()
        self._engine.dispose()
        self._threads.shutdown(wait=False)

    async def run(self, body: Callable[[Connection], T]) -> T:
        """Run a plain function in one transaction."""
        return await self._on_a_thread(self._transaction, body)

    async def leads(self) -> bool:
        """Hold the one lock there is, if nobody else does; it goes with the connection, whatever happens."""
        return await self._on_a_thread(self._lead)

    def _lead(self) -> bool:
        try:
            if self._leading is None:
                self._leading = self._engine.execution_options(isolation_level="AUTOCOMMIT").connect()
            # having it, the question only shows that the connection still stands
            return bool(self._leading.scalar(_HAVE_LOCK) or self._leading.scalar(_TRY_LOCK))
        except DBAPIError:
            self._stand_back()
            return False

    def _stand_back(self) -> None:
        if self._leading is not None:
            with suppress(DBAPIError):
                self._leading.invalidate()
                self._leading.close()
            self._leading = None

    def _transaction(self, body: Callable[[Connection], T]) -> T:
        with self._engine.begin() as conn:
            return body(conn)

    async def _on_a_thread(self, work: Callable[..., T], *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)


_LEADER = 4711  # any number that is ours
_TRY_LOCK = text(f"SELECT pg_try_advisory_lock({_LEADER})")
_HAVE_LOCK = text(
    "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' "
    f"AND pid = pg_backend_pid() AND objid = {_LEADER} AND granted"
)


def _version(engine: Engine) -> int:
    with engine.connect() as conn:
        return int(conn.exec_driver_sql("SHOW server_version_num").scalar_one())


def others(conn: Connection) -> int:
    """How many connections other programs of ours have to this database.

    Shape: only for a command that has one connection itself.
    """
    return int(conn.exec_driver_sql(_OTHERS).scalar_one())


_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'beforehand' "
    "AND datname = current_database() AND pid <> pg_backend_pid()"
)
