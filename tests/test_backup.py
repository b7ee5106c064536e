"""Copies, the list of who was erased, and the day the database is lost."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from bot import settings as setting
from bot.actions.note import key_of
from bot.cli import main
from bot.clock import DAY
from bot.errors import BackupWrong
from bot.keys import add_key
from bot.store import copies, erasures
from bot.store.copies import Copies
from bot.store.erasures import PERSON, TALK, Erasure, ErasureLog
from bot.store.forgetting import replay
from bot.store.restore import LEAP
from bot.store.tables import answers, chats, outbox, people, reminders, talks
from tests import pg
from tests.town import CHATS, LONDON, Town


class PgTown(Town):
    """The same town on a PostgreSQL server."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder)
        self.settings = replace(self.settings, database=url, backups=str(folder / "backups"))
        self.app = self._app()


def typed(town: Town, *words: str, **changed: str) -> Result:
    """What `beforehand WORDS` does in this town."""
    environment = {
        setting.DATABASE: town.settings.database,
        setting.KEYS: str(town.settings.keys),
        setting.BACKUPS: str(town.settings.backup_folder),
    }
    return CliRunner().invoke(main, words, env=environment | changed)


async def command(town: Town, *words: str, **changed: str) -> Result:
    """The same, while the bot runs or not."""
    return await asyncio.to_thread(typed, town, *words, **changed)


@asynccontextmanager
async def bot_gone(town: Town) -> AsyncIterator[None]:
    """The bot is down, and what people see stays."""
    async with town.bot_away():
        yield


async def ann_and_mo_talk(town: Town) -> None:
    """Ann has shared something, Mo is in the middle."""
    await town.person("ann")
    await town.person("mo")
    await town.share_everything("ann", call_me="Annie", matters="A marigold")
    await town.asked("working", "mo", matters="A bicycle")


def files_of(town: Town) -> dict[str, bytes]:
    """All that stands beside the database, by name; the lists of locks left out."""
    kept = [file for file in town.file.parent.rglob("*") if file.is_file() and file.suffix != ".lock"]
    return {str(file.relative_to(town.file.parent)): file.read_bytes() for file in kept}


async def secrets_of(town: Town, key: str) -> list[bytes]:
    """What only this person's rows hold: the locked key, and every sealed answer and name."""
    chat = CHATS[key]
    theirs = select(answers.c.value).join(talks, talks.c.id == answers.c.talk)
    theirs = theirs.join(people, people.c.id == talks.c.person).where(people.c.chat_id == chat)
    found = [
        *await town.rows(select(chats.c.key).where(chats.c.chat_id == chat)),
        *await town.rows(select(people.c.name).where(people.c.chat_id == chat)),
        *await town.rows(theirs),
    ]
    return [bytes(row[0]) for row in found]


def copy_of(town: Town) -> Path:
    return town.file.parent / "kept.copy"


# ---- copies


async def test_a_copy_is_made_while_the_bot_answers_and_only_its_owner_may_read_it(town: Town) -> None:
    await ann_and_mo_talk(town)
    made, told = await asyncio.gather(command(town, "backup", str(copy_of(town))), town.say("mo", "My chair"))

    assert made.output.startswith(f"The database is copied to {copy_of(town)}.")
    assert copy_of(town).stat().st_mode & 0o777 == 0o600
    assert told, "Mo was not answered"
    copies.look_over(copy_of(town))
    with closing(sqlite3.connect(copy_of(town))) as link:
        assert link.execute("SELECT count(*) FROM answers").fetchone()[0] >= 4
    assert b"marigold" not in copy_of(town).read_bytes()
    assert [name for name in files_of(town) if name.endswith(".part")] == []


async def test_a_copy_holds_what_was_kept_a_moment_ago_and_nothing_that_was_deleted(town: Town) -> None:
    await ann_and_mo_talk(town)
    hers = await secrets_of(town, "ann")
    await town.say("ann", "Stop, delete everything", "Yes, delete it all")
    await town.say("mo", "My chair")
    await command(town, "backup", str(copy_of(town)))
    kept = copy_of(town).read_bytes()

    assert len(hers) >= 4
    assert [each for each in hers if each in kept] == []
    assert all(each in kept for each in await secrets_of(town, "mo"))


async def test_a_copy_never_takes_the_place_of_another_file(town: Town) -> None:
    copy_of(town).write_text("my letters")
    refused = await command(town, "backup", str(copy_of(town)))

    assert refused.exit_code == 1
    assert "is there already" in refused.stderr
    assert copy_of(town).read_text() == "my letters"


def test_without_a_database_it_says_so_and_makes_none(tmp_path: Path) -> None:
    nowhere = Copies(f"sqlite:///{tmp_path}/none.db", tmp_path / "backups")
    with pytest.raises(BackupWrong, match="There is no database"):
        nowhere.make(0)

    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


async def test_every_night_has_one_copy_and_those_of_two_weeks_ago_go(town: Town) -> None:
    folder = town.settings.backup_folder
    kept = Copies(town.settings.database, folder)
    evening = datetime(2025, 3, 10, 22, 0, tzinfo=LONDON)
    for hours in range(0, 24 * 20, 6):
        kept.tonight(int((evening + timedelta(hours=hours)).timestamp() * 1000), "Europe/London")
    names = sorted(file.name for file in folder.glob("beforehand-*"))

    assert len(names) == 14
    assert names[-1] == "beforehand-2025-03-30-030000.db", "the clocks had changed"
    assert len({name[:21] for name in names}) == 14, "one night has two copies"


async def test_the_night_comes_and_a_copy_that_fails_does_not_harm_the_bot(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    folder = town.settings.backup_folder
    await town.app.keeper.copy()
    assert len(list(folder.glob("beforehand-*.db"))) == 1

    await town.later(days=1)
    town.file.rename(town.file.with_suffix(".away"))
    await town.app.keeper.copy()
    town.file.with_suffix(".away").rename(town.file)
    assert "no copy of the database tonight: There is no database" in caplog.text
    await town.person()
    assert town.heard("ann")


# ---- the list of who was erased


async def until_listed(town: Town, count: int) -> list[str]:
    """The lines of the list, as soon as there are so many."""
    file = town.settings.backup_folder / "erased.log"
    async with asyncio.timeout(10):
        while True:
            if (text := file.read_text()).count("\n") >= count:  # a torn line is none yet
                return text.splitlines()
            await asyncio.sleep(0.02)


async def test_an_erasure_is_in_the_list_within_seconds_without_a_name_or_a_word(town: Town) -> None:
    await ann_and_mo_talk(town)
    ann, talk = await town.app.store.tx(lambda conn: (town.who(conn, "ann").id, 1))
    await town.say("ann", "Stop, delete everything", "Yes, delete it all")
    lines = await until_listed(town, 2)

    assert [line.split()[1:] for line in lines] == [["person", str(ann)], ["talk", str(talk)]]
    assert lines[0].startswith("2025-03-03T10:0") and lines[0].split()[0].endswith("Z")
    assert (town.settings.backup_folder / "erased.log").stat().st_mode & 0o777 == 0o600


async def test_what_is_missing_in_the_list_is_added_at_the_next_start_and_a_torn_line_is_mended(
    town: Town,
) -> None:
    await ann_and_mo_talk(town)
    await town.say("ann", "Stop, delete everything", "Yes, delete it all")
    whole = await until_listed(town, 2)
    file = town.settings.backup_folder / "erased.log"
    async with town.bot_away():
        file.write_text(f"{whole[0]}\n{whole[1][:-1]}")  # as if the power had gone in the middle of a number
    await until_listed(town, 2)

    assert file.read_text().splitlines() == whole


def test_a_second_process_on_the_machine_waits_and_loses_nothing(tmp_path: Path) -> None:
    one, other = ErasureLog(tmp_path), ErasureLog(tmp_path)
    first, second = Erasure(1000, PERSON, 7), Erasure(2000, TALK, 8)
    assert (one.take(), other.take()) == (True, False)
    one.add([first])
    one.let_go()
    assert other.take()
    other.add([first, second])
    other.let_go()

    assert ErasureLog(tmp_path).read() == [first, second]
    assert one.file.read_text() == "1970-01-01T00:00:01.000Z person 7\n1970-01-01T00:00:02.000Z talk 8\n"


def test_a_damaged_line_is_named_and_not_passed_over(tmp_path: Path) -> None:
    log = ErasureLog(tmp_path)
    log.take()
    log.add([Erasure(1000, PERSON, 7)])
    log.let_go()
    log.file.write_text("rubbish\n" + log.file.read_text())

    with pytest.raises(BackupWrong, match="line 1, cannot be read"):
        log.read()


async def test_nothing_of_hers_is_left_in_any_file_of_the_database_at_once(town: Town) -> None:
    await ann_and_mo_talk(town)
    hers = await secrets_of(town, "ann")
    beside = [town.file.with_name(town.file.name + ending) for ending in ("", "-wal", "-shm")]
    before = b"".join(file.read_bytes() for file in beside)
    assert len(hers) >= 4 and all(each in before for each in hers)

    await town.say("ann", "Stop, delete everything", "Yes, delete it all")
    after = b"".join(file.read_bytes() for file in beside)
    assert [each for each in (*hers, b"marigold", b"Annie") if each in after] == []


async def test_a_copy_in_the_making_does_not_hold_up_an_erasure_nor_save_her_words(town: Town) -> None:
    await ann_and_mo_talk(town)
    hers = await secrets_of(town, "ann")
    with closing(sqlite3.connect(f"file:{town.file}?mode=ro", uri=True, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM answers").fetchone()
        async with asyncio.timeout(5):  # less than the database waits when it is busy
            await town.say("ann", "Stop, delete everything", "Yes, delete it all")
    await town.say("mo", "My chair")
    after = b"".join(file.read_bytes() for file in town.file.parent.glob("town.db*"))

    assert [each for each in hers if each in after] == []


# ---- the day the database is lost


async def lose_everything_and_restore(town: Town, copy: Path, lose: Any) -> Result:
    """Ann wants nothing kept, Mo goes on, and then the disk breaks."""
    await ann_and_mo_talk(town)
    assert (await command(town, "backup", str(copy))).exit_code == 0
    await town.say("ann", "Stop, delete everything", "Yes, delete it all")
    await town.say("mo", "My chair")
    await until_listed(town, 2)
    async with bot_gone(town):
        lose()
        done = await command(town, "restore", str(copy))
    return done


async def test_after_a_loss_mo_goes_on_from_the_copy_and_ann_is_nowhere(town: Town) -> None:
    hers: list[bytes] = []

    def lose() -> None:
        with closing(sqlite3.connect(copy_of(town))) as link:
            hers.extend(row[0] for row in link.execute("SELECT key FROM chats WHERE chat_id = 101"))
            hers.extend(row[0] for row in link.execute("SELECT value FROM answers WHERE talk = 1"))
        town.file.write_bytes(b"not a database any more" * 1000)

    done = await lose_everything_and_restore(town, copy_of(town), lose)
    assert done.exit_code == 0, done.output
    assert "Erased again: 1 person and 0 talks." in done.output
    assert (town.file.parent / f"{town.file.name}.restoring").exists() is False

    kept = await town.answers("mo")
    assert kept["matters"] == "A bicycle"
    assert "working" not in kept, "that was said after the copy was made"
    assert "Something broke here." in town.newest("mo").text
    assert "What is working well in your life?" in town.newest("mo").text
    await town.say("mo", "My new chair")
    assert (await town.answers("mo"))["working"] == "My new chair"

    assert len(hers) >= 4
    now = b"".join(
        file.read_bytes() for file in town.file.parent.glob("town.db*") if "before" not in file.name
    )
    assert [each for each in (*hers, b"marigold", b"Annie") if each in now] == []
    assert await town.rows(select(people.c.id).where(people.c.chat_id == CHATS["ann"])) == []
    assert (await town.say("ann", "Hello"))[0].startswith("Hello. I help people")


async def test_a_note_ravi_had_begun_in_the_copy_does_not_take_his_words_for_mo_to_ann(town: Town) -> None:
    await ann_and_mo_talk(town)
    await town.press("mo", "Help", "Talk to a person")
    await town.press("ravi", "Write to Annie")
    assert (await command(town, "backup", str(copy_of(town)))).exit_code == 0
    await town.press("ravi", "Never mind", "Write to Mo")
    async with bot_gone(town):
        assert (await command(town, "restore", str(copy_of(town)))).exit_code == 0
    await town.say("ravi", "Mo, I can help with the debts")

    assert "debts" not in town.everything_on("ann")


async def test_the_old_database_is_put_aside_and_named(town: Town) -> None:
    done = await lose_everything_and_restore(town, copy_of(town), lambda: None)
    (aside,) = town.file.parent.glob("town.db.before-*")

    assert f"The old database is {aside} now." in done.output
    with closing(sqlite3.connect(aside)) as link:
        assert link.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert link.execute("SELECT count(*) FROM erasures").fetchone() == (2,)


async def test_what_was_on_its_way_is_not_sent_again_and_a_reminder_is_looked_at_anew(town: Town) -> None:
    await ann_and_mo_talk(town)
    await command(town, "backup", str(copy_of(town)))
    with closing(sqlite3.connect(copy_of(town))) as link, link:
        link.execute(
            "UPDATE outbox SET state = 'ready', payload = x'01', message_id = NULL WHERE id IN (1, 2)"
        )
        link.execute("UPDATE outbox SET state = 'sending', payload = x'01', owner = 'x' WHERE id = 3")
        link.execute("UPDATE reminders SET state = 'queued'")
        (waiting,) = link.execute("SELECT count(*) FROM reminders").fetchone()
    heard = {key: town.heard(key) for key in CHATS}
    async with bot_gone(town):
        assert (await command(town, "restore", str(copy_of(town)))).exit_code == 0

    assert waiting >= 1
    assert await town.rows(select(func.count()).where(reminders.c.state == "pending")) == [(waiting,)]
    assert (
        await town.rows(select(outbox.c.state, outbox.c.payload).where(outbox.c.id <= 3))
        == [("cancelled", None)] * 3
    )
    told = {key: town.heard(key)[len(heard[key]) :] for key in CHATS}
    assert len(told["mo"]) == 1 and "Something broke here." in told["mo"][0]
    assert (told["gil"], told["ravi"]) == ([], [])


async def test_words_mo_wrote_while_the_bot_was_down_are_no_answer_to_a_question_he_does_not_see(
    town: Town,
) -> None:
    await ann_and_mo_talk(town)
    await command(town, "backup", str(copy_of(town)))
    await town.say("mo", "My chair")
    async with bot_gone(town):
        town.sandbox.say("mo", "These are my words to a newer question")
        await town.later(minutes=5)
        await command(town, "restore", str(copy_of(town)))

    assert "working" not in await town.answers("mo")
    assert town.newest("mo").text.endswith("What is working well in your life?")


async def test_numbers_given_after_the_copy_are_never_given_again(town: Town) -> None:
    await ann_and_mo_talk(town)
    await command(town, "backup", str(copy_of(town)))
    async with bot_gone(town):
        await command(town, "restore", str(copy_of(town)))
    await town.person("zed")

    assert (await town.rows(select(func.max(people.c.id))))[0][0] > LEAP


async def test_replaying_twice_changes_nothing_and_spares_who_came_later(town: Town) -> None:
    await ann_and_mo_talk(town)
    ann = await town.app.store.tx(lambda conn: town.who(conn, "ann").id)
    mo = await town.app.store.tx(lambda conn: town.who(conn, "mo").id)
    long_ago = town.clock.now() - DAY
    gone = [Erasure(town.clock.now(), PERSON, ann), Erasure(long_ago, PERSON, mo), Erasure(long_ago, TALK, 2)]

    assert await town.app.store.tx(replay, gone, key_of) == (1, 0)
    first = await everything(town)
    assert await town.app.store.tx(replay, gone, key_of) == (0, 0)
    assert await everything(town) == first
    assert (await town.answers("mo"))["matters"] == "A bicycle"
    assert set(gone) <= set(await town.app.store.tx(erasures.since, 0))


async def everything(town: Town) -> dict[str, list[Any]]:
    """Every row of every table that a replay could touch."""
    return {table.name: await town.rows(select(table)) for table in (people, talks, answers, outbox, chats)}


# ---- what is refused, and nothing is touched then


async def refused(town: Town, *words: str, **changed: str) -> str:
    """What is said, after nothing has changed."""
    async with bot_gone(town):
        before = files_of(town)
        done = await command(town, "restore", *words, **changed)
        after = files_of(town)
    assert done.exit_code == 1, done.output
    assert after == before
    return done.stderr


async def test_the_wrong_key_file_is_refused_before_anything_is_touched(town: Town, tmp_path: Path) -> None:
    await ann_and_mo_talk(town)
    await command(town, "backup", str(copy_of(town)))
    (tmp_path / "other").mkdir()
    add_key(tmp_path / "other" / "other.keys")
    said = await refused(town, str(copy_of(town)), **{setting.KEYS: str(tmp_path / "other" / "other.keys")})

    assert "which is not in the key file" in said


@pytest.mark.parametrize("part", [0.1, 0.5, 0.98])
async def test_half_a_copy_is_refused(town: Town, part: float) -> None:
    await ann_and_mo_talk(town)
    await command(town, "backup", str(copy_of(town)))
    whole = copy_of(town).read_bytes()
    copy_of(town).write_bytes(whole[: int(len(whole) * part)])

    said = await refused(town, str(copy_of(town)))
    assert str(copy_of(town)) in said and ("no whole database" in said or "damaged" in said)


async def test_a_copy_from_a_newer_version_is_refused(town: Town) -> None:
    await command(town, "backup", str(copy_of(town)))
    with closing(sqlite3.connect(copy_of(town))) as link, link:
        link.execute("UPDATE alembic_version SET version_num = '9999_later'")

    assert "newer version of Beforehand" in await refused(town, str(copy_of(town)))


async def test_some_other_file_is_refused(town: Town) -> None:
    copy_of(town).write_text("my letters")
    assert "is no copy of a database" in await refused(town, str(copy_of(town)))

    copy_of(town).unlink()
    with closing(sqlite3.connect(copy_of(town))) as link, link:
        link.execute("CREATE TABLE mine (word TEXT)")
    assert "is no whole database of Beforehand" in await refused(town, str(copy_of(town)))


async def test_while_the_bot_runs_it_is_refused(town: Town) -> None:
    await command(town, "backup", str(copy_of(town)))
    busy = await command(town, "restore", str(copy_of(town)))

    assert busy.exit_code == 1
    assert "is in use by another program" in busy.stderr


async def test_without_the_list_of_erasures_it_goes_on_only_when_told_to_and_says_what_that_means(
    town: Town,
) -> None:
    await ann_and_mo_talk(town)
    await command(town, "backup", str(copy_of(town)))
    async with bot_gone(town):
        (town.settings.backup_folder / "erased.log").unlink()
    (town.settings.backup_folder / "erased.log").unlink(missing_ok=True)
    async with bot_gone(town):
        (town.settings.backup_folder / "erased.log").unlink(missing_ok=True)
        stopped = await command(town, "restore", str(copy_of(town)))
        done = await command(town, "restore", "--without-erasures", str(copy_of(town)))

    assert stopped.exit_code == 1 and "--without-erasures" in stopped.stderr
    assert done.exit_code == 0
    assert "people who wanted nothing kept may be back" in done.stderr


KILLED = """
import os, signal, sys
from bot.store import restore
from bot.cli import main
at, calls = sys.argv.pop(1), []

def dying(name, module=os):
    real = getattr(module, name)
    def call(*words, **named):
        if name + "-before" == at: os.kill(os.getpid(), signal.SIGKILL)
        done = real(*words, **named)
        if name + "-after" == at: os.kill(os.getpid(), signal.SIGKILL)
        return done
    setattr(module, name, call)

dying("link"); dying("replace"); dying("replay", restore); dying("_copy", restore)
main()
"""


@pytest.mark.long
@pytest.mark.parametrize(
    ("at", "new"),
    [("_copy-after", 0), ("replay-after", 0), ("link-before", 0), ("link-after", 0), ("replace-after", 1)],
)
async def test_killed_in_the_middle_it_is_the_old_database_or_the_new_and_never_half(
    town: Town, at: str, new: int
) -> None:
    await ann_and_mo_talk(town)
    await command(town, "backup", str(copy_of(town)))
    await town.say("mo", "My chair")
    async with bot_gone(town):
        environment = os.environ | {
            setting.DATABASE: town.settings.database,
            setting.KEYS: str(town.settings.keys),
        }
        killed = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", KILLED, at, "restore", str(copy_of(town))],
            env=environment,
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    kept = await town.answers("mo")

    assert kept["matters"] == "A bicycle"
    assert kept.get("working") == (None if new else "My chair")
    async with bot_gone(town):
        again = await command(town, "restore", str(copy_of(town)))
        assert again.exit_code == 0, again.output


# ---- PostgreSQL


def lose_all_tables(town: Town) -> None:
    with psycopg.connect(town.settings.database, autocommit=True) as link:
        link.execute("DROP SCHEMA public CASCADE")
        link.execute("CREATE SCHEMA public")


@pytest.mark.long
async def test_on_postgresql_mo_goes_on_and_ann_is_nowhere(tmp_path: Path, server: pg.Server) -> None:
    town, copy = PgTown(tmp_path, server.fresh()), tmp_path / "kept.dump"
    async with town.open():
        done = await lose_everything_and_restore(town, copy, lambda: lose_all_tables(town))
        assert done.exit_code == 0, done.output
        assert "Erased again: 1 person and 0 talks." in done.output
        kept = await town.answers("mo")
        assert (kept["matters"], "working" in kept) == ("A bicycle", False)
        assert "Something broke here." in town.newest("mo").text
        await town.say("mo", "My new chair")
        assert (await town.answers("mo"))["working"] == "My new chair"
        assert await town.rows(select(people.c.id).where(people.c.chat_id == CHATS["ann"])) == []
        assert await town.rows(select(chats.c.key).where(chats.c.chat_id == CHATS["ann"])) == []
        await town.person("zed")
        assert (await town.rows(select(func.max(people.c.id))))[0][0] > LEAP

        before = await everything(town)
        busy = await command(town, "restore", str(copy))
        assert busy.exit_code == 1 and "The bot is running on this database" in busy.stderr
        half = tmp_path / "half.dump"
        half.write_bytes(copy.read_bytes()[: copy.stat().st_size * 2 // 3])
        add_key(tmp_path / "other.keys")
        async with bot_gone(town):
            cut = await command(town, "restore", str(half))
            wrong = await command(town, "restore", str(copy), **{setting.KEYS: str(tmp_path / "other.keys")})
        assert cut.exit_code == 1 and "is not whole" in cut.stderr
        assert wrong.exit_code == 1 and "not in the key file" in wrong.stderr
        after = await everything(town)
        assert {name: after[name] for name in ("people", "answers")} == {
            name: before[name] for name in ("people", "answers")
        }
    assert copy.stat().st_mode & 0o777 == 0o600


def test_no_password_is_on_the_command_line_and_an_old_pg_dump_is_named(
    server: pg.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import make_url

    url = make_url(server.url("postgres")).set(password="hunter2")
    assert "hunter2" not in copies.without_password(url)
    assert copies.environment(url)["PGPASSWORD"] == "hunter2"

    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupWrong, match="is of version 9, and the server of 1"):
        Copies(server.url("postgres"), tmp_path).make(0)
    old.unlink()
    with pytest.raises(BackupWrong, match="pg_dump is not on this computer"):
        Copies(server.url("postgres"), tmp_path).make(0)
