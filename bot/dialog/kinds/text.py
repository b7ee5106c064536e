"""Say it in your own words."""

from typing import Any

from bot import wording
from bot.dialog.kind import Asked, Given, Open, Shown
from bot.dialog.talk import Said
from bot.errors import NotUnderstood


class Text:
    """The exact words are kept, however many."""

    takes = frozenset({"private", "share_with"})
    needs = frozenset[str]()
    example = "kind: text\nlabel: What matters\nask: What matters most to you?"
    fixed: tuple[str, ...] = ()
    counted = False
    spoken = True

    def show(self, asked: Asked) -> Shown:
        return Shown(asked.ask)

    def read(self, asked: Asked, said: Said) -> Given | Open:
        if not said.text.strip():
            raise NotUnderstood(asked.here.say(wording.EMPTY))
        return Given(said.text.strip())

    def words(self, asked: Asked, value: Any) -> str:
        return str(value or "")

    def codes(self, value: Any) -> tuple[str, ...]:
        return ()
