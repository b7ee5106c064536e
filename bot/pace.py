"""How fast messages may go, to everybody and to one chat: pure; what was spent is kept in the database.

Each message books the time after the last one. A few may be booked ahead at once; that is the burst.
"""

from dataclasses import dataclass

UNASKED = 0.04
"""While people talk, so much time lies between two messages that nobody waits for, such as reminders.

So a reply never waits for more than one of them, and yet 25 a second go, which is Telegram's own pace.
Units: seconds.
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """So many messages a second to everybody, and to one chat a few at once, then slower.

    Source: Telegram's limits are 30 a second, and 1 a second in one chat.
    """

    a_second: float = 25
    chat_a_second: float = 1
    chat_burst: int = 4

    def room(self, free_at: int, now: int) -> int:
        """How many messages may go now, when the next even place in time is `free_at`.

        Units: `free_at` in microseconds, `now` in milliseconds, since 1970.
        """
        ahead = now * 1000 + 1_000_000 - max(free_at, now * 1000)
        return max(0, int(ahead * self.a_second / 1_000_000))

    def booked(self, free_at: int, now: int, count: int) -> int:
        """The next even place in time after so many messages.

        Units: microseconds, with `now` in milliseconds, since 1970.
        """
        return max(free_at, now * 1000) + int(count * 1_000_000 / self.a_second)

    def chat_may(self, now: int) -> int:
        """A chat whose next place is no later than this may be written to now. Units: milliseconds."""
        return now + int((self.chat_burst - 1) * 1000 / self.chat_a_second)

    def chat_booked(self, free_at: int, now: int) -> int:
        """A chat's next place after one more message. Units: milliseconds."""
        return max(free_at, now) + int(1000 / self.chat_a_second)

    def chat_held(self, now: int, wait: int) -> int:
        """A chat's next place when nothing may go there for so long. Units: milliseconds."""
        return self.chat_may(now + wait)


UNHURRIED = Limits(a_second=100_000, chat_a_second=1000, chat_burst=1000)
"""No limits that anybody would notice: where no Telegram is at the other end."""
