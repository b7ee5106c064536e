"""The front door: whose words are these, and what are they for?"""

from collections.abc import Callable
from dataclasses import replace

from bot import wording
from bot.actions import (
    access,
    answer,
    arrange,
    ask,
    forget,
    invite,
    menu,
    mine,
    more,
    note,
    offer,
    publish,
    scene,
    share,
    versions,
)
from bot.actions.desk import Desk, say_for
from bot.dialog.box import urgent
from bot.dialog.choosing import plain, plain_label
from bot.dialog.talk import Heard, Prompt, Said
from bot.errors import NotFound
from bot.people import Person, Role
from bot.store import people, talks
from bot.store.talks import Status


def hear(desk: Desk, heard: Heard) -> None:
    """Do what one update asks for."""
    person = people.by_chat(desk.conn, heard.chat)
    if heard.blocked is not None:
        return _came_or_went(desk, person, heard.blocked)
    if heard.start is not None:
        return invite.start(desk, person, heard)
    if person is None:
        return invite.stranger(desk, heard)
    if heard.edited:
        heard = replace(heard, said=Said(thing="edited", at=heard.said.at))
    try:
        return _someone_known(desk, person, heard)
    except NotFound:
        is_asked = Role.PERSON in person.roles
        words = wording.EARLIER if is_asked else wording.GONE
        return desk.tell(person, Prompt(say_for(person)(words), keys=None if is_asked else menu.keys(person)))


def _came_or_went(desk: Desk, person: Person | None, blocked: bool) -> None:
    if person is not None:
        if not blocked:
            people.found(desk.conn, person.id)
        elif people.lost(desk.conn, person.id, desk.now):
            desk.tell_who_can_help(person, wording.UNREACHABLE)


def _someone_known(desk: Desk, person: Person, heard: Heard) -> None:
    said = heard.said
    if plain(said.text) in ("/privacy", "privacy"):
        return access.privacy(desk, person)
    if said.tapped:
        return _pressed(desk, person, heard)
    _if_in_danger(desk, person, said)
    if _is_for_something(desk, person, said):
        return _expected(desk, person, said)
    if publish.is_script_file(person, heard):
        return publish.receive(desk, person, heard)
    talk = talks.of_person(desk.conn, person.id)
    if publish.ends_preview(person, talk, said.text):
        return forget.end_try_out(desk, person)
    if plain(said.text) in _doors(person):
        return choose(desk, person, said.text)
    if Role.PERSON in person.roles or (talk and (talk.draft or answer.goes_on(desk, person, talk))):
        if note.is_button(desk, person, said.text):
            return note.write_to_key_contact(desk, person)
        return answer.answer(desk, person, talk, heard)
    return _not_words(desk, person, said) if said.thing else choose(desk, person, said.text)


def _not_words(desk: Desk, person: Person, said: Said) -> None:
    """A photo, a sticker or a changed message from someone who is not being asked anything."""
    words = wording.ONLY_WORDS
    if said.thing == "edited":
        words = wording.EDITED_NOTE
    elif Role.ADMIN in person.roles:
        words = wording.SCRIPT_NOT_TEXT
    desk.tell(person, Prompt(say_for(person)(words), keys=menu.keys(person)))


def _doors(person: Person) -> set[str]:
    return {plain_label(say_for(person)(door)) for door in menu.doors(person)}


def _pressed(desk: Desk, person: Person, heard: Heard) -> None:
    """A button under a message; its place begins with what it belongs to."""
    head, _, rest = heard.said.asked.partition("/")
    if person.expecting:
        people.expect(desk.conn, person.id, "")
    if head.isdigit():
        talk = talks.of_person(desk.conn, person.id)
        if talk is None or talk.id != access.number(head):  # what they type then would answer the newest
            raise NotFound(f"talk {head}")
        return answer.answer(desk, person, talk, replace(heard, said=replace(heard.said, asked=rest)))
    handlers: dict[str, Callable[[Desk, Person, str, Heard], None]] = {
        "share": share.pressed,
        "note": note.pressed,
        "date": arrange.pressed,
        "ask": ask.pressed,
        "pass": offer.pressed,
        "draft": publish.pressed,
        "script": versions.pressed,
        "scripts": versions.turned,
        "one": more.pressed,
        "begin": more.begin,
        "person": _wants_a_person,
    }
    if head not in handlers:
        raise NotFound(heard.said.asked)
    return handlers[head](desk, person, rest, heard)


def _wants_a_person(desk: Desk, person: Person, number: str, heard: Heard) -> None:
    """The button under a message that came by itself: the same as saying it now, whatever is asked by now."""
    talk, newest = talks.by_id(desk.conn, access.number(number)), talks.of_person(desk.conn, person.id)
    if talk is None or talk.person != person.id:
        raise NotFound(f"talk {number}")
    if newest and not scene.is_form(scene.script_of(desk, newest.follows.id, newest.stage), newest):
        talk = newest  # or the buttons of its question would go
    said = Said(text=say_for(person)(wording.PERSON))
    answer.answer(desk, person, talk, replace(heard, said=said, message=0))


def _if_in_danger(desk: Desk, person: Person, said: Said) -> None:
    """Whoever may be in danger reads at once what the team says to that; their words go on as any others."""
    is_asking = person.expecting.startswith("ask/")  # then the box answers
    if Role.PERSON not in person.roles or is_asking or len(said.text.split()) < _FEWEST:
        return
    known = urgent(scene.box(desk), said.text)
    if known is not None:
        talk, contact = talks.of_person(desk.conn, person.id), people.key_contact_of(desk.conn, person)
        told = say_for(person)(known.answer).replace("{key_contact}", contact.name if contact else "")
        buttons = (menu.talk_to_a_person(person, talk.id),) if talk else ()
        desk.tell(person, Prompt(told, buttons=buttons))


def _is_for_something(desk: Desk, person: Person, said: Said) -> bool:
    """Whether these words are what someone was asked for; a button they can see is never passed on."""
    what, _, number = person.expecting.partition("/")
    if _is_never_mind(person, said):  # tapped once more, it is no answer to what is asked
        return True
    if not what:
        return False
    say = say_for(person)
    ways_out = {plain_label(say(words)) for words in _WAYS_OUT} | _doors(person)
    is_button = plain(said.text) in ways_out or (said.text.startswith("/") and said.text != "/cancel")
    is_button = is_button or note.is_button(desk, person, said.text)
    if not is_button and _is_what_was_asked_for(desk, person, what, number, said):
        return True
    people.expect(desk.conn, person.id, "")
    return False


def _is_what_was_asked_for(desk: Desk, person: Person, what: str, number: str, said: Said) -> bool:
    """Whether these words can be it; anything can where words were asked for."""
    if what == "rest":
        return note.is_rest(number, said)
    if what == "pass":
        talk = talks.of_person(desk.conn, person.id)
        is_asked = talk is None or answer.goes_on(desk, person, talk)  # then a yes is for that question
        return not is_asked and offer.is_reply(desk, person, number, said)
    return True


_FEWEST = 3  # words in which somebody says that they are in danger
_WAYS_OUT = (
    wording.ASK,
    wording.CARRY_ON,
    wording.HELP,
    wording.PERSON,
    wording.STOP,
    wording.STOP_AND_DELETE,
    wording.DELETE_YES,
    wording.STOP_AND_KEEP,
)


def _expected(desk: Desk, person: Person, said: Said) -> None:
    """The words that someone was asked for: a note to pass on, or a date."""
    what, _, number = person.expecting.partition("/")
    people.expect(desk.conn, person.id, "")
    say = say_for(person)
    if _is_never_mind(person, said) or plain(said.text) == "/cancel":
        return _dropped(desk, person)
    if said.thing == "edited":
        people.expect(desk.conn, person.id, person.expecting)
        return desk.tell(person, Prompt(say(wording.EDITED_NOTE)))
    if what == "rest":
        return note.pass_on_rest(desk, person, number, said)
    if what == "pass":
        return offer.replied(desk, person, number, said)
    if what == "ask":
        return ask.asked(desk, person, int(number), said)
    if what == "given":
        return more.given(desk, person, int(number), said)
    if what == "note":
        do = note.ask_whom if note.is_crossed(number, said) else note.pass_on
        return do(desk, person, int(number.partition("/")[0]), said)
    return arrange.typed(desk, person, number, said)


def _is_never_mind(person: Person, said: Said) -> bool:
    return plain(said.text) == plain_label(say_for(person)(wording.NEVER_MIND))


def _dropped(desk: Desk, person: Person) -> None:
    """They would rather not write: back to where they were."""
    talk = talks.of_person(desk.conn, person.id)
    desk.tell(person, Prompt(say_for(person)(wording.NOTE_DROPPED), keys=menu.keys(person)))
    if Role.PERSON in person.roles and talk and talk.status is Status.OPEN:
        answer.again(desk, person)


def choose(desk: Desk, person: Person, text: str) -> None:
    """What a key contact or an admin can do, and doing it."""
    say, wanted = say_for(person), plain(text)
    doing: dict[str, Callable[[Desk, Person], None]] = {
        wording.INVITE_PERSON: invite.invite_person,
        wording.INVITE_CONTACT: invite.invite_key_contact,
        wording.MY_PEOPLE: mine.my_people,
        wording.FORMS: more.forms,
        wording.SCRIPTS: versions.list_scripts,
    }
    for door in menu.doors(person):
        if wanted == plain_label(say(door)):
            return doing[door](desk, person)
    return invite.welcome(desk, person, "" if wanted in ("", "help", "/help") else say(wording.NOT_FOR_YOU))
