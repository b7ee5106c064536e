"""The process the bots are forked from: it has everything loaded, so that a start takes a moment.

It takes orders on its standard input and tells news on its standard output, each a line of JSON.
"""

import asyncio
import contextlib
import json
import os
import select
import signal
import ssl
import sys
import tempfile
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import uvloop  # noqa: F401 - loaded here, so that no bot has to

from bot.app import App
from bot.commands import running
from bot.messenger.line import Answer, Lines, Patience
from bot.messenger.send import Sender
from bot.messenger.wire import MOST_AT_ONCE, Wire
from bot.settings import Settings
from bot.store.letters import Outcome, Sending
from tests.kill import haste
from tests.kill.points import Fuse
from tests.ring import key_file

ABOUT = "X-Request-ID"
_about: ContextVar[str] = ContextVar("about", default="")

Order = dict[str, Any]
"""`name`, `environment` with the settings, `webhook`, `log`, `fuse` (a point and a number), `init`."""


def main() -> None:
    """Take orders until nobody gives any more; no bot outlives that."""
    asyncio.run(_warm_up())
    wake, woken = os.pipe()
    for end in (wake, woken):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, _look_up)
    signal.set_wakeup_fd(woken)
    bots: dict[int, str] = {}
    orders = b""
    while True:
        ready, _, _ = select.select([0, wake], [], [])
        if wake in ready:
            os.read(wake, 4096)
            _bury(bots)
        if 0 in ready:
            read = os.read(0, 1 << 16)
            if not read:
                break
            *lines, orders = (orders + read).split(b"\n")
            for line in lines:
                order = json.loads(line)
                pid = os.fork()
                if pid == 0:
                    _live(order)
                bots[pid] = order["name"]
                _news({"name": order["name"], "pid": pid})
    for pid in bots:
        os.kill(pid, signal.SIGKILL)


async def _warm_up() -> None:
    """Load and read what every start needs; nothing of it runs any more when the first bot is forked."""
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(token="1:WARM-UP", database="sqlite://", keys=key_file(Path(name)), backups=name)
        app = App(settings)
        await app.store.open()
        await app.store.close()
        await app.api.request.initialize()
        await app.api.request.shutdown()


def _look_up(number: int, frame: FrameType | None) -> None:
    """A bot has ended: the pipe wakes the loop."""


def _bury(bots: dict[int, str]) -> None:
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            _news({"name": bots.pop(ended[0]), "code": os.waitstatus_to_exitcode(ended[1])})


def _news(what: dict[str, Any]) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


def _live(order: Order) -> None:
    """Be a bot, to the end."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.dup2(log, 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        haste.hurry()
        _mark_messages()
        if order["fuse"]:
            Fuse(order["fuse"]).lay()
        os.environ.update(order["environment"])
        running.run(_init(order) if order["init"] else _serve(order))
        code = 0
    except BaseException as error:
        print(f"{order['name']} ended with {error!r}", file=sys.stderr)
    finally:
        sys.stderr.flush()
        os._exit(code)


def _app(order: Order) -> App:
    settings = replace(running.settings(with_token=True), webhook=order["webhook"])
    return App(settings, make=_Marking, limits=haste.LIMITS)


async def _serve(order: Order) -> None:
    """As `beforehand run`."""
    async with _app(order) as app:
        _news({"name": order["name"], "running": True})
        await app.serve()


async def _init(order: Order) -> None:
    """As `beforehand init`."""
    async with _app(order) as app:
        _news({"name": order["name"], "link": await app.first_admin_link()})


class _Session:
    """A session that says which message of the outbox each call is about."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def request(self, method: str, url: str, headers: dict[str, str] | None = None, **how: Any) -> Any:
        marked = {**(headers or {}), ABOUT: _about.get()}
        return self._session.request(method, url, headers=marked, **how)

    async def close(self) -> None:
        await self._session.close()


class _Lines(Lines):
    """The same for plain calls."""

    async def call(self, url: str, body: bytes, patience: Patience) -> Answer:
        """Post JSON."""
        self._agent = f"a bot in haste\r\n{ABOUT}: {_about.get()}"  # read before anything is waited for
        return await super().call(url, body, patience)


class _Marking(Wire):
    """The network of a bot in haste, which marks its calls."""

    def __init__(self) -> None:
        super().__init__(haste.READ_TIMEOUT)

    async def initialize(self) -> None:
        """Be ready for calls."""
        await super().initialize()
        if not isinstance(self._session, _Session):
            self._session = _Session(self._session)  # type: ignore[assignment]
            self._lines = _Lines(MOST_AT_ONCE, ssl.create_default_context(), "")


def _mark_messages() -> None:
    plain = Sender.send

    async def send(sender: Sender, sending: Sending) -> Outcome:
        _about.set(str(sending.id))
        return await plain(sender, sending)

    setattr(Sender, "send", send)  # noqa: B010


if __name__ == "__main__":
    main()
