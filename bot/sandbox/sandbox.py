"""The sandbox: joins the Bot API, the people and the page into one thing."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, tzinfo

from starlette.applications import Starlette

from bot.sandbox.guard import middleware
from bot.sandbox.network import Call, Network
from bot.sandbox.page import Page
from bot.sandbox.people import Condition, People
from bot.sandbox.phones import Phone
from bot.sandbox.server import BotApi, Faults
from bot.sandbox.updates import Update


def _now() -> datetime:
    return datetime.now(UTC)


class Sandbox(People):
    """A small Telegram: `app` serves the Bot API and the page, the methods are the people.

    Shape: use `app` in-process or with uvicorn; call the methods from any thread. `problems` holds every
    breach of the Bot API by the bot; `ledger` every accepted call that sends or changes something.
    Call `close()` before uvicorn stops: open event streams would keep it waiting.
    """

    def __init__(  # noqa: PLR0913
        self,
        phones: Sequence[Phone],
        *,
        token: str,
        username: str = "beforehand_bot",
        name: str = "Beforehand",
        now: Callable[[], datetime] = _now,
        zone: tzinfo = UTC,
        jump: Callable[[], Awaitable[str]] | None = None,
        restart: Callable[[], Awaitable[None]] | None = None,
        allowed_hosts: Sequence[str] = ("127.0.0.1", "localhost"),
    ) -> None:
        bot = {
            "id": int(token.split(":")[0]), "is_bot": True, "first_name": name, "username": username,
            "can_join_groups": False, "can_read_all_group_messages": False, "supports_inline_queries": False,
        }  # fmt: skip
        super().__init__(Network(phones, bot, now, zone))
        self.api = BotApi(self.network, token)
        self.page = Page(self, jump=jump, restart=restart)
        self.app = Starlette(
            routes=[*self.api.routes, *self.page.routes], middleware=middleware(allowed_hosts)
        )

    @property
    def problems(self) -> list[str]:
        """Every breach of the Bot API so far, as `method: Telegram's words`."""
        return self.network.problems

    @property
    def ledger(self) -> list[Call]:
        """Every accepted call except the asking for updates and the web hook's."""
        return self.network.ledger

    @property
    def faults(self) -> Faults | None:
        """Asked before each call that sends, edits, deletes or answers; gives what shall go wrong."""
        return self.api.faults

    @faults.setter
    def faults(self, faults: Faults | None) -> None:
        self.api.faults = faults

    def add_update(self, update: Update) -> None:
        """Queue a raw update, as it is; it gets a number when it has none."""
        self.network.updates.add(update)

    async def until(self, condition: Condition, seconds: float = 5.0) -> None:
        """Wait until the condition holds, looking again whenever something happens.

        Raises: TimeoutError with a picture of all phones.
        """
        bell, end = self.network.bell, asyncio.get_running_loop().time() + seconds
        while True:
            seen = bell.rings
            if condition():
                return
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                raise TimeoutError(f"not within {seconds:g} seconds\n{self.picture()}")
            await bell.wait(seen, min(left, 0.5))

    def close(self) -> None:
        """End the event streams, the waiting calls and the web hook. Safe from any thread."""
        self.network.closing = True
        self.network.updates.close()
        self.api.webhook.stop()
