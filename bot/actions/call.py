"""A person wants to talk to a person: who hears of it."""

from bot import wording
from bot.actions import note
from bot.actions.desk import Desk, say_for
from bot.dialog.talk import Button, Prompt
from bot.people import Person, Role
from bot.store import people, talks

CALL = "help."
"""How the name of a call for help begins in the outbox; the number of the person follows."""


def for_help(desk: Desk, person: Person) -> None:
    """The key contact hears that this person wants to talk; when there is none to reach, the admins do."""
    contact = people.key_contact_of(desk.conn, person)
    if contact is None:
        return desk.tell_who_can_help(person, wording.HELP_ASKED)
    if people.is_lost(desk.conn, contact.id) and others(desk, person, contact):
        return None
    say, talk = say_for(contact), talks.of_person(desk.conn, person.id)
    buttons: tuple[Button, ...] = ()
    if talk:
        buttons = (Button("write", say(wording.WRITE_BACK).format(name=person.name), f"note/{talk.id}"),)
    note.may_answer(desk, contact, person)
    prompt = Prompt(say(wording.HELP_ASKED).format(name=person.name), buttons=buttons)
    return desk.let_know(contact, prompt, key=f"{CALL}{person.id}.")


def others(desk: Desk, person: Person, contact: Person) -> bool:
    """Their key contact cannot be reached: the admins hear of the call for help, and the person of that.

    Shape: false when there is nobody else.
    """
    found = [each for each in people.having(desk.conn, Role.ADMIN) if each.id not in (person.id, contact.id)]
    for each in found:
        desk.let_know(each, Prompt(say_for(each)(wording.HELP_ASKED).format(name=person.name)))
    if found:
        told = say_for(person)(wording.HELP_FROM_OTHERS).format(name=contact.name)
        desk.let_know(person, Prompt(told))
    return bool(found)
