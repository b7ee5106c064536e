"""Whether a reminder still holds for somebody, and its words for them."""

from bot.dialog.condition import met
from bot.dialog.kind import Here
from bot.dialog.path import current, lines, look, positions
from bot.reminders import NOT_FINISHED, NOT_SHARED, Reminding

PLACE = "place"
"""The question whose answer is where the talk is."""
A_MINUTE = 2
"""So many questions are answered in a minute."""

_NO_QUESTIONS = ("info", "confirm")


def holds(rule: Reminding, here: Here) -> bool:
    """Whether the words after `while` are so; what hangs on something not answered is not."""
    if rule.only_while == NOT_FINISHED:
        return current(here) is not None
    if rule.only_while == NOT_SHARED:
        return not here.shared
    return rule.condition is None or met(rule.condition, look(here)) is True


def known(name: str, here: Here) -> str:
    """What is known of a talk under this name; "" when nothing is."""
    if name == PLACE:
        return next((line.words for line in lines(here) if line.place == PLACE), "")
    return str(left(here) if name == "left" else minutes(here) if name == "minutes" else "")


def left(here: Here) -> int:
    """How many questions are left, as far as can be told by now."""
    open_ones = (each for each in positions(here) if each.question.kind not in _NO_QUESTIONS)
    return sum(not (answer := here.answers.get(each.place)) or not answer.settled for each in open_ones)


def minutes(here: Here) -> int:
    """How many minutes those take.

    Units: whole minutes, at least one.
    """
    return max(1, -(-left(here) // A_MINUTE))
