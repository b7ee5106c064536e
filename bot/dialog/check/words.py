"""D5xx: plain language, and words that are missing.

Source: NHS and gov.uk content guides (sentences of at most 20 words, one question at a time).
"""

import re
from collections.abc import Iterator

from bot.dialog.check.seen import Seen, problem
from bot.errors import Problem

LONGEST_SENTENCE = 20  # words


def label_twice(seen: Seen) -> Iterator[Problem]:
    """D501: two lines of the read-back would have one name."""
    known: dict[str, int] = {}
    for row in seen.rows:
        label = " ".join(row.question.label.casefold().split())
        if label and label in known:
            words = f'the label "{row.question.label}" is already used in line {known[label]}'
            yield problem(row.question, "label", "D501", words, "Change one of them.")
        known.setdefault(label, row.question.line)


def no_label(seen: Seen) -> Iterator[Problem]:
    """D502: the read-back would not know what to call the answer."""
    for row in seen.rows:
        if not row.question.label and row.question.kind not in ("info", "confirm", "consent"):
            words = f'the question "{row.question.id}" has no label'
            yield problem(row.question, "", "D502", words, "Add its short name, such as label: Where.")


def no_why(seen: Seen) -> Iterator[Problem]:
    """D503: the person could not find out why they are asked."""
    for row in seen.rows:
        if not row.question.why and row.question.kind not in ("info", "confirm"):
            words = f'the question "{row.question.id}" does not say why it is asked'
            yield problem(row.question, "", "D503", words, "Add a line: why: …")


def long_sentence(seen: Seen) -> Iterator[Problem]:
    """D504: a sentence too long to take in at once."""
    for row in seen.rows:
        for key in ("ask", "why", "say_more"):
            longest = max(map(_words, re.split(r"[.!?…।۔؟]+(?=\s|$)|\n", getattr(row.question, key))))
            if longest > LONGEST_SENTENCE:
                words = f"a sentence has {longest} words, and {LONGEST_SENTENCE} is the most"
                yield problem(row.question, key, "D504", words, "Make two sentences of it.")


def two_questions(seen: Seen) -> Iterator[Problem]:
    """D505: more than one question at a time."""
    for row in seen.rows:
        if len(re.findall(r"[?？؟]+", row.question.ask)) > 1:
            words = f'"{row.question.id}" asks more than one thing'
            yield problem(row.question, "ask", "D505", words, "Ask the other in a new question.")


CHECKS = (label_twice, no_label, no_why, long_sentence, two_questions)


def _words(sentence: str) -> int:
    return len(sentence.split())
