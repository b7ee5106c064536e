"""What became of a message, told apart by whether it may have arrived."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut

from bot.dialog.talk import Button, Prompt
from bot.errors import SettingWrong
from bot.messenger.line import NotReached
from bot.messenger.send import Sender, build_api
from bot.messenger.wire import READ_TIMEOUT, Trouble
from bot.store.letters import Dead, Delivered, InDoubt, NotSent, Sending, pack
from bot.wording import IN_CASE
from tests.inprocess import in_process

TOKEN = "123456:a-token-that-nobody-may-see-00000000"
DATE = 1_741_000_000

Answer = httpx.Response | Exception


def ok(result: Any) -> httpx.Response:
    return httpx.Response(200, json={"ok": True, "result": result})


def refusal(code: int, words: str, **parameters: Any) -> httpx.Response:
    more = {"parameters": parameters} if parameters else {}
    return httpx.Response(code, json={"ok": False, "error_code": code, "description": words, **more})


SHOWN = {"message_id": 42, "date": DATE, "chat": {"id": 101, "type": "private"}, "text": "x"}


class Telegram:
    """Answers calls as it is told to, and remembers them."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, list[Answer]] = {}
        self.timeouts: list[Any] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        method = request.url.path.rpartition("/")[2]
        body = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        self.calls.append((method, body))
        self.timeouts.append(request.extensions["timeout"]["read"])
        answer = self.answers.get(method, [ok(SHOWN)])
        now = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(now, Exception):
            raise now
        return now


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


@pytest.fixture
async def api(telegram: Telegram) -> AsyncIterator[Bot]:
    made = build_api(TOKEN, "http://here/bot", in_process(httpx.MockTransport(telegram)))
    yield made
    await made.request.shutdown()


QUESTION = Prompt("Who will be there?")


def sending(prompt: Prompt = QUESTION, **more: Any) -> Sending:
    return replace(Sending(id=1, chat_id=101, payload=pack(prompt), owner="w"), **more)


async def test_a_message_that_arrives_brings_its_number_and_second(api: Bot, telegram: Telegram) -> None:
    outcome = await Sender(api).send(sending(Prompt("A & B", buttons=(Button("a", "A", "q"),))))
    [(method, body)] = telegram.calls

    assert outcome == Delivered(42, DATE)
    assert method == "sendMessage"
    assert (body["chat_id"], body["text"], body["parse_mode"]) == ("101", "A &amp; B", "HTML")
    assert json.loads(body["reply_markup"]) == {"inline_keyboard": [[{"text": "A", "callback_data": "q:a"}]]}
    assert json.loads(body["link_preview_options"]) == {"is_disabled": True}


async def test_an_answer_may_take_fifteen_seconds(api: Bot, telegram: Telegram) -> None:
    await Sender(api).send(sending())

    assert telegram.timeouts == [15.0]


def trouble(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


async def test_what_never_left_is_not_sent(api: Bot, telegram: Telegram) -> None:
    telegram.answers["sendMessage"] = [trouble(NetworkError("words"), NotReached("Refused"))]

    assert await Sender(api).send(sending()) == NotSent(1000, "NetworkError (Refused)")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (trouble(TimedOut("words"), Trouble("TooLate")), "TimedOut (TooLate)"),
        (trouble(NetworkError("words"), Trouble("Cut")), "NetworkError (Cut)"),
        (trouble(NetworkError("words"), OSError("words")), "NetworkError"),
        (httpx.ReadTimeout("words"), "TimedOut"),
        (httpx.RemoteProtocolError("words"), "NetworkError"),
        (OSError("words"), "NetworkError"),
    ],
)
async def test_what_may_have_left_is_in_doubt(
    api: Bot, telegram: Telegram, error: Exception, said: str
) -> None:
    telegram.answers["sendMessage"] = [error]

    assert await Sender(api).send(sending()) == InDoubt(1000, said)


@pytest.mark.parametrize(
    "answer",
    [
        refusal(500, "Internal Server Error"),
        refusal(504, "Gateway Timeout"),
        httpx.Response(502, html="<h1>Bad gateway</h1>"),
        httpx.Response(200, text="this is no JSON"),
        httpx.Response(200, json={}),
        httpx.Response(200, json=["sent"]),
        ok(True),
        ok({**SHOWN, "date": None}),
        refusal(409, "Conflict: terminated by other getUpdates request"),
    ],
)
async def test_an_answer_that_says_nothing_clear_is_in_doubt(
    api: Bot, telegram: Telegram, answer: httpx.Response
) -> None:
    telegram.answers["sendMessage"] = [answer]

    assert isinstance(await Sender(api).send(sending()), InDoubt)


async def test_too_fast_waits_exactly_as_long_as_telegram_says(api: Bot, telegram: Telegram) -> None:
    telegram.answers["sendMessage"] = [refusal(429, "Too Many Requests: retry after 7", retry_after=7)]

    assert await Sender(api).send(sending()) == NotSent(7000, "RetryAfter", told=True)


@pytest.mark.parametrize(
    "words", ["Forbidden: bot was blocked by the user", "Forbidden: user is deactivated"]
)
async def test_a_person_who_blocked_the_bot_is_told_apart(api: Bot, telegram: Telegram, words: str) -> None:
    telegram.answers["sendMessage"] = [refusal(403, words)]

    assert await Sender(api).send(sending()) == Dead("Forbidden", blocked=True)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal(400, "Bad Request: chat not found"), "BadRequest: chat not found"),
        (
            refusal(400, 'Bad Request: can\'t parse entities: tag "secret"'),
            "BadRequest: can't parse entities",
        ),
        (refusal(400, "Bad Request: something new about a secret"), "BadRequest"),
        (refusal(400, "Bad Request: group was upgraded", migrate_to_chat_id=-5), "ChatMigrated"),
    ],
)
async def test_a_refused_message_is_dead_and_its_error_holds_no_words(
    api: Bot, telegram: Telegram, answer: httpx.Response, error: str
) -> None:
    telegram.answers["sendMessage"] = [answer]

    assert await Sender(api).send(sending()) == Dead(error, blocked=False)


@pytest.mark.parametrize("code", [401, 404])
async def test_a_refused_token_is_for_the_admin_and_is_not_shown(
    api: Bot, telegram: Telegram, code: int
) -> None:
    telegram.answers["sendMessage"] = [refusal(code, "Unauthorized")]
    with pytest.raises(SettingWrong) as refused:
        await Sender(api).send(sending())

    assert TOKEN not in str(refused.value)


@pytest.mark.parametrize(("attempts", "wait"), [(1, 1000), (2, 2000), (5, 16_000), (50, 60_000)])
async def test_each_try_waits_longer_but_never_more_than_a_minute(
    api: Bot, telegram: Telegram, attempts: int, wait: int
) -> None:
    telegram.answers["sendMessage"] = [trouble(NetworkError("no"), NotReached("Refused"))]
    outcome = await Sender(api).send(sending(attempts=attempts))

    assert isinstance(outcome, NotSent)
    assert outcome.wait_ms == wait


TICKS = Prompt("How?", buttons=(Button("a", "A", "q", ticked=True),), edits=True)


async def test_an_edit_redraws_its_message(api: Bot, telegram: Telegram) -> None:
    outcome = await Sender(api).send(sending(TICKS, edits=42))
    [(method, body)] = telegram.calls

    assert isinstance(outcome, Delivered)
    assert outcome.message_id == 42
    assert (method, body["message_id"], body["chat_id"]) == ("editMessageText", "42", "101")
    assert "✓ A" in json.loads(body["reply_markup"])["inline_keyboard"][0][0]["text"]


async def test_an_edit_that_changes_nothing_has_arrived(api: Bot, telegram: Telegram) -> None:
    same = "Bad Request: message is not modified: specified new message content is exactly the same"
    telegram.answers["editMessageText"] = [refusal(400, same)]

    assert isinstance(await Sender(api).send(sending(TICKS, edits=42)), Delivered)
    assert len(telegram.calls) == 1


@pytest.mark.parametrize("words", ["message to edit not found", "message can't be edited"])
async def test_an_edit_of_a_message_that_is_gone_is_sent_anew(
    api: Bot, telegram: Telegram, words: str
) -> None:
    telegram.answers["editMessageText"] = [refusal(400, f"Bad Request: {words}")]
    outcome = await Sender(api).send(sending(TICKS, edits=41))

    assert outcome == Delivered(42, DATE)
    assert [method for method, _ in telegram.calls] == ["editMessageText", "sendMessage"]


async def test_an_edit_refused_for_another_reason_is_not_sent_anew(api: Bot, telegram: Telegram) -> None:
    telegram.answers["editMessageText"] = [refusal(400, "Bad Request: chat not found")]

    assert isinstance(await Sender(api).send(sending(TICKS, edits=42)), Dead)
    assert len(telegram.calls) == 1


async def test_only_a_reminder_in_doubt_says_that_it_may_have_come_before(
    api: Bot, telegram: Telegram
) -> None:
    sender = Sender(api)
    await sender.send(sending(doubts=1, reminder=3))
    await sender.send(sending(doubts=0, reminder=3))
    await sender.send(sending(doubts=1))

    assert [body["text"].startswith(IN_CASE) for _, body in telegram.calls] == [True, False, False]


async def test_a_prompt_of_another_version_is_refused_before_anything_is_sent(
    api: Bot, telegram: Telegram
) -> None:
    with pytest.raises(TypeError):
        await Sender(api).send(sending(payload='{"sound": "loud"}'))
    assert telegram.calls == []


# ---- files and pressed buttons ----


def file_of(size: int | None, content: bytes = b"name: talk") -> Callable[[Telegram], None]:
    def put(telegram: Telegram) -> None:
        told = {"file_id": "F", "file_unique_id": "u", "file_path": "documents/talk.yaml"}
        telegram.answers["getFile"] = [ok(told if size is None else {**told, "file_size": size})]
        telegram.answers["talk.yaml"] = [httpx.Response(200, content=content)]

    return put


async def test_a_file_is_fetched_from_beside_the_api(api: Bot, telegram: Telegram) -> None:
    file_of(10)(telegram)

    assert await Sender(api).fetch("F") == b"name: talk"
    assert api.base_file_url == f"http://here/file/bot{TOKEN}"


async def test_a_file_that_is_too_large_is_not_even_fetched(api: Bot, telegram: Telegram) -> None:
    file_of(512 * 1024 + 1)(telegram)
    with pytest.raises(ValueError, match="too large"):
        await Sender(api).fetch("F")
    assert [method for method, _ in telegram.calls] == ["getFile"]


async def test_a_file_that_is_larger_than_it_said_is_refused(api: Bot, telegram: Telegram) -> None:
    file_of(None, b"x" * (512 * 1024 + 1))(telegram)
    with pytest.raises(ValueError, match="too large"):
        await Sender(api).fetch("F")


@pytest.mark.parametrize(
    "answer", [ok(True), refusal(400, "Bad Request: query is too old"), httpx.ReadTimeout("")]
)
async def test_a_pressed_button_is_answered_and_nothing_depends_on_it(
    api: Bot, telegram: Telegram, answer: Answer
) -> None:
    telegram.answers["answerCallbackQuery"] = [answer]
    sender = Sender(api)
    sender.ack("99")
    await asyncio.gather(*sender._acks)

    assert telegram.calls == [("answerCallbackQuery", {"callback_query_id": "99"})]


def test_the_real_telegram_is_the_one_asked_by_default() -> None:
    api = build_api(TOKEN)

    assert api.base_url == f"https://api.telegram.org/bot{TOKEN}"
    assert api.base_file_url == f"https://api.telegram.org/file/bot{TOKEN}"
    assert READ_TIMEOUT == 15
