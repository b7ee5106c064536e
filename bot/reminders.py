"""When reminders are due: pure rules of wall clocks, zones and quiet hours."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot import wording

UNFINISHED = "unfinished"
TOMORROW = "tomorrow"

NOT_FINISHED, NOT_SHARED = "not finished", "not shared"
SEND_NOW, TELL_CONTACT = "send now", "tell key contact"

MORNING = time(10)
"""When a reminder of a day is said, if its hours allow."""
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)


class Event(StrEnum):
    """What a reminder is counted from."""

    INVITED = "invited"  # the talk began
    ANSWERED = "last answer"
    FINISHED = "finished"  # the person shared what they said
    APPOINTMENT = "appointment"


@dataclass(frozen=True, slots=True)
class Reminding:
    """One reminder, as a script asks for it.

    Shape: so many days, or else minutes, before the appointment or after another event; no days before it is
    that morning. Sent between `opens` and `closes`, by the person's wall clock, and `most` times in all.
    `only_while` is one of the special words, or the words of `condition`.
    """

    id: str
    event: Event
    days: int = 0
    minutes: int = 0
    opens: time = time(9)
    closes: time = time(19)
    most: int = 1
    only_while: str = ""
    condition: Any = None
    if_late: str = SEND_NOW
    text: str = ""
    line: int = 0
    column: int = 0


RULES = {
    UNFINISHED: Reminding(
        UNFINISHED,
        Event.ANSWERED,
        days=3,
        opens=time(10),
        closes=time(18),
        most=2,
        only_while=NOT_FINISHED,
        text=wording.REMIND_UNFINISHED,
    ),
    TOMORROW: Reminding(TOMORROW, Event.APPOINTMENT, days=1, text=wording.REMIND_TOMORROW),
}
"""What a script that says nothing of reminders has."""


def after_at(rule: Reminding, since: datetime, zone: str, times: int = 1) -> datetime:
    """When to speak so long after that moment; or that long for the second time, or the third.

    Units: aware datetimes; the answer is UTC.
    """
    if rule.days:
        local = since.astimezone(ZoneInfo(zone))
        later = on_the_clock(local.date() + timedelta(days=times * rule.days), local.time(), zone)
    else:
        later = since.astimezone(UTC) + timedelta(minutes=times * rule.minutes)
    return within(later, rule, zone)


def before_at(rule: Reminding, starts: datetime, zone: str) -> datetime:
    """When to speak of a talk that begins then, however near that is by now.

    Shape: days before it in the morning, else so many minutes before. When that is in quiet hours that last
    until it begins, an hour before they begin.
    Units: aware datetimes; the answer is UTC.
    """
    if rule.minutes:
        planned = _so_long_before(starts, rule)
    else:
        planned = _morning(rule, _day(rule, starts, zone), zone)
        if planned >= starts and rule.days:  # a place that crossed the date line had no such day
            planned = _morning(rule, _day(rule, starts, zone) - timedelta(days=1), zone)
    spoken = within(planned, rule, zone)
    return spoken if spoken < starts else _last_evening(planned, rule, zone)


def soon_at(rule: Reminding, starts: datetime, now: datetime, zone: str) -> datetime:
    """When to speak once its time has gone: as soon as it is not in quiet hours.

    Shape: at once when those would last until the talk begins.
    """
    soon = within(now, rule, zone)
    return soon if soon < starts else now


def is_timely(rule: Reminding, starts: datetime, now: datetime, zone: str) -> bool:
    """Whether words such as "tomorrow" or "in two hours" are true at this moment."""
    if rule.minutes:
        return abs(_so_long_before(starts, rule) - now) <= QUARTER
    return now.astimezone(ZoneInfo(zone)).date() == _day(rule, starts, zone)


def is_late(rule: Reminding, starts: datetime, now: datetime, zone: str) -> bool:
    """Whether its time has gone by."""
    return now > before_at(rule, starts, zone) + HOUR and not is_timely(rule, starts, now, zone)


def within(moment: datetime, rule: Reminding, zone: str) -> datetime:
    """The same moment, or the next one at which the rule may speak."""
    local = moment.astimezone(ZoneInfo(zone))
    if rule.opens <= local.time() < rule.closes:
        return moment.astimezone(UTC)
    day = local.date() if local.time() < rule.opens else local.date() + timedelta(days=1)
    return on_the_clock(day, rule.opens, zone)


def on_the_clock(day: date, clock: time, zone: str) -> datetime:
    """That wall-clock time as an instant.

    Shape: a time the clock jumps over becomes as much later; a time that comes twice is the first.
    """
    wanted = datetime.combine(day, clock.replace(tzinfo=None), ZoneInfo(zone)).replace(fold=0)
    return wanted.astimezone(UTC)


def _so_long_before(starts: datetime, rule: Reminding) -> datetime:
    """Hours that pass, whatever the clock on the wall does; counted in a zone, they would be its hours."""
    return starts.astimezone(UTC) - timedelta(minutes=rule.minutes)


def _day(rule: Reminding, starts: datetime, zone: str) -> date:
    return starts.astimezone(ZoneInfo(zone)).date() - timedelta(days=rule.days)


def _morning(rule: Reminding, day: date, zone: str) -> datetime:
    """When to speak on that day; the day of the talk begins as early as it may."""
    may = rule.days and rule.opens <= MORNING < rule.closes
    return on_the_clock(day, MORNING if may else rule.opens, zone)


def _last_evening(moment: datetime, rule: Reminding, zone: str) -> datetime:
    """An hour before the quiet hours that this moment lies in."""
    local = moment.astimezone(ZoneInfo(zone))
    day = local.date() if local.time() >= rule.closes else local.date() - timedelta(days=1)
    ends = on_the_clock(day, rule.closes, zone)
    return max(on_the_clock(day, rule.opens, zone), ends - HOUR)
