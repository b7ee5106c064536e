"""Messages to Telegram and files from it; errors are told apart by whether the message may have arrived."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

from telegram import Bot, InputFile
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.errors import SettingWrong
from bot.messenger.line import NotReached
from bot.messenger.things import Texts, Things
from bot.messenger.wire import Make, Said, Trouble, Wire
from bot.messenger.write import Message, draw
from bot.store.letters import Dead, Delivered, InDoubt, NotSent, Outcome, Sending
from bot.wording import NOT_SHOWN

PAUSE, LONGEST_PAUSE = 1000, 60_000
"""Units: milliseconds between tries of one message; every further try waits twice as long."""

LARGEST_FILE = 512 * 1024
TELEGRAM = "https://api.telegram.org/bot"
_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message caption is too long",
)
_OF_ANOTHER_KIND = ("there is no text in the message", "there is no caption in the message")
_REFUSALS = (
    "chat not found",
    "can't parse entities",
    "message is too long",
    "message text is empty",
)  # no words
_MARKED = {"parse_mode": ParseMode.HTML}
_PLAIN = {**_MARKED, "link_preview_options": {"is_disabled": True}}


def build_api(token: str, base_url: str = TELEGRAM, make: Make = Wire) -> Bot:
    """Telegram's API, or one that looks like it at `base_url`.

    Shape: `make` makes the network; tests give one that ends in the same process.
    """
    return Bot(
        token,
        base_url=base_url,
        base_file_url=base_url.removesuffix("/bot") + "/file/bot",
        request=make(),
        get_updates_request=make(),
    )


async def meet(api: Bot) -> None:
    """Ask Telegram who the bot is.

    Raises: SettingWrong when the token is refused or nobody answers at this address.
    """
    try:
        await api.initialize()
    except InvalidToken:
        raise SettingWrong("Telegram refuses the token. Ask @BotFather for it, and set it again.") from None
    except TelegramError as error:
        where = api.base_url.removesuffix(api.token)
        words = f"Nobody answers at {where} ({type(error).__name__}). Look at BEFOREHAND_API and the network."
        raise SettingWrong(words) from None


async def _no_text(number: int) -> None:
    """Where there is no store, there are no scripts."""


class Sender:
    """Sends one message at a time and says what became of it.

    Shape: `samples` is the folder of the samples, see Thing; `texts` gives the words of a stored script.
    """

    def __init__(self, api: Bot, samples: Path = Path(), texts: Texts = _no_text) -> None:
        self._api = api
        self._things = Things(self._call, samples, texts)
        self._acks: set[asyncio.Task[None]] = set()

    async def send(self, sending: Sending) -> Outcome:
        """Show a prompt, or redraw the message it edits.

        Raises: SettingWrong when Telegram refuses the token; ValueError when the prompt cannot be drawn.
        """
        message = draw(sending.prompt, sending.doubts if sending.reminder is not None else 0)
        try:
            if sending.edits and await self._redraw(sending, message):
                return Delivered(sending.edits, 0)
            sent = await self._show(sending.chat_id, message)
            return Delivered(int(sent["message_id"]), int(sent["date"]))
        except TelegramError as error:
            return outcome(error, sending.attempts)
        except (LookupError, TypeError, ValueError):
            return outcome(TelegramError("an answer that says nothing"), sending.attempts)

    async def fetch(self, file_id: str) -> bytes:
        """A file somebody sent.

        Raises: ValueError when it is larger than LARGEST_FILE; TelegramError when it cannot be had now.
        """
        file = await self._api.get_file(file_id)
        if (file.file_size or 0) > LARGEST_FILE:
            raise ValueError("the file is too large")
        content = bytes(await file.download_as_bytearray())
        if len(content) > LARGEST_FILE:
            raise ValueError("the file is too large")
        return content

    def ack(self, callback_id: str) -> None:
        """Stop the waiting sign on a pressed button, soon; it is only a sign, so nobody waits for it."""
        task = asyncio.create_task(self._ack(callback_id))
        self._acks.add(task)  # a task nobody holds may vanish
        task.add_done_callback(self._acks.discard)

    async def _ack(self, callback_id: str) -> None:
        with suppress(TelegramError):
            await self._call("answer__callback_query", callback_query_id=callback_id)

    async def _show(self, chat_id: int, message: Message) -> Any:
        """Send it; whatever becomes of its thing, its words go out."""
        sent = await self._things.send(chat_id, message) if message.thing else None
        if sent is not None:
            return sent
        words = message.text or NOT_SHOWN
        return await self._call(
            "send__message", chat_id=chat_id, text=words, reply_markup=message.markup, **_PLAIN
        )

    async def _redraw(self, sending: Sending, message: Message) -> bool:
        """Edit the message; false when it is gone, so that a new one must do.

        Shape: the words under a thing are edited otherwise, and only Telegram knows what was shown then.
        """
        under = message.markup if "inline_keyboard" in (message.markup or {}) else None
        where = {"chat_id": sending.chat_id, "message_id": sending.edits, "reply_markup": under}
        text = partial(self._call, "edit__message_text", text=message.text, **where, **_PLAIN)
        caption = partial(self._call, "edit__message_caption", caption=message.text, **where, **_MARKED)
        for edit in (caption, text) if message.thing else (text, caption):
            try:
                await edit()
            except BadRequest as error:
                if _says(error, *_OF_ANOTHER_KIND):
                    continue
                if _says(error, *_GONE):
                    return False
                if not _says(error, "message is not modified"):
                    raise
            return True
        return False

    async def _call(self, method: str, **said: Any) -> Any:
        """One call, its answer as it came: the library's own methods take twice as long to make objects.

        Shape: a method is spelt with two underscores, or the library warns that it has one for it. A file is
        an InputFile, and goes out by the library's own hand.
        """
        if any(isinstance(each, InputFile) for each in said.values()):
            return await self._api.do_api_request(method, said)
        words = {name: each for name, each in said.items() if each is not None}
        return await self._api.request.post(f"{self._api.base_url}/{_spelt(method)}", Said.as_data(words))


@cache
def _spelt(method: str) -> str:
    first, *others = method.split("_")
    return first + "".join(each.title() for each in others)


def outcome(error: TelegramError, attempts: int) -> Outcome:
    """What a failed call means for its message.

    Shape: the library calls a refusal (BadRequest) a kind of network error, so the order here matters.
    Raises: SettingWrong when Telegram refuses the token.
    """
    pause = min(PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    name = type(error).__name__
    match error:
        case RetryAfter():
            return NotSent(_milliseconds(error.retry_after), name, told=True)
        case InvalidToken() | EndPointNotFound():
            raise SettingWrong(
                "Telegram refuses the token. Ask @BotFather for it, and set it again."
            ) from None
        case Forbidden():
            return Dead(name, blocked=True)
        case BadRequest() | ChatMigrated():
            known = next((words for words in _REFUSALS if _says(error, words)), "")
            return Dead(f"{name}: {known}" if known else name, blocked=False)
    cause = error.__cause__
    if isinstance(cause, Trouble | NotReached):
        name += f" ({cause})"
    return NotSent(pause, name) if isinstance(cause, NotReached) else InDoubt(pause, name)


def _says(error: TelegramError, *words: str) -> bool:
    return any(each in error.message.lower() for each in words)


def _milliseconds(wait: int | timedelta) -> int:
    return int((wait.total_seconds() if isinstance(wait, timedelta) else wait) * 1000)
