"""The buttons every question has, and the words that mean the same."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

from bot import wording
from bot.dialog import asking, choosing
from bot.dialog.asking import ask
from bot.dialog.kind import Here
from bot.dialog.kinds import KINDS
from bot.dialog.moves import change, settle, taken
from bot.dialog.outline import Position
from bot.dialog.path import asked, lines, positions, shares
from bot.dialog.talk import Event, Fact, Prompt, Say, State, Turn

Command = Callable[[Here, Position | None], Turn]


def _of_a_question(command: Callable[[Here, Position], Turn]) -> Command:
    """A command about the question that is asked; at the end it says what one can still do."""

    def at(here: Here, position: Position | None) -> Turn:
        return Turn(prompts=(asking.end(here),)) if position is None else command(here, position)

    return at


@_of_a_question
def _skip(here: Here, position: Position) -> Turn:
    return _without_words(here, position, State.SKIPPED)


@_of_a_question
def _not_sure(here: Here, position: Position) -> Turn:
    return _without_words(here, position, State.UNSURE)


def _without_words(here: Here, position: Position, state: State) -> Turn:
    kind = position.question.kind
    if kind == "consent":
        return Turn(prompts=ask(here, position, here.say(wording.NEED_CONSENT)))
    if shares(position.question):
        return settle(here, position, Fact(position.place, State.GIVEN, {"code": "hold"}))
    if (kept := KINDS[kind].show(asked(here, position)).passed) is not None:
        return taken(here, position, kept)
    return settle(here, position, Fact(position.place, state))


@_of_a_question
def _why(here: Here, position: Position) -> Turn:
    full = asked(here, position)
    words = full.words(position.question.why or wording.NO_WHY)
    return Turn(prompts=ask(here, position, words))


@_of_a_question
def _example(here: Here, position: Position) -> Turn:
    full = asked(here, position)
    examples = position.question.examples
    spoken = [f"• {full.words(each.words)}" for each in examples if each.thing is None]
    note = "\n".join([here.say(wording.EXAMPLES), *spoken]) if spoken else ""
    note = note if examples else here.say(wording.NO_EXAMPLE)
    shown = [Prompt(full.words(each.words), thing=each.thing) for each in examples if each.thing]
    return Turn(prompts=(*shown, *ask(here, position, note)))


@_of_a_question
def _easier(here: Here, position: Position) -> Turn:
    if not position.question.easy:
        words = here.say(wording.NO_EASIER).format(key_contact=here.key_contact)
        return Turn(prompts=ask(here, position, words))
    return Turn(prompts=ask(_plainly(here, position.place), position))


def _plainly(here: Here, place: str) -> Here:
    """The same talk in easier words, without what was not understood just now."""
    answer, answers = here.answers.get(place), dict(here.answers)
    if answer and isinstance(answer.value, dict):
        answers[place] = replace(answer, value={k: v for k, v in answer.value.items() if k != "pending"})
    return replace(here, easier=True, answers=answers)


@_of_a_question
def _tip(here: Here, position: Position) -> Turn:
    tip = asking.tip(here, position) or here.say(wording.NO_TIP)
    return Turn(prompts=ask(here, position, "" if asking.gives_tip(here, position) else tip))


def _about(here: Here, position: Position | None) -> Turn:
    """What they were told at the start, again."""
    told = []
    for each in positions(here):
        if each.question.kind not in ("info", "consent"):
            break
        if each.question.kind == "info":
            told.append(Prompt(asked(here, each).ask))
    return Turn(prompts=(*told, *ask(here, position)))


def _ask(here: Here, position: Position | None) -> Turn:
    words = here.say(wording.ASK_NOW).format(key_contact=here.key_contact)
    keys = ((here.say(wording.NEVER_MIND),),)
    return Turn(prompts=(Prompt(words, keys=keys),), events=(Event.ASKING,))


def _back(here: Here, position: Position | None) -> Turn:
    """Open the question before this one again, passing over what is only to read."""
    before: list[Position] = []
    for each in positions(here):
        if position is not None and each.place == position.place:
            break
        if each.question.kind not in ("info", "confirm") and each.place in here.answers:
            before.append(each)
    if not before:
        return Turn(prompts=ask(here, position, here.say(wording.NOTHING_BEFORE)))
    return change(here, before[-1].place)


def _change_list(here: Here, position: Position | None) -> Turn:
    """At the read-back of one part, its answers at once; else the parts come first."""
    part = position.section.part if position and position.question.reads_back else ""
    own = {line.heading: line.place for line in lines(here) if part and line.part == part}
    return Turn(prompts=asking.to_change(here, own.popitem()[1] if len(own) == 1 else ""))


def _what_i_said(here: Here, position: Position | None) -> Turn:
    keys = ((here.say(wording.CARRY_ON),), (here.say(wording.CHANGE),))
    if not lines(here):
        return Turn(prompts=ask(here, position, here.say(wording.NOTHING_TO_CHANGE)))
    return Turn(prompts=(asking.read_back(here, "", keys), *asking.played(here)))


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
    return Turn(prompts=asking.welcome_back(here, position))


def _stop(here: Here, position: Position | None) -> Turn:
    return Turn(prompts=(asking.stop_card(here),))


def _stop_and_keep(here: Here, position: Position | None) -> Turn:
    keys = ((here.say(wording.CARRY_ON),), (here.say(wording.STOP_AND_DELETE),))
    return Turn(prompts=(Prompt(here.say(wording.STOPPED), keys=keys),), events=(Event.STOPPED,))


def _stop_and_delete(here: Here, position: Position | None) -> Turn:
    """Nobody can get it back, so it is asked once."""
    choices = (wording.CARRY_ON, wording.STOP_AND_KEEP, wording.DELETE_YES)
    keys = tuple((here.say(each),) for each in choices)
    return Turn(prompts=(Prompt(here.say(wording.DELETE_SURE), keys=keys),))


def _delete(here: Here, position: Position | None) -> Turn:
    return Turn(prompts=(Prompt(here.say(wording.ERASED), keys=()),), events=(Event.ERASED,))


COMMANDS: Mapping[str, Command] = {
    wording.SKIP: _skip,
    wording.NOT_SURE: _not_sure,
    wording.WHY: _why,
    wording.EXAMPLE: _example,
    wording.EASIER: _easier,
    wording.TIP: _tip,
    wording.ABOUT: _about,
    wording.ASK: _ask,
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
    wording.DELETE_YES: _delete,
}


def meant(say: Say, text: str) -> str | None:
    """The button these words stand for, when they are nothing else."""
    return _words_of_commands(say).get(choosing.plain(text)) if len(text) <= 60 else None


@cache
def _words_of_commands(say: Say) -> Mapping[str, str]:
    """Shape: `say` is one of a few functions, one a language."""
    known = {choosing.plain(say(word)): command for command, also in wording.ALSO.items() for word in also}
    return known | {choosing.plain(say(command)): command for command in COMMANDS}
