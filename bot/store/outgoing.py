"""The outbox: every message on its way out.

All functions here run inside a transaction. Units: `now` is milliseconds since 1970, UTC.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, and_, bindparam, literal_column, select, update
from sqlalchemy.sql import ColumnElement

from bot.dialog.talk import Prompt, split
from bot.errors import KeyMissing, MasterKeyMissing
from bot.pace import Limits
from bot.store import paced, safe, screen
from bot.store.inside import inside
from bot.store.letters import (
    LEASE,
    REMINDER,
    REPLY,
    Dead,
    Delivered,
    InDoubt,
    NotSent,
    Outcome,
    Posted,
    Sending,
    pack,
)
from bot.store.order import has_earlier, is_posted
from bot.store.statement import Statement
from bot.store.tables import chats, outbox


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
    messages = [message for prompt in prompts for message in split(prompt)]
    for number, message in enumerate(messages):
        name = f"{dedup}.{number}"
        sealed = safe.seal(conn, chat_id, pack(message), "outbox", name)
        inside(conn).fresh[chat_id, name, sealed] = message
        _PUT_OUT.run(
            conn,
            chat=chat_id,
            name=name,
            sealed=sealed,
            about=reminder,
            urgent=urgency,
            redraws=edits_message if message.edits else 0,
            at=now,
        )


def claim(
    conn: Connection, owner: str, now: int, most: int, limits: Limits, *, unasked: int | None = None
) -> list[Sending]:
    """Take messages to send: at most one of each chat, replies before reminders, then the longest due.

    Shape: no more than the pace allows, to everybody and to each chat; all workers share it. At most
    `unasked` that are no replies. A question that may have come is not repeated once another waits behind
    it: they have gone on, or asked to see it again.
    """
    room = min(most, paced.room(conn, now, limits))
    rows = _claimable(conn, now, room, limits, REPLY)
    room = min(room - len(rows), room if unasked is None else unasked)
    rows += _claimable(conn, now, room, limits, REMINDER)
    opened = [(row, _sending(conn, row, owner)) for row in rows]
    past = [row for row, sending in opened if screen.is_past(conn, row, sending)]
    screen.pass_over(conn, past, now)
    going = [(row, sending) for row, sending in opened if row not in past]
    if going:
        _TAKEN.each(conn, [{"number": r.id, "by": owner, "until": now + LEASE} for r, _ in going])
        paced.book(conn, {row.chat_id: row.free_at for row, _ in going}, now, limits)
    return [sending for _, sending in going]


def _claimable(conn: Connection, now: int, most: int, limits: Limits, urgency: int) -> list[Any]:
    return _CLAIM.all(conn, now=now, most=most, may=limits.chat_may(now), urgent=urgency) if most > 0 else []


def _sending(conn: Connection, row: Any, owner: str) -> Sending:
    fresh, payload = inside(conn).fresh.get((row.chat_id, row.dedup, row.payload)), ""
    try:
        safe.know(conn, row.chat_id, row.key, held=True)
        if fresh is None:
            payload = safe.unseal(conn, row.chat_id, row.payload, "outbox", row.dedup)
    except MasterKeyMissing:
        raise  # it may still come
    except KeyMissing:
        pass  # it says nothing then, and is given up
    return Sending(
        id=row.id,
        chat_id=row.chat_id,
        payload=payload,
        owner=owner,
        edits=row.edits,
        reminder=row.reminder,
        urgency=row.urgency,
        attempts=row.attempts + 1,
        doubts=row.doubts,
        name=row.dedup,
        fresh=fresh,
    )


def has_ready(conn: Connection, now: int) -> bool:
    """Whether a message could go now, if the pace allowed it."""
    return _READY.one(conn, now=now) is not None


def has_replies(conn: Connection, now: int) -> bool:
    """Whether any reply still waits, be it only for another to its chat."""
    return _REPLIES.one(conn, now=now) is not None


def settle(conn: Connection, sending: Sending, outcome: Outcome, now: int) -> bool:
    """Write down what became of a message; false, and nothing written, when it is no longer ours.

    Shape: it is ours by this claim alone. A worker that was late, and has claimed it again since, still has
    its new copy on the way; what became of the old one says nothing about that.
    """
    if isinstance(outcome, Delivered):
        return _delivered(conn, sending, outcome, now)
    settled: dict[str, Any] = {"owner": None, "lease_until": None}
    match outcome:
        case NotSent(wait, error):
            settled |= {"state": Posted.READY, "due_at": now + wait, "error": error}
        case InDoubt(wait, error):
            settled |= {"state": Posted.READY, "due_at": now + wait, "error": error}
            settled["doubts"] = sending.doubts + 1
        case Dead(error):
            settled |= {"state": Posted.DEAD, "error": error, "done_at": now}
    mine = (outbox.c.owner == sending.owner, outbox.c.attempts == sending.attempts)
    ours = and_(outbox.c.id == sending.id, *mine, is_posted(Posted.SENDING))
    is_ours = conn.execute(update(outbox).where(ours).values(settled)).rowcount == 1
    _end_withdrawn(conn, outbox.c.id == sending.id, settled["state"])
    return is_ours


def _delivered(conn: Connection, sending: Sending, outcome: Delivered, now: int) -> bool:
    done = {"message": outcome.message_id, "on": outcome.on, "at": now}
    ours = {"number": sending.id, "by": sending.owner, "attempt": sending.attempts}
    return _DELIVERED.run(conn, **ours, **done) == 1


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


def take_back(conn: Connection, dedup: str, chat_id: int | None = None) -> None:
    """Take back messages whose `dedup` begins like this.

    Shape: `chat_id` is the chat they are all for, where that is known: only its messages are looked through.
    One that is being sent now is not sent again, and one that was given up cannot be tried again.
    """
    theirs = outbox.c.dedup.startswith(dedup, autoescape=True)
    if chat_id is not None:
        theirs = and_(outbox.c.chat_id == chat_id, theirs)
    _withdraw(conn, theirs)
    conn.execute(update(outbox).where(theirs, is_posted(Posted.DEAD)).values(payload=None))


def seal_again(conn: Connection, chat_id: int, payloads: Sequence[tuple[int, str, str]]) -> None:
    """Seal messages anew, as `waiting_of` gave them: their chat has another data key now."""
    for number, name, payload in payloads:
        sealed = safe.seal(conn, chat_id, payload, "outbox", name)
        conn.execute(update(outbox).where(outbox.c.id == number).values(payload=sealed))


def waiting_of(conn: Connection, chat_id: int) -> list[tuple[int, str, str]]:
    """The messages of a chat that have not arrived yet: number, name and payload.

    Shape: without those that cannot be opened; nobody else will open them either.
    """
    found = []
    for row in conn.execute(select(outbox).where(outbox.c.chat_id == chat_id, outbox.c.payload.is_not(None))):
        with suppress(KeyMissing):
            found.append((row.id, row.dedup, safe.unseal(conn, chat_id, row.payload, "outbox", row.dedup)))
    return found


def forget_chat(conn: Connection, chat_id: int) -> None:
    """Keep no words of messages to this chat that could not be sent."""
    dead = and_(outbox.c.chat_id == chat_id, is_posted(Posted.DEAD))
    conn.execute(update(outbox).where(dead).values(payload=None))


def tell_no_more(conn: Connection, chat_id: int) -> None:
    """Take back what others did that this chat has not heard of yet; what it is answered still goes."""
    _withdraw(conn, and_(outbox.c.chat_id == chat_id, outbox.c.urgency == REMINDER))


def _withdraw(conn: Connection, theirs: ColumnElement[bool]) -> None:
    is_open = outbox.c.state.in_([Posted.READY, Posted.SENDING])
    conn.execute(update(outbox).where(theirs, is_open).values(withdrawn=True))
    _end_withdrawn(conn, theirs)


def _end_withdrawn(conn: Connection, which: ColumnElement[bool], state: Posted = Posted.READY) -> None:
    ended = {"state": Posted.CANCELLED, "payload": None, "done_at": outbox.c.due_at}
    conn.execute(update(outbox).where(which, outbox.c.withdrawn, is_posted(state)).values(ended))


_PUT_OUT = Statement(
    lambda insert: (
        insert(outbox)
        .values(
            chat_id=bindparam("chat"),
            dedup=bindparam("name"),
            payload=bindparam("sealed"),
            reminder=bindparam("about"),
            urgency=bindparam("urgent"),
            state=Posted.READY,
            attempts=0,
            doubts=0,
            withdrawn=False,
            error="",
            edits=bindparam("redraws"),
            due_at=bindparam("at"),
        )
        .on_conflict_do_nothing()
    )
)
_DUE = and_(is_posted(Posted.READY), outbox.c.due_at <= bindparam("now"), ~has_earlier())
_CLAIM = Statement(
    select(
        outbox.c.id,
        outbox.c.chat_id,
        outbox.c.dedup,
        outbox.c.payload,
        outbox.c.reminder,
        outbox.c.urgency,
        outbox.c.edits,
        outbox.c.attempts,
        outbox.c.doubts,
        chats.c.key,
        chats.c.free_at,
    )
    .join(chats, chats.c.chat_id == outbox.c.chat_id)
    .where(_DUE, chats.c.free_at <= bindparam("may"), outbox.c.urgency == bindparam("urgent"))
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(of=[outbox, chats], skip_locked=True, key_share=True)
)
_READY = Statement(select(outbox.c.id).where(_DUE).limit(1))
_REPLIES = Statement(
    select(outbox.c.id)
    .where(is_posted(Posted.READY), outbox.c.urgency == literal_column(str(REPLY)))
    .where(outbox.c.due_at <= bindparam("now"))
    .limit(1)
)
_TAKEN = Statement(
    update(outbox)
    .where(outbox.c.id == bindparam("number"))
    .values(
        state=Posted.SENDING,
        owner=bindparam("by"),
        lease_until=bindparam("until"),
        attempts=outbox.c.attempts + 1,
    )
)
_DELIVERED = Statement(
    update(outbox)
    .where(outbox.c.id == bindparam("number"), outbox.c.owner == bindparam("by"))
    .where(outbox.c.attempts == bindparam("attempt"), is_posted(Posted.SENDING))
    .values(
        state=Posted.SENT,
        owner=None,
        lease_until=None,
        payload=None,
        error="",
        message_id=bindparam("message"),
        delivered_on=bindparam("on"),
        done_at=bindparam("at"),
    )
)
