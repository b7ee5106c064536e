"""A sandbox, and the bot's end of it: plain calls without sockets."""

from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bot.sandbox import Phone, Sandbox

TOKEN = "1000:test"
ANN, RAVI, ZED = 501, 502, 599
NOW = datetime(2025, 3, 3, 10, 0, tzinfo=UTC)
Call = Callable[..., Coroutine[Any, Any, Any]]


@pytest.fixture
def sandbox() -> Sandbox:
    phones = [
        Phone("ann", "Ann", "Person getting ready", ANN),
        Phone("ravi", "Ravi", "Key contact", RAVI),
        Phone("zed", "Zed", "Somebody else", ZED, shown=False),
    ]
    return Sandbox(phones, token=TOKEN, now=lambda: NOW)


@pytest.fixture
async def http(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """The sandbox as a browser or a bot on this machine reaches it."""
    transport = httpx.ASGITransport(app=sandbox.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture
def call(http: httpx.AsyncClient) -> Call:
    """A call as JSON; the whole answer, whose status has to agree with it."""

    async def post(method: str, *, files: Any = None, token: str = TOKEN, **fields: Any) -> Any:
        given: dict[str, Any] = {"data": fields, "files": files} if files else {"json": fields}
        answer = await http.post(f"/bot{token}/{method}", **given)
        body = answer.json()
        assert answer.status_code == body.get("error_code", 200)
        return body

    return post
