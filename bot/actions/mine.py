"""A key contact's people: who they are, and how far each is; never what anyone said."""

from collections import Counter
from collections.abc import Sequence

from bot import wording
from bot.actions import arrange
from bot.actions.desk import Desk, say_for
from bot.dialog.choosing import plain
from bot.dialog.talk import Button, Prompt
from bot.people import Person
from bot.store import people, talks
from bot.store.talks import Status

_MOST = 90  # buttons under a message. Source: Telegram takes 100


def my_people(desk: Desk, contact: Person) -> None:
    """Who a key contact gets ready with, and how far each is; never what anyone said."""
    say = say_for(contact)
    mine = people.of_key_contact(desk.conn, contact.id)
    names = told_apart(desk, contact, mine)
    rows = tuple((names[p.id], status(desk, contact, p)) for p in mine)
    buttons = tuple(Button("open", names[p.id], f"one/{p.id}") for p in mine[-_MOST:])
    text = "" if rows else say(wording.NOBODY_YET)
    desk.tell(contact, Prompt(text, say(wording.MY_PEOPLE), rows, buttons=buttons))


def told_apart(desk: Desk, contact: Person, mine: Sequence[Person]) -> dict[int, str]:
    """What a key contact's people are called, by number; those with one name by when they began, too.

    Shape: the key contact was told then that they had; and no words go to the wrong Ann.
    """
    count = Counter(plain(p.name) for p in mine)

    def called(p: Person) -> str:
        if count[plain(p.name)] == 1:
            return p.name
        since = desk.date(people.joined_at(desk.conn, p.id), contact)
        return say_for(contact)(wording.NAME_SINCE).format(name=p.name, date=since)

    return {p.id: called(p) for p in mine}


def status(desk: Desk, contact: Person, person: Person) -> str:
    """How far somebody is; never what they said."""
    say, talk = say_for(contact), talks.of_person(desk.conn, person.id)
    if talk is None:
        return say(wording.STATUS_STOPPED)
    if date := arrange.holds(desk, person):
        return say(wording.STATUS_DATE).format(date=desk.date(date.starts_at, contact))
    if talk.status is Status.STOPPED:
        return say(wording.STATUS_STOPPED)
    return say(wording.STATUS_SHARED if talk.shared else wording.STATUS_STARTED)
