"""The bot on this computer, with three phones in a browser page and a clock that can be moved."""

import asyncio
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.actions import invite
from bot.app import App, republish
from bot.clock import Clock, moment
from bot.i18n import date_in_words
from bot.keys import new_key
from bot.pace import UNHURRIED
from bot.people import Person, Role
from bot.sandbox import Phone, Sandbox
from bot.settings import Settings
from bot.store import boxes, dates, people
from bot.store.inside import now
from bot.store.tables import metadata
from bot.web import serving

TOKEN = "1000:TRY-OUT"  # known only to the small Bot API beside it
ANN = Phone("ann", "Ann", "Getting ready for her talk", 101)
RAVI = Phone("ravi", "Ravi", "Key contact", 102)
GIL = Phone("gil", "Gil", "Admin", 103)


class TryOut:
    """The sandbox and the bot, joined."""

    def __init__(self, settings: Settings, folder: Path, port: int, others: tuple[Phone, ...] = ()) -> None:
        self.port, self.clock = port, Clock()
        self.sandbox = Sandbox(
            (ANN, RAVI, GIL, *others),
            token=TOKEN,
            now=self.clock.moment,
            zone=ZoneInfo(settings.zone),
            jump=self.jump,
            restart=self.restart,
        )
        here = replace(
            settings,
            token=TOKEN,
            database=f"sqlite:///{folder}/try.db",
            keys=folder / "try.keys",
            webhook="",
            listens=False,
            api=f"http://127.0.0.1:{port}/bot",
        )
        here.keys.write_text(new_key())
        self.app = App(here, self.clock, limits=UNHURRIED)

    async def run(self, ready: asyncio.Event | None = None) -> None:
        """Serve the page and the bot until cancelled."""
        async with serving(self.sandbox.app, "127.0.0.1", self.port):
            try:
                async with self.app:
                    await self._run(ready)
            finally:
                self.sandbox.close()

    async def jump(self) -> str:
        """Move the bot's clock to the next reminder, and say what time it is then."""
        due = await self.app.store.tx(dates.next_due)
        if due is None:
            return "No reminder is waiting. Ravi can set a date, or Ann can leave her talk unfinished."
        self.clock.jump(due)
        await self.app.worker.idle()
        zone = self.app.settings.zone
        return f"It is now {date_in_words(moment(self.clock.now()), zone, 'en')}."

    async def restart(self) -> None:
        """Forget everyone and begin anew; the scripts stay."""
        await self.app.store.tx(_wipe)
        self.clock.back_to_now()
        await self.app.store.tx(lambda conn: boxes.hurry(conn, now(conn)))  # what waits for a later time
        await self.seed()

    async def seed(self) -> None:
        """Gil starts as the first admin, invites Ravi, and Ravi invites Ann: her Start button is ready."""
        store, desk = self.app.store, self.app.desk
        token = await store.tx(lambda conn: invite.first_admin(desk(conn, "seed")))
        await self._start(GIL, token)
        token = await store.tx(
            lambda conn: invite.token_for(desk(conn, "seed"), _at(conn, GIL), Role.KEY_CONTACT)
        )
        await self._start(RAVI, token)
        token = await store.tx(
            lambda conn: invite.token_for(desk(conn, "seed"), _at(conn, RAVI), Role.PERSON)
        )
        self.sandbox.start_with(ANN.key, token)

    async def _start(self, phone: Phone, token: str) -> None:
        self.sandbox.start_with(phone.key, token)
        self.sandbox.press_start(phone.key)
        await self.sandbox.until(lambda: any(not shown.mine for shown in self.sandbox.screen(phone.key)))

    async def _run(self, ready: asyncio.Event | None) -> None:
        tasks = [asyncio.create_task(self.app.serve()), asyncio.create_task(self._watch())]
        try:
            await self.seed()
            if ready:
                ready.set()
            await tasks[0]
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def _watch(self) -> None:
        """Use a changed script a second later."""
        seen = _changed(self.app.settings.dialogs)
        while True:
            await asyncio.sleep(0.5)
            now = _changed(self.app.settings.dialogs)
            for file in sorted(file for file, at in now.items() if seen.get(file) != at):
                await republish(self.app, file)
            seen = now


async def try_out(settings: Settings, port: int) -> None:
    """Run the try-out until it is stopped; everything is forgotten then."""
    with tempfile.TemporaryDirectory(prefix="beforehand-") as folder:
        out = TryOut(settings, Path(folder), port)
        ready = asyncio.Event()
        task = asyncio.create_task(out.run(ready))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not task.done():
            _announce(port)
        await task


def _announce(port: int) -> None:
    print(f"Open this page: http://127.0.0.1:{port}/", flush=True)  # noqa: T201
    print("Press Ctrl+C to stop. Nothing is kept.", flush=True)  # noqa: T201


def _at(conn: Connection, phone: Phone) -> Person:
    person = people.by_chat(conn, phone.chat_id)
    assert person is not None, f"{phone.name} has not started"
    return person


def _wipe(conn: Connection) -> None:
    for table in reversed(metadata.sorted_tables):
        if table.name not in ("scripts", "inbox", "chats", "masters"):
            conn.execute(table.delete())


def _changed(folder: Path) -> dict[Path, int]:
    found: dict[Path, int] = {}
    for file in folder.glob("*.yaml"):
        with suppress(FileNotFoundError):  # an editor may put a new file in the place of the old one just now
            found[file] = file.stat().st_mtime_ns
    return found
