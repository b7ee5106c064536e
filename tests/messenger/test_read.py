"""What Telegram sends, as the program understands it."""

from typing import Any

import pytest

from bot.dialog.talk import Heard, Said
from bot.errors import NotForUs
from bot.messenger.read import read

ANN = {"id": 101, "is_bot": False, "first_name": "Ann", "last_name": "Lee", "language_code": "cy"}
CHAT = {"id": 101, "type": "private", "first_name": "Ann"}
DATE = 1_741_000_000


def message(**parts: Any) -> dict[str, Any]:
    return {
        "update_id": 7,
        "message": {"message_id": 5, "date": DATE, "chat": CHAT, "from": ANN, **parts},
    }


def pressed(data: Any, **parts: Any) -> dict[str, Any]:
    query = {
        "id": "99",
        "from": ANN,
        "chat_instance": "x",
        "data": data,
        "message": {"message_id": 5, "date": DATE, "chat": CHAT},
    }
    return {"update_id": 7, "callback_query": {**query, **parts}}


def test_words_come_with_who_said_them_and_when() -> None:
    assert read(message(text="Hello")) == Heard(
        update=7, chat=101, name="Ann Lee", language="cy", said=Said(text="Hello", at=DATE)
    )


def test_a_person_may_have_one_name_and_no_language() -> None:
    heard = read(message(text="Hello", **{"from": {"id": 101, "first_name": "Ann"}}))

    assert (heard.name, heard.language) == ("Ann", "")


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("/start", ""),
        ("/start abc-DEF_1", "abc-DEF_1"),
        ("/start@our_bot abc", "abc"),
        ("/start   abc ", "abc"),
        ("/starting", None),
        ("I say /start", None),
    ],
)
def test_a_start_brings_the_word_of_its_link(text: str, start: str | None) -> None:
    assert read(message(text=text)).start == start


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/help", "/help"),
        ("/help@our_bot", "/help"),
        ("/help@our_bot me", "/help me"),
        ("write to a@b.org", "write to a@b.org"),
        ("a  b\nc", "a  b\nc"),
    ],
)
def test_other_commands_and_words_stay_as_they_are(text: str, expected: str) -> None:
    heard = read(message(text=text))

    assert (heard.said.text, heard.start) == (expected, None)


def test_half_characters_and_zeros_are_taken_out_for_no_database_keeps_them() -> None:
    assert read(message(text="a\ud83dz\0 🙂")).said.text == "a\ufffdz 🙂"


PLACE = {"latitude": 51.5, "longitude": -0.1}
SIZES = [
    {"file_id": "small", "width": 90, "height": 60},
    {"file_id": "large", "width": 900, "height": 600},
    {"file_id": "middle", "width": 300, "height": 200},
]


@pytest.mark.parametrize(
    ("part", "thing", "file"),
    [
        ({"photo": [{"file_id": "p"}]}, "photo", "p"),
        ({"photo": SIZES}, "photo", "large"),
        ({"voice": {"file_id": "v"}}, "voice", "v"),
        ({"video_note": {"file_id": "n"}}, "voice", "n"),
        ({"audio": {"file_id": "a"}}, "voice", "a"),
        ({"document": {"file_id": "d"}}, "document", "d"),
        ({"sticker": {"emoji": "🙂"}}, "sticker", ""),
        ({"animation": {}, "document": {"file_id": "d"}}, "other", ""),
        ({"poll": {}}, "other", ""),
        ({"dice": {}}, "other", ""),
        ({"something_new": {}}, "other", ""),
        ({}, "other", ""),
    ],
)
def test_a_thing_is_called_by_its_kind_and_can_be_found_again(
    part: dict[str, Any], thing: str, file: str
) -> None:
    assert read(message(**part)).said == Said(thing=thing, file=file, at=DATE)


def test_a_caption_comes_with_its_thing() -> None:
    said = read(message(photo=SIZES, caption="my room")).said

    assert said == Said(text="my room", thing="photo", file="large", at=DATE)


def test_a_place_says_where_it_is() -> None:
    assert read(message(location=PLACE)).said == Said(thing="location", point=(51.5, -0.1), at=DATE)


@pytest.mark.parametrize(
    ("more", "words"),
    [({}, "The Hub, 3 High Street"), ({"caption": "here!"}, "here!")],
)
def test_a_place_with_a_name_says_its_name_unless_something_else_is_said(
    more: dict[str, Any], words: str
) -> None:
    venue = {"location": PLACE, "title": "The Hub", "address": "3 High Street"}
    said = read(message(venue=venue, location=PLACE, **more)).said

    assert said == Said(text=words, thing="location", point=(51.5, -0.1), at=DATE)


def test_a_contact_says_who_it_is_and_their_number() -> None:
    contact = {"phone_number": "+44 7700 900123", "first_name": "Mo", "last_name": "Lee", "vcard": "…"}
    nameless = {"phone_number": "+44 7700 900123", "first_name": ""}

    assert read(message(contact=contact)).said.card == ("Mo Lee", "+44 7700 900123")
    assert read(message(contact=nameless)).said.card == ("", "+44 7700 900123")


def test_a_document_comes_with_its_file() -> None:
    document = {"file_id": "F1", "file_name": "talk.yaml", "file_size": 1234, "mime_type": "text/yaml"}
    heard = read(message(document=document))

    assert (heard.said.thing, heard.said.file, heard.file_name, heard.file_size) == (
        "document",
        "F1",
        "talk.yaml",
        1234,
    )


def test_a_document_may_have_no_name_and_no_size() -> None:
    heard = read(message(document={"file_id": "F1"}))

    assert (heard.said.file, heard.file_name, heard.file_size) == ("F1", "", 0)


def test_a_pressed_button_says_what_it_means_and_where_it_belonged() -> None:
    assert read(pressed("formats:easy")) == Heard(
        update=7,
        chat=101,
        name="Ann Lee",
        language="cy",
        said=Said(tapped="easy", asked="formats"),
        message=5,
    )


def test_the_place_of_a_button_may_hold_colons_and_its_code_none() -> None:
    assert read(pressed("a:b:c")).said == Said(tapped="c", asked="a:b")


def test_a_button_of_a_message_that_is_gone_is_known_by_who_pressed_it() -> None:
    update = pressed("a:b")
    del update["callback_query"]["message"]
    heard = read(update)

    assert (heard.chat, heard.message) == (101, 0)


def test_a_button_of_a_message_too_old_to_be_shown_is_read() -> None:
    assert read(pressed("a:b", message={"message_id": 5, "date": 0, "chat": CHAT})).message == 5


@pytest.mark.parametrize("part", [{"text": "Hello, changed"}, {"photo": [], "caption": "Hello, changed"}])
def test_a_changed_message_is_marked(part: dict[str, Any]) -> None:
    update = {"update_id": 7, "edited_message": {**message(**part)["message"], "edit_date": DATE + 60}}
    heard = read(update)

    assert (heard.edited, heard.said.text, heard.said.at) == (True, "Hello, changed", DATE)


@pytest.mark.parametrize(("status", "blocked"), [("kicked", True), ("member", False)])
def test_blocking_the_bot_and_coming_back_are_told_apart(status: str, blocked: bool) -> None:
    change = {"chat": CHAT, "from": ANN, "date": DATE, "new_chat_member": {"status": status}}

    assert read({"update_id": 7, "my_chat_member": change}).blocked is blocked


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"update_id": 7},
        {"update_id": 7, "poll": {}},
        {"update_id": "7", "message": message(text="a")["message"]},
        {"update_id": True, "message": message(text="a")["message"]},
        {"update_id": 7, "message": None},
        {"update_id": 7, "message": "words"},
        message(text=5),
        message(text="a", chat={"id": 5}),
        message(text="a", chat={"id": "5", "type": "private"}),
        message(text="a", date="yesterday"),
        message(text="a", **{"from": None}),
        message(document={}),
        message(photo=[]),
        message(photo={"file_id": "p"}),
        message(photo="p"),
        message(photo=[{"file_id": 5}]),
        message(voice=None),
        message(location={"latitude": 51.5}),
        message(location={"latitude": "51", "longitude": 0}),
        message(location={"latitude": 91, "longitude": 0}),
        message(location={"latitude": True, "longitude": 0}),
        message(location={"latitude": float("nan"), "longitude": 0}),
        message(venue={"location": None}),
        message(contact={"first_name": "Mo"}),
        message(document={"file_id": "F", "file_size": "big"}),
        pressed("no colon"),
        pressed(None),
        {"update_id": 7, "callback_query": {"from": ANN, "game_short_name": "x"}},
        {"update_id": 7, "my_chat_member": {"chat": CHAT, "from": ANN, "date": DATE}},
        {
            "update_id": 7,
            "my_chat_member": {"chat": CHAT, "from": ANN, "date": 1, "new_chat_member": {"status": "left"}},
        },
    ],
)
def test_what_cannot_be_understood_is_refused_and_not_guessed(update: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        read(update)


def test_what_is_said_in_a_group_is_not_for_the_bot() -> None:
    with pytest.raises(NotForUs):
        read(message(text="a", chat={"id": -5, "type": "group"}))
