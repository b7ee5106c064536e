"""When reminders are due: pure rules of wall clocks, zones and quiet hours."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

UNFINISHED = "unfinished"
TOMORROW = "tomorrow"


@dataclass(frozen=True, slots=True)
class Rule:
    """One reminder.

    Shape: sent between `opens` and `closes`, by the person's wall clock; `most` times in all.
    """

    opens: time
    closes: time
    most: int


RULES = {
    UNFINISHED: Rule(time(10), time(18), most=2),  # 3 days after the last answer
    TOMORROW: Rule(time(9), time(19), most=1),  # the day before, or at once when that is gone
}
DAYS_QUIET = 3


def unfinished_at(last_said: datetime, zone: str) -> datetime:
    """When to ask again after a talk was left unfinished.

    Units: aware datetimes; the answer is UTC.
    """
    local = last_said.astimezone(ZoneInfo(zone))
    later = on_the_clock(local.date() + timedelta(days=DAYS_QUIET), local.time(), zone)
    return within(later, RULES[UNFINISHED], zone)


def tomorrow_at(starts: datetime, now: datetime, zone: str) -> datetime | None:
    """When to say "your talk is tomorrow"; None when the talk has begun.

    Shape: 10:00 the day before; when that is gone, the next moment that is not in quiet hours, and
    at once when those would last until the talk begins.
    Units: aware datetimes; the answer is UTC.
    """
    if now >= starts:
        return None
    day = starts.astimezone(ZoneInfo(zone)).date()
    planned = on_the_clock(day - timedelta(days=1), time(10), zone)
    if planned >= starts:  # a place that crossed the date line had no such day
        planned = on_the_clock(day - timedelta(days=2), time(10), zone)
    if planned >= now:
        return planned
    soon = within(now, RULES[TOMORROW], zone)
    return soon if soon < starts else now


def within(moment: datetime, rule: Rule, zone: str) -> datetime:
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
