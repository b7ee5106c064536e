"""What a turn must wait for: fetched while the other chats go on, and kept until that turn has had it.

That is a file somebody sent, or something that takes a while to work out.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Any

from bot.errors import FileNeeded
from bot.store.letters import Waiting

FETCHING = 30.0
"""Units: seconds for a file to come from Telegram."""

SLOW = "slow/"
"""How the names begin of what is worked out here and may take longer."""
WORKING = 600.0
"""Units: seconds for that."""


class Files:
    """The files turns ask for.

    Shape: `fetch` gets a file; `came` is told when the turn that asked for it can be tried again.
    """

    def __init__(
        self, fetch: Callable[[str], Awaitable[Any]], came: Callable[[Waiting], Awaitable[None]]
    ) -> None:
        self._fetch, self._came = fetch, came
        self._here: dict[str, tuple[int, Any]] = {}  # by file, with the chat it came from
        self._coming: dict[int, asyncio.Task[None]] = {}  # by chat

    @property
    def busy(self) -> bool:
        """Whether a file is on its way."""
        return bool(self._coming)

    def __contains__(self, file_id: str) -> bool:
        return file_id in self._here

    def get(self, file_id: str) -> Any:
        """A file that is here.

        Raises: FileNeeded when it is still to come; what went wrong when it could not be had.
        """
        if file_id not in self._here:
            raise FileNeeded(file_id)
        file = self._here[file_id][1]
        if isinstance(file, Exception):
            raise file
        return file

    def ask(self, waiting: Waiting, file_id: str) -> None:
        """Fetch a file for an update that cannot go on without it; one at a time for each chat."""
        if waiting.chat_id not in self._coming:
            self._coming[waiting.chat_id] = asyncio.create_task(self._get(waiting, file_id))

    def forget(self, chats: Collection[int]) -> None:
        """The turns that asked for files of these chats have had them."""
        self._here = {name: file for name, file in self._here.items() if file[0] not in chats}

    async def stop(self) -> None:
        """Fetch no more."""
        tasks = list(self._coming.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _get(self, waiting: Waiting, file_id: str) -> None:
        file: Any
        try:
            async with asyncio.timeout(WORKING if file_id.startswith(SLOW) else FETCHING):
                file = await self._fetch(file_id)
        except Exception as error:
            file = error  # raised in the turn that asks: only whoever has the chat may count a failed try
        self._here[file_id] = waiting.chat_id, file
        try:
            await self._came(waiting)
        finally:
            del self._coming[waiting.chat_id]
