"""Answers to a summary: only what the person agreed to share, in their own words and order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.dialog.kind import Here
from bot.dialog.path import lines
from bot.dialog.talk import State, Thing


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a summary; `words` is "" when they would rather not say or are not sure.

    Shape: `share_with` is "key_contact" when nobody else sees it. `things` was sent with the words.
    `heading` is what it stands under when the lines are many.
    """

    place: str
    label: str
    words: str
    state: State = State.GIVEN
    share_with: str = ""
    things: tuple[Thing, ...] = ()
    heading: str = ""


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
        Entry(line.place, line.label, line.words, line.state, line.share_with, line.things, line.heading)
        for line in lines(here)
        if not line.private
    )


def what_changed(before: Summary, now: Summary) -> tuple[Change, ...]:
    """The lines that were added, changed or taken away, in the order of the newer summary."""
    old = {entry.place: entry for entry in before}
    new = {entry.place: entry for entry in now}
    changed = [Change(e.label, old.get(e.place), e) for e in now if _differs(old.get(e.place), e)]
    gone = [Change(e.label, e, None) for e in before if e.place not in new]
    return (*changed, *gone)


def new_things(changed: Sequence[Change]) -> list[tuple[str, Thing]]:
    """What was sent and is not with the key contact yet, each with the label of its line."""
    return [
        (change.label, thing)
        for change in changed
        if change.now
        for thing in change.now.things
        if change.before is None or thing not in change.before.things
    ]


def as_data(summary: Summary) -> list[list[Any]]:
    """A summary as JSON would have it."""
    return [
        [e.place, e.label, e.words, str(e.state), e.share_with, _as_lists(e.things), e.heading]
        for e in summary
    ]


def from_data(data: Sequence[Sequence[Any]]) -> Summary:
    """The summary that `as_data` wrote, now or when a line was only place, label, words and state."""
    return tuple(_entry(*line) for line in data)


def _as_lists(things: Sequence[Thing]) -> list[list[str]]:
    return [[thing.kind, thing.file] for thing in things]


def _entry(
    place: str,
    label: str,
    words: str,
    state: str,
    share_with: str = "",
    things: Sequence[Sequence[str]] = (),
    heading: str = "",
) -> Entry:
    sent = tuple(Thing(kind, file) for kind, file in things)
    return Entry(place, label, words, State(state), share_with, sent, heading)


def _differs(old: Entry | None, new: Entry) -> bool:
    return old is None or (old.words, old.state, old.things) != (new.words, new.state, new.things)
