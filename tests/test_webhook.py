"""Telegram calls the bot, instead of being asked."""

import socket
from dataclasses import replace
from pathlib import Path

import httpx

from bot.app import App
from tests.town import Town


class Tunnel(httpx.AsyncHTTPTransport):
    """The https server in front of the bot."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.scheme == "https"
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        return await super().handle_async_request(request)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def with_webhook(town: Town, port: int) -> App:
    settings = replace(town.settings, webhook="https://bot.example.org", port=port)
    town.sandbox.api.webhook.transport = Tunnel(port)
    town.sandbox.api.webhook.first_pause = 0.05
    town.settings = settings
    return town._app()


async def test_the_whole_way_through_a_web_hook(tmp_path: Path, empty_town: Path) -> None:
    town = Town(tmp_path, empty_town)
    port = free_port()
    town.app = with_webhook(town, port)
    async with town.open():
        await town.person()
        await town.press("ann", "OK, next")

        assert "Telegram keeps a copy" in town.heard("ann")[-1]
        assert town.sandbox.api.webhook.url == "https://bot.example.org/telegram"

        async with httpx.AsyncClient() as stranger:
            forged = {"update_id": 1, "message": {"text": "hello"}}
            refused = await stranger.post(f"http://127.0.0.1:{port}/telegram", json=forged)
            elsewhere = await stranger.get(f"http://127.0.0.1:{port}/")
        assert (refused.status_code, elsewhere.status_code) == (403, 404)
    assert town.sandbox.problems == []


async def test_back_from_the_web_hook_to_asking(tmp_path: Path, empty_town: Path) -> None:
    town = Town(tmp_path, empty_town)
    town.app = with_webhook(town, free_port())
    async with town.open():
        await town.admin()
        async with town.bot_away():
            town.settings = replace(town.settings, webhook="")
        await town.say("gil", "/help")

        assert "Hello Gil" in town.heard("gil")[-1]
