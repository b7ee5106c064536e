"""The inbox and the outbox together: is there work, what is old, what was given up.

All functions here run inside a transaction. Units: `now` is milliseconds since 1970, UTC.
"""

from sqlalchemy import Connection, and_, bindparam, delete, exists, literal, or_, select, update

from bot.clock import DAY, MINUTE
from bot.store.letters import LEASE, Posted
from bot.store.order import has_earlier, is_head, is_posted
from bot.store.state import is_dead_in
from bot.store.statement import Statement
from bot.store.tables import chats, inbox, outbox, pace, people, workers

TOMBSTONE = 8 * DAY
"""How long a done row stays.

Source: Telegram keeps an update one day, and begins its numbers anew after a quiet week.
"""

DEAD_FOR = 30 * DAY

LONGEST = 10 * MINUTE
"""No wait is longer, so a later time was written when the clock was wrong."""


def has_work(conn: Connection, now: int) -> bool:
    """Whether anything could be worked on or sent now, or is being sent."""
    is_open = _OPEN_IN.one(conn, now=now) or _OPEN_OUT.one(conn, now=now) or _SENDING.one(conn)
    return is_open is not None


def has_waiting(conn: Connection, now: int) -> bool:
    """Whether an update could be worked on now."""
    return _OPEN_IN.one(conn, now=now) is not None


def hurry(conn: Connection, now: int, longest: int = LONGEST) -> None:
    """Wait for nothing later than the longest wait there is: the clock has gone back, or the bot was down."""
    late_in = and_(inbox.c.done_at.is_(None), inbox.c.not_before > now + longest)
    conn.execute(update(inbox).where(late_in).values(not_before=now))
    late_out = and_(is_posted(Posted.READY), outbox.c.due_at > now + longest)
    conn.execute(update(outbox).where(late_out).values(due_at=now))
    # also where nothing waits: the next reply there would
    conn.execute(update(chats).where(chats.c.free_at > now + longest).values(free_at=now))
    conn.execute(update(pace).where(pace.c.free_at > (now + longest) * 1000).values(free_at=now * 1000))
    too_long = and_(is_posted(Posted.SENDING), outbox.c.lease_until > now + LEASE)
    conn.execute(update(outbox).where(too_long).values(lease_until=now + LEASE))


def purge(conn: Connection, now: int) -> int:
    """Drop what is done and old, and say how many rows went; strangers' chats go with their last one."""
    gone: list[int] = []
    for box, is_dead in ((inbox, inbox.c.dead), (outbox, is_posted(Posted.DEAD))):
        is_old = and_(box.c.done_at < now - TOMBSTONE, or_(~is_dead, box.c.done_at < now - DEAD_FOR))
        gone += conn.scalars(delete(box).where(is_old).returning(box.c.chat_id))
    for chat in sorted(set(gone)):
        _drop_chat(conn, chat)
    conn.execute(delete(workers).where(workers.c.seen_at < now - DAY))  # they were killed
    return len(gone)


def _drop_chat(conn: Connection, chat: int) -> None:
    """Keep nothing of a chat nobody here writes from, its key least of all."""
    this = chats.c.chat_id == chat
    # two statements: whoever wrote from it before it was locked is seen by the second
    if conn.execute(select(chats.c.chat_id).where(this).with_for_update(skip_locked=True)).first():
        is_in_use = (
            exists().where(people.c.chat_id == chats.c.chat_id),
            exists().where(inbox.c.chat_id == chats.c.chat_id, inbox.c.done_at.is_(None)),
            exists().where(inbox.c.chat_id == chats.c.chat_id, is_dead_in()),  # it may be tried again
            exists().where(outbox.c.chat_id == chats.c.chat_id),
        )
        conn.execute(delete(chats).where(this, ~or_(*is_in_use)))


_READY = and_(is_posted(Posted.READY), outbox.c.due_at <= bindparam("now"), ~has_earlier())
_OPEN_IN = Statement(select(literal(1)).where(is_head(), inbox.c.not_before <= bindparam("now")).limit(1))
_OPEN_OUT = Statement(select(literal(1)).where(_READY).limit(1))
_SENDING = Statement(select(literal(1)).where(is_posted(Posted.SENDING)).limit(1))
