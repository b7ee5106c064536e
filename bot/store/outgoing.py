"""The outbox: every message on its way out.

All functions here run inside a transaction. Units: `now` is milliseconds since 1970, UTC.
"""

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, literal_column, or_, select, tuple_, update
from sqlalchemy.sql import ColumnElement, FromClause

from bot.clock import MINUTE
from bot.dialog.talk import Prompt, split
from bot.store.database import insert
from bot.store.letters import REPLY, Dead, Delivered, InDoubt, NotSent, Outcome, Posted, Sending, pack
from bot.store.tables import outbox

LEASE = MINUTE


def put_out(  # noqa: PLR0913 - the last three are said by name
    conn: Connection,
    chat_id: int,
    prompts: Iterable[Prompt],
    dedup: str,
    now: int,
    *,
    urgency: int = REPLY,
    reminder: int | None = None,
    edits_message: int = 0,
) -> None:
    """Have prompts sent, in this order; the same `dedup` twice is sent once.

    Shape: a prompt that edits redraws `edits_message`, or is a new message when that is 0.
    """
    rows = [
        {
            "chat_id": chat_id,
            "dedup": f"{dedup}.{number}",
            "payload": pack(message),
            "reminder": reminder,
            "urgency": urgency,
            "state": Posted.READY,
            "attempts": 0,
            "doubts": 0,
            "withdrawn": False,
            "error": "",
            "edits": edits_message if message.edits else 0,
            "due_at": now,
        }
        for number, message in enumerate(message for prompt in prompts for message in split(prompt))
    ]
    if rows:
        conn.execute(insert(conn, outbox).values(rows).on_conflict_do_nothing())


def claim(conn: Connection, owner: str, now: int, limit: int, held: Collection[int] = ()) -> list[Sending]:
    """Take messages to send: at most one of each chat, replies before reminders, then the longest due.

    Shape: the chats in `held` are passed over.
    """
    rows = conn.execute(_CLAIM, {"now": now, "held": list(held), "most": limit}).all()
    if rows:
        taken = {"state": Posted.SENDING, "owner": owner, "lease_until": now + LEASE}
        mine = update(outbox).where(outbox.c.id.in_([row.id for row in rows]))
        conn.execute(mine.values(taken | {"attempts": outbox.c.attempts + 1}))
    return [
        Sending(
            id=row.id,
            chat_id=row.chat_id,
            payload=row.payload,
            owner=owner,
            edits=row.edits,
            reminder=row.reminder,
            urgency=row.urgency,
            attempts=row.attempts + 1,
            doubts=row.doubts,
        )
        for row in rows
    ]


def settle(conn: Connection, sending: Sending, outcome: Outcome, now: int) -> bool:
    """Write down what became of a message; false, and nothing written, when it is no longer ours."""
    settled: dict[str, Any] = {"owner": None, "lease_until": None}
    match outcome:
        case Delivered(message_id, on):
            settled |= {"state": Posted.SENT, "message_id": message_id, "delivered_on": on, "error": ""}
        case NotSent(wait, error):
            settled |= {"state": Posted.READY, "due_at": now + wait, "error": error}
        case InDoubt(wait, error):
            settled |= {
                "state": Posted.READY,
                "due_at": now + wait,
                "error": error,
                "doubts": sending.doubts + 1,
            }
        case Dead(error):
            settled |= {"state": Posted.DEAD, "error": error}
    if settled["state"] != Posted.READY:
        settled |= {"done_at": now} | ({} if isinstance(outcome, Dead) else {"payload": None})
    mine = and_(outbox.c.id == sending.id, outbox.c.owner == sending.owner, is_posted(Posted.SENDING))
    is_ours = conn.execute(update(outbox).where(mine).values(settled)).rowcount == 1
    _end_withdrawn(conn, outbox.c.id == sending.id)
    return is_ours


def reclaim(conn: Connection, now: int, everything: bool = False) -> int:
    """Free the messages a dead worker held, and say how many; each may have arrived, so each is marked.

    Shape: `everything` does not wait for leases to end; only for a worker that is alone.
    """
    orphans = [is_posted(Posted.SENDING)]
    if not everything:
        orphans.append(outbox.c.lease_until < now)
    freed = {"state": Posted.READY, "owner": None, "lease_until": None}
    count = conn.execute(
        update(outbox).where(*orphans).values(freed | {"doubts": outbox.c.doubts + 1})
    ).rowcount
    _end_withdrawn(conn, outbox.c.withdrawn)
    return count


def cancel_reminder(conn: Connection, reminder_ids: Collection[int]) -> None:
    """Take back the messages of these reminders; one that is being sent now is not sent again."""
    _withdraw(conn, outbox.c.reminder.in_(list(reminder_ids)))


def take_back(conn: Connection, dedup: str) -> None:
    """Take back messages whose `dedup` begins like this; one that is being sent now is not sent again."""
    theirs = outbox.c.dedup.startswith(dedup, autoescape=True)
    _withdraw(conn, theirs)
    conn.execute(update(outbox).where(theirs, is_posted(Posted.DEAD)).values(payload=None))


def forget_chat(conn: Connection, chat_id: int) -> None:
    """Keep no words of messages to this chat that could not be sent."""
    dead = and_(outbox.c.chat_id == chat_id, is_posted(Posted.DEAD))
    conn.execute(update(outbox).where(dead).values(payload=None))


def _withdraw(conn: Connection, theirs: ColumnElement[bool]) -> None:
    is_open = outbox.c.state.in_([Posted.READY, Posted.SENDING])
    conn.execute(update(outbox).where(theirs, is_open).values(withdrawn=True))
    _end_withdrawn(conn, theirs)


def _end_withdrawn(conn: Connection, which: ColumnElement[bool]) -> None:
    ended = {"state": Posted.CANCELLED, "payload": None, "done_at": outbox.c.due_at}
    conn.execute(update(outbox).where(which, outbox.c.withdrawn, is_posted(Posted.READY)).values(ended))


def unseen(conn: Connection, chat_id: int, at: int) -> bool:
    """Whether the newest question of a chat was certainly not on the screen at that moment.

    Shape: redrawn messages and reminders are no new questions and do not count.
    Units: `at` in whole seconds by Telegram's clock; 0 when it is not known.
    """
    newest = conn.execute(_NEWEST, {"chat": chat_id}).one_or_none()
    if newest is None or not at:
        return False
    if newest.state == Posted.READY:
        return bool(newest.doubts == 0)
    # one sent again in doubt may have been answered the first time
    return bool(newest.state == Posted.SENT and newest.doubts == 0 and newest.delivered_on > at)


def is_posted(state: Posted, table: FromClause = outbox) -> ColumnElement[bool]:
    """Written into the SQL itself: a partial index serves no question with a parameter for its state."""
    return table.c.state == literal_column(f"'{state}'")


@cache
def has_earlier() -> ColumnElement[bool]:
    """Whether the chat has a message that must go first, or one that is on its way."""
    other = outbox.alias()
    goes_first = tuple_(other.c.urgency, other.c.id) < tuple_(outbox.c.urgency, outbox.c.id)
    return exists().where(
        other.c.chat_id == outbox.c.chat_id,
        other.c.state.in_([literal_column(f"'{state}'") for state in (Posted.READY, Posted.SENDING)]),
        or_(is_posted(Posted.SENDING, other), goes_first),
    )


# made once: SQLAlchemy takes far longer to put a question into words than SQLite to answer it
_CLAIM = (
    select(outbox)
    .where(is_posted(Posted.READY), outbox.c.due_at <= bindparam("now"), ~has_earlier())
    .where(outbox.c.chat_id.not_in(bindparam("held", expanding=True)))
    .order_by(outbox.c.urgency, outbox.c.due_at, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_NEWEST = (
    select(outbox.c.state, outbox.c.doubts, outbox.c.delivered_on)
    .where(outbox.c.chat_id == bindparam("chat"), outbox.c.urgency == REPLY, outbox.c.edits == 0)
    .where(outbox.c.state != Posted.CANCELLED)
    .order_by(outbox.c.id.desc())
    .limit(1)
)
