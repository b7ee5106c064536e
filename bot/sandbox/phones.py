"""What is on a phone: the person, their messages, their keyboard."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.files import File
from bot.sandbox.keyboards import Markup, Rows
from bot.sandbox.markup import Entity, to_html

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Phone:
    """One person's phone.

    Shape: `role` is shown under the name; a phone that is not `shown` works but is not drawn on the page.
    """

    key: str
    name: str
    role: str
    chat_id: int
    language: str = "en"
    shown: bool = True


@dataclass(slots=True)
class Message:
    """A message as the server keeps it.

    Shape: `text` is the caption of anything that is not of kind "text";
    `body` holds the other Bot API fields.
    """

    message_id: int
    mine: bool
    at: datetime
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    kind: str = "text"
    body: Json = field(default_factory=dict)
    file: File | None = None
    markup: Markup | None = None
    edited_at: datetime | None = None
    first_of_day: bool = False

    @property
    def rows(self) -> Rows:
        """The buttons under the message."""
        return self.markup.rows if self.markup else []


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as its reader sees it.

    Shape: `mine` is True for what the person sent; `buttons` are the labels under it, row by row.
    """

    message_id: int
    mine: bool
    text: str
    html: str
    buttons: list[list[str]]
    file_name: str | None
    kind: str
    edited: bool
    date: datetime


@dataclass(slots=True)
class Handset:
    """A phone in use."""

    phone: Phone
    messages: dict[int, Message] = field(default_factory=dict)
    keyboard: Markup | None = None
    started: bool = False
    blocked: bool = False
    payload: str = ""

    @property
    def rows(self) -> Rows:
        """The reply keyboard, row by row."""
        return self.keyboard.rows if self.keyboard else []

    def empty(self) -> None:
        """Back to a chat nobody has opened."""
        self.messages.clear()
        self.keyboard, self.started, self.blocked, self.payload = None, False, False, ""

    def user(self) -> Json:
        """The person, as the Bot API names them."""
        phone = self.phone
        return {
            "id": phone.chat_id, "is_bot": False, "first_name": phone.name, "language_code": phone.language,
        }  # fmt: skip

    def chat(self) -> Json:
        """The chat, as the Bot API names it."""
        return {"id": self.phone.chat_id, "type": "private", "first_name": self.phone.name}

    def as_json(self, message: Message, bot: Json) -> Json:
        """A message of this phone, as the Bot API gives it: only inline keyboards, unix seconds."""
        out: Json = {
            "message_id": message.message_id, "date": int(message.at.timestamp()), "chat": self.chat(),
            "from": self.user() if message.mine else bot,
        }  # fmt: skip
        if message.edited_at:
            out["edit_date"] = int(message.edited_at.timestamp())
        name = "text" if message.kind == "text" else "caption"
        if message.text:
            out[name] = message.text
        if message.entities:
            out["entities" if name == "text" else "caption_entities"] = message.entities
        if message.rows and message.markup:
            out["reply_markup"] = message.markup.raw
        return out | message.body

    def shown(self, message: Message, username: str) -> Shown:
        """A message of this phone, as its reader sees it."""
        return Shown(
            message.message_id,
            message.mine,
            message.text,
            to_html(message.text, message.entities, username),
            [[button.text for button in row] for row in message.rows],
            message.file.name if message.file else None,
            message.kind,
            message.edited_at is not None,
            message.at,
        )
