"""The buttons a key contact or an admin has when nothing else is going on."""

from bot import wording
from bot.actions.desk import say_for
from bot.dialog.talk import Button, Keys
from bot.people import Person, Role


def doors(person: Person) -> tuple[str, ...]:
    """What someone's parts let them do, as the labels of buttons."""
    contact = (
        (wording.INVITE_PERSON, wording.MY_PEOPLE, wording.FORMS) if Role.KEY_CONTACT in person.roles else ()
    )
    admin = (wording.INVITE_CONTACT, wording.SCRIPTS) if Role.ADMIN in person.roles else ()
    return (*contact, *admin)


def keys(person: Person) -> Keys:
    """The reply keyboard that goes with it; a person who gets ready can always carry on."""
    say = say_for(person)
    if Role.PERSON in person.roles:
        return ((say(wording.CARRY_ON),), (say(wording.HELP),))
    return tuple((say(door),) for door in doors(person))


def talk_to_a_person(person: Person, talk: int) -> Button:
    """The way to a person, under a message that comes by itself: their keyboard stays as it is."""
    return Button("help", say_for(person)(wording.PERSON), f"person/{talk}")
