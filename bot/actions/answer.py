"""A person says something in their talk: load, think, save, in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from bot import wording
from bot.actions import forget, remind, share
from bot.actions.desk import Desk, say_for
from bot.clock import moment
from bot.dialog.engine import step
from bot.dialog.kind import Here
from bot.dialog.load import load
from bot.dialog.path import current
from bot.dialog.script import Script
from bot.dialog.talk import Event, Fact, Heard, Prompt, Said, State, Turn
from bot.people import Person
from bot.store import outgoing, people, scripts, talks
from bot.store.scripts import StoredScript
from bot.store.talks import Status, Talk

SCRIPT = "first_talk"
SKEW = 2000
"""Units: milliseconds our clock may be ahead of Telegram's."""


def begin(desk: Desk, person: Person, draft: int | None = None) -> None:
    """Start a talk: the first questions."""
    name = draft_name(desk, draft) if draft else SCRIPT
    talk = talks.begin(desk.conn, person.id, name, desk.now, draft)
    _ask(desk, person, talk, scene(desk, person, talk))
    remind.plan_unfinished(desk, person, talk, is_done=False)


def again(desk: Desk, person: Person) -> None:
    """Pick up where they were."""
    talk = talks.of_person(desk.conn, person.id)
    if talk is None:
        return begin(desk, person)
    here = replace(scene(desk, person, talk), stopped=False)
    if talk.status is Status.STOPPED:
        _resumed(desk, person, talk)
    return _ask(desk, person, talk, here)


def answer(desk: Desk, person: Person, talk: Talk | None, heard: Heard) -> None:
    """Handle one thing said in a talk."""
    if talk is None:
        return begin(desk, person)
    said, newest = _when_seen(desk, talk, heard), scene(desk, person, talk)
    here, turn = _turn(desk, talk, newest, said)
    _keep(desk, person, talk, turn.facts, heard, said)
    after = scene(desk, people.by_id(desk.conn, person.id) or person, talk)
    prompts = _renamed(turn, here, after, said)
    if here.script is newest.script or any(fact.state not in _OPEN for fact in turn.facts):
        prompts = prompts if here.script is newest.script else _going_on(turn, after)
        _is_shown(desk, talk)
    else:
        after = replace(after, script=here.script)
    _send(desk, person, talk, prompts, heard.message)
    talks.heard(desk.conn, talk.id, desk.now)
    remind.plan_unfinished(desk, person, talk, is_done=current(after) is None)
    for event in turn.events:
        _happen(desk, person, talk, after, event)


_OPEN = (State.OPEN, State.CHANGING)


def _turn(desk: Desk, talk: Talk, newest: Here, said: Said) -> tuple[Here, Turn]:
    """What follows, by the script of the question they see: words are never read as another one's answer."""
    kept = scripts.by_id(desk.conn, talk.shown) if talk.shown else None
    here = replace(newest, script=_parsed(kept.text, kept.name)) if kept else newest
    turn = step(here, said)
    if here.script is newest.script or turn.facts:
        return here, turn
    seen, following = current(here), current(newest)
    is_same = seen is not None and following is not None and seen.place == following.place
    return (newest, step(newest, said)) if is_same else (here, turn)


def _going_on(turn: Turn, after: Here) -> tuple[Prompt, ...]:
    """The answer belonged to an older script; the next question comes from the newest."""
    if Event.DECLINED in turn.events or (turn.events and current(after) is None):
        return turn.prompts
    return (*(turn.prompts if turn.events else ()), *step(after, None).prompts)


def scene(desk: Desk, person: Person, talk: Talk) -> Here:
    """All the engine needs to know of this talk."""
    contact = people.key_contact_of(desk.conn, person)
    kept, answers = script_row(desk, talk), talks.latest(desk.conn, talk.id)
    called = answers.get(share.CALL_ME)
    return Here(
        script=_parsed(kept.text, kept.name),
        answers=answers,
        name=share.short_name(called.value if called else None) or person.name,
        key_contact=contact.name if contact else person.name,
        say=say_for(person),
        shared=talks.last_share(desk.conn, talk.id) is not None,
        stopped=talk.status is Status.STOPPED,
    )


def script_row(desk: Desk, talk: Talk) -> StoredScript:
    """The script a talk follows: always the newest, for positions are worked out anew."""
    kept = scripts.by_id(desk.conn, talk.draft) if talk.draft else scripts.live(desk.conn, talk.script)
    assert kept is not None, f"no script {talk.script}"
    return kept


def draft_name(desk: Desk, draft: int) -> str:
    """The name of a draft's script."""
    kept = scripts.by_id(desk.conn, draft)
    assert kept is not None, f"no draft {draft}"
    return kept.name


@lru_cache(maxsize=64)
def _parsed(text: str, name: str) -> Script:
    return load(text, name)


def _when_seen(desk: Desk, talk: Talk, heard: Heard) -> Said:
    """What was said, with whether the newest question was on the screen then.

    Shape: it was not when these words were sent before we had even worked out the last ones.
    """
    said = heard.said
    too_early = 0 < said.at * 1000 < talk.said_at - SKEW
    unseen = not said.tapped and (too_early or outgoing.unseen(desk.conn, heard.chat, said.at))
    return replace(said, unseen=unseen, at=said.at or int(moment(desk.now).timestamp()))


def _keep(desk: Desk, person: Person, talk: Talk, facts: Sequence[Fact], heard: Heard, said: Said) -> None:
    version = script_row(desk, talk).version
    talks.keep(desk.conn, talk.id, facts, said.at * 1000, version, heard.update)


def _renamed(turn: Turn, here: Here, after: Here, said: Said) -> tuple[Prompt, ...]:
    """The same prompts, with the name the person has just given."""
    if here.name == after.name:
        return turn.prompts
    return step(replace(here, name=after.name), said).prompts


def _ask(desk: Desk, person: Person, talk: Talk, here: Here) -> None:
    """Show where they are, by the newest script."""
    _is_shown(desk, talk)
    _send(desk, person, talk, step(here, None).prompts)


def _is_shown(desk: Desk, talk: Talk) -> None:
    number = script_row(desk, talk).id
    if number != talk.shown:
        talks.show(desk.conn, talk.id, number)


def _send(desk: Desk, person: Person, talk: Talk, prompts: Sequence[Prompt], message: int = 0) -> None:
    """Send prompts; their buttons carry the talk they belong to."""
    owned = [
        replace(prompt, buttons=tuple(replace(b, place=f"{talk.id}/{b.place}") for b in prompt.buttons))
        for prompt in prompts
    ]
    if talk.draft:
        owned = [_with_way_out(prompt, say_for(person)(wording.END_PREVIEW)) for prompt in owned]
    desk.tell(person, *owned, edits=message)


def _with_way_out(prompt: Prompt, label: str) -> Prompt:
    return replace(prompt, keys=(*prompt.keys, (label,))) if prompt.keys else prompt


def _happen(desk: Desk, person: Person, talk: Talk, here: Here, event: Event) -> None:
    """What an event means beyond the chat; in a try-out it means nothing, but it may end it."""
    if talk.draft:
        if event in (Event.DECLINED, Event.ERASED):
            forget.end_try_out(desk, person)
        return
    people.note(desk.conn, person.id, str(event), person.id, desk.now)
    if event is Event.SHARED:
        share.give(desk, person, talk, here)
    elif event is Event.HELP_WANTED:
        share.tell_key_contact(desk, person, wording.HELP_ASKED)
    elif event is Event.STOPPED:
        talks.set_status(desk.conn, talk.id, Status.STOPPED)
        remind.cancel_unfinished(desk, talk)
        share.tell_key_contact(desk, person, wording.PERSON_STOPPED)
    elif event is Event.RESUMED:
        _resumed(desk, person, talk)
    else:
        forget.forget(desk, person, talk, entirely=event is Event.ERASED)


def _resumed(desk: Desk, person: Person, talk: Talk) -> None:
    talks.set_status(desk.conn, talk.id, Status.OPEN)
    remind.plan_unfinished(desk, person, replace(talk, status=Status.OPEN), is_done=False)
