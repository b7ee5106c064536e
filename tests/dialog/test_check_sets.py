"""The scripts of a set are looked at together: what each hangs on may stand in another."""

from dataclasses import replace

import pytest

from bot.dialog.check import check, check_all, check_set, figures
from bot.dialog.load import load, load_set
from bot.dialog.script import Script, Set
from bot.dialog.sets import whole
from bot.errors import Problem
from tests.dialog.test_planted_mistakes import BEGIN, ENDING, MORE, PAGE, TALK

PEOPLE = """\
script: people
title: People
sections:
  - id: people
    title: People
    questions:
      - {id: guests, kind: list, label: Who, ask: Who is there?, why: So., item: guest}
  - id: each
    title: Each
    for_each: guests
    questions:
      - {id: ring, kind: face, label: How, ask: "How is {guest.name}?", why: So.}
"""
SCRIPTS = {each.id: each for each in map(load, (BEGIN, MORE, PAGE, ENDING, PEOPLE))}
GROUP = load_set(TALK)


def group(*parts: str, detail: str = "usual") -> Set:
    """A set of these; a + makes one that is asked by choice, a 2 one of the second talk."""
    lines = (
        f"  - script: {name.strip('+2')}\n    stage: {2 if '2' in name else 1}\n"
        f"    by_choice: {'true' if '+' in name else 'false'}\n"
        for name in parts
    )
    return load_set(f"set: talk\ntitle: T\ndetail: {detail}\nparts:\n{''.join(lines)}")


def found(talk: Set, **changed: Script) -> list[tuple[str, str]]:
    """File and code of all that is wrong with the scripts together."""
    return [(each.file, each.code) for each in check_set(talk, {**SCRIPTS, **changed})]


def part(text: str, old: str, new: str) -> Script:
    assert old in text
    return load(text.replace(old, new, 1))


def test_good_scripts_are_good_together() -> None:
    assert found(GROUP) == []
    assert check_all(SCRIPTS.values(), [GROUP, replace(group("begin", "people", "ending"), id="short")]) == []


def test_a_condition_may_name_a_question_of_an_earlier_script() -> None:
    assert [each.code for each in check(SCRIPTS["page"]) if not each.warning] == ["D203"]
    assert check(SCRIPTS["page"], in_set=True) == []
    assert found(group("begin", "page", "ending")) == []


def test_a_condition_must_not_name_a_question_of_a_later_script() -> None:
    assert found(
        group("begin", "ending"),
        begin=part(BEGIN, "kind: face", "kind: face\n        when: music is answered"),
    ) == [("begin", "D203")]
    later = group("begin", "people", "more", "ending")
    assert found(later, people=part(PEOPLE, "item: guest}", "item: guest, when: music is answered}")) == [
        ("people", "D208")
    ]


def test_what_is_asked_by_choice_is_neither_always_nor_never_asked() -> None:
    assert found(group("begin", "people+", "more+", "ending")) == []


def test_who_is_on_no_list_is_not_asked_about_and_that_is_known_across_scripts() -> None:
    never = part(PAGE, "when: weather is good", "when: guests > 3 and guests < 2")

    assert found(group("begin", "people+", "page", "ending"), page=never) == [("page", "D301")]


@pytest.mark.parametrize(("detail", "code"), [("fuller", None), ("usual", "D609"), ("light", "D609")])
def test_a_question_no_set_has_the_time_for_is_told(detail: str, code: str | None) -> None:
    full = part(PAGE, "detail: light", "detail: fuller")
    scripts = {**SCRIPTS, "page": full}
    sets = [replace(group("begin", "page", "people", "more", "ending", detail=detail), id="one")]

    assert [each.code for each in check_all(scripts.values(), sets)] == ([code] if code else [])


def test_a_question_left_out_for_its_detail_may_be_named_by_another() -> None:
    light = part(BEGIN, "kind: face", "kind: face\n        detail: fuller")

    assert found(group("begin", "page", "ending"), begin=light) == []


def test_when_the_person_says_how_much_nothing_is_out_of_reach() -> None:
    says = (
        BEGIN
        + """\
      - id: detail
        kind: choice
        label: How much
        ask: How much do you want to say?
        why: So.
        options: {light: A bit, usual: Some, fuller: A lot}
"""
    )
    full = part(PAGE, "detail: light", "detail: fuller")
    talk = group("begin", "page", "more", "people", "ending")

    assert found(talk, begin=load(says), page=full) == []
    assert check_all({**SCRIPTS, "begin": load(says), "page": full}.values(), [talk]) == []


def test_what_shares_both_talks_may_stand_below_the_second() -> None:
    assert found(group("begin", "more2", "ending")) == []
    assert found(group("begin", "more2", "page", "ending")) == [("talk", "D607")]


def test_a_mistake_that_one_script_has_alone_is_not_told_again() -> None:
    alone = part(MORE, "kind: text", "kind: text\n        when: music is answered")

    assert found(group("begin", "more", "ending"), more=alone) == []
    told = check_all(
        {**SCRIPTS, "more": alone}.values(), [group("begin", "more", "people", "page", "ending")]
    )
    assert [(each.file, each.code) for each in told] == [("more", "D208")]


def test_a_label_of_another_script_is_named_with_its_script() -> None:
    (told,) = check_set(GROUP, {**SCRIPTS, "page": part(PAGE, "label: A good day", "label: Music")})

    assert told == Problem(
        9,
        9,
        "D501",
        'the label "Music" is already used in line 7 of more.',
        "Change one of them.",
        False,
        "page",
    )


def test_scripts_that_cannot_be_read_make_no_other_mistakes() -> None:
    missing = {name: script for name, script in SCRIPTS.items() if name not in ("more", "people")}

    assert check_all(missing.values(), [GROUP], unread=["more"]) == []


def test_a_whole_set_has_a_length() -> None:
    length, grade = figures(whole(GROUP, SCRIPTS))

    assert length.questions == (5, 6)  # the offer of more is a question, and so is the read-back
    assert length.minutes[0] <= length.minutes[1] <= 5
    assert grade is not None and grade < 4
