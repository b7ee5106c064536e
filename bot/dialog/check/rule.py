"""What a check is: one function with one code, an example of the mistake, and the same mended."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from bot.dialog.script import Option, Part, Question, Section
from bot.errors import Problem
from bot.reminders import Reminding

At = Question | Section | Option | Part | Reminding | None
"""What a mistake stands in; None is the file itself."""


@dataclass(frozen=True, slots=True)
class Code:
    """What one code means.

    Shape: `wrong` and `right` are lines of a script. A `warning` stops nobody.
    """

    code: str
    name: str
    means: str
    wrong: str
    right: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong at that key of a thing, or where the thing begins; `file` when only that tells."""

    at: At
    key: str
    words: str
    fix: str = ""
    file: str = ""


class Looked(Protocol):
    """What is looked at for mistakes."""

    def file_of(self, at: At) -> str:
        """The script or set this stands in; "" when there is only one."""


T = TypeVar("T", bound=Looked)


@dataclass(frozen=True, slots=True)
class Check(Generic[T]):
    """Finds one kind of mistake.

    Shape: with `in_sets` the scripts of a set are looked at as one talk, too. Without `in_parts` a script
    that a set asks is looked at only so.
    """

    about: Code
    finds: Callable[[T], Iterator[Mistake]]
    in_sets: bool = False
    in_parts: bool = True

    def __call__(self, looked: T) -> Iterator[Problem]:
        """Every such mistake."""
        for mistake in self.finds(looked):
            line, column = _place(mistake)
            file = mistake.file or looked.file_of(mistake.at)
            words, about = f"{mistake.words}.", self.about
            yield Problem(line, column, about.code, words, mistake.fix, about.warning, file)


def rule(
    code: str, wrong: str, right: str, *, warning: bool = False, in_sets: bool = False, in_parts: bool = True
) -> Callable[[Callable[[T], Iterator[Mistake]]], Check[T]]:
    """Makes a check of the function below it; the first line of its docstring says what the code means."""

    def made(finds: Callable[[T], Iterator[Mistake]]) -> Check[T]:
        means = (finds.__doc__ or "").partition("\n")[0]
        name = finds.__name__.replace("_", " ")
        return Check(Code(code, name, means, wrong, right, warning), finds, in_sets, in_parts)

    return made


def _place(mistake: Mistake) -> tuple[int, int]:
    at = mistake.at
    if at is None:
        return 0, 0
    found = at.found if isinstance(at, Question | Section) else ()
    return next(((line, column) for key, line, column in found if key == mistake.key), (at.line, at.column))
