"""The small Bot API of the sandbox, with faults, and a note of everything people said to the bot."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.sandbox import Fault, Phone, Sandbox
from bot.sandbox.phones import Message
from bot.sandbox.updates import Update

TOKEN = "1000:KILL-SECRET"
HANG = 4.0
"""Units: seconds; the bot does not wait so long."""

FAULTS: dict[str, tuple[float, Fault]] = {  # how often, and what
    "429": (0.01, Fault(retry_after=1)),
    "500 before delivery": (0.015, Fault(before=500)),
    "502 before delivery": (0.015, Fault(before=502)),
    "500 after delivery": (0.015, Fault(before=500, after=True)),
    "502 after delivery": (0.015, Fault(after=True)),
    "reset before delivery": (0.015, Fault(cut=True)),
    "reset after delivery": (0.015, Fault(after=True, cut=True)),
    "hang after delivery": (0.005, Fault(after=True, delay=HANG)),
}
SLOW = (0, 0, 0, 0.02, 0.1, 0.3)
"""Units: seconds an answer may take without anything being wrong."""


class Telegram(Sandbox):
    """The sandbox, not at its best.

    Shape: `said` has every update there was, by its number. `had` counts the faults. While `is_well`, there
    are none.
    """

    def __init__(self, phones: Sequence[Phone], chance: random.Random) -> None:
        super().__init__(phones, token=TOKEN)
        self.said: dict[int, Update] = {}
        self.newest = 0
        self.had: Counter[str] = Counter()
        self.is_well = False
        self._chance = chance
        self._add = self.network.updates.add
        self.network.updates.add = self._note  # type: ignore[method-assign]
        self.faults = self._fault
        self.api.webhook.first_pause = 0.1

    def _note(self, update: Update) -> int | None:
        number = self._add(update)
        if number is not None:
            self.newest, self.said[number] = number, json.loads(json.dumps(update))
        return number

    def _fault(self, method: str, fields: Any) -> Fault | None:
        """Something may go wrong with this call."""
        if self.is_well:
            return None
        drawn = self._chance.random()
        for name, (often, fault) in FAULTS.items():
            drawn -= often
            if drawn < 0:
                self.had[name] += 1
                return fault
        return Fault(delay=self._chance.choice(SLOW))

    def picture(self) -> str:
        """No picture: drawing thousands of phones takes longer than anybody waits."""
        return ""

    def messages(self, key: str) -> list[Message]:
        """All messages on a phone, oldest first."""
        return list(self.network.handset(key).messages.values())

    def newest_on(self, key: str) -> int:
        """The number of the newest message on a phone; 0 when there is none."""
        return next(reversed(self.network.handset(key).messages), 0)
