"""Something to read before going on."""

from typing import Any

from bot import wording
from bot.dialog import choosing
from bot.dialog.kind import Asked, Given, Open, Shown
from bot.dialog.talk import Said
from bot.errors import NotUnderstood

_LONGEST = 5  # words of somebody who only says that they have read it


class Info:
    """A message and a button to go on; a question or a story typed here is not taken for "next"."""

    takes = frozenset[str]()
    needs = frozenset[str]()
    example = "kind: info\nask: You choose the time, the place and the people."
    fixed: tuple[str, ...] = ()
    counted = False
    spoken = False

    def show(self, asked: Asked) -> Shown:
        return Shown(asked.ask, keys=(asked.here.say(wording.GO_ON),))

    def read(self, asked: Asked, said: Said) -> Given | Open:
        say = asked.here.say
        if choosing.says(said.text, say(wording.GO_ON)) or _goes_on(asked, said.text):
            return Given(None)
        raise NotUnderstood(say(wording.NOT_KEPT_HERE))

    def words(self, asked: Asked, value: Any) -> str:
        return str(value or "")

    def codes(self, value: Any) -> tuple[str, ...]:
        return ()


def _goes_on(asked: Asked, text: str) -> bool:
    """Whether these words only say that they have read it; an emoji does, too."""
    words = choosing.plain(text).split()
    fine = asked.here.say(wording.FINE).split(", ")
    return "?" not in text and len(words) <= _LONGEST and set(words) <= set(fine)
