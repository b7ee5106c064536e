"""A crowd, a bot, and somebody who kills it; then the account of it."""

import asyncio
import logging
import random
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import DatabaseUnusable
from bot.sandbox import Phone
from bot.store.reading import reading
from bot.web import serving
from tests.kill.bots import Bots
from tests.kill.crowd import NAMES, Person
from tests.kill.evidence import Case, gather, open_work
from tests.kill.ground import Ground, ground
from tests.kill.oracle import Account, judge
from tests.kill.staff import Staff
from tests.kill.telegram import TOKEN, Telegram
from tests.kill.trouble import Trouble
from tests.ring import key_file

SHORT = Path(__file__).parent.parent / "scripts" / "short.yaml"
CROWD, CONTACTS = 12, 4
"""How many people talk at the same time, and how many key contacts they have."""

MOST_PEOPLE = 5000
FIRST_CHAT, CONTACT_CHAT, ADMIN_CHAT = 1000, 100, 99
POISONED = 0.06
TO_THE_END, EVEN = 120.0, 60.0
"""Units: seconds for the people to come to an end when all is well again, and then for the bot."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do.

    Shape: until so many kills, or so many seconds have passed; `points` first, each once.
    """

    engine: str
    seed: int
    kills: int
    seconds: float = 3600.0
    workers: int = 1
    points: tuple[str, ...] = ()
    webhook: bool = False


@dataclass(slots=True)
class Report:
    """What came of it."""

    account: Account
    had: Counter[str]
    points: Counter[str]
    faults: Counter[str]
    missed: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether nothing was wrong."""
        return not any(self.account.wrong.values())


class Loop:
    """One run."""

    def __init__(self, plan: Plan, telegram: Telegram, trouble: Trouble, chance: random.Random) -> None:
        self.plan, self.telegram, self.trouble, self._chance = plan, telegram, trouble, chance
        self.people: list[Person] = []
        self.staff = [Staff(telegram, f"contact{n}", chance) for n in range(CONTACTS)]
        self.whose: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.broken: list[str] = []

    async def open(self, token: str) -> None:
        """The admin and the key contacts come."""
        admin = Staff(self.telegram, "gil", self._chance)
        await admin.start(token)
        for contact in self.staff:
            await contact.start(await admin.link("Invite a key contact"))

    async def come_and_go(self) -> None:
        """As soon as somebody is ready, the next one comes."""
        while len(self.people) < MOST_PEOPLE - CROWD:
            while len(self._tasks) < CROWD:
                self._tasks.add(asyncio.create_task(self._live()))
            done, self._tasks = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            self._gather(done)

    def poison(self) -> None:
        """Something nobody can work out comes from somebody who talks now."""
        talking = [each for each in self.people if each.said and not (each.finished or each.left)]
        if talking:
            self._chance.choice(talking).poison()

    async def settle(self) -> None:
        """All is well again: everybody comes to an end, and the bot, too."""
        self.telegram.is_well = True
        if self._tasks:
            done, late = await asyncio.wait(self._tasks, timeout=TO_THE_END)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            self._gather(done)
        stuck = [each for each in (*self.people, *self.staff) if each.waits_for]
        self.broken += [f"{each.name} still waits for: {each.waits_for}\n{each.screen()}" for each in stuck]

    def _gather(self, done: set[asyncio.Task[None]]) -> None:
        for task in done:
            error = None if task.cancelled() else task.exception()
            if error is not None:
                self.broken.append(f"{type(error).__name__}: {str(error)[:200]}")

    async def _live(self) -> None:
        """One person, from the invitation to the end."""
        number = len(self.people)
        person = Person(self.telegram, name_of(number), self._chance)
        self.people.append(person)
        contact = self._chance.randrange(CONTACTS)
        self.whose[person.name] = CONTACT_CHAT + contact
        self.telegram.start_with(person.name, await self.staff[contact].link("Invite a person"))
        poison = asyncio.create_task(self._poison(person))
        await person.talk()
        poison.cancel()
        if person.finished:
            look_after = self.staff[contact].look_after(person)
            if person.will_erase:
                await look_after
                await person.afterwards()
            else:
                await asyncio.gather(look_after, person.afterwards())

    async def _poison(self, person: Person) -> None:
        if self._chance.random() < POISONED:
            await asyncio.sleep(self._chance.uniform(1, 4))
            if person.said:  # or they are a stranger yet, of whom nobody is told
                person.poison()


def name_of(number: int) -> str:
    """The name of the person with this number."""
    return f"{NAMES[number % len(NAMES)]}{number}"


async def run(plan: Plan, folder: Path, tell: Callable[[Loop], None] = lambda _: None) -> Report:
    """Do all of it.

    Shape: `tell` is called now and then.
    """
    chance = random.Random(plan.seed)
    with ground(plan.engine, folder) as base:
        async with _open(plan, folder, base, chance) as loop:
            coming = asyncio.create_task(loop.come_and_go())
            telling = asyncio.create_task(_tell(loop, tell))
            missed = await loop.trouble.at_points(plan.points, loop.poison)
            await loop.trouble.rough(plan.kills, time.monotonic() + plan.seconds)
            coming.cancel()
            await loop.settle()
            telling.cancel()
            left = await _come_even(base)
            await loop.trouble.stop()
            account = await _account(loop, base)
        trouble, wrong = loop.trouble, account.wrong
        wrong["not ended"] = [f"{number} {what}" for what, number in left.items()]
        wrong["people"], wrong["bots"] = loop.broken, trouble.wrong
        wrong["Bot API"] = loop.telegram.problems
        return Report(account, trouble.had, trouble.points, loop.telegram.had, missed)


async def _tell(loop: Loop, tell: Callable[[Loop], None]) -> None:
    while True:
        tell(loop)
        await asyncio.sleep(0.2)


@asynccontextmanager
async def _open(plan: Plan, folder: Path, base: Ground, chance: random.Random) -> AsyncIterator[Loop]:
    phones = [Phone("gil", "Gil", "Admin", ADMIN_CHAT)]
    phones += [Phone(f"contact{n}", "Ravi", "Key contact", CONTACT_CHAT + n) for n in range(CONTACTS)]
    phones += [Phone(name_of(n), name_of(n), "Person", FIRST_CHAT + n) for n in range(MOST_PEOPLE)]
    telegram = Telegram(phones, chance)
    port, listen = _free_port(), _free_port()
    webhook = f"http://127.0.0.1:{listen}" if plan.webhook else ""
    settings = _settings(folder, base, port) | (
        {"BEFOREHAND_LISTEN": f"127.0.0.1:{listen}"} if webhook else {}
    )
    async with serving(telegram.app, "127.0.0.1", port), Bots(settings, folder / "bot.log", webhook) as bots:
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # connections are cut on purpose
        trouble = Trouble(bots, base, plan.workers, chance)
        loop = Loop(plan, telegram, trouble, chance)
        try:
            token = await bots.first_admin()
            trouble.begin()
            await loop.open(token)
            yield loop
        finally:
            await trouble.abandon()
            telegram.close()


def _settings(folder: Path, base: Ground, port: int) -> dict[str, str]:
    dialogs = folder / "dialogs"
    dialogs.mkdir()
    (dialogs / "first_talk.yaml").write_text(SHORT.read_text("utf-8"), "utf-8")
    return {
        "BEFOREHAND_TOKEN": TOKEN,
        "BEFOREHAND_API": f"http://127.0.0.1:{port}/bot",
        "BEFOREHAND_DIALOGS": str(dialogs),
        "BEFOREHAND_KEYS": str(key_file(folder)),
        "BEFOREHAND_BACKUPS": str(folder / "backups"),
        "DATABASE_URL": base.url,
    }


async def _come_even(base: Ground) -> Counter[str]:
    """Wait until nothing is left to do; gives what is, when it stays."""
    end, left = time.monotonic() + EVEN, Counter({"looks": 1})
    while left and time.monotonic() < end:
        await asyncio.sleep(0.3)
        with suppress(DatabaseUnusable):
            left = await asyncio.to_thread(_look, base.url)
    return left


def _look(url: str) -> Counter[str]:
    with reading(url) as (conn, _):
        return open_work(conn)


async def _account(loop: Loop, base: Ground) -> Account:
    store = base.store()
    await store.open()
    try:
        found = await store.tx(gather, loop.telegram.ledger)
    finally:
        await store.close()
    people = {FIRST_CHAT + number: person for number, person in enumerate(loop.people)}
    staff = {CONTACT_CHAT + number: contact for number, contact in enumerate(loop.staff)}
    return judge(Case(found, loop.telegram.said, people, staff, loop.whose, not base.is_shared))


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
