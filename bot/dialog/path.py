"""Which questions apply to this person, which one is next, and what has been said so far."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot import wording
from bot.dialog import choosing, naming, sent
from bot.dialog.answers import Answer, Answers, parts, place_of
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
    seen, again = _Seen(plan, answers), None
    for section, steps in plan.steps:
        for number, name in _items(seen, section):
            for question, _, place, _, _ in steps:
                place = place_of(place, number) if number else place
                answer = answers.get(place)
                is_settled = answer is not None and answer.state not in _UNSETTLED
                if is_settled and not shares(question):
                    continue
                if question.when and not met(question.when, partial(seen.codes, number)):
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
    if last is None or last.value is None or position.place in here.answers:
        return False
    words = KINDS[position.question.kind].words(asked(here, position), last.value)
    return bool(words) and _is_of_the_same(here, position)


def _is_of_the_same(here: Here, position: Position) -> bool:
    """Whether what was said last time was said of the same person: ids begin anew in each talk."""
    listed = here.last.get(position.section.for_each)
    return not position.item or bool(
        listed and naming.name_of(listed.value, position.item) == position.item_name
    )


def _is_out_of_date(here: Here, place: str) -> bool:
    """Whether something that applies was said after the read-back at this place."""
    answers = here.answers
    told = (answers.get(step[2]) for step in _steps(outline(here.script), answers))
    return any(answer.seq > answers[place].seq for answer in told if answer)


def _steps(plan: Outline, answers: Answers) -> Iterator[Step]:
    """Every question that applies."""
    seen = _Seen(plan, answers)
    for section, steps in plan.steps:
        for number, name in _items(seen, section):
            look = partial(seen.codes, number)
            for step in steps:
                when = step[0].when
                if when is None or met(when, look):
                    yield (step[0], section, place_of(step[2], number), number, name) if number else step


def look(here: Here) -> Look:
    """What a condition sees of the answers to questions that are asked once."""
    return partial(_Seen(outline(here.script), here.answers).codes, "")


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
    still = (wording.STILL_YES, wording.STILL_NO) if offers_last(here, position) else ()
    keys = KINDS[position.question.kind].show(asked(here, position)).keys
    keys = (*keys, *map(here.say, still))
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
    asks = outline(here.script).private
    return frozenset(
        code
        for place, kept in here.answers.items()
        if kept.value and parts(place)[0] in asks  # it may be asked for each of a list
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


class _Seen:
    """The answers as conditions see them; each question is looked at once, however many hang on it."""

    __slots__ = ("_answers", "_applied", "_plan")

    def __init__(self, plan: Outline, answers: Answers) -> None:
        self._plan, self._answers = plan, answers
        self._applied: dict[tuple[str, str], bool] = {}

    def items(self, listed: str) -> list[tuple[str, str]]:
        """The items of a list: (id, name); none when it is hidden by now, or the script has no such list."""
        answer, question = self._answers.get(listed), self._plan.questions.get(listed)
        if answer is None or not answer.value or question is None or not self.applies("", question):
            return []
        return [(item["id"], item["name"]) for item in answer.value.get("items", ())]

    def codes(self, item: str, question: str) -> tuple[str, ...] | Number | None:
        """What a condition sees of an answer: None when there is none, or when it is hidden by now."""
        answer = self._answers.get(place_of(question, item)) if item else None
        answer = answer or self._answers.get(question)
        asked_there = self._plan.questions.get(question)  # a set may leave it out: it asks less detail
        if answer is None or answer.value is None or asked_there is None:
            return None
        if not self.applies(item, asked_there):
            return None
        return KINDS[asked_there.kind].codes(answer.value)

    def applies(self, item: str, question: Question) -> bool:
        """Whether a question is asked, as things are now; one that hangs on itself never is."""
        if question.when is None:
            return True
        key = item, question.id
        if key not in self._applied:
            self._applied[key] = False
            self._applied[key] = met(question.when, partial(self.codes, item)) is True
        return self._applied[key]


def _items(seen: _Seen, section: Section) -> list[tuple[str, str]]:
    """The items a section is asked for; one nameless item when it is asked once."""
    return seen.items(section.for_each) if section.for_each else [("", "")]


def _names(here: Here, position: Position, held: frozenset[str] | None = None) -> Names:
    """What stands for each pair of braces in the words of this question.

    Shape: `held` are the places kept private when others may read the words; nothing stands for those.
    """
    plan = outline(here.script)
    seen = _Seen(plan, here.answers)
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
        hidden = hidden or not seen.applies("", question)
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
