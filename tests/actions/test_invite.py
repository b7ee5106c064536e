"""Who gets in, by which link, and what a stranger sees."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import func, select

from bot.people import Role
from bot.store.tables import invitations, people, roles, talks
from tests.town import CHATS, Town

STRANGER = (
    "Hello. I help people get ready for a talk about their support. I need an invitation to start.\n"
    "Ask the person you are in touch with for a link. I cannot show anything without one."
)


async def token_on(town: Town, key: str, button: str) -> str:
    """The link somebody gets from their button, as it goes into the next phone."""
    (told,) = await town.press(key, button)
    return told.partition("?start=")[2]


async def test_trust_goes_from_hand_to_hand(town: Town) -> None:
    link = await town.app.first_admin_link()
    hello = await town.start("gil", link.partition("?start=")[2])
    assert hello[0].startswith("Hello Gil. You look after the questions here.")
    hello = await town.start("ravi", await token_on(town, "gil", "Invite a key contact"))
    assert hello[0].startswith("Hello Ravi. You are a key contact.")
    assert town.newest("gil").text == "Ravi has joined as a key contact."
    hello = await town.start("ann", await token_on(town, "ravi", "Invite a person"))
    assert "Hello Ann. I am a computer program. Ravi is the person behind me." in hello[0]
    assert town.newest("ravi").text == "Ann has started getting ready."


async def test_nobody_can_find_a_link_in_the_database(town: Town) -> None:
    await town.key_contact()
    token = await token_on(town, "ravi", "Invite a person")

    assert await town.tables_with(token) == []


async def test_a_link_lets_one_person_in(town: Town) -> None:
    await town.key_contact()
    token = await town.link("ravi", Role.PERSON)
    await town.start("ann", token)

    assert await town.start("zed", token) == ["This link has been used already. Ask for a new one."]
    assert town.keys("zed") == []


async def test_only_one_of_two_people_gets_in_with_one_link_at_the_same_moment(town: Town) -> None:
    await town.key_contact()
    token = await town.link("ravi", Role.PERSON)
    for key in ("mo", "zed"):
        town.sandbox.start_with(key, token)
    await town.do("mo", lambda: town.sandbox.press_start("mo"), lambda: town.sandbox.press_start("zed"))

    assert "I am a computer program" in town.heard("mo")[0]
    assert town.heard("zed") == ["This link has been used already. Ask for a new one."]


@pytest.mark.parametrize(("role", "by", "days"), [(Role.PERSON, "ravi", 30), (Role.KEY_CONTACT, "gil", 7)])
async def test_a_link_gets_too_old(town: Town, role: Role, by: str, days: int) -> None:
    await town.key_contact()
    token, kept = await town.link(by, role), await town.link(by, role)
    await town.later(days=days, minutes=-1)
    assert await town.start("mo", kept) != ["This link is too old. Ask for a new one."]
    await town.later(minutes=2)
    assert await town.start("zed", token) == ["This link is too old. Ask for a new one."]


@pytest.mark.parametrize("token", ["nonsense", "x" * 64, "share/1:read", "' OR 1=1 --", "🙂"])
async def test_a_link_that_is_not_ours_says_so(town: Town, token: str) -> None:
    assert await town.start("zed", token) == ["I do not know this link. Ask for a new one."]


async def test_opening_her_own_link_again_shows_her_where_she_was(town: Town) -> None:
    await town.key_contact()
    token = await town.link("ravi", Role.PERSON)
    await town.start("ann", token)
    await town.asked("matters")

    assert await town.start("ann", token) == [
        "You are here already, so the link is not needed.",
        "What matters most to you?",
    ]


async def test_a_key_contact_who_tries_the_link_for_ann_does_not_use_it_up(town: Town) -> None:
    await town.key_contact()
    token = await town.link("ravi", Role.PERSON)
    told = await town.start("ravi", token)
    assert told[0] == "This is the link you made. Send it on: it still works."
    assert "Invite a person" in town.keys("ravi")

    assert "I am a computer program" in (await town.start("ann", token))[0]


async def test_an_admin_who_gets_ready_for_a_talk_of_their_own_can_still_do_their_work(town: Town) -> None:
    await town.key_contact()
    await town.start("gil", await town.link("ravi", Role.PERSON))

    assert (await town.say("gil", "Scripts"))[0].startswith("Scripts in use")
    assert "I am a computer program" in (await town.say("gil", "Carry on"))[0]


async def test_a_person_cannot_invite_and_a_key_contact_cannot_make_key_contacts(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    made = await town.rows(select(func.count()).select_from(invitations))
    await town.say("ann", "Invite a person")
    told = await town.say("ravi", "Invite a key contact")

    assert told[0].startswith("I did not understand that.")
    assert await town.rows(select(func.count()).select_from(invitations)) == made


def _photo(town: Town) -> object:
    return town.sandbox.send_photo("zed", caption="me")


def _file(town: Town) -> object:
    return town.sandbox.send_document("zed", "first_talk.yaml", b"script: first_talk")


def _sticker(town: Town) -> object:
    return town.sandbox.send_sticker("zed")


def _voice(town: Town) -> object:
    return town.sandbox.send_voice("zed")


def _number(town: Town) -> object:
    return town.sandbox.send_contact("zed")


@pytest.mark.parametrize("sends", [_photo, _file, _sticker, _voice, _number])
async def test_a_stranger_who_sends_something_gets_a_kind_answer(
    town: Town, sends: Callable[[Town], object]
) -> None:
    assert await town.do("zed", lambda: sends(town)) == [STRANGER]


async def test_a_stranger_sees_nothing_and_nothing_is_kept_of_him(town: Town) -> None:
    await town.person()
    await town.share_everything(matters="My garden")
    others = [town.heard(key) for key in ("ann", "ravi", "gil")]
    words = (
        "/start",
        "/answers",
        "/privacy",
        "My people",
        "Scripts",
        "Stop, delete everything",
        "Yes, delete it all",
        "zebra",
    )
    buttons = ("share/1:read", "1/place:home", "draft/1:publish", "date/1/29000000:yes", "nonsense:1")
    await town.do(
        "zed",
        *(partial(town.sandbox.say, "zed", each) for each in words),
        *(partial(town.sandbox.press_on, "zed", 1, data=each) for each in buttons),
    )

    assert town.heard("zed") == [STRANGER] * (len(words) + len(buttons))
    assert town.keys("zed") == []
    assert [town.heard(key) for key in ("ann", "ravi", "gil")] == others
    assert await town.rows(select(people).where(people.c.chat_id == CHATS["zed"])) == []
    assert await town.tables_with("zebra") == [] and await town.tables_with("Zed") == []


async def test_a_stranger_who_blocks_the_bot_or_changes_a_message_does_no_harm(town: Town) -> None:
    await town.say("zed", "Hello")
    mine = town.sandbox.screen("zed")[0].message_id
    assert await town.do("zed", lambda: town.sandbox.edit("zed", mine, "Bye")) == [STRANGER]
    await town.do("zed", lambda: town.sandbox.block("zed"))
    await town.do("zed", lambda: town.sandbox.unblock("zed"))

    assert town.heard("zed") == [STRANGER] * 2


async def test_a_name_with_markup_or_without_letters_does_no_harm(town: Town) -> None:
    await town.key_contact()
    zed = town.sandbox.network.handset("zed")
    zed.phone = replace(zed.phone, name="<b>Zed</b> " + "z" * 100)
    await town.start("zed", await town.link("ravi", Role.PERSON))

    assert "Hello <b>Zed</b> zz" in town.heard("zed")[0]
    assert len((await town.app.store.tx(town.who, "zed")).name) == 60


async def test_the_same_start_twice_makes_one_person_and_one_talk(town: Town) -> None:
    await town.key_contact()
    token = await town.link("ravi", Role.PERSON)
    start = partial(town.sandbox.say, "ann", f"/start {token}")
    await town.do("ann", start, start)

    assert await town.rows(select(func.count()).select_from(talks)) == [(1,)]
    assert len(await town.rows(select(roles).where(roles.c.role == "person"))) == 1


async def test_ravi_is_not_told_that_he_invited_nobody_when_nobody_has_opened_his_link(town: Town) -> None:
    await town.key_contact()
    await town.press("ravi", "Invite a person")

    assert await town.press("ravi", "My people") == [
        "My people\n\nNobody is here just now. People you invite will be here when they open their link."
    ]
