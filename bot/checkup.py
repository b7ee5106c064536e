"""How the bot is, for whoever asks over the web: one look for all who ask, and never waited for long."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from bot.health import STOPS, Expected, State, at_work_now, judge
from bot.metrics import Metrics
from bot.store.letters import describe

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Units: seconds the database has for its answer; without one it is in trouble."""

FRESH = 1.0
"""Units: seconds a look is good for: however many ask, the database is asked once."""


class Checkup:
    """What /healthz and /metrics say."""

    def __init__(
        self, look: Callable[[], Awaitable[State]], expected: Callable[[], Expected], metrics: Metrics
    ) -> None:
        self._look, self._expected, self._metrics = look, expected, metrics
        self._looking: asyncio.Task[State | None] | None = None
        self._began = 0.0

    async def health(self) -> tuple[bool, dict[str, Any]]:
        """Whether people get their answers, and the numbers; nothing of anybody is in them."""
        state = await self._state()
        if state is None:
            return False, {"well": False, "stops": ["no answer from the database"], "needs": []}
        found = judge(state, self._expected())
        stops = [trouble.value for trouble in found if trouble in STOPS]
        return not stops, {
            "well": not found,
            "stops": stops,
            "needs": [trouble.value for trouble in found if trouble not in STOPS],
            "workers": len(at_work_now(state)),
            "telegram_silent_seconds": state.heard_at and (state.at - state.heard_at) // 1000,
            "updates_waiting": state.waiting.count,
            "updates_waiting_seconds": state.waiting.age(state.at) // 1000,
            "messages_ready": state.ready.count,
            "messages_in_doubt": state.in_doubt,
            "reminders_due": state.late.count,
            "dead_letters_today": state.dead_lately,
        }

    async def metrics(self) -> bytes:
        """The same for Prometheus, with what was counted; the counters even when the database is stuck."""
        return self._metrics.text(await self._state(), self._expected())

    async def _state(self) -> State | None:
        """None when the database does not answer."""
        if self._looking is None or (self._looking.done() and time.monotonic() - self._began > FRESH):
            self._began = time.monotonic()
            self._looking = asyncio.create_task(self._try())
        # not cancelled when it takes too long: a transaction is always seen to its end
        await asyncio.wait({self._looking}, timeout=PATIENCE)
        return self._looking.result() if self._looking.done() and not self._looking.cancelled() else None

    async def _try(self) -> State | None:
        try:
            return await self._look()
        except Exception as error:
            log.warning("how the bot is cannot be seen: %s", describe(error))
            return None
