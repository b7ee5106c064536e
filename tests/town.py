"""A small town for the tests: five phones, the real bot, a small Bot API between them, a clock that stands.

The cast is the same everywhere: ann prepares, ravi is her key contact, mo is her brother, gil is the admin,
and zed must see nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from shutil import copyfile
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import Connection, Text, select, update

from bot.actions import invite, scene
from bot.actions.hear import hear
from bot.app import App
from bot.clock import Clock, moment
from bot.dialog.engine import step
from bot.dialog.outline import Position
from bot.dialog.path import current
from bot.dialog.talk import Heard, Said
from bot.pace import UNHURRIED
from bot.people import Person, Role
from bot.sandbox import Phone, Sandbox, Shown
from bot.settings import Settings
from bot.store import people, talks
from bot.store.tables import inbox, metadata, outbox, reminders
from bot.store.tables import people as people_table
from tests.inprocess import in_process
from tests.ring import key_file
from tests.sealed import tables_saying
from tests.talks import DIALOGS

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)
TOKEN = "1000:TOWN-SECRET"
PHONES = (
    Phone("ann", "Ann", "Person", 101),
    Phone("ravi", "Ravi", "Key contact", 102),
    Phone("gil", "Gil", "Admin", 103),
    Phone("mo", "Mo", "Brother", 104),
    Phone("zed", "Zed", "Nobody here", 105),
)
CHATS = {phone.key: phone.chat_id for phone in PHONES}
BETWEEN = 2000
"""Units: milliseconds between two things people do."""

USUAL = {"info": "OK, next", "consent": "Yes, keep them", "list": "Nobody, just me", "private": "No, nothing"}
"""What Ann says to a question of this kind when a test does not care; to all others she says Skip."""


class StandingClock(Clock):
    """A clock that only goes when it is told to."""

    def __init__(self, at: datetime = MONDAY) -> None:
        super().__init__()
        self._at = int(at.timestamp() * 1000)

    def now(self) -> int:
        return self._at

    def at(self, reading: int) -> int:
        return self._at

    def jump(self, to: int) -> None:
        self._at = max(self._at, to)


class Town:
    """The phones and the bot.

    Shape: what people do returns when the bot has done all that follows from it. `database` is a file to
    begin with; `url` a database to use instead of a file.
    """

    def __init__(
        self, folder: Path, database: Path | None = None, url: str = "", dialogs: Path = DIALOGS
    ) -> None:
        self.clock = StandingClock()
        self.sandbox = Sandbox(PHONES, token=TOKEN, now=self.clock.moment)
        self.file = folder / "town.db"
        if database:
            copyfile(database, self.file)
        self.settings = Settings(
            token=TOKEN,
            database=url or f"sqlite:///{self.file}",
            keys=key_file(folder),
            api="http://127.0.0.1/bot",
            dialogs=dialogs,
        )
        self.app = self._app()
        self._running: asyncio.Task[None] | None = None

    def _app(self) -> App:
        network = in_process(httpx.ASGITransport(app=self.sandbox.app))
        return App(self.settings, self.clock, network, limits=UNHURRIED)

    async def found(self) -> Path:
        """A database with the tables and the scripts, and nobody in it; closed."""
        async with self.app:
            pass
        self.sandbox.close()
        return self.file

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Town"]:
        """The bot runs for as long as the block does."""
        try:
            await self._start_bot()
            yield self
        finally:
            await self._stop_bot()
            self.sandbox.close()

    @asynccontextmanager
    async def bot_away(self) -> AsyncIterator[None]:
        """The bot is down during the block, then starts anew on the same database and catches up."""
        await self._stop_bot()
        yield
        self.app = self._app()
        await self._start_bot()
        await self.settled()

    async def _start_bot(self) -> None:
        await self.app.__aenter__()
        self._running = asyncio.create_task(self.app.serve())

    async def _stop_bot(self) -> None:
        if self._running is None:
            return
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running
        self._running = None
        await self.app.__aexit__()

    # ---- what people do

    async def start(self, key: str, token: str = "") -> list[str]:
        """Open the chat, perhaps by a link; what the bot says to it."""
        self.sandbox.start_with(key, token)
        return await self.do(key, lambda: self.sandbox.press_start(key))

    async def say(self, key: str, *words: str) -> list[str]:
        """Type words, each message after the reply to the last; what the bot says to all."""
        heard: list[str] = []
        for each in words:
            heard += await self.do(key, partial(self.sandbox.say, key, each))
        return heard

    async def press(self, key: str, *labels: str) -> list[str]:
        """Press buttons, each after the reply to the last; what the bot says to all."""
        heard: list[str] = []
        for each in labels:
            heard += await self.do(key, partial(self.sandbox.press, key, each))
        return heard

    async def forge(self, key: str, *data: str) -> list[str]:
        """Press buttons that this phone was never shown, all before the bot looks."""
        self.sandbox.network.handset(key).started = True
        return await self.do(key, *(partial(self.sandbox.press_on, key, 1, data=each) for each in data))

    async def send_file(self, key: str, name: str, content: str | bytes) -> list[str]:
        """Send a document."""
        data = content.encode() if isinstance(content, str) else content
        return await self.do(key, lambda: self.sandbox.send_document(key, name, data))

    async def do(self, key: str, *what: Callable[[], object]) -> list[str]:
        """Anything the sandbox can do, all before the bot looks; what the bot says on this phone."""
        before = len(self.heard(key))
        self.clock.jump(self.clock.now() + BETWEEN)
        for each in what:
            each()
        await self.settled()
        return self.heard(key)[before:]

    async def later(self, **passed: float) -> None:
        """Time passes, as in later(days=3)."""
        milliseconds = {"days": 86_400_000, "hours": 3_600_000, "minutes": 60_000, "seconds": 1000}
        self.clock.jump(self.clock.now() + int(sum(milliseconds[k] * v for k, v in passed.items())))
        await self.settled()

    async def until(self, when: datetime) -> None:
        """It is that time now."""
        self.clock.jump(int(when.timestamp() * 1000))
        await self.settled()

    async def settled(self) -> None:
        """Wait until the bot, when it runs, has nothing more to do now."""
        updates = self.sandbox.network.updates
        while self._running and (updates.waiting or self.sandbox.unanswered()):
            if self._running.done():
                self._running.result()
            await asyncio.sleep(0.002)
        if self._running:
            await self.app.worker.idle()

    # ---- what people see

    def heard(self, key: str) -> list[str]:
        """Everything the bot has said on this phone."""
        messages = self.sandbox.network.handset(key).messages
        return [message.text for message in messages.values() if not message.mine]

    def newest(self, key: str) -> Shown:
        """The last message of the bot on this phone."""
        return [shown for shown in self.sandbox.screen(key) if not shown.mine][-1]

    def everything_on(self, *keys: str) -> str:
        """All that can be read on these phones, buttons too."""
        read: list[str] = []
        for key in keys:
            screen = self.sandbox.screen(key)
            read += [shown.text for shown in screen]
            read += [label for shown in screen for row in shown.buttons for label in row]
            read += self.keys(key)
        return "\n".join(read)

    def keys(self, key: str) -> list[str]:
        """The labels of the keyboard of this phone."""
        return [label for row in self.sandbox.keyboard(key) for label in row]

    # ---- what is kept

    async def rows(self, query: Any) -> list[Any]:
        """What the database gives."""
        return list(await self.app.store.tx(lambda conn: conn.execute(query).all()))

    async def answers(self, key: str = "ann") -> dict[str, Any]:
        """What this person has said so far, by place; a question that was skipped is None."""

        def look(conn: Connection) -> dict[str, Any]:
            talk = talks.of_person(conn, self.who(conn, key).id)
            return {place: kept.value for place, kept in talks.latest(conn, talk).items()} if talk else {}

        return await self.app.store.tx(look)

    async def reminders(self) -> list[tuple[str, str, datetime]]:
        """Every reminder, oldest first: its rule, its state, and when it is due in London."""
        found = await self.rows(select(reminders).order_by(reminders.c.id))
        return [(r.rule, r.state, moment(r.due_at).astimezone(LONDON)) for r in found]

    async def failed_updates(self) -> list[str]:
        """What the bot could not work out."""
        return [r.error for r in await self.rows(select(inbox.c.error).where(inbox.c.error != ""))]

    async def waiting_to_go(self) -> list[str]:
        """What lies ready in the outbox."""
        return [r.payload for r in await self.rows(select(outbox.c.payload).where(outbox.c.state == "ready"))]

    async def tables_with(self, words: str) -> list[str]:
        """The tables that hold these words in any of their text, sealed or not."""

        def look(conn: Connection) -> list[str]:
            in_the_clear = [
                table.name
                for table in metadata.sorted_tables
                for column in table.columns
                if isinstance(column.type, Text) or column.type.python_type is str
                if conn.execute(select(column).where(column.contains(words, autoescape=True))).first()
            ]
            return in_the_clear + tables_saying(conn, words)

        return await self.app.store.tx(look)

    def who(self, conn: Connection, key: str) -> Person:
        """The person behind a phone."""
        person = people.by_chat(conn, CHATS[key])
        assert person is not None, f"{key} is not here"
        return person

    # ---- who is here: set up in one transaction, as if they had pressed Start

    async def admin(self) -> None:
        """Gil is the first admin."""
        await self._come("gil")

    async def key_contact(self, key: str = "ravi") -> None:
        """Gil is here and has invited Ravi."""
        await self._come("gil", key)

    async def person(self, key: str = "ann", by: str = "ravi") -> None:
        """Gil is here and has invited Ravi, who has invited Ann, who has pressed Start."""
        await self._come("gil", by, key)

    async def _come(self, *keys: str) -> None:
        """Admin, key contact and person, each invited by the one before; who is here already stays."""
        self.clock.jump(self.clock.now() + BETWEEN)
        await self.app.store.tx(self._arrive, keys)
        await self.settled()

    def _arrive(self, conn: Connection, keys: tuple[str, ...]) -> None:
        chain = (Role.ADMIN, Role.KEY_CONTACT, Role.PERSON)
        for inviter, key, role in zip((None, *keys), keys, chain, strict=False):
            if people.by_chat(conn, CHATS[key]):
                continue
            desk = self.app.desk(conn, f"come.{key}.{self.clock.now()}")
            token = self._token(conn, inviter, role) if inviter else invite.first_admin(desk)
            phone = self.sandbox.network.handset(key)
            phone.started = True
            hear(desk, Heard(0, CHATS[key], phone.phone.name, phone.phone.language, start=token))

    async def link(self, key: str, role: Role) -> str:
        """The token of a fresh invitation by this person."""
        return await self.app.store.tx(lambda conn: self._token(conn, key, role))

    def _token(self, conn: Connection, key: str, role: Role) -> str:
        return invite.token_for(self.app.desk(conn, "test"), self.who(conn, key), role)

    async def lives_in(self, key: str, zone: str) -> None:
        """This person's clock on the wall is another one."""
        theirs = update(people_table).where(people_table.c.chat_id == CHATS[key]).values(zone=zone)
        await self.app.store.tx(lambda conn: conn.execute(theirs).rowcount)

    async def asked(self, question: str, key: str = "ann", /, **said: str | tuple[str, ...]) -> list[str]:
        """Bring a talk to this question, and show it; what was said on the way, by question id."""
        await self.app.store.tx(lambda conn: self._play(conn, key, question, said))
        return await self.say(key, "Carry on")

    async def share_everything(self, key: str = "ann", /, **said: str | tuple[str, ...]) -> None:
        """Ann says what is given here by question id, and skips the rest; then she shares it."""
        await self.asked("share", key, **said)
        await self.press(key, "Share with Ravi")

    def _play(self, conn: Connection, key: str, until: str, said: dict[str, str | tuple[str, ...]]) -> None:
        """Keep what the real engine makes of these words, without the messages."""
        person, at = self.who(conn, key), self.clock.now() // 1000 - 3600
        talk = talks.of_person(conn, person.id)
        assert talk is not None
        here = scene.scene(self.app.desk(conn, "play"), person, talk)
        left: dict[str, Iterator[str]] = {}
        while (position := current(here)) is not None and position.place != until:
            if position.place not in left:
                left[position.place] = _words_for(position, said)
            words, at = next(left[position.place], None), at + 10
            assert words is not None, f"{position.place} asks for more than was given"
            facts = step(here, Said(words, at=at)).facts
            talks.keep(conn, talk, facts, at * 1000, 1, None)
            here = scene.with_facts(here, facts, person)
        assert position or until == "end", f"no question {until!r} on the way"


def _words_for(position: Position, said: dict[str, str | tuple[str, ...]]) -> Iterator[str]:
    question = position.question
    words = said.get(position.place, said.get(question.id, USUAL.get(question.kind, "Skip")))
    return iter((words,) if isinstance(words, str) else words)
