"""A light Bot API on this computer: it checks nothing, so that it costs the machine as little as it can."""

import asyncio
import json
import time
from collections import Counter, deque
from itertools import count, islice
from typing import Any
from urllib.parse import parse_qsl

from tests.bench.seat import Seat

Json = dict[str, Any]

ME = {"id": 1000, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
ME |= dict.fromkeys(("can_join_groups", "can_read_all_group_messages", "supports_inline_queries"), False)


class Telegram:
    """What waits for the bot, and what the bot shows to the people in the seats.

    Shape: `elsewhere` are the chats that heard something and are on no seat. `delay` is how much later the
    answer to a call comes; what the call does is seen at once, and updates wait for nothing.
    Units: `delay` in seconds.
    """

    def __init__(self, delay: float = 0.0) -> None:
        self.delay = delay
        self.seats: dict[int, Seat] = {}
        self.calls: Counter[str] = Counter()
        self.elsewhere: set[int] = set()
        self.asked = asyncio.Event()
        self.waiting: deque[tuple[int, Json]] = deque()
        self.numbers = count(1)
        self._updates = count(int(time.time() * 1000))
        self._poll: tuple[Line, asyncio.TimerHandle] | None = None
        self._lines: set[Line] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "Telegram":
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Line(self), "127.0.0.1", 0, backlog=512)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for line in list(self._lines):
            line.close()

    @property
    def root(self) -> str:
        """Its address, without the "/bot" that comes next."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    # ---- to the bot

    def push(self, update: Json) -> None:
        """Somebody did something."""
        number = next(self._updates)
        self.waiting.append((number, {"update_id": number, **update}))
        if self._poll:
            asyncio.get_running_loop().call_soon(self._hand_over)

    def _hand_over(self) -> None:
        if self._poll and self.waiting:
            line, timer = self._poll
            self._poll = None
            timer.cancel()
            line.answer([update for _, update in islice(self.waiting, 100)])

    def poll(self, line: "Line", given: Json) -> None:
        """The bot asks for updates; an offset says which ones it has."""
        while self.waiting and self.waiting[0][0] < int(given.get("offset") or 0):
            self.waiting.popleft()
        wait = float(given.get("timeout") or 0)
        if wait:
            self.asked.set()
        timer = asyncio.get_running_loop().call_later(wait, self._nothing, line)
        self._poll = line, timer
        self._hand_over()

    def _nothing(self, line: "Line") -> None:
        if self._poll and self._poll[0] is line:
            self._poll = None
            line.answer([])

    def gone(self, line: "Line") -> None:
        """A connection was closed."""
        self._lines.discard(line)
        if self._poll and self._poll[0] is line:
            self._poll[1].cancel()
            self._poll = None

    def came(self, line: "Line") -> None:
        """A connection was made."""
        self._lines.add(line)

    # ---- from the bot

    def call(self, method: str, given: Json) -> Any:
        """What the method gives."""
        self.calls[method] += 1
        if method == "getme":
            return ME
        if method not in ("sendmessage", "editmessagetext"):
            return True
        chat, markup = int(given["chat_id"]), given.get("reply_markup") or {}
        markup = json.loads(markup) if isinstance(markup, str) else markup
        is_new = method == "sendmessage"
        number = next(self.numbers) if is_new else int(given["message_id"])
        if seat := self.seats.get(chat):
            seat.sees(number, given["text"], markup, is_new)
        else:
            self.elsewhere.add(chat)
        shown = {"message_id": number, "from": ME, "chat": {"id": chat, "type": "private", "first_name": "P"}}
        shown |= {"date": int(time.time()), "text": given["text"]}
        return shown | ({"reply_markup": markup} if "inline_keyboard" in markup else {})


class Line(asyncio.Protocol):
    """One connection of the bot's, kept alive; one call at a time."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram, self._came = telegram, b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._telegram.came(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._telegram.gone(self)

    def close(self) -> None:
        """Hang up."""
        if self._transport:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._came += data
        while (end := self._came.find(b"\r\n\r\n")) >= 0:
            head = self._came[:end].lower()
            length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            if len(self._came) < end + 4 + length:
                return
            path = self._came[:end].split(b" ", 2)[1].decode()
            body, self._came = self._came[end + 4 : end + 4 + length], self._came[end + 4 + length :]
            self._called(path, b"application/json" in head, body)

    def _called(self, path: str, is_json: bool, body: bytes) -> None:
        path, _, query = path.partition("?")
        method = path.rpartition("/")[2].lower()
        given: Json = (
            json.loads(body) if is_json and body else dict(parse_qsl(body.decode("utf-8", "replace")))
        )
        given |= dict(parse_qsl(query))
        if method == "getupdates":
            return self._telegram.poll(self, given)
        result = self._telegram.call(method, given)
        if self._telegram.delay:
            asyncio.get_running_loop().call_later(self._telegram.delay, self.answer, result)
        else:
            self.answer(result)
        return None

    def answer(self, result: Any) -> None:
        """The end of a call."""
        body = json.dumps({"ok": True, "result": result}).encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        if self._transport and not self._transport.is_closing():
            self._transport.write(head % len(body) + body)
