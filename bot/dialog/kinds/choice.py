"""Pick one of a few."""

import re
from typing import Any

from bot import wording
from bot.dialog import choosing
from bot.dialog.doubt import did_you_mean, keeps, wants_the_list
from bot.dialog.kind import Asked, Given, Open, Shown
from bot.dialog.script import Option
from bot.dialog.talk import Said
from bot.errors import NotUnderstood

_PAGE = 4  # more than four at once are too many. Source: MITRE chatbot playbook 4.2.14


class Choice:
    """One of the options, or the person's own words kept as they are.

    Shape: the value is {"code"}, {"code", "words"} or {"words"}. While open: {"code"} waits for words,
    {"pending"} for "did you mean", {"page"} shows more options.
    """

    takes = frozenset({"options", "say_more", "private", "share_with"})
    needs = frozenset({"options"})
    example = "kind: choice\nlabel: Where\nask: Where shall we meet?\noptions:\n  home: Home\n  walk: Outside"
    fixed: tuple[str, ...] = ()
    counted = False
    spoken = True

    def show(self, asked: Asked) -> Shown:
        value = asked.value or {}
        if _waits_for_words(asked):
            return Shown(asked.words(asked.question.say_more or wording.SAY_MORE))
        if "pending" in value:
            return did_you_mean(asked, _labels(asked), value["pending"])
        labels = _labels(asked)
        numbered = "\n".join(f"{n}. {label}" for n, label in enumerate(labels, 1))
        return Shown(asked.ask, numbered, _page(asked, labels, value.get("page", 1)))

    def read(self, asked: Asked, said: Said) -> Given | Open:
        text, value = said.text.strip(), asked.value or {}
        if not text:
            raise NotUnderstood(asked.here.say(wording.PICK_ONE))
        if _waits_for_words(asked):
            return Given({"code": value["code"], "words": text})
        if "pending" in value and keeps(asked, text):
            return Given({"words": value["pending"]})
        if wants_the_list(asked, text):
            return Open(_kept(value))
        if page := _page_wanted(asked, text):
            return Open({**_kept(value), "page": page})
        found = choosing.same(text, _labels(asked))
        return (
            Open({**_kept(value), "pending": text})
            if found is None
            else _picked(asked.question.options[found])
        )

    def words(self, asked: Asked, value: Any) -> str:
        option = next((o for o in asked.question.options if o.code == value.get("code")), None)
        own = str(value.get("words", ""))
        if option is None:
            return own
        label = asked.words(option.label)
        return asked.here.say(wording.AND_WORDS).format(label=label, words=own) if own else label

    def codes(self, value: Any) -> tuple[str, ...]:
        return (value["code"],) if value.get("code") else ()


def _kept(value: dict[str, Any]) -> dict[str, Any]:
    """The answer given before, while a new one is on its way."""
    return {key: value[key] for key in ("code", "words") if key in value}


def _picked(option: Option) -> Given | Open:
    return Open({"code": option.code, "asks": True}) if option.say_more else Given({"code": option.code})


def _waits_for_words(asked: Asked) -> bool:
    return bool(asked.answer and not asked.answer.settled and (asked.value or {}).get("asks"))


def _labels(asked: Asked) -> list[str]:
    return [asked.words(option.label) for option in asked.question.options]


def _pages(labels: list[str]) -> int:
    return -(-len(labels) // _PAGE)


def _page(asked: Asked, labels: list[str], page: int) -> tuple[str, ...]:
    """The labels of one page, and a button for the next."""
    if len(labels) <= _PAGE + 1:
        return tuple(labels)
    shown = labels[(page - 1) * _PAGE : page * _PAGE]
    following = page % _pages(labels) + 1
    return (*shown, asked.here.say(wording.MORE).format(page=following))


def _page_wanted(asked: Asked, text: str) -> int:
    pattern = re.escape(asked.here.say(wording.MORE)).replace(re.escape("{page}"), r"(\d)")
    found = re.fullmatch(pattern, text, re.IGNORECASE)
    if found and 1 <= int(found[1]) <= _pages(_labels(asked)):
        return int(found[1])
    return 2 if choosing.plain(text) == "more" and len(asked.question.options) > _PAGE + 1 else 0
