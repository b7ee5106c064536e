"""Two workers on one PostgreSQL: nothing is doubled, nothing is lost, and one takes over from the other."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from bot.app import App
from bot.clock import Clock
from bot.pace import UNHURRIED
from bot.sandbox import Sandbox
from bot.settings import Settings
from tests import pg
from tests.crowd import NAMES, SHORT, TOKEN, tokens
from tests.inprocess import in_process
from tests.ring import key_file
from tests.test_kill import (
    GIL,
    PHONES,
    RAVI,
    Scene,
    all_is_well,
    each_summary_is_of_one_person,
    only_their_own_words,
)

pytestmark = pytest.mark.long
PATIENCE = 120
"""Units: seconds until the whole test is given up."""


class Pair:
    """Two bots in this process, on one database, for one Telegram."""

    def __init__(self, folder: Path, url: str, sandbox: Sandbox) -> None:
        dialogs = folder / "dialogs"
        dialogs.mkdir()
        (dialogs / "first_talk.yaml").write_text(SHORT.read_text("utf-8"), "utf-8")
        self.settings = Settings(
            token=TOKEN, database=url, keys=key_file(folder), api="http://127.0.0.1/bot", dialogs=dialogs
        )
        self.sandbox = sandbox
        self.apps: list[tuple[App, asyncio.Task[None]]] = []

    async def add(self) -> None:
        """One more bot."""
        network = in_process(httpx.ASGITransport(app=self.sandbox.app))
        app = App(self.settings, Clock(), network, limits=UNHURRIED)
        await app.__aenter__()
        self.apps.append((app, asyncio.create_task(app.serve())))

    async def leaders(self) -> list[int]:
        """Which of them ask Telegram."""
        return [n for n, (app, _) in enumerate(self.apps) if await app.store.leads()]

    async def take_away(self, number: int) -> None:
        """Stop one of them."""
        app, running = self.apps.pop(number)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await app.__aexit__()

    async def start(self) -> None:
        """Both are running."""
        while len(self.apps) < 2:
            await self.add()

    async def first_admin(self) -> str:
        """The token of the first admin's link."""
        await self.start()
        return tokens(await self.apps[0][0].first_admin_link())[0]


class Crowd(Scene):
    """Ten people talk to the pair, and meanwhile something happens."""

    bot: Pair  # type: ignore[assignment]

    def __init__(self, sandbox: Sandbox, pair: Pair, meanwhile: Callable[["Crowd"], object]) -> None:
        super().__init__(sandbox, pair, random.Random(7))  # type: ignore[arg-type]
        self.meanwhile = meanwhile

    async def killer(self) -> None:
        """What happens meanwhile."""
        done = self.meanwhile(self)
        if asyncio.iscoroutine(done):
            await done

    async def until_said(self, much: int) -> None:
        """Come back when so much has been said."""
        await self.sandbox.until(lambda: self.said() >= much, PATIENCE)


@asynccontextmanager
async def crowd(folder: Path, url: str, meanwhile: Callable[[Crowd], object]) -> AsyncIterator[Crowd]:
    """The crowd has talked to two workers; both are still running."""
    sandbox = Sandbox((*PHONES.values(), RAVI, GIL), token=TOKEN)
    pair = Pair(folder, url, sandbox)
    scene = Crowd(sandbox, pair, meanwhile)
    try:
        async with asyncio.timeout(PATIENCE):
            await scene.play()
        for app, _ in pair.apps:
            await app.worker.idle()
        yield scene
    except TimeoutError:
        pytest.fail(f"still talking are {scene.stuck()}")
    finally:
        while pair.apps:
            await pair.take_away(0)
        sandbox.close()


async def check(scene: Crowd) -> None:
    """Nothing was lost, mixed up or said twice."""
    app, _ = scene.bot.apps[0]
    await app.store.tx(all_is_well, scene)
    for person in scene.people:
        only_their_own_words(scene, person)
    each_summary_is_of_one_person(scene)
    assert scene.sandbox.problems == []


async def test_two_workers_answer_everybody_once_and_only_one_asks_telegram(
    tmp_path: Path, server: pg.Server
) -> None:
    asked: list[list[int]] = []

    async def look(scene: Crowd) -> None:
        await scene.until_said(len(NAMES) * 3)
        asked.append(await scene.bot.leaders())

    async with crowd(tmp_path, server.fresh(), look) as scene:
        await check(scene)
        worked = [app.worker.name for app, _ in scene.bot.apps]

    assert [len(leaders) for leaders in asked] == [1]
    assert len(set(worked)) == 2


async def test_when_the_one_that_asks_is_stopped_the_other_takes_over_within_seconds(
    tmp_path: Path, server: pg.Server
) -> None:
    took: list[float] = []

    async def stop_it(scene: Crowd) -> None:
        for much in (20, 50):
            await scene.until_said(much)
            [leader] = await scene.bot.leaders()
            await scene.bot.take_away(leader)
            stopped = asyncio.get_running_loop().time()
            while not await scene.bot.leaders():  # noqa: ASYNC110 - nobody says when it leads
                await asyncio.sleep(0.05)
            took.append(asyncio.get_running_loop().time() - stopped)
            await scene.bot.start()

    async with crowd(tmp_path, server.fresh(), stop_it) as scene:
        await check(scene)

    assert len(took) == 2
    assert max(took) < 5


async def test_postgresql_is_killed_in_the_middle_and_nothing_is_lost(tmp_path: Path) -> None:
    if pg.programs() is None:
        pytest.skip(pg.MISSING)
    with pg.serving() as server:

        async def restart(scene: Crowd) -> None:
            for much in (20, 45, 70):
                await scene.until_said(much)
                await asyncio.to_thread(server.stop, "immediate")
                await asyncio.sleep(0.5)
                await asyncio.to_thread(server.start)

        async with crowd(tmp_path, server.fresh(), restart) as scene:
            await check(scene)
