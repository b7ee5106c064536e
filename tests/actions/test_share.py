"""What passes between Ann and Ravi."""

import pytest
from sqlalchemy import func, select

from bot.sandbox import Fault
from bot.store.tables import shares
from tests.town import CHATS, Town

A_SUMMARY = ["I have read this", "Write to Ann", "Set the date"]


async def test_ravi_gets_nothing_before_ann_agrees(town: Town) -> None:
    await town.person()
    await town.asked("matters", call_me="Annie")
    await town.say("ann", "My garden")

    assert "garden" not in town.everything_on("ravi") and "Annie" not in town.everything_on("ravi")


async def test_the_summary_is_in_her_own_words_with_her_information_first(town: Town) -> None:
    await town.person()
    await town.share_everything(
        formats="large print",
        print_size="3",
        days="Friday",
        place="at my home",
        attendees=("Mo", "That is everyone"),
        matters="My <b>garden</b> & my cat! 🌻",
        working="Not sure",
    )

    summary = town.newest("ravi")
    assert summary.text.split("\n") == [
        "Ann has shared this with you",
        "",
        "My information: Large print",
        "Print size: Very big",
        "Good days: Friday",
        "Where: At my home",
        "Who will be there: Mo",
        "What matters to me: My <b>garden</b> & my cat! 🌻",
        "Not sure yet: What is working",
        "Skipped: Call me, Best time, Not at these times, Mo is, What Mo may know, I get on well with, "
        "How to help me well, How things are, What is not working",
    ]
    assert [label for row in summary.buttons for label in row] == A_SUMMARY
    assert "garden" not in town.everything_on("gil", "zed", "mo")


async def test_what_is_just_for_her_is_never_shown_not_even_when_it_changes(town: Town) -> None:
    await town.person()
    await town.share_everything(
        matters="My garden", not_working="I owe money", just_for_me="What is not working"
    )
    assert "not working" not in town.everything_on("ravi")

    await town.say("ann", "Change what is not working", "I owe a lot more")
    await town.press("ann", "Share the change")

    assert "owe" not in town.everything_on("ravi") and "not working" not in town.everything_on("ravi")


async def test_who_she_brings_stays_hidden_when_that_is_just_for_her(town: Town) -> None:
    await town.person()
    await town.share_everything(
        attendees=("Mo", "That is everyone"), how_known="family", just_for_me="Who will be there"
    )

    assert "Mo" not in town.newest("ravi").text


async def test_a_line_she_takes_back_is_not_said_once_more(town: Town) -> None:
    await town.person()
    await town.share_everything(matters="My garden", not_working="I owe money")
    await town.say("ann", "Back", "What is not working")
    await town.press("ann", "Share the change")

    assert town.newest("ravi").text.split("\n\n") == [
        "Ann has changed something",
        "What is not working: No longer shared",
    ]


async def test_what_changed_shows_only_what_is_not_as_it_was(town: Town) -> None:
    await town.person()
    await town.share_everything(matters="My garden", place="at my home")
    await town.say("ann", "Change where", "on a video call")
    await town.press("ann", "Share the change")

    changed = town.newest("ravi")
    assert changed.text == "Ann has changed something\n\nWhere: On a video call (before: At my home)"
    assert [label for row in changed.buttons for label in row] == A_SUMMARY


async def test_a_change_she_takes_back_again_does_not_bother_ravi(town: Town) -> None:
    await town.person()
    await town.share_everything(place="at my home")
    before = len(town.heard("ravi"))
    await town.say("ann", "Change where", "on a video call")
    await town.say("ann", "Change where", "at my home")
    told = await town.press("ann", "Share the change")

    assert told[0].startswith("Thank you. I am sending it to Ravi now.")
    assert town.heard("ravi")[before:] == []
    assert (await town.rows(select(func.count()).select_from(shares)))[0] == (1,)


async def test_ann_hears_once_that_it_was_read(town: Town) -> None:
    await town.person()
    await town.share_everything()
    await town.press("ravi", "I have read this", "I have read this")

    assert town.heard("ann").count("Ravi has read what you shared.") == 1
    assert town.newest("ravi").text == "Thank you. Ann will know."


async def test_they_write_to_each_other_without_seeing_a_number_or_a_chat(town: Town) -> None:
    await town.person()
    await town.share_everything(call_me="Annie")
    await town.press("ravi", "Write to Annie")
    assert await town.say("ravi", "I can <i>bring</i> tea & cake") == [
        "Thank you. I am passing it on to Annie."
    ]
    assert town.newest("ann").text == "A message from Ravi\n\nI can <i>bring</i> tea & cake"

    await town.press("ann", "Write to Ravi")
    assert await town.say("ann", "Lovely 🍰") == ["Thank you. I am passing it on to Ravi."]
    assert town.newest("ravi").text == "A message from Annie\n\nLovely 🍰"
    assert town.newest("ravi").buttons == [["Write to Annie"]]
    assert "101" not in town.everything_on("ravi") and "102" not in town.everything_on("ann")


async def test_ravi_reads_a_name_where_she_wrote_a_whole_sentence(town: Town) -> None:
    await town.person()
    await town.share_everything(call_me="Please call me Annie, not Ann")

    assert "Call me: Please call me Annie, not Ann" in town.newest("ravi").text
    await town.press("ravi", "Write to Annie")
    await town.say("ravi", "Hello")
    assert town.newest("ann").text == "A message from Ravi\n\nHello"


async def test_a_note_is_not_kept_as_an_answer_and_the_question_is_still_there(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    await town.press("ann", "Help", "Talk to a person")
    await town.press("ravi", "Write to Ann")
    await town.say("ravi", "Shall I call you?")
    await town.press("ann", "Write to Ravi")
    await town.say("ann", "Yes please")
    assert "matters" not in await town.answers()

    await town.say("ann", "My garden")
    assert (await town.answers())["matters"] == "My garden"
    assert "garden" not in town.everything_on("ravi")


async def test_never_mind_sends_nothing_and_goes_back_to_the_question(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    await town.press("ann", "Help", "Talk to a person")
    await town.press("ravi", "Write to Ann", "Never mind")
    assert town.newest("ravi").text == "That is fine. Nothing was sent."
    assert "Invite a person" in town.keys("ravi")

    await town.press("ravi", "Write to Ann")
    await town.say("ravi", "Hello")
    told = await town.press("ann", "Write to Ravi", "Never mind")
    assert told[-2:] == ["That is fine. Nothing was sent.", "What matters most to you?"]


@pytest.mark.parametrize("label", ["Carry on", "Stop", "Help"])
async def test_a_button_she_can_see_is_never_passed_on_as_a_note(town: Town, label: str) -> None:
    await town.person()
    await town.share_everything()
    await town.press("ravi", "Write to Ann")
    await town.say("ravi", "Hello")
    before = len(town.heard("ravi"))
    await town.press("ann", "Write to Ravi")
    await town.say("ann", label)

    assert town.heard("ravi")[before:] == []


@pytest.mark.parametrize("words", ["w" * 4096, "👩🏽‍🦽" * 800, "a long story " * 800])
async def test_a_very_long_note_arrives_whole_and_nothing_else_is_made_of_it(town: Town, words: str) -> None:
    await town.person()
    await town.share_everything()
    before = len(town.heard("ann"))
    await town.press("ravi", "Write to Ann")
    answers = await town.answers()
    told = await town.say("ravi", words)

    assert told == ["Thank you. I am passing it on to Ann."]
    arrived = "".join(town.heard("ann")[before:]).removeprefix("A message from Ravi")
    assert "".join(arrived.split()) == "".join(words.split())
    assert await town.answers() == answers
    assert (await town.press("ravi", "My people"))[0].startswith("My people")


async def test_her_long_note_to_ravi_does_not_become_an_answer(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    await town.press("ann", "Help", "Talk to a person")
    await town.press("ravi", "Write to Ann")
    await town.say("ravi", "Hello")
    await town.press("ann", "Write to Ravi")
    await town.say("ann", "a long story " * 800)

    assert "matters" not in await town.answers()
    assert sum("long story" in each for each in town.heard("ravi")) >= 3


async def test_a_photo_instead_of_a_note_is_asked_for_in_words(town: Town) -> None:
    await town.person()
    await town.share_everything()
    await town.press("ravi", "Write to Ann")
    told = await town.do("ravi", lambda: town.sandbox.send_photo("ravi", caption="Look"))
    assert told == ["I can only keep words here for now. Can you write it, or ask someone to?"]

    await town.say("ravi", "A picture of the room")
    assert town.newest("ann").text.endswith("A picture of the room")


async def test_a_note_that_was_changed_afterwards_is_asked_for_again(town: Town) -> None:
    await town.person()
    await town.share_everything()
    await town.press("ravi", "Write to Ann")
    await town.say("ravi", "At too")
    mine = [shown for shown in town.sandbox.screen("ravi") if shown.mine][-1].message_id
    told = await town.do("ravi", lambda: town.sandbox.edit("ravi", mine, "At two"))

    assert told == ["I cannot see changes to an old message. Can you write it again?"]


@pytest.mark.parametrize("who", ["mo", "gil", "zed"])
async def test_nobody_else_can_use_ravis_buttons(town: Town, who: str) -> None:
    await town.person()
    if who == "mo":
        await town.person("mo")
    await town.share_everything(matters="My garden")
    before, answers = town.heard("ann"), len(town.heard("ravi"))
    for data in ("share/1:read", "share/1:note", "share/1:date", "note/1:write"):
        await town.forge(who, data)
        await town.say(who, "What did Ann say?")
    await town.forge(who, "date/1/29100000:yes", "date/1/0:off", "1/place:home", "1/just_for_me:done")
    await town.forge(who, "person/1:help", "share/x:read", "share/²:read", "date/1/9999999999999999:yes")
    await town.forge(who, "share/99999999999999999999:read", "note/1/2:write", "draft/:try", "/:", ":")

    assert "garden" not in town.everything_on(who)
    assert town.heard("ann") == before and len(town.heard("ravi")) == answers


async def test_two_key_contacts_do_not_see_each_others_people(town: Town) -> None:
    await town.person()
    await town.key_contact("mo")
    await town.share_everything(matters="My garden")
    assert await town.press("mo", "My people") == [
        "My people\n\nNobody is here just now. People you invite will be here when they open their link."
    ]

    await town.forge("mo", "share/1:note")
    await town.say("mo", "Nice to meet you")
    assert "garden" not in town.everything_on("mo") and "Nice to meet" not in town.everything_on("ann")
    assert await town.press("ravi", "My people") == ["My people\n\nAnn: Has shared"]


async def test_ravi_hears_that_she_wants_a_person_and_can_write_at_once(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    await town.press("ann", "Help", "Talk to a person")

    assert town.newest("ravi").text == "Ann wants to talk to a person. Can you get in touch today?"
    assert town.newest("ravi").buttons == [["Write to Ann"]]
    assert town.newest("ann").text.endswith("What matters most to you?")


async def test_a_note_on_its_way_does_not_mix_up_what_she_is_answering(town: Town) -> None:
    """Ravi's words reach her while she is typing: her answer still belongs to the question she sees."""
    await town.person()
    await town.asked("matters")
    await town.press("ann", "Help", "Talk to a person")
    await town.press("ravi", "Write to Ann")
    await town.say("ann", "My garden")
    await town.do(
        "ann",
        lambda: town.sandbox.say("ravi", "I call you at noon"),
        lambda: town.sandbox.say("ann", "My new chair"),
    )

    answers = await town.answers()
    assert (answers["matters"], answers["working"]) == ("My garden", "My new chair")


async def test_when_ravi_cannot_be_reached_an_admin_hears_of_it_once(town: Town) -> None:
    await town.person()
    await town.do("ravi", lambda: town.sandbox.block("ravi"))
    await town.share_everything(matters="My garden")

    told = "I cannot reach Ravi in this chat any more. Can you get in touch another way?"
    assert town.heard("gil").count(told) == 1
    assert "garden" not in town.everything_on("gil")


async def test_people_with_one_name_are_told_apart_so_that_no_words_go_to_the_wrong_ann(town: Town) -> None:
    await town.person("mo")
    for key in ("ann", "zed"):
        await town.later(days=1)
        await town.person(key)
        await town.share_everything(key, call_me="Ann")
    (told,) = await town.press("ravi", "My people")
    named = ["Ann (since Tuesday 4 March 2025, 10am)", "Ann (since Wednesday 5 March 2025, 10am)"]

    assert told == f"My people\n\nMo: Getting ready\n{named[0]}: Has shared\n{named[1]}: Has shared"
    assert town.newest("ravi").buttons == [["Mo"], [named[0]], [named[1]]]
    assert (await town.press("ravi", named[1]))[0].startswith(named[1])
    await town.press("ravi", "Write to Ann")
    await town.say("ravi", "Hello, the second Ann")
    assert "Hello, the second Ann" in town.newest("zed").text


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_call_for_a_person_never_ends_at_a_key_contact_who_cannot_be_reached(
    town: Town, is_known: bool
) -> None:
    await town.person()
    await town.asked("matters")
    if is_known:
        await town.do("ravi", lambda: town.sandbox.block("ravi"))
    else:
        refused = Fault(before=403)
        town.sandbox.faults = lambda _, said: refused if said.get("chat_id") == CHATS["ravi"] else None
    told = await town.say("ann", "Talk to a person")

    assert "Ann wants to talk to a person. Can you get in touch today?" in town.heard("gil")
    assert told[-1] == "I cannot reach Ravi just now. I have told someone else that you want to talk."
    await town.say("ann", "My garden")
    assert (await town.answers())["matters"] == "My garden"


async def test_ann_hears_once_that_what_she_shared_did_not_arrive(town: Town) -> None:
    await town.person()
    await town.do("ravi", lambda: town.sandbox.block("ravi"))
    await town.share_everything(matters="My garden")
    assert town.newest("ann").text == (
        "What you sent to Ravi did not arrive. If it cannot wait, tap Talk to a person."
    )

    await town.press("ann", "Write to Ravi")
    await town.say("ann", "Can we meet?")
    assert sum("did not arrive" in each for each in town.heard("ann")) == 2
    await town.press("ann", "Talk to a person")
    assert "Ann wants to talk to a person. Can you get in touch today?" in town.heard("gil")


async def mo_shares_while_ravi_writes_to_ann(town: Town) -> None:
    """Ravi has tapped Write to Ann, and has not written yet."""
    await town.person()
    await town.person("mo")
    await town.share_everything()
    await town.asked("share", "mo")
    await town.press("ravi", "Write to Ann")
    await town.press("mo", "Share with Ravi")


async def test_what_ravi_writes_when_something_of_another_has_come_is_not_sent_to_the_first_unasked(
    town: Town,
) -> None:
    await mo_shares_while_ravi_writes_to_ann(town)
    asked = await town.say("ravi", "Mo, that is brave of you")

    assert asked == [
        "I have not sent this. A message from someone else came first. Is this for Ann? Then send it again."
    ]
    assert "brave" not in town.everything_on("ann", "mo") and town.keys("ravi") == ["Never mind"]
    await town.say("ravi", "Ann, see you soon")
    assert "Ann, see you soon" in town.newest("ann").text


async def test_what_comes_from_ann_herself_does_not_hold_up_what_ravi_writes_to_her(town: Town) -> None:
    await town.person()
    await town.share_everything()
    await town.press("ravi", "Write to Ann")
    await town.press("ann", "Talk to a person")
    await town.say("ravi", "I call you at noon")

    assert "I call you at noon" in town.newest("ann").text


async def test_no_part_of_a_long_text_goes_to_the_first_unasked(town: Town) -> None:
    await mo_shares_while_ravi_writes_to_ann(town)
    await town.do("ravi", lambda: town.sandbox.say("ravi", "for Mo " * 900))

    assert "for Mo" not in town.everything_on("ann")


async def test_a_long_text_that_was_held_up_goes_when_it_is_sent_again(town: Town) -> None:
    await mo_shares_while_ravi_writes_to_ann(town)
    long = ("for Ann " * 500)[:3600]
    (asked,) = await town.say("ravi", long)
    assert asked.startswith("I have not sent this.")
    await town.later(minutes=1)
    await town.say("ravi", long)

    assert "for Ann" in town.everything_on("ann")


async def test_what_another_has_written_meanwhile_holds_it_up_once_more(town: Town) -> None:
    await mo_shares_while_ravi_writes_to_ann(town)
    await town.say("ravi", ("for Mo " * 600)[:3600])
    await town.press("mo", "Talk to a person")
    await town.later(minutes=1)
    (asked,) = await town.say("ravi", "Mo, I call you")

    assert asked.startswith("I have not sent this.") and "Mo, I call you" not in town.everything_on("ann")
