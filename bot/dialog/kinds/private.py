"""Which lines are just for you: they are kept, and never shared."""

from typing import Any

from bot import wording
from bot.dialog import choosing
from bot.dialog.kind import Asked, Given, Line, Open, Shown
from bot.dialog.talk import Button, Said
from bot.errors import NotUnderstood

_DONE = "done"


class Private:
    """Tick the lines of the read-back to keep to yourself.

    Shape: the value is {"codes": [place, ...]}; no place means all may be shared. While open, "picking"
    shows the lines.
    """

    takes = frozenset[str]()
    needs = frozenset[str]()
    example = "kind: private\nlabel: Just for me\nask: What do you want to keep just for you?"
    fixed: tuple[str, ...] = ()
    counted = False
    spoken = False

    def show(self, asked: Asked) -> Shown:
        say, held = asked.here.say, (asked.value or {}).get("codes", [])
        passed = Given({"codes": held}) if held else None  # to pass over it must not share what was ticked
        if not (asked.value or {}).get("picking"):
            return Shown(asked.ask, keys=(say(wording.ALL_SHARED), say(wording.LET_ME_PICK)), passed=passed)
        buttons = [
            Button(line.place, line.label, asked.place, line.place in held) for _, line in _numbered(asked)
        ]
        listed = "\n".join(f"{n}. {line.label}" for n, line in _numbered(asked))
        done = Button(_DONE, say(wording.DONE), asked.place)
        return Shown(asked.ask, listed, (), (*buttons, done), say(wording.KEEP_FOR_ME), passed=passed)

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
        lines = [line for _, line in _numbered(asked)]
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


def _numbered(asked: Asked) -> list[tuple[int, Line]]:
    return list(enumerate((line for line in asked.lines if line.words), 1))


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
    return Open({"codes": codes, "picking": True}, edits=True)
