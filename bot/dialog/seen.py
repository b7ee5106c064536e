"""The answers as conditions see them: what is hidden by now counts as not said."""

from functools import partial

from bot.dialog.answers import Answers, place_of
from bot.dialog.condition import Number, met
from bot.dialog.kinds import KINDS
from bot.dialog.outline import Outline
from bot.dialog.script import Question, Section


class Seen:
    """The answers as conditions see them; each question is looked at once, however many hang on it."""

    __slots__ = ("_answers", "_applied", "_plan")

    def __init__(self, plan: Outline, answers: Answers) -> None:
        self._plan, self._answers = plan, answers
        self._applied: dict[tuple[str, str], bool] = {}

    def items(self, listed: str) -> list[tuple[str, str]]:
        """The items of a list: (id, name); none when it is hidden by now, or the script has no such list."""
        answer, question = self._answers.get(listed), self._plan.questions.get(listed)
        if answer is None or not answer.value or question is None or not self.applies("", question):
            return []
        return [(item["id"], item["name"]) for item in answer.value.get("items", ())]

    def each(self, section: Section) -> list[tuple[str, str]]:
        """The items a section is asked for; one nameless item when it is asked once."""
        return self.items(section.for_each) if section.for_each else [("", "")]

    def codes(self, item: str, question: str) -> tuple[str, ...] | Number | None:
        """What a condition sees of an answer: None when there is none, or when it is hidden by now."""
        answer = self._answers.get(place_of(question, item)) if item else None
        answer = answer or self._answers.get(question)
        asked_there = self._plan.questions.get(question)  # a set may leave it out: it asks less detail
        if answer is None or answer.value is None or asked_there is None:
            return None
        if not self.applies(item, asked_there):
            return None
        return KINDS[asked_there.kind].codes(answer.value)

    def applies(self, item: str, question: Question) -> bool:
        """Whether a question is asked, as things are now; one that hangs on itself never is."""
        if question.when is None:
            return True
        key = item, question.id
        if key not in self._applied:
            self._applied[key] = False
            self._applied[key] = met(question.when, partial(self.codes, item)) is True
        return self._applied[key]
