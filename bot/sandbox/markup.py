"""Telegram's HTML: read as strictly as Telegram does, and turned into safe HTML for the page."""

import re
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.refused import Refused, bad

Entity = dict[str, Any]

KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "code": "code", "pre": "pre", "blockquote": "blockquote", "a": "text_link",
}  # fmt: skip
DRAWN = {
    "bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "expandable_blockquote": "blockquote",
}  # fmt: skip
PIECE = re.compile(r"""<(?P<end>/?)(?P<tag>[^\s>/"'<]*)(?P<rest>(?:[^>"']|"[^"]*"|'[^']*')*)>|<|[^<]+""")
ATTRIBUTE = re.compile(r"""([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
ESCAPED = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)'\]]")
COMMAND = re.compile(r"(?<![\w/])/[a-zA-Z0-9_]{1,64}(?:@\w+)?")


def units(text: str) -> int:
    """Length as Telegram counts it. Units: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, start: int, length: int) -> str:
    """A part of a text. Units: UTF-16 code units."""
    return text.encode("utf-16-le")[2 * start : 2 * (start + length)].decode("utf-16-le", "ignore")


def parse(text: str, mode: str | None) -> tuple[str, list[Entity]]:
    """The plain text and its entities.

    Shape: entities by offset, the outer ones first; links and commands nobody marked are found too.
    Units: UTF-16 code units.
    Raises: Refused with Telegram's words, when the HTML is not what Telegram takes.
    """
    if mode and mode.upper() != "HTML":
        raise bad("unsupported parse_mode")
    plain, entities = _Reader(text).read() if mode else (text, [])
    plain, entities = _trim(plain, entities)
    return plain, tidy(plain, entities)


def tidy(text: str, entities: list[Entity]) -> list[Entity]:
    """All entities of a text in Telegram's order, with the links and commands Telegram finds by itself."""
    found = [e for e in _noticed(text) if not any(_clash(e, other) for other in entities)]
    return sorted(entities + found, key=lambda e: (e["offset"], -e["length"]))


def _noticed(text: str) -> list[Entity]:
    marks = [("url", m) for m in ADDRESS.finditer(text)]
    marks += [("bot_command", m) for m in COMMAND.finditer(ADDRESS.sub(lambda m: "x" * len(m[0]), text))]
    return [{"type": kind, "offset": units(text[: m.start()]), "length": units(m[0])} for kind, m in marks]


def _clash(found: Entity, marked: Entity) -> bool:
    a, b = found["offset"], found["offset"] + found["length"]
    c, d = marked["offset"], marked["offset"] + marked["length"]
    apart = b <= c or d <= a
    inside = c <= a and b <= d or a <= c and d <= b
    return not apart and (not inside or marked["type"] in {"text_link", "code", "pre"})


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    front = units(text) - units(text.lstrip())
    text = text.strip()
    end, kept = units(text), []
    for entity in entities:
        start = max(entity["offset"] - front, 0)
        stop = min(entity["offset"] + entity["length"] - front, end)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return text, kept


@dataclass
class _Open:
    tag: str
    offset: int
    entity: Entity | None


@dataclass
class _Reader:
    source: str
    out: list[str] = field(default_factory=list)
    length: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> tuple[str, list[Entity]]:
        for piece in PIECE.finditer(self.source):
            if not piece[0].startswith("<"):
                self._words(piece[0])
            elif piece["tag"] is None:
                raise self._problem("Unclosed start tag", piece)
            elif piece["end"]:
                self._close(piece)
            else:
                self._open(piece)
        if self.stack:
            tag = self.stack[-1].tag
            raise _unreadable(f'Can\'t find end tag corresponding to start tag "{tag}"')
        return "".join(self.out), self.entities

    def _words(self, escaped: str) -> None:
        words = ESCAPED.sub(_unescaped, escaped)
        self.out.append(words)
        self.length += units(words)

    def _open(self, piece: re.Match[str]) -> None:
        tag = piece["tag"].lower()
        given = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in ATTRIBUTE.finditer(piece["rest"])}
        if tag not in KINDS:
            raise self._problem(f'Unsupported start tag "{tag}"', piece)
        if tag == "span" and given.get("class") != "tg-spoiler":
            raise self._problem('Tag "span" must have class "tg-spoiler"', piece)
        self.stack.append(_Open(tag, self.length, self._entity(tag, given)))

    def _entity(self, tag: str, given: dict[str, str]) -> Entity | None:
        if tag == "a":
            href = ESCAPED.sub(_unescaped, given.get("href", ""))
            return {"type": "text_link", "url": href} if "." in href or ":" in href else None
        language = given.get("class", "").removeprefix("language-")
        if tag == "code" and self.stack and self.stack[-1].tag == "pre" and language:
            outer = self.stack[-1].entity
            if outer is not None:
                outer["language"] = language
            return None
        if tag == "blockquote" and "expandable" in given:
            return {"type": "expandable_blockquote"}
        return {"type": KINDS[tag]}

    def _close(self, piece: re.Match[str]) -> None:
        tag = piece["tag"].lower()
        if not self.stack:
            raise self._problem("Unexpected end tag", piece)
        opened = self.stack.pop()
        if opened.tag != tag:
            where = _bytes_before(self.source, piece)
            raise _unreadable(
                f'Unmatched end tag at byte offset {where}, expected "</{opened.tag}>", found "</{tag}>"'
            )
        length = self.length - opened.offset
        if opened.entity is not None and length:
            self.entities.append({"offset": opened.offset, "length": length, **opened.entity})

    def _problem(self, words: str, piece: re.Match[str]) -> Refused:
        return _unreadable(f"{words} at byte offset {_bytes_before(self.source, piece)}")


def _unreadable(words: str) -> Refused:
    return bad(f"can't parse entities: {words}")


def _bytes_before(source: str, piece: re.Match[str]) -> int:
    return len(source[: piece.start()].encode())


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        return NAMED[found[1]]
    code = int(found[2]) if found[2] else int(found[3], 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else found[0]


def to_html(text: str, entities: list[Entity], username: str = "") -> str:
    """Safe HTML for the page: everything escaped, only the entities become tags.

    Shape: line breaks stay line breaks; links into the bot become buttons of the page's `open` form.
    """
    starts: dict[int, list[Entity]] = {}
    for entity in entities:
        starts.setdefault(entity["offset"], []).append(entity)
    out, stack, at = [], list[tuple[int, str]](), 0
    for letter in [*text, ""]:
        while stack and stack[-1][0] <= at:
            out.append(stack.pop()[1])
        for entity in starts.get(at, []) if letter else []:
            before, after = _tags(entity, cut(text, at, entity["length"]), username)
            out.append(before)
            stack.append((at + entity["length"], after))
        out.append(escape(letter))
        at += units(letter)
    return "".join(out + [after for _, after in reversed(stack)])


def _tags(entity: Entity, words: str, username: str) -> tuple[str, str]:
    kind = entity["type"]
    if kind in {"url", "text_link"}:
        return _link(entity.get("url", words), username)
    if kind == "spoiler":
        return '<span class="spoiler">', "</span>"
    tag = DRAWN.get(kind, "")
    return (f"<{tag}>", f"</{tag}>") if tag else ("", "")


def _link(url: str, username: str) -> tuple[str, str]:
    payload = start_payload(url, username)
    if payload is not None:
        return f'<button class="linkish" form="open" name="start" value="{escape(payload)}">', "</button>"
    if not url.startswith(("https://", "http://", "mailto:", "tel:", "tg:")):
        return "", ""
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">', "</a>"


def start_payload(url: str, username: str) -> str | None:
    """What follows `?start=` in a link into this bot; None for any other link."""
    parts = urlsplit(url)
    ours = parts.netloc == "t.me" and parts.path.strip("/").lower() == username.lower()
    return parse_qs(parts.query).get("start", [""])[0] if username and ours else None
