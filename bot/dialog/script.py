"""What a file in dialogs/ means, once read."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.dialog.condition import Condition


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose.

    Shape: `say_more` asks for words too; `alone` cannot go with others ("None of these").
    """

    code: str
    label: str
    say_more: bool = False
    alone: bool = False
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """One question; the fields are the words of the script.

    Shape: `label` is the short name in the read-back. `item` names one of a list ("attendee"),
    `nobody` is the button for an empty list, `most` the greatest number of items. `yes`, `no` and
    `if_no` belong to consent. `found` holds the words the author wrote and where: (key, line, column).
    """

    id: str
    kind: str
    ask: str
    label: str = ""
    why: str = ""
    examples: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    when: Condition | None = None
    item: str = ""
    nobody: str = ""
    most: int = 10
    say_more: str = ""
    yes: str = ""
    no: str = ""
    if_no: str = ""
    private: bool = False
    found: tuple[tuple[str, int, int], ...] = ()
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together; `for_each` repeats them for each item of that list.

    Shape: `found` as in Question.
    """

    id: str
    title: str
    questions: tuple[Question, ...]
    for_each: str = ""
    found: tuple[tuple[str, int, int], ...] = ()
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Script:
    """A whole talk, in file order."""

    id: str
    title: str
    sections: tuple[Section, ...]
    language: str = "en"

    @property
    def questions(self) -> Iterator[Question]:
        """Every question, in file order."""
        return (question for section in self.sections for question in section.questions)
