"""Which lines are just for you: they are kept, and never shared."""

from typing import Any

from bot import wording
from bot.dialog import choosing, picking
from bot.dialog.kind import Asked, Given, Line, Open, Shown
from bot.dialog.talk import UNDER_ONE, Button, Said
from bot.errors import NotUnderstood

_DONE, _PAGE = "done", "+"
"""Codes of buttons that are no lines: one ends the ticking, "+2" shows page 2."""


class Private:
    """Tick the lines of the read-back to keep to yourself.

    Shape: the value is {"codes": [place, ...]}; no place means all may be shared. While open, "picking"
    shows the lines, "page" which of them when there are more than one message takes.
    """

    takes = frozenset[str]()
    needs = frozenset[str]()
    example = "kind: private\nlabel: Just for me\nask: What do you want to keep just for you?"
    fixed: tuple[str, ...] = ()
    counted = False
    spoken = False

    def show(self, asked: Asked) -> Shown:
        value, say = asked.value or {}, asked.here.say
        held = value.get("codes", [])
        passed = Given({"codes": held}) if held else None  # to pass over it must not share what was ticked
        if not value.get("picking"):
            return Shown(asked.ask, keys=(say(wording.ALL_SHARED), say(wording.LET_ME_PICK)), passed=passed)
        buttons = (*_ticks(asked, held, value.get("page", 1)), Button(_DONE, say(wording.DONE), asked.place))
        return Shown(asked.ask, "", (), buttons, say(wording.KEEP_FOR_ME), passed=passed)

    def read(self, asked: Asked, said: Said) -> Given | Open:
        held = list((asked.value or {}).get("codes", []))
        say, is_picking = asked.here.say, bool((asked.value or {}).get("picking"))
        if said.tapped == _DONE or choosing.says(said.text, say(wording.DONE)):
            return Given({"codes": held})
        nothing = () if is_picking and held else ("nothing", "no", "none")
        if choosing.says(said.text, say(wording.ALL_SHARED), *nothing):
            return Given({"codes": []})
        if choosing.says(said.text, say(wording.LET_ME_PICK)):
            return Open({"codes": held, "picking": True})
        lines = _said(asked)
        if said.tapped.startswith(_PAGE):
            return _turned(held, said.tapped.removeprefix(_PAGE))
        if said.tapped:
            return _toggle(asked, lines, held, said.tapped)
        found = choosing.several(said.text, [line.label for line in lines])
        if found is None and not is_picking and _wants_to_pick(asked, said.text):
            return Open({"codes": held, "picking": True})
        if found is None:
            raise NotUnderstood(say(wording.KEEP_FOR_ME if is_picking else wording.PICK_BUTTON))
        return Given({"codes": sorted({*held, *(lines[n].place for n in found)})})

    def words(self, asked: Asked, value: Any) -> str:
        return ""

    def codes(self, value: Any) -> tuple[str, ...]:
        return tuple(value.get("codes", ()))


def _said(asked: Asked) -> list[Line]:
    """The lines that have words to keep."""
    return [line for line in asked.lines if line.words]


def _ticks(asked: Asked, held: list[str], page: int) -> list[Button]:
    """The ticks of one page, and the button for the next page when there is one."""
    lines = _said(asked)
    pages = -(-len(lines) // UNDER_ONE)
    page = max(1, min(page, pages))
    shown = lines[(page - 1) * UNDER_ONE : page * UNDER_ONE]
    ticks = [Button(line.place, line.label, asked.place, line.place in held) for line in shown]
    if pages > 1:
        following = page % pages + 1
        ticks.append(Button(f"{_PAGE}{following}", picking.more(asked.here.say, following), asked.place))
    return ticks


def _turned(held: list[str], page: str) -> Open:
    """Another page of the ticks."""
    return Open({"codes": held, "picking": True, "page": int(page) if page.isdecimal() else 1}, edits=True)


def _wants_to_pick(asked: Asked, text: str) -> bool:
    """Whether these words say that something is to be kept, as in "yes don't tell about the money"."""
    first, _, rest = choosing.plain(text).partition(" ")
    say = asked.here.say
    begins = first in say(wording.A_YES).split(", ")
    return begins or not {first, *rest.split()}.isdisjoint(say(wording.NOT_TELL).split(", "))


def _toggle(asked: Asked, lines: list[Line], held: list[str], place: str) -> Open:
    if place not in [line.place for line in lines]:
        raise NotUnderstood(asked.here.say(wording.EARLIER))
    codes = [p for p in held if p != place] if place in held else [*held, place]
    page = (asked.value or {}).get("page", 1)
    paged = {"page": page} if page > 1 else {}
    return Open({"codes": codes, "picking": True, **paged}, edits=True)
