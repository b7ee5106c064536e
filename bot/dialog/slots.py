"""A week of days and parts of the day, and how people say them; pure."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from bot import wording
from bot.dialog.talk import Say

DAYS = tuple(wording.WEEK_DAYS)
PARTS = tuple(wording.WEEK_PARTS)
SLOTS = tuple(f"{day}_{part}" for day in DAYS for part in PARTS)
"""Every part of every day, in the order of the week: mon_am, mon_pm, mon_eve, tue_am …"""


def ordered(slots: Iterable[str]) -> tuple[str, ...]:
    """Slots in the order of the week; what is no slot is left out."""
    wanted = set(slots)
    return tuple(slot for slot in SLOTS if slot in wanted)


def in_words(slots: Sequence[str], say: Say) -> str:
    """Slots as people say them: "Monday and Wednesday mornings; Friday all day"."""
    by_day = {day: tuple(part for part in PARTS if f"{day}_{part}" in slots) for day in DAYS}
    together = dict.fromkeys(parts for parts in by_day.values() if parts)
    pieces = [_piece([day for day in DAYS if by_day[day] == parts], parts, say) for parts in together]
    words = "; ".join(pieces)
    return words[:1].upper() + words[1:]


def label(slot: str, say: Say) -> str:
    """A slot as a button: "Mon am"."""
    day, _, part = slot.partition("_")
    names = say(wording.WEEK_SHORT[day]), say(wording.WEEK_PARTS_SHORT[part])
    return say(wording.WEEK_SLOT).format(day=names[0], part=names[1])


def _piece(days: list[str], parts: tuple[str, ...], say: Say) -> str:
    if len(days) == len(DAYS) and parts == PARTS:
        return say(wording.ANY_TIME)
    spoken = (
        say(wording.ALL_DAY) if parts == PARTS else _listed([say(wording.WEEK_PARTS[p]) for p in parts], say)
    )
    if len(days) == len(DAYS):
        return say(wording.ALL_PARTS).format(parts=spoken)
    return say(wording.DAYS_AND_PARTS).format(days=_days(days, say), parts=spoken)


def _days(days: list[str], say: Say) -> str:
    """Days in a row; three or more that follow one another are "Monday to Friday"."""
    names: list[str] = []
    for _, run in groupby(enumerate(days), lambda pair: DAYS.index(pair[1]) - pair[0]):
        named = [say(wording.WEEK_DAYS[day]) for _, day in run]
        is_long = len(named) > 2
        names += [say(wording.DAYS_FROM_TO).format(first=named[0], last=named[-1])] if is_long else named
    return _listed(names, say)


def _listed(names: list[str], say: Say) -> str:
    if len(names) < 2:
        return "".join(names)
    return say(wording.FIRST_AND_LAST).format(first=", ".join(names[:-1]), last=names[-1])
