"""Dead letters: updates and messages that were given up, tried again when a person wants it, or dropped.

All functions here run inside a transaction. Units: `now` is milliseconds since 1970, UTC.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, and_, case, func, select, update
from sqlalchemy.sql import ColumnElement, FromClause

from bot.store import people
from bot.store.boxes import TOMBSTONE
from bot.store.letters import REPLY, Box, DeadLetter, Fate, Posted
from bot.store.order import is_posted
from bot.store.state import is_dead_in
from bot.store.tables import chats, inbox, outbox

Name = tuple[Box, int]
"""Which letter: the box it lies in, and its number there."""


def letters(conn: Connection, now: int) -> list[DeadLetter]:
    """What was given up, both ways, newest first."""
    found = [*_came(conn, now), *_went(conn, now)]
    return sorted(found, key=lambda letter: (letter.at, letter.id), reverse=True)


def retry(conn: Connection, wanted: Collection[Name] | None, now: int) -> list[DeadLetter]:
    """Have these tried again, or all when none are named; gives every one of them, as it was.

    Shape: only those that may still go are touched. An update keeps its place before later ones of its
    chat, and a message that may have arrived stays in doubt.
    """
    people.hold_chats(conn, [letter.chat_id for letter in _named(letters(conn, now), wanted)])
    found = _named(letters(conn, now), wanted)  # looked at again: nobody else works on these chats now
    going = [letter for letter in found if letter.fate is Fate.MAY_GO]
    again: dict[str, Any] = {"attempts": 0, "error": "", "done_at": None}
    _change(conn, Box.IN, going, again | {"dead": False, "not_before": now})
    doubted = case((outbox.c.doubts > 0, 1), else_=0)  # or it would be given up at once, as before
    _change(conn, Box.OUT, going, again | {"state": Posted.READY, "due_at": now, "doubts": doubted})
    return found


def drop(conn: Connection, wanted: Collection[Name] | None, now: int) -> list[DeadLetter]:
    """Delete what is in these for good, or in all when none are named; gives every one of them, as it was."""
    found = _named(letters(conn, now), wanted)
    _change(conn, Box.IN, found, {"payload": None, "dead": False})
    _change(conn, Box.OUT, found, {"payload": None, "state": Posted.CANCELLED})
    return found


def _came(conn: Connection, now: int) -> list[DeadLetter]:
    """Updates. An old one must not be answered after newer ones: its words would answer another question."""
    theirs = select(inbox.c.chat_id).where(is_dead_in())
    handled = and_(inbox.c.done_at.is_not(None), ~inbox.c.dead, inbox.c.chat_id.in_(theirs))
    newest = _newest(conn, inbox.c.chat_id, inbox.c.update_id, handled)
    columns = (inbox.c.update_id, inbox.c.attempts, inbox.c.error, inbox.c.done_at)
    query = select(*columns, *_what_is_left(inbox)).where(is_dead_in())
    found = []
    for row in conn.execute(query.outerjoin_from(inbox, chats, chats.c.chat_id == inbox.c.chat_id)):
        fate = _fate(row, row.update_id < newest.get(row.chat_id, 0), row.done_at < now - TOMBSTONE)
        found.append(
            DeadLetter(Box.IN, row.update_id, row.chat_id, row.attempts, row.error, row.done_at, fate)
        )
    return found


def _went(conn: Connection, now: int) -> list[DeadLetter]:
    """Messages. An old question must not appear below a newer one: it would be answered instead."""
    is_dead = is_posted(Posted.DEAD)
    theirs = select(outbox.c.chat_id).where(is_dead)
    open_or_sent = outbox.c.state.in_([Posted.READY, Posted.SENDING, Posted.SENT])
    said = and_(open_or_sent, outbox.c.urgency == REPLY, outbox.c.chat_id.in_(theirs))
    newest = _newest(conn, outbox.c.chat_id, outbox.c.id, said)
    columns = (outbox.c.id, outbox.c.attempts, outbox.c.error, outbox.c.done_at)
    query = select(*columns, outbox.c.reminder, outbox.c.urgency, *_what_is_left(outbox)).where(is_dead)
    found = []
    for row in conn.execute(query.outerjoin_from(outbox, chats, chats.c.chat_id == outbox.c.chat_id)):
        is_reply = row.urgency == REPLY
        overtaken = is_reply and row.id < newest.get(row.chat_id, 0)
        fate = _fate(row, overtaken, is_reply and row.done_at < now - TOMBSTONE)
        if fate is not Fate.EMPTY and row.reminder is not None:
            fate = Fate.TOLD
        found.append(DeadLetter(Box.OUT, row.id, row.chat_id, row.attempts, row.error, row.done_at, fate))
    return found


def _what_is_left(box: FromClause) -> tuple[ColumnElement[Any], ...]:
    has_words = and_(box.c.payload.is_not(None), chats.c.chat_id.is_not(None))
    return box.c.chat_id, has_words.label("has_words")


def _newest(
    conn: Connection, chat: ColumnElement[int], number: ColumnElement[int], which: ColumnElement[bool]
) -> dict[int, int]:
    """The highest number of each chat."""
    rows = conn.execute(select(chat, func.max(number)).where(which).group_by(chat))
    return {row[0]: row[1] for row in rows}


def _fate(row: Any, is_overtaken: bool, is_old: bool) -> Fate:
    if not row.has_words:
        return Fate.EMPTY
    if is_overtaken:
        return Fate.OVERTAKEN
    return Fate.OLD if is_old else Fate.MAY_GO


def _named(found: list[DeadLetter], wanted: Collection[Name] | None) -> list[DeadLetter]:
    return [letter for letter in found if wanted is None or (letter.box, letter.id) in wanted]


def _change(conn: Connection, box: Box, found: Collection[DeadLetter], values: dict[str, Any]) -> None:
    table, number = (inbox, inbox.c.update_id) if box is Box.IN else (outbox, outbox.c.id)
    numbers = [letter.id for letter in found if letter.box is box]
    if numbers:
        conn.execute(update(table).where(number.in_(numbers)).values(values))
