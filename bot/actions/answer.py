"""A person says something in their talk: load, think, save, in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from bot import wording
from bot.actions import forget, remind, share
from bot.actions.desk import Desk, say_for
from bot.clock import moment
from bot.dialog.answers import Answers
from bot.dialog.engine import step
from bot.dialog.kind import Here
from bot.dialog.load import load
from bot.dialog.path import current
from bot.dialog.script import Script
from bot.dialog.talk import Event, Fact, Heard, Prompt, Said, State, Turn
from bot.people import Person
from bot.store import boxes, people, scripts, talks
from bot.store.talks import Status, Talk

SCRIPT = "first_talk"
CALL_ME = "call_me"  # the answer here is the name the person goes by


def begin(desk: Desk, person: Person, draft: int | None = None) -> None:
    """Start a talk: the first questions."""
    name = draft_name(desk, draft) if draft else SCRIPT
    talk = talks.begin(desk.conn, person.id, name, desk.now, draft)
    here = scene(desk, person, talk)
    _send(desk, person, talk, step(here, None).prompts)
    remind.plan_unfinished(desk, person, talk, is_done=False)


def again(desk: Desk, person: Person) -> None:
    """Pick up where they were."""
    talk = talks.of_person(desk.conn, person.id)
    if talk is None:
        return begin(desk, person)
    here = replace(scene(desk, person, talk), stopped=False)
    if talk.status is Status.STOPPED:
        _resumed(desk, person, talk)
    return _send(desk, person, talk, step(here, None).prompts)


def answer(desk: Desk, person: Person, talk: Talk | None, heard: Heard) -> None:
    """Handle one thing said in a talk."""
    if talk is None:
        return begin(desk, person)
    here = scene(desk, person, talk)
    said = _when_seen(desk, heard)
    turn = step(here, said)
    _keep(desk, person, talk, turn.facts, heard, said)
    after = scene(desk, people.by_id(desk.conn, person.id) or person, talk)
    _send(desk, person, talk, _renamed(turn, here, after, said), heard.message)
    talks.heard(desk.conn, talk.id, desk.now)
    remind.plan_unfinished(desk, person, talk, is_done=current(after) is None)
    for event in turn.events:
        _happen(desk, person, talk, after, event)


def scene(desk: Desk, person: Person, talk: Talk) -> Here:
    """All the engine needs to know of this talk."""
    contact = people.by_id(desk.conn, person.key_contact) if person.key_contact else None
    return Here(
        script=script_of(desk, talk)[0],
        answers=talks.latest(desk.conn, talk.id),
        name=person.name,
        key_contact=contact.name if contact else person.name,
        say=say_for(person),
        shared=talks.last_share(desk.conn, talk.id) is not None,
        stopped=talk.status is Status.STOPPED,
    )


def script_of(desk: Desk, talk: Talk) -> tuple[Script, int | None]:
    """The script a talk follows, and its version: always the newest, for positions are worked out anew."""
    kept = scripts.by_id(desk.conn, talk.draft) if talk.draft else scripts.live(desk.conn, talk.script)
    assert kept is not None, f"no script {talk.script}"
    return _parsed(kept.text, kept.name), kept.version


def draft_name(desk: Desk, draft: int) -> str:
    """The name of a draft's script."""
    kept = scripts.by_id(desk.conn, draft)
    assert kept is not None, f"no draft {draft}"
    return kept.name


@lru_cache(maxsize=64)
def _parsed(text: str, name: str) -> Script:
    return load(text, name)


def _when_seen(desk: Desk, heard: Heard) -> Said:
    """What was said, with whether the newest question was on the screen then."""
    said = heard.said
    unseen = not said.tapped and boxes.unseen(desk.conn, heard.chat, said.at)
    return replace(said, unseen=unseen, at=said.at or int(moment(desk.now).timestamp()))


def _keep(desk: Desk, person: Person, talk: Talk, facts: Sequence[Fact], heard: Heard, said: Said) -> None:
    version = script_of(desk, talk)[1]
    talks.keep(desk.conn, talk.id, facts, said.at * 1000, version, heard.update)
    for fact in facts:
        if fact.place == CALL_ME and fact.state is State.GIVEN and not talk.draft and len(fact.value) <= 60:
            people.call(desk.conn, person.id, " ".join(fact.value.split()))


def _renamed(turn: Turn, here: Here, after: Here, said: Said) -> tuple[Prompt, ...]:
    """The same prompts, with the name the person has just given."""
    if here.name == after.name:
        return turn.prompts
    return step(replace(here, name=after.name), said).prompts


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
    """What an event means beyond the chat; in a try-out it means nothing."""
    if talk.draft:
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


def answers_of(desk: Desk, talk: Talk) -> Answers:
    """What has been said in a talk so far."""
    return talks.latest(desk.conn, talk.id)
