"""What a new version would mean for one person, worked out before it is used."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialog.answers import Answer
from bot.dialog.engine import step
from bot.dialog.forecast import Forecast, Outlook, forecast
from bot.dialog.kind import Here
from bot.dialog.load import load
from bot.dialog.moves import with_fact
from bot.dialog.path import current, positions
from bot.dialog.script import Option, Question, Script
from bot.dialog.talk import Said, State
from tests.talks import DIALOGS

TODAY = (DIALOGS / "first_talk.yaml").read_text("utf-8")
FIRST = load(TODAY, "first_talk")


def changed(old: str, new: str) -> Script:
    assert TODAY.count(old) >= 1, "the script has changed, and this test must too"
    return load(TODAY.replace(old, new), "first_talk")


def ann(**said: object) -> Here:
    """Ann has said these things, and nothing else."""
    answers = {
        place.replace("__", "@"): Answer(State.GIVEN, value, number)
        for number, (place, value) in enumerate(said.items(), 1)
    }
    return Here(FIRST, answers, "Ann", "Ravi")


def test_the_same_version_means_nothing_to_anybody() -> None:
    assert forecast(ann(place={"code": "home"}), FIRST) == Outlook()


def test_other_words_mean_nothing_new() -> None:
    new = changed("What matters most to you?", "What is most important to you?")

    assert forecast(ann(matters="My garden"), new) == Outlook()


def test_a_new_question_is_counted_once_for_each_person_it_is_asked_about() -> None:
    more = """      - id: since_when
        kind: text
        ask: How long have you known {attendee.name}?
      - id: may_tell
"""
    two = {"items": [{"id": "n1", "name": "Mo"}, {"id": "n2", "name": "Jane"}], "next": 3}
    new = changed("      - id: may_tell\n", more)

    assert forecast(ann(attendees=two), new) == Outlook(more=2)
    assert forecast(ann(), new) == Outlook()


def test_an_answer_whose_question_is_gone_is_told_of() -> None:
    new = changed("      - id: matters\n        kind: text", "      - id: loves\n        kind: info")

    assert forecast(ann(matters="My garden"), new).lost == {"matters"}
    assert forecast(ann(working="My chair"), new).lost == frozenset()


def test_the_same_question_under_another_id_would_be_asked_again() -> None:
    new = changed("- id: matters\n", "- id: what_matters\n")

    assert forecast(ann(matters="My garden"), new).again == {"what_matters"}
    assert forecast(ann(), new).again == frozenset()


def test_a_question_that_is_asked_for_each_person_now_would_be_asked_again() -> None:
    new = changed("    for_each: attendees\n", "").sections
    here = ann(attendees={"items": [{"id": "n1", "name": "Mo"}], "next": 2}, how_known__n1={"code": "family"})

    assert forecast(here, replace(FIRST, sections=new)).again == {"how_known"}


def test_an_option_of_a_question_that_was_answered_must_stay() -> None:
    """Whatever they chose: who reads this may not know what that is."""
    gone = changed("          video: On a video call\n", "")
    retired = changed(
        "          video: On a video call\n",
        "          video:\n            label: On a video call\n            retired: true\n",
    )

    assert forecast(ann(place={"code": "video"}), gone).gone == {("place", "video")}
    assert forecast(ann(place={"code": "home"}), gone).gone == {("place", "video")}
    assert forecast(ann(), gone).gone == frozenset()
    assert forecast(ann(place={"code": "video"}), retired) == Outlook()


def test_an_option_that_reads_otherwise_now_is_told_of() -> None:
    """Who swaps the words of two options, and not the lines, changes what people said."""
    new = changed("          home: At my home\n", "          home: At the clinic\n")

    assert forecast(ann(place={"code": "home"}), new) == Outlook(reworded=frozenset({("place", "home")}))
    assert forecast(ann(place={"code": "video"}), new) == Outlook(reworded=frozenset({("place", "home")}))
    assert forecast(ann(), new) == Outlook()
    found = Forecast()
    found.add(forecast(ann(place={"code": "home"}), new))
    assert not found.strands, "a word spelt wrong may be mended"


@pytest.mark.parametrize("kept", ["private: true", "share_with: key_contact"])
def test_an_answer_that_more_people_could_see_is_told_of(kept: str) -> None:
    label = "        label: What matters to me\n"
    closed = changed(label, f"{label}        {kept}\n")

    here = replace(ann(matters="My garden"), script=closed)
    assert forecast(here, FIRST) == Outlook(opened=frozenset({"matters"}))
    assert forecast(replace(ann(), script=closed), FIRST) == Outlook()
    assert forecast(ann(matters="My garden"), closed) == Outlook(), "fewer may see it: no harm"


def test_an_answer_whose_question_they_would_not_be_asked_now_is_told_of() -> None:
    """He changed a condition; what she said would be missing from what Ravi reads, and nobody would know."""
    label = "        label: What is working\n"
    new = changed(label, f"{label}        when: matters is answered\n")

    assert forecast(ann(working="My chair"), new) == Outlook(hidden=frozenset({"working"}))
    assert forecast(ann(matters="My garden", working="My chair"), new) == Outlook()
    assert not Forecast(hidden=Counter({"working": 1})).strands


def test_an_option_that_somebody_ticked_or_that_is_hidden_must_stay_too() -> None:
    here = ann(place={"code": "home"}, place_needs={"codes": ["quiet", "bus"], "words": ""})

    assert forecast(here, changed("          bus: A bus stop close by\n", "")).gone == {
        ("place_needs", "bus")
    }


def test_another_kind_of_question_is_never_read() -> None:
    new = changed("- id: matters\n        kind: text", "- id: matters\n        kind: face")

    assert forecast(ann(matters="My garden"), new) == Outlook(turned=frozenset({"matters"}))
    assert forecast(ann(), new).turned == frozenset()


def test_a_version_that_breaks_the_talk_is_seen_before_anybody_meets_it() -> None:
    first = FIRST.sections[0].questions[0]
    broken = replace(FIRST.sections[0], questions=(replace(first, id="dream", kind="dream"),))

    assert forecast(ann(), replace(FIRST, sections=(broken,))).stuck


def test_a_question_too_long_for_a_phone_is_seen() -> None:
    first = FIRST.sections[0].questions[0]
    longer = replace(FIRST.sections[0], questions=(replace(first, ask="very " * 1000),))

    assert forecast(ann(), replace(FIRST, sections=(longer,))).stuck


def test_people_are_counted_and_not_their_answers() -> None:
    found = Forecast()
    for one in (Outlook(), Outlook(more=1), Outlook(more=1, lost=frozenset({"pets"})), Outlook(stuck=True)):
        found.add(one)

    assert (found.people, dict(found.more), dict(found.lost), found.stuck) == (
        4,
        {0: 2, 1: 2},
        {"pets": 1},
        1,
    )
    assert found.strands and not Forecast().strands


# ---- whatever an admin does between two messages


WORDS = {"info": "OK, next", "consent": "Yes, keep them", "list": "Nobody, just me", "private": "No, nothing"}


def says(here: Here, pick: int) -> Said:
    """Something that answers the question Ann sees."""
    position = current(here)
    assert position is not None
    question = position.question
    if question.kind in ("choice", "many") and pick % 3:
        return Said(question.offered[pick % len(question.offered)].label)
    if question.kind == "list" and pick % 2:
        return Said("Mo" if not (here.answers.get(position.place) and pick % 4) else "That is everyone")
    return Said(WORDS.get(question.kind, "My own words" if question.kind == "text" else "Skip"))


def edited(script: Script, kind: str, pick: int) -> Script:
    """The script after one thing an admin may do to it."""
    sections = list(script.sections)
    at = pick % len(sections)
    questions = list(sections[at].questions)
    number = pick % len(questions)
    question = questions[number]
    if kind == "add":
        questions.insert(number, Question(f"new_{pick}", "text", "Anything new?", label=f"New {pick}"))
    elif kind == "move":
        questions.append(questions.pop(number))
    elif kind == "words":
        questions[number] = replace(question, ask=f"{question.ask} ({pick})")
    elif kind == "retire" and len(question.offered) > 2:
        options = list(question.options)
        options[pick % len(options)] = replace(options[pick % len(options)], retired=True)
        questions[number] = replace(question, options=(*options, Option(f"x{pick}", f"Another {pick}")))
    elif kind == "remove" and question.kind in ("text", "face") and len(questions) > 1:
        del questions[number]
    sections[at] = replace(sections[at], questions=tuple(questions))
    return replace(script, sections=tuple(sections))


EDITS = st.lists(
    st.tuples(
        st.integers(0, 60), st.sampled_from(["add", "move", "words", "retire", "remove"]), st.integers(0, 999)
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(picks=st.lists(st.integers(0, 11), min_size=5, max_size=60), edits=EDITS)
def test_editing_between_any_two_messages_never_strands_anybody_and_asks_nothing_twice(
    picks: list[int], edits: list[tuple[int, str, int]]
) -> None:
    here, settled = ann(), dict[str, object]()
    for moment, pick in enumerate(picks):
        for _, kind, which in (each for each in edits if each[0] == moment):
            new = edited(here.script, kind, which)
            outlook = forecast(here, new)
            assert not outlook.stuck and not outlook.again and not outlook.gone and not outlook.turned
            here = replace(here, script=new)
        position = current(here)
        if position is None:
            return
        kept = here.answers.get(position.place)
        assert kept is None or not kept.settled or position.question.kind == "confirm", "asked again"
        assert all(prompt.text or prompt.title or prompt.rows for prompt in step(here, None).prompts)
        for fact in step(here, says(here, pick)).facts:
            here = with_fact(here, fact)
            here = replace(
                here, answers={**here.answers, fact.place: Answer(fact.state, fact.value, moment + 1)}
            )
            if fact.state is State.GIVEN:
                settled[fact.place] = fact.value
        assert {place: here.answers[place].value for place in settled} == settled, "nothing said is lost"


def test_an_answer_that_was_hidden_comes_back_when_its_question_applies_again() -> None:
    here = ann(place={"code": "cafe"}, place_needs={"codes": ["quiet"], "words": ""})
    hidden = changed("when: place is one of cafe, office, other", "when: place is office")
    back = FIRST

    assert "place_needs" not in {p.place for p in positions(replace(here, script=hidden))}
    assert forecast(replace(here, script=hidden), back) == Outlook(), "nothing is asked again"
    assert "place_needs" in {p.place for p in positions(replace(here, script=back))}


@pytest.mark.parametrize("state", [State.OPEN, State.CHANGING])
def test_an_answer_in_the_middle_of_being_given_counts_too(state: State) -> None:
    here = ann()
    here = replace(here, answers={"place": Answer(state, {"code": "video", "asks": True}, 1)})

    assert forecast(here, changed("          video: On a video call\n", "")).gone == {("place", "video")}
