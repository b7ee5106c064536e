"""Every need this was made for is served by a question that exists, or the table says what serves it."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.dialog.load import load
from tests.talks import ROOT

TABLE = ROOT / "dialogs" / "README.md"
LINES = range(1, 88)
"""The numbered needs, one a row."""
ELSEWHERE = "not a script: "


def test_every_line_has_one_row() -> None:
    assert [number for number, _ in rows()] == list(LINES)


def test_every_row_says_what_serves_it() -> None:
    silent = [number for number, serves in rows() if not named(serves) and not serves.startswith(ELSEWHERE)]

    assert silent == []


def test_every_question_in_the_table_is_there() -> None:
    wrong = [name for _, serves in rows() for name in named(serves) if not is_there(name)]

    assert wrong == []
    assert sum(len(named(serves)) for _, serves in rows()) > 100


def test_every_script_serves_something() -> None:
    in_table = {name.partition(".")[0] for _, serves in rows() for name in named(serves)}
    idle = [file.stem for file in scripts() if file.stem not in in_table]

    assert idle == []


def rows() -> Iterator[tuple[int, str]]:
    """The number of each row, and what serves it."""
    for line in TABLE.read_text("utf-8").splitlines():
        if found := re.fullmatch(r"\| (\d+) \| [^|]+ \| ([^|]+) \|", line):
            yield int(found[1]), found[2]


def named(serves: str) -> list[str]:
    """The `script.question` and `set` names in a cell."""
    return re.findall(r"`([a-z_]+(?:\.[a-z_0-9]+)?)`", serves)


def is_there(name: str) -> bool:
    """Whether there is such a question, or such a file."""
    script, _, question = name.partition(".")
    return question in ids(script) if question else (ROOT / "dialogs" / f"{script}.yaml").is_file()


@cache
def ids(script: str) -> frozenset[str]:
    """The ids of all questions of a script; none when there is no such file."""
    file = ROOT / "dialogs" / f"{script}.yaml"
    text = file.read_text("utf-8") if file.is_file() else ""
    return frozenset(question.id for question in load(text, script).questions) if text else frozenset()


def scripts() -> Iterator[Path]:
    """The files that ask something."""
    for file in sorted((ROOT / "dialogs").glob("*.yaml")):
        if re.search(r"^script:", file.read_text("utf-8"), re.MULTILINE):
            yield file
