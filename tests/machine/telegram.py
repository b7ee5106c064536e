"""A Telegram that writes everything down: what it was sent, and what the bot may forget."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from bot.clock import DAY
from bot.posting import REMINDER_REPEATS, REPEATS, STALE
from bot.store.letters import Dead, Delivered, InDoubt, NotSent, Outcome, Sending
from tests.machine.ground import Ground
from tests.machine.witness import Witness

Update = Mapping[str, Any]

DELIVERED = ("arrives", "arrives, and the answer is lost")
"""The ways of sending after which a message is on the screen."""

WAYS = (*DELIVERED, "hangs", "too fast", "no network", "cannot be drawn")


class Telegram:
    """The other end.

    Shape: `how` is the way the next message goes; `waiting` are updates the bot has not said it has kept.
    """

    def __init__(self, ground: Ground, witness: Witness) -> None:
        self._ground, self._witness = ground, witness
        self.how = WAYS[0]
        self.blocked: set[int] = set()
        self.waiting: dict[int, Update] = {}
        self._numbers: set[int] = set()
        self._kept: dict[int, tuple[Update, float]] = {}
        self._screens: Counter[int] = Counter()  # how often each message was delivered
        self._newest: defaultdict[tuple[int, int], int] = defaultdict(int)  # by chat and urgency
        self._reminders: dict[int, int] = {}  # by which message each arrived

    # ---- updates

    def writes(self, chat: int, words: str, lower: bool) -> None:
        """Somebody writes; `lower` when the numbers begin anew, as they do after a quiet week."""
        first, last = min(self._numbers, default=5000), max(self._numbers, default=5000)
        number = first - 1 if lower else last + 1
        self._numbers.add(number)
        self.waiting[number] = {"update_id": number, "message": {"chat": {"id": chat}, "text": words}}

    def lately(self) -> list[Update]:
        """Updates of the last day that were kept already; Telegram has no older ones."""
        return [update for update, at in self._kept.values() if self._ground.steady - at < DAY / 1000]

    def forgets(self, updates: list[Update]) -> None:
        """The bot says that it has kept these."""
        for update in updates:
            number = update["update_id"]
            self._witness.sees(number in self._witness.kept, f"update {number} is forgotten and was not kept")
            if self.waiting.pop(number, None):
                self._kept[number] = update, self._ground.steady

    def day_passes(self) -> None:
        """What nobody has asked for in a day is gone."""
        self.waiting.clear()

    async def fetch(self, file: str) -> bytes:
        """A file somebody sent."""
        return b"a file"

    # ---- messages

    async def send(self, sending: Sending) -> Outcome:
        """One message; it goes as `how` says."""
        if sending.chat_id in self.blocked:
            return Dead("Forbidden", blocked=True)
        if self.how in DELIVERED:
            self._shows(sending)
        match self.how:
            case "arrives":
                return Delivered(1000 + sending.id, self._ground.wall // 1000)
            case "too fast":
                return NotSent(20_000, "RetryAfter", told=True)
            case "no network":
                return NotSent(1000, "ConnectError")
            case "cannot be drawn":
                raise ValueError("a bug")
        return InDoubt(1000, "no answer")

    def _shows(self, sending: Sending) -> None:
        """It is on the screen now: was it right to be sent?"""
        sees, number = self._witness.sees, sending.id
        row = self._witness.messages.get(number)
        sees(row is not None, f"message {number} is delivered and nobody kept it")
        assert row is not None
        held = row.state, row.owner, row.attempts
        is_mine = held == ("sending", sending.owner, sending.attempts)
        sees(is_mine or row.doubts > sending.doubts, f"message {number} goes out from a worker without it")
        before = self._screens[number]
        most = REMINDER_REPEATS if sending.reminder else REPEATS
        sees(before <= row.doubts, f"message {number} is delivered again and nobody has doubts")
        sees(before <= most, f"message {number} comes too often")
        place = (sending.chat_id, sending.urgency)
        # a worker that starts while the clock is wrong cannot know, and frees what another has on its way;
        # it is in doubt then, and no clock of that other one tells it to hold it back
        is_excused = not is_mine and self._ground.steady - self._witness.moved_at <= STALE
        sees(is_excused or number >= self._newest[place], f"message {number} comes after a later one")
        self._newest[place] = max(number, self._newest[place])
        self._screens[number] += 1
        self._witness.shown.add(number)
        if sending.reminder:
            known = self._reminders.setdefault(sending.reminder, number)
            sees(known == number, f"reminder {sending.reminder} arrives as two messages")
            self._witness.reminded.add(sending.reminder)
