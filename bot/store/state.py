"""How the bot is: who is at work, what waits, what was given up; numbers only.

All functions here run inside a transaction. Units: `now` is milliseconds since 1970, UTC.
"""

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, literal_column, select, text

from bot.clock import DAY
from bot.health import Pile, Presence, State
from bot.store.letters import Posted
from bot.store.order import is_posted
from bot.store.statement import Statement
from bot.store.tables import inbox, masters, outbox, people, reminders, workers


def note(conn: Connection, worker: Presence) -> None:
    """This worker is at work."""
    times = {"began": worker.started_at, "seen": worker.seen_at, "heard": worker.asked_at}
    _NOTE.run(conn, who=worker.name, **times)


def gone(conn: Connection, name: str) -> None:
    """This worker has stopped, as it should."""
    conn.execute(delete(workers).where(workers.c.name == name))


def look(conn: Connection, now: int) -> State:
    """Everything at this moment; it reads short indexes, however long the tables are."""
    waiting, ready, doubts = _WAITING.one(conn), _READY.one(conn, now=now), _IN_DOUBT.one(conn)
    due, queued = _DUE.one(conn, now=now), _QUEUED.one(conn)
    late_since = [each.since for each in (due, queued) if each.since is not None]
    dead_in, dead_out = _DEAD_IN.one(conn, then=now - DAY), _DEAD_OUT.one(conn, then=now - DAY)
    return State(
        at=now,
        workers=tuple(Presence(*row) for row in _WORKERS.all(conn)),
        waiting=Pile(waiting.many, waiting.since),
        ready=Pile(ready.many, ready.since),
        late=Pile(due.many + queued.many, min(late_since, default=None)),
        in_doubt=doubts.many,
        dead_in=dead_in.many,
        dead_out=dead_out.many,
        dead_lately=(dead_in.lately or 0) + (dead_out.lately or 0),
        people=_PEOPLE.one(conn).many,
        engine=_engine(conn),
        revision=revision(conn),
        size=_size(conn),
        masters=tuple(row.name for row in _MASTERS.all(conn)),
    )


def revision(conn: Connection) -> str:
    """Which version of the tables this is."""
    return str(conn.scalar(text("SELECT version_num FROM alembic_version")))


def _engine(conn: Connection) -> str:
    if conn.dialect.name == "sqlite":
        return f"SQLite {conn.scalar(text('SELECT sqlite_version()'))}"
    return f"PostgreSQL {str(conn.scalar(text('SHOW server_version'))).split()[0]}"


def _size(conn: Connection) -> int | None:
    if conn.dialect.name != "sqlite":
        return None
    pages = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    return int(conn.scalar(text(pages)) or 0)


def is_dead_in() -> ColumnElement[bool]:
    """The same words as in its partial index, which serves no other."""
    return literal_column("inbox.dead")


_MANY = func.count().label("many")
_NOTE = Statement(
    lambda insert: (
        insert(workers)
        .values(
            name=bindparam("who"),
            started_at=bindparam("began"),
            seen_at=bindparam("seen"),
            asked_at=bindparam("heard"),
        )
        .on_conflict_do_update(
            index_elements=["name"], set_={"seen_at": bindparam("seen"), "asked_at": bindparam("heard")}
        )
    )
)
_WORKERS = Statement(
    select(workers.c.name, workers.c.started_at, workers.c.seen_at, workers.c.asked_at).order_by(
        workers.c.started_at, workers.c.name
    )
)
_WAITING = Statement(select(_MANY, func.min(inbox.c.came_at).label("since")).where(inbox.c.done_at.is_(None)))
_READY = Statement(
    select(_MANY, func.min(outbox.c.due_at).label("since")).where(
        is_posted(Posted.READY), outbox.c.due_at <= bindparam("now")
    )
)
_OPEN = outbox.c.state.in_([literal_column(f"'{state}'") for state in (Posted.READY, Posted.SENDING)])
_IN_DOUBT = Statement(select(_MANY).where(_OPEN, outbox.c.doubts > 0))
_SINCE_DUE = func.min(reminders.c.due_at).label("since")
_DUE = Statement(
    select(_MANY, _SINCE_DUE).where(
        reminders.c.state == literal_column("'pending'"), reminders.c.due_at <= bindparam("now")
    )
)
_QUEUED = Statement(
    select(_MANY, _SINCE_DUE)
    .select_from(outbox)
    .join(reminders, reminders.c.id == outbox.c.reminder)
    .where(_OPEN)
)


def _dead(done_at: ColumnElement[int], is_dead: ColumnElement[bool]) -> Statement:
    lately = func.count().filter(done_at > bindparam("then")).label("lately")
    return Statement(select(_MANY, lately).where(is_dead))


_DEAD_IN = _dead(inbox.c.done_at, is_dead_in())
_DEAD_OUT = _dead(outbox.c.done_at, is_posted(Posted.DEAD))
_PEOPLE = Statement(select(_MANY).select_from(people).where(people.c.chat_id.is_not(None)))
_MASTERS = Statement(select(masters.c.name).order_by(masters.c.name))
