"""Which lines are just for you: they are kept, and never shared."""

from collections.abc import Mapping
from typing import Any

from bot import wording
from bot.dialog import choosing, grouping, picking
from bot.dialog.kind import Asked, Given, Line, Open, Shown
from bot.dialog.talk import UNDER_ONE, Button, Said
from bot.errors import NotUnderstood

_DONE, _PAGE, _PART = "done", "+", "="
"""Codes of buttons that are no lines: "+2" shows page 2, "=place" the part with this line, "=" all parts."""


class Private:
    """Tick the lines of the read-back to keep to yourself.

    Shape: the value is {"codes": [place, ...], "offered": [place, ...]}: what is kept, of what was there to
    be kept; no codes mean all may be shared. While open, "picking" shows the lines: "part" is the place of
    one in the part that was chosen, "page" which of them when there are more than one message takes, and
    "again" says that what was kept before stays.
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
        passed = _given(asked, held)  # to pass over it must not share what was ticked
        if value.get("picking"):
            return _picking(asked, value, passed)
        told = (wording.TOLD_MORE, *((wording.STAYS_FOR_ME,) if held else ())) if _is_again(asked) else ()
        keys = (say(wording.ALL_SHARED), say(wording.LET_ME_PICK))
        return Shown(asked.ask, " ".join(map(say, told)), keys, passed=passed)

    def read(self, asked: Asked, said: Said) -> Given | Open:
        held = list((asked.value or {}).get("codes", []))
        say, is_picking = asked.here.say, bool((asked.value or {}).get("picking"))
        if said.tapped == _DONE or choosing.says(said.text, say(wording.DONE)):
            return _given(asked, held)
        nothing = () if is_picking and held else ("nothing", "no", "none")
        if choosing.says(said.text, say(wording.ALL_SHARED), *nothing):
            return _given(asked, held if _is_again(asked) else [])
        if choosing.says(said.text, say(wording.LET_ME_PICK)):
            return _open(asked, held)
        return (
            _tapped(asked, held, said.tapped) if said.tapped else _typed(asked, held, said.text, is_picking)
        )

    def words(self, asked: Asked, value: Any) -> str:
        return ""

    def codes(self, value: Any) -> tuple[str, ...]:
        return tuple(value.get("codes", ()))


def _said(asked: Asked) -> list[Line]:
    """The lines that have words to keep."""
    return [line for line in asked.lines() if line.words]


def _is_again(asked: Asked) -> bool:
    """Whether this is asked once more because of what was told since: what was kept then stays."""
    return bool(asked.answer and (asked.answer.settled or (asked.value or {}).get("again")))


def _open(
    asked: Asked, held: list[str], shown: Mapping[str, Any] | None = None, *, edits: bool = False
) -> Open:
    """The lines to tick, as they are now."""
    again = {"again": True} if _is_again(asked) else {}
    return Open({"codes": held, "picking": True, **(shown or {}), **again}, edits=edits)


def _given(asked: Asked, held: list[str]) -> Given:
    return Given({"codes": held, "offered": [line.place for line in _said(asked)]})


def _parts(asked: Asked) -> dict[str, list[Line]]:
    """The lines of each part, when a part is chosen first; none when all are shown at once."""
    groups = grouping.grouped((line.heading, line) for line in _said(asked))
    return groups if grouping.are_many(groups) else {}


def _picking(asked: Asked, value: dict[str, Any], passed: Given) -> Shown:
    """The lines to tick, of the part that was chosen; or the parts."""
    say, held, parts = asked.here.say, value["codes"], _parts(asked)
    done = Button(_DONE, say(wording.DONE), asked.place)
    part = _part_of(parts, value.get("part", ""))
    if parts and not part:
        buttons = (*(_button(asked, each, lines, held) for each, lines in parts.items()), done)
        return Shown(asked.ask, buttons=buttons, tick=say(wording.KEEP_FROM_PARTS), passed=passed)
    buttons = (*_ticks(asked, parts.get(part) or _said(asked), held, value.get("page", 1)), done)
    if part:
        buttons = (*buttons[:-1], Button(_PART, say(wording.BACK_TO_PARTS), asked.place), done)
    how = wording.KEEP_IN_PART if part else wording.KEEP_FOR_ME
    return Shown(asked.ask, buttons=buttons, tick=say(how), heading=part, passed=passed)


def _part_of(parts: dict[str, list[Line]], place: str) -> str:
    """The part that has this line; "" when none has."""
    return next((part for part, lines in parts.items() if any(line.place == place for line in lines)), "")


def _button(asked: Asked, part: str, lines: list[Line], held: list[str]) -> Button:
    """The button of a part, with how many of its lines are kept."""
    kept = len([line for line in lines if line.place in held])
    label = asked.here.say(wording.PART_AND_KEPT).format(part=choosing.short(part), count=kept)
    return Button(
        f"{_PART}{lines[0].place}", label if kept else choosing.short(part), asked.place, bool(kept)
    )


def _ticks(asked: Asked, lines: list[Line], held: list[str], page: int) -> list[Button]:
    """The ticks of one page, and the button for the next page when there is one."""
    pages = -(-len(lines) // UNDER_ONE)
    page = max(1, min(page, pages))
    shown = lines[(page - 1) * UNDER_ONE : page * UNDER_ONE]
    ticks = [Button(line.place, line.label, asked.place, line.place in held) for line in shown]
    if pages > 1:
        following = page % pages + 1
        ticks.append(Button(f"{_PAGE}{following}", picking.more(asked.here.say, following), asked.place))
    return ticks


def _tapped(asked: Asked, held: list[str], code: str) -> Open:
    """One line ticked or not, another part, or another page."""
    shown = {key: each for key, each in (asked.value or {}).items() if key in ("part", "page")}
    if code.startswith(_PART):
        shown = {"part": code.removeprefix(_PART)}
    elif code.startswith(_PAGE):
        page = code.removeprefix(_PAGE)
        shown |= {"page": int(page) if page.isdecimal() else 1}
    elif code in [line.place for line in _said(asked)]:
        held = [place for place in held if place != code] if code in held else [*held, code]
    else:
        raise NotUnderstood(asked.here.say(wording.EARLIER))
    return _open(asked, held, shown, edits=True)


def _typed(asked: Asked, held: list[str], text: str, is_picking: bool) -> Given | Open:
    """Lines named in words, or a part to look at."""
    lines, parts = _said(asked), _parts(asked)
    found = choosing.several(text, [line.label for line in lines])
    if found is not None:
        return _given(asked, sorted({*held, *(lines[n].place for n in found)}))
    if is_picking and (part := choosing.same(text, list(parts))) is not None:
        return _open(asked, held, {"part": list(parts.values())[part][0].place})
    if is_picking and choosing.says(text, asked.here.say(wording.BACK_TO_PARTS)):
        return _open(asked, held)
    if not is_picking and _wants_to_pick(asked, text):
        return _open(asked, held)
    raise NotUnderstood(asked.here.say(wording.KEEP_FOR_ME if is_picking else wording.PICK_BUTTON))


def _wants_to_pick(asked: Asked, text: str) -> bool:
    """Whether these words say that something is to be kept, as in "yes don't tell about the money"."""
    first, _, rest = choosing.plain(text).partition(" ")
    say = asked.here.say
    begins = first in say(wording.A_YES).split(", ")
    return begins or not {first, *rest.split()}.isdisjoint(say(wording.NOT_TELL).split(", "))
