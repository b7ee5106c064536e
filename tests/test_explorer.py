"""Every way through every script ends, can be skipped, can go back, and shows nothing empty or too long."""

import pytest

from bot.dialog.load import load
from bot.dialog.sets import as_talk
from tests.explorer import Lost, all_talks, explore

TALKS = all_talks()
LONG = 40
"""So many questions take the walk many seconds."""


def _name(name: str) -> object:
    is_long = len(list(TALKS[name].questions)) >= LONG
    return pytest.param(name, marks=pytest.mark.long) if is_long else name


@pytest.mark.parametrize("name", [_name(name) for name in TALKS])
def test_every_way_through_a_script(name: str) -> None:
    seen = explore(TALKS[name])

    assert seen.questions == len(list(TALKS[name].questions))
    assert 0 < seen.shortest <= seen.longest
    assert seen.replies > 5 * seen.questions


SMALL = """\
script: small
title: Small
sections:
  - id: a
    title: A
    questions:
      - id: place
        kind: choice
        label: Where
        ask: Where shall we meet?
        why: So that it suits you.
        options:
          home: At home
          out: Outside
      - id: coat
        kind: text
        label: Coat
        ask: Which coat?
        why: It may rain.
        when: place is out
"""


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("home: At home", f"home: {'At home ' * 9}", "a button"),
        ("ask: Which coat?", "ask: 'Which {coat.colour}?'", "a brace"),
        ("ask: Which coat?", f"ask: {'Which coat ' * 400}?", "a message of"),
        ("when: place is out", "when: place is out and place is home", "nobody ever comes to"),
    ],
)
def test_the_walk_sees_what_a_person_must_never_meet(was: str, becomes: str, told: str) -> None:
    assert was in SMALL

    with pytest.raises(Lost, match=told):
        explore(as_talk(load(SMALL.replace(was, becomes))))
