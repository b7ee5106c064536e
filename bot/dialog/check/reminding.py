"""D133: what the reminders of a script say about its questions."""

from collections.abc import Iterator

from bot.dialog.check.seen import Seen
from bot.dialog.condition import mentions
from bot.dialog.load.reading import did_you_mean
from bot.errors import Problem


def unknown_while(seen: Seen) -> Iterator[Problem]:
    """D133: `while` names a question or an option that is not there."""
    for rule in seen.script.reminders:
        for name, codes in mentions(rule.condition) if rule.condition else ():
            if wrong := _wrong(seen, name, codes):
                words = f'the reminder "{rule.id}" cannot tell when to be sent: {wrong[0]}.'
                yield Problem(rule.line, rule.column, "D133", words, wrong[1])


def _wrong(seen: Seen, name: str, codes: tuple[str, ...]) -> tuple[str, str] | None:
    """What is wrong with one test, and what to do."""
    named = seen.first.get(name)
    if named is None:
        return f'there is no question called "{name}"', did_you_mean(name, seen.first)
    if named.section.for_each:
        words = f'"{name}" is asked for each of "{named.section.for_each}"'
        return words, "Name a question that is asked once."
    known = seen.codes(named.question)
    wrong = next((code for code in codes if code not in known), "")
    if not wrong:
        return None
    if not known:
        return f'"{name}" has no options to compare with', f"Write: {name} is answered."
    return f'"{name}" has no option "{wrong}"', did_you_mean(wrong, known) or f"It has: {', '.join(known)}."


CHECKS = (unknown_while,)
