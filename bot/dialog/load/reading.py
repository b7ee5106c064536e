"""Reads nodes from the top; what is wrong is noted and the reading goes on."""

import re
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process

from bot.dialog import condition
from bot.dialog.load.nodes import NO_SPACE, ODD, Items, Keys, Node, Words
from bot.errors import Problem

Found = Mapping[str, tuple[Words, Node]]
"""The keys of a node, each with where it stands and what it holds."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question that names the nearest known word; "" when none is near."""
    near = process.extractOne(word[:60].lower(), list(known), scorer=fuzz.ratio, score_cutoff=60)
    return f'Did you mean "{near[0]}"?' if near else ""


class Reading:
    """What any part of a file can hold."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def add(self, code: str, node: Node, words: str, fix: str = "") -> None:
        """Note what is wrong at this node."""
        self.problems.append(Problem(node.line, node.column, code, f"{words}.", fix))

    def keys(self, node: Node, what: str, known: tuple[str, ...] = (), must: tuple[str, ...] = ()) -> Found:
        """The keys of this node that are known, each once."""
        if not isinstance(node, Keys):
            fix = f"Write {known[0] if known else 'home'}: …"
            self.add("D118", node, f"{what} begins with a key and a colon", fix)
            return {}
        found: dict[str, tuple[Words, Node]] = {}
        for number, (key, value) in enumerate(node.pairs):
            if isinstance(key, Words) and key.text == "id" and "id" in found:
                fix = "Begin the second one with a dash: - id: …"
                self.add("D113", key, f"{what} has one id, and here is a second", fix)
                break  # all that follows belongs to the second
            if not self.cut(node, number, known) and self.good_key(key, what, known, found):
                assert isinstance(key, Words)
                found[key.text] = (key, value)
                if empty(value):
                    words = f'nothing is written after "{short(key.text)}:"'
                    self.add("D116", key, words, _fill(node, number, known))
        for name in must:
            if name not in found:
                self.add("D115", node, f'{what} needs "{name}"', f"Add a line: {name}: …")
        return found

    def good_key(self, key: Node, what: str, known: tuple[str, ...], found: Found) -> bool:
        """Whether this key can be taken."""
        if not isinstance(key, Words):
            self.add("D118", key, "a bracket stands where a key should be", 'Put words in quotes: "…".')
        elif key.text in found:
            self.add("D113", key, f'"{short(key.text)}" is written twice here', "Take one of them out.")
        elif known and key.text not in known and re.search(ODD, key.text):
            self.add("D104", key, *NO_SPACE)
        elif known and key.text not in known:
            fix = did_you_mean(key.text, known) or f"It has: {', '.join(known)}."
            self.add("D114", key, f'{what} has no key "{short(key.text)}"', fix)
        else:
            return True
        return False

    def cut(self, node: Keys, number: int, known: tuple[str, ...]) -> bool:
        """Whether this key between braces is only the rest of a text that has a comma in it."""
        key, value = node.pairs[number]
        before = node.pairs[number - 1][1] if number else None
        if not (node.braces and empty(value) and isinstance(key, Words) and isinstance(before, Words)):
            return False
        if key.text in known:
            return False
        fix = f'Put the answer in quotes: "{short(f"{before.text}, {key.text}")}".'
        self.add("D117", before, "a comma cuts these words in two", fix)
        return True

    def text(self, node: Node, what: str) -> str:
        """The words of this node."""
        if isinstance(node, Words):
            return node.text.strip()
        sign = "a list" if isinstance(node, Items) else "keys"
        self.add("D119", node, f"{what} must be words, and this is {sign}", 'Put the words in quotes: "…".')
        return ""

    def words(self, found: Found, key: str) -> str:
        """The words under this key; "" when it is not there."""
        return self.text(found[key][1], f'"{key}"') if key in found else ""

    def items(self, found: Found, key: str) -> tuple[Node, ...]:
        """What is listed under this key; it must not be empty."""
        node = found[key][1] if key in found else None
        if isinstance(node, Items) and node.items:
            return node.items
        if node and not empty(node):
            fix = "Begin each line under it with a dash: - …"
            self.add("D120", found[key][0], f'"{key}" must be a list with something in it', fix)
        return ()

    def id(self, found: Found, key: str, most: int) -> str:
        """An id of at most so many letters."""
        word = self.words(found, key)
        return self.good_id(found[key][1], word, most) if word else ""

    def good_id(self, node: Node, word: str, most: int) -> str:
        """The word, noted when it cannot be an id."""
        if not re.fullmatch(r"[a-z][a-z0-9_]*", word) or len(word) > most:
            rule = f"Use small letters a to z, digits and _, at most {most}, a letter first."
            self.add("D121", node, f'"{short(word)}" cannot be an id', rule)
        elif word in condition.WORDS:
            fix = f'Call it something else, such as "{word}_".'
            self.add("D122", node, f'"{word}" is a word of conditions and cannot be an id', fix)
        return word

    def truth(self, found: Found, key: str) -> bool:
        """True or false; false when the key is not there."""
        word = self.words(found, key)
        if word not in ("", "true", "false"):
            self.add("D123", found[key][1], f'"{key}" is true or false, not "{short(word)}"')
        return word == "true"

    def one_of(self, found: Found, key: str, known: Sequence[str]) -> str:
        """One of these words; the first when the key is not there."""
        word = self.words(found, key) or known[0]
        if word not in known:
            fix = did_you_mean(word, known) or f"It can be: {', '.join(known)}."
            self.add("D128", found[key][1], f'"{key}" cannot be "{short(word)}"', fix)
            return known[0]
        return word

    def number(self, found: Found, key: str, most: int) -> int | None:
        """A whole number from 0; None when the key is not there."""
        word = self.words(found, key)
        if not word:
            return None
        if not re.fullmatch(r"[0-9]{1,6}", word) or int(word) > most:
            words = f'"{key}" is a number from 0 to {most}, not "{short(word)}"'
            self.add("D124", found[key][1], words)
            return None
        return int(word)

    def language(self, found: Found) -> str:
        """The code of a language; English when none is named."""
        word = self.words(found, "language") or "en"
        if not re.fullmatch(r"[a-z]{2,3}([_-][A-Za-z0-9]{2,8})*", word):
            words = f'"{short(word)}" is not the code of a language'
            self.add("D127", found["language"][1], words, "Write en or cy, for example.")
        return word


def _fill(node: Keys, number: int, known: tuple[str, ...]) -> str:
    """What to do about a key with nothing after it: what stands below may only be too far to the left."""
    after = node.pairs[number + 1][0] if number + 1 < len(node.pairs) else None
    if known and isinstance(after, Words) and after.text not in known:
        return "Move what belongs to it further to the right."
    return "Write something, or take it out."


def places(found: Found) -> tuple[tuple[str, int, int], ...]:
    """Where each key stands."""
    return tuple((name, key.line, key.column) for name, (key, _) in found.items())


def empty(node: Node) -> bool:
    """Whether nothing is written here."""
    return isinstance(node, Words) and not node.text.strip()


def short(words: str) -> str:
    """Words short enough for one line of a message."""
    return words if len(words) <= 60 else f"{words[:59]}…"
