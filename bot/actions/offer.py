"""Words said when nothing is asked: kept, and passed on to the key contact if the person wants that."""

from dataclasses import replace

from bot import wording
from bot.actions import access, note
from bot.actions.desk import Desk, say_for
from bot.dialog import choosing
from bot.dialog.answers import Answer
from bot.dialog.commands import meant
from bot.dialog.kind import Here
from bot.dialog.path import current
from bot.dialog.talk import CUT, Button, Fact, Heard, Prompt, Said, State, Turn, length
from bot.errors import NotFound
from bot.people import Person
from bot.store import people, screen, talks
from bot.store.talks import Talk

_SOON = 15 * 60
"""Units: seconds."""
PLACE = "@words/"
"""Where they are kept, with a number behind it; no question of a script can have this id."""


def is_for_nothing(here: Here, said: Said, turn: Turn) -> bool:
    """Whether nobody would ever read these words: the talk has ended or stopped, and they ask for nothing.

    Shape: a thank you is no such thing; it was answered.
    """
    if not (here.stopped or current(here) is None) or turn.facts or turn.events or not turn.prompts:
        return False
    words, polite = choosing.plain(said.text).split(), here.say(wording.FINE).split(", ")
    is_polite = "?" not in said.text and set(words) <= set(polite)
    return bool(words) and not said.tapped and not is_polite and meant(here.say, said.text) is None


def make(desk: Desk, person: Person, talk: Talk, said: Said) -> None:
    """Keep these words, and ask whether their key contact shall have them.

    Shape: a phone sends a long text in several parts; they belong together.
    """
    contact, words = people.key_contact_of(desk.conn, person), said.text.strip()
    if contact is None or talk.draft:
        return
    kept = talks.latest(desk.conn, talk)
    count = sum(place.startswith(PLACE) for place in kept)
    last = kept.get(f"{PLACE}{count}")
    if last and not last.value["passed"] and _goes_on(last.value, said):
        people.expect(desk.conn, person.id, f"pass/{talk.id}/{count}")
        return _keep(desk, talk, count, f"{last.value['words']}\n{words}", said.at, is_cut=_is_cut(words))
    _keep(desk, talk, count + 1, words, said.at, is_cut=_is_cut(words))
    say, place = say_for(person), f"pass/{talk.id}/{count + 1}"
    people.expect(desk.conn, person.id, place)
    asked = say(wording.PASS_ON).format(words=choosing.short(words), name=contact.name)
    yes, no = Button("yes", say(wording.PASS_ON_YES), place), Button("no", say(wording.PASS_ON_NO), place)
    return desk.tell(person, Prompt(asked, buttons=(yes, no)))


def _is_cut(words: str) -> bool:
    """Whether these may be only the first part of a text."""
    return length(words) >= CUT


def _goes_on(last: dict[str, object], said: Said) -> bool:
    return bool(last.get("cut")) and 0 <= said.at - int(str(last["at"])) <= 1


def _keep(
    desk: Desk, talk: Talk, count: int, words: str, at: int, *, is_cut: bool = False, passed: bool = False
) -> None:
    """Keep them with the talk: sealed, and gone with it."""
    value = {"words": words, "at": at, "cut": is_cut, "passed": passed}
    talks.keep(desk.conn, talk, [Fact(f"{PLACE}{count}", State.GIVEN, value)], desk.now, None, None)


def is_reply(desk: Desk, person: Person, number: str, said: Said) -> bool:
    """Whether these words say yes or no to passing words on, and soon.

    Shape: later, or when something else has come meanwhile, it may be a yes to that.
    """
    if not _reply(person, said) or not screen.is_newest_a_reply(desk.conn, person.chat):
        return False
    _, _, kept = _kept(desk, person, number)
    return kept is not None and said.at - int(kept.value["at"]) <= _SOON


def replied(desk: Desk, person: Person, number: str, said: Said) -> None:
    """The same as the button."""
    pressed(desk, person, number, Heard(0, 0, said=replace(said, tapped=_reply(person, said))))


def _reply(person: Person, said: Said) -> str:
    """The button these words stand for; "" for none."""
    say = say_for(person)
    if said.thing:
        return ""
    if choosing.stands_for(said.text, say(wording.PASS_ON_YES), say(wording.PASS_ON_YES_TYPED)):
        return "yes"
    is_no = choosing.stands_for(said.text, say(wording.PASS_ON_NO), say(wording.PASS_ON_NO_TYPED))
    return "no" if is_no else ""


def _kept(desk: Desk, person: Person, place: str) -> tuple[Talk, int, Answer | None]:
    """The talk, the number of the words in it, and the words."""
    number, _, count = place.partition("/")
    talk, which = access.own_talk(desk, person, access.number(number)), access.number(count)
    return talk, which, talks.latest(desk.conn, talk).get(f"{PLACE}{which}")


def pressed(desk: Desk, person: Person, number: str, heard: Heard) -> None:
    """A button under that question; they can think better of a no."""
    talk, count, kept = _kept(desk, person, number)
    contact, say = people.key_contact_of(desk.conn, person), say_for(person)
    if kept is None or contact is None:
        raise NotFound(f"words {number}")
    if kept.value["passed"]:
        return desk.tell(person, Prompt(say(wording.PASSED_ON_BEFORE).format(name=contact.name)))
    if heard.said.tapped != "yes":
        return desk.tell(person, Prompt(say(wording.NOTE_DROPPED)))
    words, at = kept.value["words"], kept.value["at"]
    _keep(desk, talk, count, words, at, passed=True)
    note.carry(desk, person, contact, talk.id, words, wording.NOTE_TITLE, at)
    people.note(desk.conn, person.id, "wrote", contact.id, desk.now)
    return desk.tell(person, Prompt(say(wording.NOTE_SENT).format(name=contact.name)))
