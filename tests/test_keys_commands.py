"""The keys on the command line: made, tried, and changed, with nobody's words lost on the way."""

import asyncio
import base64
import logging
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, select, update

from bot import settings as setting
from bot.cli import main
from bot.clock import Clock
from bot.errors import MasterKeyMissing, SettingWrong
from bot.keys import add_key, key_lines, read_keys
from bot.settings import Settings
from bot.store import safe
from bot.store.database import Store
from bot.store.tables import chats, masters
from tests import pg
from tests.ring import LINE, ring
from tests.town import CHATS, Town


@pytest.fixture(autouse=True)
def _an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (setting.DATABASE, setting.KEYS, setting.TOKEN, setting.BACKUPS):
        monkeypatch.delenv(name, raising=False)


def typed(*words: str, **environment: str) -> Result:
    """What `beforehand WORDS` does."""
    return CliRunner().invoke(main, words, env=environment)


async def in_town(settings: Settings, *words: str) -> Result:
    """The same, with the settings of a town."""
    environment = {setting.DATABASE: settings.database, setting.KEYS: str(settings.keys)}
    return await asyncio.to_thread(typed, *words, **environment)


def lines(file: Path) -> list[str]:
    return [line for line in file.read_text().splitlines() if not line.startswith("#")]


# ---- new


def test_a_new_key_file_can_be_read_by_its_owner_only_and_its_words_say_what_it_is_for(
    tmp_path: Path,
) -> None:
    made = typed("keys", "new")
    file = tmp_path / "beforehand.keys"
    (key,) = lines(file)

    assert file.stat().st_mode & 0o777 == 0o600
    assert len(base64.b64decode(key)) == 32
    assert read_keys(file).newest in made.output
    assert "Keep a copy of it elsewhere" in made.output
    assert "Without it nobody can read the answers" in made.output
    assert key not in made.output


def test_a_second_key_comes_on_top_and_the_first_stays_with_its_notes(tmp_path: Path) -> None:
    file = tmp_path / "beforehand.keys"
    file.write_text(f"# Ravi has a copy\n{LINE}\n")
    made = typed("keys", "new")

    assert lines(file)[1:] == [LINE]
    assert "# Ravi has a copy" in file.read_text()
    assert read_keys(file).names[1] == ring().newest
    assert key_lines(file)[ring().newest] == 3
    assert "beforehand keys rotate" in made.output
    assert made.output.index("Stop the bot") < made.output.index("keys rotate") < made.output.index("Start")
    assert LINE not in made.output and lines(file)[0] not in made.output
    assert sorted(each.name for each in tmp_path.iterdir()) == ["beforehand.keys"]


def test_with_several_workers_the_file_goes_everywhere_before_the_rotation(tmp_path: Path) -> None:
    add_key(tmp_path / "beforehand.keys")
    told = typed("keys", "new", **{setting.DATABASE: "postgresql://bot@db/beforehand"}).output

    assert told.index("every computer") < told.index("start it again") < told.index("keys rotate")


def test_a_file_that_is_no_key_file_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "beforehand.keys"
    file.write_text("my letters\n")
    stopped = typed("keys", "new")

    assert stopped.exit_code == 1 and "line 1 is no key" in stopped.stderr
    assert file.read_text() == "my letters\n"


def test_two_who_make_a_key_at_once_do_not_lose_one(tmp_path: Path) -> None:
    file = tmp_path / "beforehand.keys"
    add_key(file)
    (tmp_path / "beforehand.keys.new").write_text("")
    before = file.read_bytes()
    with pytest.raises(SettingWrong, match="delete it and try again"):
        add_key(file)

    assert file.read_bytes() == before


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "beforehand.keys"
    add_key(file)
    before = file.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingWrong, match="No space left"):
        add_key(file)

    assert file.read_bytes() == before
    assert not (tmp_path / "beforehand.keys.new").exists()


def test_the_bot_does_not_start_without_keys_and_says_how_to_make_them() -> None:
    stopped = typed("run", **{setting.TOKEN: "1000:TOWN-SECRET"})

    assert stopped.exit_code == 1
    assert "make one with: beforehand keys new" in stopped.stderr


# ---- check


async def test_check_says_how_many_chats_each_key_locks(town: Town) -> None:
    await town.person()
    async with town.bot_away():
        done = await in_town(town.settings, "keys", "check")

    assert done.exit_code == 0, done.output
    assert f"Key {ring().newest}, line 1 of {town.settings.keys}: locks 3 chats." in done.output
    assert done.output.endswith("Every key opens.\n")


async def test_check_names_a_key_that_is_not_there_and_ends_with_1(town: Town, tmp_path: Path) -> None:
    await town.person()
    other = tmp_path / "other.keys"
    add_key(other)
    async with town.bot_away():
        done = await in_town(replace(town.settings, keys=other), "keys", "check")

    assert done.exit_code == 1
    assert f"Key {ring().newest} locks 3 chats and is not in {other}. Put it back" in done.stderr
    assert "Every key opens" not in done.output


async def test_check_finds_the_key_of_a_person_that_was_damaged(town: Town) -> None:
    await town.person()
    good = bytes((await town.rows(select(chats.c.key).where(chats.c.chat_id == CHATS["ann"])))[0][0])
    hers = update(chats).where(chats.c.chat_id == CHATS["ann"])
    async with town.bot_away():
        await town.app.store.open()
        await town.app.store.tx(lambda conn: conn.execute(hers.values(key=good[:-1] + b"!")).rowcount)
        await town.app.store.close()
        done = await in_town(town.settings, "keys", "check")
        await town.app.store.open()
        await town.app.store.tx(lambda conn: conn.execute(hers.values(key=good)).rowcount)
        await town.app.store.close()

    assert done.exit_code == 1
    assert f"The keys of 1 chat are damaged: {CHATS['ann']}." in done.stderr


async def test_with_a_bot_at_work_on_a_file_check_and_rotate_say_that_it_is_in_use(town: Town) -> None:
    for word in ("check", "rotate"):
        busy = await in_town(town.settings, "keys", word)
        assert busy.exit_code == 1 and "is in use by another program" in busy.stderr


# ---- rotate


async def test_after_a_rotation_the_new_key_alone_is_enough_and_nothing_is_lost(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await town.person()
    await town.asked("matters", call_me="Annie")
    async with town.bot_away():
        add_key(town.settings.keys)
        done = await in_town(town.settings, "keys", "rotate")
        again = await in_town(town.settings, "keys", "rotate")
        new = lines(town.settings.keys)[0]
        town.settings.keys.write_text(new)
    await town.say("ann", "My garden")

    assert done.exit_code == 0, done.output
    assert "3 chats changed." in done.output and "0 chats changed." in again.output
    assert f"Line 2 of {town.settings.keys} is needed no more for this database." in done.output
    assert "Copies made before now still need it: wait 14 days." in done.output
    kept = await town.answers()
    assert (kept["call_me"], kept["matters"]) == ("Annie", "My garden")
    assert new not in done.output + caplog.text and LINE not in done.output + caplog.text
    assert new not in repr(read_keys(town.settings.keys)) + repr(town.app.settings)


async def test_a_rotation_that_is_broken_off_goes_on_where_it_was(town: Town) -> None:
    await town.person()
    await town.person("mo")
    old = town.settings.keys.read_text()
    async with town.bot_away():
        add_key(town.settings.keys)
        town.app = town._app()
        await town.app.store.open()
        assert await town.app.store.tx(safe.lock_again, 2) == 2
        in_use = await town.app.store.tx(safe.in_use)
        await town.app.store.close()
        done = await in_town(town.settings, "keys", "rotate")

    assert len(in_use) == 2, "the old key is still needed"
    assert "2 chats changed." in done.output
    assert old.strip() in town.settings.keys.read_text(), "it took a key away by itself"


# ---- several workers


class PgTown(Town):
    """The town on a PostgreSQL server."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder)
        self.settings = replace(self.settings, database=url, backups=str(folder / "backups"))
        self.app = self._app()


async def test_rotating_before_the_workers_have_the_new_key_is_refused(
    tmp_path: Path, server: pg.Server
) -> None:
    async with PgTown(tmp_path, server.fresh()).open() as town:
        await town.person()
        add_key(town.settings.keys)
        refused = await in_town(town.settings, "keys", "rotate")

        assert refused.exit_code == 1
        assert "Put " in refused.stderr and "then rotate" in refused.stderr
        assert await town.rows(select(masters.c.name)) == [(ring().newest,)]


async def test_a_worker_with_the_old_file_waits_and_destroys_nothing(
    tmp_path: Path, server: pg.Server, caplog: pytest.LogCaptureFixture
) -> None:
    """Rotated by somebody who did not heed the order: it stands still until it has the new key."""
    async with PgTown(tmp_path, server.fresh()).open() as town:
        await town.person()
        await town.asked("matters")
        old, new = town.settings.keys.read_text(), tmp_path / "new.keys"
        new.write_text(old)
        add_key(new)
        await rotated(replace(town.settings, keys=new))

        asked = len(town.heard("ann"))
        town.sandbox.say("ann", "My garden")
        town.sandbox.press_start("zed")  # a chat that has no key yet
        await until(lambda: caplog.text.count("MasterKeyMissing") >= 3)
        assert len(town.heard("ann")) == asked
        assert await town.rows(select(chats.c.chat_id).where(chats.c.chat_id == CHATS["zed"])) == []
        assert await town.failed_updates() == []

        async with town.bot_away():
            town.settings.keys.write_text(new.read_text())
        assert (await town.answers())["matters"] == "My garden"
        assert town.heard("zed")
        assert await town.failed_updates() == []
        names = {bytes(row[0])[:4].hex() for row in await town.rows(select(chats.c.key))}
        assert names == {read_keys(new).newest}


async def rotated(settings: Settings) -> None:
    """Every key is locked with the newest, while a worker runs that does not know it."""
    store = Store(settings.database, Clock(), read_keys(settings.keys))
    await store.open()
    while await store.tx(safe.lock_again, 2):
        pass
    await store.close()


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while True:
            if so():
                return
            await asyncio.sleep(0.02)


async def test_what_somebody_locks_with_the_old_key_during_a_rotation_is_locked_again(
    tmp_path: Path, server: pg.Server
) -> None:
    url, file = server.fresh(), tmp_path / "new.keys"
    file.write_text(LINE)
    add_key(file)
    one, other = Store(url, Clock(), ring()), Store(url, Clock(), read_keys(file))
    await one.open()
    await other.open()
    loop, made, go_on = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()

    def seal_slowly(conn: Connection) -> bytes:
        sealed = safe.seal(conn, 7, "My garden", "here")
        loop.call_soon_threadsafe(made.set)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(20)
        return sealed

    sealing = asyncio.create_task(one.tx(seal_slowly))
    await made.wait()
    rotating = asyncio.create_task(other.tx(safe.lock_again, 10))
    async with asyncio.timeout(20):
        while True:
            if await one.tx(is_somebody_waiting):
                break
            await asyncio.sleep(0.02)
    go_on.set()
    sealed = await sealing
    assert await rotating == 1

    newest = [
        bytes(row[0])[:4].hex() for row in await other.tx(lambda c: c.execute(select(chats.c.key)).all())
    ]
    assert newest == [read_keys(file).newest]
    assert await other.tx(safe.unseal, 7, sealed, "here") == "My garden"
    await one.close()
    await other.close()


def is_somebody_waiting(conn: Connection) -> bool:
    """Whether the rotation waits for a lock that the other worker holds."""
    return bool(conn.exec_driver_sql("SELECT count(*) FROM pg_locks WHERE NOT granted").scalar_one())


async def test_after_a_rotation_nothing_more_is_locked_with_the_old_key(
    tmp_path: Path, server: pg.Server
) -> None:
    """It would be lost with the old key, which nobody keeps for ever."""
    url, file = server.fresh(), tmp_path / "new.keys"
    file.write_text(LINE)
    add_key(file)
    one, other = Store(url, Clock(), ring()), Store(url, Clock(), read_keys(file))
    await one.open()
    await other.open()
    while await other.tx(safe.lock_again, 10):
        pass

    for way in (lambda conn: safe.seal(conn, 7, "My garden", "here"), lambda conn: safe.renew(conn, 7)):
        with pytest.raises(MasterKeyMissing):
            await one.tx(way)
    assert await other.tx(lambda conn: conn.execute(select(chats.c.chat_id)).all()) == []
    await one.close()
    await other.close()


def test_a_key_file_in_a_file_is_not_taken_for_somebody_else_making_a_key(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("milk")
    stopped = typed("keys", "new", **{setting.KEYS: "notes/keys"})

    assert stopped.exit_code == 1
    assert "notes is no folder" in stopped.stderr and "delete" not in stopped.stderr
