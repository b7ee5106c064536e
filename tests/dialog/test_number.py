"""A number: tapped, typed or in words; nothing near is taken for one without asking."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialog.answers import Answer
from bot.dialog.condition import Answered, Compare, Condition, Not, Number, met, parse
from bot.dialog.kind import Asked, Given
from bot.dialog.kinds.number import Number as Kind
from bot.dialog.path import current
from bot.dialog.talk import Said, State
from bot.talkfile import Engine
from tests.talks import script_named

WHEN = script_named("kinds_when")


def asked_for(place: str) -> Engine:
    playing = Engine(WHEN)
    playing.here = replace(playing.here, answers={"may_keep": Answer(State.GIVEN, {"code": "yes"}, 1)})
    playing.start()
    for line in playing.quickly_to(place):
        playing.hear(line)
    return playing


def kept(playing: Engine, place: str) -> Any:
    value = playing.here.answers[place].value
    assert value == json.loads(json.dumps(value))
    return value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("20", {"number": 20}),
        ("20 minutes", {"number": 20}),
        ("20 mins.", {"number": 20}),
        ("Twenty", {"number": 20}),
        ("twenty-five", {"number": 25}),
        ("7½", {"number": 7.5}),
        ("seven and a half", {"number": 7.5}),
        ("7,5", {"number": 7.5}),
        ("about 20", {"number": 20, "words": "about 20"}),
        ("roughly twenty minutes", {"number": 20, "words": "roughly twenty minutes"}),
    ],
)
def test_people_say_a_number_in_their_own_way(words: str, value: dict[str, Any]) -> None:
    playing = asked_for("length")
    playing.hear(words)

    assert value == kept(playing, "length")
    assert playing.here.answers["length"].settled


@pytest.mark.parametrize(
    "words",
    [
        "5-6",
        "not 20",
        "20 or 30",
        "1 hour",
        "half an hour",
        "20 years",
        "-20",
        "lots",
        "200",
        "4",
        "no more than 30",
    ],
)
def test_nothing_near_is_taken_for_a_number_without_asking(words: str) -> None:
    playing = asked_for("length")
    lines = "\n".join(playing.hear(words))

    assert {"pending": words} == kept(playing, "length")
    assert "[Keep my words]" in lines

    playing.hear("[Keep my words]")
    assert {"words": words} == kept(playing, "length")


def test_two_numbers_are_asked_about() -> None:
    playing = asked_for("length")
    assert "  [30 minutes] [45 minutes]" in playing.hear("30-45")

    playing.hear("[45 minutes]")
    assert kept(playing, "length") == {"number": 45}


def test_too_much_is_told_with_the_range_and_without_blame() -> None:
    playing = asked_for("length")

    assert playing.hear("200")[:2] == ["< You wrote “200”.", "  It can be from 5 to 120 minutes."]


def test_a_few_numbers_can_be_tapped_five_in_a_row() -> None:
    playing = asked_for("people")
    grid = playing.shown[-1]
    assert ([str(n) for n in range(1, 11)], 5) == ([button.label for button in grid.buttons], grid.columns)

    playing.hear("(4)")
    assert kept(playing, "people") == {"number": 4}


def test_an_old_number_button_changes_nothing() -> None:
    playing = asked_for("people")
    playing.hear("(4)")
    lines = playing.hear("(9)")

    assert "Nothing has changed." in lines[0]
    assert kept(playing, "people") == {"number": 4}


def test_a_longer_talk_opens_the_question_about_the_break() -> None:
    for words, place in (("45", "break"), ("30", "share"), ("about 31", "break")):
        playing = asked_for("length")
        playing.hear(words)
        position = current(playing.here)

        assert position is not None
        assert place == position.place


def look(value: dict[str, Any] | None) -> Any:
    return {"length": None if value is None else Kind().codes(value)}.get


@pytest.mark.parametrize(
    ("value", "condition", "so"),
    [
        ({"number": 31}, "length > 30", True),
        ({"number": 30}, "length > 30", False),
        ({"number": 30}, "length = 30", True),
        ({"number": 7.5}, "length > 7", True),
        ({"number": 0}, "length < 1", True),
        ({"words": "not long"}, "length > 30", None),
        ({"words": "not long"}, "length < 30", None),
        ({"words": "not long"}, "not (length < 30)", None),
        ({"words": "not long"}, "length is answered", True),
        ({"number": 31, "words": "about 31"}, "length > 30", True),
        (None, "length > 30", None),
        (None, "length is answered", False),
    ],
)
def test_a_condition_compares_the_number_and_does_not_guess_at_words(
    value: dict[str, Any] | None, condition: str, so: bool | None
) -> None:
    assert so is met(parse(condition), look(value))


@given(st.one_of(st.none(), st.integers(0, 999), st.floats(0, 999)), st.integers(0, 999))
def test_greater_and_not_greater_never_both_hold(number: float | None, limit: int) -> None:
    over: Condition = Compare("length", ">", limit)
    answers: dict[str, Number | None] = {"length": Number(number)}

    assert met(over, answers.get) is (None if number is None else number > limit)
    assert (met(Not(over), answers.get), met(over, answers.get)) in (
        (True, False),
        (False, True),
        (None, None),
    )
    assert met(Answered("length"), answers.get) is True


WORDS = st.sampled_from(
    ["20", "5-6", "about 5", "½", "yes", "no", "skip", "change how long", "lots", "/back", "(4)"]
)
KEYS = st.sampled_from(["[Keep my words]", "[Another number]", "[Keep this answer]", "[5 minutes]"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(WORDS, KEYS, st.text(max_size=20)), max_size=12))
def test_whatever_they_type_there_is_a_reply_and_a_value_json_can_hold(lines: list[str]) -> None:
    playing = asked_for("length")
    for line in lines:
        before = len(playing.shown)
        playing.hear(line)
        assert len(playing.shown) > before or "length" in playing.here.answers
        for place in ("people", "length"):
            if place in playing.here.answers:
                kept(playing, place)


@pytest.mark.parametrize(
    ("words", "told"),
    [("1", "1 (minutes)"), ("half", "½ (minutes)"), ("2", "2 minutes"), ("1.5", "1½ minutes")],
)
def test_one_is_never_called_many(words: str, told: str) -> None:
    """The script only knows the word for many."""
    ann = asked_for("length")
    question = replace(current(ann.here).question, least=None)  # type: ignore[union-attr]
    about = Asked(question, "length", ann.here)
    reading = Kind().read(about, Said(words.replace("half", "½")))

    assert isinstance(reading, Given)
    assert Kind().words(about, reading.value) == told
    assert Kind().read(about, Said(told)) == reading
