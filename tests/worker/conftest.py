"""What every test of the worker may use."""

from collections.abc import AsyncIterator

import pytest

from bot.store import database
from bot.store.tables import metadata
from tests import pg
from tests.worker.bench import Bench


@pytest.fixture(autouse=True)
def quick_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The migrations have tests of their own; here the tables are made at once."""
    monkeypatch.setattr(database, "migrate", metadata.create_all)


@pytest.fixture
async def idle_bench() -> AsyncIterator[Bench]:
    """Nothing runs yet."""
    async with Bench().open() as opened:
        yield opened


@pytest.fixture
async def bench(idle_bench: Bench) -> AsyncIterator[Bench]:
    """The worker is running."""
    async with idle_bench.running():
        yield idle_bench


@pytest.fixture(params=["sqlite", "postgresql"])
async def anywhere(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """The worker is running, on each database."""
    url = "sqlite://"
    if request.param == "postgresql":
        server: pg.Server = request.getfixturevalue("server")
        url = server.fresh()
    async with Bench(url).open() as opened, opened.running():
        yield opened
