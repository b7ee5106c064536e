"""What a new version would mean for people in the middle of a talk: each is played on before it is used."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.dialog.answers import Answer, parts
from bot.dialog.engine import step
from bot.dialog.kind import Here
from bot.dialog.outline import Position
from bot.dialog.path import current, positions
from bot.dialog.script import Question, Script, Section
from bot.dialog.sets import MORE_LATER, MORE_NOW
from bot.dialog.talk import MOST, Prompt, length
from bot.errors import BeforehandError

_NO_QUESTIONS = ("info", "confirm")
_Said = tuple[str, str, Answer]
"""What was said: the id of the question, the item it was said about, and the answer."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one person will see.

    Shape: `more` is how many questions they will be asked that they would not have been. `lost` are the ids
    of questions they answered that are gone, `again` those they would be asked once more, `opened` those that
    kept the answer to fewer people, `hidden` those that they would not be asked any more, `turned` those of
    another kind now. `gone` are the options that are no more, as (question id, code), of questions they
    answered, and `reworded` those that have other words now: whether they chose them is nobody's business.
    `stuck` is true when the talk could not go on at all.
    """

    more: int = 0
    lost: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()
    gone: frozenset[tuple[str, str]] = frozenset()
    reworded: frozenset[tuple[str, str]] = frozenset()
    opened: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    turned: frozenset[str] = frozenset()
    stuck: bool = False


@dataclass(slots=True)
class Forecast:
    """What many people will see, in numbers.

    Shape: `more` has how many people are asked so many more questions; the others as in Outlook, with how
    many people each is true of.
    """

    people: int = 0
    more: Counter[int] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    gone: Counter[tuple[str, str]] = field(default_factory=Counter)
    reworded: Counter[tuple[str, str]] = field(default_factory=Counter)
    opened: Counter[str] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)
    turned: Counter[str] = field(default_factory=Counter)
    stuck: int = 0

    def add(self, one: Outlook) -> None:
        """One person more."""
        self.people += 1
        self.more[one.more] += 1
        self.lost.update(one.lost)
        self.again.update(one.again)
        self.gone.update(one.gone)
        self.reworded.update(one.reworded)
        self.opened.update(one.opened)
        self.hidden.update(one.hidden)
        self.turned.update(one.turned)
        self.stuck += one.stuck

    @property
    def strands(self) -> bool:
        """Whether somebody could not go on as they should; such a version is never used."""
        return bool(self.again or self.gone or self.turned or self.stuck)


def forecast(old: Here, new: Script) -> Outlook:
    """What a person whose talk is here will see once this script is in use."""
    return Change(old.script, new).outlook(old)


class Change:
    """One script in the place of another, compared once for many talks."""

    def __init__(self, old: Script, new: Script) -> None:
        self.new = new
        was, now = _rows(old), _rows(new)
        both = was.keys() & now.keys()
        self._was = {name: question for name, (question, _) in was.items()}
        self._turned = {name for name in both if was[name][0].kind != now[name][0].kind}
        self._dropped = {n for n in was.keys() - now.keys() if self._was[n].kind != "confirm"}
        self._gone = {
            name: gone
            for name in both - {MORE_NOW, MORE_LATER}
            if (gone := _labels(was[name][0]).keys() - _labels(now[name][0]).keys()) and now[name][0].options
        }
        self._reworded = {
            name: _reworded(was[name][0], now[name][0]) for name in both - {MORE_NOW, MORE_LATER}
        }
        self._opened = {name for name in both if _may_see(now[name][0]) > _may_see(was[name][0])}
        self._is_same = all(_applies(*was[name]) == _applies(*now[name]) for name in both)
        self._has_new = bool(now.keys() - was.keys())
        self._looks_good = dict[tuple[str, bool, bool], bool]()

    def outlook(self, here: Here) -> Outlook:
        """What it means for the person whose talk, by the old script, is here."""
        said = [(*parts(place), answer) for place, answer in here.answers.items() if answer.value is not None]
        names = {name for name, _, _ in said}
        if turned := self._turned & names:  # nothing of it could be read
            return Outlook(turned=frozenset(turned))
        after, lost = replace(here, script=self.new), self._dropped & names
        try:
            fresh = self._fresh(here, after)
            return Outlook(
                len(fresh),
                frozenset(lost),
                frozenset(each.question.id for each in fresh if self._is_again(each, said, lost)),
                frozenset(_of(names, self._gone)),
                frozenset(_of(names, self._reworded)),
                frozenset(self._opened & names),
                frozenset(self._hidden(here, after)),
                stuck=not self._goes_on(after),
            )
        except (BeforehandError, AssertionError, LookupError, TypeError, ValueError, AttributeError):
            return Outlook(stuck=True)

    def _goes_on(self, after: Here) -> bool:
        """Whether what they are asked next can be shown.

        Shape: a question that looks the same to everybody is only drawn once.
        """
        position = current(after)
        if position is None or position.place in after.answers or not _is_fixed(position.question):
            return _can_be_read(step(after, None).prompts)
        key = position.place, after.easy, after.helped
        if key not in self._looks_good:
            self._looks_good[key] = _can_be_read(step(after, None).prompts)
        return self._looks_good[key]

    def _fresh(self, here: Here, after: Here) -> list[Position]:
        """The questions that are asked now, and were not before."""
        if self._is_same and not self._has_new:
            return []
        found = [
            each
            for each in positions(after)
            if each.question.kind not in _NO_QUESTIONS and _is_open(after, each.place)
        ]
        if self._is_same:
            return [each for each in found if each.question.id not in self._was]
        before = {position.place for position in positions(here)}
        return [each for each in found if each.place not in before]

    def _hidden(self, here: Here, after: Here) -> Iterator[str]:
        """The questions they answered that are still there, and no more for them."""
        if not self._is_same:
            now = {each.place for each in positions(after)}
            for each in positions(here):
                answer, name = here.answers.get(each.place), each.question.id
                if (
                    answer
                    and answer.value is not None
                    and each.place not in now
                    and name not in self._dropped
                ):
                    yield name

    def _is_again(self, asked: Position, said: Iterable[_Said], lost: Collection[str]) -> bool:
        """Whether they said this already: in the same words under another id, or before it had a list."""
        question = asked.question
        if question.id not in self._was:
            return any(self._was[name].ask == question.ask for name in lost)
        return any(name == question.id and bool(item) != bool(asked.item) for name, item, _ in said)


def _of(names: Collection[str], options: Mapping[str, Collection[str]]) -> Iterator[tuple[str, str]]:
    """The options of these questions, as (question id, code)."""
    return ((name, code) for name in names if name in options for code in options[name])


def _rows(script: Script) -> dict[str, tuple[Question, Section]]:
    return {question.id: (question, section) for section in script.sections for question in section.questions}


def _labels(question: Question) -> dict[str, str]:
    return {option.code: option.label for option in question.options}


def _may_see(question: Question) -> int:
    """How many may see the answer: the more, the greater."""
    return 0 if question.private else 1 if question.share_with else 2


def _reworded(was: Question, now: Question) -> set[str]:
    new = _labels(now)
    return {code for code, label in _labels(was).items() if new.get(code, label) != label}


def _applies(question: Question, section: Section) -> tuple[object, ...]:
    """All that says whether, and how often, a question is asked."""
    return question.when, section.for_each


def _is_fixed(question: Question) -> bool:
    """Whether nothing in its words hangs on what was said."""
    words = (question.ask, question.easy, question.tip, *(option.label for option in question.options))
    return question.kind != "confirm" and not any("{" in each for each in words)


def _is_open(here: Here, place: str) -> bool:
    answer = here.answers.get(place)
    return answer is None or not answer.settled


def _can_be_read(prompts: Collection[Prompt]) -> bool:
    """Whether something is said, and nothing of it is empty or too long for a phone."""
    return bool(prompts) and all(
        (each.text or each.title or each.rows or each.after or each.thing) and length(each.text) <= MOST
        for each in prompts
    )
