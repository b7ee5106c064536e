"""Nothing that Telegram tells is forgotten before it is kept."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.routing import Route
from telegram import Bot
from telegram.error import BadRequest, NetworkError

from bot.clock import DAY, Clock
from bot.errors import SettingWrong
from bot.messenger import receive
from bot.messenger.receive import KINDS, Arrive, Json, Poller, listen, webhook
from bot.messenger.send import build_api
from bot.store import database, incoming
from bot.store.database import Store
from bot.store.inside import now
from bot.store.tables import inbox, metadata
from tests.inprocess import in_process
from tests.ring import ring

TOKEN = "123456:a-token-that-nobody-may-see-00000000"


def said(number: int, words: str = "hello") -> dict[str, Any]:
    chat = {"id": 101, "type": "private"}
    return {"update_id": number, "message": {"message_id": 1, "date": 1, "chat": chat, "text": words}}


def pressed(number: int) -> dict[str, Any]:
    return {"update_id": number, "callback_query": {"id": f"q{number}", "from": {"id": 101}, "data": "a:b"}}


class Telegram:
    """Keeps updates until it is asked for later ones, as Telegram does."""

    def __init__(self) -> None:
        self.pending: list[Any] = []
        self.asked: list[dict[str, str]] = []
        self.acked: list[str] = []
        self.others: list[tuple[str, dict[str, str]]] = []
        self.trouble: list[httpx.Response | Exception] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        method = request.url.path.rpartition("/")[2]
        body = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        if self.trouble:
            trouble = self.trouble.pop(0)
            if isinstance(trouble, Exception):
                raise trouble
            return trouble
        result: Any = True
        if method == "getUpdates":
            self.asked.append(body)
            offset = int(body.get("offset", 0))
            self.pending = [each for each in self.pending if not offset or each["update_id"] >= offset]
            result = self.pending[:100]
        elif method == "answerCallbackQuery":
            self.acked.append(body["callback_query_id"])
        else:
            self.others.append((method, body))
        return httpx.Response(200, json={"ok": True, "result": result})


@pytest.fixture
async def store(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Store]:
    monkeypatch.setattr(database, "migrate", metadata.create_all)
    made = Store("sqlite://", Clock(), ring())
    await made.open()
    yield made
    await made.close()


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


@pytest.fixture
async def api(telegram: Telegram) -> AsyncIterator[Bot]:
    made = build_api(TOKEN, "http://here/bot", in_process(httpx.MockTransport(telegram)))
    yield made
    for request in made._request:
        await request.shutdown()


@pytest.fixture
def brought() -> list[Sequence[Json]]:
    """What was kept so far."""
    return []


@pytest.fixture
def arrive(store: Store, brought: list[Sequence[Json]]) -> Arrive:
    """What the worker does with updates, without the worker."""

    async def keep(updates: Sequence[Json]) -> list[int]:
        new = await store.tx(lambda conn: incoming.put_in(conn, updates, now(conn)))
        brought.append(updates)
        return new

    return keep


@pytest.fixture
def poller(api: Bot, store: Store, arrive: Arrive) -> Poller:
    return Poller(api, store, arrive, long_poll=0)


async def kept(store: Store) -> list[int]:
    return await store.tx(
        lambda conn: list(conn.scalars(select(inbox.c.update_id).order_by(inbox.c.update_id)))
    )


async def test_updates_are_kept_and_only_then_may_telegram_forget_them(
    poller: Poller, telegram: Telegram, store: Store
) -> None:
    telegram.pending = [said(7), said(8)]
    newest = await poller.ask(0)
    before = list(telegram.pending)
    newest_then = await poller.ask(newest)

    assert (newest, newest_then) == (8, 0)
    assert len(before) == 2
    assert telegram.pending == []
    assert await kept(store) == [7, 8]


async def test_it_asks_for_no_other_kinds_of_updates(poller: Poller, telegram: Telegram) -> None:
    await poller.ask(0)
    [asked] = telegram.asked

    assert json.loads(asked["allowed_updates"]) == list(KINDS)
    assert "offset" not in asked


async def test_updates_that_come_again_are_kept_once_and_answered_once(
    poller: Poller, telegram: Telegram, store: Store
) -> None:
    telegram.pending = [said(7), pressed(8)]
    await poller.ask(0)
    await poller.ask(0)
    await asyncio.gather(*poller._sender._acks)

    assert await kept(store) == [7, 8]
    assert telegram.acked == ["q8"]


async def test_what_could_not_be_kept_is_asked_for_again(
    poller: Poller, telegram: Telegram, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any) -> Any:
        raise OSError("disk full")

    telegram.pending = [said(7)]
    with monkeypatch.context() as broken:
        broken.setattr(store, "tx", fails)
        with pytest.raises(OSError, match="disk full"):
            await poller.ask(0)
    await poller.ask(0)

    assert await kept(store) == [7]


async def test_something_without_a_number_does_not_hold_up_the_others(
    poller: Poller, telegram: Telegram, store: Store
) -> None:
    telegram.pending = [
        said(7),
        {"update_id": "x"},
        {"update_id": True},
        {"update_id": 2**80},
        {},
        "words",
        said(8),
    ]
    newest = await poller.ask(0)

    assert (newest, await kept(store)) == (8, [7, 8])


async def run_until(poller: Poller, is_so: Any) -> None:
    run = asyncio.create_task(poller.run())
    async with asyncio.timeout(5):
        while not is_so() and not run.done():  # noqa: ASYNC110 - there is no event for what a test waits for
            await asyncio.sleep(0.01)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive, "FIRST_PAUSE", 0.001)


@pytest.mark.usefixtures("no_pause")
async def test_trouble_of_every_kind_is_waited_out(
    poller: Poller, telegram: Telegram, store: Store, brought: list[Sequence[Json]]
) -> None:
    telegram.trouble = [
        httpx.ConnectError("no"),
        httpx.ReadTimeout("late"),
        httpx.Response(502, html="<h1>Bad gateway</h1>"),
        httpx.Response(200, text="no JSON"),
        httpx.Response(200, json={"ok": True, "result": None}),
        httpx.Response(409, json={"ok": False, "error_code": 409, "description": "Conflict"}),
    ]
    telegram.pending = [said(7)]
    await run_until(poller, lambda: brought)

    assert await kept(store) == [7]
    assert telegram.trouble == []


@pytest.mark.usefixtures("no_pause")
async def test_being_too_fast_waits_as_long_as_telegram_says(
    poller: Poller, telegram: Telegram, brought: list[Sequence[Json]], monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    sleep = asyncio.sleep

    async def short(seconds: float) -> None:
        slept.append(seconds)
        await sleep(0)

    too_fast = {"ok": False, "error_code": 429, "description": "", "parameters": {"retry_after": 7}}
    telegram.trouble = [httpx.Response(429, json=too_fast)]
    monkeypatch.setattr(asyncio, "sleep", short)
    run = asyncio.create_task(poller.run())
    while not brought:
        await sleep(0.01)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)

    assert slept[0] == 7


@pytest.mark.parametrize("code", [401, 404])
async def test_a_refused_token_ends_it_and_is_not_shown(
    poller: Poller, telegram: Telegram, code: int
) -> None:
    telegram.trouble = [
        httpx.Response(code, json={"ok": False, "error_code": code, "description": "Not Found"})
    ]
    with pytest.raises(SettingWrong) as refused:
        await asyncio.wait_for(poller.run(), 5)

    assert TOKEN not in str(refused.value)


async def test_after_a_start_it_goes_on_where_the_inbox_ends(
    poller: Poller, telegram: Telegram, store: Store, brought: list[Sequence[Json]]
) -> None:
    await store.tx(lambda conn: incoming.put_in(conn, [said(7)], now(conn)))
    telegram.pending = [said(7), said(8)]
    await run_until(poller, lambda: brought)

    assert telegram.asked[0]["offset"] == "8"
    assert await kept(store) == [7, 8]


async def test_after_a_quiet_week_lower_numbers_are_not_lost(
    poller: Poller, telegram: Telegram, store: Store, brought: list[Sequence[Json]]
) -> None:
    await store.tx(lambda conn: incoming.put_in(conn, [said(900)], now(conn) - 7 * DAY))
    telegram.pending = [said(7)]
    await run_until(poller, lambda: brought)

    assert await kept(store) == [7, 900]


# ---- the web hook ----

SECRET = "a-long-secret"


@pytest.fixture
async def hook(arrive: Arrive) -> AsyncIterator[httpx.AsyncClient]:
    endpoint = webhook(arrive, SECRET)
    app = Starlette(routes=[Route("/hook", endpoint, methods=["POST"])])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        client.headers["X-Telegram-Bot-Api-Secret-Token"] = SECRET
        yield client


async def test_an_update_is_kept_before_telegram_is_told_so(hook: httpx.AsyncClient, store: Store) -> None:
    answer = await hook.post("/hook", json=said(7))

    assert answer.status_code == 200
    assert await kept(store) == [7]


async def test_a_pressed_button_is_answered_in_the_same_breath_but_once(hook: httpx.AsyncClient) -> None:
    first = await hook.post("/hook", json=pressed(7))
    again = await hook.post("/hook", json=pressed(7))

    assert first.json() == {"method": "answerCallbackQuery", "callback_query_id": "q7"}
    assert (again.status_code, again.content) == (200, b"")


@pytest.mark.parametrize("secret", ["", "another", SECRET + "x", "\u00e9".encode()])
async def test_a_stranger_is_turned_away(hook: httpx.AsyncClient, store: Store, secret: str | bytes) -> None:
    hook.headers.pop("X-Telegram-Bot-Api-Secret-Token")
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
    answer = await hook.post("/hook", json=said(7), headers=headers)  # type: ignore[arg-type]

    assert answer.status_code == 403
    assert await kept(store) == []


async def test_without_a_secret_everybody_is_turned_away(arrive: Arrive) -> None:
    app = Starlette(routes=[Route("/hook", webhook(arrive, ""), methods=["POST"])])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        answer = await client.post("/hook", json=said(7))

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"words"', b"{}", b'{"update_id": "7"}', b"\xff", b"[" * 100_000]
)
async def test_what_is_no_update_is_refused(hook: httpx.AsyncClient, body: bytes) -> None:
    assert (await hook.post("/hook", content=body)).status_code == 400


async def test_a_body_without_end_is_refused(hook: httpx.AsyncClient) -> None:
    assert (await hook.post("/hook", content=b" " * (1024 * 1024 + 1))).status_code == 413


async def test_when_it_cannot_be_kept_telegram_is_asked_to_come_again(
    hook: httpx.AsyncClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any) -> Any:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(store, "tx", fails)
        first = await hook.post("/hook", json=said(7))
    second = await hook.post("/hook", json=said(7))

    assert (first.status_code, second.status_code) == (500, 200)
    assert await kept(store) == [7]


async def test_telegram_is_told_where_to_call_or_not_to(api: Bot, telegram: Telegram) -> None:
    await listen(api, "https://bot.example.org/hook", SECRET)
    await listen(api)

    (set_up, body), (taken_down, no_body) = telegram.others
    assert (set_up, taken_down) == ("setWebhook", "deleteWebhook")
    assert (body["url"], body["secret_token"]) == ("https://bot.example.org/hook", SECRET)
    assert json.loads(body["allowed_updates"]) == list(KINDS)
    assert "drop_pending_updates" not in no_body, "what waits there is kept"


async def test_an_address_telegram_cannot_call_is_named_with_what_telegram_says(
    api: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuses(*_: Any, **__: Any) -> None:
        raise BadRequest("Bad webhook: failed to resolve host")

    monkeypatch.setattr(Bot, "set_webhook", refuses)
    with pytest.raises(SettingWrong) as told:
        await listen(api, "https://bot.exampel.org/telegram", SECRET)

    assert str(told.value).startswith("BEFOREHAND_WEBHOOK ")
    assert "https://bot.exampel.org/telegram" in str(told.value) and "resolve host" in str(told.value)


async def test_a_network_that_goes_as_the_bot_starts_is_a_sentence_and_no_traceback(
    api: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any, **__: Any) -> None:
        raise NetworkError("cut")

    monkeypatch.setattr(Bot, "delete_webhook", fails)
    with pytest.raises(SettingWrong, match="Look at the network"):
        await listen(api)
