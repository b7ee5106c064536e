"""Updates brought to the bot's own address, again and again until it says it has them."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

import httpx

from bot.sandbox.bell import Bell
from bot.sandbox.fields import Fields
from bot.sandbox.refused import bad
from bot.sandbox.updates import Update, Updates

SECRET = "X-Telegram-Bot-Api-Secret-Token"
LONGEST_PAUSE = 60.0


@dataclass
class Webhook:
    """The bot's address, and the task that brings it the updates one after the other.

    Units: `first_pause` in seconds; it doubles after every failure.
    """

    updates: Updates
    bell: Bell
    first_pause: float = 1.0
    transport: httpx.AsyncBaseTransport | None = None
    url: str = ""
    secret: str = ""
    last_error: str = ""
    task: asyncio.Task[None] | None = None

    def set(self, fields: Fields) -> bool:
        """setWebhook: from now on updates go to this address; an empty one takes it away."""
        url, secret = fields.get("url", ""), fields.get("secret_token", "")
        if url and not url.startswith(("http://", "https://")):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise bad("secret token contains unallowed characters")
        self.delete(fields)
        self.updates.allowed = fields.get("allowed_updates", self.updates.allowed) or []
        self.url, self.secret, self.updates.hooked = url, secret, bool(url)
        if url:
            self.task = asyncio.create_task(self._bring_all())
        return True

    def delete(self, fields: Fields) -> bool:
        """deleteWebhook: the bot will ask for its updates itself."""
        if fields.get("drop_pending_updates"):
            self.updates.clear()
        self.stop()
        self.url, self.updates.hooked = "", False
        self.updates.interrupt()
        return True

    def stop(self) -> None:
        """End the task. Safe from any thread."""
        task, self.task = self.task, None
        if task and not task.get_loop().is_closed():
            task.get_loop().call_soon_threadsafe(task.cancel)

    def info(self) -> dict[str, Any]:
        """getWebhookInfo."""
        out: dict[str, Any] = {
            "url": self.url, "has_custom_certificate": False,
            "pending_update_count": len(self.updates.waiting),
        }  # fmt: skip
        if self.updates.allowed:
            out["allowed_updates"] = self.updates.allowed
        if self.last_error:
            out["last_error_message"] = self.last_error
        return out

    async def _bring_all(self) -> None:
        async with httpx.AsyncClient(transport=self.transport, timeout=30) as client:
            while True:
                seen = self.bell.rings
                if self.updates.waiting:
                    await self._bring(client, self.updates.waiting[0])
                else:
                    await self.bell.wait(seen, None)

    async def _bring(self, client: httpx.AsyncClient, update: Update) -> None:
        pause = self.first_pause
        while not await self._taken(client, update):
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        if update in self.updates.waiting:
            self.updates.waiting.remove(update)

    async def _taken(self, client: httpx.AsyncClient, update: Update) -> bool:
        try:
            answer = await client.post(
                self.url, json=update, headers={SECRET: self.secret} if self.secret else {}
            )
        except httpx.HTTPError as error:
            self.last_error = str(error) or type(error).__name__
            return False
        self.last_error = (
            "" if answer.is_success else f"Wrong response from the webhook: {answer.status_code}"
        )
        return answer.is_success
