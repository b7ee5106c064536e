"""What a person has said so far, and the names of the places they said it at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.dialog.talk import Fact, State

PLACE = "@"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one question.

    Shape: `value` is what its kind keeps, as JSON would. `seq` grows with every answer kept.
    Units: `at` is whole seconds since 1970, by Telegram's clock.
    """

    state: State
    value: Any = None
    seq: int = 0
    at: int = 0

    @property
    def settled(self) -> bool:
        """Whether the question is done with, for now."""
        return self.state not in (State.OPEN, State.CHANGING)


Answers = Mapping[str, Answer]
"""The newest answer at each place."""


def with_facts(answers: Answers, facts: Sequence[Fact], at: int) -> Answers:
    """The answers, once these facts are kept.

    Units: `at` is whole seconds since 1970.
    """
    newest = max((answer.seq for answer in answers.values()), default=0)
    new = {fact.place: Answer(fact.state, fact.value, newest + n, at) for n, fact in enumerate(facts, 1)}
    return {**answers, **new}


def place_of(question: str, item: str = "") -> str:
    """The place of a question: its id, and the item of the list it is asked for."""
    return f"{question}{PLACE}{item}" if item else question


def parts(place: str) -> tuple[str, str]:
    """Question id and item ("" when the question is asked once) of a place."""
    question, _, item = place.partition(PLACE)
    return question, item
