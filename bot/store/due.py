"""Reminders whose time has come, with all that is needed to say them.

All functions here run inside a transaction. Units: `now` is milliseconds since 1970, UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, literal, literal_column, or_, select, update

from bot.clock import on_the_wall
from bot.errors import KeyMissing, MasterKeyMissing
from bot.people import Person
from bot.store import outgoing, safe
from bot.store.dates import is_pending
from bot.store.letters import REMINDER, Posted
from bot.store.order import is_posted
from bot.store.statement import Statement
from bot.store.tables import appointments, chats, outbox, people, reminders

SLICE = 4
"""How many reminders are sent in one transaction: some 5 ms, so that a reply never waits longer."""

AHEAD = 500
"""So many may lie in the outbox: 20 seconds' worth. The others wait where they are looked at once more."""

LOOKED_AT = 250
"""Among so many of the longest due the most urgent are found: 10 seconds' worth."""

TRIED = 15
"""A reminder sent in vain so often has waited ten minutes, too: each try moves its `due_at` on."""

MISSED = 200
"""How many of those that come too late are looked at in one transaction."""


@dataclass(frozen=True, slots=True)
class Due:
    """One reminder, whom it is for, and the date it is about.

    Shape: `appointment` and `starts_at` are None without a date; `contact` is who set that date, None when
    they have gone.
    """

    id: int
    talk: int
    rule: str
    person: Person
    appointment: int | None = None
    starts_at: int | None = None
    contact: Person | None = None


def is_any(conn: Connection, now: int) -> bool:
    """Whether the time of any reminder has come."""
    return _ANY.one(conn, now=now) is not None


def has_room(conn: Connection, now: int) -> bool:
    """Whether more reminders may be put into the outbox: those in it will go in seconds."""
    return int(_LYING.one(conn, now=now).lying) + SLICE <= AHEAD


def due(conn: Connection, now: int) -> list[Due]:
    """The next reminders to say, the soonest talk first; they and their chats are held to the end."""
    return _read(conn, _DUE.all(conn, now=now, most=SLICE))


def missed(conn: Connection, now: int) -> list[Due]:
    """Reminders of talks that have begun, those of one key contact together; held to the end."""
    return _read(conn, _MISSED.all(conn, now=now, most=MISSED))


def mark(conn: Connection, numbers: Iterable[int], state: str) -> None:
    """What has become of reminders: queued, cancelled, expired or dead."""
    _MARK.each(conn, [{"number": number, "now_is": state} for number in numbers])


def put_off(conn: Connection, reminder: Due, due_at: int) -> None:
    """Not now, but then."""
    zone = reminder.person.zone
    _PUT_OFF.run(conn, number=reminder.id, at=due_at, on_wall=on_the_wall(due_at, zone), zoned=zone)


def call_back(conn: Connection, before: int) -> None:
    """Take reminders that have waited in the outbox since then back to where their time is looked at.

    Shape: those that were tried in vain for as long, too; not one that may have arrived already, and not one
    another worker is about to send.
    """
    numbers = [row.reminder for row in _STUCK.all(conn, before=before, tried=TRIED, most=SLICE)]
    if numbers:
        outgoing.cancel_reminder(conn, numbers)
        _BACK.each(conn, [{"number": number} for number in numbers])


def _read(conn: Connection, held: list[Any]) -> list[Due]:
    """These reminders, in this order; read after they are held, so that nothing is older than that."""
    numbers = [row.id for row in held]
    if not numbers:
        return []
    rows = {row.id: row for row in conn.execute(_WHOLE.where(reminders.c.id.in_(numbers)))}
    return [_due(conn, rows[number]) for number in numbers]


def _due(conn: Connection, row: Any) -> Due:
    person = _person(conn, row, row.person, "")
    contact = None if row.contact_chat_id is None else _person(conn, row, row.with_whom, "contact_")
    return Due(row.id, row.talk, row.rule, person, row.appointment, row.starts_at, contact)


def _person(conn: Connection, row: Any, number: int, part: str) -> Person:
    """Someone as far as it takes to write to them: their roles are not known."""
    chat, name, key, language, zone = (
        getattr(row, part + each) for each in ("chat_id", "name", "key", "language", "zone")
    )
    try:
        safe.know(conn, chat, key, held=not part)
        called = safe.unseal(conn, chat, name, "people.name")
    except MasterKeyMissing:
        raise  # it may still come
    except KeyMissing:  # the others must not wait for ever because of one
        called = "?"
    return Person(number, chat, called, language, zone, None if part else row.key_contact)


_ANY = Statement(select(reminders.c.id).where(is_pending(), reminders.c.due_at <= bindparam("now")).limit(1))
_contacts, _their_chats = people.alias(), chats.alias()
_WHOLE = (
    select(
        reminders.c.id,
        reminders.c.talk,
        reminders.c.rule,
        reminders.c.person,
        reminders.c.appointment,
        people.c.chat_id,
        people.c.name,
        people.c.language,
        people.c.zone,
        people.c.key_contact,
        chats.c.key,
        appointments.c.starts_at,
        appointments.c.key_contact.label("with_whom"),
        _contacts.c.chat_id.label("contact_chat_id"),
        _contacts.c.name.label("contact_name"),
        _contacts.c.language.label("contact_language"),
        _contacts.c.zone.label("contact_zone"),
        _their_chats.c.key.label("contact_key"),
    )
    .join(people, people.c.id == reminders.c.person)
    .join(chats, chats.c.chat_id == people.c.chat_id)
    .outerjoin(appointments, appointments.c.id == reminders.c.appointment)
    .outerjoin(_contacts, _contacts.c.id == appointments.c.key_contact)
    .outerjoin(_their_chats, _their_chats.c.chat_id == _contacts.c.chat_id)
)
_oldest = (  # a short list first, so that no plan ever reads all that is due, or all appointments
    select(reminders.c.id)
    .where(is_pending(), reminders.c.due_at <= bindparam("now"))
    .order_by(reminders.c.due_at)
    .limit(LOOKED_AT)
    .subquery()
)
_HELD = (
    select(reminders.c.id)
    .join(_oldest, _oldest.c.id == reminders.c.id)
    .join(people, people.c.id == reminders.c.person)
    .join(chats, chats.c.chat_id == people.c.chat_id)
    .where(is_pending(), reminders.c.due_at <= bindparam("now"))  # again, for it may have changed meanwhile
    .limit(bindparam("most"))
    .with_for_update(of=[reminders, chats], skip_locked=True, key_share=True)
)
_DUE = Statement(
    _HELD.outerjoin(appointments, appointments.c.id == reminders.c.appointment)
    .where(or_(reminders.c.appointment.is_(None), appointments.c.starts_at > bindparam("now")))
    .order_by(reminders.c.appointment.is_(None), appointments.c.starts_at, reminders.c.due_at)
)
_MISSED = Statement(
    _HELD.join(appointments, appointments.c.id == reminders.c.appointment)
    .where(appointments.c.starts_at <= bindparam("now"))
    .order_by(appointments.c.key_contact, appointments.c.starts_at)
)
_MARK = Statement(
    update(reminders).where(reminders.c.id == bindparam("number")).values(state=bindparam("now_is"))
)
_PUT_OFF = Statement(
    update(reminders)
    .where(reminders.c.id == bindparam("number"))
    .values(due_at=bindparam("at"), wall=bindparam("on_wall"), zone=bindparam("zoned"))
)
_READY = (is_posted(Posted.READY), outbox.c.urgency == literal_column(str(REMINDER)))
_LYING = Statement(
    select(func.count().label("lying")).select_from(
        select(literal(1)).where(*_READY, outbox.c.due_at <= bindparam("now")).limit(AHEAD).subquery()
    )
)
_STUCK = Statement(
    select(outbox.c.reminder)
    .where(*_READY, outbox.c.reminder.is_not(None), outbox.c.doubts == 0)
    .where(or_(outbox.c.due_at < bindparam("before"), outbox.c.attempts >= bindparam("tried")))
    .order_by(outbox.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_BACK = Statement(
    update(reminders)
    .where(reminders.c.id == bindparam("number"), reminders.c.state == "queued")
    .values(state="pending")
)
