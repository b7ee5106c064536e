"""Calls over connections that are kept open, as little as that takes: JSON out, and the answer whole.

Measured: aiohttp takes a fifth of all the processor time of a turn for this. It still does all that is less
plain: files, downloads, proxies.
"""

import asyncio
import base64
import socket
import ssl
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from urllib.parse import quote, unquote, urlsplit

import httptools
from aiohappyeyeballs import start_connection

IDLE = 15.0
"""Units: seconds. A connection nobody spoke on for longer is not used: routers forget it without a word."""

OTHER_FAMILY = 0.25
"""Units: seconds. Where IPv6 leads nowhere, IPv4 is tried after this long."""

Answer = tuple[int, bytes]


class NotReached(Exception):
    """The call never began, so certainly nothing has arrived; why is said by a name, or by the cause."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a call goes.

    Shape: `head` is how its request begins, up to the length of its body.
    """

    host: str
    port: int
    is_locked: bool
    head: bytes


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each part of a call may take; None for as long as it likes.

    Units: seconds: `room` until there is a connection for it, `connect` until a new one stands, `answer`
    until all of the answer is here.
    """

    room: float | None
    connect: float | None
    answer: float | None


class Line(asyncio.Protocol):
    """One connection, and at most one call on it."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._body: list[bytes] = []
        self._quiet_since = 0.0
        self._has_length = self._ends_with_it = False
        self.gone = asyncio.Event()

    def is_good(self, now: float) -> bool:
        """Whether another call may go over it."""
        is_open = self._transport is not None and not self._transport.is_closing()
        return is_open and self._answer is None and now - self._quiet_since < IDLE

    def ask(self, request: bytes) -> "asyncio.Future[Answer]":
        """Send a request; what this gives is its answer."""
        assert self._transport is not None and self._answer is None, "one call at a time"
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def close(self) -> None:
        """Hang up, whatever is on its way."""
        if self._transport is not None:
            self._transport.abort()

    # ---- what asyncio says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # that of uvloop is no child of it
        self._quiet_since = asyncio.get_running_loop().time()

    def data_received(self, data: bytes) -> None:
        if self._answer is None:
            return self.close()  # nobody has asked
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._end(error)
            self.close()
        return None

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is None and self._ends_with_it:
            self.on_message_complete()
        self._end(exc or ConnectionAbortedError())
        self.gone.set()

    # ---- what httptools says

    def on_message_begin(self) -> None:
        """An answer begins; one that nobody waits for would be taken for that of the next call."""
        self._has_length = self._ends_with_it = False
        if self._answer is None:
            self.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        """What is said about the answer."""
        self._has_length |= name.lower() in (b"content-length", b"transfer-encoding")

    def on_headers_complete(self) -> None:
        """The answer itself comes next; when nobody said how long it is, it ends with the connection."""
        self._ends_with_it = not self._has_length

    def on_body(self, body: bytes) -> None:
        """A part of the answer."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """The answer is whole."""
        status, body, self._body = self._parser.get_status_code(), b"".join(self._body), []
        self._ends_with_it = False
        if status < 200:
            return  # only that an answer will come
        if not self._parser.should_keep_alive():
            self.close()
        self._quiet_since = asyncio.get_running_loop().time()
        self._end((status, body))

    def _end(self, how: Answer | Exception) -> None:
        answer, self._answer = self._answer, None
        if answer is None or answer.done():
            return
        if isinstance(how, Exception):
            answer.set_exception(how)
        else:
            answer.set_result(how)


class Lines:
    """All connections; the one used last is used first.

    Shape: at most so many at a time.
    """

    def __init__(self, most: int, trusted: ssl.SSLContext, agent: str) -> None:
        self._room = asyncio.Semaphore(most)
        self._trusted, self._agent = trusted, agent
        self._free: dict[tuple[str, int, bool], list[Line]] = defaultdict(list)
        self._busy: set[Line] = set()
        self._is_closed = False

    async def call(self, url: str, body: bytes, patience: Patience) -> Answer:
        """Post JSON, and give the status and body of what is answered.

        Raises: NotReached; any other error leaves it open whether the call has arrived.
        """
        try:
            to = _address(url, self._agent)
            async with asyncio.timeout(patience.room):
                await self._room.acquire()
        except (ValueError, TimeoutError) as error:
            raise NotReached from error
        try:
            line = self._kept(to) or await self._opened(to, patience.connect)
            self._busy.add(line)
            try:
                async with asyncio.timeout(patience.answer):
                    return await line.ask(b"%b%d\r\n\r\n%b" % (to.head, len(body), body))
            finally:
                self._busy.discard(line)
                self._keep(to, line)
        finally:
            self._room.release()

    async def close(self) -> None:
        """Hang up everywhere, for good."""
        self._is_closed = True
        lines = [*self._busy, *(line for lines in self._free.values() for line in lines)]
        self._free.clear()
        for line in lines:
            line.close()
        for line in lines:
            await line.gone.wait()

    def _kept(self, to: Address) -> Line | None:
        """A connection that is there already."""
        free, now = self._free[to.host, to.port, to.is_locked], asyncio.get_running_loop().time()
        while free:
            line = free.pop()
            if line.is_good(now):
                return line
            line.close()
        return None

    async def _opened(self, to: Address, within: float | None) -> Line:
        """A new connection.

        Raises: NotReached.
        """
        loop = asyncio.get_running_loop()
        lock, name = (self._trusted, to.host) if to.is_locked else (None, None)
        try:
            async with asyncio.timeout(within):
                found = await loop.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM)
                way = await start_connection(found, happy_eyeballs_delay=OTHER_FAMILY, interleave=1)
                _, line = await loop.create_connection(Line, sock=way, ssl=lock, server_hostname=name)
        except (OSError, ValueError, RuntimeError) as error:  # a timeout and all of TLS are an OSError, too
            raise NotReached from error
        if self._is_closed or not line.is_good(loop.time()):
            line.close()
            raise NotReached
        return line

    def _keep(self, to: Address, line: Line) -> None:
        """For the next call, when this one is over and done with."""
        if line.is_good(asyncio.get_running_loop().time()):
            self._free[to.host, to.port, to.is_locked].append(line)
        else:
            line.close()


@lru_cache(maxsize=64)
def _address(url: str, agent: str) -> Address:
    """What an address says.

    Raises: ValueError when it is none.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("no address")
    is_locked = parts.scheme == "https"
    who, _, where = parts.netloc.rpartition("@")
    word = base64.b64encode(unquote(who).encode()).decode()
    lines = (
        f"POST {quote(parts.path, safe='/:@%')} HTTP/1.1",
        f"Host: {where.encode('idna').decode()}",
        *([f"Authorization: Basic {word}"] if who else []),
        f"User-Agent: {agent}",
        "Content-Type: application/json",
        "Content-Length: ",
    )
    return Address(
        parts.hostname, parts.port or (443 if is_locked else 80), is_locked, "\r\n".join(lines).encode()
    )
