"""The inbox and the outbox together: is there work, what is old, what was given up.

All functions here run inside a transaction. Units: `now` is milliseconds since 1970, UTC.
"""

from sqlalchemy import BindParameter, Connection, and_, bindparam, delete, literal, or_, select

from bot.clock import DAY
from bot.store.incoming import is_head
from bot.store.letters import Box, DeadLetter, Posted
from bot.store.outgoing import has_earlier, is_posted
from bot.store.tables import inbox, outbox

TOMBSTONE = 8 * DAY
"""How long a done row stays.

Source: Telegram keeps an update one day, and begins its numbers anew after a quiet week.
"""

DEAD_FOR = 30 * DAY


def has_work(conn: Connection, now: int) -> bool:
    """Whether anything could be worked on or sent now, or is being sent."""
    return bool(conn.scalar(_OPEN_IN, {"now": now}) or conn.scalar(_OPEN_OUT, {"now": now}))


def purge(conn: Connection, now: int) -> int:
    """Drop what is done and old, and say how many rows went."""
    old_in = or_(inbox.c.done_at < now - DEAD_FOR, and_(~inbox.c.dead, inbox.c.done_at < now - TOMBSTONE))
    is_dead = is_posted(Posted.DEAD)
    old_out = or_(outbox.c.done_at < now - DEAD_FOR, and_(~is_dead, outbox.c.done_at < now - TOMBSTONE))
    return (
        conn.execute(delete(inbox).where(old_in)).rowcount
        + conn.execute(delete(outbox).where(old_out)).rowcount
    )


def dead_letters(conn: Connection) -> list[DeadLetter]:
    """What was given up, both ways, newest first."""
    came = select(inbox).where(inbox.c.dead)
    went = select(outbox).where(is_posted(Posted.DEAD))
    letters = [
        DeadLetter(Box.IN, row.update_id, row.chat_id, row.attempts, row.error, row.done_at)
        for row in conn.execute(came)
    ] + [
        DeadLetter(Box.OUT, row.id, row.chat_id, row.attempts, row.error, row.done_at)
        for row in conn.execute(went)
    ]
    return sorted(letters, key=lambda letter: letter.at, reverse=True)


_NOW: BindParameter[int] = bindparam("now")
_READY = and_(is_posted(Posted.READY), outbox.c.due_at <= _NOW, ~has_earlier())
_OPEN_IN = select(literal(1)).where(is_head(), inbox.c.not_before <= _NOW).limit(1)
_OPEN_OUT = select(literal(1)).where(or_(_READY, is_posted(Posted.SENDING))).limit(1)
