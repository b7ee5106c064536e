"""The question box: what people ask before a talk, and what the team has written to that."""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.dialog import choosing

_ALIKE = 85  # out of 100: "meeting" and "meetings"
_ENOUGH = 0.5
URGENT = "urgent"
"""The question of this id is answered wherever it is said, not only in the box."""
_TELLS_NOTHING = frozenset(
    ["a", "an", "the", "is", "are", "am", "be", "do", "does", "did", "to", "of", "for", "in", "on", "at",
     "it", "i", "me", "my", "you", "your", "we", "this", "that", "there", "and", "or", "if", "so", "with",
     "what", "how", "who", "why", "when", "where", "which", "can", "could", "will", "would", "shall",
     "should", "have", "has", "get"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """A question the team has an answer to; `asked` are the ways people ask it, the clearest first."""

    id: str
    asked: tuple[str, ...]
    answer: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Box:
    """All of them; `promise` says when a person answers what stands in none."""

    title: str = ""
    promise: str = ""
    known: tuple[Known, ...] = ()


def nearest(box: Box, words: str) -> Known | None:
    """The known question most like these words; None when none is like them.

    Shape: it is only ever offered; the person says whether it helped.
    """
    wanted = _telling(words)
    scored = [(max(_alike(wanted, _telling(way)) for way in known.asked), known) for known in box.known]
    score, best = max(scored, default=(0.0, None), key=lambda each: each[0])
    return best if score >= _ENOUGH else None


def urgent(box: Box, words: str) -> Known | None:
    """What the team says at once, when one of the ways to say that it is urgent stands in these words."""
    said = f" {' '.join(_words(words))} "
    known = next((known for known in box.known if known.id == URGENT), None)
    is_said = known and any(f" {' '.join(_words(way))} " in said for way in known.asked)
    return known if is_said else None


def _words(words: str) -> list[str]:
    return re.findall(r"\w+", choosing.plain(words).replace("'", "").replace("’", ""))


def _telling(words: str) -> list[str]:
    """The words that say what a question is about; all of them when none does."""
    every = re.findall(r"[\w']+", choosing.plain(words))
    return [word for word in every if word not in _TELLS_NOTHING] or every


def _alike(one: list[str], other: list[str]) -> float:
    """The share of words that stand in both, from 0 to 1."""
    if not one or not other:
        return 0.0
    left, both = list(other), 0
    for word in one:
        found = next((each for each in left if fuzz.ratio(word, each) >= _ALIKE), None)
        if found is not None:
            left.remove(found)
            both += 1
    return 2 * both / (len(one) + len(other))
