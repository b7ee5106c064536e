"""PURE: what Telegram says happened, as the program understands it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.dialog.talk import Heard, Said
from bot.errors import NotForUs

THINGS = {  # the field of a message, and what the program calls it; the first that is there counts
    "photo": "photo",
    "voice": "voice",
    "video_note": "voice",
    "audio": "voice",
    "sticker": "sticker",
    "animation": "other",  # before document: Telegram adds one to every animation
    "document": "document",
    "contact": "contact",
    "venue": "location",  # before location, for the same reason
    "location": "location",
}

Json = Mapping[str, Any]


def read(update: Json) -> Heard:
    """What a person did.

    Raises: NotForUs when it did not happen in a private chat; KeyError, TypeError or ValueError when it is
    nothing the program can understand.
    """
    for kind, reader in _READERS.items():
        if kind in update:
            return reader(_id(update["update_id"]), _object(update[kind]))
    raise ValueError("an update of no kind we asked for")


def _message(update: int, message: Json) -> Heard:
    text, at = message.get("text"), _id(message["date"])
    if text is None:
        return _thing(update, message, at)
    words = _clean(text)
    command, _, rest = words.partition(" ")
    command = command.partition("@")[0] if command.startswith("/") else command  # /help@our_bot
    if command == "/start":
        return _heard(update, message, Said(at=at), start=rest.strip())
    return _heard(update, message, Said(text=f"{command} {rest}" if rest else command, at=at))


def _edited(update: int, message: Json) -> Heard:
    said = Said(text=_clean(message.get("text") or message.get("caption") or ""), at=_id(message["date"]))
    return _heard(update, message, said, edited=True)


def _thing(update: int, message: Json, at: int) -> Heard:
    field = next((field for field in THINGS if field in message), "")
    said = Said(text=_clean(message.get("caption", "")), thing=THINGS.get(field, "other"), at=at)
    look = _LOOKS.get(said.thing)
    said = look(said, message[field]) if look else said
    if field != "document":
        return _heard(update, message, said)
    document = message["document"]
    name, size = _clean(document.get("file_name", "")), _id(document.get("file_size", 0))
    return _heard(update, message, said, file_name=name, file_size=size)


def _photo(said: Said, sizes: Any) -> Said:
    """A photo comes in several sizes; the largest is the one to keep."""
    if not isinstance(sizes, Sequence):
        raise TypeError("a list was expected")
    return _file(said, max(map(_object, sizes), key=lambda size: _id(size.get("width", 0))))


def _file(said: Said, file: Any) -> Said:
    return replace(said, file=_text(_object(file)["file_id"]))


def _location(said: Said, place: Any) -> Said:
    """Where a place is; a venue has a name and an address, too: its words, if there are no others."""
    place = _object(place)
    named = ", ".join(filter(None, (_clean(place.get(name, "")) for name in ("title", "address"))))
    at = _object(place.get("location", place))
    point = (_degrees(at["latitude"], 90), _degrees(at["longitude"], 180))
    return replace(said, text=said.text or named, point=point)


def _contact(said: Said, contact: Any) -> Said:
    contact = _object(contact)
    return replace(said, card=(_full_name(contact), _clean(contact["phone_number"])))


_LOOKS: dict[str, Callable[[Said, Any], Said]] = {
    "photo": _photo,
    "voice": _file,
    "document": _file,
    "location": _location,
    "contact": _contact,
}


def _button(update: int, query: Json) -> Heard:
    """A button under a message; Telegram does not say when it was pressed."""
    place, colon, code = _text(query["data"]).rpartition(":")
    if not colon:
        raise ValueError("a button that is not ours")
    message = _object(query.get("message", {}))
    origin = {
        "chat": message.get("chat") or {"id": query["from"]["id"], "type": "private"},
        "from": query["from"],
    }
    said = Said(tapped=_clean(code), asked=_clean(place))
    return _heard(update, origin, said, message=_id(message.get("message_id", 0)))


def _membership(update: int, change: Json) -> Heard:
    status = change["new_chat_member"]["status"]
    if status not in ("kicked", "member"):
        raise ValueError("a membership we do not know")
    return _heard(update, change, Said(at=_id(change["date"])), blocked=status == "kicked")


_READERS = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _button,
    "my_chat_member": _membership,
}


def _heard(update: int, origin: Json, said: Said, **more: Any) -> Heard:
    """Joins what was said with who said it."""
    chat, person = _object(origin["chat"]), _object(origin["from"])
    if chat["type"] != "private":
        raise NotForUs("a group")
    return Heard(
        update=update,
        chat=_id(chat["id"]),
        name=_full_name(person),
        language=_text(person.get("language_code", "")),
        said=said,
        **more,
    )


def _full_name(person: Json) -> str:
    return " ".join(filter(None, (_clean(person.get(name, "")) for name in ("first_name", "last_name"))))


def _clean(words: Any) -> str:
    """Without what no database keeps: half a character, and the zero character."""
    text = _text(words)
    if not text.isascii():
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", "")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("words were expected")
    return value


def _id(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("a whole number was expected")
    return value


def _degrees(value: Any, most: int) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not -most <= value <= most:
        raise TypeError("degrees were expected")
    return float(value)


def _object(value: Any) -> Json:
    if not isinstance(value, Mapping):
        raise TypeError("an object was expected")
    return value
