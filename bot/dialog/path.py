"""Which questions apply to this person, which one is next, and what has been said so far."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.dialog import choosing
from bot.dialog.answers import Answer, Answers, place_of
from bot.dialog.condition import met
from bot.dialog.kind import Asked, Here, Line
from bot.dialog.kinds import KINDS
from bot.dialog.script import Question, Script, Section
from bot.dialog.talk import Said, State

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
    each section, its questions as steps.
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        self.questions = {question.id: question for question in script.questions}
        self.private = [question.id for question in script.questions if question.kind == "private"]
        self.steps = [(s, tuple((q, s, q.id, "", "") for q in s.questions)) for s in script.sections]
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
    """Whether this is the first question of its part, or section, that applies."""
    part = position.section.part
    for _, section, place, _, _ in _steps(_plan(here.script), here.answers):
        if section is position.section or (part and section.part == part):
            return place == position.place
    return False


def current(here: Here) -> Position | None:
    """The first question without a settled answer; None at the end.

    Shape: a settled answer is passed over without asking whether it still applies, for either way it is not
    what comes next. That, and no generator, make this the quickest way through a long script. What was
    shared already is read back again only when all else is answered.
    """
    plan, answers = _plan(here.script), here.answers
    again: Position | None = None
    for section, steps in plan.steps:
        for number, name in _items(section, answers):
            for question, _, place, _, _ in steps:
                place = place_of(place, number) if number else place
                answer = answers.get(place)
                is_settled = answer is not None and answer.state not in _UNSETTLED
                if is_settled and not shares(question):
                    continue
                if question.when and not met(question.when, partial(_codes, plan, answers, number)):
                    continue
                if not is_settled:
                    return Position(question, section, place, number, name)
                if again is None and _is_out_of_date(here, place):
                    again = Position(question, section, place, number, name)
    return again


def shares(question: Question) -> bool:
    """Whether this reads all of it back and shares it."""
    return question.kind == "confirm" and not question.reads_back


def offers_last(here: Here, position: Position) -> bool:
    """Whether this question offers the answer of last time, and waits for a yes or a no."""
    last = here.last.get(position.place) if position.question.still_right else None
    return last is not None and last.value is not None and position.place not in here.answers


def _is_out_of_date(here: Here, place: str) -> bool:
    """Whether something that applies was said after the read-back at this place."""
    answers = here.answers
    told = (answers.get(step[2]) for step in _steps(_plan(here.script), answers))
    return any(answer.seq > answers[place].seq for answer in told if answer)


def _steps(plan: _Plan, answers: Answers) -> Iterator[_Step]:
    """Every question that applies."""
    for section, steps in plan.steps:
        for number, name in _items(section, answers):
            look = partial(_codes, plan, answers, number)
            for step in steps:
                when = step[0].when
                if when is None or met(when, look):
                    yield (step[0], section, place_of(step[2], number), number, name) if number else step


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
    is_told = question.label and (
        answer.state is State.UNSURE or (answer.state is State.SKIPPED and not question.optional)
    )
    if not words and not is_told:
        return None
    full = Asked(question, position.place, here, answer, _names(here, position, held))
    listed = _plan(here.script).questions.get(position.section.for_each)
    return Line(
        position.place,
        full.words(question.label or position.section.title),
        words,
        answer.state,
        position.section.title,
        _is_held(question, position.place, held) or _is_held(listed, position.section.for_each, held),
        position.section.part,
        question.share_with,
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


def _names(here: Here, position: Position, held: frozenset[str] | None = None) -> dict[str, tuple[str, str]]:
    """What stands for each pair of braces in the words of this question.

    Shape: `held` are the places kept private when others may read the words; nothing stands for those.
    """
    plan = _plan(here.script)
    names = {"name": (here.name, ""), "key_contact": (here.key_contact, "")}
    names |= {name: (words, "") for name, words in here.given.items()}
    if position.item:
        names[f"{plan.questions[position.section.for_each].item}.name"] = (position.item_name, "")
    for question in plan.named[position.question.id]:
        answer = here.answers.get(question.id)
        hidden = held is not None and _is_held(question, question.id, held)
        words = "" if hidden else _words(here, question, answer)
        names[_brace(question)] = (words, here.say(question.label))
    return names


def _brace(question: Question) -> str:
    """What stands between braces for the answer to this question."""
    return f"{question.id}.{'names' if question.kind == 'list' else 'label'}"


def _named(question: Question, section: Section, known: dict[str, Question]) -> tuple[Question, ...]:
    """The questions whose answers stand in the words of this one."""
    more = (each.words for each in question.examples), (option.label for option in question.options)
    words = (question.ask, question.label, question.why, question.say_more, question.nobody, question.easy)
    others = (question.tip, question.how_known, question.yes, question.no, section.title)
    inside = {
        braces.partition(" or ")[0]
        for braces in re.findall(r"\{([^{}]*)\}", " ".join((*words, *others, *more[0], *more[1])))
    }
    spoken = (each for each in known.values() if each.kind not in (*_SILENT, "info"))
    return tuple(each for each in spoken if _brace(each) in inside)
