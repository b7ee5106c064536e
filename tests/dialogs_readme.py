"""Writes the parts of dialogs/README.md that the program knows better: python -m tests.dialogs_readme"""

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.dialog.check import CODES, guide
from bot.dialog.check.rule import Code
from bot.dialog.kinds import KINDS
from bot.dialog.load.questions import EVERY, SOME
from tests.talks import ROOT

README = ROOT / "dialogs" / "README.md"
GROUPS = {
    "D1": "The file as a file",
    "D2": "Kinds, ids, and what one question says about another",
    "D3": "Questions nobody is asked",
    "D4": "Phones, and how long it takes",
    "D5": "Plain words",
    "D6": "Sets",
}


def written(text: str) -> str:
    """The guide with every part between markers as it should be."""
    for name, lines in PARTS.items():
        between = re.compile(rf"(<!-- {name}: .*?-->\n).*?(<!-- end of {name} -->)", re.DOTALL)
        assert between.search(text), f"the guide has no place for {name}"
        body = "\n".join(lines())
        text = between.sub(lambda found, body=body: f"{found[1]}\n{body}\n\n{found[2]}", text)  # type: ignore[misc]
    return text


def keys() -> Iterator[str]:
    """Each key with one line, and which kinds take it."""
    yield from _table("A **script**:", guide.SCRIPT)
    yield from _table("A **section**:", guide.SECTION)
    yield from _table("A **question**, of every kind:", _only(guide.QUESTION, EVERY))
    some = {key: f"{told} ({_takers(key)})" for key, told in _only(guide.QUESTION, SOME).items()}
    yield from _table("A **question**, of some kinds:", some)
    yield from _table("An **option** is `code: Words`, or `code:` with these under it:", guide.OPTION)
    yield from _table("An **example** is words, or these:", guide.EXAMPLE)
    yield from _table("A **set**:", guide.SET)
    yield from _table("A **part** of a set is the id of a script, or these:", guide.PART)
    yield from _table("A **reminder**:", guide.REMINDER)
    yield from _table("The **question box**:", guide.BOX)
    yield from list(_table("One of its answers:", guide.KNOWN))[:-1]


def kinds() -> Iterator[str]:
    """Each kind with what it is and an example to copy."""
    for number, (name, kind) in enumerate(KINDS.items()):
        told = (type(kind).__doc__ or "").partition("\n")[0]
        takes = ", ".join(f"`{key}`" for key in SOME if key in kind.takes | kind.needs)
        yield from [""] * bool(number)
        yield f"**{name}**: {told}{f' Takes {takes}.' if takes else ''}"
        yield from ["", "```yaml", *kind.example.split("\n"), "```"]


def codes() -> Iterator[str]:
    """Each code with what it means, an example of the mistake and of the mended words."""
    for number, (group, title) in enumerate(GROUPS.items()):
        yield from [""] * bool(number)
        yield from [f"### {title}", "", "| code | what it means | wrong | right |", "|---|---|---|---|"]
        yield from (_row(code) for code in CODES if code.code.startswith(group))


PARTS = {"keys": keys, "kinds": kinds, "codes": codes}


def _only(told: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    return {name: told[name] for name in names}


def _takers(key: str) -> str:
    return ", ".join(name for name, kind in KINDS.items() if key in kind.takes | kind.needs)


def _table(title: str, told: Mapping[str, str]) -> Iterator[str]:
    yield from [title, "", "| key | what it is for |", "|---|---|"]
    yield from (f"| `{key}` | {_cell(words)} |" for key, words in told.items())
    yield ""


def _row(code: Code) -> str:
    warning = " (warning)" if code.warning else ""
    return f"| {code.code} | {_cell(code.means)}{warning} | {_code(code.wrong)} | {_code(code.right)} |"


def _cell(words: str) -> str:
    return words.replace("|", "\\|")


def _code(text: str) -> str:
    return "<br>".join(f"`{_cell(line)}`" for line in text.split("\n"))


if __name__ == "__main__":
    README.write_text(written(README.read_text("utf-8")), "utf-8")
