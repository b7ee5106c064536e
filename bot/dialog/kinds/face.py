"""How it is, with three faces and words."""

from typing import Any

from bot import wording
from bot.dialog import choosing
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
    """One of three; the words stand first, so that nothing hangs on a picture."""

    takes = frozenset({"private"})
    needs = frozenset[str]()
    example = "kind: face\nlabel: My home\nask: How are things at home?"

    def show(self, asked: Asked) -> Shown:
        return Shown(
            asked.words(asked.question.ask), keys=tuple(asked.here.say(face) for face in FACES.values())
        )

    def read(self, asked: Asked, said: Said) -> Given | Open:
        if alone := _ALONE.get(said.text.strip()):
            return Given({"code": alone})
        found = choosing.same(said.text, [asked.here.say(face) for face in FACES.values()])
        if found is None:
            raise NotUnderstood(asked.here.say(wording.PICK_ONE))
        return Given({"code": list(FACES)[found]})

    def words(self, asked: Asked, value: Any) -> str:
        return asked.here.say(FACES[value["code"]])

    def codes(self, value: Any) -> tuple[str, ...]:
        return (value["code"],)
