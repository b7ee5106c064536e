"""What every command needs: the settings, and a loop that ends when somebody asks for it."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

import click

from bot import settings as setting
from bot.errors import BeforehandError

T = TypeVar("T")


def settings(with_token: bool = False) -> setting.Settings:
    """The settings, or a sentence and the end of the command."""
    try:
        found = setting.read()
        return setting.with_token(found) if with_token else found
    except BeforehandError as error:
        raise click.ClickException(str(error)) from None


def run(work: Coroutine[Any, Any, T]) -> T | None:
    """Run until it ends, or until someone asks for it to stop, which gives None."""

    async def until_stopped() -> T | None:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            # Windows has no such handlers, nor has a thread; Ctrl+C works there by itself
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(sign, task.cancel)
        with suppress(asyncio.CancelledError):
            return await task
        return None

    try:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            return runner.run(until_stopped())
    except KeyboardInterrupt:
        return None
    except BeforehandError as error:
        raise click.ClickException(str(error)) from None


def in_words(error: Exception) -> str:
    """What somebody can put right about a file or a database; "" when it is a mistake of the program."""
    if isinstance(error, PermissionError) and error.filename:
        return f"{error.filename} cannot be used: {error.strerror}. Type this as the user who runs the bot."
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} cannot be used: {error.strerror}."
    if "sqlalchemy" in sys.modules:  # it takes long to load, and without it no database was asked
        from bot.store.database import is_outage

        if is_outage(error):
            why = " ".join(str(getattr(error, "orig", error)).split())[:200]
            return f"The database cannot be used: {why}. Look at the disk, and at who may write there."
    return ""


def stay() -> None:
    """What is in the memory by now stays there: look for garbage only in what is new, and less often.

    Measured: a fifteenth of the time of a turn.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def tell_the_time() -> None:
    """Begin each line of the log with when it was, and how bad it is."""
    logging.basicConfig(format="%(asctime)s %(levelname)s: %(message)s", datefmt="%Y-%m-%d %H:%M:%S%z")


def new_loop() -> asyncio.AbstractEventLoop:
    """The loop that everything runs on: uvloop, which is quicker, where it can be had."""
    with suppress(ImportError):
        import uvloop

        return uvloop.new_event_loop()
    return asyncio.new_event_loop()
