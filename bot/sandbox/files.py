"""Files that were sent, kept in memory: names, kinds, sizes, and a drawing for a voice note."""

import hashlib
import secrets
from dataclasses import dataclass
from itertools import count
from pathlib import PurePosixPath
from typing import Any

MAGIC = [
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"GIF8", "image/gif", ".gif"),
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"OggS", "audio/ogg", ".ogg"),
    (b"ID3", "audio/mpeg", ".mp3"),
    (b"\xff\xfb", "audio/mpeg", ".mp3"),
    (b"\x1aE\xdf\xa3", "audio/webm", ".webm"),
]
BY_NAME = {
    ".txt": "text/plain",
    ".html": "text/html",
    ".ics": "text/calendar",
    ".csv": "text/csv",
    ".json": "application/json",
    ".m4a": "audio/mp4",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FOLDERS = {"photo": "photos", "voice": "voice", "sticker": "stickers"}
TYPES = {"photo": "Photo", "voice": "VoiceNote", "sticker": "Sticker", "document": "Document"}
"""What Telegram calls each kind in its errors."""

BARS = 48


@dataclass(frozen=True, slots=True)
class File:
    """One file.

    Shape: `kind` as in Message. `mime` is what the first bytes say, else what the name says.
    """

    id: str
    kind: str
    name: str
    mime: str
    data: bytes
    path: str

    @property
    def unique_id(self) -> str:
        """The same for the same bytes, as Telegram's is."""
        return hashlib.sha256(self.data).hexdigest()[:16]

    @property
    def tag(self) -> str:
        """The short word on its picture: PDF, TXT."""
        return PurePosixPath(self.name).suffix[1:5].upper() or "FILE"

    @property
    def size(self) -> str:
        """How big it is, in words. Units: kilobytes or megabytes."""
        kb = len(self.data) / 1024
        return f"{kb / 1024:.1f} MB" if kb >= 1000 else f"{max(1, round(kb))} KB"

    @property
    def is_image(self) -> bool:
        """Whether the page can show it as a picture."""
        return self.mime.startswith("image/")

    def as_json(self) -> dict[str, Any]:
        """What every kind of file has in the Bot API."""
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": len(self.data)}


class Files:
    """All files of a sandbox."""

    def __init__(self) -> None:
        self._by_id: dict[str, File] = {}
        self._numbers = count(1)

    def keep(self, kind: str, name: str, data: bytes) -> File:
        """Keep a file. Shape: `kind` as in Message; an empty name is made up."""
        mime, suffix = sniff(data, name)
        path = f"{FOLDERS.get(kind, 'documents')}/file_{next(self._numbers)}{suffix}"
        file = File(secrets.token_urlsafe(24), kind, name or PurePosixPath(path).name, mime, data, path)
        self._by_id[file.id] = file
        return file

    def get(self, file_id: str) -> File | None:
        """The file with this id."""
        return self._by_id.get(file_id)

    def at(self, path: str) -> File | None:
        """The file with this path."""
        return next((file for file in self._by_id.values() if file.path == path), None)

    def clear(self) -> None:
        """Forget them all."""
        self._by_id.clear()


def sniff(data: bytes, name: str) -> tuple[str, str]:
    """The type of some bytes and the ending that fits it."""
    for start, mime, suffix in MAGIC:
        if data.startswith(start):
            return mime, suffix
    if data[:4] == b"RIFF":
        return ("image/webp", ".webp") if data[8:12] == b"WEBP" else ("audio/wav", ".wav")
    if data[4:8] == b"ftyp":
        return "audio/mp4", ".m4a"
    suffix = PurePosixPath(name).suffix.lower()
    return BY_NAME.get(suffix, "application/octet-stream"), suffix


def image_size(data: bytes) -> tuple[int, int]:
    """Width and height of a picture; only a PNG is really looked at. Units: pixels."""
    if data.startswith(b"\x89PNG") and len(data) >= 24:
        return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    return 800, 600


def waveform(data: bytes) -> list[int]:
    """Bars for a voice note: for the eye only, always the same for the same bytes. Units: 2 to 22 of 24."""
    seed = hashlib.sha256(data).digest() * 2
    hills = [abs(8 - (i + seed[0]) % 16) / 8 for i in range(BARS)]
    return [
        2 + round(20 * (0.35 * hill + 0.65 * byte / 255)) for hill, byte in zip(hills, seed, strict=False)
    ]


def seconds(data: bytes) -> int:
    """How long a sound lasts, as far as its bytes say: a WAV or an Ogg with Opus; else 0."""
    if data.startswith(b"OggS"):
        last = data.rfind(b"OggS")
        return round(int.from_bytes(data[last + 6 : last + 14], "little") / 48_000)
    a_second = int.from_bytes(data[28:32], "little") if data.startswith(b"RIFF") else 0
    return round((len(data) - 44) / a_second) if a_second else 0
