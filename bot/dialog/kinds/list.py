"""A list of people, one at a time; each has a hidden id that never changes."""

import re
from typing import Any

from bot import wording
from bot.dialog import choosing, naming
from bot.dialog.answers import parts
from bot.dialog.kind import Asked, Given, Open, Shown
from bot.dialog.talk import Said
from bot.errors import NotUnderstood

_LONGEST = 60  # characters of a name, and of how somebody is known
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
_KNOWN = (wording.KNOWN_FAMILY, wording.KNOWN_FRIEND, wording.KNOWN_PAID)

_OF_THINGS = {
    wording.TYPE_A_NAME: wording.TYPE_ONE,
    wording.ANYONE_ELSE: wording.ONE_MORE,
    wording.THAT_IS_ALL: wording.NOTHING_ELSE,
    wording.HOW_MANY: wording.HOW_MANY_THINGS,
    wording.ONE_PERSON: wording.ONE_THING,
    wording.MORE_PEOPLE: wording.MORE_THINGS,
    wording.TOO_MANY: wording.TOO_MANY_THINGS,
    wording.TOO_LONG_NAME: wording.TOO_LONG_THING,
}

Value = dict[str, Any]


class List:
    """Names as the person writes them, and how they know each when the script asks that.

    Shape: the value is {"items": [{"id", "name", "known"}], "next": int}; there is no "known" when nobody
    asked. While open, "pending" holds words that may name more than one person, "asks" the ids of those still
    to ask about, "about" the id of who is being changed. Ids are never used again.
    """

    takes = frozenset({"item", "how_known", "of", "nobody", "most", "private", "share_with"})
    needs = frozenset({"item"})
    example = "kind: list\nlabel: Who\nask: Who should be there?\nitem: attendee"
    fixed: tuple[str, ...] = ()
    counted = True
    spoken = False

    def show(self, asked: Asked) -> Shown:
        value, say = {"items": [], **(asked.value or {})}, asked.here.say
        if pending := value.get("pending"):
            told = _say(asked, wording.HOW_MANY).format(words=pending)
            more = _say(asked, wording.MORE_PEOPLE).format(count=len(_apart(asked, pending)))
            return Shown(
                told, keys=(_say(asked, wording.ONE_PERSON), more), passed=Open(_without(value, "pending"))
            )
        if about := _item(value, value.get("about")):
            return _changing(asked, value, about)
        if unknown := _unknown(value):
            keys = tuple(map(say, _KNOWN))  # Skip stands below them anyway
            passed = Open(_known(value, unknown["id"], ""))
            return Shown(_how_known(asked, unknown), say(wording.KNOWN_TYPE), keys, passed=passed)
        return _everyone(asked, value)

    def read(self, asked: Asked, said: Said) -> Given | Open:
        text = " ".join(said.text.split())
        value = {"items": [], "next": _first_free(asked), **(asked.value or {})}
        if not text:
            raise NotUnderstood(_say(asked, wording.TYPE_A_NAME))
        if pending := value.pop("pending", None):
            return _how_many(asked, value, pending, text)
        if (ended := _ended(asked, value, text)) is not None:
            return ended
        if (step := _taken_off(asked, value, text) or _renamed(asked, value, text)) is not None:
            return Open(step)
        if about := _item(value, value.pop("about", None)):
            return Open(_changed(asked, value, about, text))
        if unknown := _unknown(value):
            return Open(_known(value, unknown["id"], _as_known(asked, text)))
        pieces = _apart(asked, text)
        if len(pieces) > 1 and not _all_told(asked, pieces):
            return Open({**value, "pending": text})
        return _add(asked, value, pieces if len(pieces) > 1 else [text])

    def words(self, asked: Asked, value: Any) -> str:
        say = asked.here.say
        told = [
            say(wording.NAME_AND_KNOWN).format(name=i["name"], known=i["known"])
            if i.get("known")
            else i["name"]
            for i in value.get("items", [])
        ]
        return naming.in_a_row(told) or asked.words(asked.question.nobody or wording.NOBODY)

    def codes(self, value: Any) -> tuple[str, ...]:
        return tuple(i["id"] for i in value.get("items", []))


def _item(value: Value, number: str | None) -> dict[str, str] | None:
    return next((i for i in value["items"] if i["id"] == number), None)


def _first_free(asked: Asked) -> int:
    """The number of the first item: a list that was skipped in between does not know its ids any more."""
    items = (parts(place)[1].removeprefix("n") for place in asked.here.answers)
    return 1 + max((int(item) for item in items if item.isdecimal()), default=0)


def _say(asked: Asked, words: str) -> str:
    """Words about people, or about things."""
    return asked.here.say(_OF_THINGS.get(words, words) if asked.question.of == "things" else words)


def _without(value: Value, *keys: str) -> Value:
    return {key: each for key, each in value.items() if key not in keys}


def _everyone(asked: Asked, value: Value) -> Shown:
    """The list as it stands, and what can be done with it."""
    say, items = asked.here.say, value["items"]
    if not items:
        nobody = asked.words(asked.question.nobody or wording.NOBODY)
        return Shown(asked.ask, _say(asked, wording.TYPE_A_NAME), (nobody,))
    so_far = say(wording.SO_FAR).format(names=List().words(asked, value))
    label = wording.CHANGE_NAME if asked.question.how_known else wording.TAKE_OFF
    each = tuple(say(label).format(name=i["name"]) for i in items)
    below = f"{so_far}\n{_say(asked, wording.ANYONE_ELSE)}"
    return Shown(asked.ask, below, (_say(asked, wording.THAT_IS_ALL), *each), passed=Given(_whole(value)))


def _whole(value: Value) -> Value:
    return {"items": value["items"], "next": value["next"]}


def _ended(asked: Asked, value: Value, text: str) -> Given | None:
    say, items = asked.here.say, value["items"]
    ends = (*_ALL, _say(asked, wording.THAT_IS_ALL), say(wording.DONE))
    nobody = (*_NOBODY, asked.words(asked.question.nobody or wording.NOBODY))
    if choosing.plain(text) in map(choosing.plain, ends if items else nobody):
        return Given(_whole(value))
    return None


# ---- names


def _apart(asked: Asked, text: str) -> list[str]:
    if not asked.question.how_known:
        return naming.apart(text)
    who = naming.people_in(asked.here.say)
    return naming.apart(who.only(text), who.tells_of)


def _all_told(asked: Asked, pieces: list[str]) -> bool:
    """Whether each piece names somebody and says who they are: then they are that many people."""
    known = asked.question.how_known and [naming.people_in(asked.here.say).told(piece)[1] for piece in pieces]
    return bool(known) and all(known)


def _how_many(asked: Asked, value: Value, pending: str, text: str) -> Given | Open:
    apart = _apart(asked, pending)
    more = _say(asked, wording.MORE_PEOPLE).format(count=len(apart))
    found = choosing.same(text, [_say(asked, wording.ONE_PERSON), more])
    if found == 0 or choosing.says(text, "one"):
        return _add(asked, value, [pending])
    if found == 1 or choosing.says(text, "more", str(len(apart))):
        return _add(asked, value, apart)
    raise NotUnderstood(asked.here.say(wording.PICK_BUTTON))


def _add(asked: Asked, value: Value, texts: list[str]) -> Open:
    for text in texts:
        name, known = naming.people_in(asked.here.say).told(text) if asked.question.how_known else (text, "")
        _check_length(asked, name, known)
        there = [i for i in value["items"] if choosing.plain(i["name"]) == choosing.plain(name)]
        if there and (not known or there[0].get("known", "") in ("", known)):
            value = _known(value, there[0]["id"], known) if known else value
            continue
        if len(value["items"]) >= (asked.question.most or _MOST):
            raise NotUnderstood(_say(asked, wording.TOO_MANY))
        value = _one_more(asked, value, name, known)
    return Open(value)


def _one_more(asked: Asked, value: Value, name: str, known: str) -> Value:
    item = {"id": f"n{value['next']}", "name": name}
    value = {**value, "items": [*value["items"], item], "next": value["next"] + 1}
    if not asked.question.how_known:
        return value
    if known or naming.people_in(asked.here.say).is_no_name(name):
        return _known(value, item["id"], known)
    return {**value, "asks": [*value.get("asks", ()), item["id"]]}


def _check_length(asked: Asked, name: str, known: str) -> None:
    if len(name) > _LONGEST:
        raise NotUnderstood(_say(asked, wording.TOO_LONG_NAME))
    if len(known) > _LONGEST:
        raise NotUnderstood(asked.here.say(wording.TOO_LONG_KNOWN))


# ---- how they are known


def _unknown(value: Value) -> dict[str, str] | None:
    """The first of those still to ask about."""
    return next((item for number in value.get("asks", ()) if (item := _item(value, number))), None)


def _how_known(asked: Asked, item: dict[str, str]) -> str:
    said = asked.words(asked.question.how_known)
    return said.replace(f"{{{asked.question.item}.name}}", item["name"])


def _as_known(asked: Asked, text: str) -> str:
    """How somebody is known, as it stands behind a name; "" when that is skipped."""
    _check_length(asked, "", text)
    say = asked.here.say
    if choosing.says(text, say(wording.KNOWN_SKIP)):
        return ""
    found = choosing.same(text, list(map(say, _KNOWN)))
    if found is None:
        return text
    label = say(_KNOWN[found])
    return label[:1].lower() + label[1:]


def _known(value: Value, number: str, known: str) -> Value:
    items = [{**item, "known": known} if item["id"] == number else item for item in value["items"]]
    asks = [each for each in value.get("asks", ()) if each != number]
    return {**_without(value, "asks"), "items": items, **({"asks": asks} if asks else {})}


# ---- changes


def _taken_off(asked: Asked, value: Value, text: str) -> Value | None:
    off = [asked.here.say(wording.TAKE_OFF).format(name=i["name"]) for i in value["items"]]
    found = next((n for n, label in enumerate(off) if choosing.plain(label) == choosing.plain(text)), None)
    if found is None:
        return None
    items = value["items"][:found] + value["items"][found + 1 :]
    return {**_without(value, "about"), "items": items}


def _renamed(asked: Asked, value: Value, text: str) -> Value | None:
    """ "Change Mo" opens one name; "change Mo to Moses" changes it at once."""
    say = asked.here.say
    for item in value["items"]:
        if choosing.says(text, say(wording.CHANGE_NAME).format(name=item["name"])):
            return {**value, "about": item["id"]}
        pattern = re.escape(say(wording.CHANGE_TO).format(name=item["name"], new="\0"))
        if found := re.fullmatch(pattern.replace(re.escape("\0"), "(.+)"), text, re.IGNORECASE):
            return _named(asked, value, item, found[1])
    return None


def _changing(asked: Asked, value: Value, item: dict[str, str]) -> Shown:
    """One name, opened to change it."""
    say, name = asked.here.say, item["name"]
    known = (wording.CHANGE_KNOWN,) if asked.question.how_known else ()
    labels = (*known, wording.TAKE_OFF, wording.CHANGE_NOTHING)
    keys = tuple(say(label).format(name=name) for label in labels)
    told = List().words(asked, {"items": [item]})
    return Shown(say(wording.CHANGE_WHAT).format(name=told), keys=keys, passed=Open(_without(value, "about")))


def _changed(asked: Asked, value: Value, item: dict[str, str], text: str) -> Value:
    say, name = asked.here.say, item["name"]
    if choosing.says(text, say(wording.CHANGE_NOTHING)):
        return value
    if asked.question.how_known and choosing.says(text, say(wording.CHANGE_KNOWN).format(name=name)):
        return {**value, "asks": [item["id"]]}
    return _named(asked, value, item, text)


def _named(asked: Asked, value: Value, item: dict[str, str], text: str) -> Value:
    """The same person by another name; all that was said about them stays theirs."""
    name, known = naming.people_in(asked.here.say).told(text) if asked.question.how_known else (text, "")
    _check_length(asked, name, known)
    now = {**item, "name": name, **({"known": known} if known else {})}
    items = [now if each["id"] == item["id"] else each for each in value["items"]]
    return {**_without(value, "about"), "items": items}
