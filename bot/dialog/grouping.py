"""Long lists on a small screen: lines in groups, each under its heading."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from bot.dialog.talk import UNDER_ONE, Row

T = TypeVar("T")

SHORT = 6
"""So many lines are read without headings."""
FEW = 10
"""So many buttons are looked through at once: about one screen of a phone."""

_WORTH = 2  # lines below a heading, one group with another: else there are more headings than news


def grouped(each: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    """The same under their headings, in the order in which those come first."""
    groups: dict[str, list[T]] = {}
    for heading, one in each:
        groups.setdefault(heading, []).append(one)
    return groups


def are_many(groups: Mapping[str, Collection[object]]) -> bool:
    """Whether these are too many buttons, so that one of the groups is chosen first."""
    return _are_more_than(FEW, groups) and len(groups) <= UNDER_ONE


def under_headings(rows: Sequence[tuple[str, Row]]) -> tuple[Row, ...]:
    """Rows, each with the heading it belongs under, with those headings above them.

    Shape: no headings when the rows are few, all belong together, or mostly stand alone. Under "" are those
    that belong to no group; an empty line keeps them apart.
    """
    groups = grouped(rows)
    if not _are_more_than(SHORT, {heading: below for heading, below in groups.items() if heading}):
        return tuple(row for below in groups.values() for row in below)
    return tuple(row for heading, below in groups.items() for row in (("", heading), *below))


def _are_more_than(few: int, groups: Mapping[str, Collection[object]]) -> bool:
    """Whether there is more than that, in groups that are worth a heading."""
    count = sum(map(len, groups.values()))
    return count > few and 1 < len(groups) <= count / _WORTH
