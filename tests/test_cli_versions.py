"""Publishing from the command line: the same forecast, the same refusals."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import settings as setting
from bot.cli import main
from bot.settings import Settings
from bot.store import scripts
from tests import pg
from tests.talks import DIALOGS
from tests.town import Town

TODAY = (DIALOGS / "first_talk.yaml").read_text("utf-8")
NEW = TODAY.replace("What matters most to you?", "What is most important to you?")
WITHOUT_VIDEO = TODAY.replace("          video: On a video call\n", "")
SETS = DIALOGS / "sets"


@pytest.fixture(autouse=True)
def _an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (setting.DATABASE, setting.KEYS, setting.TOKEN, setting.BACKUPS):
        monkeypatch.delenv(name, raising=False)


async def typed(settings: Settings, *words: str | Path) -> Result:
    """What `beforehand WORDS` does to the database of a town."""
    environment = {setting.DATABASE: settings.database, setting.KEYS: str(settings.keys)}
    return await asyncio.to_thread(CliRunner().invoke, main, list(map(str, words)), env=environment)


def file(name: str, words: str) -> Path:
    Path(name).write_text(words, "utf-8")
    return Path(name)


async def test_a_version_is_tried_published_listed_and_gone_back_to(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    async with town.bot_away():
        dry = await typed(town.settings, "publish", file("new.yaml", NEW), "--dry-run")
        listed_before = await typed(town.settings, "scripts")
        done = await typed(town.settings, "publish", "new.yaml")
        listed = await typed(town.settings, "scripts")

    forecast = "1 person has begun it: 1 sees nothing new, nobody is asked anything again.\n"
    assert (dry.exit_code, dry.output) == (0, f"{forecast}Nothing has changed.\n")
    assert "first_talk: version 1, since 2025-03-03 10:00 UTC" in listed_before.output
    assert (done.exit_code, done.output) == (0, f"{forecast}first_talk is live now, as version 2.\n")
    assert "first_talk: version 2" in listed.output
    assert (await town.say("ann", "Carry on"))[-1].endswith("What is most important to you?")

    async with town.bot_away():
        back = await typed(town.settings, "rollback", "first_talk")
    assert "first_talk is live now, as version 3." in back.output
    assert (await town.say("ann", "Carry on"))[-1].endswith("What matters most to you?")


async def test_what_somebody_could_not_go_on_with_is_refused(town: Town) -> None:
    await town.person()
    await town.asked("attendees", place="On a video call")
    async with town.bot_away():
        done = await typed(town.settings, "publish", file("new.yaml", WITHOUT_VIDEO))

    assert done.exit_code == 1
    assert "when it had “On a video call”" in done.output and "retired: true" in done.output
    assert "Ann" not in done.output
    kept = await town.app.store.tx(scripts.live, "first_talk")
    assert kept is not None and (kept.version, kept.text) == (1, TODAY)


async def test_a_set_comes_together_with_its_scripts_in_any_order(town: Town) -> None:
    names = ("small", "my_money", "begin_small", "end_small", "my_place")
    async with town.bot_away():
        done = await typed(town.settings, "publish", *(SETS / f"{name}.yaml" for name in names))
    assert done.exit_code == 0, done.output
    assert done.output.count(" is live now, as version 1.") == 5

    kept = await town.app.store.tx(scripts.live, "small")
    assert kept is not None and "Where would you like to meet?" in kept.text


async def test_a_broken_file_changes_nothing_and_says_where(town: Town) -> None:
    async with town.bot_away():
        broken = file("new.yaml", TODAY.replace("kind: face", "kind: fayce"))
        done = await typed(town.settings, "publish", broken)

    assert done.exit_code == 1 and "new.yaml, line " in done.output and "fayce" in done.output
    kept = await town.app.store.tx(scripts.live, "first_talk")
    assert kept is not None and kept.version == 1


async def test_with_a_file_database_the_running_bot_is_left_in_peace(town: Town) -> None:
    done = await typed(town.settings, "publish", file("new.yaml", NEW))

    assert done.exit_code == 1
    assert "Stop it first, or send the file to the bot in the chat." in done.output


@pytest.mark.parametrize("words", [("rollback", "nothing"), ("rollback", "first_talk", "7")])
async def test_what_is_not_there_cannot_be_gone_back_to(town: Town, words: tuple[str, ...]) -> None:
    async with town.bot_away():
        done = await typed(town.settings, *words)

    assert done.exit_code == 1 and done.output.startswith("There is no ")


@pytest.fixture
def shared(server: pg.Server) -> Iterator[str]:
    url = server.fresh()
    yield url
    server.drop(url)


async def test_on_postgresql_the_bot_goes_on_running_and_uses_it_at_once(tmp_path: Path, shared: str) -> None:
    async with Town(tmp_path, url=shared).open() as town:
        await town.person()
        await town.asked("matters")
        done = await typed(town.settings, "publish", file("new.yaml", NEW))
        assert done.output.endswith("first_talk is live now, as version 2.\n"), done.output
        assert (await town.say("ann", "Carry on"))[-1].endswith("What is most important to you?")
