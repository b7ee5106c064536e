"""Words between a person and their key contact: passed on as they are, when it is sure whom they are for."""

from bot import wording
from bot.actions import access, menu
from bot.actions.desk import Desk, say_for
from bot.dialog.choosing import plain, plain_label
from bot.dialog.talk import CUT, Button, Heard, Prompt, Said, length
from bot.errors import NotFound
from bot.people import Person
from bot.store import outgoing, people, talks
from bot.store.letters import REMINDER

_CROSSED = "/crossed"


def key_of(talk: int) -> str:
    """How the names of the messages that carry words of this talk to another person begin in the outbox."""
    return f"talk.{talk}."


def pressed(desk: Desk, viewer: Person, number: str, heard: Heard) -> None:
    """The button under a message that was passed on: answer it."""
    talk, person = access.talk_of(desk, viewer, access.number(number))
    other = _other(desk, viewer, person)
    if other is not None:
        ask_for(desk, viewer, other, talk.id)


def is_button(desk: Desk, person: Person, said: str) -> bool:
    """Whether these words are the button to write to the key contact."""
    label = say_for(person)(wording.WRITE_BACK)
    if not plain(said).startswith(plain_label(label.partition("{")[0])):
        return False
    contact = people.key_contact_of(desk.conn, person)
    return contact is not None and plain(said) == plain(label.format(name=contact.name))


def write_to_key_contact(desk: Desk, person: Person) -> None:
    """The person wants to write to their key contact."""
    talk = talks.of_person(desk.conn, person.id)
    contact = people.key_contact_of(desk.conn, person)
    if talk and contact:
        ask_for(desk, person, contact, talk.id)


def ask_for(desk: Desk, writer: Person, other: Person, talk: int) -> None:
    """Ask for the words that are to go to the other; what comes next is that."""
    say = say_for(writer)
    people.expect(desk.conn, writer.id, f"note/{talk}")
    keys = ((say(wording.NEVER_MIND),),)
    desk.tell(writer, Prompt(say(wording.WRITE_NOW).format(name=other.name), keys=keys))


def pass_on(desk: Desk, writer: Person, talk: int, said: Said) -> None:
    """Pass words on as they are; neither sees the other's number."""
    _, person = access.talk_of(desk, writer, talk)
    other, say = _other(desk, writer, person), say_for(writer)
    if other is None:
        raise NotFound(f"talk {talk}")
    if said.thing or not said.text.strip():
        people.expect(desk.conn, writer.id, f"note/{talk}")
        return desk.tell(writer, Prompt(say(wording.ONLY_WORDS)))
    carry(desk, writer, other, talk, said.text.strip(), wording.NOTE_TITLE, said.at)
    people.note(desk.conn, writer.id, "wrote", other.id, desk.now)
    return desk.tell(writer, Prompt(say(wording.NOTE_SENT).format(name=other.name), keys=menu.keys(writer)))


def carry(desk: Desk, writer: Person, other: Person, talk: int, words: str, title: str, at: int) -> None:
    """Give the other these words as they are, with a button to write back.

    Shape: a phone sends the rest of a long text in the same second; that follows.
    Units: `at` is when they were written, whole seconds since 1970.
    """
    theirs = say_for(other)
    button = Button("write", theirs(wording.WRITE_BACK).format(name=writer.name), f"note/{talk}")
    named = theirs(title).format(name=writer.name)
    if other.id == writer.key_contact:
        may_answer(desk, other, writer)
    desk.let_know(other, Prompt(words, named, buttons=(button,)), key=key_of(talk))
    if length(words) >= CUT:
        people.expect(desk.conn, writer.id, f"rest/{talk}/{at}")


def may_answer(desk: Desk, contact: Person, person: Person) -> None:
    """What the key contact writes next may be an answer to this person, not what they meant to write."""
    what, _, number = contact.expecting.partition("/")
    meant = talks.by_id(desk.conn, int(number.partition("/")[0])) if what == "note" else None
    if meant and meant.person not in (person.id, contact.id):
        people.expect_instead(desk.conn, contact, f"note/{meant.id}{_CROSSED}")


def is_crossed(number: str, said: Said) -> bool:
    """Whether somebody else's words came before these; what is written later than a part held up did not."""
    held_up = number.removesuffix(_CROSSED)
    return held_up != number and ("/" not in held_up or is_rest(held_up, said))


def ask_whom(desk: Desk, writer: Person, talk: int, said: Said) -> None:
    """Send nothing before it is sure whom it is for; of a long text the phone sends the rest by itself."""
    _, person = access.talk_of(desk, writer, talk)
    more = f"/{said.at}{_CROSSED}" if length(said.text) >= CUT else ""
    people.expect(desk.conn, writer.id, f"note/{talk}{more}")
    say = say_for(writer)
    asked = say(wording.WRITE_CROSSED).format(name=person.name)
    desk.tell(writer, Prompt(asked, keys=((say(wording.NEVER_MIND),),)))


def is_rest(number: str, said: Said) -> bool:
    """Whether these words are the next part of a long message, which a phone sends in several."""
    _, _, at = number.partition("/")
    return bool(said.text) and not said.thing and 0 <= said.at - int(at) <= 1


def pass_on_rest(desk: Desk, writer: Person, number: str, said: Said) -> None:
    """The next part of a long message goes the same way."""
    talk = access.number(number.partition("/")[0])
    _, person = access.talk_of(desk, writer, talk)
    if other := _other(desk, writer, person):
        desk.let_know(other, Prompt(said.text), key=key_of(talk))
        people.expect(desk.conn, writer.id, f"rest/{talk}/{said.at}")


def _other(desk: Desk, one: Person, person: Person) -> Person | None:
    """The other of the two: the person or their key contact."""
    if one.id != person.id:
        return person
    return people.key_contact_of(desk.conn, person)


def tell_writer(desk: Desk, name: str, reader: Person) -> None:
    """The message of this name never arrives: who wrote what it carries to the reader hears of that."""
    head, number, *_ = name.split(".")
    talk = talks.by_id(desk.conn, int(number)) if head == "talk" else None
    writer = people.by_id(desk.conn, talk.person) if talk else None
    if talk is None or writer is None or writer.chat is None or writer.id == reader.id:
        return  # a key contact hears it as who can help
    told = say_for(writer)(wording.NOT_BROUGHT).format(name=reader.name)
    prompt = Prompt(told, buttons=(menu.talk_to_a_person(writer, talk.id),))
    once = f"back.{name.rpartition('.')[0]}"  # for all parts of it
    outgoing.put_out(desk.conn, writer.chat, [prompt], once, desk.now, urgency=REMINDER)
