"""What is on a person's screen: which of the messages they have been sent they can have seen.

All functions here run inside a transaction.
"""

from sqlalchemy import Connection, bindparam, or_, select

from bot.store.letters import REPLY, Posted
from bot.store.statement import Statement
from bot.store.tables import outbox


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
    newest, row = _NEWEST.one(conn, chat=chat_id), _SEEN.one(conn, chat=chat_id, at=at)
    if newest is None or not newest.dedup.startswith("u"):
        return False
    number = row.dedup[1:].partition(".")[0] if row else ""
    return number.isdigit() and int(number) >= update_id


_SEEN = Statement(
    select(outbox.c.dedup)
    .where(outbox.c.chat_id == bindparam("chat"), outbox.c.urgency == REPLY, outbox.c.edits == 0)
    .where(outbox.c.dedup.startswith("u"), or_(outbox.c.delivered_on <= bindparam("at"), outbox.c.doubts > 0))
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
