"""Appointments and the reminders that belong to talks."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, literal_column, select, update

from bot.store import outgoing
from bot.store.tables import appointments, outbox, reminders


@dataclass(frozen=True, slots=True)
class Appointment:
    """A day and time that were agreed.

    Units: `starts_at` in milliseconds since 1970, UTC.
    """

    id: int
    talk: int
    person: int
    key_contact: int
    zone: str
    starts_at: int


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
    holds = (appointments.c.talk == talk, appointments.c.status == "agreed")
    row = conn.execute(
        select(appointments).where(*holds).order_by(appointments.c.id.desc()).limit(1)
    ).one_or_none()
    return (
        None
        if row is None
        else Appointment(row.id, row.talk, row.person, row.key_contact, row.zone, row.starts_at)
    )


def appointment(conn: Connection, number: int) -> Appointment | None:
    """One appointment, agreed or not."""
    row = conn.execute(select(appointments).where(appointments.c.id == number)).one_or_none()
    return (
        None
        if row is None
        else Appointment(row.id, row.talk, row.person, row.key_contact, row.zone, row.starts_at)
    )


def agree(
    conn: Connection, talk: int, person: int, key_contact: int, zone: str, starts_at: int, now: int
) -> int:
    """Keep a new date and give its number."""
    values = {
        "talk": talk,
        "person": person,
        "key_contact": key_contact,
        "zone": zone,
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
    conn.execute(update(appointments).where(appointments.c.id == number).values(status="cancelled"))
    cancel(conn, reminders.c.appointment == number)


def remind(
    conn: Connection, person: int, talk: int, rule: str, due_at: int, now: int, appointment: int | None = None
) -> None:
    """Keep a reminder for that moment."""
    values = {"person": person, "talk": talk, "appointment": appointment, "rule": rule, "due_at": due_at}
    conn.execute(insert(reminders).values(values | {"state": "pending", "made_at": now}))


def cancel(conn: Connection, *where: object) -> None:
    """Take back reminders that have not been sent, and their messages that wait in the outbox."""
    open_ones = reminders.c.state.in_(["pending", "queued"])
    numbers = list(conn.scalars(select(reminders.c.id).where(open_ones, *where)))  # type: ignore[arg-type]
    if numbers:
        outgoing.cancel_reminder(conn, numbers)
        conn.execute(update(reminders).where(reminders.c.id.in_(numbers)).values(state="cancelled"))


def cancel_of_talk(conn: Connection, talk: int, rule: str | None = None) -> None:
    """Take back the reminders of a talk, or those of one rule."""
    cancel(conn, reminders.c.talk == talk, *([reminders.c.rule == rule] if rule else []))


def move(conn: Connection, talk: int, rule: str, due_at: int) -> bool:
    """Give the waiting reminder of this rule another time; false when there is none."""
    waiting = update(reminders).where(reminders.c.talk == talk, reminders.c.rule == rule, _pending())
    return conn.execute(waiting.values(due_at=due_at)).rowcount > 0


def due(conn: Connection, now: int, limit: int) -> list[Reminder]:
    """The reminders whose time has come, oldest first."""
    rows = conn.execute(_DUE, {"now": now, "most": limit})
    return [Reminder(r.id, r.person, r.talk, r.appointment, r.rule, r.due_at) for r in rows]


def call_back(conn: Connection, before: int) -> None:
    """Take reminders that have waited in the outbox since then back to where their time is looked at."""
    waiting = select(outbox.c.reminder).where(
        outbox.c.state == "ready", outbox.c.due_at < before, outbox.c.reminder.is_not(None)
    )
    numbers = list(conn.scalars(waiting))
    if numbers:
        outgoing.cancel_reminder(conn, numbers)
        back = update(reminders).where(reminders.c.id.in_(numbers), reminders.c.state == "queued")
        conn.execute(back.values(state="pending"))


def next_due(conn: Connection) -> int | None:
    """When the next reminder is due."""
    return conn.execute(select(func.min(reminders.c.due_at)).where(_pending())).scalar()


def put_off(conn: Connection, number: int, due_at: int) -> None:
    """Not now, but then."""
    conn.execute(update(reminders).where(reminders.c.id == number).values(due_at=due_at))


def mark(conn: Connection, number: int, state: str) -> None:
    """What has become of a reminder: queued, sent, expired or dead."""
    conn.execute(update(reminders).where(reminders.c.id == number).values(state=state))


def by_id(conn: Connection, number: int) -> Reminder | None:
    """One reminder."""
    r = conn.execute(select(reminders).where(reminders.c.id == number)).one_or_none()
    return None if r is None else Reminder(r.id, r.person, r.talk, r.appointment, r.rule, r.due_at, r.state)


def _pending() -> ColumnElement[bool]:
    """The state stands in the SQL itself, or the partial index is not used."""
    return reminders.c.state == literal_column("'pending'")


_DUE = (
    select(reminders)
    .where(_pending(), reminders.c.due_at <= bindparam("now"))
    .order_by(reminders.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
