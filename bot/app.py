"""The only place that builds the parts and joins them."""

import asyncio
import hashlib
import logging
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot import plaintext
from bot.actions import invite, publish, remind, shelf, tell
from bot.actions.answer import SCRIPT, went_back
from bot.actions.desk import Desk, House
from bot.actions.foresee import Foresight
from bot.actions.hear import hear
from bot.checkup import Checkup
from bot.clock import Clock
from bot.dialog.talk import Heard
from bot.errors import KeyMissing, ScriptProblems, SettingWrong
from bot.files import SLOW
from bot.health import Expected, State
from bot.keeper import Keeper
from bot.keys import read_keys
from bot.loops import attempt
from bot.messenger.introduce import introduce
from bot.messenger.quiet import quiet_logs
from bot.messenger.read import read
from bot.messenger.receive import Poller, listen, webhook
from bot.messenger.send import Sender, build_api, meet
from bot.messenger.wire import Make, Wire
from bot.metrics import Metrics
from bot.pace import Limits
from bot.settings import Settings
from bot.store import people, restore, scripts, state
from bot.store.copies import Copies
from bot.store.database import Store, one_at_a_time
from bot.store.erasures import ErasureLog
from bot.store.inside import now
from bot.web import WEBHOOK_PATH, serving, site
from bot.worker import Worker

log = logging.getLogger(__name__)


class App:
    """One running bot.

    Shape: `make` makes the network, which tests do without; `limits` says how fast messages may go.
    Raises: SettingWrong without master keys.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        make: Make = Wire,
        limits: Limits | None = None,
    ) -> None:
        quiet_logs(settings.token)
        self.settings, self.clock = settings, clock or Clock()
        self.store = Store(settings.database, self.clock, read_keys(settings.keys))
        self.api = build_api(settings.token, settings.api, make)
        self.house = House(settings.zone)
        sender, metrics = Sender(self.api, settings.dialogs / "samples", self._script), Metrics()
        self._fetch_file = sender.fetch
        self.worker = Worker(
            self.store,
            read=read,
            hear=self._hear,
            send=sender.send,
            fetch=self._fetch,
            settled=lambda conn, sending, outcome, at: tell.settled(conn, sending, outcome, at, self.house),
            dead_letter=lambda conn, waiting, error, at: tell.dead_letter(
                conn, waiting, error, at, self.house
            ),
            due=lambda conn, at: remind.due(conn, at, self.house),
            limits=limits,
            metrics=metrics,
        )
        self._foresight = Foresight(self.store, self.worker.file)
        self.poller = Poller(self.api, self.store, self.worker.arrive)
        folder = settings.backup_folder
        copies = Copies(settings.database, folder)
        self._checkup = Checkup(lambda: self.store.tx(_look), lambda: self._expected(copies), metrics)
        self.keeper = Keeper(self.store, ErasureLog(folder), copies, settings.zone)
        self._open = AsyncExitStack()

    async def __aenter__(self) -> "App":
        """Open the database and meet Telegram; nothing is answered yet."""
        async with AsyncExitStack() as opening:
            await self.store.open()
            opening.push_async_callback(self.store.close)
            opening.push_async_callback(self.api.shutdown)
            await meet(self.api)
            link = partial(_link, self.api.username)
            self.house = House(self.settings.zone, link, self.worker.file, self._foresight.of)
            await self.store.tx(self._first_scripts)
            await self.store.tx(self._after_restore)
            self._open = opening.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def serve(self) -> None:
        """Answer until cancelled; what is being sent then still arrives."""
        await introduce(self.api)
        if not self.settings.webhook:
            return await self._ask()
        secret = hashlib.sha256(self.settings.token.encode()).hexdigest()
        receive = webhook(self.worker.arrive, secret)
        async with serving(site(self._checkup, receive), self.settings.host, self.settings.port):
            await listen(self.api, self.settings.webhook + WEBHOOK_PATH, secret)
            await self._work(asyncio.Event().wait())
        return None

    async def _ask(self) -> None:
        """Ask Telegram; a port is opened only when one was named: another worker may be on this machine."""
        async with AsyncExitStack() as open_too:
            if self.settings.listens:
                web = serving(site(self._checkup), self.settings.host, self.settings.port)
                await open_too.enter_async_context(web)
            await listen(self.api)
            await self._work(self.poller.run())

    async def first_admin_link(self) -> str:
        """A link that lets the first admin in, once."""
        return self.house.link(await self.store.tx(lambda conn: invite.first_admin(self.desk(conn, "init"))))

    def desk(self, conn: Connection, key: str) -> Desk:
        """What an action needs, for something that is no update."""
        return Desk(conn, self.house, now(conn), key)

    async def _work(self, listening: Any) -> None:
        async with self.keeper:
            await self._until_done(listening)

    async def _until_done(self, listening: Any) -> None:
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

    def _expected(self, copies: Copies) -> Expected:
        backup = copies.newest() if copies.of_a_file else None
        pace = self.worker.limits.a_second
        return Expected(not self.settings.webhook, pace, self.worker.name, self.store.ring.names, backup)

    def _hear(self, conn: Connection, heard: Heard, at: int) -> None:
        hear(Desk(conn, self.house, at, f"u{heard.update}"), heard)

    async def _script(self, number: int) -> str | None:
        """The file of a stored script, for an admin who wants to change it."""
        return await self.store.tx(shelf.file_of, number)

    async def _fetch(self, name: str) -> Any:
        """Get what a turn waits for."""
        return await (self._foresight.find(name) if name.startswith(SLOW) else self._fetch_file(name))

    def _first_scripts(self, conn: Connection) -> None:
        """Publish the scripts and sets of the folder that nothing is published of yet.

        Raises: ScriptProblems when one of them is wrong; SettingWrong when nobody could be asked anything.
        """
        one_at_a_time(conn)
        files = {file.name: plaintext.of_file(file) for file in self.settings.dialogs.glob("*.yaml")}
        found = shelf.check_folder(conn, files)
        new = {name: text for name, text in found if scripts.live(conn, name) is None}
        publish.publish_texts(self.desk(conn, "first"), None, new)
        if scripts.live(conn, SCRIPT) is None:
            raise SettingWrong(
                f"There is no script {SCRIPT} in {self.settings.dialogs}. The bot asks that one."
            )

    def _after_restore(self, conn: Connection) -> None:
        """When an older copy of the database is in use, ask everybody in a talk where they are in it."""
        one_at_a_time(conn)
        for number in restore.to_be_asked(conn):
            if person := people.by_id(conn, number):
                with suppress(KeyMissing), attempt(conn):
                    went_back(self.desk(conn, f"back.{now(conn)}.{number}"), person)


async def republish(app: App, file: Path) -> None:
    """Publish a changed file; when it is broken, say so in the log and change nothing."""
    try:
        text = await asyncio.to_thread(plaintext.of_file, file)
        version = await app.store.tx(
            lambda conn: publish.publish_text(app.desk(conn, "watch"), text, file.name)
        )
    except (ScriptProblems, OSError) as problem:
        log.warning("%s is not used as it is now:\n%s", file.name, problem)
        return
    if version:
        log.warning("%s is live now, as version %s", file.name, version)


def _look(conn: Connection) -> State:
    return state.look(conn, now(conn))


def _link(username: str, token: str) -> str:
    return f"https://t.me/{username}?start={token}"
