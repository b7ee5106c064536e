"""The Bot API over HTTP: token, fields, faults on request, errors in Telegram's shape."""

import asyncio
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.sandbox.api import DELIVERING, METHODS
from bot.sandbox.fields import Fields, Upload, read_fields
from bot.sandbox.network import Call, Network
from bot.sandbox.refused import Refused, bad
from bot.sandbox.webhook import Webhook


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to go wrong with one call, for tests.

    Shape: `before` answers this status and delivers nothing; `after` delivers first and then fails, with
    that status or 502; `retry_after` answers 429; `cut` drops the connection instead of answering.
    Units: `delay` and `retry_after` in seconds; the answer waits so long.
    """

    before: int | None = None
    after: bool = False
    retry_after: int | None = None
    delay: float = 0.0
    cut: bool = False


Faults = Callable[[str, Fields], Fault | None]


class Cut(Response):
    """An answer that breaks off in the middle."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Begin to answer, then fail: over HTTP the server drops the connection, in-process httpx raises."""
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        raise httpx.RemoteProtocolError("the connection was cut on purpose")


class BotApi:
    """Serves `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, network: Network, token: str) -> None:
        self.network, self.token = network, token
        self.webhook = Webhook(network.updates, network.bell)
        self.faults: Faults | None = None
        self.routes = [
            Route("/bot{token}/{method}", self.call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self.download),
        ]

    def _is_ours(self, request: Request) -> bool:
        return secrets.compare_digest(request.path_params["token"].encode(), self.token.encode())

    async def download(self, request: Request) -> Response:
        """A file the bot asked for."""
        file = self.network.files.at(request.path_params["path"]) if self._is_ours(request) else None
        if file is None:
            return _no(Refused("Not Found", status=404))
        return Response(file.data, media_type=file.mime)

    async def call(self, request: Request) -> Response:
        """One call of the bot."""
        if not self._is_ours(request):
            return _no(Refused("Unauthorized", status=401))
        method = request.path_params["method"]
        try:
            if method not in METHODS and method not in self._own():
                raise Refused("Not Found: method not found", status=404)
            fields = await _read(method, request)
            return await self._answer(method, fields, request.headers.get("x-request-id", ""))
        except Refused as refusal:
            self.network.refused(method, refusal)
            return _no(refusal)

    def _own(self) -> dict[str, Callable[[Fields], Any]]:
        return {
            "setWebhook": self.webhook.set,
            "deleteWebhook": self.webhook.delete,
            "getWebhookInfo": lambda fields: self.webhook.info(),
            "getUpdates": self._updates,
        }

    async def _answer(self, method: str, fields: Fields, request: str) -> Response:
        own = self._own().get(method)
        if own is None:
            return await self._with_faults(method, fields, request)
        result = own(fields)
        return _yes(await result if asyncio.iscoroutine(result) else result)

    async def _updates(self, fields: Fields) -> Any:
        if fields.get("allowed_updates") is not None:
            self.network.updates.allowed = fields["allowed_updates"]
        offset, limit = fields.get("offset", 0), fields.get("limit", 100)
        return await self.network.updates.ask(offset, limit, fields.get("timeout", 0))

    async def _with_faults(self, method: str, fields: Fields, request: str) -> Response:
        fault = self.faults(method, fields) if self.faults and method in DELIVERING else None
        if fault is None:
            return _yes(self._do(method, fields, request))
        if fault.after:
            self._do(method, fields, request)
        await asyncio.sleep(fault.delay)
        if fault.cut:
            return Cut()
        _fail(fault)
        return _yes(self._do(method, fields, request))

    def _do(self, method: str, fields: Fields, request: str) -> Any:
        net = self.network
        with net.lock:
            result = METHODS[method](net, fields)
            sent = result.get("message_id") if isinstance(result, dict) else fields.get("message_id")
            net.ledger.append(Call(net.now(), method, fields.get("chat_id"), fields, sent, request))
        net.bell.ring()
        return result


def _fail(fault: Fault) -> None:
    if fault.retry_after is not None:
        words = f"Too Many Requests: retry after {fault.retry_after}"
        raise Refused(words, status=429, breach=False, retry_after=fault.retry_after)
    status = 502 if fault.after and fault.before is None else fault.before
    if status:
        raise Refused(
            "Bad Gateway" if status == 502 else "Internal Server Error", status=status, breach=False
        )


async def _read(method: str, request: Request) -> Fields:
    given: dict[str, Any] = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        given |= await _json(request)
    elif request.method == "POST":
        given |= await _form(request)
    return read_fields(method, given)


async def _form(request: Request) -> dict[str, Any]:
    async with request.form() as form:
        return {name: await _read_up(value) for name, value in form.items()}


async def _read_up(value: UploadFile | str) -> Upload | str:
    return value if isinstance(value, str) else Upload(value.filename or "", await value.read())


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body() or b"{}")
    except json.JSONDecodeError:
        raise bad("can't parse JSON object") from None
    if not isinstance(body, dict):
        raise bad("object expected as request body")
    return body


def _yes(result: Any) -> Response:
    return JSONResponse({"ok": True, "result": result})


def _no(refusal: Refused) -> Response:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    if refusal.retry_after is not None:
        body["parameters"] = {"retry_after": refusal.retry_after}
    return JSONResponse(body, refusal.status)
