"""The pace, as it is kept: the places in time that messages have booked, shared by all workers.

All functions here run inside a transaction. Units: `now` is milliseconds since 1970, UTC.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, literal_column, select, update

from bot.pace import Limits
from bot.store.statement import Statement
from bot.store.tables import chats, outbox, pace

SLOW_DOWN = 3
"""When so many chats have told the bot to wait, the bot as a whole is too fast."""


def room(conn: Connection, now: int, limits: Limits) -> int:
    """How many messages may go now; nobody else may book until the transaction ends."""
    return limits.room(_all(conn).free_at, now)


def book(conn: Connection, places: Mapping[int, int], now: int, limits: Limits) -> None:
    """One message goes to each of these chats, whose next place was this."""
    booked = [{"chat": chat, "free": limits.chat_booked(free_at, now)} for chat, free_at in places.items()]
    _BOOK_CHAT.each(conn, booked)
    _BOOK.run(conn, free=limits.booked(_all(conn).free_at, now, len(places)))


def hold_back(conn: Connection, chat_id: int, now: int, wait: int, limits: Limits) -> None:
    """Telegram told this chat to wait; when several were told so, everybody waits.

    Units: `wait` in milliseconds.
    """
    _all(conn)  # one after the other, or three workers with one such chat each would not see the others'
    _BOOK_CHAT.run(conn, chat=chat_id, free=limits.chat_held(now, wait))
    waits = _TOLD.all(conn, now=now, most=SLOW_DOWN)
    if len(waits) == SLOW_DOWN:
        _BOOK.run(conn, free=(waits[-1].due_at + 1000) * 1000)


def _all(conn: Connection) -> Any:
    """The row of the bot as a whole, held."""
    row = _PACE.one(conn)
    if row is None:
        _FIRST.run(conn)
        row = _PACE.one(conn)
    return row


_PACE = Statement(select(pace.c.free_at).where(pace.c.id == 1).with_for_update())
_FIRST = Statement(lambda insert: insert(pace).values(id=1, free_at=0).on_conflict_do_nothing())
_BOOK = Statement(update(pace).where(pace.c.id == 1).values(free_at=bindparam("free")))
_BOOK_CHAT = Statement(
    update(chats).where(chats.c.chat_id == bindparam("chat")).values(free_at=bindparam("free"))
)
_TOLD = Statement(
    select(outbox.c.due_at)
    .where(outbox.c.state == literal_column("'ready'"), outbox.c.error == "RetryAfter")
    .where(outbox.c.due_at > bindparam("now"))
    .order_by(outbox.c.due_at.desc())
    .limit(bindparam("most"))
)
