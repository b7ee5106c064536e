"""The only door to another person's words, and what is said of it: "not yours" looks like "not there"."""

from bot import wording
from bot.actions.desk import Desk, say_for
from bot.dialog.talk import Prompt
from bot.errors import NotFound
from bot.people import Person
from bot.store import people, shares, talks
from bot.store.shares import Share
from bot.store.talks import Talk


def talk_of(desk: Desk, viewer: Person, talk: int) -> tuple[Talk, Person]:
    """A talk and its person, for the person themselves or their key contact.

    Raises: NotFound for anybody else.
    """
    found = talks.by_id(desk.conn, talk)
    person = people.by_id(desk.conn, found.person) if found else None
    if found is None or person is None or viewer.id not in (person.id, person.key_contact):
        raise NotFound(f"talk {talk}")
    if person.id != viewer.id:
        people.hold(desk.conn, person)  # they may be saying something at this moment
    return found, person


def own_talk(desk: Desk, person: Person, talk: int) -> Talk:
    """A talk, for nobody but the person themselves.

    Raises: NotFound for anybody else.
    """
    found, owner = talk_of(desk, person, talk)
    if owner.id != person.id:
        raise NotFound(f"talk {talk}")
    return found


def person_of(desk: Desk, viewer: Person, number: int) -> Person:
    """One of a key contact's people, or the viewer themselves.

    Raises: NotFound for anybody else.
    """
    person = people.by_id(desk.conn, number)
    if person is None or person.chat is None or viewer.id not in (person.id, person.key_contact):
        raise NotFound(f"person {number}")
    if person.id != viewer.id:
        people.hold(desk.conn, person)
    return person


def number(words: str) -> int:
    """The number in a button's place.

    Raises: NotFound when it is none a database could have given.
    """
    if not (words.isascii() and words.isdigit() and len(words) <= 15):
        raise NotFound(words)
    return int(words)


def share_with(desk: Desk, viewer: Person, share: int) -> tuple[Share, Person]:
    """What was shared with this viewer, and by whom.

    Raises: NotFound for anybody else.
    """
    found = shares.by_id(desk.conn, share)
    if found is None or found.to_person != viewer.id:
        raise NotFound(f"share {share}")
    _, person = talk_of(desk, viewer, found.talk)
    return found, person


def privacy(desk: Desk, person: Person) -> None:
    """Say what is kept, who sees it, and how to delete it."""
    say, contact = say_for(person), people.key_contact_of(desk.conn, person)
    told = say(wording.PRIVACY).format(key_contact=contact.name) if contact else say(wording.STAFF_PRIVACY)
    desk.tell(person, Prompt(told, say(wording.PRIVACY_TITLE)))
