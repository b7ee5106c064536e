"""Reminders: planned with what they belong to, sent when their time comes, and never simply dropped."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot import reminders, wording
from bot.actions import menu
from bot.actions.desk import Desk, House, say_for
from bot.clock import MINUTE, moment
from bot.dialog.talk import Prompt
from bot.loops import attempt, tell
from bot.people import Person
from bot.reminders import RULES, TOMORROW, UNFINISHED
from bot.store import dates, outgoing, people, talks
from bot.store import due as due_now
from bot.store.database import is_outage
from bot.store.dates import Reminder
from bot.store.due import Due
from bot.store.letters import REMINDER, describe
from bot.store.talks import Status, Talk

log = logging.getLogger(__name__)

QUARTER = 15 * MINUTE

STUCK = 10 * MINUTE
"""A reminder this long in the outbox is looked at again: its hour, or its talk, may have passed."""

NAMES = 20
"""How many people one message names when their reminders came too late; the key contact has a list of all."""

Group = Sequence[Due]  # what is said in one message


def plan_unfinished(desk: Desk, person: Person, talk: Talk, is_done: bool) -> None:
    """Ask again some days after the last answer, unless the talk is done or was asked for often enough."""
    if talk.draft:
        return None
    if is_done or talk.status is Status.STOPPED or talk.unfinished_sent >= RULES[UNFINISHED].most:
        return cancel_unfinished(desk, talk)
    due_at = _millis(reminders.unfinished_at(moment(desk.now), person.zone))
    if not dates.move(desk.conn, talk.id, UNFINISHED, due_at, person.zone):
        cancel_unfinished(desk, talk)  # one may be waiting in the outbox since before this answer
        dates.remind(desk.conn, person, talk.id, UNFINISHED, due_at, desk.now)


def keep_planned(desk: Desk, person: Person, talk: Talk, was_done: bool, is_done: bool) -> None:
    """The same after every answer; within a quarter of an hour of the last one it is planned well enough."""
    is_same_quarter = talk.said_at // QUARTER == desk.now // QUARTER
    if was_done or is_done or not is_same_quarter:
        plan_unfinished(desk, person, talk, is_done)


def cancel_unfinished(desk: Desk, talk: Talk) -> None:
    """No more asking after this talk."""
    dates.cancel_of_talk(desk.conn, talk.id, UNFINISHED)


def plan_tomorrow(desk: Desk, person: Person, talk: int, appointment: int, starts_at: int) -> None:
    """Say the day before that the talk is tomorrow."""
    due = reminders.tomorrow_at(moment(starts_at), moment(desk.now), person.zone)
    if due is not None:
        dates.remind(desk.conn, person, talk, TOMORROW, _millis(due), desk.now, appointment)


def due(conn: Connection, now: int, house: House) -> int:
    """Move reminders whose time has come into the outbox, and say how many were looked at.

    Shape: the soonest talk first, and no more than will go in seconds. One in quiet hours waits for the
    next morning; one whose talk has begun is told to the key contact.
    """
    due_now.call_back(conn, now - STUCK)
    if not due_now.is_any(conn, now) or not due_now.has_room(conn, now):
        return 0
    missed, found = due_now.missed(conn, now), due_now.due(conn, now)
    together = [list(group) for _, group in groupby(missed, lambda each: each.contact and each.contact.id)]
    if len(missed) == due_now.MISSED and len(together) > 1:
        together.pop()  # there may be more of the last one's people: all at once, the next time
    _with_care(conn, house, now, together, _too_late)
    _with_care(conn, house, now, [[each] for each in found], _send)
    return len(missed) + len(found)


def _with_care(
    conn: Connection, house: House, now: int, groups: Sequence[Group], act: Callable[[Desk, Group], None]
) -> None:
    """All together; when there is trouble with one of them, one by one, and that one is told of."""

    def all_of(some: Sequence[Group]) -> None:
        with attempt(conn):
            for group in some:
                act(Desk(conn, house, now, f"r{group[0].id}.{now}"), group)

    try:
        return all_of(groups) if groups else None
    except Exception as error:
        if is_outage(error):
            raise
    for group in groups:
        try:
            all_of([group])
        except Exception as error:
            if is_outage(error):
                raise
            log.error("reminder %s could not be sent: %s", group[0].id, describe(error))
            due_now.mark(conn, [each.id for each in group], "dead")
            tell(conn, _tell_dead, house, now, group)
    return None


def _tell_dead(conn: Connection, house: House, now: int, group: Group) -> None:
    for each in group:
        desk = Desk(conn, house, now, f"r{each.id}.{now}.dead")
        desk.tell_who_can_help(each.person, wording.NOT_ARRIVED)


def _send(desk: Desk, group: Group) -> None:
    (reminder,) = group
    person, starts_at = reminder.person, reminder.starts_at
    opens = _millis(reminders.within(moment(desk.now), RULES[reminder.rule], person.zone))
    if opens > desk.now and (starts_at is None or opens < starts_at):
        return due_now.put_off(desk.conn, reminder, opens)
    due_now.mark(desk.conn, [reminder.id], "queued")
    prompt = _unfinished(person) if starts_at is None else _tomorrow(desk, reminder, starts_at)
    assert person.chat is not None
    return outgoing.put_out(
        desk.conn, person.chat, [prompt], desk.key, desk.now, urgency=REMINDER, reminder=reminder.id
    )


def _unfinished(person: Person) -> Prompt:
    say = say_for(person)
    keys = ((say(wording.CARRY_ON),), (say(wording.PERSON),), (say(wording.STOP),))
    return Prompt(say(wording.REMIND_UNFINISHED).format(name=person.name), keys=keys)


def _tomorrow(desk: Desk, reminder: Due, starts_at: int) -> Prompt:
    person, contact = reminder.person, reminder.contact
    say, zone = say_for(person), ZoneInfo(person.zone)
    days = moment(starts_at).astimezone(zone).date() - moment(desk.now).astimezone(zone).date()
    told = say(wording.REMIND_TOMORROW if days.days == 1 else wording.REMIND_SOON).format(
        name=person.name,
        key_contact=contact.name if contact else "",
        date=desk.date(starts_at, person),
    )
    button = menu.talk_to_a_person(person, reminder.talk)
    return Prompt(f"{told}\n{say(wording.REMIND_CHANGE)}", buttons=(button,))


def _too_late(desk: Desk, group: Group) -> None:
    """Their talks have begun: whoever set the dates hears of all of them at once."""
    due_now.mark(desk.conn, [each.id for each in group], "expired")
    if group[0].contact is None:  # gone, so whoever is behind each of these people now
        for each in group:
            _ask_to_check(desk, each.person, each.starts_at or 0, None)
    elif len(group) == 1:
        _ask_to_check(desk, group[0].person, group[0].starts_at or 0, group[0].contact)
    else:
        desk.let_know(group[0].contact, _list_of_missed(desk, group, group[0].contact))


def _list_of_missed(desk: Desk, group: Group, contact: Person) -> Prompt:
    say, more = say_for(contact), len(group) - NAMES
    rows = tuple((each.person.name, desk.date(each.starts_at or 0, contact)) for each in group[:NAMES])
    after = say(wording.LATE_MORE).format(count=more, button=say(wording.MY_PEOPLE)) if more > 0 else ""
    return Prompt(say(wording.LATE_REMINDERS), rows=rows, after=after)


def _ask_to_check(desk: Desk, person: Person, starts_at: int, contact: Person | None) -> None:
    """Somebody hears of a reminder that did not reach the person, whoever is still here."""
    for each in desk.helpers(person, contact):
        told = say_for(each)(wording.LATE_REMINDER)
        desk.let_know(each, Prompt(told.format(name=person.name, date=desk.date(starts_at, each))))


def ended(desk: Desk, number: int, *, is_sent: bool) -> bool:
    """The message of a reminder has arrived, or never will; true when somebody was told that it will not."""
    reminder = dates.ended(desk.conn, number, "sent" if is_sent else "dead")
    if reminder is None:
        return False
    if not is_sent and reminder.state == "cancelled":  # while it was on its way: nobody misses it
        dates.ended(desk.conn, number, reminder.state)
        return False
    try:
        with attempt(desk.conn):  # whatever happens in it, the reminder has ended
            return _after(desk, reminder, is_sent)
    except Exception as error:
        if is_outage(error):
            raise
        log.error("what follows reminder %s failed: %s", number, describe(error))
        return False


def _after(desk: Desk, reminder: Reminder, is_sent: bool) -> bool:
    talk, person = talks.by_id(desk.conn, reminder.talk), people.by_id(desk.conn, reminder.person)
    if talk is None or person is None:
        return False
    if is_sent and reminder.rule == UNFINISHED:
        talks.count_unfinished(desk.conn, reminder.talk)
        counted = replace(talk, unfinished_sent=talk.unfinished_sent + 1)
        was_cancelled = reminder.state == "cancelled"  # while it was on its way: the talk is done with
        plan_unfinished(desk, person, counted, is_done=was_cancelled)
    date = dates.appointment(desk.conn, reminder.appointment) if reminder.appointment else None
    if date is None or is_sent:
        return False
    _ask_to_check(desk, person, date.starts_at, people.by_id(desk.conn, date.key_contact))
    return True


def _millis(when: datetime) -> int:
    return int(when.timestamp() * 1000)
