"""D3xx: questions nobody is ever asked, and conditions that change nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from bot.dialog.check.rule import Mistake, rule
from bot.dialog.check.seen import Row, Seen
from bot.dialog.condition import And, Compare, Condition, Includes, Is, Number, Test, mentions, met, tests
from bot.dialog.load.questions import LARGEST
from bot.dialog.script import Question

MOST_ITEMS = 10
MOST_CASES = 20_000
MOST_CODES = (
    13  # the twelve options of a question and one more; a week has more codes, and only counts matter
)
FARTHEST = 100
"""A longer table, or a longer chain of questions, is not looked at: it would take seconds."""

Given = tuple[str, ...] | Number | None


@rule("D301", "when: place is home and place is cafe", "when: place is one of home, cafe", in_sets=True)
def never_asked(seen: Seen) -> Iterator[Mistake]:
    """Whatever is answered before, this question does not come."""
    for row in _with_when(seen):
        some = False
        for so in _results(seen, row):
            some = True
            if so:
                break
        else:
            if some:
                words = f'"{row.question.id}" can never be asked: its "when" is never true'
                yield Mistake(row.question, "when", words, "Two parts of it exclude each other.")


@rule("D302", "when: guests > 0 or guests = 0", "when: guests > 0", in_sets=True)
def always_true(seen: Seen) -> Iterator[Mistake]:
    """Whatever is answered before, the condition is never false."""
    for row in _with_when(seen):
        if not any(key == "when" for key, _, _ in row.question.found):
            continue  # the set says when
        true = False
        for so in _results(seen, row):
            if so is False:
                break
            true = true or so is True
        else:
            if true:
                words = f'"when" of "{row.question.id}" is true whatever is answered'
                yield Mistake(row.question, "when", words, "Take it out, or write … is answered.")


CHECKS = (never_asked, always_true)


def _with_when(seen: Seen) -> Iterator[Row]:
    return (row for row in seen.rows if row.question.when)


def _results(seen: Seen, row: Row) -> Iterator[bool | None]:
    """What `when` gives in each case that can come about; both when there are too many to look at.

    Shape: None only where somebody skipped a question; that alone makes no condition worth having.
    """
    behind = _behind(seen, row)
    when, repeat = row.question.when, _repeat(row)
    if behind is None or when is None:
        return
    for number, (answers, skipped) in enumerate(_cases(seen, behind, when)):
        if number == MOST_CASES:
            yield from (True, False)
            return
        if repeat is None or met(repeat, answers.get):
            so = met(when, answers.get)
            yield so if skipped else bool(so)


def _cases(seen: Seen, behind: Sequence[Row], when: Condition) -> Iterator[tuple[Mapping[str, Given], bool]]:
    """Every way to answer these questions that makes a difference, and whether one was skipped.

    Shape: a question that is not asked has no answer. The mapping is used again for the next case.
    """
    conditions = [shown(row) for row in behind]
    asked = [test for condition in (*conditions, when) if condition for test in tests(condition)]
    ranges = [answers_to(seen, row.question, asked) for row in behind]
    answers: dict[str, Given] = {}
    waiting: list[tuple[int, Given, bool]] = [(-1, None, False)]
    while waiting:
        at, given, skipped = waiting.pop()
        if at >= 0:
            answers[behind[at].question.id] = given
        at += 1
        if at == len(behind):
            yield answers, skipped
        elif comes(conditions[at], answers):
            waiting += [(at, value, skipped or value is None) for value in ranges[at]]
        else:
            waiting.append((at, None, skipped))


def comes(condition: Condition | None, answers: Mapping[str, Given]) -> bool:
    return condition is None or met(condition, answers.get) is True


def _repeat(row: Row) -> Condition | None:
    """A section for each item is asked only when there is an item."""
    return Compare(row.section.for_each, ">", 0) if row.section.for_each else None


def shown(row: Row) -> Condition | None:
    parts = tuple(part for part in (_repeat(row), row.question.when) if part)
    return And(parts) if parts else None


def _behind(seen: Seen, row: Row) -> list[Row] | None:
    """The questions this one hangs on, in file order.

    Shape: None when a name is wrong (D203, D208, D209, D211) or the chain too long.
    """
    found: dict[int, Row] = {}
    waiting = [row]
    while waiting:
        current = waiting.pop()
        condition = shown(current)
        for name, codes in mentions(condition) if condition else ():
            named = seen.first.get(name)
            if named is None or named.number >= current.number or set(codes) - {*seen.codes(named.question)}:
                return None
            if not codes and not seen.counts(named.question) and _counted(condition, name):
                return None
            if named.number not in found:
                found[named.number] = named
                waiting.append(named)
        if len(found) > FARTHEST:
            return None
    return [found[number] for number in sorted(found)]


def _counted(condition: Condition | None, name: str) -> bool:
    compared = (test for test in tests(condition) if isinstance(test, Compare)) if condition else ()
    return any(test.question == name for test in compared)


def answers_to(seen: Seen, question: Question, tested: Iterable[Test]) -> list[Given]:
    """Answers that differ for these tests; None is no answer, () an answer in the person's own words."""
    asked = [test for test in tested if test.question == question.id]
    codes = _telling(seen.codes(question), asked)
    if question.kind == "number":
        return [None, Number(None), *map(Number, _numbers(question, asked))]
    if question.kind == "list":
        return [
            None,
            *(tuple(map(str, range(count))) for count in _counts(asked, question.most or MOST_ITEMS)),
        ]
    if len(codes) > MOST_CODES:
        return [None, *(codes[:count] for count in _counts(asked, len(codes)))]
    if question.kind in seen.kinds and seen.counts(question):
        alone = {option.code for option in question.options if option.alone}
        sets = (ticked for size in range(len(codes) + 1) for ticked in combinations(codes, size))
        return [None, *(ticked for ticked in sets if len(ticked) < 2 or not alone & set(ticked))]
    if question.if_no == "stop":
        codes = tuple(code for code in codes if code != "no")
    own = [] if codes and not question.options else [()]
    return [None, *own, *((code,) for code in codes)]


def _telling(codes: tuple[str, ...], asked: Sequence[Test]) -> tuple[str, ...]:
    """One code that is not named, then those that are; all of them when they are counted.

    Shape: the last is tried first, and a named one most likely leads on to the question looked at.
    """
    if any(isinstance(test, Compare) for test in asked):
        return codes
    named = {code for test in asked if isinstance(test, Is | Includes) for code in test.codes}
    other = [code for code in codes if code not in named][:1]
    return (*other, *(code for code in codes if code in named))


def _counts(asked: Sequence[Test], most: int, least: int = 0) -> list[int]:
    """How many items make a difference."""
    numbers = [test.number for test in asked if isinstance(test, Compare)]
    near = {least, least + 1, most, *(n + step for n in numbers for step in (-1, 0, 1))}
    return sorted(n for n in near if least <= n <= most)


def _numbers(question: Question, asked: Sequence[Test]) -> list[int]:
    """The numbers that make a difference."""
    most = LARGEST if question.most is None else question.most
    return _counts(asked, most, question.least or 0)
