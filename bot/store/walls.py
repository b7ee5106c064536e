"""What was agreed on the wall stays there: when a zone gets other rules, its instants are worked out anew.

All functions here run inside a transaction. Units: `now` is milliseconds since 1970, UTC.
"""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, Update, bindparam, select, update
from sqlalchemy.sql.selectable import Select

from bot.clock import off_the_wall, on_the_wall
from bot.store.statement import Statement
from bot.store.tables import appointments, notes, reminders

AT_ONCE = 250
"""How many rows are looked at in one transaction: some 10 ms when every one of them moves."""


def keep(conn: Connection, now: int, edition: str) -> bool:
    """Look at some more of what lies ahead, once for each edition of the zones; true when there is more.

    Shape: how far it has got is noted, so that a crash costs nothing, and two workers take turns. A worker
    with an older edition changes nothing.
    """
    _FIRST.run(conn, noted=edition)  # a database that has no note yet was written with these zones
    noted, _, place = _NOTED.one(conn).value.partition(" ")
    if edition < noted or (edition == noted and not place):
        return False
    ZoneInfo.clear_cache()
    what, after = place.split() if edition == noted else ("dates", "0")
    read, move, state = _WHAT[what]
    rows = read.all(conn, after=int(after), now=now, most=AT_ONCE, state=state)
    move.each(conn, [moved for row in rows if (moved := _moved(row))])
    further = f" {what} {rows[-1].id}" if len(rows) == AT_ONCE else _NEXT[what]
    _NOTE.run(conn, noted=edition + further)
    return bool(further)


def _moved(row: Any) -> dict[str, Any] | None:
    """The instant of what was agreed, when the wall shows something else at the one that is kept."""
    try:
        if on_the_wall(row.at, row.zone) == row.wall:
            return None
        at = off_the_wall(row.wall, row.zone)
    except (ZoneInfoNotFoundError, ValueError):  # the zone is gone: what was worked out once stays
        return None
    return {"number": row.id, "was": row.at, "becomes": at}


def _ahead(table: Any, instant: Any, state: Any) -> Select[Any]:
    """Rows by their number; `state` is a value and not in the SQL, or the index of times would be sorted."""
    return (
        select(table.c.id, table.c.wall, table.c.zone, instant.label("at"))
        .where(table.c.id > bindparam("after"), state == bindparam("state"), instant > bindparam("now"))
        .order_by(table.c.id)
        .limit(bindparam("most"))
    )


def _mover(table: Any, instant: Any) -> Update:
    """Not one that somebody has just moved."""
    theirs = update(table).where(table.c.id == bindparam("number"), instant == bindparam("was"))
    return theirs.values({instant: bindparam("becomes")})


_DATES = Statement(_ahead(appointments, appointments.c.starts_at, appointments.c.status))
_REMINDERS = Statement(_ahead(reminders, reminders.c.due_at, reminders.c.state))
_MOVE_DATE = Statement(_mover(appointments, appointments.c.starts_at))
_MOVE_REMINDER = Statement(_mover(reminders, reminders.c.due_at))
_WHAT = {
    "dates": (_DATES, _MOVE_DATE, "agreed"),
    "reminders": (_REMINDERS, _MOVE_REMINDER, "pending"),
}
_NEXT = {"dates": " reminders 0", "reminders": ""}
_FIRST = Statement(
    lambda insert: insert(notes).values(name="tz", value=bindparam("noted")).on_conflict_do_nothing()
)
_NOTED = Statement(select(notes.c.value).where(notes.c.name == "tz").with_for_update())
_NOTE = Statement(update(notes).where(notes.c.name == "tz").values(value=bindparam("noted")))
