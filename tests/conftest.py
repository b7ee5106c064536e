"""What every test may use."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.town import Town


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-talks", action="store_true", help="write the talks as the engine has them now")


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """The bot and five phones; nobody has started yet. The bot must keep to the rules of the Bot API."""
    async with Town(tmp_path).open() as opened:
        yield opened
        assert opened.sandbox.problems == []
        assert opened.sandbox.unanswered() == []
        assert await opened.failed_updates() == []
