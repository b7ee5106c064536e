"""A person wants nothing kept: it goes at once."""

from bot import wording
from bot.actions import menu, note
from bot.actions.desk import Desk, say_for
from bot.dialog.talk import Prompt
from bot.people import Person
from bot.store import dates, erasures, incoming, outgoing, people, safe, shares, talks
from bot.store.talks import Talk


def forget(desk: Desk, person: Person, talk: Talk, *, entirely: bool) -> None:
    """Delete a talk and what came of it; entirely also deletes the person themselves.

    Shape: messages that are still waiting to go to the key contact are taken back; what has arrived
    on a phone stays there, and the key contact is asked to delete it.
    """
    gone = talks.all_of(desk.conn, person.id) if entirely else [talk.id]
    shared = any(shares.last(desk.conn, number) for number in gone)
    unshared = wording.PERSON_LEFT if entirely else wording.PERSON_STOPPED
    told = wording.PERSON_ERASED if shared else unshared
    desk.tell_key_contact(person, told)
    for number in gone:
        _tell_of_date(desk, person, number)
        _lose(desk, number)
    if person.chat is not None:
        incoming.forget_chat(desk.conn, person.chat)
        outgoing.forget_chat(desk.conn, person.chat)
    if entirely:
        _lose_the_key(desk, person)
        people.forget(desk.conn, person.id)
        erasures.note(desk.conn, erasures.PERSON, person.id, desk.now)


def _tell_of_date(desk: Desk, person: Person, talk: int) -> None:
    """Its reminders go, but the day itself was agreed with somebody."""
    date = dates.agreed(desk.conn, talk)
    if date and date.starts_at > desk.now:
        for each in desk.helpers(person, people.by_id(desk.conn, date.key_contact)):
            when = desk.date(date.starts_at, each)
            told = say_for(each)(wording.NOT_REMINDED).format(name=person.name, date=when)
            desk.let_know(each, Prompt(told))


def form(desk: Desk, talk: Talk) -> None:
    """Delete a form; who filled it in stays, and so does what others have for them."""
    _lose(desk, talk.id)


def _lose(desk: Desk, talk: int) -> None:
    outgoing.take_back(desk.conn, note.key_of(talk))
    dates.cancel_of_talk(desk.conn, talk)  # before their rows go: a reminder may wait in the outbox
    talks.erase(desk.conn, talk)
    erasures.note(desk.conn, erasures.TALK, talk, desk.now)


def _lose_the_key(desk: Desk, person: Person) -> None:
    """What was sealed for them can never be opened again; only what is still on its way gets a new key."""
    if person.chat is not None:
        outgoing.tell_no_more(desk.conn, person.chat)  # nothing comes after the goodbye
        coming = incoming.waiting_of(desk.conn, person.chat)
        going = outgoing.waiting_of(desk.conn, person.chat)
        safe.renew(desk.conn, person.chat)
        for waiting in coming:
            incoming.seal_again(desk.conn, waiting)
        outgoing.seal_again(desk.conn, person.chat, going)


def try_out(desk: Desk, admin: Person) -> bool:
    """Delete what an admin said to a draft on their own phone; false when there is nothing."""
    talk = talks.of_person(desk.conn, admin.id)
    if talk is None or not talk.draft:
        return False
    talks.erase(desk.conn, talk.id)
    erasures.note(desk.conn, erasures.TALK, talk.id, desk.now)
    return True


def end_try_out(desk: Desk, admin: Person) -> None:
    """The try-out is over, and nothing of it is kept."""
    try_out(desk, admin)
    desk.tell(admin, Prompt(say_for(admin)(wording.PREVIEW_ENDS), keys=menu.keys(admin)))
