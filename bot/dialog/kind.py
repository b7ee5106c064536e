"""What every question kind can do, and what it is given to do it with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.dialog.answers import Answer, Answers
from bot.dialog.script import Question, Script
from bot.dialog.talk import Button, Said, Say, State


@dataclass(frozen=True, slots=True)
class Here:
    """All the engine knows of one talk.

    Shape: `shared` is true once the person has shared something; `stopped` when they asked to stop.
    `help` is the local help card: numbers to call.
    """

    script: Script
    answers: Answers
    name: str = ""
    key_contact: str = ""
    say: Say = str
    shared: bool = False
    stopped: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the read-back: what was asked, in short, and what was said ("" when nothing was)."""

    place: str
    label: str
    words: str
    state: State
    section: str = ""
    private: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One question at one place, ready to ask.

    Shape: `names` fills the braces in its words. `lines` is the read-back so far.
    """

    question: Question
    place: str
    here: Here
    answer: Answer | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[Line] = ()

    def words(self, text: str) -> str:
        """Words of the script in the person's language, braces filled."""
        said = self.here.say(text)
        if "{" not in said:
            return said
        for name, value in self.names.items():
            said = said.replace("{" + name + "}", value)
        return said

    @property
    def value(self) -> Any:
        """What is kept at this place, settled or not; None when nothing is."""
        return self.answer.value if self.answer else None


@dataclass(frozen=True, slots=True)
class Shown:
    """How a kind shows its question.

    Shape: `ask` is the question; `below` stands under it. `keys` go on the reply keyboard, one a row.
    `buttons` stand under a second message that says `tick`.
    """

    ask: str
    below: str = ""
    keys: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    tick: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """The reply answers the question."""

    value: Any


@dataclass(frozen=True, slots=True)
class Open:
    """The reply is a step towards the answer.

    Shape: `edits` redraws the ticks in place and says nothing new.
    """

    value: Any
    edits: bool = False


class Kind(Protocol):
    """A way of asking.

    Shape: `takes` are the script keys it understands beside those every question has; `needs` must be there.
    `example` is YAML an author can copy.
    """

    takes: frozenset[str]
    needs: frozenset[str]
    example: str

    def show(self, asked: Asked) -> Shown:
        """The question as it stands now."""

    def read(self, asked: Asked, said: Said) -> Given | Open:
        """What the reply means.

        Raises: NotUnderstood, with words for the person.
        """

    def words(self, asked: Asked, value: Any) -> str:
        """A settled value in words, for the read-back and the summary; "" when there is nothing to show."""

    def codes(self, value: Any) -> tuple[str, ...]:
        """The option codes or item ids in a value, for `when:`; () when it has none."""
