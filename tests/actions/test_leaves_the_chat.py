"""What Ann was not asked about never leaves her chat, whatever happens in between."""

from functools import partial

import pytest

from bot.people import Role
from bot.store import dead
from bot.store.inside import now
from tests.actions.test_forget import say_unsent
from tests.actions.test_sets import PARTS, in_use, shared_small_talk
from tests.town import Town

# ---- a note that was never written


async def wants_to_write(town: Town) -> None:
    """Ann has tapped the button to write to Ravi, and then thought of something else."""
    await town.press("ann", "Write to Ravi")
    assert town.newest("ann").text.startswith("Write your message to Ravi.")


async def test_her_answer_to_what_ravi_asks_next_is_no_message_to_him(town: Town) -> None:
    await town.person()
    await in_use(town, *PARTS, "small")
    await town.share_everything()
    await wants_to_write(town)
    await town.press("ravi", "My people", "Ann", "Ask Ann more", "A small talk")
    before = len(town.heard("ravi"))
    await town.press("ann", "Yes, keep them", "At my home")
    await town.say("ann", "Dancing in secret")

    assert town.heard("ravi")[before:] == []
    assert (await town.answers())["likes"] == "Dancing in secret"


async def test_nor_what_she_answers_after_the_first_talk(town: Town) -> None:
    await shared_small_talk(town)
    await wants_to_write(town)
    await town.press("ravi", "My people", "Ann", "The first talk has happened")
    await town.say("ann", "Painting")

    assert "Painting" not in town.everything_on("ravi")
    assert (await town.answers())["spend"] == "Painting"


@pytest.mark.parametrize("buttons", [("Write to Ravi",), ("Help", "Ask a question")])
async def test_days_later_a_reminder_brings_her_question_back_and_ravi_does_not_get_the_answer(
    town: Town, buttons: tuple[str, ...]
) -> None:
    await town.person()
    await town.asked("matters")
    await town.press("ann", "Help", "Talk to a person")
    await town.press("ravi", "Write to Ann")
    await town.say("ravi", "Hello")
    await town.press("ann", *buttons)
    await town.later(days=3)
    assert "I kept your place" in town.newest("ann").text
    await town.say("ann", "My garden")

    assert "garden" not in town.everything_on("ravi")
    assert (await town.answers())["matters"] == "My garden"


async def test_a_key_contact_who_gets_ready_himself_does_not_answer_to_somebody_else(town: Town) -> None:
    await town.person()
    await town.key_contact("mo")
    await town.share_everything()
    await town.press("ravi", "Write to Ann")
    await town.start("ravi", await town.link("mo", Role.PERSON))
    before = len(town.heard("ann"))
    await town.say("ravi", "OK, next")

    assert town.heard("ann")[before:] == []


# ---- what she took back before Ravi had it


async def tried_again(town: Town) -> None:
    """Ravi lets the bot write to him again, and an admin has everything tried once more."""
    await town.do("ravi", partial(town.sandbox.unblock, "ravi"))
    await town.app.store.tx(lambda conn: dead.retry(conn, None, now(conn)))
    await town.later(minutes=5)


async def test_what_she_took_back_before_it_arrived_never_arrives(town: Town) -> None:
    await town.person()
    await town.do("ravi", partial(town.sandbox.block, "ravi"))
    await town.share_everything(matters="My garden", not_working="I owe money")
    await town.say("ann", "Back", "What is not working")
    await town.press("ann", "Share the change")
    await tried_again(town)

    assert "owe" not in town.everything_on("ravi")
    assert "What matters to me: My garden" in town.newest("ravi").text, "he still gets the rest"
    assert town.newest("ravi").text.startswith("Ann has shared this with you")


async def test_what_she_changes_before_it_arrived_comes_once_as_it_is_now(town: Town) -> None:
    await town.person()
    await town.asked("share", matters="My garden", not_working="I owe money")
    async with town.bot_away():
        await town.app.store.open()
        said = ("Share with Ravi", "Change what is not working", "Skip", "Share the change")
        for number, words in enumerate(said):
            await town.app.store.tx(say_unsent, town, number, words)
        await town.app.store.close()

    assert "owe" not in town.everything_on("ravi")
    (summary,) = [words for words in town.heard("ravi") if "garden" in words]
    assert summary.startswith("Ann has shared this with you")


async def test_what_she_changes_twice_before_it_arrived_comes_whole_too(town: Town) -> None:
    await town.person()
    await town.asked("share", matters="My garden", not_working="I owe money")
    async with town.bot_away():
        await town.app.store.open()
        change = ("Change what matters to me", "My cat", "Share the change")
        said = ("Share with Ravi", "Change what is not working", "Skip", "Share the change", *change)
        for number, words in enumerate(said):
            await town.app.store.tx(say_unsent, town, number, words)
        await town.app.store.close()

    assert "owe" not in town.everything_on("ravi") and "garden" not in town.everything_on("ravi")
    (summary,) = [words for words in town.heard("ravi") if "cat" in words]
    assert summary.startswith("Ann has shared this with you")


async def test_what_ravi_had_before_is_still_what_a_change_is_measured_by(town: Town) -> None:
    await town.person()
    await town.share_everything(matters="My garden")
    await town.do("ravi", partial(town.sandbox.block, "ravi"))
    for words in ("My affair", "My cat"):
        await town.say("ann", "Change what matters to me", words)
        await town.press("ann", "Share the change")
    await tried_again(town)

    assert "affair" not in town.everything_on("ravi")
    assert town.newest("ravi").text.endswith("What matters to me: My cat (before: My garden)")


async def test_what_is_shared_once_more_without_a_change_is_not_taken_back(town: Town) -> None:
    await town.person()
    await town.do("ravi", partial(town.sandbox.block, "ravi"))
    await town.share_everything(matters="My garden")
    await town.say("ann", "Change what matters to me", "My garden")
    await town.press("ann", "Share the change")
    await tried_again(town)

    assert "What matters to me: My garden" in town.newest("ravi").text


async def test_a_note_that_waits_is_not_taken_back_with_the_summary(town: Town) -> None:
    await town.person()
    await town.asked("share", matters="My garden")
    async with town.bot_away():
        await town.app.store.open()
        said = ("Share with Ravi", "Write to Ravi", "I am late", "Change what matters to me", "My cat")
        for number, words in enumerate((*said, "Share the change")):
            await town.app.store.tx(say_unsent, town, number, words)
        await town.app.store.close()

    assert "A message from Ann\n\nI am late" in town.heard("ravi")
    assert "garden" not in town.everything_on("ravi")


# ---- what she is told of it


async def test_not_now_does_not_say_that_ravi_has_nothing_when_he_has_the_rest(town: Town) -> None:
    await town.person()
    await town.share_everything(matters="My garden")
    await town.say("ann", "Change what matters to me", "My cat")
    (told,) = await town.press("ann", "Not now")

    assert told == "That is fine. What is new has not been sent. You can share it later."
    assert "cat" not in town.everything_on("ravi")


async def test_no_to_another_talk_does_not_say_that_nothing_at_all_is_kept(town: Town) -> None:
    await town.person()
    await in_use(town, *PARTS, "small")
    await town.share_everything(matters="A marigold")
    await town.press("ravi", "My people", "Ann", "Ask Ann more", "A small talk")
    (told,) = await town.press("ann", "No, not now")

    assert "answers" in await town.tables_with("marigold"), "that is of the first talk"
    assert told == "That is fine. I will keep nothing of this. If you change your mind, just write to me."


# ---- buttons that are still on her screen


async def test_a_button_of_an_older_talk_does_not_ask_for_words_that_go_into_the_newer(town: Town) -> None:
    await town.person()
    await in_use(town, *PARTS, "small")
    await town.share_everything(matters="My garden")
    await town.press("ann", "Change an answer")
    old = town.newest("ann").message_id
    await town.press("ravi", "My people", "Ann", "Ask Ann more", "A small talk")
    await town.press("ann", "Yes, keep them", "At my home")
    told = await town.do("ann", partial(town.sandbox.press_on, "ann", old, "What matters to me: My garden"))

    assert told == ["That button is from an earlier question. Nothing has changed."]


async def test_keep_this_answer_does_not_share_what_was_just_unticked(town: Town) -> None:
    await town.person()
    await town.share_everything(not_working="I owe money", just_for_me="What is not working")
    await town.press("ann", "Change an answer", "Just for me: What is not working", "Yes, let me pick")
    assert "Keep this answer" not in town.keys("ann"), "what would be kept, the ticks or what it was?"
    await town.press("ann", "✓ What is not working")
    await town.say("ann", "Keep this answer")
    assert town.newest("ann").buttons[-1] == ["Done"], "she is still choosing"

    assert "Share the change" not in town.keys("ann")


# ---- when nobody is behind her chat any more


async def test_when_ravi_is_gone_a_call_for_a_person_reaches_somebody_and_her_words_nobody(
    town: Town,
) -> None:
    await town.person()
    await town.key_contact("mo")
    await town.start("ravi", await town.link("mo", Role.PERSON))
    await town.asked("share", matters="My garden")
    await town.say("ravi", "Stop, delete everything", "Yes, delete it all")
    await town.say("ann", "Share with Ravi", "Talk to a person")

    assert town.newest("gil").text == "Ann wants to talk to a person. Can you get in touch today?"
    assert "garden" not in town.everything_on("ravi", "mo", "gil")
