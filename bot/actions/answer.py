"""A person says something in their talk: load, think, save, in one transaction."""

from collections.abc import Sequence
from dataclasses import replace

from bot import wording
from bot.actions import call, forget, menu, offer, remind, share
from bot.actions.desk import Desk, say_for
from bot.actions.scene import is_form, scene, script_of, with_facts
from bot.clock import moment
from bot.dialog.asking import ask
from bot.dialog.engine import step
from bot.dialog.kind import Here
from bot.dialog.path import current
from bot.dialog.talk import Button, Event, Heard, Prompt, Said, State, Turn
from bot.people import Person
from bot.store import people, screen, scripts, talks
from bot.store.letters import SKEW
from bot.store.scripts import StoredScript
from bot.store.talks import Status, Talk

SCRIPT = "first_talk"
_UNSETTLED = (State.OPEN, State.CHANGING)
_LEAVES = {Event.STOPPED, Event.DECLINED, Event.ERASED}


def begin(desk: Desk, person: Person) -> None:
    """Start a talk: the first questions."""
    _begun(desk, person, talks.begin(desk.conn, person, SCRIPT, desk.now))


def try_out(desk: Desk, admin: Person, draft: StoredScript) -> None:
    """Start a talk that follows a draft, on the phone of an admin: all of it, at any stage."""
    _begun(desk, admin, talks.begin(desk.conn, admin, draft.name, desk.now, draft.id, stage=2))


def _begun(desk: Desk, person: Person, talk: Talk) -> None:
    _ask(desk, person, talk, scene(desk, person, talk))
    remind.plan_unfinished(desk, person, talk, is_done=False)


def again(desk: Desk, person: Person) -> None:
    """Pick up where they were."""
    talk = talks.of_person(desk.conn, person.id)
    if talk is None:
        return begin(desk, person)
    here = replace(scene(desk, person, talk), stopped=False)
    if talk.status is Status.STOPPED:
        _resumed(desk, person, talk, here)
    return _ask(desk, person, talk, here)


def brought(desk: Desk, person: Person) -> None:
    """Ask what somebody else has brought them.

    Shape: it answers nothing of theirs; until they can see it, words of theirs are no answer to it. A note
    they had meant to write is not waited for any more: their next words may be for this question.
    """
    people.expect(desk.conn, person.id, "")
    again(replace(desk, key=f"by-{desk.key}"), person)


def goes_on(desk: Desk, person: Person, talk: Talk) -> bool:
    """Whether something is still asked in a talk."""
    return talk.status is not Status.STOPPED and current(scene(desk, person, talk)) is not None


def went_back(desk: Desk, person: Person) -> None:
    """An older copy of the database is in use: ask the question that is next in it.

    Shape: until they can see it, words of theirs are not taken for an answer to it, for they see a newer one.
    """
    talk = talks.of_person(desk.conn, person.id)
    if talk is None or talk.status is Status.STOPPED:
        return
    here = scene(desk, person, talk)
    position = current(here)
    if position is not None:
        talks.heard(desk.conn, talk.id, talk.follows.id, desk.now)
        _send(desk, person, talk, ask(here, position, here.say(wording.WENT_BACK)))


def answer(desk: Desk, person: Person, talk: Talk | None, heard: Heard) -> None:
    """Handle one thing said in a talk.

    Shape: words are read by the script of the question they see, for a newer one may be live by now;
    what comes next is asked by the newest.
    """
    if talk is None:
        return begin(desk, person)
    said, newest, live = _when_seen(desk, talk, heard), scene(desk, person, talk), talk.follows
    seen, version = newest, live.version
    if talk.shown is not None and talk.shown != live.id:
        seen = replace(newest, script=script_of(desk, talk.shown, talk.stage))
        version = scripts.version_of(desk.conn, talk.shown)
    turn = step(seen, said)
    if seen is not newest and not turn.facts and _at_the_same_question(seen, newest):
        seen, turn = newest, step(newest, said)
    talks.keep(desk.conn, talk, turn.facts, said.at * 1000, version, heard.update)
    after = with_facts(newest, turn.facts, person)
    if after.name != seen.name:  # they have just said what they want to be called
        turn = step(replace(seen, name=after.name), said)
    goes_on = seen is newest or any(fact.state not in _UNSETTLED for fact in turn.facts)
    after = after if goes_on else replace(after, script=seen.script)
    prompts = turn.prompts if seen is newest or not goes_on else _going_on(turn, after)
    ends = current(after) is None or _LEAVES & {*turn.events}
    if ends and prompts and is_form(after.script, talk):
        prompts = (*prompts[:-1], replace(prompts[-1], buttons=(), keys=menu.keys(person)))
    _send(desk, person, talk, prompts, heard.message)
    if offer.is_for_nothing(seen, said, turn) and not is_form(after.script, talk):
        offer.make(desk, person, talk, said)
    talks.heard(desk.conn, talk.id, live.id if goes_on else talk.shown, desk.now)
    remind.keep_planned(desk, person, talk, was_done=current(newest) is None, is_done=current(after) is None)
    if turn.events and after.script is not seen.script:
        after = replace(after, script=seen.script)  # what is shared is what they have read, not what is new
    for event in turn.events:
        _happen(desk, person, talk, after, event)


def _at_the_same_question(one: Here, other: Here) -> bool:
    places = [position and position.place for position in (current(one), current(other))]
    return places[0] is not None and places[0] == places[1]


def _going_on(turn: Turn, after: Here) -> tuple[Prompt, ...]:
    """The answer belonged to an older script; the next question comes from the newest."""
    if Event.DECLINED in turn.events or (turn.events and current(after) is None):
        return turn.prompts
    return (*(turn.prompts if turn.events else ()), *step(after, None).prompts)


def _when_seen(desk: Desk, talk: Talk, heard: Heard) -> Said:
    """What was said, with whether the newest question was on the screen then.

    Shape: it was not when these words were sent before we had even worked out the last ones.
    """
    said = heard.said
    too_early = 0 < said.at * 1000 < talk.said_at - SKEW
    unseen = not said.tapped and (too_early or screen.unseen(desk.conn, heard.chat, said.at))
    if unseen:  # it may be there all the same: only asked once more by what is on its way
        settled_by = talks.settled_by(desk.conn, talk.id)
        unseen = not screen.has_seen_reply_to(desk.conn, heard.chat, said.at, settled_by)
    if unseen or not said.at:
        said = replace(said, unseen=unseen, at=said.at or int(moment(desk.now).timestamp()))
    return said


def _ask(desk: Desk, person: Person, talk: Talk, here: Here) -> None:
    """Show where they are, by the newest script."""
    talks.heard(desk.conn, talk.id, talk.follows.id, talk.said_at)
    _send(desk, person, talk, step(here, None).prompts)


def _send(desk: Desk, person: Person, talk: Talk, prompts: Sequence[Prompt], message: int = 0) -> None:
    """Send prompts; their buttons carry the talk they belong to."""
    owned = [_owned(prompt, talk) if prompt.buttons else prompt for prompt in prompts]
    if talk.draft:
        owned = [_with_way_out(prompt, say_for(person)(wording.END_PREVIEW)) for prompt in owned]
    desk.tell(person, *owned, edits=message)


def _owned(prompt: Prompt, talk: Talk) -> Prompt:
    owned = (Button(b.code, b.label, f"{talk.id}/{b.place}", b.ticked) for b in prompt.buttons)
    return replace(prompt, buttons=tuple(owned))


def _with_way_out(prompt: Prompt, label: str) -> Prompt:
    return replace(prompt, keys=(*prompt.keys, (label,))) if prompt.keys else prompt


def _happen(desk: Desk, person: Person, talk: Talk, here: Here, event: Event) -> None:
    """What an event means beyond the chat; in a try-out it means nothing, but it may end it."""
    if event is Event.ASKING:
        return people.expect(desk.conn, person.id, f"ask/{talk.id}")
    if talk.draft:
        if event in (Event.DECLINED, Event.ERASED):
            forget.end_try_out(desk, person)
        return
    people.note(desk.conn, person.id, str(event), person.id, desk.now)
    if is_form(here.script, talk):
        return _in_a_form(desk, person, talk, here, event)
    if event is Event.SHARED:
        share.give(desk, person, talk, here)
    elif event is Event.HELP_WANTED:
        call.for_help(desk, person)
    elif event is Event.STOPPED:
        talks.set_status(desk.conn, talk.id, Status.STOPPED)
        remind.cancel_unfinished(desk, talk)
        desk.tell_key_contact(person, wording.PERSON_STOPPED)
    elif event is Event.RESUMED:
        _resumed(desk, person, talk, here)
    else:
        forget.forget(desk, person, talk, entirely=event is Event.ERASED)


def _in_a_form(desk: Desk, person: Person, talk: Talk, here: Here, event: Event) -> None:
    """What an event means in a form: nobody but the one who fills it in is concerned."""
    if event is Event.HELP_WANTED:
        desk.tell_who_can_help(person, wording.HELP_ASKED)
    elif event is Event.STOPPED:
        talks.set_status(desk.conn, talk.id, Status.STOPPED)
        remind.cancel_unfinished(desk, talk)
    elif event is Event.RESUMED:
        _resumed(desk, person, talk, here)
    elif event in (Event.DECLINED, Event.ERASED):
        forget.form(desk, talk)


def _resumed(desk: Desk, person: Person, talk: Talk, here: Here) -> None:
    """They carry on; their key contact, who was told that they had stopped, hears of that, too."""
    talks.set_status(desk.conn, talk.id, Status.OPEN)
    remind.plan_unfinished(desk, person, replace(talk, status=Status.OPEN), is_done=False)
    if not is_form(here.script, talk):
        desk.tell_key_contact(person, wording.PERSON_RESUMED)
