"""What people said is sealed, chats can be held, and wall-clock times are kept beside instants."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations
from sqlalchemy import Connection, bindparam

from bot.clock import on_the_wall
from bot.store import safe

revision = "0002_sealed"
down_revision = "0001_start"

SEALED = (
    ("people", "name", False),
    ("answers", "value", False),
    ("shares", "summary", False),
    ("inbox", "payload", True),
    ("outbox", "payload", True),
)


def upgrade() -> None:
    _new_tables()
    for table, column, nullable in SEALED:
        with _changing(table) as batch:
            batch.alter_column(
                column,
                type_=sa.LargeBinary(),
                existing_type=sa.Text(),
                existing_nullable=nullable,
                postgresql_using=f"convert_to({column}, 'UTF8')",
            )
    with _changing("appointments") as batch:
        batch.add_column(sa.Column("wall", sa.String(length=16), nullable=False, server_default=""))
    with _changing("reminders") as batch:
        batch.add_column(sa.Column("zone", sa.String(length=64), nullable=False, server_default="UTC"))
        batch.add_column(sa.Column("wall", sa.String(length=16), nullable=False, server_default=""))
    with op.batch_alter_table("invitations") as batch:
        batch.drop_column("name")
    conn = op.get_bind()
    safe.check(conn)  # takes note of the key that locks everybody's
    _seal_everything(conn)
    if conn.dialect.name == "postgresql":
        _make_anew(conn)
    _walls(conn)
    with _changing("appointments") as batch:
        batch.alter_column("wall", server_default=None, existing_type=sa.String(length=16))
    with _changing("reminders") as batch:
        batch.alter_column("zone", server_default=None, existing_type=sa.String(length=64))
        batch.alter_column("wall", server_default=None, existing_type=sa.String(length=16))
    for table, condition in (("inbox", "dead"), ("outbox", "state = 'dead'")):
        where = sa.text(condition)
        op.create_index(f"ix_{table}_dead", table, ["chat_id"], sqlite_where=where, postgresql_where=where)


@contextmanager
def _changing(table: str) -> Iterator[BatchOperations]:
    """Change a table; on SQLite it is made anew, and must still never use a number again."""
    conn = op.get_bind()
    counts = conn.dialect.name == "sqlite" and table != "inbox"
    last = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :table")
    seq = conn.scalar(last, {"table": table}) if counts else None
    with op.batch_alter_table(table, table_kwargs={"sqlite_autoincrement": True} if counts else {}) as batch:
        yield batch
    if seq is not None:
        conn.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table})
        again = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :seq)")
        conn.execute(again, {"table": table, "seq": seq})


def _new_tables() -> None:
    op.create_table(
        "chats",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("free_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_chats"),
    )
    op.create_table(
        "masters",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_masters"),
    )
    op.create_table(
        "pace",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("free_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pace"),
    )
    op.create_table(
        "workers",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("name", name="pk_workers"),
    )
    op.create_table(
        "notes",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_notes"),
    )
    op.create_table(
        "erasures",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "number", name="pk_erasures"),
    )
    op.create_index("ix_erasures_at", "erasures", ["at"])
    is_done = sa.text("done_at IS NOT NULL")
    op.create_index("ix_outbox_done", "outbox", ["done_at"], sqlite_where=is_done, postgresql_where=is_done)


def _seal_everything(conn: Connection) -> None:
    """Words that stood in the clear, each with the key of its chat and bound to its row."""
    of_talk = "(SELECT chat_id FROM people JOIN talks ON talks.person = people.id WHERE talks.id = %s)"
    _seal(conn, "people", "name", "id", "chat_id", "'people.name'")
    bound = "'answers', talk, place, state, said_at"
    _seal(conn, "answers", "value", "id", of_talk % "answers.talk", bound)
    bound = "'shares', talk, to_person, shared_at"
    _seal(conn, "shares", "summary", "id", of_talk % "shares.talk", bound)
    _seal(conn, "inbox", "payload", "update_id", "chat_id", "'inbox', update_id")
    _seal(conn, "outbox", "payload", "id", "chat_id", "'outbox', dedup")


def _seal(conn: Connection, table: str, column: str, key: str, owner: str, bound: str) -> None:
    rows = conn.exec_driver_sql(
        f"SELECT {key}, {owner}, {column}, {bound} FROM {table} WHERE {column} IS NOT NULL"
    ).all()
    update = sa.text(f"UPDATE {table} SET {column} = :sealed WHERE {key} = :key").bindparams(
        bindparam("sealed", type_=sa.LargeBinary())
    )
    for number, chat, words, *where in rows:
        text = words if isinstance(words, str) else bytes(words).decode()
        sealed = safe.seal(conn, chat, text, *where) if chat is not None else b""
        conn.execute(update, {"sealed": sealed, "key": number})


def _make_anew(conn: Connection) -> None:
    """Give these tables new files: in the old ones the words still stand, until a vacuum comes by."""
    for table, column, _ in SEALED:
        conn.exec_driver_sql(f"ALTER TABLE {table} ALTER {column} TYPE bytea USING {column} || ''::bytea")
    conn.exec_driver_sql("ALTER TABLE invitations ALTER made_at TYPE bigint USING made_at + 0")


def _walls(conn: Connection) -> None:
    """What the clock on the wall shows at the times that were kept."""
    dates = conn.exec_driver_sql("SELECT id, starts_at, zone FROM appointments").all()
    for number, starts_at, zone in dates:
        wall = {"wall": on_the_wall(starts_at, zone), "number": number}
        conn.execute(sa.text("UPDATE appointments SET wall = :wall WHERE id = :number"), wall)
    reminders = conn.exec_driver_sql(
        "SELECT reminders.id, due_at, people.zone FROM reminders JOIN people ON people.id = reminders.person"
    ).all()
    for number, due_at, zone in reminders:
        wall = {"wall": on_the_wall(due_at, zone), "zone": zone, "number": number}
        conn.execute(sa.text("UPDATE reminders SET wall = :wall, zone = :zone WHERE id = :number"), wall)
