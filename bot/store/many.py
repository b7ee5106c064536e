"""Many talks at once, to see what a new version would mean; and what somebody said in earlier talks."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, exists, func, select

from bot.dialog.answers import Answer
from bot.dialog.talk import State
from bot.errors import KeyMissing
from bot.store import safe
from bot.store.scripts import Version
from bot.store.tables import answers, chats, people, shares, talks
from bot.store.talks import Status, Talk

_UNSETTLED = (State.OPEN, State.CHANGING)
_STATES = {str(state): state for state in State}
_decode = json.JSONDecoder().raw_decode  # these are our own words: nothing stands around the value


def following(
    conn: Connection, names: Collection[str], *, after: int = 0, since: int = 0, most: int = 100
) -> list[Talk]:
    """The talks people are in that follow these scripts: the next after that number, in order.

    Shape: real ones, and of each person only the newest. Those nothing was said in since then are left out.
    Units: `since` in milliseconds since 1970, UTC.
    """
    newer = talks.alias()
    is_over = exists().where(
        newer.c.person == talks.c.person,
        newer.c.id > talks.c.id,
        newer.c.draft.is_(None),
        newer.c.status != Status.WAITING,
    )
    query = _TALKS.where(
        talks.c.id > after,
        talks.c.script.in_(names),
        talks.c.draft.is_(None),
        talks.c.status != Status.WAITING,
        talks.c.said_at >= since,
        people.c.chat_id.is_not(None),
        ~is_over,
    )
    return [_talk(row) for row in conn.execute(query.order_by(talks.c.id).limit(most))]


def answers_in(conn: Connection, some: Sequence[Talk]) -> dict[int, dict[str, Answer]]:
    """The newest answer at each place, by talk; one that cannot be opened any more leaves its talk out."""
    _know_keys(conn, {talk.chat for talk in some})
    openers = {talk.id: safe.opener(conn, talk.chat) for talk in some}
    newest = select(func.max(answers.c.id)).where(answers.c.talk.in_(openers))
    newest = newest.group_by(answers.c.talk, answers.c.place)
    found: dict[int, dict[str, Answer]] = {number: {} for number in openers}
    for row in conn.execute(_ANSWERS.where(answers.c.id.in_(newest.scalar_subquery()))).all():
        talk = row[1]
        if talk in found:
            try:
                found[talk][row[2]] = _opened(openers[talk], *row[:6])
            except KeyMissing:
                del found[talk]
    return found


def before(conn: Connection, talk: Talk) -> list[tuple[str, str, Answer]]:
    """What this person settled last at each place, in their talks before this one.

    Shape: (script, place, answer).
    """
    newest = (
        select(func.max(answers.c.id))
        .join(talks, talks.c.id == answers.c.talk)
        .where(
            talks.c.person == talk.person,
            talks.c.id < talk.id,
            talks.c.draft.is_(None),
            answers.c.state.not_in(_UNSETTLED),
        )
        .group_by(answers.c.place)
    )
    query = _ANSWERS.add_columns(talks.c.script).join(talks, talks.c.id == answers.c.talk)
    rows = conn.execute(query.where(answers.c.id.in_(newest.scalar_subquery())))
    unseal = safe.opener(conn, talk.chat)
    return [(row.script, row.place, _opened(unseal, *row[:6])) for row in rows]


def _opened(
    unseal: Callable[..., str], number: int, talk: int, place: str, state: str, sealed: bytes, said_at: int
) -> Answer:
    words = unseal(sealed, "answers", talk, place, state, said_at)
    return Answer(_STATES[state], _decode(words)[0], number, said_at // 1000)


def _know_keys(conn: Connection, numbers: Iterable[int]) -> None:
    for row in conn.execute(select(chats.c.chat_id, chats.c.key).where(chats.c.chat_id.in_(numbers))):
        safe.know(conn, row.chat_id, row.key)


def _talk(row: Any) -> Talk:
    return Talk(
        row.id,
        row.person,
        row.chat_id,
        row.script,
        None,
        Status(row.status),
        follows=Version(0, None),
        shared=bool(row.is_shared),
        stage=row.stage,
    )


_TALKS = select(
    talks.c.id,
    talks.c.person,
    talks.c.script,
    talks.c.status,
    talks.c.stage,
    people.c.chat_id,
    exists().where(shares.c.talk == talks.c.id).label("is_shared"),
).join(people, people.c.id == talks.c.person)
_ANSWERS = select(
    answers.c.id, answers.c.talk, answers.c.place, answers.c.state, answers.c.value, answers.c.said_at
)
