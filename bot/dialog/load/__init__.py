"""The text of a script file as a Script, with every mistake found at once."""

import re
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

from bot.dialog import condition
from bot.dialog.load.nodes import Items, Keys, Node, Words, read
from bot.dialog.script import Option, Question, Script, Section
from bot.errors import ConditionWrong, Problem, ScriptProblems

SCRIPT = ("script", "title", "language", "sections")
SECTION = ("id", "title", "for_each", "questions")
EVERY = ("id", "kind", "ask", "label", "why", "examples", "when")
"""The keys every question has."""
SOME = ("options", "item", "nobody", "most", "say_more", "yes", "no", "if_no", "private")
"""The keys some kinds take."""
OPTION = ("label", "say_more", "alone")
MOST_ITEMS = 50

_Found = Mapping[str, tuple[Words, Node]]


def load(text: str, name: str = "script") -> Script:
    """What a script file says.

    Raises: ScriptProblems, with all that is wrong in the file as a file (D1xx).
    """
    root, problems = read(text)
    reading = _Reading(problems)
    script = reading.script(root) if root else None
    if script is None or reading.problems:
        raise ScriptProblems(name, reading.problems)
    return script


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question that names the nearest known word; "" when none is near."""
    near = process.extractOne(word[:60].lower(), list(known), scorer=fuzz.ratio, score_cutoff=60)
    return f'Did you mean "{near[0]}"?' if near else ""


class _Reading:
    """Walks the nodes from the top; what is wrong is noted and the walk goes on."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def add(self, code: str, node: Node, words: str, fix: str = "") -> None:
        self.problems.append(Problem(node.line, node.column, code, f"{words}.", fix))

    def script(self, node: Node) -> Script:
        found = self.keys(node, "a script", SCRIPT, ("script", "title", "sections"))
        return Script(
            id=self.id(found, "script", 40),
            title=self.words(found, "title"),
            sections=tuple(map(self.section, self.items(found, "sections"))),
            language=self.language(found),
        )

    def section(self, node: Node) -> Section:
        found = self.keys(node, "a section", SECTION, ("id", "title", "questions"))
        return Section(
            id=self.id(found, "id", 24),
            title=self.words(found, "title"),
            questions=tuple(map(self.question, self.items(found, "questions"))),
            for_each=self.words(found, "for_each"),
            found=_places(found),
            line=node.line,
            column=node.column,
        )

    def question(self, node: Node) -> Question:
        found = self.keys(node, "a question", EVERY + SOME, ("id", "kind", "ask"))
        plain = ("kind", "ask", "label", "why", "nobody", "say_more", "yes", "no")
        return Question(
            id=self.id(found, "id", 24),
            examples=tuple(self.text(item, "an example") for item in self.items(found, "examples")),
            options=self.options(found),
            when=self.when(found),
            item=self.id(found, "item", 20),
            most=self.most(found),
            if_no=self.if_no(found),
            private=self.truth(found, "private"),
            found=_places(found),
            line=node.line,
            column=node.column,
            **{key: self.words(found, key) for key in plain},
        )

    def keys(self, node: Node, what: str, known: tuple[str, ...] = (), must: tuple[str, ...] = ()) -> _Found:
        """The keys of this node that are known, each once."""
        if not isinstance(node, Keys):
            fix = f"Write {known[0] if known else 'home'}: …"
            self.add("D118", node, f"{what} begins with a key and a colon", fix)
            return {}
        found: dict[str, tuple[Words, Node]] = {}
        for number, (key, value) in enumerate(node.pairs):
            if not self.cut(node, number, known) and self.good_key(key, what, known, found):
                assert isinstance(key, Words)
                found[key.text] = (key, value)
                if _empty(value):
                    words = f'nothing is written after "{_short(key.text)}:"'
                    self.add("D116", key, words, "Write something, or take it out.")
        for name in must:
            if name not in found:
                self.add("D115", node, f'{what} needs "{name}"', f"Add a line: {name}: …")
        return found

    def good_key(self, key: Node, what: str, known: tuple[str, ...], found: _Found) -> bool:
        if not isinstance(key, Words):
            self.add("D118", key, "a bracket stands where a key should be", 'Put words in quotes: "…".')
        elif key.text in found:
            self.add("D113", key, f'"{_short(key.text)}" is written twice here', "Take one of them out.")
        elif known and key.text not in known:
            fix = did_you_mean(key.text, known) or f"It has: {', '.join(known)}."
            self.add("D114", key, f'{what} has no key "{_short(key.text)}"', fix)
        else:
            return True
        return False

    def cut(self, node: Keys, number: int, known: tuple[str, ...]) -> bool:
        """Whether this key between braces is only the rest of a text that has a comma in it."""
        key, value = node.pairs[number]
        before = node.pairs[number - 1][1] if number else None
        if not (node.braces and _empty(value) and isinstance(key, Words) and isinstance(before, Words)):
            return False
        if key.text in known:
            return False
        fix = f'Put the answer in quotes: "{_short(f"{before.text}, {key.text}")}".'
        self.add("D117", before, "a comma cuts these words in two", fix)
        return True

    def text(self, node: Node, what: str) -> str:
        """The words of this node."""
        if isinstance(node, Words):
            return node.text.strip()
        sign = "a list" if isinstance(node, Items) else "keys"
        self.add("D119", node, f"{what} must be words, and this is {sign}", 'Put the words in quotes: "…".')
        return ""

    def words(self, found: _Found, key: str) -> str:
        return self.text(found[key][1], f'"{key}"') if key in found else ""

    def items(self, found: _Found, key: str) -> tuple[Node, ...]:
        """What is listed under this key; it must not be empty."""
        node = found[key][1] if key in found else None
        if isinstance(node, Items) and node.items:
            return node.items
        if node and not _empty(node):
            fix = "Begin each line under it with a dash: - …"
            self.add("D120", found[key][0], f'"{key}" must be a list with something in it', fix)
        return ()

    def id(self, found: _Found, key: str, most: int) -> str:
        word = self.words(found, key)
        return self.good_id(found[key][1], word, most) if word else ""

    def good_id(self, node: Node, word: str, most: int) -> str:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", word) or len(word) > most:
            rule = f"Use small letters a to z, digits and _, at most {most}, a letter first."
            self.add("D121", node, f'"{_short(word)}" cannot be an id', rule)
        elif word in condition.WORDS:
            fix = f'Call it something else, such as "{word}_".'
            self.add("D122", node, f'"{word}" is a word of conditions and cannot be an id', fix)
        return word

    def options(self, found: _Found) -> tuple[Option, ...]:
        key, node = found.get("options", (None, None))
        if key is None or node is None or _empty(node):
            return ()
        return tuple(self.option(code, value) for code, value in self.keys(node, "options").values())

    def option(self, code: Words, node: Node) -> Option:
        self.good_id(code, code.text, 20)
        if not isinstance(node, Keys):
            label = self.text(node, f'the option "{_short(code.text)}"')
            return Option(code.text, label, line=code.line, column=code.column)
        found = self.keys(node, "an option", OPTION, ("label",))
        say_more, alone = self.truth(found, "say_more"), self.truth(found, "alone")
        return Option(code.text, self.words(found, "label"), say_more, alone, code.line, code.column)

    def when(self, found: _Found) -> condition.Condition | None:
        text = self.words(found, "when")
        if not text:
            return None
        key, node = found["when"]
        assert isinstance(node, Words)
        try:
            return condition.parse(node.text)
        except ConditionWrong as wrong:
            place = node.place(wrong.at)
            self.problems.append(Problem(*place, "D125", f'"when" cannot be read: {wrong.words}.'))
            return None

    def truth(self, found: _Found, key: str) -> bool:
        word = self.words(found, key)
        if word not in ("", "true", "false"):
            self.add("D123", found[key][1], f'"{key}" is true or false, not "{_short(word)}"')
        return word == "true"

    def most(self, found: _Found) -> int:
        word = self.words(found, "most")
        if not word:
            return Question("", "", "").most
        if not re.fullmatch(r"[1-9][0-9]?", word) or int(word) > MOST_ITEMS:
            words = f'"most" is a number from 1 to {MOST_ITEMS}, not "{_short(word)}"'
            self.add("D124", found["most"][1], words)
            return 1
        return int(word)

    def if_no(self, found: _Found) -> str:
        word = self.words(found, "if_no")
        if word not in ("", "stop"):
            self.add("D126", found["if_no"][1], f'"if_no" can only be stop, not "{_short(word)}"')
        return word

    def language(self, found: _Found) -> str:
        word = self.words(found, "language") or "en"
        if not re.fullmatch(r"[a-z]{2,3}([_-][A-Za-z0-9]{2,8})*", word):
            words = f'"{_short(word)}" is not the code of a language'
            self.add("D127", found["language"][1], words, "Write en or cy, for example.")
        return word


def _places(found: _Found) -> tuple[tuple[str, int, int], ...]:
    return tuple((name, key.line, key.column) for name, (key, _) in found.items())


def _empty(node: Node) -> bool:
    return isinstance(node, Words) and not node.text.strip()


def _short(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:59]}…"
