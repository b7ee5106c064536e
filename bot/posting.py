"""Messages on their way: sent side by side, each outcome told apart and kept until it is written down."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable

from sqlalchemy import Connection

from bot.errors import SettingWrong
from bot.loops import tell
from bot.metrics import Metrics
from bot.pace import UNASKED, Limits
from bot.store import outgoing, paced, people
from bot.store.letters import LEASE, REPLY, Dead, Delivered, InDoubt, NotSent, Outcome, Sending, describe

log = logging.getLogger(__name__)

AT_ONCE = 64
"""How many messages may be on their way at the same time, and so how many a crash can leave in doubt.

Measured: 40 ms to Telegram and 500 turns a second need 20. At Telegram's own pace it is seldom more than 3.
"""

REPEATS, REMINDER_REPEATS = 3, 1
"""How often a message that may have arrived is sent again: a question seen twice does no harm."""

STALE = LEASE / 1000 / 2
"""Units: seconds after which a claimed message is no longer sent: another worker may have it soon."""

Settled = tuple[Sending, Outcome]


class Posting:
    """Sends what was claimed.

    Shape: `send` sends one message; `settled` is told, in the transaction that writes it down, what became
    of a message whose end concerns more than the chat; `moved` is called when one has come back.
    `broken` is set when Telegram refuses the token.
    """

    def __init__(
        self,
        send: Callable[[Sending], Awaitable[Outcome]],
        settled: Callable[[Connection, Sending, Outcome, int], None],
        moved: Callable[[], None],
        limits: Limits,
        metrics: Metrics,
    ) -> None:
        self._send, self._settled, self._moved, self._limits = send, settled, moved, limits
        self._metrics = metrics
        self._flying: set[asyncio.Task[None]] = set()
        self._unasked = 0.0  # when the last one that nobody waits for was set on its way
        self._back: list[Settled] = []
        self.broken: SettingWrong | None = None

    @property
    def busy(self) -> bool:
        """Whether a message is on its way, or has come back and is not written down yet."""
        return bool(self._flying or self._back)

    @property
    def is_back(self) -> bool:
        """Whether a message has come back and is not written down yet."""
        return bool(self._back)

    def room(self, people_talk: bool) -> tuple[int, int]:
        """How many more messages may be set on their way, and how many of those that nobody waits for."""
        room = AT_ONCE - len(self._flying)
        is_soon = people_talk and time.monotonic() - self._unasked < UNASKED
        return room, 0 if is_soon else min(room, 1) if people_talk else room

    def come_back(self) -> list[Settled]:
        """What has come back since the last time; for `return_to_sender` when it cannot be kept."""
        back, self._back = self._back, []
        return back

    def return_to_sender(self, back: list[Settled]) -> None:
        """These could not be written down; they stay to be."""
        self._back[:0] = back

    def settle(self, conn: Connection, back: Iterable[Settled], now: int) -> None:
        """Write down what became of messages."""
        back = list(back)
        touched = [sending.chat_id for sending, outcome in back if _touches_chat(sending, outcome)]
        people.hold_chats(conn, touched)  # first of all, so that two workers never wait for each other
        for sending, outcome in back:
            if not outgoing.settle(conn, sending, outcome, now):
                log.warning("message %s was taken over meanwhile", sending.id)
                continue
            if isinstance(outcome, NotSent) and outcome.told:
                paced.hold_back(conn, sending.chat_id, now, outcome.wait_ms, self._limits)
            if _concerns_more(sending, outcome):
                tell(conn, self._settled, sending, outcome, now)

    def set_out(self, claimed: Iterable[Sending], claimed_at: float) -> None:
        """Set messages on their way. Units: `claimed_at` in seconds by the clock that never goes back."""
        for sending in claimed:
            task = asyncio.create_task(self._deliver(sending, claimed_at))
            self._flying.add(task)
            if sending.urgency != REPLY:
                self._unasked = time.monotonic()
            task.add_done_callback(self._landed)

    async def all_landed(self, seconds: float) -> None:
        """Wait at most so long until nothing is on its way; what is left then is in doubt."""
        if self._flying:
            _, late = await asyncio.wait(self._flying, timeout=seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=1)

    async def _deliver(self, sending: Sending, claimed_at: float) -> None:
        began = time.monotonic()
        outcome = await self._outcome(sending, claimed_at)
        self._metrics.sent(type(outcome).__name__, time.monotonic() - began)
        if not isinstance(outcome, Delivered):
            log.warning("message %s: %s, %s", sending.id, type(outcome).__name__, outcome.error)
        self._back.append((sending, outcome))
        if isinstance(outcome, NotSent | InDoubt):
            asyncio.get_running_loop().call_later(outcome.wait_ms / 1000, self._moved)

    async def _outcome(self, sending: Sending, claimed_at: float) -> Outcome:
        most = REPEATS if sending.reminder is None else REMINDER_REPEATS
        if sending.doubts > most:
            return Dead("in doubt too often", blocked=False)
        if time.monotonic() - claimed_at > STALE:
            return NotSent(0, "claimed too long ago")
        try:
            async with asyncio.timeout(STALE):
                outcome = await self._send(sending)
        except SettingWrong as error:
            self.broken = error
            return NotSent(1000, "the token was refused")
        except TimeoutError:
            outcome = InDoubt(1000, "no answer")
        except Exception as error:
            return Dead(describe(error), blocked=False)
        if isinstance(outcome, InDoubt) and sending.doubts >= most:
            return Dead(f"in doubt too often: {outcome.error}", blocked=False)
        return outcome

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        self._moved()


def _touches_chat(sending: Sending, outcome: Outcome) -> bool:
    return _concerns_more(sending, outcome) or (isinstance(outcome, NotSent) and outcome.told)


def _concerns_more(sending: Sending, outcome: Outcome) -> bool:
    """Whether somebody else must hear of it: the end of a reminder, or a message that will never arrive."""
    return isinstance(outcome, Dead) or (sending.reminder is not None and isinstance(outcome, Delivered))
