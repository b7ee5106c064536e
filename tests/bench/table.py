"""The table: what, how fast it is now, how that compares within the same run, and what it should be."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass

WHAT = 84


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Shape: `ratio` is to `baseline`, measured in the same run. `most` and `least` are targets for the figure,
    or, with `on_ratio`, for the ratio; None when there is none.
    """

    what: str
    figure: float
    unit: str
    ratio: float
    baseline: str
    most: float | None = None
    least: float | None = None
    on_ratio: bool = False
    note: str = ""

    @property
    def target(self) -> str:
        """What is wanted, in signs."""
        sign, number = ("<", self.most) if self.most is not None else (">", self.least)
        return "" if number is None else f"{sign} {number:.3g}{' x' if self.on_ratio else ''}"

    @property
    def is_missed(self) -> bool:
        """Whether it is not what is wanted."""
        seen = self.ratio if self.on_ratio else self.figure
        return (self.most is not None and seen > self.most) or (self.least is not None and seen < self.least)


@dataclass(frozen=True, slots=True)
class Absent:
    """Something that could not be measured here, and why."""

    what: str
    why: str


HEAD = f"{'what':<{WHAT}} {'figure':>10}  {'unit':<8} {'x':>8}  {'of':<20} {'target':>9}"


def line(row: Row | Absent) -> str:
    """A row as it is printed."""
    if isinstance(row, Absent):
        return f"{row.what:<{WHAT}} not measured: {row.why}"
    start = f"{row.what:<{WHAT}} {row.figure:10.3f}  {row.unit:<8} {row.ratio:8.3f}"
    words = ", ".join(filter(None, ("missed" if row.is_missed else "", row.note)))
    return f"{start}  {row.baseline:<20} {row.target:>9}  {words}".rstrip()


def middle(figures: Iterable[float]) -> float:
    """The middle one of several rounds; 0 of none."""
    found = list(figures)
    return statistics.median(found) if found else 0.0


def ratio(ours: Iterable[float], theirs: Iterable[float]) -> float:
    """The middle of the ratios, round by round."""
    return middle(our / their for our, their in zip(ours, theirs, strict=True) if their)
