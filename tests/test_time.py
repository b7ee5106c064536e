"""Clocks that are wrong, and time zones that get other rules: nobody is reminded at the wrong time."""

import subprocess
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, select, update

from bot import ticks
from bot.clock import moment, zones_edition
from bot.store import dates, people, walls
from bot.store.inside import now
from bot.store.tables import appointments, chats, inbox, notes, outbox, pace
from bot.watch import HOLD, Watch
from tests.town import CHATS, LONDON, Town

UNFINISHED = "Hello Ann. You can carry on whenever you like. I kept your place."
HOUR = 3_600_000


class Seconds:
    """A clock that only counts, and only when it is told to."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


# ---- the clock is watched


def test_a_clock_that_goes_evenly_is_believed() -> None:
    seconds = Seconds()
    watch = Watch(seconds)
    for each in range(5):
        seconds.at = float(each * 3600)
        watch.look(each * HOUR + 900 * each)  # not quite evenly: it is put right bit by bit

    assert not watch.is_odd and not watch.went_back


def test_a_clock_that_jumps_forward_is_believed_after_two_minutes(caplog: pytest.LogCaptureFixture) -> None:
    seconds = Seconds()
    watch = Watch(seconds)
    watch.look(0)
    seconds.at = 1
    watch.look(HOUR)
    assert watch.is_odd and "the clock went forward by 3599 s: reminders wait for 120 s" in caplog.text

    seconds.at = 1 + HOLD
    watch.look(HOUR + int(HOLD * 1000))
    assert not watch.is_odd and not watch.went_back


def test_a_clock_that_is_put_back_is_believed_at_once_and_what_it_wrote_is_mended() -> None:
    seconds = Seconds()
    watch = Watch(seconds)
    watch.look(0)
    watch.look(HOUR)
    seconds.at = 30
    watch.look(30_000)
    assert not watch.is_odd and watch.went_back

    watch.put_right()
    assert not watch.went_back


async def _next_tick(town: Town) -> None:
    await town.app.worker._remind()


async def _shows(town: Town, when: datetime) -> None:
    """The clock of the computer is put to that, right or wrong."""
    town.clock._at = int(when.timestamp() * 1000)
    await _next_tick(town)
    await town.settled()


@pytest.fixture
async def seconds(town: Town, monkeypatch: pytest.MonkeyPatch) -> Seconds:
    """Ann is to be reminded at ten on 6 March; it is half past nine, and the bot watches its clock."""
    await town.person()
    await town.asked("matters")
    await town.until(datetime(2025, 3, 6, 9, 30, tzinfo=LONDON))
    counted = Seconds()
    monkeypatch.setattr(ticks, "system_time", town.clock.now)
    town.app.worker._watch = Watch(counted)
    await _next_tick(town)
    return counted


async def test_the_clock_jumps_an_hour_and_back_while_talks_go_on(town: Town, seconds: Seconds) -> None:
    await _shows(town, datetime(2025, 3, 6, 10, 30, tzinfo=LONDON))
    assert len(await town.say("ravi", "My people")) == 1
    assert town.heard("ann").count(UNFINISHED) == 0

    seconds.at = 60
    await _shows(town, datetime(2025, 3, 6, 9, 31, tzinfo=LONDON))
    assert len(await town.say("ravi", "My people")) == 1
    assert town.heard("ann").count(UNFINISHED) == 0

    seconds.at = 3600
    await _shows(town, datetime(2025, 3, 6, 10, 30, tzinfo=LONDON))
    assert town.heard("ann").count(UNFINISHED) == 1
    await town.later(hours=1)
    assert town.heard("ann").count(UNFINISHED) == 1


async def test_a_computer_that_slept_reminds_two_minutes_later(town: Town, seconds: Seconds) -> None:
    await _shows(town, datetime(2025, 3, 6, 11, 0, tzinfo=LONDON))
    assert town.heard("ann").count(UNFINISHED) == 0

    seconds.at = HOLD
    await _shows(town, datetime(2025, 3, 6, 11, 2, tzinfo=LONDON))
    assert town.heard("ann").count(UNFINISHED) == 1


async def test_what_was_put_off_by_a_wrong_clock_does_not_wait_for_its_time(
    town: Town, seconds: Seconds
) -> None:
    def wrong(conn: Connection) -> None:
        later = now(conn) + HOUR
        for changed in (
            update(inbox).values(not_before=later, done_at=None).where(inbox.c.update_id == -1),
            update(chats).values(free_at=later),
            update(pace).values(free_at=later * 1000),
        ):
            conn.execute(changed)

    await _shows(town, datetime(2025, 3, 6, 9, 35, tzinfo=LONDON))
    await town.app.store.tx(wrong)
    seconds.at = 60
    await _shows(town, datetime(2025, 3, 6, 9, 31, tzinfo=LONDON))

    assert len(await town.say("ravi", "My people")) == 1
    latest = await town.rows(select(outbox.c.due_at).where(outbox.c.state == "ready"))
    assert latest == []


# ---- the zones get other rules


@pytest.fixture
def zones(tmp_path: Path) -> Iterator["Zones"]:
    """A folder of time zones that can be changed."""
    made = Zones(tmp_path / "zones")
    made.edition("2025a", "0:00 - GMT")
    zoneinfo.reset_tzpath(to=[str(made.folder)])
    ZoneInfo.clear_cache()
    yield made
    zoneinfo.reset_tzpath()
    ZoneInfo.clear_cache()


class Zones:
    """Time zones as a machine has them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def edition(self, name: str, london: str) -> None:
        """A new edition of them, with London like this."""
        zic = which("zic") or "/usr/sbin/zic"
        if not Path(zic).exists():
            pytest.skip("there is no zic here to make time zones with")
        (self.folder / "source").write_text(f"Zone Europe/London {london}\n")
        subprocess.run([zic, "-d", str(self.folder), str(self.folder / "source")], check=True)
        (self.folder / "tzdata.zi").write_text(f"# version {name}\n")


def test_the_edition_is_that_of_the_folder_or_of_the_package(zones: Zones) -> None:
    assert zones_edition() == "2025a"
    (zones.folder / "tzdata.zi").rename(zones.folder / "+VERSION")
    (zones.folder / "+VERSION").write_text("2025b\n")
    assert zones_edition() == "2025b"
    (zones.folder / "+VERSION").unlink()
    assert zones_edition() == moment(
        (zones.folder / "Europe/London").stat().st_mtime_ns // 1_000_000
    ).strftime("%Y-%m-%d")

    zoneinfo.reset_tzpath(to=[])
    assert zones_edition()[:2] == "20" and zones_edition()[4].isalpha()


async def _plan(town: Town) -> None:
    await town.person()
    await town.share_everything()
    await town.press("ravi", "Set the date")
    await town.say("ravi", "12 June 2pm")
    await town.press("ravi", "Yes, tell Ann")


async def _instants(town: Town) -> list[datetime]:
    starts = await town.rows(select(appointments.c.starts_at).where(appointments.c.status == "agreed"))
    return [moment(starts[0].starts_at), (await town.reminders())[-1][2].astimezone(UTC)]


async def test_when_the_rules_change_the_talk_stays_at_two_and_its_reminder_at_ten(
    town: Town, zones: Zones
) -> None:
    await _plan(town)
    assert await _instants(town) == [
        datetime(2025, 6, 12, 14, tzinfo=UTC),
        datetime(2025, 6, 11, 10, tzinfo=UTC),
    ]

    zones.edition("2025b", "1:00 - BST")
    while await town.app.worker._keep_walls():
        pass
    assert await _instants(town) == [
        datetime(2025, 6, 12, 13, tzinfo=UTC),
        datetime(2025, 6, 11, 9, tzinfo=UTC),
    ]
    await town.until(datetime(2025, 6, 11, 9, 1, tzinfo=UTC))
    assert "is tomorrow: Thursday 12 June 2025, 2pm." in town.newest("ann").text


async def test_it_is_done_once_for_each_edition_and_goes_on_after_a_crash(
    town: Town, zones: Zones, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def keep(edition: str) -> bool:
        return await town.app.store.tx(lambda conn: walls.keep(conn, now(conn), edition))

    await _plan(town)
    while await keep("2025a"):
        pass
    monkeypatch.setattr(walls, "AT_ONCE", 1)
    zones.edition("2025b", "1:00 - BST")
    assert await keep("2025b")  # and now it crashes; another worker goes on
    assert (await _instants(town))[0] == datetime(2025, 6, 12, 13, tzinfo=UTC)
    assert not await keep("2025a")  # a worker that was not renewed yet changes nothing
    while await keep("2025b"):
        pass

    assert (await _instants(town))[1] == datetime(2025, 6, 11, 9, tzinfo=UTC)
    assert (await town.rows(select(notes.c.value).where(notes.c.name == "tz")))[0].value == "2025b"
    assert not await keep("2025b")


async def test_seconds_and_what_does_not_change_stay_as_they_are(town: Town, zones: Zones) -> None:
    await town.person()
    await town.later(seconds=17)
    await town.asked("matters")
    before = await town.reminders()
    zones.edition("2025b", "0:00 - WET")
    while await town.app.worker._keep_walls():
        pass

    assert await town.reminders() == before and before[0][2].second


async def test_a_reminder_that_was_put_off_keeps_its_new_time(town: Town, zones: Zones) -> None:
    await town.person()
    await town.asked("matters")
    async with town.bot_away():
        await town.until(datetime(2025, 3, 8, 3, tzinfo=LONDON))
    zones.edition("2025b", "0:00 - WET")
    while await town.app.worker._keep_walls():
        pass

    assert (await town.reminders())[-1][2] == datetime(2025, 3, 8, 10, tzinfo=LONDON)


async def test_a_zone_that_is_gone_harms_nobody_else(town: Town, zones: Zones) -> None:
    def elsewhere(conn: Connection) -> None:
        ravi = people.by_chat(conn, CHATS["ravi"])
        assert ravi is not None
        for zone in ("Europe/London", "Europe/Nowhere"):
            date = dates.agree(conn, 99, ravi, ravi.id, now(conn) + 100 * 24 * HOUR, now(conn))
            conn.execute(update(appointments).where(appointments.c.id == date).values(zone=zone))

    await _plan(town)
    await town.app.store.tx(elsewhere)
    zones.edition("2025b", "1:00 - BST")
    while await town.app.worker._keep_walls():
        pass

    assert (await _instants(town))[0] == datetime(2025, 6, 12, 13, tzinfo=UTC)
