"""Calls over a real network: what arrives, what came of it, and that nothing is sent twice."""

import asyncio
import json
import logging
import socket
import ssl
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot, InputFile
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import RequestData

from bot.app import App
from bot.dialog.talk import Button, Prompt, Thing
from bot.errors import SettingWrong
from bot.messenger import wire
from bot.messenger.line import NotReached
from bot.messenger.quiet import quiet_logs
from bot.messenger.send import Sender, build_api, meet
from bot.messenger.wire import Trouble, Wire
from bot.store.letters import Dead, Delivered, InDoubt, NotSent, Outcome, Sending, pack
from tests.messenger.listener import (
    CUT,
    DATE,
    SHOWN,
    SOON,
    Streams,
    Telegram,
    asked,
    drips,
    http,
    ok,
    refusal,
    says,
    says_nothing,
    stops_in_a_header,
)
from tests.town import Town

TOKEN = "123456:a-token-that-nobody-may-see-00000000"
ME = {"id": 1, "is_bot": True, "first_name": "Beforehand", "username": "before_bot"}


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@asynccontextmanager
async def opened(url: str, read_timeout: float = 15) -> AsyncIterator[Bot]:
    made = build_api(TOKEN, url, partial(Wire, read_timeout))
    for each in made._request:
        await each.initialize()
    try:
        yield made
    finally:
        for each in made._request:
            await each.shutdown()


@pytest.fixture
async def api(telegram: Telegram) -> AsyncIterator[Bot]:
    async with opened(telegram.url) as made:
        yield made


@pytest.fixture
async def hasty(telegram: Telegram) -> AsyncIterator[Bot]:
    """The same, without patience."""
    async with opened(telegram.url, SOON) as made:
        yield made


@pytest.fixture
async def _no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nowhere(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", nowhere)


QUESTION = Prompt("Who will be there?", buttons=(Button("a", "Żółć & A", "q"),))


async def send(api: Bot) -> Outcome:
    return await Sender(api).send(Sending(id=1, chat_id=101, payload=pack(QUESTION), owner="w"))


# ---- what goes out and what comes in


async def test_a_message_goes_out_as_json_and_its_answer_is_read(api: Bot, telegram: Telegram) -> None:
    outcome = await send(api)
    [(line, headers, body)] = telegram.asked
    asked = json.loads(body)

    assert outcome == Delivered(42, DATE)
    assert line == f"POST /bot{TOKEN}/sendMessage HTTP/1.1"
    assert headers["content-type"] == "application/json"
    assert (asked["chat_id"], asked["text"], asked["parse_mode"]) == (101, "Who will be there?", "HTML")
    assert asked["reply_markup"]["inline_keyboard"][0][0]["text"] == "Żółć & A"
    assert asked["link_preview_options"] == {"is_disabled": True}


async def test_a_file_goes_out_beside_the_words(api: Bot, telegram: Telegram) -> None:
    await api.send_document(101, InputFile(b"name: talk\xff", "talk.yaml"), caption="Żółć")
    [(_, headers, body)] = telegram.asked

    assert headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="document"; filename="talk.yaml"' in body
    assert b"\r\n\r\nname: talk\xff\r\n" in body
    assert "\r\n\r\nŻółć\r\n".encode() in body


async def test_a_sample_goes_out_with_its_words_and_its_keyboard(
    api: Bot, telegram: Telegram, tmp_path: Path
) -> None:
    (tmp_path / "easy_read.png").write_bytes(b"\x89PNG\xff")
    shown = replace(QUESTION, thing=Thing("photo", "easy_read.png"))
    outcome = await Sender(api, tmp_path).send(Sending(1, 101, pack(shown), "w"))
    [(line, _, body)] = telegram.asked

    assert outcome == Delivered(42, DATE)
    assert line == f"POST /bot{TOKEN}/sendPhoto HTTP/1.1"
    assert b'name="photo"; filename="easy_read.png"' in body and b"\r\n\r\n\x89PNG\xff\r\n" in body
    assert b"\r\n\r\nWho will be there?\r\n" in body
    assert b'"callback_data": "q:a"' in body


async def test_a_file_comes_in_as_it_is(api: Bot, telegram: Telegram) -> None:
    content = bytes(range(256)) * 400
    found = {"file_id": "F", "file_unique_id": "u", "file_path": "documents/talk.yaml"}
    answers = [ok(found), http(content)]

    async def in_turn(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answers.pop(0))

    telegram.answer = in_turn

    assert await Sender(api).fetch("F") == content
    assert telegram.asked[1][0] == f"GET /file/bot{TOKEN}/documents/talk.yaml HTTP/1.1"


async def test_calls_one_after_another_share_a_connection(api: Bot, telegram: Telegram) -> None:
    for _ in range(5):
        await send(api)

    assert (len(telegram.asked), telegram.connections) == (5, 1)


async def test_sixty_four_people_are_answered_at_once(api: Bot, telegram: Telegram) -> None:
    everyone = asyncio.Event()

    async def together(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(telegram.asked) == 64:
            everyone.set()
        await everyone.wait()
        writer.write(ok(SHOWN))

    telegram.answer = together
    outcomes = await asyncio.gather(*(send(api) for _ in range(64)))

    assert set(outcomes) == {Delivered(42, DATE)}
    assert telegram.connections == 64


# ---- what became of it


async def test_where_nobody_listens_nothing_was_sent(telegram: Telegram) -> None:
    with socket.socket() as taken:  # bound, but it does not listen
        taken.bind(("127.0.0.1", 0))
        async with opened(f"http://127.0.0.1:{taken.getsockname()[1]}/bot") as api:
            assert await send(api) == NotSent(1000, "NetworkError (ConnectionRefusedError)")


@pytest.mark.usefixtures("_no_names")
async def test_a_name_nobody_has_means_that_nothing_was_sent() -> None:
    async with opened("http://nobody.invalid/bot") as api:
        assert await send(api) == NotSent(1000, "NetworkError (gaierror)")


async def test_a_server_that_speaks_no_tls_was_sent_nothing() -> None:
    heard = b""

    async def post_office(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal heard
        writer.write(b"220 letters are taken here\r\n")
        heard = await reader.read()
        writer.close()

    server = await asyncio.start_server(post_office, "127.0.0.1", 0)
    async with server, opened(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot") as api:
        assert isinstance(await send(api), NotSent)

    assert TOKEN.encode() not in heard


async def test_an_address_that_is_none_means_that_nothing_was_sent() -> None:
    async with opened("ftp://127.0.0.1/bot") as api:
        assert isinstance(await send(api), NotSent)


async def test_a_server_that_takes_no_call_was_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "CONNECT_TIMEOUT", SOON)
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for each in (first, second):  # the queue is full now, so who comes next is not even turned away
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        async with opened(f"http://127.0.0.1:{full.getsockname()[1]}/bot") as api:
            assert await send(api) == NotSent(1000, "TimedOut (TimeoutError)")


async def test_a_call_that_finds_no_free_connection_was_not_sent(
    telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"MOST_AT_ONCE": 1, "POOL_TIMEOUT": 0.2, "CONNECT_TIMEOUT": 0.2}.items():
        monkeypatch.setattr(wire, name, value)
    telegram.answer = says_nothing
    async with opened(telegram.url) as api:
        first = asyncio.create_task(send(api))
        await asked(telegram)
        assert await send(api) == NotSent(1000, "TimedOut (TimeoutError)")

    assert isinstance(await first, InDoubt)
    assert len(telegram.asked) == 1


@pytest.mark.parametrize("answer", [says_nothing, stops_in_a_header])
async def test_an_answer_that_comes_too_late_leaves_doubt(
    hasty: Bot, telegram: Telegram, answer: Callable[[*Streams], Awaitable[None]]
) -> None:
    telegram.answer = answer

    assert await send(hasty) == InDoubt(1000, "TimedOut (TimeoutError)")
    assert len(telegram.asked) == 1


async def test_an_answer_that_drips_for_ever_is_given_up(hasty: Bot, telegram: Telegram) -> None:
    telegram.answer = drips
    short = {"connect_timeout": SOON, "pool_timeout": SOON, "write_timeout": SOON}
    with pytest.raises(TimedOut) as late:
        await asyncio.wait_for(hasty.request.post(telegram.url, RequestData([]), **short), 5)

    assert type(late.value.__cause__) is Trouble


@pytest.mark.parametrize("cut", CUT)
@pytest.mark.parametrize("before", [0, 1])
async def test_a_connection_cut_after_the_message_leaves_doubt_and_nothing_is_sent_twice(
    api: Bot, telegram: Telegram, cut: Callable[[*Streams], Awaitable[None]], before: int
) -> None:
    """On a new connection, and on one that was used before: there libraries like to try again."""
    for _ in range(before):
        await send(api)
    telegram.answer = cut
    outcome = await send(api)
    await asyncio.sleep(0.05)

    assert isinstance(outcome, InDoubt)
    assert len(telegram.asked) == before + 1


async def test_a_redirect_is_not_followed(api: Bot, telegram: Telegram) -> None:
    telegram.answer = says(http(b"", "307 Temporary Redirect", f"Location: {telegram.url}/elsewhere"))

    assert isinstance(await send(api), InDoubt)
    assert len(telegram.asked) == 1


async def test_a_connection_the_server_closed_while_nobody_spoke_is_not_missed(
    api: Bot, telegram: Telegram
) -> None:
    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(ok(SHOWN))
        writer.close()

    telegram.answer = once
    for _ in range(3):
        assert await send(api) == Delivered(42, DATE)
        await asyncio.sleep(0.02)

    assert (len(telegram.asked), telegram.connections) == (3, 3)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (refusal("403 Forbidden", "Forbidden: bot was blocked"), Dead("Forbidden", blocked=True)),
        (
            refusal("400 Bad Request", "Bad Request: chat not found"),
            Dead("BadRequest: chat not found", blocked=False),
        ),
        (refusal("500 Internal Server Error", "Internal"), InDoubt(1000, "NetworkError")),
        (http(b"<h1>Bad gateway</h1>", "502 Bad Gateway"), InDoubt(1000, "NetworkError")),
        (http(b"this is no JSON"), InDoubt(1000, "TelegramError")),
        (http(b"\xff\xfe"), InDoubt(1000, "TelegramError")),
        (b"this is no HTTP\r\n\r\n", InDoubt(1000, "NetworkError (HttpParserError)")),
    ],
)
async def test_what_telegram_says_is_what_became_of_it(
    api: Bot, telegram: Telegram, answer: bytes, outcome: Outcome
) -> None:
    telegram.answer = says(answer)

    assert await send(api) == outcome
    assert len(telegram.asked) == 1


async def test_too_fast_waits_as_long_as_telegram_says(api: Bot, telegram: Telegram) -> None:
    telegram.answer = says(refusal("429 Too Many Requests", "Too Many Requests", retry_after=7))
    outcome = await send(api)

    assert isinstance(outcome, NotSent)
    assert (outcome.wait_ms, outcome.error) == (7000, "RetryAfter")


@pytest.mark.parametrize("met", [False, True])
@pytest.mark.parametrize("status", ["401 Unauthorized", "404 Not Found"])
async def test_a_refused_token_is_for_the_admin(api: Bot, telegram: Telegram, status: str, met: bool) -> None:
    if met:
        telegram.answer = says(ok(ME))
        await meet(api)
    telegram.answer = says(refusal(status, status[4:]))
    with pytest.raises(SettingWrong, match="refuses the token"):
        await send(api)


# ---- the token


@pytest.fixture
def quiet() -> Iterator[None]:
    before, names = logging.getLogRecordFactory(), ("aiohttp", "httpx", "telegram")
    levels = {name: logging.getLogger(name).level for name in names}
    quiet_logs(TOKEN)
    yield
    logging.setLogRecordFactory(before)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def everything_said_by(error: BaseException | None) -> str:
    """All its words and those of what it came from, also where a traceback would not show them."""
    said = ""
    while error:
        said += f"{error!r} {error!s} {vars(error)} {''.join(traceback.format_exception(error))}"
        error = error.__cause__ or error.__context__
    return said


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("answer", [says_nothing, *CUT, says(b"no HTTP\r\n\r\n"), says(http(b"no JSON"))])
async def test_no_error_and_no_log_shows_the_token(
    hasty: Bot,
    telegram: Telegram,
    caplog: pytest.LogCaptureFixture,
    answer: Callable[[*Streams], Awaitable[None]],
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("aiohttp").setLevel(logging.DEBUG)
    telegram.answer = answer
    with pytest.raises(TelegramError) as failed:
        await hasty.send_message(101, "x")

    assert TOKEN not in everything_said_by(failed.value)
    assert TOKEN not in caplog.text


@pytest.mark.usefixtures("_no_names")
@pytest.mark.parametrize("url", ["http://nobody.invalid/bot", "ftp://x/bot", "http:///bot"])
async def test_an_address_that_cannot_be_reached_is_not_shown(url: str) -> None:
    async with opened(url) as api:
        with pytest.raises(NetworkError) as failed:
            await api.send_message(101, "x")

    assert isinstance(failed.value.__cause__, NotReached)
    assert TOKEN not in everything_said_by(failed.value)


# ---- open and closed


async def test_opening_and_closing_twice_is_doing_it_once(telegram: Telegram) -> None:
    made = Wire()
    for _ in range(2):
        await made.initialize()
        session = made._session
        await made.initialize()
        assert made._session is session
        await made.post(telegram.url, RequestData([]))
        await made.shutdown()
        await made.shutdown()

    assert made.read_timeout == 15
    assert telegram.connections == 2


async def test_what_is_not_open_sends_nothing(telegram: Telegram) -> None:
    with pytest.raises(NetworkError) as failed:
        await Wire().post(telegram.url, RequestData([]))

    assert isinstance(failed.value.__cause__, NotReached)


async def test_closing_ends_a_call_that_is_still_waiting(telegram: Telegram) -> None:
    telegram.answer = says_nothing
    async with opened(telegram.url) as api:
        waiting = asyncio.create_task(send(api))
        await asked(telegram)

    assert isinstance(await asyncio.wait_for(waiting, 5), InDoubt)


async def test_a_bot_that_meets_nobody_leaves_nothing_open(tmp_path: Path, empty_town: Path) -> None:
    town = Town(tmp_path, empty_town)
    app = App(replace(town.settings, api="http://127.0.0.1:1/bot"), town.clock)
    with pytest.raises(SettingWrong, match="Nobody answers"):
        await app.__aenter__()
    town.sandbox.close()

    assert [each._session for each in app.api._request if isinstance(each, Wire)] == [None, None]


# ---- whom to believe, and the way there


async def test_the_way_can_lead_through_a_proxy(telegram: Telegram, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://ann:word@127.0.0.1:{telegram.port}")
    async with opened("http://telegram.invalid/bot") as api:
        assert await send(api) == Delivered(42, DATE)
    [(line, headers, _)] = telegram.asked

    assert line == f"POST http://telegram.invalid/bot{TOKEN}/sendMessage HTTP/1.1"
    assert headers["proxy-authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({}, None),
        ({"https_proxy": "http://proxy:1"}, "http://proxy:1"),
        ({"https_proxy": "proxy:1"}, "http://proxy:1"),
        ({"all_proxy": "http://proxy:2"}, "http://proxy:2"),
        ({"http_proxy": "http://proxy:3"}, None),
        ({"https_proxy": "http://proxy:1", "no_proxy": "telegram.org"}, None),
    ],
)
def test_the_environment_says_which_proxy(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], found: str | None
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert wire._proxy("https://api.telegram.org") == found


async def test_a_proxy_that_refuses_means_that_nothing_was_sent(
    telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{telegram.port}")
    telegram.answer = says(http(b"", "407 Proxy Authentication Required"))
    async with opened("https://telegram.invalid/bot") as api:
        assert await send(api) == NotSent(1000, "NetworkError (ClientHttpProxyError)")


def test_certificates_are_looked_at() -> None:
    trusted = wire._trusted()

    assert trusted.verify_mode == ssl.CERT_REQUIRED
    assert trusted.check_hostname
    assert trusted.cert_store_stats()["x509_ca"] > 0
