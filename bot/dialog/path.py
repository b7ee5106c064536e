"""Which questions apply to this person, which one is next, and what has been said so far."""

from collections.abc import Iterator, Mapping
from functools import partial

from bot import wording
from bot.dialog import choosing, naming, sent
from bot.dialog.answers import Answer, parts, place_of
from bot.dialog.condition import Look, met
from bot.dialog.kind import Asked, Here, Line, once
from bot.dialog.kinds import KINDS
from bot.dialog.outline import SILENT, Position, brace, is_told, outline
from bot.dialog.script import Question, Section
from bot.dialog.seen import Seen
from bot.dialog.talk import Said, State

_UNSETTLED = (State.OPEN, State.CHANGING)

Names = Mapping[str, tuple[str, str]]
"""What stands for braces: what was said, and what to say when nothing was."""


@once
def positions(here: Here) -> tuple[Position, ...]:
    """Every question that applies, in the order it is asked."""
    return tuple(each for section in here.script.sections for each in _positions_in(here, section))


def _positions_in(here: Here, section: Section) -> Iterator[Position]:
    seen, asked_once = _seen(here), outline(here.script).asked_once
    for number, name in seen.each(section):
        look = partial(seen.codes, number)
        for question in section.questions:
            if question.when is not None and not met(question.when, look):
                continue
            if number:
                yield Position(question, section, place_of(question.id, number), number, name)
            else:
                yield asked_once[question.id]


def position_at(here: Here, place: str) -> Position | None:
    """The question at this place; None when none is asked there as things are."""
    at_once = outline(here.script).asked_once.get(place)
    if at_once is not None:  # quicker than to work out all of them
        when = at_once.question.when
        return at_once if when is None or met(when, look(here)) else None
    return next((each for each in positions(here) if each.place == place), None)


def starts(here: Here, position: Position) -> bool:
    """Whether this is the first question of its part, or section, that applies."""
    part = position.section.part
    for section in here.script.sections:
        if section is position.section or (part and section.part == part):
            for each in _positions_in(here, section):
                return each.place == position.place
    return False


@once
def current(here: Here) -> Position | None:
    """The first question without a settled answer; None at the end.

    Shape: a settled answer is passed over without asking whether it still applies, for either way it is not
    what comes next. That, and no generator, make this the quickest way through a long script. What was
    shared already is read back again only when all else is answered.
    """
    answers, seen, again = here.answers, _seen(here), None
    for section in here.script.sections:
        for number, name in seen.each(section):
            for question in section.questions:
                place = place_of(question.id, number) if number else question.id
                answer = answers.get(place)
                is_settled = answer is not None and answer.state not in _UNSETTLED
                if is_settled and (question.kind != "confirm" or not shares(question)):
                    continue
                if question.when and not met(question.when, partial(seen.codes, number)):
                    continue
                if not is_settled:
                    return _unless_more_is_told(here, Position(question, section, place, number, name))
                if again is None and _is_out_of_date(here, place):
                    again = Position(question, section, place, number, name)
    return again and _unless_more_is_told(here, again)


def _unless_more_is_told(here: Here, position: Position) -> Position:
    """This question; if it would share what could not be kept private yet, the one that offers that."""
    if not shares(position.question) or not outline(here.script).private:
        return position
    offers = [each for each in positions(here) if each.question.kind == "private"]
    answers = [(each, here.answers.get(each.place)) for each in offers]
    offered = [answer for _, answer in answers if answer and answer.settled]
    if not offers or all(
        any(_was_offered(here, line, answer) for answer in offered)
        for line in lines(here)
        if line.words and not line.private
    ):
        return position
    return next((each for each, answer in answers if not (answer and answer.settled)), offers[-1])


def _was_offered(here: Here, line: Line, answer: Answer) -> bool:
    """Whether this line was there to be ticked when they chose what to keep private.

    Shape: an answer that does not say what was there has seen all that is older.
    """
    if isinstance(answer.value, dict) and "offered" in answer.value:
        return line.place in answer.value["offered"]
    return here.answers[line.place].seq <= answer.seq


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
    told = (answers.get(each.place) for each in positions(here))
    return any(answer.seq > answers[place].seq for answer in told if answer)


def look(here: Here) -> Look:
    """What a condition sees of the answers to questions that are asked once."""
    return partial(_seen(here).codes, "")


@once
def _seen(here: Here) -> Seen:
    return Seen(outline(here.script), here.answers)


def asked(here: Here, position: Position) -> Asked:
    """The question at a position, ready to be shown or answered."""
    return Asked(
        position.question,
        position.place,
        here,
        here.answers.get(position.place),
        partial(_names, here, position),
        partial(lines, here),
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


@once
def lines(here: Here) -> tuple[Line, ...]:
    """The read-back: every question that has something to show, in order."""
    held = private_places(here)
    return tuple(
        line
        for each in positions(here)
        if is_told(each.question) and (answer := here.answers.get(each.place))
        if (line := _line(here, each, answer, held))
    )


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
    question = position.question
    full = Asked(question, position.place, here, answer, partial(_names, here, position, held))
    words = "" if answer.value is None else KINDS[question.kind].words(full, answer.value)
    is_told = question.label and (
        answer.state is State.UNSURE or (answer.state is State.SKIPPED and not question.optional)
    )
    if not words and not is_told:
        return None
    listed = outline(here.script).questions.get(position.section.for_each)
    return Line(
        position.place,
        full.words(question.label or position.section.title),
        words,
        answer.state,
        full.words(position.section.heading),
        _is_held(question, position.place, held) or _is_held(listed, position.section.for_each, held),
        position.section.part,
        question.share_with,
        question.hushed,
        sent.things(answer.value),
    )


def _is_held(question: Question | None, place: str, held: frozenset[str]) -> bool:
    """Whether this stays with the person; who is kept private is not named by the lines about them either."""
    return question is not None and (question.private or place in held)


def _names(here: Here, position: Position, held: frozenset[str] | None = None) -> Names:
    """What stands for each pair of braces in the words of this question.

    Shape: `held` are the places kept private when others may read the words; nothing stands for those.
    """
    plan, seen = outline(here.script), _seen(here)
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
    value, words, unsaid = sent.without(answer.value) if answer else None, "", ""
    if value is not None:
        full = Asked(question, question.id, here, answer, lambda: known)
        words = KINDS[question.kind].words(full, value)
    if question.kind == "list" and answer:
        words, unsaid = naming.names(answer.value), words
    return words, unsaid or here.say(question.label)
