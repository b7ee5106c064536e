"""Every check of a script: one function, one code, words an author can act on."""

from collections.abc import Mapping

from bot.dialog.check import phone, reach, references, reminding, words
from bot.dialog.check.seen import Seen
from bot.dialog.kind import Kind
from bot.dialog.kinds import KINDS
from bot.dialog.load import load
from bot.dialog.script import Script
from bot.errors import Problem, ScriptProblems

CHECKS = (*reminding.CHECKS, *references.CHECKS, *reach.CHECKS, *phone.CHECKS, *words.CHECKS)
"""D133, D2xx, D3xx, D4xx and D5xx; a new check is a new function in one of these files."""


def check(script: Script, kinds: Mapping[str, Kind] | None = None) -> list[Problem]:
    """What is wrong with a script that could be loaded, in file order."""
    seen = Seen(script, KINDS if kinds is None else kinds)
    return sorted(found for one in CHECKS for found in one(seen))


def read(text: str, name: str = "script") -> Script:
    """A script that has passed every check.

    Raises: ScriptProblems, with all that is wrong.
    """
    script = load(text, name)
    if problems := check(script):
        raise ScriptProblems(name, problems)
    return script
