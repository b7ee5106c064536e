"""The week that suits somebody: by taps, by words, and never more than they said."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialog.condition import Includes, met
from bot.dialog.engine import step
from bot.dialog.kinds.times import Times
from bot.dialog.slots import SLOTS
from bot.dialog.talk import Said, State
from bot.talkfile import Engine
from tests.talks import script_named

WHEN = script_named("kinds_when")


def asked_for_times() -> Engine:
    playing = Engine(WHEN)
    playing.start()
    playing.hear("[Yes, keep them]")
    return playing


def said(playing: Engine, *lines: str) -> list[str]:
    """What the bot says to the last of these."""
    return [playing.hear(line) for line in lines][-1]


def kept(playing: Engine) -> Any:
    return playing.here.answers["best_times"].value


def test_the_grid_has_three_columns_and_a_row_for_each_day() -> None:
    grid = asked_for_times().shown[-1]

    assert grid.columns == 3
    assert [button.label for button in grid.buttons[:4]] == ["Mon am", "Mon pm", "Mon eve", "Tue am"]
    assert [button.label for button in grid.buttons[21:]] == ["Any time", "Not then", "Done"]


def test_taps_redraw_the_grid_and_say_nothing_new() -> None:
    playing = asked_for_times()
    playing.hear("(Tue am)")

    assert playing.shown[-1].edits
    assert [button.ticked for button in playing.shown[-1].buttons if button.label == "Tue am"] == [True]


def test_a_time_is_never_both_good_and_bad() -> None:
    playing = asked_for_times()
    said(playing, "(Tue am)", "(Not then)", "(Tue am)", "(Done)")

    assert kept(playing) == {"good": [], "never": ["tue_am"], "words": ""}


def test_a_bad_time_says_so_in_words_not_with_a_sign_alone() -> None:
    playing = asked_for_times()
    said(playing, "(Not then)", "(Tue am)")

    assert "no Tue am" in [button.label for button in playing.shown[-1].buttons]


def test_any_time_leaves_out_what_never_suits() -> None:
    playing = asked_for_times()
    said(playing, "(Not then)", "(Fri pm)", "(Any time)", "(Done)")

    assert [slot for slot in SLOTS if slot != "fri_pm"] == kept(playing)["good"]


def test_nothing_in_words_is_ticked_before_they_agree() -> None:
    playing = asked_for_times()
    playing.hear("Tuesday mornings")

    assert kept(playing)["good"] == []
    assert State.OPEN is playing.here.answers["best_times"].state

    playing.hear("[Yes, that is right]")
    assert kept(playing) == {"good": ["tue_am"], "never": [], "words": "Tuesday mornings"}


def test_words_can_be_kept_alone_though_some_were_understood() -> None:
    playing = asked_for_times()
    said(playing, "Tuesday mornings if the bus runs", "[Keep only my words]")

    assert kept(playing) == {"good": [], "never": [], "words": "Tuesday mornings if the bus runs"}


def test_more_words_before_the_yes_are_kept_with_the_first() -> None:
    playing = asked_for_times()
    said(playing, "Tuesday mornings", "and Fridays", "yes")

    assert kept(playing)["words"] == "Tuesday mornings; and Fridays"
    assert kept(playing)["good"] == ["tue_am", "fri_am", "fri_pm", "fri_eve"]


def test_done_while_words_are_asked_about_ticks_nothing_they_did_not_see() -> None:
    playing = asked_for_times()
    said(playing, "(Mon am)", "Tuesday mornings", "(Done)")

    assert kept(playing) == {"good": ["mon_am"], "never": [], "words": "Tuesday mornings"}


def test_a_tap_while_words_are_asked_about_shows_the_grid_again_and_keeps_the_words() -> None:
    playing = asked_for_times()
    said(playing, "my good days come and go", "(Mon am)")

    assert not playing.shown[-1].edits
    assert (kept(playing)["words"], kept(playing)["good"]) == ("my good days come and go", ["mon_am"])


def test_words_typed_while_marking_bad_times_are_bad_times() -> None:
    playing = asked_for_times()
    said(playing, "(Not then)", "Friday evenings", "yes")

    assert (kept(playing)["never"], kept(playing)["good"]) == (["fri_eve"], [])


def test_words_for_a_changed_answer_stand_for_all_of_it() -> None:
    playing = asked_for_times()
    said(
        playing,
        "Monday mornings but never on Fridays",
        "yes",
        "change best times",
        "Wednesday mornings",
        "yes",
    )

    assert kept(playing)["good"] == ["wed_am"]
    assert kept(playing)["never"] == ["fri_am", "fri_pm", "fri_eve"]


def test_a_not_added_to_a_changed_answer_only_takes_away() -> None:
    playing = asked_for_times()
    said(playing, "Mondays", "yes", "skip", "change best times", "not before 12", "yes")

    assert kept(playing)["good"] == ["mon_pm", "mon_eve"]


def test_keeping_an_answer_that_was_opened_again_keeps_it() -> None:
    playing = asked_for_times()
    said(playing, "Mondays", "yes", "skip")
    before = kept(playing)
    said(playing, "change best times", "[Keep this answer]")

    assert before == kept(playing)


@pytest.mark.parametrize("words", ["skip", "not sure"])
def test_the_week_can_be_left_out_even_half_way(words: str) -> None:
    playing = asked_for_times()
    said(playing, "(Mon am)", "when it is warm", words)

    assert playing.here.answers["best_times"].settled


def test_done_with_nothing_and_a_button_that_is_no_more_get_a_gentle_reply() -> None:
    playing = asked_for_times()
    assert "Tap at least one, or tap Skip." in playing.hear("(Done)")[0]

    assert "Nothing has changed" in _tap(playing, "mon_noon")


def _tap(playing: Engine, code: str) -> str:
    return step(playing.here, Said(tapped=code, asked="best_times", at=playing.at + 5)).prompts[0].text


def test_a_condition_can_ask_for_a_good_time() -> None:
    value = {"good": ["mon_am"], "never": ["tue_am"], "words": ""}
    times = Times()

    assert met(Includes("best_times", ("mon_am",)), {"best_times": times.codes(value)}.get) is True
    assert met(Includes("best_times", ("tue_am",)), {"best_times": times.codes(value)}.get) is False
    assert times.fixed == SLOTS


WORDS = st.sampled_from(
    [
        "Tuesday mornings",
        "not before 11",
        "yes",
        "no",
        "Done",
        "Any time",
        "skip",
        "change best times",
        "soon",
        "/back",
    ]
)
TAPS = st.sampled_from(
    ["(Mon am)", "(no Mon am)", "(Sun eve)", "(Any time)", "(Not then)", "(Good times)", "(Done)"]
)
KEYS = st.sampled_from(
    ["[Change the ticks]", "[Keep only my words]", "[Show me the days]", "[Keep this answer]"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(WORDS, TAPS, KEYS, st.text(max_size=20)), max_size=15))
def test_whatever_they_do_the_answer_can_be_kept_and_read_back(lines: list[str]) -> None:
    playing = asked_for_times()
    for line in lines:
        assert playing.hear(line) or playing.shown
        if "best_times" not in playing.here.answers or kept(playing) is None:
            continue
        value = kept(playing)
        assert any(value.values()), "an empty answer is no answer"
        assert value == json.loads(json.dumps(value))
        assert not {*value["good"]} & {*value["never"]}
        assert {*value["good"], *value["never"]} <= {*SLOTS}
        playing.here = replace(playing.here, stopped=False)
