"""What every action has at hand: the transaction, the time, and a way to tell people things."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from bot.actions.foresee import Foreseen, Wanted
from bot.clock import moment
from bot.dialog.box import Box
from bot.dialog.script import Script
from bot.dialog.talk import Prompt, Say
from bot.errors import FileNeeded
from bot.i18n import date_in_words, is_spoken, sayer
from bot.people import Person, Role
from bot.store import outgoing, people
from bot.store.letters import REMINDER, REPLY


def _no_file(file: str) -> bytes:
    raise FileNeeded(file)


def _no_forecast(wanted: Wanted, who: int) -> Foreseen:
    raise FileNeeded(str(who))


@dataclass(frozen=True, slots=True)
class House:
    """What the program knows of the place it runs in.

    Shape: `link` makes an invitation's address from its token; `file` gives a document that was fetched,
    and `forecast` what would follow from a new version; both raise FileNeeded before they know. `scripts`
    are those that were read, by number and stage, and `boxes` by number.
    """

    zone: str
    link: Callable[[str], str] = str
    file: Callable[[str], bytes] = _no_file
    forecast: Callable[[Wanted, int], Foreseen] = _no_forecast
    scripts: dict[tuple[int, int], Script] = field(default_factory=dict)
    boxes: dict[int, Box] = field(default_factory=dict)


@dataclass(slots=True)
class Desk:
    """One action at work.

    Shape: `key` makes the messages of this action unique, so that doing it twice sends them once.
    Units: `now` in milliseconds since 1970, UTC.
    """

    conn: Connection
    house: House
    now: int
    key: str
    _told: int = field(default=0)

    def tell(self, person: Person, *prompts: Prompt, edits: int = 0) -> None:
        """Answer someone with these messages, in this order; nobody hears anything when they have gone."""
        if person.chat is not None:
            self.write(person.chat, *prompts, edits=edits)

    def let_know(self, person: Person, *prompts: Prompt, key: str = "") -> None:
        """Tell someone what another person did.

        Shape: it goes after what they are being answered just now, and is no question of their talk: words
        they write while it is on its way still belong to the question they see.
        """
        if person.chat is not None:
            self.write(person.chat, *prompts, key=key, urgency=REMINDER)

    def tell_key_contact(self, person: Person, words: str) -> None:
        """Let the key contact know something about this person."""
        contact = people.key_contact_of(self.conn, person)
        if contact is not None:
            self.let_know(contact, Prompt(say_for(contact)(words).format(name=person.name)))

    def tell_who_can_help(self, person: Person, words: str) -> None:
        """Let someone know that this person has trouble here.

        Shape: see `helpers`.
        """
        for helper in self.helpers(person):
            self.let_know(helper, Prompt(say_for(helper)(words).format(name=person.name)))

    def helpers(self, person: Person, contact: Person | None = None) -> list[Person]:
        """Who can see to this person outside of their chat.

        Shape: `contact`, else their key contact; when there is none, or none that can be reached, the admins.
        """
        if contact is None or contact.chat is None:
            contact = people.key_contact_of(self.conn, person)
        found = [contact] if contact else []
        if not found or people.is_lost(self.conn, found[0].id):
            found = people.having(self.conn, Role.ADMIN)
        return [each for each in found if each.id != person.id]

    def write(self, chat: int, *prompts: Prompt, edits: int = 0, key: str = "", urgency: int = REPLY) -> None:
        """Send these messages to a chat."""
        self._told += 1
        name = f"{key}{self.key}.{self._told}"
        outgoing.put_out(self.conn, chat, prompts, name, self.now, urgency=urgency, edits_message=edits)

    def date(self, instant: int, person: Person) -> str:
        """An instant as this person says it, in the language of the words around it."""
        language = person.language if is_spoken(person.language) else "en"
        return date_in_words(moment(instant), person.zone, language)


def say_for(person: Person) -> Say:
    """Words in this person's language."""
    return sayer(person.language)
