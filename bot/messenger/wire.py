"""The HTTP under python-telegram-bot, at a fraction of what the library's own costs a message."""

import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import certifi
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.messenger.line import Lines, NotReached, Patience

READ_TIMEOUT = 15.0
"""Units: seconds. The library's 5 are short: every answer that comes too late puts a message in doubt."""

CONNECT_TIMEOUT, WRITE_TIMEOUT, POOL_TIMEOUT = 5.0, 5.0, 15.0
"""Units: seconds. The pool is all connections; when every one is busy, a call waits for the next."""

MOST_AT_ONCE = 64
"""How many connections there may be: at 50 ms a call forty times what Telegram lets one bot send."""

Make = Callable[[], BaseRequest]
_Seconds = float | None
_Limits = tuple[_Seconds, _Seconds, _Seconds, _Seconds]
_DEFAULT: Any = BaseRequest.DEFAULT_NONE


class Trouble(Exception):
    """What went wrong, by its name only: the words of aiohttp may hold the address, and that the token."""


_BEFORE_SENDING = (
    aiohttp.ClientConnectorError,  # refused, no such name, no TLS
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a call without files says: as much of the library's RequestData as a Wire reads."""

    parameters: dict[str, Any]
    contains_files: bool = False

    @classmethod
    def as_data(cls, words: dict[str, Any]) -> RequestData:
        """These words for a call. The library's own, made of an object for each, take ten times as long."""
        return cast("RequestData", cls(words))


class Wire(BaseRequest):
    """Calls over connections that are kept open.

    Shape: `initialize` before the first call. Nothing but a download is ever sent twice: aiohttp tries again
    only what is no POST, and a redirect is not followed.
    Raises: TimedOut or NetworkError, whose cause is NotReached or Trouble.
    """

    def __init__(self, read_timeout: float = READ_TIMEOUT) -> None:
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None
        self._lines: Lines | None = None
        self._proxy = cache(_proxy)  # looking takes longer than sending

    @property
    def read_timeout(self) -> _Seconds:
        """How long an answer may take.

        Units: seconds.
        """
        return self._read_timeout

    async def initialize(self) -> None:
        """Be ready for calls."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=MOST_AT_ONCE, ssl=_trusted()),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )
            self._lines = Lines(MOST_AT_ONCE, _trusted(), self.USER_AGENT)

    async def shutdown(self) -> None:
        """Close every connection."""
        session, lines, self._session, self._lines = self._session, self._lines, None, None
        if session and lines:
            try:
                await lines.close()
            finally:
                await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = _DEFAULT,
        write_timeout: Any = _DEFAULT,
        connect_timeout: Any = _DEFAULT,
        pool_timeout: Any = _DEFAULT,
    ) -> tuple[int, bytes]:
        """One call, and the status and body of its answer."""
        limits = (
            self._read_timeout if read_timeout is _DEFAULT else read_timeout,
            WRITE_TIMEOUT if write_timeout is _DEFAULT else write_timeout,
            CONNECT_TIMEOUT if connect_timeout is _DEFAULT else connect_timeout,
            POOL_TIMEOUT if pool_timeout is _DEFAULT else pool_timeout,
        )
        try:
            return await self._ask(url, method, request_data, limits)
        except Exception as error:  # any: the library would say all its words, and so perhaps the token
            trouble = _named(error)
        raise trouble  # out here the words are not even its context

    async def _ask(
        self, url: str, method: str, data: RequestData | None, limits: _Limits
    ) -> tuple[int, bytes]:
        if self._session is None or self._lines is None:
            raise NotReached
        proxy = self._proxy(url[: url.find("/", len("https://"))])
        body = _body(data) if data else None
        if isinstance(body, bytes) and not proxy:
            return await self._lines.call(url, body, _patience(*limits))
        kind = {"Content-Type": "application/json"} if isinstance(body, bytes) else None
        async with self._session.request(
            method,
            url,
            data=body,
            headers=kind,
            timeout=_timeout(*limits),
            proxy=proxy,
            allow_redirects=False,
        ) as answer:
            return answer.status, await answer.read()


def _named(error: Exception) -> NetworkError:
    was_before = isinstance(error, (NotReached, *_BEFORE_SENDING))
    if isinstance(error, NotReached):
        error = error.__cause__ if isinstance(error.__cause__, Exception) else error
    name = type(error).__name__
    trouble = TimedOut(name) if isinstance(error, TimeoutError) else NetworkError(name)
    trouble.__cause__ = NotReached(name) if was_before else Trouble(name)
    return trouble


def _body(data: RequestData) -> bytes | aiohttp.FormData:
    """JSON when it can be; `json_payload` makes a keyboard JSON twice over, and takes three times as long."""
    if not data.contains_files:
        return json.dumps(data.parameters).encode()
    form = aiohttp.FormData()
    for name, words in data.json_parameters.items():
        form.add_field(name, words)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


@cache
def _patience(read: _Seconds, write: _Seconds, connect: _Seconds, pool: _Seconds) -> Patience:
    return Patience(pool, connect, None if write is None or read is None else write + read)


@cache
def _timeout(read: _Seconds, write: _Seconds, connect: _Seconds, pool: _Seconds) -> aiohttp.ClientTimeout:
    """All in all no longer than these together, even when an answer comes byte by byte."""
    reach = None if pool is None or connect is None else pool + connect
    whole = None if reach is None or write is None or read is None else reach + write + read
    return aiohttp.ClientTimeout(total=whole, connect=reach, sock_connect=connect, sock_read=read)


@cache
def _trusted() -> ssl.SSLContext:
    """Whom to believe that they are Telegram: the machine's certificates, or certifi's if it has none."""
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"]:
        context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context


def _proxy(origin: str) -> str | None:
    """The proxy the environment names for this address; aiohttp would look in a thread, at each call."""
    address = urlsplit(origin)
    if proxy_bypass(address.hostname or ""):
        return None
    proxies = getproxies()
    found = proxies.get(address.scheme) or proxies.get("all")
    return found if not found or "://" in found else f"http://{found}"
