"""Pick one of a few."""

from typing import Any

from bot import wording
from bot.dialog import picking, sent
from bot.dialog.doubt import did_you_mean
from bot.dialog.kind import Asked, Given, Open, Shown
from bot.dialog.talk import Said
from bot.errors import NotUnderstood


class Choice:
    """One of the options, or the person's own words kept as they are.

    Shape: the value is {"code"}, {"code", "words"} or {"words"}, perhaps with "things". While open: "asks"
    waits for words, {"pending"} for "did you mean", {"page"} shows more options.
    """

    takes = frozenset({"options", "say_more", "private", "share_with", "answer_by"})
    needs = frozenset({"options"})
    example = "kind: choice\nlabel: Where\nask: Where shall we meet?\noptions:\n  home: Home\n  walk: Outside"
    fixed: tuple[str, ...] = ()
    counted = False
    spoken = True

    def show(self, asked: Asked) -> Shown:
        value, say = asked.value or {}, asked.here.say
        hint = sent.hint(say, asked.question)
        if picking.waits_for_words(asked):
            ask = asked.words(asked.question.say_more or wording.SAY_MORE)
            return Shown(ask, hint, passed=picking.passed(asked))
        labels = picking.labels(asked)
        if "pending" in value:
            return did_you_mean(asked, labels, value["pending"])
        below = "\n".join(filter(None, (picking.numbered(labels), hint)))
        return Shown(asked.ask, below, picking.page(say, labels, value.get("page", 1)))

    def read(self, asked: Asked, said: Said) -> Given | Open:
        text, value = said.text.strip(), asked.value or {}
        waits = picking.waits_for_words(asked)
        if sent.is_welcome(asked.question, said):
            return Given(sent.added(picking.begun(asked), said))
        if not text:
            raise NotUnderstood(asked.here.say(wording.PICK_ONE))
        if waits:
            return picking.once_more(asked, text) or Given({"code": value["code"], "words": text})
        return picking.typed(asked, text, picking.labels(asked)) or picking.unclear(asked, text)

    def words(self, asked: Asked, value: Any) -> str:
        return sent.in_words(asked.here.say, picking.in_words(asked, value), value)

    def codes(self, value: Any) -> tuple[str, ...]:
        return (value["code"],) if value.get("code") else ()
