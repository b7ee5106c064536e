"""People with phones: each reads what the bot says and answers it, again and again."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

Json = dict[str, Any]

PATIENCE = 15.0
"""Units: seconds until somebody who hears nothing does the same again."""


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does: they type `text`, or press the button with `data`; `chat` is another person's turn
    on this phone."""

    text: str = ""
    data: str = ""
    chat: int = 0


@dataclass(slots=True)
class Screen:
    """What is on a phone.

    Shape: `text` is what was said, or redrawn, last; `under` is the message the buttons are under.
    """

    sent: str = ""
    text: str = ""
    is_redrawn: bool = False
    keys: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    under: int = 0


class Plan(Protocol):
    """How people answer."""

    def opens(self, chat: int) -> Act:
        """The first thing somebody does."""

    def follows(self, screen: Screen) -> Act | None:
        """What they do when they see this; None when more has to come first."""


@dataclass(slots=True)
class Count:
    """What has happened while it was counted.

    Units: seconds.
    """

    latencies: list[float] = field(default_factory=list)
    turns: int = 0
    missing: int = 0
    repeated: int = 0
    first: float = 0.0
    is_on: bool = False


class Seat:
    """One person at a time, on one phone; a turn lasts until they see something they can answer.

    Shape: `beat` is how often they act when the bot keeps up, 0 for at once.
    Units: `beat` in seconds.
    """

    def __init__(
        self, chat: int, plan: Plan, push: Callable[[Json], None], count: Count, beat: float = 0.0
    ) -> None:
        self.chat, self.plan, self.count, self.beat = chat, plan, count, beat
        self.screen = Screen()
        self.is_waiting = self.is_over = False
        self.turns = 0
        self._push = push
        self._moved_to: Callable[[int, int], None] = lambda old, new: None
        self._since = self._planned = 0.0
        self._newest = ""
        self._doing = Act()
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()

    def begin(self, moved_to: Callable[[int, int], None], after: float) -> None:
        """Open the chat, so many seconds from now; `moved_to` hears of everyone who takes over the phone."""
        self._moved_to = moved_to
        self._planned = time.perf_counter() + after + random.random() * self.beat
        self._doing = self.plan.opens(self.chat)
        self._loop.call_at(self._loop.time() + self._planned - time.perf_counter(), self._act)

    def end(self) -> None:
        """Do nothing more."""
        self.is_over = True
        if self._timer:
            self._timer.cancel()

    def sees(self, number: int, text: str, markup: Json, is_new: bool) -> None:
        """The bot says something, or redraws it."""
        if is_new:
            self.count.repeated += text == self._newest
            self._newest = text
        self._look(number, text, markup, is_new)
        following = self.plan.follows(self.screen) if self.is_waiting else None
        if following:
            self._heard(following)

    def _look(self, number: int, text: str, markup: Json, is_new: bool) -> None:
        screen = self.screen
        screen.text, screen.is_redrawn = text, not is_new
        if "keyboard" in markup:
            labels = [key for row in markup["keyboard"] for key in row]
            screen.keys = [key if isinstance(key, str) else key["text"] for key in labels]
        screen.buttons = []
        for row in markup.get("inline_keyboard", ()):
            screen.buttons += [(key["text"], key["callback_data"]) for key in row]
            screen.under = number

    def _heard(self, following: Act) -> None:
        now = time.perf_counter()
        self.is_waiting = False
        assert self._timer is not None
        self._timer.cancel()
        self.count.first = self.count.first or now
        self.turns += 1
        if self.count.is_on:
            self.count.turns += 1
            self.count.latencies.append(now - self._since)
        self._planned = max(now, self._planned + self.beat)
        self._doing = following
        self._loop.call_at(self._loop.time() + self._planned - now, self._act)

    def _act(self) -> None:
        if self.is_over:
            return
        doing = self._doing
        if doing.chat:
            self._moved_to(self.chat, doing.chat)
            self.chat, self.screen, self._newest = doing.chat, Screen(), ""
        self.is_waiting, self._since = True, time.perf_counter()
        self._timer = self._loop.call_later(PATIENCE, self._not_heard)
        self.screen.sent = doing.text
        self._push(self._update(doing))

    def _not_heard(self) -> None:
        self.count.missing += 1
        self._act()

    def _update(self, doing: Act) -> Json:
        who = {"id": self.chat, "is_bot": False, "first_name": f"Person{self.chat}", "language_code": "en"}
        message: Json = {"chat": {"id": self.chat, "type": "private", "first_name": who["first_name"]}}
        message |= {"message_id": self.screen.under or 1, "date": int(time.time()), "text": doing.text or "…"}
        if doing.data:
            query = {"id": str(time.perf_counter_ns()), "from": who, "message": message, "data": doing.data}
            return {"callback_query": query | {"chat_instance": "1"}}
        length = len(doing.text.split()[0])
        command = {"entities": [{"type": "bot_command", "offset": 0, "length": length}]}
        return {"message": message | {"from": who} | (command if doing.text[0] == "/" else {})}
