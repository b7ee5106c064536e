"""The words in a text that have to do with a week: days, parts of the day, hours, and "not"; pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from bot import wording
from bot.dialog.slots import DAYS, PARTS
from bot.dialog.talk import Say

Mark = tuple[str, tuple[str, ...]]
"""What a word is ("day", "part", "not", "but", …), and for a day or a part, which ones it names."""

_GROUPS = {"work": DAYS[:5], "rest": DAYS[5:], "all": DAYS}
_NEAR, _LETTERS = 80, 5  # how near a slip of the finger is, out of 100, and how short a word can have one
_PHRASE = 4  # words in the longest phrase
_TOKEN = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?:\s*(?P<half>[ap])\.?m\b\.?)?(?![\w/:])"
    r"|(?P<word>[^\W_]+(?:'[^\W_]+)*)|(?P<sign>[-–—,;.!?\n/&+])"
)
_SIGNS = {"-": "till", "–": "till", "—": "till", ",": "comma", "/": "and", "&": "and", "+": "and"}


@dataclass(frozen=True, slots=True)
class Time:
    """Hours of a day; a point has no length.

    Shape: `half` is a or p when somebody wrote am or pm; `plain` is a number that may be no time at all.
    """

    start: float
    end: float
    half: str = ""
    plain: bool = False


def marks(text: str, say: Say) -> Iterator[Mark | Time]:
    """The words that mean something, in order; all others are passed over.

    Shape: `text` is in small letters.
    """
    known, tokens = _lexicon(say), list(_TOKEN.finditer(text))
    at, before = 0, ""
    while at < len(tokens):
        token = tokens[at]
        if token["hour"]:
            yield _hour(token)
        elif token["sign"]:
            yield _SIGNS.get(token["sign"], "end"), ()
        else:
            size, found = _longest(tokens[at : at + _PHRASE], known)
            if found and not (token["word"] == "am" and before == "i"):
                yield found
            at += size - 1
        before = token["word"] or ""
        at += 1


def timed(items: Iterable[Mark | Time]) -> Iterator[Mark | Time]:
    """The same with hours put together: "before 11", "2 till 4", "between 9 and 12"."""
    waiting = [Time(12, 12) if item == ("noon", ()) else item for item in items]
    at = 0
    while at < len(waiting):
        size, item = _span(waiting[at : at + 4])
        if item is not None:
            yield item
        at += size


@cache
def _lexicon(say: Say) -> Mapping[str, Mark]:
    """What each word or phrase stands for.

    Shape: `say` is one of a few functions, one a language.
    """
    named: list[tuple[str, tuple[str, ...], str]] = []
    named += [("day", (day,), wording.WEEK_DAYS[day]) for day in DAYS]
    named += [("day", (day,), wording.WEEK_SHORT[day]) for day in DAYS]
    named += [("day", (day,), wording.WEEK_DAYS_TYPED[day]) for day in DAYS]
    named += [("day", days, wording.WEEK_GROUPS[name]) for name, days in _GROUPS.items()]
    named += [("part", (part,), wording.WEEK_PARTS[part]) for part in PARTS]
    named += [("part", (part,), wording.WEEK_PARTS_SHORT[part]) for part in PARTS]
    named += [("part", (part,), wording.WEEK_PARTS_TYPED[part]) for part in PARTS]
    named += [("part", PARTS, wording.WEEK_GROUPS["all_day"])]
    named += [(mark, (), typed) for mark, typed in wording.WEEK_WORDS.items()]
    return {phrase: (mark, names) for mark, names, typed in named for phrase in phrases(say(typed))}


def phrases(typed: str) -> list[str]:
    """The words and phrases of a list with commas, in small letters."""
    return [" ".join(phrase.split()).casefold() for phrase in typed.split(",") if phrase.strip()]


def _longest(tokens: Sequence["re.Match[str]"], known: Mapping[str, Mark]) -> tuple[int, Mark | None]:
    """How many words the longest phrase here has, and what it stands for."""
    words = [token[0] if token["word"] else "\n" for token in tokens]
    for size in range(len(words), 0, -1):
        if found := known.get(" ".join(words[:size])):
            return size, found
    return 1, _slip(words[0], known)


def _slip(word: str, known: Mapping[str, Mark]) -> Mark | None:
    """What a word with a slip of the finger stands for: "wensday"; None when it may be two things."""
    if len(word) < _LETTERS:
        return None
    names = [name for name, (mark, _) in known.items() if mark in ("day", "part") and len(name) >= _LETTERS]
    close = process.extract(word, names, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=3)
    meant = {known[name] for name, score, _ in close if score >= close[0][1]}
    return meant.pop() if len(meant) == 1 else None


def _hour(token: "re.Match[str]") -> Mark | Time:
    """An hour as the clock has it; those from one to seven are in the afternoon."""
    hour, minute, half = int(token["hour"]), int(token["minute"] or 0), token["half"] or ""
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif not half and hour < 8 and not token["hour"].startswith("0"):
        hour += 12
    if hour > 24 or minute > 59:
        return "other", ()
    at = hour + minute / 60
    return Time(at, at, half, plain=not (half or token["minute"]))


def _span(items: Sequence[Mark | Time]) -> tuple[int, Mark | Time | None]:
    """How many of these items are one time, and which; a bare number without any lead is none."""
    kinds = ["" if isinstance(item, Time) else item[0] for item in items] + [""] * 4
    lead = int(kinds[0] in ("before", "after", "at", "between") and len(items) > 1)
    first, glue = items[lead], kinds[lead + 1]
    if not isinstance(first, Time):
        return 1, items[0]
    last = items[lead + 2] if len(items) > lead + 2 else None
    if isinstance(last, Time) and (glue == "till" or (glue == "and" and kinds[0] == "between")):
        return lead + 3, _between(first, last)
    size = lead + 1 + (glue == "oclock")
    if kinds[0] == "before":
        return size, Time(0, first.start)
    if kinds[0] == "after":
        return size, Time(first.start, 24)
    return size, (first if size > 1 or not first.plain else None)


def _between(first: Time, last: Time) -> Time:
    start, end = first.start, last.end
    if last.half == "p" and not first.half and start + 12 < end:
        start += 12
    if end < start:
        end = min(end + 12, 24)
    return Time(min(start, end), max(start, end))
