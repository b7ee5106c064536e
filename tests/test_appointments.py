"""Dates as key contacts type them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.appointments import read_days, read_moment
from bot.errors import NotUnderstood
from bot.i18n import date_in_words

NOW = datetime(2026, 11, 21, 21, 0, tzinfo=UTC)  # a Saturday evening


def said(words: str) -> str:
    return date_in_words(read_moment(words, NOW, "Europe/London"), "Europe/London", "en")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("12 March 2pm", "Friday 12 March 2027, 2pm"),
        ("12/03/2027 14:00", "Friday 12 March 2027, 2pm"),
        ("2027-03-12 14:00", "Friday 12 March 2027, 2pm"),
        ("03/04 10am", "Saturday 3 April 2027, 10am"),
        ("tomorrow 10:30", "Sunday 22 November 2026, 10:30am"),
        ("Thursday at 2pm", "Thursday 26 November 2026, 2pm"),
        ("saturday 9am", "Saturday 28 November 2026, 9am"),
        ("14:00 friday", "Friday 27 November 2026, 2pm"),
        ("monday 2.15pm", "Monday 23 November 2026, 2:15pm"),
        ("3rd of December at 11 o'clock", "Thursday 3 December 2026, 11am"),
        ("Tuesday at 2", "Tuesday 24 November 2026, 2pm"),
        ("Fri 4 Dec at 2", "Friday 4 December 2026, 2pm"),
        ("1 December 2 o'clock", "Tuesday 1 December 2026, 2pm"),
        ("1 December 2:30", "Tuesday 1 December 2026, 2:30pm"),
        ("1 December 2am", "Tuesday 1 December 2026, 2am"),
        ("tomorrow at half past ten", "Sunday 22 November 2026, 10:30am"),
        ("quarter to three on Thursday", "Thursday 26 November 2026, 2:45pm"),
        ("quarter to one on Thursday", "Thursday 26 November 2026, 12:45pm"),
        ("tomorrow at 0", "Sunday 22 November 2026, 12am"),
        ("10am on Thursday", "Thursday 26 November 2026, 10am"),
        ("2pm Thursday", "Thursday 26 November 2026, 2pm"),
        ("31/12 noon", "Thursday 31 December 2026, 12pm"),
        ("MARCH 12TH, 2PM", "Friday 12 March 2027, 2pm"),
    ],
)
def test_a_day_and_a_time_are_understood(words: str, meant: str) -> None:
    assert meant == said(words)


@pytest.mark.parametrize(
    "words", ["2pm", "12 March", "next week", "soon", "1 dec 25:00", "😀", "", "12", "9" * 500]
)
def test_half_a_date_is_asked_for_again(words: str) -> None:
    with pytest.raises(NotUnderstood):
        read_moment(words, NOW, "Europe/London")


def test_an_hour_behind_a_day_is_no_year() -> None:
    assert read_days("Fri 4 Dec at 2", NOW.date()) == (date(2026, 12, 4),)


def test_a_long_row_of_digits_is_no_day_and_nobody_waits_for_that() -> None:
    assert read_days("1" * 59 + "x", NOW.date()) == ()


def test_a_time_the_clock_jumps_over_becomes_an_hour_later() -> None:
    assert said("28 March 2027 01:30") == "Sunday 28 March 2027, 2:30am"


@given(st.text(max_size=80))
def test_no_words_break_it(words: str) -> None:
    try:
        found = read_moment(words, NOW, "Europe/London")
    except NotUnderstood:
        return
    assert found.tzinfo is UTC
