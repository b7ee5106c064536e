"""What is told when a message cannot arrive, or an update cannot be handled."""

from sqlalchemy import Connection

from bot import wording
from bot.actions import call, note, remind
from bot.actions.desk import Desk, House, say_for
from bot.dialog.talk import Prompt
from bot.loops import tell
from bot.people import Person, Role
from bot.store import people
from bot.store.letters import REMINDER, Dead, Delivered, Outcome, Sending, Waiting


def settled(conn: Connection, sending: Sending, outcome: Outcome, now: int, house: House) -> None:
    """A reminder arrived, or a message never will: its reminder ends, and who can help hears of it, once."""
    desk, was_told = Desk(conn, house, now, f"o{sending.id}"), False
    if sending.reminder and isinstance(outcome, Delivered | Dead):
        was_told = remind.ended(desk, sending.reminder, is_sent=isinstance(outcome, Delivered))
    if isinstance(outcome, Dead):
        tell(conn, _never_arrives, desk, sending, outcome.blocked, was_told)


def _never_arrives(conn: Connection, desk: Desk, sending: Sending, blocked: bool, was_told: bool) -> None:
    person = people.by_chat(conn, sending.chat_id)
    if person is None:
        return
    if sending.name.startswith(call.CALL):
        _call_others(desk, sending.name, person)
    elif sending.name:
        note.tell_writer(desk, sending.name, person)
    if blocked and people.lost(conn, person.id, desk.now):
        return desk.tell_who_can_help(person, wording.UNREACHABLE)
    if was_told:
        return
    if _is_about_another(sending):
        if Role.ADMIN not in person.roles:  # or two admins out of reach would be told of each other for ever
            desk.tell_who_can_help(person, wording.NOT_ARRIVED)
    elif not blocked:  # or it is known already that they cannot be reached
        desk.tell_who_can_help(person, wording.NOT_ARRIVED)


def _call_others(desk: Desk, name: str, contact: Person) -> None:
    person = people.by_id(desk.conn, int(name.split(".")[1]))
    if person is not None and person.chat is not None:
        call.others(desk, person, contact)


def _is_about_another(sending: Sending) -> bool:
    """Whether it is what somebody else did, and not an answer to the one it is for; see `Desk.let_know`."""
    return sending.urgency == REMINDER and sending.reminder is None


def dead_letter(conn: Connection, waiting: Waiting, error: str, now: int, house: House) -> None:
    """An update was given up: its sender hears of it, and who can help; never what was in it."""
    desk = Desk(conn, house, now, f"d{waiting.update_id}")
    person = people.by_chat(conn, waiting.chat_id)
    if person is not None:
        # no question: what they said still answers the one on their screen, should it be tried again
        desk.let_know(person, Prompt(say_for(person)(wording.COULD_NOT)))
        desk.tell_who_can_help(person, wording.DEAD_LETTER)
