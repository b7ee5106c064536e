"""Which fields each method takes, of what kind, and how long they may be."""

import json
import re
from dataclasses import dataclass
from typing import Any

from bot.sandbox.markup import Entity, parse, tidy, units
from bot.sandbox.refused import Refused, bad

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a call, already read."""

    name: str
    data: bytes


LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_ANSWER = 200
MOST_ENTITIES = 100

_SEND = """chat_id business_connection_id message_thread_id direct_messages_topic_id disable_notification
    protect_content allow_paid_broadcast message_effect_id suggested_post_parameters reply_parameters
    reply_markup"""
_WORDS = "caption parse_mode caption_entities"
_EDIT = "business_connection_id chat_id message_id inline_message_id reply_markup"
_SCOPE = "scope language_code"


def _set(*words: str) -> frozenset[str]:
    return frozenset(" ".join(words).split())


FIELDS: dict[str, frozenset[str]] = {
    "getMe": _set(),
    "getUpdates": _set("offset limit timeout allowed_updates"),
    "setWebhook": _set(
        "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token"
    ),
    "deleteWebhook": _set("drop_pending_updates"),
    "getWebhookInfo": _set(),
    "sendMessage": _set(_SEND, "text parse_mode entities link_preview_options"),
    "sendDocument": _set(_SEND, _WORDS, "document thumbnail disable_content_type_detection"),
    "sendPhoto": _set(_SEND, _WORDS, "photo show_caption_above_media has_spoiler"),
    "sendVoice": _set(_SEND, _WORDS, "voice duration"),
    "sendChatAction": _set("business_connection_id chat_id message_thread_id action"),
    "editMessageText": _set(_EDIT, "text parse_mode entities link_preview_options"),
    "editMessageCaption": _set(_EDIT, _WORDS, "show_caption_above_media"),
    "editMessageReplyMarkup": _set(_EDIT),
    "deleteMessage": _set("chat_id message_id"),
    "answerCallbackQuery": _set("callback_query_id text show_alert url cache_time"),
    "getFile": _set("file_id"),
    "getChat": _set("chat_id"),
    "setMyCommands": _set(_SCOPE, "commands"),
    "getMyCommands": _set(_SCOPE),
    "deleteMyCommands": _set(_SCOPE),
    "setMyName": _set("name language_code"),
    "getMyName": _set("language_code"),
    "setMyDescription": _set("description language_code"),
    "getMyDescription": _set("language_code"),
    "setMyShortDescription": _set("short_description language_code"),
    "getMyShortDescription": _set("language_code"),
    "setChatMenuButton": _set("chat_id menu_button"),
}
NUMBERS = _set(
    "chat_id message_id offset limit timeout max_connections duration cache_time message_thread_id"
)
FLAGS = _set(
    "drop_pending_updates show_alert disable_notification protect_content has_spoiler",
    "show_caption_above_media disable_content_type_detection allow_paid_broadcast",
)
OBJECTS = _set(
    "reply_markup entities caption_entities commands scope allowed_updates link_preview_options",
    "reply_parameters menu_button suggested_post_parameters",
)


def read_fields(method: str, given: dict[str, Any]) -> Fields:
    """The fields of a call, each as what it is: number, yes or no, object, words or file.

    Raises: Refused for a field the method does not have, or a value that is not of its kind.
    """
    texts = [value for value in given.values() if isinstance(value, str)]
    named = {text.removeprefix("attach://") for text in texts if text.startswith("attach://")}
    strange = sorted(set(given) - FIELDS[method] - named)
    if strange:
        raise bad(f"{method} has no field {strange[0]!r}")
    return {name: _value(name, value, given) for name, value in given.items() if name not in named}


def _value(name: str, value: Any, given: dict[str, Any]) -> Any:
    if isinstance(value, str) and value.startswith("attach://"):
        return given.get(value.removeprefix("attach://"), value)
    if isinstance(value, Upload):
        return value
    if name in NUMBERS:
        return _number(name, value)
    if name in FLAGS:
        return str(value).lower() in {"true", "1", "yes"}
    return _object(name, value) if name in OBJECTS else str(value)


def _number(name: str, value: Any) -> int | str:
    try:
        return int(float(value))
    except (TypeError, ValueError):
        if name == "chat_id":
            return str(value)
        raise bad(f"field {name!r} must be a number") from None


def _object(name: str, value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) and value else value
    except json.JSONDecodeError:
        raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None


def words(fields: Fields, name: str) -> tuple[str, list[Entity]]:
    """The text or caption of a call with its entities.

    Raises: Refused when it is empty (a text), too long after reading the tags, or badly marked up.
    """
    given = fields.get("entities" if name == "text" else "caption_entities")
    text, entities = parse(fields.get(name, ""), None if given else fields.get("parse_mode"))
    if given:
        entities = tidy(text, _checked(given, units(text)))
    if name == "text" and not text:
        raise bad("message text is empty")
    if units(text) > (LONGEST_TEXT if name == "text" else LONGEST_CAPTION):
        raise bad("message is too long" if name == "text" else "message caption is too long")
    if len(entities) > MOST_ENTITIES:
        raise bad("too many message entities")
    return text, entities


def _checked(entities: Any, length: int) -> list[Entity]:
    for entity in entities:
        if not 0 <= entity["offset"] < entity["offset"] + entity["length"] <= length:
            raise bad("can't parse entities: entity beyond the end of the text")
    return list(entities)


def limited(fields: Fields, name: str, most: int) -> str:
    """A short text of a call. Raises: Refused when it is longer than `most`."""
    text = str(fields.get(name, ""))
    if units(text) > most:
        raise bad(f"{name.replace('_', ' ')} is too long")
    return text


def check_commands(commands: Any) -> list[dict[str, str]]:
    """The commands of a menu. Raises: Refused when one is not as Telegram wants it."""
    if not isinstance(commands, list) or len(commands) > 100:
        raise bad("too many commands, or not a list")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", "")).removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= units(str(command.get("description", ""))) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return commands


def missing(name: str) -> Refused:
    """The refusal for a field that has to be there."""
    return bad(f"{name} is empty" if name == "chat_id" else f"{name.replace('_', ' ')} is not specified")
