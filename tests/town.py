"""A small town for the tests: five phones, the real bot, a small Bot API between them, and a clock that stands.

The cast is the same everywhere: ann prepares, ravi is her key contact, mo is her brother, gil is the admin,
and zed must see nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import Connection

from bot.actions import invite
from bot.app import App
from bot.clock import Clock
from bot.people import Person, Role
from bot.sandbox import Phone, Sandbox, Shown
from bot.settings import Settings, packaged_dialogs
from bot.store import people
from bot.tryout import unhurried

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
BETWEEN = 2000
"""Units: milliseconds between two things people do."""


class StandingClock(Clock):
    """A clock that only goes when it is told to."""

    def __init__(self, at: datetime = MONDAY) -> None:
        super().__init__()
        self._at = int(at.timestamp() * 1000)

    def now(self) -> int:
        return self._at

    def jump(self, to: int) -> None:
        self._at = max(self._at, to)


class Town:
    """The phones and the bot.

    Shape: what people do returns when the bot has done all that follows from it.
    """

    def __init__(self, folder: Path, clock: StandingClock | None = None) -> None:
        self.clock = clock or StandingClock()
        self.sandbox = Sandbox(PHONES, token=TOKEN, now=self.clock.moment)
        self.settings = Settings(
            token=TOKEN,
            database=f"sqlite:///{folder}/town.db",
            api="http://127.0.0.1/bot",
            dialogs=packaged_dialogs(),
        )
        self.app = self._app()

    def _app(self) -> App:
        transport = httpx.ASGITransport(app=self.sandbox.app)
        return App(self.settings, self.clock, transport, unhurried())

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Town"]:
        """The bot runs for as long as the block does."""
        try:
            async with self.running():
                yield self
        finally:
            self.sandbox.close()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """One run of the bot; a second one is a restart."""
        async with self.app:
            task = asyncio.create_task(self.app.serve())
            try:
                yield
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    @asynccontextmanager
    async def bot_away(self) -> AsyncIterator[None]:
        """Not used inside open(): the bot is down, then starts anew."""
        yield
        self.app = self._app()

    # ---- what people do

    async def start(self, key: str, token: str = "") -> list[str]:
        """Open the chat, perhaps by a link."""
        self.sandbox.start_with(key, token)
        return await self._do(key, lambda: self.sandbox.press_start(key))

    async def say(self, key: str, *words: str) -> list[str]:
        """Type words, one message after the other, each after the reply to the last; what the bot says to all."""
        heard: list[str] = []
        for each in words:
            heard += await self._do(key, lambda each=each: self.sandbox.say(key, each))  # type: ignore[misc]
        return heard

    async def press(self, key: str, *labels: str) -> list[str]:
        """Press buttons, each after the reply to the last; what the bot says to all."""
        heard: list[str] = []
        for each in labels:
            heard += await self._do(key, lambda each=each: self.sandbox.press(key, each))  # type: ignore[misc]
        return heard

    async def do(self, key: str, what: Callable[[], object]) -> list[str]:
        """Anything else the sandbox can do on this phone; what the bot says to it."""
        return await self._do(key, what)

    async def _do(self, key: str, what: Callable[[], object]) -> list[str]:
        before = len(self.heard(key))
        self.clock.jump(self.clock.now() + BETWEEN)
        what()
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
        """Wait until the bot has nothing more to do now."""
        updates = self.sandbox.network.updates
        while updates.waiting:
            await asyncio.sleep(0.002)
        await self.app.worker.idle()

    # ---- what people see

    def heard(self, key: str) -> list[str]:
        """Everything the bot has said on this phone."""
        return [shown.text for shown in self.sandbox.screen(key) if not shown.mine]

    def newest(self, key: str) -> Shown:
        """The last message of the bot on this phone."""
        return [shown for shown in self.sandbox.screen(key) if not shown.mine][-1]

    def everything_on(self, key: str) -> str:
        """All that can be read on this phone, buttons too."""
        screen = self.sandbox.screen(key)
        buttons = [label for shown in screen for row in shown.buttons for label in row]
        keys = [label for row in self.sandbox.keyboard(key) for label in row]
        return "\n".join([*(shown.text for shown in screen), *buttons, *keys])

    # ---- who is here

    async def admin(self) -> None:
        """Gil is the first admin."""
        token = await self.app.store.tx(lambda conn: invite.first_admin(self.app.desk(conn, "test")))
        await self.start("gil", token)

    async def key_contact(self) -> None:
        """Gil has invited Ravi."""
        await self.admin()
        await self.start("ravi", await self.link("gil", Role.KEY_CONTACT))

    async def person(self) -> None:
        """Ravi has invited Ann, and she has pressed Start."""
        await self.key_contact()
        await self.start("ann", await self.link("ravi", Role.PERSON))

    async def link(self, key: str, role: Role) -> str:
        """The token of a fresh invitation by this person."""

        def make(conn: Connection) -> str:
            return invite.token_for(self.app.desk(conn, "test"), self.who(conn, key), role)

        return await self.app.store.tx(make)

    def who(self, conn: Connection, key: str) -> Person:
        """The person behind a phone."""
        chat = next(phone.chat_id for phone in PHONES if phone.key == key)
        person = people.by_chat(conn, chat)
        assert person is not None, f"{key} is not here"
        return person

    async def answer_up_to(self, *words: str) -> None:
        """Ann says yes to keeping her answers, and goes on with these words."""
        await self.press("ann", "OK, next", "OK, next", "Yes, keep them")
        await self.say("ann", *words)

    async def share_everything(self, **said: str) -> None:
        """Ann answers what is given here by label of the section's question, skips the rest, and shares it."""
        await self.press("ann", "OK, next", "OK, next", "Yes, keep them")
        answers = {
            "call you": said.get("call_me", "Skip"),
            "do you want your information": said.get("formats", "Skip"),
            "big should the print": said.get("print_size", "Skip"),
            "Which days": said.get("days", "Skip"),
            "at your best": said.get("time_of_day", "Skip"),
            "should we not meet": said.get("never_times", "Skip"),
            "like to meet": said.get("place", "Skip"),
            "place need": said.get("place_needs", "Skip"),
            "to be there": said.get("attendees", "Nobody, just me"),
            "get on well": said.get("get_on_with", "Skip"),
            "help you well": said.get("help_well", "Skip"),
            "are things": said.get("how_are_things", "Skip"),
            "matters most": said.get("matters", "Skip"),
            "working well": said.get("working", "Skip"),
            "not working": said.get("not_working", "Skip"),
            "just for you?": "No, nothing",
        }
        for _ in range(40):
            asked = "\n".join(self.heard("ann")[-2:])
            if "Is it right?" in asked:
                break
            found = [words for part, words in answers.items() if part in asked]
            await self.say("ann", found[-1] if found else "OK, next")
        await self.press("ann", "Share with Ravi")
