"""Turns what is on the phones into HTML: the whole page, one bubble, one keyboard."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.sandbox.files import image_size, waveform
from bot.sandbox.markup import start_payload, to_html
from bot.sandbox.network import Network
from bot.sandbox.phones import Handset, Message

HERE = Path(__file__).parent
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
FONT = "atkinson-next.woff2"


class Static:
    """The files of the page, with an address that changes when they do."""

    def __init__(self) -> None:
        folder = HERE / "static"
        self.files = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in TYPES}
        css = self.files["chat.css"].decode().replace(FONT, f"{FONT}?v={self.version(FONT)}")
        self.files["chat.css"] = css.encode()

    def version(self, name: str) -> str:
        """A short print of a file's content."""
        return hashlib.sha256(self.files[name]).hexdigest()[:12]

    def url(self, name: str) -> str:
        """Where the page finds a file."""
        return f"/static/{name}?v={self.version(name)}"

    def type(self, name: str) -> str:
        """The media type of a file."""
        return TYPES[Path(name).suffix]


class Drawing:
    """Draws from the templates."""

    def __init__(self, network: Network) -> None:
        self.network, self.static = network, Static()
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        self._templates.globals.update(static=self.static.url, bubble=self.bubble, keys=self.keys)

    def clock(self) -> str:
        """The bot's clock in words: Saturday 21 November, 21:40."""
        now = self.network.now()
        return f"{self.network.day(now)}, {self.network.minute(now)}"

    def page(self, notice: str, has_jump: bool) -> str:
        """The whole page as it is now."""
        net = self.network
        phones = [handset for handset in net.handsets.values() if handset.phone.shown]
        return self._templates.get_template("page.html").render(
            phones=phones,
            name=net.about.text("name"),
            about=net.about,
            clock=self.clock(),
            since=f"{net.run}:{net.seq}",
            notice=notice,
            has_jump=has_jump,
        )

    def bubble(self, handset: Handset, message: Message) -> Markup:
        """One message with its buttons."""
        said = "/start" if message.mine and message.text.startswith("/start ") else message.text
        html = to_html(said, message.entities, self.network.bot["username"])  # a client hides the payload
        template = self._templates.get_template("bubble.html")
        return Markup(template.render(
            m=message, phone=handset.phone, text=Markup(html), payload=self._payload, waveform=waveform,
            image_size=image_size, day=self.network.day(message.at), minute=self.network.minute(message.at),
            iso=_iso(message.at), bot_name=self.network.about.text("name"),
        ))  # fmt: skip

    def keys(self, handset: Handset) -> Markup:
        """The reply keyboard; empty when there is none."""
        template = self._templates.get_template("keys.html")
        return Markup(template.render(phone=handset.phone, rows=handset.rows))

    def change(self, key: str, op: str, data: dict[str, Any]) -> dict[str, Any] | None:
        """An event as the page's script takes it; None when nothing of it is left to show."""
        handset = self.network.handsets.get(key)
        if handset is None:
            return {"op": op, **data}
        if not handset.phone.shown:
            return None
        return self._on_phone(handset, op, data)

    def _on_phone(self, handset: Handset, op: str, data: dict[str, Any]) -> dict[str, Any] | None:
        out = {"op": op, "phone": handset.phone.key, **data}
        if op in {"add", "edit"}:
            message = handset.messages.get(data["id"])
            return out | {"html": self.bubble(handset, message)} if message else None
        if op == "keys":
            placeholder = handset.keyboard.placeholder if handset.keyboard else ""
            return out | {"html": self.keys(handset), "placeholder": placeholder or "Message"}
        return out

    def _payload(self, url: str) -> str | None:
        return start_payload(url, self.network.bot["username"])


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
