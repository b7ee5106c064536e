"""A long script and people who have answered it, for the rows of the table."""

from collections.abc import Iterator

from bot.dialog.engine import after, step
from bot.dialog.kind import Here
from bot.dialog.load import load
from bot.dialog.path import current
from bot.dialog.script import Script
from bot.dialog.talk import Said

QUESTIONS = 60
PEOPLE = 10

_HEAD = "script: long\ntitle: A long talk\nlanguage: en\nsections:\n"
_TEXT = """\
      - id: {id}
        kind: text
        label: Line {id}
        ask: What would you like to say about {id}?
        why: It helps {{key_contact}} get your talk right.
"""
_CHOICE = """\
      - id: {id}
        kind: choice
        label: Line {id}
        ask: Which of these suits you for {id}?
        why: It helps {{key_contact}} get your talk right.
{when}        options:
          morning: In the morning
          midday: Around lunch
          evening: In the evening
"""
_LIST = """\
  - id: who
    title: Who
    questions:
      - id: attendees
        kind: list
        label: Who
        ask: Who would you like to be there with you?
        why: Some people like to bring a person who knows them well.
        item: attendee
        most: 20
  - id: each
    title: The people you bring
    for_each: attendees
    questions:
"""
_EACH = """\
      - id: {id}
        kind: text
        label: "{{attendee.name}} {id}"
        ask: What may we tell {{attendee.name}} about {id}?
        why: You decide who knows what.
"""
_END = """\
  - id: sharing
    title: What you share
    questions:
      - id: just_for_me
        kind: private
        label: Just for me
        ask: Is there anything you want to keep just for you?
        why: I never show those lines to anyone.
      - id: share
        kind: confirm
        ask: Is it right?
"""


def long_text() -> str:
    """A script of QUESTIONS questions: some hang on another, some are asked for each person."""
    parts, number = [_HEAD], 0
    for section in range(8):
        parts.append(f"  - id: part_{section}\n    title: Part {section}\n    questions:\n")
        for place in range(7 if section < 4 else 6):
            form = _CHOICE if place % 2 else _TEXT
            when = f"        when: q{number - 2} is one of morning, midday\n" if place in (3, 5) else ""
            parts.append(form.format(id=f"q{number}", when=when))
            number += 1
    parts.append(_LIST)
    parts += [_EACH.format(id=f"e{n}") for n in range(QUESTIONS - number - 3)]
    return "".join([*parts, _END])


def long_script() -> Script:
    """The same, loaded.

    Shape: exactly QUESTIONS questions.
    """
    script = load(long_text(), "long")
    assert len(list(script.questions)) == QUESTIONS
    return script


def replies(script: Script, people: int = PEOPLE) -> Iterator[tuple[Here, Said]]:
    """A whole talk: each moment of it, and what is said there."""
    here, at, named = Here(script, {}, "Ann", "Ravi"), 0, 0
    while position := current(here):
        at += 10
        words = {"text": "My own words, a whole line of them", "choice": "2", "private": "nothing"}
        said = Said(words.get(position.question.kind, "Share with Ravi"), at=at)
        if position.question.kind == "list":
            named += 1
            said = Said(f"Person{named}" if named <= people else "that is everyone", at=at)
        yield here, said
        here = after(here, step(here, said), at)
