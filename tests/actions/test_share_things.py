"""Voices, photos and files that Ann shares, on Ravi's phone."""

from functools import partial

import pytest
from sqlalchemy import Connection

from bot.actions import answer
from bot.actions.hear import hear
from bot.dialog.talk import Heard, Said
from tests.town import CHATS, Town

BEFORE_MATTERS = ("OK, next", "Yes, keep them", "Nobody, just me", "Skip", "Skip", "Skip")


@pytest.fixture(autouse=True)
def _about_who_and_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "SCRIPT", "kinds_who_where")


async def voice(town: Town, caption: str = "") -> list[str]:
    """Ann speaks."""
    return await town.do("ann", partial(town.sandbox.send_voice, "ann", caption=caption))


async def photo(town: Town, caption: str = "") -> list[str]:
    """Ann shows something."""
    return await town.do("ann", partial(town.sandbox.send_photo, "ann", caption=caption))


def got(town: Town, key: str = "ravi") -> list[tuple[str, str]]:
    """What is on this phone that is not only words: the kind, and the words under it."""
    return [
        (shown.kind, shown.text)
        for shown in town.sandbox.screen(key)
        if not shown.mine and shown.kind in ("voice", "photo", "document")
    ]


async def said_aloud(town: Town) -> None:
    """Ann says what matters aloud, shows her step, and says aloud what worries her."""
    await town.person()
    await town.say("ann", *BEFORE_MATTERS)
    await voice(town)
    await town.say("ann", "So-so 😐")
    await photo(town, "My step")
    await town.say("ann", "That is all")
    await voice(town)
    await town.say("ann", "No, nothing")


async def shared(town: Town) -> None:
    """All of that, and Ravi has it."""
    await said_aloud(town)
    await town.say("ann", "Share with Ravi")


async def test_ravi_gets_the_voice_itself_under_its_question(town: Town) -> None:
    await shared(town)

    assert got(town) == [
        ("voice", "What matters to me"),
        ("photo", "A photo"),
        ("voice", "What worries me"),
    ]
    summary = next(text for text in town.heard("ravi") if text.startswith("Ann has shared"))
    assert "What matters to me: a voice message\n" in summary
    assert "A photo: My step (with a photo)\n" in summary
    assert got(town, "gil") == got(town, "mo") == got(town, "zed") == []
    assert await town.failed_updates() == []


async def test_nothing_is_heard_before_she_shares(town: Town) -> None:
    await town.person()
    await town.say("ann", *BEFORE_MATTERS)
    told = await voice(town)

    assert told[0].startswith("Thank you. I have kept your voice message.")
    assert got(town) == []


async def test_what_is_just_for_her_is_never_heard(town: Town) -> None:
    await town.person()
    await town.say("ann", *BEFORE_MATTERS)
    await voice(town)
    await town.say("ann", "So-so 😐", "Skip")
    await voice(town)
    await town.say("ann", "Yes, let me pick", "What worries me", "Share with Ravi")

    assert got(town) == [("voice", "What matters to me")]
    assert "worries" not in town.everything_on("ravi")


async def test_a_change_sends_only_what_is_new(town: Town) -> None:
    await shared(town)
    before = len(got(town))
    await town.say("ann", "Change what matters to me")
    await voice(town)
    await town.say("ann", "Share the change")

    assert got(town)[before:] == [("voice", "What matters to me")]


async def test_she_can_hear_what_she_said(town: Town) -> None:
    await shared(town)
    before = len(got(town, "ann"))
    await town.say("ann", "What I said")

    assert [kind for kind, _ in got(town, "ann")[before:]] == ["voice", "photo", "voice"]


async def test_a_voice_on_its_way_is_taken_back_when_she_deletes_everything(town: Town) -> None:
    await said_aloud(town)
    async with town.bot_away():
        await town.app.store.open()
        for number, words in enumerate(("Share with Ravi", "Yes, delete it all")):
            await town.app.store.tx(say_unsent, town, number, words)
        await town.app.store.close()

    assert got(town) == []
    assert town.newest("ravi").text.startswith("Ann has stopped and deleted everything.")


def say_unsent(conn: Connection, town: Town, number: int, words: str) -> None:
    """Ann says this, and what follows waits in the outbox."""
    desk = town.app.desk(conn, f"unsent.{number}")
    hear(desk, Heard(number, CHATS["ann"], said=Said(words, at=desk.now // 1000)))


async def test_how_to_reach_her_is_marked_as_only_for_ravi(town: Town) -> None:
    await town.person()
    await town.say("ann", *BEFORE_MATTERS[:4], "07700 900123")
    await town.say("ann", "/skip", "/skip", "/skip", "/skip", "/skip", "No, nothing")
    assert "07700 900123 (only Ravi sees this)" in town.heard("ann")[-1]

    await town.say("ann", "Share with Ravi")

    assert "How to reach me: 07700 900123 (only for you)" in town.newest("ravi").text
