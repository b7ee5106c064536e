"""One thing said, and what follows: pure; the next question is worked out from the answers, never stored."""

from dataclasses import replace

from bot import wording
from bot.dialog import asking, choosing, late
from bot.dialog.asking import ask
from bot.dialog.commands import COMMANDS, meant
from bot.dialog.kind import Given, Here, Open
from bot.dialog.kinds import KINDS
from bot.dialog.moves import change, open_again, settle, with_fact
from bot.dialog.path import Position, asked, current, is_option, lines, offers_last
from bot.dialog.talk import Event, Fact, Prompt, Said, State, Turn
from bot.errors import NotUnderstood


def step(here: Here, said: Said | None) -> Turn:
    """What follows from one thing the person said; None begins, or picks up where they were.

    Shape: facts in order, then events, then prompts to send. Nothing said is thrown away without a word.
    """
    position = current(here)
    if said is None:
        return Turn(prompts=ask(here, position))
    if here.stopped:
        return _while_stopped(here, position, said)
    if said.thing and not said.text.strip():
        return Turn(prompts=ask(here, position, _about_a_thing(here, said)))
    is_for_this = is_option(here, position, said)
    command = None if is_for_this else meant(here.say, said.text)
    if words := late.for_the_one_before(here, position, said, command, is_for_this):
        return _late(here, words, said)
    if said.tapped:
        return _tapped(here, position, said)
    if not is_for_this:
        if command:
            return COMMANDS[command](here, position)
        if (turn := _change_by_name(here, said)) is not None:
            return turn
    return _read(here, position, said) if position else _at_the_end(here, said)


def _read(here: Here, position: Position, said: Said) -> Turn:
    """The reply to a question."""
    if offers_last(here, position):
        if _says(here, said, wording.STILL_YES) or choosing.says(said.text, "yes"):
            return settle(here, position, Fact(position.place, State.GIVEN, here.last[position.place].value))
        if _says(here, said, wording.STILL_NO) or choosing.says(said.text, "no", "change"):
            return open_again(here, position, here.last[position.place].value)
    if asking.can_keep(here, position) and _says(here, said, wording.KEEP_ANSWER):
        return settle(here, position, Fact(position.place, State.GIVEN, here.answers[position.place].value))
    try:
        reading = KINDS[position.question.kind].read(asked(here, position), said)
    except NotUnderstood as words:
        return Turn(prompts=ask(here, position, str(words)))
    if isinstance(reading, Given):
        return settle(here, position, Fact(position.place, State.GIVEN, reading.value))
    return _opened(here, position, reading)


def _opened(here: Here, position: Position, reading: Open) -> Turn:
    """A step towards an answer: ask on, or only redraw the ticks."""
    before = here.answers.get(position.place)
    changing = before is not None and before.state is State.CHANGING
    fact = Fact(position.place, State.CHANGING if changing else State.OPEN, reading.value)
    after = with_fact(here, fact)
    prompts = (asking.redraw(after, position),) if reading.edits else ask(after, position)
    return Turn((fact,), prompts)


def _late(here: Here, words: late.Late, said: Said) -> Turn:
    """Words that were meant for the question before."""
    if words.use is late.Use.AGAIN or words.position is None:
        return Turn()
    if words.use is late.Use.INSTEAD:
        return _read(here, words.position, said)
    place = words.position.place
    return Turn((Fact(place, State.GIVEN, f"{here.answers[place].value}\n{said.text.strip()}"),))


def _tapped(here: Here, position: Position | None, said: Said) -> Turn:
    """A button under a message: of this question, of an earlier one, or one that opens an answer again."""
    if said.tapped == asking.CHANGE:
        return change(here, said.asked)
    if position is not None and said.asked == position.place:
        return _read(here, position, said)
    say = here.say
    return Turn(prompts=ask(here, position, f"{say(wording.EARLIER)} {say(wording.EARLIER_CHANGE)}"))


def _change_by_name(here: Here, said: Said) -> Turn | None:
    """ "change where" opens that line; anything else is no such thing."""
    words = choosing.plain(said.text)
    if not words.startswith("change "):
        return None
    found = [
        line for line in lines(here) if choosing.plain(line.label) == words.removeprefix("change ").strip()
    ]
    return change(here, found[0].place) if len(found) == 1 else None


def _while_stopped(here: Here, position: Position | None, said: Said) -> Turn:
    going = replace(here, stopped=False)
    command = meant(here.say, said.text)
    if command == wording.CARRY_ON:
        return Turn(prompts=ask(going, position, here.say(wording.WELCOME_BACK)), events=(Event.RESUMED,))
    if command in (wording.STOP_AND_DELETE, wording.PERSON, wording.WHAT_I_SAID):
        return COMMANDS[command](going, position)
    keys = tuple((here.say(w),) for w in (wording.CARRY_ON, wording.PERSON, wording.STOP_AND_DELETE))
    return Turn(prompts=(Prompt(here.say(wording.STOPPED), keys=keys),))


def _at_the_end(here: Here, said: Said) -> Turn:
    place = asking.held_back(here)
    if place and choosing.plain(said.text) == choosing.plain(asking.share_label(here)):
        return change(here, place)
    say = here.say
    note = f"{say(wording.END)} {say(wording.END_WRITE)}"
    write = say(wording.WRITE_BACK).format(name=here.key_contact)
    return Turn(prompts=(asking.end(here, note.format(key_contact=here.key_contact, button=write)),))


def _about_a_thing(here: Here, said: Said) -> str:
    kept = f"{here.say(wording.THANKS_THING)} {here.say(wording.ONLY_WORDS)}"
    return here.say(wording.EDITED) if said.thing == "edited" else kept


def _says(here: Here, said: Said, words: str) -> bool:
    return choosing.plain(said.text) == choosing.plain(here.say(words))
