"""Which questions apply to this person, which one is next, and what has been said so far."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot import wording
from bot.dialog import choosing, naming, sent
from bot.dialog.answers import Answer, Answers, place_of
from bot.dialog.condition import Look, Number, met
from bot.dialog.kind import Asked, Here, Line
from bot.dialog.kinds import KINDS
from bot.dialog.outline import SILENT, Outline, Step, brace, is_told, outline
from bot.dialog.script import Question, Script, Section
from bot.dialog.talk import Said, State

_UNSETTLED = (State.OPEN, State.CHANGING)


@dataclass(frozen=True, slots=True)
class Position:
    """A question at its place; `item` is the id and `item_name` the name it is asked about."""

    question: Question
    section: Section
    place: str
    item: str = ""
    item_name: str = ""


Names = Mapping[str, tuple[str, str]]
"""What stands for braces: what was said, and what to say when nothing was."""


def positions(script: Script, answers: Answers) -> Iterator[Position]:
    """Every question that applies, in the order it is asked."""
    return (Position(*step) for step in _steps(outline(script), answers))


def starts(here: Here, position: Position) -> bool:
    """Whether this is the first question of its part, or section, that applies."""
    part = position.section.part
    for _, section, place, _, _ in _steps(outline(here.script), here.answers):
        if section is position.section or (part and section.part == part):
            return place == position.place
    return False


def current(here: Here) -> Position | None:
    """The first question without a settled answer; None at the end.

    Shape: a settled answer is passed over without asking whether it still applies, for either way it is not
    what comes next. That, and no generator, make this the quickest way through a long script. What was
    shared already is read back again only when all else is answered.
    """
    plan, answers = outline(here.script), here.answers
    again: Position | None = None
    for section, steps in plan.steps:
        for number, name in _items(plan, section, answers):
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
    is_asked = position.question.still_right and position.question.kind not in (*SILENT, "info")
    last = here.last.get(position.place) if is_asked else None
    return last is not None and last.value is not None and position.place not in here.answers


def _is_out_of_date(here: Here, place: str) -> bool:
    """Whether something that applies was said after the read-back at this place."""
    answers = here.answers
    told = (answers.get(step[2]) for step in _steps(outline(here.script), answers))
    return any(answer.seq > answers[place].seq for answer in told if answer)


def _steps(plan: Outline, answers: Answers) -> Iterator[Step]:
    """Every question that applies."""
    for section, steps in plan.steps:
        for number, name in _items(plan, section, answers):
            look = partial(_codes, plan, answers, number)
            for step in steps:
                when = step[0].when
                if when is None or met(when, look):
                    yield (step[0], section, place_of(step[2], number), number, name) if number else step


def look(here: Here) -> Look:
    """What a condition sees of the answers to questions that are asked once."""
    plan = outline(here.script)
    return lambda question: _codes(plan, here.answers, "", question) if question in plan.questions else None


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
    """Whether the words are exactly one of the buttons of this question: those come before any command.

    Shape: the button that opens an answer again is a command, also where a question shows it as its own.
    """
    if position is None or not said.text.strip():
        return False
    keys = KINDS[position.question.kind].show(asked(here, position)).keys
    return choosing.says(said.text, *(key for key in keys if key != here.say(wording.CHANGE)))


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
        for step in _steps(outline(here.script), here.answers)
        if is_told(step[0]) and (answer := here.answers.get(step[2]))
        if (line := _line(here, Position(*step), answer, held))
    ]


def private_places(here: Here) -> frozenset[str]:
    """The places the person keeps to themselves."""
    return frozenset(
        code
        for place in outline(here.script).private
        if (kept := here.answers.get(place)) and kept.value
        for code in kept.value.get("codes", ())
    )


def _line(here: Here, position: Position, answer: Answer, held: frozenset[str]) -> Line | None:
    """One line; None when there is nothing to show."""
    question, names = position.question, _names(here, position, held)
    words = _words(here, question, answer, names)
    is_told = question.label and (
        answer.state is State.UNSURE or (answer.state is State.SKIPPED and not question.optional)
    )
    if not words and not is_told:
        return None
    full = Asked(question, position.place, here, answer, names)
    listed = outline(here.script).questions.get(position.section.for_each)
    return Line(
        position.place,
        full.words(question.label or position.section.title),
        words,
        answer.state,
        position.section.title,
        _is_held(question, position.place, held) or _is_held(listed, position.section.for_each, held),
        position.section.part,
        question.share_with,
        question.hushed,
        sent.things(answer.value),
    )


def _is_held(question: Question | None, place: str, held: frozenset[str]) -> bool:
    """Whether this stays with the person; who is kept private is not named by the lines about them either."""
    return question is not None and (question.private or place in held)


def _words(here: Here, question: Question, answer: Answer | None, names: Names) -> str:
    if answer is None or answer.value is None:
        return ""
    return KINDS[question.kind].words(Asked(question, question.id, here, answer, names), answer.value)


def _items(plan: Outline, section: Section, answers: Answers) -> list[tuple[str, str]]:
    """The items a section is asked for: (id, name); one nameless item when it is asked once."""
    if not section.for_each:
        return [("", "")]
    if not _applies(plan, answers, "", plan.questions[section.for_each]):
        return []
    answer = answers.get(section.for_each)
    return [(i["id"], i["name"]) for i in answer.value.get("items", [])] if answer and answer.value else []


def _codes(plan: Outline, answers: Answers, item: str, question: str) -> tuple[str, ...] | Number | None:
    """What a condition sees of an answer: None when there is none, or when it is hidden by now."""
    answer = answers.get(place_of(question, item)) if item else None
    answer = answer or answers.get(question)
    if answer is None or answer.value is None:
        return None
    asked_there = plan.questions[question]
    if not _applies(plan, answers, item, asked_there):
        return None
    return KINDS[asked_there.kind].codes(answer.value)


def _applies(plan: Outline, answers: Answers, item: str, question: Question) -> bool:
    """Whether a question is asked, as things are now; conditions name only earlier ones, so this ends."""
    return question.when is None or met(question.when, partial(_codes, plan, answers, item)) is True


def _names(here: Here, position: Position, held: frozenset[str] | None = None) -> Names:
    """What stands for each pair of braces in the words of this question.

    Shape: `held` are the places kept private when others may read the words; nothing stands for those.
    """
    plan = outline(here.script)
    names = {"name": (here.name, ""), "key_contact": (here.key_contact, "")}
    names |= {name: (words, "") for name, words in here.given.items()}
    known = dict(names)
    if position.item:
        item, people = plan.questions[position.section.for_each].item, here.answers[position.section.for_each]
        names[f"{item}.name"] = (position.item_name, "")
        names[f"{item}.known"] = (naming.known(people.value, position.item), position.item_name)
    for question in plan.named[position.question.id]:
        answer = here.answers.get(question.id)
        hidden = held is not None and _is_held(question, question.id, held)
        hidden = hidden or not _applies(plan, here.answers, "", question)
        names[brace(question)] = _spoken(here, question, None if hidden else answer, known)
    return names


def _spoken(here: Here, question: Question, answer: Answer | None, known: Names) -> tuple[str, str]:
    """An answer as it stands inside other words, and what to say when there is none.

    Shape: only the names of people, and nothing that was sent.
    """
    bare = answer and replace(answer, value=sent.without(answer.value))
    words, unsaid = _words(here, question, bare, known), ""
    if question.kind == "list" and answer:
        words, unsaid = naming.names(answer.value), words
    return words, unsaid or here.say(question.label)
