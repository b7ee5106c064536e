"""All that passes into the engine and out of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

Say = Callable[[str], str]
"""Gives the words of the program or of a script in the person's language."""

Row = tuple[str, str]
"""A label and words; without a label, the words are a heading over those below, "" only an empty line."""

Keys = tuple[tuple[str, ...], ...]
"""A reply keyboard: rows of labels. Pressing one sends its words."""

CUT = 3500
"""From this length on, a message may be one part of a longer one: a phone cuts those. Units: UTF-16 units."""

MOST = 4000
"""How long one message may be, in UTF-16 units. Source: Telegram takes 4096; room is left for safety."""

LEAST = 200
"""So long is each piece of words that do not fit one message, whatever stands above it."""

UNDER_ONE = 90
"""How many buttons may stand under one message. Source: Telegram takes 100; room is left for safety."""

CAPTION = 1024
"""How long the words under a thing may be. Units: UTF-16 units. Source: Bot API, sendPhoto."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that is not words.

    Shape: `kind` is photo, voice or document. `file` is Telegram's name for it, or the name of a file in
    dialogs/samples/ ("easy_read.png"; only such a name has a dot in it).
    """

    kind: str
    file: str


@dataclass(frozen=True, slots=True)
class Said:
    """One thing a person did: typed words, pressed a button under a message, or sent something.

    Shape: `tapped` and `asked` come together: the code of a button and the place it belonged to.
    `thing` is "" for words, else what was sent: photo, voice, sticker, document, contact, location, other.
    `file` is Telegram's name for a photo, a voice or a document; `point` is where, when a place was sent;
    `card` is the name and the number of a contact that was sent.
    `unseen` is true when the newest question was certainly not on their screen yet.
    Units: `at` is whole seconds since 1970, by Telegram's clock; `point` is (latitude, longitude) in degrees.
    """

    text: str = ""
    tapped: str = ""
    asked: str = ""
    thing: str = ""
    at: int = 0
    unseen: bool = False
    file: str = ""
    point: tuple[float, float] | None = None
    card: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """One update, as the program understands it: whose phone it came from and what they did there.

    Shape: `start` is the word that came with a link ("" for a bare /start, None when it is no /start).
    `message` is the message whose button was pressed. `file_name` is the sender's name for a document.
    `blocked` is True when they blocked the bot, False when they came back.
    """

    update: int
    chat: int
    name: str = ""
    language: str = ""
    said: Said = Said()
    start: str | None = None
    message: int = 0
    file_name: str = ""
    file_size: int = 0
    edited: bool = False
    blocked: bool | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message.

    Shape: `place` says what it belongs to, `code` what it means there; both are short, without colons.
    """

    code: str
    label: str
    place: str = ""
    ticked: bool = False


THE_END = "the end"
"""What a message `asks` that says where the talk is, when every question has been answered."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One message to show; every surface draws it in its own way.

    Shape: a bold `title`, `text`, `rows` of a bold label and words (see Row), then `after`. `keys` is the
    reply keyboard: None leaves it as it is, () takes it away. `buttons` stand under the message, `columns` a
    row. A message cannot carry both. `edits` redraws the message whose button was pressed. `thing` is shown
    with the words. `wants` are the keys that send something: (label, "location") or (label, "contact").
    `asks` is the place of the question that is asked, THE_END when there is none left, "" when it is about
    no question.
    """

    text: str = ""
    title: str = ""
    rows: tuple[Row, ...] = ()
    after: str = ""
    keys: Keys | None = None
    buttons: tuple[Button, ...] = ()
    edits: bool = False
    columns: int = 1
    thing: Thing | None = None
    wants: tuple[tuple[str, str], ...] = ()
    asks: str = ""

    def __post_init__(self) -> None:
        assert not (self.keys and self.buttons), "a message carries one keyboard"


class State(StrEnum):
    """What has become of a question."""

    GIVEN = "given"
    SKIPPED = "skipped"  # the person would rather not say
    UNSURE = "unsure"
    OPEN = "open"  # being answered
    CHANGING = "changing"  # answered, and opened again to change it


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to keep: what became of the question at this place."""

    place: str
    state: State
    value: Any = None


class Event(StrEnum):
    """Something that concerns more than the chat."""

    HELP_WANTED = "help wanted"  # they want to talk to a person
    ASKING = "asking"  # their next words are a question of theirs
    SHARED = "shared"
    STOPPED = "stopped"
    RESUMED = "resumed"
    DECLINED = "declined"  # they do not want anything kept
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Turn:
    """What follows from one Said: facts to keep, events to act on, then messages to send."""

    facts: tuple[Fact, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    events: tuple[Event, ...] = ()


def length(words: str) -> int:
    """How long Telegram finds these words.

    Units: UTF-16 units.
    """
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def split(prompt: Prompt, most: int = MOST) -> tuple[Prompt, ...]:
    """The same message as few messages as fit; nothing is cut away.

    Shape: the keyboard goes with the last. Rows below one heading stay together where they fit. A thing whose
    words are too long for it goes before them, alone.
    A prompt that edits is never split.
    """
    if prompt.edits or _size(prompt) <= (CAPTION if prompt.thing else most):
        return (prompt,)
    if prompt.thing:
        return (Prompt(thing=prompt.thing), *split(replace(prompt, thing=None), most))
    if length(prompt.title) > most // 2:  # words could not go on below it
        prompt = replace(prompt, title="", text=f"{prompt.title}\n\n{prompt.text}".rstrip())
    parts = [
        Prompt(title=prompt.title, text=piece) for piece in _pieces(prompt.text, most - length(prompt.title))
    ]
    parts[1:] = [replace(part, title="") for part in parts[1:]]
    for group in _groups(prompt.rows):
        parts = _add_group(parts, group, most)
    parts += [Prompt(text=piece) for piece in _pieces(prompt.after, most) if piece]
    keyboard = {name: getattr(prompt, name) for name in ("keys", "buttons", "columns", "wants", "asks")}
    return (*parts[:-1], replace(parts[-1], **keyboard))


def _size(prompt: Prompt) -> int:
    """How long it is at most, with the colons and the empty lines between its parts."""
    rows = "\n".join(f"{label}: {words}" for label, words in prompt.rows)
    return length("\n\n".join(filter(None, (prompt.title, prompt.text, rows, prompt.after))))


def _groups(rows: tuple[Row, ...]) -> list[list[Row]]:
    """Each heading with the rows below it; first those above any heading."""
    groups: list[list[Row]] = []
    for row in rows:
        if not groups or not row[0]:
            groups.append([])
        groups[-1].append(row)
    return groups


def _add_group(parts: list[Prompt], group: list[Row], most: int) -> list[Prompt]:
    """With these rows: below the others, else in a message of their own, else in as many as it takes."""
    longer = replace(parts[-1], rows=(*parts[-1].rows, *group))
    if _size(longer) <= most:
        return [*parts[:-1], longer]
    heading = group[0][1] if not group[0][0] else ""
    parts = [*parts, Prompt()] if parts[-1].rows or (heading and parts[-1].text) else parts
    for label, words in group:
        for piece in _pieces(words, most - length(label) - length(heading) - 8):
            parts = _add(parts, (label, piece), most)
    return parts


def _add(parts: list[Prompt], row: Row, most: int) -> list[Prompt]:
    longer = replace(parts[-1], rows=(*parts[-1].rows, row))
    return [*parts[:-1], longer] if _size(longer) <= most else [*parts, Prompt(rows=(row,))]


def _pieces(words: str, most: int) -> list[str]:
    """Words in pieces that fit, cut at a line or a space where there is one; so it ends, none is tiny."""
    pieces, most = list[str](), max(most, LEAST)
    while length(words) > most:
        end = most // 2 if length(words[:most]) > most else most
        cut = max(words.rfind("\n", end // 2, end), words.rfind(" ", end // 2, end))
        cut = cut if cut > 0 else end
        pieces.append(words[:cut].rstrip())
        words = words[cut:].lstrip()
    return [*pieces, words]
