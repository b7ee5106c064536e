"""A small local Telegram: a Bot API server and a page with phones side by side.

It knows the Bot API and nothing of the bot that talks to it.
"""

from bot.sandbox.network import Call
from bot.sandbox.phones import Phone, Shown
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import Fault

__all__ = ["Call", "Fault", "Phone", "Sandbox", "Shown"]
