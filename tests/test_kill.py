"""kill -9 in the middle of ten conversations, five times over: nothing is lost, mixed up or asked twice."""

import asyncio
import logging
import os
import random
import re
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.clock import Clock
from bot.dialog.talk import State
from bot.sandbox import Fault, Phone, Sandbox
from bot.store import people, talks
from bot.store.database import Store
from bot.store.letters import REMINDER, REPLY
from bot.store.tables import answers, inbox, outbox
from bot.web import serving
from tests.crowd import NAMES, REPLIES, TOKEN, Bot, Person, tokens
from tests.ring import ring

pytestmark = pytest.mark.long
log = logging.getLogger(__name__)

PHONES = {name: Phone(name, name, "Person", 201 + n) for n, name in enumerate(NAMES)}
RAVI, GIL = Phone("ravi", "Ravi", "Key contact", 102), Phone("gil", "Gil", "Admin", 103)
KILLS = 5
PATIENCE = 150
"""Units: seconds until the whole test is given up."""


class Scene:
    """Ten people, their key contact and their admin, on one sandbox, with one bot."""

    def __init__(self, sandbox: Sandbox, bot: Bot, chance: random.Random) -> None:
        self.sandbox, self.bot, self.chance = sandbox, bot, chance
        self.people = [Person(sandbox, name, chance) for name in NAMES]
        self.killed_at: list[int] = []

    async def play(self) -> None:
        """Everybody is invited, everybody talks, and meanwhile the bot is killed."""
        self.sandbox.start_with("gil", await self.bot.first_admin())
        await self.bot.start()
        self.sandbox.press_start("gil")
        await self.sandbox.until(lambda: self.sandbox.keyboard("gil"), 20)
        self.sandbox.start_with("ravi", (await self.links("gil", "Invite a key contact", 1))[0])
        self.sandbox.press_start("ravi")
        await self.sandbox.until(lambda: self.sandbox.keyboard("ravi"), 20)
        for person, token in zip(self.people, await self.links("ravi", "Invite a person", 10), strict=True):
            self.sandbox.start_with(person.name, token)
            self.sandbox.press_start(person.name)
        await asyncio.gather(self.killer(), *(person.talk() for person in self.people))
        await self.sandbox.until(lambda: len(self.summaries()) >= len(NAMES), 60)

    async def links(self, key: str, label: str, count: int) -> list[str]:
        """Ask for so many links, and give their tokens."""

        def given() -> list[str]:
            return tokens("\n".join(shown.text for shown in self.sandbox.screen(key) if not shown.mine))

        for _ in range(count):
            self.sandbox.press(key, label)
        await self.sandbox.until(lambda: len(given()) >= count, 40)
        return given()[:count]

    async def killer(self) -> None:
        """Kill the bot when so much has been said, and start it again, five times."""
        for much in sorted(self.chance.sample(range(4, len(NAMES) * REPLIES - 25), KILLS)):
            await self.sandbox.until(lambda most=much: self.said() >= most, PATIENCE)  # type: ignore[misc]
            await asyncio.sleep(self.chance.uniform(0, 0.6))
            await self.bot.kill()
            self.killed_at.append(self.said())
            await asyncio.sleep(self.chance.uniform(0, 0.5))
            await self.bot.start()

    def stuck(self) -> str:
        """Who has not come to the end, and what their phone shows."""
        left = [person.name for person in self.people if "I am sending it" not in person.everything()]
        pictures = self.sandbox.picture().split("--- ")
        return "\n".join(each for each in pictures if each.split("\n")[0] in left) or "none of the people"

    def said(self) -> int:
        """How much everybody has said so far."""
        return sum(person.said for person in self.people)

    def summaries(self) -> list[str]:
        """What the key contact has been given."""
        heard = [shown.text for shown in self.sandbox.screen("ravi") if not shown.mine]
        return [text for text in heard if "has shared this with you" in text]


@asynccontextmanager
async def _scene(folder: Path, seed: int) -> AsyncIterator[Scene]:
    chance = random.Random(seed)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    sandbox = Sandbox((*PHONES.values(), RAVI, GIL), token=TOKEN)
    late = (0, 0, 0.05, 0.2)  # so that a kill finds some messages under way
    sandbox.faults = lambda *_: Fault(delay=chance.choice(late))
    bot = Bot(folder, port)
    async with serving(sandbox.app, "127.0.0.1", port):
        try:
            yield Scene(sandbox, bot, chance)
        finally:
            if bot.process and bot.process.returncode is None:
                await bot.kill()
            bot.log.close()
            sandbox.close()


async def test_nothing_is_lost_mixed_up_or_asked_twice_when_the_bot_is_killed_five_times(
    tmp_path: Path,
) -> None:
    seed = int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(10**6))
    log.warning("KILL_SEED=%s plays this again, as nearly as the machine allows", seed)
    async with _scene(tmp_path, seed) as scene:
        try:
            async with asyncio.timeout(PATIENCE):
                await scene.play()
        except TimeoutError:
            pytest.fail(f"KILL_SEED={seed}, killed at {scene.killed_at}: still talking are {scene.stuck()}")
        exit_code = await scene.bot.stop()
    log.warning("killed after %s things said", scene.killed_at)

    assert exit_code == 0
    assert len(scene.killed_at) == KILLS
    assert scene.sandbox.problems == []
    store = Store(scene.bot.database, Clock(), ring())
    await store.open()
    await store.tx(all_is_well, scene)
    await store.close()
    for person in scene.people:
        only_their_own_words(scene, person)
    each_summary_is_of_one_person(scene)


def all_is_well(conn: Connection, scene: Scene) -> None:
    """What is kept is what was said, and what came is what is kept."""
    _every_update_was_worked_out(conn)
    for person in scene.people:
        _every_answer_is_there(conn, person)
        _nothing_came_twice_without_doubt(conn, scene.sandbox, PHONES[person.name].chat_id)
    _nothing_came_twice_without_doubt(conn, scene.sandbox, RAVI.chat_id)


def _every_update_was_worked_out(conn: Connection) -> None:
    left = conn.execute(select(inbox.c.update_id).where(inbox.c.done_at.is_(None) | inbox.c.dead)).all()
    told = (outbox.c.id, outbox.c.chat_id, outbox.c.state, outbox.c.attempts, outbox.c.doubts, outbox.c.error)
    waiting = conn.execute(select(*told).where(outbox.c.state != "sent")).all()

    assert (left, waiting) == ([], [])


def _every_answer_is_there(conn: Connection, person: Person) -> None:
    """At its place, once, and nothing else."""
    who = people.by_chat(conn, PHONES[person.name].chat_id)
    talk = talks.of_person(conn, who.id) if who else None
    assert talk is not None, f"{person.name} is not here"
    rows = conn.execute(select(answers).where(answers.c.talk == talk.id).order_by(answers.c.id)).all()
    newest = talks.latest(conn, talk)
    given = {place: kept.value for place, kept in newest.items() if kept.state == State.GIVEN}
    said = {place: _said(value) for place, value in given.items()}

    assert said == {
        "may_keep": "yes",
        "matters": person.words("matters"),
        "working": person.words("working"),
        "days": person.days,
        "place": person.words("place"),
        "attendees": [f"Mo of {person.name}"],
        "how_known@n1": person.words("how_known"),
        "share": "share",
    }
    assert len([row for row in rows if row.state == "given"]) == len(given), "an answer was kept twice"
    assert len({row.update_id for row in rows}) == len(rows), "an update was worked out twice"
    assert person.said == REPLIES == len(rows), "something that was said is not in the history"


def _said(value: Any) -> Any:
    """What a person said, without what the kind keeps beside it."""
    if not isinstance(value, dict):
        return value
    if "items" in value:
        return [item["name"] for item in value["items"]]
    return value.get("words") or value.get("codes") or value.get("code")


def _nothing_came_twice_without_doubt(conn: Connection, sandbox: Sandbox, chat: int) -> None:
    """A chat's messages arrive in the order of its outbox, each once, and again only in doubt."""
    rows = conn.execute(select(outbox).where(outbox.c.chat_id == chat).order_by(outbox.c.id)).all()
    calls = [call for call in sandbox.ledger if call.chat_id == chat]
    words = {call.message_id: call.fields["text"] for call in calls if call.method == "sendMessage"}
    new = [row for row in rows if not row.edits]
    came = Counter(words.values())
    at_most = Counter(dict.fromkeys(came, 0))
    for row in new:
        at_most[words[row.message_id]] += 1 + row.doubts
    redrawn = [call for call in calls if call.method == "editMessageText"]

    assert len(came) >= 4
    assert {text: came[text] for text in came if came[text] > at_most[text]} == {}
    for urgency in (REPLY, REMINDER):
        last = [row.message_id for row in new if row.urgency == urgency]
        assert last == sorted(last), "these came out of order"
    assert len(redrawn) <= sum(1 + row.doubts for row in rows if row.edits)
    assert sum(row.doubts for row in rows) <= KILLS, "one chat has one message under way, so one doubt a kill"


def only_their_own_words(scene: Scene, person: Person) -> None:
    heard = person.everything()
    others = [name for name in NAMES if name != person.name and re.search(rf"\b{name}\b", heard)]

    assert others == []
    assert person.words("matters") in heard, "nothing was read back"


def each_summary_is_of_one_person(scene: Scene) -> None:
    summaries = set(scene.summaries())
    about = {name: [text for text in summaries if f"{name} has shared" in text] for name in NAMES}

    assert len(summaries) == len(NAMES)
    for person in scene.people:
        (text,) = about[person.name]
        assert all(person.words(place) in text for place in ("matters", "working", "place", "how_known"))
        assert not [name for name in NAMES if name != person.name and re.search(rf"\b{name}\b", text)]
