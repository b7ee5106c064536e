"""The question box: what the team has written comes first, else the key contact is asked."""

from bot import wording
from bot.actions import access, answer, note, scene
from bot.actions.desk import Desk, say_for
from bot.dialog.box import nearest
from bot.dialog.talk import CUT, Button, Fact, Heard, Prompt, Said, State, length
from bot.errors import NotFound
from bot.people import Person
from bot.store import people, talks
from bot.store.talks import Status, Talk

PLACE = "@question/"
"""Where it is kept, with a number behind it; no question of a script can have this id."""


def asked(desk: Desk, person: Person, number: int, said: Said) -> None:
    """What the person wants to know: an answer the team has written, or their key contact is asked."""
    talk = access.own_talk(desk, person, number)
    say, words = say_for(person), said.text.strip()
    if said.thing or not words:
        people.expect(desk.conn, person.id, f"ask/{talk.id}")
        return desk.tell(person, Prompt(say(wording.ONLY_WORDS)))
    known = nearest(scene.box(desk), words) if length(words) < CUT else None
    count = 1 + sum(place.startswith(PLACE) for place in talks.latest(desk.conn, talk))
    _note(desk, talk, count, words, passed=known is None)
    if known is None:
        return _pass_on(desk, person, talk, words, wording.QUESTION_PASSED, said.at)
    place, contact = f"ask/{talk.id}/{count}", people.key_contact_of(desk.conn, person)
    buttons = [Button("helped", say(wording.QUESTION_HELPED), place)]
    if contact:
        buttons.append(Button("pass", say(wording.QUESTION_PASS).format(name=contact.name), place))
    answered = say(known.answer).replace("{key_contact}", contact.name if contact else "")
    told = say(wording.QUESTION_KNOWN)
    return desk.tell(person, Prompt(f"{told}\n\n{answered}", say(known.asked[0]), buttons=tuple(buttons)))


def pressed(desk: Desk, person: Person, number: str, heard: Heard) -> None:
    """A button under an answer: it helped, or their key contact shall be asked."""
    number, _, count = number.partition("/")
    talk = access.own_talk(desk, person, access.number(number))
    if heard.said.tapped != "pass":
        say = say_for(person)
        return _go_on(desk, person, say(wording.QUESTION_GOOD), say(wording.STOPPED))
    kept = talks.latest(desk.conn, talk).get(f"{PLACE}{count}")
    if kept is None:
        raise NotFound(f"question {count}")
    if kept.value["passed"]:
        return desk.tell(person, Prompt(_promise(desk, person, wording.QUESTION_PASSED_ON)))
    _note(desk, talk, access.number(count), kept.value["words"], passed=True)
    return _pass_on(desk, person, talk, kept.value["words"], wording.QUESTION_PASSED_ON)


def _note(desk: Desk, talk: Talk, count: int, words: str, *, passed: bool) -> None:
    """Keep what was asked with the talk: sealed, and gone with it."""
    fact = Fact(f"{PLACE}{count}", State.GIVEN, {"words": words, "passed": passed})
    talks.keep(desk.conn, talk, [fact], desk.now, None, None)


def _pass_on(desk: Desk, person: Person, talk: Talk, words: str, told: str, at: int = 0) -> None:
    """Ask the key contact, word for word, and go on with the talk.

    Units: `at` is when it was written, whole seconds since 1970.
    """
    contact = people.key_contact_of(desk.conn, person)
    if contact is None or talk.draft:
        return _go_on(desk, person, say_for(person)(wording.QUESTION_NOBODY))
    note.carry(desk, person, contact, talk.id, words, wording.QUESTION_TITLE, at)
    people.note(desk.conn, person.id, "asked", contact.id, desk.now)
    return _go_on(desk, person, _promise(desk, person, told))


def _go_on(desk: Desk, person: Person, words: str, stopped: str = "") -> None:
    """Say this, then go on with the talk; who has stopped stays so, and hears `stopped` when it is not ""."""
    talk = talks.of_person(desk.conn, person.id)
    if talk is not None and talk.status is Status.STOPPED:
        return desk.tell(person, Prompt(stopped or words))
    desk.tell(person, Prompt(words))
    return answer.again(desk, person)


def _promise(desk: Desk, person: Person, told: str) -> str:
    """That somebody was asked, and when they answer: in the words of the team, if it has written some."""
    say, contact = say_for(person), people.key_contact_of(desk.conn, person)
    name = contact.name if contact else ""
    promise = say(scene.box(desk).promise or wording.QUESTION_PROMISE).replace("{key_contact}", name)
    return f"{say(told).format(name=name)}\n{promise}"
