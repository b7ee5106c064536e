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
        if not (asked.value or {}).get("picking"):
            return Shown(asked.ask, keys=(say(wording.ALL_SHARED), say(wording.LET_ME_PICK)))
        buttons = [
            Button(line.place, line.label, asked.place, line.place in held) for _, line in _numbered(asked)
        ]
        listed = "\n".join(f"{n}. {line.label}" for n, line in _numbered(asked))
        done = Button(_DONE, say(wording.DONE), asked.place)
        return Shown(asked.ask, listed, (), (*buttons, done), say(wording.KEEP_FOR_ME))

    def read(self, asked: Asked, said: Said) -> Given | Open:
        held = list((asked.value or {}).get("codes", []))
        say = asked.here.say
        if said.tapped == _DONE or choosing.says(said.text, say(wording.DONE)):
            return Given({"codes": held})
        if choosing.plain(said.text) in (choosing.plain(say(wording.ALL_SHARED)), "nothing", "no", "none"):
            return Given({"codes": []})
        if choosing.plain(said.text) in (choosing.plain(say(wording.LET_ME_PICK)), "yes"):
            return Open({"codes": held, "picking": True})
        lines = [line for _, line in _numbered(asked)]
        if said.tapped:
            return _toggle(asked, lines, held, said.tapped)
        found = choosing.several(said.text, [line.label for line in lines])
        if found is None:
            raise NotUnderstood(say(wording.KEEP_FOR_ME))
        return Given({"codes": sorted({*held, *(lines[n].place for n in found)})})

    def words(self, asked: Asked, value: Any) -> str:
        return ""

    def codes(self, value: Any) -> tuple[str, ...]:
        return tuple(value.get("codes", ()))


def _numbered(asked: Asked) -> list[tuple[int, Line]]:
    return list(enumerate((line for line in asked.lines if line.words), 1))


def _toggle(asked: Asked, lines: list[Line], held: list[str], place: str) -> Open:
    if place not in [line.place for line in lines]:
        raise NotUnderstood(asked.here.say(wording.EARLIER))
    codes = [p for p in held if p != place] if place in held else [*held, place]
    return Open({"codes": codes, "picking": True}, edits=True)
