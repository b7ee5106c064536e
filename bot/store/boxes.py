"""The inbox and the outbox: every update on its way in and every message on its way out.

All functions here run inside a transaction. Units: `now` is milliseconds since 1970, UTC.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import (
    Connection,
    and_,
    delete,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.sql import ColumnElement, FromClause

from bot.clock import DAY, MINUTE
from bot.dialog.talk import Prompt, split
from bot.store.database import insert
from bot.store.letters import (
    REPLY,
    Box,
    Dead,
    DeadLetter,
    Delivered,
    InDoubt,
    NotSent,
    Outcome,
    Posted,
    Sending,
    Waiting,
    chat_of,
    describe,
    pack,
)
from bot.store.tables import inbox, outbox

TRIES = 5
BACK_OFF = 200
"""Units: milliseconds before the second try; every further try waits twice as long."""

LEASE = MINUTE
TOMBSTONE = 8 * DAY
"""How long a done row stays.

Source: Telegram keeps an update one day, and begins its numbers anew after a quiet week.
"""

DEAD_FOR = 30 * DAY


# ---- in ----


def put_in(conn: Connection, updates: Iterable[Mapping[str, Any]], now: int) -> list[int]:
    """Keep updates as they came, and give the ids of those never seen before."""
    rows = [
        {
            "update_id": each["update_id"],
            "chat_id": chat_of(each),
            "payload": json.dumps(each),
            "attempts": 0,
            "error": "",
            "dead": False,
            "not_before": now,
            "came_at": now,
        }
        for each in updates
    ]
    if not rows:
        return []
    statement = insert(conn, inbox).values(rows).on_conflict_do_nothing().returning(inbox.c.update_id)
    return sorted(conn.scalars(statement))


def waiting(conn: Connection, now: int, held: Collection[int] = ()) -> Waiting | None:
    """The oldest update that may be worked on now: the first open one of its chat, and not backing off.

    Shape: the chats in `held` are passed over. On PostgreSQL the row stays locked until the
    transaction ends, and since only the first row of a chat is ever taken, so does its chat.
    """
    query = (
        select(inbox.c.update_id, inbox.c.chat_id, inbox.c.payload, inbox.c.attempts)
        .where(_is_head(), inbox.c.not_before <= now, _not_held(inbox, held))
        .order_by(inbox.c.update_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = conn.execute(query).one_or_none()
    return row and Waiting(row.update_id, row.chat_id, json.loads(row.payload), row.attempts)


def done_in(conn: Connection, update_id: int, now: int) -> None:
    """The update is worked out; its number stays a while, its words do not."""
    conn.execute(update(inbox).where(inbox.c.update_id == update_id).values(done_at=now, payload=None))


def failed_in(conn: Connection, update_id: int, error: BaseException, now: int) -> bool:
    """Put the update back for later; true when that was its last try.

    Shape: a dead update keeps its payload until it is purged, so that nothing said is lost at once.
    """
    tries = conn.execute(select(inbox.c.attempts).where(inbox.c.update_id == update_id)).scalar_one() + 1
    is_dead = tries >= TRIES
    conn.execute(
        update(inbox)
        .where(inbox.c.update_id == update_id)
        .values(
            attempts=tries,
            error=describe(error),
            dead=is_dead,
            not_before=now + BACK_OFF * 2 ** (tries - 1),
            done_at=now if is_dead else None,
        )
    )
    return bool(is_dead)


def newest_in(conn: Connection, since: int) -> int:
    """The highest update number that came since then; 0 when none did."""
    return conn.scalar(select(func.max(inbox.c.update_id)).where(inbox.c.came_at > since)) or 0


def _is_head() -> ColumnElement[bool]:
    earlier = inbox.alias()
    return and_(
        inbox.c.done_at.is_(None),
        ~exists().where(
            earlier.c.chat_id == inbox.c.chat_id,
            earlier.c.done_at.is_(None),
            earlier.c.update_id < inbox.c.update_id,
        ),
    )


# ---- out ----


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
    query = (
        select(outbox)
        .where(_is(Posted.READY), outbox.c.due_at <= now, ~_has_earlier())
        .where(_not_held(outbox, held))
        .order_by(outbox.c.urgency, outbox.c.due_at, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = conn.execute(query).all()
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
        settled |= {"payload": None, "done_at": now}
    mine = and_(outbox.c.id == sending.id, outbox.c.owner == sending.owner, _is(Posted.SENDING))
    return conn.execute(update(outbox).where(mine).values(settled)).rowcount == 1


def reclaim(conn: Connection, now: int, everything: bool = False) -> int:
    """Free the messages a dead worker held, and say how many; each may have arrived, so each is marked.

    Shape: `everything` does not wait for leases to end; only for a worker that is alone.
    """
    orphans = [_is(Posted.SENDING)]
    if not everything:
        orphans.append(outbox.c.lease_until < now)
    freed = {"state": Posted.READY, "owner": None, "lease_until": None}
    return conn.execute(
        update(outbox).where(*orphans).values(freed | {"doubts": outbox.c.doubts + 1})
    ).rowcount


def cancel_reminder(conn: Connection, reminder_ids: Collection[int]) -> None:
    """Take back the messages of these reminders that nobody is sending yet."""
    theirs = and_(outbox.c.reminder.in_(list(reminder_ids)), _is(Posted.READY))
    taken_back = {"state": Posted.CANCELLED, "payload": None, "done_at": outbox.c.due_at}
    conn.execute(update(outbox).where(theirs).values(taken_back))


def take_back(conn: Connection, dedup: str) -> None:
    """Take back messages nobody is sending yet: those whose `dedup` begins like this."""
    theirs = and_(outbox.c.dedup.startswith(dedup, autoescape=True), _is(Posted.READY))
    taken_back = {"state": Posted.CANCELLED, "payload": None, "done_at": outbox.c.due_at}
    conn.execute(update(outbox).where(theirs).values(taken_back))


def unseen(conn: Connection, chat_id: int, at: int) -> bool:
    """Whether the newest question of a chat was certainly not on the screen at that moment.

    Shape: redrawn messages and reminders are no new questions and do not count.
    Units: `at` in whole seconds by Telegram's clock; 0 when it is not known.
    """
    newest = conn.execute(
        select(outbox.c.state, outbox.c.doubts, outbox.c.delivered_on)
        .where(outbox.c.chat_id == chat_id, outbox.c.urgency == REPLY, outbox.c.edits == 0)
        .where(outbox.c.state != Posted.CANCELLED)
        .order_by(outbox.c.id.desc())
        .limit(1)
    ).one_or_none()
    if newest is None or not at:
        return False
    if newest.state == Posted.READY:
        return bool(newest.doubts == 0)
    return bool(newest.state == Posted.SENT and newest.delivered_on > at)


def has_work(conn: Connection, now: int) -> bool:
    """Whether anything could be worked on or sent now, or is being sent."""
    open_in = select(literal(1)).where(_is_head(), inbox.c.not_before <= now).limit(1)
    ready = and_(_is(Posted.READY), outbox.c.due_at <= now, ~_has_earlier())
    open_out = select(literal(1)).where(or_(ready, _is(Posted.SENDING))).limit(1)
    return bool(conn.scalar(open_in) or conn.scalar(open_out))


def purge(conn: Connection, now: int) -> int:
    """Drop what is done and old, and say how many rows went."""
    old_in = or_(inbox.c.done_at < now - DEAD_FOR, and_(~inbox.c.dead, inbox.c.done_at < now - TOMBSTONE))
    is_dead = _is(Posted.DEAD)
    old_out = or_(outbox.c.done_at < now - DEAD_FOR, and_(~is_dead, outbox.c.done_at < now - TOMBSTONE))
    return (
        conn.execute(delete(inbox).where(old_in)).rowcount
        + conn.execute(delete(outbox).where(old_out)).rowcount
    )


def dead_letters(conn: Connection) -> list[DeadLetter]:
    """What was given up, both ways, newest first."""
    came = select(inbox).where(inbox.c.dead)
    went = select(outbox).where(_is(Posted.DEAD))
    letters = [
        DeadLetter(Box.IN, row.update_id, row.chat_id, row.attempts, row.error, row.done_at)
        for row in conn.execute(came)
    ] + [
        DeadLetter(Box.OUT, row.id, row.chat_id, row.attempts, row.error, row.done_at)
        for row in conn.execute(went)
    ]
    return sorted(letters, key=lambda letter: letter.at, reverse=True)


def _not_held(table: FromClause, held: Collection[int]) -> ColumnElement[bool]:
    return table.c.chat_id.not_in(list(held)) if held else true()


def _is(state: Posted, table: FromClause = outbox) -> ColumnElement[bool]:
    """Written into the SQL itself: a partial index serves no question with a parameter for its state."""
    return table.c.state == literal_column(f"'{state}'")


def _has_earlier() -> ColumnElement[bool]:
    """Whether the chat has a message that must go first, or one that is on its way."""
    other = outbox.alias()
    goes_first = tuple_(other.c.urgency, other.c.id) < tuple_(outbox.c.urgency, outbox.c.id)
    return exists().where(
        other.c.chat_id == outbox.c.chat_id,
        other.c.state.in_([literal_column(f"'{state}'") for state in (Posted.READY, Posted.SENDING)]),
        or_(_is(Posted.SENDING, other), goes_first),
    )
