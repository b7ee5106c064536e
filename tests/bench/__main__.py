"""Prints the table: what, how fast it is now, what it should be, and how it compares with the machine."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bot.actions import invite
from bot.app import App
from bot.clock import Clock
from bot.dialog.check import check
from bot.dialog.engine import step
from bot.dialog.load import load
from bot.people import Role
from bot.settings import Settings, packaged_dialogs
from bot.store import incoming, people
from tests.bench.scripts import PEOPLE, QUESTIONS, long_script, long_text, replies

TOKEN = "1000:BENCH-SECRET"
TURNS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `most` is the target, None when there is none.

    Units: milliseconds.
    """

    what: str
    took: float
    most: float | None


def best(work: Callable[[], object], rounds: int = 5) -> float:
    """The shortest of a few rounds: what else the machine does only ever adds.

    Units: milliseconds.
    """
    shortest = float("inf")
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        shortest = min(shortest, time.perf_counter() - begun)
    return shortest * 1000


def machine() -> float:
    """The baseline: ten thousand additions in plain Python."""
    return best(lambda: sum(number + 1 for number in range(10_000)), 30)


def steps() -> Iterator[Row]:
    """One reply and what follows, at every moment of a whole talk; best of a few tries at each."""
    moments = list(replies(long_script()))
    took = sorted(best(lambda h=here, s=said: step(h, s)) for here, said in moments)  # type: ignore[misc]
    named = f"engine step, {QUESTIONS} questions, {PEOPLE} people, {len(moments)} replies"
    yield Row(f"{named}: mean", sum(took) / len(took), 0.2)
    yield Row(f"{named}: middle", took[len(took) // 2], 0.2)
    yield Row(f"{named}: longest (reads everything back)", took[-1], None)


def reading() -> Iterator[Row]:
    """A script from its text: once at the start, and when it is published."""
    text, first = long_text(), (packaged_dialogs() / "first_talk.yaml").read_text("utf-8")
    script = load(text, "long")
    yield Row(f"load a script of {QUESTIONS} questions", best(lambda: load(text, "long")), 300)
    yield Row(f"check a script of {QUESTIONS} questions", best(lambda: check(script)), 300)
    yield Row("load and check first_talk", best(lambda: check(load(first, "first_talk"))), 200)


async def turns() -> Row:
    """One update from the inbox to its replies in the outbox, on a SQLite file, without a network."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(token=TOKEN, database=f"sqlite:///{folder}/b.db", dialogs=packaged_dialogs())
        app = App(settings, Clock())
        await app.store.open()
        try:
            await app.store.tx(app._first_scripts)
            await _someone(app)
            return Row("one durable turn, inbox to outbox, SQLite file", await _turns(app), 10)
        finally:
            await app.store.close()


async def _someone(app: App) -> None:
    """Ann, with a key contact, has begun."""
    for chat, role in ((1, Role.ADMIN), (2, Role.KEY_CONTACT), (3, Role.PERSON)):

        def token(conn, chat=chat, role=role):  # type: ignore[no-untyped-def]
            desk, inviter = app.desk(conn, f"b{chat}"), people.by_chat(conn, chat - 1)
            return invite.token_for(desk, inviter, role) if inviter else invite.first_admin(desk)

        await _turn(app, chat, chat, f"/start {await app.store.tx(token)}")
    for update, words in enumerate(("OK, next", "OK, next", "Yes, keep them"), 10):
        await _turn(app, update, 3, words)


async def _turns(app: App) -> float:
    """Ann goes back and forth between two questions."""
    updates, took = count(100), []
    for _ in range(TURNS // 2):
        for words in ("Skip", "Back"):
            begun = time.perf_counter()
            await _turn(app, next(updates), 3, words)
            took.append(time.perf_counter() - begun)
    return sorted(took)[len(took) // 2] * 1000


async def _turn(app: App, update: int, chat: int, words: str) -> None:
    who = {"id": chat, "type": "private", "is_bot": False, "first_name": f"Person {chat}"}
    message = {"message_id": update, "date": int(time.time()), "chat": who, "from": who, "text": words}
    given = {"update_id": update, "message": message}
    await app.store.tx(incoming.put_in, [given], app.clock.now())
    assert await app.worker._listen(), "nothing was taken from the inbox"


def starting() -> Iterator[Row]:
    """The whole command, as someone who types it waits for it."""
    for what, words, most in (
        ("start Python and do nothing", ["-c", "pass"], None),
        ("import every command", ["-c", "import bot.cli"], 700),
        ("import all that `beforehand run` needs", ["-c", "import bot.app"], 2500),
        ("beforehand --help", ["-m", "bot", "--help"], 1000),
    ):
        command = [sys.executable, *words]
        yield Row(what, best(lambda c=command: subprocess.run(c, check=True, capture_output=True), 3), most)  # type: ignore[misc]


def main() -> None:
    base = machine()
    print(f"{'what':<78} {'figure':>9}  unit  {'target':>8}  {'x machine':>9}")
    print(f"{'the machine: ten thousand additions':<78} {base:9.3f}  ms    {'':>8}  {1:9.2f}")
    for row in (*steps(), *reading(), asyncio.run(turns()), *starting()):
        target = "" if row.most is None else f"< {row.most:g}"
        late = "  over" if row.most is not None and row.took > row.most else ""
        print(f"{row.what:<78} {row.took:9.3f}  ms    {target:>8}  {row.took / base:9.2f}{late}", flush=True)


if __name__ == "__main__":
    assert Path("bot").is_dir(), "run this in the folder of a clone"
    main()
