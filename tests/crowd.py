"""A crowd for the tests: people who answer what they see, and the bot in a process that can be killed."""

import asyncio
import os
import random
import re
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.sandbox import Sandbox
from tests.ring import key_file

SHORT = Path(__file__).parent / "scripts" / "short.yaml"
TOKEN = "1000:KILL-SECRET"
NAMES = ("Ada", "Ben", "Cleo", "Dov", "Edie", "Finn", "Gwen", "Hugo", "Ines", "Jude")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
REPLIES = 12
"""How often each person says something in a whole talk, ticks included."""


class Person:
    """Somebody with a phone, who answers each question they see, once, in words that name both."""

    def __init__(self, sandbox: Sandbox, name: str, chance: random.Random) -> None:
        self.sandbox, self.name, self.chance = sandbox, name, chance
        self.given: dict[str, Any] = {}
        self.said = 0
        number = NAMES.index(name)
        self.days = sorted({DAYS[number % 5], DAYS[(number + 1 + number // 5) % 5]}, key=DAYS.index)

    def words(self, place: str) -> str:
        """What this person says there; nobody else says it, and they say it nowhere else."""
        return f"{self.name} on {place}"

    async def talk(self) -> None:
        """Answer until there is nothing more to answer."""
        doing: dict[str, Callable[[], object]] = {
            "May I keep your answers?": lambda: self.say("may_keep", "yes", "Yes, keep them"),
            "What matters most to you?": lambda: self.say("matters", self.words("matters")),
            "What is working well": lambda: self.say("working", self.words("working")),
            "Tap all that fit.": self.tick,
            "Where would you like to meet?": lambda: self.say("place-other", "other", "Somewhere else"),
            "Where would that be?": lambda: self.say("place", self.words("place")),
            "be there with you?": lambda: self.say("someone", "Mo", f"Mo of {self.name}"),
            "So far: ": lambda: self.say("attendees", f"Mo of {self.name}", "That is everyone"),
            "How do you know Mo": lambda: self.say("how_known@n1", self.words("how_known")),
            "Is it right?": lambda: self.say("share", "share", "Share with Ravi"),
        }
        while "share" not in self.given or "I am sending it" not in self.everything():
            newest = self.newest()
            asked = [act for part, act in doing.items() if part in newest]
            if asked:
                await asyncio.sleep(self.chance.uniform(0.05, 0.6))
                acted = asked[-1]()
                if asyncio.iscoroutine(acted):
                    await acted
            await asyncio.sleep(0.05)

    def say(self, place: str, value: str, words: str = "") -> None:
        """Say it, unless it has been said: a question that comes twice is not answered twice."""
        if place not in self.given:
            self.sandbox.say(self.name, words or value)
            self.given[place] = value
            self.said += 1

    async def tick(self) -> None:
        """Tick two days, and Done."""
        if "days" in self.given:
            return
        self.given["days"] = self.days
        labels = [*(day.capitalize() for day in self.days), "Done"]
        for label in labels:
            newest = [shown for shown in self.sandbox.screen(self.name) if shown.buttons][-1]
            self.sandbox.press_on(self.name, newest.message_id, _as_drawn(newest.buttons, label))
            self.said += 1
            await asyncio.sleep(self.chance.uniform(0.05, 0.6))

    def newest(self) -> str:
        """What the bot said last; what is asked first and what is listed below count as one."""
        return self.sandbox.last(self.name)

    def everything(self) -> str:
        """All the bot has said."""
        return "\n".join(shown.text for shown in self.sandbox.screen(self.name) if not shown.mine)


def _as_drawn(buttons: list[list[str]], label: str) -> str:
    return next(drawn for row in buttons for drawn in row if drawn.removeprefix("✓ ") == label)


class Bot:
    """The program, in a process that can be killed."""

    def __init__(self, folder: Path, port: int, database: str = "") -> None:
        dialogs = folder / "dialogs"
        dialogs.mkdir()
        (dialogs / "first_talk.yaml").write_text(SHORT.read_text("utf-8"), "utf-8")
        self.log = (folder / "bot.log").open("ab")
        self.database = database or f"sqlite:///{folder / 'bot.db'}"
        self.environment = os.environ | {
            "BEFOREHAND_TOKEN": TOKEN,
            "BEFOREHAND_API": f"http://127.0.0.1:{port}/bot",
            "BEFOREHAND_DIALOGS": str(dialogs),
            "BEFOREHAND_KEYS": str(key_file(folder)),
            "DATABASE_URL": self.database,
        }
        self.process: Process | None = None

    async def start(self) -> None:
        """`beforehand run`; comes back when it is running."""
        command = (sys.executable, "-m", "bot", "run")
        self.process = await asyncio.create_subprocess_exec(
            *command, env=self.environment, stdout=PIPE, stderr=self.log
        )
        assert self.process.stdout is not None
        said = await asyncio.wait_for(self.process.stdout.readline(), 30)
        assert b"is running" in said, self.log.name

    async def kill(self) -> None:
        """No time to say goodbye."""
        assert self.process is not None
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> int:
        """Ask it to stop, and give its exit code."""
        assert self.process is not None
        self.process.terminate()
        return await asyncio.wait_for(self.process.wait(), 20)

    async def first_admin(self) -> str:
        """The token of `beforehand init`'s link."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "init", env=self.environment, stdout=PIPE, stderr=DEVNULL
        )
        said, _ = await process.communicate()
        return tokens(said.decode())[0]


def tokens(text: str) -> list[str]:
    return re.findall(r"\?start=([\w-]+)", text)
