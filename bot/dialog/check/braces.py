"""D215, D225: what stands between { and }."""

import re
from collections.abc import Iterator

from bot.dialog.braces import between, stands_alone
from bot.dialog.check.rule import Mistake, rule
from bot.dialog.check.seen import Row, Seen
from bot.dialog.load.reading import did_you_mean

ALWAYS = ("name", "key_contact")
"""What may stand in braces everywhere."""


@rule("D215", "ask: Hello {nmae}.", "ask: Hello {name}.", in_sets=True)
def unknown_placeholder(seen: Seen) -> Iterator[Mistake]:
    """Braces stand around something that nothing can be put in for."""
    for text in seen.texts:
        if text.row is None or not re.search(r"[{}]", text.words):  # D134 looks at reminders
            continue
        for braces, inside in between(text.words):
            if not _can_fill(seen, text.row, inside, text.key):
                known = _names(seen, text.row, text.key)
                names = ", ".join(f"{{{name}}}" for name in known)
                fix = did_you_mean(inside, known) or f"Here you can write {names}."
                yield Mistake(text.at, text.key, f"{{{braces}}} means nothing here", fix)
        if stands_alone(text.words):
            yield Mistake(text.at, text.key, "a brace { or } stands alone", "Use ( and ) in texts.")


@rule("D225", "ask: Hello {name or }.", "ask: Hello {name or you}.")
def empty_fallback(seen: Seen) -> Iterator[Mistake]:
    """There are no words after "or" between braces."""
    for text in seen.texts:
        for braces in re.findall(r"\{([^{}]* or\s*)\}", text.words):
            fix = "Write what is said when nothing is known, or take or out."
            yield Mistake(text.at, text.key, f"{{{braces}}} has no words after or", fix)


@rule("D226", "given:\n  date: 4 May\n(and no {date} below)", "ask: On {date or that day}", warning=True)
def given_for_nothing(seen: Seen) -> Iterator[Mistake]:
    """`given` has a name that no text uses."""
    if not seen.script.given:
        return
    all_words = " ".join(text.words for text in seen.texts)
    for name in seen.script.given:
        if not re.search(rf"\{{{name}(?: or [^{{}}]*)?\}}", all_words):
            words = f'"{name}" is given and stands in no text'
            yield Mistake(None, "given", words, f"Use {{{name}}} in a question, or take it out.")


CHECKS = (unknown_placeholder, empty_fallback, given_for_nothing)


def _can_fill(seen: Seen, row: Row, inside: str, key: str) -> bool:
    name, _, what = inside.partition(".")
    if what in ("label", "names") and re.fullmatch(r"\w+", name) and name not in seen.first:
        return True  # D203
    named = seen.first.get(name)
    if named and what == "label":
        return seen.speaks(named.question)
    if named and what == "names":
        return named.question.kind == "list" or named.question.kind not in seen.kinds
    if _unknown_list(seen, row) and what in ("name", "known"):
        return True  # D203, D204 or D213
    return inside in (*ALWAYS, *seen.script.given, *_items(seen, row, key))


def _unknown_list(seen: Seen, row: Row) -> bool:
    """Whether nobody can know what one of the list is called."""
    listed = seen.first.get(row.section.for_each)
    return bool(row.section.for_each) and (listed is None or not listed.question.item)


def _items(seen: Seen, row: Row, key: str) -> list[str]:
    """What stands for one item of a list, in a section for each of them and where it is asked about."""
    listed = seen.first.get(row.section.for_each)
    names = []
    if listed and listed.question.item:
        names = [f"{listed.question.item}.name"]
        names += [f"{listed.question.item}.known"] if listed.question.how_known else []
    return [*names, f"{row.question.item}.name"] if key == "how_known" and row.question.item else names


def _names(seen: Seen, row: Row, key: str) -> list[str]:
    """All that may stand in braces in this question."""
    names = [*ALWAYS, *seen.script.given, *_items(seen, row, key)]
    for before in seen.rows[: row.number]:
        if before.section.for_each and before.section is not row.section:
            continue
        if before.question.kind == "list":
            names.append(f"{before.question.id}.names")
        elif seen.speaks(before.question):
            names.append(f"{before.question.id}.label")
    return names
