"""Something to read before going on."""

from typing import Any

from bot import wording
from bot.dialog import choosing
from bot.dialog.kind import Asked, Given, Open, Shown
from bot.dialog.talk import Said

_FINE = ("ok", "okay", "next", "yes", "fine", "thanks", "thank you", "go on", "start", "hello", "hi")


class Info:
    """A message and a button to go on; words typed here are kept too."""

    takes = frozenset[str]()
    needs = frozenset[str]()
    example = "kind: info\nask: You choose the time, the place and the people."
    fixed: tuple[str, ...] = ()
    counted = False
    spoken = False

    def show(self, asked: Asked) -> Shown:
        return Shown(asked.ask, keys=(asked.here.say(wording.GO_ON),))

    def read(self, asked: Asked, said: Said) -> Given | Open:
        fine = (*_FINE, asked.here.say(wording.GO_ON))
        return Given(None if choosing.says(said.text, *fine) else said.text.strip() or None)

    def words(self, asked: Asked, value: Any) -> str:
        return str(value or "")

    def codes(self, value: Any) -> tuple[str, ...]:
        return ()
