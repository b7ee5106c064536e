"""Places in the bot at which it can be made to die: between any two things it does that are seen outside.

They are put around its functions when it starts, so that the bot itself knows nothing of them.
"""

import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from bot.actions import remind
from bot.messenger.receive import Poller
from bot.messenger.send import Sender
from bot.posting import Posting
from bot.store import incoming, outgoing
from bot.store.database import Store
from bot.worker import Worker

STARTING = (  # of transactions: the function that is run in each, or the one that makes it
    "is_current",
    "check",
    "_first_scripts",
    "_after_restore",
    "_begin",
    "_keep_walls",
    "_purge",
    "run",  # of the poller: the newest number
)
STOPPING = ("_drain", "end")
"""Bodies that are only run when the bot is asked to stop; these and the ones above once in a life, or so."""
BODIES = (*STARTING, "since", "_tick", "_together", "_one_by_one", *STOPPING)
BETWEEN = ("put_in", "_turn", "done_in", "claim", "settle", "due")  # in a transaction, after each of these
OUTSIDE = ("ask.before", "ask.after", "arrive.before", "arrive.after", "send.before", "send.after")
POINTS = (
    *(f"{body}.{moment}" for body in BODIES for moment in ("before", "inside", "after")),
    *BETWEEN,
    *OUTSIDE,
)

BY_HOOK = ("arrive.before", "put_in", "_together.inside", "_together.after", "arrive.after")
"""Where it may die with an update that Telegram brings it."""


def fuse(point: str, passes: int) -> str:
    """What makes a bot die when it has passed a point so often."""
    return f"{point}:{1 if point.startswith(STARTING + STOPPING) else passes}"


class Fuse:
    """Counts how often the bot passes one point, and kills it at the last.

    Shape: made from what `fuse` gives.
    """

    def __init__(self, words: str) -> None:
        self._name, _, passes = words.partition(":")
        self._left = int(passes)
        assert self._name in POINTS, self._name

    def passed(self, name: str) -> None:
        """The bot is at this point now."""
        if name == self._name:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def lay(self) -> None:
        """Put the points around the functions of the bot."""
        self._around_transactions()
        for where, name in (
            (incoming, "put_in"),
            (incoming, "done_in"),
            (outgoing, "claim"),
            (remind, "due"),
        ):
            self._after(where, name)
        self._after(Worker, "_turn")
        self._after(Posting, "settle")
        self._around(Poller, "ask")
        self._around(Worker, "arrive")
        self._around(Sender, "send")

    def _around_transactions(self) -> None:
        plain, passed = Store.tx, self.passed

        async def tx(store: Store, body: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            name = _name(body)

            def inside(*inner: Any, **more: Any) -> Any:
                result = body(*inner, **more)
                passed(f"{name}.inside")
                return result

            passed(f"{name}.before")
            result = await plain(store, inside, *args, **kwargs)
            passed(f"{name}.after")
            return result

        setattr(Store, "tx", tx)  # noqa: B010

    def _after(self, where: Any, name: str) -> None:
        plain = getattr(where, name)

        def then(*args: Any, **kwargs: Any) -> Any:
            result = plain(*args, **kwargs)
            self.passed(name)
            return result

        setattr(where, name, then)

    def _around(self, where: Any, name: str) -> None:
        plain: Callable[..., Awaitable[Any]] = getattr(where, name)

        async def then(*args: Any, **kwargs: Any) -> Any:
            self.passed(f"{name}.before")
            result = await plain(*args, **kwargs)
            self.passed(f"{name}.after")
            return result

        setattr(where, name, then)


def _name(body: Callable[..., Any]) -> str:
    """The function, or the one a lambda stands in."""
    called = getattr(body, "__qualname__", "")
    return str(called.partition(".<locals>")[0].rpartition(".")[2])
