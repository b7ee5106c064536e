"""The real bot, as `beforehand run` runs it, but without the limits Telegram sets: they would be measured."""

import bot.cli  # noqa: F401 - the command has all this in its memory, too
from bot.app import App
from bot.commands import running
from bot.pace import UNHURRIED


async def serve() -> None:
    """Answer until stopped."""
    async with App(running.settings(with_token=True), limits=UNHURRIED) as app:
        running.stay()
        await app.serve()


if __name__ == "__main__":
    running.run(serve())
