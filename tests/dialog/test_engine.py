"""The engine, by properties: whatever people do, nothing breaks, strands them or loses what they said."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import wording
from bot.dialog.answers import Answer
from bot.dialog.engine import step
from bot.dialog.kind import Here
from bot.dialog.path import current
from bot.dialog.talk import MOST, Event, Said, State, length, split
from bot.talkfile import Engine
from tests.talks import script_named

FIRST_TALK = script_named("first_talk")
COMMANDS = [
    "/skip",
    "/notsure",
    "/back",
    "/why",
    "/example",
    "/help",
    "/change",
    "/pause",
    "/continue",
    "/stop",
]
GOING_ON = st.sampled_from(
    ["OK, next", "Yes, keep them", "1", "2 and 3", "Done", "Mo", "That is everyone", "no"]
)
WORDS = st.one_of(
    GOING_ON,
    GOING_ON,
    st.sampled_from(COMMANDS),
    st.text(max_size=40),
    st.sampled_from(["not at home", "Mo and Jo"]),
)


def engine() -> Engine:
    playing = Engine(FIRST_TALK)
    playing.start()
    return playing


def some_button(playing: Engine, number: int) -> str | None:
    """A button under any message so far, old ones too."""
    buttons = [f"({button.label})" for prompt in playing.shown for button in prompt.buttons]
    return buttons[number % len(buttons)] if buttons else None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(WORDS, st.integers(0, 99)), max_size=60))
def test_whatever_people_do_there_is_a_reply_and_a_way_on(said: list[str | int]) -> None:
    playing = engine()
    for each in said:
        words = some_button(playing, each) if isinstance(each, int) else each
        if words is None:
            continue
        before = len(playing.shown)
        playing.hear(words)
        for prompt in playing.shown[before:]:
            assert prompt.text or prompt.title or prompt.rows or prompt.after
            assert all(length(label) <= 60 for row in prompt.keys or () for label in row)
            assert all(part.edits or length(part.text) <= MOST for part in split(prompt))
    assert playing.hear("/help")


@settings(max_examples=40, deadline=None)
@given(st.lists(WORDS, max_size=40))
def test_every_talk_can_be_finished_by_skipping(said: list[str]) -> None:
    playing = engine()
    for words in said:
        playing.hear(words)
    for _ in range(2 * len(list(FIRST_TALK.questions)) + 80):
        position = current(playing.here)
        if position is None:
            break
        quick = {"info": "OK, next", "consent": "Yes, keep them", "confirm": "Not now"}
        playing.hear(quick.get(position.question.kind, "/skip"))

    assert current(playing.here) is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "c", "/back", "/why", "/pause", "/continue"]), max_size=25))
def test_detours_change_no_answer(said: list[str]) -> None:
    """Backs, whys and pauses in between lead to the same answers as going straight on."""
    texts = [q.id for q in FIRST_TALK.questions if q.kind == "text"]
    playing = engine()
    for words in said:
        playing.hear(words)
    kept = {place: a.value for place, a in playing.here.answers.items() if a.state is State.GIVEN}
    changing = [place for place, a in playing.here.answers.items() if a.state is State.CHANGING]

    assert all(isinstance(value, str) for place, value in kept.items() if place in texts)
    assert len(changing) <= sum(words == "/back" for words in said)


def test_hidden_answers_come_back_when_they_apply_again() -> None:
    playing = engine()
    for quick in playing.quickly_to("place"):
        playing.hear(quick)
    playing.hear("At the health centre")
    playing.hear("1 and 2")
    playing.hear("change where")
    playing.hear("At my home")

    assert "The place needs" not in "".join(playing.hear("/answers"))
    playing.hear("change where")
    playing.hear("At the health centre")
    assert "The place needs: No steps, A quiet room" in "\n".join(playing.hear("/answers"))


def test_an_edited_script_strands_nobody() -> None:
    """Questions come and go under people's feet; they go on, and nothing is asked twice."""
    playing = engine()
    for quick in playing.quickly_to("matters"):
        playing.hear(quick)
    without = [
        replace(s, questions=tuple(q for q in s.questions if q.id not in ("matters", "days")))
        for s in FIRST_TALK.sections
    ]
    playing.here = replace(playing.here, script=replace(FIRST_TALK, sections=tuple(without)))

    position = current(playing.here)
    assert position is not None
    assert position.place == "working"
    playing.hear("My chair")
    playing.here = replace(playing.here, script=FIRST_TALK)
    position = current(playing.here)
    assert position is not None
    assert position.place == "matters"  # it is back, and had no answer
    playing.hear("My garden")
    position = current(playing.here)
    assert position is not None
    assert position.place == "not_working"


def test_sharing_is_asked_again_only_after_a_change() -> None:
    playing = engine()
    for quick in playing.quickly_to("call_me"):
        playing.hear(quick)
    playing.hear("Ann")
    for quick in playing.quickly_to("share"):
        playing.hear(quick)
    assert "! shared" in playing.hear("Share with Ravi")
    assert "! shared" not in playing.hear("anything else")
    playing.hear("change call me")
    playing.hear("Annie")

    assert "! shared" in playing.hear("Share the change")


@pytest.mark.parametrize("words", ["yes, delete it all", "Yes, delete it all"])
def test_deleting_needs_the_whole_words(words: str) -> None:
    playing = engine()

    assert "! erased" not in playing.hear("/stop")
    assert "! erased" not in playing.hear("delete")
    assert "! erased" not in playing.hear("Stop, delete everything")
    assert "! erased" in playing.hear(words)


def test_a_question_is_put_off_but_never_refused() -> None:
    playing = engine()
    for quick in playing.quickly_to("matters"):
        playing.hear(quick)

    for command, event in ((wording.PERSON, Event.HELP_WANTED), (wording.STOP_AND_KEEP, Event.STOPPED)):
        turn = step(playing.here, Said(command, at=playing.at + 60))
        assert (event,) == turn.events
        assert turn.prompts


def test_long_messages_are_split_and_lose_no_word() -> None:
    words = " ".join(f"word{n}" for n in range(3000))
    playing = engine()
    for quick in playing.quickly_to("matters"):
        playing.hear(quick)
    playing.hear(words)
    shown = len(playing.shown)
    playing.hear("/answers")
    parts = [part for prompt in playing.shown[shown:] for part in split(prompt)]

    told = " ".join(words for part in parts for _, words in part.rows)
    assert len(parts) > 3
    assert all(length(part.text) + sum(length(a + b) for a, b in part.rows) <= MOST for part in parts)
    assert words in told
    assert not any(part.keys for part in parts[:-1])
    assert parts[-1].keys


def test_here_is_all_the_engine_needs() -> None:
    here = Here(FIRST_TALK, {"hello": Answer(State.GIVEN, None, 1)}, "Ann", "Ravi")

    assert step(here, None) == step(here, None)
