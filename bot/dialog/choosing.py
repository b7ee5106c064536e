"""Which of some labels a person means by what they typed: the same, a number, or only near."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

_NEAR = 70  # out of 100; lower suggests words that have little in common
_SLIP = 80  # out of 100: one word with a slip in it
_NOT = {
    *("not", "no", "never", "nor", "none", "nothing", "nobody", "neither", "without", "except"),
    *("dont", "don't", "isnt", "isn't", "cant", "can't"),
}
_REFUSES = {"no", "nope", "nah", "none", "nothing", "thanks", "thank", "you"}
_NOTHING = {"no", "none", "nothing", "nobody"}
_ROOT = 3  # letters two words have in common at least: "easy" and "easier"
_SMALL = {
    "a",
    "an",
    "the",
    "my",
    "at",
    "in",
    "on",
    "to",
    "of",
    "i",
    "me",
    "please",
    "like",
    "would",
    "want",
    "it",
    "one",
    "pls",
}
_SIGNS = re.compile(r"[^a-z0-9 '&/+]")
_NUMBER = re.compile(r"(?:number |option |no\.? ?)?#?(\d{1,2})[.)]?")


def plain(words: str) -> str:
    """Words without case, end marks, emoji and extra spaces, so that the same words look the same."""
    folded = _same(words)
    if folded.isascii():  # ten times as fast, and most words are
        return " ".join(_SIGNS.sub(" ", folded).split())
    kept = "".join(c if unicodedata.category(c)[0] in "LNM" or c in " '&/+" else " " for c in folded)
    return " ".join(kept.split())


@lru_cache(maxsize=4096)
def plain_label(label: str) -> str:
    """The same for a label: there are few of them, and they are compared over and over."""
    return plain(label)


def same(words: str, labels: Sequence[str]) -> int | None:
    """The index of the one label with exactly these words, or of the number typed; else None."""
    wanted = plain(words)
    if not wanted:
        return None
    found = [n for n, label in enumerate(labels) if plain_label(label) == wanted]
    if len(found) == 1:
        return found[0]
    number = _NUMBER.fullmatch(_same(words).strip())
    if number and 1 <= int(number[1]) <= len(labels):
        return int(number[1]) - 1
    return None


def says(words: str, *labels: str) -> bool:
    """Whether the words are exactly one of these labels; a number is not."""
    return plain(words) in {plain_label(label) for label in labels}


def stands_for(words: str, label: str, typed: str) -> bool:
    """Whether these are the words of a button, or one of those, with commas between, that mean the same."""
    return says(words, label, *typed.split(","))


def near(words: str, labels: Sequence[str], most: int = 3) -> list[int]:
    """The indexes of labels that may be meant, best first; only ever to ask about.

    Shape: words with a "not" never suggest a label without one.
    """
    wanted = plain(words)
    if not wanted or len(wanted) > 200:
        return []
    if set(wanted.split()) <= _REFUSES and (refusing := _that_refuse(labels)):
        return refusing[:most]
    against = bool(_NOT & set(wanted.split()))
    offered = {
        n: plain_label(label)
        for n, label in enumerate(labels)
        if against == bool(_NOT & set(plain_label(label).split()))
    }
    scored = {n: min(_score(wanted, label), _without_not(wanted, label)) for n, label in offered.items()}
    good = sorted((n for n in scored if scored[n] >= _NEAR), key=lambda n: (-scored[n], n))
    return good[:most]


def several(words: str, labels: Sequence[str]) -> list[int] | None:
    """The indexes of all labels named, as in "2 and 4" or "audio, a letter"; None if any is unclear."""
    if (one := same(words, labels)) is not None:
        return [one]
    found = [same(piece, labels) for piece in pieces(words)]
    known = [n for n in found if n is not None]
    return sorted(set(known)) if known and len(known) == len(found) else None


def pieces(words: str) -> list[str]:
    """What may be several answers, one by one."""
    return [p for p in re.split(r"[,;\n&+]|\band\b|(?<=\d)\s+(?=\d)", words) if p.strip()]


def closest(words: str, known: Sequence[str]) -> str | None:
    """The known word most like this one, for "did you mean"; None when none is."""
    best = process.extractOne(words, known, scorer=fuzz.ratio, score_cutoff=_NEAR)
    return best[0] if best else None


def short(words: str) -> str:
    """Words short enough to say back in one line."""
    return words if len(words) <= 60 else words[:57].rstrip() + "…"


def _score(wanted: str, label: str) -> float:
    """How near two plain texts are; a telling word in common counts as near."""
    telling = [w for w in wanted.split() if w not in _SMALL]
    of_label = [w for w in label.split() if w not in _SMALL]
    if telling and set(telling) <= set(of_label):
        return 100
    slipped = _NEAR if telling and all(_is_like_one_of(word, of_label) for word in telling) else 0
    short = fuzz.token_sort_ratio(" ".join(telling), " ".join(of_label)) if telling else 0.0
    return max(fuzz.ratio(wanted, label), short, slipped)


def _is_like_one_of(word: str, others: list[str]) -> bool:
    """Whether it is one of these with a slip in it, or has the same root: "easy", "easier"."""
    root = word.removesuffix("y")
    if len(root) >= _ROOT and any(other.startswith(root) for other in others):
        return True
    return process.extractOne(word, others, scorer=fuzz.ratio, score_cutoff=_SLIP) is not None


def _without_not(wanted: str, label: str) -> float:
    """How near they are apart from every "not": "not bad" is not near "not good"."""
    rests = [" ".join(w for w in words.split() if w not in _NOT) for words in (wanted, label)]
    return _score(*rests) if all(rests) and wanted.split() != rests[0].split() else 100


def _that_refuse(labels: Sequence[str]) -> list[int]:
    """The labels that say no: "Nothing more for now"."""
    return [n for n, label in enumerate(labels) if plain_label(label).partition(" ")[0] in _NOTHING]


def _same(words: str) -> str:
    if words.isascii():
        return words.lower()
    return unicodedata.normalize("NFKC", words).casefold().replace("’", "'")
