"""The inbox: every update on its way in.

All functions here run inside a transaction. Units: `now` is milliseconds since 1970, UTC.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from bot.errors import KeyMissing, MasterKeyMissing
from bot.store import safe
from bot.store.inside import inside
from bot.store.letters import Waiting, chat_of, describe
from bot.store.order import is_head
from bot.store.statement import Statement
from bot.store.tables import chats, inbox

log = logging.getLogger(__name__)

TRIES = 5
BACK_OFF = 200
"""Units: milliseconds before the second try; every further try waits twice as long."""


def put_in(conn: Connection, updates: Iterable[Mapping[str, Any]], now: int) -> list[int]:
    """Keep updates as they came, sealed, and give the ids of those never seen before."""
    new, fresh = [], inside(conn).fresh
    found = [(chat_of(each), each["update_id"], each) for each in updates]
    # always in the same order, so that two workers given the same updates never wait for each other
    for chat, number, each in sorted(found, key=itemgetter(0, 1)):
        sealed = _seal(conn, chat, number, each)
        if _PUT_IN.run(conn, update=number, chat=chat, sealed=sealed, now=now):
            new.append(number)
            if sealed:
                fresh[chat, number, sealed] = each
    return sorted(new)


def _seal(conn: Connection, chat: int, number: int, update: Mapping[str, Any]) -> bytes:
    """An update, sealed; empty, and so a dead letter, when somebody has damaged the key of its chat."""
    try:
        return safe.seal(conn, chat, json.dumps(update), "inbox", number)
    except MasterKeyMissing:
        raise  # it may still come
    except KeyMissing as error:
        log.error("update %s cannot be kept: %s", number, error)
        return b""


def take(conn: Connection, now: int, most: int) -> list[Waiting]:
    """The oldest updates that may be worked on now: of each chat the first open one, if not backing off.

    Shape: until the transaction ends, nobody else works on these chats: their rows are locked. An
    update that cannot be opened has no payload.
    """
    rows = _TAKE.all(conn, now=now, most=most)
    if not inside(conn).alone:  # what was true before a lock was had may be so no longer: look again
        rows = [row for old in rows if (row := _FIRST.one(conn, now=now, chat=old.chat_id)) is not None]
    return [Waiting(r.update_id, r.chat_id, _payload(conn, r, r.key), r.attempts) for r in rows]


def done_in(conn: Connection, updates: Iterable[Waiting], now: int) -> None:
    """The updates are worked out; their numbers stay a while, their words do not."""
    _DONE.each(conn, [{"update": each.update_id, "at": now} for each in updates])


def put_off(conn: Connection, update_id: int, until: int) -> None:
    """Not before then."""
    _PUT_OFF.run(conn, update=update_id, until=until)


def failed_in(conn: Connection, waiting: Waiting, error: BaseException, now: int) -> bool:
    """Put the update back for later; true when that was its last try.

    Shape: a dead update keeps its payload until it is purged, so that nothing said is lost at once.
    """
    is_dead = waiting.attempts + 1 >= TRIES
    conn.execute(
        update(inbox)
        .where(inbox.c.update_id == waiting.update_id, inbox.c.done_at.is_(None))
        .values(
            attempts=waiting.attempts + 1,
            error=describe(error),
            dead=is_dead,
            not_before=now + BACK_OFF * 2**waiting.attempts,
            done_at=now if is_dead else None,
        )
    )
    return is_dead


def forget_chat(conn: Connection, chat_id: int) -> None:
    """Keep no words of updates from this chat that could not be handled."""
    conn.execute(update(inbox).where(inbox.c.chat_id == chat_id, inbox.c.dead).values(payload=None, error=""))


def waiting_of(conn: Connection, chat_id: int) -> list[Waiting]:
    """Every update of a chat that has not been worked out, oldest first.

    Shape: nobody puts in another until the transaction ends.
    """
    safe.keep_out(conn, chat_id)
    rows = conn.execute(
        select(inbox).where(inbox.c.chat_id == chat_id, inbox.c.done_at.is_(None)).order_by(inbox.c.update_id)
    )
    return [Waiting(r.update_id, r.chat_id, _payload(conn, r), r.attempts) for r in rows]


def seal_again(conn: Connection, waiting: Waiting) -> None:
    """Seal an update anew: its chat has another data key now."""
    sealed = _seal(conn, waiting.chat_id, waiting.update_id, waiting.payload)
    conn.execute(update(inbox).where(inbox.c.update_id == waiting.update_id).values(payload=sealed))


def newest_in(conn: Connection, since: int) -> int:
    """The highest update number that came since then; 0 when none did."""
    return conn.scalar(select(func.max(inbox.c.update_id)).where(inbox.c.came_at > since)) or 0


def _payload(conn: Connection, row: Any, key: bytes | None = None) -> Any:
    try:
        if key:
            safe.know(conn, row.chat_id, key, held=True)
        if (fresh := inside(conn).fresh.get((row.chat_id, row.update_id, row.payload))) is not None:
            return fresh
        return json.loads(safe.unseal(conn, row.chat_id, row.payload, "inbox", row.update_id))
    except MasterKeyMissing:
        raise  # it may still come
    except KeyMissing:
        return None


_PUT_IN = Statement(
    lambda insert: (
        insert(inbox)
        .values(
            update_id=bindparam("update"),
            chat_id=bindparam("chat"),
            payload=bindparam("sealed"),
            attempts=0,
            error="",
            dead=False,
            not_before=bindparam("now"),
            came_at=bindparam("now"),
        )
        .on_conflict_do_nothing()
    )
)
_COLUMNS = (inbox.c.update_id, inbox.c.chat_id, inbox.c.payload, inbox.c.attempts, chats.c.key)
_TAKE = Statement(
    select(*_COLUMNS)
    .join(chats, chats.c.chat_id == inbox.c.chat_id)
    .where(is_head(), inbox.c.not_before <= bindparam("now"))
    .order_by(inbox.c.update_id)
    .limit(bindparam("most"))
    .with_for_update(of=chats, skip_locked=True, key_share=True)
)
_FIRST = Statement(
    select(*_COLUMNS)
    .join(chats, chats.c.chat_id == inbox.c.chat_id)
    .where(inbox.c.chat_id == bindparam("chat"), is_head(), inbox.c.not_before <= bindparam("now"))
    .limit(1)
)
_DONE = Statement(
    update(inbox)
    .where(inbox.c.update_id == bindparam("update"))
    .values(done_at=bindparam("at"), payload=None)
)
_PUT_OFF = Statement(
    update(inbox).where(inbox.c.update_id == bindparam("update")).values(not_before=bindparam("until"))
)
