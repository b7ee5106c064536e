"""A copy of the database comes back: whole or not at all, and without those who were erased since."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, inspect, make_url, select, text, update
from sqlalchemy.engine import URL

from bot.clock import Clock, moment
from bot.errors import BackupWrong, DatabaseBusy, KeyMissing
from bot.keys import KeyRing, keep_folder
from bot.store import copies, erasures, playback, safe
from bot.store.database import Store, migrate, one_at_a_time
from bot.store.erasures import Erasure
from bot.store.forgetting import replay
from bot.store.inside import now
from bot.store.postgres import others
from bot.store.sqlite import hold
from bot.store.tables import metadata, notes, outbox, people, reminders, talks, workers

LEAP = 1_000_000
"""So many numbers are left out: those given since the copy are on phones, and in the list of erasures."""

SLICE = 500
LOGS = ("-wal", "-shm")  # the files SQLite keeps beside a database in use
RESTORED = "restored"
"""The note that says when the database was restored, until everybody has been told."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done.

    Shape: `people` and `talks` say how many were erased again; `aside` is where the old SQLite file is.
    """

    people: int
    talks: int
    aside: Path | None = None


class Restore:
    """Brings back one database.

    Shape: `key_of` says how the names of messages with words of a talk begin, as in actions/note.
    """

    def __init__(self, url: str, clock: Clock, ring: KeyRing, key_of: Callable[[int], str]) -> None:
        self._url, self._clock, self._ring, self._key_of = make_url(url), clock, ring, key_of

    async def run(self, copy: Path, gone: Iterable[Erasure]) -> Restored:
        """Put the copy in the place of the database, and erase again what is in the list.

        Raises: BackupWrong, KeyMissing or DatabaseBusy, and nothing is changed then.
        """
        kind = _kind(copy)
        if kind != self._url.get_backend_name():
            raise BackupWrong(
                f"{copy} is a copy from {kind}, and DATABASE_URL names another kind of database."
            )
        if kind == "sqlite":
            return await self._file(copy, Path(self._url.database or ""), set(gone))
        return await self._server(copy, set(gone))

    # ---- a SQLite file

    async def _file(self, copy: Path, database: Path, gone: set[Erasure]) -> Restored:
        """Everything is done to a second file; only then does it take the place of the first."""
        database.parent.mkdir(parents=True, exist_ok=True)
        part = database.with_name(database.name + ".restoring")
        with hold(database):
            try:
                _clear(part)
                _copy(copy, part)
                copies.look_over(part, copy)
                done = await self._finish(part, gone | _gone_in(database))
                _make_fit(part, database)
                aside = _put_aside(database, self._clock.now())
                os.replace(part, database)
                keep_folder(database)
            except OSError as error:
                raise BackupWrong(f"{database} cannot be restored: {error.strerror}.") from None
            finally:
                _clear(part)
        return Restored(done.people, done.talks, aside)

    async def _finish(self, file: Path, gone: set[Erasure]) -> Restored:
        store = Store(URL.create("sqlite", database=str(file)).render_as_string(), self._clock, self._ring)
        await store.open()
        try:
            return await store.tx(self._settle_in, gone)
        finally:
            await store.close()

    # ---- PostgreSQL

    async def _server(self, copy: Path, gone: set[Erasure]) -> Restored:
        script = copies.program("pg_restore", self._url)
        store = Store(self._url.render_as_string(hide_password=False), self._clock, self._ring)
        await store.look()
        try:
            return await store.tx(self._replace_tables, script, copy, gone)
        finally:
            await store.close()

    def _replace_tables(self, conn: Connection, program: str, copy: Path, gone: set[Erasure]) -> Restored:
        """All in one transaction: until it ends, everybody still sees the old tables."""
        one_at_a_time(conn)  # a worker that starts meanwhile waits
        if others(conn):
            raise DatabaseBusy("The bot is running on this database. Stop it everywhere, then restore.")
        if inspect(conn).has_table("erasures"):
            gone = gone | set(erasures.since(conn, 0))
        path = conn.exec_driver_sql("SHOW search_path").scalar_one()
        for name in (*metadata.tables, "alembic_version"):
            conn.exec_driver_sql(f"DROP TABLE IF EXISTS {name} CASCADE")
        playback.play(conn, program, copy)
        conn.execute(text("SELECT set_config('search_path', :path, false)"), {"path": path})
        if not inspect(conn).has_table("masters"):
            raise BackupWrong(f"{copy} is no database of Beforehand.")
        copies.see_version(copy, *conn.execute(text("SELECT version_num FROM alembic_version")).scalars())
        migrate(conn)
        safe.check(conn)
        return self._settle_in(conn, gone)

    # ---- both

    def _settle_in(self, conn: Connection, gone: set[Erasure]) -> Restored:
        """Make an old database fit for today."""
        _try_keys(conn)
        done = replay(conn, gone, self._key_of)
        at = now(conn)
        _withdraw(conn, at)
        _leap(conn)
        conn.execute(notes.delete().where(notes.c.name == RESTORED))
        conn.execute(notes.insert().values(name=RESTORED, value=str(at)))
        return Restored(*done)


def _kind(copy: Path) -> str:
    try:
        with copy.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise BackupWrong(f"{copy} cannot be read: {error.strerror}.") from None
    if head.startswith(b"SQLite format 3\0"):
        return "sqlite"
    if head.startswith(b"PGDMP"):
        return "postgresql"
    raise BackupWrong(f"{copy} is no copy of a database.")


def _try_keys(conn: Connection) -> None:
    """See that the key file opens the key of every chat.

    Raises: KeyMissing when it does not.
    """
    after = -(2**63)
    while found := safe.try_keys(conn, after, SLICE):
        after = found[-1][0]
        closed = [name for _, name, opens in found if not opens]
        if closed:
            raise KeyMissing(
                f"Key {closed[0]} does not open all that it locks in this copy. Take another copy."
            )


def _withdraw(conn: Connection, at: int) -> None:
    """Send nothing that was on its way when the copy was made.

    It arrived long ago, or it is about people who are gone now. An answer nobody saw is no loss: everybody
    in a talk is asked anew. A reminder would be one, so its time is looked at again, as if it had not gone
    out; to be reminded twice does less harm than never.
    """
    is_open = outbox.c.state.in_(["ready", "sending"])
    ended = {"state": "cancelled", "withdrawn": True, "payload": None, "owner": None, "lease_until": None}
    conn.execute(update(outbox).where(is_open).values(ended | {"done_at": at}))
    conn.execute(update(reminders).where(reminders.c.state == "queued").values(state="pending"))
    conn.execute(workers.delete())


def _leap(conn: Connection) -> None:
    """Never give a number again that was given after the copy was made."""
    counted = [table for table in metadata.sorted_tables if table.dialect_options["sqlite"]["autoincrement"]]
    for table in counted:
        if conn.dialect.name == "sqlite":
            last = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
            seq = (conn.scalar(last, {"table": table.name}) or 0) + LEAP
            conn.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table.name})
            again = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :seq)")
            conn.execute(again, {"table": table.name, "seq": seq})
        else:
            counter = func.pg_get_serial_sequence(table.name, "id")
            conn.execute(select(func.setval(counter, func.nextval(counter) + LEAP)))


def to_be_asked(conn: Connection) -> list[int]:
    """Everybody in a talk, by their numbers, once after the database was restored; nobody otherwise."""
    if conn.execute(notes.delete().where(notes.c.name == RESTORED)).rowcount == 0:
        return []
    conn.execute(people.update().values(expecting=""))  # on their screens stands something newer
    here = select(people.c.id).join(talks, talks.c.person == people.c.id)
    is_open = (people.c.chat_id.is_not(None), talks.c.status == "open")
    return list(conn.scalars(here.where(*is_open).order_by(people.c.id).distinct()))


# ---- files


def _clear(file: Path) -> None:
    for ending in ("", *LOGS, ".lock"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    """A copy that only its owner may read."""
    fresh = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(fresh, "wb") as writing, source.open("rb") as reading:
        shutil.copyfileobj(reading, writing)


def _make_fit(file: Path, like: Path) -> None:
    """Bring a file to the disk, and let whoever owns the other one own it: the bot may be somebody else."""
    if like.exists() and hasattr(os, "chown"):
        os.chown(file, like.stat().st_uid, like.stat().st_gid)
    with file.open("rb") as whole:
        os.fsync(whole.fileno())


def _gone_in(database: Path) -> set[Erasure]:
    """What the old database knows of erasures, if it can still be read: the file may lack the last second."""
    if not database.exists():
        return set()
    is_clean = not _log_of(database).exists()
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as link:
            return {Erasure(*row) for row in link.execute("SELECT at, kind, number FROM erasures")}
    except sqlite3.Error:
        return set()
    finally:
        if is_clean:  # one who only reads cannot clear up; nobody else has the file open now
            for ending in LOGS:
                database.with_name(database.name + ending).unlink(missing_ok=True)


def _log_of(database: Path) -> Path:
    return database.with_name(database.name + "-wal")


def _put_aside(database: Path, at: int) -> Path | None:
    """Give the old file a second name; it keeps the first until the new one takes that.

    Shape: what is in its write-ahead log goes into it before, or SQLite would take that for the new one's.
    """
    if not database.exists():
        return None
    while (aside := database.with_name(f"{database.name}.before-{moment(at):%Y-%m-%d-%H%M%S}")).exists():
        at += 1000  # two in one second
    try:
        with closing(sqlite3.connect(database, isolation_level=None)) as link:
            link.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error:  # it is damaged; its log goes with it
        pass
    for ending in LOGS:
        left = database.with_name(database.name + ending)
        if left.exists():
            os.replace(left, aside.with_name(aside.name + ending))
    os.link(database, aside)
    return aside
