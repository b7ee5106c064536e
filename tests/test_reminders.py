"""When reminders are due."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import off_the_wall
from bot.reminders import (
    RULES,
    TOMORROW,
    UNFINISHED,
    Event,
    Reminding,
    after_at,
    before_at,
    is_late,
    is_timely,
    on_the_clock,
    soon_at,
    within,
)

LONDON = "Europe/London"


def at(words: str, zone: str = LONDON) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(zone))


def unfinished_at(last_said: datetime, zone: str) -> datetime:
    return after_at(RULES[UNFINISHED], last_said, zone)


def tomorrow_at(starts: datetime, now: datetime, zone: str) -> datetime:
    planned = before_at(RULES[TOMORROW], starts, zone)
    return planned if planned >= now else soon_at(RULES[TOMORROW], starts, now, zone)


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


def test_a_time_that_comes_twice_is_the_first_and_one_that_is_jumped_over_comes_later() -> None:
    day = datetime(2025, 10, 26).date()  # noqa: DTZ001 only the day counts
    assert datetime(2025, 10, 26, 0, 30, tzinfo=UTC) == on_the_clock(day, time(1, 30), LONDON)

    day = datetime(2025, 3, 30).date()  # noqa: DTZ001
    assert at("2025-03-30 02:30") == on_the_clock(day, time(1, 30), LONDON)


@pytest.mark.parametrize(
    ("wall", "zone", "instant"),
    [
        ("2027-03-28 01:30", LONDON, "2027-03-28 01:30"),  # jumped over: half past two, summer time
        ("2027-10-31 01:30", LONDON, "2027-10-31 00:30"),  # twice: the first
        ("2027-04-04 01:45", "Australia/Lord_Howe", "2027-04-03 14:45"),  # half an hour back
        ("2027-10-03 02:15", "Australia/Lord_Howe", "2027-10-02 15:45"),  # half an hour forward
        ("2011-12-30 10:00", "Pacific/Apia", "2011-12-30 20:00"),  # no such day: the same time on the next
        ("2011-12-31 10:00", "Pacific/Apia", "2011-12-30 20:00"),
        ("2027-03-28 10:00", "Asia/Karachi", "2027-03-28 05:00"),  # nothing changes there
    ],
)
def test_what_the_clock_on_the_wall_means_around_its_changes(wall: str, zone: str, instant: str) -> None:
    shown = datetime.fromisoformat(wall)

    assert at(instant, "UTC") == on_the_clock(shown.date(), shown.time(), zone)
    assert int(at(instant, "UTC").timestamp() * 1000) == off_the_wall(wall.replace(" ", "T"), zone)


@pytest.mark.parametrize(
    ("starts", "zone", "due"),
    [
        ("2027-03-28 14:00", LONDON, "2027-03-27 10:00"),  # 27 hours before
        ("2027-03-29 14:00", LONDON, "2027-03-28 10:00"),
        ("2027-11-01 00:15", LONDON, "2027-10-31 10:00"),  # just after midnight
        ("2027-04-05 09:00", "Australia/Lord_Howe", "2027-04-04 10:00"),
        ("2011-12-31 09:30", "Pacific/Apia", "2011-12-29 10:00"),  # the day before never was
        ("2012-01-01 09:30", "Pacific/Apia", "2011-12-31 10:00"),
    ],
)
def test_the_day_before_at_ten_whatever_the_clocks_do_in_between(starts: str, zone: str, due: str) -> None:
    found = tomorrow_at(at(starts, zone), at("2011-12-01 12:00", zone), zone)

    assert found.astimezone(ZoneInfo(zone)).isoformat(" ")[:16] == due


@pytest.mark.parametrize(
    ("moment", "zone", "speaks"),
    [
        ("2027-03-27 23:59", LONDON, "2027-03-28 10:00"),  # over midnight, and a short night
        ("2027-03-28 00:01", LONDON, "2027-03-28 10:00"),
        ("2027-10-31 00:01", LONDON, "2027-10-31 10:00"),  # a long one
        ("2027-10-31 17:59", LONDON, "2027-10-31 17:59"),
        ("2027-10-31 18:00", LONDON, "2027-11-01 10:00"),
        ("2011-12-29 18:00", "Pacific/Apia", "2011-12-31 10:00"),  # the next morning is a day further
    ],
)
def test_quiet_hours_end_in_the_next_morning_there_is(moment: str, zone: str, speaks: str) -> None:
    assert at(speaks, zone) == within(at(moment, zone), RULES[UNFINISHED], zone)


def test_hours_that_open_while_the_clock_jumps_open_when_it_has() -> None:
    early = replace(RULES[UNFINISHED], opens=time(1, 30), closes=time(5))
    opens = within(at("2027-03-28 00:10"), early, LONDON)

    assert at("2027-03-28 02:30") == opens == within(opens, early, LONDON)


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


def before(days: int = 0, minutes: int = 0, opens: int = 9, closes: int = 19) -> Reminding:
    return Reminding("any", Event.APPOINTMENT, days, minutes, time(opens), time(closes))


@pytest.mark.parametrize(
    ("rule", "starts", "due"),
    [
        (before(days=7), "2025-04-02 14:00", "2025-03-26 10:00"),  # the clocks go forward in between
        (before(days=1), "2025-03-31 14:00", "2025-03-30 10:00"),
        (before(days=1, opens=12), "2025-03-12 14:00", "2025-03-11 12:00"),  # not before its hours
        (before(days=1, closes=10), "2025-03-12 14:00", "2025-03-11 09:00"),
        (before(days=0), "2025-03-12 14:00", "2025-03-12 09:00"),  # that morning
        (before(days=0), "2025-03-12 08:30", "2025-03-11 18:00"),  # nobody is up: the evening before
        (before(minutes=120), "2025-03-12 14:00", "2025-03-12 12:00"),
        (before(minutes=120), "2025-03-12 10:30", "2025-03-12 09:00"),  # as soon as it may
        (before(minutes=120), "2025-03-12 08:30", "2025-03-11 18:00"),
        (before(minutes=120), "2025-03-12 22:00", "2025-03-12 18:00"),
        (before(minutes=26 * 60), "2025-03-30 14:00", "2025-03-29 11:00"),  # hours, whatever the clocks do
    ],
)
def test_when_a_talk_is_said_before_it(rule: Reminding, starts: str, due: str) -> None:
    assert at(due) == before_at(rule, at(starts), LONDON)


@pytest.mark.parametrize(
    ("rule", "now", "timely", "late"),
    [
        (before(days=1), "2025-03-11 10:00", True, False),
        (before(days=1), "2025-03-11 18:00", True, False),  # still the day before
        (before(days=1), "2025-03-12 09:00", False, True),
        (before(days=3), "2025-03-10 10:00", False, True),
        (before(minutes=120), "2025-03-12 12:10", True, False),
        (before(minutes=120), "2025-03-12 12:40", False, False),
        (before(minutes=120), "2025-03-12 13:10", False, True),
    ],
)
def test_words_are_said_only_while_they_are_true(rule: Reminding, now: str, timely: bool, late: bool) -> None:
    starts = at("2025-03-12 14:00")

    assert timely == is_timely(rule, starts, at(now), LONDON)
    assert late == is_late(rule, starts, at(now), LONDON)


def test_a_second_time_is_as_long_after_the_first() -> None:
    rule = Reminding("any", Event.INVITED, days=2)

    assert at("2025-03-05 12:00") == after_at(rule, at("2025-03-03 12:00"), LONDON)
    assert at("2025-03-07 12:00") == after_at(rule, at("2025-03-03 12:00"), LONDON, 2)
    hours = Reminding("any", Event.INVITED, minutes=90)
    assert at("2025-03-04 09:00") == after_at(hours, at("2025-03-03 18:00"), LONDON)  # not in the evening


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["Europe/London", "Asia/Karachi", "Australia/Lord_Howe", "America/St_Johns"]),
    st.integers(0, 30),
    st.integers(0, 72 * 60),
)
def test_nothing_is_planned_in_quiet_hours_or_after_the_talk_has_begun(
    naive: datetime, zone: str, days: int, minutes: int
) -> None:
    starts, rule = naive.replace(tzinfo=UTC), before(0 if minutes else days, minutes)
    due = before_at(rule, starts, zone)

    assert due < starts
    assert due == within(due, rule, zone)
