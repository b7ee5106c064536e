"""How it is, with three faces and words."""

from typing import Any

from bot import wording
from bot.dialog import choosing
from bot.dialog.doubt import agreed, did_you_mean, keeps, wants_the_list
from bot.dialog.kind import Asked, Given, Open, Shown
from bot.dialog.talk import Said
from bot.errors import NotUnderstood

FACES = {"good": wording.FACE_GOOD, "mixed": wording.FACE_MIXED, "bad": wording.FACE_BAD}
_ALONE = {
    "🙂": "good",
    "😀": "good",
    "😊": "good",
    "👍": "good",
    "😐": "mixed",
    "🙁": "bad",
    "😞": "bad",
    "👎": "bad",
}


class Face:
    """One of three, or their own words; the words stand first, so that nothing hangs on a picture."""

    takes = frozenset({"private", "share_with"})
    needs = frozenset[str]()
    example = "kind: face\nlabel: My home\nask: How are things at home?"
    fixed: tuple[str, ...] = tuple(FACES)
    counted = False
    spoken = True

    def show(self, asked: Asked) -> Shown:
        if pending := (asked.value or {}).get("pending"):
            return did_you_mean(asked, _labels(asked), pending)
        return Shown(asked.ask, keys=tuple(_labels(asked)))

    def read(self, asked: Asked, said: Said) -> Given | Open:
        value, text = dict(asked.value or {}), said.text.strip()
        pending = value.pop("pending", "")
        if not text:
            raise NotUnderstood(asked.here.say(wording.PICK_BUTTON))
        if alone := _ALONE.get(text):
            return Given({"code": alone})
        if pending and keeps(asked, text):
            return Given({"words": pending})
        if wants_the_list(asked, text):
            return Open(value)
        found = choosing.same(text, _labels(asked))
        if found is None and pending:
            found = agreed(asked, _labels(asked), pending, text)
        return Open({**value, "pending": text}) if found is None else Given({"code": list(FACES)[found]})

    def words(self, asked: Asked, value: Any) -> str:
        return asked.here.say(FACES[value["code"]]) if "code" in value else str(value.get("words", ""))

    def codes(self, value: Any) -> tuple[str, ...]:
        return (value["code"],) if "code" in value else ()


def _labels(asked: Asked) -> list[str]:
    return [asked.here.say(face) for face in FACES.values()]
