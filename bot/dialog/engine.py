"""One thing said, and what follows: pure; the next question is worked out from the answers, never stored."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from bot import wording
from bot.dialog import asking, choosing
from bot.dialog.answers import Answer
from bot.dialog.asking import ask
from bot.dialog.kind import Given, Here, Open
from bot.dialog.kinds import KINDS
from bot.dialog.path import Position, asked, current, lines, positions
from bot.dialog.talk import Event, Fact, Prompt, Said, Say, State, Turn, length
from bot.errors import NotUnderstood

_TOGETHER = 1  # seconds: two taps, or the parts of one long message, come this close
_LONG = 3500  # UTF-16 units: a phone cuts longer messages in parts

_WITHOUT = {wording.SKIP: State.SKIPPED, wording.NOT_SURE: State.UNSURE}

_WAS_SETTLED = (State.CHANGING, State.GIVEN)  # an answer there before: tell what it is now

Command = Callable[[Here, "Position | None"], Turn]


def step(here: Here, said: Said | None) -> Turn:
    """What follows from one thing the person said; None begins, or picks up where they were.

    Shape: facts in order, then events, then prompts to send. Nothing said is thrown away without a word.
    """
    position = current(here)
    if said is None:
        return Turn(prompts=ask(here, position))
    if here.stopped:
        return _while_stopped(here, position, said)
    if said.thing:
        return Turn(prompts=ask(here, position, _about_a_thing(here, said)))
    if (turn := _came_late(here, position, said)) is not None:
        return turn
    if said.tapped:
        return _tapped(here, position, said)
    if position is None or not _is_an_option(here, position, said):
        if command := _command(here.say, said.text):
            return COMMANDS[command](here, position)
        if (turn := _change_by_name(here, said)) is not None:
            return turn
    return _read(here, position, said) if position else _at_the_end(here, said)


def _read(here: Here, position: Position, said: Said) -> Turn:
    """The reply to the question that is being asked."""
    if asking.can_keep(here, position) and _says(here, said, wording.KEEP_ANSWER):
        return _settle(here, position, Fact(position.place, State.GIVEN, here.answers[position.place].value))
    try:
        reading = KINDS[position.question.kind].read(asked(here, position), said)
    except NotUnderstood as words:
        return Turn(prompts=ask(here, position, str(words)))
    if isinstance(reading, Given):
        return _settle(here, position, Fact(position.place, State.GIVEN, reading.value))
    return _opened(here, position, reading)


def _opened(here: Here, position: Position, reading: Open) -> Turn:
    """A step towards an answer: ask on, or only redraw the ticks."""
    before = here.answers.get(position.place)
    changing = before is not None and before.state is State.CHANGING
    fact = Fact(position.place, State.CHANGING if changing else State.OPEN, reading.value)
    after = _with(here, fact)
    prompts = (asking.redraw(after, position),) if reading.edits else ask(after, position)
    return Turn((fact,), prompts)


def _settle(here: Here, position: Position, fact: Fact) -> Turn:
    """The question is done with; what is next?"""
    after = _with(here, fact)
    code = fact.value.get("code") if isinstance(fact.value, dict) else None
    if position.question.kind == "confirm":
        return _confirmed(after, fact, code)
    if position.question.if_no == "stop" and code == "no":
        return Turn((fact,), (Prompt(here.say(wording.DECLINED), keys=()),), (Event.DECLINED,))
    before = here.answers.get(fact.place)
    is_changed = before is not None and before.value != fact.value and before.state in _WAS_SETTLED
    return Turn((fact,), ask(after, current(after), asking.changed(after, fact.place) if is_changed else ""))


def _confirmed(after: Here, fact: Fact, code: Any) -> Turn:
    if code != "share":
        return Turn((fact,), (asking.end(after, after.say(wording.HELD_BACK)),))
    after = replace(after, shared=True)
    say, name = after.say, {"key_contact": after.key_contact}
    thanks = f"{say(wording.SHARED)}\n{say(wording.AFTER)}".format(**name)
    return Turn((fact,), (asking.end(after, thanks),), (Event.SHARED,))


def _tapped(here: Here, position: Position | None, said: Said) -> Turn:
    """A button under a message: of this question, of an earlier one, or one that opens an answer again."""
    if said.tapped == asking.CHANGE:
        return _change(here, said.asked)
    if position is not None and said.asked == position.place:
        return _read(here, position, said)
    say = here.say
    return Turn(prompts=ask(here, position, f"{say(wording.EARLIER)} {say(wording.EARLIER_CHANGE)}"))


def _came_late(here: Here, position: Position | None, said: Said) -> Turn | None:
    """Words meant for the question before: a second tap, the rest of a long message, or a change of mind."""
    last = _last(here)
    if last is None or (position is not None and position.place == last[0]):
        return None
    place, answer = last
    together = 0 <= said.at - answer.at <= _TOGETHER
    if said.tapped:
        return Turn() if said.asked == place and together and said.tapped != asking.CHANGE else None
    if (command := _command(here.say, said.text)) and not _is_an_option(here, position, said):
        return Turn() if said.unseen and _WITHOUT.get(command) is answer.state else None
    if not (said.unseen or together):
        return None
    at_last = next((p for p in positions(here.script, here.answers) if p.place == place), None)
    if at_last is None:
        return None
    kind, own_words = at_last.question.kind, isinstance(answer.value, str)
    if together and _same_again(here, at_last, answer, said) and not _is_an_option(here, position, said):
        return Turn()
    if kind == "text" and own_words and (said.unseen or length(answer.value) >= _LONG):
        return _add_words(here, at_last, answer, said)
    if said.unseen and _is_an_option(here, at_last, said):
        return _read(here, at_last, said)
    return None


def _add_words(here: Here, position: Position, answer: Answer, said: Said) -> Turn:
    """More words for a text answer: kept with it, and nothing is asked twice."""
    return Turn((Fact(position.place, State.GIVEN, f"{answer.value}\n{said.text.strip()}"),))


def _same_again(here: Here, position: Position, answer: Answer, said: Said) -> bool:
    kind = KINDS[position.question.kind]
    full = asked(here, position)
    try:
        reading = kind.read(replace(full, answer=None), said)
    except NotUnderstood:
        return False
    if not isinstance(reading, Given) or reading.value is None or answer.value is None:
        return isinstance(reading, Given) and reading.value == answer.value
    return (kind.codes(reading.value), kind.words(full, reading.value)) == (
        kind.codes(answer.value),
        kind.words(full, answer.value),
    )


def _last(here: Here) -> tuple[str, Answer] | None:
    """The place that was settled last, and its answer."""
    settled = [(place, answer) for place, answer in here.answers.items() if answer.settled]
    return max(settled, key=lambda pair: pair[1].seq) if settled else None


def _is_an_option(here: Here, position: Position | None, said: Said) -> bool:
    """Whether the words are exactly one of the buttons of this question: those come before any command."""
    if position is None or not said.text.strip():
        return False
    keys = KINDS[position.question.kind].show(asked(here, position)).keys
    return choosing.plain(said.text) in {choosing.plain(key) for key in keys}


def _while_stopped(here: Here, position: Position | None, said: Said) -> Turn:
    going = replace(here, stopped=False)
    command = _command(here.say, said.text)
    if command == wording.CARRY_ON:
        return Turn(prompts=ask(going, position, here.say(wording.WELCOME_BACK)), events=(Event.RESUMED,))
    if command in (wording.STOP_AND_DELETE, wording.PERSON, wording.WHAT_I_SAID):
        return COMMANDS[command](going, position)
    keys = tuple((here.say(w),) for w in (wording.CARRY_ON, wording.PERSON, wording.STOP_AND_DELETE))
    return Turn(prompts=(Prompt(here.say(wording.STOPPED), keys=keys),))


def _at_the_end(here: Here, said: Said) -> Turn:
    place = asking.held_back(here)
    if place and choosing.plain(said.text) == choosing.plain(asking.share_label(here)):
        return _change(here, place)
    return Turn(prompts=(asking.end(here),))


def _about_a_thing(here: Here, said: Said) -> str:
    kept = f"{here.say(wording.THANKS_THING)} {here.say(wording.ONLY_WORDS)}"
    return here.say(wording.EDITED) if said.thing == "edited" else kept


# ---- the buttons every question has


def _skip(here: Here, position: Position | None) -> Turn:
    return _without_words(here, position, State.SKIPPED)


def _not_sure(here: Here, position: Position | None) -> Turn:
    return _without_words(here, position, State.UNSURE)


def _without_words(here: Here, position: Position | None, state: State) -> Turn:
    if position is None:
        return Turn(prompts=(asking.end(here),))
    kind = position.question.kind
    if kind == "consent":
        return Turn(prompts=ask(here, position, here.say(wording.NEED_CONSENT)))
    if kind == "confirm":
        return _settle(here, position, Fact(position.place, State.GIVEN, {"code": "hold"}))
    return _settle(here, position, Fact(position.place, state))


def _why(here: Here, position: Position | None) -> Turn:
    if position is None:
        return Turn(prompts=(asking.end(here),))
    full = asked(here, position)
    words = full.words(position.question.why or wording.NO_WHY)
    return Turn(prompts=ask(here, position, words))


def _example(here: Here, position: Position | None) -> Turn:
    if position is None:
        return Turn(prompts=(asking.end(here),))
    full = asked(here, position)
    examples = [f"• {full.words(example)}" for example in position.question.examples]
    note = "\n".join([here.say(wording.EXAMPLES), *examples]) if examples else here.say(wording.NO_EXAMPLE)
    return Turn(prompts=ask(here, position, note))


def _back(here: Here, position: Position | None) -> Turn:
    """Open the question before this one again, passing over what is only to read."""
    before: list[Position] = []
    for each in positions(here.script, here.answers):
        if position is not None and each.place == position.place:
            break
        if each.question.kind not in ("info", "confirm") and each.place in here.answers:
            before.append(each)
    if not before:
        return Turn(prompts=ask(here, position, here.say(wording.NOTHING_BEFORE)))
    return _change(here, before[-1].place)


def _change(here: Here, place: str) -> Turn:
    """Open the answer at this place again; it stays as it was until a new one is given."""
    position = next((p for p in positions(here.script, here.answers) if p.place == place), None)
    answer = here.answers.get(place)
    if position is None or answer is None:
        return Turn(prompts=ask(here, current(here), here.say(wording.EARLIER)))
    fact = Fact(place, State.CHANGING, answer.value)
    after = _with(here, fact)
    return Turn((fact,), ask(after, position))


def _change_list(here: Here, position: Position | None) -> Turn:
    return Turn(prompts=(asking.to_change(here),))


def _change_by_name(here: Here, said: Said) -> Turn | None:
    """ "change where" opens that line; anything else is no such thing."""
    words = choosing.plain(said.text)
    if not words.startswith("change "):
        return None
    found = [
        line for line in lines(here) if choosing.plain(line.label) == words.removeprefix("change ").strip()
    ]
    return _change(here, found[0].place) if len(found) == 1 else None


def _what_i_said(here: Here, position: Position | None) -> Turn:
    keys = ((here.say(wording.CARRY_ON),), (here.say(wording.CHANGE),))
    if not lines(here):
        return Turn(prompts=ask(here, position, here.say(wording.NOTHING_TO_CHANGE)))
    return Turn(prompts=(asking.read_back(here, "", keys),))


def _help(here: Here, position: Position | None) -> Turn:
    return Turn(prompts=(asking.help_card(here, position),))


def _person(here: Here, position: Position | None) -> Turn:
    told = here.say(wording.PERSON_COMING).format(key_contact=here.key_contact)
    note = f"{told}\n{here.help or here.say(wording.HELP_EMERGENCY)}"
    return Turn(prompts=ask(here, position, note), events=(Event.HELP_WANTED,))


def _pause(here: Here, position: Position | None) -> Turn:
    keys = ((here.say(wording.CARRY_ON),), (here.say(wording.HELP),))
    return Turn(prompts=(Prompt(here.say(wording.PAUSED), keys=keys),))


def _carry_on(here: Here, position: Position | None) -> Turn:
    return Turn(prompts=ask(here, position, here.say(wording.WELCOME_BACK)))


def _stop(here: Here, position: Position | None) -> Turn:
    return Turn(prompts=(asking.stop_card(here),))


def _stop_and_keep(here: Here, position: Position | None) -> Turn:
    keys = ((here.say(wording.CARRY_ON),), (here.say(wording.STOP_AND_DELETE),))
    return Turn(prompts=(Prompt(here.say(wording.STOPPED), keys=keys),), events=(Event.STOPPED,))


def _stop_and_delete(here: Here, position: Position | None) -> Turn:
    return Turn(prompts=(Prompt(here.say(wording.ERASED), keys=()),), events=(Event.ERASED,))


COMMANDS: Mapping[str, Command] = {
    wording.SKIP: _skip,
    wording.NOT_SURE: _not_sure,
    wording.WHY: _why,
    wording.EXAMPLE: _example,
    wording.BACK: _back,
    wording.CHANGE: _change_list,
    wording.WHAT_I_SAID: _what_i_said,
    wording.HELP: _help,
    wording.PERSON: _person,
    wording.PAUSE: _pause,
    wording.CARRY_ON: _carry_on,
    wording.STOP: _stop,
    wording.STOP_AND_KEEP: _stop_and_keep,
    wording.STOP_AND_DELETE: _stop_and_delete,
}


def _command(say: Say, text: str) -> str | None:
    """The button these words stand for, when they are nothing else."""
    return _words_of_commands(say).get(choosing.plain(text)) if len(text) <= 60 else None


@cache
def _words_of_commands(say: Say) -> Mapping[str, str]:
    """Shape: `say` is one of a few functions, one a language."""
    known = {choosing.plain(say(word)): command for command, also in wording.ALSO.items() for word in also}
    return known | {choosing.plain(say(command)): command for command in COMMANDS}


def _says(here: Here, said: Said, words: str) -> bool:
    return choosing.plain(said.text) == choosing.plain(here.say(words))


def _with(here: Here, fact: Fact) -> Here:
    """The same talk with one more fact."""
    seq = 1 + max((a.seq for a in here.answers.values()), default=0)
    return replace(here, answers={**here.answers, fact.place: Answer(fact.state, fact.value, seq)})
