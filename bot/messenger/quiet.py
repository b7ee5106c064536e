"""Logs that hold no token and no person's words, whatever a library writes."""

import logging
import re
from collections.abc import Callable
from typing import Any

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{20,}")  # addresses have it behind "bot", without a gap
_HIDDEN = "<token>"
_secrets: set[str] = set()
_CHATTY = ("aiohttp", "httpx", "httpcore", "apscheduler", "aiosqlite", "sqlalchemy", "alembic")


def quiet_logs(*secrets: str) -> None:
    """Take bot tokens, and these secrets, out of every line logged from now on.

    Shape: libraries only warn, for below that they log addresses with the token and what people wrote.
    Source: httpx logs each address at INFO; python-telegram-bot each message at DEBUG, and at ERROR a
    whole answer that it cannot read.
    """
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL)  # what goes wrong there we log ourselves
    _secrets.update(filter(None, secrets))
    make = logging.getLogRecordFactory()
    if not isinstance(make, _Quiet):
        logging.setLogRecordFactory(_Quiet(make))


class _Quiet:
    """Makes log records as before, then looks them over."""

    def __init__(self, make: Callable[..., logging.LogRecord]) -> None:
        self._make = make

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        return _redacted(self._make(*args, **kwargs))


def redact(line: str) -> str:
    """The line without tokens and other secrets."""
    for secret in _secrets:
        line = line.replace(secret, _HIDDEN)
    return _TOKEN.sub(_HIDDEN, line)


def _redacted(record: logging.LogRecord) -> logging.LogRecord:
    try:
        line = record.getMessage()
    except (TypeError, ValueError):
        return record  # the handler complains about it, as it would have
    record.msg, record.args = redact(line), None
    if record.exc_info:  # handlers take the traceback from here when it is there
        record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
    return record
