"""How to reach somebody: a number, an email, a contact from the phone, or words."""

import re
from typing import Any

from bot import wording
from bot.dialog import choosing
from bot.dialog.answers import PLACE
from bot.dialog.doubt import keeps
from bot.dialog.kind import Asked, Given, Open, Shown
from bot.dialog.talk import Said
from bot.errors import NotUnderstood

_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"\+?\(?\d[\d\s().\-/]*\d")
_FEWEST, _MOST = 7, 15  # digits of a whole number. Source: ITU-T E.164 for the most
_ODD = 3  # digits that may be meant as a number


class Contact:
    """Whatever is typed is kept; what looks like half a number is asked about once.

    Shape: the value holds "name", "phone", "email" and "words", as many of them as were said; the words are
    all that was typed, when that was more. While open, "pending" is asked about.
    """

    takes = frozenset({"private", "share_with"})
    needs = frozenset[str]()
    example = "kind: contact\nlabel: How to reach me\nask: How can we reach you?"
    fixed: tuple[str, ...] = ()
    counted = False
    spoken = True

    def show(self, asked: Asked) -> Shown:
        say = asked.here.say
        if pending := (asked.value or {}).get("pending"):
            words = wording.ODD_EMAIL if "@" in pending else wording.ODD_PHONE
            told = say(words).format(words=choosing.short(pending))
            return Shown(told, say(wording.TYPE_AGAIN), (say(wording.ODD_YES), say(wording.KEEP_WORDS)))
        mine = () if PLACE in asked.place else (say(wording.SEND_NUMBER),)  # there it is about somebody else
        wants = tuple((label, "contact") for label in mine)
        return Shown(asked.ask, say(wording.TYPE_A_CONTACT), mine, wants=wants)

    def read(self, asked: Asked, said: Said) -> Given | Open:
        say, text, value = asked.here.say, said.text.strip(), dict(asked.value or {})
        if said.card:
            name, phone = said.card
            return Given({**({"name": name} if name else {}), "phone": phone})
        if not text:
            raise NotUnderstood(say(wording.EMPTY))
        if choosing.says(text, say(wording.SEND_NUMBER)):
            raise NotUnderstood(say(wording.SEND_NUMBER_HOW))
        if pending := value.pop("pending", ""):
            if choosing.says(text, say(wording.ODD_YES), "yes"):
                return Given({"email" if "@" in pending else "phone": pending})
            if keeps(asked, text):
                return Given({"words": pending})
        found = _found(text)
        return Open({**value, "pending": text}) if not found and _is_odd(text) else Given(_whole(found, text))

    def words(self, asked: Asked, value: Any) -> str:
        words = str(value.get("words", ""))
        parts = [value[key] for key in ("name", "phone", "email") if value.get(key)]
        return ", ".join(filter(None, [*(part for part in parts if part not in words), words]))

    def codes(self, value: Any) -> tuple[str, ...]:
        return ()


def _found(text: str) -> dict[str, str]:
    """The first email and the first whole number in these words."""
    found = {}
    if email := _EMAIL.search(text):
        found["email"] = email[0]
    numbers = (each[0] for each in _NUMBER.finditer(_EMAIL.sub(" ", text)))
    if phone := next((each for each in numbers if _FEWEST <= _digits(each) <= _MOST), ""):
        found["phone"] = phone
    return found


def _whole(found: dict[str, str], text: str) -> dict[str, str]:
    """What was found, and all the words when they say more."""
    return found if text in found.values() else {**found, "words": text}


def _is_odd(text: str) -> bool:
    """Whether this may be a number or an email with something missing."""
    return _digits(text) >= _ODD and not re.search(r"[^\W\d]", text) or bool(re.search(r"\S@|@\S", text))


def _digits(text: str) -> int:
    return sum(each.isdigit() for each in text)
