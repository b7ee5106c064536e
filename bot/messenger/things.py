"""Photos, voices and documents on their way to Telegram; a sample goes up only once."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from telegram import InputFile
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.dialog.talk import Thing
from bot.messenger.write import Message

log = logging.getLogger(__name__)

LARGEST_SAMPLE = 10 * 1024 * 1024
"""Units: bytes. Source: Bot API, sendPhoto; a document may be larger, but nobody waits for one."""

Call = Callable[..., Awaitable[Any]]
Texts = Callable[[int], Awaitable[str | None]]

SCRIPT = re.compile(r"script/(\d{1,15})/(\w+\.yaml)")
"""The name of a document that is no sample: the number of a stored script, and what the file is called."""

_OTHERWISE = re.compile(r"can't use file of type (audio|videonote) as")
_FIELDS = {"audio": "audio", "videonote": "video_note"}
"""What a person sent as sound and Telegram does not take for a voice, and the field of its own method."""


class Things:
    """Shows things by Telegram's names for them, and puts up the samples in the folder `samples`.

    Shape: `call` is one call of the Bot API. A name with a dot in it is that of a sample, or of a script:
    `texts` gives its words. What Telegram calls it is remembered as long as the program runs.
    """

    def __init__(self, call: Call, samples: Path, texts: Texts) -> None:
        self._call, self._samples, self._texts = call, samples, texts
        self._known: dict[Thing, str] = {}

    async def send(self, chat_id: int, message: Message) -> Any:
        """What Telegram says of the message it became; None when the words must go out without the thing.

        Raises: TelegramError when it may have arrived, or nothing else would arrive either.
        """
        thing = message.thing
        assert thing, "a message with a thing"
        if "." not in thing.file:
            return await self._show(chat_id, message, thing.kind, thing.file)
        known = self._known.get(thing)
        sent = await self._show(chat_id, message, thing.kind, known) if known else None
        if sent is None:
            self._known.pop(thing, None)
            script = SCRIPT.fullmatch(thing.file)
            sample = await (self._script(*script.groups()) if script else self._sample(thing.file))
            sent = await self._show(chat_id, message, thing.kind, sample) if sample else None
        self._remember(thing, sent)
        return sent

    def _remember(self, thing: Thing, sent: Any) -> None:
        """What Telegram calls a sample; a photo has a name for each of its sizes, the largest last."""
        with suppress(LookupError, TypeError):  # it was not sent, or became something else
            found = sent[thing.kind]
            self._known[thing] = str((found[-1] if thing.kind == "photo" else found)["file_id"])

    async def _show(self, chat_id: int, message: Message, field: str, file: str | InputFile) -> Any:
        """One call; a video note carries no words, so they follow it as another message."""
        is_alone = field == "video_note" and message.text
        words = {} if field == "video_note" else {"caption": message.text, "parse_mode": ParseMode.HTML}
        markup = None if is_alone else message.markup
        what = {field: file, "reply_markup": markup, **words}
        try:
            sent = await self._call(f"send__{field}", chat_id=chat_id, **what)
        except BadRequest as error:
            return await self._otherwise(chat_id, message, field, file, error)
        return None if is_alone else sent

    async def _otherwise(
        self, chat_id: int, message: Message, field: str, file: str | InputFile, error: BadRequest
    ) -> Any:
        """By the method for what it really is, if Telegram said that; else not at all."""
        really = _OTHERWISE.search(error.message.lower())
        if field == "voice" and really:
            return await self._show(chat_id, message, _FIELDS[really[1]], file)
        log.warning("Telegram does not take a %s; its words go out without it", field)
        return None

    async def _script(self, number: str, name: str) -> InputFile | None:
        text = await self._texts(int(number))
        return None if text is None else InputFile(text.encode(), filename=name)

    async def _sample(self, name: str) -> InputFile | None:
        try:
            return InputFile(await asyncio.to_thread(self._read, name), filename=name)
        except OSError as error:
            log.warning("the sample %s cannot be shown: %s", name, error.strerror or error)
            return None

    def _read(self, name: str) -> bytes:
        if Path(name).name != name:
            raise OSError("it must be in the folder of the samples itself")
        path = self._samples / name
        if path.stat().st_size > LARGEST_SAMPLE:
            raise OSError("it is larger than 10 MB")
        return path.read_bytes()
