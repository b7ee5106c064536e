"""A day and a time, as a key contact types them."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.parser import ParserError, parse

from bot.errors import NotUnderstood

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(
    r"\b\d{1,2}([:.]\d{2})\b|\b\d{1,2}\s*[ap]\.?m\b|\bnoon\b|\bmidday\b|\bo'?clock\b", re.IGNORECASE
)
_YEAR = re.compile(r"\b20\d\d\b")


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
    if day is None and (bare.month, bare.day) == (2, 29) and "29" not in text:
        raise NotUnderstood(words)
    found = found.replace(tzinfo=None)
    if day is None and not _YEAR.search(text) and found.date() < here.date():
        found = _a_year_later(found, words)
    return found.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _a_year_later(found: datetime, words: str) -> datetime:
    try:
        return found.replace(year=found.year + 1)
    except ValueError as error:  # 29 February
        raise NotUnderstood(words) from error


_MIDNIGHT = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0}


def _plain(words: str) -> str:
    text = " ".join(words.casefold().replace("’", "'").split())
    text = re.sub(r"\b(\d{1,2}) ?o'?clock\b", r"\1:00", text)
    text = re.sub(r"\b(at|on|the|of)\b", " ", text)
    text = re.sub(r"\b(noon|midday)\b", "12pm", text)
    text = re.sub(r"(\d{1,2})\.(\d{2})(?=\s*([ap]\.?m|$|\s))", r"\1:\2", text)
    return " ".join(text.split())


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
