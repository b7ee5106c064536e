"""What a file in dialogs/ means, once read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.dialog.condition import Condition
from bot.dialog.talk import Thing
from bot.reminders import Reminding

DETAILS = ("light", "usual", "fuller")
"""How much is asked, the least first."""
AUDIENCES = ("person", "attendee", "supporter", "practitioner", "key_contact", "team")
"""Whom a script asks."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose.

    Shape: `say_more` asks for words too; `alone` cannot go with others ("None of these"). A `retired` option
    is offered no more, and keeps its words for those who chose it.
    """

    code: str
    label: str
    say_more: bool = False
    alone: bool = False
    retired: bool = False
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """How somebody may answer, or what something is like: words, perhaps with a picture or a voice."""

    words: str
    thing: Thing | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question; the fields are the words of the script.

    Shape: `label` is the short name in the read-back. `easy` is the question in fewer, easier words,
    `tip` is for whoever helps. `item` names one of a list ("attendee"), `how_known` asks how they know
    each item, `of` is "things" when those are no people, `nobody` is the button for an empty list, `most`
    the greatest number of items, or of a number that is asked for, `least` the smallest, `unit` what is
    counted ("minutes"). `yes`, `no` and `if_no` belong to consent. `reads_back` is "part" when only the
    answers of this part are read back. `answer_by` holds voice and photo where those are welcome beside
    words. `optional` leaves no line when it is skipped. `share_with` is "key_contact" when nobody else
    ever sees it. `detail` is the least detail it is asked in. `still_right` offers the answer of last
    time. `found` holds the words the author wrote and where: (key, line, column).
    """

    id: str
    kind: str
    ask: str
    label: str = ""
    why: str = ""
    easy: str = ""
    tip: str = ""
    examples: tuple[Example, ...] = ()
    options: tuple[Option, ...] = ()
    when: Condition | None = None
    item: str = ""
    how_known: str = ""
    of: str = ""
    nobody: str = ""
    least: int | None = None
    most: int | None = None
    unit: str = ""
    say_more: str = ""
    yes: str = ""
    no: str = ""
    if_no: str = ""
    reads_back: str = ""
    answer_by: tuple[str, ...] = ()
    optional: bool = False
    private: bool = False
    share_with: str = ""
    detail: str = DETAILS[0]
    still_right: bool = False
    found: tuple[tuple[str, int, int], ...] = ()
    line: int = 0
    column: int = 0

    @property
    def hushed(self) -> bool:
        """Whether the answer is not shown in the chat again: others may hold this phone one day."""
        return self.kind in ("text", "list") and (self.private or bool(self.share_with))

    @property
    def offered(self) -> tuple[Option, ...]:
        """The options that can be chosen now."""
        return tuple(option for option in self.options if not option.retired)


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together; `for_each` repeats them for each item of that list.

    Shape: `part` is the id and `part_title` the title of the script it comes from, when a set is made of
    several. `found` as in Question.
    """

    id: str
    title: str
    questions: tuple[Question, ...]
    for_each: str = ""
    part: str = ""
    part_title: str = ""
    found: tuple[tuple[str, int, int], ...] = ()
    line: int = 0
    column: int = 0

    @property
    def heading(self) -> str:
        """What its lines stand under: the title of its part, else its own."""
        return self.part_title or self.title


@dataclass(frozen=True, slots=True)
class Script:
    """A whole talk, in file order; a set becomes one, too.

    Shape: `audience` is whom it asks. `given` are the names of what is known before it begins ("date"), each
    with an example of it. `reminders` is () for the usual ones.
    """

    id: str
    title: str
    sections: tuple[Section, ...]
    language: str = "en"
    audience: str = AUDIENCES[0]
    given: Mapping[str, str] = field(default_factory=dict)
    reminders: tuple[Reminding, ...] = ()

    @property
    def questions(self) -> Iterator[Question]:
        """Every question, in file order."""
        return (question for section in self.sections for question in section.questions)


@dataclass(frozen=True, slots=True)
class Part:
    """One script of a set.

    Shape: what is of `stage` 2 is asked once the first talk has been. `by_choice` asks first whether they
    want it; `still_right` offers the answers of last time.
    """

    script: str
    stage: int = 1
    by_choice: bool = False
    still_right: bool = False
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Set:
    """Scripts asked one after another, as one talk; `detail` is how much of them, unless the person says."""

    id: str
    title: str
    parts: tuple[Part, ...]
    language: str = "en"
    detail: str = DETAILS[1]
    reminders: tuple[Reminding, ...] = ()
