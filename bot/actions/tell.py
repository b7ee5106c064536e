"""What is told when a message cannot arrive, or an update cannot be handled."""

from sqlalchemy import Connection

from bot import wording
from bot.actions import remind
from bot.actions.desk import Desk, House, say_for
from bot.dialog.talk import Prompt
from bot.store import people
from bot.store.letters import Dead, Delivered, Outcome, Sending, Waiting


def settled(conn: Connection, sending: Sending, outcome: Outcome, now: int, house: House) -> None:
    """A message arrived, or never will: its reminder ends, and a person out of reach is told of."""
    desk = Desk(conn, house, now, f"o{sending.id}")
    if sending.reminder and isinstance(outcome, Delivered | Dead):
        remind.ended(desk, sending.reminder, is_sent=isinstance(outcome, Delivered))
    person = people.by_chat(conn, sending.chat_id)
    if not isinstance(outcome, Dead) or person is None:
        return
    if outcome.blocked and not people.lost(conn, person.id, now):
        return
    words = wording.UNREACHABLE if outcome.blocked else wording.NOT_ARRIVED
    desk.tell_who_can_help(person, words)


def dead_letter(conn: Connection, waiting: Waiting, error: str, now: int, house: House) -> None:
    """An update was given up: its sender hears of it, and who can help; never what was in it."""
    desk = Desk(conn, house, now, f"d{waiting.update_id}")
    person = people.by_chat(conn, waiting.chat_id)
    if person is not None:
        desk.tell(person, Prompt(say_for(person)(wording.COULD_NOT)))
        desk.tell_who_can_help(person, wording.DEAD_LETTER)
