"""A tiny bot for trying the phones: plain calls of the Bot API, nothing of ours; and a server for both."""

import asyncio
import io
import json
import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import uvicorn

from bot.sandbox import Phone, Sandbox

TOKEN = "1000:echo"
PHONES = [
    Phone("ann", "Ann", "Person getting ready", 501),
    Phone("ravi", "Ravi", "Key contact", 502),
    Phone("gil", "Gil", "Admin", 503),
]
HELLO = (
    "Hello {name} 👋 I’m <b>Beforehand</b>.\n\nYour planning conversation is about <b>you</b>. "
    "I’ll ask a few short questions.\n\nThere are no wrong answers. Skip anything."
)
CHOICES = ["My sister Ana", "My support worker", "A friend", "Just me"]


def tone() -> bytes:
    """Two seconds of quiet sound as a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(
            b"".join(int(900 * (i % 40 - 20)).to_bytes(2, "little", signed=True) for i in range(16000))
        )
    return out.getvalue()


class Echo:
    """Answers every message; some words make it send buttons, files or a voice note."""

    def __init__(self, base: str) -> None:
        self.base, self.chosen = base, set[str]()
        self.http = httpx.AsyncClient(timeout=60)

    async def call(self, method: str, files: Any = None, **fields: Any) -> Any:
        given = {k: json.dumps(v) if isinstance(v, dict | list) else v for k, v in fields.items()}
        answer = await self.http.post(f"{self.base}/bot{TOKEN}/{method}", data=given, files=files)
        return answer.json().get("result")

    async def run(self) -> None:
        await self.call(
            "setMyShortDescription", short_description="Get ready for your conversation, your way"
        )
        await self.call("setMyDescription", description="A few short questions. Skip any of them.")
        offset = 0
        while True:
            for update in await self.call("getUpdates", offset=offset, timeout=20) or []:
                offset = update["update_id"] + 1
                if "message" in update:
                    await self.message(update["message"])
                elif "callback_query" in update:
                    await self.press(update["callback_query"])

    async def say(self, chat: int, text: str, **more: Any) -> None:
        await self.call("sendMessage", chat_id=chat, text=text, parse_mode="HTML", **more)

    async def message(self, message: dict[str, Any]) -> None:
        chat, words = message["chat"]["id"], message.get("text", "")
        await self.call("sendChatAction", chat_id=chat, action="typing")
        if words.startswith("/start"):
            self.chosen.clear()
            rows = [[_button("Let’s start", "go")], [_button("Who will see my answers?", "who")]]
            hello = HELLO.format(name=message["from"]["first_name"])
            await self.say(chat, hello, reply_markup={"inline_keyboard": rows})
        elif words == "place":
            keys = [["At my home"], ["Somewhere local"], ["By phone", "By video"], ["More"]]
            markup = {"keyboard": keys, "resize_keyboard": True, "input_field_placeholder": "Or type it"}
            await self.say(chat, "Where would you feel <b>most comfortable</b> talking?", reply_markup=markup)
        elif words in {"document", "voice"}:
            await self.file(chat, words)
        elif words == "link":
            await self.say(
                chat, "Ask your brother: https://t.me/beforehand_bot?start=abc and https://example.org/a"
            )
        elif words == "busy":
            pass
        else:
            await self.say(
                chat, f"Thank you: <b>{words or 'a file'}</b>", reply_markup={"remove_keyboard": True}
            )

    async def file(self, chat: int, kind: str) -> None:
        name, data = (
            ("hello.wav", tone()) if kind == "voice" else ("Ann – getting ready.pdf", b"%PDF-1.4 x" * 4000)
        )
        more = {"duration": 2} if kind == "voice" else {"caption": "Ann has shared her answers"}
        await self.call(f"send{kind.title()}", files={kind: (name, data)}, chat_id=chat, **more)

    async def press(self, query: dict[str, Any]) -> None:
        chat, data, message = query["message"]["chat"]["id"], query["data"], query["message"]["message_id"]
        alert = (
            {"text": "Only you. You choose what Ravi can see.", "show_alert": True} if data == "who" else {}
        )
        toast = {"text": "Saved"} if data == "done" else {}
        await self.call("answerCallbackQuery", callback_query_id=query["id"], **alert, **toast)
        if data == "go":
            markup = {"inline_keyboard": self.choices()}
            await self.say(chat, "Who would you like <b>to be there</b> with you?", reply_markup=markup)
        elif data in CHOICES:
            self.chosen ^= {data}
            markup = {"inline_keyboard": self.choices()}
            await self.call("editMessageReplyMarkup", chat_id=chat, message_id=message, reply_markup=markup)
        elif data == "done":
            text = "Who will be there: <b>" + ", ".join(sorted(self.chosen)) + "</b>"
            await self.call("editMessageText", chat_id=chat, message_id=message, text=text, parse_mode="HTML")

    def choices(self) -> list[list[dict[str, str]]]:
        rows = [[_button(f"{'✅ ' if name in self.chosen else ''}{name}", name)] for name in CHOICES]
        return [*rows, [_button("Done", "done"), _button("Skip for now", "skip")]]


def _button(text: str, data: str) -> dict[str, str]:
    return {"text": text, "callback_data": data}


@contextmanager
def served(port: int) -> Iterator[Sandbox]:
    """A sandbox with the tiny bot, on loopback in a thread."""

    async def jump() -> str:
        return "The clock is now at Sunday 22 November, 09:00."

    sandbox = Sandbox(PHONES, token=TOKEN, jump=jump)
    config = uvicorn.Config(sandbox.app, port=port, log_level="error", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)

    async def both() -> None:
        echo = Echo(f"http://127.0.0.1:{port}")
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        answering = asyncio.create_task(echo.run())
        await serving
        answering.cancel()
        with suppress(asyncio.CancelledError, httpx.HTTPError):
            await answering
        await echo.http.aclose()

    thread = threading.Thread(target=asyncio.run, args=(both(),))
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield sandbox
    sandbox.close()
    server.should_exit = True
    thread.join(10)
