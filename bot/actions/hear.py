"""The front door: whose words are these, and what are they for?"""

from collections.abc import Callable
from dataclasses import replace

from bot import wording
from bot.actions import answer, arrange, invite, menu, publish, share
from bot.actions.desk import Desk, say_for
from bot.dialog.choosing import plain
from bot.dialog.talk import Heard, Prompt, Said
from bot.errors import NotFound
from bot.people import Person, Role
from bot.store import people, talks


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
        return desk.tell(person, Prompt(say_for(person)(wording.EARLIER)))


def _came_or_went(desk: Desk, person: Person | None, blocked: bool) -> None:
    if person is not None:
        people.mark_reachable(desk.conn, person.id, desk.now if blocked else None)
        if blocked:
            share.tell_unreachable(desk, person)


def _someone_known(desk: Desk, person: Person, heard: Heard) -> None:
    said = heard.said
    if plain(said.text) in ("/privacy", "privacy"):
        return share.privacy(desk, person)
    if said.tapped:
        return _pressed(desk, person, heard)
    if person.expecting:
        return _expected(desk, person, said)
    if publish.is_script_file(person, heard):
        return publish.receive(desk, person, heard)
    talk = talks.of_person(desk.conn, person.id)
    if publish.ends_preview(person, talk, said.text):
        return publish.end_preview(desk, person)
    if Role.PERSON in person.roles or (talk and talk.draft):
        if share.is_write_button(desk, person, said.text):
            return share.write_to_key_contact(desk, person)
        return answer.answer(desk, person, talk, heard)
    return choose(desk, person, said.text)


def _pressed(desk: Desk, person: Person, heard: Heard) -> None:
    """A button under a message; its place begins with what it belongs to."""
    head, _, rest = heard.said.asked.partition("/")
    if head.isdigit():
        talk = talks.by_id(desk.conn, int(head))
        if talk is None or talk.person != person.id:
            raise NotFound(f"talk {head}")
        return answer.answer(desk, person, talk, replace(heard, said=replace(heard.said, asked=rest)))
    if person.expecting:
        people.expect(desk.conn, person.id, "")
    handlers: dict[str, Callable[[Desk, Person, str, Heard], None]] = {
        "share": share.pressed,
        "note": share.note_pressed,
        "date": arrange.pressed,
        "draft": publish.pressed,
    }
    if head not in handlers:
        raise NotFound(heard.said.asked)
    return handlers[head](desk, person, rest, heard)


def _expected(desk: Desk, person: Person, said: Said) -> None:
    """The words that someone was asked for: a note to pass on, or a date."""
    what, _, number = person.expecting.partition("/")
    people.expect(desk.conn, person.id, "")
    say = say_for(person)
    if plain(said.text) in (plain(say(wording.NEVER_MIND)), "/cancel"):
        desk.tell(person, Prompt(say(wording.NOTE_DROPPED)))
        return choose(desk, person, "")
    if what == "note":
        return share.pass_on(desk, person, int(number), said)
    return arrange.typed(desk, person, int(number), said)


def choose(desk: Desk, person: Person, text: str) -> None:
    """What a key contact or an admin can do, and doing it."""
    say, wanted = say_for(person), plain(text)
    doing: dict[str, Callable[[Desk, Person], None]] = {
        wording.INVITE_PERSON: invite.invite_person,
        wording.INVITE_CONTACT: invite.invite_key_contact,
        wording.MY_PEOPLE: share.my_people,
        wording.SCRIPTS: publish.list_scripts,
    }
    for door in menu.doors(person):
        if wanted == plain(say(door)):
            return doing[door](desk, person)
    if Role.PERSON in person.roles:
        return answer.again(desk, person)
    return invite.welcome(desk, person, "" if wanted in ("", "help", "/help") else say(wording.NOT_FOR_YOU))
