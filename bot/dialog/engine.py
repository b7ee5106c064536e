"""One thing said, and what follows: pure; the next question is worked out from the answers, never stored."""

from dataclasses import replace

from bot import wording
from bot.dialog import asking, choosing, late, sent
from bot.dialog.answers import with_facts
from bot.dialog.asking import ask
from bot.dialog.commands import COMMANDS, meant
from bot.dialog.kind import Here
from bot.dialog.kinds import KINDS
from bot.dialog.moves import change, open_again, settle, taken, with_fact
from bot.dialog.outline import Position
from bot.dialog.path import asked, current, is_option, lines, offers_last
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
    if said.thing:
        return _sent(here, position, said)
    return _said(here, position, said)


def _said(here: Here, position: Position | None, said: Said) -> Turn:
    """Words, or a button."""
    is_for_this = is_option(here, position, said)
    command = None if is_for_this or _is_read(here, position, said) else meant(here.say, said.text)
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


def _is_read(here: Here, position: Position | None, said: Said) -> bool:
    """Whether these words say that they have read what stands there: "go on" then means the next."""
    if position is None or position.question.kind != "info" or _says(here, said, wording.CARRY_ON):
        return False
    try:
        KINDS[position.question.kind].read(asked(here, position), said)
    except NotUnderstood:
        return False
    return not said.tapped


def after(here: Here, turn: Turn, at: int) -> Here:
    """The same talk, once what follows from a turn is kept.

    Units: `at` is whole seconds since 1970.
    """
    gone = Event.ERASED in turn.events or Event.DECLINED in turn.events
    return replace(
        here,
        answers={} if gone else with_facts(here.answers, turn.facts, at),
        shared=here.shared or Event.SHARED in turn.events,
        stopped=(here.stopped or Event.STOPPED in turn.events) and Event.RESUMED not in turn.events,
    )


def _read(here: Here, position: Position, said: Said) -> Turn:
    """The reply to a question."""
    if offers_last(here, position):
        if _is_one_of(here, said, wording.STILL_YES, wording.STILL_YES_TYPED):
            return settle(here, position, Fact(position.place, State.GIVEN, here.last[position.place].value))
        if _is_one_of(here, said, wording.STILL_NO, wording.STILL_NO_TYPED):
            return open_again(here, position, here.last[position.place].value)
    if position.question.still_right and position.place in here.last and _says(here, said, wording.STILL_NO):
        return Turn(prompts=ask(here, position))  # tapped once more: it is open already
    keep = (wording.KEEP_ANSWER, *((wording.STILL_YES,) if position.question.still_right else ()))
    if asking.can_keep(here, position) and any(_says(here, said, words) for words in keep):
        return settle(here, position, Fact(position.place, State.GIVEN, here.answers[position.place].value))
    try:
        reading = KINDS[position.question.kind].read(asked(here, position), said)
    except NotUnderstood as words:
        return Turn(prompts=ask(here, position, str(words)))
    return taken(here, position, reading, sent.kept(here.say, said))


def _late(here: Here, words: late.Late, said: Said) -> Turn:
    """Words that were meant for the question before."""
    if words.use is late.Use.AGAIN or words.position is None:
        return Turn()
    if words.use is late.Use.INSTEAD:
        return _read(here, words.position, said)
    if words.use is late.Use.CROSSED:
        return Turn(prompts=ask(here, current(here), here.say(wording.CROSSED)))
    place, say = words.position.place, here.say
    value = here.answers[place].value
    more = sent.added(value, said) if said.file else sent.more_words(value, said.text.strip())
    fact = Fact(place, State.GIVEN, more)
    if words.use is late.Use.MORE:
        return Turn((fact,))
    now = with_fact(here, fact)
    label = asked(now, words.position).words(words.position.question.label)
    note = f"{sent.kept(say, said)} {say(wording.KEPT_BEFORE).format(label=label)}"
    return Turn((fact,), ask(now, current(now), note))


def _tapped(here: Here, position: Position | None, said: Said) -> Turn:
    """A button under a message: of this question, of an earlier one, or one that opens an answer again."""
    if said.tapped == asking.CHANGE:
        return change(here, said.asked)
    if said.tapped == asking.GROUP:
        return Turn(prompts=asking.to_change(here, said.asked))
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
        return Turn(prompts=asking.welcome_back(going, position), events=(Event.RESUMED,))
    if command in (wording.STOP_AND_DELETE, wording.DELETE_YES, wording.PERSON, wording.WHAT_I_SAID):
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


def _sent(here: Here, position: Position | None, said: Said) -> Turn:
    """Something that is not words, perhaps with words."""
    if more := late.thing_for_the_one_before(here, position, said):
        return _late(here, more, said)
    if position and sent.is_welcome(position.question, said):
        return _read(here, position, said)
    if not said.text.strip():
        return Turn(prompts=ask(here, position, _about_a_thing(here, position, said)))
    turn = _said(here, position, replace(said, thing="", file=""))
    note = Prompt(here.say(wording.WORDS_WITHOUT))
    return replace(turn, prompts=(note, *turn.prompts)) if turn.facts and not said.point else turn


def _about_a_thing(here: Here, position: Position | None, said: Said) -> str:
    kept = f"{here.say(wording.THANKS_THING)} {sent.only(here.say, position.question if position else None)}"
    return here.say(wording.EDITED) if said.thing == "edited" else kept


def _is_one_of(here: Here, said: Said, label: str, typed: str) -> bool:
    return choosing.stands_for(said.text, here.say(label), here.say(typed))


def _says(here: Here, said: Said, words: str) -> bool:
    return choosing.plain(said.text) == choosing.plain_label(here.say(words))
