"""A name, and how somebody is known, in what was typed: "Mo, my brother", "my brother Mo", "Mo (brother)"."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from bot import wording
from bot.dialog.talk import Say

_WORDS_AFTER = 2  # of a name that begins with a small letter, after "my brother"
_WORDS_OF_A_NAME = 5
_ANY_CASE = re.IGNORECASE | re.DOTALL


def apart(text: str, tells: Callable[[str, str], bool] | None = None) -> list[str]:
    """The names in words that may hold several; "Mo, my brother" is one, "Mo and my brother" are two.

    Shape: `tells` is whether the second words say who the first are.
    """
    tells = tells or _begin_like_who
    names: list[str] = []
    glue = ""
    for number, piece in enumerate(re.split(r"([,;&+]|\band\b)", text, flags=re.IGNORECASE)):
        piece = piece.strip()
        if number % 2:
            glue = piece if names else ""
        elif piece and glue == "," and tells(names[-1], piece):
            names[-1] += f", {piece}"
        elif piece:
            names.append(piece)
    return names


def begins_like_who(words: str) -> bool:
    """Whether these words are no name but who somebody is: "my brother"."""
    return words.casefold().startswith(("my ", "our ", "a ", "the ", "who "))


def goes_by(words: str, say: Say) -> str:
    """The name in what somebody wants to be called: "Call me Annie, not Ann" as "Annie"; "" for none."""
    # one space between words, or a long row of them would be looked through over and over
    lines = [" ".join(line.split()) for line in words.replace("’", "'").splitlines()]
    text = "\n".join(filter(None, lines)).strip(" .!")
    found = None if text.isalpha() else _around_a_name(say).fullmatch(text)  # one word has nothing around it
    name = " ".join(found[1].split()) if found else text
    is_none = not {name.casefold(), text.casefold().rstrip("?")}.isdisjoint(_no_names(say))
    return "" if is_none or len(name.split()) > _WORDS_OF_A_NAME else name


@cache
def _around_a_name(say: Say) -> re.Pattern[str]:
    leads, ends = _any_of(say(wording.LEADS_TO_A_NAME)), _any_of(say(wording.ENDS_A_NAME))
    end = rf"\s?[,;(!?\n].*|\s[-–—]\s.*|\s(?:{ends})\b.*"
    return re.compile(rf"(?:(?:{leads})\s)*(.+?)(?:{end})?", _ANY_CASE)


@cache
def _no_names(say: Say) -> frozenset[str]:
    return frozenset(_split(say(wording.NOT_CALLED)))


def _begin_like_who(first: str, second: str) -> bool:
    return begins_like_who(second) and not begins_like_who(first)


def in_a_row(names: list[str]) -> str:
    """Names one after the other; "Mo, my brother" must not look like two people."""
    return ("; " if any("," in name for name in names) else ", ").join(names)


def names(value: Any) -> str:
    """The names of a list, without how they are known; "" when there are none."""
    items = value.get("items", ()) if isinstance(value, dict) else ()
    return in_a_row([item["name"] for item in items])


def name_of(value: Any, number: str) -> str:
    """The name of the item of this id; "" when there is none."""
    items = value.get("items", ()) if isinstance(value, dict) else ()
    return next((str(item["name"]) for item in items if item["id"] == number), "")


def known(value: Any, number: str) -> str:
    """How the item of this id is known; "" when nobody said."""
    items = value.get("items", ()) if isinstance(value, dict) else ()
    return next((str(item.get("known", "")) for item in items if item["id"] == number), "")


class Naming:
    """Who people are to each other, in the words of one language."""

    def __init__(self, say: Say) -> None:
        self._mine = tuple(_split(say(wording.MINE)))
        self._who = frozenset(_split(say(wording.WHO_PEOPLE_ARE)))
        self._called = frozenset(_split(say(wording.WHO_PEOPLE_ARE_CALLED)))
        self._also = frozenset(_split(say(wording.BEFORE_A_NAME)))
        self._no_end = frozenset(_split(say(wording.NO_END_OF_A_NAME)))
        self._they_are = re.compile(rf"[.,;]?\s+(?:{_any_of(say(wording.THEY_ARE))})\s+", _ANY_CASE)
        leads, ends = _any_of(say(wording.LEADS_TO_PEOPLE)), _any_of(say(wording.AFTER_PEOPLE))
        self._wanted = re.compile(rf"(?:(?:{leads})\s+)?(.+?)(?:,?\s+(?:{ends}))*[.!]*", _ANY_CASE)

    def only(self, text: str) -> str:
        """Who is named, without the sentence around: "I want Mo to come" as "Mo"."""
        found = self._wanted.fullmatch(self._they_are.sub(", ", text.replace("’", "'").strip()))
        return found[1] if found else text

    def tells_who(self, words: str) -> bool:
        """Whether this is who somebody is, said beside a name: "my brother", "support worker"."""
        return begins_like_who(words) or set(words.casefold().split()) <= self._who

    def tells_of(self, first: str, second: str) -> bool:
        """Whether the second words only say who the first are: "Mo", "my brother"."""
        is_no_name = self.is_no_name(first) and not self.told(first)[1]
        if self.tells_who(first) or is_no_name or not self.tells_who(second):
            return False
        name, known = self.told(second)
        return not (known and name[:1].isupper())

    def is_no_name(self, words: str) -> bool:
        """Whether somebody is called only by who they are: "my support worker", "Mum", "not my mum"."""
        bare = set(words.casefold().split())
        return not bare.isdisjoint(self._mine) or bare <= self._who | self._called

    def told(self, text: str) -> tuple[str, str]:
        """The name, and who they are; "" when that is not said."""
        text = self._bare(self.only(text).rstrip("."))
        if found := re.fullmatch(r"(.+?)\s*\((.+)\)", text):
            return found[1], self._small(found[2])
        found = re.fullmatch(r"(.+?)(?:,|\s[-–—]|\s(?:who )?is)\s+(.+)", text)
        if found and self.tells_who(found[2]) and not self.is_no_name(found[1]):
            return found[1], self._small(found[2])
        words = text.split()
        if words[0].casefold() in self._mine:
            return self._my_brother_mo(words)
        mine = next((n for n, word in enumerate(words) if word.casefold() in self._mine), 0)
        name = " ".join(words[:mine]).rstrip(" ,")
        is_name = bool(name) and words[mine - 1].casefold() not in self._no_end
        return (name, " ".join(words[mine:])) if is_name else (text, "")

    def _bare(self, text: str) -> str:
        """The same without what only leads to a name: "and Mo", "maybe my sister"."""
        first, _, others = text.partition(" ")
        return others if others and first.casefold() in self._also else text

    def _my_brother_mo(self, words: list[str]) -> tuple[str, str]:
        """Words that begin with who somebody is, and may end with the name."""
        known = self._who | self._called
        last = max((n for n, word in enumerate(words) if word.casefold() in known), default=0)
        named = len(words)
        while named - 1 > last and words[named - 1][0].isupper():
            named -= 1
        if named == len(words) and last and named - last - 1 <= _WORDS_AFTER:
            named = last + 1
        who, name = words[:named], words[named:]
        return (" ".join(name), self._small(" ".join(who))) if name else (" ".join(words), "")

    def _small(self, words: str) -> str:
        """Words that may stand inside a sentence: "My brother" as "my brother"."""
        first = words.partition(" ")[0].casefold()
        is_small = first in self._mine or first in self._who or begins_like_who(words)
        return first + words[len(first) :] if is_small else words


@cache
def people_in(say: Say) -> Naming:
    """The same for a language every time: making it takes longer than asking it."""
    return Naming(say)


def _any_of(words: str) -> str:
    """A pattern for any of these; the longest first."""
    return "|".join(sorted(map(re.escape, _split(words)), key=len, reverse=True))


def _split(words: str) -> list[str]:
    return [each.strip() for each in words.split(",")]
