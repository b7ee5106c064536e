"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001_start"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("id", ID, nullable=False),
        sa.Column("talk", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("script_version", sa.Integer()),
        sa.Column("update_id", sa.BigInteger()),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_answers_talk_place", "answers", ["talk", "place", "id"])
    op.create_table(
        "appointments",
        sa.Column("id", ID, nullable=False),
        sa.Column("talk", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("key_contact", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appointments"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_appointments_talk", "appointments", ["talk"])
    op.create_table(
        "audit",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.BigInteger()),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.BigInteger()),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_subject", "audit", ["subject"])
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.Text()),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("dead", sa.Boolean(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("came_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("update_id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_chat", "inbox", ["chat_id", "update_id"], **_where("done_at IS NULL"))
    op.create_index("ix_inbox_done", "inbox", ["done_at"], **_where("done_at IS NOT NULL"))
    op.create_index("ix_inbox_open", "inbox", ["update_id"], **_where("done_at IS NULL"))
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("team", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("invited_by", sa.BigInteger()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.Column("used_by", sa.BigInteger()),
        sa.PrimaryKeyConstraint("token_hash", name="pk_invitations"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("dedup", sa.String(length=80), nullable=False),
        sa.Column("payload", sa.Text()),
        sa.Column("reminder", sa.BigInteger()),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("doubts", sa.SmallInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("edits", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("delivered_on", sa.BigInteger()),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("done_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("dedup", name="uq_outbox_dedup"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outbox_chat",
        "outbox",
        ["chat_id", "state", "urgency", "id"],
        **_where("state IN ('ready', 'sending')"),
    )
    op.create_index("ix_outbox_chat_newest", "outbox", ["chat_id", "id"])
    op.create_index("ix_outbox_lease", "outbox", ["lease_until"], **_where("state = 'sending'"))
    op.create_index("ix_outbox_ready", "outbox", ["urgency", "due_at", "id"], **_where("state = 'ready'"))
    op.create_index("ix_outbox_reminder", "outbox", ["reminder"])
    op.create_table(
        "people",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat_id", sa.BigInteger()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("key_contact", sa.BigInteger()),
        sa.Column("expecting", sa.Text(), nullable=False),
        sa.Column("unreachable_since", sa.BigInteger()),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("chat_id", name="uq_people_chat_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "reminders",
        sa.Column("id", ID, nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("talk", sa.BigInteger(), nullable=False),
        sa.Column("appointment", sa.BigInteger()),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reminders"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reminders_due", "reminders", ["due_at"], **_where("state = 'pending'"))
    op.create_index("ix_reminders_talk", "reminders", ["talk"])
    op.create_table(
        "roles",
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("team", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("person", "team", "role", name="pk_roles"),
    )
    op.create_table(
        "scripts",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by", sa.BigInteger()),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_scripts"),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_scripts_name_version", "scripts", ["name", "version"], unique=True)
    op.create_table(
        "shares",
        sa.Column("id", ID, nullable=False),
        sa.Column("talk", sa.BigInteger(), nullable=False),
        sa.Column("to_person", sa.BigInteger(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("shared_at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_shares"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_shares_talk", "shares", ["talk"])
    op.create_table(
        "talks",
        sa.Column("id", ID, nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("script", sa.String(length=64), nullable=False),
        sa.Column("draft", sa.BigInteger()),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("unfinished_sent", sa.SmallInteger(), nullable=False),
        sa.Column("shown", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_talks"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_talks_person", "talks", ["person"])
    op.create_table(
        "teams",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
        sqlite_autoincrement=True,
    )
