"""A look into the database of a running bot: a second connection, which can only read."""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from bot.clock import Clock
from bot.errors import DatabaseUnusable
from bot.keys import SIZE, KeyRing
from bot.store.database import is_database_error, revisions, server_time
from bot.store.inside import Inside, enter
from bot.store.state import revision

PATIENCE = 5
"""Units: seconds to wait for a database that is busy, or a server that does not answer."""


@contextmanager
def reading(url: str) -> Iterator[tuple[Connection, int]]:
    """Read what is there now; nothing can be changed, and a running bot is not held up.

    Shape: gives a connection in a transaction, and what time it is there.
    Units: milliseconds since 1970, UTC.
    Raises: DatabaseUnusable when it cannot be read, or its tables are those of another version.
    """
    where = make_url(url)
    engine = _sqlite(where) if where.get_backend_name() == "sqlite" else _postgres(where)
    try:
        with engine.begin() as conn:
            alone = conn.dialect.name == "sqlite"
            at = Clock().now() if alone else server_time(conn)
            nothing = KeyRing([secrets.token_bytes(SIZE)])  # numbers are read here, and no words
            enter(conn, Inside(nothing, alone, lambda: at, conn.connection.driver_connection))
            _check_version(conn)
            yield conn, at
    except Exception as error:
        if not is_database_error(error):
            raise
        name = where.render_as_string(hide_password=True)
        why = " ".join(str(getattr(error, "orig", error)).split())[:200]
        raise DatabaseUnusable(f"{name} cannot be read: {why}. Look at DATABASE_URL.") from None
    finally:
        engine.dispose()


def must_be_there(file: Path) -> None:
    """A SQLite file that the bot has made.

    Raises: DatabaseUnusable when there is none.
    """
    if not file.is_file():
        raise DatabaseUnusable(f"There is no database {file}. Start the bot, or look at DATABASE_URL.")


def _sqlite(where: URL) -> Engine:
    file = Path(where.database or "")
    must_be_there(file)
    address = f"{file.resolve().as_uri()}?mode=ro"
    return create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(address, uri=True, timeout=PATIENCE),
        poolclass=NullPool,
        hide_parameters=True,
    )


def _postgres(where: URL) -> Engine:
    options = f"-c default_transaction_read_only=on -c statement_timeout={PATIENCE}s"
    return create_engine(
        where.set(drivername="postgresql+psycopg"),
        connect_args={"connect_timeout": PATIENCE, "options": options},
        poolclass=NullPool,
        hide_parameters=True,
    )


def _check_version(conn: Connection) -> None:
    newest = revisions()[-1]
    found = f"tables {revision(conn)}" if inspect(conn).has_table("alembic_version") else "no tables"
    if found != f"tables {newest}":
        raise DatabaseUnusable(
            f"The database has {found}, and this version of the program needs {newest}. "
            "Start the bot of this version once: it brings the tables up to date."
        )
