"""What an answer leads to: settling a question, opening it again."""

from dataclasses import replace
from typing import Any

from bot import wording
from bot.dialog import asking
from bot.dialog.answers import Answer
from bot.dialog.asking import ask
from bot.dialog.kind import Given, Here, Open
from bot.dialog.outline import Position
from bot.dialog.path import current, position_at, shares
from bot.dialog.talk import Event, Fact, Prompt, State, Turn

_NEWEST = 2**62  # greater than any number a database counts to
_WAS_SETTLED = (State.CHANGING, State.GIVEN)  # an answer there before: tell what it is now


def taken(here: Here, position: Position, reading: Given | Open, note: str = "") -> Turn:
    """What a kind has made of a reply: an answer, or a step towards one.

    Shape: `note` goes before what is asked next.
    """
    if isinstance(reading, Given):
        return settle(here, position, Fact(position.place, State.GIVEN, reading.value), note)
    before = here.answers.get(position.place)
    changing = before is not None and before.state is State.CHANGING
    fact = Fact(position.place, State.CHANGING if changing else State.OPEN, reading.value)
    after = with_fact(here, fact)
    prompts = (asking.redraw(after, position),) if reading.edits else ask(after, position, note)
    return Turn((fact,), prompts)


def settle(here: Here, position: Position, fact: Fact, note: str = "") -> Turn:
    """The question is done with; what is next?

    Shape: `note` goes before it.
    """
    after = with_fact(here, fact)
    code = fact.value.get("code") if isinstance(fact.value, dict) else None
    if shares(position.question):
        return _confirmed(after, fact, code)
    if position.question.if_no == "stop" and code == "no":
        return Turn((fact,), (Prompt(here.say(wording.DECLINED), keys=()),), (Event.DECLINED,))
    before = here.answers.get(fact.place)
    is_changed = before is not None and before.value != fact.value and before.state in _WAS_SETTLED
    note = asking.changed(after, fact.place) if is_changed else note
    return Turn((fact,), ask(after, current(after), note))


def _confirmed(after: Here, fact: Fact, code: Any) -> Turn:
    """All was read back: it is shared or not, and what may be asked beyond that comes next."""
    if code != "share":
        held = wording.HELD_CHANGES if after.shared else wording.HELD_BACK
        return Turn((fact,), ask(after, current(after), after.say(held)))
    after = replace(after, shared=True)
    say, name = after.say, {"key_contact": after.key_contact}
    thanks = say(wording.SHARED).format(**name)
    if after.script.audience == "person" and not after.script.given:  # else something is agreed already
        thanks = f"{thanks}\n{say(wording.AFTER)}".format(**name)
    return Turn((fact,), ask(after, current(after), thanks), (Event.SHARED,))


def change(here: Here, place: str) -> Turn:
    """Open the answer at this place again; it stays as it was until a new one is given."""
    position = position_at(here, place)
    answer = here.answers.get(place)
    if position is None or answer is None:
        return Turn(prompts=ask(here, current(here), here.say(wording.EARLIER)))
    return open_again(here, position, answer.value)


def open_again(here: Here, position: Position, value: Any) -> Turn:
    """Ask once more, with what was said before at hand.

    Shape: an earlier answer that was opened, too, stays as it was; else the next words would change that one.
    """
    fact = Fact(position.place, State.CHANGING, value)
    after, kept = with_fact(here, fact), tuple[Fact, ...]()
    first = current(after)
    if first and first.place != position.place and asking.can_keep(after, first):
        kept = (Fact(first.place, State.GIVEN, after.answers[first.place].value),)
        after = with_fact(after, kept[0])
    return Turn((*kept, fact), ask(after, current(after)))


def with_fact(here: Here, fact: Fact) -> Here:
    """The same talk with one more fact, newer than all others; the same again for whoever keeps the fact."""
    known = here.found.get(with_fact)
    if known is None or known[0] is not fact:
        answers = {**here.answers, fact.place: Answer(fact.state, fact.value, _NEWEST)}
        here.found[with_fact] = known = fact, replace(here, answers=answers)
    after: Here = known[1]
    return after
