"""A talk word for word in a file: played through the engine, recorded from one that was played.

# a note
script first_talk          which script or set; person Ann and key contact Ravi take part
go to place                answer what comes before it, quickly and unseen
> words, or [a button]     what the person does; (a button) stands under a message
>> words                   the same, before they could see the reply to the line before
~ three weeks              time passes, and the program is started anew
< words                    what the bot says; two spaces carry it on, with its buttons
! shared                   what it means beyond the chat
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace

from bot import wording
from bot.dialog.answers import Answer
from bot.dialog.path import current
from bot.dialog.script import Script
from bot.dialog.talk import State, Turn
from bot.terminal import Player, draw

NAME, KEY_CONTACT = "Ann", "Ravi"
HEADS = ("script ", "set ")
SIGNS = (">> ", "> ", "~ ", "go to ")
THREE_WEEKS = 21 * 24 * 60 * 60
_QUICK = {"info": wording.GO_ON, "list": wording.NOBODY}
"""How to come quickly over a question; the others are skipped."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line that makes something happen: `sign` is > or >> or ~ or "go to"."""

    sign: str
    words: str


def lines_of(text: str) -> Iterator[Line]:
    """The lines of a talk file that make something happen."""
    for line in text.splitlines():
        sign = next((sign for sign in SIGNS if line.startswith(sign)), "")
        if sign:
            yield Line(sign.strip(), line.removeprefix(sign))


def name_of(text: str) -> str:
    """The script or set a talk file names; "" when it names none."""
    heads = (line.split() for line in text.splitlines() if line.startswith(HEADS))
    return next((words[1] for words in heads if len(words) > 1), "")


class Engine(Player):
    """Plays a talk through the pure engine, line by line."""

    def __init__(self, script: Script, name: str = NAME, key_contact: str = KEY_CONTACT) -> None:
        super().__init__(script, name, key_contact)

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
        self.here, self.at = replace(self.here, answers=answers), self.at + THREE_WEEKS

    def quickly_to(self, place: str) -> Iterator[str]:
        """What to say to come to that question."""
        while (position := current(self.here)) and position.place != place:
            question = position.question
            if question.kind == "consent":
                yield f"[{question.yes or wording.YES}]"
            else:
                yield f"[{question.nobody or _QUICK.get(question.kind, wording.SKIP)}]"


def drawn(turn: Turn) -> list[str]:
    """A turn as the lines of a talk file."""
    lines = [line for prompt in turn.prompts for line in draw(prompt, always=False)]
    return [*lines, *(f"! {event}" for event in turn.events)]


def play(text: str, find: Callable[[str], Script]) -> str:
    """The talk as the engine really has it: the same file, with the bot's lines as they are now.

    Shape: `find` gives the script or set of a name.
    """
    engine = Engine(find(name_of(text)))
    written = [line for line in text.splitlines() if line.startswith(("#", *HEADS))]
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


class Recording:
    """A talk file that grows while somebody plays."""

    def __init__(self, script: Script) -> None:
        self.lines = [f"script {script.id}", ""]

    def begun(self, turn: Turn) -> None:
        """The bot has begun."""
        self.lines += drawn(turn)

    def said(self, words: str, turn: Turn) -> None:
        """Somebody said this, and the bot that."""
        self.lines += ["", f"> {words}", *drawn(turn)]

    @property
    def text(self) -> str:
        """The file."""
        return "\n".join(self.lines) + "\n"
