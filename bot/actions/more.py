"""What a key contact starts: more for a person, another talk, and forms of their own."""

from bot import wording
from bot.actions import access, answer, arrange, menu, mine, note, remind, shelf
from bot.actions.desk import Desk, say_for
from bot.actions.scene import FORMS, script_of
from bot.dialog.script import Script
from bot.dialog.talk import Button, Fact, Heard, Prompt, Said, State
from bot.errors import NotFound
from bot.people import Person
from bot.store import outgoing, people, scripts, talks
from bot.store.letters import REMINDER
from bot.store.scripts import StoredScript
from bot.store.talks import Status, Talk

FOR_A_PERSON = ("person",)
_LONGEST = 300
"""Units: letters of something that is known before a talk begins."""


def pressed(desk: Desk, contact: Person, number: str, heard: Heard) -> None:
    """A button that belongs to one of their people."""
    person = access.person_of(desk, contact, access.number(number))
    if heard.said.tapped == "more":
        return _choices(desk, contact, person)
    if heard.said.tapped == "carry":
        return _ask_to_carry_on(desk, contact, person)
    if heard.said.tapped == "been":
        return _first_talk_has_been(desk, contact, person)
    return _open(desk, contact, person)


def _open(desk: Desk, contact: Person, person: Person) -> None:
    """What can be done for one of their people."""
    say, place = say_for(contact), f"one/{person.id}"
    everyone = people.of_key_contact(desk.conn, contact.id)
    talk = talks.of_person(desk.conn, person.id)
    buttons = [Button("more", say(wording.ASK_MORE).format(name=person.name), place)]
    if talk:
        buttons.append(Button("write", say(wording.WRITE_BACK).format(name=person.name), f"note/{talk.id}"))
        buttons += _date_buttons(desk, contact, person, talk)
    if talk and talk.stage == 1 and _asks_more_later(desk, talk):
        buttons.append(Button("been", say(wording.FIRST_TALK_BEEN), place))
    status = mine.status(desk, contact, person)
    title = mine.told_apart(desk, contact, everyone).get(person.id, person.name)
    desk.tell(contact, Prompt(status, title, buttons=tuple(buttons)))


def _date_buttons(desk: Desk, contact: Person, person: Person, talk: Talk) -> list[Button]:
    """Set the date, or change it and call it off; it may be that of an earlier talk."""
    say, ahead = say_for(contact), arrange.holds(desk, person)
    if ahead is None:
        return [Button("no", say(wording.SET_DATE), f"date/{talk.id}/0")]
    place = f"date/{ahead.talk}/0"
    return [Button("no", say(wording.CHANGE_DATE), place), Button("off", say(wording.CALL_OFF), place)]


def _asks_more_later(desk: Desk, talk: Talk) -> bool:
    """Whether some of its questions are for after the first talk."""
    one, two = (script_of(desk, talk.follows.id, stage) for stage in (1, 2))
    return len(list(two.questions)) > len(list(one.questions))


def _first_talk_has_been(desk: Desk, contact: Person, person: Person) -> None:
    say, talk = say_for(contact), talks.of_person(desk.conn, person.id)
    if talk is None or talk.draft or not _asks_more_later(desk, talk):
        raise NotFound(f"person {person.id}")
    if not talks.set_stage(desk.conn, talk.id, 2):
        return desk.tell(contact, Prompt(say(wording.FIRST_TALK_KNOWN).format(name=person.name)))
    people.note(desk.conn, contact.id, "first talk has been", person.id, desk.now)
    if talk.status is Status.STOPPED:
        return desk.tell(contact, Prompt(say(wording.FIRST_TALK_LATER).format(name=person.name)))
    words = _if_reached(desk, person, wording.FIRST_TALK_NOTED)
    desk.tell(person, Prompt(say_for(person)(wording.AFTER_FIRST_TALK)))
    answer.brought(desk, person)
    remind.plan_unfinished(desk, person, talk, is_done=False)
    return desk.tell(contact, Prompt(say(words).format(name=person.name)))


# ---- another talk, or a form


def forms(desk: Desk, contact: Person) -> None:
    """What staff can fill in themselves."""
    say, found = say_for(contact), _wholes(desk, FORMS)
    words = wording.WHICH_FORM if found else wording.NO_FORM
    desk.tell(contact, Prompt(say(words), buttons=_buttons(contact, found)))


def _choices(desk: Desk, contact: Person, person: Person) -> None:
    say, found = say_for(contact), _wholes(desk, FOR_A_PERSON)
    if not _is_free(desk, contact, person):
        return None
    words = wording.WHICH_MORE if found else wording.NOTHING_MORE_TO_ASK
    return desk.tell(contact, Prompt(say(words).format(name=person.name), buttons=_buttons(person, found)))


def _buttons(person: Person, found: list[tuple[StoredScript, Script]]) -> tuple[Button, ...]:
    return tuple(Button("begin", script.title, f"begin/{person.id}/{kept.id}") for kept, script in found)


def _wholes(desk: Desk, audience: tuple[str, ...]) -> list[tuple[StoredScript, Script]]:
    """Everything in use that can be begun on its own by these."""
    live = [kept for kept in scripts.all_live(desk.conn) if shelf.may_be_whole(kept.text)]
    found = [(kept, script_of(desk, kept.id)) for kept in live]
    return [(kept, s) for kept, s in found if s.audience in audience and shelf.is_whole(s)]


def _is_busy(desk: Desk, person: Person) -> bool:
    """Whether they are in the middle of a talk."""
    talk = talks.of_person(desk.conn, person.id)
    return talk is not None and answer.goes_on(desk, person, talk)


def begin(desk: Desk, contact: Person, rest: str, heard: Heard) -> None:
    """A button that begins another talk for a person, or a form of their own."""
    number, _, row = rest.partition("/")
    person = access.person_of(desk, contact, access.number(number))
    wanted = scripts.by_id(desk.conn, access.number(row))
    audience = FORMS if person.id == contact.id else FOR_A_PERSON
    found = {kept.name: script for kept, script in _wholes(desk, audience)}
    if wanted is None or wanted.name not in found:
        raise NotFound(f"script {row}")
    if not _is_free(desk, contact, person):
        return None
    for each in talks.waiting_for(desk.conn, person.id):  # begun before, and never gone on with
        talks.erase(desk.conn, each)
    talk = talks.begin(desk.conn, person, wanted.name, desk.now, status=Status.WAITING)
    return _ask_or_start(desk, contact, person, talk)


def _is_free(desk: Desk, contact: Person, person: Person) -> bool:
    """Whether something new may begin; if not, the key contact has been told why.

    Shape: who has stopped is asked first, and what they have begun comes before anything new: a newer talk
    would put it out of their reach.
    """
    say, is_own = say_for(contact), person.id == contact.id
    if not is_own and _stopped(desk, person):
        ask = Button("carry", say(wording.ASK_CARRY_ON).format(name=person.name), f"one/{person.id}")
        desk.tell(contact, Prompt(say(wording.HAS_STOPPED).format(name=person.name), buttons=(ask,)))
    elif not _is_busy(desk, person):
        return True
    elif is_own:
        desk.tell(contact, Prompt(say(wording.FORM_BUSY)))
        answer.again(desk, contact)
    else:
        desk.tell(contact, Prompt(say(wording.STILL_BUSY).format(name=person.name)))
    return False


def _stopped(desk: Desk, person: Person) -> Talk | None:
    """The talk they have stopped, and not taken up since."""
    talk = talks.of_person(desk.conn, person.id)
    return talk if talk and talk.status is Status.STOPPED else None


def _ask_to_carry_on(desk: Desk, contact: Person, person: Person) -> None:
    """Ask somebody who has stopped; once, until they have said something."""
    talk, say = _stopped(desk, person), say_for(person)
    if talk is None:
        return _choices(desk, contact, person)
    words = say(wording.CARRY_ON_WISHED).format(key_contact=contact.name)
    keys = tuple((say(each),) for each in (wording.CARRY_ON, wording.PERSON, wording.STOP_AND_DELETE))
    name = f"{note.key_of(talk.id)}carry.{talk.said_at}"
    outgoing.put_out(desk.conn, talk.chat, [Prompt(words, keys=keys)], name, desk.now, urgency=REMINDER)
    return desk.tell(contact, Prompt(say_for(contact)(wording.CARRY_ON_ASKED).format(name=person.name)))


def given(desk: Desk, contact: Person, number: int, said: Said) -> None:
    """One thing that is known before a talk begins, in the key contact's words."""
    talk = talks.by_id(desk.conn, number)
    if talk is None or talk.status is not Status.WAITING:
        raise NotFound(f"talk {number}")
    person, words = access.person_of(desk, contact, talk.person), said.text.strip()
    if said.thing or not words or len(words) > _LONGEST:
        wrong = wording.GIVEN_TOO_LONG if words and not said.thing else wording.ONLY_WORDS
        desk.tell(contact, Prompt(say_for(contact)(wrong)))
        return _ask_or_start(desk, contact, person, talk)
    known = _known(desk, talk)
    missing = [name for name in script_of(desk, talk.follows.id).given if name not in known]
    fact = Fact(shelf.GIVEN, State.GIVEN, {**known, missing[0]: words} if missing else known)
    talks.keep(desk.conn, talk, [fact], desk.now, talk.follows.version, None)
    return _ask_or_start(desk, contact, person, talk)


def _known(desk: Desk, talk: Talk) -> dict[str, str]:
    kept = talks.latest(desk.conn, talk).get(shelf.GIVEN)
    return dict(kept.value) if kept else {}


def _ask_or_start(desk: Desk, contact: Person, person: Person, talk: Talk) -> None:
    """Ask the key contact for what is still to be known; when all is, the talk begins."""
    say, script, known = say_for(contact), script_of(desk, talk.follows.id), _known(desk, talk)
    for name, example in script.given.items():
        if name not in known:
            people.expect(desk.conn, contact.id, f"given/{talk.id}")
            words = say(wording.GIVEN_FIRST).format(what=name.replace("_", " "), example=say(example))
            return desk.tell(contact, Prompt(words, keys=((say(wording.NEVER_MIND),),)))
    if not _is_free(desk, contact, person):
        return None
    talks.set_status(desk.conn, talk.id, Status.OPEN)
    people.note(desk.conn, contact.id, "began", person.id, desk.now, script.id)
    if person.id != contact.id:
        words = say_for(person)(wording.MORE_COMES).format(key_contact=contact.name, title=script.title)
        desk.tell(person, Prompt(words))
    (answer.again if person.id == contact.id else answer.brought)(desk, person)
    remind.plan_unfinished(desk, person, talk, is_done=False)
    if person.id != contact.id:
        words = _if_reached(desk, person, wording.MORE_SENT)
        desk.tell(contact, Prompt(say(words).format(name=person.name), keys=menu.keys(contact)))
    return None


def _if_reached(desk: Desk, person: Person, words: str) -> str:
    """These words; or that the person cannot be reached, which nobody would say once more."""
    return wording.UNREACHABLE if people.is_lost(desk.conn, person.id) else words
