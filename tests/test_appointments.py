"""Dates as key contacts type them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.appointments import read_moment
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


def test_a_time_the_clock_jumps_over_becomes_an_hour_later() -> None:
    assert said("28 March 2027 01:30") == "Sunday 28 March 2027, 2:30am"


@given(st.text(max_size=80))
def test_no_words_break_it(words: str) -> None:
    try:
        found = read_moment(words, NOW, "Europe/London")
    except NotUnderstood:
        return
    assert found.tzinfo is UTC
