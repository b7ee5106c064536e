"""Whether the clock can be believed: it is watched against one that only counts seconds."""

import logging
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

MOST = 60_000
"""Units: milliseconds a clock may be put right between two looks without anybody minding."""

HOLD = 120.0
"""Units: seconds a clock that went forward is not believed: what it was put to by mistake is put back."""


class Watch:
    """One clock, looked at every second or so.

    Shape: `is_odd` is true for a while after it went forward; after that it is believed, for a computer
    that slept has the right time. `went_back` stays true until `put_right` is called.
    """

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._last: tuple[int, float] | None = None
        self._odd_until = float("-inf")
        self.went_back = False

    @property
    def is_odd(self) -> bool:
        """Whether what it shows must not be acted on yet."""
        return self._steady() < self._odd_until

    def look(self, shown: int) -> None:
        """This is what it shows now. Units: milliseconds since 1970, UTC."""
        at = self._steady()
        before, self._last = self._last or (shown, at), (shown, at)
        jump = shown - before[0] - round((at - before[1]) * 1000)
        if jump > MOST:
            log.warning("the clock went forward by %s s: reminders wait for %.0f s", jump // 1000, HOLD)
            self._odd_until = at + HOLD
        elif jump < -MOST:
            log.warning("the clock went back by %s s: nothing waits for the time it had", -jump // 1000)
            self._odd_until, self.went_back = at, True

    def put_right(self) -> None:
        """What was written by the time it had is mended."""
        self.went_back = False
