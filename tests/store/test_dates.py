"""Dates and their reminders while two workers work on them."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot.actions import arrange, remind
from bot.actions.desk import Desk, House
from bot.clock import Clock, moment
from bot.dialog.talk import Heard, Said
from bot.errors import ChatBusy
from bot.i18n import date_in_words
from bot.pace import UNHURRIED
from bot.people import Role
from bot.store import dates, due, outgoing, people, safe, talks
from bot.store.database import Store, is_outage
from bot.store.inside import inside, now
from bot.store.letters import Sending
from bot.store.statement import Statement
from bot.store.tables import outbox, reminders
from tests.pg import Server
from tests.ring import ring

MINUTE = 60_000
HERE = House("UTC")


@dataclass
class Two:
    """Two workers on one database; Ravi is the first person, and the others get ready with him."""

    one: Store
    other: Store
    zone: str
    ravi: int = 0
    talks: tuple[int, ...] = ()


@pytest.fixture
async def two(server: Server) -> AsyncIterator[Two]:
    url = server.fresh()
    hours = 12 - datetime.now(UTC).hour  # where it is the middle of the day just now
    made = Two(Store(url, Clock(), ring()), Store(url, Clock(), ring()), f"Etc/GMT{-hours:+d}")
    await made.one.open()
    await made.other.open()
    await made.one.tx(_arrive, made)
    yield made
    await made.one.close()
    await made.other.close()
    server.drop(url)


def _arrive(conn: Connection, two: Two) -> None:
    team = people.first_team(conn, "Team")
    two.ravi = people.add(conn, 1, "Ravi", "en", two.zone, now(conn))
    people.give_role(conn, two.ravi, team, Role.KEY_CONTACT)
    made = []
    for chat in range(100, 112):
        number = people.add(conn, chat, f"Person {chat}", "en", two.zone, now(conn))
        people.set_key_contact(conn, number, two.ravi)
        person = people.by_id(conn, number)
        assert person is not None
        made.append(talks.begin(conn, person, "first_talk", now(conn)).id)
    two.talks = tuple(made)


def _press(conn: Connection, two: Two, talk: int, code: str, starts_at: int) -> None:
    inside(conn).patient = True
    ravi = people.by_id(conn, two.ravi)
    assert ravi is not None
    desk = Desk(conn, HERE, now(conn), f"{talk}.{starts_at}.{random.random()}")
    heard = Heard(0, 1, said=Said(tapped=code))
    arrange.pressed(desk, ravi, f"{talk}/{starts_at // MINUTE}", heard)


async def _sure(store: Store, two: Two, talk: int, code: str, starts_at: int) -> None:
    """Ravi presses a button; when two workers were in each other's way it is tried again."""
    while True:
        try:
            return await store.tx(_press, two, talk, code, starts_at)
        except Exception as error:
            if not (isinstance(error, ChatBusy) or is_outage(error)):
                raise


async def _ticking(store: Store, stop: asyncio.Event, sent: list[Sending]) -> None:
    """A worker that reminds and sends."""
    while not stop.is_set():
        await store.tx(lambda conn: remind.due(conn, now(conn), HERE))
        sent += await store.tx(lambda conn: outgoing.claim(conn, "worker", now(conn), 3, UNHURRIED))
        await asyncio.sleep(0)


async def test_a_date_moved_while_its_reminder_is_due_is_said_with_the_new_time_and_never_lost(
    two: Two,
) -> None:
    start = (await two.one.tx(now)) // MINUTE * MINUTE + 120 * MINUTE
    final = {talk: start + 7 * MINUTE + n * MINUTE for n, talk in enumerate(two.talks)}
    stop, sent = asyncio.Event(), list[Sending]()
    ticking = asyncio.create_task(_ticking(two.other, stop, sent))
    for each in range(5):
        order = random.Random(each).sample(two.talks, len(two.talks))
        for talk in order:
            await _sure(two.one, two, talk, "yes", final[talk] if each == 4 else start + each * MINUTE)
    stop.set()
    await ticking
    await two.one.tx(lambda conn: remind.due(conn, now(conn), HERE))

    def look(conn: Connection) -> None:
        rows = {r.id: r for r in conn.execute(select(reminders))}
        on_its_way = [r for r in conn.execute(select(outbox).where(outbox.c.reminder.is_not(None)))]
        for talk in two.talks:
            agreed = dates.agreed(conn, talk)
            assert agreed is not None and agreed.starts_at == final[talk]
            open_ones = [r for r in rows.values() if r.talk == talk and r.state != "cancelled"]
            assert [(r.state, r.appointment) for r in open_ones] == [("queued", agreed.id)]
            (row,) = [
                each for each in on_its_way if each.reminder == open_ones[0].id and each.state != "cancelled"
            ]
            words = safe.unseal(conn, row.chat_id, row.payload, "outbox", row.dedup)
            assert date_in_words(moment(final[talk]), two.zone, "en") in words
        waiting = [each for each in on_its_way if each.state == "ready"]
        assert all(rows[each.reminder].state == "queued" for each in waiting)

    await two.one.tx(look)
    assert len({each.id for each in sent}) == len(sent)


async def test_a_date_called_off_after_its_reminder_was_queued_takes_it_back(two: Two) -> None:
    start = (await two.one.tx(now)) // MINUTE * MINUTE + 120 * MINUTE
    for talk in two.talks:
        await _sure(two.one, two, talk, "yes", start)
    while await two.other.tx(lambda conn: remind.due(conn, now(conn), HERE)):
        pass
    for talk in two.talks:
        await _sure(two.one, two, talk, "sure", start)

    def look(conn: Connection) -> None:
        assert {r.state for r in conn.execute(select(reminders))} == {"cancelled"}
        about = conn.execute(select(outbox).where(outbox.c.reminder.is_not(None))).all()
        assert {(r.state, r.payload) for r in about} == {("cancelled", None)} and len(about) == len(two.talks)

    await two.one.tx(look)


async def test_a_chat_somebody_works_on_is_left_to_them(two: Two) -> None:
    start = (await two.one.tx(now)) // MINUTE * MINUTE + 120 * MINUTE
    await _sure(two.one, two, two.talks[0], "yes", start)
    held, go_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def working(conn: Connection) -> None:
        people.hold_chats(conn, [100])
        loop.call_soon_threadsafe(held.set)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(10)

    task = asyncio.create_task(two.one.tx(working))
    await held.wait()
    assert await two.other.tx(lambda conn: due.due(conn, now(conn))) == []
    go_on.set()
    await task
    assert len(await two.other.tx(lambda conn: due.due(conn, now(conn)))) == 1


@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
async def test_looking_for_what_is_due_reads_only_what_is_due(
    where: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    is_server = where == "postgresql"
    url = request.getfixturevalue("server").fresh() if is_server else f"sqlite:///{tmp_path}/bot.db"
    store = Store(url, Clock(), ring())
    await store.open()

    def plan(conn: Connection, statement: Statement, values: dict[str, int]) -> str:
        sql, fixed = statement._for(where)
        cursor = inside(conn).driver.cursor()
        if is_server:
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(("EXPLAIN " if is_server else "EXPLAIN QUERY PLAN ") + sql, {**fixed, **values})
        return "\n".join(str(row) for row in cursor.fetchall())

    for statement, values in (
        (due._DUE, {"now": 1, "most": 1}),
        (due._MISSED, {"now": 1, "most": 1}),
    ):
        words = await store.tx(plan, statement, values)
        assert "ix_reminders_due" in words and "SCAN reminders" not in words
    stuck = {"before": 1, "tried": 1, "most": 1}
    for statement, values in ((due._STUCK, stuck), (due._LYING, {"now": 1})):
        words = await store.tx(plan, statement, values)
        assert "ix_outbox" in words and "SCAN outbox" not in words
    await store.close()
