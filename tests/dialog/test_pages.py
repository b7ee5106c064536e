"""Many answers on a small screen, and answers that are offered no more."""

from dataclasses import replace
from itertools import takewhile
from typing import Any

import pytest

from bot.dialog.answers import Answer
from bot.dialog.script import Option, Question, Section
from bot.dialog.talk import State
from bot.talkfile import Engine
from tests.dialog.asked import at, kept, now_at, read_back, said, sends


def asks(kind: str, *options: Option, **more: Any) -> Engine:
    """Ann, who sees a question with these options."""
    ann = at("matters")
    question = Question("q", kind, "What would suit you?", label="It suits me", options=options, **more)
    section = Section("s", "Your life", (question, ann.here.script.sections[-1].questions[-1]))
    ann.here = replace(ann.here, script=replace(ann.here.script, sections=(section,)))
    ann.at += 60
    ann.hear("/continue")
    return ann


def some(count: int) -> list[Option]:
    return [Option(f"o{number}", f"Answer {chr(64 + number)}") for number in range(1, count + 1)]


def keys(playing: Engine) -> list[str]:
    newest = next(prompt for prompt in reversed(playing.shown) if prompt.keys)
    answers = takewhile(lambda row: "Skip" not in row, newest.keys or ())
    return [label for row in answers for label in row]


def ticks(playing: Engine) -> list[str]:
    newest = next(prompt for prompt in reversed(playing.shown) if prompt.buttons)
    return [("✓ " if button.ticked else "") + button.label for button in newest.buttons]


def test_five_answers_are_all_on_the_screen() -> None:
    assert keys(asks("choice", *some(5))) == [option.label for option in some(5)]


def test_more_than_five_come_four_at_a_time_and_go_round() -> None:
    ann = asks("choice", *some(9))
    seen = []
    for _ in range(3):
        seen.append(keys(ann))
        ann.hear(seen[-1][-1])

    assert seen[0] == ["Answer A", "Answer B", "Answer C", "Answer D", "More answers (2)"]
    assert seen[1] == ["Answer E", "Answer F", "Answer G", "Answer H", "More answers (3)"]
    assert seen[2] == ["Answer I", "More answers (1)"]
    assert keys(ann) == seen[0]


def test_the_text_numbers_them_all_and_a_number_means_that_line() -> None:
    ann = asks("choice", *some(9))
    assert "9. Answer I" in said(ann, "More answers (2)")

    ann.hear("1")

    assert kept(ann, "q") == {"code": "o1"}


def test_an_answer_on_another_page_can_be_typed() -> None:
    ann = asks("choice", *some(9))
    ann.hear("answer i")

    assert kept(ann, "q") == {"code": "o9"}


def test_what_is_offered_no_more_is_not_shown_and_its_number_is_the_next_one() -> None:
    ann = asks("choice", Option("old", "By phone", retired=True), *some(2))

    assert keys(ann) == ["Answer A", "Answer B"]
    ann.hear("1")
    assert kept(ann, "q") == {"code": "o1"}


def test_who_chose_it_before_still_reads_it() -> None:
    ann = asks("choice", Option("old", "By phone", retired=True), *some(2))
    ann.here = replace(ann.here, answers={**ann.here.answers, "q": Answer(State.GIVEN, {"code": "old"}, 99)})

    assert "It suits me: By phone" in read_back(ann)
    assert "You said: By phone" in said(ann, "change it suits me")
    ann.hear("Keep this answer")
    assert kept(ann, "q") == {"code": "old"}


def test_eight_ticks_are_one_page_and_nine_are_two() -> None:
    assert len(ticks(asks("many", *some(8)))) == 9
    assert ticks(asks("many", *some(9)))[-3:] == ["Answer H", "More answers (2)", "Done"]


def test_ticks_on_another_page_stay_ticked() -> None:
    ann = asks("many", *some(12))
    for button in ("(Answer A)", "(More answers (2))", "(Answer L)", "(More answers (1))"):
        ann.hear(button)
    assert ticks(ann)[0] == "✓ Answer A"
    ann.hear("(Done)")

    assert kept(ann, "q") == {"codes": ["o1", "o12"], "words": ""}
    assert "It suits me: Answer A, Answer L" in read_back(ann)


def test_turning_the_page_only_redraws_the_ticks() -> None:
    ann = asks("many", *some(12))
    before = len(ann.shown)
    ann.hear("(More answers (2))")

    assert [prompt.edits for prompt in ann.shown[before:]] == [True]


def test_none_of_these_on_another_page_stands_alone() -> None:
    ann = asks("many", *some(9), Option("none", "None of these", alone=True))
    for button in ("(Answer A)", "(More answers (2))", "(None of these)", "(Done)"):
        ann.hear(button)

    assert kept(ann, "q") == {"codes": ["none"], "words": ""}


def test_typed_numbers_mean_the_whole_list_on_every_page() -> None:
    ann = asks("many", *some(12))
    ann.hear("(More answers (2))")
    ann.hear("1 and 12")

    assert kept(ann, "q")["codes"] == ["o1", "o12"]


def test_a_tick_that_is_offered_no_more_can_be_taken_away_but_not_made() -> None:
    old = Option("old", "By phone", retired=True)
    ann = asks("many", old, *some(2))
    assert ticks(ann) == ["Answer A", "Answer B", "Done"]
    before = Answer(State.GIVEN, {"codes": ["old", "o1"], "words": ""}, 99)
    ann.here = replace(ann.here, answers={**ann.here.answers, "q": before})
    assert "It suits me: By phone, Answer A" in read_back(ann)

    ann.hear("change it suits me")
    assert ticks(ann) == ["✓ By phone", "✓ Answer A", "Answer B", "Done"]
    ann.hear("(* By phone)")
    assert ticks(ann) == ["✓ Answer A", "Answer B", "Done"]
    assert "That button is from an earlier question" in said(ann, "(By phone)")


OTHER = Option("other", "Something else", say_more=True)


def test_something_else_does_not_stand_beside_her_own_words() -> None:
    ann = asks("many", *some(2), OTHER)
    ann.hear("1 and 3")
    ann.hear("A ramp")

    assert "It suits me: Answer A, A ramp" in read_back(ann)


def test_an_answer_that_asks_for_words_counts_without_them() -> None:
    ann = asks("many", *some(2), OTHER)
    ann.hear("1 and 3")
    ann.hear("Skip")

    assert kept(ann, "q")["codes"] == ["o1", "other"]
    assert "It suits me: Answer A, Something else" in read_back(ann)


def test_words_that_go_with_an_untaken_tick_go_with_it() -> None:
    ann = asks("many", *some(2), OTHER)
    ann.hear("1 and 3")
    ann.hear("A ramp")
    ann.hear("Back")
    ann.hear("(* Something else)")
    ann.hear("(Done)")

    assert kept(ann, "q") == {"codes": ["o1"], "words": ""}


def test_slips_are_asked_about_and_taken_together() -> None:
    ann = asks("many", Option("tue", "Tuesday"), Option("fri", "Friday"), Option("sat", "Saturday"))
    assert "[Tuesday, Friday]" in said(ann, "tusday and fryday")
    assert kept(ann, "q") is None

    ann.hear("[Tuesday, Friday]")
    assert kept(ann, "q")["codes"] == ["tue", "fri"]


@pytest.mark.parametrize("kind", ["choice", "many", "place"])
def test_a_voice_answers_a_question_with_options_where_it_is_welcome(kind: str) -> None:
    ann = asks(kind, *some(3), answer_by=("voice",))
    assert "You can also send a voice message." in said(ann, "/why")
    sends(ann, "voice", file="V1")

    assert kept(ann, "q")["things"] == [{"kind": "voice", "file": "V1"}]
    assert now_at(ann) == "share"
    assert "It suits me: a voice message" in read_back(ann)


def test_ticks_stay_when_a_voice_comes_with_them() -> None:
    ann = asks("many", *some(3), answer_by=("voice",))
    ann.hear("(Answer B)")
    sends(ann, "voice", file="V1")

    assert kept(ann, "q")["codes"] == ["o2"]
    assert "It suits me: Answer B (with a voice message)" in read_back(ann)


def test_something_else_can_be_said_aloud() -> None:
    ann = asks("choice", *some(2), OTHER, answer_by=("voice",))
    ann.hear("Something else")
    sends(ann, "voice", file="V1")

    assert kept(ann, "q") == {"code": "other", "things": [{"kind": "voice", "file": "V1"}]}


def test_what_is_typed_to_change_an_answer_is_the_whole_answer() -> None:
    ann = asks("many", *some(3))
    ann.hear("1 and 2")
    ann.hear("Back")
    ann.hear("3")

    assert kept(ann, "q")["codes"] == ["o3"]


def test_what_is_typed_after_ticking_goes_with_the_ticks() -> None:
    ann = asks("many", *some(3))
    ann.hear("(Answer A)")
    ann.hear("3")

    assert kept(ann, "q")["codes"] == ["o1", "o3"]
