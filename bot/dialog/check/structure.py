"""D2xx: kinds, keys, ids, options and numbers, each looked at in its own question."""

from collections import Counter
from collections.abc import Iterator

from bot import wording
from bot.dialog.check.plain import language_of
from bot.dialog.check.rule import At, Mistake, rule
from bot.dialog.check.seen import Seen
from bot.dialog.condition import Condition, mentions
from bot.dialog.load.questions import SOME
from bot.dialog.load.reading import did_you_mean
from bot.i18n import sayer

ALWAYS = (wording.SKIP, wording.NOT_SURE, wording.BACK, wording.WHY, wording.HELP)
"""The buttons every question has."""


@rule("D201", "kind: chioce", "kind: choice")
def unknown_kind(seen: Seen) -> Iterator[Mistake]:
    """There is no such kind of question."""
    for row in seen.rows:
        if (kind := row.question.kind) not in seen.kinds:
            fix = did_you_mean(kind, seen.kinds) or f"Kinds: {', '.join(seen.kinds)}."
            yield Mistake(row.question, "kind", f'there is no kind of question called "{kind}"', fix)


@rule("D202", "kind: text\nmost: 3", "kind: text")
def key_not_taken(seen: Seen) -> Iterator[Mistake]:
    """This kind of question has no use for that key."""
    for row in seen.rows:
        kind = seen.kinds.get(row.question.kind)
        for key, _, _ in row.question.found if kind else ():
            if kind and key in SOME and key not in kind.takes | kind.needs:
                words = f'a question of kind "{row.question.kind}" does not take "{key}"'
                yield Mistake(row.question, key, words, "Take that line out.")


@rule("D204", "kind: choice\nask: Where?", "kind: choice\nask: Where?\noptions:\n  home: At home")
def key_missing(seen: Seen) -> Iterator[Mistake]:
    """This kind of question cannot do without that key."""
    for row in seen.rows:
        kind, there = seen.kinds.get(row.question.kind), {key for key, _, _ in row.question.found}
        for key in sorted(kind.needs - there) if kind else ():
            words = f'the question "{row.question.id}" needs "{key}", as every "{row.question.kind}" does'
            yield Mistake(row.question, "kind", words, f"Add: {key}: …")


@rule("D205", "- id: where\n- id: where", "- id: where\n- id: when", in_sets=True)
def id_twice(seen: Seen) -> Iterator[Mistake]:
    """Two questions, or two sections, have the same id."""
    for row in seen.rows:
        first = seen.first[row.question.id].question
        if first is not row.question:
            where = in_other(seen, row.question, first)
            words = f'the id "{first.id}" is already used in line {first.line}{where}'
            yield Mistake(row.question, "id", words, "Give this question an id of its own.")
    known: dict[tuple[str, str], int] = {}
    for section in seen.script.sections:
        if known.setdefault((section.part, section.id), section.line) != section.line:
            words = f'the section id "{section.id}" is already used in line {known[section.part, section.id]}'
            yield Mistake(section, "id", words, "Give this section an id of its own.")


@rule("D206", "one: At home\ntwo: At home", "one: At home\ntwo: At my sister's")
def option_twice(seen: Seen) -> Iterator[Mistake]:
    """Two options of a question read the same, or one reads as a button that is always there."""
    always = {sayer(seen.script.language)(each).casefold() for each in ALWAYS}
    for row in seen.rows:
        labels = Counter[str]()
        for option in row.question.offered:
            label = " ".join(option.label.casefold().split())
            labels[label] += 1
            if labels[label] == 2:
                words = f'two options read "{option.label}"'
                yield Mistake(option, "", words, "Nobody could tell them apart: change one.")
            if label in always:
                words = f'every question has a button "{option.label}" already'
                yield Mistake(option, "", words, "Take this one out, or use other words.")


@rule("D207", "options:\n  home: At home", "options:\n  home: At home\n  out: Somewhere else")
def too_few_options(seen: Seen) -> Iterator[Mistake]:
    """There is only one thing to choose."""
    for row in seen.rows:
        if len(row.question.offered) == 1:
            yield Mistake(row.question, "options", "one option is no choice", "Add another.")


@rule("D218", "least: 10\nmost: 3", "least: 3\nmost: 10")
def least_above_most(seen: Seen) -> Iterator[Mistake]:
    """The smallest number is greater than the greatest."""
    for row in seen.rows:
        least, most = row.question.least, row.question.most
        if least is not None and most is not None and least > most:
            words = f'"least" is {least} and "most" is {most}, so no answer is possible'
            yield Mistake(row.question, "least", words, "Write the smaller number after least.")


@rule("D219", "most: 0", "most: 5")
def room_for_nothing(seen: Seen) -> Iterator[Mistake]:
    """`most` leaves nothing, or only one number, to answer with."""
    for row in seen.rows:
        least, most = row.question.least, row.question.most
        if most is not None and (most == 0 or most == least):
            words = f'with "most: {most}" there is nothing to answer'
            yield Mistake(row.question, "most", words, "Write a greater number after most.")


@rule("D220", "a: {label: At home, retired: true}", "a: At home")
def all_retired(seen: Seen) -> Iterator[Mistake]:
    """No option is left that can be chosen."""
    for row in seen.rows:
        if row.question.options and not row.question.offered:
            words = f'every option of "{row.question.id}" is retired'
            yield Mistake(row.question, "options", words, "Add one that can be chosen.")


@rule("D221", "picture: gone.png", "picture: easy_read.png")
def no_such_sample(seen: Seen) -> Iterator[Mistake]:
    """An example shows a file that is not in dialogs/samples/."""
    for row in seen.rows if seen.samples is not None else ():
        for example in row.question.examples:
            if example.thing and example.thing.file not in (seen.samples or ()):
                words = f'there is no file "{example.thing.file}" in samples/'
                fix = did_you_mean(example.thing.file, seen.samples or ()) or "Put it there."
                yield Mistake(row.question, "examples", words, fix)


@rule("D222", "other:\n  label: Something else", "other:\n  label: Something else\n  say_more: true")
def leads_nowhere(seen: Seen) -> Iterator[Mistake]:
    """An option says "something else", and then does not ask what."""
    language = language_of(seen)
    asked = {
        (name, code) for row in seen.rows if row.question.when for name, code in _codes(row.question.when)
    }
    for row in seen.rows if language else ():
        for option in row.question.offered:
            is_asked = option.say_more or (row.question.id, option.code) in asked
            if language and language.something_else.search(option.label) and not is_asked:
                words = f'"{option.label}" does not ask what that is'
                yield Mistake(option, "", words, "Write it with keys: label: … and say_more: true")


@rule("D223", "yes: Yes, keep them", "yes: Yes, keep them\nno: No, not now", warning=True)
def one_sided(seen: Seen) -> Iterator[Mistake]:
    """A consent has its own words for yes or for no, and not for the other."""
    for row in seen.rows:
        question = row.question
        if question.kind == "consent" and bool(question.yes) != bool(question.no):
            there, missing = ("yes", "no") if question.yes else ("no", "yes")
            words = f'"{there}" has words of its own here, and "{missing}" has not'
            yield Mistake(question, there, words, f"Add: {missing}: …")


@rule("D224", "alone: true, on every option", "alone: true, on one: None of these")
def all_alone(seen: Seen) -> Iterator[Mistake]:
    """Every option stands alone, so that many cannot be ticked."""
    for row in seen.rows:
        offered = row.question.offered
        if row.question.kind == "many" and len(offered) > 1 and all(option.alone for option in offered):
            words = f'no two options of "{row.question.id}" can be ticked together'
            yield Mistake(row.question, "options", words, "Take alone out, or write kind: choice.")


CHECKS = (
    unknown_kind, key_not_taken, key_missing, id_twice, option_twice, too_few_options, least_above_most,
    room_for_nothing, all_retired, no_such_sample, leads_nowhere, one_sided, all_alone,
)  # fmt: skip


def _codes(condition: Condition) -> Iterator[tuple[str, str]]:
    """Each option a condition names, with its question."""
    return ((name, code) for name, codes in mentions(condition) for code in codes)


def in_other(seen: Seen, here: At, there: At) -> str:
    """The words " of …" when the two do not stand in the same script."""
    file = seen.file_of(there)
    return f" of {file}" if file != seen.file_of(here) else ""
