"""Reads and plays the talk files in conversations/.

A talk file is a talk word for word:

    # a note
    script first_talk          which script; person Ann and key contact Ravi take part
    go to place                answer what comes before it, quickly and unseen
    > words, or [a button]     what the person does; (a button) stands under a message
    >> words                   the same, before they could see the reply to the line before
    ~ three weeks              time passes, and the program is started anew
    < words                    what the bot says; two spaces carry it on, with its buttons
    ! shared                   what it means beyond the chat
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

from bot.dialog.answers import Answer
from bot.dialog.load import load
from bot.dialog.path import current
from bot.dialog.script import Script
from bot.dialog.talk import State, Turn
from bot.terminal import Player, draw

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "conversations"
DIALOGS = Path(__file__).parent / "dialogs"
"""Scripts the tests hold on to, whatever becomes of the words in dialogs/."""
TALKS = sorted(FOLDER.glob("*.txt"))


@dataclass(frozen=True, slots=True)
class Line:
    """One line that makes something happen: `sign` is > or >> or ~ or "go to"."""

    sign: str
    words: str


def lines_of(text: str) -> Iterator[Line]:
    """The lines of a talk file that make something happen."""
    for line in text.splitlines():
        for sign in (">> ", "> ", "~ ", "go to "):
            if line.startswith(sign):
                yield Line(sign.strip(), line.removeprefix(sign))
                break


def script_of(text: str) -> Script:
    """The script a talk file names."""
    name = next(line.split()[1] for line in text.splitlines() if line.startswith("script "))
    return script_named(name)


@cache
def script_named(name: str) -> Script:
    """A script of the tests, or else of dialogs/; reading it takes longer than playing it."""
    mine = DIALOGS / f"{name}.yaml"
    file = mine if mine.is_file() else ROOT / "dialogs" / f"{name}.yaml"
    return load(file.read_text("utf-8"), name)


class Engine(Player):
    """Plays a talk through the pure engine, line by line."""

    def __init__(self, script: Script) -> None:
        super().__init__(script, "Ann", "Ravi")

    def start(self) -> list[str]:
        """Press Start; what the bot says."""
        return drawn(self.begin())

    def hear(self, words: str, *, unseen: bool = False) -> list[str]:
        """Say words, or press a button; what the bot says."""
        return drawn(self.say(words, unseen))

    def wait(self) -> None:
        """Time passes, and only what would be in the database is left."""
        kept = {place: json.loads(json.dumps(asdict(answer))) for place, answer in self.here.answers.items()}
        answers = {place: Answer(**{**a, "state": State(a["state"])}) for place, a in kept.items()}
        self.here, self.at = replace(self.here, answers=answers), self.at + 21 * 24 * 60 * 60

    def quickly_to(self, place: str) -> Iterator[str]:
        """What to say to come to that question."""
        while (position := current(self.here)) and position.place != place:
            quick = {"info": "[OK, next]", "consent": "[Yes, keep them]", "list": "[Nobody, just me]"}
            yield quick.get(position.question.kind, "[Skip]")


def drawn(turn: Turn) -> list[str]:
    """A turn as the lines of a talk file."""
    lines = [line for prompt in turn.prompts for line in draw(prompt, always=False)]
    return [*lines, *(f"! {event}" for event in turn.events)]


def play(text: str) -> str:
    """The talk as the engine really has it: the same file, with the bot's lines as they are now."""
    engine = Engine(script_of(text))
    written = [line for line in text.splitlines() if line.startswith(("#", "script "))]
    written += ["", *engine.start()]
    for line in lines_of(text):
        written += ["", f"{line.sign} {line.words}"]
        if line.sign == "~":
            engine.wait()
        elif line.sign == "go to":
            last: list[str] = []
            for quick in engine.quickly_to(line.words):
                last = engine.hear(quick)
            written += last
        else:
            written += engine.hear(line.words, unseen=line.sign == ">>")
    return "\n".join(written) + "\n"
