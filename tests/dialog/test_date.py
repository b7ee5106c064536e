"""A day, as people type it: shown in full before it counts, and never a wrong one in silence."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.appointments import names_a_time, read_days
from bot.dialog.answers import Answer
from bot.dialog.kinds.date import in_words
from bot.dialog.talk import State
from bot.talkfile import Engine
from tests.talks import script_named

WHEN = script_named("kinds_when")
TODAY = date(2026, 11, 21)  # a Saturday
EVENING = int(datetime(2026, 11, 21, 21, 30, tzinfo=UTC).timestamp())


def asked_for_a_day(zone: str = "Europe/London") -> Engine:
    playing = Engine(WHEN)
    done = {"may_keep": {"code": "yes"}, "best_times": {"good": ["tue_am"], "never": [], "words": ""}}
    answers = {place: Answer(State.GIVEN, value, n, 0) for n, (place, value) in enumerate(done.items(), 1)}
    playing.here, playing.at = replace(playing.here, answers=answers, zone=zone), EVENING
    playing.start()
    return playing


def kept(playing: Engine) -> Any:
    value = playing.here.answers["first_day"].value
    assert value == json.loads(json.dumps(value))
    return value


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("3rd March", ["Wednesday 3 March 2027"]),
        ("Friday 12 March", ["Friday 12 March 2027"]),
        ("march 12th, 2027", ["Friday 12 March 2027"]),
        ("12/3", ["Friday 12 March 2027", "Thursday 3 December 2026"]),
        ("12.03.2027", ["Friday 12 March 2027", "Friday 3 December 2027"]),
        ("3/3", ["Wednesday 3 March 2027"]),
        ("31/12", ["Thursday 31 December 2026"]),
        ("2027-03-12", ["Friday 12 March 2027"]),
        ("next Tuesday", ["Tuesday 24 November 2026", "Tuesday 1 December 2026"]),
        ("on Tuesday", ["Tuesday 24 November 2026"]),
        ("Saturday", ["Saturday 28 November 2026"]),
        ("a week on Friday", ["Friday 4 December 2026"]),
        ("in two weeks", ["Saturday 5 December 2026"]),
        ("in 2 weeks' time", ["Saturday 5 December 2026"]),
        ("in a month", ["Monday 21 December 2026"]),
        ("tomorrow morning", ["Sunday 22 November 2026"]),
        ("the day after tomorrow", ["Monday 23 November 2026"]),
        ("the 12th", ["Saturday 12 December 2026"]),
        ("29 Feb", ["Tuesday 29 February 2028"]),
        ("21 November", ["Saturday 21 November 2026"]),
        ("12 March 2020", ["Thursday 12 March 2020"]),
    ],
)
def test_people_name_a_day_in_their_own_way(words: str, days: list[str]) -> None:
    assert days == [in_words(day.isoformat(), str) for day in read_days(words, TODAY)]


@pytest.mark.parametrize(
    "words",
    [
        "Easter",
        "Mondays",
        "next week",
        "not tomorrow",
        "March",
        "2027",
        "30 February",
        "soon",
        "",
        "😀",
        "5 pm",
    ],
)
def test_what_is_not_one_day_is_not_taken_for_one(words: str) -> None:
    assert read_days(words, TODAY) == ()


@given(st.text(max_size=80), st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_no_words_break_it(words: str, today: date) -> None:
    assert all(isinstance(day, date) for day in read_days(words, today))
    assert names_a_time(words) in (True, False)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_a_day_that_is_shown_means_the_same_when_it_is_typed(day: date, today: date) -> None:
    assert (day,) == read_days(in_words(day.isoformat(), str), today)


@given(st.integers(1, 28), st.integers(1, 12), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_a_day_without_a_year_is_the_next_one(day: int, month: int, today: date) -> None:
    found = read_days(date(2001, month, day).strftime("%d %B"), today)

    assert len(found) == 1
    assert (day, month) == (found[0].day, found[0].month)
    assert 0 <= (found[0] - today).days <= 366


def test_a_typed_day_counts_only_after_a_yes() -> None:
    playing = asked_for_a_day()
    lines = playing.hear("12 March")

    assert "I understood: Friday 12 March 2027." in lines[0]
    assert not playing.here.answers["first_day"].settled

    playing.hear("yes")
    assert kept(playing) == {"date": "2027-03-12"}


def test_twelve_three_asks_which_and_the_day_comes_first() -> None:
    playing = asked_for_a_day()
    lines = "\n".join(playing.hear("12/3"))
    assert lines.index("Friday 12 March 2027") < lines.index("Thursday 3 December 2026")

    playing.hear("2")
    assert kept(playing) == {"date": "2026-12-03"}


def test_tomorrow_is_tomorrow_where_they_are() -> None:
    """Half past nine in the evening in London is the next morning in Auckland."""
    for zone, day in (("Europe/London", "2026-11-22"), ("Pacific/Auckland", "2026-11-23")):
        playing = asked_for_a_day(zone)
        playing.hear("[Tomorrow]")
        playing.hear("[Yes, that is right]")

        assert {"date": day} == kept(playing)


def test_words_that_are_no_day_are_kept_when_they_want_it() -> None:
    playing = asked_for_a_day()
    playing.hear("after Easter")
    playing.hear("[Keep my words]")

    assert kept(playing) == {"words": "after Easter"}


def test_a_day_that_has_passed_is_told_before_it_counts() -> None:
    playing = asked_for_a_day()

    assert any("That day has passed already." in line for line in playing.hear("12 March 2020"))


def test_a_time_of_day_is_not_lost() -> None:
    playing = asked_for_a_day()
    playing.hear("12 March at 2pm")
    playing.hear("yes")

    assert kept(playing) == {"date": "2027-03-12", "words": "12 March at 2pm"}


def test_another_day_typed_instead_of_a_yes_is_asked_about() -> None:
    playing = asked_for_a_day()
    playing.hear("12 March")
    lines = playing.hear("no, 13 March")
    assert "13 March" in "\n".join(lines)

    playing.hear("13 March")
    playing.hear("yes")
    assert kept(playing) == {"date": "2027-03-13"}


def test_the_answer_before_stays_until_the_new_one_is_agreed() -> None:
    playing = asked_for_a_day()
    for line in (
        "12 March",
        "yes",
        "change first day",
        "next Tuesday",
        "[Try another day]",
        "[Keep this answer]",
    ):
        playing.hear(line)

    assert kept(playing) == {"date": "2027-03-12"}
