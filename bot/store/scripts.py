"""Scripts: drafts, and numbered versions that never change."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from bot.store.tables import scripts


@dataclass(frozen=True, slots=True)
class StoredScript:
    """One script as text; `version` is None while it is a draft."""

    id: int
    name: str
    version: int | None
    text: str
    made_by: int | None
    published_at: int | None


class Version(NamedTuple):
    """A stored script: its number, and the version it was published as; None for a draft."""

    id: int
    version: int | None


def live(conn: Connection, name: str) -> StoredScript | None:
    """The version in use: the newest that was published."""
    query = select(scripts).where(scripts.c.name == name, scripts.c.version.is_not(None))
    return _script(conn.execute(query.order_by(scripts.c.version.desc()).limit(1)).one_or_none())


def version_of(conn: Connection, number: int) -> int | None:
    """The version a stored script was published as."""
    return conn.scalar(select(scripts.c.version).where(scripts.c.id == number))


def by_id(conn: Connection, number: int) -> StoredScript | None:
    """One stored script."""
    return _script(conn.execute(select(scripts).where(scripts.c.id == number)).one_or_none())


def names(conn: Connection) -> list[str]:
    """The names of all scripts in use, in order."""
    return list(
        conn.scalars(
            select(scripts.c.name).where(scripts.c.version.is_not(None)).distinct().order_by(scripts.c.name)
        )
    )


def published(conn: Connection, name: str) -> list[str]:
    """The texts of all versions there have been, the first one first."""
    query = select(scripts.c.text).where(scripts.c.name == name, scripts.c.version.is_not(None))
    return list(conn.scalars(query.order_by(scripts.c.version)))


def draft(conn: Connection, name: str, text: str, made_by: int | None, now: int) -> int:
    """Keep a draft and give its number."""
    values = {"name": name, "text": text, "made_by": made_by, "made_at": now}
    return int(conn.execute(insert(scripts).values(values).returning(scripts.c.id)).scalar_one())


def publish(conn: Connection, number: int, name: str, now: int) -> int:
    """Make a draft the version in use, and give its version number."""
    last = conn.execute(select(func.max(scripts.c.version)).where(scripts.c.name == name)).scalar() or 0
    live_now = {"version": last + 1, "published_at": now}
    conn.execute(update(scripts).where(scripts.c.id == number).values(live_now))
    return int(last) + 1


def _script(row: Any) -> StoredScript | None:
    return (
        None
        if row is None
        else StoredScript(row.id, row.name, row.version, row.text, row.made_by, row.published_at)
    )
