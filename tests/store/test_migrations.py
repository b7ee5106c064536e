"""The tables of an older version grow into the new ones, whole or not at all."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text

from bot.clock import Clock
from bot.store import database
from bot.store.database import Store, migrate
from bot.store.sqlite import begin_immediate
from bot.store.tables import metadata


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path}/talks.db", connect_args={"isolation_level": None})
    event.listen(made, "begin", begin_immediate)
    yield made
    made.dispose()


def schema(conn: Connection) -> set[str]:
    """Every table and index, in the words that make it, however they are laid out."""
    made = conn.execute(
        text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%'")
    )
    return {
        " ".join(sql.replace("(", " ( ").replace(")", " ) ").replace(",", " , ").split()) for (sql,) in made
    }


def test_the_migrations_make_exactly_the_tables_the_program_uses(engine: Engine) -> None:
    with engine.begin() as conn:
        migrate(conn)
        migrated = schema(conn)
    fresh = create_engine("sqlite://")
    with fresh.begin() as conn:
        metadata.create_all(conn)
        wanted = schema(conn)
    fresh.dispose()

    assert len(wanted) > 20
    assert migrated == wanted


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    with engine.begin() as conn:
        migrate(conn)
        before = schema(conn)
        migrate(conn)

        assert schema(conn) == before


KILLED = """
import os, signal, sys
import bot.store.database as database
from bot.store.sqlite import begin_immediate
from alembic.operations import Operations
from sqlalchemy import create_engine, event

make, made = Operations.create_table, []
def create_table(self, name, *parts, **more):
    made.append(name)
    if len(made) == 6:
        os.kill(os.getpid(), signal.SIGKILL)
    return make(self, name, *parts, **more)
Operations.create_table = create_table

engine = create_engine(sys.argv[1], connect_args={"isolation_level": None})
event.listen(engine, "begin", begin_immediate)
with engine.begin() as conn:
    database.migrate(conn)
"""


def test_a_program_killed_in_the_middle_of_a_migration_starts_again(engine: Engine) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(engine.url)], check=False)
    with engine.begin() as conn:
        left = schema(conn)
        migrate(conn)

        assert killed.returncode == -signal.SIGKILL
        assert left == set(), "not half of the tables"
        assert "outbox" in inspect(conn).get_table_names()


FIRST = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None

def upgrade():
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
    store = Store(url, Clock())
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
    store = Store(url, Clock())
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
        await Store(url, Clock()).open()
    (migrations / "versions" / "0002.py").write_text(REBUILDS)
    store = Store(url, Clock())
    await store.open()
    talks = await store.tx(lambda conn: conn.execute(text("SELECT count(*) FROM talks")).scalar())
    await store.close()

    assert talks == 1
