"""What every test may use."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from shutil import disk_usage
from typing import Any

import pytest

from bot.commands.running import new_loop
from tests import pg
from tests.town import Town

MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30
"""Units: bytes that must be free there; the everyday tests were seen to take a tenth of it."""

MISHAPS: list[dict[str, Any]] = []
"""Shape: errors that no task was left to raise."""


def pytest_configure() -> None:
    """Keep files in memory where that can be: on a disk, being sure of every commit takes half of the time.

    What is killed in a test is a program, never the machine, and a program that dies loses no file.
    """
    if "TMPDIR" not in os.environ and _can_hold_files(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)  # for the programs that tests start, too
        tempfile.tempdir = None  # looked up again


def _can_hold_files(folder: Path) -> bool:
    """Whether there is room, and programs in it may be run."""
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        return False
    return disk_usage(folder).free > ROOM and not os.statvfs(folder).f_flag & os.ST_NOEXEC


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-talks", action="store_true", help="write the talks as the engine has them now")


@pytest.hookimpl(optionalhook=True)
def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Test on the loop that the program runs on: it differs from asyncio's own in small things."""
    return {"of the program": _loop}


def _loop() -> asyncio.AbstractEventLoop:
    loop = new_loop()
    loop.set_exception_handler(lambda _, trouble: MISHAPS.append(trouble))
    return loop


@pytest.fixture(autouse=True)
def no_mishaps() -> Iterator[None]:
    """What goes wrong between the lines of a program is an error, not a line in a log."""
    yield
    trouble = MISHAPS.copy()
    MISHAPS.clear()
    assert trouble == []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Nobody should think that PostgreSQL was tested when it was not."""
    if any(pg.MISSING in str(report.longrepr) for report in terminalreporter.getreports("skipped")):
        terminalreporter.write_line(pg.MISSING, yellow=True)


@pytest.fixture(scope="session")
def server() -> Iterator[pg.Server]:
    """A PostgreSQL server; tests that need it are skipped where there is none."""
    if pg.programs() is None:
        pytest.skip(pg.MISSING)
    with pg.serving() as running:
        yield running


@pytest.fixture(scope="session")
def empty_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the tables and the scripts; making one takes longer than most tests."""
    return asyncio.run(Town(tmp_path_factory.mktemp("town")).found())


@pytest.fixture
async def town(tmp_path: Path, empty_town: Path) -> AsyncIterator[Town]:
    """The bot and five phones; nobody has started yet. The bot must keep to the rules of the Bot API."""
    async with Town(tmp_path, empty_town).open() as opened:
        yield opened
        assert opened.sandbox.problems == []
        assert opened.sandbox.unanswered() == []
        assert await opened.failed_updates() == []
