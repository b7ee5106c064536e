"""Sections and questions of a file, read key by key."""

import re

from bot.dialog import condition
from bot.dialog.load.nodes import Items, Keys, Node, Words
from bot.dialog.load.reading import Found, Reading, empty, places, short
from bot.dialog.script import DETAILS, Example, Option, Question, Section
from bot.dialog.talk import Thing
from bot.errors import ConditionWrong, Problem

SECTION = ("id", "title", "for_each", "questions")
EVERY = (
    "id", "kind", "ask", "label", "why", "easy", "tip", "examples", "when", "optional", "detail",
    "still_right",
)  # fmt: skip
"""The keys every question has."""
SOME = (
    "options", "item", "how_known", "of", "nobody", "least", "most", "unit", "say_more", "yes", "no", "if_no",
    "reads_back", "answer_by", "private", "share_with",
)  # fmt: skip
"""The keys some kinds take."""
OPTION = ("label", "say_more", "alone", "retired")
EXAMPLE = ("words", "picture", "voice", "document")
LARGEST = 100_000
_PLAIN = (
    "kind", "ask", "label", "why", "easy", "tip", "how_known", "nobody", "unit", "say_more", "yes", "no",
)  # fmt: skip
_WAYS = ("text", "voice", "photo")


class Questions(Reading):
    """Reads what is asked."""

    def section(self, node: Node) -> Section:
        """One section."""
        found = self.keys(node, "a section", SECTION, ("id", "title", "questions"))
        return Section(
            id=self.id(found, "id", 24),
            title=self.words(found, "title"),
            questions=tuple(map(self.question, self.items(found, "questions"))),
            for_each=self.words(found, "for_each"),
            found=places(found),
            line=node.line,
            column=node.column,
        )

    def question(self, node: Node) -> Question:
        """One question."""
        found = self.keys(node, "a question", EVERY + SOME, ("id", "kind", "ask"))
        return Question(
            id=self.id(found, "id", 24),
            examples=tuple(map(self.example, self.items(found, "examples"))),
            options=self.options(found),
            when=self.when(found),
            item=self.id(found, "item", 20),
            least=self.number(found, "least", LARGEST),
            most=self.number(found, "most", LARGEST),
            if_no=self.if_no(found),
            reads_back=self.one_of(found, "reads_back", ("all", "part")).replace("all", ""),
            answer_by=self.ways(found),
            optional=self.truth(found, "optional"),
            private=self.truth(found, "private"),
            share_with=self.one_of(found, "share_with", ("anyone", "key_contact")).replace("anyone", ""),
            of=self.one_of(found, "of", ("people", "things")).replace("people", ""),
            detail=self.one_of(found, "detail", DETAILS),
            still_right=self.truth(found, "still_right"),
            found=places(found),
            line=node.line,
            column=node.column,
            **{key: self.words(found, key) for key in _PLAIN},
        )

    def example(self, node: Node) -> Example:
        """Words alone, or words with a picture, a voice or a document."""
        if not isinstance(node, Keys):
            return Example(self.text(node, "an example"))
        found = self.keys(node, "an example", EXAMPLE, ("words",))
        things = [
            Thing("photo" if key == "picture" else key, self.sample(found, key))
            for key in EXAMPLE[1:]
            if key in found
        ]
        if len(things) > 1:
            self.add("D129", node, "one example shows more than one thing", "Make two examples of it.")
        return Example(self.words(found, "words"), things[0] if things else None)

    def sample(self, found: Found, key: str) -> str:
        """The name of a file in samples/."""
        word = self.words(found, key)
        if not re.fullmatch(r"[a-z0-9_-]+\.[a-z0-9]+", word):
            words = f'"{short(word)}" is not the name of a file in samples/'
            self.add("D129", found[key][1], words, "Write one such as easy_read.png, without a folder.")
        return word

    def options(self, found: Found) -> tuple[Option, ...]:
        """The options, in the order written."""
        key, node = found.get("options", (None, None))
        if key is None or node is None or empty(node):
            return ()
        return tuple(self.option(code, value) for code, value in self.keys(node, "options").values())

    def option(self, code: Words, node: Node) -> Option:
        """One option: its label, or keys."""
        self.good_id(code, code.text, 20)
        if not isinstance(node, Keys):
            label = self.text(node, f'the option "{short(code.text)}"')
            return Option(code.text, label, line=code.line, column=code.column)
        found = self.keys(node, "an option", OPTION, ("label",))
        return Option(
            code.text,
            self.words(found, "label"),
            say_more=self.truth(found, "say_more"),
            alone=self.truth(found, "alone"),
            retired=self.truth(found, "retired"),
            line=code.line,
            column=code.column,
        )

    def when(self, found: Found) -> condition.Condition | None:
        """The condition; None when there is none, or when it cannot be read."""
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

    def if_no(self, found: Found) -> str:
        """What a no means."""
        word = self.words(found, "if_no")
        if word not in ("", "stop"):
            self.add("D126", found["if_no"][1], f'"if_no" can only be stop, not "{short(word)}"')
        return word

    def ways(self, found: Found) -> tuple[str, ...]:
        """How the question may be answered beside words."""
        node = found["answer_by"][1] if "answer_by" in found else None
        if node is None:
            return ()
        words = [self.text(each, "a way to answer") for each in node.items] if isinstance(node, Items) else []
        wrong = next((word for word in words if word not in _WAYS), "")
        if wrong or not words:
            fix = "Write: answer_by: [text, voice, photo]"
            self.add("D128", node, f'"answer_by" cannot be "{short(wrong)}"', fix)
        return tuple(word for word in words if word in _WAYS[1:])
