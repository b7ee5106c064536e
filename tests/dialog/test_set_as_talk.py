"""Several scripts become one talk, and what is said in it counts wherever it is asked."""

import pytest

from bot import wording
from bot.dialog.answers import Answer
from bot.dialog.kind import Here
from bot.dialog.load import load, load_set
from bot.dialog.path import current, lines, positions
from bot.dialog.script import Script
from bot.dialog.sets import as_talk, bundle, is_bundle, open_text, whole
from bot.dialog.talk import State
from bot.errors import ScriptProblems
from bot.summaries.compose import compose
from bot.talkfile import Engine

HELLO = """\
script: hello
title: Hello
sections:
  - id: hello
    title: Hello
    questions:
      - id: hi
        kind: info
        ask: Hello {name}.
      - id: may_keep
        kind: consent
        ask: May I keep your answers?
        why: "{key_contact} needs them."
      - id: detail
        kind: choice
        label: How much
        ask: How much shall we go through?
        why: You decide.
        options: {light: The main things, usual: A bit more, fuller: All of it}
"""
WHERE = """\
script: where
title: Where we meet
sections:
  - id: where
    title: Where
    questions:
      - id: place
        kind: choice
        label: Where
        ask: Where would you like to meet?
        easy: Where shall we meet?
        tip: Think of places you have liked.
        why: A place you like helps.
        examples: [At home, {words: "What it looks like:", picture: home.png}]
        options: {home: At home, cafe: In a café}
      - id: coffee
        kind: text
        label: To drink
        ask: What do you like to drink?
        why: We can have it there.
        detail: usual
      - id: light_there
        kind: text
        label: The light
        ask: What light is good for you?
        why: Some lamps flicker.
        detail: fuller
      - id: not_there
        kind: text
        label: I do not want there
        ask: Who shall not be there?
        why: Then we do not ask them.
        share_with: key_contact
"""
WEEK = """\
script: week
title: My week
sections:
  - id: week
    title: My week
    questions:
      - id: best_day
        kind: text
        label: My best day
        ask: What is your best day?
        why: It is good to know.
"""
READY = """\
script: ready
title: Ready
sections:
  - id: ready
    title: Ready
    questions:
      - id: share
        kind: confirm
        ask: Is it right?
"""
MONEY = WEEK.replace("week", "money").replace("best_day", "spend").replace("My best day", "I would spend")
TEXTS = {"hello": HELLO, "where": WHERE, "week": WEEK, "ready": READY, "money": MONEY}
PLAIN = {name: text for name, text in TEXTS.items() if name != "hello"}


def talk_of(*parts: str, stage: int = 2, **keys: str) -> Script:
    """A set of these parts as one talk."""
    head = "".join(f"{key}: {value}\n" for key, value in keys.items())
    text = f"set: all\ntitle: All\n{head}parts:\n" + "".join(f"  - {part}\n" for part in parts)
    return whole(load_set(text), {name: load(text, name) for name, text in TEXTS.items()}, stage)


def asked(script: Script, **said: str) -> list[str]:
    """The questions that apply when these options were picked."""
    answers = {place: Answer(State.GIVEN, {"code": code}) for place, code in said.items()}
    return [position.question.id for position in positions(Here(script, answers))]


def test_parts_are_asked_one_after_another_and_numbered() -> None:
    engine = Engine(talk_of("hello", "where", "ready"))

    assert "*1 of 3: Hello*" in engine.start()[0]
    list(map(engine.hear, ["ok", "[Yes, that is fine]"]))
    assert "*2 of 3: Where we meet*" in engine.hear("[Skip]")[0]


def test_where_a_part_is_read_back_its_own_answers_are_there_to_change() -> None:
    days = "".join(
        f"      - {{id: d{n}, kind: text, label: Day {n}, ask: Day {n}?, why: So.}}\n" for n in range(9)
    )
    right = "      - {id: right, kind: confirm, reads_back: part, label: R, ask: Is that right?}\n"
    parts = {
        "where": load(WHERE, "where"),
        "week": load(WEEK[: WEEK.index("      - id:")] + days + right, "week"),
        "money": load(MONEY, "money"),
    }
    engine = Engine(whole(load_set("set: all\ntitle: All\nparts: [where, week, money]\n"), parts, 2))
    engine.start()
    for place in ("d0", "right"):
        for quick in engine.quickly_to(place):
            engine.hear(quick)
    told = "\n".join(engine.hear("Change an answer"))

    assert "Day 5" in told and "Which part" not in told and "Where" not in told


def test_the_person_says_how_much_is_asked_and_who_says_nothing_gets_the_usual() -> None:
    script = talk_of("hello", "where")
    always = ["hi", "may_keep", "detail", "place"]

    assert asked(script, detail="light") == [*always, "not_there"]
    assert asked(script) == asked(script, detail="usual") == [*always, "coffee", "not_there"]
    assert asked(script, detail="fuller") == [*always, "coffee", "light_there", "not_there"]


@pytest.mark.parametrize(
    ("detail", "count"),
    [("light", 2), ("usual", 3), ("fuller", 4)],
)
def test_where_nobody_asks_how_much_the_set_decides(detail: str, count: int) -> None:
    assert len(asked(talk_of("where", detail=detail))) == count


def test_a_script_alone_is_asked_at_its_usual_length() -> None:
    assert asked(as_talk(load(WHERE))) == ["place", "coffee", "not_there"]


def test_a_part_by_choice_is_offered_first_and_asked_only_when_wanted() -> None:
    engine = Engine(talk_of("where", "{script: week, by_choice: true}", "ready"))
    engine.start()
    for _ in range(3):
        told = engine.hear("[Skip]")
    assert "There is more we can do. What would you like to do?" in told[0] + told[1]
    assert "  (My week)" in told
    told = engine.hear("My week")

    assert "What is your best day?" in "".join(told)
    assert [line.label for line in lines(engine.here)] == ["Where", "To drink", "I do not want there"]


def test_what_was_answered_counts_in_every_set_that_asks_it() -> None:
    first, second = talk_of("where", "ready"), talk_of("{script: where, still_right: true}", "ready")
    engine = Engine(first)
    engine.start()
    engine.hear("[At home]")
    again = Engine(second)
    again.here = again.here.__class__(second, {}, "Ann", "Ravi", last=engine.here.answers)
    told = again.start()

    assert "Last time you said: At home" in "".join(told)
    assert "Is that still right?" in "".join(told)
    again.hear("still right")
    assert again.here.answers["place"].value == {"code": "home"}


def test_what_is_no_longer_right_is_asked_anew_with_the_old_answer_at_hand() -> None:
    script = talk_of("{script: where, still_right: true}", "ready")
    engine = Engine(script)
    last = {"place": Answer(State.GIVEN, {"code": "home"})}
    engine.here = engine.here.__class__(script, {}, "Ann", "Ravi", last=last)
    engine.start()
    told = engine.hear("[No, change it]")
    assert "You said: At home" in told[0]
    engine.hear("[In a café]")

    assert engine.here.answers["place"].value == {"code": "cafe"}


def test_words_that_answer_the_question_are_taken_without_a_yes_or_no() -> None:
    script = talk_of("{script: where, still_right: true}", "ready")
    engine = Engine(script)
    last = {"place": Answer(State.GIVEN, {"code": "home"})}
    engine.here = engine.here.__class__(script, {}, "Ann", "Ravi", last=last)
    engine.start()
    engine.hear("in a café")

    assert engine.here.answers["place"].value == {"code": "cafe"}


def test_the_second_stage_comes_only_when_it_is_time() -> None:
    parts = ("where", "ready", "{script: money, stage: 2}")

    assert "spend" not in asked(talk_of(*parts, stage=1))
    assert asked(talk_of(*parts, stage=2))[-1] == "spend"


def test_what_is_shared_is_read_back_again_only_when_all_else_is_answered() -> None:
    parts = ("where", "ready", "{script: money, stage: 2}")
    engine = Engine(talk_of(*parts, stage=1))
    engine.start()
    for words in ("[At home]", "[Skip]", "[Skip]", "[Share with Ravi]"):
        engine.hear(words)
    assert current(engine.here) is None
    engine.here = engine.here.__class__(
        talk_of(*parts), engine.here.answers, "Ann", "Ravi", shared=engine.here.shared
    )
    position = current(engine.here)
    assert position is not None and position.place == "spend"
    told = engine.hear("Boots")

    assert "  [Share the change]" in told


def test_a_bundle_stays_as_it_was_whatever_becomes_of_its_scripts() -> None:
    group = "set: all\ntitle: All\nparts: [where, ready]\n"
    kept = bundle(group, {"where": WHERE, "ready": READY})

    assert is_bundle(kept) and not is_bundle(WHERE)
    assert [q.id for q in open_text(kept).questions] == ["place", "coffee", "not_there", "share"]
    with pytest.raises(ScriptProblems, match="all"):
        open_text(bundle(group.replace("title", "tilte"), {}), "all")


# ---- what every question can do


def test_easier_words_a_tip_an_example_with_a_picture_and_the_start_again() -> None:
    engine = Engine(talk_of("hello", "where", "ready"))
    engine.start()
    for words in ("ok", "[Yes, that is fine]", "[Skip]"):
        engine.hear(words)

    assert "Where shall we meet?" in engine.hear("easier")[1]
    assert "Think of places you have liked." in engine.hear("tip")[0]
    shown = engine.hear("example")
    assert "  <photo home.png>" in shown[:2]
    assert "• At home" in "".join(shown)
    assert engine.hear("what is this about?")[0] == "< Hello Ann."
    assert current(engine.here).place == "place"  # type: ignore[union-attr]


def test_words_only_the_key_contact_may_see_are_not_shown_in_the_chat_again() -> None:
    engine = Engine(talk_of("where", "ready"))
    engine.start()
    for words in ("[Skip]", "[Skip]"):
        engine.hear(words)
    told = [*engine.hear("My uncle Bo"), *engine.hear("/answers"), *engine.hear("/change")]
    told += engine.hear("(I do not want there: Kept. I do not show it here. (only Ravi…)")
    told += engine.hear(f"[{wording.KEEP_ANSWER}]")

    assert "Bo" not in "".join(told)
    assert [entry.words for entry in compose(engine.here) if entry.place == "not_there"] == ["My uncle Bo"]


def test_an_answer_that_is_hidden_by_now_counts_in_no_condition() -> None:
    text = WHERE
    for was, becomes in (
        ("text\n        label: To drink", "choice\n        label: To drink"),
        ("detail: usual\n", "when: place is cafe\n        options: {tea: Tea, wine: Wine}\n"),
        ("detail: fuller\n", "when: coffee is wine\n"),
    ):
        assert was in text
        text = text.replace(was, becomes)
    script = as_talk(load(text))

    assert "light_there" in asked(script, place="cafe", coffee="wine")
    assert "light_there" not in asked(script, place="home", coffee="wine")


def test_a_photo_of_last_time_is_shown_when_it_is_asked_whether_it_is_still_right() -> None:
    text = WHERE.replace("kind: choice", "kind: photo").replace(
        "        options: {home: At home, cafe: In a café}\n", "        still_right: true\n"
    )
    script = as_talk(load(text))
    engine = Engine(script)
    last = {"place": Answer(State.GIVEN, {"things": [{"kind": "photo", "file": "p1"}], "words": ""})}
    engine.here = engine.here.__class__(script, {}, "Ann", "Ravi", last=last)

    assert engine.start()[:2] == ["< Where", "  <photo p1>"]


def test_easier_words_come_also_after_words_that_were_not_understood() -> None:
    engine = Engine(as_talk(load(WHERE)))
    engine.start()
    engine.hear("somewhere nice")
    told = engine.hear("easier")

    assert "Where shall we meet?" in "".join(told)
    assert "I did not find" not in "".join(told)
