"""PURE: a prompt as a Telegram message."""

from dataclasses import dataclass
from html import escape
from typing import Any

from bot.dialog.talk import Button, Keys, Prompt
from bot.wording import IN_CASE

Markup = dict[str, Any]
"""A keyboard as the Bot API has it. The library's own objects for it take a third of a whole send."""

TICK = "✓ "
MOST_DATA = 64
"""Units: bytes. Source: Bot API, InlineKeyboardButton.callback_data."""


@dataclass(frozen=True, slots=True)
class Message:
    """Words in Telegram's HTML, and the keyboard under them."""

    text: str
    markup: Markup | None = None


def draw(prompt: Prompt, doubts: int = 0) -> Message:
    """The message a prompt becomes; one that may have arrived before says so first.

    Raises: ValueError when there is nothing to show, or a button says more than Telegram carries.
    """
    blocks = (
        escape(IN_CASE, quote=False) if doubts else "",
        f"<b>{_words(prompt.title)}</b>" if prompt.title.strip() else "",
        _words(prompt.text),
        "\n".join(_row(label, words) for label, words in prompt.rows),
        _words(prompt.after),
    )
    text = "\n\n".join(block for block in blocks if block)
    if not text:
        raise ValueError("a message without words")
    return Message(text, _under(prompt.buttons) if prompt.buttons else _keyboard(prompt.keys))


def _words(words: str) -> str:
    return escape(words.strip(), quote=False)


def _row(label: str, words: str) -> str:
    colon = "" if label.rstrip().endswith((":", "?", "!")) else ":"
    return f"<b>{_words(label)}{colon}</b> {_words(words)}".rstrip()


def _under(buttons: tuple[Button, ...]) -> Markup:
    return {"inline_keyboard": [[_button(button)] for button in buttons]}


def _button(button: Button) -> dict[str, str]:
    data = f"{button.place}:{button.code}"
    if len(data.encode()) > MOST_DATA or ":" in button.code:
        raise ValueError("a button's place and code must be short, and its code without colons")
    return {"text": (TICK if button.ticked else "") + button.label, "callback_data": data}


def _keyboard(keys: Keys | None) -> Markup | None:
    if keys is None:
        return None
    if not keys:
        return {"remove_keyboard": True}
    rows = [[{"text": label} for label in row] for row in keys]
    return {"keyboard": rows, "resize_keyboard": True, "is_persistent": True}
