"""A database of the first version, full of plain words, becomes one of this: all is there, all is sealed."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.engine import make_url

from bot.clock import Clock
from bot.dialog.talk import Prompt, State
from bot.pace import UNHURRIED
from bot.store import dates, incoming, outgoing, people, shares, talks
from bot.store.database import Store, migrate
from bot.store.letters import pack
from bot.store.tables import answers, appointments, outbox, reminders
from tests import pg
from tests.ring import ring
from tests.store.conftest import NOW, at_hand, engine_of
from tests.store.test_migrations import KILLED

ANN, RAVI = 101, 102
IN_JULY, IN_DECEMBER = (
    1_751_374_800_000,
    1_764_604_800_000,
)  # 1 July 2025 and 1 December 2025, 13:00 and 16:00 UTC
SECRETS = (
    "Ann Person-Name",
    "Ravi Contact-Name",
    "my brother shouts at night",
    "the summary nobody else may see",
    "an update that waits",
    "an update that was given up",
    "a message that waits",
    "a message that was given up",
    "Mo, as his inviter calls him",
)


def said(number: int, words: str) -> str:
    return json.dumps({"update_id": number, "message": {"chat": {"id": ANN}, "text": words}})


ROWS: dict[str, list[dict[str, Any]]] = {
    "teams": [{"id": 1, "name": "First team"}],
    "people": [
        {"id": 1, "chat_id": ANN, "name": SECRETS[0], "zone": "Europe/London", "key_contact": 2},
        {"id": 2, "chat_id": RAVI, "name": SECRETS[1], "zone": "Asia/Kolkata", "key_contact": None},
        {"id": 3, "chat_id": None, "name": "", "zone": "UTC", "key_contact": None},
    ],
    "roles": [{"person": 1, "team": 1, "role": "person"}, {"person": 2, "team": 1, "role": "key_contact"}],
    "talks": [
        {
            "id": 1,
            "person": 1,
            "script": "meeting",
            "status": "open",
            "started_at": 1,
            "said_at": 2,
            "unfinished_sent": 1,
        }
    ],
    "answers": [
        {"id": 1, "value": '"an older answer"', "said_at": 1},
        {"id": 2, "value": json.dumps(SECRETS[2]), "said_at": 2},
        {"id": 50, "value": '"erased later"', "said_at": 3},
    ],
    "shares": [
        {"id": 7, "talk": 1, "to_person": 2, "summary": json.dumps({"title": SECRETS[3]}), "shared_at": 5}
    ],
    "appointments": [
        {"id": 4, "talk": 1, "person": 1, "key_contact": 2, "zone": "Europe/London", "starts_at": IN_JULY}
    ],
    "reminders": [
        {"id": 5, "person": 1, "talk": 1, "appointment": 4, "rule": "day_before", "due_at": IN_JULY},
        {"id": 6, "person": 2, "talk": 1, "appointment": None, "rule": "unread", "due_at": IN_DECEMBER},
    ],
    "invitations": [
        {
            "token_hash": "ab",
            "team": 1,
            "role": "person",
            "invited_by": 2,
            "name": SECRETS[8],
            "expires_at": 9,
        }
    ],
    "inbox": [
        {"update_id": 1, "payload": None, "dead": False, "done_at": 5},
        {"update_id": 2, "payload": said(2, SECRETS[4]), "dead": False, "done_at": None},
        {"update_id": 3, "payload": said(3, SECRETS[5]), "dead": True, "done_at": 5},
    ],
    "outbox": [
        {"id": 1, "dedup": "a.0", "payload": None, "state": "sent", "done_at": 5},
        {
            "id": 2,
            "dedup": "b.0",
            "payload": pack(Prompt(text=SECRETS[6])),
            "state": "ready",
            "done_at": None,
        },
        {"id": 3, "dedup": "c.0", "payload": pack(Prompt(text=SECRETS[7])), "state": "dead", "done_at": 5},
        {"id": 90, "dedup": "d.0", "payload": None, "state": "sent", "done_at": 5},
    ],
}
SAME: dict[str, dict[str, Any]] = {
    "people": {"language": "en", "expecting": "", "joined_at": 1},
    "answers": {"talk": 1, "place": "worries", "state": "given", "script_version": 1, "update_id": 9},
    "appointments": {"status": "agreed", "made_at": 1},
    "reminders": {"state": "pending", "made_at": 1},
    "invitations": {"made_at": 1},
    "inbox": {"chat_id": ANN, "attempts": 0, "error": "", "not_before": 1, "came_at": 1},
    "outbox": {
        "chat_id": ANN,
        "urgency": 0,
        "attempts": 0,
        "withdrawn": False,
        "doubts": 0,
        "error": "",
        "edits": 0,
        "due_at": 1,
    },
}


def fill(conn: Connection) -> None:
    """What the first version had written, in the words of its tables."""
    migrate(conn, "0001_start")
    for table, rows in ROWS.items():
        for row in rows:
            values = SAME.get(table, {}) | row
            columns, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
            conn.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({marks})"), values)
        if conn.dialect.name == "postgresql" and "id" in rows[0]:
            conn.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
            )
    conn.execute(text("DELETE FROM answers WHERE id = 50"))
    conn.execute(text("DELETE FROM outbox WHERE id = 90"))


@pytest.fixture
def old(nothing: str) -> str:
    """The address of a database the first version has left behind."""
    engine = engine_of(nothing)
    with engine.begin() as conn:
        fill(conn)
    engine.dispose()
    return nothing


async def upgraded(url: str) -> Store:
    store = Store(url, Clock(), ring())
    await store.open()
    return store


def look_at_everything(conn: Connection) -> None:
    """Every word is where it was."""
    ann, ravi = people.by_chat(conn, ANN), people.by_chat(conn, RAVI)
    talk, share = talks.by_id(conn, 1), shares.last(conn, 1)
    assert ann and ravi and talk and share
    assert (ann.name, ann.key_contact, ravi.name) == (SECRETS[0], ravi.id, SECRETS[1])
    assert people.by_id(conn, 3) is not None, "who was erased is still known by their number"
    answer = talks.latest(conn, talk)["worries"]
    assert (answer.state, answer.value) == (State.GIVEN, SECRETS[2])
    assert (share.id, share.summary) == (7, {"title": SECRETS[3]})
    [waiting] = incoming.waiting_of(conn, ANN)
    assert json.loads(said(2, SECRETS[4])) == waiting.payload
    [ready] = outgoing.claim(conn, "w", NOW, 8, UNHURRIED)
    assert ready.prompt.text == SECRETS[6]
    kept = [(name, payload) for _, name, payload in outgoing.waiting_of(conn, ANN)]
    assert ("c.0", pack(Prompt(text=SECRETS[7]))) in kept
    assert people.invitation(conn, "ab").invited_by == 2
    assert talk.stage == 1 and talks.of_person(conn, 1) == talk
    agreed = dates.agreed(conn, 1)
    assert agreed and (agreed.id, agreed.starts_at) == (4, IN_JULY)


async def test_every_word_can_still_be_read(old: str) -> None:
    store = await upgraded(old)
    await store.tx(look_at_everything)
    await store.close()


async def test_times_are_kept_as_people_have_them_on_their_wall(old: str) -> None:
    store = await upgraded(old)
    date = await store.tx(lambda conn: conn.execute(select(appointments)).one())
    found = await store.tx(lambda conn: conn.execute(select(reminders).order_by(reminders.c.id)).all())
    await store.close()

    assert (date.wall, date.zone) == ("2025-07-01T14:00", "Europe/London")
    assert [(each.wall, each.zone) for each in found] == [
        ("2025-07-01T14:00", "Europe/London"),
        ("2025-12-01T21:30", "Asia/Kolkata"),
    ]


async def test_no_number_is_ever_used_again(old: str) -> None:
    store = await upgraded(old)

    def go_on(conn: Connection) -> list[int]:
        ann, talk = people.by_chat(conn, ANN), talks.by_id(conn, 1)
        assert ann and talk
        outgoing.put_out(conn, ANN, [Prompt(text="new")], "e", NOW)
        dates.remind(conn, ann, 1, "before", NOW, NOW)
        copied = talks.latest(conn, talk)["worries"].value
        conn.execute(answers.insert().from_select(*copy_of_an_answer()))
        assert copied
        return [
            people.add(conn, 999, "New", "en", "UTC", NOW),
            shares.give(conn, talk, 2, {}, NOW),
            dates.agree(conn, 1, ann, 2, NOW, NOW),
            *(max(conn.scalars(select(table.c.id))) for table in (outbox, reminders, answers)),
        ]

    numbers = await store.tx(go_on)
    await store.close()

    assert numbers == [4, 8, 5, 91, 7, 51]


def copy_of_an_answer() -> tuple[list[str], Any]:
    names = [column.name for column in answers.c if column.name != "id"]
    return names, select(*(answers.c[name] for name in names)).where(answers.c.id == 2)


def left_in_files(kind: str, url: str, server: pg.Server | None) -> list[str]:
    """What people said and can be read by whoever holds the disk."""
    if kind == "sqlite":
        files = list(Path(str(make_url(url).database)).parent.iterdir())
    else:
        assert server is not None
        files = [file for file in (server.folder / "data" / "base").rglob("*") if file.is_file()]
    whole = b"".join(file.read_bytes() for file in files)
    return [words for words in SECRETS if words.encode() in whole]


async def test_no_word_is_left_in_the_clear(kind: str, old: str, request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue("server") if kind == "postgresql" else None
    await flush(kind, old)
    before = left_in_files(kind, old, server)
    store = await upgraded(old)
    await store.scrub()
    await store.close()
    await flush(kind, old)

    assert before == list(SECRETS)
    assert left_in_files(kind, old, server) == []


async def flush(kind: str, url: str) -> None:
    """All that is kept is in the files of the tables."""
    engine = engine_of(url)
    with engine.connect() as conn:
        if kind == "postgresql":
            conn.execution_options(isolation_level="AUTOCOMMIT").execute(text("CHECKPOINT"))
    engine.dispose()


async def test_a_program_killed_in_the_middle_of_it_starts_again_and_nothing_is_lost(old: str) -> None:
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, old, "seals")
    assert await killed.wait() == -signal.SIGKILL
    store = await upgraded(old)
    await store.tx(look_at_everything)
    await store.close()


async def test_trouble_in_the_middle_leaves_the_old_database_as_it_was(
    old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("bot.store.safe.seal", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await upgraded(old)
    engine = engine_of(old)
    with engine.connect() as conn:
        assert conn.scalar(text("SELECT name FROM people WHERE id = 1")) == SECRETS[0]
        assert conn.scalar(text("SELECT version_num FROM alembic_version")) == "0001_start"
    engine.dispose()
    store = await upgraded(old)
    await store.tx(look_at_everything)
    await store.close()


# ---- many workers start at once


@pytest.fixture
def of_many(server: pg.Server) -> Iterator[str]:
    made = server.fresh()
    engine = engine_of(made)
    with engine.begin() as conn:
        fill(conn)
    engine.dispose()
    yield made
    server.drop(made)


async def test_eight_workers_that_start_at_once_make_the_tables_once(of_many: str) -> None:
    stores = await asyncio.gather(*(upgraded(of_many) for _ in range(8)))
    names = await asyncio.gather(*(store.tx(lambda conn: people.by_chat(conn, ANN)) for store in stores))
    await stores[0].tx(look_at_everything)
    for store in stores:
        await store.close()

    assert [each and each.name for each in names] == [SECRETS[0]] * 8


STARTS = """
import asyncio, sys
from bot.clock import Clock
from bot.store.database import Store
from tests.ring import ring

async def start():
    store = Store(sys.argv[1], Clock(), ring())
    print("ready", flush=True)
    sys.stdin.read(1)
    await store.open()
    await store.close()

asyncio.run(start())
"""


@pytest.mark.long
async def test_eight_programs_that_start_at_once_make_the_tables_once(of_many: str) -> None:
    words = (sys.executable, "-c", STARTS, of_many)
    started = [await asyncio.create_subprocess_exec(*words, stdin=PIPE, stdout=PIPE) for _ in range(8)]
    for each in started:
        assert each.stdout and await each.stdout.readline() == b"ready\n"
    await asyncio.gather(*(each.communicate(b"go") for each in started))
    ended = [each.returncode for each in started]
    store = await upgraded(of_many)
    await store.tx(look_at_everything)
    await store.close()

    assert ended == [0] * 8


# ---- from the version before this one


async def test_a_talk_of_the_version_before_is_in_its_first_stage_and_can_reach_the_second(
    nothing: str,
) -> None:
    engine = engine_of(nothing)
    with engine.begin() as conn:
        at_hand(conn)
        fill(conn)
        migrate(conn, "0002_sealed")
    engine.dispose()
    store = await upgraded(nothing)
    await store.tx(look_at_everything)
    moved = await store.tx(talks.set_stage, 1, 2)
    again = await store.tx(talks.set_stage, 1, 2)
    found = await store.tx(talks.by_id, 1)
    await store.close()

    assert (moved, again, found and found.stage) == (True, False, 2)


async def test_a_worker_of_the_version_before_can_still_begin_talks(url: str) -> None:
    """It knows nothing of stages, and works beside this one for a while."""
    store = await upgraded(url)
    words = (
        "INSERT INTO talks (person, script, status, started_at, said_at, unfinished_sent)"
        " VALUES (1, 'first_talk', 'open', 1, 1, 0)"
    )
    await store.tx(lambda conn: conn.execute(text(words)).rowcount)
    stages = await store.tx(lambda conn: list(conn.scalars(text("SELECT stage FROM talks"))))
    await store.close()

    assert stages == [1]
