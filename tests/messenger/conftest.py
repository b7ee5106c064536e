"""A Telegram that listens, for the tests of what goes over the network."""

from collections.abc import AsyncIterator

import pytest

from tests.messenger.listener import Telegram


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    """Started anew for each test."""
    async with Telegram().listening() as listening:
        yield listening
