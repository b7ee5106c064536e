"""The tables of an older version grow into the new ones, whole or not at all."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from bot.clock import Clock
from bot.errors import DatabaseUnusable
from bot.store import database
from bot.store.database import Store, migrate
from bot.store.tables import metadata
from tests.ring import ring
from tests.store.conftest import at_hand, engine_of


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = engine_of(url)
    with engine.begin() as conn:
        at_hand(conn)
        yield conn
    engine.dispose()


def schema(conn: Connection) -> set[str]:
    """Every column, index and constraint, in words; how SQLite was told to make them does not matter."""
    asked = SQLITE if conn.dialect.name == "sqlite" else POSTGRESQL
    return {
        " ".join(str(each) for each in row)
        for query in asked
        for row in conn.execute(text(query))
        if not str(row[0]).startswith("alembic")
    }


_TABLES = "(SELECT name AS of, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%')"
SQLITE = (
    f"SELECT of, sql LIKE '%AUTOINCREMENT%' FROM {_TABLES}",
    f"SELECT of, name, type, [notnull], dflt_value, pk FROM {_TABLES}, pragma_table_xinfo(of)",
    f"SELECT of, [unique], origin, partial, (SELECT group_concat(name) FROM pragma_index_info(i.name)),"
    f" iif(origin = 'c', i.name, '') FROM {_TABLES}, pragma_index_list(of) AS i",
    "SELECT tbl_name, replace(replace(sql, '(', ' ('), '  ', ' ') FROM sqlite_master WHERE type = 'index'"
    " AND sql LIKE '%WHERE%'",
)
POSTGRESQL = (
    "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT conrelid::regclass, conname, pg_get_constraintdef(pg_constraint.oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
)


def test_the_migrations_make_exactly_the_tables_the_program_uses(nothing: str) -> None:
    with connected(nothing) as conn:
        metadata.create_all(conn)
        wanted = schema(conn)
        metadata.drop_all(conn)
    with connected(nothing) as conn:
        migrate(conn)
        migrated = schema(conn)

    assert len(wanted) > 20
    assert migrated == wanted


def test_migrating_again_changes_nothing(nothing: str) -> None:
    with connected(nothing) as conn:
        migrate(conn)
        before = schema(conn)
        migrate(conn)

        assert schema(conn) == before


KILLED = """
import asyncio, os, signal, sys
from alembic.operations import Operations
from bot.clock import Clock
from bot.store import safe
from bot.store.database import Store
from tests.ring import ring

def dying(part, after):
    calls = []
    def instead(*words, **more):
        calls.append(1)
        if len(calls) == after:
            os.kill(os.getpid(), signal.SIGKILL)
        return part(*words, **more)
    return instead

if sys.argv[2] == "tables":
    Operations.create_table = dying(Operations.create_table, 6)
else:
    safe.seal = dying(safe.seal, 3)
asyncio.run(Store(sys.argv[1], Clock(), ring()).open())
"""


def killed(url: str, during: str) -> int:
    return subprocess.run([sys.executable, "-c", KILLED, url, during], check=False).returncode


def test_a_program_killed_while_it_makes_its_tables_starts_again(nothing: str) -> None:
    assert killed(nothing, "tables") == -signal.SIGKILL
    with connected(nothing) as conn:
        left = schema(conn)
        migrate(conn)

        assert left == set(), "not half of the tables"
        assert "outbox" in inspect(conn).get_table_names()


async def test_a_database_of_a_newer_program_is_refused_and_left_as_it_is(url: str) -> None:
    newer = text("UPDATE alembic_version SET version_num = '9999_later'")
    with connected(url) as conn:
        conn.execute(newer)
        before = schema(conn)
    with pytest.raises(DatabaseUnusable, match="newer version of the program"):
        await Store(url, Clock(), ring()).open()
    with connected(url) as conn:
        assert schema(conn) == before
        assert conn.scalar(text("SELECT version_num FROM alembic_version")) == "9999_later"


# ---- foreign keys, which only SQLite forgets about while a table is made anew


FIRST = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None

def upgrade():
    op.create_table("masters", sa.Column("name", sa.Text), sa.Column("proof", sa.LargeBinary))
    op.create_table("talks", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table(
        "answers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("talk", sa.Integer, sa.ForeignKey("talks.id", name="fk_talk", ondelete="CASCADE")),
    )
"""
REBUILDS = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"

def upgrade():
    with op.batch_alter_table("talks", recreate="always") as batch:
        batch.add_column(sa.Column("note", sa.Text))
"""
BREAKS = """
from alembic import op

revision, down_revision = "0002", "0001"

def upgrade():
    op.execute("DELETE FROM talks")
"""


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Migrations of another program, in a folder with an awkward name."""
    folder = tmp_path / "100% ours"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text((database.MIGRATIONS / "env.py").read_text())
    (folder / "versions" / "0001.py").write_text(FIRST)
    monkeypatch.setattr(database, "MIGRATIONS", folder)
    return folder


async def with_a_talk_and_its_answer(url: str) -> None:
    store = Store(url, Clock(), ring())
    await store.open()
    await store.tx(lambda conn: conn.execute(text("INSERT INTO talks VALUES (1)")))
    await store.tx(lambda conn: conn.execute(text("INSERT INTO answers VALUES (1, 1)")))
    await store.close()


async def test_rebuilding_a_table_does_not_delete_the_rows_that_point_at_it(
    migrations: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/talks.db"
    await with_a_talk_and_its_answer(url)
    (migrations / "versions" / "0002.py").write_text(REBUILDS)
    store = Store(url, Clock(), ring())
    await store.open()
    answers = await store.tx(lambda conn: conn.execute(text("SELECT count(*) FROM answers")).scalar())
    columns = await store.tx(lambda conn: {each["name"] for each in inspect(conn).get_columns("talks")})
    checks = await store.tx(lambda conn: conn.exec_driver_sql("PRAGMA foreign_keys").scalar())
    await store.close()

    assert (answers, columns) == (1, {"id", "note"})
    assert checks == 1, "foreign keys are watched again afterwards"


async def test_a_migration_that_leaves_rows_pointing_at_nothing_is_taken_back(
    migrations: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/talks.db"
    await with_a_talk_and_its_answer(url)
    (migrations / "versions" / "0002.py").write_text(BREAKS)
    with pytest.raises(RuntimeError, match="point at nothing"):
        await Store(url, Clock(), ring()).open()
    (migrations / "versions" / "0002.py").write_text(REBUILDS)
    store = Store(url, Clock(), ring())
    await store.open()
    talks = await store.tx(lambda conn: conn.execute(text("SELECT count(*) FROM talks")).scalar())
    await store.close()

    assert talks == 1


def test_every_migration_is_named_by_its_file() -> None:
    known = {script.revision for script in ScriptDirectory(str(database.MIGRATIONS)).walk_revisions()}

    assert len(known) >= 2
    assert set(database.revisions()) == known, (
        "the program tells by the names whether the tables are up to date"
    )
    assert ScriptDirectory(str(database.MIGRATIONS)).get_current_head() == database.revisions()[-1]
