"""Calls to Telegram that never leave this process: quicker than a port, and nothing can be in their way."""

import httpx
from telegram.request import HTTPXRequest

from bot.messenger.wire import READ_TIMEOUT, Make


def in_process(transport: httpx.AsyncBaseTransport) -> Make:
    """What `make` may be in a test: all calls end in this transport."""
    return lambda: HTTPXRequest(read_timeout=READ_TIMEOUT, httpx_kwargs={"transport": transport})
