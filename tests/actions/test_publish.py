"""Gil changes the questions, and cannot break anyone's talk."""

import asyncio
import re

import pytest
from sqlalchemy import func, select

from bot.actions import foresee
from bot.people import Role
from bot.store import scripts
from bot.store.database import Store
from bot.store.tables import answers, audit, talks
from bot.store.tables import scripts as scripts_table
from tests.talks import DIALOGS
from tests.town import Town

TODAY = (DIALOGS / "first_talk.yaml").read_text("utf-8")
NEW = TODAY.replace("What matters most to you?", "What is most important to you?")
NEWER = TODAY.replace("What matters most to you?", "What do you love?")
MORE = """      - id: pets
        kind: text
        label: My pets
        ask: Which pets do you have?
        why: We can make sure it is looked after.
        examples:
          - A cat called Tom
      - id: matters
"""
WITH_PETS = TODAY.replace("      - id: matters\n", MORE)
SCRIPT_NOT_TEXT = "This is not a script file. A script is a text file whose name ends in .yaml."


async def live(town: Town) -> tuple[int | None, str]:
    kept = await town.app.store.tx(scripts.live, "first_talk")
    assert kept is not None
    return kept.version, kept.text


async def kept_drafts(town: Town) -> int:
    return int((await town.rows(select(func.count()).select_from(scripts_table)))[0][0])


async def test_a_good_file_is_only_a_draft_until_it_is_published(town: Town) -> None:
    await town.person()
    (told,) = await town.send_file("gil", "first_talk.yaml", NEW)
    assert told.startswith("“Getting ready for your talk” has no problems. It has")
    assert told.endswith("People still get the old one until you publish this.")
    assert town.newest("gil").buttons == [["Try it on my phone"], ["Publish it"]]
    assert (await town.asked("matters"))[-1].endswith("What matters most to you?")

    (told,) = await town.press("gil", "Publish it")
    assert told == "“Getting ready for your talk” is live now, as version 2. The next person will get it."
    assert (await town.say("ann", "Carry on"))[-1].endswith("What is most important to you?")


async def test_someone_in_the_middle_goes_on_and_is_asked_nothing_twice(town: Town) -> None:
    await town.person()
    await town.asked("help_well", get_on_with="Jane")
    await town.send_file("gil", "first_talk.yaml", WITH_PETS)
    await town.press("gil", "Publish it")

    told = await town.say("ann", "Tea", "Skip", "A cat")
    asked = [each.split("\n")[-1] for each in told]
    assert asked[-2:] == ["Which pets do you have?", "What matters most to you?"]
    assert (await town.answers())["get_on_with"] == "Jane"


async def test_he_tries_it_on_his_own_phone_and_nothing_is_kept(town: Town) -> None:
    await town.key_contact()
    heard = town.heard("ravi")
    await town.send_file("gil", "first_talk.yaml", NEW)
    told = await town.press("gil", "Try it on my phone")
    assert told[0] == "This is a try-out. Nothing is kept, and nobody else sees it."
    assert "Hello Gil. I am a computer program." in told[1] and "End the try-out" in town.keys("gil")

    await town.press("gil", "OK, next", "OK, next", "Yes, keep them")
    await town.say("gil", "Gilbert", "Talk to a person")
    assert await town.press("gil", "End the try-out") == ["The try-out is over. Nothing was kept."]
    assert town.keys("gil") == ["Invite a key contact", "Scripts"]
    assert await town.rows(select(answers)) == await town.rows(select(talks)) == await town.reminders() == []
    assert await town.tables_with("Gilbert") == [] and town.heard("ravi") == heard


async def test_a_try_out_can_be_played_to_its_end_and_ended_there(town: Town) -> None:
    await town.key_contact()
    await town.send_file("gil", "first_talk.yaml", NEW)
    await town.press("gil", "Try it on my phone")
    heard = town.heard("ravi")
    await town.asked("share", "gil")
    await town.press("gil", "Share with Gil")

    assert await town.press("gil", "End the try-out") == ["The try-out is over. Nothing was kept."]
    assert town.heard("ravi") == heard and await town.rows(select(answers)) == []


@pytest.mark.parametrize("words", ["Yes, delete it all", "No, not now", "/start"])
async def test_a_try_out_also_ends_when_he_says_no_deletes_it_or_starts_again(town: Town, words: str) -> None:
    await town.key_contact()
    await town.send_file("gil", "first_talk.yaml", NEW)
    await town.press("gil", "Try it on my phone", "OK, next", "OK, next")
    await town.say("gil", words)

    assert await town.rows(select(talks)) == []
    assert (await town.press("gil", "Scripts"))[0].startswith("Scripts in use")


async def test_publishing_in_the_middle_of_a_try_out_ends_it(town: Town) -> None:
    await town.admin()
    await town.send_file("gil", "first_talk.yaml", NEW)
    await town.press("gil", "Try it on my phone", "Publish it")

    told = await town.press("gil", "Scripts", "Getting ready for your talk")
    assert "\n\nVersion 2: since" in told[-1]


async def test_a_broken_file_is_explained_line_by_line_and_changes_nothing(town: Town) -> None:
    await town.admin()
    before = await live(town), await kept_drafts(town)
    broken = TODAY.replace("kind: text\n        label: What m", "kind: texxt\n        label: What m")
    (told,) = await town.send_file("gil", "first_talk.yaml", broken)

    line = next(n for n, each in enumerate(broken.splitlines(), 1) if "texxt" in each)
    assert told.startswith("I found something to mend in first_talk.yaml. Nothing has changed.")
    assert f"Line {line}: " in told and "texxt" in told
    assert (await live(town), await kept_drafts(town)) == before
    assert town.newest("gil").buttons == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("first_talk.yaml", b"\xff\xfe\x00binary\x00"),
        ("first_talk.yaml", b""),
        ("first_talk.yaml", b"just some words"),
        ("first_talk.yaml", b"script: [first_talk"),
        ("first_talk.yaml", b"a: &a [*a, *a]\n" * 3),
        ("first_talk.yaml", TODAY.replace("Getting", "Get\0ting").encode()),
        ("first_talk.docx", TODAY.encode()),
        ("", TODAY.encode()),
        ("first_talk.yaml", (TODAY + "# " + "x" * 256 * 1024).encode()),
        ("first_talk.yaml", (TODAY + "# " + "x" * 600 * 1024).encode()),
    ],
    ids=str,
)
async def test_what_is_no_script_is_refused_in_words_and_changes_nothing(
    town: Town, name: str, content: bytes
) -> None:
    await town.admin()
    before = await live(town), await kept_drafts(town)
    (told,) = await town.send_file("gil", name, content)

    assert any(words in told for words in ("Nothing has changed", "not a script file", "too big"))
    assert "Traceback" not in told and (await live(town), await kept_drafts(town)) == before


async def test_the_codes_of_checks_are_for_the_command_line_and_not_for_his_chat(town: Town) -> None:
    await town.person()
    await town.asked("share", place="On a video call", matters="My garden")
    for broken in (
        TODAY.replace("kind: text\n        label: What m", "kind: texxt\n        label: What m"),
        TODAY.replace("script: first_talk", "script: first_talk\nscript: first_talk"),
        TODAY.replace("- id: matters\n        kind: text", "- id: matters\n        kind: face"),
        WITHOUT_VIDEO,
        TODAY.replace("id: matters", "id: what_matters"),
        TODAY.replace("What matters most to you?", ""),
    ):
        (told,) = await town.send_file("gil", "first_talk.yaml", broken)
        assert "Nothing has changed" in told and re.search(r"\b[A-Z]\d{2,3}\b", told) is None, told


async def test_a_photo_from_an_admin_is_no_script(town: Town) -> None:
    await town.admin()

    assert await town.do("gil", lambda: town.sandbox.send_photo("gil")) == [SCRIPT_NOT_TEXT]


async def test_an_id_never_becomes_another_kind_of_question(town: Town) -> None:
    """Answers that are there already could not be understood any more."""
    await town.person()
    await town.asked("working", matters="My garden")
    other = NEW.replace("- id: matters\n        kind: text", "- id: matters\n        kind: face")
    (told,) = await town.send_file("gil", "first_talk.yaml", other)

    assert "“matters” was of kind text before" in told and "Line " in told
    assert (await live(town))[0] == 1


@pytest.mark.parametrize("who", ["ann", "ravi"])
async def test_a_script_from_anyone_else_changes_nothing(town: Town, who: str) -> None:
    await town.person()
    await town.asked("matters")
    before = await kept_drafts(town)
    await town.send_file(who, "first_talk.yaml", NEW)
    await town.forge(who, "draft/1:publish", "draft/1:try")

    assert await kept_drafts(town) == before and (await live(town))[0] == 1


async def test_pressing_publish_twice_publishes_once(town: Town) -> None:
    await town.admin()
    await town.send_file("gil", "first_talk.yaml", NEW)
    (first,) = await town.press("gil", "Publish it")

    assert await town.press("gil", "Publish it") == [first] and (await live(town))[0] == 2


async def test_an_older_draft_does_not_undo_a_newer_one_unseen(town: Town) -> None:
    await town.admin()
    await town.send_file("gil", "first_talk.yaml", NEW)
    older = town.newest("gil").message_id
    await town.send_file("gil", "first_talk.yaml", NEWER)
    newer = town.newest("gil").message_id
    await town.do("gil", lambda: town.sandbox.press_on("gil", newer, "Publish it"))

    told = await town.do("gil", lambda: town.sandbox.press_on("gil", older, "Publish it"))
    assert told == [
        "“Getting ready for your talk” is older than version 2, which is in use now. Nothing has changed."
    ]
    assert await live(town) == (2, NEWER)

    assert "version 3" in (await town.press("gil", "Publish it anyway"))[0]
    assert await live(town) == (3, NEW)
    (told_again,) = await town.do("gil", lambda: town.sandbox.press_on("gil", newer, "Publish it"))
    assert "is older than version 3" in told_again and "send the file again" in told_again


async def test_what_she_typed_belongs_to_the_question_she_sees_not_to_a_new_one(town: Town) -> None:
    """She sees "working"; the new script has a question before it that she was never shown."""
    await town.person()
    await town.asked("working", matters="My garden")
    await town.send_file("gil", "first_talk.yaml", WITH_PETS)
    await town.press("gil", "Publish it")
    assert await town.say("ann", "Why do you ask?") == [
        "We want to keep what is good.\n\nWhat is working well in your life?"
    ]
    assert await town.say("ann", "My chair") == ["Which pets do you have?"]
    assert await town.say("ann", "A cat") == ["What is not working so well?"]

    kept = await town.answers()
    assert (kept["matters"], kept["working"], kept["pets"]) == ("My garden", "My chair", "A cat")


async def test_a_number_means_the_option_that_was_on_her_screen(town: Town) -> None:
    await town.person()
    await town.asked("place")
    swapped = TODAY.replace("          home: At my home\n", "").replace(
        "          video: On a video call\n", "          video: On a video call\n          home: At my home\n"
    )
    await town.send_file("gil", "first_talk.yaml", swapped)
    await town.press("gil", "Publish it")
    await town.say("ann", "1")

    assert (await town.answers())["place"] == {"code": "home"}


async def test_someone_who_has_shared_is_not_taken_to_have_answered_a_new_question(town: Town) -> None:
    await town.person()
    await town.share_everything()
    await town.send_file("gil", "first_talk.yaml", WITH_PETS)
    await town.press("gil", "Publish it")
    await town.say("ann", "Thank you so much")
    assert "pets" not in await town.answers()

    assert (await town.start("ann"))[-1].endswith("Which pets do you have?")


# ---- what it would mean for those in the middle of it


WITHOUT_VIDEO = TODAY.replace("          video: On a video call\n", "")
WITH_RETIRED = TODAY.replace(
    "          video: On a video call\n",
    "          video:\n            label: On a video call\n            retired: true\n",
)


def nobody_else_is_named(told: str) -> bool:
    return not any(words in told for words in ("Ann", "Mo", "garden", "Zed"))


async def test_he_reads_what_people_will_see_before_they_do(town: Town) -> None:
    await town.person()
    await town.asked("working", matters="My garden")
    await town.person("mo")
    await town.asked("matters", "mo")
    (told,) = await town.send_file("gil", "first_talk.yaml", WITH_PETS)

    assert told.split("\n")[1] == (
        "2 people have begun it: 2 will be asked 1 more question, nobody is asked anything again."
    )
    assert nobody_else_is_named(told)


async def test_one_and_many_are_told_apart(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    (told,) = await town.send_file("gil", "first_talk.yaml", NEW)
    assert "1 person has begun it: 1 sees nothing new, nobody is asked anything again." in told

    two = WITH_PETS.replace(
        "      - id: pets\n",
        MORE.replace("pets", "trips").split("      - id: matters")[0] + "      - id: pets\n",
    )
    (told,) = await town.send_file("gil", "first_talk.yaml", two)
    assert "1 person has begun it: 1 will be asked 2 more questions, nobody" in told


async def test_nobody_has_begun(town: Town) -> None:
    await town.admin()
    (told,) = await town.send_file("gil", "first_talk.yaml", NEW)

    assert "Nobody is in the middle of it." in told and "has begun" not in told


async def test_words_whose_question_goes_are_told_of_kept_and_shown_to_nobody(town: Town) -> None:
    await town.person()
    await town.send_file("gil", "first_talk.yaml", WITH_PETS)
    await town.press("gil", "Publish it")
    await town.share_everything("ann", pets="A cat called Tom")
    (told,) = await town.send_file("gil", "first_talk.yaml", NEW)
    assert "1 person answered “Which pets do you have?”, which is gone." in told
    assert "Their words are kept, and shown to nobody." in told and "Tom" not in told

    await town.press("gil", "Publish it")
    await town.start("ann")
    assert "Tom" not in "\n".join(await town.say("ann", "What I said"))
    assert (await town.answers())["pets"] == "A cat called Tom"

    await town.send_file("gil", "first_talk.yaml", WITH_PETS)
    await town.press("gil", "Publish it")
    await town.start("ann")
    assert "Tom" in "\n".join(await town.say("ann", "What I said")), "they come back with their question"


async def test_an_option_somebody_chose_cannot_be_taken_away(town: Town) -> None:
    await town.person()
    await town.asked("attendees", place="On a video call")
    before = await live(town), await kept_drafts(town)
    (told,) = await town.send_file("gil", "first_talk.yaml", WITHOUT_VIDEO)
    assert "when it had “On a video call”" in told and "retired: true" in told
    assert (await live(town), await kept_drafts(town)) == before and town.newest("gil").buttons == []

    (told,) = await town.send_file("gil", "first_talk.yaml", WITH_RETIRED)
    assert "1 sees nothing new" in told
    await town.press("gil", "Publish it")
    assert "On a video call" in "\n".join(await town.say("ann", "What I said"))


async def test_he_is_told_when_what_she_chose_would_read_otherwise(town: Town) -> None:
    """He swapped the words of two options, and not the lines: Ravi would read what she never said."""
    await town.person()
    await town.asked("attendees", place="On a video call")
    swapped = TODAY.replace("At my home", "@").replace("On a video call", "At my home")
    (told,) = await town.send_file("gil", "first_talk.yaml", swapped.replace("@", "On a video call", 1))

    assert "1 person answered when an answer was “On a video call”. It will read “At my home”." in told
    assert nobody_else_is_named(told)


async def test_he_is_told_when_more_people_could_see_what_she_said(town: Town) -> None:
    """She said it when it was just for her; he only took one line out."""
    label = "        label: What matters to me\n"
    await town.person()
    await town.send_file("gil", "first_talk.yaml", TODAY.replace(label, f"{label}        private: true\n"))
    await town.press("gil", "Publish it")
    await town.asked("working", matters="My mother shouts at me")
    (told,) = await town.send_file("gil", "first_talk.yaml", TODAY)

    words = "1 person answered “What matters most to you?” when fewer people could see the answer."
    assert words in told and "shouts" not in told


async def test_a_kind_that_nobody_has_answered_is_not_said_to_be_answered(town: Town) -> None:
    await town.admin()
    await town.send_file("gil", "first_talk.yaml", WITH_PETS)
    await town.press("gil", "Publish it")
    other = WITH_PETS.replace("- id: pets\n        kind: text", "- id: pets\n        kind: photo")
    (told,) = await town.send_file("gil", "first_talk.yaml", other)

    assert "“pets” was of kind text before." in told and "people have" not in told


async def test_a_file_that_another_editor_saved_is_kept_as_if_it_came_from_ours(town: Town) -> None:
    await town.person()
    await town.send_file("gil", "first_talk.yaml", b"\xef\xbb\xbf" + NEW.replace("\n", "\r\n").encode())
    await town.press("gil", "Publish it")

    assert await live(town) == (2, NEW)


async def test_a_file_with_umlauts_of_another_sort_says_how_to_save_it(town: Town) -> None:
    """Its name does end in .yaml, and it is a text: to say it is neither helps nobody."""
    await town.admin()
    (told,) = await town.send_file(
        "gil", "first_talk.yaml", "script: ausflug\ntitle: Für Änne".encode("cp1252")
    )

    assert told.endswith("This is not plain text. Save it as plain text in UTF-8.")


async def test_a_question_under_another_id_would_be_asked_again_and_is_refused(town: Town) -> None:
    await town.person()
    await town.asked("working", matters="My garden")
    (told,) = await town.send_file("gil", "first_talk.yaml", TODAY.replace("id: matters", "id: what_matters"))

    assert "1 person answered this already, and would be asked again as “what_matters”" in told
    assert (await live(town))[0] == 1


async def test_what_is_chosen_after_the_file_was_sent_counts_when_it_is_published(town: Town) -> None:
    await town.person()
    await town.asked("place")
    await town.send_file("gil", "first_talk.yaml", WITHOUT_VIDEO)
    await town.say("ann", "On a video call")
    (told,) = await town.press("gil", "Publish it")

    assert "when it had “On a video call”" in told and (await live(town))[0] == 1


async def test_a_new_script_is_asked_to_nobody_yet(town: Town) -> None:
    await town.person()
    (told,) = await town.send_file("gil", "other.yaml", TODAY.replace("script: first_talk", "script: other"))
    assert told.endswith("It is new. Nobody is asked it until a set has it, or a key contact sends it.")

    await town.press("gil", "Publish it")
    assert (await live(town)) == (1, TODAY)
    in_use = {kept.name for kept in await town.app.store.tx(scripts.all_live)}
    assert {"first_talk", "other"} <= in_use


async def test_two_admins_publish_at_once_and_nothing_is_undone_unseen(town: Town) -> None:
    await town.admin()
    await town.start("mo", await town.link("gil", Role.ADMIN))
    await town.send_file("gil", "first_talk.yaml", NEW)
    await town.send_file("mo", "first_talk.yaml", NEWER)
    heard = len(town.heard("mo")), len(town.heard("gil"))
    town.sandbox.press("mo", "Publish it")
    await town.do("gil", lambda: town.sandbox.press("gil", "Publish it"))

    told = [*town.heard("mo")[heard[0] :], *town.heard("gil")[heard[1] :]]
    assert sum("is live now, as version 2" in each for each in told) >= 1
    assert (await live(town))[0] in (2, 3) and (await live(town))[1] in (NEW, NEWER)
    if (await live(town))[0] == 2:
        assert sum("is older than version 2" in each for each in told) == 1


async def test_the_bot_starts_anew_between_the_forecast_and_publishing(town: Town) -> None:
    await town.person()
    await town.asked("working", matters="My garden")
    await town.send_file("gil", "first_talk.yaml", WITH_PETS)
    async with town.bot_away():
        town.sandbox.press("gil", "Publish it")

    assert "is live now, as version 2" in town.heard("gil")[-1]
    assert (await town.say("ann", "My chair"))[-1].endswith("Which pets do you have?")


async def test_others_go_on_while_a_forecast_is_worked_out(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.person()
    await town.asked("matters")
    may_end, look = asyncio.Event(), foresee.look

    async def slowly(store: Store, wanted: foresee.Wanted) -> foresee.Foreseen:
        await may_end.wait()
        return await look(store, wanted)

    monkeypatch.setattr(foresee, "look", slowly)
    before = len(town.heard("gil"))
    town.sandbox.send_document("gil", "first_talk.yaml", NEW.encode())
    heard = len(town.heard("ann"))
    town.sandbox.say("ann", "My garden")
    await town.sandbox.until(lambda: len(town.heard("ann")) > heard)
    assert len(town.heard("gil")) == before

    may_end.set()
    await town.settled()
    assert "1 person has begun it" in town.heard("gil")[-1]


# ---- going back


async def test_he_sees_the_versions_and_goes_back_to_one(town: Town) -> None:
    await town.person()
    await town.asked("matters")
    await town.send_file("gil", "first_talk.yaml", NEW)
    await town.press("gil", "Publish it", "Scripts", "Getting ready for your talk")
    told = town.heard("gil")[-1]
    assert "Version 2: since Monday 3 March 2025" in told and "by Gil" in told
    assert "Version 1: since" in told and "from the folder" in told
    assert town.newest("gil").buttons == [["Send me the file"], ["Go back to version 1"]]

    (told,) = await town.press("gil", "Go back to version 1")
    assert told.startswith("This is version 1 of “Getting ready for your talk”. It would be in use again.")
    assert "1 person has begun it: 1 sees nothing new" in told and await live(town) == (2, NEW)
    await town.press("gil", "Publish it")
    assert await live(town) == (3, TODAY), "an old version is never changed; it becomes a new one"
    assert (await town.say("ann", "Carry on"))[-1].endswith("What matters most to you?")


async def test_going_back_strands_nobody_either(town: Town) -> None:
    await town.person()
    more = TODAY.replace(
        "          video: On a video call\n", "          video: On a video call\n          walk: On a walk\n"
    )
    await town.send_file("gil", "first_talk.yaml", more)
    await town.press("gil", "Publish it")
    await town.asked("attendees", place="On a walk")
    (told,) = (await town.press("gil", "Scripts", "Getting ready for your talk", "Go back to version 1"))[-1:]

    assert "when it had “On a walk”" in told and (await live(town))[0] == 2


@pytest.mark.parametrize("who", ["ann", "ravi", "zed"])
async def test_nobody_else_opens_a_script_or_goes_back(town: Town, who: str) -> None:
    await town.person()
    before = len(town.heard("gil")), await live(town)
    told = await town.forge(who, "script/1:open", "script/1:back", "draft/1:anyway")

    assert "first_talk" not in "\n".join(told) and "Getting ready for your talk" not in "\n".join(told)
    assert (len(town.heard("gil")), await live(town)) == before


async def test_what_was_published_and_by_whom_is_written_down_without_words(town: Town) -> None:
    await town.admin()
    await town.send_file("gil", "first_talk.yaml", NEW)
    await town.press("gil", "Publish it")
    rows = await town.rows(select(audit).where(audit.c.action == "published"))

    mine = [(row.detail, row.actor is None) for row in rows if row.detail.startswith("first_talk ")]
    assert mine == [("first_talk 1", True), ("first_talk 2", False)]


async def test_what_stood_there_as_just_for_her_is_not_shared_by_a_newer_script(town: Town) -> None:
    """She has the read-back on her phone for days, and taps Share once the question is private no more."""
    label = "        label: What is not working\n"
    await town.person()
    await town.send_file("gil", "first_talk.yaml", TODAY.replace(label, f"{label}        private: true\n"))
    await town.press("gil", "Publish it")
    told = await town.asked("share", matters="My garden", not_working="My mother shouts at me")
    assert "What is not working: Kept. I do not show it here. (just for you)" in told[-1]
    await town.send_file("gil", "first_talk.yaml", TODAY)
    await town.press("gil", "Publish it")

    await town.press("ann", "Share with Ravi")
    assert "What matters to me: My garden" in town.everything_on("ravi")
    assert "My mother shouts at me" not in town.everything_on("ravi")
