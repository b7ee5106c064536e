"""When words are none of the answers: what they may mean, or keeping them as they are."""

from bot import wording
from bot.dialog import choosing
from bot.dialog.kind import Asked, Shown

_KEY = 60  # letters that fit on a key


def did_you_mean(asked: Asked, labels: list[str], words: str, *, together: bool = False) -> Shown:
    """Ask what was meant; nothing near is ever picked without asking.

    Shape: with `together` the words may also mean several of the labels: those are offered as one.
    """
    say = asked.here.say
    close = [labels[n] for n in choosing.near(words, labels)]
    several = ", ".join(labels[n] for n in meant_together(words, labels)) if together else ""
    if several and several not in labels and len(several) <= _KEY:
        close = [several]
    told = say(wording.NOT_IN_LIST).format(words=choosing.short(words))
    keys = (*close, say(wording.KEEP_WORDS), say(wording.SEE_LIST))
    return Shown(told, say(wording.DID_YOU_MEAN) if close else "", keys)


def meant_together(words: str, labels: list[str]) -> list[int]:
    """The labels that each piece of these words may mean, as in "tusday and fryday"; [] if any is unclear."""
    found = [_one(piece, labels) for piece in choosing.pieces(words)]
    known = [number for number in found if number is not None]
    return sorted(set(known)) if len(known) == len(found) else []


def _one(words: str, labels: list[str]) -> int | None:
    exact = choosing.same(words, labels)
    return next(iter(choosing.near(words, labels, 1)), None) if exact is None else exact


def agreed(asked: Asked, labels: list[str], words: str, text: str) -> int | None:
    """The one label that was suggested for these words, when they say yes to it."""
    close = choosing.near(words, labels)
    is_yes = choosing.says(text, *asked.here.say(wording.YES_TYPED).split(","))
    return close[0] if is_yes and len(close) == 1 else None


def keeps(asked: Asked, text: str) -> bool:
    """Whether they want their own words kept."""
    return choosing.says(text, asked.here.say(wording.KEEP_WORDS))


def wants_the_list(asked: Asked, text: str) -> bool:
    """Whether they want to see all answers again."""
    return choosing.says(text, asked.here.say(wording.SEE_LIST))
