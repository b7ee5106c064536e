"""The four things a message can bring for the buttons, checked as Telegram checks them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.markup import units
from bot.sandbox.refused import Refused, bad

INLINE_FIELDS = {
    "text", "url", "callback_data", "web_app", "login_url", "switch_inline_query", "copy_text", "pay",
    "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "callback_game", "style",
    "icon_custom_emoji_id",
}  # fmt: skip
INLINE_LOOKS = {"text", "style", "icon_custom_emoji_id"}
REPLY_FIELDS = {
    "text", "request_contact", "request_location", "request_poll", "request_users", "request_chat", "web_app",
    "style", "icon_custom_emoji_id",
}  # fmt: skip
MARKUP_FIELDS = {
    "inline_keyboard": {"inline_keyboard"},
    "keyboard": {
        "keyboard", "resize_keyboard", "is_persistent", "one_time_keyboard", "input_field_placeholder",
        "selective",
    },
    "remove_keyboard": {"remove_keyboard", "selective"},
    "force_reply": {"force_reply", "input_field_placeholder", "selective"},
}  # fmt: skip
MOST_BUTTONS = 100
MOST_IN_ROW = 8
LONGEST_DATA = 64
LONGEST_PLACEHOLDER = 64


@dataclass(frozen=True, slots=True)
class Button:
    """One button: what it says and what a press does."""

    text: str
    data: str | None = None
    url: str | None = None
    asks: str | None = None  # "contact" or "location": what a reply button shares


Rows = list[list[Button]]


@dataclass(frozen=True, slots=True)
class Markup:
    """What came in `reply_markup`: the buttons under the message, or a change of the phone's keyboard."""

    kind: str  # a key of MARKUP_FIELDS
    rows: Rows
    raw: dict[str, Any]

    @property
    def inline(self) -> bool:
        """Whether the buttons belong to the message."""
        return self.kind == "inline_keyboard"

    @property
    def placeholder(self) -> str:
        """What the empty text box says."""
        return str(self.raw.get("input_field_placeholder") or "")


def read_markup(raw: Any) -> Markup | None:
    """The checked keyboard; None when there is none.

    Raises: Refused with Telegram's words.
    """
    if raw in (None, "", {}):
        return None
    if not isinstance(raw, dict):
        raise bad("object expected as reply markup")
    kind = next((name for name in MARKUP_FIELDS if name in raw), None)
    if kind is None:
        raise bad("object expected as reply markup")
    _known(raw, MARKUP_FIELDS[kind], kind)
    if units(str(raw.get("input_field_placeholder") or "")) > LONGEST_PLACEHOLDER:
        raise bad("input field placeholder is too long")
    read = {"inline_keyboard": _inline_button, "keyboard": _reply_button}.get(kind)
    return Markup(kind, _rows(raw[kind], read) if read else [], raw)


def _rows(raw: Any, read: Callable[[Any], Button]) -> Rows:
    if not isinstance(raw, list) or not all(isinstance(row, list) for row in raw):
        raise bad("can't parse keyboard: array of arrays of buttons expected")
    rows = [[read(button) for button in row] for row in raw]
    if sum(map(len, rows)) > MOST_BUTTONS or any(len(row) > MOST_IN_ROW for row in rows):
        raise bad("reply markup is too long")
    return [row for row in rows if row]


def _inline_button(raw: Any) -> Button:
    text = _text(raw, INLINE_FIELDS, "inline keyboard button")
    actions = set(raw) - INLINE_LOOKS
    if not actions:
        raise _unreadable("inline keyboard button", "Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _unreadable("inline keyboard button", "exactly one optional field must be used")
    data, url = raw.get("callback_data"), raw.get("url")
    if data is not None and not 1 <= len(str(data).encode()) <= LONGEST_DATA:
        raise bad("BUTTON_DATA_INVALID")
    if url is not None and not str(url).startswith(("https://", "http://", "tg://")):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    return Button(text, data, url)


def _reply_button(raw: Any) -> Button:
    raw = {"text": raw} if isinstance(raw, str) else raw
    text = _text(raw, REPLY_FIELDS, "keyboard button")
    asks = "contact" if raw.get("request_contact") else "location" if raw.get("request_location") else None
    return Button(text, asks=asks)


def _text(raw: Any, fields: set[str], what: str) -> str:
    if not isinstance(raw, dict):
        raise _unreadable(what, "Object expected")
    _known(raw, fields, what)
    text = raw.get("text")
    if not isinstance(text, str) or not text.strip():
        raise _unreadable(what, 'Field "text" must be a non-empty String')
    return text


def _known(raw: dict[str, Any], fields: set[str], what: str) -> None:
    strange = sorted(set(raw) - fields)
    if strange:
        raise bad(f"unknown field {strange[0]!r} in {what}")


def _unreadable(what: str, why: str) -> Refused:
    return bad(f"can't parse {what}: {why}")
