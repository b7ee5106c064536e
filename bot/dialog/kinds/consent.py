"""May I keep what you say? The exact words, the language and the time are kept with the answer."""

from typing import Any

from bot import wording
from bot.dialog import choosing
from bot.dialog.kind import Asked, Given, Open, Shown
from bot.dialog.talk import Said
from bot.errors import NotUnderstood


class Consent:
    """Yes or no, asked openly; nothing else counts as a yes.

    Shape: the value is {"code": "yes" | "no", "wording", "language", "at"}.
    """

    takes = frozenset({"yes", "no", "if_no"})
    needs = frozenset[str]()
    example = "kind: consent\nask: May I keep your answers?\nif_no: stop"
    fixed: tuple[str, ...] = ("yes", "no")
    counted = False
    spoken = False

    def show(self, asked: Asked) -> Shown:
        return Shown(asked.ask, keys=_labels(asked))

    def read(self, asked: Asked, said: Said) -> Given | Open:
        yes, no = _labels(asked)
        codes = [code for code, label in (("yes", yes), ("no", no)) if choosing.says(said.text, label, code)]
        if not codes:
            raise NotUnderstood(_which(asked, said.text))
        code = codes[0]
        kept = {
            "wording": asked.ask,
            "language": asked.here.script.language,
            "at": said.at,
        }
        return Given({"code": code, **kept})

    def words(self, asked: Asked, value: Any) -> str:
        return ""

    def codes(self, value: Any) -> tuple[str, ...]:
        return (value["code"],)


def _which(asked: Asked, text: str) -> str:
    """Words that sound like a yes or a no are asked about, never taken for one."""
    say, words = asked.here.say, set(choosing.plain(text).split())
    clear = {each for known in wording.ALMOST for each in say(known).split(", ")}
    if words and words <= clear:
        return say(wording.WHICH_MEANT).format(words=choosing.short(text.strip()))
    return say(wording.NEED_CONSENT)


def _labels(asked: Asked) -> tuple[str, str]:
    question = asked.question
    return asked.words(question.yes or wording.YES), asked.words(question.no or wording.NO)
