"""D5xx: words that are missing, or there twice."""

from collections.abc import Iterator

from bot.dialog.check.rule import Mistake, rule
from bot.dialog.check.seen import Seen
from bot.dialog.check.structure import in_other
from bot.dialog.script import Question

AT_WORK = ("practitioner", "key_contact", "team")
"""Audiences that read all day; the rules about easy wording are for the others."""
LONG_ASK = 12  # words
LONGER = 2  # words more, and they may still be easier ones


@rule("D501", "label: Where\nlabel: Where", "label: Where\nlabel: Where else", in_sets=True)
def label_twice(seen: Seen) -> Iterator[Mistake]:
    """Two lines of the read-back would have one name."""
    known: dict[str, Question] = {}
    for row in seen.rows:
        label = " ".join(row.question.label.casefold().split())
        first = known.setdefault(label, row.question)
        if label and first is not row.question:
            where = in_other(seen, row.question, first)
            words = f'the label "{row.question.label}" is already used in line {first.line}{where}'
            yield Mistake(row.question, "label", words, "Change one of them.")


@rule("D502", "id: place\nask: Where?", "id: place\nlabel: Where\nask: Where?")
def no_label(seen: Seen) -> Iterator[Mistake]:
    """The read-back would not know what to call the answer."""
    for row in seen.rows:
        if not row.question.label and row.question.kind not in ("info", "confirm", "consent"):
            words = f'the question "{row.question.id}" has no label'
            yield Mistake(row.question, "", words, "Add its short name, such as label: Where.")


@rule("D503", "ask: Where?", "ask: Where?\nwhy: It is good to talk where you feel at home.")
def no_why(seen: Seen) -> Iterator[Mistake]:
    """The person could not find out why they are asked."""
    for row in seen.rows:
        if not row.question.why and row.question.kind not in ("info", "confirm"):
            words = f'the question "{row.question.id}" does not say why it is asked'
            yield Mistake(row.question, "", words, "Add a line: why: …")


@rule("D506", "kind: text\nask: Who?", "kind: text\nask: Who?\nexamples:\n  - My sister", warning=True)
def no_example(seen: Seen) -> Iterator[Mistake]:
    """A question for free words does not show how somebody may answer."""
    for row in seen.rows:
        if row.question.kind == "text" and not row.question.examples:
            words = f'the question "{row.question.id}" has no example'
            yield Mistake(row.question, "", words, "Add examples: and one or two answers.")


@rule("D507", "ask: a question of 13 words", "ask: the same\neasy: in fewer words", warning=True)
def no_easy(seen: Seen) -> Iterator[Mistake]:
    """A long question has no easier wording for those who ask for one."""
    for text in seen.texts if seen.script.audience not in AT_WORK else ():
        if text.key == "ask" and text.row and not text.row.question.easy:
            count = sum(map(len, text.sentences))
            if count > LONG_ASK and text.row.question.kind != "info":
                words = f"this question has {count} words, and no easier ones"
                yield Mistake(text.at, "ask", words, "Add a line: easy: …")


@rule("D508", "ask: Who comes?\neasy: Who would you like to come?", "easy: Who comes?", warning=True)
def easy_is_longer(seen: Seen) -> Iterator[Mistake]:
    """The easier wording has a much longer sentence than the usual one."""
    longest = {
        (id(text.at), text.key): max(map(len, text.sentences), default=0)
        for text in seen.texts
        if text.key in ("ask", "easy")
    }
    for row in seen.rows:
        ask, easy = (longest.get((id(row.question), key), 0) for key in ("ask", "easy"))
        if easy > ask + LONGER:
            words = f"a sentence of easy has {easy} words, and the longest of ask has {ask}"
            yield Mistake(row.question, "easy", words, "Say it in fewer words, or take that line out.")


@rule("D509", "ask: Who comes?\nask: Who comes?", "ask: Who comes?\nask: Who leads?", in_sets=True)
def ask_twice(seen: Seen) -> Iterator[Mistake]:
    """Two questions have the same words."""
    known: dict[str, Question] = {}
    for row in seen.rows:
        ask = " ".join(row.question.ask.casefold().split())
        first = known.setdefault(ask, row.question)
        is_other = first.id != row.question.id  # else D205
        if is_other and row.question.kind not in ("info", "confirm"):
            words = f"line {first.line}{in_other(seen, row.question, first)} asks the same"
            yield Mistake(row.question, "ask", words, "Take one out, or say what is different.")


CHECKS = (label_twice, no_label, no_why, no_example, no_easy, easy_is_longer, ask_twice)
