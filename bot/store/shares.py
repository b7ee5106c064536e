"""What was shared with a key contact, as it was then."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from bot.store import safe
from bot.store.statement import Statement
from bot.store.tables import people, shares, talks
from bot.store.talks import Talk


@dataclass(frozen=True, slots=True)
class Share:
    """What was given to a key contact, as it was then."""

    id: int
    talk: int
    to_person: int
    summary: Any


def give(conn: Connection, talk: Talk, to_person: int, summary: Any, now: int) -> int:
    """Keep what was shared, and give its number."""
    words = json.dumps(summary, ensure_ascii=False)
    sealed = safe.seal(conn, talk.chat, words, "shares", talk.id, to_person, now)
    return int(_GIVE.one(conn, of=talk.id, whom=to_person, sealed=sealed, now=now).id)


def last(conn: Connection, talk: int) -> Share | None:
    """What was shared last in a talk."""
    return _share(conn, _LAST.one(conn, of=talk))


def before(conn: Connection, share: Share) -> Share | None:
    """What was shared before that in the same talk."""
    return _share(conn, _BEFORE.one(conn, of=share.talk, number=share.id))


def by_id(conn: Connection, number: int) -> Share | None:
    """One share."""
    return _share(conn, _BY_ID.one(conn, number=number))


def _share(conn: Connection, row: Any) -> Share | None:
    if row is None:
        return None
    bound = ("shares", row.talk, row.to_person, row.shared_at)
    summary = json.loads(safe.unseal(conn, row.chat_id, row.summary, *bound))
    return Share(row.id, row.talk, row.to_person, summary)


def mark_read(conn: Connection, number: int, now: int) -> bool:
    """Note that it was read; false when that was known."""
    unread = update(shares).where(shares.c.id == number, shares.c.read_at.is_(None))
    return conn.execute(unread.values(read_at=now)).rowcount == 1


_shares = (
    select(shares, people.c.chat_id)
    .join(talks, talks.c.id == shares.c.talk)
    .join(people, people.c.id == talks.c.person)
    .where(people.c.chat_id.is_not(None))
)
_newest_first = _shares.where(shares.c.talk == bindparam("of")).order_by(shares.c.id.desc())
_LAST = Statement(_newest_first.limit(1))
_BEFORE = Statement(_newest_first.where(shares.c.id < bindparam("number")).limit(1))
_BY_ID = Statement(_shares.where(shares.c.id == bindparam("number")))
_GIVE = Statement(
    lambda insert: (
        insert(shares)
        .values(
            talk=bindparam("of"),
            to_person=bindparam("whom"),
            summary=bindparam("sealed"),
            shared_at=bindparam("now"),
        )
        .returning(shares.c.id)
    )
)
