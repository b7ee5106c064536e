"""Appointments and the reminders that belong to talks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, literal_column, select, update

from bot.clock import on_the_wall
from bot.people import Person
from bot.store import outgoing
from bot.store.statement import Statement
from bot.store.tables import appointments, reminders, shares, talks


@dataclass(frozen=True, slots=True)
class Appointment:
    """A day and time that were agreed.

    Units: `starts_at` and `made_at` in milliseconds since 1970, UTC.
    """

    id: int
    talk: int
    person: int
    key_contact: int
    zone: str
    starts_at: int
    made_at: int


@dataclass(frozen=True, slots=True)
class Reminder:
    """A message whose time comes."""

    id: int
    person: int
    talk: int
    appointment: int | None
    rule: str
    due_at: int
    state: str = "pending"


def agreed(conn: Connection, talk: int) -> Appointment | None:
    """The date that holds for a talk."""
    return _appointment(_AGREED.one(conn, of=talk))


def ahead(conn: Connection, person: int, since: int) -> Appointment | None:
    """The first date since then that holds for somebody, whichever of their talks it is for.

    Units: `since` in milliseconds since 1970, UTC.
    """
    return _appointment(_AHEAD.one(conn, who=person, since=since))


def appointment(conn: Connection, number: int) -> Appointment | None:
    """One appointment, agreed or not."""
    return _appointment(_DATE.one(conn, number=number))


def _appointment(r: Any) -> Appointment | None:
    if r is None:
        return None
    return Appointment(r.id, r.talk, r.person, r.key_contact, r.zone, r.starts_at, r.made_at)


def agree(conn: Connection, talk: int, person: Person, key_contact: int, starts_at: int, now: int) -> int:
    """Keep a new date and give its number."""
    values = {
        "talk": talk,
        "person": person.id,
        "key_contact": key_contact,
        "zone": person.zone,
        "wall": on_the_wall(starts_at, person.zone),
        "starts_at": starts_at,
    }
    made = (
        insert(appointments)
        .values(values | {"made_at": now, "status": "agreed"})
        .returning(appointments.c.id)
    )
    return int(conn.execute(made).scalar_one())


def call_off(conn: Connection, number: int) -> None:
    """The date no longer holds, and neither do its reminders."""
    off = update(appointments).where(appointments.c.id == number).values(status="cancelled")
    talk = conn.execute(off.returning(appointments.c.talk)).scalar()
    if talk is not None:
        cancel(conn, _OPEN_OF_DATE.all(conn, of=talk, date=number))


def remind(
    conn: Connection,
    person: Person,
    talk: int,
    rule: str,
    due_at: int,
    now: int,
    appointment: int | None = None,
) -> None:
    """Keep a reminder for that moment."""
    _REMIND.run(
        conn,
        who=person.id,
        of=talk,
        date=appointment,
        why=rule,
        zoned=person.zone,
        on_wall=on_the_wall(due_at, person.zone),
        at=due_at,
        now=now,
    )


def cancel(conn: Connection, found: Iterable[Any]) -> None:
    """Take back these reminders that have not been sent, and their messages that wait in the outbox."""
    numbers = [row.id for row in found]
    if numbers:
        outgoing.cancel_reminder(conn, numbers)
        _CANCELLED.each(conn, [{"number": number} for number in numbers])


def cancel_of_talk(conn: Connection, talk: int, rule: str | None = None) -> None:
    """Take back the reminders of a talk, or those of one rule."""
    cancel(conn, _OPEN_BY_RULE.all(conn, of=talk, why=rule) if rule else _OPEN.all(conn, of=talk))


def cancel_undated(conn: Connection, talk: int) -> None:
    """Take back the reminders of a talk that belong to no date."""
    cancel(conn, _OPEN_UNDATED.all(conn, of=talk))


def planned(conn: Connection, talk: int, appointment: int | None = None) -> list[Reminder]:
    """All reminders there ever were for a date, or those of a talk that belong to none; the oldest first."""
    rows = _PLANNED.all(conn, of=talk)
    return [
        Reminder(r.id, r.person, r.talk, r.appointment, r.rule, r.due_at, r.state)
        for r in rows
        if r.appointment == appointment
    ]


def began_at(conn: Connection, talk: int) -> int:
    """When a talk began."""
    return int(_BEGAN.one(conn, of=talk).started_at)


def shared_at(conn: Connection, talk: int) -> int | None:
    """When something of a talk was shared last."""
    found: int | None = _SHARED.one(conn, of=talk).at
    return found


def move(conn: Connection, talk: int, rule: str, due_at: int, zone: str) -> bool:
    """Give the waiting reminder of this rule another time; false when there is none."""
    wall = on_the_wall(due_at, zone)
    return _MOVE.run(conn, of=talk, why=rule, at=due_at, on_wall=wall, zoned=zone) > 0


def next_due(conn: Connection) -> int | None:
    """When the next reminder is due."""
    return conn.execute(select(func.min(reminders.c.due_at)).where(is_pending())).scalar()


def ended(conn: Connection, number: int, state: str) -> Reminder | None:
    """What became of a reminder in the end, sent or dead; gives it as it was before."""
    r = _BY_ID.one(conn, number=number)
    if r is None:
        return None
    _ENDED.run(conn, number=number, so=state)
    return Reminder(r.id, r.person, r.talk, r.appointment, r.rule, r.due_at, r.state)


def is_pending() -> ColumnElement[bool]:
    """The state stands in the SQL itself, or the partial index is not used."""
    return reminders.c.state == literal_column("'pending'")


_AGREED = Statement(
    select(appointments)
    .where(appointments.c.talk == bindparam("of"), appointments.c.status == "agreed")
    .order_by(appointments.c.id.desc())
    .limit(1)
)
_AHEAD = Statement(
    select(appointments)
    .join(talks, talks.c.id == appointments.c.talk)
    .where(talks.c.person == bindparam("who"), appointments.c.status == "agreed")
    .where(appointments.c.starts_at > bindparam("since"))
    .order_by(appointments.c.starts_at)
    .limit(1)
)
_DATE = Statement(select(appointments).where(appointments.c.id == bindparam("number")))
_BY_ID = Statement(select(reminders).where(reminders.c.id == bindparam("number")))
_PLANNED = Statement(select(reminders).where(reminders.c.talk == bindparam("of")).order_by(reminders.c.id))
_open = select(reminders.c.id).where(
    reminders.c.talk == bindparam("of"),
    reminders.c.state.in_([literal_column("'pending'"), literal_column("'queued'")]),
)
_OPEN = Statement(_open)
_OPEN_BY_RULE = Statement(_open.where(reminders.c.rule == bindparam("why")))
_OPEN_OF_DATE = Statement(_open.where(reminders.c.appointment == bindparam("date")))
_OPEN_UNDATED = Statement(_open.where(reminders.c.appointment.is_(None)))
_CANCELLED = Statement(
    update(reminders).where(reminders.c.id == bindparam("number")).values(state="cancelled")
)
_BEGAN = Statement(select(talks.c.started_at).where(talks.c.id == bindparam("of")))
_SHARED = Statement(select(func.max(shares.c.shared_at).label("at")).where(shares.c.talk == bindparam("of")))
_ENDED = Statement(
    update(reminders).where(reminders.c.id == bindparam("number")).values(state=bindparam("so"))
)
_REMIND = Statement(
    lambda insert: insert(reminders).values(
        person=bindparam("who"),
        talk=bindparam("of"),
        appointment=bindparam("date"),
        rule=bindparam("why"),
        state="pending",
        zone=bindparam("zoned"),
        wall=bindparam("on_wall"),
        due_at=bindparam("at"),
        made_at=bindparam("now"),
    )
)
_MOVE = Statement(
    update(reminders)
    .where(reminders.c.talk == bindparam("of"), reminders.c.rule == bindparam("why"), is_pending())
    .values(due_at=bindparam("at"), wall=bindparam("on_wall"), zone=bindparam("zoned"))
)
