"""A photo or a file, or a few of them."""

from typing import Any

from bot import wording
from bot.dialog import choosing, sent
from bot.dialog.doubt import keeps
from bot.dialog.kind import Asked, Given, Open, Shown
from bot.dialog.talk import Said
from bot.errors import NotUnderstood

_SENDING = "sent"


class Photo:
    """What is sent is kept, with the words about it; words alone are kept when they ask for that.

    Shape: the value is {"things": [{"kind", "file"}], "words"}. While open, {"asks": "sent"} says that more
    may come, {"pending"} are words without a photo.
    """

    takes = frozenset({"private", "share_with"})
    needs = frozenset[str]()
    example = "kind: photo\nlabel: A photo\nask: Is there a photo you would like to show?"
    fixed: tuple[str, ...] = ()
    counted = False
    spoken = False

    def show(self, asked: Asked) -> Shown:
        value, say = asked.value or {}, asked.here.say
        if pending := value.get("pending"):
            told = say(wording.ONLY_THESE_WORDS).format(words=choosing.short(pending))
            return Shown(asked.ask, told, (say(wording.KEEP_WORDS),))
        if not _is_sending(value):
            return Shown(asked.ask, say(wording.SEND_PHOTO))
        told = say(wording.YOU_SAID).format(words=self.words(asked, value))
        words = wording.ANOTHER if value.get("words") else wording.ANOTHER_OR_WORDS
        passed = Given(_whole(value))
        return Shown(asked.ask, f"{told}\n{say(words)}", (say(wording.ALL_SENT),), passed=passed)

    def read(self, asked: Asked, said: Said) -> Given | Open:
        value, text, say = asked.value or {}, said.text.strip(), asked.here.say
        if sent.is_welcome(asked.question, said):
            return _sent(value, said)
        if not text:
            raise NotUnderstood(say(wording.SEND_PHOTO))
        if _is_sending(value):
            ends = choosing.says(text, say(wording.ALL_SENT), "that's all", "done", "no", "finished")
            return Given(_whole(value)) if ends else Open(sent.more_words(value, text))
        pending = value.get("pending", "")
        if pending and keeps(asked, text):
            return Given({"things": [], "words": pending})
        return Open({**_whole(value), "pending": text})

    def words(self, asked: Asked, value: Any) -> str:
        return sent.in_words(asked.here.say, sent.words_of(value), value)

    def codes(self, value: Any) -> tuple[str, ...]:
        return ()


def _is_sending(value: dict[str, Any]) -> bool:
    return value.get("asks") == _SENDING


def _sent(value: dict[str, Any], said: Said) -> Given | Open:
    """One more; the words typed before it are about it.

    Shape: the first one after a change takes the place of all that was sent before.
    """
    begun = _whole(value) if _is_sending(value) else {"things": [], "words": value.get("pending", "")}
    now = sent.added(begun, said)
    return Given(now) if len(now["things"]) >= sent.MOST else Open({**now, "asks": _SENDING})


def _whole(value: dict[str, Any]) -> dict[str, Any]:
    return {"things": value.get("things", []), "words": value.get("words", "")}
