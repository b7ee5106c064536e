"""How the bot is, and what of that needs a person: pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.clock import DAY, MINUTE

UNSEEN = MINUTE
"""A worker is noted every 10 seconds; one not seen for so long is gone, or cannot reach the database."""

SILENT = 3 * MINUTE
"""Telegram answers after 50 seconds at the latest, when it is asked; so many tries may fail."""

LONGEST_WAIT = MINUTE
"""An update is worked out in less than a second; five tries take six."""

LATE = 10 * MINUTE
BACKUP = 2 * DAY
"""A backup is made every night; one may fail, not two."""


@dataclass(frozen=True, slots=True)
class Presence:
    """One worker, as it was last seen.

    Shape: `asked_at` is when Telegram last answered it or called it; None when it has not.
    Units: milliseconds since 1970, UTC.
    """

    name: str
    started_at: int
    seen_at: int
    asked_at: int | None


@dataclass(frozen=True, slots=True)
class Pile:
    """Things of one kind that wait.

    Shape: `since` is when the oldest began to wait; None when there is none.
    Units: milliseconds since 1970, UTC.
    """

    count: int
    since: int | None

    def age(self, at: int) -> int:
        """How long the oldest has waited. Units: milliseconds."""
        return 0 if self.since is None else max(0, at - self.since)


@dataclass(frozen=True, slots=True)
class State:
    """What the database says about the bot at one moment; numbers only, nothing of anybody.

    Shape: `workers` are those of the last day. `waiting` are updates not worked out, `ready` messages that
    could go now, `late` reminders whose time has come and that are not sent. `in_doubt` messages may have
    arrived and are still to go. `dead_lately` counts the dead letters of the last day, both ways. `size` is
    that of a SQLite file, else None. `masters` are the names of the master keys in use.
    Units: `at` in milliseconds since 1970, UTC; `size` in bytes.
    """

    at: int
    workers: tuple[Presence, ...]
    waiting: Pile
    ready: Pile
    late: Pile
    in_doubt: int
    dead_in: int
    dead_out: int
    dead_lately: int
    people: int
    engine: str
    revision: str
    size: int | None
    masters: tuple[str, ...]

    @property
    def heard_at(self) -> int | None:
        """When Telegram was last heard, by any worker; None when it has not been. Units: milliseconds."""
        return max((each.asked_at for each in self.workers if each.asked_at is not None), default=None)


@dataclass(frozen=True, slots=True)
class Expected:
    """How this installation is meant to be.

    Shape: `polls` is true when Telegram is asked for updates, false when it calls. `a_second` is how many
    messages may go. `worker` names the one that must be at work; "" for any. `keys` are the names in the key
    file, None when nobody looked; `backup` is when the last was made, None when there are to be none.
    Units: `backup` in milliseconds since 1970, UTC; 0 for never.
    """

    polls: bool
    a_second: float
    worker: str = ""
    keys: tuple[str, ...] | None = None
    backup: int | None = None


class Trouble(StrEnum):
    """What needs a person."""

    NO_WORKER = "no worker"
    SILENT = "telegram silent"
    WAITING = "updates wait"
    LATE = "reminders late"
    DEAD = "dead letters"
    KEY = "key missing"
    BACKUP = "backup old"


STOPS = frozenset({Trouble.NO_WORKER, Trouble.SILENT, Trouble.WAITING, Trouble.LATE})
"""The trouble in which people get no answer; the others need a person, but the bot is at work.

Whatever starts programs anew, or takes them out of service, must do so for these only.
"""


def judge(state: State, expected: Expected) -> tuple[Trouble, ...]:
    """All that needs a person, the worst first; nothing when the bot is well."""
    return tuple(_judge(state, expected))


def _judge(state: State, expected: Expected) -> Iterator[Trouble]:
    at_work = at_work_now(state)
    if not any(expected.worker in ("", each.name) for each in at_work):
        yield Trouble.NO_WORKER
    since = min((each.started_at for each in at_work), default=state.at)
    if expected.polls and state.at - max(state.heard_at or 0, since) > SILENT:
        yield Trouble.SILENT
    if state.waiting.age(state.at) > LONGEST_WAIT and state.at - since > LONGEST_WAIT:
        yield Trouble.WAITING
    if _is_late(state, expected, since):
        yield Trouble.LATE
    if expected.keys is not None and not set(state.masters) <= set(expected.keys):
        yield Trouble.KEY
    if state.dead_lately:
        yield Trouble.DEAD
    if expected.backup is not None and state.at - (expected.backup or since) > BACKUP:
        yield Trouble.BACKUP


def at_work_now(state: State) -> tuple[Presence, ...]:
    """The workers that are there."""
    return tuple(each for each in state.workers if state.at - each.seen_at <= UNSEEN)


def _is_late(state: State, expected: Expected, since: int) -> bool:
    """Whether reminders are later than the pace explains.

    Shape: what came due while nobody was at work is late only from then on.
    """
    if state.late.since is None:
        return False
    needed = state.late.count * 1000 / expected.a_second
    begun = max(state.late.since, since) if at_work_now(state) else state.late.since
    return state.at - begun > LATE + needed
