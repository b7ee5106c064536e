"""Scripts and sets: drafts, and numbered versions that never change.

The text of a set's version holds the texts of its scripts as they were then (dialog/sets).
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from bot.store.tables import scripts


@dataclass(frozen=True, slots=True)
class StoredScript:
    """One script or set as text; `version` is None while it is a draft."""

    id: int
    name: str
    version: int | None
    text: str
    made_by: int | None
    published_at: int | None
    made_at: int = 0


class Version(NamedTuple):
    """A stored script: its number, and the version it was published as; None for a draft."""

    id: int
    version: int | None


def live(conn: Connection, name: str) -> StoredScript | None:
    """The version in use: the newest that was published."""
    query = select(scripts).where(scripts.c.name == name, scripts.c.version.is_not(None))
    return _script(conn.execute(query.order_by(scripts.c.version.desc()).limit(1)).one_or_none())


def all_live(conn: Connection) -> list[StoredScript]:
    """The version in use of every script and set, by name."""
    newest = select(scripts.c.name, func.max(scripts.c.version).label("version")).group_by(scripts.c.name)
    found = newest.subquery()
    query = select(scripts).join(
        found, (found.c.name == scripts.c.name) & (found.c.version == scripts.c.version)
    )
    rows = conn.execute(query.order_by(scripts.c.name)).all()
    return [kept for row in rows if (kept := _script(row))]


def history(conn: Connection, name: str, most: int) -> list[StoredScript]:
    """The last versions there have been, the newest first."""
    query = select(scripts).where(scripts.c.name == name, scripts.c.version.is_not(None))
    rows = conn.execute(query.order_by(scripts.c.version.desc()).limit(most)).all()
    return [kept for row in rows if (kept := _script(row))]


def of_version(conn: Connection, name: str, version: int) -> StoredScript | None:
    """One version there has been."""
    query = select(scripts).where(scripts.c.name == name, scripts.c.version == version)
    return _script(conn.execute(query).one_or_none())


def version_of(conn: Connection, number: int) -> int | None:
    """The version a stored script was published as."""
    return conn.scalar(select(scripts.c.version).where(scripts.c.id == number))


def by_id(conn: Connection, number: int) -> StoredScript | None:
    """One stored script."""
    return _script(conn.execute(select(scripts).where(scripts.c.id == number)).one_or_none())


def published(conn: Connection, name: str) -> list[str]:
    """The texts of all versions there have been, the first one first."""
    query = select(scripts.c.text).where(scripts.c.name == name, scripts.c.version.is_not(None))
    return list(conn.scalars(query.order_by(scripts.c.version)))


def draft(conn: Connection, name: str, text: str, made_by: int | None, now: int) -> int:
    """Keep a draft and give its number."""
    values = {"name": name, "text": text, "made_by": made_by, "made_at": now}
    return int(conn.execute(insert(scripts).values(values).returning(scripts.c.id)).scalar_one())


def publish(conn: Connection, number: int, name: str, text: str, now: int) -> int:
    """Make a draft the version in use, with this text, and give its version number."""
    last = conn.execute(select(func.max(scripts.c.version)).where(scripts.c.name == name)).scalar() or 0
    live_now = {"version": last + 1, "published_at": now, "text": text}
    conn.execute(update(scripts).where(scripts.c.id == number).values(live_now))
    return int(last) + 1


def _script(row: Any) -> StoredScript | None:
    if row is None:
        return None
    return StoredScript(row.id, row.name, row.version, row.text, row.made_by, row.published_at, row.made_at)
