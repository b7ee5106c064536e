"""Calls to Telegram that never leave this process: quicker than a port, and nothing can be in their way."""

from typing import Any

import httpx
from telegram.request import HTTPXRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.messenger.wire import READ_TIMEOUT, Make, Said


def in_process(transport: httpx.AsyncBaseTransport) -> Make:
    """What `make` may be in a test: all calls end in this transport."""
    return lambda: _Within(read_timeout=READ_TIMEOUT, httpx_kwargs={"transport": transport})


class _Within(HTTPXRequest):
    """Takes what a Wire takes."""

    async def do_request(
        self, url: str, method: str, request_data: Any = None, *args: Any, **limits: Any
    ) -> tuple[int, bytes]:
        if isinstance(request_data, Said):
            said = request_data.parameters.items()
            request_data = RequestData([RequestParameter.from_input(*each) for each in said])
        return await super().do_request(url, method, request_data, *args, **limits)
