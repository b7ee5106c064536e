"""The rows of the parts: no network, no load; each as fast as it can be, beside what the machine does."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from itertools import count
from pathlib import Path

from bot.actions import invite
from bot.app import App
from bot.dialog import check as checking
from bot.dialog import load as loading
from bot.dialog.check import check, check_all
from bot.dialog.engine import step
from bot.dialog.load import is_box, is_set, load, load_set
from bot.dialog.path import current, positions
from bot.people import Role
from bot.store import people
from tests.bench.scripts import PEOPLE, QUESTIONS, long_script, long_text, replies
from tests.bench.table import Row
from tests.bench.town import Town, make_keys
from tests.talks import DIALOGS, ROOT

TURNS = 200


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


@cache
def machine() -> float:
    """The baseline: ten thousand additions in plain Python."""
    return best(lambda: sum(number + 1 for number in range(10_000)), 30)


def _row(what: str, took: float, most: float | None) -> Row:
    return Row(what, took, "ms", took / machine(), "10,000 additions", most=most)


def steps() -> Iterator[Row]:
    """One reply and what follows, at every moment of a whole talk; best of a few tries at each."""
    moments = list(replies(long_script()))
    took = sorted(best(lambda h=here, s=said: step(h, s)) for here, said in moments)  # type: ignore[misc]
    named = f"engine step, {QUESTIONS} questions, {PEOPLE} people, {len(moments)} replies"
    yield _row(f"{named}: mean", sum(took) / len(took), 0.2)
    yield _row(f"{named}: middle", took[len(took) // 2], 0.2)
    yield _row(f"{named}: longest (reads everything back)", took[-1], None)


def next_question() -> Iterator[Row]:
    """Which question is next, when nearly all of a long talk has been answered."""
    here, _ = list(replies(long_script(), people=18))[-2]
    count = len(positions(here))
    assert count >= 140, f"only {count} positions"
    yield _row(f"next question over {count} positions", best(lambda: current(replace(here)), 50), 0.2)


def reading() -> Iterator[Row]:
    """A script from its text: once at the start, and when it is published."""
    text, first = long_text(), (DIALOGS / "first_talk.yaml").read_text("utf-8")
    script = load(text, "long")
    yield _row(f"load a script of {QUESTIONS} questions", _anew(lambda: load(text, "long")), 300)
    yield _row(f"check a script of {QUESTIONS} questions", _anew(lambda: check(script)), 300)
    yield _row("load and check first_talk", _anew(lambda: check(load(first, "first_talk"))), 200)
    texts = {file.stem: file.read_text("utf-8") for file in (ROOT / "dialogs").glob("*.yaml")}
    named = f"load and check all {len(texts)} files of dialogs/"
    yield _row(named, _anew(lambda: _check_all(texts), 3), 1000)


def _anew(work: Callable[[], object], rounds: int = 5) -> float:
    """As the first time: nothing is known of any script."""

    def forgetful() -> None:
        loading._whole.cache_clear()
        checking._known.cache_clear()
        work()

    return best(forgetful, rounds)


def _check_all(texts: dict[str, str]) -> None:
    """What `beforehand check` does."""
    kept = {name: text for name, text in texts.items() if not is_box(text)}
    scripts = [load(text, name) for name, text in kept.items() if not is_set(text)]
    problems = check_all(scripts, [load_set(text, name) for name, text in kept.items() if is_set(text)])
    assert not problems, problems[0]


def turn() -> Iterator[Row]:
    """One update from the inbox to its replies in the outbox, on a SQLite file, without a network."""
    yield _row("one durable turn, inbox to outbox, SQLite file", asyncio.run(_turn_takes()), 10)


async def _turn_takes() -> float:
    with tempfile.TemporaryDirectory() as folder:
        town = Town(Path(folder), ())
        make_keys(town)
        app = town.app()
        await app.store.open()
        try:
            await app.store.tx(app._first_scripts)
            await _someone(app)
            return await _turns(app)
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
    done = await app.store.tx(app.worker._together, [given], [])
    assert done.taken, "nothing was taken from the inbox"


def starting(rounds: int = 3) -> Iterator[Row]:
    """The whole command, as someone who types it waits for it."""
    for what, words, most in (
        ("start Python and do nothing", ["-c", "pass"], None),
        ("import every command", ["-c", "import bot.cli"], 700),
        ("import all that `beforehand run` needs", ["-c", "import bot.app"], 2500),
        ("beforehand --help", ["-m", "bot", "--help"], 1000),
    ):
        command = [sys.executable, *words]
        run = partial(subprocess.run, command, check=True, capture_output=True)
        yield _row(what, best(run, rounds), most)
