"""What Telegram's side holds: the phones, the queue, the files, and a log of what the page has to show."""

import secrets
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import count
from threading import RLock
from typing import Any

from bot.sandbox.bell import Bell
from bot.sandbox.files import Files
from bot.sandbox.phones import Handset, Json, Message, Phone
from bot.sandbox.refused import Refused, forbidden, unlucky
from bot.sandbox.updates import Updates

MOST_EVENTS = 2000


@dataclass(frozen=True, slots=True)
class Event:
    """Something the page has to show.

    Shape: `op` is add, edit, remove, typing, answer, keys, about, notice or reset;
    `key` is the phone's, or "".
    """

    seq: int
    key: str
    op: str
    data: Json


@dataclass(slots=True)
class Call:
    """An accepted call of the bot.

    Shape: `fields` as read (objects as objects, a file as its File);
    `message_id` is that of the message sent or changed; `request` is what the caller calls it, in
    X-Request-ID.
    """

    at: datetime
    method: str
    chat_id: int | None
    fields: dict[str, Any]
    message_id: int | None
    request: str = ""


@dataclass(slots=True)
class Press:
    """A press of an inline button that the bot should answer."""

    handset: Handset
    message_id: int
    label: str
    answered: bool = False


@dataclass(slots=True)
class About:
    """What the bot has said about itself."""

    name: str
    commands: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, language: str = "") -> str:
        """The name, description or short description in a language, else the one for everybody."""
        standard = self.texts.get(f"{name}:") or (self.name if name == "name" else "")
        return self.texts.get(f"{name}:{language}") or standard


class Network:
    """Shared by the bot's side and the people's side.

    Shape: `lock` guards it all and is never held across an await, so any thread may call in.
    """

    def __init__(self, phones: Sequence[Phone], bot: Json, now: Callable[[], datetime], zone: tzinfo) -> None:
        self.lock, self.bell = RLock(), Bell()
        self.handsets = {phone.key: Handset(phone) for phone in phones}
        self.by_chat = {h.phone.chat_id: h for h in self.handsets.values()}
        self.bot, self.now, self.zone = bot, now, zone
        self.updates, self.files = Updates(self.bell, self.lock), Files()
        self.presses: dict[str, Press] = {}
        self.about = About(bot["first_name"])
        self.problems: list[str] = []
        self.ledger: list[Call] = []
        self.run = secrets.token_hex(4)
        self.closing = False
        self.notice = ""
        self._events: deque[Event] = deque(maxlen=MOST_EVENTS)
        self._event_numbers, self._message_numbers = count(1), count(1)
        self.seq = 0

    def handset(self, key: str) -> Handset:
        """The phone with this key. Raises: LookupError naming the phones there are."""
        if key not in self.handsets:
            raise LookupError(f"no phone {key!r}; there are {', '.join(self.handsets)}")
        return self.handsets[key]

    def emit(self, handset: Handset | None, op: str, **data: Any) -> None:
        """Tell the page, and wake everyone who waits."""
        with self.lock:
            self.seq = next(self._event_numbers)
            self._events.append(Event(self.seq, handset.phone.key if handset else "", op, data))
        self.bell.ring()

    def events_after(self, seq: int) -> list[Event] | None:
        """What happened after an event; None when the log no longer reaches back so far."""
        with self.lock:
            events = [event for event in self._events if event.seq > seq]
            return None if len(events) < self.seq - seq else events

    def add(self, handset: Handset, mine: bool, at: datetime | None = None, **what: Any) -> Message:
        """Put a message on a phone."""
        with self.lock:
            message = Message(next(self._message_numbers), mine, at or self.now(), **what)
            last = next(reversed(handset.messages.values()), None)
            message.first_of_day = last is None or self.day(last.at) != self.day(message.at)
            handset.messages[message.message_id] = message
            self.emit(handset, "add", id=message.message_id)
        return message

    def day(self, at: datetime) -> str:
        """A day in words: Saturday 21 November."""
        local = at.astimezone(self.zone)
        return f"{local:%A} {local.day} {local:%B}"

    def minute(self, at: datetime) -> str:
        """A time of the day: 21:40."""
        return f"{at.astimezone(self.zone):%H:%M}"

    def reachable(self, chat_id: Any) -> Handset:
        """The phone a bot may write to. Raises: Refused, as Telegram says it."""
        handset = self.by_chat.get(chat_id)
        if handset is None:
            raise unlucky("chat not found")
        if handset.blocked:
            raise forbidden("bot was blocked by the user")
        if not handset.started:
            raise forbidden("bot can't initiate conversation with a user")
        return handset

    def refused(self, method: str, refusal: Refused) -> None:
        """Remember a breach."""
        if refusal.breach:
            self.problems.append(f"{method}: {refusal.description}")

    def empty(self) -> None:
        """Start again: new chats, nothing waiting; the clock, the ledger and the problems stay."""
        with self.lock:
            for handset in self.handsets.values():
                handset.empty()
            self.presses.clear()
            self.updates.clear()
            self.files.clear()
            self._events.clear()
            self.emit(None, "reset")
