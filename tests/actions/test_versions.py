"""Gil finds a script by the title people know, and gets at its questions from his phone."""

import pytest
from sqlalchemy import Connection

from bot.people import Role
from bot.store import scripts
from tests.actions.test_publish import NEW, TODAY
from tests.actions.test_sets import PARTS, in_use, text
from tests.talks import DIALOGS
from tests.town import Town

FIRST = "Getting ready for your talk"


async def has_many(town: Town, count: int, title: str = "Talk number {number:02}") -> None:
    """So many scripts are in use."""

    def published(conn: Connection) -> None:
        for number in range(1, count + 1):
            named = TODAY.replace(FIRST, title.format(number=number))
            draft = scripts.draft(conn, f"talk_{number}", named, None, town.clock.now())
            scripts.publish(conn, draft, f"talk_{number}", named, town.clock.now())

    await town.app.store.tx(published)


def buttons(town: Town, key: str = "gil") -> list[str]:
    return [label for row in town.newest(key).buttons for label in row]


async def all_pages(town: Town) -> list[str]:
    """The titles on every page, in order; the first page is shown."""
    seen = buttons(town)
    while seen[-1].startswith("More (") and not seen[-1].startswith("More (1 "):
        await town.press("gil", seen.pop())
        seen += buttons(town)
    return [label for label in seen if not label.startswith("More (")]


async def test_he_sees_titles_and_never_ids_with_the_sets_first(town: Town) -> None:
    await town.admin()
    await in_use(town, *PARTS, "small")
    (told,) = await town.press("gil", "Scripts")

    assert told.startswith("Scripts in use\n\nSets come first, then single scripts. Tap one to open it.")
    shown = await all_pages(town)
    assert shown[0] == "A small talk" and {FIRST, "Your money"} < set(shown)
    assert not {"small", "my_money", "first_talk"} & set(shown)


async def test_where_two_titles_are_the_same_the_id_tells_them_apart(town: Town) -> None:
    await town.admin()
    await has_many(town, 2, FIRST)
    await town.press("gil", "Scripts")

    assert {f"{FIRST} (first_talk)", f"{FIRST} (talk_1)", f"{FIRST} (talk_2)"} <= set(buttons(town))


async def test_many_scripts_come_in_pages_and_none_is_left_out(town: Town) -> None:
    await town.admin()
    await has_many(town, 30)
    await town.press("gil", "Scripts")
    message, seen = town.newest("gil").message_id, list[str]()
    pages = -(-len(await town.app.store.tx(scripts.all_live)) // 8)
    for number in range(1, pages + 1):
        assert len(buttons(town)) <= 9, "a page stays short on a phone"
        *titles, more = buttons(town)
        assert more == f"More ({number % pages + 1} of {pages})"
        seen += titles
        assert await town.press("gil", more) == [], "the same message shows the next page"

    assert town.newest("gil").message_id == message
    assert {f"Talk number {number:02}" for number in range(1, 31)} | {FIRST} <= set(seen)
    assert len(seen) == len(set(seen)) == len(await town.app.store.tx(scripts.all_live))
    assert buttons(town)[0] == seen[0], "after the last page comes the first"


async def test_a_button_to_a_page_that_is_gone_shows_the_last_one(town: Town) -> None:
    await town.admin()
    await town.press("gil", "Scripts")
    await town.forge("gil", "scripts/99:more", "scripts/0:more")

    assert FIRST in buttons(town)


async def test_from_a_set_he_comes_to_each_of_its_scripts_in_their_order(town: Town) -> None:
    await town.admin()
    await in_use(town, *PARTS, "small")
    told = await town.press("gil", "Scripts", "A small talk", "See its scripts")
    assert told[-1].startswith("The scripts of “A small talk”")
    titles = [text(name).partition("title: ")[2].partition("\n")[0] for name in PARTS]
    assert buttons(town) == titles

    told_then = await town.press("gil", titles[1])
    assert told_then[0].startswith(f"“{titles[1]}” (my_place)\n\nVersion 1: since")
    assert "See its scripts" not in buttons(town)


async def test_an_old_list_opens_what_is_in_use_now(town: Town) -> None:
    await town.admin()
    await town.press("gil", "Scripts")
    old = town.newest("gil").message_id
    await town.send_file("gil", "first_talk.yaml", NEW)
    await town.press("gil", "Publish it")
    (told,) = await town.do("gil", lambda: town.sandbox.press_on("gil", old, FIRST))

    assert "Version 2: since" in told and "by Gil" in told


def last_file(town: Town) -> tuple[str | None, str]:
    """The document that came last on his phone: its name, and what is in it."""
    file = list(town.sandbox.network.handset("gil").messages.values())[-1].file
    assert file is not None
    return file.name, file.data.decode()


async def test_without_the_folder_he_gets_the_file_changes_it_and_sends_it_back(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    told = await town.press("gil", "Scripts", FIRST, "Send me the file")
    assert told[-1] == f"This is “{FIRST}”. Change its words, and send it back here. I will check it first."
    name, content = last_file(town)
    assert (name, content) == ("first_talk.yaml", TODAY)

    changed = content.replace("What matters most to you?", "What is most important to you?")
    (told_then,) = await town.send_file("gil", "first_talk.yaml", changed)
    assert told_then.startswith(f"“{FIRST}” has no problems.")
    await town.press("gil", "Publish it")
    assert (await town.say("ann", "Carry on"))[-1].endswith("What is most important to you?")


async def test_a_set_gives_its_own_file_and_each_of_its_scripts_gives_theirs(town: Town) -> None:
    await town.admin()
    await in_use(town, *PARTS, "small")
    await town.press("gil", "Scripts", "A small talk", "Send me the file")
    assert last_file(town) == ("small.yaml", text("small"))

    await town.press("gil", "See its scripts", "Where", "Send me the file")
    assert last_file(town) == ("my_place.yaml", text("my_place"))


async def test_the_question_box_can_be_had_as_well(town: Town) -> None:
    await town.admin()
    await town.press("gil", "Scripts")
    await all_pages(town)
    await town.press("gil", "Questions people ask", "Send me the file")

    assert last_file(town) == ("answers.yaml", (DIALOGS / "answers.yaml").read_text("utf-8"))


async def test_an_old_card_gives_the_file_that_is_in_use_now(town: Town) -> None:
    await town.admin()
    await town.press("gil", "Scripts", FIRST)
    old = town.newest("gil").message_id
    await town.send_file("gil", "first_talk.yaml", NEW)
    await town.press("gil", "Publish it")
    await town.do("gil", lambda: town.sandbox.press_on("gil", old, "Send me the file"))

    assert last_file(town) == ("first_talk.yaml", NEW)


@pytest.mark.parametrize("who", ["ann", "ravi", "zed"])
async def test_nobody_else_gets_a_file(town: Town, who: str) -> None:
    await town.person()
    await town.forge(who, "script/1:file")

    assert all(shown.file_name is None for shown in town.sandbox.screen(who))


@pytest.mark.parametrize("who", ["ann", "ravi", "zed"])
async def test_nobody_else_turns_the_pages(town: Town, who: str) -> None:
    await town.person()
    told = await town.forge(who, "scripts/1:more", "scripts/1/1:parts", "script/1:open")

    assert FIRST not in "\n".join(told) and FIRST not in buttons(town, "gil")


async def test_another_admin_sees_the_same(town: Town) -> None:
    await town.admin()
    await town.start("mo", await town.link("gil", Role.ADMIN))
    await town.press("gil", "Scripts")
    await town.press("mo", "Scripts")

    assert buttons(town, "mo") == buttons(town, "gil")
