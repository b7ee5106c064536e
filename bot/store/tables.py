"""Every table, once, for SQLite and PostgreSQL.

Instants are milliseconds since 1970, UTC. What people said, and their names, are sealed (store/safe).
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)
from sqlalchemy.sql import ColumnElement

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_ID = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only in an INTEGER primary key


def _id() -> Column[int]:
    """A number that is never used again, not even when its row is erased: old buttons still name it."""
    return Column("id", _ID, primary_key=True)


def _when(name: str, nullable: bool = True) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def _partial(name: str, *columns: Column[Any], where: ColumnElement[bool]) -> None:
    Index(name, *columns, sqlite_where=where, postgresql_where=where)


chats = Table(  # one row a chat: whoever holds it works on that chat alone
    "chats",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", LargeBinary, nullable=False),  # its data key, locked by a master key
    _when("free_at", nullable=False),  # when the next message may go there, at an even pace
)

masters = Table(  # the master keys in use: their names, and something to try them on
    "masters",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("proof", LargeBinary, nullable=False),
)

pace = Table(  # one row: how fast the bot as a whole may write
    "pace",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("free_at", BigInteger, nullable=False),  # microseconds
)

workers = Table(  # who is at work, for `beforehand status`
    "workers",
    metadata,
    Column("name", String(64), primary_key=True),
    _when("started_at", nullable=False),
    _when("seen_at", nullable=False),
    _when("asked_at"),  # when Telegram last answered getUpdates, or called the web hook
)

notes = Table(  # what the program remembers about itself
    "notes",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)

erasures = Table(  # who wanted nothing kept; numbers only, replayed after a backup is restored
    "erasures",
    metadata,
    Column("kind", String(8), primary_key=True),  # person | talk
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    _when("at", nullable=False),
)
Index("ix_erasures_at", erasures.c.at)

teams = Table("teams", metadata, _id(), Column("name", Text, nullable=False), sqlite_autoincrement=True)

people = Table(
    "people",
    metadata,
    _id(),
    Column("chat_id", BigInteger, unique=True),  # null once they are erased
    Column("name", LargeBinary, nullable=False),
    Column("language", String(16), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("key_contact", BigInteger),  # people.id
    Column("expecting", Text, nullable=False, default=""),  # what their next words are for: a note, a date …
    Column("unreachable_since", BigInteger),
    _when("joined_at", nullable=False),
    sqlite_autoincrement=True,
)

roles = Table(
    "roles",
    metadata,
    Column("person", BigInteger, primary_key=True),
    Column("team", BigInteger, primary_key=True),
    Column("role", String(16), primary_key=True),  # people.Role
)

invitations = Table(
    "invitations",
    metadata,
    Column("token_hash", String(64), primary_key=True),  # never the token itself
    Column("team", BigInteger, nullable=False),
    Column("role", String(16), nullable=False),
    Column("invited_by", BigInteger),  # null for the first admin
    _when("made_at", nullable=False),
    _when("expires_at", nullable=False),
    _when("used_at"),
    Column("used_by", BigInteger),
)

scripts = Table(
    "scripts",
    metadata,
    _id(),
    Column("name", String(64), nullable=False),
    Column("version", Integer),  # null while it is a draft
    Column("text", Text, nullable=False),
    Column("made_by", BigInteger),
    _when("made_at", nullable=False),
    _when("published_at"),
    sqlite_autoincrement=True,
)
Index("uq_scripts_name_version", scripts.c.name, scripts.c.version, unique=True)

talks = Table(
    "talks",
    metadata,
    _id(),
    Column("person", BigInteger, nullable=False),
    Column("script", String(64), nullable=False),
    Column("draft", BigInteger),  # scripts.id when an admin tries a draft on their own phone
    Column("status", String(16), nullable=False),  # open | stopped | waiting
    _when("started_at", nullable=False),
    _when("said_at", nullable=False),
    Column("unfinished_sent", SmallInteger, nullable=False, default=0),
    Column("shown", BigInteger),  # scripts.id its newest question was drawn from
    Column("stage", SmallInteger, nullable=False, server_default="1"),  # 2 once the first talk has been
    sqlite_autoincrement=True,
)
Index("ix_talks_person", talks.c.person)

answers = Table(  # a row is never changed: the newest at a place counts, the others are its history
    "answers",
    metadata,
    _id(),
    Column("talk", BigInteger, nullable=False),
    Column("place", String(80), nullable=False),
    Column("state", String(16), nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("script_version", Integer),
    Column("update_id", BigInteger),
    _when("said_at", nullable=False),
    sqlite_autoincrement=True,
)
Index("ix_answers_talk_place", answers.c.talk, answers.c.place, answers.c.id)

shares = Table(  # what the person agreed to give, as it was when they did
    "shares",
    metadata,
    _id(),
    Column("talk", BigInteger, nullable=False),
    Column("to_person", BigInteger, nullable=False),
    Column("summary", LargeBinary, nullable=False),
    _when("shared_at", nullable=False),
    _when("read_at"),
    sqlite_autoincrement=True,
)
Index("ix_shares_talk", shares.c.talk)

appointments = Table(
    "appointments",
    metadata,
    _id(),
    Column("talk", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("key_contact", BigInteger, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("status", String(16), nullable=False),  # agreed | cancelled
    _when("starts_at", nullable=False),
    _when("made_at", nullable=False),
    Column("wall", String(16), nullable=False),  # what was agreed: day and time on the wall in that zone
    sqlite_autoincrement=True,
)
Index("ix_appointments_talk", appointments.c.talk)

reminders = Table(
    "reminders",
    metadata,
    _id(),
    Column("person", BigInteger, nullable=False),
    Column("talk", BigInteger, nullable=False),
    Column("appointment", BigInteger),
    Column("rule", String(32), nullable=False),  # reminders.RULES
    Column("state", String(16), nullable=False),  # pending | queued | sent | cancelled | expired | dead
    _when("due_at", nullable=False),
    _when("made_at", nullable=False),
    Column("zone", String(64), nullable=False),
    Column("wall", String(16), nullable=False),  # when it is due, on the wall in that zone
    sqlite_autoincrement=True,
)
_partial("ix_reminders_due", reminders.c.due_at, where=reminders.c.state == "pending")
Index("ix_reminders_talk", reminders.c.talk)

inbox = Table(  # done rows stay a while without their payload, so that a repeat is known
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("payload", LargeBinary),
    Column("attempts", SmallInteger, nullable=False, default=0),
    Column("error", Text, nullable=False, default=""),
    Column("dead", Boolean, nullable=False, default=False),
    _when("not_before", nullable=False),
    _when("came_at", nullable=False),
    _when("done_at"),
)
_partial("ix_inbox_open", inbox.c.update_id, where=inbox.c.done_at.is_(None))
_partial("ix_inbox_chat", inbox.c.chat_id, inbox.c.update_id, where=inbox.c.done_at.is_(None))
_partial("ix_inbox_done", inbox.c.done_at, where=inbox.c.done_at.is_not(None))
_partial("ix_inbox_dead", inbox.c.chat_id, where=inbox.c.dead)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("chat_id", BigInteger, nullable=False),
    Column("dedup", String(80), nullable=False, unique=True),
    Column("payload", LargeBinary),
    Column("reminder", BigInteger),
    Column("urgency", SmallInteger, nullable=False),  # 0 replies, 1 reminders
    Column("state", String(16), nullable=False),  # ready | sending | sent | cancelled | dead
    Column("owner", Text),
    Column("attempts", SmallInteger, nullable=False, default=0),
    Column("withdrawn", Boolean, nullable=False, default=False),  # taken back: never sent again
    Column(
        "doubts", SmallInteger, nullable=False, default=0
    ),  # times it may have arrived without our knowing
    Column("error", Text, nullable=False, default=""),
    Column("edits", BigInteger, nullable=False, default=0),  # the message it redraws; 0 for a new message
    Column("message_id", BigInteger),
    Column("delivered_on", BigInteger),  # whole seconds, Telegram's clock
    _when("due_at", nullable=False),
    _when("lease_until"),
    _when("done_at"),
    sqlite_autoincrement=True,
)
_partial("ix_outbox_ready", outbox.c.urgency, outbox.c.due_at, outbox.c.id, where=outbox.c.state == "ready")
_partial(  # holds all that "is it the first of its chat?" asks, so it is chosen for that
    "ix_outbox_chat",
    outbox.c.chat_id,
    outbox.c.state,
    outbox.c.urgency,
    outbox.c.id,
    where=outbox.c.state.in_(["ready", "sending"]),
)
_partial("ix_outbox_lease", outbox.c.lease_until, where=outbox.c.state == "sending")
_partial("ix_outbox_dead", outbox.c.chat_id, where=outbox.c.state == "dead")
_partial("ix_outbox_done", outbox.c.done_at, where=outbox.c.done_at.is_not(None))
Index("ix_outbox_chat_newest", outbox.c.chat_id, outbox.c.id)
Index("ix_outbox_reminder", outbox.c.reminder)

audit = Table(  # who did what to whose; never what was said
    "audit",
    metadata,
    _id(),
    _when("at", nullable=False),
    Column("actor", BigInteger),
    Column("action", String(64), nullable=False),
    Column("subject", BigInteger),
    Column("detail", Text, nullable=False, default=""),
    sqlite_autoincrement=True,
)
Index("ix_audit_subject", audit.c.subject)
