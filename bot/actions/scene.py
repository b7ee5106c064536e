"""All the engine needs to know of one talk, loaded; and the scripts it follows."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from bot import wording
from bot.actions import shelf
from bot.actions.desk import Desk, say_for
from bot.dialog.answers import Answer, Answers, parts
from bot.dialog.box import Box
from bot.dialog.kind import Here
from bot.dialog.load import load_box
from bot.dialog.moves import with_fact
from bot.dialog.naming import goes_by
from bot.dialog.outline import outline
from bot.dialog.script import Script
from bot.dialog.talk import Fact, Say
from bot.i18n import sayer
from bot.people import Person
from bot.store import many, people, scripts, talks
from bot.store.talks import Status, Talk

FORMS = ("key_contact", "team", "practitioner")
"""Whom a script asks that is a form: those who work here."""

CALL_ME = "call_me"
"""Where the name stands that somebody goes by."""

_LONGEST_NAME = 60


def scene(desk: Desk, person: Person, talk: Talk) -> Here:
    """The talk as it stands, by the newest script."""
    contact = people.key_contact_of(desk.conn, person)
    script = script_of(desk, talk.follows.id, talk.stage)
    answers = talks.latest(desk.conn, talk)
    known = answers.pop(shelf.GIVEN, None)
    return Here(
        script=script,
        answers=answers,
        name=_called(answers, person),
        key_contact=contact.name if contact else person.name,
        say=form_sayer(person.language) if is_form(script, talk) else say_for(person),
        shared=talk.shared,
        stopped=talk.status is Status.STOPPED,
        zone=person.zone,
        last=_last(desk, talk, script),
        given=known.value if known else script.given if talk.draft else {},
    )


def is_form(script: Script, talk: Talk) -> bool:
    """Whether this is no talk about themselves, but a form somebody of the staff fills in."""
    return not talk.draft and script.audience in FORMS


@cache
def form_sayer(language: str) -> Say:
    """Words for staff who fill in a form: nothing of it is sent to anybody.

    Shape: always the same function for a language, so that it can be a key.
    """
    say = sayer(language)
    return lambda words: say(_IN_A_FORM.get(words, words))


_IN_A_FORM = {
    wording.SHARE: wording.FORM_KEEP,
    wording.SHARE_CHANGES: wording.FORM_KEEP,
    wording.SHARED: wording.FORM_KEPT,
    wording.AFTER: "",
    wording.NOTHING_SENT: "",
    wording.HELD_BACK: wording.FORM_HELD,
    wording.HELD_CHANGES: wording.FORM_HELD,
    wording.DELETE_SURE: wording.FORM_DELETE_SURE,
    wording.ERASED: wording.FORM_ERASED,
    wording.END_WRITE: "",
    wording.PERSON_COMING: wording.FORM_PERSON,
    wording.HELP_WORDS: wording.FORM_HELP,
}


def _last(desk: Desk, talk: Talk, script: Script) -> Answers:
    """What they said in talks before this one, when a question asks whether it is still right.

    Shape: only where it is still the same kind of question there.
    """
    asks = outline(script).still_right
    if not asks or talk.draft or is_form(script, talk):  # a form may be about somebody else each time
        return {}
    found: dict[str, Answer] = {}
    for name, place, answer in many.before(desk.conn, talk):
        question, _ = parts(place)
        if question in asks and _kinds(desk, name).get(question) == asks[question]:
            found[place] = answer
    return found


def _kinds(desk: Desk, name: str) -> dict[str, str]:
    kept = scripts.live(desk.conn, name)
    script = script_of(desk, kept.id, 2) if kept else None
    return {question.id: question.kind for question in script.questions} if script else {}


def with_facts(here: Here, facts: Sequence[Fact], person: Person) -> Here:
    """The same talk, once these facts are kept."""
    for fact in facts:
        here = with_fact(here, fact)
    is_named = any(fact.place == CALL_ME for fact in facts)
    return replace(here, name=_called(here.answers, person)) if is_named else here


def script_of(desk: Desk, number: int, stage: int = 1) -> Script:
    """The script of this number, up to that stage; its words never change, so they are read once."""
    known = desk.house.scripts
    if (number, stage) in known:
        return known[number, stage]
    row = scripts.by_id(desk.conn, number)
    assert row is not None, f"no script {number}"
    script = shelf.opened(desk.conn, row.text, row.name, stage)
    if row.version is not None:  # the draft of a set takes the scripts of the moment
        known[number, stage] = script
    return script


def box(desk: Desk) -> Box:
    """The answers of the team in use; they are read once."""
    live = scripts.live(desk.conn, shelf.BOX)
    if live is None:
        return Box()
    known = desk.house.boxes
    if live.id not in known:
        known[live.id] = load_box(live.text, shelf.BOX)
    return known[live.id]


def short_name(said: object, say: Say) -> str:
    """What somebody wants to be called, when it is short enough to be a name; else ""."""
    name = goes_by(said, say) if isinstance(said, str) else ""
    return name if len(name) <= _LONGEST_NAME else ""


def _called(answers: Answers, person: Person) -> str:
    said = answers.get(CALL_ME)
    return short_name(said.value if said else None, say_for(person)) or person.name
