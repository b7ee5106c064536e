"""A place: one of the options, a place in words, or one on the map."""

from typing import Any

from bot import wording
from bot.dialog import choosing, picking, sent
from bot.dialog.doubt import did_you_mean
from bot.dialog.kind import Asked, Given, Open, Shown
from bot.dialog.talk import Said
from bot.errors import NotUnderstood

_FEW = 3  # words, that may be one of the options said in short: "home"
_DIGITS = 4  # of a degree: about ten metres


class Place:
    """Words that are none of the options are a place, too.

    Shape: the value holds "code", "words", "point" ([latitude, longitude]) and "things", as many of them as
    were said. While open, as for a choice.
    Units: degrees.
    """

    takes = frozenset({"options", "say_more", "private", "share_with", "answer_by"})
    needs = frozenset[str]()
    example = "kind: place\nlabel: Where\nask: Where shall we meet?\noptions:\n  home: Home\n  cafe: A café"
    fixed: tuple[str, ...] = ()
    counted = False
    spoken = True

    def show(self, asked: Asked) -> Shown:
        value, say = asked.value or {}, asked.here.say
        here = say(wording.SEND_PLACE)
        wants = ((here, "location"),)
        if picking.waits_for_words(asked):
            ask = asked.words(asked.question.say_more or wording.SAY_MORE)
            return Shown(ask, keys=(here,), wants=wants, passed=picking.passed(asked))
        labels = picking.labels(asked)
        if "pending" in value:
            return did_you_mean(asked, labels, value["pending"])
        told = (picking.numbered(labels), say(wording.TYPE_A_PLACE), sent.hint(say, asked.question))
        keys = (*picking.page(say, labels, value.get("page", 1)), here)
        return Shown(asked.ask, "\n".join(filter(None, told)), keys, wants=wants)

    def read(self, asked: Asked, said: Said) -> Given | Open:
        text = said.text.strip()
        picked = {"code": asked.value["code"]} if picking.waits_for_words(asked) else {}
        if said.point:
            begun = picking.begun(asked)
            words = "\n".join(filter(None, (begun.get("words"), text)))
            return Given({**begun, "point": list(said.point), **({"words": words} if words else {})})
        if sent.is_welcome(asked.question, said):
            return Given(sent.added(picking.begun(asked), said))
        if not text:
            raise NotUnderstood(asked.here.say(wording.EMPTY))
        if choosing.says(text, asked.here.say(wording.SEND_PLACE)):
            raise NotUnderstood(asked.here.say(wording.SEND_PLACE_HOW))
        if picked:
            return picking.once_more(asked, text) or Given({**picked, "words": text})
        return _typed(asked, text)

    def words(self, asked: Asked, value: Any) -> str:
        words, say = picking.in_words(asked, value), asked.here.say
        if "point" in value and not value.get("words"):
            point = ", ".join(f"{degrees:.{_DIGITS}f}" for degrees in value["point"])
            on_map = say(wording.A_PLACE).format(point=point)
            is_told = words and value.get("code") != picking.OTHER
            words = say(wording.AND_WORDS).format(label=words, words=on_map) if is_told else on_map
        return sent.in_words(say, words, value)

    def codes(self, value: Any) -> tuple[str, ...]:
        return (value["code"],) if value.get("code") else ()


def _typed(asked: Asked, text: str) -> Given | Open:
    """An option, or the words of a place; only few words are asked about, when they may be an option."""
    labels = picking.labels(asked)
    if found := picking.typed(asked, text, labels):
        return found
    if len(text.split()) <= _FEW and choosing.near(text, labels):
        return picking.unclear(asked, text)
    return Given({"words": text})
