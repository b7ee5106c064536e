"""Words meant for the question before: a second tap, more of a long message, a change of mind."""

from dataclasses import dataclass, replace
from enum import Enum

from bot import wording
from bot.dialog import asking, choosing, sent
from bot.dialog.answers import Answer
from bot.dialog.kind import Given, Here, Open
from bot.dialog.kinds import KINDS
from bot.dialog.outline import Position
from bot.dialog.path import asked, is_option, position_at
from bot.dialog.talk import CUT, Said, State, length
from bot.errors import NotUnderstood

_TOGETHER = 1  # seconds: two taps, or the parts of one long message, come this close
_SPEAKING = 300  # seconds: a second voice, begun when the first was sent, comes this soon
_WITHOUT = {wording.SKIP: State.SKIPPED, wording.NOT_SURE: State.UNSURE}
_OPENING = (asking.CHANGE, asking.GROUP)


class Use(Enum):
    """What late words are."""

    AGAIN = "the same tap again: nothing to do"
    MORE = "more of that answer: words, or something sent"
    AFTER = "something sent once the next question stood there, which takes none"
    INSTEAD = "another answer to that question"
    CROSSED = "no answer to that question, and written before the next could be seen"


@dataclass(frozen=True, slots=True)
class Late:
    """Words for a question that is settled already."""

    use: Use
    position: Position | None = None


def for_the_one_before(
    here: Here, position: Position | None, said: Said, command: str | None, is_for_this: bool
) -> Late | None:
    """What these words are to the question that was settled last; None when they are for this one.

    Shape: `is_for_this` is true when they are exactly a button of the question being asked.
    """
    last = _last(here)
    if last is None:
        return None if command or here.answers else _crossed(position, said, is_for_this)
    if position is not None and position.place == last[0]:
        return None
    place, answer = last
    passed = said.at - answer.at
    if said.tapped:
        is_again = said.asked == place and 0 <= passed <= _TOGETHER and said.tapped not in _OPENING
        return Late(Use.AGAIN) if is_again else None
    if command:
        is_again = (said.unseen or passed == 0) and _WITHOUT.get(command) is answer.state
        is_again = is_again or (said.unseen and command in _WITHOUT and _was_passed(here, place, answer))
        return Late(Use.AGAIN) if is_again else None
    if not (said.unseen or 0 <= passed <= _TOGETHER):
        return None
    at_last = position_at(here, place)
    return (
        _words(here, at_last, answer, said, is_for_this) if at_last else _crossed(position, said, is_for_this)
    )


def _crossed(position: Position | None, said: Said, is_for_this: bool) -> Late | None:
    """Words from before this question could be seen, with none before it that they could be for."""
    return Late(Use.CROSSED, position) if said.unseen and position and not is_for_this else None


def thing_for_the_one_before(here: Here, position: Position | None, said: Said) -> Late | None:
    """What a voice, a photo or a file is to the question that was settled last; None when it is for this one.

    Shape: the next one of several belongs to the first. One that came later does so only when that answer
    has some already, and the question being asked takes none.
    """
    last = _last(here) if said.file else None
    if last is None or (position is not None and position.place == last[0]):
        return None
    place, answer = last
    at_last = position_at(here, place)
    things = sent.things(answer.value)
    if at_last is None or answer.value is None or not sent.is_welcome(at_last.question, said):
        return None
    passed = said.at - answer.at
    is_at_once = said.unseen or 0 <= passed <= _TOGETHER
    if said.file in [each.file for each in things]:
        return Late(Use.AGAIN) if is_at_once and not said.text.strip() else None
    if len(things) >= sent.MOST or not (is_at_once or 0 <= passed <= _SPEAKING):
        return None
    if is_at_once:
        return Late(Use.MORE, at_last)
    is_for_this = position is not None and sent.is_welcome(position.question, said)
    return Late(Use.AFTER, at_last) if things and not is_for_this else None


def _words(here: Here, at_last: Position, answer: Answer, said: Said, is_for_this: bool) -> Late | None:
    may_be_again = said.unseen or 0 <= said.at - answer.at <= _TOGETHER
    if (said.unseen or not is_for_this) and _still_right_again(here, at_last, answer, said):
        return Late(Use.AGAIN)
    if may_be_again and not is_for_this and _same_again(here, at_last, answer, said):
        return Late(Use.AGAIN)
    is_text = at_last.question.kind == "text" and answer.value is not None
    if is_text and not is_for_this and (said.unseen or length(sent.words_of(answer.value)) >= CUT):
        return Late(Use.MORE, at_last)
    if not said.unseen or (is_for_this and not is_option(here, at_last, said)):
        return None
    return Late(Use.INSTEAD if _read(here, at_last, said) else Use.CROSSED, at_last)


def _was_passed(here: Here, place: str, answer: Answer) -> bool:
    """Whether a question keeps just this when it is passed over."""
    at_last = position_at(here, place)
    passed = at_last and KINDS[at_last.question.kind].show(asked(here, at_last)).passed
    return isinstance(passed, Given) and passed.value == answer.value


def _still_right_again(here: Here, position: Position, answer: Answer, said: Said) -> bool:
    """Whether this is the button once more that kept the answer of last time."""
    last = here.last.get(position.place) if position.question.still_right else None
    is_kept = last is not None and last.value == answer.value
    return is_kept and choosing.says(said.text, here.say(wording.STILL_YES))


def _same_again(here: Here, position: Position, answer: Answer, said: Said) -> bool:
    kind, full = KINDS[position.question.kind], asked(here, position)
    if isinstance(answer.value, dict) and choosing.says(said.text, str(answer.value.get("words", ""))):
        return bool(said.text.strip())
    reading = _read(here, position, said)
    if not isinstance(reading, Given) or reading.value is None or answer.value is None:
        return isinstance(reading, Given) and reading.value == answer.value
    return (kind.codes(reading.value), kind.words(full, reading.value)) == (
        kind.codes(answer.value),
        kind.words(full, answer.value),
    )


def _read(here: Here, position: Position, said: Said) -> Given | Open | None:
    """What these words are as a first answer to that question; None when they are none."""
    try:
        return KINDS[position.question.kind].read(replace(asked(here, position), answer=None), said)
    except NotUnderstood:
        return None


def _last(here: Here) -> tuple[str, Answer] | None:
    """The place that was settled last, and its answer."""
    newest, last = -1, None
    for place, answer in reversed(list(here.answers.items())):  # mostly the newest comes first then
        if answer.seq > newest and answer.settled:
            newest, last = answer.seq, (place, answer)
    return last
