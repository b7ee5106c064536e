"""What every question kind can do, and what it is given to do it with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Protocol, TypeVar

from bot.dialog.answers import Answer, Answers
from bot.dialog.braces import filled
from bot.dialog.condition import Number
from bot.dialog.script import Question, Script
from bot.dialog.talk import Button, Said, Say, State, Thing

T = TypeVar("T")

WHICH_WORDS, HOW_TO_DO = "which_words", "how_to_do"
"""Questions whose answers change how all others are asked."""


@dataclass(frozen=True, slots=True)
class Here:
    """All the engine knows of one talk.

    Shape: `shared` is true once the person has shared something; `stopped` when they asked to stop.
    `help` is the local help card: numbers to call. `zone` is the person's, as an IANA name. `last` is what
    they said in their talks before this one. `given` is what was known before it began, by name. `easier`
    asks once in easier words. `found` is what was worked out from all of this, which never changes.
    """

    script: Script
    answers: Answers
    name: str = ""
    key_contact: str = ""
    say: Say = str
    shared: bool = False
    stopped: bool = False
    help: str = ""
    zone: str = "UTC"
    last: Answers = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    easier: bool = False
    found: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def easy(self) -> bool:
        """Whether they want fewer, easier words."""
        return self.easier or self._picked(WHICH_WORDS) == "easy"

    @property
    def helped(self) -> bool:
        """Whether somebody is helping them here."""
        return self._picked(HOW_TO_DO) == "with_someone"

    def _picked(self, question: str) -> object:
        answer = self.answers.get(question)
        return answer.value.get("code") if answer and isinstance(answer.value, dict) else None


def once(work: Callable[[Here], T]) -> Callable[[Here], T]:
    """Work this out once for each talk as it is; many ask for it in one turn."""

    @wraps(work)
    def found(here: Here) -> T:
        if work not in here.found:
            here.found[work] = work(here)
        known: T = here.found[work]
        return known

    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the read-back: what was asked, in short, and what was said ("" when nothing was).

    Shape: `heading` is what it stands under when the lines are many. `things` is what was sent with it.
    """

    place: str
    label: str
    words: str
    state: State
    heading: str = ""
    private: bool = False
    part: str = ""
    share_with: str = ""
    hushed: bool = False
    things: tuple[Thing, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One question at one place, ready to ask.

    Shape: `names` gives what fills the braces in its words: what was said, and what to say when nothing was.
    `lines` gives the read-back so far.
    """

    question: Question
    place: str
    here: Here
    answer: Answer | None = None
    names: Callable[[], Mapping[str, tuple[str, str]]] = dict
    lines: Callable[[], Sequence[Line]] = tuple

    def words(self, text: str) -> str:
        """Words of the script in the person's language, braces filled."""
        said = self.here.say(text)
        if "{" not in said:
            return said
        names = self.names()
        return filled(
            said,
            lambda name: names[name][0] if name in names else "",
            lambda name: (names[name][1] if name in names else "") or f"{{{name}}}",
        )

    @property
    def ask(self) -> str:
        """The question in words, easier ones when they want those."""
        question = self.question
        return self.words(question.easy if question.easy and self.here.easy else question.ask)

    @property
    def value(self) -> Any:
        """What is kept at this place, settled or not; None when nothing is."""
        return self.answer.value if self.answer else None


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


@dataclass(frozen=True, slots=True)
class Shown:
    """How a kind shows its question.

    Shape: `ask` is the question; `below` stands under it. `keys` go on the reply keyboard, one a row;
    `wants` are those of them that send something (see Prompt). `buttons` stand, `columns` a row, under a
    second message that says `tick`, below a bold `heading`. `passed` is what is kept when this step is
    skipped; None skips it all.
    """

    ask: str
    below: str = ""
    keys: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    tick: str = ""
    heading: str = ""
    columns: int = 1
    wants: tuple[tuple[str, str], ...] = ()
    passed: Given | Open | None = None


class Kind(Protocol):
    """A way of asking.

    Shape: `takes` are the script keys it understands beside those every question has; `needs` must be there.
    `example` is YAML an author can copy. `fixed` are the codes of its answers that no script writes.
    `counted` is true when a condition can count its answers, `spoken` when its answer can stand in a text.
    """

    takes: frozenset[str]
    needs: frozenset[str]
    example: str
    fixed: tuple[str, ...]
    counted: bool
    spoken: bool

    def show(self, asked: Asked) -> Shown:
        """The question as it stands now."""

    def read(self, asked: Asked, said: Said) -> Given | Open:
        """What the reply means.

        Raises: NotUnderstood, with words for the person.
        """

    def words(self, asked: Asked, value: Any) -> str:
        """A settled value in words, for the read-back and the summary; "" when there is nothing to show."""

    def codes(self, value: Any) -> tuple[str, ...] | Number:
        """The option codes or item ids in a value, or its number, for `when:`; () when it has none."""
