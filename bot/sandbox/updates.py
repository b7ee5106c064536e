"""What waits for the bot: the queue of updates, asked for as Telegram lets it be asked for."""

import asyncio
import time
from itertools import count
from threading import RLock
from typing import Any

from bot.sandbox.bell import Bell
from bot.sandbox.refused import conflict

Update = dict[str, Any]

NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
MOST = 100
LONGEST_WAIT = 50
HOOK_IS_SET = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
OTHER_CALL = "terminated by other getUpdates request; make sure that only one bot instance is running"


class Updates:
    """The queue.

    Shape: in the order of arrival, whatever the numbers say; only what the bot asked for is kept.
    The numbers begin at the second of the start, so a bot that remembers an earlier run sees no repeats.
    """

    def __init__(self, bell: Bell, lock: RLock) -> None:
        self.waiting: list[Update] = []
        self.allowed: list[str] = []
        self.hooked = self.closed = False
        self._bell, self._lock = bell, lock
        self._numbers = count(int(time.time()))
        self._turn = 0

    def add(self, update: Update) -> int | None:
        """Put one at the end; its number, or None when the bot did not ask for that kind."""
        with self._lock:
            if not self._wanted(update):
                return None
            number = update.get("update_id")
            if number is None:
                number = next(self._numbers)
            else:
                self._numbers = count(max(int(number) + 1, next(self._numbers)))
            self.waiting.append(
                {"update_id": number, **{k: v for k, v in update.items() if k != "update_id"}}
            )
        self._bell.ring()
        return int(number)

    def _wanted(self, update: Update) -> bool:
        kinds = set(update) - {"update_id"}
        return bool(kinds & set(self.allowed)) if self.allowed else not kinds & NOT_BY_DEFAULT

    def forget(self, offset: int) -> None:
        """Drop what the bot has confirmed. Shape: a negative offset keeps only that many, from the end."""
        with self._lock:
            if offset < 0:
                self.waiting = self.waiting[offset:]
            elif offset > 0:
                self.waiting = [u for u in self.waiting if u["update_id"] >= offset]

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self.waiting = []

    def close(self) -> None:
        """Nobody waits any more: from now on every call is answered at once."""
        self.closed = True
        self._bell.ring()

    def interrupt(self) -> None:
        """End the call that waits, if one does."""
        self._turn += 1
        self._bell.ring()

    async def ask(self, offset: int, limit: int, seconds: float) -> list[Update]:
        """The next updates, waiting for the first one.

        Raises: Refused when another call or a hook takes over.
        """
        if self.hooked:
            raise conflict(HOOK_IS_SET)
        self.forget(offset)
        self.interrupt()
        turn = self._turn
        await self._first(turn, min(seconds, LONGEST_WAIT))
        if turn != self._turn:
            raise conflict(HOOK_IS_SET if self.hooked else OTHER_CALL)
        return self.waiting[: limit if 1 <= limit <= MOST else MOST]

    async def _first(self, turn: int, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while True:
            seen = self._bell.rings
            left = end - loop.time()
            if self.waiting or self.closed or turn != self._turn or left <= 0:
                return
            await self._bell.wait(seen, left)
