"""Reminders: planned with what they belong to, sent when their time comes, and never simply dropped."""

import logging
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot import reminders, wording
from bot.actions import menu
from bot.actions.desk import Desk, House, say_for
from bot.clock import MINUTE, moment
from bot.dialog.talk import Prompt
from bot.people import Person
from bot.reminders import RULES, TOMORROW, UNFINISHED
from bot.store import dates, outgoing, people, talks
from bot.store.database import is_outage
from bot.store.dates import Appointment, Reminder
from bot.store.letters import REMINDER, describe
from bot.store.talks import Status, Talk

log = logging.getLogger(__name__)

STUCK = 10 * MINUTE
"""A reminder this long in the outbox is looked at again: its hour, or its talk, may have passed."""

SLICE = 100  # how many are taken at once, so that replies never wait long


def plan_unfinished(desk: Desk, person: Person, talk: Talk, is_done: bool) -> None:
    """Ask again some days after the last answer, unless the talk is done or was asked for often enough."""
    if talk.draft:
        return None
    if is_done or talk.status is Status.STOPPED or talk.unfinished_sent >= RULES[UNFINISHED].most:
        return cancel_unfinished(desk, talk)
    due_at = _millis(reminders.unfinished_at(moment(desk.now), person.zone))
    if not dates.move(desk.conn, talk.id, UNFINISHED, due_at):
        cancel_unfinished(desk, talk)  # one may be waiting in the outbox since before this answer
        dates.remind(desk.conn, person.id, talk.id, UNFINISHED, due_at, desk.now)


def cancel_unfinished(desk: Desk, talk: Talk) -> None:
    """No more asking after this talk."""
    dates.cancel_of_talk(desk.conn, talk.id, UNFINISHED)


def plan_tomorrow(desk: Desk, person: Person, talk: int, appointment: int, starts_at: int) -> None:
    """Say the day before that the talk is tomorrow."""
    due = reminders.tomorrow_at(moment(starts_at), moment(desk.now), person.zone)
    if due is not None:
        dates.remind(desk.conn, person.id, talk, TOMORROW, _millis(due), desk.now, appointment)


def due(conn: Connection, now: int, house: House) -> int:
    """Move the reminders whose time has come into the outbox, and say how many were looked at.

    Shape: one in quiet hours waits for the next morning; one whose talk has begun is told to the key contact.
    """
    dates.call_back(conn, now - STUCK)
    found = dates.due(conn, now, SLICE)
    for reminder in found:
        desk = Desk(conn, house, now, f"r{reminder.id}.{now}")
        try:
            with conn.begin_nested():
                _send(desk, reminder)
        except Exception as error:
            if is_outage(error):
                raise
            log.error("reminder %s could not be sent: %s", reminder.id, describe(error))
            dates.mark(conn, reminder.id, "dead")
            _tell_dead(desk, reminder)
    return len(found)


def _tell_dead(desk: Desk, reminder: Reminder) -> None:
    person = people.by_id(desk.conn, reminder.person)
    if person is not None:
        desk.tell_who_can_help(person, wording.NOT_ARRIVED)


def ended(desk: Desk, number: int, *, is_sent: bool) -> None:
    """The message of a reminder has arrived, or never will."""
    reminder = dates.by_id(desk.conn, number)
    if reminder is None:
        return
    dates.mark(desk.conn, number, "sent" if is_sent else "dead")
    talk, person = talks.by_id(desk.conn, reminder.talk), people.by_id(desk.conn, reminder.person)
    if talk is None or person is None:
        return
    if is_sent and reminder.rule == UNFINISHED:
        talks.count_unfinished(desk.conn, reminder.talk)
        counted = replace(talk, unfinished_sent=talk.unfinished_sent + 1)
        was_cancelled = reminder.state == "cancelled"  # while it was on its way: the talk is done with
        plan_unfinished(desk, person, counted, is_done=was_cancelled)
    date = dates.appointment(desk.conn, reminder.appointment) if reminder.appointment else None
    if date and not is_sent:
        _ask_to_check(desk, person, date)


def _send(desk: Desk, reminder: Reminder) -> None:
    person = people.by_id(desk.conn, reminder.person)
    if person is None or person.chat is None:
        return dates.mark(desk.conn, reminder.id, "cancelled")
    rule = RULES[reminder.rule]
    opens = reminders.within(moment(desk.now), rule, person.zone)
    date = dates.appointment(desk.conn, reminder.appointment) if reminder.appointment else None
    if date and date.starts_at <= desk.now:
        return _too_late(desk, reminder, person, date)
    is_quiet = _millis(opens) > desk.now
    if is_quiet and (date is None or _millis(opens) < date.starts_at):
        return dates.put_off(desk.conn, reminder.id, _millis(opens))
    dates.mark(desk.conn, reminder.id, "queued")
    prompt = _tomorrow(desk, person, date) if date else _unfinished(person)
    return outgoing.put_out(
        desk.conn, person.chat, [prompt], desk.key, desk.now, urgency=REMINDER, reminder=reminder.id
    )


def _unfinished(person: Person) -> Prompt:
    say = say_for(person)
    keys = ((say(wording.CARRY_ON),), (say(wording.PERSON),), (say(wording.STOP),))
    return Prompt(say(wording.REMIND_UNFINISHED).format(name=person.name), keys=keys)


def _tomorrow(desk: Desk, person: Person, date: Appointment) -> Prompt:
    say = say_for(person)
    contact = people.by_id(desk.conn, date.key_contact)
    words = wording.REMIND_TOMORROW if _is_tomorrow(desk, person, date) else wording.REMIND_SOON
    told = say(words).format(
        name=person.name,
        key_contact=contact.name if contact else "",
        date=desk.date(date.starts_at, person),
    )
    button = menu.talk_to_a_person(person, date.talk)
    return Prompt(f"{told}\n{say(wording.REMIND_CHANGE)}", buttons=(button,))


def _is_tomorrow(desk: Desk, person: Person, date: Appointment) -> bool:
    zone = ZoneInfo(person.zone)
    days = moment(date.starts_at).astimezone(zone).date() - moment(desk.now).astimezone(zone).date()
    return days.days == 1


def _too_late(desk: Desk, reminder: Reminder, person: Person, date: Appointment) -> None:
    dates.mark(desk.conn, reminder.id, "expired")
    _ask_to_check(desk, person, date)


def _ask_to_check(desk: Desk, person: Person, date: Appointment) -> None:
    """The key contact hears of a reminder that did not reach the person."""
    contact = people.by_id(desk.conn, date.key_contact)
    if contact is not None:
        told = say_for(contact)(wording.LATE_REMINDER)
        words = told.format(name=person.name, date=desk.date(date.starts_at, contact))
        desk.let_know(contact, Prompt(words))


def _millis(when: datetime) -> int:
    return int(when.timestamp() * 1000)
