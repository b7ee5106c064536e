"""A server that answers calls just as a test wants it to."""

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

DATE = 1_741_000_000
SHOWN = {"message_id": 42, "date": DATE, "chat": {"id": 101, "type": "private"}, "text": "x"}
SOON = 0.15
"""Units: seconds an answer may take where none comes; where one comes it may take as long as it likes."""

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def http(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", "")
    return "\r\n".join(lines).encode() + body


def ok(result: Any) -> bytes:
    return http(json.dumps({"ok": True, "result": result}).encode())


def refusal(status: str, words: str, **parameters: Any) -> bytes:
    told = {"ok": False, "error_code": int(status[:3]), "description": words, "parameters": parameters}
    return http(json.dumps(told).encode(), status)


class Telegram:
    """A server that answers as it is told to, down to the last byte, and remembers what it was asked.

    Shape: `answer` is given the streams once a whole request was read, and may leave the connection open.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.connections = 0
        self.answer: Callable[[*Streams], Awaitable[None]] = says(ok(SHOWN))
        self.port = 0
        self._open: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot"

    @asynccontextmanager
    async def listening(self, lock: ssl.SSLContext | None = None) -> AsyncIterator["Telegram"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=lock)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in self._open:
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(asyncio.current_task())  # type: ignore[arg-type]
        self.connections += 1
        try:
            while not writer.is_closing():
                self.asked.append(await _request(reader))
                await self.answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


async def _request(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    body = b""
    if headers.get("transfer-encoding") == "chunked":
        while size := int(await reader.readline(), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
    return head[0], headers, body + await reader.readexactly(int(headers.get("content-length", 0)))


def says(answer: bytes) -> Callable[[*Streams], Awaitable[None]]:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    return say


async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def resets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    linger = b"\1\0\0\0\0\0\0\0"  # on, for no time: closing it throws away what is on its way
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


async def says_half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(ok(SHOWN)[:-5])
    writer.close()


async def says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def stops_in_a_header(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Le")
    await reader.read()


async def drips(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while not writer.is_closing():
        writer.write(b"X-More: and more\r\n")
        await asyncio.sleep(SOON / 5)


async def asked(telegram: Telegram) -> None:
    """Wait until it was asked something."""
    while not telegram.asked:  # noqa: ASYNC110 - there is no event for it
        await asyncio.sleep(0.01)


CUT = [hangs_up, resets, says_half]
