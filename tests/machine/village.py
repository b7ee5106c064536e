"""A small village for the machine: who writes to the bot, and what the bot does when they do.

Ann and Mo prepare with Ravi, their key contact; Gil is the admin; a stranger passes by now and then.
"""

from collections import Counter
from typing import Any

from sqlalchemy import Connection

from bot.actions import arrange, forget, hear, note, remind, tell
from bot.actions.desk import Desk, House
from bot.clock import MINUTE
from bot.dialog.talk import Heard, Prompt, Said
from bot.errors import FileNeeded
from bot.people import Person, Role
from bot.store import dates, people, talks
from bot.store.letters import Outcome, Sending, Waiting
from bot.store.talks import Talk

ANN, MO, RAVI, GIL, STRANGER = 101, 102, 103, 104, 109
PREPARING, HELPERS = (ANN, MO), (RAVI, GIL)
ZONE = "Europe/London"
DID = "did"
"""What the audit says when an update was worked out; it goes when the transaction is undone."""


class Village:
    """What the bot does with an update: short words, each with the real action behind it.

    Shape: "words", "two" for two replies, "done", "share", "clear" and "erase" from someone who prepares;
    "date 101 90" for Ann's talk in 90 minutes and "off 101" from Ravi; "blocks" and "returns" from anybody;
    "poison" never succeeds, "stumble" does at the third try, "file" needs one from Telegram.
    """

    def __init__(self) -> None:
        self.house = House(ZONE)
        self.tries: Counter[int] = Counter()

    def settle_in(self, conn: Connection) -> None:
        """Gil and Ravi are here; the others come when they first write."""
        for chat, role in ((GIL, Role.ADMIN), (RAVI, Role.KEY_CONTACT)):
            number = people.add(conn, chat, f"name of {chat}", "en", ZONE, 0)
            people.give_role(conn, number, people.first_team(conn, "team"), role)

    def read(self, update: dict[str, Any]) -> Heard:
        """An update as the program understands it."""
        message = update["message"]
        words = message["text"]
        blocked = {"blocks": True, "returns": False}.get(words)
        return Heard(update["update_id"], message["chat"]["id"], said=Said(words), blocked=blocked)

    def hear(self, conn: Connection, heard: Heard, at: int, file: Any) -> None:
        """Act on one update, in its transaction; that it was done is kept with all the rest."""
        desk = Desk(conn, self.house, at, f"u{heard.update}")
        people.note(conn, None, DID, heard.chat, at, str(heard.update))
        if heard.blocked is not None:
            return hear.hear(desk, heard)
        person = people.by_chat(conn, heard.chat) or self._joins(desk, heard.chat)
        if person is None:
            return desk.write(heard.chat, Prompt("nobody has invited you"))
        what, *rest = heard.said.text.split()
        self.tries[heard.update] += 1
        desk.tell(person, Prompt(f"heard {heard.update}"), *([Prompt("and more")] if what == "two" else ()))
        if what == "poison" or (what == "stumble" and self.tries[heard.update] < 3):
            raise ValueError("these words are too much for the bot")
        if what == "file" and not file(f"file {heard.update}"):
            raise FileNeeded(f"file {heard.update}")
        if person.chat == RAVI:
            return self._arranges(desk, person, heard, what, *map(int, rest)) if rest else None
        return self._prepares(desk, person, what) if person.chat in PREPARING else None

    def _joins(self, desk: Desk, chat: int) -> Person | None:
        if chat not in PREPARING:
            return None
        contact = people.by_chat(desk.conn, RAVI)
        assert contact is not None
        number = people.add(desk.conn, chat, f"name of {chat}", "en", ZONE, desk.now)
        people.give_role(desk.conn, number, people.first_team(desk.conn, "team"), Role.PERSON)
        people.set_key_contact(desk.conn, number, contact.id)
        return people.by_id(desk.conn, number)

    def _prepares(self, desk: Desk, person: Person, what: str) -> None:
        talk = talks.of_person(desk.conn, person.id) or talks.begin(desk.conn, person, "any", desk.now)
        if what in ("clear", "erase"):
            return forget.forget(desk, person, talk, entirely=what == "erase")
        if what == "share":
            self._shares(desk, person, talk)
        return remind.plan_unfinished(desk, person, talk, is_done=what == "done")

    def _shares(self, desk: Desk, person: Person, talk: Talk) -> None:
        contact = people.key_contact_of(desk.conn, person)
        assert contact is not None
        desk.let_know(contact, Prompt("what she shares"), key=note.key_of(talk.id))

    def _arranges(
        self, desk: Desk, contact: Person, heard: Heard, what: str, chat: int, ahead: int = 0
    ) -> None:
        person = people.by_chat(desk.conn, chat)
        talk = person and talks.of_person(desk.conn, person.id)
        if talk:
            agreed = dates.agreed(desk.conn, talk.id) if what == "off" else None
            tapped = Said(tapped="sure" if what == "off" else "yes")
            minutes = agreed.starts_at // MINUTE if agreed else desk.now // MINUTE + ahead
            arrange.pressed(desk, contact, f"{talk.id}/{minutes}", Heard(heard.update, RAVI, said=tapped))

    def settled(self, conn: Connection, sending: Sending, outcome: Outcome, at: int) -> None:
        """What became of a message, for whoever must hear of it."""
        tell.settled(conn, sending, outcome, at, self.house)

    def dead_letter(self, conn: Connection, waiting: Waiting, error: str, at: int) -> None:
        """An update was given up."""
        tell.dead_letter(conn, waiting, error, at, self.house)

    def due(self, conn: Connection, at: int) -> int:
        """Reminders whose time has come."""
        return remind.due(conn, at, self.house)
