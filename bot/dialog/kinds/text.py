"""Say it in your own words."""

from typing import Any

from bot import wording
from bot.dialog import sent
from bot.dialog.kind import Asked, Given, Open, Shown
from bot.dialog.talk import Said
from bot.errors import NotUnderstood


class Text:
    """The exact words are kept, however many.

    Shape: the value is the words; with a voice or a photo it is {"words", "things"}.
    """

    takes = frozenset({"private", "share_with", "answer_by"})
    needs = frozenset[str]()
    example = "kind: text\nlabel: What matters\nask: What matters most to you?"
    fixed: tuple[str, ...] = ()
    counted = False
    spoken = True

    def show(self, asked: Asked) -> Shown:
        return Shown(asked.ask, sent.hint(asked.here.say, asked.question))

    def read(self, asked: Asked, said: Said) -> Given | Open:
        if sent.is_welcome(asked.question, said):
            return Given(sent.added("", said))
        if not said.text.strip():
            raise NotUnderstood(asked.here.say(wording.EMPTY))
        return Given(said.text.strip())

    def words(self, asked: Asked, value: Any) -> str:
        return sent.in_words(asked.here.say, sent.words_of(value), value)

    def codes(self, value: Any) -> tuple[str, ...]:
        return ()
