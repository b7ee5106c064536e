"""What a person does with their phone: types, presses, sends, blocks. Safe from any thread."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.sandbox.api import file_body
from bot.sandbox.files import File
from bot.sandbox.keyboards import Button
from bot.sandbox.markup import cut, tidy, units
from bot.sandbox.network import Network, Press
from bot.sandbox.phones import Handset, Message, Shown

LONGEST = 4096
TINY_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360d0d8f01f00"
    "03020190a0fb0fe80000000049454e44ae426082"
)
TINY_VOICE = b"OggS" + bytes(60)
LONDON = 51.5072, -0.1276
"""Where everybody is. Units: degrees, latitude and longitude."""

Condition = Callable[[], object]


class People:
    """The people of a sandbox, by the key of their phone."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def start_with(self, key: str, payload: str) -> None:
        """What this phone's Start button sends after /start."""
        self.network.handset(key).payload = payload

    def press_start(self, key: str) -> None:
        """Press the big Start button; it also ends a block."""
        handset = self.network.handset(key)
        if handset.blocked:
            self.unblock(key)
        payload, handset.payload = handset.payload, ""
        self.say(key, f"/start {payload}".strip())

    def say(self, key: str, text: str, *, date: datetime | None = None) -> list[int]:
        """Type words and send them.

        Shape: more than 4096 UTF-16 units go out as several messages, as a client does it; their ids.
        Raises: ValueError when there are no words, RuntimeError when the person has blocked the bot.
        """
        parts = _parts(text.strip())
        if not parts:
            raise ValueError("a message needs words")
        return [self._post(key, date=date, text=part, entities=tidy(part, [])) for part in parts]

    def _post(self, key: str, *, date: datetime | None = None, **what: Any) -> int:
        net, handset = self.network, self.network.handset(key)
        if handset.blocked:
            raise RuntimeError(f"{handset.phone.name} has blocked the bot")
        with net.lock:
            handset.started = True
            message = net.add(handset, mine=True, at=date, **what)
            net.updates.add({"message": handset.as_json(message, net.bot)})
        return message.message_id

    def press(self, key: str, label: str) -> None:
        """Press the button with exactly this label: the reply keyboard first, then the newest message.

        Raises: LookupError listing what could be pressed.
        """
        handset = self.network.handset(key)
        wanted = [b for row in handset.rows for b in row if b.text == label] if self.keyboard(key) else []
        if wanted:
            self._press_reply(key, handset, wanted[0])
            return
        for message in reversed(list(handset.messages.values())):
            if any(b.text == label and b.data is not None for row in message.rows for b in row):
                self.press_on(key, message.message_id, label)
                return
        raise LookupError(f"no button {label!r} on {handset.phone.name}'s phone; {self._buttons(key)}")

    def _press_reply(self, key: str, handset: Handset, button: Button) -> None:
        if handset.keyboard and handset.keyboard.raw.get("one_time_keyboard"):
            handset.keyboard = None
            self.network.emit(handset, "keys")
        if button.asks == "contact":
            self.send_contact(key)
        elif button.asks == "location":
            self.send_location(key)
        else:
            self.say(key, button.text)

    def _buttons(self, key: str) -> str:
        inline = [label for shown in self.screen(key) for row in shown.buttons for label in row]
        reply = [label for row in self.keyboard(key) for label in row]
        return f"reply keyboard: {reply or 'none'}; under messages: {inline or 'none'}"

    def press_on(
        self, key: str, message_id: int, label: str | None = None, *, data: str | None = None
    ) -> str:
        """Press an inline button of any message, also an old one; the id of the callback query.

        Shape: `data` presses what may no longer be shown. Raises: LookupError when there is no such button.
        """
        net, handset = self.network, self.network.handset(key)
        with net.lock:
            message = handset.messages.get(message_id)
            if data is None:
                data = _data_of(message, label)
            query = str(secrets.randbelow(10**18))
            net.presses[query] = Press(handset, message_id, label or data)
            gone = {"chat": handset.chat(), "message_id": message_id, "date": 0}
            net.updates.add({"callback_query": {
                "id": query, "from": handset.user(), "chat_instance": str(handset.phone.chat_id),
                "data": data,
                "message": handset.as_json(message, net.bot) if message else gone,
            }})  # fmt: skip
        return query

    def unanswered(self) -> list[str]:
        """Every press the bot has not answered, in words."""
        return [
            f"{press.handset.phone.name} pressed {press.label!r} on message {press.message_id}"
            for press in self.network.presses.values()
            if not press.answered
        ]

    def send_photo(self, key: str, data: bytes = TINY_PICTURE, caption: str = "") -> int:
        """Send a picture; its message id."""
        return self._send_file(key, "photo", "", data, caption)

    def send_voice(self, key: str, data: bytes = TINY_VOICE, duration: int = 3, caption: str = "") -> int:
        """Send a voice note; its message id. Units: seconds."""
        return self._send_file(key, "voice", "", data, caption, duration)

    def send_document(self, key: str, file_name: str, data: bytes, caption: str = "") -> int:
        """Send a file; its message id."""
        return self._send_file(key, "document", file_name, data, caption)

    def _send_file(self, key: str, kind: str, name: str, data: bytes, caption: str, duration: int = 0) -> int:
        file: File = self.network.files.keep(kind, name, data)
        body = file_body(kind, file, duration)
        text = cut(caption.strip(), 0, 1024)
        return self._post(key, kind=kind, file=file, body=body, text=text, entities=tidy(text, []))

    def send_sticker(self, key: str, emoji: str = "👍") -> int:
        """Send a sticker; its message id."""
        file = self.network.files.keep("sticker", "sticker.webp", b"RIFF\0\0\0\0WEBP")
        look = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._post(key, kind="sticker", body={"sticker": {**file.as_json(), **look, "emoji": emoji}})

    def send_contact(self, key: str, name: str = "", phone_number: str = "+44 7700 900123") -> int:
        """Share the number of somebody by that name, else the person's own; the message id."""
        phone = self.network.handset(key).phone
        own = {} if name else {"user_id": phone.chat_id}
        contact = {"phone_number": phone_number, "first_name": name or phone.name, **own}
        return self._post(key, kind="contact", body={"contact": contact})

    def send_location(self, key: str, latitude: float = LONDON[0], longitude: float = LONDON[1]) -> int:
        """Share where the person is; the message id. Units: degrees."""
        body = {"location": {"latitude": latitude, "longitude": longitude}}
        return self._post(key, kind="location", body=body)

    def edit(self, key: str, message_id: int, text: str) -> None:
        """Change a message the person has sent. Raises: LookupError when it is not one of theirs."""
        net, handset = self.network, self.network.handset(key)
        with net.lock:
            message = handset.messages.get(message_id)
            if message is None or not message.mine:
                raise LookupError(f"{handset.phone.name} has sent no message {message_id}")
            message.text, message.entities, message.edited_at = text, tidy(text, []), net.now()
            net.emit(handset, "edit", id=message_id)
            net.updates.add({"edited_message": handset.as_json(message, net.bot)})

    def block(self, key: str) -> None:
        """Block the bot: it hears of it, and every send is refused."""
        self._member(key, True)

    def unblock(self, key: str) -> None:
        """Let the bot write again."""
        self._member(key, False)

    def _member(self, key: str, blocked: bool) -> None:
        net, handset = self.network, self.network.handset(key)
        member = {"user": net.bot, "status": "member"}
        kicked = {"user": net.bot, "status": "kicked", "until_date": 0}
        handset.blocked = blocked
        net.updates.add({"my_chat_member": {
            "chat": handset.chat(), "from": handset.user(), "date": int(net.now().timestamp()),
            "old_chat_member": member if blocked else kicked,
            "new_chat_member": kicked if blocked else member,
        }})  # fmt: skip

    def screen(self, key: str) -> list[Shown]:
        """Everything on the phone now, oldest first."""
        net, handset = self.network, self.network.handset(key)
        with net.lock:
            return [handset.shown(message, net.bot["username"]) for message in handset.messages.values()]

    def keyboard(self, key: str) -> list[list[str]]:
        """The labels of the reply keyboard, row by row; empty when there is none."""
        return [[button.text for button in row] for row in self.network.handset(key).rows]

    def last(self, key: str) -> str:
        """The words of the bot's newest message; empty when it has sent none."""
        return next((shown.text for shown in reversed(self.screen(key)) if not shown.mine), "")

    def picture(self) -> str:
        """All phones in words, for a failed test."""
        lines = []
        for key, handset in self.network.handsets.items():
            lines.append(f"--- {handset.phone.name}{' (blocked)' if handset.blocked else ''}")
            lines += [_line(shown) for shown in self.screen(key)] or ["  (nothing yet)"]
            lines += [f"  keyboard: {row}" for row in self.keyboard(key)]
        return "\n".join(lines)


def _line(shown: Shown) -> str:
    what = shown.text if shown.kind == "text" else f"({shown.kind} {shown.file_name or ''}) {shown.text}"
    buttons = "".join(f"\n    {row}" for row in shown.buttons)
    return f"  {shown.message_id} {'>' if shown.mine else '<'} {what}{buttons}"


def _data_of(message: Message | None, label: str | None) -> str:
    rows = message.rows if message else []
    found = [b.data for row in rows for b in row if b.text == label and b.data is not None]
    if not found:
        raise LookupError(f"no button {label!r}; there are {[b.text for row in rows for b in row]}")
    return found[0]


def _parts(text: str) -> list[str]:
    parts = []
    while text:
        part = cut(text, 0, LONGEST)
        if units(text) > LONGEST:
            space = max(part.rfind("\n"), part.rfind(" "))
            part = part[:space] if space > 0 else part
        parts.append(part)
        text = text[len(part) :].strip()
    return parts
