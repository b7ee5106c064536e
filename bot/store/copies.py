"""Copies of the database, made while the bot runs; each is looked over before it counts."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from bot.clock import NIGHT, moment
from bot.errors import BackupWrong
from bot.keys import keep_folder
from bot.store.database import revisions
from bot.store.tables import metadata

KEPT = timedelta(days=14)
"""How long nightly copies are kept, and so how long erased words stay in them."""

_NAMED = re.compile(r"beforehand-(\d{4}-\d\d-\d\d-\d{6})\.(?:db|dump)")
_STAMP = "%Y-%m-%d-%H%M%S"


class Copies:
    """Copies of one database in one folder, named by the instant they were made, UTC."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self.folder = make_url(url), folder
        self.of_a_file = self._url.get_backend_name() == "sqlite"

    def make(self, now: int, target: Path | None = None) -> Path:
        """Make a copy and say where it is.

        Units: `now` in milliseconds since 1970, UTC.
        Raises: BackupWrong when it cannot be made.
        """
        ending = "db" if self.of_a_file else "dump"
        made = target or self.folder / f"beforehand-{moment(now).strftime(_STAMP)}.{ending}"
        if made.exists():
            raise BackupWrong(f"{made} is there already. Name another file.")
        try:
            made.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _appearing(made) as part:
                if self.of_a_file:
                    copy_file(Path(self._url.database or ""), part)
                else:
                    _dump(self._url, part)
        except (OSError, sqlite3.Error) as error:
            raise BackupWrong(f"The copy {made} cannot be made: {error}.") from None
        return made

    def tonight(self, now: int, zone: str) -> Path | None:
        """Make the copy of the night, if there is none yet, then delete the old ones.

        Units: `now` in milliseconds since 1970, UTC.
        """
        wall = moment(now).astimezone(ZoneInfo(zone))
        night = wall.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
        night -= timedelta(days=night > wall)
        if any(at >= night for at in self._kept().values()):
            return None
        made = self.make(now)
        for file, at in self._kept().items():
            if at.astimezone(night.tzinfo).date() <= (night - KEPT).date():
                file.unlink(missing_ok=True)
        return made

    def newest(self) -> int:
        """When the newest of the nightly copies was made; 0 when there is none.

        Units: milliseconds since 1970, UTC.
        """
        return int(max((at.timestamp() for at in self._kept().values()), default=0) * 1000)

    def _kept(self) -> dict[Path, datetime]:
        """The copies in the folder, and when each was made."""
        named = [(file, _NAMED.fullmatch(file.name)) for file in self.folder.glob("beforehand-*")]
        return {file: datetime.strptime(m[1], _STAMP).replace(tzinfo=UTC) for file, m in named if m}


@contextmanager
def _appearing(file: Path) -> Iterator[Path]:
    """A file under another name, which only its owner may read; it takes its name when it is whole."""
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield part
        with part.open("rb") as whole:
            os.fsync(whole.fileno())
        os.replace(part, file)
        keep_folder(file)
    finally:
        part.unlink(missing_ok=True)


# ---- a SQLite file


def copy_file(source: Path, target: Path) -> None:
    """Copy a database that may be in use, as it is at one moment, without what was deleted.

    Shape: it only reads. A second connection that wrote, too, could hit the WAL-reset bug of SQLite
    before 3.51.3; one that reads cannot.
    Raises: BackupWrong when the copy is not whole.
    """
    if not source.is_file():
        raise BackupWrong(f"There is no database {source}, so there is nothing to copy.")
    with closing(sqlite3.connect(_read_only(source), uri=True, isolation_level=None)) as link:
        link.execute("VACUUM INTO ?", (str(target),))
    look_over(target)


def look_over(file: Path, name: Path | None = None) -> None:
    """See that a file is a whole database of this program, and not of a newer one.

    Shape: `name` is what people call it, when that is something else.
    Raises: BackupWrong when it is not.
    """
    try:
        with closing(sqlite3.connect(_read_only(file), uri=True)) as link:
            found = [str(row[0]) for row in link.execute("PRAGMA integrity_check(1)")]
            versions = [str(row[0]) for row in link.execute("SELECT version_num FROM alembic_version")]
            link.execute("SELECT name FROM masters")
    except sqlite3.Error as error:
        raise BackupWrong(f"{name or file} is no whole database of Beforehand: {error}.") from None
    if found != ["ok"]:
        raise BackupWrong(f"{name or file} is damaged: {found[0]}. Take another copy.")
    see_version(name or file, *versions)


def see_version(file: Path, *versions: str) -> None:
    """See that this program knows the tables of a copy.

    Raises: BackupWrong when a newer one made it.
    """
    if not versions or not set(revisions()).issuperset(versions):
        raise BackupWrong(f"{file} was made by a newer version of Beforehand. Install that version first.")


def _read_only(file: Path) -> str:
    return f"{file.resolve().as_uri()}?mode=ro"


# ---- PostgreSQL


def _dump(url: URL, target: Path) -> None:
    tables = [f"--table={name}" for name in (*metadata.tables, "alembic_version")]
    words = ("--format=custom", "--no-owner", "--no-privileges", f"--file={target}", *tables)
    done = subprocess.run(
        [program("pg_dump", url), *words, f"--dbname={without_password(url)}"],
        env=environment(url),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupWrong(f"pg_dump could not make the copy: {_first(done.stderr)}")


def program(name: str, url: URL) -> str:
    """Where a program of PostgreSQL is.

    Raises: BackupWrong when it is not here, or is older than the server.
    """
    here = shutil.which(name)
    if here is None:
        raise BackupWrong(f"{name} is not on this computer. On Debian: apt-get install postgresql-client.")
    said = subprocess.run([here, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r" (\d+)", said)
    server = _server_version(url)
    if version is None or int(version[1]) < server:
        raise BackupWrong(
            f"{name} here is of version {version[1] if version else 'unknown'}, and the server of {server}. "
            f"Install the client programs of PostgreSQL {server}."
        )
    return here


def _server_version(url: URL) -> int:
    engine = create_engine(url.set(drivername="postgresql+psycopg"), hide_parameters=True)
    try:
        with engine.connect() as conn:
            return int(conn.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000
    except DBAPIError as error:
        where = url.render_as_string(hide_password=True)
        raise BackupWrong(f"Nobody lets us in at {where}: {_first(str(error.orig))}") from None
    finally:
        engine.dispose()


def without_password(url: URL) -> str:
    """The address for a command line, where everybody on the computer can read it."""
    return (
        url.set(drivername="postgresql", password=None)
        .difference_update_query(["password"])
        .render_as_string()
    )


def environment(url: URL) -> Mapping[str, str]:
    """The environment for a program of PostgreSQL: the password is here, where nobody else reads it."""
    password = url.password or url.query.get("password")
    return {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}


def _first(words: str) -> str:
    return " ".join(words.split())[:300] or "it does not say why"
