"""The bot, in processes that can be killed."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

PATIENCE = 30
"""Units: seconds for a bot to start, or to stop when it was asked to."""


class Bot:
    """One life of one worker."""

    def __init__(self, name: str, fuse: str) -> None:
        self.name, self.fuse = name, fuse
        self.pid, self.code = 0, 0
        self.killed = self.asked = False
        self.link = ""
        self.born, self.running, self.ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def kill(self) -> None:
        """No time to say goodbye."""
        await self.born.wait()
        self.killed = True
        self._signal(signal.SIGKILL)
        await self.ended.wait()

    async def end(self) -> int:
        """Ask it to stop; gives its exit code."""
        await asyncio.wait_for(self.running.wait(), PATIENCE)
        self.asked = True
        self._signal(signal.SIGTERM)
        await asyncio.wait_for(self.ended.wait(), PATIENCE)
        return self.code

    async def freeze(self, seconds: float) -> None:
        """Let it stand still for so long."""
        await self.born.wait()
        self._signal(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        if not self.ended.is_set():
            with suppress(ProcessLookupError):  # it has ended just now
                os.kill(self.pid, number)

    def hear(self, news: Mapping[str, Any]) -> None:
        """Something has become of it."""
        self.pid = news.get("pid", self.pid)
        self.link = news.get("link", self.link)
        if "pid" in news:
            self.born.set()
        if "running" in news:
            self.running.set()
        if "code" in news:
            self.code = news["code"]
            self.running.set()
            self.ended.set()


class Bots:
    """Starts bots, each from the same settings.

    Shape: `log` is where all of them write what they have to say.
    """

    def __init__(self, environment: Mapping[str, str], log: Path, webhook: str = "") -> None:
        self.environment, self.log, self.webhook = dict(environment), log, webhook
        self._lives: dict[str, Bot] = {}
        self._process: Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._count = 0

    async def __aenter__(self) -> "Bots":
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.kill.stable",
                stdin=PIPE,
                stdout=PIPE,
                stderr=log,
                start_new_session=True,
            )
        self._reader = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process and self._process.stdin and self._reader
        self._process.stdin.close()
        await self._process.wait()
        await self._reader

    def start(self, fuse: str = "", *, init: bool = False) -> Bot:
        """One more worker; `fuse` makes it die at a point."""
        assert self._process and self._process.stdin
        self._count += 1
        bot = Bot(f"w{self._count}", fuse)
        self._lives[bot.name] = bot
        order = {
            "name": bot.name,
            "environment": self.environment,
            "webhook": self.webhook,
            "log": str(self.log),
            "fuse": fuse,
            "init": init,
        }
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        return bot

    async def first_admin(self) -> str:
        """The token of `beforehand init`'s link."""
        bot = self.start(init=True)
        await asyncio.wait_for(bot.ended.wait(), PATIENCE)
        return bot.link.partition("?start=")[2]

    def last_words(self, count: int = 40) -> str:
        """The end of what they wrote."""
        lines = self.log.read_text("utf-8", errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-count:])

    async def _listen(self) -> None:
        assert self._process and self._process.stdout
        async for line in self._process.stdout:
            news = json.loads(line)
            self._lives[news["name"]].hear(news)
            if "code" in news:
                del self._lives[news["name"]]
