"""The bot stops and starts on the same database: it goes on exactly where it was, and says nothing twice."""

from tests.town import Town

WORKING = "What is working well in your life?"


async def test_it_goes_on_exactly_where_it_was(town: Town) -> None:
    await town.person()
    await town.asked("matters", call_me="Annie")
    heard = town.heard("ann")
    async with town.bot_away():
        pass
    assert town.heard("ann") == heard

    assert (await town.say("ann", "My garden"))[-1].endswith(WORKING)
    kept = await town.answers()
    assert (kept["call_me"], kept["matters"]) == ("Annie", "My garden")


async def test_after_six_weeks_without_the_bot_it_still_knows_where_they_were(town: Town) -> None:
    await town.person()
    await town.asked("matters", call_me="Annie")
    async with town.bot_away():
        await town.later(days=42)

    told = await town.say("ann", "hello")
    assert told[-1] == "Welcome back. This is where we were.\n\nWhat matters most to you?"
    assert (await town.answers())["call_me"] == "Annie"


async def test_what_she_answered_while_it_was_down_is_kept_and_asked_once(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    asked = len(town.heard("ann"))
    async with town.bot_away():
        town.sandbox.say("ann", "My garden")
        await town.later(hours=5)

    assert [each.endswith(WORKING) for each in town.heard("ann")[asked:]] == [True]
    assert (await town.answers())["matters"] == "My garden"


async def test_ticks_and_a_half_typed_list_survive(town: Town) -> None:
    await town.person()
    await town.asked("attendees")
    await town.say("ann", "Mo")
    async with town.bot_away():
        pass
    await town.say("ann", "Jane", "That is everyone")

    assert [item["name"] for item in (await town.answers())["attendees"]["items"]] == ["Mo", "Jane"]


async def test_a_note_half_way_is_still_a_note(town: Town) -> None:
    await town.person()
    await town.share_everything()
    await town.press("ravi", "Write to Ann")
    async with town.bot_away():
        town.sandbox.say("ravi", "I bring tea")

    assert town.newest("ann").text == "A message from Ravi\n\nI bring tea"
    assert town.newest("ravi").text == "Thank you. I am passing it on to Ann."


async def test_a_summary_shared_while_the_bot_was_down_arrives_once(town: Town) -> None:
    await town.person()
    await town.asked("share", matters="My garden")
    async with town.bot_away():
        town.sandbox.press("ann", "Share with Ravi")
    async with town.bot_away():
        pass

    assert sum("What matters to me: My garden" in each for each in town.heard("ravi")) == 1
    assert sum("I am sending it to Ravi now" in each for each in town.heard("ann")) == 1


async def test_ravis_note_and_her_answer_while_it_was_down_do_not_mix(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    await town.press("ann", "Help", "Talk to a person")
    await town.press("ravi", "Write to Ann")
    await town.say("ann", "My garden")
    async with town.bot_away():
        town.sandbox.say("ravi", "I call you at noon")
        await town.later(minutes=1)
        town.sandbox.say("ann", "My new chair")
        await town.later(hours=2)

    kept = await town.answers()
    assert (kept["matters"], kept["working"]) == ("My garden", "My new chair")
    assert "A message from Ravi\n\nI call you at noon" in town.heard("ann")
