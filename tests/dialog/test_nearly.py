"""Words that are nearly an answer: asked about, never guessed."""

import pytest

from bot.dialog.choosing import near
from bot.talkfile import Engine
from tests.dialog.asked import at, kept, now_at, read_back, said


@pytest.mark.parametrize(
    "words", ["ok", "that's fine", "no thanks", "I don't mind", "go ahead", "sure, thanks", "rather not"]
)
def test_consent_asks_which_of_the_two_is_meant(words: str) -> None:
    ann = at("may_keep")

    assert f"You wrote “{words}”. Which of the two do you mean?" in said(ann, words)
    assert now_at(ann) == "may_keep"
    assert kept(ann, "may_keep") is None


@pytest.mark.parametrize("words", ["👍", "blue", "who reads it?", "y", "yes but not the money"])
def test_anything_else_is_no_consent_either(words: str) -> None:
    ann = at("may_keep")

    ann.hear(words)

    assert kept(ann, "may_keep") is None


@pytest.mark.parametrize(
    "words", ["ok", "OK!", "next", "yes", "go on", "thank you", "👍", "ok thanks", "Ready"]
)
def test_who_has_read_it_goes_on(words: str) -> None:
    ann = at("hello")

    ann.hear(words)

    assert now_at(ann) == "may_keep"


@pytest.mark.parametrize("words", ["who sees this?", "I am in pain", "ok?", "???", "why me", "no"])
def test_a_question_is_not_taken_for_going_on(words: str) -> None:
    ann = at("hello")

    told = said(ann, words)

    assert "To ask something, tap Help." in told
    assert now_at(ann) == "hello"


def at_private() -> Engine:
    ann = at("matters")
    for words in ("My garden", "So-so 😐", "Skip", "The stairs"):
        ann.hear(words)
    return ann


@pytest.mark.parametrize(
    "words",
    ["yes don't tell Ravi about the stairs", "yes", "don't say it to anyone", "keep the stairs private"],
)
def test_a_wish_in_words_opens_the_lines(words: str) -> None:
    ann = at_private()

    assert "(What worries me)" in said(ann, words)
    assert kept(ann, "just_for_me") is None


@pytest.mark.parametrize("words", ["hm", "no one should know", "🙂"])
def test_unclear_words_never_share_a_line(words: str) -> None:
    ann = at_private()

    ann.hear(words)

    assert kept(ann, "just_for_me") is None


@pytest.mark.parametrize("words", ["Skip", "/notsure", "(Done)"])
def test_a_ticked_line_stays_hers_however_she_goes_on(words: str) -> None:
    ann = at_private()
    ann.hear("Yes, let me pick")
    ann.hear("(What worries me)")
    ann.hear(words)

    assert kept(ann, "just_for_me")["codes"] == ["worry"]
    assert "What worries me: The stairs (just for you)" in read_back(ann)


def test_no_while_lines_are_ticked_unticks_none() -> None:
    ann = at_private()
    ann.hear("Yes, let me pick")
    ann.hear("(What worries me)")
    ann.hear("no")

    assert "What worries me: The stairs (just for you)" in read_back(ann)


def test_an_answer_can_be_changed_from_the_read_back() -> None:
    ann = at_private()
    ann.hear("No, nothing")

    assert "Which answer would you like to change?" in said(ann, "[Change an answer]")


FACES = ["Good 🙂", "So-so 😐", "Not good 🙁"]
HOW_MUCH = ["All of it", "Some of it", "Not much of it"]
MORE = ["One page about you", "What works, what does not", "Nothing more for now"]
WORDS = ["The usual words", "Fewer, easier words", "Read it out to me"]


@pytest.mark.parametrize(
    ("words", "labels", "suggested"),
    [
        ("not bad", FACES, []),
        ("not too bad", FACES, []),
        ("not so good", FACES, ["Not good 🙁"]),
        ("none of it", HOW_MUCH, []),
        ("no", MORE, ["Nothing more for now"]),
        ("no thanks", MORE, ["Nothing more for now"]),
        ("nothing more", MORE, ["Nothing more for now"]),
        ("easy", WORDS, ["Fewer, easier words"]),
        ("the easy one", WORDS, ["Fewer, easier words"]),
    ],
)
def test_what_is_suggested_is_never_the_opposite(words: str, labels: list[str], suggested: list[str]) -> None:
    assert [labels[number] for number in near(words, labels)] == suggested


@pytest.mark.parametrize("words", ["yes", "Yes please", "yep", "that one"])
def test_a_yes_takes_the_one_answer_that_was_suggested(words: str) -> None:
    ann = at("place")
    assert "Did you mean" in said(ann, "helth centre")

    ann.hear(words)

    assert kept(ann, "place") == {"code": "office"}


@pytest.mark.parametrize("words", ["yes", "ok"])
def test_a_yes_picks_nothing_where_nothing_was_suggested(words: str) -> None:
    ann = at("matters")
    ann.hear("My garden")
    asked = now_at(ann)
    ann.hear("not bad")

    ann.hear(words)

    assert kept(ann, asked) is None
