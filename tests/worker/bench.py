"""A worker with everything around it made up."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from bot.clock import Clock
from bot.dialog.talk import Heard, Prompt, Said
from bot.pace import UNHURRIED, Limits
from bot.store import incoming, outgoing
from bot.store.database import Store
from bot.store.inside import now
from bot.store.letters import REMINDER, Delivered, Outcome, Sending, Waiting
from bot.store.tables import audit, inbox, outbox
from bot.worker import Worker
from tests.ring import ring

ANN, RAVI, MO = 101, 102, 103
ON = 1_741_000_000

Hear = Callable[[Connection, Heard, int], None]


class Bench:
    """A worker and its world.

    Shape: what is heard is kept in the audit, so that what was undone was not heard; `sent` is what went
    out, `tried` every call of `hear`.
    """

    def __init__(self, url: str = "sqlite://", limits: Limits = UNHURRIED, numbers: int = 0) -> None:
        self.clock = Clock()
        self.store = Store(url, self.clock, ring())
        self.hear: Hear = self.echo
        self.outcome: Callable[[Sending], Awaitable[Outcome]] = self.arrives
        self.fetch: Callable[[str], Awaitable[bytes]] = self.no_file
        self.due: Callable[[Connection, int], int] = lambda conn, now: 0
        self.bury: Callable[[Connection, Waiting, str, int], None] = self.note_dead
        self.settle: Callable[[Connection, Sending, Outcome, int], None] = self.note_settled
        self.tried: list[str] = []
        self.sent: list[str] = []
        self.settled: list[tuple[str, Outcome]] = []
        self.dead: list[tuple[int, str]] = []
        self.update = numbers
        self.worker = self.new_worker(limits)

    def new_worker(self, limits: Limits = UNHURRIED) -> Worker:
        return Worker(
            self.store,
            read=lambda update: Heard(
                update["update_id"], update["message"]["chat"]["id"], said=Said(update["message"]["text"])
            ),
            hear=lambda conn, heard, at: self.hear(conn, heard, at),
            send=self.send,
            fetch=lambda file: self.fetch(file),
            settled=lambda conn, sending, outcome, at: self.settle(conn, sending, outcome, at),
            dead_letter=lambda conn, waiting, error, at: self.bury(conn, waiting, error, at),
            due=lambda conn, at: self.due(conn, at),
            limits=limits,
        )

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Bench"]:
        """The worker is not running yet."""
        await self.store.open()
        try:
            yield self
        finally:
            await self.store.close()

    @asynccontextmanager
    async def running(self, worker: Worker | None = None) -> AsyncIterator["Bench"]:
        """The worker runs for as long as the block."""
        worker = worker or self.worker
        run = asyncio.create_task(worker.run())
        await asyncio.sleep(0)
        try:
            yield self
        finally:
            await worker.stop()
            await asyncio.gather(run, return_exceptions=True)

    # ---- what is around the worker

    def echo(self, conn: Connection, heard: Heard, at: int) -> None:
        self.tried.append(heard.said.text)
        conn.execute(audit.insert().values(at=at, action=heard.said.text, subject=heard.chat))
        outgoing.put_out(conn, heard.chat, [Prompt(f"you said {heard.said.text}")], f"u{heard.update}", at)

    def note_dead(self, conn: Connection, waiting: Waiting, error: str, at: int) -> None:
        self.dead.append((waiting.update_id, error))

    def note_settled(self, conn: Connection, sending: Sending, outcome: Outcome, at: int) -> None:
        self.settled.append((sending.prompt.text, outcome))

    async def send(self, sending: Sending) -> Outcome:
        outcome = await self.outcome(sending)
        self.sent.append(sending.prompt.text)
        return outcome

    async def arrives(self, sending: Sending) -> Outcome:
        return Delivered(sending.id + 1000, ON)

    async def no_file(self, file: str) -> bytes:
        raise AssertionError("no file was sent")

    # ---- what happens

    def said(self, words: str, chat: int = ANN) -> dict[str, Any]:
        """An update with a number of its own."""
        self.update += 1
        return {"update_id": self.update, "message": {"chat": {"id": chat}, "text": words}}

    async def say(self, words: str, chat: int = ANN) -> int:
        """One update comes; returns when it is kept."""
        update = self.said(words, chat)
        await self.worker.arrive([update])
        return int(update["update_id"])

    async def say_all(self, *said: tuple[str, int]) -> None:
        """Many updates come together."""
        await self.worker.arrive([self.said(*each) for each in said])

    async def waits(self, words: str, chat: int = ANN) -> None:
        """An update lies in the inbox already."""
        await self.store.tx(lambda conn: incoming.put_in(conn, [self.said(words, chat)], now(conn)))

    async def remind(self, words: str, chat: int = ANN) -> None:
        """A reminder lies in the outbox."""
        await self.store.tx(
            lambda conn: outgoing.put_out(
                conn, chat, [Prompt(words)], words, now(conn), urgency=REMINDER, reminder=7
            )
        )

    async def later(self, milliseconds: int = 60_000) -> None:
        """What follows when so much time has gone by."""
        self.clock.jump(self.clock.now() + milliseconds)
        await self.worker.idle()

    # ---- what is kept

    async def heard(self) -> list[str]:
        """What was heard and not undone."""
        return await self._list(select(audit.c.action).order_by(audit.c.id))

    async def column(self, name: str) -> list[Any]:
        """Of every message."""
        return await self._list(select(outbox.c[name]).order_by(outbox.c.id))

    async def incoming(self, name: str) -> list[Any]:
        """Of every update."""
        return await self._list(select(inbox.c[name]).order_by(inbox.c.update_id))

    async def _list(self, query: Any) -> list[Any]:
        return await self.store.tx(lambda conn: list(conn.scalars(query)))


async def until(is_so: Callable[[], object], seconds: float = 8) -> None:
    """Come back when it is so."""
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110 - there is no event for what a test waits for
            await asyncio.sleep(0.01)


def answers(bench: Bench, *outcomes: Outcome) -> None:
    """These outcomes in turn, then everything arrives."""
    left = list(outcomes)

    async def outcome(sending: Sending) -> Outcome:
        return left.pop(0) if left else Delivered(1, ON)

    bench.outcome = outcome


def holds(bench: Bench, *only: int) -> asyncio.Event:
    """Messages, perhaps only those to some chats, do not arrive before this is set."""
    goes_on = asyncio.Event()

    async def slow(sending: Sending) -> Outcome:
        if not only or sending.chat_id in only:
            await goes_on.wait()
        return Delivered(1, ON)

    bench.outcome = slow
    return goes_on


def fails_at(bench: Bench, words: str, times: int = 99) -> Hear:
    """An action that fails half way when it hears these words."""
    left = [times]

    def hear(conn: Connection, heard: Heard, at: int) -> None:
        bench.echo(conn, heard, at)
        if heard.said.text == words and left[0]:
            left[0] -= 1
            raise ValueError(f"{words} is a secret")

    return hear


def locked() -> OperationalError:
    """What SQLite says when another program has the file."""
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return OperationalError("BEGIN IMMEDIATE", {}, error)
