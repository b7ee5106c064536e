"""Answers to a summary: only what the person agreed to share, in their own words and order."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialog.kind import Here
from bot.dialog.path import lines
from bot.dialog.talk import State


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a summary; `words` is "" when they would rather not say or are not sure."""

    place: str
    label: str
    words: str
    state: State = State.GIVEN


@dataclass(frozen=True, slots=True)
class Change:
    """One line that is not as it was; None means that it is not there."""

    label: str
    before: Entry | None
    now: Entry | None


Summary = tuple[Entry, ...]


def compose(here: Here) -> Summary:
    """What may be shared, as it is now."""
    return tuple(
        Entry(line.place, line.label, line.words, line.state) for line in lines(here) if not line.private
    )


def what_changed(before: Summary, now: Summary) -> tuple[Change, ...]:
    """The lines that were added, changed or taken away, in the order of the newer summary."""
    old = {entry.place: entry for entry in before}
    new = {entry.place: entry for entry in now}
    changed = [Change(e.label, old.get(e.place), e) for e in now if _differs(old.get(e.place), e)]
    gone = [Change(e.label, e, None) for e in before if e.place not in new]
    return (*changed, *gone)


def as_data(summary: Summary) -> list[list[str]]:
    """A summary as JSON would have it."""
    return [[e.place, e.label, e.words, str(e.state)] for e in summary]


def from_data(data: Sequence[Sequence[str]]) -> Summary:
    """The summary that `as_data` wrote."""
    return tuple(Entry(place, label, words, State(state)) for place, label, words, state in data)


def _differs(old: Entry | None, new: Entry) -> bool:
    return old is None or (old.words, old.state) != (new.words, new.state)
