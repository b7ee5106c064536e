"""Ann has a question of her own: the team's answer comes first, and nothing goes to Ravi without reason."""

from functools import partial

import pytest

from tests.town import Town

ASK = "Ask a question"


async def ask(town: Town, words: str) -> list[str]:
    """Ann taps the button in the help card and writes."""
    await town.person()
    await town.say("ann", "OK, next", "Help")
    await town.press("ann", ASK)
    return await town.say("ann", words)


async def test_what_the_team_has_written_comes_first_and_ravi_hears_nothing(town: Town) -> None:
    told = await ask(town, "what are we going to talk about then?")

    assert told[0] == (
        "What is the talk about?\n\nHere is what we say to that:\n\n"
        "It is about your life. Ravi can tell you more."
    )
    assert town.newest("ann").buttons == [["That helps"], ["Ask Ravi"]]
    assert "talk about then" not in town.everything_on("ravi")


async def test_it_helped_and_the_talk_goes_on_where_it_was(town: Town) -> None:
    await ask(town, "What if I am late?")
    told = await town.press("ann", "That helps")

    assert told[0] == "I am glad. Back to where we were."
    assert told[1].startswith("Three things to know.")


@pytest.mark.parametrize("label", ["That helps", "Ask Ravi"])
async def test_a_button_from_before_she_stopped_does_not_begin_it_again(town: Town, label: str) -> None:
    await ask(town, "What if I am late because of my bus?")
    await town.say("ann", "Stop, keep my answers")
    told = await town.press("ann", label)

    assert len(told) == 1 and "Back to where we were" not in told[0]
    assert town.keys("ann") == ["Carry on", "Stop, delete everything"]
    assert "Ann is carrying on with the talk." not in town.everything_on("ravi")
    assert ("my bus" in town.everything_on("ravi")) == (label == "Ask Ravi")


async def taps_twice(town: Town, label: str) -> list[str]:
    """Ann's hand shakes: both taps are there before the bot looks."""
    return await town.do("ann", *[partial(town.sandbox.say, "ann", label)] * 2)


async def test_two_taps_on_the_button_are_not_her_question(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    await town.press("ann", "Help")
    heard = len(town.heard("ravi"))
    await taps_twice(town, ASK)
    await town.say("ann", "Can my parrot Rio come?")

    assert town.heard("ravi")[heard:] == ["Ann asks you\n\nCan my parrot Rio come?"]
    assert "matters" not in await town.answers()


async def test_two_taps_on_never_mind_are_no_answer(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    await town.press("ann", "Help", ASK)
    told = await taps_twice(town, "Never mind")

    assert told[-1] == "What matters most to you?" and "matters" not in await town.answers()


async def test_two_taps_on_write_are_not_her_message(town: Town) -> None:
    await town.person()
    await town.share_everything()
    heard = len(town.heard("ravi"))
    await taps_twice(town, "Write to Ravi")
    await town.say("ann", "My parrot Rio comes")

    assert town.heard("ravi")[heard:] == ["A message from Ann\n\nMy parrot Rio comes"]


async def test_it_did_not_help_and_ravi_is_asked_once_word_for_word(town: Town) -> None:
    await ask(town, "What if I am late because of my bus?")
    told = await town.press("ann", "Ask Ravi", "Ask Ravi")

    assert told[0] == "I have asked Ravi for you.\nRavi answers here, Monday to Friday."
    assert [m for m in town.heard("ravi") if "my bus" in m] == [
        "Ann asks you\n\nWhat if I am late because of my bus?"
    ]


async def test_what_nobody_has_written_goes_to_ravi_with_a_promise_and_he_can_answer(town: Town) -> None:
    told = await ask(town, "Can my parrot Rio come?")

    assert told[0] == (
        "I have no answer to that, so I have asked Ravi for you.\nRavi answers here, Monday to Friday."
    )
    assert told[1].startswith("Three things to know.")
    assert town.heard("ravi")[-1] == "Ann asks you\n\nCan my parrot Rio come?"
    await town.press("ravi", "Write to Ann")
    await town.say("ravi", "Yes, bring Rio.")
    assert town.heard("ann")[-1] == "A message from Ravi\n\nYes, bring Rio."


async def test_she_would_rather_not_ask(town: Town) -> None:
    told = await ask(town, "Never mind")

    assert told[0] == "That is fine. Nothing was sent."
    assert town.heard("ravi")[-1] == "Ann has started getting ready."


async def test_a_photo_is_no_question_and_she_can_still_write_it(town: Town) -> None:
    await town.person()
    await town.say("ann", "/ask")
    await town.do("ann", lambda: town.sandbox.send_sticker("ann"))
    told = await town.say("ann", "Is there a lift?")

    assert told[0].startswith("I have no answer to that, so I have asked Ravi")


async def test_what_she_asked_is_locked_and_goes_when_she_deletes_everything(town: Town) -> None:
    await ask(town, "Can my parrot Rio come?")
    await town.say("ann", "Stop, delete everything", "Yes, delete it all")

    assert await town.tables_with("parrot") == []


async def test_zed_cannot_press_her_button_and_learns_nothing(town: Town) -> None:
    await ask(town, "What if I am late because of my bus?")
    talk = 1
    told = await town.forge("zed", f"ask/{talk}:pass")
    assert "bus" not in town.everything_on("zed") + "".join(told)
    told = await town.forge("ravi", f"ask/{talk}:pass")

    assert "bus" not in "".join(told)


async def test_in_a_try_out_nobody_is_asked(town: Town) -> None:
    await town.admin()
    from tests.actions.test_publish import NEW

    await town.send_file("gil", "first_talk.yaml", NEW)
    await town.press("gil", "Try it on my phone")
    await town.say("gil", "/ask")
    told = await town.say("gil", "Can my parrot come?")

    assert told[0].startswith("I have no answer to that, and there is nobody here to ask.")


@pytest.mark.parametrize("words", ["What is this about?", "/about"])
async def test_what_is_this_about_tells_it_all_again_and_the_question_stands(town: Town, words: str) -> None:
    await town.person()
    await town.asked("place")
    told = await town.say("ann", words)

    assert told[0].startswith("Hello Ann. I am a computer program.")
    assert "Where would you like to meet?" in told[-1]


# ---- words that cannot wait

DANGER = "I cannot help now. If you are in danger, ring 999. Ravi may not see this today."


async def test_whoever_says_they_want_to_die_reads_at_once_where_help_is_and_goes_on(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    told = await town.say("ann", "Some days I want to die.")

    assert told[0] == DANGER and len(told) > 1, "it is said first, and the talk goes on"
    assert "want to die" not in town.everything_on("ravi")
    await town.say("ann", "What I said")
    assert "Some days I want to die." in town.everything_on("ann")
    await town.press("ann", "Talk to a person")
    assert "Can you get in touch today?" in town.everything_on("ravi")


async def test_it_is_said_where_the_words_are_no_answer_and_in_a_note_to_ravi(town: Town) -> None:
    await town.person()
    await town.asked("place")
    assert (await town.say("ann", "i dont want to be here any more"))[0] == DANGER
    await town.say("ann", "Write to Ravi")
    assert (await town.say("ann", "I want to die"))[0] == DANGER


@pytest.mark.parametrize(
    "words", ["I want to dance", "I want to see the sea before I die", "I am not sure I want to"]
)
async def test_it_is_not_said_to_somebody_who_says_something_else(town: Town, words: str) -> None:
    await town.person()
    await town.asked("matters")

    assert DANGER not in await town.say("ann", words)
