"""The times of a week that somebody's words name; pure, and only ever to ask about."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.dialog.phrases import Mark, Time, marks, timed
from bot.dialog.slots import DAYS, PARTS, ordered
from bot.dialog.talk import Say

_HOURS = {"am": (8, 12), "pm": (12, 17), "eve": (17, 21)}
_LONGEST = 2000  # characters that are looked at; the words themselves are kept by whoever asks
_AGAINST = ("not", "never", "bad", "except")
_NO_TO_US = re.compile(r"^\s*no(?:[,.]|\s+(?=(?:only|just|actually|i|we|it|that)\b))")  # and to no time
_NO_WAIT = re.compile(r"\bno,?\s+(?:wait|sorry)\b")


@dataclass(frozen=True, slots=True)
class Week:
    """Times that suit and times that never do, as slots in the order of the week; none is in both."""

    good: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    """Days, parts of them and hours that belong together; without days it is every day.

    Shape: `turned` when the part was named before the days, as in "mornings on Monday".
    """

    days: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    hours: Time | None = None
    turned: bool = False

    def slots(self, against: bool) -> set[str]:
        """What it covers."""
        parts = set(self.parts or PARTS)
        if self.hours:
            covered = {part for part in PARTS if _covers(self.hours, *_HOURS[part], against)}
            parts = (parts & covered) or covered
        return {f"{day}_{part}" for day in self.days or DAYS for part in parts}


_Item = Mark | _Group
_NOTHING = _Group()


def read(words: str, say: Say) -> Week:
    """The times these words name; none when they name none.

    Shape: what is said with a "not" is in `never`; "but not" takes away only from what was named before.
    """
    text = unicodedata.normalize("NFKC", words[:_LONGEST]).casefold().replace("’", "'")
    found_marks = list(timed(marks(_NO_WAIT.sub(",", _NO_TO_US.sub("", text)), say)))
    items = _grouped(_clauses(found_marks))
    good, never = set[str](), set[str]()
    for sentence in _sentences(items):
        found = _Sentence(sentence)
        good |= found.good
        never |= found.never
    return Week(ordered(good - never), ordered(never))


def _covers(hours: Time, start: float, end: float, against: bool) -> bool:
    """Whether these hours stand for a part of the day.

    Shape: what never suits must be most of it; what suits enough of it, or most of those hours.
    """
    if hours.start == hours.end:
        return not against and start <= hours.start < end
    shared = min(hours.end, end) - max(hours.start, start)
    if against:
        return shared > (end - start) / 2
    awake = min(hours.end, _HOURS["eve"][1]) - max(hours.start, _HOURS["am"][0])
    return shared > 0 and (shared >= (end - start) / 3 or shared >= awake / 2)


def _clauses(items: list[Mark | Time]) -> Iterator[Mark | Time]:
    """The same without commas: one that begins or ends a "not" is a "but", all others are an "and"."""
    against = False
    for number, item in enumerate(items):
        mark = "" if isinstance(item, Time) else item[0]
        if mark == "comma":
            after = items[number + 1 :]
            ends = _is_not(after) or (against and _is_good(after))
            yield ("but" if ends else "and"), ()
        else:
            yield item
        against = mark in _AGAINST or (against and mark not in ("but", "end"))


def _is_not(items: list[Mark | Time]) -> bool:
    """Whether a "not" comes next that is about what follows it."""
    after = ["" if isinstance(item, Time) else item[0] for item in items[:2]]
    return after[:1] in (["not"], ["never"], ["except"]) and after[1:] not in (["good"], ["bad"])


def _is_good(items: list[Mark | Time]) -> bool:
    """Whether what comes up to the next comma is said to be good."""
    for item in items:
        mark = "" if isinstance(item, Time) else item[0]
        if mark == "good" or mark in (*_AGAINST, "comma", "but", "end"):
            return mark == "good"
    return False


def _grouped(items: Iterable[Mark | Time]) -> Iterator[_Item]:
    """The same with what belongs together as groups."""
    group, glue = _NOTHING, ""
    for item in items:
        mark = "hours" if isinstance(item, Time) else item[0]
        if mark in ("day", "part", "hours"):
            if group != _NOTHING and _begins_another(group, mark, glue):
                yield group
                group = _NOTHING
            group, glue = _with(group, item, glue), ""
        elif mark in ("and", "till"):
            glue = glue or mark
        elif not isinstance(item, Time) and mark in ("good", "but", "end", *_AGAINST):
            if group != _NOTHING:
                yield group
            group, glue = _NOTHING, ""
            yield item
    if group != _NOTHING:
        yield group


def _begins_another(group: _Group, mark: str, glue: str) -> bool:
    """Whether this belongs to what comes after the group: a day after "Monday mornings"."""
    if mark == "hours":
        return group.hours is not None
    if mark == "part":
        return group.turned and bool(group.days)
    if group.turned:
        return bool(glue) and not group.days
    return bool(group.parts or group.hours)


def _with(group: _Group, item: Mark | Time, glue: str) -> _Group:
    """The group with one more day, part or time."""
    turned = group.turned or group == _NOTHING
    if isinstance(item, Time):
        return replace(group, hours=item, turned=turned)
    mark, names = item
    if mark == "part":
        return replace(group, parts=group.parts + names, turned=turned)
    days = _through(group.days, names) if glue == "till" else group.days + names
    return replace(group, days=days)


def _through(days: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    """Days up to and with the last: "Monday to Friday"."""
    if not days or len(names) != 1:
        return days + names
    start, end = DAYS.index(days[-1]), DAYS.index(names[0])
    steps = (end - start) % len(DAYS)
    return days + tuple(DAYS[(start + step) % len(DAYS)] for step in range(1, steps + 1))


def _sentences(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    sentence: list[_Item] = []
    for item in (*items, ("end", ())):
        if item == ("end", ()):
            yield sentence
            sentence = []
        else:
            sentence.append(item)


class _Sentence:
    """Reads one sentence from left to right: what is good, and what is not."""

    def __init__(self, items: list[_Item]) -> None:
        self.good, self.never = set[str](), set[str]()
        self._items = items
        self._waiting: list[_Group] = []  # nobody has said yet whether these are good
        self._last = set[str]()  # what was good last: "but not" takes away from it
        self._against = ""
        at = 0
        while at < len(items):
            at += self._take(at)
        self._settle()

    def _take(self, at: int) -> int:
        """Reads one item; gives how many it used up."""
        item = self._items[at]
        if isinstance(item, _Group):
            self._group(item)
        elif item[0] == "but":
            self._settle()
            following = self._items[at + 1] if at + 1 < len(self._items) else None
            is_except = isinstance(following, _Group) and bool(following.slots(against=True) & self._last)
            self._against = "except" if is_except else ""
        elif item[0] == "good":
            self._settle()
        else:
            return self._not(at, item[0])
        return 1

    def _not(self, at: int, mark: str) -> int:
        """A "not" is about what follows, or, with nothing behind it, about what came before."""
        after = [item if isinstance(item, _Group) else item[0] for item in self._items[at + 1 :]]
        if mark == "not" and after[:1] == ["bad"]:
            self._settle()
            return 2
        skip = next((n for n, item in enumerate(after) if item not in ("good", "bad")), len(after))
        is_about_more = skip < len(after) and isinstance(after[skip], _Group)
        if self._waiting and not (is_about_more and skip == 0):
            self.never |= {slot for group in self._waiting for slot in group.slots(against=True)}
            self._waiting = []
        else:
            self._settle()
            self._against = mark
        return 1 + skip

    def _group(self, group: _Group) -> None:
        if not self._against:
            self._waiting.append(group)
            return
        slots = group.slots(against=True)
        self.never |= slots if self._against == "never" else (slots & self._last) or slots

    def _settle(self) -> None:
        """What was named and not spoken against is good."""
        if self._waiting:
            self._last = {slot for group in self._waiting for slot in group.slots(against=False)}
        self.good |= self._last if self._waiting else set()
        self._waiting = []
