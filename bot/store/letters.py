"""What lies in the boxes: updates that wait, messages that go out, and what became of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from traceback import walk_tb
from typing import Any

from bot.clock import MINUTE
from bot.dialog.talk import Button, Prompt, Thing

REPLY, REMINDER = 0, 1  # urgency: the lower goes first

LEASE = MINUTE
"""Units: milliseconds a worker has for a message it claimed, before another may take it for dead."""

SKEW = 2000
"""Units: milliseconds our clock may be ahead of Telegram's."""


class Box(StrEnum):
    """Which way it was going."""

    IN = "inbox"
    OUT = "outbox"


class Posted(StrEnum):
    """What has become of a message in the outbox."""

    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update whose turn has come."""

    update_id: int
    chat_id: int
    payload: Any
    attempts: int


@dataclass(frozen=True, slots=True)
class Sending:
    """A message somebody has claimed and is about to send.

    Shape: `edits` is the message it redraws, 0 for a new one. `attempts` counts this one too.
    `doubts` says how often it may have arrived already without our knowing. `name` is that of the outbox.
    `payload` is the prompt as it was packed, `fresh` the prompt itself when it was put out a moment ago.
    """

    id: int
    chat_id: int
    payload: str
    owner: str
    edits: int = 0
    reminder: int | None = None
    urgency: int = REPLY
    attempts: int = 1
    doubts: int = 0
    name: str = ""
    fresh: Prompt | None = None

    @property
    def prompt(self) -> Prompt:
        """What is to be shown.

        Raises: ValueError, TypeError or KeyError when another version of the program packed it otherwise.
        """
        return self.fresh or unpack(self.payload)

    @property
    def asks(self) -> bool:
        """Whether it asks a question of a talk, or says that there is none left."""
        return bool(self.fresh.asks) if self.fresh else asks(self.payload)


@dataclass(frozen=True, slots=True)
class Delivered:
    """It is on their screen.

    Units: `on` is whole seconds by Telegram's clock; 0 when Telegram did not say.
    """

    message_id: int
    on: int


@dataclass(frozen=True, slots=True)
class NotSent:
    """It certainly did not arrive; try again after `wait_ms`.

    Shape: `told` is true when Telegram said so: nothing else may go to that chat before.
    """

    wait_ms: int
    error: str
    told: bool = False


@dataclass(frozen=True, slots=True)
class InDoubt:
    """Nobody knows whether it arrived; if it may be repeated, then after `wait_ms`."""

    wait_ms: int
    error: str


@dataclass(frozen=True, slots=True)
class Dead:
    """It will never arrive; `blocked` when the person does not let the bot write to them."""

    error: str
    blocked: bool


Outcome = Delivered | NotSent | InDoubt | Dead


class Fate(StrEnum):
    """What can still be done with a dead letter."""

    MAY_GO = "can be tried again"
    EMPTY = "nothing left to send"
    TOLD = "a reminder: somebody was told instead"
    OVERTAKEN = "overtaken: the talk has gone on since"
    OLD = "too old: nobody knows what came after it"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Something that was given up; what was said in it is not shown.

    Units: `at` in milliseconds since 1970, UTC.
    """

    box: Box
    id: int
    chat_id: int
    attempts: int
    error: str
    at: int
    fate: Fate = Fate.MAY_GO


def pack(prompt: Prompt) -> str:
    """A prompt as JSON; what is empty is left out."""
    kept = {name: value for name in _FIELDS if (value := getattr(prompt, name)) or value == ()}
    if prompt.buttons:
        kept["buttons"] = [(b.code, b.label, b.place, b.ticked) for b in prompt.buttons]
    if prompt.columns > 1:
        kept["columns"] = prompt.columns
    if prompt.thing:
        kept["thing"] = (prompt.thing.kind, prompt.thing.file)
    if prompt.wants:
        kept["wants"] = prompt.wants
    return _as_json(kept)


def asks(payload: str) -> bool:
    """Whether a packed prompt asks a question of a talk, or says that there is none left."""
    return bool(payload and json.loads(payload).get("asks"))


def unpack(payload: str) -> Prompt:
    """The prompt that `pack` wrote."""
    kept = json.loads(payload)
    kept["rows"] = tuple((label, words) for label, words in kept.get("rows", ()))
    kept["buttons"] = tuple(Button(*button) for button in kept.get("buttons", ()))
    if "keys" in kept:
        kept["keys"] = tuple(map(tuple, kept["keys"]))
    if "thing" in kept:
        kept["thing"] = Thing(*kept["thing"])
    kept["wants"] = tuple((label, what) for label, what in kept.get("wants", ()))
    return Prompt(**kept)


_as_json = json.JSONEncoder(ensure_ascii=False).encode
_FIELDS = ("text", "title", "rows", "after", "keys", "buttons", "edits", "asks")


def describe(error: BaseException) -> str:
    """What kind of error, and where; never its message, which may hold a person's words."""
    frames = [(frame.f_globals.get("__name__", ""), line) for frame, line in walk_tb(error.__traceback__)]
    ours = [frame for frame in frames if frame[0].startswith("bot.")] or frames
    return f"{_kind_of(error)} at {ours[-1][0]}:{ours[-1][1]}" if ours else _kind_of(error)


def _kind_of(error: BaseException) -> str:
    """The name of an error, with the database's own name for it, such as SQLITE_FULL or 53100."""
    cause = getattr(error, "orig", None) or error
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    return f"{type(error).__name__} ({code})" if code else type(error).__name__


def chat_of(update: Mapping[str, Any]) -> int:
    """The chat an update belongs to, whatever kind it is; 0 when it names none."""
    for part in update.values():
        if isinstance(part, dict):
            message = part.get("message")
            places = (part, message if isinstance(message, dict) else {})
            found = [place["chat"] for place in places if isinstance(place.get("chat"), dict)]
            found += [part["from"]] if isinstance(part.get("from"), dict) else []
            for each in found:
                number = each.get("id")
                if isinstance(number, int) and abs(number) < 2**63:
                    return number
    return 0
