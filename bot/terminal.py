"""A talk as plain text: in a terminal, and in the talk files of the tests."""

from collections.abc import Sequence

from bot import wording
from bot.dialog.talk import Button, Keys, Prompt

_ALWAYS = frozenset({wording.SKIP, wording.NOT_SURE, wording.BACK, wording.WHY, wording.HELP})


def draw(prompt: Prompt, always: bool = True) -> list[str]:
    """A message as lines: "< " begins it, two spaces carry it on.

    Shape: [words] is a button of the reply keyboard, (words) one under the message, * a ticked one.
    `always` also shows the buttons every question has.
    """
    title = [f"*{prompt.title}*"] if prompt.title else []
    rows = [line for label, words in prompt.rows for line in _lines(f"{label}: {words}")]
    words = [*title, *_lines(prompt.text), *rows, *_lines(prompt.after)] or ["…"]
    keys = _keys(prompt.keys or (), always)
    buttons = [_button(button) for button in prompt.buttons]
    drawn = [f"< {words[0]}", *(f"  {line}" for line in words[1:])]
    return [line.rstrip() for line in (*drawn, *(f"  {line}" for line in (*keys, *buttons)))]


def visible(prompts: Sequence[Prompt]) -> list[Button]:
    """The buttons under these messages, newest message first."""
    return [button for prompt in reversed(prompts) for button in prompt.buttons]


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line] if text else []


def _keys(keys: Keys, always: bool) -> list[str]:
    shown = [[key for key in row if always or key not in _ALWAYS] for row in keys]
    return [" ".join(f"[{key}]" for key in row) for row in shown if row]


def _button(button: Button) -> str:
    return f"({'* ' if button.ticked else ''}{button.label})"
