"""What a script may say about reminders, and what an author reads when it is wrong."""

from datetime import time

import pytest

from bot.dialog.answers import Answer
from bot.dialog.braces import filled
from bot.dialog.check import check
from bot.dialog.kind import Here
from bot.dialog.load import load
from bot.dialog.reminding import holds, known, left
from bot.dialog.script import Script
from bot.dialog.talk import State
from bot.errors import Problem, ScriptProblems
from bot.reminders import NOT_FINISHED, SEND_NOW, TELL_CONTACT, Event, Reminding

SCRIPT = """
script: short
title: Getting ready
sections:
  - id: one
    title: One
    questions:
      - {id: may_keep, kind: consent, ask: May I?, why: So that I can., yes: "Yes", no: "No"}
      - {id: place, kind: choice, ask: Where?, why: It matters., options: {home: At home, cafe: A café}}
      - id: reminders_wanted
        kind: many
        ask: When shall I remind you?
        why: You decide.
        options: {week_before: A week before, day_before: The day before}
      - {id: share, kind: confirm, ask: Shall I share it?}
"""
FIRST = SCRIPT.count("\n") + 2  # the line of the first reminder


def script(*reminders: str) -> Script:
    """The script with these reminders, each as the lines under its dash."""
    listed = "\n".join("  - " + each.strip().replace("\n", "\n    ") for each in reminders)
    return load(f"{SCRIPT}reminders:\n{listed}\n")


def one(**lines: str) -> str:
    """A good reminder, with other words on these lines; a line that is "" is left out."""
    usual = {"id": "day_before", "send": "1 day before appointment", "text": '"Tomorrow at {time}."'}
    told = usual | {key.rstrip("_"): words for key, words in lines.items()}
    return "\n".join(f"{key}: {words}" for key, words in told.items() if words)


def wrong(*reminders: str) -> list[Problem]:
    with pytest.raises(ScriptProblems) as raised:
        script(*reminders)
    return list(raised.value.problems)


def test_a_reminder_is_read_as_it_is_written() -> None:
    (found,) = script(
        one(
            id="unfinished",
            send="3 days after last answer",
            while_="not finished",
            between="10:00 and 18:00",
            most="2",
            text="Hello {name}. You can carry on whenever you like.",
        )
    ).reminders

    assert found == Reminding(
        "unfinished",
        Event.ANSWERED,
        days=3,
        opens=time(10),
        closes=time(18),
        most=2,
        only_while=NOT_FINISHED,
        text="Hello {name}. You can carry on whenever you like.",
        line=FIRST,
        column=5,
    )


@pytest.mark.parametrize(
    ("send", "event", "days", "minutes"),
    [
        ("1 week before appointment", Event.APPOINTMENT, 7, 0),
        ("1 day before appointment", Event.APPOINTMENT, 1, 0),
        (
            "24 hours before appointment",
            Event.APPOINTMENT,
            0,
            1440,
        ),  # hours are counted, days are on the wall
        ("on the day of appointment", Event.APPOINTMENT, 0, 0),
        ("90 minutes before appointment", Event.APPOINTMENT, 0, 90),
        ("2 weeks after invited", Event.INVITED, 14, 0),
        ("1 hour after finished", Event.FINISHED, 0, 60),
    ],
)
def test_when_it_is_sent(send: str, event: Event, days: int, minutes: int) -> None:
    (found,) = script(one(send=send, text="Hello.")).reminders

    assert (found.event, found.days, found.minutes) == (event, days, minutes)
    assert (found.opens, found.closes, found.most, found.if_late) == (time(9), time(19), 1, SEND_NOW)


def test_who_is_told_when_it_is_too_late() -> None:
    assert script(one(if_late="tell key contact")).reminders[0].if_late == TELL_CONTACT


def test_a_script_without_reminders_has_the_usual_ones() -> None:
    assert load(SCRIPT).reminders == ()


@pytest.mark.parametrize(
    ("lines", "code", "words", "fix"),
    [
        ({"send": "1 day before apointment"}, "D130", "apointment", "before appointment"),
        ({"send": "1 day after appointment"}, "D130", "after appointment", "before appointment"),
        ({"send": "1 day"}, "D130", "1 day", "after last answer"),
        ({"send": "a day before appointment"}, "D131", '"a day"', "1 day before appointment"),
        ({"send": "0 days before appointment"}, "D131", "0 days", "on the day of appointment"),
        ({"send": "900 days before appointment"}, "D131", "366 days", ""),
        ({"between": "9 and 19:00"}, "D132", '"9"', "09:00 and 19:00"),
        ({"between": "09:00 and 25:00"}, "D132", '"25:00"', "09:00 and 19:00"),
        ({"between": "19:00 and 09:00"}, "D132", "19:00 and 09:00", "earlier time first"),
        ({"between": "in the morning"}, "D132", "in the morning", "09:00 and 19:00"),
        ({"while_": "not finnished"}, "D133", "while", "not finished"),
        ({"text": '"At {tme}."'}, "D134", "{tme}", '"time"'),
        ({"text": '"At {time."'}, "D134", "stands alone", "( and )"),
        ({"send": "3 days after last answer"}, "D134", "{time} is known only", "Take it out"),
        ({"text": "Hello. " * 90}, "D137", "629 letters", "short sentences"),
        ({"if_late": "send never"}, "D128", "send never", "send now"),
        ({"send": "1 day after invited", "text": "Hi.", "if_late": "tell key contact"}, "D138", "only", ""),
        ({"most": "many"}, "D139", '"many"', "most: 2"),
        ({"most": "2"}, "D139", "sent once", "another reminder"),
        ({"text": ""}, "D115", '"text"', "Add a line"),
        ({"sned": "x"}, "D114", '"sned"', '"send"'),
    ],
)
def test_wrong_words_are_named_with_their_line_and_what_to_do(
    lines: dict[str, str], code: str, words: str, fix: str
) -> None:
    (problem,) = wrong(one(**lines))

    assert problem.code == code and words in str(problem) and fix in problem.fix
    assert FIRST <= problem.line < FIRST + 5


def test_two_reminders_with_one_id_and_more_than_six() -> None:
    (problem,) = wrong(one(), one())
    assert problem.code == "D135" and problem.line == FIRST + 3

    (problem,) = wrong(*(one(id=f"r{number}") for number in range(7)))
    assert problem.code == "D136" and "6 is the most" in str(problem)


def test_a_list_is_wanted() -> None:
    with pytest.raises(ScriptProblems) as raised:
        load(f"{SCRIPT}reminders: every day\n")

    assert [problem.code for problem in raised.value.problems] == ["D120"]


@pytest.mark.parametrize(
    ("words", "told", "fix"),
    [
        ("reminder_wanted includes day_before", '"reminder_wanted"', '"reminders_wanted"'),
        ("reminders_wanted includes day_befor", '"day_befor"', '"day_before"'),
        ("place is hom and reminders_wanted is answered", '"hom"', '"home"'),
    ],
)
def test_a_condition_that_names_what_is_not_there_is_found(words: str, told: str, fix: str) -> None:
    (problem,) = [each for each in check(script(one(while_=words))) if each.code == "D133"]

    assert told in str(problem) and fix in str(problem) and problem.line == FIRST
    assert not [each for each in check(script(one(while_="place is home"))) if each.code == "D133"]


def here(**codes: object) -> Here:
    answers = {name: Answer(State.GIVEN, value, n) for n, (name, value) in enumerate(codes.items(), 1)}
    return Here(load(SCRIPT), answers)


def test_a_reminder_holds_only_while_its_condition_does() -> None:
    (rule,) = script(one(while_="reminders_wanted includes day_before")).reminders

    assert holds(rule, here(reminders_wanted={"codes": ["day_before"]}))
    assert not holds(rule, here(reminders_wanted={"codes": ["week_before"]}))
    assert not holds(rule, here())  # nobody is reminded of what they have not asked for


def test_the_words_know_where_and_how_much_is_left() -> None:
    at_home = here(may_keep={"code": "yes"}, place={"code": "home"})

    assert known("place", at_home) == "At home"
    assert known("place", here()) == ""
    assert left(at_home) == 1 and known("minutes", at_home) == "1"
    assert filled("At {place or the usual place}.", lambda name: "") == "At the usual place."
