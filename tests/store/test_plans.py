"""Finding work costs what there is to do, not what there ever was: no question reads a whole table.

Each database holds 20,000 rows of everything that is over or far away, and a few that are not.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from shutil import copyfile
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import make_url

from bot.dialog.talk import Fact, State
from bot.pace import UNHURRIED
from bot.store import boxes, dates, due, incoming, outgoing, paced, people, screen, talks
from bot.store.inside import inside
from bot.store.letters import Dead, Delivered, NotSent, Sending, Waiting
from bot.store.talks import Status, Talk
from tests import pg
from tests.ring import ring
from tests.store.conftest import NOW, at_hand, engine_of

MANY, FEW = 20_000, 40
SEALED = -1  # the chat of the one person whose words are sealed as they should be
BIG = ("inbox", "outbox", "reminders", "answers", "talks", "people", "chats", "shares", "audit")
LONG_AGO, SOON, FAR = NOW - 3_600_000, NOW - 10, NOW + 86_400_000

FILL = (
    "INSERT INTO chats (chat_id, key, free_at) SELECT i, :key, 0 FROM numbers",
    "INSERT INTO people (chat_id, name, language, zone, expecting, joined_at)"
    " SELECT i, :key, 'en', 'UTC', '', 0 FROM numbers",
    "INSERT INTO talks (person, script, status, started_at, said_at, unfinished_sent)"
    " SELECT i, 'meeting', 'open', 0, 0, 0 FROM numbers",
    "INSERT INTO answers (talk, place, state, value, said_at)"
    " SELECT 1 + i / 20, 'place' || (i % 15), 'given', :key, i FROM numbers",
    "INSERT INTO shares (talk, to_person, summary, shared_at) SELECT i, 1, :key, 0 FROM numbers",
    "INSERT INTO audit (at, action, detail) SELECT i, 'opened', '' FROM numbers",
    "INSERT INTO inbox (update_id, chat_id, attempts, error, dead, not_before, came_at, done_at)"
    " SELECT i, 1 + i % 5000, 0, '', FALSE, :old, :old, :old FROM numbers",
    "INSERT INTO inbox (update_id, chat_id, attempts, error, dead, not_before, came_at, done_at)"
    " SELECT -i, :many - i, 0, '', FALSE, 0, 0, 0 FROM numbers WHERE i <= :few",
    "INSERT INTO inbox (update_id, chat_id, payload, attempts, error, dead, not_before, came_at)"
    " SELECT :many + i, i, :key, 0, '', FALSE, :soon, :soon FROM numbers WHERE i <= :few",
    "INSERT INTO outbox (chat_id, dedup, urgency, state, attempts, withdrawn, doubts, error, edits, due_at,"
    " done_at, reminder) SELECT 1 + i % 5000, 'old' || i, 0, 'sent', 1, FALSE, 0, '', 0, :old, :old, i"
    " FROM numbers",
    "INSERT INTO outbox (chat_id, dedup, urgency, state, attempts, withdrawn, doubts, error, edits, due_at,"
    " done_at) SELECT :many - i, 'oldest' || i, 0, 'sent', 1, FALSE, 0, '', 0, 0, 0"
    " FROM numbers WHERE i <= :few",
    "INSERT INTO outbox (chat_id, dedup, payload, urgency, state, attempts, withdrawn, doubts, error, edits,"
    " due_at) SELECT i, 'new' || i, :key, 0, 'ready', 0, FALSE, 0, '', 0, :soon FROM numbers WHERE i <= :few",
    "INSERT INTO outbox (chat_id, dedup, payload, urgency, state, attempts, withdrawn, doubts, error, edits,"
    " due_at, owner, lease_until) SELECT 100 + i, 'going' || i, :key, 0, 'sending', 0, FALSE, 0, '', 0,"
    " :soon, 'w', :far FROM numbers WHERE i <= :few",
    "INSERT INTO reminders (person, talk, rule, state, due_at, made_at, zone, wall)"
    " SELECT 1 + i % 5000, 1 + i % 5000, 'before', 'pending', :far + i, 0, 'UTC', '' FROM numbers",
    "INSERT INTO reminders (person, talk, rule, state, due_at, made_at, zone, wall)"
    " SELECT i, i, 'before', 'pending', :soon, 0, 'UTC', '' FROM numbers WHERE i <= :few",
)
NUMBERS = (
    "CREATE TEMPORARY TABLE numbers AS WITH RECURSIVE n(i) AS"
    " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i FROM n"
)


def fill(engine: Engine) -> None:
    here = {
        "key": bytes.fromhex(ring().newest) + b"\x01" * 60,
        "many": MANY,
        "few": FEW,
        "old": LONG_AGO,
        "soon": SOON,
        "far": FAR,
    }
    with engine.begin() as conn:
        conn.execute(text(NUMBERS))
        for each in FILL:
            conn.execute(text(each), {name: here[name] for name in re.findall(r":(\w+)", each)})
        conn.execute(text("DROP TABLE numbers"))
        at_hand(conn)
        person = people.by_id(conn, people.add(conn, SEALED, "Ann", "en", "UTC", NOW))
        assert person is not None
        talk = talks.begin(conn, person, "meeting", NOW)
        talks.keep(conn, talk, [Fact(f"p{n}", State.GIVEN, n) for n in range(20)] * 2, NOW, 1, 1)


@pytest.fixture(scope="module")
def full_sqlite(empty_sqlite: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    file = tmp_path_factory.mktemp("full") / "talks.db"
    copyfile(str(make_url(empty_sqlite).database), file)
    engine = engine_of(f"sqlite:///{file}")
    fill(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def full_postgresql(server: pg.Server, empty_postgresql: str) -> Iterator[Engine]:
    url = server.fresh(like=empty_postgresql)
    engine = engine_of(url)
    fill(engine)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as conn:
        conn.execute(text("VACUUM ANALYZE"))
    yield engine
    engine.dispose()
    server.drop(url)


@pytest.fixture
def full(kind: str, request: pytest.FixtureRequest) -> Iterator[Connection]:
    engine: Engine = request.getfixturevalue(f"full_{kind}")
    with engine.connect() as connection, connection.begin() as whole:
        at_hand(connection)
        yield connection
        whole.rollback()


Asked = list[tuple[str, Any]]


@contextmanager
def listening(conn: Connection) -> Iterator[Asked]:
    """All that the database is asked meanwhile, whichever way."""
    asked: Asked = []

    class Driver:
        def __init__(self, link: Any) -> None:
            self._link = link

        def execute(self, sql: str, values: Any) -> Any:
            asked.append((sql, values))
            return self._link.execute(sql, values)

        def cursor(self) -> "Driver":
            return self

        def executemany(self, sql: str, values: Any) -> None:
            asked.extend((sql, each) for each in values)
            self._link.cursor().executemany(sql, values)

    def note(_conn: Any, _cursor: Any, sql: str, values: Any, *_: Any) -> None:
        asked.append((sql, values))

    here = inside(conn)
    here.driver, link = Driver(here.driver), here.driver
    event.listen(conn, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(conn, "before_cursor_execute", note)
        here.driver = link


def explained(conn: Connection, sql: str, values: Any) -> list[Any]:
    """What the database says about how it finds the rows."""
    how = "EXPLAIN QUERY PLAN" if conn.dialect.name == "sqlite" else "EXPLAIN (ANALYZE, FORMAT JSON)"
    return list(conn.connection.driver_connection.execute(f"{how} {sql}", values).fetchall())  # type: ignore[union-attr]


WHOLE = re.compile(
    rf"SCAN ({'|'.join(BIG)})(_\d+)?"
    r"(?! USING (COVERING )?INDEX ix_(inbox_(open|chat|dead)|outbox_(ready|chat|lease|dead))\b)"
)
"""A table is read from end to end; those indexes hold only what is still to be done."""


def whole_tables_sqlite(conn: Connection, sql: str, values: Any) -> list[str]:
    return [row[3] for row in explained(conn, sql, values) if WHOLE.match(row[3])]


def whole_tables_postgresql(conn: Connection, sql: str, values: Any) -> list[str]:
    [[[whole]]] = explained(conn, sql, values)
    return [
        f"{node['Node Type']} of {node['Relation Name']}: {rows} rows"
        for node in _nodes(whole["Plan"])
        if node.get("Relation Name") in BIG and (rows := _touched(node)) > 10 * FEW
    ]


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for each in node.get("Plans", ()):
        yield from _nodes(each)


def _touched(node: dict[str, Any]) -> float:
    names = (
        "Actual Rows",
        "Rows Removed by Filter",
        "Rows Removed by Index Recheck",
        "Rows Removed by Join Filter",
    )
    return float(sum(node.get(name, 0) for name in names) * node.get("Actual Loops", 1))


def sending(conn: Connection) -> Sending:
    row = conn.execute(text("SELECT id, chat_id, owner FROM outbox WHERE state = 'sending' LIMIT 1")).one()
    return Sending(row.id, row.chat_id, "", row.owner)


def update_of(number: int) -> Waiting:
    return Waiting(MANY + number, number, None, 0)


TALK = Talk(MANY + 1, MANY + 1, SEALED, "meeting", None, Status.OPEN)
Look = Callable[[Connection], object]
LOOKS: dict[str, Look] = {
    "take": lambda conn: incoming.take(conn, NOW, 32),
    "take with nothing to do": lambda conn: incoming.take(conn, 0, 32),
    "done": lambda conn: incoming.done_in(conn, [update_of(1), update_of(2)], NOW),
    "failed": lambda conn: incoming.failed_in(conn, update_of(1), ValueError(), NOW),
    "put off": lambda conn: incoming.put_off(conn, MANY + 1, NOW),
    "all of a chat": lambda conn: incoming.waiting_of(conn, 7),
    "is there work": lambda conn: boxes.has_work(conn, NOW),
    "is there no work": lambda conn: boxes.has_work(conn, 0),
    "does an update wait": lambda conn: boxes.has_waiting(conn, NOW),
    "claim": lambda conn: outgoing.claim(conn, "w", NOW, 32, UNHURRIED),
    "claim with nothing to do": lambda conn: outgoing.claim(conn, "w", 0, 32, UNHURRIED),
    "does a reply wait": lambda conn: outgoing.has_replies(conn, NOW),
    "does no reply wait": lambda conn: outgoing.has_replies(conn, 0),
    "is a message ready": lambda conn: outgoing.has_ready(conn, NOW),
    "is no message ready": lambda conn: outgoing.has_ready(conn, 0),
    "settle": lambda conn: outgoing.settle(conn, sending(conn), Delivered(1, 1), NOW),
    "settle what was not sent": lambda conn: outgoing.settle(conn, sending(conn), NotSent(1, ""), NOW),
    "settle what is dead": lambda conn: outgoing.settle(conn, sending(conn), Dead("", blocked=True), NOW),
    "hold back": lambda conn: paced.hold_back(conn, 7, NOW, 1000, UNHURRIED),
    "was it seen": lambda conn: screen.unseen(conn, 7, 1),
    "reclaim": lambda conn: outgoing.reclaim(conn, NOW),
    "reclaim everything": lambda conn: outgoing.reclaim(conn, NOW, everything=True),
    "cancel a reminder": lambda conn: outgoing.cancel_reminder(conn, [7]),
    "take back what was shared": lambda conn: outgoing.take_back(conn, "talk.7.share7.", 7),
    "is the newest a reply": lambda conn: screen.is_newest_a_reply(conn, 7),
    "has what was shared arrived": lambda conn: screen.has_all(conn, 7, "talk.7.share7."),
    "messages of a chat": lambda conn: outgoing.waiting_of(conn, 7),
    "due reminders": lambda conn: due.due(conn, NOW),
    "no due reminders": lambda conn: due.due(conn, 0),
    "missed reminders": lambda conn: due.missed(conn, NOW),
    "is a reminder due": lambda conn: due.is_any(conn, NOW),
    "is there room for reminders": lambda conn: due.has_room(conn, NOW),
    "the next reminder": dates.next_due,
    "call reminders back": lambda conn: due.call_back(conn, NOW - 1000),
    "reminders of a talk": lambda conn: dates.cancel_of_talk(conn, 7),
    "move a reminder": lambda conn: dates.move(conn, 7, "before", NOW, "UTC"),
    "purge": lambda conn: boxes.purge(conn, NOW),
    "who writes": lambda conn: people.by_chat(conn, SEALED),
    "whose number is it": lambda conn: people.by_id(conn, MANY + 1),
    "answers": lambda conn: talks.latest(conn, TALK),
    "talk of a person": lambda conn: talks.of_person(conn, 7),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_no_question_reads_a_whole_table(full: Connection, look: Look) -> None:
    with listening(full) as asked:
        look(full)
    find = whole_tables_sqlite if full.dialect.name == "sqlite" else whole_tables_postgresql
    bad = [(each, sql) for sql, values in asked for each in find(full, sql, values)]

    assert asked
    assert not bad
