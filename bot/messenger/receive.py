"""Updates from Telegram into the inbox: kept first, and only then may Telegram forget them."""

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from telegram import Bot
from telegram.error import BadRequest, EndPointNotFound, InvalidToken, RetryAfter, TelegramError

from bot.clock import DAY
from bot.errors import SettingWrong
from bot.messenger.send import Sender
from bot.settings import WEBHOOK
from bot.store import incoming
from bot.store.database import Store
from bot.store.inside import now
from bot.store.letters import describe

log = logging.getLogger(__name__)

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""What the bot asks Telegram to tell it. Shape: names of fields of an update."""

LONG_POLL = 50
"""Units: seconds Telegram may keep a call open until something happens. Source: its own most."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
LARGEST_BODY = 1024 * 1024
QUIET = 6 * DAY
"""After a quiet week Telegram begins its numbers anew, so an older one says nothing about what comes next."""

STAND_BY = 2.0
"""Units: seconds until a worker that does not ask looks whether it should."""

Json = Mapping[str, Any]
Arrive = Callable[[Sequence[Json]], Awaitable[list[int]]]
"""Keeps updates and gives the numbers of those never seen before; when it raises, they are not safe."""


class Poller:
    """Asks Telegram for updates, over and over; asking for the next ones is what lets it forget the last.

    Shape: `arrive` hears of every answer, also of one without updates. Cancel `run` to stop.
    """

    def __init__(self, api: Bot, store: Store, arrive: Arrive, long_poll: int = LONG_POLL) -> None:
        self._api, self._store, self._arrive, self._long_poll = api, store, arrive, long_poll
        self._sender = Sender(api)

    async def run(self) -> None:
        """Ask until cancelled.

        Raises: SettingWrong when Telegram refuses the token.
        """
        newest, pause = None, FIRST_PAUSE
        while True:
            try:
                if (
                    not await self._store.leads()
                ):  # another worker asks, and this one takes over when it is gone
                    newest = None
                    await asyncio.sleep(STAND_BY)
                    continue
                if newest is None:
                    newest = await self._store.tx(lambda conn: incoming.newest_in(conn, now(conn) - QUIET))
                newest = await self.ask(newest)
                pause = FIRST_PAUSE
            except (InvalidToken, EndPointNotFound):
                raise SettingWrong(
                    "Telegram refuses the token. Ask @BotFather for it, and set it again."
                ) from None
            except Exception as error:
                wait = max(pause, _wanted(error))
                log.warning("no updates: %s; again in %s s", describe(error), wait)
                await asyncio.sleep(wait)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def ask(self, newest: int) -> int:
        """Ask once and keep what comes.

        Shape: takes and gives the newest number that is kept here but not yet forgotten there; 0 for none.
        """
        wanted: dict[str, Any] = {"timeout": self._long_poll, "allowed_updates": KINDS}
        if newest:
            wanted["offset"] = newest + 1
        # spelt so that it becomes getUpdates, yet is no method of the library, which would warn of it
        updates = await self._api.do_api_request(
            "get__updates", api_kwargs=wanted, read_timeout=self._long_poll + 5
        )
        updates = [each for each in updates if is_update(each)]
        new = await self._arrive(updates)
        for query in _queries(updates, new):
            self._sender.ack(query)
        return max((each["update_id"] for each in updates), default=0)


def webhook(arrive: Arrive, secret: str) -> Callable[[Request], Awaitable[Response]]:
    """What Telegram calls with one update; it is told "yes" once the update is kept, else it calls again."""

    async def receive(request: Request) -> Response:
        given = request.headers.get("x-telegram-bot-api-secret-token", "")
        if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        update = _parse(body)
        if update is None:
            return Response(status_code=400)
        try:
            new = await arrive([update])
        except Exception as error:
            log.error("an update could not be kept: %s", describe(error))
            return Response(status_code=500)
        for query in _queries([update], new):
            return JSONResponse({"method": "answerCallbackQuery", "callback_query_id": query})
        return Response()

    return receive


async def listen(api: Bot, url: str = "", secret: str = "") -> None:
    """Have Telegram call `url`, or, without one, wait to be asked; what waits there is kept either way.

    Raises: SettingWrong when Telegram does not take the address, or does not answer.
    """
    try:
        if url:
            await api.set_webhook(url, secret_token=secret, allowed_updates=KINDS)
        else:
            await api.delete_webhook()
    except BadRequest as error:
        words = f"{WEBHOOK} is no address Telegram can call: {url}. Telegram says: {error.message}."
        raise SettingWrong(words) from None
    except TelegramError as error:
        words = f"Telegram did not answer ({type(error).__name__}). Look at the network, and start again."
        raise SettingWrong(words) from None


def is_update(each: object) -> bool:
    """Whether this has a number, and so can be kept whatever else is in it."""
    number = each.get("update_id") if isinstance(each, Mapping) else None
    if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**63:
        return True
    log.error("an update without a number was dropped")
    return False


def _queries(updates: list[Json], new: list[int]) -> list[str]:
    """The pressed buttons among new updates, by the id Telegram waits to see answered."""
    queries = [each.get("callback_query") for each in updates if each["update_id"] in new]
    return [str(query["id"]) for query in queries if isinstance(query, Mapping) and "id" in query]


def _wanted(error: Exception) -> float:
    """Units: seconds Telegram told us to wait."""
    if not isinstance(error, RetryAfter):
        return 0.0
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else wait


async def _body(request: Request) -> bytes | None:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return body


def _parse(body: bytes) -> Json | None:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return update if is_update(update) else None
