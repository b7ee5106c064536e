"""The database under the bot: a file, or a PostgreSQL server that can be crashed and started again."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.clock import Clock
from bot.store.database import Store
from tests import pg
from tests.ring import ring


class Ground:
    """Where it is.

    Shape: `server` is None for a file.
    """

    def __init__(self, url: str, server: pg.Server | None = None) -> None:
        self.url, self.server = url, server

    @property
    def is_shared(self) -> bool:
        """Whether several workers may use it."""
        return self.server is not None

    async def crash(self) -> None:
        """The server stops as if the power had gone, and is started again."""
        assert self.server is not None
        await asyncio.to_thread(self.server.stop, "immediate")
        await asyncio.to_thread(self.server.start)

    def store(self) -> Store:
        """The database, for the account of it; no bot may be running."""
        return Store(self.url, Clock(), ring())


@contextmanager
def ground(engine: str, folder: Path) -> Iterator[Ground]:
    """An empty database of this kind, for as long as the block."""
    if engine == "sqlite":
        yield Ground(f"sqlite:///{folder}/bot.db")
        return
    with pg.serving() as server:
        yield Ground(server.fresh(), server)
