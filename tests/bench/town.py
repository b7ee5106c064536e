"""All that the load benchmarks touch of the bot: a database with invitations, and with many other people."""

import shutil
import sqlite3
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from bot import reminders, settings
from bot.actions import invite
from bot.app import App
from bot.clock import DAY
from bot.keys import new_key
from bot.people import Role
from bot.store import dates, people, talks
from tests.bench.load import Bot, numbered
from tests.bench.plans import FirstTalk
from tests.talks import DIALOGS

TOKEN = "1000:BENCH-SECRET"
A_CONTACT = 10
"""How many people each key contact has invited: one chat is told of so many talks."""

CONTACTS, FIRST_CHAT, OTHERS = 1_000_000, 2_000_000, 10_000_000
"""Where chats are numbered from: key contacts, people who come to talk, and everybody else."""


@dataclass(frozen=True, slots=True)
class Town:
    """A database, and the tokens of people who are invited into it.

    Shape: `address` is that of a database on a server; without one it is a file in the folder.
    """

    folder: Path
    tokens: tuple[str, ...]
    address: str = ""

    @property
    def file(self) -> Path:
        """The database."""
        return self.folder / "bench.db"

    def environment(self) -> dict[str, str]:
        """What the bot needs to run on it."""
        return {
            "BEFOREHAND_TOKEN": TOKEN,
            "BEFOREHAND_DIALOGS": str(DIALOGS),  # those of the product change, and then no two runs compare
            "BEFOREHAND_KEYS": str(self.folder / "keys"),
            "DATABASE_URL": self.address or f"sqlite:///{self.file}",
        }

    def copied(self, folder: Path) -> "Town":
        """The same in another folder."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return replace(self, folder=folder)

    def bot(self, workers: int = 1) -> Bot:
        """The real bot on this database, and the people who have been invited."""
        invited = partial(numbered, FIRST_CHAT, list(self.tokens))
        return Bot("ours", sys.executable, lambda: FirstTalk(invited()), self.environment(), workers)

    def app(self) -> App:
        """The parts of the bot, joined, but not running."""
        return App(settings.read(self.environment()))


async def build(town: Town, invited: int) -> Town:
    """Make its database, in which so many people have an invitation."""
    make_keys(town)
    app = town.app()
    await app.store.open()
    try:
        await app.store.tx(app._first_scripts)
        return replace(town, tokens=tuple(await app.store.tx(_invite, app, invited)))
    finally:
        await app.store.close()


def make_keys(town: Town) -> None:
    """Its folder, and the keys that lock what is in its database."""
    town.folder.mkdir(exist_ok=True)
    (town.folder / "keys").write_text(new_key())


def _invite(conn: Connection, app: App, invited: int) -> list[str]:
    """Key contacts enough, and a token for each person."""
    desk, tokens = app.desk(conn, "bench"), list[str]()
    team = people.first_team(conn, invite.TEAM)
    while len(tokens) < invited:
        chat = CONTACTS + len(tokens) // A_CONTACT
        people.give_role(conn, add_person(conn, app, chat, f"Contact {chat}"), team, Role.KEY_CONTACT)
        contact = people.by_chat(conn, chat)
        assert contact is not None
        tokens += [invite.token_for(desk, contact, Role.PERSON) for _ in range(A_CONTACT)]
    return tokens


def add_person(conn: Connection, app: App, chat: int, name: str, zone: str = "") -> int:
    """Keep a new person and give their number."""
    return people.add(conn, chat, name, "en", zone or app.settings.zone, app.clock.now())


async def settle(town: Town, body: Callable[[Connection, App], None]) -> None:
    """Do something in the database, in one transaction, while the bot is not running."""
    app = town.app()
    await app.store.open()
    try:
        await app.store.tx(body, app)
    finally:
        await app.store.close()


def add_others(conn: Connection, app: App, how_many: int, due_at: int) -> None:
    """More people, each with an unfinished talk and a reminder that is due at that moment.

    Shape: they live where it is the middle of the day, or their reminders would wait for the morning.
    """
    now, zone = app.clock.now(), _where_it_is_noon()
    for number in range(how_many):
        person = people.by_id(conn, add_person(conn, app, OTHERS + number, f"Other {number}", zone))
        assert person is not None
        talk = talks.begin(conn, person, "first_talk", now - 4 * DAY)
        dates.remind(conn, person, talk.id, reminders.UNFINISHED, due_at, now - DAY)


async def tick(town: Town) -> float:
    """How long it takes to see that nothing is due, with the bot not running.

    Units: milliseconds, the best of many tries.
    """
    took: list[float] = []

    def look(conn: Connection, app: App) -> None:
        for _ in range(50):
            begun = time.perf_counter()
            assert app.worker._due(conn, app.clock.now()) == 0
            took.append(time.perf_counter() - begun)

    await settle(town, look)
    return min(took) * 1000


def _where_it_is_noon() -> str:
    offset = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT"


def multiply(town: Town, times: int) -> None:
    """Copy the last person, their talk and their reminder so often; nobody will ever look at what they said.

    Shape: plain SQL, whatever the columns are; all that is unique in a row is numbered on.
    """
    with sqlite3.connect(town.file) as base:
        base.execute("PRAGMA synchronous = OFF")
        for table in ("chats", "people", "talks", "reminders"):
            about = base.execute(f"PRAGMA table_info({table})").fetchall()
            columns, keys = [row[1] for row in about], {row[1] for row in about if row[5]}
            indexes = [row[1] for row in base.execute(f"PRAGMA index_list({table})") if row[2]]
            unique = {row[2] for name in indexes for row in base.execute(f"PRAGMA index_info({name})")}
            moving = {"person", "talk", *keys, *unique}
            values = ", ".join(f"{c} + n.i" if c in moving else c for c in columns)
            base.execute(
                f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times}) "
                f"INSERT INTO {table} ({', '.join(columns)}) "
                f"SELECT {values} FROM n, (SELECT * FROM {table} ORDER BY rowid DESC LIMIT 1)"
            )
    base.close()
