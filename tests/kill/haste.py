"""Times made short, so that minutes of trouble fit into seconds; no other part of the bot is changed."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from bot import loops, posting, reminders
from bot.messenger import receive, send
from bot.pace import Limits
from bot.people import Person
from bot.reminders import RULES, Reminding
from bot.store import boxes, dates, incoming, outgoing, screen

LEASE = 4000
"""Units: milliseconds."""

SHORT: tuple[tuple[Any, str, Any], ...] = (  # where, what, and how long here
    (outgoing, "LEASE", LEASE),  # a minute
    (boxes, "LEASE", LEASE),
    (screen, "LEASE", LEASE),
    (posting, "STALE", LEASE / 1000 / 2),  # half of that, as in the bot
    (incoming, "BACK_OFF", 50),  # 200 ms
    (send, "PAUSE", 100),  # 1 s
    (send, "LONGEST_PAUSE", 1000),  # 1 minute
    (receive, "FIRST_PAUSE", 0.1),  # 1 s
    (receive, "LONGEST_PAUSE", 1.0),  # 30 s
    (receive, "STAND_BY", 0.2),  # 2 s
    (loops, "LONGEST_PAUSE", 1.0),  # 10 s
)
READ_TIMEOUT = 1.5
"""Units: seconds for an answer of Telegram; 15 in the bot."""

LIMITS = Limits(a_second=200, chat_a_second=20, chat_burst=4)
UNFINISHED_AFTER, TOMORROW_AFTER = timedelta(seconds=4), timedelta(seconds=2)
TOO_LATE = 13
"""A talk at so many minutes past an hour is taken to begin in a moment, before its reminder is due."""

SOON = 2000
"""Units: milliseconds until it begins."""


def hurry() -> None:
    """From now on this process is in haste."""
    for where, name, value in SHORT:
        assert hasattr(where, name), f"{where.__name__}.{name} is no more"
        setattr(where, name, value)
    RULES.update({name: replace(rule, opens=time.min, closes=time.max) for name, rule in RULES.items()})
    for name, function in (("after_at", _after_at), ("before_at", _before_at), ("soon_at", _soon_at)):
        assert hasattr(reminders, name)
        setattr(reminders, name, function)
    _begin_soon()


def _after_at(rule: Reminding, since: datetime, zone: str, times: int = 1) -> datetime:
    return since + UNFINISHED_AFTER


def _before_at(rule: Reminding, starts: datetime, zone: str) -> datetime:
    """Always gone by, so that it comes soon."""
    return starts - timedelta(days=1000)


def _soon_at(rule: Reminding, starts: datetime, now: datetime, zone: str) -> datetime:
    is_soon = starts - now < timedelta(milliseconds=2 * SOON)
    return starts + timedelta(seconds=1) if is_soon else now + TOMORROW_AFTER


def _begin_soon() -> None:
    """Have some talks begin before their reminder is due, as if the bot had been down that day."""
    agree, plan = dates.agree, reminders.soon_at

    def agreed(conn: Connection, talk: int, person: Person, contact: int, starts_at: int, now: int) -> int:
        starts_at = now + SOON if starts_at // 60_000 % 60 == TOO_LATE else starts_at
        return agree(conn, talk, person, contact, starts_at, now)

    def planned(rule: Reminding, starts: datetime, now: datetime, zone: str) -> datetime:
        begins = now + timedelta(milliseconds=SOON) if starts.minute == TOO_LATE else starts
        return plan(rule, begins, now, zone)

    for where, name, function in ((dates, "agree", agreed), (reminders, "soon_at", planned)):
        setattr(where, name, function)
