"""Several workers on one PostgreSQL: nothing is done twice, out of order, too fast, or lost between them."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import psycopg
import pytest
from sqlalchemy import Connection, select, text

from bot.clock import DAY, Clock
from bot.dialog.talk import Prompt
from bot.errors import ChatBusy
from bot.pace import UNHURRIED, Limits
from bot.people import Person
from bot.store import boxes, incoming, outgoing, people, safe
from bot.store.database import Store, is_outage
from bot.store.inside import inside
from bot.store.letters import LEASE, Delivered, NotSent, Sending, Waiting
from bot.store.tables import chats, outbox
from tests import pg
from tests.ring import ring
from tests.store.conftest import NOW

T = TypeVar("T")
ANN, RAVI, MO = 101, 102, 103
PATIENCE = 20.0
"""Units: seconds until a test gives up."""


@pytest.fixture
def url(server: pg.Server, empty_postgresql: str) -> Iterator[str]:
    made = server.fresh(like=empty_postgresql)
    yield made
    server.drop(made)


@asynccontextmanager
async def worker(url: str) -> AsyncIterator[Store]:
    store = Store(url, Clock(), ring())
    await store.open()
    try:
        yield store
    finally:
        await store.close()


@pytest.fixture
async def one(url: str) -> AsyncIterator[Store]:
    async with worker(url) as store:
        yield store


@pytest.fixture
async def two(url: str) -> AsyncIterator[Store]:
    async with worker(url) as store:
        yield store


@asynccontextmanager
async def under_way(store: Store, body: Callable[[Connection], T]) -> AsyncIterator[T]:
    """A transaction that has done its work and does not end before the block does."""
    got: list[T] = []
    done, leave = threading.Event(), threading.Event()

    def whole(conn: Connection) -> None:
        try:
            got.append(body(conn))
        finally:
            done.set()
        assert leave.wait(PATIENCE)

    task = asyncio.create_task(store.tx(whole))
    try:
        assert await asyncio.to_thread(done.wait, PATIENCE)
        if not got:
            await task
        yield got[0]
    finally:
        leave.set()
        await task


async def is_waiting(store: Store, task: "asyncio.Task[Any]") -> bool:
    """Whether the task waits for a lock of another transaction, as the server says."""
    waits = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    while not task.done():
        if await store.tx(lambda conn: conn.scalar(waits)):
            return True
        await asyncio.sleep(0.01)
    return False


def said(number: int, chat: int = ANN) -> dict[str, Any]:
    return {"update_id": number, "message": {"chat": {"id": chat}, "text": f"words {number}"}}


def keep(conn: Connection, *updates: dict[str, Any], at: int = NOW) -> list[int]:
    return incoming.put_in(conn, updates, at)


def take(conn: Connection) -> list[Waiting]:
    return incoming.take(conn, NOW, 32)


def finish(conn: Connection) -> list[int]:
    found = take(conn)
    incoming.done_in(conn, found, NOW)
    return [each.update_id for each in found]


def write(conn: Connection, chat: int, name: str) -> None:
    outgoing.put_out(conn, chat, [Prompt(text=name)], name, NOW)


def claim(
    conn: Connection, owner: str, limits: Limits = UNHURRIED, now: int = NOW, most: int = 64
) -> list[Sending]:
    return outgoing.claim(conn, owner, now, most, limits)


def come(conn: Connection, chat: int, name: str) -> Person:
    found = people.by_id(conn, people.add(conn, chat, name, "en", "UTC", NOW))
    assert found is not None
    return found


# ---- in


async def test_a_chat_one_worker_works_on_is_passed_over_by_the_other(one: Store, two: Store) -> None:
    await one.tx(keep, said(1, ANN), said(2, ANN), said(3, RAVI))
    async with under_way(one, lambda conn: incoming.take(conn, NOW, 1)) as first:
        assert [each.update_id for each in first] == [1]
        assert await two.tx(finish) == [3]
        assert await two.tx(finish) == []
    assert await two.tx(finish) == [1], "the first worker has not done it, so it is still to do"
    assert await two.tx(finish) == [2]


async def test_what_arrives_for_a_chat_that_is_being_worked_on_is_kept_at_once(
    one: Store, two: Store
) -> None:
    await one.tx(keep, said(1))
    async with under_way(one, finish):
        assert await two.tx(keep, said(2)) == [2]
        assert await two.tx(finish) == []
    assert await two.tx(finish) == [2]


async def test_an_earlier_update_that_arrives_in_the_last_moment_goes_first(one: Store, two: Store) -> None:
    await one.tx(keep, said(9))

    def take_late(conn: Connection) -> list[int]:
        here = inside(conn)
        here.driver = Interrupted(
            here.driver, lambda: asyncio.run_coroutine_threadsafe(two.tx(keep, said(8)), loop)
        )
        return [each.update_id for each in take(conn)]

    loop = asyncio.get_running_loop()
    assert await one.tx(take_late) == [8]


async def test_an_update_done_in_the_last_moment_is_not_done_again(one: Store, two: Store) -> None:
    await one.tx(keep, said(8), said(9))

    def take_late(conn: Connection) -> list[int]:
        here = inside(conn)
        done = text("UPDATE inbox SET done_at = 1, payload = NULL WHERE update_id = 8")
        here.driver = Interrupted(
            here.driver, lambda: asyncio.run_coroutine_threadsafe(two.tx(lambda c: c.execute(done)), loop)
        )
        return [each.update_id for each in take(conn)]

    loop = asyncio.get_running_loop()
    assert await one.tx(take_late) == [9]


class Interrupted:
    """A driver after whose first answer something else happens."""

    def __init__(self, driver: Any, happens: Callable[[], Any]) -> None:
        self._driver = driver
        self._to_come = [happens]

    def execute(self, sql: str, values: Any) -> Any:
        cursor = self._driver.execute(sql, values)
        while self._to_come:
            self._to_come.pop()().result(PATIENCE)
        return cursor


async def test_two_workers_with_four_hands_each_keep_every_chat_in_order(one: Store, two: Store) -> None:
    at_work: set[int] = set()
    done: list[tuple[int, int]] = []
    watch = threading.Lock()

    def turn(conn: Connection) -> int:
        found = incoming.take(conn, NOW, 3)
        with watch:
            busy = {each.chat_id for each in found}
            assert not busy & at_work, "two work on the same chat"
            at_work.update(busy)
            done.extend((each.chat_id, each.update_id) for each in found)
        incoming.done_in(conn, found, NOW)
        with watch:
            at_work.difference_update(busy)  # before the commit: the rows are locked until then
        return len(found)

    async def hand(store: Store) -> None:
        empty = 0
        while empty < 3:
            empty = 0 if await store.tx(turn) else empty + 1

    await one.tx(keep, *(said(number, 200 + number % 7) for number in range(210)))
    await asyncio.gather(*(hand(store) for store in (one, two) for _ in range(4)))
    while await one.tx(turn):
        pass

    assert sorted(number for _, number in done) == list(range(210)), "each once, and none left out"
    for chat in range(200, 207):
        numbers = [number for where, number in done if where == chat]
        assert numbers == sorted(numbers)


async def test_the_same_updates_given_to_two_workers_in_another_order_are_kept_once(
    one: Store, two: Store
) -> None:
    for first in range(0, 200, 10):
        updates = [
            said(number, 1000 + number) for number in range(first, first + 10)
        ]  # nobody knows these chats
        new = await asyncio.gather(one.tx(keep, *updates), two.tx(keep, *reversed(updates)))
        assert sorted(new[0] + new[1]) == list(range(first, first + 10))
    opened = await one.tx(lambda conn: [bool(each.payload) for each in incoming.take(conn, NOW, 500)])

    assert opened == [True] * 200


# ---- out


async def test_what_two_people_do_at_once_is_told_to_a_third_in_the_order_it_was_kept(
    one: Store, two: Store
) -> None:
    await one.tx(come, RAVI, "Ravi")
    async with under_way(one, lambda conn: write(conn, RAVI, "about Ann")):
        await two.tx(write, RAVI, "about Mo")
        [first] = await two.tx(claim, "two")
        assert first.name == "about Mo.0", "nobody waits for a transaction that may yet be undone"
        await two.tx(outgoing.settle, first, Delivered(1, 0), NOW)
    [second] = await two.tx(claim, "two")
    assert second.name == "about Ann.0" and second.id < first.id


async def test_no_message_is_claimed_by_two_workers_and_each_chat_gets_one_at_a_time(
    one: Store, two: Store
) -> None:
    def fill(conn: Connection) -> None:
        for number in range(120):
            write(conn, 200 + number % 40, f"m{number}")

    await one.tx(fill)
    rounds = 0
    sent: list[Sending] = []
    while len(sent) < 120 and rounds < 20:
        rounds += 1
        claims = await asyncio.gather(
            *(s.tx(claim, n, most=15) for n, s in (("1", one), ("2", two)) for _ in "ab")
        )
        claimed = [each for part in claims for each in part]
        busy = [each.chat_id for each in claimed]
        assert len(busy) == len(set(busy)), "a chat gets one message at a time"
        sent += claimed
        for each in claimed:
            assert await one.tx(outgoing.settle, each, Delivered(1, 1), NOW)
    by_chat = {chat: [each.id for each in sent if each.chat_id == chat] for chat in range(200, 240)}

    assert len({each.id for each in sent}) == len(sent) == 120
    assert all(numbers == sorted(numbers) for numbers in by_chat.values())


async def test_all_workers_together_keep_to_one_pace(one: Store, two: Store) -> None:
    def fill(conn: Connection) -> None:
        for number in range(200):
            write(conn, 200 + number, f"m{number}")

    await one.tx(fill)
    paced = Limits(a_second=25)
    counts = []
    for later in (0, 0, 400, 1400, 60_000):
        claims = await asyncio.gather(*(s.tx(claim, "w", paced, NOW + later) for s in (one, two)))
        counts.append(sum(map(len, claims)))

    assert counts == [25, 0, 10, 25, 25], "25 a second, and no more than a second's worth at once"


async def test_all_workers_together_keep_to_the_pace_of_a_chat(one: Store, two: Store) -> None:
    def fill(conn: Connection) -> None:
        for number in range(9):
            write(conn, ANN, f"m{number}")

    await one.tx(fill)
    paced, times = Limits(chat_burst=4, chat_a_second=1), []
    for second in range(8):
        for store in (one, two) * 2:
            now = NOW + second * 1000
            for each in await store.tx(claim, "w", paced, now):
                await store.tx(outgoing.settle, each, Delivered(1, 1), now)
                times.append(second)

    assert times == [0, 0, 0, 0, 1, 2, 3, 4, 5]


async def test_a_worker_that_lost_its_lease_writes_nothing(one: Store, two: Store) -> None:
    await one.tx(write, ANN, "m")
    [old] = await one.tx(claim, "frozen")
    later = NOW + LEASE + 1
    assert await two.tx(outgoing.reclaim, later) == 1
    [new] = await two.tx(claim, "awake", UNHURRIED, later)
    before = await one.tx(lambda conn: conn.execute(select(outbox)).all())
    late = [
        await one.tx(outgoing.settle, old, end, later)
        for end in (Delivered(1, 1), NotSent(5, ""))
        for _ in "ab"
    ]

    assert late == [False] * 4
    assert before == await one.tx(lambda conn: conn.execute(select(outbox)).all())
    assert new.doubts == 1, "it may have arrived the first time"
    assert await two.tx(outgoing.settle, new, Delivered(2, 2), later)


# ---- keys come and go


def one_old_update(conn: Connection) -> None:
    keep(conn, said(1), at=NOW - 9 * DAY)
    incoming.done_in(conn, incoming.take(conn, NOW, 1), NOW - 9 * DAY)


def keys(conn: Connection) -> list[int]:
    return list(conn.scalars(select(chats.c.chat_id)))


async def test_the_key_of_a_chat_somebody_writes_from_at_this_moment_is_not_dropped(
    one: Store, two: Store
) -> None:
    await one.tx(one_old_update)
    async with under_way(one, lambda conn: keep(conn, said(2))):
        assert await two.tx(boxes.purge, NOW) == 1
    found = await two.tx(take)

    assert [each.payload for each in found] == [said(2)]


async def test_whoever_writes_while_their_old_key_is_dropped_gets_a_new_one(one: Store, two: Store) -> None:
    await one.tx(one_old_update)
    async with under_way(one, lambda conn: (boxes.purge(conn, NOW), keys(conn))) as left:
        assert left == (1, [])
        writing = asyncio.create_task(two.tx(keep, said(2)))
        assert await is_waiting(two, writing)
    assert await writing == [2]
    found = await one.tx(take)

    assert [each.payload for each in found] == [said(2)]


async def test_a_strangers_chat_is_dropped_with_its_last_update(one: Store) -> None:
    await one.tx(one_old_update)
    await one.tx(boxes.purge, NOW)

    assert await one.tx(keys) == []


def new_key(conn: Connection) -> list[int]:
    """As when somebody wants to be forgotten while more of their words are on the way."""
    coming = incoming.waiting_of(conn, ANN)
    safe.renew(conn, ANN)
    for waiting in coming:
        incoming.seal_again(conn, waiting)
    return [each.update_id for each in coming]


async def test_what_is_said_just_before_a_key_changes_is_sealed_again(one: Store, two: Store) -> None:
    await one.tx(keep, said(1))
    async with under_way(one, lambda conn: keep(conn, said(2))):
        changing = asyncio.create_task(two.tx(new_key))
        assert await is_waiting(two, changing)
    assert await changing == [1, 2]

    assert await readable(one) == [said(1), said(2)]


async def test_what_is_said_just_after_a_key_changed_is_sealed_with_the_new_one(
    one: Store, two: Store
) -> None:
    await one.tx(keep, said(1))
    async with under_way(one, new_key):
        saying = asyncio.create_task(two.tx(keep, said(2)))
        assert await is_waiting(two, saying)
    assert await saying == [2]

    assert await readable(one) == [said(1), said(2)]


async def readable(store: Store) -> list[Any]:
    return [each.payload for each in await store.tx(incoming.waiting_of, ANN)]


async def test_a_message_to_somebody_whose_key_has_just_changed_can_be_read(one: Store, two: Store) -> None:
    ravi = await one.tx(come, RAVI, "Ravi")
    seen, changed = threading.Event(), threading.Event()

    def tell(conn: Connection) -> None:
        assert people.by_id(conn, ravi.id) == ravi
        seen.set()
        assert changed.wait(PATIENCE)
        write(conn, RAVI, "hello")

    telling = asyncio.create_task(one.tx(tell))
    await asyncio.to_thread(seen.wait, PATIENCE)
    await two.tx(safe.renew, RAVI)
    changed.set()
    await telling
    [message] = await two.tx(claim, "w")

    assert message.prompt.text == "hello"


# ---- two chats at once: a key contact acts on what a person says


@pytest.fixture
async def pair(one: Store) -> tuple[Person, Person]:
    return await one.tx(come, ANN, "Ann"), await one.tx(come, RAVI, "Ravi")


def hold(conn: Connection, *whose: Person, patient: bool = False) -> None:
    inside(conn).patient = patient
    for each in whose:
        people.hold(conn, each)


async def test_who_must_not_wait_is_told_that_a_chat_is_busy(
    one: Store, two: Store, pair: tuple[Person, Person]
) -> None:
    ann, ravi = pair
    async with under_way(one, lambda conn: hold(conn, ann)):
        with pytest.raises(ChatBusy):
            await two.tx(lambda conn: hold(conn, ann))
        await two.tx(lambda conn: hold(conn, ravi))
    await two.tx(lambda conn: hold(conn, ann))


async def test_who_may_wait_gets_the_chat_when_it_is_free(
    one: Store, two: Store, pair: tuple[Person, Person]
) -> None:
    async with under_way(one, lambda conn: hold(conn, pair[0])):
        waiting = asyncio.create_task(two.tx(lambda conn: hold(conn, pair[0], patient=True)))
        assert await is_waiting(one, waiting)
    await asyncio.wait_for(waiting, PATIENCE)


async def test_a_person_without_a_chat_needs_no_holding(one: Store, pair: tuple[Person, Person]) -> None:
    gone = Person(99, None, "", "en", "UTC", None, "", frozenset())

    await one.tx(lambda conn: hold(conn, gone))


async def test_two_workers_that_want_the_same_two_chats_crosswise_do_not_wait_for_each_other(
    one: Store, two: Store, pair: tuple[Person, Person]
) -> None:
    ann, ravi = pair
    async with under_way(one, lambda conn: hold(conn, ann)), under_way(two, lambda conn: hold(conn, ravi)):
        for busy in pair:
            with pytest.raises(ChatBusy):
                await one.tx(lambda conn, busy=busy: hold(conn, busy))  # type: ignore[misc]


async def test_of_two_patient_workers_that_wait_for_each_other_one_gives_way_and_may_try_again(
    one: Store, two: Store, pair: tuple[Person, Person]
) -> None:
    meet = threading.Barrier(2, timeout=PATIENCE)

    def crosswise(conn: Connection, first: Person, second: Person) -> None:
        hold(conn, first, patient=True)
        meet.wait()
        hold(conn, second, patient=True)

    ended = await asyncio.gather(
        one.tx(crosswise, *pair), two.tx(crosswise, *reversed(pair)), return_exceptions=True
    )
    [gave_way] = [each for each in ended if each is not None]

    assert isinstance(gave_way, psycopg.errors.DeadlockDetected)
    assert is_outage(gave_way), "so it is tried again"
    await two.tx(lambda conn: hold(conn, *pair, patient=True))


async def test_chats_are_held_in_the_same_order_however_they_are_named(one: Store, two: Store) -> None:
    await one.tx(lambda conn: [keep(conn, said(n, n)) for n in (ANN, RAVI, MO)])
    orders = ([ANN, RAVI, MO], [MO, RAVI, ANN])
    for _ in range(30):
        await asyncio.gather(*(s.tx(people.hold_chats, o) for s in (one, two) for o in orders))


# ---- who asks Telegram


async def test_only_one_worker_asks_telegram_and_another_follows_when_it_stops(url: str, two: Store) -> None:
    async with worker(url) as first:
        assert [await first.leads(), await two.leads(), await first.leads(), await two.leads()] == [
            True,
            False,
        ] * 2
    assert await two.leads()


async def test_a_worker_whose_connection_is_cut_leads_no_more_and_may_be_followed(
    one: Store, two: Store
) -> None:
    assert await one.leads()
    cut = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711")
    await two.tx(lambda conn: conn.execute(cut))

    for _ in range(500):  # the server takes a moment to end the other
        if leads := await two.leads():
            break
        await asyncio.sleep(0.02)
    assert leads
    assert not await one.leads()
    assert not await one.leads(), "and it works on, standing by"
    assert await one.tx(keys) == []
