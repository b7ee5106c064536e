"""When reminders are due."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reminders import RULES, UNFINISHED, on_the_clock, tomorrow_at, unfinished_at, within

LONDON = "Europe/London"


def at(words: str, zone: str = LONDON) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("last_said", "due"),
    [
        ("2025-03-03 14:20", "2025-03-06 14:20"),
        ("2025-03-03 23:50", "2025-03-07 10:00"),
        ("2025-03-03 06:00", "2025-03-06 10:00"),
        ("2025-03-03 18:00", "2025-03-07 10:00"),
        ("2025-03-28 14:20", "2025-03-31 14:20"),  # the clocks go forward in between
        ("2025-10-24 14:20", "2025-10-27 14:20"),  # and back
    ],
)
def test_an_unfinished_talk_is_asked_after_three_days_later_by_day(last_said: str, due: str) -> None:
    assert at(due) == unfinished_at(at(last_said), LONDON)


def test_her_own_zone_counts() -> None:
    assert at("2025-03-06 10:00", "Asia/Karachi") == unfinished_at(at("2025-03-03 01:00"), "Asia/Karachi")


@pytest.mark.parametrize(
    ("starts", "now", "due"),
    [
        ("2025-03-10 14:00", "2025-03-03 10:00", "2025-03-09 10:00"),
        ("2025-03-10 14:00", "2025-03-09 12:00", "2025-03-09 12:00"),  # set late: said at once
        ("2025-03-10 14:00", "2025-03-09 23:00", "2025-03-10 09:00"),  # not in the night
        ("2025-03-10 08:00", "2025-03-09 23:00", "2025-03-09 23:00"),  # but rather than never
        ("2025-03-30 14:00", "2025-03-03 10:00", "2025-03-29 10:00"),
        ("2025-03-31 14:00", "2025-03-03 10:00", "2025-03-30 10:00"),  # the day the clocks change
    ],
)
def test_the_talk_is_said_the_day_before(starts: str, now: str, due: str) -> None:
    assert at(due) == tomorrow_at(at(starts), at(now), LONDON)


def test_a_talk_that_has_begun_is_not_announced() -> None:
    assert tomorrow_at(at("2025-03-10 14:00"), at("2025-03-10 14:00"), LONDON) is None


def test_a_time_that_comes_twice_is_the_first_and_one_that_is_jumped_over_comes_later() -> None:
    day = datetime(2025, 10, 26).date()  # noqa: DTZ001 only the day counts
    assert datetime(2025, 10, 26, 0, 30, tzinfo=UTC) == on_the_clock(day, time(1, 30), LONDON)

    day = datetime(2025, 3, 30).date()  # noqa: DTZ001
    assert at("2025-03-30 02:30") == on_the_clock(day, time(1, 30), LONDON)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 the zone comes below
    st.sampled_from(
        ["Europe/London", "Asia/Karachi", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia"]
    ),
)
def test_nothing_is_ever_said_in_quiet_hours_or_early(naive: datetime, zone: str) -> None:
    said = naive.replace(tzinfo=UTC)
    due = unfinished_at(said, zone)
    local = due.astimezone(ZoneInfo(zone)).time()

    assert RULES[UNFINISHED].opens <= local < RULES[UNFINISHED].closes
    assert due >= said + timedelta(days=2, hours=22)
    assert due == within(due, RULES[UNFINISHED], zone)
