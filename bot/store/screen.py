"""What is on a person's screen: which of the messages they have been sent they can have seen.

All functions here run inside a transaction.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, and_, bindparam, literal_column, or_, select, update

from bot.store import safe
from bot.store.letters import LEASE, REPLY, SKEW, Posted, Sending, asks
from bot.store.statement import Statement
from bot.store.tables import outbox

STILL_COMING = 1000
"""Units: milliseconds a message may take to arrive whose worker has died."""


def unseen(conn: Connection, chat_id: int, at: int) -> bool:
    """Whether the newest question of a chat was certainly not on the screen at that moment.

    Shape: redrawn messages and reminders are no new questions and do not count.
    Units: `at` in whole seconds by Telegram's clock; 0 when it is not known.
    """
    newest = _NEWEST.one(conn, chat=chat_id)
    if newest is None or not at:
        return False
    if newest.state == Posted.READY:
        return bool(newest.doubts == 0)
    # one sent again in doubt may have been answered the first time
    return bool(newest.state == Posted.SENT and newest.doubts == 0 and newest.delivered_on > at)


def has_seen_reply_to(conn: Connection, chat_id: int, at: int, update_id: int) -> bool:
    """Whether an answer to this update, or to a later one, may have been on the screen at that moment.

    Shape: no, when the newest question answers nobody: after a restore it asks what they do not see.
    Units: `at` in whole seconds by Telegram's clock.
    """
    newest, row = _NEWEST.one(conn, chat=chat_id), _seen(conn, chat_id, at)
    if newest is None or not newest.dedup.startswith("u"):
        return False
    number = row.dedup[1:].partition(".")[0] if row else ""
    return number.isdigit() and int(number) >= update_id


def _seen(conn: Connection, chat_id: int, at: int) -> Any:
    """The newest reply that may have been on the screen at that moment."""
    return _SEEN.one(conn, chat=chat_id, at=at, leased=(at + 1) * 1000 + SKEW + LEASE)


def is_newest_a_reply(conn: Connection, chat_id: int | None) -> bool:
    """Whether nothing of somebody else, and no reminder, has gone to a chat since it was last answered."""
    newest = _LAST.one(conn, chat=chat_id)
    return newest is not None and newest.urgency == REPLY


def has_all(conn: Connection, chat_id: int, dedup: str) -> bool:
    """Whether all messages of a chat whose `dedup` begins like this have arrived.

    Shape: what was taken back or given up never did. Those of long ago are not known any more, and count as
    arrived.
    """
    theirs = (outbox.c.chat_id == chat_id, outbox.c.dedup.startswith(dedup, autoescape=True))
    missing = select(outbox.c.id).where(*theirs, outbox.c.state != Posted.SENT).limit(1)
    return conn.execute(missing).first() is None


def is_past(conn: Connection, row: Any, sending: Sending) -> bool:
    """Whether a question that may have come would only be in the way of a newer one.

    Shape: they have answered it then, or said something else, and a later reply asks what is to be asked now.
    """
    if not row.doubts or row.reminder or row.edits or not sending.asks:
        return False
    turn = row.dedup.partition(".")[0]
    behind = _BEHIND.all(conn, chat=row.chat_id, number=row.id)
    newer = [each for each in behind if each.dedup.partition(".")[0] != turn]
    return any(asks(safe.unseal(conn, row.chat_id, each.payload, "outbox", each.dedup)) for each in newer)


def pass_over(conn: Connection, rows: Iterable[Any], now: int) -> None:
    """Never send these again; what follows them waits a moment, for one of them may still be on its way."""
    for row in rows:
        _PAST.run(conn, number=row.id, at=now)
        _WAIT.run(conn, chat=row.chat_id, until=now + STILL_COMING)


_may_be_there = or_(
    outbox.c.delivered_on <= bindparam("at"),
    outbox.c.doubts > 0,
    # being sent since then, perhaps by a worker that died before it could say what became of it
    and_(outbox.c.state == literal_column("'sending'"), outbox.c.lease_until <= bindparam("leased")),
)
_SEEN = Statement(
    select(outbox.c.dedup)
    .where(outbox.c.chat_id == bindparam("chat"), outbox.c.urgency == REPLY, outbox.c.edits == 0)
    .where(outbox.c.dedup.startswith("u"), _may_be_there)
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_NEWEST = Statement(
    select(outbox.c.dedup, outbox.c.state, outbox.c.doubts, outbox.c.delivered_on)
    .where(outbox.c.chat_id == bindparam("chat"), outbox.c.urgency == REPLY, outbox.c.edits == 0)
    .where(outbox.c.state != Posted.CANCELLED)
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_LAST = Statement(
    select(outbox.c.urgency)
    .where(outbox.c.chat_id == bindparam("chat"), outbox.c.edits == 0)
    .where(outbox.c.state != Posted.CANCELLED)
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_BEHIND = Statement(
    select(outbox.c.dedup, outbox.c.payload)
    .where(outbox.c.chat_id == bindparam("chat"), outbox.c.id > bindparam("number"))
    .where(outbox.c.state == literal_column("'ready'"), outbox.c.urgency == REPLY, outbox.c.edits == 0)
)
_PAST = Statement(
    update(outbox)
    .where(outbox.c.id == bindparam("number"))
    .values(state=Posted.CANCELLED, payload=None, done_at=bindparam("at"))
)
_WAIT = Statement(
    update(outbox)
    .where(outbox.c.chat_id == bindparam("chat"), outbox.c.state == literal_column("'ready'"))
    .where(outbox.c.due_at < bindparam("until"))
    .values(due_at=bindparam("until"))
)
