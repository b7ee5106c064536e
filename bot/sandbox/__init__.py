"""A small local Telegram: a Bot API server and a page with phones side by side.

It knows the Bot API and nothing of the bot that talks to it. Use `Sandbox.app` in-process
(httpx.ASGITransport), or serve it with uvicorn beside the bot or in a thread of a test: the people may act
from any thread.
"""

from bot.sandbox.network import Call
from bot.sandbox.phones import Phone, Shown
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import Fault

__all__ = ["Call", "Fault", "Phone", "Sandbox", "Shown"]
