"""The words after `when:`, which say whether a question is asked."""

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.errors import ConditionWrong

LONGEST = 500
DEEPEST = 20
TESTS = "is, is not, is one of, includes, is answered, >, <"
WORDS = ("and", "or", "not", "is", "of", "includes", "answered")
"""Words of these conditions; no question and no option can have one as its id."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number somebody gave; None when they said it in words that are no number."""

    number: float | None


Look = Callable[[str], tuple[str, ...] | Number | None]
"""What somebody gave at a question.

Shape: codes or item ids, () for free words; a Number when one was asked for; None when it is not answered.
"""


@dataclass(frozen=True, slots=True)
class Is:
    """The answer is exactly one code, and it is one of these."""

    question: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Includes:
    """The answer has any of these codes, or `every` one of them, perhaps among others."""

    question: str
    codes: tuple[str, ...]
    every: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """There is an answer."""

    question: str


@dataclass(frozen=True, slots=True)
class Compare:
    """A number, or how many were ticked or listed, against a number; `sign` is one of > < >= <= =."""

    question: str
    sign: str
    number: int


@dataclass(frozen=True, slots=True)
class Not:
    """The part is not so."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class And:
    """Every part is so."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part is so."""

    parts: "tuple[Condition, ...]"


Test = Is | Includes | Answered | Compare
Condition = Test | Not | And | Or


def parse(text: str) -> Condition:
    """What these words ask for.

    Shape: `and` binds closer than `or`; large and small letters are the same.
    Raises: ConditionWrong, with words for the author and where it went wrong.
    """
    if len(text) > LONGEST:
        raise ConditionWrong(f"too long: {len(text)} letters, and {LONGEST} is the most", LONGEST)
    parser = _Parser(_tokens(text), len(text))
    condition = parser.either()
    if parser.word:
        raise parser.wrong(f'write "and" or "or" before "{parser.word}"')
    return condition


def met(condition: Condition, look: Look) -> bool | None:
    """Whether the condition holds; None when that hangs on something not answered."""
    match condition:
        case Not(part):
            so = met(part, look)
            return None if so is None else not so
        case And(parts):
            return _fold((met(part, look) for part in parts), stop=False)
        case Or(parts):
            return _fold((met(part, look) for part in parts), stop=True)
        case Answered(question):
            return look(question) is not None
    given = look(condition.question)
    return None if given is None else _holds(condition, given)


def mentions(condition: Condition) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each question the condition looks at, and the codes it is compared with.

    Shape: in the order written; () when it is compared with no code; a question comes once for each test.
    """
    for test in tests(condition):
        yield test.question, test.codes if isinstance(test, Is | Includes) else ()


def tests(condition: Condition) -> Iterator[Test]:
    """The single tests a condition is made of, in the order written."""
    match condition:
        case Not(part):
            yield from tests(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from tests(part)
        case Is() | Includes() | Answered() | Compare():
            yield condition


def _fold(parts: Iterator[bool | None], *, stop: bool) -> bool | None:
    """One part that equals `stop` decides; else one unknown part leaves it unknown."""
    result: bool | None = not stop
    for part in parts:
        if part is stop:
            return stop
        if part is None:
            result = None
    return result


def _holds(test: Is | Includes | Compare, given: tuple[str, ...] | Number) -> bool | None:
    if isinstance(given, Number):
        if isinstance(test, Compare) and given.number is not None:
            return _SIGNS[test.sign](given.number, test.number)
        return None
    match test:
        case Is(_, codes):
            return len(given) == 1 and given[0] in codes
        case Includes(_, codes, every):
            return (all if every else any)(code in given for code in codes)
        case Compare(_, sign, number):
            return _SIGNS[sign](len(given), number)


_SIGNS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_TOKEN = re.compile(r"\s*(?:([A-Za-z_][A-Za-z0-9_]*|[0-9]+|>=|<=|!=|==|[><=(),\"'])|(\S))")
_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_INSTEAD = {"==": "write is, not ==", "!=": "write is not, not !="}
_QUOTES = "\"'\u2018\u2019\u201c\u201d"


def _tokens(text: str) -> list[tuple[str, int]]:
    """The words and signs, in small letters, each with where it starts."""
    found = []
    for token in _TOKEN.finditer(text):
        word, stray = token.groups()
        at = token.start(token.lastindex or 0)
        if stray and stray not in _QUOTES:
            raise ConditionWrong(f'"{stray}" cannot be used here', at)
        if stray or word in ('"', "'"):
            raise ConditionWrong("write the code without quotes", at)
        if word in _INSTEAD:
            raise ConditionWrong(_INSTEAD[word], at)
        found.append((word.lower(), at))
    return found


class _Parser:
    """Reads the words from left to right; one method for each layer of the grammar."""

    def __init__(self, tokens: list[tuple[str, int]], end: int) -> None:
        self._tokens = [*tokens, ("", end)]
        self._at = 0
        self._depth = 0

    @property
    def word(self) -> str:
        """The word that comes next; "" at the end."""
        return self._tokens[self._at][0]

    def wrong(self, words: str) -> ConditionWrong:
        """The error for the word that comes next."""
        return ConditionWrong(words, self._tokens[self._at][1])

    def either(self) -> Condition:
        """Parts with `or` between them."""
        parts = [self._both()]
        while self._take("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _both(self) -> Condition:
        parts = [self._one()]
        while self._take("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self) -> Condition:
        if self.word not in ("not", "("):
            return self._test()
        if self._depth == DEEPEST:
            raise self.wrong(f"too many brackets inside one another: {DEEPEST} is the most")
        self._depth += 1
        part = self._not() if self._take("not") else self._bracket()
        self._depth -= 1
        return part

    def _not(self) -> Condition:
        return Not(self._one())

    def _bracket(self) -> Condition:
        opened = self.wrong("this bracket is never closed: write ) at its end")
        self._next()
        part = self.either()
        if not self._take(")"):
            raise self.wrong(f'write ")", "and" or "or" before "{self.word}"') if self.word else opened
        return part

    def _test(self) -> Condition:
        question = self._name("the id of a question")
        if self._take("is", "answered"):
            return Answered(question)
        if self._take("is", "not", "answered"):
            return Not(Answered(question))
        if self._take("is"):
            negative = self._take("not")
            codes = self._codes(self._take("one", "of"), "is not one of" if negative else "is one of")
            return Not(Is(question, codes)) if negative else Is(question, codes)
        if self._take("includes"):
            return self._includes(question)
        if self.word in _SIGNS:
            return Compare(question, self._next(), self._number())
        raise self.wrong(f'after "{question}" write one of: {TESTS}')

    def _includes(self, question: str) -> Condition:
        every = self._take("all", "of")
        codes = self._codes(every or self._take("any", "of"), "includes any of")
        return Includes(question, codes, every)

    def _codes(self, several: bool, instead: str) -> tuple[str, ...]:
        """One code, or several with commas; `instead` are the words to write before several."""
        codes = [self._name("the code of an option")]
        while several and self._take(","):
            codes.append(self._name("the code of an option"))
        if self.word == "," or self._or_code():
            raise self.wrong(f'to name several codes write "{instead}" before them and commas between them')
        return tuple(codes)

    def _or_code(self) -> bool:
        """Whether `or` comes next, then a word that starts no test: "home or clinic"."""
        word, after = (self._tokens[min(self._at + n, len(self._tokens) - 1)][0] for n in (1, 2))
        name = bool(_NAME.fullmatch(word)) and word not in WORDS
        return self.word == "or" and name and after in ("", ")", "or", "and", ",")

    def _number(self) -> int:
        if not self.word.isdigit() or len(self.word) > 3:
            raise self.wrong('write a number of at most three digits here; to name an option write "is"')
        return int(self._next())

    def _name(self, what: str) -> str:
        if not _NAME.fullmatch(self.word) or self.word in WORDS:
            raise self.wrong(f"write {what} here" + (f', not "{self.word}"' if self.word else ""))
        return self._next()

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1][0]

    def _take(self, *words: str) -> bool:
        """Step over these words if they come next."""
        there = tuple(word for word, _ in self._tokens[self._at : self._at + len(words)]) == words
        self._at += len(words) if there else 0
        return there
