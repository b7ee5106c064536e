"""The methods of the Bot API: each takes the fields of a call and gives its result."""

from typing import Any

from bot.sandbox.about import ABOUT, Method
from bot.sandbox.fields import (
    LONGEST_ANSWER,
    Fields,
    Upload,
    limited,
    missing,
    words,
)
from bot.sandbox.files import TYPES, File, image_size, seconds
from bot.sandbox.keyboards import Markup, read_markup
from bot.sandbox.network import Network
from bot.sandbox.phones import Handset, Message
from bot.sandbox.refused import Refused, bad, unlucky

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
UNKNOWN_FILE = "wrong remote file identifier specified: Wrong character in the string"
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip
MEGABYTE = 1024 * 1024
LARGEST_UPLOAD = {"photo": 10 * MEGABYTE, "voice": 50 * MEGABYTE, "document": 50 * MEGABYTE}
LARGEST_DOWNLOAD = 20 * MEGABYTE
NO_GIFTS = {
    "unlimited_gifts": False, "limited_gifts": False, "unique_gifts": False, "premium_subscription": False,
    "gifts_from_channels": False,
}  # fmt: skip


def get_me(net: Network, fields: Fields) -> Any:
    """Who the bot is."""
    return net.bot


def get_chat(net: Network, fields: Fields) -> Any:
    """A private chat."""
    handset = net.by_chat.get(fields.get("chat_id", 0))
    if handset is None or not handset.started:
        raise unlucky("chat not found")
    return {**handset.chat(), "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": NO_GIFTS}


def send_message(net: Network, fields: Fields) -> Any:
    """Words, perhaps with buttons."""
    handset = _to(net, fields)
    text, entities = words(fields, "text")
    return _send(net, handset, fields, text=text, entities=entities)


def send_document(net: Network, fields: Fields) -> Any:
    """A file."""
    return _send_file(net, fields, "document")


def send_photo(net: Network, fields: Fields) -> Any:
    """A picture."""
    return _send_file(net, fields, "photo")


def send_voice(net: Network, fields: Fields) -> Any:
    """A voice note."""
    return _send_file(net, fields, "voice")


def _to(net: Network, fields: Fields) -> Handset:
    if "chat_id" not in fields:
        raise missing("chat_id")
    return net.reachable(fields["chat_id"])


def _send_file(net: Network, fields: Fields, kind: str) -> Any:
    handset = _to(net, fields)
    text, entities = words(fields, "caption")
    file = fields[kind] = _file(net, fields, kind)
    body = file_body(kind, file, fields.get("duration") or seconds(file.data))
    return _send(net, handset, fields, text=text, entities=entities, kind=kind, file=file, body=body)


def _file(net: Network, fields: Fields, kind: str) -> File:
    given = fields.get(kind)
    if isinstance(given, Upload):
        return _uploaded(net, given, kind)
    if not given:
        raise bad(f"there is no {kind} in the request")
    known = net.files.get(str(given))
    if known is None:
        is_url = "." in str(given)
        raise unlucky("wrong file identifier/HTTP URL specified" if is_url else UNKNOWN_FILE)
    if known.kind != kind:
        raise bad(f"can't use file of type {TYPES[known.kind]} as {TYPES[kind]}")
    return known


def _uploaded(net: Network, given: Upload, kind: str) -> File:
    if not given.data:
        raise bad("file must be non-empty")
    if len(given.data) > LARGEST_UPLOAD[kind]:
        raise Refused("Request Entity Too Large", status=413)
    file = net.files.keep(kind, given.name, given.data)
    if kind == "photo" and not file.is_image:
        raise bad("IMAGE_PROCESS_FAILED")
    return file


def file_body(kind: str, file: File, duration: int = 0) -> dict[str, Any]:
    """The part of a message that describes its file, as the Bot API has it."""
    if kind == "photo":
        width, height = image_size(file.data)
        return {"photo": [{**file.as_json(), "width": width, "height": height}]}
    if kind == "voice":
        return {"voice": {**file.as_json(), "duration": duration, "mime_type": file.mime}}
    return {"document": {**file.as_json(), "file_name": file.name, "mime_type": file.mime}}


def _send(net: Network, handset: Handset, fields: Fields, **what: Any) -> Any:
    markup = read_markup(fields.get("reply_markup"))
    message = net.add(handset, mine=False, markup=markup if markup and markup.inline else None, **what)
    if markup and not markup.inline:
        _change_keyboard(net, handset, markup)
    return handset.as_json(message, net.bot)


def _change_keyboard(net: Network, handset: Handset, markup: Markup) -> None:
    handset.keyboard = None if markup.kind == "remove_keyboard" else markup
    net.emit(handset, "keys")


def send_chat_action(net: Network, fields: Fields) -> Any:
    """The dots that say the bot is busy."""
    handset = _to(net, fields)
    if fields.get("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    net.emit(handset, "typing")
    return True


def edit_message_text(net: Network, fields: Fields) -> Any:
    """New words for a message; without a keyboard in the call its buttons go."""
    handset, message = _editable(net, fields)
    if message.kind != "text":
        raise bad("there is no text in the message to edit")
    text, entities = words(fields, "text")
    return _change(net, handset, message, fields, text=text, entities=entities)


def edit_message_caption(net: Network, fields: Fields) -> Any:
    """New words under a file."""
    handset, message = _editable(net, fields)
    if message.kind == "text":
        raise bad("there is no caption in the message to edit")
    text, entities = words(fields, "caption")
    return _change(net, handset, message, fields, text=text, entities=entities)


def edit_message_reply_markup(net: Network, fields: Fields) -> Any:
    """New buttons for a message."""
    handset, message = _editable(net, fields)
    return _change(net, handset, message, fields)


def _editable(net: Network, fields: Fields) -> tuple[Handset, Message]:
    handset = _to(net, fields)
    if "message_id" not in fields:
        raise bad("message identifier is not specified")
    message = handset.messages.get(fields["message_id"])
    if message is None:
        raise unlucky("message to edit not found")
    if message.mine:
        raise bad("message can't be edited")
    return handset, message


def _change(net: Network, handset: Handset, message: Message, fields: Fields, **new: Any) -> Any:
    markup = read_markup(fields.get("reply_markup"))
    if markup and not markup.inline:
        raise bad("inline keyboard expected")
    markup = markup if markup and markup.rows else None
    same_words = all(getattr(message, name) == value for name, value in new.items())
    if same_words and message.rows == (markup.rows if markup else []):
        raise unlucky(NOT_MODIFIED)
    for name, value in new.items():
        setattr(message, name, value)
    message.markup = markup
    message.edited_at = message.edited_at if same_words else net.now()
    net.emit(handset, "edit", id=message.message_id)
    return handset.as_json(message, net.bot)


def delete_message(net: Network, fields: Fields) -> Any:
    """Take a message away."""
    handset = net.by_chat.get(fields.get("chat_id", 0))
    if handset is None:
        raise unlucky("chat not found")
    if handset.messages.pop(fields.get("message_id", 0), None) is None:
        raise unlucky("message to delete not found")
    net.emit(handset, "remove", id=fields["message_id"])
    return True


def answer_callback_query(net: Network, fields: Fields) -> Any:
    """Tell the phone that a press arrived; once for each press."""
    press = net.presses.get(fields.get("callback_query_id", ""))
    text = limited(fields, "text", LONGEST_ANSWER)
    if press is None or press.answered:
        raise bad(TOO_OLD)
    press.answered = True
    net.emit(
        press.handset, "answer",
        id=fields["callback_query_id"], text=text, alert=bool(fields.get("show_alert")),
    )  # fmt: skip
    return True


def get_file(net: Network, fields: Fields) -> Any:
    """Where a file can be fetched."""
    file = net.files.get(fields.get("file_id", ""))
    if file is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if len(file.data) > LARGEST_DOWNLOAD:
        raise bad("file is too big")
    return {**file.as_json(), "file_path": file.path}


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getChat": get_chat,
    "sendMessage": send_message,
    "sendDocument": send_document,
    "sendPhoto": send_photo,
    "sendVoice": send_voice,
    "sendChatAction": send_chat_action,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
    "getFile": get_file,
    **ABOUT,
}
DELIVERING = {
    name for name in METHODS if name.startswith(("send", "edit", "answer")) or name == "deleteMessage"
}
