"""Every check of a script: one function, one code, words an author can act on."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from bot.dialog.check import agreed, braces, missing, phone, plain, reach, references, sets, structure, words
from bot.dialog.check.agreed import is_whole
from bot.dialog.check.files import FILE_CODES
from bot.dialog.check.length import Length, length_of
from bot.dialog.check.plain import grade_of
from bot.dialog.check.rule import Code
from bot.dialog.check.seen import Seen
from bot.dialog.check.sets import Folder, Group
from bot.dialog.kind import Kind
from bot.dialog.kinds import KINDS
from bot.dialog.load import load
from bot.dialog.script import Script, Set
from bot.dialog.sets import whole
from bot.errors import Problem, ScriptProblems

CHECKS = (
    *structure.CHECKS, *references.CHECKS, *braces.CHECKS, *agreed.CHECKS, *reach.CHECKS, *phone.CHECKS,
    *missing.CHECKS, *plain.CHECKS, *words.CHECKS,
)  # fmt: skip
"""What is looked at in a script; a new check is a new function in one of these files."""
CODES: tuple[Code, ...] = tuple(
    sorted(
        (*FILE_CODES, *(one.about for one in (*CHECKS, *sets.CHECKS, *sets.FOLDER_CHECKS))),
        key=lambda about: about.code,
    )
)
"""Everything that can be wrong: D1xx in the file, D2xx to D5xx in a script, D6xx in a set."""


def check(
    script: Script,
    kinds: Mapping[str, Kind] | None = None,
    *,
    in_set: bool = False,
    samples: frozenset[str] | None = None,
) -> list[Problem]:
    """What is wrong with a script that could be loaded, in file order; some are only warnings.

    Shape: with `in_set`, what a script says about other scripts is left to `check_set`. `samples` are the
    files in dialogs/samples/; without them nobody looks whether they are there.
    """
    if kinds is not None:
        return _checked(Seen(script, kinds, samples), in_set)
    return list(_known(_This(script), in_set, samples))


def check_set(group: Set, scripts: Mapping[str, Script]) -> list[Problem]:
    """What is wrong with a set, and with its scripts when they are asked together.

    Shape: `scripts` are all there are, by id. Each problem has the id of the set or script as its `file`.
    What `check` says about a script is left out.
    """
    looked = Group(group, scripts)
    found = [problem for one in sets.CHECKS for problem in one(looked)]
    if looked.may_be_whole():
        found += _together(group, scripts)
    return sorted(found)


def check_all(
    scripts: Iterable[Script],
    groups: Iterable[Set],
    samples: frozenset[str] | None = None,
    unread: Collection[str] = (),
) -> list[Problem]:
    """All that is wrong with scripts and sets that are used together.

    Shape: each problem has the id of its script or set as its `file`, and comes once. `unread` are scripts
    and sets that are there and cannot be read; what hangs on them is not looked at.
    """
    folder = Folder({each.id: each for each in scripts}, {each.id: each for each in groups}, unread)
    found = [problem for one in sets.FOLDER_CHECKS for problem in one(folder)]
    for script in folder.scripts.values():
        in_set = folder.may_be_asked(script.id) and not is_whole(script)
        found += (replace(each, file=script.id) for each in check(script, in_set=in_set, samples=samples))
    for group in folder.sets.values():
        if not any(part.script in unread for part in group.parts):
            found += check_set(group, folder.scripts)
    once = {(each.file, each.line, each.column, each.code, each.words): each for each in found}
    return sorted(once.values(), key=lambda each: (each.file, each))


def read(text: str, name: str = "script", *, in_set: bool = False) -> Script:
    """A script without mistakes; warnings stop nobody.

    Raises: ScriptProblems, with all that is wrong.
    """
    script = load(text, name)
    if wrong := [problem for problem in check(script, in_set=in_set) if not problem.warning]:
        raise ScriptProblems(name, wrong)
    return script


def figures(script: Script) -> tuple[Length, float | None]:
    """How long a talk takes, and the school grade it reads like.

    Shape: a script on its own is first made a talk with `as_talk`, a set with `whole`. None without a grade.
    """
    seen = Seen(script, KINDS)
    return length_of(seen), grade_of(seen)


class _This:
    """One script, known by its identity: to compare two takes far too long."""

    def __init__(self, script: Script) -> None:
        self.script = script

    def __hash__(self) -> int:
        return id(self.script)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _This) and other.script is self.script


@lru_cache(maxsize=256)
def _known(this: _This, in_set: bool, samples: frozenset[str] | None) -> tuple[Problem, ...]:
    """A script that is in many sets, or is there at every start, is looked at once."""
    return tuple(_checked(Seen(this.script, KINDS, samples), in_set))


def _checked(seen: Seen, in_set: bool) -> list[Problem]:
    return sorted(found for one in CHECKS if one.in_parts or not in_set for found in one(seen))


def _together(group: Set, scripts: Mapping[str, Script]) -> list[Problem]:
    """What is wrong only because these scripts are asked one after another."""
    talk = whole(group, scripts)
    asked = {question.id for question in talk.questions}
    parts = [scripts[part.script] for part in group.parts]
    gone = frozenset(question.id for script in parts for question in script.questions) - asked
    seen = Seen(talk, KINDS, gone=gone)
    files = {*scripts, group.id}
    found = [each for one in CHECKS if one.in_sets for each in one(seen) if each.file in files]
    if not found:
        return []
    alone = {replace(each, file=script.id) for script in parts for each in check(script, in_set=True)}
    return [each for each in found if each not in alone]
