"""Voices, photos and files as answers: kept beside the words, and said of in words."""

from typing import Any

from bot import wording
from bot.dialog.script import Question
from bot.dialog.talk import Said, Say, Thing

MOST = 5
"""How many things one answer holds."""

_ITSELF = {
    "photo": frozenset({"photo", "document"}),
    "place": frozenset({"location"}),
    "contact": frozenset({"contact"}),
}
"""What some kinds are about; all others take only what the script lets them."""
_COUNTED = {
    "voice": (wording.A_VOICE, wording.VOICES),
    "photo": (wording.A_PHOTO, wording.PHOTOS),
    "document": (wording.A_FILE, wording.FILES),
}
_KEPT = {"voice": wording.KEPT_VOICE, "photo": wording.KEPT_PHOTO, "document": wording.KEPT_FILE}
_HINTS = {
    ("photo", "voice"): (wording.OR_BOTH, wording.ONLY_BOTH),
    ("voice",): (wording.OR_VOICE, wording.ONLY_VOICE),
    ("photo",): (wording.OR_PHOTO, wording.ONLY_PHOTO),
}
_ONLY = {"photo": wording.ONLY_FILES, "place": wording.ONLY_PLACE, "contact": wording.ONLY_CONTACT}


def is_welcome(question: Question, said: Said) -> bool:
    """Whether what was sent can be an answer; a photo sent as a file is one, too."""
    if said.thing in _ITSELF.get(question.kind, ()):
        return bool(said.file or said.point or said.card)
    wanted = "photo" if said.thing == "document" else said.thing
    return bool(said.file) and wanted in question.answer_by


def things(value: Any) -> tuple[Thing, ...]:
    """What was sent, in order."""
    found = value.get("things", ()) if isinstance(value, dict) else ()
    return tuple(Thing(each["kind"], each["file"]) for each in found)


def words_of(value: Any) -> str:
    """The words of an answer in own words, whether or not something was sent with them."""
    return str(value.get("words", "") if isinstance(value, dict) else value or "")


def added(value: Any, said: Said) -> dict[str, Any]:
    """An answer with one more thing, and the words that came with it.

    Shape: an answer that is only words becomes {"words", "things"}; a dict keeps all its keys.
    """
    before = dict(value) if isinstance(value, dict) else {"words": words_of(value)}
    one = {"kind": said.thing, "file": said.file}
    words = said.text.strip()
    kept = {"words": "\n".join(filter(None, (words_of(before), words)))} if words else {}
    return {**before, **kept, "things": [*before.get("things", ()), one]}


def more_words(value: Any, words: str) -> Any:
    """An answer with more words below the others."""
    joined = "\n".join(filter(None, (words_of(value), words)))
    return {**value, "words": joined} if isinstance(value, dict) else joined


def without(value: Any) -> Any:
    """An answer without what was sent: only words can stand inside other words."""
    if not isinstance(value, dict) or "things" not in value:
        return value
    return {key: each for key, each in value.items() if key != "things"}


def in_words(say: Say, words: str, value: Any) -> str:
    """The words of an answer, and what was sent with them: "My garden (with a photo)"."""
    told = _told(say, value)
    if not told or not words:
        return words or told
    return say(wording.WITH_THINGS).format(words=words, things=told)


def kept(say: Say, said: Said) -> str:
    """That it is kept."""
    return say(_KEPT[said.thing]) if said.thing in _KEPT else ""


def hint(say: Say, question: Question) -> str:
    """What can be sent beside words; "" when nothing can."""
    hints = _HINTS.get(tuple(sorted(question.answer_by)))
    return say(hints[0]) if hints else ""


def only(say: Say, question: Question | None) -> str:
    """What can be kept here, for someone who has sent something else."""
    if question is None:
        return say(wording.ONLY_WORDS)
    hints = _HINTS.get(tuple(sorted(question.answer_by)))
    return say(hints[1] if hints else _ONLY.get(question.kind, wording.ONLY_WORDS))


def _told(say: Say, value: Any) -> str:
    """What was sent, counted: "a voice message and 2 photos"."""
    kinds = [each.kind for each in things(value)]
    if not kinds:
        return ""
    told = [
        say(one) if kinds.count(kind) == 1 else say(more).format(count=kinds.count(kind))
        for kind, (one, more) in _COUNTED.items()
        if kind in kinds
    ]
    both = say(wording.AND)
    return both.join([", ".join(told[:-1]), told[-1]]) if len(told) > 1 else "".join(told)
