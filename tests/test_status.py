"""How the bot is: seen from outside while it runs, and judged the same way everywhere."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, select, update

from bot import checkup
from bot import settings as setting
from bot.checkup import Checkup
from bot.cli import main
from bot.clock import DAY, MINUTE, Clock
from bot.commands.status import WHAT_TO_DO
from bot.errors import DatabaseUnusable
from bot.health import STOPS, Expected, Pile, Presence, State, Trouble, judge
from bot.keys import new_key
from bot.metrics import Metrics
from bot.store import boxes, state
from bot.store.inside import now
from bot.store.reading import reading
from bot.store.tables import inbox, workers
from tests import pg
from tests.test_webhook import free_port, with_webhook
from tests.town import CHATS, TOKEN, Town

NOW = 1_741_000_000_000
NONE = Pile(0, None)
WELL = State(
    at=NOW,
    workers=(Presence("1-a", NOW - DAY, NOW - 5000, NOW - 20_000),),
    waiting=NONE,
    ready=NONE,
    late=NONE,
    in_doubt=0,
    dead_in=0,
    dead_out=0,
    dead_lately=0,
    people=3,
    engine="SQLite 3.51.3",
    revision="0002_sealed",
    size=4096,
    masters=("aabbccdd",),
)
POLLS = Expected(polls=True, a_second=25)


def worker(**changed: Any) -> tuple[Presence, ...]:
    return (replace(WELL.workers[0], **changed),)


# ---- the judgement


def test_a_bot_that_is_well_needs_nobody() -> None:
    assert judge(WELL, POLLS) == ()


@pytest.mark.parametrize(
    ("changed", "trouble"),
    [
        ({"workers": ()}, Trouble.NO_WORKER),
        ({"workers": worker(seen_at=NOW - MINUTE - 1)}, Trouble.NO_WORKER),
        ({"workers": worker(asked_at=NOW - 3 * MINUTE - 1)}, Trouble.SILENT),
        ({"workers": worker(asked_at=None)}, Trouble.SILENT),
        ({"waiting": Pile(1, NOW - MINUTE - 1)}, Trouble.WAITING),
        ({"late": Pile(1, NOW - 11 * MINUTE)}, Trouble.LATE),
        ({"workers": (), "late": Pile(1, NOW - 11 * MINUTE)}, Trouble.LATE),
        ({"dead_lately": 1}, Trouble.DEAD),
    ],
)
def test_each_trouble_is_found(changed: dict[str, Any], trouble: Trouble) -> None:
    assert trouble in judge(replace(WELL, **changed), POLLS)


@pytest.mark.parametrize(
    "changed",
    [
        {"workers": worker(seen_at=NOW - MINUTE)},
        {"workers": worker(started_at=NOW - MINUTE, asked_at=None)},
        {"workers": (*worker(asked_at=None), Presence("2-b", NOW, NOW, NOW))},
        {"workers": (Presence("0-killed", 0, NOW - DAY + 1, None), *WELL.workers)},
        {"waiting": Pile(9, NOW - MINUTE)},
        {"workers": worker(started_at=NOW - 5000), "waiting": Pile(9, NOW - DAY)},
        {"late": Pile(1, NOW - 9 * MINUTE)},
        {"workers": worker(started_at=NOW - MINUTE), "late": Pile(9, NOW - DAY)},
        {"late": Pile(25 * 60, NOW - 10 * MINUTE - 50_000)},
        {"dead_in": 4, "dead_out": 4},
    ],
)
def test_what_is_soon_made_good_or_long_known_calls_nobody(changed: dict[str, Any]) -> None:
    assert judge(replace(WELL, **changed), POLLS) == ()


def test_a_bot_that_telegram_calls_may_hear_nothing_all_night() -> None:
    quiet = replace(WELL, workers=worker(asked_at=NOW - 8 * 60 * MINUTE))

    assert judge(quiet, replace(POLLS, polls=False)) == ()


def test_a_key_that_is_gone_and_a_backup_that_fails_need_a_person_but_stop_nothing() -> None:
    found = judge(WELL, replace(POLLS, keys=("11223344",), backup=NOW - 2 * DAY - 1))

    assert found == (Trouble.KEY, Trouble.BACKUP)
    assert not STOPS & set(found)
    assert judge(WELL, replace(POLLS, keys=("11223344", "aabbccdd"), backup=NOW - DAY)) == ()


def test_a_backup_that_was_never_made_is_missed_after_two_days_at_work() -> None:
    never = replace(POLLS, backup=0)

    assert judge(WELL, never) == ()
    assert judge(replace(WELL, workers=worker(started_at=NOW - 3 * DAY)), never) == (Trouble.BACKUP,)


def test_a_worker_asked_how_it_is_does_not_hide_behind_another() -> None:
    assert judge(WELL, replace(POLLS, worker="2-b")) == (Trouble.NO_WORKER,)
    assert judge(WELL, replace(POLLS, worker="1-a")) == ()


def test_every_trouble_says_what_to_do() -> None:
    assert set(WHAT_TO_DO) == set(Trouble)


# ---- who is at work


async def seen(town: Town) -> list[Presence]:
    found = await town.rows(select(workers).order_by(workers.c.started_at))
    return [Presence(r.name, r.started_at, r.seen_at, r.asked_at) for r in found]


async def test_a_worker_is_seen_from_its_start_and_gone_after_a_clean_stop(town: Town) -> None:
    await town.admin()
    [at_work] = await seen(town)
    async with town.bot_away():
        with reading(town.settings.database) as (conn, _):
            left = state.look(conn, 0).workers
    [anew] = await seen(town)

    assert at_work.name != anew.name == town.app.worker.name
    assert left == ()


async def test_it_is_written_down_now_and_then_that_it_works_and_when_it_heard_telegram(town: Town) -> None:
    await town.admin()
    [first] = await seen(town)
    await town.say("gil", "hello")
    await town.later(seconds=11)
    async with asyncio.timeout(5):
        while (await seen(town))[0].seen_at == first.seen_at:
            town.app.worker._calls["due"].set()
            await asyncio.sleep(0.01)
    [then] = await seen(town)

    assert then.started_at == first.started_at
    assert then.asked_at is not None and then.asked_at <= then.seen_at == town.clock.now()


async def test_a_worker_that_was_killed_is_forgotten_after_a_day(town: Town) -> None:
    def killed(conn: Connection) -> None:
        for age in (DAY + 1, DAY - 1):
            state.note(conn, Presence(f"killed {age}", 0, now(conn) - age, None))
        boxes.purge(conn, now(conn))

    await town.app.store.tx(killed)

    assert [each.name for each in await seen(town)][:1] == [f"killed {DAY - 1}"]


async def test_a_database_that_is_out_of_order_does_not_keep_a_worker_from_stopping(town: Town) -> None:
    def breaks(conn: Connection) -> None:
        raise ValueError("no")

    town.app.worker._attendance.end = breaks  # type: ignore[method-assign]
    async with asyncio.timeout(5), town.bot_away():
        pass


# ---- the command


async def typed(town: Town, *words: str, **changed: str) -> Result:
    """What `beforehand WORDS` does while the bot runs."""
    environment = {
        setting.DATABASE: town.settings.database,
        setting.KEYS: str(town.settings.keys),
        setting.BACKUPS: str(town.settings.backup_folder),
    }
    return await asyncio.to_thread(CliRunner().invoke, main, words, env=environment | changed)


@asynccontextmanager
async def today(tmp_path: Path, database: Path | None, url: str = "") -> AsyncIterator[Town]:
    """A town whose clock stands at this moment: the command has no other clock."""
    town = Town(tmp_path, database)
    if url:
        town.settings = replace(town.settings, database=url)
        town.app = town._app()
    town.clock.jump(Clock().now())
    async with town.open():
        await town.person()
        yield town


async def test_a_running_bot_on_a_file_says_how_it_is(tmp_path: Path, empty_town: Path) -> None:
    async with today(tmp_path, empty_town) as town:
        shown = await typed(town, "status")
        name = town.app.worker.name
        key = town.app.store.ring.newest

    assert shown.exit_code == 0, shown.output
    assert f"  {name}: seen " in shown.output
    for line in (
        "Workers: 1",
        "Updates waiting: 0",
        "Messages ready to go: 0",
        "Reminders due and not sent: 0",
        "Dead letters: 0 in, 0 out, 0 of them new today",
        "People: 3",
        f"Master keys in use: {key}; all in {town.settings.keys}",
    ):
        assert line in shown.output.splitlines()
    assert "Database: SQLite 3." in shown.output and " MB" in shown.output


async def test_it_says_what_needs_a_person_and_what_to_do(tmp_path: Path, empty_town: Path) -> None:
    (other := tmp_path / "other.keys").write_text(new_key())
    async with today(tmp_path, empty_town) as town:
        dead = inbox.insert().values(
            update_id=5, chat_id=101, attempts=5, error="ValueError", dead=True,
            not_before=0, came_at=0, done_at=town.clock.now(),
        )  # fmt: skip
        await town.app.store.tx(lambda conn: conn.execute(dead).rowcount)
        shown = await typed(town, "status", **{setting.KEYS: str(other)})
        machine = await typed(town, "status", "--json", **{setting.KEYS: str(other)})

    assert shown.exit_code == machine.exit_code == 1
    for trouble in (Trouble.DEAD, Trouble.KEY):
        assert "\n".join(WHAT_TO_DO[trouble]) in shown.output
    assert f"; not in {other}: " in shown.output
    assert json.loads(machine.output)["trouble"] == ["key missing", "dead letters"]


async def test_a_key_file_that_cannot_be_read_is_not_only_called_a_missing_key(
    tmp_path: Path, empty_town: Path
) -> None:
    (other := tmp_path / "other.keys").write_text(f"{new_key()}\nhello")
    async with today(tmp_path, empty_town) as town:
        shown = await typed(town, "status", **{setting.KEYS: str(other)})
        none = await typed(town, "status", **{setting.KEYS: str(tmp_path / "none")})

    assert f"{other}, line 2 is no key." in shown.output
    assert f"There is no key file {tmp_path / 'none'}." in none.output


async def test_a_bot_that_is_stopped_is_said_to_be_so(tmp_path: Path, empty_town: Path) -> None:
    async with today(tmp_path, empty_town) as town, town.bot_away():
        shown = await typed(town, "status")

    assert shown.exit_code == 1
    assert shown.output.endswith("\n".join(WHAT_TO_DO[Trouble.NO_WORKER]) + "\n")


async def test_looking_changes_nothing_and_a_looker_cannot_write(tmp_path: Path, empty_town: Path) -> None:
    async with today(tmp_path, empty_town) as town:
        with pytest.raises(DatabaseUnusable, match="readonly"), reading(town.settings.database) as (conn, _):
            conn.execute(update(workers).values(seen_at=0))


def test_where_there_is_no_database_none_is_made(tmp_path: Path) -> None:
    environment = {setting.DATABASE: f"sqlite:///{tmp_path}/none.db"}
    shown = CliRunner().invoke(main, ["status"], env=environment)

    assert shown.exit_code == 1
    assert "There is no database" in shown.stderr
    assert list(tmp_path.iterdir()) == []


async def test_tables_of_another_version_are_named(tmp_path: Path, empty_town: Path) -> None:
    async with today(tmp_path, empty_town) as town:
        older = "UPDATE alembic_version SET version_num = '0001_start'"
        await town.app.store.tx(lambda conn: conn.exec_driver_sql(older).rowcount)
        shown = await typed(town, "status")

    assert shown.exit_code == 1
    assert "0001_start" in shown.stderr and "Traceback" not in shown.output


async def test_the_same_on_postgresql(tmp_path: Path, server: pg.Server) -> None:
    async with today(tmp_path, None, server.fresh()) as town:
        shown = await typed(town, "status")
        with pytest.raises(DatabaseUnusable), reading(town.settings.database) as (conn, _):
            conn.execute(update(workers).values(seen_at=0))

    assert shown.exit_code == 0, shown.output
    assert "People: 3" in shown.output and "Database: PostgreSQL 15" in shown.output
    assert "MB" not in shown.output


def test_a_password_is_not_shown_when_the_server_is_away() -> None:
    environment = {setting.DATABASE: "postgresql://bot:SECRET@127.0.0.1:1/none"}
    shown = CliRunner().invoke(main, ["status"], env=environment)

    assert shown.exit_code == 1
    assert "127.0.0.1" in shown.stderr and "SECRET" not in shown.output


# ---- over the web


@asynccontextmanager
async def listening(town: Town, **changed: Any) -> AsyncIterator[httpx.AsyncClient]:
    port = free_port()
    town.settings = replace(town.settings, port=port, **changed)
    town.app = town._app()
    async with town.open(), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        await town.person()
        yield client


async def test_who_asks_over_the_web_gets_numbers_and_no_secrets(tmp_path: Path, empty_town: Path) -> None:
    town = Town(tmp_path, empty_town)
    async with listening(town, listens=True) as client:
        health, metrics = await client.get("/healthz"), await client.get("/metrics")

    said = health.json()
    assert (health.status_code, said["well"], said["workers"]) == (200, True, 1)
    assert "beforehand_people 3.0" in metrics.text
    for secret in (TOKEN, TOKEN.split(":")[1], str(town.file), "Ann", 'people"'):
        assert secret not in health.text
    for secret in (TOKEN, TOKEN.split(":")[1], str(town.file), "Ann"):
        assert secret not in metrics.text
    chat = CHATS["ann"]  # as a number by itself: a measured time may have the same digits in it
    assert not re.search(rf"(?<![\d.]){chat}(?![\d.])", metrics.text)


async def test_a_polling_bot_opens_no_port_unless_one_is_named(tmp_path: Path, empty_town: Path) -> None:
    town = Town(tmp_path, empty_town)
    async with listening(town) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get("/healthz")


async def test_a_bot_with_a_web_hook_says_it_at_the_same_place(tmp_path: Path, empty_town: Path) -> None:
    town = Town(tmp_path, empty_town)
    port = free_port()
    town.app = with_webhook(town, port)
    async with town.open(), httpx.AsyncClient() as client:
        await town.person()
        health = await client.get(f"http://127.0.0.1:{port}/healthz")

    assert health.status_code == 200


async def test_a_dead_letter_needs_a_person_but_takes_nothing_out_of_service() -> None:
    found = await _asked(replace(WELL, dead_lately=1))
    stopped = await _asked(replace(WELL, waiting=Pile(1, NOW - DAY)))

    assert found == (True, False, [], ["dead letters"])
    assert stopped == (False, False, ["updates wait"], [])


async def _asked(found: State) -> tuple[bool, bool, list[str], list[str]]:
    async def look() -> State:
        return found

    at_work, said = await Checkup(look, lambda: POLLS, Metrics()).health()
    return at_work, said["well"], said["stops"], said["needs"]


async def test_a_database_that_does_not_answer_is_said_so_soon_and_asked_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checkup, "PATIENCE", 0.05)
    looks, answers = [], asyncio.Event()

    async def look() -> State:
        looks.append(1)
        await answers.wait()
        return WELL

    asked = Checkup(look, lambda: POLLS, Metrics())
    stuck = await asyncio.gather(*(asked.health() for _ in range(20)))
    counted = await asked.metrics()
    answers.set()
    await asyncio.sleep(0)
    again = await asked.health()

    assert {at_work for at_work, _ in stuck} == {False}
    assert b"beforehand_updates_total" in counted and b"beforehand_people" not in counted
    assert (again[0], len(looks)) == (True, 1)


async def test_a_database_in_trouble_is_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    async def look() -> State:
        raise ValueError("a secret")

    at_work, said = await Checkup(look, lambda: POLLS, Metrics()).health()

    assert (at_work, said["stops"]) == (False, ["no answer from the database"])
    assert "secret" not in caplog.text
