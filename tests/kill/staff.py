"""The admin, and the key contacts: they invite, read what is shared, write, and set dates."""

import asyncio
import random
import re
from collections.abc import Callable

from bot.sandbox.phones import Message
from tests.kill.crowd import LONG_PATIENCE, Hand, Person
from tests.kill.haste import TOO_LATE
from tests.kill.telegram import Telegram


class Staff(Hand):
    """Somebody who does one thing after the other.

    Shape: whose talk was `dated`, and `called_off` after that; `written` is what was passed on, by the name
    of who got it.
    """

    def __init__(self, telegram: Telegram, name: str, chance: random.Random) -> None:
        super().__init__(telegram, name, chance)
        self.dated: set[str] = set()
        self.called_off: set[str] = set()
        self.written: dict[str, str] = {}
        self._given: set[str] = set()
        self._busy = asyncio.Lock()

    async def start(self, token: str) -> None:
        """Open the link."""
        self.telegram.start_with(self.name, token)
        await self._until(lambda: self.telegram.press_start(self.name), "Hello")

    async def link(self, label: str) -> str:
        """Ask for a link; gives its token."""
        async with self._busy:
            while True:
                message = await self._until(lambda: self.say(label), "?start=")
                (token,) = re.findall(r"\?start=([\w-]+)", message.text)
                if token not in self._given:  # the last message may have come again
                    self._given.add(token)
                    return str(token)

    async def look_after(self, person: Person) -> None:
        """Read what they shared; perhaps write to them, set a date, and call it off."""
        async with self._busy:
            summary = await self._until(lambda: None, f"{person.name} has shared", after=0)
            await self._until(lambda: self.press(summary, "I have read this"), f"{person.name} will know")
            if self.chance.random() < 0.3:
                await self._write(person, summary)
            if self.chance.random() < 0.5:
                check = await self._set_date(person, summary)
                if self.chance.random() < 0.4:
                    await self._call_off(person, check)

    async def _write(self, person: Person, summary: Message) -> None:
        name, words = person.name, f"Good to read, {person.name}"
        await self._until(lambda: self.press(summary, f"Write to {name}"), f"your message to {name}")
        # said again when a message from somebody else came first: the bot asks whom it is for
        await self._until(lambda: self.say(words), f"passing it on to {name}")
        self.written[name] = words

    async def _set_date(self, person: Person, summary: Message) -> Message:
        name, minute = person.name, self.chance.choice((0, 30, TOO_LATE))
        when = f"{self.chance.randrange(1, 29)} March at 2:{minute:02}pm"
        await self._until(lambda: self.press(summary, "Set the date"), f"the talk with {name}? Type")
        check = await self._until(lambda: self.say(when), f"The talk with {name} is on", times=1)
        yes = check.rows[0][0].data  # once it is answered, the button is gone
        under = check.message_id
        await self._until(lambda: self.telegram.press_on(self.name, under, data=yes), "It is set for")
        self.dated.add(name)
        return check

    async def _call_off(self, person: Person, check: Message) -> None:
        await self.think(3)
        later = await self._until(lambda: None, "If something comes up", after=check.message_id)
        sure = await self._until(lambda: self.press(later, "Call it off"), "Call it off?", times=1)
        await self._until(lambda: self.press(sure, "Yes, call it off"), "is called off", times=1)
        self.called_off.add(person.name)

    async def _until(
        self, act: Callable[[], object], *reply: str, after: int | None = None, times: int = 3
    ) -> Message:
        """Do something and wait for the reply; when none comes, do it again, at most so many times.

        Raises: TimeoutError when it never comes: the message was given up.
        """
        before = self.newest() if after is None else after
        for _ in range(times):
            act()
            if message := await self.wait(before, *reply, seconds=LONG_PATIENCE / times):
                return message
        raise TimeoutError(f"{self.name} waited for: {self.waits_for}")
