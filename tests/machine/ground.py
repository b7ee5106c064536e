"""What the machine stands on: a database in memory that may give way, and clocks that are wrong."""

import sqlite3
from collections import namedtuple
from collections.abc import Callable
from enum import Enum, auto
from functools import cache
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import StaticPool

from bot.clock import Clock
from bot.store import safe
from bot.store.database import Store
from bot.store.inside import Inside, enter
from bot.store.sqlite import PRAGMAS, begin_immediate
from bot.store.tables import metadata
from tests.ring import ring

P = ParamSpec("P")
T = TypeVar("T")

MONDAY = 1_741_000_000_000
"""Units: milliseconds since 1970, UTC: 3 March 2025, in the morning."""


class Fate(Enum):
    """What becomes of a transaction."""

    KEPT = auto()
    UNDONE = auto()  # the database gave way before it was kept
    UNHEARD = auto()  # it is kept, and the word of that was lost


class Ground(Store):
    """The store, run at once and by itself.

    Shape: `fate` is that of the next transaction; `witness` sees each that was kept. `alone` is false when
    several workers share it, each with its own lease.
    Units: `wall` in milliseconds since 1970, UTC; `steady` in seconds that only go forward.
    """

    def __init__(self, alone: bool) -> None:
        super().__init__("sqlite://", Clock(), ring())
        self.alone = alone
        self.wall, self.steady = MONDAY, 0.0
        self.fate = Fate.KEPT
        self.witness: Callable[[Connection], None] = lambda conn: None
        self._link = _database()
        _tables().backup(self._link)
        self._engine = create_engine("sqlite://", creator=lambda: self._link, poolclass=StaticPool)
        event.listen(self._engine, "begin", begin_immediate)
        with self._engine.begin() as conn:
            self._enter(conn)
            safe.check(conn)

    def end(self) -> None:
        """Let go of it."""
        self._engine.dispose()
        self._link.close()

    async def tx(self, body: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        self.passes(1)
        fate, self.fate, before = self.fate, Fate.KEPT, self._link.total_changes
        with self._engine.begin() as conn:
            self._enter(conn)
            result = body(conn, *args, **kwargs)
            if fate is Fate.UNDONE:
                raise outage()
        if self._link.total_changes > before:
            self.see(self.witness)
        if fate is Fate.UNHEARD:
            raise outage()
        return result

    def see(self, body: Callable[[Connection], T]) -> T:
        """What is kept at this moment; whatever is done to it meanwhile is undone."""
        with self._engine.connect() as conn, conn.begin() as transaction:
            self._enter(conn)
            try:
                return body(conn)
            finally:
                transaction.rollback()

    def rows(self, query: str, *values: object) -> list[Any]:
        """What the database gives, quickly."""
        cursor = self._link.execute(query, values)
        row = _row(tuple(column[0] for column in cursor.description))
        return list(map(row._make, cursor))

    def passes(self, milliseconds: int) -> None:
        """Time goes by, on every clock."""
        self.wall += milliseconds
        self.steady += milliseconds / 1000

    def _enter(self, conn: Connection) -> None:
        driver: Any = conn.connection.driver_connection
        enter(conn, Inside(self.ring, True, lambda: self.wall, driver, self._opened))


def _database() -> sqlite3.Connection:
    link = sqlite3.connect(":memory:", isolation_level=None)
    for pragma in PRAGMAS:
        link.execute(f"PRAGMA {pragma}")
    return link


@cache
def _tables() -> sqlite3.Connection:
    """An empty database with all tables, for copies: making them takes longer than what is tried in one."""
    link = _database()
    engine = create_engine("sqlite://", creator=lambda: link, poolclass=StaticPool)
    metadata.create_all(engine)
    return link


@cache
def _row(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names)


def outage() -> sqlite3.OperationalError:
    """The database is in trouble, and the transaction is no fault of anybody's."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    return error
