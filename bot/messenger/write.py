"""PURE: a prompt as a Telegram message."""

from dataclasses import dataclass
from html import escape, unescape
from typing import Any

from bot.dialog.talk import CAPTION, Button, Keys, Prompt, Thing, length
from bot.wording import IN_CASE

Markup = dict[str, Any]
"""A keyboard as the Bot API has it. The library's own objects for it take a third of a whole send."""

TICK = "✓ "
MOST_DATA = 64
"""Units: bytes. Source: Bot API, InlineKeyboardButton.callback_data."""


@dataclass(frozen=True, slots=True)
class Message:
    """Words in Telegram's HTML, the thing they stand under, and the keyboard below.

    Shape: there is no `thing` when the words are too long to stand under one. `text` may be "" under a thing.
    """

    text: str
    markup: Markup | None = None
    thing: Thing | None = None


def draw(prompt: Prompt, doubts: int = 0) -> Message:
    """The message a prompt becomes; one that may have arrived before says so first.

    Raises: ValueError when there is nothing to show, or a button says more than Telegram carries.
    """
    blocks = (
        escape(IN_CASE, quote=False) if doubts else "",
        f"<b>{_words(prompt.title)}</b>" if prompt.title.strip() else "",
        _words(prompt.text),
        "\n".join(_row(label, words) for label, words in prompt.rows).strip("\n"),
        _words(prompt.after),
    )
    text = "\n\n".join(block for block in blocks if block)
    if not text and not prompt.thing:
        raise ValueError("a message without words")
    under = _under(prompt.buttons, prompt.columns) if prompt.buttons else None
    thing = prompt.thing if prompt.thing and _shown_length(text) <= CAPTION else None
    return Message(text, under or _keyboard(prompt.keys, prompt.wants), thing)


def _shown_length(text: str) -> int:
    """How long Telegram finds it: marks do not count, and "&amp;" is one sign."""
    return length(unescape(text.replace("<b>", "").replace("</b>", "")))


def _words(words: str) -> str:
    return escape(words.strip(), quote=False)


def _row(label: str, words: str) -> str:
    """One line; a heading stands apart from what is above it."""
    if not label:
        return f"\n<b>{_words(words)}</b>" if words.strip() else ""
    colon = "" if label.rstrip().endswith((":", "?", "!")) else ":"
    return f"<b>{_words(label)}{colon}</b> {_words(words)}".rstrip()


def _under(buttons: tuple[Button, ...], columns: int) -> Markup:
    rows = [buttons[first : first + columns] for first in range(0, len(buttons), columns)]
    return {"inline_keyboard": [[_button(button) for button in row] for row in rows]}


def _button(button: Button) -> dict[str, str]:
    data = f"{button.place}:{button.code}"
    if len(data.encode()) > MOST_DATA or ":" in button.code:
        raise ValueError("a button's place and code must be short, and its code without colons")
    return {"text": (TICK if button.ticked else "") + button.label, "callback_data": data}


def _keyboard(keys: Keys | None, wants: tuple[tuple[str, str], ...]) -> Markup | None:
    if keys is None:
        return None
    if not keys:
        return {"remove_keyboard": True}
    asks = {label: {f"request_{what}": True} for label, what in wants}
    rows = [[{"text": label} | asks.get(label, {}) for label in row] for row in keys]
    return {"keyboard": rows, "resize_keyboard": True, "is_persistent": True}
