"""All the engine needs to know of one talk, loaded; and the scripts it follows."""

from collections.abc import Sequence
from dataclasses import replace

from bot.actions import share
from bot.actions.desk import Desk, say_for
from bot.dialog.answers import Answer, Answers
from bot.dialog.kind import Here
from bot.dialog.load import load
from bot.dialog.script import Script
from bot.dialog.talk import Fact
from bot.people import Person
from bot.store import people, scripts, talks
from bot.store.talks import Status, Talk


def scene(desk: Desk, person: Person, talk: Talk) -> Here:
    """The talk as it stands, by the newest script."""
    contact = people.key_contact_of(desk.conn, person)
    answers = talks.latest(desk.conn, talk)
    return Here(
        script=script_of(desk, talk.follows.id),
        answers=answers,
        name=_called(answers, person),
        key_contact=contact.name if contact else person.name,
        say=say_for(person),
        shared=talk.shared,
        stopped=talk.status is Status.STOPPED,
    )


def with_facts(here: Here, facts: Sequence[Fact], at: int, person: Person) -> Here:
    """The same talk, once these facts are kept."""
    if not facts:
        return here
    newest = max((answer.seq for answer in here.answers.values()), default=0)
    new = {fact.place: Answer(fact.state, fact.value, newest + n, at) for n, fact in enumerate(facts, 1)}
    answers = {**here.answers, **new}
    return replace(here, answers=answers, name=_called(answers, person))


def script_of(desk: Desk, number: int) -> Script:
    """The script of this number; its words never change, so they are read once."""
    known = desk.house.scripts
    if number not in known:
        row = scripts.by_id(desk.conn, number)
        assert row is not None, f"no script {number}"
        known[number] = load(row.text, row.name)
    return known[number]


def _called(answers: Answers, person: Person) -> str:
    said = answers.get(share.CALL_ME)
    return share.short_name(said.value if said else None) or person.name
