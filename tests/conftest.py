"""What every test may use."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.town import Town


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-talks", action="store_true", help="write the talks as the engine has them now")


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
