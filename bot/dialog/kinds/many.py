"""Tick all that fit."""

from typing import Any

from bot import wording
from bot.dialog import choosing
from bot.dialog.doubt import did_you_mean, keeps, wants_the_list
from bot.dialog.kind import Asked, Given, Open, Shown
from bot.dialog.talk import Button, Said
from bot.errors import NotUnderstood

_DONE = "done"


class Many:
    """Any of the options, and the person's own words.

    Shape: the value is {"codes": [...], "words": str}. While open, "asks" is the code that waits for words.
    """

    takes = frozenset({"options", "say_more", "private", "share_with"})
    needs = frozenset({"options"})
    example = "kind: many\nlabel: Days\nask: Which days?\noptions:\n  monday: Monday\n  friday: Friday"
    fixed: tuple[str, ...] = ()
    counted = True
    spoken = True

    def show(self, asked: Asked) -> Shown:
        value, say = asked.value or {}, asked.here.say
        if _asks(asked):
            return Shown(asked.words(asked.question.say_more or wording.SAY_MORE))
        labels = _labels(asked)
        if pending := value.get("pending"):
            return did_you_mean(asked, labels, pending)
        numbered = "\n".join(f"{n}. {label}" for n, label in enumerate(labels, 1))
        ticked = value.get("codes", [])
        buttons = [
            Button(o.code, label, asked.place, o.code in ticked)
            for o, label in zip(asked.question.options, labels, strict=True)
        ]
        done = Button(_DONE, say(wording.DONE), asked.place)
        own = "\n" + say(wording.YOU_SAID).format(words=value["words"]) if value.get("words") else ""
        return Shown(asked.ask, numbered + own, (), (*buttons, done), say(wording.TICK_SOME))

    def read(self, asked: Asked, said: Said) -> Given | Open:
        value = {"codes": [], "words": "", **(asked.value or {})}
        pending = value.pop("pending", "")
        if said.tapped:
            is_elsewhere = bool(pending or value.pop("asks", ""))  # another question stands below the ticks
            return (
                _done(asked, value)
                if said.tapped == _DONE
                else _tick(asked, value, said.tapped, is_elsewhere)
            )
        text = said.text.strip()
        if _asks(asked):
            return _with_words(asked, value, text)
        if pending and keeps(asked, text):
            return Open({**value, "words": _joined(value["words"], pending)})
        if wants_the_list(asked, text):
            return Open(value)
        if choosing.says(text, asked.here.say(wording.DONE)):
            return _done(asked, value)
        return _typed(asked, value, text)

    def words(self, asked: Asked, value: Any) -> str:
        named = [asked.words(o.label) for o in asked.question.options if o.code in value.get("codes", [])]
        return ", ".join(filter(None, [*named, value.get("words", "")]))

    def codes(self, value: Any) -> tuple[str, ...]:
        return tuple(value.get("codes", ()))


def _asks(asked: Asked) -> str:
    return str((asked.value or {}).get("asks", "")) if asked.answer and not asked.answer.settled else ""


def _labels(asked: Asked) -> list[str]:
    return [asked.words(option.label) for option in asked.question.options]


def _tick(asked: Asked, value: dict[str, Any], code: str, is_elsewhere: bool = False) -> Open:
    """Tick or untick one; "none of these" stands alone."""
    options = {o.code: o for o in asked.question.options}
    if code not in options:
        raise NotUnderstood(asked.here.say(wording.EARLIER))
    before = [c for c in value["codes"] if c in options]
    if code in before:
        codes = [c for c in before if c != code]
    elif options[code].alone:
        codes = [code]
    else:
        codes = [*(c for c in before if not options[c].alone), code]
    return Open({**value, "codes": codes}, edits=not is_elsewhere)


def _done(asked: Asked, value: dict[str, Any]) -> Given | Open:
    if not value["codes"] and not value["words"]:
        raise NotUnderstood(asked.here.say(wording.TICK_FIRST))
    wordy = [o.code for o in asked.question.options if o.say_more and o.code in value["codes"]]
    if wordy and not value["words"]:
        return Open({**value, "asks": wordy[0]})
    return Given({"codes": value["codes"], "words": value["words"]})


def _with_words(asked: Asked, value: dict[str, Any], text: str) -> Given:
    if not text:
        raise NotUnderstood(asked.here.say(wording.EMPTY))
    return Given({"codes": value["codes"], "words": _joined(value["words"], text)})


def _joined(before: str, text: str) -> str:
    return f"{before}; {text}" if before else text


def _typed(asked: Asked, value: dict[str, Any], text: str) -> Given | Open:
    """Typed names or numbers are ticks and an answer in one; other words are asked about."""
    if not text:
        raise NotUnderstood(asked.here.say(wording.TICK_SOME))
    found = choosing.several(text, _labels(asked))
    if found is None:
        return Open({**value, "pending": text})
    codes = [asked.question.options[n].code for n in found]
    for code in codes:
        value = _tick(asked, value, code).value if code not in value["codes"] else value
    return _done(asked, value)
