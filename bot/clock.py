"""The only clock: instants are UTC, and days are people's own."""

import time
from datetime import UTC, datetime

DAY = 24 * 60 * 60 * 1000
MINUTE = 60 * 1000


class Clock:
    """What time it is; the sandbox may move it forward.

    Units: milliseconds since 1970, UTC.
    """

    def __init__(self) -> None:
        self._ahead = 0

    def now(self) -> int:
        """This instant."""
        return time.time_ns() // 1_000_000 + self._ahead

    def moment(self) -> datetime:
        """This instant as an aware datetime, UTC."""
        return moment(self.now())

    def jump(self, to: int) -> None:
        """Go forward to that instant; a clock never goes back."""
        self._ahead += max(0, to - self.now())

    def back_to_now(self) -> None:
        """Leave the time it was moved to; only for the sandbox, when it begins anew."""
        self._ahead = 0


def moment(instant: int) -> datetime:
    """The instant as an aware datetime, UTC.

    Units: `instant` in milliseconds since 1970, UTC.
    """
    return datetime.fromtimestamp(instant / 1000, UTC)
