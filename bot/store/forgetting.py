"""Erasures again, in a database that is older than they are.

All functions here run inside a transaction.
"""

from collections.abc import Callable, Iterable

from sqlalchemy import Connection, delete, func, select, update

from bot.store import dates, erasures, outgoing, people, talks
from bot.store.erasures import PERSON, Erasure
from bot.store.tables import chats, inbox, outbox
from bot.store.tables import people as people_table
from bot.store.tables import talks as talks_table


def replay(conn: Connection, gone: Iterable[Erasure], key_of: Callable[[int], str]) -> tuple[int, int]:
    """Erase these again, and say how many people and talks were still there.

    Shape: what began after an erasure is something else with the same number, and stays. Doing it twice
    changes nothing. `key_of` says how the names of messages with words of a talk begin.
    """
    count = {erasures.PERSON: 0, erasures.TALK: 0}
    for each in sorted(gone):
        forget = _person if each.kind == PERSON else _talk
        count[each.kind] += forget(conn, each, key_of)
        erasures.note(conn, each.kind, each.number, each.at)
    return count[erasures.PERSON], count[erasures.TALK]


def _person(conn: Connection, gone: Erasure, key_of: Callable[[int], str]) -> bool:
    here = select(people_table.c.chat_id).where(people_table.c.id == gone.number)
    row = conn.execute(
        here.where(people_table.c.joined_at <= gone.at, people_table.c.chat_id.is_not(None))
    ).one_or_none()
    if row is None:
        return False
    theirs = select(talks_table.c.id).where(talks_table.c.person == gone.number)
    for talk in list(conn.scalars(theirs)):
        _erase_talk(conn, talk, key_of)
    _empty_boxes(conn, row.chat_id, gone.at)
    people.forget(conn, gone.number)
    conn.execute(delete(chats).where(chats.c.chat_id == row.chat_id))  # and with it their key
    return True


def _talk(conn: Connection, gone: Erasure, key_of: Callable[[int], str]) -> bool:
    here = select(talks_table.c.id).where(
        talks_table.c.id == gone.number, talks_table.c.started_at <= gone.at
    )
    if conn.execute(here).one_or_none() is None:
        return False
    _erase_talk(conn, gone.number, key_of)
    return True


def _erase_talk(conn: Connection, talk: int, key_of: Callable[[int], str]) -> None:
    dates.cancel_of_talk(conn, talk)  # before their rows go: a reminder may wait in the outbox
    outgoing.take_back(conn, key_of(talk))
    talks.erase(conn, talk)


def _empty_boxes(conn: Connection, chat: int, at: int) -> None:
    """Keep the numbers of updates, so that a repeat is known, and no words."""
    done = {"payload": None, "error": "", "done_at": func.coalesce(inbox.c.done_at, at)}
    conn.execute(update(inbox).where(inbox.c.chat_id == chat).values(done))
    ended = {"payload": None, "withdrawn": True, "owner": None, "lease_until": None}
    conn.execute(update(outbox).where(outbox.c.chat_id == chat).values(ended))
    is_open = outbox.c.state.in_(["ready", "sending"])
    is_theirs = outbox.c.chat_id == chat
    conn.execute(update(outbox).where(is_theirs, is_open).values(state="cancelled", done_at=at))
