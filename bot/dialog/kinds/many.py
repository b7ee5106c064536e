"""Tick all that fit."""

from collections.abc import Sequence
from typing import Any

from bot import wording
from bot.dialog import choosing, picking, sent
from bot.dialog.doubt import agreed, did_you_mean, keeps, meant_together, wants_the_list
from bot.dialog.kind import Asked, Given, Open, Shown
from bot.dialog.script import Option
from bot.dialog.talk import Button, Said, State
from bot.errors import NotUnderstood

_DONE, _PAGE = "done", "+"
"""Codes of buttons that are no options: one ends the ticking, "+2" shows page 2."""
_ON_A_PAGE = 8


class Many:
    """Any of the options, and the person's own words.

    Shape: the value is {"codes": [...], "words": str}, perhaps with "things". While open, "asks" is the code
    that waits for words, "page" the page of ticks that is shown.
    """

    takes = frozenset({"options", "say_more", "private", "share_with", "answer_by"})
    needs = frozenset({"options"})
    example = "kind: many\nlabel: Days\nask: Which days?\noptions:\n  monday: Monday\n  friday: Friday"
    fixed: tuple[str, ...] = ()
    counted = True
    spoken = True

    def show(self, asked: Asked) -> Shown:
        value, say = asked.value or {}, asked.here.say
        hint = sent.hint(say, asked.question)
        if _asks(asked):
            ask = asked.words(asked.question.say_more or wording.SAY_MORE)
            return Shown(ask, hint, passed=Given(_whole(value)))
        options = _options(asked, value)
        labels = picking.labels(asked, options)
        if pending := value.get("pending"):
            return did_you_mean(asked, labels, pending, together=True)
        said = say(wording.YOU_SAID).format(words=value["words"]) if value.get("words") else ""
        below = "\n".join(filter(None, (said, hint)))  # the ticks below name the options already
        return Shown(asked.ask, below, (), _buttons(asked, value, options), say(wording.TICK_SOME))

    def read(self, asked: Asked, said: Said) -> Given | Open:
        value = {"codes": [], "words": "", **(asked.value or {})}
        pending = value.pop("pending", "")
        if said.tapped:
            is_elsewhere = bool(pending or value.pop("asks", ""))  # another question stands below the ticks
            value = _with_pending(asked, value, pending, said.tapped)
            return _tapped(asked, value, said.tapped, is_elsewhere)
        if sent.is_welcome(asked.question, said):
            value = _kept_words(asked, value, pending) if pending else value
            return Given(sent.added(_whole(value) | {"things": []}, said))
        text = said.text.strip()
        if _asks(asked):
            return _with_words(asked, value, text)
        if pending and keeps(asked, text):
            return Open(_kept_words(asked, value, pending))
        if wants_the_list(asked, text):
            return Open(value)
        if choosing.says(text, asked.here.say(wording.DONE)):
            return _done(asked, value)
        return _typed(asked, value, text, pending)

    def words(self, asked: Asked, value: Any) -> str:
        own, codes = value.get("words", ""), value.get("codes", [])
        chosen = [o for o in asked.question.options if o.code in codes]
        named = picking.labels(asked, [o for o in chosen if not (own and o.code == picking.OTHER)])
        return sent.in_words(asked.here.say, ", ".join(filter(None, [*named, own])), value)

    def codes(self, value: Any) -> tuple[str, ...]:
        return tuple(value.get("codes", ()))


def _asks(asked: Asked) -> str:
    return str((asked.value or {}).get("asks", "")) if asked.answer and not asked.answer.settled else ""


def _options(asked: Asked, value: dict[str, Any]) -> list[Option]:
    """What can be ticked; an option that is offered no more can still be unticked."""
    ticked = value.get("codes", ())
    return [o for o in asked.question.options if not o.retired or o.code in ticked]


def _buttons(asked: Asked, value: dict[str, Any], options: Sequence[Option]) -> tuple[Button, ...]:
    """The ticks of one page, the button for the next page when there is one, and Done."""
    pages, ticked = -(-len(options) // _ON_A_PAGE), value.get("codes", [])
    page = min(value.get("page", 1), pages)
    shown = options[(page - 1) * _ON_A_PAGE : page * _ON_A_PAGE]
    ticks = [
        Button(option.code, label, asked.place, option.code in ticked)
        for option, label in zip(shown, picking.labels(asked, shown), strict=True)
    ]
    if pages > 1:
        following = page % pages + 1
        ticks.append(Button(f"{_PAGE}{following}", picking.more(asked.here.say, following), asked.place))
    return (*ticks, Button(_ends(asked), asked.here.say(wording.DONE), asked.place))


def _ends(asked: Asked) -> str:
    """The code of the button that ends the ticking; an option may be called the same."""
    is_option = any(option.code == _DONE for option in asked.question.options)
    return f"{_PAGE}{_DONE}" if is_option else _DONE


def _tapped(asked: Asked, value: dict[str, Any], code: str, is_elsewhere: bool) -> Given | Open:
    """A button under the ticks."""
    if code == _ends(asked):
        return _done(asked, value)
    page = code.removeprefix(_PAGE)
    if page != code and page.isdecimal():
        return Open({**value, "page": max(1, int(page))}, edits=not is_elsewhere)
    return _tick(asked, value, code, is_elsewhere)


def _tick(asked: Asked, value: dict[str, Any], code: str, is_elsewhere: bool = False) -> Open:
    """Tick or untick one; "none of these" stands alone."""
    options = {o.code: o for o in _options(asked, value)}
    if code not in options:
        raise NotUnderstood(asked.here.say(wording.EARLIER))
    before, words = [c for c in value["codes"] if c in options], value["words"]
    if code in before:
        codes = [c for c in before if c != code]
        words = "" if options[code].say_more else words
    elif options[code].alone:
        codes, words = [code], ""
    else:
        codes = [*(c for c in before if not options[c].alone), code]
    return Open({**value, "codes": codes, "words": words}, edits=not is_elsewhere)


def _done(asked: Asked, value: dict[str, Any]) -> Given | Open:
    if not value["codes"] and not value["words"] and not value.get("things"):
        raise NotUnderstood(asked.here.say(wording.TICK_FIRST))
    wordy = [o.code for o in asked.question.options if o.say_more and o.code in value["codes"]]
    if wordy and not value["words"]:
        return Open({**value, "asks": wordy[0]})
    return Given(_whole(value))


def _whole(value: dict[str, Any]) -> dict[str, Any]:
    """The answer, without what only the way to it needs."""
    things = {"things": value["things"]} if value.get("things") else {}
    return {"codes": value.get("codes", []), "words": value.get("words", ""), **things}


def _with_words(asked: Asked, value: dict[str, Any], text: str) -> Given:
    if not text:
        raise NotUnderstood(asked.here.say(wording.EMPTY))
    return Given(_whole({**value, "words": _joined(value["words"], text)}))


def _kept_words(asked: Asked, value: dict[str, Any], words: str) -> dict[str, Any]:
    """Own words beside the ticks; "none of these" is then no longer so."""
    alone = {option.code for option in asked.question.options if option.alone}
    codes = [code for code in value["codes"] if code not in alone]
    return {**value, "codes": codes, "words": _joined(value["words"], words)}


def _with_pending(asked: Asked, value: dict[str, Any], pending: str, code: str) -> dict[str, Any]:
    """Words that are asked about stay when a button is tapped, unless they may have meant that one."""
    labels = picking.labels(asked, [o for o in _options(asked, value) if o.code == code])
    if not pending or choosing.near(pending, labels):
        return value
    return _kept_words(asked, value, pending)


def _joined(before: str, text: str) -> str:
    return f"{before}; {text}" if before else text


def _typed(asked: Asked, value: dict[str, Any], text: str, pending: str) -> Given | Open:
    """Typed names or numbers are ticks and an answer in one; other words are asked about.

    Shape: `pending` are the words that were asked about just now; "" when none were. To change an answer, all
    of it is typed; before that, what is typed goes with the ticks.
    """
    if not text:
        raise NotUnderstood(asked.here.say(wording.TICK_SOME))
    options = _options(asked, value)
    labels = picking.labels(asked, options)
    found = choosing.several(text, labels)
    if found is None and pending:
        together = meant_together(pending, labels)
        found = together if choosing.says(text, ", ".join(labels[n] for n in together)) else None
        if found is None and (one := agreed(asked, labels, pending, text)) is not None and len(together) < 2:
            found = [one]
    if found is None:
        return Open({**value, "pending": text})
    if asked.answer and asked.answer.state is State.CHANGING:
        value = {**value, "codes": [], "words": "", "things": []}
    for number in found:
        code = options[number].code
        value = _tick(asked, value, code).value if code not in value["codes"] else value
    return _done(asked, value)
