"""A person wants nothing kept: it goes at once."""

from bot import wording
from bot.actions import share
from bot.actions.desk import Desk
from bot.people import Person
from bot.store import boxes, people, talks
from bot.store.talks import Talk


def forget(desk: Desk, person: Person, talk: Talk, *, entirely: bool) -> None:
    """Delete a talk and what came of it; entirely also deletes the person themselves.

    Shape: messages that are still waiting to go to the key contact are taken back; what has arrived
    on a phone stays there, and the key contact is asked to delete it.
    """
    shared = talks.last_share(desk.conn, talk.id)
    told = wording.PERSON_ERASED if shared else wording.PERSON_STOPPED
    share.tell_key_contact(desk, person, told)
    boxes.take_back(desk.conn, share.key_of(talk))
    talks.erase(desk.conn, talk.id)
    if entirely:
        people.forget(desk.conn, person.id)
