"""A talk as plain text: in a terminal, and in the talk files of the tests."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from bot import wording
from bot.dialog.engine import after, step
from bot.dialog.kind import Here
from bot.dialog.script import Script
from bot.dialog.talk import Button, Keys, Prompt, Said, Turn

FILES = ("photo", "voice", "document")
NOON = 1_741_003_200
"""When a played talk begins: Monday 3 March 2025, at noon in London. Units: seconds since 1970."""
PLACE, NUMBER = (51.5072, -0.1276), "+44 7700 900123"
"""Where everybody is, and the number everybody has, when a key asks for them."""

_SENT = re.compile(r"<(photo|voice|sticker|document|contact|location)(?: (.+))?>")
_ALWAYS = frozenset({wording.SKIP, wording.NOT_SURE, wording.BACK, wording.WHY, wording.HELP})


def draw(prompt: Prompt, always: bool = True) -> list[str]:
    """A message as lines: "< " begins it, two spaces carry it on.

    Shape: [words] is a button of the reply keyboard, (words) one under the message, * a ticked one,
    <photo name> what is shown with the words. `always` also shows the buttons every question has.
    """
    title = [f"*{prompt.title}*"] if prompt.title else []
    rows = [line for row in prompt.rows for line in _row(*row)]
    thing = [f"<{prompt.thing.kind} {prompt.thing.file}>"] if prompt.thing else []
    words = [*title, *_lines(prompt.text), *rows, *_lines(prompt.after), *thing] or ["…"]
    keys = _keys(prompt.keys or (), always)
    drawn_buttons = [_button(button) for button in prompt.buttons]
    firsts = range(0, len(drawn_buttons), prompt.columns)
    buttons = [" ".join(drawn_buttons[first : first + prompt.columns]) for first in firsts]
    drawn = [f"< {words[0]}", *(f"  {line}" for line in words[1:])]
    return [line.rstrip() for line in (*drawn, *(f"  {line}" for line in (*keys, *buttons)))]


class Player:
    """Plays a script with nobody but the engine: in a terminal, and for the talk files.

    Units: `at` is seconds; each thing said comes `thinking` seconds after the last.
    """

    thinking = 10

    def __init__(self, script: Script, name: str, key_contact: str) -> None:
        self.here = Here(script, {}, name, key_contact, given=script.given)
        self.shown: list[Prompt] = []
        self.at, self._files = NOON, 0

    def begin(self) -> Turn:
        """The first questions."""
        return self._take(step(self.here, None))

    def say(self, words: str, unseen: bool = False) -> Turn:
        """What follows from words, or from the [label] or (label) of a button.

        Shape: `unseen` says them in the same second as the words before. <photo>, <voice>, <sticker>,
        <document>, <location 51.5, -0.1> and <contact Mo, 07700 900123> send one; the rest is made up.
        """
        self.at += 0 if unseen else self.thinking
        return self._take(step(self.here, replace(self._said(words.strip()), at=self.at, unseen=unseen)))

    def _said(self, words: str) -> Said:
        if sent := _SENT.fullmatch(words):
            with suppress(ValueError):  # a place that is none: only words, then
                return self._send(sent[1], sent[2] or "")
        marks, label = words[:1] + words[-1:], words[1:-1].removeprefix("* ").casefold()
        if marks == "()":
            button = next((b for b in self._buttons() if b.label.casefold() == label), None)
            return Said(tapped=button.code, asked=button.place) if button else Said(words)
        if marks == "[]" and (wanted := self._wanted().get(label)):
            return self._send(wanted, "")
        return Said(words[1:-1] if marks == "[]" else words)

    def _send(self, thing: str, what: str) -> Said:
        """Something that is not words, with what was said of it."""
        first, _, last = (part.strip() for part in what.partition(","))
        if thing == "location":
            return Said(thing=thing, point=(float(first), float(last)) if what else PLACE)
        if thing == "contact":
            return Said(thing=thing, card=(first or self.here.name, last or NUMBER))
        self._files += thing in FILES
        return Said(thing=thing, file=f"{thing}-{self._files}" if thing in FILES else "")

    def _wanted(self) -> dict[str, str]:
        """What the keys that are on the screen send, other than their words."""
        wants = next((prompt.wants for prompt in reversed(self.shown) if prompt.keys is not None), ())
        return {label.casefold(): what for label, what in wants}

    def _buttons(self) -> Iterator[Button]:
        """The buttons under all messages, those of the newest first."""
        return (button for prompt in reversed(self.shown) for button in prompt.buttons)

    def _take(self, turn: Turn) -> Turn:
        self.here = after(self.here, turn, self.at)
        self.shown += turn.prompts
        return turn


def _row(label: str, words: str) -> list[str]:
    """A label and words, or a heading."""
    heading = [f"*{words}*"] if words else []
    return _lines(f"{label}: {words}") if label else heading


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line] if text else []


def _keys(keys: Keys, always: bool) -> list[str]:
    shown = [[key for key in row if always or key not in _ALWAYS] for row in keys]
    return [" ".join(f"[{key}]" for key in row) for row in shown if row]


def _button(button: Button) -> str:
    return f"({'* ' if button.ticked else ''}{button.label})"
