"""Talks, the answers in them with their history, and what was shared."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.dialog.answers import Answer
from bot.dialog.talk import Fact, State
from bot.store.tables import answers, appointments, reminders, shares, talks


class Status(StrEnum):
    """Where a talk is."""

    OPEN = "open"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Talk:
    """One person's way through one script.

    Shape: `draft` is the script row an admin tries on their own phone, None for a real talk. `shown` is the
    script row its newest question was drawn from. `said_at` is when something said in it was last worked out.
    Units: `said_at` in milliseconds since 1970, UTC.
    """

    id: int
    person: int
    script: str
    draft: int | None
    status: Status
    unfinished_sent: int = 0
    shown: int | None = None
    said_at: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """What was given to a key contact, as it was then."""

    id: int
    talk: int
    to_person: int
    summary: Any
    read_at: int | None


def begin(conn: Connection, person: int, script: str, now: int, draft: int | None = None) -> Talk:
    """Start a talk."""
    values = {"person": person, "script": script, "draft": draft, "status": Status.OPEN, "unfinished_sent": 0}
    made = conn.execute(
        insert(talks).values(values | {"started_at": now, "said_at": now}).returning(talks.c.id)
    )
    return Talk(int(made.scalar_one()), person, script, draft, Status.OPEN)


def of_person(conn: Connection, person: int) -> Talk | None:
    """Their newest talk; a try-out comes before a real one."""
    order = (talks.c.draft.is_(None), talks.c.id.desc())
    row = conn.execute(select(talks).where(talks.c.person == person).order_by(*order).limit(1)).one_or_none()
    return _talk(row)


def by_id(conn: Connection, talk: int) -> Talk | None:
    """The talk with this number."""
    return _talk(conn.execute(select(talks).where(talks.c.id == talk)).one_or_none())


def _talk(row: Any) -> Talk | None:
    if row is None:
        return None
    status = Status(row.status)
    return Talk(
        row.id, row.person, row.script, row.draft, status, row.unfinished_sent, row.shown, row.said_at
    )


def set_status(conn: Connection, talk: int, status: Status) -> None:
    """Where the talk is from now on."""
    conn.execute(update(talks).where(talks.c.id == talk).values(status=status))


def show(conn: Connection, talk: int, script: int) -> None:
    """The newest question was drawn from this script row."""
    conn.execute(update(talks).where(talks.c.id == talk).values(shown=script))


def heard(conn: Connection, talk: int, now: int) -> None:
    """The person has said something just now."""
    conn.execute(update(talks).where(talks.c.id == talk).values(said_at=now))


def count_unfinished(conn: Connection, talk: int) -> None:
    """One more reminder that the talk is unfinished has gone out."""
    conn.execute(update(talks).where(talks.c.id == talk).values(unfinished_sent=talks.c.unfinished_sent + 1))


def latest(conn: Connection, talk: int) -> dict[str, Answer]:
    """The newest answer at each place."""
    newest = select(func.max(answers.c.id)).where(answers.c.talk == talk).group_by(answers.c.place)
    rows = conn.execute(select(answers).where(answers.c.id.in_(newest)))
    return {r.place: Answer(State(r.state), json.loads(r.value), r.id, r.said_at // 1000) for r in rows}


def keep(
    conn: Connection,
    talk: int,
    facts: Iterable[Fact],
    said_at: int,
    version: int | None,
    update_id: int | None,
) -> None:
    """Add what was said; older answers stay as the history."""
    rows = [
        {
            "talk": talk,
            "place": fact.place,
            "state": fact.state,
            "value": json.dumps(fact.value, ensure_ascii=False),
            "script_version": version,
            "update_id": update_id,
            "said_at": said_at,
        }
        for fact in facts
    ]
    if rows:
        conn.execute(insert(answers), rows)


def history(conn: Connection, talk: int, place: str) -> list[Answer]:
    """Everything ever said at a place, oldest first."""
    rows = conn.execute(
        select(answers).where(answers.c.talk == talk, answers.c.place == place).order_by(answers.c.id)
    )
    return [Answer(State(r.state), json.loads(r.value), r.id, r.said_at // 1000) for r in rows]


def erase(conn: Connection, talk: int) -> None:
    """Delete a talk and everything that came of it."""
    for table in (answers, shares, appointments, reminders):
        conn.execute(delete(table).where(table.c.talk == talk))
    conn.execute(delete(talks).where(talks.c.id == talk))


def share(conn: Connection, talk: int, to_person: int, summary: Any, now: int) -> int:
    """Keep what was shared, and give its number."""
    values = {"talk": talk, "to_person": to_person, "summary": json.dumps(summary, ensure_ascii=False)}
    return int(
        conn.execute(insert(shares).values(values | {"shared_at": now}).returning(shares.c.id)).scalar_one()
    )


def last_share(conn: Connection, talk: int) -> Share | None:
    """What was shared last in a talk."""
    row = conn.execute(
        select(shares).where(shares.c.talk == talk).order_by(shares.c.id.desc()).limit(1)
    ).one_or_none()
    return (
        None if row is None else Share(row.id, row.talk, row.to_person, json.loads(row.summary), row.read_at)
    )


def share_by_id(conn: Connection, number: int) -> Share | None:
    """One share."""
    row = conn.execute(select(shares).where(shares.c.id == number)).one_or_none()
    return (
        None if row is None else Share(row.id, row.talk, row.to_person, json.loads(row.summary), row.read_at)
    )


def mark_read(conn: Connection, number: int, now: int) -> bool:
    """Note that it was read; false when that was known."""
    unread = update(shares).where(shares.c.id == number, shares.c.read_at.is_(None))
    return conn.execute(unread.values(read_at=now)).rowcount == 1
