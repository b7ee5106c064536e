"""What pg_restore makes of a copy, run in the transaction that is open: it comes back whole or not at all."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection

from bot.errors import BackupWrong


def play(conn: Connection, program: str, copy: Path) -> None:
    """Run the script that pg_restore makes of a copy, in the transaction that is open.

    Raises: BackupWrong when the copy is not whole.
    """
    with subprocess.Popen(
        [program, "--no-owner", "--no-privileges", "--file=-", str(copy)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as making:
        assert making.stdout is not None and making.stderr is not None
        cursor = conn.connection.cursor()
        for sql, rows in _statements(making.stdout):
            if rows is None:
                cursor.execute(sql)
            else:
                with cursor.copy(sql) as into:
                    for row in rows:
                        into.write(row)
        said = making.stderr.read().decode(errors="replace")
    if making.returncode:
        raise BackupWrong(f"{copy} is not whole: {' '.join(said.split())[:200]}. Take another copy.")


def _statements(script: IO[bytes]) -> Iterator[tuple[bytes, Any]]:
    """A script in pieces: words to run, with None; or COPY, with its rows."""
    words: list[bytes] = []
    for line in script:
        if re.match(rb"COPY .* FROM stdin;$", line):
            yield b"".join(words), None
            words = []
            yield line, iter(lambda: _row(script), b"")
        elif not re.match(rb"\\(un)?restrict ", line):  # that is for psql
            words.append(line)
    if b"".join(words).strip():
        yield b"".join(words), None


def _row(script: IO[bytes]) -> bytes:
    line = script.readline()
    return b"" if line == b"\\.\n" else line
