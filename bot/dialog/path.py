"""Which questions apply to this person, which one is next, and what has been said so far."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.dialog.answers import Answer, Answers, place_of
from bot.dialog.condition import met
from bot.dialog.kind import Asked, Here, Line
from bot.dialog.kinds import KINDS
from bot.dialog.script import Question, Script, Section
from bot.dialog.talk import State

_READ_BACK = "confirm"
_SILENT = ("consent", "private", "confirm")  # kinds that are no line of the read-back


@dataclass(frozen=True, slots=True)
class Position:
    """A question at its place; `item` is the id and `item_name` the name it is asked about."""

    question: Question
    section: Section
    place: str
    item: str = ""
    item_name: str = ""


def positions(script: Script, answers: Answers) -> Iterator[Position]:
    """Every question that applies, in the order it is asked."""
    kinds = {question.id: question.kind for question in script.questions}
    for section in script.sections:
        for item, name in _items(section, answers):
            look = partial(_codes, kinds, answers, item)
            for question in section.questions:
                if question.when is None or met(question.when, look):
                    yield Position(question, section, place_of(question.id, item), item, name)


def current(here: Here) -> Position | None:
    """The first question without a settled answer; None at the end."""
    newest = 0
    for position in positions(here.script, here.answers):
        answer = here.answers.get(position.place)
        if answer is None or not answer.settled:
            return position
        if position.question.kind == _READ_BACK and answer.seq < newest:
            return position  # something changed since it was read back
        newest = max(newest, answer.seq)
    return None


def asked(here: Here, position: Position) -> Asked:
    """The question at a position, ready to be shown or answered."""
    wants_lines = position.question.kind == "private"
    return Asked(
        position.question,
        position.place,
        here,
        here.answers.get(position.place),
        _names(here, position),
        lines(here) if wants_lines else (),
    )


def lines(here: Here) -> list[Line]:
    """The read-back: every question that has something to show, in order."""
    held = private_places(here)
    return [
        _line(here, position, answer, held)
        for position in positions(here.script, here.answers)
        if position.question.kind not in _SILENT and (answer := here.answers.get(position.place))
        if answer.state in (State.SKIPPED, State.UNSURE) and position.question.label or _words(here, position)
    ]


def private_places(here: Here) -> frozenset[str]:
    """The places the person keeps to themselves."""
    found = [q.id for q in here.script.questions if q.kind == "private"]
    return frozenset(
        code
        for place in found
        if (kept := here.answers.get(place)) and kept.value
        for code in kept.value.get("codes", ())
    )


def _line(here: Here, position: Position, answer: Answer, held: frozenset[str]) -> Line:
    question = position.question
    full = Asked(question, position.place, here, answer, _names(here, position))
    return Line(
        position.place,
        full.words(question.label or position.section.title),
        _words(here, position),
        answer.state,
        position.section.title,
        question.private or position.place in held,
    )


def _words(here: Here, position: Position) -> str:
    answer = here.answers.get(position.place)
    if answer is None or answer.value is None:
        return ""
    full = Asked(position.question, position.place, here, answer, {})
    return KINDS[position.question.kind].words(full, answer.value)


def _items(section: Section, answers: Answers) -> list[tuple[str, str]]:
    """The items a section is asked for: (id, name); one nameless item when it is asked once."""
    if not section.for_each:
        return [("", "")]
    answer = answers.get(section.for_each)
    return [(i["id"], i["name"]) for i in answer.value.get("items", [])] if answer and answer.value else []


def _codes(kinds: Mapping[str, str], answers: Answers, item: str, question: str) -> tuple[str, ...] | None:
    """What a condition sees of an answer: None when there is none."""
    answer = answers.get(place_of(question, item)) if item else None
    answer = answer or answers.get(question)
    return None if answer is None or answer.value is None else KINDS[kinds[question]].codes(answer.value)


def _names(here: Here, position: Position) -> dict[str, str]:
    """What stands for each pair of braces in the words of this question."""
    names = {"name": here.name, "key_contact": here.key_contact}
    if position.item:
        listed = next(q for q in here.script.questions if q.id == position.section.for_each)
        names[f"{listed.item}.name"] = position.item_name
    for question in here.script.questions:
        names |= _name_of(here, question)
    return names


def _name_of(here: Here, question: Question) -> dict[str, str]:
    answer = here.answers.get(question.id)
    if question.kind in _SILENT or question.kind == "info":
        return {}
    value: Any = answer.value if answer else None
    shown = question.label
    if value is not None:
        shown = KINDS[question.kind].words(Asked(question, question.id, here, answer, {}), value)
    return {f"{question.id}.{'names' if question.kind == 'list' else 'label'}": shown}
