"""A day, or a day and a time, as people type them."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.parser import ParserError, parse
from dateutil.relativedelta import relativedelta

from bot.errors import NotUnderstood

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(
    r"\b\d{1,2}([:.]\d{2})\b|\b\d{1,2}\s*[ap]\.?m\b|\bnoon\b|\bmidday\b|\bo'?clock\b", re.IGNORECASE
)
_YEAR = re.compile(r"\b20\d\d\b")
_PART = re.compile(r"\b(?:in )?(?:this )?(?:morning|afternoon|evening|lunchtime|night)\b")
_DAY = (
    r"(mon(?:day)?|tue(?:s|sday)?|wed(?:s|nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WRITTEN = re.compile(rf"(?:(?:{_DAY}|{_MONTH}|\d++(?:st|nd|rd|th)?)[ ,./-]*)+")
_SLASHES = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?")
_IN = re.compile(
    r"(?:in )?(\d{1,3}|an?|one|two|three|four|five|six) (day|week|fortnight|month|year)(?:s|'s|s')?"
    r"(?: time| from now| from today| today)?"
)
_HOURS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_SPOKEN = re.compile(
    rf"\b(half past|quarter past|quarter to|at) (\d{{1,2}}|{'|'.join(_HOURS)})"
    r"(?= o'?clock|\s*$| on\b| tomorrow| today)"
)
_MINUTES = {"half past": 30, "quarter past": 15, "quarter to": -15, "at": 0}
_BY_DAY = re.compile(r"(?<![\d:.])([1-6]):(\d{2})(?![\d:]|\s*[ap]\.?m)")
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_LENGTHS = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "fortnight": relativedelta(weeks=2),
    "month": relativedelta(months=1),
    "year": relativedelta(years=1),
}


def read_moment(words: str, now: datetime, zone: str) -> datetime:
    """The moment these words mean, the day before the month as in Britain.

    Shape: "12 March 2pm", "12/03/2027 14:00", "tomorrow 10:30", "Thursday at 2pm"; a day without a
    year is the next one. Always shown back in words before it counts.
    Units: aware datetimes; the answer is UTC.
    Raises: NotUnderstood without a day or without a time.
    """
    text = _plain(words)
    if len(text) > 60 or not _TIME.search(text):
        raise NotUnderstood(words)
    here = now.astimezone(ZoneInfo(zone))
    text, day = _named_day(text, here)
    try:
        found = parse(
            text,
            dayfirst=not re.match(r"\d{4}-", text),
            default=day or here.replace(**_MIDNIGHT, tzinfo=None),
        )
        bare = parse(text, dayfirst=True, default=datetime(1996, 2, 29))  # noqa: DTZ001 a day no one types
    except (ParserError, OverflowError, ValueError) as error:
        raise NotUnderstood(words) from error
    is_named = day or re.search(rf"\b{_DAY}\b", text)
    if not is_named and (bare.month, bare.day) == (2, 29) and "29" not in text:
        raise NotUnderstood(words)
    found = found.replace(tzinfo=None)
    if day is None and not _YEAR.search(text) and found.date() < here.date():
        found = _a_year_later(found, words)
    return found.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def read_days(words: str, today: date) -> tuple[date, ...]:
    """The days these words can mean, the likeliest first, the day before the month as in Britain.

    Shape: () when they name no day; more than one when nobody can tell which: "12/3", "next Tuesday". A day
    without a year is the next one, from today on. Always shown back in words before it counts.
    """
    text = _plain(words)
    if len(text) > 60:
        return ()
    if not _SLASHES.fullmatch(text):
        text = " ".join(_PART.sub(" ", _TIME.sub(" ", text)).split()).strip(" ,.")
    for meant in (_from_today, _on_a_weekday, _with_slashes, _written):
        if days := tuple(dict.fromkeys(meant(text, today))):
            return days
    return ()


def names_a_time(words: str) -> bool:
    """Whether these words name a time of day beside the day."""
    text = _plain(words)
    return not _SLASHES.fullmatch(text) and bool(_TIME.search(text) or _PART.search(text))


def _from_today(text: str, today: date) -> Iterator[date]:
    """ "tomorrow", "in two weeks", "a fortnight"."""
    named = {"today": 0, "tomorrow": 1, "day after tomorrow": 2}
    if text in named:
        yield today + timedelta(days=named[text])
    if found := _IN.fullmatch(text):
        count = _COUNTS.get(found[1]) or int(found[1])
        yield today + count * _LENGTHS[found[2]]


def _on_a_weekday(text: str, today: date) -> Iterator[date]:
    """ "Friday", "a week on Friday"; "next Friday" is this one for some, and a week later for others."""
    found = re.fullmatch(rf"(next|this coming|this|coming|a week)? ?{_DAY}( week)?", text)
    if found is None:
        return
    number = [name[:3] for name in _WEEKDAYS].index(found[2][:3])
    coming = today + timedelta(days=(number - today.weekday()) % 7 or 7)
    is_later = found[1] == "a week" or found[3]
    if not is_later:
        yield coming
    if is_later or found[1] == "next":
        yield coming + timedelta(days=7)


def _with_slashes(text: str, today: date) -> Iterator[date]:
    """ "12/3": the day first, and the month first where that is a day, too."""
    found = _SLASHES.fullmatch(text)
    if found is None:
        return
    year = int(found[3]) + (2000 if len(found[3]) == 2 else 0) if found[3] else None
    for day, month in ((found[1], found[2]), (found[2], found[1])):
        yield from _next(today, int(day), int(month), year)


def _written(text: str, today: date) -> Iterator[date]:
    """ "3rd March", "Friday 12 March 2027", "12th"."""
    if not _WRITTEN.fullmatch(text):
        return
    day_first = not re.match(r"\d{4}-", text)
    try:
        one = parse(text, dayfirst=day_first, default=datetime(1996, 2, 29))  # noqa: DTZ001 days that show
        other = parse(text, dayfirst=day_first, default=datetime(2000, 10, 31))  # noqa: DTZ001 what was named
    except (ParserError, OverflowError, ValueError):
        return
    if one.day == other.day:
        month = one.month if one.month == other.month else None
        year = one.year if one.year == other.year else None
        yield from _next(today, one.day, month, year) if month or not year else ()


def _next(today: date, day: int, month: int | None, year: int | None) -> Iterator[date]:
    """The next such day from today on; the very day when the year was named."""
    years: Iterable[int] = range(today.year, today.year + 9) if year is None else (year,)
    for each in years:
        for number in range(1, 13) if month is None else (month,):
            try:
                found = date(each, number, day)
            except ValueError:  # 30 February
                continue
            if found >= today or year is not None:
                yield found
                return


def _a_year_later(found: datetime, words: str) -> datetime:
    try:
        return found.replace(year=found.year + 1)
    except ValueError as error:  # 29 February
        raise NotUnderstood(words) from error


_MIDNIGHT = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0}


def _plain(words: str) -> str:
    text = " ".join(words.casefold().replace("’", "'").split())
    text = _SPOKEN.sub(_on_the_clock, text)
    text = re.sub(r"(?<!:)\b(\d{1,2}) ?o'?clock\b", r"\1:00", text).replace(" o'clock", "")
    text = re.sub(r"\b(at|on|the|of)\b", " ", text)
    text = re.sub(r"\b(noon|midday)\b", "12pm", text)
    text = re.sub(r"(\d{1,2})\.(\d{2})(?=\s*([ap]\.?m|$|\s))", r"\1:\2", text)
    text = _BY_DAY.sub(lambda found: f"{int(found[1]) + 12}:{found[2]}", text)  # nobody meets at two at night
    return " ".join(text.split())


def _on_the_clock(found: re.Match[str]) -> str:
    """ "half past ten" as "10:30"."""
    hour = _HOURS.index(found[2]) + 1 if found[2] in _HOURS else int(found[2])
    minutes = (13 if hour == 1 else hour) * 60 + _MINUTES[found[1]]  # "quarter to one" is by day, too
    return f"{minutes // 60 % 24}:{minutes % 60:02}"


def _named_day(text: str, here: datetime) -> tuple[str, datetime | None]:
    """Words without "tomorrow" or a bare weekday, and the day those mean."""
    start = here.replace(**_MIDNIGHT, tzinfo=None)
    for word, days in (("tomorrow", 1), ("today", 0)):
        if word in text:
            return text.replace(word, " ").strip(), start + timedelta(days=days)
    found = re.fullmatch(rf"(?:next |this )?({'|'.join(d[:3] for d in _WEEKDAYS)})[a-z]*\b(.*)", text)
    if (
        found
        and not re.search(r"[a-z]{3}|/|\d{1,2}(st|nd|rd|th)", found[2])
        and len(re.findall(r"\d+", found[2])) <= 2
    ):
        number = [d[:3] for d in _WEEKDAYS].index(found[1])
        days = (number - here.weekday()) % 7 or 7
        return found[2].strip(" ,"), start + timedelta(days=days)
    return text, None
