"""SQL that is run over and over: SQLAlchemy puts it into words once, then the driver runs those."""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement

from bot.store.inside import inside

Insert = sqlite.Insert | postgresql.Insert
Maker = Callable[[Callable[[Table], Insert]], ClauseElement]

_DIALECTS: Mapping[str, Callable[[], Dialect]] = {
    "sqlite": lambda: sqlite.dialect(paramstyle="named"),
    "postgresql": PGDialect_psycopg,
}
_INSERTS: Mapping[str, Callable[[Table], Insert]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Statement:
    """One statement with named values; both databases.

    Shape: made from SQLAlchemy's words, or from a function that is given the INSERT that knows
    ON CONFLICT. Rows are named tuples. Lists of values (IN) cannot be given.
    Measured: a third of the time `Connection.execute` takes on SQLite.
    """

    def __init__(self, words: ClauseElement | Maker) -> None:
        self._words = words
        self._made: dict[str, tuple[str, dict[str, Any]]] = {}
        self._row: Callable[[Iterable[Any]], Any] | None = None

    def all(self, conn: Connection, **values: Any) -> list[Any]:
        """Every row it gives."""
        cursor = self._cursor(conn, values)
        rows = cursor.fetchall()
        if self._row is None:
            names = [column[0] for column in cursor.description]
            self._row = namedtuple("Row", names)._make  # type: ignore[attr-defined]
        return list(map(self._row, rows))

    def one(self, conn: Connection, **values: Any) -> Any:
        """The first row it gives; None when there is none."""
        rows = self.all(conn, **values)
        return rows[0] if rows else None

    def run(self, conn: Connection, **values: Any) -> int:
        """Run it and say how many rows it touched."""
        return int(self._cursor(conn, values).rowcount)

    def each(self, conn: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run it once for each set of values."""
        held = inside(conn)
        sql, fixed = self._for("sqlite" if held.alone else "postgresql")
        values = [fixed | dict(row) for row in rows]
        if values:
            held.driver.cursor().executemany(sql, values)

    def sql(self, dialect: str) -> str:
        """The words this database is given."""
        return self._for(dialect)[0]

    def _cursor(self, conn: Connection, values: dict[str, Any]) -> Any:
        held = inside(conn)
        sql, fixed = self._for("sqlite" if held.alone else "postgresql")
        return held.driver.execute(sql, {**fixed, **values})

    def _for(self, dialect: str) -> tuple[str, dict[str, Any]]:
        if dialect not in self._made:
            words = self._words if isinstance(self._words, ClauseElement) else self._words(_INSERTS[dialect])
            made = words.compile(dialect=_DIALECTS[dialect]())
            self._made[dialect] = str(made), dict(made.params)
        return self._made[dialect]
