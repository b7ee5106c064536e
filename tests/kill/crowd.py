"""People who answer what they see, in words that name both who says them and what is answered."""

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.phones import Message
from tests.kill.telegram import Telegram

NAMES = ("Ada", "Ben", "Cleo", "Dov", "Edie", "Finn", "Gwen", "Hugo", "Ines", "Jude")
NAME = re.compile(rf"\b(?:{'|'.join(NAMES)})\d+\b")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
ASKED = {  # what a question says, and what it is called here; the later in this list counts
    "May I keep your answers?": "may_keep",
    "What matters most to you?": "matters",
    "What is working well": "working",
    "Which days are good for you?": "the days to come",
    "Tap all that fit.": "days",
    "Where would you like to meet?": "place",
    "Where would that be?": "more of place",
    "be there with you?": "attendees",
    "So far: ": "more attendees",
    "How do you know": "how_known",
    "Is it right?": "share",
    "I am sending it": "the end",
    "You shared it with": "the end",
}
NOT_NOW = {"the days to come", "more attendees"}  # seen, and answered elsewhere
THE_END, GOODBYE, BACK_AGAIN = "I am sending it", "Everything you told me is deleted", "Welcome back."
PATIENCE, LONG_PATIENCE = 6.0, 90.0
"""Units: seconds without what should have come, until somebody asks where they are, and until once more."""

READING = 1.5
"""Units: seconds without a new message, until somebody takes the last one for what is asked now."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, as it must be found in the database: one row, written by this update.

    Shape: at one of `places`; `value` as `plain_value` gives it, None for any. `ends` is true when other
    words may stand before it, `again` when the bot asked again though it was settled: it may be no news.
    """

    update: int
    places: tuple[str, ...]
    state: str
    value: object
    ends: bool = False
    again: bool = False


class Hand:
    """A phone in somebody's hand."""

    def __init__(self, telegram: Telegram, name: str, chance: random.Random) -> None:
        self.telegram, self.name, self.chance = telegram, name, chance
        self.waits_for = ""

    def newest(self) -> int:
        """The number of the newest message here."""
        return self.telegram.newest_on(self.name)

    def look(self, after: int, *words: str) -> Message | None:
        """The newest message of the bot with all these words, if it came after that one."""
        for message in reversed(self.telegram.messages(self.name)):
            if message.message_id <= after:
                return None
            if not message.mine and all(each in message.text for each in words):
                return message
        return None

    async def wait(self, after: int, *words: str, seconds: float = PATIENCE) -> Message | None:
        """Wait for a message with these words; None when it does not come."""
        self.waits_for = " … ".join(words)
        try:
            await self.telegram.until(lambda: self.look(after, *words), seconds)
        except TimeoutError:
            return None
        self.waits_for = ""
        return self.look(after, *words)

    def screen(self, most: int = 12) -> str:
        """The end of what is on this phone."""
        shown = self.telegram.messages(self.name)[-most:]
        return "\n".join(f"    {each.message_id} {'>' if each.mine else '<'} {each.text!r}" for each in shown)

    def say(self, words: str) -> int:
        """Type it; the number of the update."""
        self.telegram.say(self.name, words)
        return self.telegram.newest

    def press(self, message: Message, label: str) -> int:
        """Press a button under a message, ticked or not; the number of the update."""
        drawn = [each for row in message.rows for each in row if each.text.removeprefix("✓ ") == label]
        self.telegram.press_on(self.name, message.message_id, data=drawn[0].data)
        return self.telegram.newest

    async def think(self, longest: float = 0.4) -> None:
        """Nobody answers at once."""
        await asyncio.sleep(self.chance.uniform(0.02, longest))


class Person(Hand):
    """Somebody who prepares.

    Shape: `said` is what they answered, in this order. `silent` are updates that may go without a reply.
    """

    def __init__(self, telegram: Telegram, name: str, chance: random.Random) -> None:
        super().__init__(telegram, name, chance)
        self.said: list[Said] = []
        self.silent: set[int] = set()
        self.poisons: list[int] = []
        self.finished = self.left = self.deleted = False
        self._done: set[str] = set(NOT_NOW)
        self._seen = 0
        self._again: set[str] = set()
        self._asks_why = chance.choice(("working", "place", "attendees", ""))
        self._is_quick, self._goes_back, self._leaves = (
            chance.random() < often for often in (0.3, 0.3, 0.12)
        )
        self._changes, self.will_erase = (chance.random() < often for often in (0.3, 0.2))
        self._days = chance.sample(DAYS, 2)
        self._brings = [f"{each} of {name}" for each in ("Mo", "Jo")[: chance.choice((1, 2))]]

    def words(self, place: str) -> str:
        """What this person says there; nobody else says it, and they say it nowhere else."""
        return f"{self.name} on {place}"

    async def talk(self) -> None:
        """Start, and answer until there is nothing more to answer."""
        self.telegram.press_start(self.name)
        doing: dict[str, Callable[[Message], Any]] = {
            "may_keep": lambda _: self._answer("may_keep", "Yes, keep them", "yes"),
            "matters": lambda _: self._matters(),
            "working": lambda _: self._answer("working", self.words("working")),
            "days": self._tick,
            "place": lambda _: self._somewhere(),
            "more of place": lambda _: self._answer("place", self.words("place"), name="more of place"),
            "attendees": lambda _: self._bring(),
            "share": lambda _: self._answer("share", "Share with Ravi", "share"),
        }
        while True:
            asked, message = await self._question()
            await self.think()
            if asked == "the end":
                break
            if asked == self._asks_why:
                self._asks_why = ""
                await self._why()
            elif asked == "place" and self._leaves:
                self.left = True
                return
            elif asked.startswith("how_known"):
                await self._answer(asked, self.words(asked))
            else:
                await doing[asked](message)
        self.finished = True

    async def afterwards(self) -> None:
        """Perhaps they change something, or want nothing kept."""
        await self.think(2)
        if self._changes:
            await self._change()
        if self.will_erase:
            await self._erase()

    def poison(self) -> None:
        """Something nobody can work out comes from their phone."""
        self.telegram.press_on(self.name, self.newest(), data="no button of ours")
        self.poisons.append(self.telegram.newest)

    # ---- seeing

    async def _question(self) -> tuple[str, Message]:
        """The question they see, once it is one they have not answered."""
        while True:
            self.waits_for = "the next question"
            try:
                await self.telegram.until(self._sees, PATIENCE)
            except TimeoutError:
                await self._where_are_we()
                await self._all_is_read()
                asked = {self._asked()[0]} & self._done - NOT_NOW
                self._done -= asked  # it is asked again, so they say it again
                self._again |= {"place" if name == "more of place" else name for name in asked}
            if found := self._sees():
                self.waits_for = ""
                return found

    async def _all_is_read(self) -> None:
        """Nobody answers the first of several messages while the next ones still come."""
        seen = -1
        while seen != self.newest():
            seen = self.newest()
            await asyncio.sleep(READING)

    def _sees(self) -> tuple[str, Message] | None:
        """The newest question on the screen, unless it is answered."""
        name, message = self._asked()
        is_old = message is None or name in self._done or message.message_id <= self._seen
        return None if message is None or is_old else (name, message)

    def _asked(self) -> tuple[str, Message | None]:
        """The newest question on the screen."""
        for message in reversed(self.telegram.messages(self.name)):
            asked = [] if message.mine else [name for words, name in ASKED.items() if words in message.text]
            if asked:
                name = asked[-1]
                if name == "how_known":
                    name += f"@n{1 + [each in message.text for each in self._brings].index(True)}"
                return name, message
        return "", None

    async def _where_are_we(self) -> None:
        """They have waited long, or said several things at once; they go on when that has been answered."""
        message = await self._ask("Carry on", BACK_AGAIN)
        if "Which days" in message.text:
            await self.wait(message.message_id, "Tap all that fit.", seconds=LONG_PATIENCE)

    async def _ask(self, words: str, reply: str) -> Message:
        """Say something that is no answer, and wait for what is said to it."""
        while True:
            before = self.newest()
            self.say(words)
            if message := await self.wait(before, reply, seconds=LONG_PATIENCE):
                return message

    # ---- answering

    def _note(self, update: int, place: str, state: str, value: object) -> None:
        again = place in self._again
        if again:
            self.silent.add(update)
        self.said.append(Said(update, (place,), state, value, again=again))

    async def _answer(self, place: str, words: str, value: object = None, *, name: str = "") -> None:
        """Say it, and note what must come of it."""
        self._note(self.say(words), place, "given", words if value is None else value)
        self._done.add(name or place)
        self._seen = self.newest()

    async def _then(self, place: str, state: str, value: object, words: str, reply: str) -> None:
        """Say it, note what must come of it, and wait for the reply."""
        before = self.newest()
        self._note(self.say(words), place, state, value)
        while await self.wait(before, reply) is None:
            await self._where_are_we()
            if reply == THE_END and self._asked()[0] == "the end":
                break  # that message was given up in doubt; now they know that it is sent
        await self.think()

    async def _why(self) -> None:
        """A question back."""
        self.say("Why do you ask?")
        await self._where_are_we()

    async def _matters(self) -> None:
        """Perhaps two messages, the second before the first is answered."""
        await self._answer("matters", self.words("matters"))
        if self._is_quick:
            await asyncio.sleep(self.chance.choice((0, 0.05, 0.3)))
            update = self.say(self.words("more"))
            self.said.append(Said(update, ("matters", "working"), "given", self.words("more"), ends=True))
            self.silent.add(update)
            await self._where_are_we()

    async def _tick(self, message: Message) -> None:
        """Tick two days, and Done; perhaps press once more later, which changes nothing."""
        ticked: list[str] = []
        for day in self._days:
            ticked.append(day.lower())
            self._note(self.press(message, day), "days", "open", list(ticked))
            await self.think(0.2)
        self._note(self.press(message, "Done"), "days", "given", ticked)
        self._done.add("days")
        if self.chance.random() < 0.4:
            await self.think(2)
            self.silent.add(self.press(message, "Done"))

    async def _somewhere(self) -> None:
        """Another place; perhaps they look at the days again first, and leave them as they are."""
        if self._goes_back:
            days = [day.lower() for day in self._days]
            await self._then("days", "changing", days, "Back", "Tap all that fit.")
            await self._then("days", "given", days, "Keep this answer", "Where would you like to meet?")
        self._note(self.say("Somewhere else"), "place", "open", "other")
        self._done.add("place")

    async def _bring(self) -> None:
        """Name whom they bring, one after the other, and that this is everyone."""
        for number, name in enumerate(self._brings, 1):
            await self._then("attendees", "open", self._brings[:number], name, name)
        self._note(self.say("That is everyone"), "attendees", "given", self._brings)
        self._done.add("attendees")

    async def _change(self) -> None:
        """Something else matters now, and it is shared."""
        question, better = "What matters most to you?", self.words("better")
        await self._then("matters", "changing", None, "change what matters to me", question)
        await self._then("matters", "given", better, better, "Is it right?")
        await self._then("share", "given", "share", "Share the change", THE_END)

    async def _erase(self) -> None:
        """Stop, and delete everything."""
        await self._ask("Stop", "Do you want to stop?")
        await self.think()
        before = self.newest()
        self.say("Yes, delete it all")
        self.deleted = True
        while await self.wait(before, GOODBYE, seconds=LONG_PATIENCE) is None:
            pass


def plain_value(value: Any) -> object:
    """What a person said, without what the kind of the question keeps beside it."""
    if not isinstance(value, dict):
        return value
    if "items" in value:
        return [item["name"] for item in value["items"]]
    return value.get("words") or value.get("codes") or value.get("code")
