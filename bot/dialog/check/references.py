"""D2xx: kinds, ids, and what one question says about another."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bot.dialog.check.seen import COUNTED, SPOKEN, Row, Seen, problem, texts
from bot.dialog.condition import Compare, Includes, Is, mentions, tests
from bot.dialog.load.questions import SOME
from bot.dialog.load.reading import did_you_mean
from bot.dialog.script import Option, Question, Section
from bot.errors import Problem

GIVEN = ("name", "key_contact")
"""What may stand in braces everywhere."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One question named somewhere: `row` is asked when that place is read."""

    name: str
    row: Row
    at: Question | Section | Option
    key: str


def unknown_kind(seen: Seen) -> Iterator[Problem]:
    """D201: there is no such kind."""
    for row in seen.rows:
        if (kind := row.question.kind) not in seen.kinds:
            fix = did_you_mean(kind, seen.kinds) or f"Kinds: {', '.join(seen.kinds)}."
            yield problem(row.question, "kind", "D201", f'there is no kind of question called "{kind}"', fix)


def key_not_taken(seen: Seen) -> Iterator[Problem]:
    """D202: a key this kind has no use for."""
    for row in seen.rows:
        kind = seen.kinds.get(row.question.kind)
        for key, _, _ in row.question.found if kind else ():
            if kind and key in SOME and key not in kind.takes | kind.needs:
                words = f'a question of kind "{row.question.kind}" does not take "{key}"'
                yield problem(row.question, key, "D202", words, "Take that line out.")


def unknown_question(seen: Seen) -> Iterator[Problem]:
    """D203: `when`, `for_each` or braces name a question that is not there."""
    for mention in _mentions(seen):
        if mention.name not in seen.first:
            fix = did_you_mean(mention.name, seen.first)
            yield _wrong(mention, "D203", f'there is no question called "{mention.name}"', fix)


def key_missing(seen: Seen) -> Iterator[Problem]:
    """D204: a key this kind cannot do without."""
    for row in seen.rows:
        kind, there = seen.kinds.get(row.question.kind), {key for key, _, _ in row.question.found}
        for key in sorted(kind.needs - there) if kind else ():
            words = f'the question "{row.question.id}" needs "{key}", as every "{row.question.kind}" does'
            yield problem(row.question, "kind", "D204", words, f"Add: {key}: …")


def id_twice(seen: Seen) -> Iterator[Problem]:
    """D205: two questions, or two sections, with one id."""
    for row in seen.rows:
        first = seen.first[row.question.id].question
        if first is not row.question:
            words = f'the id "{first.id}" is already used in line {first.line}'
            yield problem(row.question, "id", "D205", words, "Give this question an id of its own.")
    known: dict[str, int] = {}
    for section in seen.script.sections:
        if known.setdefault(section.id, section.line) != section.line:
            words = f'the section id "{section.id}" is already used in line {known[section.id]}'
            yield problem(section, "id", "D205", words, "Give this section an id of its own.")


def option_twice(seen: Seen) -> Iterator[Problem]:
    """D206: two options of a question read the same."""
    for row in seen.rows:
        labels = Counter[str]()
        for option in row.question.options:
            label = " ".join(option.label.casefold().split())
            labels[label] += 1
            if labels[label] == 2:
                words = f'two options read "{option.label}"'
                yield problem(option, "", "D206", words, "Nobody could tell them apart: change one.")


def too_few_options(seen: Seen) -> Iterator[Problem]:
    """D207: nothing to choose from."""
    for row in seen.rows:
        if len(row.question.options) == 1:
            yield problem(row.question, "options", "D207", "one option is no choice", "Add another.")


def later_question(seen: Seen) -> Iterator[Problem]:
    """D208: what is said there hangs on an answer not given yet."""
    for mention in _mentions(seen):
        named = seen.first.get(mention.name)
        if named and named.number >= mention.row.number:
            itself = named is mention.row and mention.key != "for_each"
            words = f'"{mention.name}" is {"this question itself" if itself else "asked later than this"}'
            yield _wrong(mention, "D208", words, "Move it up, or name an earlier question.")


def unknown_option(seen: Seen) -> Iterator[Problem]:
    """D209: `when` names an option that the question does not have."""
    for row, test in _tests(seen):
        known = seen.codes(seen.first[test.question].question)
        for code in test.codes if isinstance(test, Is | Includes) and known else ():
            if code not in known:
                fix = did_you_mean(code, known) or f"It has: {', '.join(known)}."
                words = f'"{test.question}" has no option "{code}"'
                yield problem(row.question, "when", "D209", words, fix)


def nothing_to_compare(seen: Seen) -> Iterator[Problem]:
    """D210: `when` names an option of a question that has none."""
    for row, test in _tests(seen):
        named = seen.first[test.question].question
        if isinstance(test, Is | Includes):
            can = seen.codes(named) or seen.takes(named, "options") or named.kind not in seen.kinds
            if not can:
                counted = f" or {named.id} > 0" if named.kind in COUNTED else ""
                words = f'"{named.id}" has no options to compare with'
                yield problem(row.question, "when", "D210", words, f"Write: {named.id} is answered{counted}.")


def nothing_to_count(seen: Seen) -> Iterator[Problem]:
    """D211: `when` counts the answers of a question that has one answer."""
    for row, test in _tests(seen):
        named = seen.first[test.question].question
        if isinstance(test, Compare) and named.kind in seen.kinds and named.kind not in COUNTED:
            words = f'"{named.id}" is not a list, and nothing in it can be counted'
            yield problem(row.question, "when", "D211", words, f"Write: {named.id} is answered.")


def from_outside(seen: Seen) -> Iterator[Problem]:
    """D212: a question asked once for each person is named where there is no such person."""
    for mention in _mentions(seen):
        named = seen.first.get(mention.name)
        if named is None or not named.section.for_each or mention.key == "for_each":
            continue
        if named.section is not mention.row.section:
            listed = named.section.for_each
            words = f'"{mention.name}" is asked for each of "{listed}", and here nobody knows for which'
            yield _wrong(mention, "D212", words, f'Name it only in the section "{named.section.id}".')


def not_a_list(seen: Seen) -> Iterator[Problem]:
    """D213: `for_each` needs a list."""
    for section in seen.script.sections:
        named = seen.first.get(section.for_each)
        if named and named.question.kind in seen.kinds and named.question.kind != "list":
            lists = ", ".join(row.question.id for row in seen.rows if row.question.kind == "list")
            fix = f"Lists in this script: {lists}." if lists else "Ask a question of kind list before it."
            words = f'"{section.for_each}" is not a list'
            yield problem(section, "for_each", "D213", words, fix)


def nested(seen: Seen) -> Iterator[Problem]:
    """D214: a section for each item of a list that is itself asked for each item."""
    for section in seen.script.sections:
        named = seen.first.get(section.for_each)
        if named and named.section.for_each:
            words = f'"{section.for_each}" is asked for each of "{named.section.for_each}" already'
            yield problem(section, "for_each", "D214", words, "Only one for_each is possible.")


def unknown_placeholder(seen: Seen) -> Iterator[Problem]:
    """D215: braces around something that nothing can be put in for."""
    for row, at, key, text in _texts(seen):
        for inside in re.findall(r"\{([^{}]*)\}", text):
            if not _can_fill(seen, row, inside):
                names = ", ".join(f"{{{name}}}" for name in _names(seen, row))
                fix = did_you_mean(inside, _names(seen, row)) or f"Here you can write {names}."
                yield problem(at, key, "D215", f"{{{inside}}} means nothing here", fix)
        if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", text)):
            yield problem(at, key, "D215", "a brace { or } stands alone", "Use ( and ) in texts.")


def no_confirm(seen: Seen) -> Iterator[Problem]:
    """D216: nobody reads the answers back before they are shared."""
    if seen.rows and seen.rows[-1].question.kind != "confirm":
        last = seen.rows[-1].question
        yield problem(last, "", "D216", "the last question is not of kind confirm", "Add one at the end.")


def no_consent(seen: Seen) -> Iterator[Problem]:
    """D217: words would be kept before the person has said that they may be."""
    first = next((row for row in seen.rows if row.question.kind != "info"), None)
    if first is None:
        return
    if first.question.kind != "consent":
        words = "words are kept here before the person has agreed to it"
        yield problem(first.question, "", "D217", words, "Put a question of kind consent before it.")
    elif first.question.when or first.section.for_each:
        words = "this consent is not always asked"
        yield problem(first.question, "when", "D217", words, "Take when out, and for_each of its section.")


CHECKS = (
    unknown_kind, key_not_taken, unknown_question, key_missing, id_twice, option_twice, too_few_options,
    later_question, unknown_option, nothing_to_compare, nothing_to_count, from_outside, not_a_list, nested,
    unknown_placeholder, no_confirm, no_consent,
)  # fmt: skip


def _wrong(mention: Mention, code: str, words: str, fix: str) -> Problem:
    return problem(mention.at, mention.key, code, words, fix)


def _mentions(seen: Seen) -> Iterator[Mention]:
    """Every place that names a question; a name comes once for each place."""
    for row in seen.rows:
        section = row.section
        if section.for_each and row.question is section.questions[0]:
            yield Mention(section.for_each, row, section, "for_each")
        when = row.question.when
        for name in dict.fromkeys(name for name, _ in mentions(when)) if when else ():
            yield Mention(name, row, row.question, "when")
    for row, at, key, text in _texts(seen):
        for name in dict.fromkeys(re.findall(r"\{(\w+)\.(?:label|names)\}", text)):
            yield Mention(name, row, at, key)


def _tests(seen: Seen) -> "Iterator[tuple[Row, Is | Includes | Compare]]":
    """Every single test of a known question, and the question that makes it."""
    for row in seen.rows:
        for test in tests(row.question.when) if row.question.when else ():
            if isinstance(test, Is | Includes | Compare) and test.question in seen.first:
                yield row, test


def _texts(seen: Seen) -> Iterator[tuple[Row, Question | Section | Option, str, str]]:
    """All the words of the script and where they stand."""
    for row in seen.rows:
        if row.question is row.section.questions[0]:
            yield row, row.section, "title", row.section.title
        for at, key, text in texts(row.question):
            yield row, at, key, text


def _can_fill(seen: Seen, row: Row, inside: str) -> bool:
    name, _, what = inside.partition(".")
    if what in ("label", "names") and re.fullmatch(r"\w+", name) and name not in seen.first:
        return True  # D203
    named = seen.first.get(name)
    if named and what == "label":
        return named.question.kind in SPOKEN or named.question.kind not in seen.kinds
    if named and what == "names":
        return named.question.kind == "list" or named.question.kind not in seen.kinds
    return inside in GIVEN or inside == _item(seen, row)


def _item(seen: Seen, row: Row) -> str:
    """What stands for the name of each item in this section; "" when it is asked once."""
    listed = seen.first.get(row.section.for_each)
    return f"{listed.question.item}.name" if listed and listed.question.item else ""


def _names(seen: Seen, row: Row) -> list[str]:
    """All that may stand in braces in this question."""
    names = [*GIVEN, *filter(None, [_item(seen, row)])]
    for before in seen.rows[: row.number]:
        if before.section.for_each and before.section is not row.section:
            continue
        if before.question.kind in SPOKEN:
            names.append(f"{before.question.id}.label")
        elif before.question.kind == "list":
            names.append(f"{before.question.id}.names")
    return names
