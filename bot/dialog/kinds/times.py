"""Which times of a week suit, and which never do."""

from typing import Any

from bot import wording
from bot.dialog import choosing, slots, week
from bot.dialog.kind import Asked, Given, Open, Shown
from bot.dialog.talk import Button, Said, Say, State
from bot.errors import NotUnderstood

_ANY, _NEVER, _DONE = "any", "never", "done"
_YES, _NO = ("yes", "y", "ok", "that is right", "that's right"), ("no", "n", "not quite", "change")


class Times:
    """A week of days and parts of the day; words are understood only as far as the person agrees.

    Shape: the value is {"good": [slot, ...], "never": [slot, ...], "words": str}; no slot is in both. While
    open, "marking" is "never" when taps mark what never suits, and "pending" are words to ask about.
    """

    takes = frozenset({"private", "share_with"})
    needs = frozenset[str]()
    example = "kind: times\nlabel: Best times\nask: Which times of the week suit you?"
    fixed: tuple[str, ...] = slots.SLOTS
    counted = True
    spoken = True

    def show(self, asked: Asked) -> Shown:
        value, say = _value(asked), asked.here.say
        if pending := value.get("pending"):
            return _check(say, value, pending)
        below = f"{say(wording.WEEK_EXPLAINED)}\n{say(wording.WEEK_TYPE)}"
        tick = wording.WEEK_TICK_NEVER if value.get("marking") else wording.WEEK_TICK
        return Shown(asked.ask, below, (), _buttons(asked, value), say(tick), columns=len(slots.PARTS))

    def read(self, asked: Asked, said: Said) -> Given | Open:
        value = _value(asked)
        pending = value.pop("pending", "")
        if said.tapped:
            return _tapped(asked, value, pending, said.tapped)
        text = said.text.strip()
        if not text:
            raise NotUnderstood(asked.here.say(wording.WEEK_TICK))
        return _checked(asked, value, pending, text) if pending else _typed(asked, value, text)

    def words(self, asked: Asked, value: Any) -> str:
        say, own = asked.here.say, str(value.get("words", ""))
        ticked = _ticked(say, value)
        if not own or choosing.plain(own) == choosing.plain(ticked):
            return ticked
        return f"{ticked}. {say(wording.OWN_WORDS).format(words=own)}" if ticked else own

    def codes(self, value: Any) -> tuple[str, ...]:
        return tuple(value.get("good", ()))


def _value(asked: Asked) -> dict[str, Any]:
    return {"good": [], "never": [], "words": "", **(asked.value or {})}


def _ticked(say: Say, value: dict[str, Any]) -> str:
    """The times in words: "Monday mornings. Not: Friday all day"."""
    good, never = (slots.in_words(value.get(key, ()), say) for key in ("good", "never"))
    return ". ".join(filter(None, [good, say(wording.TIMES_NOT).format(times=never) if never else ""]))


def _buttons(asked: Asked, value: dict[str, Any]) -> tuple[Button, ...]:
    say, place = asked.here.say, asked.place
    is_any = bool(value["good"]) and len(value["good"]) + len(value["never"]) == len(slots.SLOTS)
    other = wording.GOOD_TIMES if value.get("marking") else wording.NOT_THEN
    return (
        *(_button(say, value, place, slot) for slot in slots.SLOTS),
        Button(_ANY, say(wording.ANY_TIME), place, is_any),
        Button(_NEVER, say(other), place),
        Button(_DONE, say(wording.DONE), place),
    )


def _button(say: Say, value: dict[str, Any], place: str, slot: str) -> Button:
    """One time; one that never suits has a word in front of it, so that nothing hangs on a sign."""
    label = slots.label(slot, say)
    if slot in value["never"]:
        return Button(slot, say(wording.WEEK_NO).format(slot=label), place)
    return Button(slot, label, place, slot in value["good"])


def _check(say: Say, value: dict[str, Any], pending: str) -> Shown:
    """What was understood of their words; is it right?"""
    named = _named(say, value, pending)
    if not (named.good or named.never):
        told = say(wording.NO_TIMES_FOUND).format(words=choosing.short(pending))
        return Shown(told, keys=(say(wording.KEEP_WORDS), say(wording.SHOW_DAYS)))
    told = f"{say(wording.TICKED)}\n{_ticked(say, _merged(value, named))}"
    keys = (wording.THAT_IS_RIGHT, wording.CHANGE_TICKS, wording.KEEP_ONLY_WORDS)
    return Shown(told, say(wording.IS_THAT_RIGHT), tuple(map(say, keys)))


def _named(say: Say, value: dict[str, Any], pending: str) -> week.Week:
    """The times in their words; while what never suits is marked, all of them never do."""
    named = week.read(pending, say)
    return week.Week((), named.good) if value.get("marking") and not named.never else named


def _merged(value: dict[str, Any], named: week.Week) -> dict[str, Any]:
    """The ticks with those of the words, which are newer."""
    good = {*value["good"], *named.good} - {*named.never}
    never = {*value["never"], *named.never} - {*named.good}
    return {**value, "good": list(slots.ordered(good)), "never": list(slots.ordered(never))}


def _tapped(asked: Asked, value: dict[str, Any], pending: str, code: str) -> Given | Open:
    """A button of the week; one tapped while words are asked about keeps those words as they are."""
    after = {**value, "words": _joined(value["words"], pending)}
    if code == _DONE:
        return _done(asked, after)
    if code == _NEVER:
        after = _marking(after)
    elif code == _ANY:
        after = _any(after)
    elif code in slots.SLOTS:
        after = _toggled(after, code)
    else:
        raise NotUnderstood(asked.here.say(wording.EARLIER))
    return Open(_or_none(after), edits=not pending)


def _marking(value: dict[str, Any]) -> dict[str, Any]:
    """The other way of marking from now on."""
    is_never = value.pop("marking", "")
    return value if is_never else {**value, "marking": "never"}


def _any(value: dict[str, Any]) -> dict[str, Any]:
    """All times but those that never suit; none, when it is all of them already."""
    free = [slot for slot in slots.SLOTS if slot not in value["never"]]
    value.pop("marking", None)
    return {**value, "good": [] if value["good"] == free else free}


def _toggled(value: dict[str, Any], slot: str) -> dict[str, Any]:
    key, other = ("never", "good") if value.get("marking") else ("good", "never")
    kept = {*value[key]} ^ {slot}
    return {**value, key: list(slots.ordered(kept)), other: [s for s in value[other] if s != slot]}


def _done(asked: Asked, value: dict[str, Any]) -> Given:
    if not (value["good"] or value["never"] or value["words"]):
        raise NotUnderstood(asked.here.say(wording.TICK_FIRST))
    return Given({key: value[key] for key in ("good", "never", "words")})


def _or_none(value: dict[str, Any]) -> dict[str, Any] | None:
    """The same, or None when there is nothing in it that could be kept."""
    return value if any(value.values()) else None


def _joined(before: str, text: str) -> str:
    return "; ".join(filter(None, [before, text]))


def _checked(asked: Asked, value: dict[str, Any], pending: str, text: str) -> Given | Open:
    """The reply to "Is that right?"; more words belong to the words before."""
    say = asked.here.say
    named = _named(say, value, pending)
    kept = {**value, "words": _joined(value["words"], pending)}
    if not (named.good or named.never):
        if choosing.says(text, say(wording.KEEP_WORDS), *_YES):
            return _done(asked, kept)
        if choosing.says(text, say(wording.SHOW_DAYS), *_NO):
            return Open(_or_none(value))
    elif choosing.says(text, say(wording.THAT_IS_RIGHT), *_YES):
        return _done(asked, _merged(kept, named))
    elif choosing.says(text, say(wording.CHANGE_TICKS), *_NO):
        return Open(_merged(kept, named))
    elif choosing.says(text, say(wording.KEEP_ONLY_WORDS), say(wording.KEEP_WORDS)):
        return _done(asked, kept)
    return Open({**value, "pending": _joined(pending, text)})


def _typed(asked: Asked, value: dict[str, Any], text: str) -> Given | Open:
    """Words are kept, and asked about."""
    say = asked.here.say
    if choosing.says(text, say(wording.DONE)):
        return _done(asked, value)
    if choosing.says(text, say(wording.NOT_THEN), say(wording.GOOD_TIMES)):
        return Open(_marking(value))
    return Open({**_afresh(asked, value, text), "pending": text})


def _afresh(asked: Asked, value: dict[str, Any], text: str) -> dict[str, Any]:
    """The ticks these words add to; when an answer is changed, other good times take the place of the old."""
    is_changing = asked.answer is not None and asked.answer.state is State.CHANGING
    if is_changing and not value.get("marking") and week.read(text, asked.here.say).good:
        return {**value, "good": [], "words": ""}
    return value
