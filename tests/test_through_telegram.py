"""The talks of conversations/ once more: over HTTP, with the library that really talks to Telegram."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from html import unescape
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from bot import wording
from bot.actions import answer
from bot.actions.shelf import is_whole
from bot.app import App
from bot.clock import DAY
from bot.pace import UNHURRIED, Limits
from bot.sandbox import Call
from bot.store import boxes
from bot.store.inside import now
from bot.talkfile import Engine, Line, lines_of, name_of
from bot.terminal import _ALWAYS, _SENT, FILES
from bot.web import serving
from tests.talks import DIALOGS, ROOT, TALKS, script_of
from tests.town import PHONES, Town

pytestmark = pytest.mark.long

ANN = next(phone.chat_id for phone in PHONES if phone.key == "ann")
SHOWING = (
    "sendMessage", "sendPhoto", "sendVoice", "sendDocument", "editMessageText", "editMessageCaption",
)  # fmt: skip


def _is_anns(file: Path) -> bool:
    """Whether Ann can be asked this on its own, with nothing that somebody has to say before."""
    script = script_of(file)
    return script.audience == "person" and not script.given and is_whole(script)


FOLDERS = {"conversations": DIALOGS, "scripts": ROOT / "dialogs"}
"""Where the scripts of talk files in these folders are."""
ANNS = [file for file in TALKS if _is_anns(file)]
"""Talks Ann can have."""

WEEKS = {"three weeks": 21}
"""What `~` says, in days."""


@dataclass(frozen=True)
class Postbag(Limits):
    """Sends as fast as it can, but nothing while it is shut."""

    a_second: float = UNHURRIED.a_second
    chat_a_second: float = UNHURRIED.chat_a_second
    chat_burst: int = UNHURRIED.chat_burst
    shut: asyncio.Event = field(default_factory=asyncio.Event)

    def room(self, free_at: int, now: int) -> int:
        """How many messages may go now."""
        return 0 if self.shut.is_set() else super().room(free_at, now)


class Wire(Town):
    """The town with a real network in it: the bot reaches the small Bot API at a port, and nowhere else."""

    def __init__(self, folder: Path, dialogs: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.postbag = Postbag()
        super().__init__(folder, dialogs=dialogs)

    def _app(self) -> App:
        here = replace(self.settings, api=f"http://127.0.0.1:{self.port}/bot")
        return App(here, self.clock, limits=self.postbag)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Wire"]:
        """The bot runs for as long as the block does, and so does the server it talks to."""
        async with serving(self.sandbox.app, "127.0.0.1", self.port), super().open():
            yield self


class Phone:
    """Ann's phone: plays lines of a talk file, and reads what came."""

    def __init__(self, town: Wire) -> None:
        self.town, self.sandbox = town, town.sandbox
        self.files = dict[str, str]()

    async def play(self, *lines: Line) -> list[str]:
        """Do these lines, all of them before the bot can handle the first; what it shows then."""
        before = len(self.sandbox.ledger)
        self.town.clock.jump(self.town.clock.now() + Engine.thinking * 1000)
        for line in lines:
            self._do(line.words)
        self.town.clock.jump(self.town.clock.now() + Engine.thinking * 1000)  # what comes is later
        if len(lines) > 1:
            await self._all_heard()
        await self.town.settled()
        return [drawn for call in self.sandbox.ledger[before:] for drawn in self._shown(call)]

    async def _all_heard(self) -> None:
        """Send nothing until the bot has worked out all that was said, so that no reply can be seen yet."""
        self.town.postbag.shut.set()
        for _ in range(1000):
            if not self.sandbox.network.updates.waiting and not await self._unheard():
                break
            await asyncio.sleep(0.01)
        self.town.postbag.shut.clear()

    async def _unheard(self) -> bool:
        return await self.town.app.store.tx(lambda conn: boxes.has_waiting(conn, now(conn)))

    async def wait(self, days: int) -> list[str]:
        """Time passes, and the bot is started anew; what it shows by itself."""
        before = len(self.sandbox.ledger)
        async with self.town.bot_away():
            self.town.clock.jump(self.town.clock.now() + days * DAY)
        return [drawn for call in self.sandbox.ledger[before:] for drawn in self._shown(call)]

    def _do(self, words: str) -> None:
        if words.startswith("("):
            self._press(words[1:-1].removeprefix("* "))
        elif words.startswith("["):
            self._press_key(words[1:-1])
        elif sent := _SENT.fullmatch(words):
            self._send(sent[1], [part.strip() for part in (sent[2] or "").split(",") if part])
        else:
            self.sandbox.say("ann", words)

    def _send(self, thing: str, what: list[str]) -> None:
        """Something that is not words; the talk files number the files."""
        methods: dict[str, Callable[..., int]] = {
            "photo": self.sandbox.send_photo,
            "voice": self.sandbox.send_voice,
            "document": lambda key: self.sandbox.send_document(key, "notes.txt", b"to bring"),
            "sticker": self.sandbox.send_sticker,
            "location": lambda key, *at: self.sandbox.send_location(key, *map(float, at)),
            "contact": self.sandbox.send_contact,
        }
        sent = self.sandbox.network.handset("ann").messages[methods[thing]("ann", *what)]
        if sent.file and thing in FILES:
            self.files[sent.file.id] = f"{thing}-{len(self.files) + 1}"

    def _press(self, label: str) -> None:
        """The newest message that has such a button, however old."""
        for shown in reversed(self.sandbox.screen("ann")):
            for drawn in (drawn for row in shown.buttons for drawn in row):
                if drawn.removeprefix("✓ ") == label:
                    self.sandbox.press_on("ann", shown.message_id, drawn)
                    return
        raise LookupError(f"no button {label!r}\n{self.sandbox.picture()}")

    def _press_key(self, label: str) -> None:
        """The keyboard; a button behind Help, or of the question before, is typed."""
        keys = [key for row in self.sandbox.keyboard("ann") for key in row]
        (self.sandbox.press if label in keys else self.sandbox.say)("ann", label)

    def _shown(self, call: Call) -> Iterator[str]:
        """A message as the talk files write it, as it came over the wire and stands on the phone."""
        if call.chat_id != ANN or call.method not in SHOWING or _is_offer(call):
            return
        text = call.fields.get("text", call.fields.get("caption", ""))
        words = [_plain(line) for line in text.split("\n") if line.strip()]
        message = self.sandbox.network.handset("ann").messages[call.message_id or 0]
        if file := message.file:
            words.append(f"<{message.kind} {self.files.get(file.id, file.name)}>")
        on_screen = next(m for m in self.sandbox.screen("ann") if m.message_id == call.message_id)
        if call.method.startswith("send") and not on_screen.edited:
            assert on_screen.text == re.sub(r"</?b>", "", text).strip() or on_screen.text == _bare(text)
        yield f"< {words[0]}"
        yield from (f"  {line}".rstrip() for line in (*words[1:], *_buttons(call.fields.get("reply_markup"))))


def _is_offer(call: Call) -> bool:
    """Whether it offers to pass words on: the engine, which the talk files show, knows nothing of that."""
    rows = (call.fields.get("reply_markup") or {}).get("inline_keyboard", [])
    return any(button["callback_data"].startswith("pass/") for row in rows for button in row)


def _bare(text: str) -> str:
    return unescape(re.sub(r"</?b>", "", text))


def _plain(line: str) -> str:
    """A line of Telegram's HTML as a talk file writes it: *bold* when all of it is, plain otherwise."""
    bold = re.fullmatch(r"<b>(.*)</b>", line)
    return f"*{_bare(line)}*" if bold else _bare(line).rstrip()


def _buttons(markup: dict[str, Any] | None) -> Iterator[str]:
    """The keyboard and the buttons, without those every question has."""
    for row in (markup or {}).get("keyboard", []):
        shown = [key["text"] for key in row if key["text"] not in _ALWAYS]
        if shown:
            yield " ".join(f"[{key}]" for key in shown)
    for row in (markup or {}).get("inline_keyboard", []):
        yield " ".join(f"({re.sub('^✓ ', '* ', button['text'])})" for button in row)


def _written(text: str) -> list[tuple[Line | None, list[str]]]:
    """What the talk file says comes after each of its lines; after the first Start for None."""
    blocks: list[tuple[Line | None, list[str]]] = [(None, [])]
    for line in text.splitlines():
        if acted := list(lines_of(line)):
            blocks.append((acted[0], []))
        elif line.startswith(("< ", "  ")):
            blocks[-1][1].append(line)
    return blocks


def _together(text: str) -> Iterator[tuple[list[Line], list[str]]]:
    """Each line with the `>>` lines that follow it at once, and all that comes after them."""
    blocks = _written(text)[1:]
    while blocks:
        rest = list(takewhile(lambda block: block[0] and block[0].sign == ">>", blocks[1:]))
        group = [blocks[0], *rest]
        yield [line for line, _ in group if line], [each for _, shown in group for each in shown]
        blocks = blocks[len(group) :]


async def _play(phone: Phone, shadow: Engine, lines: list[Line]) -> list[str]:
    """Play some lines on the phone; the shadow only tells what is quickest to say."""
    first = lines[0]
    if first.sign == "~":
        shadow.wait()
        by_itself = await phone.wait(WEEKS[first.words])
        assert all(_is_reminder(line) for line in by_itself)
        return []
    if first.sign == "go to":
        shown: list[str] = []
        for quick in shadow.quickly_to(first.words):
            shadow.say(quick)
            shown = await phone.play(Line(">", quick))
        return shown
    for line in lines:
        shadow.say(line.words, unseen=line.sign == ">>")
    return await phone.play(*lines)


def _is_reminder(line: str) -> bool:
    """Whether this is the friendly question to go on, or a button under it."""
    rest = wording.REMIND_UNFINISHED.partition("{name}")[2]
    keys = (wording.CARRY_ON, wording.PERSON, wording.STOP)
    return line.endswith(rest) or line.strip() in {f"[{key}]" for key in keys}


@pytest.mark.parametrize("file", ANNS, ids=lambda file: file.stem)
async def test_a_talk_over_the_wire_is_the_talk_in_the_file(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = file.read_text("utf-8")  # noqa: ASYNC240 - nothing else runs yet
    shadow = Engine(script_of(file))
    shadow.begin()
    played = 0
    monkeypatch.setattr(answer, "SCRIPT", name_of(text))

    async with Wire(tmp_path, FOLDERS[file.parent.name]).open() as town:
        phone = Phone(town)
        await town.person()
        begun = [call for call in town.sandbox.ledger if call.chat_id == ANN]
        assert [line for call in begun for line in phone._shown(call)] == _written(text)[0][1]
        for lines, written in _together(text):
            assert await _play(phone, shadow, lines) == written, f"after {lines}"
            played += len(lines)

        assert played == len(list(lines_of(text))) > 0
        assert town.sandbox.problems == []
        assert town.sandbox.unanswered() == []
