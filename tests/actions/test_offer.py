"""What Ann says when nothing is asked is not lost: she decides whether Ravi gets it."""

from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from sqlalchemy import select

from bot.store.tables import talks
from tests.actions.test_publish import NEW
from tests.town import Town

WORDS = "My sister moved in with me"
ASKED = f"You wrote “{WORDS}”. Nobody has read it yet. Shall I pass it on to Ravi?"


async def at_the_end(town: Town) -> None:
    await town.person()
    await town.share_everything()


async def stopped(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    await town.say("ann", "Stop, keep my answers")


@pytest.mark.parametrize("where", [at_the_end, stopped])
async def test_it_goes_to_ravi_word_for_word_when_she_says_so(
    town: Town, where: Callable[[Town], Awaitable[None]]
) -> None:
    await where(town)
    heard = len(town.heard("ravi"))
    told = await town.say("ann", WORDS)
    assert told[-1] == ASKED and town.newest("ann").buttons == [["Yes, pass it on"], ["No, leave it"]]
    assert town.heard("ravi")[heard:] == [] and await town.tables_with(WORDS) != []

    assert await town.press("ann", "Yes, pass it on") == ["Thank you. I am passing it on to Ravi."]
    assert town.heard("ravi")[heard:] == [f"A message from Ann\n\n{WORDS}"]
    assert town.newest("ravi").buttons == [["Write to Ann"]]


@pytest.mark.parametrize("where", [at_the_end, stopped])
async def test_a_typed_yes_or_no_is_heard(town: Town, where: Callable[[Town], Awaitable[None]]) -> None:
    await where(town)
    await town.say("ann", WORDS)
    heard = len(town.heard("ravi"))
    assert await town.say("ann", "no thanks") == ["That is fine. Nothing was sent."]
    assert town.heard("ravi")[heard:] == []

    await town.say("ann", "I have a new dog")
    assert await town.say("ann", "Yes please") == ["Thank you. I am passing it on to Ravi."]
    assert town.heard("ravi")[heard:] == ["A message from Ann\n\nI have a new dog"]


async def test_other_words_are_no_yes_and_a_late_yes_is_not_one_either(town: Town) -> None:
    await at_the_end(town)
    await town.say("ann", WORDS)
    heard = len(town.heard("ravi"))
    told = await town.say("ann", "yes but not to his boss")
    assert "“yes but not to his boss”. Nobody has read it yet" in told[-1]

    await town.later(hours=1)
    await town.say("ann", "yes")
    assert town.heard("ravi")[heard:] == []


async def test_a_yes_to_what_ravi_wrote_meanwhile_passes_nothing_on(town: Town) -> None:
    await at_the_end(town)
    await town.say("ann", WORDS)
    await town.press("ravi", "Write to Ann")
    await town.say("ravi", "Can I call you today?")
    heard = len(town.heard("ravi"))
    await town.say("ann", "yes")

    assert town.heard("ravi")[heard:] == []


async def test_it_goes_only_once(town: Town) -> None:
    await at_the_end(town)
    await town.say("ann", WORDS)
    heard = len(town.heard("ravi"))
    told = await town.press("ann", "Yes, pass it on", "Yes, pass it on", "No, leave it")

    again = "I passed it on to Ravi already. Nothing new was sent."
    assert told[1:] == [again, again] and len(town.heard("ravi")) == heard + 1


async def test_she_may_say_no_and_think_better_of_it(town: Town) -> None:
    await at_the_end(town)
    await town.say("ann", WORDS)
    heard = len(town.heard("ravi"))
    assert await town.press("ann", "No, leave it") == ["That is fine. Nothing was sent."]
    assert town.heard("ravi")[heard:] == []

    await town.press("ann", "Yes, pass it on")
    assert WORDS in town.heard("ravi")[-1]


async def test_each_of_several_messages_has_its_own_yes(town: Town) -> None:
    await at_the_end(town)
    await town.say("ann", WORDS)
    first = town.newest("ann").message_id
    await town.say("ann", "And I have a new dog")
    await town.do("ann", lambda: town.sandbox.press_on("ann", first, "Yes, pass it on"))

    assert WORDS in town.heard("ravi")[-1] and "dog" not in town.everything_on("ravi")


async def test_a_long_text_that_a_phone_cuts_goes_as_a_whole(town: Town) -> None:
    await at_the_end(town)
    parts = ["so much to tell " * 230, "and that is how it ended"]
    await town.do("ann", *(partial(town.sandbox.say, "ann", each) for each in parts))
    asked = [each for each in town.heard("ann") if "Shall I pass it on" in each]
    assert len(asked) == 1 and len(asked[0]) < 200

    await town.press("ann", "Yes, pass it on")
    assert parts[0].strip() in "\n".join(town.heard("ravi")) and parts[1] in town.heard("ravi")[-1]


async def test_a_long_text_in_paragraphs_is_asked_about_once_too(town: Town) -> None:
    await at_the_end(town)
    first = f"{'so much to tell ' * 230}\n\nMy sister moved in."
    parts = [first, "It begins again:\n" + "and that too " * 300, "and that is how it ended"]
    await town.do("ann", *(partial(town.sandbox.say, "ann", each) for each in parts))
    assert len([each for each in town.heard("ann") if "Shall I pass it on" in each]) == 1

    await town.press("ann", "Yes, pass it on")
    assert all(
        each in town.everything_on("ravi") for each in ("My sister moved in.", "begins again", parts[2])
    )


async def test_two_taps_on_share_are_no_words_for_him(town: Town) -> None:
    await town.person()
    await town.asked("share", matters="My garden")
    told = await town.do("ann", *[partial(town.sandbox.say, "ann", "Share with Ravi")] * 2)

    assert not any("Shall I pass it on" in each for each in told)
    assert "My garden" in town.everything_on("ravi")


@pytest.mark.parametrize("words", ["Thank you", "ok", "👍", "What I said", "Help", "/start", "Carry on"])
async def test_a_thank_you_or_a_button_is_not_offered(town: Town, words: str) -> None:
    await at_the_end(town)
    told = await town.say("ann", words)

    assert told and not any("Shall I pass it on" in each for each in told)


async def test_thank_you_with_a_question_is(town: Town) -> None:
    await at_the_end(town)

    assert "Shall I pass it on" in (await town.say("ann", "ok, and you?"))[-1]


async def test_in_the_middle_of_a_talk_words_are_an_answer(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    told = await town.say("ann", WORDS)

    assert (await town.answers())["matters"] == WORDS
    assert not any("Shall I pass it on" in each for each in told)


async def test_her_talk_goes_on_as_if_she_had_not_said_it(town: Town) -> None:
    await stopped(town)
    await town.say("ann", WORDS)

    assert (await town.press("ann", "Carry on"))[-1].endswith("What matters most to you?")
    assert WORDS not in "\n".join(await town.say("ann", "What I said"))


async def test_they_go_with_her_talk_when_she_deletes_everything(town: Town) -> None:
    await at_the_end(town)
    await town.say("ann", WORDS, "Stop, delete everything", "Yes, delete it all")

    assert await town.tables_with(WORDS) == []
    assert await town.press("ann", "Yes, pass it on") != ["Thank you. I am passing it on to Ravi."]
    assert WORDS not in town.everything_on("ravi")


@pytest.mark.parametrize("who", ["ravi", "gil", "zed", "mo"])
async def test_nobody_else_can_press_her_yes(town: Town, who: str) -> None:
    await at_the_end(town)
    await town.person("mo")
    await town.say("ann", WORDS)
    (number,) = [row.id for row in await town.rows(select(talks.c.id).order_by(talks.c.id).limit(1))]
    told = await town.forge(who, f"pass/{number}/1:yes", f"pass/{number}/1:no")

    assert WORDS not in town.everything_on("ravi", "gil", "zed", "mo") and told != []


async def test_in_a_try_out_nothing_is_offered(town: Town) -> None:
    await town.admin()
    await town.send_file("gil", "first_talk.yaml", NEW)
    await town.press("gil", "Try it on my phone")
    await town.asked("end", "gil")
    told = await town.say("gil", WORDS)

    assert not any("Shall I pass it on" in each for each in told)
