"""A PostgreSQL server for the tests: a fresh one in a folder, from the programs of this machine."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

MISSING = "PostgreSQL tests skipped: no server program here. On Debian: apt-get install postgresql"
_numbers = count(1)


def programs() -> Path | None:
    """Where initdb and postgres are; None when they are not here."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


class Server:
    """One server, reached through a socket in its folder; durable settings, as in real use."""

    def __init__(self, folder: Path, bin_folder: Path) -> None:
        self.folder, self._bin = folder, bin_folder

    def url(self, database: str) -> str:
        """The address of a database on it."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def fresh(self, like: str = "") -> str:
        """The address of a new database: empty, or like another that nobody uses at the moment."""
        name = f"town{os.getpid()}_{next(_numbers)}"
        template = f" TEMPLATE {name_in(like)}" if like else ""
        with psycopg.connect(self.url("postgres"), autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {name}{template}".encode())
        return self.url(name)

    def drop(self, url: str) -> None:
        """Do away with a database, whoever still uses it."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as conn:
            conn.execute(f"DROP DATABASE IF EXISTS {name_in(url)} WITH (FORCE)".encode())

    def begin(self) -> None:
        """Make it and start it."""
        self._run(
            "initdb", "-D", f"{self.folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"
        )
        self.start()

    def start(self) -> None:
        """Start it, unless it runs."""
        if self._runs():
            return
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=60"
        self._ctl("start", "-o", options, "-l", f"{self.folder}/log")

    def stop(self, mode: str = "fast") -> None:
        """Stop it, if it runs; mode "immediate" is as if the power had gone."""
        if self._runs():
            self._ctl("stop", "-m", mode)

    def _runs(self) -> bool:
        return (self.folder / "data" / "postmaster.pid").exists()

    def _ctl(self, *words: str) -> None:
        self._run("pg_ctl", "-w", "-D", f"{self.folder}/data", *words)

    def _run(self, program: str, *words: str) -> None:
        command = [str(self._bin / program), *words]
        if os.geteuid() == 0:  # PostgreSQL refuses to be root
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(
            command, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")


def name_in(url: str) -> str:
    """The name of the database at an address."""
    return url.removeprefix("postgresql://postgres@/").partition("?")[0]


@contextmanager
def serving() -> Iterator[Server]:
    """A running server, for as long as the block."""
    found = programs()
    assert found is not None, MISSING
    with tempfile.TemporaryDirectory(prefix="pg") as name:  # a short name: sockets have no room for more
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        server = Server(folder, found)
        server.begin()
        try:
            yield server
        finally:
            server.stop("immediate")
