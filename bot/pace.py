"""How fast messages may go, to everybody and to one chat."""

import time
from collections.abc import Callable


class Pace:
    """How fast messages may go: so many a second to everybody, and to one chat a few at once, then slower.

    Shape: a chat that was told to wait waits; when three are waiting, the bot as a whole is too fast.
    Units: seconds, by a clock that never goes back. Source: Telegram's limits are 30 a second and 1 a chat.
    """

    def __init__(
        self,
        a_second: float = 25,
        burst: float = 4,
        chat_a_second: float = 1,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._a_second, self._burst, self._chat_a_second = a_second, burst, chat_a_second
        self._seconds = seconds
        self._all = (a_second, seconds())
        self._chats: dict[int, tuple[float, float]] = {}
        self._told_to_wait: dict[int, float] = {}

    def room(self) -> int:
        """How many messages may go now."""
        waits = sorted(self._told_to_wait.values(), reverse=True)
        if len(waits) >= 3 and waits[2] > self._seconds():
            return 0
        return int(self._left(self._all, self._a_second, self._a_second))

    def held(self) -> list[int]:
        """The chats that may not be written to now."""
        self._forget()
        slow = {chat for chat, left in self._chats.items() if self._left_of(left) < 1}
        return sorted(slow | self._told_to_wait.keys())

    def spend(self, chat: int) -> None:
        """A message goes to that chat."""
        now = self._seconds()
        self._all = (self._left(self._all, self._a_second, self._a_second) - 1, now)
        self._chats[chat] = (self._left_of(self._chats.get(chat, (self._burst, now))) - 1, now)

    def wait(self, chat: int, seconds: float) -> None:
        """Nothing more to that chat for so long."""
        self._told_to_wait[chat] = self._seconds() + seconds

    def _left_of(self, left: tuple[float, float]) -> float:
        return self._left(left, self._burst, self._chat_a_second)

    def _left(self, left: tuple[float, float], most: float, a_second: float) -> float:
        count, at = left
        return min(most, count + (self._seconds() - at) * a_second)

    def _forget(self) -> None:
        now = self._seconds()
        self._told_to_wait = {chat: until for chat, until in self._told_to_wait.items() if until > now}
        self._chats = {chat: left for chat, left in self._chats.items() if self._left_of(left) < self._burst}
