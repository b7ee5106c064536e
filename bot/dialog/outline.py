"""What a script says about all its questions, worked out once."""

from dataclasses import dataclass

from bot.dialog.braces import between
from bot.dialog.script import Question, Script, Section
from bot.dialog.sets import DETAIL, MORE_LATER, MORE_NOW

SILENT = ("consent", "private", "confirm")
"""Kinds that are no line of the read-back."""
UNTOLD = (DETAIL, MORE_NOW, MORE_LATER)
"""Questions about the talk itself: their answers tell nothing about the person."""
MOST = 64
"""How many outlines are kept."""


@dataclass(frozen=True, slots=True)
class Position:
    """A question at its place; `item` is the id and `item_name` the name it is asked about."""

    question: Question
    section: Section
    place: str
    item: str = ""
    item_name: str = ""


class Outline:
    """All questions of a script at a glance.

    Shape: `still_right` has the kinds of the questions that offer the answer of last time. `asked_once` has
    the positions that are the same for everybody, by the id of the question. `named` has, for each question,
    the questions whose answers its words mention.
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        self.questions = {question.id: question for question in script.questions}
        self.private = {question.id for question in script.questions if question.kind == "private"}
        self.still_right = {each.id: each.kind for each in script.questions if each.still_right}
        self.asked_once = {
            question.id: Position(question, section, question.id)
            for section in script.sections
            if not section.for_each
            for question in section.questions
        }
        self.named = {
            question.id: _named(question, section, self.questions)
            for section in script.sections
            for question in section.questions
        }


_outlines: dict[int, Outline] = {}
"""By the identity of the script, which its outline keeps alive; to compare scripts takes far too long."""


def outline(script: Script) -> Outline:
    """The outline of a script."""
    known = _outlines.get(id(script))
    if known is None:
        if len(_outlines) >= MOST:
            _outlines.clear()
        known = _outlines[id(script)] = Outline(script)
    return known


def is_told(question: Question) -> bool:
    """Whether its answer is a line of the read-back."""
    return question.kind not in SILENT and question.id not in UNTOLD


def brace(question: Question) -> str:
    """What stands between braces for the answer to this question."""
    return f"{question.id}.{'names' if question.kind == 'list' else 'label'}"


def _named(question: Question, section: Section, known: dict[str, Question]) -> tuple[Question, ...]:
    """The questions whose answers stand in the words of this one."""
    more = (each.words for each in question.examples), (option.label for option in question.options)
    words = (question.ask, question.label, question.why, question.say_more, question.nobody, question.easy)
    others = (question.tip, question.how_known, question.yes, question.no, section.title)
    inside = {name for _, name in between(" ".join((*words, *others, *more[0], *more[1])))}
    spoken = (each for each in known.values() if each.kind not in (*SILENT, "info"))
    return tuple(each for each in spoken if brace(each) in inside)
