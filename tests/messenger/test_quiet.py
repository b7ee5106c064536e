"""The log holds no token and nobody's words."""

import asyncio
import logging
from collections.abc import Iterator

import httpx
import pytest
from telegram.error import InvalidToken, TelegramError

from bot.dialog.talk import Prompt
from bot.messenger.quiet import quiet_logs, redact
from bot.messenger.send import Sender, build_api
from bot.store.letters import Sending, pack
from tests.inprocess import in_process

TOKEN = "123456:a-token-that-nobody-may-see-00000000"


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    before = logging.getLogRecordFactory()
    levels = {name: logging.getLogger(name).level for name in ("httpx", "telegram")}
    quiet_logs("a-secret-word")
    yield
    logging.setLogRecordFactory(before)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def answer(request: httpx.Request) -> httpx.Response:
    return httpx.Response(502, html="<h1>Bad gateway</h1>")


async def send_something() -> None:
    api = build_api(TOKEN, "http://here/bot", in_process(httpx.MockTransport(answer)))
    sender = Sender(api)
    await sender.send(Sending(1, 101, pack(Prompt("a private thing")), "w"))
    sender.ack("99")
    await asyncio.gather(*sender._acks)
    await api.request.shutdown()


async def test_sending_logs_neither_token_nor_words(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await send_something()

    assert TOKEN not in caplog.text
    assert "private" not in caplog.text


async def test_an_answer_that_cannot_be_read_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    cut_off = httpx.Response(200, text='{"ok": true, "result": [{"message": {"text": "a private thing')
    network = in_process(httpx.MockTransport(lambda request: cut_off))
    api = build_api(TOKEN, "http://here/bot", network)
    with pytest.raises(TelegramError):
        await api.get_updates()
    await api.request.shutdown()

    assert "private" not in caplog.text


async def test_even_a_library_turned_loud_again_does_not_show_the_token(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "httpx")
    await send_something()

    assert "HTTP Request: POST http://here/bot<token>/sendMessage" in caplog.text
    assert TOKEN not in caplog.text


def test_a_traceback_does_not_show_the_token(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise InvalidToken(f"The token `{TOKEN}` was rejected by the server.")
    except InvalidToken:
        logging.getLogger("anything").exception("it failed for %s", TOKEN)

    assert "The token `<token>` was rejected" in caplog.text
    assert TOKEN not in caplog.text


def test_other_secrets_are_taken_out_too_and_the_rest_stays(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("anything").warning("at 12:30, %s of %d", "a-secret-word", 7)

    assert "at 12:30, <token> of 7" in caplog.text


def test_being_quiet_twice_is_being_quiet_once() -> None:
    factory = logging.getLogRecordFactory()
    quiet_logs()

    assert logging.getLogRecordFactory() is factory


def test_a_line_that_cannot_be_made_is_left_to_the_handler() -> None:
    record = logging.getLogRecordFactory()("name", logging.INFO, "file", 1, "%d", ("no number",), None)

    assert (record.msg, record.args) == ("%d", ("no number",))


@pytest.mark.parametrize("line", ["update 12345 failed", "12:30", "a:b", "https://example.org:8443/x"])
def test_ordinary_lines_are_left_alone(line: str) -> None:
    assert redact(line) == line
