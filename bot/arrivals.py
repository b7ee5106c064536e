"""Updates that somebody waits to see kept: Telegram may forget them only then."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Update = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Updates that came together, and the promise to say which of them were new."""

    updates: Sequence[Update]
    kept: asyncio.Future[list[int]]

    def accept(self, new: Sequence[int]) -> None:
        """They are safe; `new` are the numbers never seen before, of these and perhaps of others."""
        if not self.kept.done():
            theirs = {update["update_id"] for update in self.updates}
            self.kept.set_result([number for number in new if number in theirs])

    def refuse(self, error: Exception) -> None:
        """They could not be kept."""
        if not self.kept.done():
            self.kept.set_exception(error)


class Arrivals:
    """What has arrived and is not kept yet."""

    def __init__(self) -> None:
        self._waiting: list[Arrival] = []

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, updates: Sequence[Update]) -> asyncio.Future[list[int]]:
        """Some more; await what this gives."""
        arrival = Arrival(updates, asyncio.get_running_loop().create_future())
        self._waiting.append(arrival)
        return arrival.kept

    def take(self) -> list[Arrival]:
        """All of them."""
        waiting, self._waiting = self._waiting, []
        return waiting

    def put_back(self, arrivals: Sequence[Arrival]) -> None:
        """These still have to be kept."""
        self._waiting[:0] = arrivals

    def refuse_all(self, error: Exception) -> None:
        """Nothing more is kept."""
        for arrival in self.take():
            arrival.refuse(error)
