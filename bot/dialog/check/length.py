"""How long a script takes: the shortest and the longest way through it, in questions and in minutes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.dialog.check.reach import Given, answers_to, comes, shown
from bot.dialog.check.seen import Row, Seen
from bot.dialog.condition import Condition, mentions, tests

SECONDS = {"info": 15, "many": 30, "list": 60, "text": 45, "times": 45, "place": 45, "photo": 45}
A_TAP = 20
"""How long one question takes, by its kind; all others are a tap. A guess, and the same for everybody."""
PEOPLE = 2
"""So many times a section for each of a list is asked on the longest way; on the shortest, never."""
MOST_WAYS = 500
"""With more ways to go on than that, every condition counts as true on the longest way, and as false on
the shortest."""

_State = tuple[tuple[str, Given], ...]


@dataclass(frozen=True, slots=True)
class Length:
    """The least and the most: questions that wait for an answer, and minutes for all of it."""

    questions: tuple[int, int]
    seconds: tuple[int, int]

    @property
    def minutes(self) -> tuple[int, int]:
        """Whole minutes, at least one."""
        least, most = (max(1, round(seconds / 60)) for seconds in self.seconds)
        return least, most


_NONE = Length((0, 0), (0, 0))


def length_of(seen: Seen) -> Length:
    """How long it takes whoever answers least, and whoever answers most."""
    ways = _ways(seen)
    if ways is None:
        return _roughly(seen)
    counts, seconds = [w.questions for w in ways], [w.seconds for w in ways]
    return Length(_widest(counts), _widest(seconds))


def _widest(pairs: list[tuple[int, int]]) -> tuple[int, int]:
    return min(least for least, _ in pairs), max(most for _, most in pairs)


def _ways(seen: Seen) -> list[Length] | None:
    """How long each way is that people can go, told apart only while that makes a difference.

    Shape: None when there are too many.
    """
    last_use = _last_use(seen)
    asked = [test for row in seen.rows if (when := shown(row)) for test in tests(when)]
    ways: dict[_State, Length] = {(): _NONE}
    for row in seen.rows:
        condition = shown(row)
        if condition is None and row.question.id not in last_use:
            ways = {state: _longer(way, row) for state, way in ways.items()}
            continue
        values: list[Given] = [None]
        if row.question.id in last_use:
            values = answers_to(seen, row.question, asked)
        ended = {name for name, number in last_use.items() if number <= row.number}
        after: dict[_State, Length] = {}
        for state, way in ways.items():
            for value, longer in _answered(row, condition, dict(state), way, values):
                kept = (*state, (row.question.id, value)) if row.question.id in last_use else state
                left = tuple(pair for pair in kept if pair[0] not in ended)
                after[left] = _either(after[left], longer) if left in after else longer
        if len(after) > MOST_WAYS:
            return None
        ways = after
    return list(ways.values())


def _answered(
    row: Row, condition: Condition | None, given: Mapping[str, Given], way: Length, values: list[Given]
) -> Iterator[tuple[Given, Length]]:
    """The answers that differ, each with the way that far."""
    if comes(condition, given):
        longer = _longer(way, row)
        yield from ((value, longer) for value in values)
    else:
        yield None, way


def _last_use(seen: Seen) -> dict[str, int]:
    """The last row that hangs on each question that others hang on."""
    uses: dict[str, int] = {}
    for row in seen.rows:
        for name, _ in mentions(condition) if (condition := shown(row)) else ():
            if name in seen.first:
                uses[name] = row.number
    return uses


def _either(one: Length, other: Length) -> Length:
    questions = _widest([one.questions, other.questions])
    return Length(questions, _widest([one.seconds, other.seconds]))


def _longer(way: Length, row: Row) -> Length:
    """The way with this question at its end."""
    least, most = (0, PEOPLE) if row.section.for_each else (1, 1)
    count, takes = int(row.question.kind != "info"), SECONDS.get(row.question.kind, A_TAP)
    return Length(
        (way.questions[0] + count * least, way.questions[1] + count * most),
        (way.seconds[0] + takes * least, way.seconds[1] + takes * most),
    )


def _roughly(seen: Seen) -> Length:
    """The length when there are too many ways to look at each."""
    always = longest = _NONE
    for row in seen.rows:
        longest = _longer(longest, row)
        always = always if shown(row) else _longer(always, row)
    return Length((always.questions[0], longest.questions[1]), (always.seconds[0], longest.seconds[1]))
