"""Read it all back, then share it or not."""

from typing import Any

from bot import wording
from bot.dialog import choosing
from bot.dialog.kind import Asked, Given, Open, Shown
from bot.dialog.talk import Said
from bot.errors import NotUnderstood


class Confirm:
    """Sharing is asked each time something has changed since the last time; one part can be read back alone.

    Shape: the value is {"code": "share" | "hold"}, or {"code": "right"} of a part.
    """

    takes = frozenset({"reads_back"})
    needs = frozenset[str]()
    example = "kind: confirm\nask: Is this right? You can change any line."
    fixed: tuple[str, ...] = ("share", "hold", "right")
    counted = False
    spoken = False

    def show(self, asked: Asked) -> Shown:
        return Shown(asked.ask, keys=(*_labels(asked).values(), asked.here.say(wording.CHANGE)))

    def read(self, asked: Asked, said: Said) -> Given | Open:
        for code, label in _labels(asked).items():
            if choosing.says(said.text, label):
                return Given({"code": code})
        if not asked.question.reads_back and choosing.says(said.text, _share_all(asked)):
            return Given({"code": "share"})  # the same tap again, when it is shared by then
        raise NotUnderstood(asked.here.say(wording.PICK_BUTTON))

    def words(self, asked: Asked, value: Any) -> str:
        return ""

    def codes(self, value: Any) -> tuple[str, ...]:
        return (value["code"],)


def _share_all(asked: Asked) -> str:
    return asked.here.say(wording.SHARE).format(key_contact=asked.here.key_contact)


def _labels(asked: Asked) -> dict[str, str]:
    say, here = asked.here.say, asked.here
    if asked.question.reads_back:
        return {"right": say(wording.PART_RIGHT)}
    share = wording.SHARE_CHANGES if here.shared else wording.SHARE
    return {"share": say(share).format(key_contact=here.key_contact), "hold": say(wording.NOT_NOW)}
