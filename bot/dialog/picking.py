"""Options on a small screen: their labels, in pages, and what it means to pick one."""

import re
from collections.abc import Sequence
from typing import Any

from bot import wording
from bot.dialog import choosing
from bot.dialog.doubt import agreed, keeps, wants_the_list
from bot.dialog.kind import Asked, Given, Open
from bot.dialog.script import Option
from bot.dialog.talk import Say

PAGE = 4
"""More than four at once are too many. Source: MITRE chatbot playbook 4.2.14."""
OTHER = "other"
"""The option that only opens the way to own words: beside those, it says nothing."""


def labels(asked: Asked, options: Sequence[Option] | None = None) -> list[str]:
    """The words of these options, else of all that can be chosen now."""
    shown = asked.question.offered if options is None else options
    return [asked.words(option.label) for option in shown]


def numbered(shown: Sequence[str]) -> str:
    """All labels, with the numbers that can be typed for them."""
    return "\n".join(f"{number}. {label}" for number, label in enumerate(shown, 1))


def page(say: Say, shown: Sequence[str], number: int) -> tuple[str, ...]:
    """The labels of one page, and the button for the next; five are still one page."""
    if not _has_pages(shown):
        return tuple(shown)
    pages = -(-len(shown) // PAGE)
    number = min(number, pages)
    return (*shown[(number - 1) * PAGE : number * PAGE], more(say, number % pages + 1))


def more(say: Say, number: int) -> str:
    """The button that shows this page."""
    return say(wording.MORE).format(page=number)


def page_wanted(say: Say, shown: Sequence[str], text: str) -> int:
    """The page these words ask for; 0 when they ask for none."""
    if not _has_pages(shown):
        return 0
    pattern = re.escape(say(wording.MORE)).replace(re.escape("{page}"), r"(\d{1,2})")
    found = re.fullmatch(pattern, text, re.IGNORECASE)
    if found and 1 <= int(found[1]) <= -(-len(shown) // PAGE):
        return int(found[1])
    return 2 if choosing.plain(text) in ("more", "more answers") else 0


def picked(option: Option) -> Given | Open:
    """One option was picked; some ask for words, too."""
    return Open({"code": option.code, "asks": True}) if option.say_more else Given({"code": option.code})


def typed(asked: Asked, text: str, names: Sequence[str]) -> Given | Open | None:
    """What typed words are to the list: one of it, the words that were asked about, another page of it.

    Shape: `names` are the labels. None when they are none of that.
    """
    value = asked.value or {}
    if "pending" in value and keeps(asked, text):
        return Given({"words": value["pending"]})
    if wants_the_list(asked, text):
        return Open(kept(value))
    if number := page_wanted(asked.here.say, names, text):
        return Open({**kept(value), "page": number})
    found = choosing.same(text, names)
    if found is None and "pending" in value:
        found = agreed(asked, list(names), value["pending"], text)
    return None if found is None else picked(asked.question.offered[found])


def once_more(asked: Asked, text: str) -> Given | Open | None:
    """The option with exactly these words, which is no answer to "tell me more": it was tapped once more."""
    offered = asked.question.offered
    found = (option for option in offered if choosing.says(text, asked.words(option.label)))
    return next(map(picked, found), None)


def unclear(asked: Asked, text: str) -> Open:
    """Ask what these words mean, and keep the answer before at hand."""
    return Open({**kept(asked.value or {}), "pending": text})


def waits_for_words(asked: Asked) -> bool:
    """Whether an option was picked that asks for words, and they have not come yet."""
    return bool(asked.answer and not asked.answer.settled and (asked.value or {}).get("asks"))


def passed(asked: Asked) -> Given | None:
    """The option that was picked, when its words are passed over; it counts without them."""
    return Given({"code": asked.value["code"]}) if waits_for_words(asked) else None


def begun(asked: Asked) -> dict[str, Any]:
    """What goes with something that is sent now: the option it is about, or the words asked about."""
    if waits_for_words(asked):
        return {"code": asked.value["code"]}
    pending = (asked.value or {}).get("pending")
    return {"words": pending} if pending else {}


def kept(value: dict[str, Any]) -> dict[str, Any]:
    """The answer given before, while a new one is on its way."""
    return {key: value[key] for key in ("code", "words", "point", "things") if key in value}


def in_words(asked: Asked, value: dict[str, Any]) -> str:
    """The option and the own words of an answer; an option that is offered no more keeps its words."""
    option = next((o for o in asked.question.options if o.code == value.get("code")), None)
    own = str(value.get("words", ""))
    if option is None or (own and option.code == OTHER):
        return own
    label = asked.words(option.label)
    return asked.here.say(wording.AND_WORDS).format(label=label, words=own) if own else label


def _has_pages(shown: Sequence[str]) -> bool:
    return len(shown) > PAGE + 1
