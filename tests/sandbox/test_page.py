"""The page without a browser: who may use it, what it sends, and that it works by reload alone."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from bot.sandbox import Phone, Sandbox
from bot.sandbox.files import seconds, waveform
from tests.browser.echo import tone
from tests.sandbox.conftest import ANN, NOW, Call

PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)
HERE = {"sec-fetch-site": "same-origin"}
Post = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def post(http: httpx.AsyncClient) -> Post:
    """A form sent from the page itself, without JavaScript."""

    async def send(path: str, files: object = None, **fields: str) -> httpx.Response:
        return await http.post(path, data=fields, files=files, headers=HERE)  # type: ignore[arg-type]

    return send


# ---- who may use it --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
    ],
)
@pytest.mark.parametrize("path", ["/say", "/press", "/share", "/start", "/open", "/jump", "/again"])
async def test_a_form_from_anywhere_else_is_refused(
    http: httpx.AsyncClient, sandbox: Sandbox, path: str, headers: dict[str, str]
) -> None:
    answer = await http.post(path, data={"phone": "ann", "text": "hello"}, headers=headers)

    assert answer.status_code == 403
    assert sandbox.screen("ann") == []


async def test_an_old_browser_proves_itself_by_its_origin(http: httpx.AsyncClient, sandbox: Sandbox) -> None:
    await http.post("/start", data={"phone": "ann"}, headers={"origin": "http://127.0.0.1"})

    assert [shown.text for shown in sandbox.screen("ann")] == ["/start"]


@pytest.mark.parametrize("path", ["/", "/events", "/static/chat.css", "/bot1000:test/getMe"])
async def test_another_host_name_is_refused(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path, headers={"host": "rebound.example:8080"})

    assert answer.status_code == 400


async def test_the_page_may_load_only_its_own_files(http: httpx.AsyncClient) -> None:
    answer = await http.get("/")
    policy = answer.headers["content-security-policy"]

    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=|style=", answer.text)


async def test_every_file_of_the_page_is_there_and_kept_by_its_print(http: httpx.AsyncClient) -> None:
    page = (await http.get("/")).text
    css = re.search(r'href="(/static/chat\.css[^"]*)"', page)
    assert css
    style = (await http.get(css[1])).text
    addresses = set(re.findall(r'"(/static/[^"]+)"', page))
    font = re.search(r"url\((atkinson-next\.woff2\?v=\w+)\)", style)

    assert len(addresses) == 5
    assert font and f"/static/{font[1]}" in addresses
    for address in addresses:
        assert "immutable" in (await http.get(address)).headers["cache-control"]
    assert (await http.get("/static/chat.css?v=old")).headers["cache-control"] == "no-cache"
    assert (await http.get("/static/secret.py")).status_code == 404


# ---- what it shows ---------------------------------------------------------------------------------------


async def test_a_newcomer_sees_the_phones_the_clock_and_a_start_button(http: httpx.AsyncClient) -> None:
    page = (await http.get("/")).text

    assert "Monday 3 March, 10:00" in page
    assert "Ann" in page and "Ravi" in page and "Zed" not in page
    assert page.count('class="start"') == 2
    assert "Jump to the" not in page


async def test_the_intro_is_what_the_bot_says_about_itself(http: httpx.AsyncClient, call: Call) -> None:
    await call("setMyShortDescription", short_description="Get <ready>")
    await call("setMyDescription", description="A few questions")
    page = (await http.get("/")).text

    assert "<h3>Get &lt;ready&gt;</h3>" in page
    assert "A few questions" in page


async def test_nothing_a_person_types_becomes_a_tag(post: Post, http: httpx.AsyncClient, call: Call) -> None:
    await post("/say", phone="ann", text="<script>alert(1)</script>")
    keys = {"keyboard": [['"><img src=x>']], "input_field_placeholder": '"><b>'}
    await call("sendMessage", chat_id=ANN, text='<a href="https://x.y/&quot;&gt;">a</a>', parse_mode="HTML",
               reply_markup=keys)  # fmt: skip
    page = (await http.get("/")).text

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page and "<img src=x" not in page and '"><b>' not in page


# ---- without JavaScript ----------------------------------------------------------------------------------


async def test_a_whole_talk_works_by_reload(
    post: Post, http: httpx.AsyncClient, call: Call, sandbox: Sandbox
) -> None:
    started = await post("/start", phone="ann")
    button = {"text": "Yes", "callback_data": "y"}
    await call("sendMessage", chat_id=ANN, text="Ready?", reply_markup={"inline_keyboard": [[button]]})
    await post("/press", phone="ann", message="2", data="y")
    await call("sendMessage", chat_id=ANN, text="Where?", reply_markup={"keyboard": [["At home"]]})
    await post("/say", phone="ann", text="At home")
    page = (await http.get("/")).text
    updates = (await call("getUpdates"))["result"]

    assert (started.status_code, started.headers["location"]) == (303, "/#phone-ann")
    assert [next(iter(set(update) - {"update_id"})) for update in updates] == [
        "message",
        "callback_query",
        "message",
    ]
    assert page.count('class="msg ') == 4
    assert 'name="text" value="At home"' in page


async def test_with_javascript_the_answer_is_data(http: httpx.AsyncClient, sandbox: Sandbox) -> None:
    answer = await http.post(
        "/press", data={"phone": "ann", "message": "9", "data": "y"}, headers=HERE | {"x-js": "1"}
    )

    assert answer.json() == {"phone": "ann", "query": next(iter(sandbox.network.presses))}


async def test_a_keyboard_button_can_share_a_number_or_a_place(post: Post, sandbox: Sandbox) -> None:
    await post("/share", phone="ann", what="contact")
    await post("/share", phone="ann", what="location")

    assert [shown.kind for shown in sandbox.screen("ann")] == ["contact", "location"]


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.png", PNG, "photo"),
        ("a.jpg", b"\xff\xd8\xff", "photo"),
        ("a.ogg", b"OggS", "voice"),
        ("a.txt", b"words", "document"),
        ("a.svg", b"<svg/>", "document"),
    ],
)
async def test_a_file_goes_out_as_what_was_chosen(
    post: Post, http: httpx.AsyncClient, sandbox: Sandbox, name: str, data: bytes, kind: str
) -> None:
    await post("/say", phone="ann", files={kind: (name, data)})
    page = (await http.get("/")).text
    address = re.search(r'(?:src|href)="(/files/[^"]+)"', page)
    assert address
    file = await http.get(address[1])

    assert [shown.kind for shown in sandbox.screen("ann")] == [kind]
    assert file.content == data
    assert ("attachment" in file.headers.get("content-disposition", "")) == (kind == "document")


@pytest.mark.parametrize("kind", ["photo", "voice", "document"])
async def test_typed_words_go_with_the_file_that_is_sent(post: Post, sandbox: Sandbox, kind: str) -> None:
    data = {"photo": PNG, "voice": b"OggS", "document": PNG}[kind]
    await post("/say", phone="ann", text=" my words ", files={kind: ("a", data)})

    assert [(shown.kind, shown.text) for shown in sandbox.screen("ann")] == [(kind, "my words")]


@pytest.mark.parametrize(("kind", "words"), [("photo", "no picture"), ("voice", "no sound")])
async def test_what_is_no_picture_or_sound_is_not_sent_and_says_why(
    post: Post, http: httpx.AsyncClient, sandbox: Sandbox, kind: str, words: str
) -> None:
    await post("/say", phone="ann", files={kind: ("a.pdf", b"%PDF-1.7")})

    assert sandbox.screen("ann") == []
    assert f"That is {words} the page knows." in (await http.get("/")).text


def test_how_long_a_sound_lasts_is_in_its_bytes() -> None:
    opus = b"OggS" + bytes(60) + b"OggS\0\4" + (3 * 48_000).to_bytes(8, "little") + bytes(20)

    assert [seconds(data) for data in (tone(), opus, b"OggS", b"ID3", b"RIFF", b"")] == [2, 3, 0, 0, 0, 0]


async def test_a_contact_and_a_place_are_shown_for_what_they_are(
    post: Post, http: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    await post("/share", phone="ann", what="location")
    await post("/share", phone="ann", what="card")
    page = (await http.get("/")).text
    own, theirs = sandbox.send_contact("ann"), sandbox.send_contact("ann", "Mo")
    messages = sandbox.network.handset("ann").messages

    assert "51.5072, -0.1276" in page
    assert "Mo</span>" in page and "+44 7700 900456" in page
    assert messages[own].body["contact"]["user_id"] == ANN
    assert "user_id" not in messages[theirs].body["contact"]


async def test_sound_can_be_fetched_in_parts(post: Post, http: httpx.AsyncClient) -> None:
    await post("/say", phone="ann", files={"voice": ("a.ogg", b"OggS0123456789")})
    address = re.search(r'src="(/files/[^"]+)"', (await http.get("/")).text)
    assert address
    part = await http.get(address[1], headers={"range": "bytes=4-6"})
    rest = await http.get(address[1], headers={"range": "bytes=12-"})
    past = await http.get(address[1], headers={"range": "bytes=99-"})

    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"012", "bytes 4-6/14")
    assert (rest.content, past.status_code) == (b"89", 416)


async def test_a_link_into_the_bot_waits_on_the_next_unused_phone(
    post: Post, http: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    sandbox.press_start("ann")
    answer = await post("/open", start="abc")
    page = (await http.get("/")).text
    sandbox.press_start("ravi")
    await post("/open", start="def")

    assert answer.headers["location"] == "/#phone-ravi"
    assert "The link is open on Ravi’s phone" in page
    assert sandbox.screen("ravi")[0].text == "/start abc"
    assert "All phones are in use" in (await http.get("/")).text
    assert sandbox.screen("zed") == []


async def test_a_wrong_form_is_answered_in_words(post: Post, http: httpx.AsyncClient) -> None:
    answer = await post("/say", phone="nobody", text="hello")

    assert answer.status_code == 303
    assert "no phone" in (await http.get("/")).text


# ---- the tools -------------------------------------------------------------------------------------------


@pytest.fixture
def tools() -> list[str]:
    return []


@pytest.fixture
async def demo(tools: list[str]) -> AsyncIterator[tuple[Sandbox, httpx.AsyncClient]]:
    """A sandbox whose clock can be moved."""
    moved = [NOW]

    async def jump() -> str:
        moved[0] += timedelta(days=6)
        return "It is now Sunday."

    async def restart() -> None:
        tools.append("restarted")

    sandbox = Sandbox(
        [Phone("ann", "Ann", "Person", ANN)], token="1:t", now=lambda: moved[0], jump=jump, restart=restart
    )
    transport = httpx.ASGITransport(app=sandbox.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=HERE) as client:
        yield sandbox, client


async def test_jumping_moves_the_clock_and_says_so(demo: tuple[Sandbox, httpx.AsyncClient]) -> None:
    sandbox, http = demo
    sandbox.say("ann", "before")
    await http.post("/jump")
    sandbox.say("ann", "after")
    page = (await http.get("/")).text

    assert "It is now Sunday." in page and "Sunday 9 March, 10:00" in page
    assert [day.split(">")[-1] for day in re.findall(r'class="day"><span>([^<]+)', page)] == [
        "Monday 3 March", "Sunday 9 March",
    ]  # fmt: skip


async def test_starting_again_leaves_nothing_behind(
    demo: tuple[Sandbox, httpx.AsyncClient], tools: list[str]
) -> None:
    sandbox, http = demo
    sandbox.press_start("ann")
    sandbox.send_photo("ann")
    await http.post("/again")

    assert (sandbox.screen("ann"), sandbox.network.updates.waiting, tools) == ([], [], ["restarted"])


# ---- the stream ------------------------------------------------------------------------------------------


async def stream(sandbox: Sandbox, since: str, count: int) -> list[dict[str, object]]:
    """The next events after one, without waiting for more; the clock's are left out."""
    found: list[dict[str, object]] = []
    async for part in sandbox.page._stream(since):
        for line in part.splitlines():
            event = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {"op": "clock"}
            found += [event] if event["op"] != "clock" else []
        if len(found) >= count:
            break
    return found


async def test_the_stream_goes_on_where_the_page_left_off(sandbox: Sandbox, call: Call) -> None:
    sandbox.press_start("ann")
    since = f"{sandbox.network.run}:{sandbox.network.seq}"
    await call("sendChatAction", chat_id=ANN, action="typing")
    await call(
        "sendMessage", chat_id=ANN, text="<b>Hi</b>", parse_mode="HTML", reply_markup={"keyboard": [["a"]]}
    )
    events = await stream(sandbox, since, 3)

    assert [(event["op"], event["phone"]) for event in events] == [
        ("typing", "ann"),
        ("add", "ann"),
        ("keys", "ann"),
    ]
    assert "<b>Hi</b>" in str(events[1]["html"])


async def test_a_page_of_an_earlier_run_or_too_far_back_loads_anew(sandbox: Sandbox) -> None:
    sandbox.say("ann", "a")
    other = await stream(sandbox, "elsewhere:1", 1)
    for number in range(2100):
        sandbox.say("ann", str(number))
    behind = await stream(sandbox, f"{sandbox.network.run}:0", 1)

    assert other == behind == [{"op": "reset"}]


async def test_phones_that_are_not_shown_stay_out_of_the_stream(sandbox: Sandbox) -> None:
    since = f"{sandbox.network.run}:{sandbox.network.seq}"
    sandbox.say("zed", "secret")
    sandbox.say("ann", "hello")
    [event] = await stream(sandbox, since, 1)

    assert event["phone"] == "ann"


async def test_closing_ends_the_stream(sandbox: Sandbox) -> None:
    sandbox.close()

    assert await stream(sandbox, f"{sandbox.network.run}:0", 1) == []


def test_the_drawing_of_a_voice_note_is_always_the_same() -> None:
    assert waveform(b"a") == waveform(b"a") != waveform(b"b")
    assert len(waveform(b"")) == 48 and all(2 <= bar <= 22 for bar in waveform(b"x"))
