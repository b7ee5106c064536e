"""Which questions apply to this person, which one is next, and what has been said so far."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.dialog import choosing
from bot.dialog.answers import Answer, Answers, place_of
from bot.dialog.condition import mentions, met
from bot.dialog.kind import Asked, Here, Line
from bot.dialog.kinds import KINDS
from bot.dialog.script import Question, Script, Section
from bot.dialog.talk import Said, State

_READ_BACK = "confirm"
_UNSETTLED = (State.OPEN, State.CHANGING)
_SILENT = ("consent", "private", "confirm")  # kinds that are no line of the read-back


@dataclass(frozen=True, slots=True)
class Position:
    """A question at its place; `item` is the id and `item_name` the name it is asked about."""

    question: Question
    section: Section
    place: str
    item: str = ""
    item_name: str = ""


_Step = tuple[Question, Section, str, str, str]
"""A position before it is one: thousands are passed over for each that is looked at."""


class _Plan:
    """What a script says about all its questions, worked out once.

    Shape: `named` has, for each question, the questions whose answers its words mention. `steps` has, for
    each section, its questions as steps. `order` counts them; `looks_back` is true when every `when:` and
    every `for_each:` looks at an earlier question, as a checked script does.
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        self.questions = {question.id: question for question in script.questions}
        self.private = [question.id for question in script.questions if question.kind == "private"]
        self.steps = [(s, tuple((q, s, q.id, "", "") for q in s.questions)) for s in script.sections]
        self.looks_back = _looks_back(script)
        self.named = {
            question.id: _named(question, section, self.questions)
            for section in script.sections
            for question in section.questions
        }


_plans: dict[int, _Plan] = {}
"""By the identity of the script, which its plan keeps alive; to compare whole scripts takes far too long."""
_MOST_PLANS = 64


def _plan(script: Script) -> _Plan:
    plan = _plans.get(id(script))
    if plan is None:
        if len(_plans) >= _MOST_PLANS:
            _plans.clear()
        plan = _plans[id(script)] = _Plan(script)
    return plan


def positions(script: Script, answers: Answers) -> Iterator[Position]:
    """Every question that applies, in the order it is asked."""
    return (Position(*step) for step in _steps(_plan(script), answers))


def starts(here: Here, position: Position) -> bool:
    """Whether this is the first question of its section that applies."""
    steps = _steps(_plan(here.script), here.answers, position.section)
    return next(place for _, _, place, _, _ in steps) == position.place


def current(here: Here) -> Position | None:
    """The first question without a settled answer; None at the end."""
    return _unsettled(here, _steps(_plan(here.script), here.answers))


def following(here: Here, position: Position) -> Position | None:
    """The same as `current`, when all that comes before this position is settled."""
    plan = _plan(here.script)
    if not plan.looks_back:
        return current(here)
    return _unsettled(here, _steps(plan, here.answers, position.section, position.item), position.place)


def _unsettled(here: Here, steps: Iterator[_Step], since: str = "") -> Position | None:
    """The first of these steps to be asked; the answer at `since` is newer than those not looked at."""
    answers = here.answers
    newest = answers[since].seq if since else 0
    for step in steps:
        answer = answers.get(step[2])
        if answer is None or answer.state in _UNSETTLED:
            return Position(*step)
        if answer.seq > newest:
            newest = answer.seq
        elif answer.seq < newest and step[0].kind == _READ_BACK:
            return Position(*step)  # something changed since it was read back
    return None


def _steps(plan: _Plan, answers: Answers, section: Section | None = None, item: str = "") -> Iterator[_Step]:
    """Every question that applies; from the beginning, or only from that item of that section on."""
    for each, steps in plan.steps:
        if section is not None and each is not section:
            continue
        begin, section = item if section else "", None
        for number, name in _items(each, answers):
            if begin and number != begin:
                continue
            begin, look = "", partial(_codes, plan, answers, number)
            for step in steps:
                when = step[0].when
                if when is None or met(when, look):
                    yield (step[0], each, place_of(step[2], number), number, name) if number else step


def asked(here: Here, position: Position) -> Asked:
    """The question at a position, ready to be shown or answered."""
    wants_lines = position.question.kind == "private"
    return Asked(
        position.question,
        position.place,
        here,
        here.answers.get(position.place),
        _names(here, position),
        _Lines(here) if wants_lines else (),
    )


def is_option(here: Here, position: Position | None, said: Said) -> bool:
    """Whether the words are exactly one of the buttons of this question: those come before any command."""
    if position is None or not said.text.strip():
        return False
    return choosing.says(said.text, *KINDS[position.question.kind].show(asked(here, position)).keys)


class _Lines(Sequence[Line]):
    """The read-back, worked out when somebody looks at it."""

    def __init__(self, here: Here) -> None:
        self._here = here
        self._lines: list[Line] | None = None

    def _read(self) -> list[Line]:
        if self._lines is None:
            self._lines = lines(self._here)
        return self._lines

    def __len__(self) -> int:
        return len(self._read())

    def __getitem__(self, number: Any) -> Any:
        return self._read()[number]


def lines(here: Here) -> list[Line]:
    """The read-back: every question that has something to show, in order."""
    held = private_places(here)
    return [
        line
        for step in _steps(_plan(here.script), here.answers)
        if step[0].kind not in _SILENT and (answer := here.answers.get(step[2]))
        if (line := _line(here, Position(*step), answer, held))
    ]


def private_places(here: Here) -> frozenset[str]:
    """The places the person keeps to themselves."""
    return frozenset(
        code
        for place in _plan(here.script).private
        if (kept := here.answers.get(place)) and kept.value
        for code in kept.value.get("codes", ())
    )


def _line(here: Here, position: Position, answer: Answer, held: frozenset[str]) -> Line | None:
    """One line; None when there is nothing to show."""
    question, words = position.question, _words(here, position.question, answer)
    if not words and not (answer.state in (State.SKIPPED, State.UNSURE) and question.label):
        return None
    full = Asked(question, position.place, here, answer, _names(here, position))
    listed = _plan(here.script).questions.get(position.section.for_each)
    return Line(
        position.place,
        full.words(question.label or position.section.title),
        words,
        answer.state,
        position.section.title,
        _is_held(question, position.place, held) or _is_held(listed, position.section.for_each, held),
    )


def _is_held(question: Question | None, place: str, held: frozenset[str]) -> bool:
    """Whether this stays with the person; who is kept private is not named by the lines about them either."""
    return question is not None and (question.private or place in held)


def _words(here: Here, question: Question, answer: Answer | None) -> str:
    if answer is None or answer.value is None:
        return ""
    return KINDS[question.kind].words(Asked(question, question.id, here, answer, {}), answer.value)


def _items(section: Section, answers: Answers) -> list[tuple[str, str]]:
    """The items a section is asked for: (id, name); one nameless item when it is asked once."""
    if not section.for_each:
        return [("", "")]
    answer = answers.get(section.for_each)
    return [(i["id"], i["name"]) for i in answer.value.get("items", [])] if answer and answer.value else []


def _codes(plan: _Plan, answers: Answers, item: str, question: str) -> tuple[str, ...] | None:
    """What a condition sees of an answer: None when there is none."""
    answer = answers.get(place_of(question, item)) if item else None
    answer = answer or answers.get(question)
    if answer is None or answer.value is None:
        return None
    return KINDS[plan.questions[question].kind].codes(answer.value)


def _names(here: Here, position: Position) -> dict[str, str]:
    """What stands for each pair of braces in the words of this question."""
    plan = _plan(here.script)
    names = {"name": here.name, "key_contact": here.key_contact}
    if position.item:
        names[f"{plan.questions[position.section.for_each].item}.name"] = position.item_name
    for question in plan.named[position.question.id]:
        answer = here.answers.get(question.id)
        unanswered = answer is None or answer.value is None
        names[_brace(question)] = question.label if unanswered else _words(here, question, answer)
    return names


def _brace(question: Question) -> str:
    """What stands between braces for the answer to this question."""
    return f"{question.id}.{'names' if question.kind == 'list' else 'label'}"


def _looks_back(script: Script) -> bool:
    before: set[str] = set()
    for section in script.sections:
        if section.for_each and section.for_each not in before:
            return False
        for question in section.questions:
            if question.when and any(name not in before for name, _ in mentions(question.when)):
                return False
            before.add(question.id)
    return True


def _named(question: Question, section: Section, known: dict[str, Question]) -> tuple[Question, ...]:
    """The questions whose answers stand in the words of this one."""
    more = (*question.examples, *(option.label for option in question.options))
    words = (question.ask, question.label, question.why, question.say_more, question.nobody)
    inside = set(
        re.findall(r"\{([^{}]*)\}", " ".join((*words, question.yes, question.no, section.title, *more)))
    )
    spoken = (each for each in known.values() if each.kind not in (*_SILENT, "info"))
    return tuple(each for each in spoken if _brace(each) in inside)
