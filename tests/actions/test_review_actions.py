"""What a careful reader of the actions was afraid of: words that go to Ravi and were not meant to."""

from functools import partial

import pytest

from bot.actions import answer, publish
from tests.town import Town

CALLED = """
script: called
title: Called
sections:
  - id: all
    title: All
    questions:
      - {id: may_keep, kind: consent, ask: May I keep your answers?, why: It helps., if_no: stop}
      - {id: call_me, kind: text, label: Name, ask: What shall I call you?, why: It helps.}
      - {id: feels, kind: text, label: "How {name} feels", ask: How do you feel?, why: It helps.}
      - {id: mine, kind: private, label: Mine, ask: What is just for you?, why: It helps.}
      - {id: share, kind: confirm, ask: Is this right?, why: It helps.}
"""


async def asks(town: Town, words: str) -> list[str]:
    return await town.say("ann", "/ask", words)


def asked_of(town: Town) -> list[str]:
    """What Ravi was asked."""
    return [words for words in town.heard("ravi") if words.startswith("Ann asks you")]


async def test_the_button_passes_on_the_question_it_stands_under_and_no_other(town: Town) -> None:
    await town.person()
    await asks(town, "What if I am late because of my bus?")
    first = town.newest("ann").message_id
    await asks(town, "What is the talk about? I am afraid of Ravi.")

    await town.do("ann", partial(town.sandbox.press_on, "ann", first, "Ask Ravi"))

    assert asked_of(town) == ["Ann asks you\n\nWhat if I am late because of my bus?"]


async def test_a_question_passed_on_does_not_stand_for_the_one_before(town: Town) -> None:
    await town.person()
    await asks(town, "What if I am late because of my bus?")
    first = town.newest("ann").message_id
    await asks(town, "Can my parrot Rio come?")

    await town.do("ann", partial(town.sandbox.press_on, "ann", first, "Ask Ravi"))

    assert asked_of(town) == [
        "Ann asks you\n\nCan my parrot Rio come?",
        "Ann asks you\n\nWhat if I am late because of my bus?",
    ]


async def test_all_of_a_long_question_goes_to_ravi_and_none_of_it_is_an_answer(town: Town) -> None:
    await town.person()
    await town.asked("call_me")
    await town.say("ann", "/ask")
    parts = "word " * 750, "and that is the end of my question"
    await town.do("ann", *(partial(town.sandbox.say, "ann", each) for each in parts))

    assert parts[1] in town.heard("ravi")[-1]
    assert "call_me" not in await town.answers()


async def test_a_name_she_keeps_to_herself_stands_in_no_label(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer, "SCRIPT", "called")
    await town.app.store.tx(lambda conn: publish.publish_text(town.app.desk(conn, "test"), CALLED, "called"))
    await town.person()
    await town.say(
        "ann", "Yes, keep them" if "Yes, keep them" in town.keys("ann") else "Yes", "Bunny", "Fine"
    )
    await town.say("ann", "name")
    await town.press("ann", "Share with Ravi")

    assert "How Ann feels: Fine" in town.heard("ravi")[-1]
    assert "Bunny" not in town.everything_on("ravi")
