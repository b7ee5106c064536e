"""The inbox: every update on its way in.

All functions here run inside a transaction. Units: `now` is milliseconds since 1970, UTC.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, func, select, update
from sqlalchemy.sql import ColumnElement

from bot.store.database import insert
from bot.store.letters import Waiting, chat_of, describe
from bot.store.tables import inbox

TRIES = 5
BACK_OFF = 200
"""Units: milliseconds before the second try; every further try waits twice as long."""


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
    row = conn.execute(_WAITING, {"now": now, "held": list(held)}).one_or_none()
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


def forget_chat(conn: Connection, chat_id: int) -> None:
    """Keep no words of updates from this chat that could not be handled."""
    conn.execute(update(inbox).where(inbox.c.chat_id == chat_id, inbox.c.dead).values(payload=None, error=""))


def newest_in(conn: Connection, since: int) -> int:
    """The highest update number that came since then; 0 when none did."""
    return conn.scalar(select(func.max(inbox.c.update_id)).where(inbox.c.came_at > since)) or 0


@cache
def is_head() -> ColumnElement[bool]:
    """The first open update of its chat."""
    earlier = inbox.alias()
    return and_(
        inbox.c.done_at.is_(None),
        ~exists().where(
            earlier.c.chat_id == inbox.c.chat_id,
            earlier.c.done_at.is_(None),
            earlier.c.update_id < inbox.c.update_id,
        ),
    )


# made once: SQLAlchemy takes far longer to put a question into words than SQLite to answer it
_WAITING = (
    select(inbox.c.update_id, inbox.c.chat_id, inbox.c.payload, inbox.c.attempts)
    .where(is_head(), inbox.c.not_before <= bindparam("now"))
    .where(inbox.c.chat_id.not_in(bindparam("held", expanding=True)))
    .order_by(inbox.c.update_id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
