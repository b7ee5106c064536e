"""Which day."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot import appointments, wording
from bot.dialog import choosing
from bot.dialog.doubt import keeps
from bot.dialog.kind import Asked, Given, Open, Shown
from bot.dialog.talk import Said, Say
from bot.errors import NotUnderstood

_KEYS = (wording.TOMORROW, wording.IN_A_WEEK, wording.IN_TWO_WEEKS, wording.IN_A_MONTH)
_YES, _NO = ("yes", "y", "ok", "that is right", "that's right"), ("no", "n", "wrong", "another day")


class Date:
    """A day, or the person's own words kept as they are; shown back in full before it counts.

    Shape: the value is {"date": "2027-03-12"}, {"words"}, or both when the words also name a time. While
    open, "pending" are the words that are asked about, and "found" the days they may mean.
    """

    takes = frozenset({"private", "share_with"})
    needs = frozenset[str]()
    example = "kind: date\nlabel: The day\nask: Which day would suit you?"
    fixed: tuple[str, ...] = ()
    counted = False
    spoken = True

    def show(self, asked: Asked) -> Shown:
        value, say = asked.value or {}, asked.here.say
        if "pending" not in value:
            return Shown(asked.ask, say(wording.TYPE_A_DAY), tuple(map(say, _KEYS)))
        days = [in_words(day, say) for day in value["found"]]
        words = choosing.short(value["pending"])
        if not days:
            told = say(wording.NO_DAY_FOUND).format(words=words)
            return Shown(told, keys=(say(wording.KEEP_WORDS), say(wording.TRY_ANOTHER_DAY)))
        if len(days) > 1:
            told = say(wording.WHICH_DAY).format(words=words)
            return Shown(told, keys=(*days, say(wording.KEEP_WORDS), say(wording.TRY_ANOTHER_DAY)))
        passed = f"{say(wording.DAY_PASSED)} " if value.get("passed") else ""
        told = say(wording.DAY_FOUND).format(day=days[0])
        is_key = choosing.says(value["pending"], *map(say, _KEYS))
        keep = () if is_key else (say(wording.KEEP_WORDS),)
        keys = (say(wording.THAT_IS_RIGHT), say(wording.ANOTHER_DAY), *keep)
        return Shown(told, f"{passed}{say(wording.IS_THAT_RIGHT)}", keys)

    def read(self, asked: Asked, said: Said) -> Given | Open:
        text, value = said.text.strip(), dict(asked.value or {})
        if not text:
            raise NotUnderstood(asked.here.say(wording.TYPE_A_DAY))
        if "pending" in value and (reply := _checked(asked, value, text)):
            return reply
        today = datetime.fromtimestamp(said.at, ZoneInfo(asked.here.zone)).date()
        days = appointments.read_days(_in_english(asked.here.say, text), today)
        passed = {"passed": True} if days and days[0] < today else {}
        return Open({**_kept(value), "pending": text, "found": [day.isoformat() for day in days], **passed})

    def words(self, asked: Asked, value: Any) -> str:
        say, own = asked.here.say, str(value.get("words", ""))
        if "date" not in value:
            return own
        day = in_words(value["date"], say)
        return f"{day}. {say(wording.OWN_WORDS).format(words=own)}" if own else day

    def codes(self, value: Any) -> tuple[str, ...]:
        return ()


def in_words(day: str, say: Say) -> str:
    """A day in full: "Friday 12 March 2027"."""
    found = date.fromisoformat(day)
    weekday = say(list(wording.WEEK_DAYS.values())[found.weekday()])
    month = say(wording.MONTHS[found.month - 1])
    return say(wording.DAY_IN_WORDS).format(weekday=weekday, day=found.day, month=month, year=found.year)


def _kept(value: dict[str, Any]) -> dict[str, Any]:
    """The answer given before, while a new one is on its way."""
    return {key: value[key] for key in ("date", "words") if key in value}


def _in_english(say: Say, text: str) -> str:
    """The words of a key as the reader of days knows them; any other words as they are."""
    return next((key for key in _KEYS if choosing.says(text, say(key))), text)


def _checked(asked: Asked, value: dict[str, Any], text: str) -> Given | Open | None:
    """The reply to the question which day was meant; None when it is something else."""
    say, found, pending = asked.here.say, value["found"], value["pending"]
    if keeps(asked, text) or (not found and choosing.says(text, *_YES)):
        return Given({"words": pending})
    if choosing.says(text, say(wording.ANOTHER_DAY), say(wording.TRY_ANOTHER_DAY), *_NO):
        return Open(_kept(value) or None)
    if len(found) == 1 and choosing.says(text, say(wording.THAT_IS_RIGHT), *_YES):
        return Given(_day(found[0], pending))
    labels = [in_words(day, say) for day in found]
    number = choosing.same(text, labels) if len(labels) > 1 else None
    return Given(_day(found[number], pending)) if number is not None else None


def _day(day: str, words: str) -> dict[str, str]:
    """The answer; a time of day in their words stays with it."""
    return {"date": day, "words": words} if appointments.names_a_time(words) else {"date": day}
