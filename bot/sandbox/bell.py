"""One bell for everything that can happen: it wakes whoever waits, in whichever thread and loop they are."""

import asyncio
from threading import Lock


class Bell:
    """Counts its rings, so nobody misses one between looking and waiting."""

    def __init__(self) -> None:
        self.rings = 0
        self._lock = Lock()
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def ring(self) -> None:
        """Wake everyone who waits. Safe from any thread."""
        with self._lock:
            self.rings += 1
            woken, self._waiting = self._waiting, set()
        for loop, event in woken:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    async def wait(self, seen: int, seconds: float | None) -> None:
        """Return once the bell has rung more than `seen` times, or the time is over."""
        waiter = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            if self.rings != seen:
                return
            self._waiting.add(waiter)
        try:
            await asyncio.wait_for(waiter[1].wait(), seconds)
        except TimeoutError:
            pass
        finally:
            with self._lock:
                self._waiting.discard(waiter)
