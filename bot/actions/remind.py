"""Reminders: planned with what they belong to, sent when their time comes, and never simply dropped."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from sqlalchemy import Connection

from bot import reminders, wording
from bot.actions import menu
from bot.actions.desk import Desk, House, say_for
from bot.actions.plan import (
    Case,
    cancel_unfinished,
    keep_planned,
    millis,
    plan_after,
    plan_before,
    plan_tomorrow,
    plan_unfinished,
)
from bot.clock import MINUTE, moment
from bot.dialog import reminding
from bot.dialog.braces import filled
from bot.dialog.talk import Prompt
from bot.loops import attempt, tell
from bot.people import Person
from bot.reminders import TELL_CONTACT, UNFINISHED, Event, Reminding
from bot.store import dates, outgoing, people, talks
from bot.store import due as due_now
from bot.store.database import is_outage
from bot.store.dates import Reminder
from bot.store.due import Due
from bot.store.letters import REMINDER, describe
from bot.store.talks import Status, Talk

__all__ = ["cancel_unfinished", "due", "ended", "keep_planned", "plan_tomorrow", "plan_unfinished"]

log = logging.getLogger(__name__)

STUCK = 10 * MINUTE
"""A reminder this long in the outbox is looked at again: its hour, or its talk, may have passed."""

NAMES = 20
"""How many people one message names when their reminders came too late; the key contact has a list of all."""

Group = Sequence[Due]  # what is said in one message


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
    case = _case(desk, reminder)
    rule = _rule(case, reminder)
    if rule is None or not _still_holds(case, rule, reminder):
        due_now.mark(desk.conn, [reminder.id], "cancelled")
        return _plan_anew(case, reminder) if rule is None else None
    speaks = max(desk.now, _may_speak(case, rule))
    if starts_at is not None and speaks >= starts_at:
        speaks = desk.now
    if starts_at is not None and rule.if_late == TELL_CONTACT and _is_late(case, rule, starts_at, speaks):
        due_now.mark(desk.conn, [reminder.id], "expired")
        return _ask_to_check(desk, person, starts_at, reminder.contact)
    if speaks > desk.now:
        return due_now.put_off(desk.conn, reminder, speaks)
    due_now.mark(desk.conn, [reminder.id], "queued")
    if starts_at is None:  # their next words may be for the question it brings back, and for nobody else
        people.expect(desk.conn, person.id, "")
    prompt = _unfinished(case, rule) if starts_at is None else _before(case, rule, reminder, starts_at)
    assert person.chat is not None
    return outgoing.put_out(
        desk.conn, person.chat, [prompt], desk.key, desk.now, urgency=REMINDER, reminder=reminder.id
    )


def _case(desk: Desk, reminder: Due) -> Case:
    talk = talks.by_id(desk.conn, reminder.talk)
    assert talk is not None, f"no talk {reminder.talk}"
    return Case(desk, reminder.person, talk)


def _rule(case: Case, reminder: Due) -> Reminding | None:
    """What the script says of this reminder by now; None when it is not in there any more."""
    rule = case.rules.get(reminder.rule)
    is_dated = reminder.starts_at is not None
    return rule if rule and is_dated == (rule.event is Event.APPOINTMENT) else None


def _plan_anew(case: Case, reminder: Due) -> None:
    """A newer script has other reminders: what they are for this talk, before it is too late for them."""
    if reminder.appointment and reminder.starts_at:
        return plan_before(case, reminder.appointment, reminder.starts_at, is_new=True)
    for rule in case.undated():
        plan_after(case, rule, case.talk.said_at, None)
    return None


def _still_holds(case: Case, rule: Reminding, reminder: Due) -> bool:
    if reminder.starts_at is not None:
        return case.wants(rule) and not _another_says_it(case, rule, reminder, reminder.starts_at)
    if rule.event is Event.FINISHED and dates.shared_at(case.desk.conn, case.talk.id) is None:
        return False
    # by the same script only an answer can end a talk, and that would have taken the reminder back
    is_same_script = case.talk.shown == case.talk.follows.id
    return case.talk.status is not Status.STOPPED and case.wants(rule, False if is_same_script else None)


def _another_says_it(case: Case, rule: Reminding, reminder: Due, starts_at: int) -> bool:
    """Whether this one is late, and the time of one nearer to the talk has come, too."""
    now, mine = case.desk.now, case.before(rule, starts_at)
    if not _is_late(case, rule, starts_at, now):
        return False
    kept = dates.planned(case.desk.conn, case.talk.id, reminder.appointment)
    known = {each.rule for each in kept if each.state in ("pending", "queued", "sent")}
    return any(
        each.id in known and mine < case.before(each, starts_at) <= now and case.wants(each)
        for each in case.dated()
    )


def _may_speak(case: Case, rule: Reminding) -> int:
    """The next moment that is not in quiet hours, and not too soon after they have shared once more."""
    zone, at = case.person.zone, moment(case.desk.now)
    shared = dates.shared_at(case.desk.conn, case.talk.id) if rule.event is Event.FINISHED else None
    if shared is not None:
        at = max(at, reminders.after_at(rule, moment(shared), zone, case.sent(rule) + 1))
    return millis(reminders.within(at, rule, zone))


def _is_late(case: Case, rule: Reminding, starts_at: int, at: int) -> bool:
    return reminders.is_late(rule, moment(starts_at), moment(at), case.person.zone)


def _unfinished(case: Case, rule: Reminding) -> Prompt:
    say = say_for(case.person)
    contact = people.key_contact_of(case.desk.conn, case.person) if "{key_contact" in rule.text else None
    names = {"name": case.person.name, "key_contact": contact.name if contact else ""}
    keys = ((say(wording.CARRY_ON),), (say(wording.PERSON),), (say(wording.STOP),))
    return Prompt(_words(case, rule.text, names), keys=keys)


def _before(case: Case, rule: Reminding, reminder: Due, starts_at: int) -> Prompt:
    """What is said of a date; the words of the script only when they are still true."""
    desk, person, contact = case.desk, case.person, reminder.contact
    date = desk.date(starts_at, person)
    day, _, time = date.rpartition(", ")
    names = {
        "name": person.name,
        "key_contact": contact.name if contact else "",
        "date": date,
        "day": day,
        "time": time,
    }
    timely = reminders.is_timely(rule, moment(starts_at), moment(desk.now), person.zone)
    told = _words(case, rule.text if timely else wording.REMIND_SOON, names)
    button = menu.talk_to_a_person(person, reminder.talk)
    return Prompt(f"{told}\n{say_for(person)(wording.REMIND_CHANGE)}", buttons=(button,))


def _words(case: Case, text: str, names: Mapping[str, str]) -> str:
    """The words in the person's language, with what is known of the talk."""

    def look(name: str) -> str:
        if name in names or case.here is None:
            return names.get(name, "")
        return reminding.known(name, case.here)

    return filled(say_for(case.person)(text), look)


def _too_late(desk: Desk, group: Group) -> None:
    """Their talks have begun: whoever set the dates hears of all of them at once."""
    unwanted = [each.id for each in group if not _is_wanted(desk, each)]
    due_now.mark(desk.conn, unwanted, "cancelled")
    group = [each for each in group if each.id not in unwanted]
    due_now.mark(desk.conn, [each.id for each in group], "expired")
    group = list({(each.person.id, each.starts_at): each for each in group}.values())
    if not group:
        return
    if group[0].contact is None:  # gone, so whoever is behind each of these people now
        for each in group:
            _ask_to_check(desk, each.person, each.starts_at or 0, None)
    elif len(group) == 1:
        _ask_to_check(desk, group[0].person, group[0].starts_at or 0, group[0].contact)
    else:
        desk.let_know(group[0].contact, _list_of_missed(desk, group, group[0].contact))


def _is_wanted(desk: Desk, reminder: Due) -> bool:
    case = _case(desk, reminder)
    rule = _rule(case, reminder)
    return rule is None or case.wants(rule)


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
    if is_sent and reminder.appointment is None:
        _after_that(desk, person, talk, reminder)
    date = dates.appointment(desk.conn, reminder.appointment) if reminder.appointment else None
    if date is None or is_sent:
        return False
    _ask_to_check(desk, person, date.starts_at, people.by_id(desk.conn, date.key_contact))
    return True


def _after_that(desk: Desk, person: Person, talk: Talk, reminder: Reminder) -> None:
    """One more of them has gone out: the next is planned, unless it was the last."""
    if reminder.rule == UNFINISHED:
        talks.count_unfinished(desk.conn, talk.id)
        talk = replace(talk, unfinished_sent=talk.unfinished_sent + 1)
    case = Case(desk, person, talk)
    rule = case.rules.get(reminder.rule)
    if rule is None or case.sent(rule) >= rule.most:
        return dates.cancel_of_talk(desk.conn, talk.id, reminder.rule)
    if reminder.state != "cancelled":  # or what took it back has planned what there is to plan
        plan_after(case, rule, desk.now, is_done=False)
    return None
