"""D2xx: what one question says about another."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.dialog.check.rule import At, Mistake, rule
from bot.dialog.check.seen import Row, Seen
from bot.dialog.condition import Compare, Includes, Is, mentions, tests
from bot.dialog.load.reading import did_you_mean

_NAMED = re.compile(r"\{(\w+)\.(?:label|names)(?: or [^{}]*)?\}")


@dataclass(frozen=True, slots=True)
class Mention:
    """One question named somewhere: `row` is asked when that place is read."""

    name: str
    row: Row
    at: At
    key: str


@rule("D203", "when: venu is home", "when: venue is home", in_sets=True, in_parts=False)
def unknown_question(seen: Seen) -> Iterator[Mistake]:
    """`when`, `for_each` or braces name a question that is not there."""
    for mention in _mentions(seen):
        if mention.name not in seen.first and mention.name not in seen.gone:
            fix = did_you_mean(mention.name, seen.first)
            yield Mistake(mention.at, mention.key, f'there is no question called "{mention.name}"', fix)


@rule("D208", "when: a question below is home", "when: a question above is home", in_sets=True)
def later_question(seen: Seen) -> Iterator[Mistake]:
    """What is said there hangs on an answer not given yet."""
    for mention in _mentions(seen):
        named = seen.first.get(mention.name)
        if named and named.number >= mention.row.number:
            itself = named is mention.row and mention.key != "for_each"
            words = f'"{mention.name}" is {"this question itself" if itself else "asked later than this"}'
            yield Mistake(mention.at, mention.key, words, "Move it up, or name an earlier question.")


@rule("D209", "when: venue is hmoe", "when: venue is home", in_sets=True)
def unknown_option(seen: Seen) -> Iterator[Mistake]:
    """`when` names an option that the question does not have."""
    for row, test in _tests(seen):
        known = seen.codes(seen.first[test.question].question)
        for code in test.codes if isinstance(test, Is | Includes) and known else ():
            if code not in known:
                fix = did_you_mean(code, known) or f"It has: {', '.join(known)}."
                yield Mistake(row.question, "when", f'"{test.question}" has no option "{code}"', fix)


@rule("D210", "when: call_me is ann", "when: call_me is answered", in_sets=True)
def nothing_to_compare(seen: Seen) -> Iterator[Mistake]:
    """`when` names an option of a question that has none."""
    for row, test in _tests(seen):
        named = seen.first[test.question].question
        can = seen.codes(named) or seen.takes(named, "options") or named.kind not in seen.kinds
        if isinstance(test, Is | Includes) and not can:
            counted = f" or {named.id} > 0" if seen.counts(named) else ""
            words = f'"{named.id}" has no options to compare with'
            yield Mistake(row.question, "when", words, f"Write: {named.id} is answered{counted}.")


@rule("D211", "when: venue > 1", "when: guests > 1", in_sets=True)
def nothing_to_count(seen: Seen) -> Iterator[Mistake]:
    """`when` compares an answer with a number, and it is none."""
    for row, test in _tests(seen):
        named = seen.first[test.question].question
        if isinstance(test, Compare) and not seen.counts(named):
            words = f'"{named.id}" is neither a number nor a list, and cannot be compared with one'
            yield Mistake(row.question, "when", words, f"Write: {named.id} is answered.")


@rule("D212", "when: role is family", "when: guests > 0", in_sets=True)
def from_outside(seen: Seen) -> Iterator[Mistake]:
    """A question asked once for each person is named where there is no such person."""
    for mention in _mentions(seen):
        named = seen.first.get(mention.name)
        if named is None or not named.section.for_each or mention.key == "for_each":
            continue
        if named.section is not mention.row.section:
            listed = named.section.for_each
            words = f'"{mention.name}" is asked for each of "{listed}", and here nobody knows for which'
            yield Mistake(
                mention.at, mention.key, words, f'Name it only in the section "{named.section.id}".'
            )


@rule("D213", "for_each: venue", "for_each: guests", in_sets=True)
def not_a_list(seen: Seen) -> Iterator[Mistake]:
    """`for_each` needs a question of kind list."""
    for section in seen.script.sections:
        named = seen.first.get(section.for_each)
        if named and named.question.kind in seen.kinds and named.question.kind != "list":
            lists = ", ".join(row.question.id for row in seen.rows if row.question.kind == "list")
            fix = f"Lists in this script: {lists}." if lists else "Ask a question of kind list before it."
            yield Mistake(section, "for_each", f'"{section.for_each}" is not a list', fix)


@rule("D214", "for_each: a list asked for each guest", "for_each: guests", in_sets=True)
def nested(seen: Seen) -> Iterator[Mistake]:
    """A section is asked for each item of a list that is itself asked for each item."""
    for section in seen.script.sections:
        named = seen.first.get(section.for_each)
        if named and named.section.for_each:
            words = f'"{section.for_each}" is asked for each of "{named.section.for_each}" already'
            yield Mistake(section, "for_each", words, "Only one for_each is possible.")


@rule("D133", "while: place is hmoe", "while: place is home", in_sets=True, in_parts=False)
def unknown_while(seen: Seen) -> Iterator[Mistake]:
    """`while` of a reminder names a question or an option that is not there."""
    for reminder in seen.script.reminders:
        for name, codes in mentions(reminder.condition) if reminder.condition else ():
            if wrong := _wrong_while(seen, name, codes):
                words = f'the reminder "{reminder.id}" cannot tell when to be sent: {wrong[0]}'
                yield Mistake(reminder, "", words, wrong[1])


CHECKS = (
    unknown_while, unknown_question, later_question, unknown_option, nothing_to_compare, nothing_to_count,
    from_outside, not_a_list, nested,
)  # fmt: skip


def _wrong_while(seen: Seen, name: str, codes: tuple[str, ...]) -> tuple[str, str] | None:
    """What is wrong with one test of a reminder, and what to do."""
    named = seen.first.get(name)
    if named is None:
        return f'there is no question called "{name}"', did_you_mean(name, seen.first)
    if named.section.for_each:
        words = f'"{name}" is asked for each of "{named.section.for_each}"'
        return words, "Name a question that is asked once."
    known = seen.codes(named.question)
    wrong = next((code for code in codes if code not in known), "")
    if not wrong:
        return None
    if not known:
        return f'"{name}" has no options to compare with', f"Write: {name} is answered."
    return f'"{name}" has no option "{wrong}"', did_you_mean(wrong, known) or f"It has: {', '.join(known)}."


def _mentions(seen: Seen) -> Iterator[Mention]:
    """Every place that names a question; a name comes once for each place."""
    for row in seen.rows:
        section = row.section
        if section.for_each and row.question is section.questions[0]:
            yield Mention(section.for_each, row, section, "for_each")
        when = row.question.when
        for name in dict.fromkeys(name for name, _ in mentions(when)) if when else ():
            yield Mention(name, row, row.question, "when")
    for text in seen.texts:
        if text.row and "{" in text.words:
            for name in dict.fromkeys(_NAMED.findall(text.words)):
                yield Mention(name, text.row, text.at, text.key)


def _tests(seen: Seen) -> "Iterator[tuple[Row, Is | Includes | Compare]]":
    """Every single test of a known question, and the question that makes it."""
    for row in seen.rows:
        for test in tests(row.question.when) if row.question.when else ():
            if isinstance(test, Is | Includes | Compare) and test.question in seen.first:
                yield row, test
