"""The Bot API: what works, and every refusal in Telegram's own words."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from bot.sandbox import Fault, Sandbox
from bot.sandbox.markup import parse, to_html, units
from tests.sandbox.conftest import ANN, RAVI, TOKEN, Call

UNREADABLE = "can't parse inline keyboard button: "
BUTTON_URL = "inline keyboard button URL 'ftp://a'"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8 + (40).to_bytes(4) + (30).to_bytes(4)


def inline(*labels: str, data: str = "x") -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": label, "callback_data": data}] for label in labels]}


@pytest.fixture(autouse=True)
def _ann_has_started(sandbox: Sandbox) -> None:
    sandbox.press_start("ann")


# ---- sending ---------------------------------------------------------------------------------------------


async def test_a_message_comes_back_plain_with_its_entities(call: Call, sandbox: Sandbox) -> None:
    answer = await call(
        "sendMessage", chat_id=ANN, text="👋 <b>Hello</b> &amp; <i>you</i>", parse_mode="HTML"
    )

    assert answer["result"]["text"] == "👋 Hello & you"
    assert answer["result"]["entities"] == [
        {"offset": 3, "length": 5, "type": "bold"},
        {"offset": 11, "length": 3, "type": "italic"},
    ]
    assert answer["result"]["from"]["is_bot"] is True
    assert answer["result"]["date"] == 1740996000
    assert sandbox.last("ann") == "👋 Hello & you"
    assert sandbox.screen("ann")[-1].html == "👋 <b>Hello</b> &amp; <i>you</i>"


async def test_forms_and_query_strings_work_like_json(http: httpx.AsyncClient, sandbox: Sandbox) -> None:
    markup = json.dumps(inline("Yes"))
    await http.post(f"/bot{TOKEN}/sendMessage", data={"chat_id": "501", "text": "a", "reply_markup": markup})
    answer = await http.get(f"/bot{TOKEN}/sendMessage", params={"chat_id": 501, "text": "b"})

    assert answer.json()["ok"] is True
    assert [shown.text for shown in sandbox.screen("ann")] == ["/start", "a", "b"]
    assert sandbox.screen("ann")[1].buttons == [["Yes"]]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "a"}, "Bad Request: chat_id is empty"),
        ({"chat_id": 1, "text": "a"}, "Bad Request: chat not found"),
        ({"chat_id": "@ann", "text": "a"}, "Bad Request: chat not found"),
        ({"chat_id": ANN}, "Bad Request: message text is empty"),
        ({"chat_id": ANN, "text": " \n "}, "Bad Request: message text is empty"),
        ({"chat_id": ANN, "text": "<b></b>", "parse_mode": "HTML"}, "Bad Request: message text is empty"),
        ({"chat_id": ANN, "text": "a" * 4097}, "Bad Request: message is too long"),
        ({"chat_id": ANN, "text": "👋" * 2049}, "Bad Request: message is too long"),
        ({"chat_id": ANN, "text": "a", "parse_mode": "Markdown"}, "Bad Request: unsupported parse_mode"),
        ({"chat_id": ANN, "text": "a", "colour": "red"}, "Bad Request: sendMessage has no field 'colour'"),
        (
            {"chat_id": ANN, "text": "a", "reply_markup": "{"},
            "Bad Request: can't parse reply markup JSON object",
        ),
        (
            {"chat_id": ANN, "text": "a", "reply_markup": {"k": 1}},
            "Bad Request: object expected as reply markup",
        ),
    ],
)
async def test_a_wrong_message_is_refused_as_telegram_does(
    call: Call, sandbox: Sandbox, fields: dict[str, Any], words: str
) -> None:
    answer = await call("sendMessage", **fields)

    assert (answer["ok"], answer["error_code"], answer["description"]) == (False, 400, words)
    assert [shown.text for shown in sandbox.screen("ann")] == ["/start"]
    assert sandbox.problems == ([] if "chat not" in words else [f"sendMessage: {words}"])


async def test_tags_do_not_count_for_the_length(call: Call) -> None:
    answer = await call("sendMessage", chat_id=ANN, text=f"<b>{'a' * 4096}</b>", parse_mode="HTML")

    assert answer["ok"] is True


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("é <h1>x</h1>", 'Unsupported start tag "h1" at byte offset 3'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("a<br>b", 'Unsupported start tag "br" at byte offset 1'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_bad_tags_are_refused_as_telegram_does(call: Call, text: str, words: str) -> None:
    answer = await call("sendMessage", chat_id=ANN, text=text, parse_mode="HTML")

    assert answer["description"] == f"Bad Request: can't parse entities: {words}"


def test_all_of_telegrams_tags_are_read_and_drawn_safely() -> None:
    source = (
        "<strong>a</strong><em>b</em><u>c</u><del>d</del><code>e</code><tg-spoiler>f</tg-spoiler>"
        '<pre><code class="language-py">g</code></pre><blockquote expandable>h</blockquote>'
        '<a href="https://x.org/?a=1&amp;b=2">i</a><a href="javascript:alert(1)">j</a>'
    )
    text, entities = parse(source, "HTML")

    assert text == "abcdefghij"
    assert [entity["type"] for entity in entities] == [
        "bold", "italic", "underline", "strikethrough", "code", "spoiler", "pre", "expandable_blockquote",
        "text_link", "text_link",
    ]  # fmt: skip
    assert entities[6]["language"] == "py"
    assert to_html(text, entities) == (
        '<b>a</b><i>b</i><u>c</u><s>d</s><code>e</code><span class="spoiler">f</span><pre>g</pre>'
        '<blockquote>h</blockquote><a href="https://x.org/?a=1&amp;b=2" target="_blank" '
        'rel="noopener noreferrer">i</a>j'
    )


def test_nested_tags_and_white_space_at_the_ends_keep_their_places() -> None:
    text, entities = parse("\n <b>🌱a <i>b</i></b>\n", "HTML")

    assert text == "🌱a b"
    assert [(e["type"], e["offset"], e["length"]) for e in entities] == [("bold", 0, 5), ("italic", 4, 1)]
    assert to_html(text, entities) == "<b>🌱a <i>b</i></b>"
    assert units(text) == 5


def test_links_and_commands_are_found_and_script_stays_text() -> None:
    text, entities = parse("/help or https://t.me/b_bot?start=a_1. <script>", None)

    assert [entity["type"] for entity in entities] == ["bot_command", "url"]
    assert to_html(text, entities, "b_bot") == (
        '/help or <button class="linkish" form="open" name="start" value="a_1">https://t.me/b_bot?start=a_1'
        "</button>. &lt;script&gt;"
    )


# ---- keyboards -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "a", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "a"}, f"{UNREADABLE}Text buttons are unallowed in the inline keyboard"),
        ({"text": " ", "url": "https://a.b"}, f'{UNREADABLE}Field "text" must be a non-empty String'),
        ({"text": "a", "pay": True, "url": "tg://a"}, f"{UNREADABLE}exactly one optional field must be used"),
        ({"text": "a", "url": "ftp://a"}, f"{BUTTON_URL} is invalid: Unsupported URL protocol"),
        ({"text": "a", "url": "tg://a", "color": "red"}, "unknown field 'color' in inline keyboard button"),
    ],
)  # fmt: skip
async def test_a_wrong_button_is_refused_as_telegram_does(
    call: Call, sandbox: Sandbox, button: dict[str, str], words: str
) -> None:
    answer = await call("sendMessage", chat_id=ANN, text="a", reply_markup={"inline_keyboard": [[button]]})

    assert answer["description"] == f"Bad Request: {words}"
    assert len(sandbox.problems) == 1


async def test_too_many_buttons_or_a_long_hint_are_refused(call: Call) -> None:
    many = await call("sendMessage", chat_id=ANN, text="a", reply_markup=inline(*"a" * 101))
    wide = await call("sendMessage", chat_id=ANN, text="a", reply_markup={"keyboard": [list("a" * 9)]})
    hint = {"keyboard": [["a"]], "input_field_placeholder": "a" * 65}
    long = await call("sendMessage", chat_id=ANN, text="a", reply_markup=hint)

    assert many["description"] == wide["description"] == "Bad Request: reply markup is too long"
    assert long["description"] == "Bad Request: input field placeholder is too long"


async def test_only_an_inline_keyboard_comes_back_with_the_message(call: Call, sandbox: Sandbox) -> None:
    keys = {"keyboard": [["At home", {"text": "My number", "request_contact": True}]], "is_persistent": True}
    reply = await call("sendMessage", chat_id=ANN, text="a", reply_markup=keys)
    under = await call("sendMessage", chat_id=ANN, text="b", reply_markup=inline("Yes"))

    assert "reply_markup" not in reply["result"]
    assert under["result"]["reply_markup"] == inline("Yes")
    assert sandbox.keyboard("ann") == [["At home", "My number"]]


async def test_a_keyboard_stays_until_it_is_taken_away_or_used_once(call: Call, sandbox: Sandbox) -> None:
    once = {"keyboard": [["Yes"]], "one_time_keyboard": True}
    await call("sendMessage", chat_id=ANN, text="a", reply_markup=once)
    sandbox.press("ann", "Yes")
    assert sandbox.keyboard("ann") == []
    await call("sendMessage", chat_id=ANN, text="b", reply_markup={"keyboard": [["No"]]})
    await call("sendMessage", chat_id=ANN, text="c", reply_markup=inline("x"))
    assert sandbox.keyboard("ann") == [["No"]]
    await call("sendMessage", chat_id=ANN, text="d", reply_markup={"remove_keyboard": True})

    assert sandbox.keyboard("ann") == []
    assert sandbox.problems == []


# ---- who may be written to -------------------------------------------------------------------------------


async def test_nobody_is_written_to_before_they_press_start(call: Call, sandbox: Sandbox) -> None:
    answer = await call("sendMessage", chat_id=RAVI, text="a")

    assert answer["description"] == "Forbidden: bot can't initiate conversation with a user"
    assert (answer["error_code"], sandbox.problems) == (403, [])


async def test_a_person_who_blocked_the_bot_gets_nothing_until_they_start_again(
    call: Call, sandbox: Sandbox
) -> None:
    sandbox.block("ann")
    answer = await call("sendMessage", chat_id=ANN, text="a")
    with pytest.raises(RuntimeError, match="Ann has blocked"):
        sandbox.say("ann", "hello")
    sandbox.press_start("ann")
    again = await call("sendMessage", chat_id=ANN, text="b")
    updates = (await call("getUpdates"))["result"]

    assert (answer["error_code"], answer["description"]) == (403, "Forbidden: bot was blocked by the user")
    assert again["ok"] is True
    assert [u["my_chat_member"]["new_chat_member"]["status"] for u in updates if "my_chat_member" in u] == [
        "kicked", "member",
    ]  # fmt: skip


async def test_a_wrong_token_or_method_is_refused(call: Call, sandbox: Sandbox) -> None:
    wrong = await call("getMe", token="1000:other")
    unknown = await call("sendInvoice", chat_id=ANN)

    assert (wrong["error_code"], wrong["description"]) == (401, "Unauthorized")
    assert unknown["error_code"] == 404
    assert sandbox.problems == ["sendInvoice: Not Found: method not found"]


# ---- editing and answering -------------------------------------------------------------------------------


async def test_an_edit_replaces_words_and_buttons(call: Call, sandbox: Sandbox) -> None:
    sent = (await call("sendMessage", chat_id=ANN, text="a", reply_markup=inline("Yes")))["result"][
        "message_id"
    ]
    answer = await call("editMessageText", chat_id=ANN, message_id=sent, text="b")

    assert answer["result"]["text"] == "b"
    assert answer["result"]["edit_date"]
    assert (sandbox.screen("ann")[-1].edited, sandbox.screen("ann")[-1].buttons) == (True, [])


async def test_an_edit_that_changes_nothing_is_refused_but_is_no_breach(call: Call, sandbox: Sandbox) -> None:
    sent = (await call("sendMessage", chat_id=ANN, text="a", reply_markup=inline("Yes")))["result"][
        "message_id"
    ]
    markup = {"chat_id": ANN, "message_id": sent, "reply_markup": inline("Yes")}
    words = await call("editMessageText", text="a", **markup)
    buttons = await call("editMessageReplyMarkup", **markup)

    assert words["description"] == buttons["description"]
    assert words["description"].startswith(
        "Bad Request: message is not modified: specified new message content"
    )
    assert sandbox.problems == []


async def test_what_cannot_be_edited_or_deleted_says_so(call: Call, sandbox: Sandbox) -> None:
    mine = sandbox.screen("ann")[0].message_id
    gone = await call("editMessageText", chat_id=ANN, message_id=99, text="b")
    theirs = await call("editMessageText", chat_id=ANN, message_id=mine, text="b")
    deleted = await call("deleteMessage", chat_id=ANN, message_id=mine)
    again = await call("deleteMessage", chat_id=ANN, message_id=mine)

    assert gone["description"] == "Bad Request: message to edit not found"
    assert theirs["description"] == "Bad Request: message can't be edited"
    assert (deleted["result"], again["description"]) == (True, "Bad Request: message to delete not found")
    assert sandbox.screen("ann") == []


async def test_a_press_is_answered_once(call: Call, sandbox: Sandbox) -> None:
    await call("sendMessage", chat_id=ANN, text="a", reply_markup=inline("Yes", data="y:1"))
    sandbox.press("ann", "Yes")
    query = (await call("getUpdates", offset=-1))["result"][0]["callback_query"]
    assert sandbox.unanswered() == ["Ann pressed 'Yes' on message 2"]
    first = await call("answerCallbackQuery", callback_query_id=query["id"], text="Saved")
    second = await call("answerCallbackQuery", callback_query_id=query["id"])

    assert (query["data"], query["message"]["text"]) == ("y:1", "a")
    assert first["result"] is True
    assert second["description"].startswith("Bad Request: query is too old and response timeout expired")
    assert (sandbox.unanswered(), len(sandbox.problems)) == ([], 1)


async def test_a_button_that_is_gone_can_still_arrive(call: Call, sandbox: Sandbox) -> None:
    sandbox.press_on("ann", 77, data="old")
    update = (await call("getUpdates", offset=-1))["result"][0]["callback_query"]

    assert (update["data"], update["message"]["date"]) == ("old", 0)


def test_a_label_nobody_sees_cannot_be_pressed(sandbox: Sandbox) -> None:
    with pytest.raises(LookupError, match="no button 'Yes' on Ann's phone; reply keyboard: none"):
        sandbox.press("ann", "Yes")


async def test_a_wrong_chat_action_is_refused(call: Call) -> None:
    right = await call("sendChatAction", chat_id=ANN, action="typing")
    wrong = await call("sendChatAction", chat_id=ANN, action="thinking")

    assert right["result"] is True
    assert wrong["description"] == "Bad Request: wrong parameter action in request"


# ---- files -----------------------------------------------------------------------------------------------


async def test_a_document_is_kept_and_can_be_sent_again_by_its_id(call: Call, sandbox: Sandbox) -> None:
    sent = await call("sendDocument", chat_id="501", caption="<b>Ready</b>", parse_mode="HTML",
                      files={"document": ("a.pdf", b"%PDF-1.7")})  # fmt: skip
    document = sent["result"]["document"]
    again = await call("sendDocument", chat_id=ANN, document=document["file_id"])

    assert (document["file_name"], document["mime_type"]) == ("a.pdf", "application/pdf")
    assert sent["result"]["caption_entities"][0]["type"] == "bold"
    assert again["result"]["document"] == document
    assert [(s.kind, s.file_name, s.text) for s in sandbox.screen("ann")][1:] == [
        ("document", "a.pdf", "Ready"), ("document", "a.pdf", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("photo", b"no picture", "IMAGE_PROCESS_FAILED"),
        ("voice", b"", "file must be non-empty"),
    ],
)
async def test_a_wrong_file_is_refused(call: Call, kind: str, data: bytes, words: str) -> None:
    answer = await call(f"send{kind.title()}", chat_id="501", files={kind: ("f", data)})

    assert answer["description"] == f"Bad Request: {words}"


async def test_an_unknown_file_id_and_a_long_caption_are_refused(call: Call) -> None:
    unknown = await call("sendPhoto", chat_id=ANN, photo="AgACAgQAAxkBAAI")
    elsewhere = await call("sendPhoto", chat_id=ANN, photo="https://example.org/a.png")
    missing = await call("sendPhoto", chat_id=ANN)
    long = await call("sendDocument", chat_id=ANN, document="x", caption="a" * 1025)

    assert unknown["description"] == (
        "Bad Request: wrong remote file identifier specified: Wrong character in the string"
    )
    assert elsewhere["description"] == "Bad Request: wrong file identifier/HTTP URL specified"
    assert missing["description"] == "Bad Request: there is no photo in the request"
    assert long["description"] == "Bad Request: message caption is too long"


@pytest.mark.parametrize(
    ("kind", "data"), [("photo", PNG), ("voice", b"OggS" + bytes(60)), ("document", b"%PDF-1.7")]
)
async def test_what_the_bot_has_sent_can_be_fetched_and_sent_again_as_the_same(
    call: Call, http: httpx.AsyncClient, sandbox: Sandbox, kind: str, data: bytes
) -> None:
    under = json.dumps({"inline_keyboard": [[{"text": t, "callback_data": t} for t in ("a", "b", "c")]]})
    sent = await call(f"send{kind.title()}", chat_id="501", caption="<i>Look</i>", parse_mode="HTML",
                      reply_markup=under, files={kind: ("a.x", data)})  # fmt: skip
    made = sent["result"][kind]
    name = (made[-1] if kind == "photo" else made)["file_id"]
    path = (await call("getFile", file_id=name))["result"]["file_path"]
    again = await call(f"send{kind.title()}", chat_id=ANN, **{kind: name})

    assert (await http.get(f"/file/bot{TOKEN}/{path}")).content == data
    assert again["result"][kind] == made
    assert [(s.kind, s.html, s.buttons) for s in sandbox.screen("ann")][1:] == [
        (kind, "<i>Look</i>", [["a", "b", "c"]]), (kind, "", []),
    ]  # fmt: skip
    assert sandbox.problems == []


async def test_a_file_stays_what_it_was(call: Call, sandbox: Sandbox) -> None:
    sandbox.send_voice("ann")
    voice = (await call("getUpdates", offset=-1))["result"][0]["message"]["voice"]["file_id"]
    photo = await call("sendPhoto", chat_id=ANN, photo=voice)
    document = await call("sendDocument", chat_id=ANN, document=voice)

    assert photo["description"] == "Bad Request: can't use file of type VoiceNote as Photo"
    assert document["description"] == "Bad Request: can't use file of type VoiceNote as Document"


async def test_a_caption_and_its_buttons_can_be_changed_and_nothing_else(
    call: Call, sandbox: Sandbox
) -> None:
    sent = await call("sendPhoto", chat_id="501", caption="Look", files={"photo": ("a.png", PNG)})
    where = {"chat_id": ANN, "message_id": sent["result"]["message_id"]}
    words = await call("editMessageText", text="Look here", **where)
    caption = await call("editMessageCaption", caption="Look here", reply_markup=inline("a"), **where)

    assert words["description"] == "Bad Request: there is no text in the message to edit"
    assert caption["result"]["caption"] == "Look here"
    assert sandbox.screen("ann")[-1].buttons == [["a"]]


async def test_a_key_that_asks_for_a_place_or_a_number_sends_that_and_not_its_words(
    call: Call, sandbox: Sandbox
) -> None:
    rows = [[{"text": "Here", "request_location": True}], [{"text": "My number", "request_contact": True}]]
    await call("sendMessage", chat_id=ANN, text="Where?", reply_markup={"keyboard": rows})
    sandbox.press("ann", "Here")
    sandbox.press("ann", "My number")
    place, number = [update["message"] for update in (await call("getUpdates"))["result"]][1:]

    assert place["location"] == {"latitude": 51.5072, "longitude": -0.1276}
    assert (number["contact"]["first_name"], number["contact"]["user_id"]) == ("Ann", ANN)
    assert "text" not in place and "text" not in number


async def test_a_picture_from_a_person_can_be_fetched(
    call: Call, http: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    sandbox.send_photo("ann", PNG, "My garden")
    message = (await call("getUpdates", offset=-1))["result"][0]["message"]
    file = (await call("getFile", file_id=message["photo"][0]["file_id"]))["result"]
    data = await http.get(f"/file/bot{TOKEN}/{file['file_path']}")
    stranger = await http.get(f"/file/bot1:2/{file['file_path']}")

    assert (message["caption"], message["photo"][0]["width"], message["photo"][0]["height"]) == (
        "My garden",
        40,
        30,
    )
    assert (data.content, data.headers["content-type"]) == (PNG, "image/png")
    assert stranger.status_code == 404


async def test_everything_a_person_can_send_arrives(call: Call, sandbox: Sandbox) -> None:
    sandbox.send_voice("ann")
    sandbox.send_document("ann", "notes.txt", b"to bring")
    sandbox.send_sticker("ann")
    sandbox.send_contact("ann")
    sandbox.send_location("ann")
    messages = [update["message"] for update in (await call("getUpdates"))["result"]][1:]

    kinds = ["voice", "document", "sticker", "contact", "location"]
    assert [kind for kind, message in zip(kinds, messages, strict=True) if kind in message] == kinds
    assert messages[1]["document"]["mime_type"] == "text/plain"


# ---- what a person types ---------------------------------------------------------------------------------


async def test_a_start_button_carries_its_payload_once(call: Call, sandbox: Sandbox) -> None:
    sandbox.start_with("ravi", "abc")
    sandbox.press_start("ravi")
    sandbox.press_start("ravi")
    messages = [update["message"] for update in (await call("getUpdates"))["result"]]

    assert [message["text"] for message in messages] == ["/start", "/start abc", "/start"]
    assert messages[1]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert messages[1]["from"] == {"id": RAVI, "is_bot": False, "first_name": "Ravi", "language_code": "en"}


async def test_long_words_go_out_in_several_messages(sandbox: Sandbox) -> None:
    ids = sandbox.say("ann", "word " * 1000)
    parts = [shown.text for shown in sandbox.screen("ann")[1:]]

    assert len(ids) == len(parts) == 2
    assert max(map(units, parts)) <= 4096
    assert " ".join(parts) == ("word " * 1000).strip()


async def test_a_person_can_change_what_they_sent(call: Call, sandbox: Sandbox) -> None:
    [sent] = sandbox.say("ann", "At hom")
    sandbox.edit("ann", sent, "At home")
    update = (await call("getUpdates", offset=-1))["result"][0]

    assert update["edited_message"]["text"] == "At home"
    assert update["edited_message"]["message_id"] == sent
    assert sandbox.screen("ann")[-1].edited is True


# ---- asking for updates ----------------------------------------------------------------------------------


async def numbers(call: Call, **fields: Any) -> list[int]:
    return [update["update_id"] for update in (await call("getUpdates", **fields))["result"]]


async def test_updates_come_again_until_they_are_confirmed(call: Call, sandbox: Sandbox) -> None:
    for words in "abc":
        sandbox.say("ann", words)
    a, b, c, d = await numbers(call)

    assert [b - a, c - a, d - a] == [1, 2, 3]
    assert await numbers(call) == [a, b, c, d]
    assert await numbers(call, limit=2) == [a, b]
    assert await numbers(call, offset=c) == [c, d]
    assert await numbers(call) == [c, d]
    assert await numbers(call, offset=-1) == [d]
    assert await numbers(call) == [d]


async def test_raw_updates_keep_their_number_and_order(call: Call, sandbox: Sandbox) -> None:
    [first] = await numbers(call)
    sandbox.add_update({"update_id": first + 50, "message": {"poison": True}})
    sandbox.add_update({"update_id": first + 40, "poll": {}})
    sandbox.say("ann", "a")

    assert await numbers(call, offset=first + 1) == [first + 50, first + 40, first + 51]


async def test_a_long_poll_ends_when_something_arrives(call: Call, sandbox: Sandbox) -> None:
    [first] = await numbers(call)
    asked = asyncio.create_task(numbers(call, offset=first + 1, timeout=20))
    await asyncio.sleep(0.02)
    sandbox.say("ann", "a")

    assert await asyncio.wait_for(asked, 1) == [first + 1]


async def test_a_newer_poll_ends_the_older(call: Call, sandbox: Sandbox) -> None:
    [first] = await numbers(call)
    older = asyncio.create_task(call("getUpdates", offset=first + 1, timeout=20))
    await asyncio.sleep(0.02)
    newer = await call("getUpdates", offset=first + 1)
    ended = await asyncio.wait_for(older, 1)

    assert newer["ok"] is True
    assert (ended["error_code"], ended["description"][:38]) == (409, "Conflict: terminated by other getUpdat")


async def test_closing_ends_a_waiting_poll(call: Call, sandbox: Sandbox) -> None:
    [first] = await numbers(call)
    asked = asyncio.create_task(numbers(call, offset=first + 1, timeout=20))
    await asyncio.sleep(0.02)
    sandbox.close()

    assert await asyncio.wait_for(asked, 1) == []


async def test_only_the_kinds_asked_for_are_queued_from_then_on(call: Call, sandbox: Sandbox) -> None:
    [first] = await numbers(call)
    await call("getUpdates", offset=first + 1, allowed_updates=["message"])
    [sent] = sandbox.say("ann", "a")
    sandbox.edit("ann", sent, "b")

    assert [set(u) - {"update_id"} for u in (await call("getUpdates"))["result"]] == [{"message"}]


# ---- the web hook ----------------------------------------------------------------------------------------


async def test_a_hook_gets_every_update_with_the_secret_until_it_says_yes(
    call: Call, sandbox: Sandbox
) -> None:
    [first] = await numbers(call)
    seen: list[tuple[int, str]] = []

    def hook(request: httpx.Request) -> httpx.Response:
        number = json.loads(request.content)["update_id"]
        seen.append((number - first, request.headers["x-telegram-bot-api-secret-token"]))
        return httpx.Response(500 if len(seen) == 1 else 200)

    sandbox.api.webhook.transport, sandbox.api.webhook.first_pause = httpx.MockTransport(hook), 0.01
    await call("setWebhook", url="http://127.0.0.1:1/hook", secret_token="s")
    sandbox.say("ann", "a")
    refused = await call("getUpdates")
    await sandbox.until(lambda: len(seen) == 3)
    info = (await call("getWebhookInfo"))["result"]
    await call("deleteWebhook")

    assert seen == [(0, "s"), (0, "s"), (1, "s")]
    assert (refused["error_code"], info["url"]) == (409, "http://127.0.0.1:1/hook")
    assert (await call("getUpdates"))["ok"] is True


async def test_a_hook_with_a_strange_secret_is_refused(call: Call) -> None:
    answer = await call("setWebhook", url="https://example.org", secret_token="no spaces")

    assert answer["description"] == "Bad Request: secret token contains unallowed characters"


# ---- about the bot ---------------------------------------------------------------------------------------


async def test_names_texts_and_commands_are_kept_for_each_language(call: Call) -> None:
    await call("setMyDescription", description="Hello")
    await call("setMyDescription", description="Helo", language_code="cy")
    await call("setMyCommands", commands=[{"command": "help", "description": "Help"}])

    assert (await call("getMyDescription", language_code="cy"))["result"] == {"description": "Helo"}
    assert (await call("getMyDescription", language_code="pl"))["result"] == {"description": "Hello"}
    assert (await call("getMyName"))["result"] == {"name": "Beforehand"}
    assert (await call("getMyCommands"))["result"] == [{"command": "help", "description": "Help"}]
    await call("deleteMyCommands")
    assert (await call("getMyCommands"))["result"] == []


@pytest.mark.parametrize(
    ("method", "fields", "words"),
    [
        ("setMyCommands", {"commands": [{"command": "Help!", "description": "a"}]}, "BOT_COMMAND_INVALID"),
        (
            "setMyCommands",
            {"commands": [{"command": "a", "description": ""}]},
            "BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        ("setMyName", {"name": "a" * 65}, "name is too long"),
        ("setMyShortDescription", {"short_description": "a" * 121}, "short description is too long"),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "a" * 201}, "text is too long"),
    ],
)
async def test_words_about_the_bot_have_limits(
    call: Call, method: str, fields: dict[str, Any], words: str
) -> None:
    assert (await call(method, **fields))["description"] == f"Bad Request: {words}"


# ---- the books and the faults ----------------------------------------------------------------------------


async def test_the_ledger_holds_what_was_accepted_and_nothing_else(call: Call, sandbox: Sandbox) -> None:
    await call("sendMessage", chat_id=ANN, text="a", reply_markup=inline("Yes"))
    await call("sendMessage", chat_id=ANN, text="")

    [entry] = sandbox.ledger
    assert (entry.method, entry.chat_id, entry.message_id) == ("sendMessage", ANN, 2)
    assert entry.fields["reply_markup"] == inline("Yes")


@pytest.mark.parametrize(
    ("fault", "status", "delivered"),
    [
        (Fault(before=500), 500, 0),
        (Fault(after=True), 502, 1),
        (Fault(retry_after=3), 429, 0),
        (Fault(delay=0.01), 200, 1),
    ],
)
async def test_a_fault_happens_where_it_was_asked_for(
    http: httpx.AsyncClient, sandbox: Sandbox, fault: Fault, status: int, delivered: int
) -> None:
    sandbox.faults = lambda method, fields: fault if method == "sendMessage" else None
    answer = await http.post(f"/bot{TOKEN}/sendMessage", json={"chat_id": ANN, "text": "a"})

    assert answer.status_code == status
    assert answer.json().get("parameters") == ({"retry_after": 3} if status == 429 else None)
    assert (len(sandbox.ledger), len(sandbox.screen("ann")) - 1) == (delivered, delivered)
    assert sandbox.problems == []


@pytest.mark.parametrize("after", [False, True])
async def test_a_cut_connection_is_a_transport_error(
    http: httpx.AsyncClient, sandbox: Sandbox, after: bool
) -> None:
    sandbox.faults = lambda method, fields: Fault(cut=True, after=after)
    with pytest.raises(httpx.TransportError):
        await http.post(f"/bot{TOKEN}/sendMessage", json={"chat_id": ANN, "text": "a"})

    assert len(sandbox.ledger) == after


async def test_waiting_in_vain_shows_all_phones(sandbox: Sandbox) -> None:
    with pytest.raises(TimeoutError, match="(?s)not within 0.01 seconds.*--- Ann.*1 > /start.*--- Ravi"):
        await sandbox.until(lambda: False, 0.01)


async def test_waiting_ends_when_another_thread_does_something(sandbox: Sandbox) -> None:
    waiting = asyncio.create_task(sandbox.until(lambda: len(sandbox.screen("ann")) == 2, 2))
    await asyncio.sleep(0.01)
    await asyncio.to_thread(sandbox.say, "ann", "from elsewhere")

    await waiting
