"""What the tables hold in the end, opened with the keys."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from bot.sandbox import Call
from bot.store import safe
from bot.store.tables import answers, appointments, inbox, outbox, people, reminders, talks
from tests.kill.crowd import Person
from tests.kill.staff import Staff

Row = Any


@dataclass(slots=True)
class Evidence:
    """All that was kept, and all that was delivered.

    Shape: `answers` are by the update that gave them: chat, place, state, value, in the order they were kept.
    `delivered` are the accepted calls of each row of the outbox, oldest first.
    """

    inbox: dict[int, Row] = field(default_factory=dict)
    outbox: list[Row] = field(default_factory=list)
    answers: dict[int, list[tuple[int, str, str, Any]]] = field(default_factory=dict)
    order: dict[int, list[int]] = field(
        default_factory=dict
    )  # updates of a chat's answers, as they were kept
    reminders: list[Row] = field(default_factory=list)
    appointments: list[Row] = field(default_factory=list)
    talks: list[Row] = field(default_factory=list)
    chats: dict[int, int] = field(default_factory=dict)  # by person
    delivered: dict[int, list[Call]] = field(default_factory=dict)
    calls: Sequence[Call] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """What the oracle looks at.

    Shape: people and key contacts by their chat; `whose` is the chat of the key contact of each person;
    `is_alone` when one transaction followed the other.
    """

    found: Evidence
    said: Mapping[int, Mapping[str, Any]]
    people: Mapping[int, Person]
    staff: Mapping[int, Staff]
    whose: Mapping[str, int]
    is_alone: bool


def gather(conn: Connection, calls: Sequence[Call]) -> Evidence:
    """Read it all."""
    found = Evidence(calls=calls)
    found.inbox = {row.update_id: row for row in conn.execute(select(inbox))}
    found.outbox = list(conn.execute(select(outbox).order_by(outbox.c.id)))
    found.reminders = list(conn.execute(select(reminders).order_by(reminders.c.id)))
    found.appointments = list(conn.execute(select(appointments).order_by(appointments.c.id)))
    found.talks = list(conn.execute(select(talks).order_by(talks.c.id)))
    found.chats = {row.id: row.chat_id for row in conn.execute(select(people)) if row.chat_id is not None}
    _read_answers(conn, found)
    by_row: dict[int, list[Call]] = defaultdict(list)
    for call in calls:
        if call.request:
            by_row[int(call.request)].append(call)
    found.delivered = dict(by_row)
    return found


def _read_answers(conn: Connection, found: Evidence) -> None:
    rows = conn.execute(
        select(answers, people.c.chat_id)
        .join(talks, talks.c.id == answers.c.talk)
        .join(people, people.c.id == talks.c.person)
        .order_by(answers.c.id)
    )
    for row in rows:
        bound = ("answers", row.talk, row.place, row.state, row.said_at)
        value = json.loads(safe.unseal(conn, row.chat_id, row.value, *bound))
        kept = (row.chat_id, row.place, row.state, value)
        found.answers.setdefault(row.update_id, []).append(kept)
        found.order.setdefault(row.chat_id, []).append(row.update_id)


def text_of(call: Call) -> str:
    """The words of a call."""
    return str(call.fields.get("text", ""))


def open_work(conn: Connection) -> Counter[str]:
    """What is not ended yet, and how much of it."""
    left: Counter[str] = Counter()
    left["updates"] = len(conn.execute(select(inbox.c.update_id).where(inbox.c.done_at.is_(None))).all())
    is_open = outbox.c.state.in_(["ready", "sending"])
    left["messages"] = len(conn.execute(select(outbox.c.id).where(is_open)).all())
    is_planned = reminders.c.state.in_(["pending", "queued"])
    left["reminders"] = len(conn.execute(select(reminders.c.id).where(is_planned)).all())
    return +left
