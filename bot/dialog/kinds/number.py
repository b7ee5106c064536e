"""How many, or how much."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from bot import wording
from bot.dialog import choosing
from bot.dialog.condition import Number as Measured
from bot.dialog.doubt import keeps
from bot.dialog.kind import Asked, Given, Open, Shown
from bot.dialog.phrases import phrases
from bot.dialog.talk import Button, Said, Say
from bot.errors import NotUnderstood

_BUTTONS = 10  # more would be a wall of numbers
_ROW = 5  # numbers in a row of the smallest phone
_CHOICES = 3  # numbers to choose from when words have several
_NUMBER = re.compile(r"(?<![\w.,])(\d{1,7}(?:[.,]\d{1,2})?)?(½|¼|¾)?(?![\d])")
_PARTS = {"½": 0.5, "¼": 0.25, "¾": 0.75}


class Number:
    """A number, or the person's own words kept as they are.

    Shape: the value is {"number": 5}, {"words"}, or both: {"number": 5, "words": "about 5"}. While open,
    "pending" are the words that are asked about.
    """

    takes = frozenset({"least", "most", "unit", "private", "share_with"})
    needs = frozenset[str]()
    example = "kind: number\nlabel: How many\nask: How many of us will come?\nleast: 1\nmost: 5"
    fixed: tuple[str, ...] = ()
    counted = True
    spoken = True

    def show(self, asked: Asked) -> Shown:
        value, say = asked.value or {}, asked.here.say
        if pending := value.get("pending"):
            return _check(asked, pending)
        if numbers := _few(asked):
            buttons = tuple(Button(str(each), str(each), asked.place) for each in numbers)
            return Shown(asked.ask, buttons=buttons, tick=say(wording.TAP_A_NUMBER), columns=_ROW)
        return Shown(asked.ask, f"{say(wording.TYPE_A_NUMBER)} {_range(asked)}".strip())

    def read(self, asked: Asked, said: Said) -> Given | Open:
        value = dict(asked.value or {})
        pending = value.pop("pending", "")
        if said.tapped:
            return _tapped(asked, said.tapped)
        text = " ".join(said.text.split())
        if not text:
            raise NotUnderstood(asked.here.say(wording.TYPE_A_NUMBER))
        if pending and keeps(asked, text):
            return Given({"words": pending})
        if pending and choosing.says(text, asked.here.say(wording.ANOTHER_NUMBER), "no"):
            return Open(value or None)
        number, is_about = _meant(asked, text)
        if number is None or not _fits(asked, number):
            return Open({**value, "pending": text})
        return Given({"number": number, "words": text} if is_about else {"number": number})

    def words(self, asked: Asked, value: Any) -> str:
        own = str(value.get("words", ""))
        return _with_unit(asked, value["number"]) if "number" in value and not own else own

    def codes(self, value: Any) -> Measured:
        return Measured(value.get("number"))


def _few(asked: Asked) -> range:
    """The numbers to tap; none when there are too many."""
    least, most = asked.question.least, asked.question.most
    if least is None or most is None or most - least >= _BUTTONS:
        return range(0)
    return range(least, most + 1)


def _fits(asked: Asked, number: float) -> bool:
    least, most = asked.question.least, asked.question.most
    return (least is None or least <= number) and (most is None or number <= most)


def _range(asked: Asked) -> str:
    """From which number to which, in words; "" when any will do."""
    question, say = asked.question, asked.here.say
    if question.least is not None and question.most is not None:
        most = _with_unit(asked, question.most)
        return say(wording.NUMBER_BETWEEN).format(least=question.least, most=most)
    if question.least is not None:
        return say(wording.NUMBER_LEAST).format(least=_with_unit(asked, question.least))
    if question.most is not None:
        return say(wording.NUMBER_MOST).format(most=_with_unit(asked, question.most))
    return ""


def _with_unit(asked: Asked, number: float) -> str:
    """A number as people write it: "½", "5 minutes"; a script names the unit for more than one of it."""
    whole, part = divmod(number, 1)
    sign = next((sign for sign, size in _PARTS.items() if size == part), "")
    written = f"{int(whole) or ''}{sign}" if sign else f"{number:g}" if part else str(int(number))
    if not asked.question.unit:
        return written
    words = wording.ONE_AND_UNIT if 0 < number <= 1 else wording.NUMBER_AND_UNIT
    return asked.here.say(words).format(number=written, unit=asked.words(asked.question.unit))


def _check(asked: Asked, pending: str) -> Shown:
    """Ask which number fits their words, or keep the words."""
    say, words = asked.here.say, choosing.short(pending)
    named = list(dict.fromkeys(_numbers(say, pending)))
    fitting = [_with_unit(asked, number) for number in named if _fits(asked, number)][:_CHOICES]
    ends = say(wording.KEEP_WORDS), say(wording.ANOTHER_NUMBER)
    if fitting:
        return Shown(say(wording.WHICH_NUMBER).format(words=words), keys=(*fitting, *ends))
    told = wording.YOU_WROTE if named else wording.NO_NUMBER_FOUND
    return Shown(say(told).format(words=words), _range(asked), ends)


def _tapped(asked: Asked, code: str) -> Given:
    if code not in map(str, _few(asked)):
        raise NotUnderstood(asked.here.say(wording.EARLIER))
    return Given({"number": int(code)})


def _meant(asked: Asked, text: str) -> tuple[float | None, bool]:
    """The one number these words are, and whether it is "about" that; None when they are anything else."""
    words = text.casefold().strip(" .!")
    about = (f"{each} " for each in phrases(asked.here.say(wording.NUMBER_ABOUT)))
    lead = next((each for each in about if words.startswith(each)), "")
    found = _pattern(asked.here.say).match(words.removeprefix(lead).lstrip())
    if found is None or not _is_unit(asked, found.string[found.end() :].strip()):
        return None, False
    return _number(asked.here.say, found), bool(lead)


def _is_unit(asked: Asked, words: str) -> bool:
    """Whether nothing but the unit, or its beginning, stands behind the number: "mins"."""
    unit = asked.words(asked.question.unit).casefold()
    words = words.strip("()").rstrip("s. ")
    return not words or (bool(unit) and unit.startswith(words))


def _numbers(say: Say, text: str) -> list[float]:
    """Every number in these words."""
    return [_number(say, found) for found in _pattern(say).finditer(text.casefold())]


def _number(say: Say, found: "re.Match[str]") -> float:
    digits, sign, words = found["digits"] or "", found["sign"] or found["alone"], found["words"]
    plain = re.sub(r",(?=\d{3}\b)", "", digits).replace(",", ".")
    number = float(plain or 0) + _PARTS.get(sign, 0) + (_spelt(say)[words] if words else 0)
    number += 0.5 if found["half"] else 0
    return int(number) if number == int(number) else number


@cache
def _spelt(say: Say) -> Mapping[str, float]:
    """Numbers as words; `say` is one of a few functions, one a language."""
    known = {phrase: number for number, typed in wording.NUMBERS.items() for phrase in phrases(say(typed))}
    tens = {phrase: number for phrase, number in known.items() if 20 <= number < 100}
    ones = {phrase: number for phrase, number in known.items() if 1 <= number < 10}
    both = {f"{ten}{glue}{one}": tens[ten] + ones[one] for ten in tens for one in ones for glue in " -"}
    return known | both


@cache
def _pattern(say: Say) -> "re.Pattern[str]":
    """Finds a number in small letters: "5", "1,000", "2.5", "1½", "twenty-five", "one and a half"."""
    spelt = "|".join(map(re.escape, sorted(_spelt(say), key=len, reverse=True)))
    half = "|".join(map(re.escape, phrases(say(wording.NUMBER_HALF))))
    return re.compile(
        r"(?<![\w.,])(?:(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,7}(?:[.,]\d{1,2})?)(?![.,]?\d) ?(?P<sign>[½¼¾])?"
        rf"|(?P<alone>[½¼¾])|(?P<words>{spelt})(?!\w))(?P<half> (?:{half}))?"
    )
