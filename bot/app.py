"""The only place that builds the parts and joins them."""

import asyncio
import hashlib
import logging
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Connection

from bot.actions import invite, publish, remind, tell
from bot.actions.answer import SCRIPT
from bot.actions.desk import Desk, House
from bot.actions.hear import hear
from bot.clock import Clock
from bot.dialog.check import read as parse
from bot.dialog.talk import Heard
from bot.errors import Problem, ScriptProblems, SettingWrong
from bot.messenger.introduce import introduce
from bot.messenger.quiet import quiet_logs
from bot.messenger.read import read
from bot.messenger.receive import Poller, listen, webhook
from bot.messenger.send import Sender, build_api, meet
from bot.pace import Pace
from bot.settings import Settings
from bot.store import scripts
from bot.store.database import Store
from bot.web import WEBHOOK_PATH, serving, site
from bot.worker import Worker

log = logging.getLogger(__name__)


class App:
    """One running bot.

    Shape: `transport` takes the place of the network in tests; `pace` says how fast messages may go.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        pace: Pace | None = None,
    ) -> None:
        quiet_logs(settings.token)
        self.settings, self.clock = settings, clock or Clock()
        self.store = Store(settings.database, self.clock)
        self.api = build_api(settings.token, settings.api, transport)
        self.house = House(settings.zone)
        sender = Sender(self.api)
        self.worker = Worker(
            self.store,
            self.clock,
            read=read,
            hear=self._hear,
            send=sender.send,
            fetch=sender.fetch,
            settled=lambda conn, sending, outcome, now: tell.settled(conn, sending, outcome, now, self.house),
            dead_letter=lambda conn, waiting, error, now: tell.dead_letter(
                conn, waiting, error, now, self.house
            ),
            due=lambda conn, now: remind.due(conn, now, self.house),
            pace=pace,
        )
        self.poller = Poller(self.api, self.store, self.clock, self.worker.wake)
        self._open = AsyncExitStack()

    async def __aenter__(self) -> "App":
        """Open the database and meet Telegram; nothing is answered yet."""
        async with AsyncExitStack() as opening:
            await self.store.open()
            opening.push_async_callback(self.store.close)
            await meet(self.api)
            opening.push_async_callback(self.api.shutdown)
            self.house = House(self.settings.zone, partial(_link, self.api.username), self.worker.file)
            await self.store.tx(self._first_scripts)
            self._open = opening.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def serve(self) -> None:
        """Answer until cancelled; what is being sent then still arrives."""
        await introduce(self.api)
        if not self.settings.webhook:
            await listen(self.api)
            return await self._work(self.poller.run())
        secret = hashlib.sha256(self.settings.token.encode()).hexdigest()
        receive = webhook(self.store, self.clock, self.worker.wake, secret)
        async with serving(site(receive), self.settings.host, self.settings.port):
            await listen(self.api, self.settings.webhook + WEBHOOK_PATH, secret)
            await self._work(asyncio.Event().wait())
        return None

    async def first_admin_link(self) -> str:
        """A link that lets the first admin in, once."""
        return self.house.link(await self.store.tx(lambda conn: invite.first_admin(self.desk(conn, "init"))))

    def desk(self, conn: Connection, key: str) -> Desk:
        """What an action needs, for something that is no update."""
        return Desk(conn, self.house, self.clock.now(), key)

    async def _work(self, listening: Any) -> None:
        tasks = [asyncio.ensure_future(self.worker.run()), asyncio.ensure_future(listening)]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            tasks[1].cancel()
            await self.worker.stop()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task

    def _hear(self, conn: Connection, heard: Heard, now: int) -> None:
        hear(Desk(conn, self.house, now, f"u{heard.update}"), heard)

    def _first_scripts(self, conn: Connection) -> None:
        """Publish the scripts of the folder that nothing is published of yet.

        Raises: SettingWrong when nobody could be asked anything then.
        """
        for file in sorted(self.settings.dialogs.glob("*.yaml")):
            text = text_of(file)
            if scripts.live(conn, parse(text, file.name).id) is None:
                publish.publish_text(self.desk(conn, "first"), text, file.name)
        if scripts.live(conn, SCRIPT) is None:
            raise SettingWrong(
                f"There is no script {SCRIPT} in {self.settings.dialogs}. The bot asks that one."
            )


def text_of(file: Path) -> str:
    """The words of a script file.

    Raises: ScriptProblems when it is not text.
    """
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ScriptProblems(file.name, [Problem(0, 0, "D101", "This is not a text file.")]) from None


async def republish(app: App, file: Path) -> None:
    """Publish a changed file; when it is broken, say so in the log and change nothing."""
    try:
        text = await asyncio.to_thread(text_of, file)
        version = await app.store.tx(
            lambda conn: publish.publish_text(app.desk(conn, "watch"), text, file.name)
        )
    except (ScriptProblems, OSError) as problem:
        log.warning("%s is not used as it is now:\n%s", file.name, problem)
        return
    if version:
        log.warning("%s is live now, as version %s", file.name, version)


def _link(username: str, token: str) -> str:
    return f"https://t.me/{username}?start={token}"
