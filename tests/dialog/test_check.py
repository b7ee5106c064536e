"""Every check of a script: a broken one, the code and the line."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.dialog import load as load_package
from bot.dialog.check import CODES, check, read
from bot.dialog.check.seen import Row, Seen
from bot.dialog.load import load
from bot.errors import Problem, ScriptProblems

GOOD = """\
script: first_talk
title: Getting ready
sections:
  - id: start
    title: Before we begin
    questions:
      - id: hello
        kind: info
        ask: Hello {name}. You choose the time and the place.
      - id: ok
        kind: consent
        ask: May I keep your answers for {key_contact}?
        why: They use them to plan your talk.
        if_no: stop
  - id: people
    title: Who comes
    questions:
      - id: guests
        kind: list
        label: Who comes
        ask: Who would you like to be there?
        why: Some people bring a friend.
        item: guest
  - id: each
    title: About {guest.name}
    for_each: guests
    questions:
      - id: role
        kind: choice
        label: How you know them
        ask: How do you know {guest.name}?
        why: It helps to know who is who.
        options:
          family: Family
          worker: Someone paid to help me
      - id: tell
        kind: text
        label: What they may know
        ask: What may {guest.name} know?
        why: You decide who hears what.
        when: role is not worker
  - id: place
    title: When and where
    questions:
      - id: venue
        kind: choice
        label: Where
        ask: Where would you like to meet {guests.names}?
        why: A place you like helps.
        when: guests > 0
        options:
          home: At my home
          clinic: At the clinic
          other: {label: Somewhere else, say_more: true}
      - id: access
        kind: many
        label: What the place needs
        ask: What must {venue.label} have?
        why: Everybody must get in.
        when: venue is one of clinic, other
        options:
          flat: No steps
          quiet: A quiet room
          none: {label: None of these, alone: true}
      - id: end
        kind: confirm
        ask: Is this right?
"""


def changed(*swaps: tuple[str, str]) -> str:
    """The good script with these words changed, the first time each stands there."""
    text = GOOD
    for old, new in swaps:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def found(*swaps: tuple[str, str]) -> list[tuple[str, int]]:
    """Code and line of all that is wrong after these changes; warnings are left out."""
    return [(problem.code, problem.line) for problem in errors(changed(*swaps))]


def errors(text: str) -> list[Problem]:
    return [problem for problem in check(load(text)) if not problem.warning]


def told(*swaps: tuple[str, str]) -> Problem:
    (problem,) = errors(changed(*swaps))
    return problem


def after(before: str, new: str) -> tuple[str, str]:
    """A change that puts a line after the first line that has these words."""
    line = next(line for line in GOOD.splitlines() if before in line)
    indent = re.match(r" *(- )?", line)
    return line, f"{line}\n{' ' * len(indent[0] if indent else '')}{new}"


def question(name: str, kind: str, *lines: str, before: str = "end") -> str:
    """A question to put in front of another; it replaces the first line of that one."""
    keys = (f"kind: {kind}", f"label: Label {name}", f"ask: What about {name}?", "why: So.", *lines)
    return "".join([f"- id: {name}\n", *(f"        {key}\n" for key in keys), f"      - id: {before}"])


WHEN_VENUE = "venue is one of clinic, other"
WHEN_GUESTS = "guests > 0"


def test_a_good_script_passes_every_check() -> None:
    assert errors(GOOD) == []
    assert read(GOOD).id == "first_talk"


@pytest.mark.parametrize(
    ("swap", "code", "line"),
    [
        (("kind: text", "kind: txt"), "D201", 37),
        (after("kind: text", "most: 3"), "D202", 38),
        ((WHEN_VENUE, "venu is clinic"), "D203", 60),
        (("{venue.label}", "{venu.label}"), "D203", 58),
        (("for_each: guests", "for_each: guest"), "D203", 26),
        (("        item: guest\n", ""), "D204", 19),
        (("id: access", "id: venue"), "D205", 55),
        (("id: place", "id: people"), "D205", 42),
        (("clinic: At the clinic", "clinic: at  my HOME"), "D206", 53),
        (("          worker: Someone paid to help me\n", ""), "D207", 33),
        ((WHEN_GUESTS, "access includes flat"), "D208", 50),
        ((WHEN_VENUE, "access includes flat"), "D208", 60),
        (("{guests.names}", "{access.label}"), "D208", 48),
        ((WHEN_VENUE, "venue is clnic"), "D209", 60),
        ((WHEN_VENUE, "ok is maybe"), "D209", 60),
        ((WHEN_VENUE, "guests includes ann"), "D210", 60),
        ((WHEN_VENUE, "hello is clinic"), "D210", 60),
        ((WHEN_VENUE, "venue > 1"), "D211", 60),
        ((WHEN_VENUE, "role is family"), "D212", 60),
        (("{venue.label}", "{role.label}"), "D212", 58),
        (("for_each: guests", "for_each: ok"), "D213", 26),
        (("{venue.label}", "{address}"), "D215", 58),
        (("{venue.label}", "{guest.name}"), "D215", 58),
        (("{venue.label}", "{guests.label}"), "D215", 58),
        (("{venue.label}", "{venue.names}"), "D215", 58),
        (("{guests.names}", "{guests"), "D215", 48),
        (("title: Who comes", "title: Who comes with {nme}"), "D215", 16),
        (("home: At my home", "home: At {home}"), "D215", 52),
        (("kind: confirm", "kind: info"), "D216", 65),
        ((WHEN_VENUE, "venue is home and venue is clinic"), "D301", 60),
        ((WHEN_VENUE, "guests > 1 or guests <= 1"), "D302", 60),
        (("home: At my home", f"home: {'a' * 41}"), "D401", 52),
        (("label: Where", f"label: {'a' * 41}"), "D401", 47),
        (("why: A place you like helps.", f"why: {'a ' * 20}a."), "D504", 49),
        (("ask: Where would", f"ask: {'Where? ' * 2}Where would"), "D505", 48),
        (("label: Where", "label: who  COMES"), "D501", 47),
        (("        label: Where\n", ""), "D502", 45),
        (("        why: A place you like helps.\n", ""), "D503", 45),
    ],
)
def test_each_mistake_is_found_with_its_code_and_line(swap: tuple[str, str], code: str, line: int) -> None:
    assert (code, line) in found(swap)


@pytest.mark.parametrize("count", [12, 13])
def test_more_than_twelve_options_are_too_many(count: int) -> None:
    options = "".join(f"          o{n}: Option {n}\n" for n in range(count - 3))
    swap = ("          home: At my home\n", f"          home: At my home\n{options}")
    assert found(swap) == ([("D402", 51)] if count == 13 else [])


def test_a_question_longer_than_a_screen_is_found() -> None:
    long = "Where is it best? ".replace("?", ".") * 35
    assert found(("ask: What must", f"ask: {long}What must")) == [("D403", 58)]


def test_ids_that_together_overflow_a_button_are_found() -> None:
    question, code = "r" * 24, "w" * 20
    swaps = (("id: role", f"id: {question}"), ("when: role is not worker", f"when: {question} is not {code}"))
    assert found(*swaps, ("worker: Someone", f"{code}: Someone")) == [("D404", 28)]
    shorter = ("when: role is not worker", f"when: {question} is not {code[1:]}")
    assert found(swaps[0], shorter, ("worker: Someone", f"{code[1:]}: Someone")) == []


def test_the_places_a_private_question_ticks_must_fit_a_button_too() -> None:
    swaps = (("- id: end", question("p" * 24, "private")), ("- id: tell", f"- id: {'t' * 20}"))
    assert found(*swaps) == [("D404", 65)]


def test_a_list_inside_a_repeated_section_cannot_repeat_another() -> None:
    repeat = ("title: When and where", "title: Where\n    for_each: pets")
    swaps = (("- id: tell", question("pets", "list", "item: pet", before="tell")), repeat)
    assert ("D214", 50) in found(*swaps)


def test_a_question_that_keeps_words_must_not_stand_before_consent() -> None:
    assert found(("kind: info\n", "kind: text\n        label: Hi\n        why: So.\n")) == [("D217", 7)]


def test_consent_must_always_be_asked() -> None:
    assert ("D217", 15) in found(after("if_no: stop", "when: hello is answered"))


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("ok is no", "D301"),  # they have stopped
        ("ok is yes", "D302"),
        ("guests > 10", "D301"),  # 10 is the most
        ("guests > 9", None),
        ("guests >= 0", "D302"),
        ("guests > 3 and guests < 2", "D301"),
        ("guests is answered", None),  # they may skip it
        ("guests is answered or guests is not answered", "D302"),
        ("venue is home and guests = 0", "D301"),  # venue is asked when somebody comes
        ("venue is home or guests > 0", None),
        ("venue is home or venue is not home", None),  # it is not asked when nobody comes
        ("venue is one of home, clinic, other", None),  # their own words are none of these
        ("venue is not one of home, clinic, other", None),
        ("not (venue is home) and venue is home", "D301"),
        ("hello is answered", None),
    ],
)
def test_what_is_never_or_always_so_is_found(condition: str, code: str | None) -> None:
    assert found((WHEN_VENUE, condition)) == ([(code, 60)] if code else [])


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("access includes all of flat, none", "D301"),  # none stands alone
        ("access includes all of flat, quiet", None),
        ("access is flat and access > 1", "D301"),
        ("access > 2", "D301"),
        ("access = 2 and venue is home", "D301"),  # access is not asked at home
    ],
)
def test_ticks_that_cannot_stand_together_are_known(condition: str, code: str | None) -> None:
    assert found(after("ask: Is this right?", f"when: {condition}")) == ([(code, 68)] if code else [])


def test_inside_a_repeated_section_there_is_somebody() -> None:
    assert found(("when: role is not worker", "when: guests > 0")) == [("D302", 41)]
    assert found(("when: role is not worker", "when: guests = 0")) == [("D301", 41)]


def test_a_table_that_would_be_too_long_is_left_alone() -> None:
    names = [f"x{number}" for number in range(10)]
    never = " or ".join(f"({name} is a and {name} is b)" for name in names)
    swaps = [("- id: end", question(name, "choice", "options: {a: A, b: B, c: C}")) for name in names]
    assert found(*swaps, after("ask: Is this right?", f"when: {never}")) == []
    two = " or ".join(f"({name} is a and {name} is b)" for name in names[:2])
    assert [code for code, _ in found(*swaps, after("ask: Is this right?", f"when: {two}"))] == ["D301"]


def test_a_wrong_name_is_told_once_and_not_as_never_asked() -> None:
    assert found((WHEN_VENUE, "venu is clinic and venu is home")) == [("D203", 60)]
    assert found((WHEN_VENUE, "venue is clnic")) == [("D209", 60)]


def test_the_words_are_for_somebody_who_never_programmed() -> None:
    assert str(told((WHEN_VENUE, "venu is clinic"))) == (
        'line 60, column 9: D203 there is no question called "venu". Did you mean "venue"?'
    )
    assert told((WHEN_VENUE, "venue is clnic")).fix == 'Did you mean "clinic"?'
    assert told((WHEN_VENUE, "venue is moon")).fix == "It has: home, clinic, other."
    assert told(("kind: text", "kind: txt")).fix == 'Did you mean "text"?'
    assert "{name}, {key_contact}, {guests.names}" in told(("{venue.label}", "{x}")).fix


def test_problems_come_in_file_order() -> None:
    swaps = (("{name}", "{nam}"), (WHEN_VENUE, "x is y"), ("label: Where\n", "private: true\n"))
    lines = [line for _, line in found(*swaps)]
    assert lines == sorted(lines) and len(lines) == 3


def test_reading_refuses_what_a_check_finds() -> None:
    with pytest.raises(ScriptProblems) as wrong:
        read(changed((WHEN_VENUE, "venu is clinic")), "talk.yaml")
    assert str(wrong.value).startswith("talk.yaml, line 60, column 9: D203")


def test_every_check_has_a_code_of_its_own_and_says_what_it_means() -> None:
    codes = [code.code for code in CODES]

    assert len(codes) == len(set(codes)) >= 45
    for code in CODES:
        assert re.fullmatch(r"D[1-6]\d\d", code.code)
        assert code.means.endswith(".") and code.wrong and code.right != code.wrong


def test_every_code_the_loader_knows_is_explained() -> None:
    """A new D1xx must be put into bot/dialog/check/files.py, and so into the guide."""
    loader = Path(load_package.__file__).parent
    used = {
        code for file in loader.glob("*.py") for code in re.findall(r'"(D1\d\d)"', file.read_text("utf-8"))
    }

    assert len(used) > 30
    assert used | {"D140"} == {code.code for code in CODES if code.code < "D2"} | {"D133"}


def test_the_kinds_can_be_others() -> None:
    found = check(load(GOOD), {})
    assert {problem.code for problem in found if not problem.warning} == {"D201"}


def long_script() -> str:
    options = "options: {a: At home, b: Outside, c: By the river}"
    whens = ["when: guests > 0", *(f"when: q{n} is a and venue is not home" for n in range(59))]
    swaps = [("- id: end", question(f"q{n}", "choice", when, options)) for n, when in enumerate(whens)]
    return changed(*swaps)


def test_sixty_questions_that_hang_on_one_another_are_looked_at() -> None:
    cases = _count(lambda: errors(long_script()))
    assert 0 < cases < 600


def _count(work: Callable[[], list[Problem]]) -> int:
    """How many cases the tables had; counted, not timed."""
    from bot.dialog.check import reach

    counted = 0
    plain = reach._results

    def results(seen: Seen, row: Row) -> Iterator[bool | None]:
        nonlocal counted
        for so in plain(seen, row):
            counted += 1
            yield so

    reach._results = results
    try:
        assert work() == []
    finally:
        reach._results = plain
    return counted


# ---- errors and warnings


def test_a_warning_stops_nobody() -> None:
    text = changed(("Some people bring a friend.", "Please say."))

    assert [problem.code for problem in check(load(text)) if problem.warning] == ["D526", "D506"]
    assert read(text).id == "first_talk"


def test_in_a_chat_there_are_no_codes() -> None:
    problem = told((WHEN_VENUE, "venu is clinic"))

    assert problem.in_chat == 'Line 60: there is no question called "venu". Did you mean "venue"?'
    assert Problem(0, 0, "D102", "the file is empty.").in_chat == "The file is empty."
    assert Problem(3, 1, "D601", "So.", file="talk").in_chat == "talk, line 3: So."


# ---- parts of a set


PART = (
    GOOD[: GOOD.index("      - id: ok\n")]
    + GOOD[GOOD.index("  - id: people\n") : GOOD.index("      - id: end\n")]
)


def test_a_script_with_neither_consent_nor_sharing_is_a_part_and_passes() -> None:
    assert errors(PART) == []


def test_a_script_that_asks_consent_and_shares_nothing_passes_only_in_a_set() -> None:
    text = changed(("kind: confirm", "kind: confirm\n        reads_back: part"))

    assert [problem.code for problem in errors(text)] == ["D216"]
    assert [problem.code for problem in check(load(text), in_set=True) if not problem.warning] == []


def test_what_a_part_says_of_other_scripts_is_left_to_its_set() -> None:
    text = PART.replace("guests > 0", "weather is good")

    assert [problem.code for problem in errors(text)] == ["D203"]
    assert "D203" not in [problem.code for problem in check(load(text), in_set=True)]
