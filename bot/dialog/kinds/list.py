"""A list of people, one at a time; each has a hidden id that never changes."""

import re
from typing import Any

from bot import wording
from bot.dialog import choosing
from bot.dialog.kind import Asked, Given, Open, Shown
from bot.dialog.talk import Said
from bot.errors import NotUnderstood

_LONGEST = 60  # characters of a name
_MOST = 10  # items, unless the script says
_NOBODY = ("nobody", "no one", "noone", "none", "just me", "only me", "me", "no")
_ALL = (
    "done",
    "that's all",
    "that is all",
    "thats all",
    "no one else",
    "nobody else",
    "no",
    "that's everyone",
)


class List:
    """Names as the person writes them.

    Shape: the value is {"items": [{"id", "name"}], "next": int}; while open, "pending" holds words that may
    name more than one person. Ids are never used again.
    """

    takes = frozenset({"item", "nobody", "most", "private", "share_with"})
    needs = frozenset({"item"})
    example = "kind: list\nlabel: Who\nask: Who should be there?\nitem: attendee"
    fixed: tuple[str, ...] = ()
    counted = True
    spoken = False

    def show(self, asked: Asked) -> Shown:
        say, items = asked.here.say, _items(asked)
        if pending := (asked.value or {}).get("pending"):
            told = say(wording.HOW_MANY).format(words=pending)
            count = len(_apart(pending))
            return Shown(told, keys=(say(wording.ONE_PERSON), say(wording.MORE_PEOPLE).format(count=count)))
        if not items:
            nobody = asked.words(asked.question.nobody or wording.NOBODY)
            return Shown(asked.ask, say(wording.TYPE_A_NAME), (nobody,))
        names = say(wording.SO_FAR).format(names=_joined(items))
        off = tuple(say(wording.TAKE_OFF).format(name=i["name"]) for i in items)
        return Shown(
            asked.ask,
            f"{names}\n{say(wording.ANYONE_ELSE)}",
            (say(wording.THAT_IS_ALL), *off),
        )

    def read(self, asked: Asked, said: Said) -> Given | Open:
        text = " ".join(said.text.split())
        value = {"items": [], "next": 1, **(asked.value or {})}
        if not text:
            raise NotUnderstood(asked.here.say(wording.TYPE_A_NAME))
        if pending := value.pop("pending", None):
            return _how_many(asked, value, pending, text)
        if (ended := _ended(asked, value, text)) is not None:
            return ended
        if (gone := _taken_off(asked, value, text)) is not None:
            return Open(gone)
        if len(_apart(text)) > 1:
            return Open({**value, "pending": text})
        return _add(asked, value, [text])

    def words(self, asked: Asked, value: Any) -> str:
        return _joined(value.get("items", [])) or asked.words(asked.question.nobody or wording.NOBODY)

    def codes(self, value: Any) -> tuple[str, ...]:
        return tuple(i["id"] for i in value.get("items", []))


def _items(asked: Asked) -> list[dict[str, str]]:
    return list((asked.value or {}).get("items", []))


def _joined(items: list[dict[str, str]]) -> str:
    """The names in a row; "Mo, my brother" must not look like two people."""
    names = [item["name"] for item in items]
    return ("; " if any("," in name for name in names) else ", ").join(names)


def _ended(asked: Asked, value: dict[str, Any], text: str) -> Given | None:
    say, items = asked.here.say, value["items"]
    ends = (*_ALL, say(wording.THAT_IS_ALL), say(wording.DONE))
    nobody = (*_NOBODY, asked.words(asked.question.nobody or wording.NOBODY))
    if choosing.plain(text) in map(choosing.plain, ends if items else nobody):
        return Given(value)
    return None


def _taken_off(asked: Asked, value: dict[str, Any], text: str) -> dict[str, Any] | None:
    off = [asked.here.say(wording.TAKE_OFF).format(name=i["name"]) for i in value["items"]]
    found = next((n for n, label in enumerate(off) if choosing.plain(label) == choosing.plain(text)), None)
    if found is None:
        return None
    return {**value, "items": value["items"][:found] + value["items"][found + 1 :]}


def _apart(text: str) -> list[str]:
    """The names in words that may hold several."""
    names: list[str] = []
    for piece in re.split(r"[,;&+]|\band\b", text, flags=re.IGNORECASE):
        piece = piece.strip()
        if names and piece and _tells_who(piece) and not _tells_who(names[-1]):
            names[-1] += f", {piece}"
        elif piece:
            names.append(piece)
    return names


def _tells_who(words: str) -> bool:
    """Whether these words are no name but who somebody is: "my brother"."""
    return words.casefold().startswith(("my ", "our ", "a ", "the ", "who "))


def _how_many(asked: Asked, value: dict[str, Any], pending: str, text: str) -> Given | Open:
    say, apart = asked.here.say, _apart(pending)
    more = say(wording.MORE_PEOPLE).format(count=len(apart))
    found = choosing.same(text, [say(wording.ONE_PERSON), more])
    if found == 0 or choosing.says(text, "one"):
        return _add(asked, value, [pending])
    if found == 1 or choosing.says(text, "more", str(len(apart))):
        return _add(asked, value, apart)
    return Open({**value, "pending": pending})


def _add(asked: Asked, value: dict[str, Any], names: list[str]) -> Open:
    if any(len(name) > _LONGEST for name in names):
        raise NotUnderstood(asked.here.say(wording.TOO_LONG_NAME))
    known = {choosing.plain(i["name"]) for i in value["items"]}
    for name in names:
        if choosing.plain(name) in known:
            continue
        if len(value["items"]) >= (asked.question.most or _MOST):
            raise NotUnderstood(asked.here.say(wording.TOO_MANY))
        item = {"id": f"n{value['next']}", "name": name}
        value = {**value, "items": [*value["items"], item], "next": value["next"] + 1}
        known.add(choosing.plain(name))
    return Open(value)
