"""The commands about scripts and sets."""

import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from bot import plaintext
from bot.commands import running
from bot.dialog.box import Box
from bot.dialog.check import check_all, figures
from bot.dialog.check.schema import schema as made_schema
from bot.dialog.load import is_box, is_set, load, load_box, load_set
from bot.dialog.script import Script, Set
from bot.dialog.sets import as_talk, whole
from bot.errors import Problem, ScriptProblems

SAMPLES = "samples"


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--strict", is_flag=True, help="Fail with warnings, too.")
def check(files: tuple[Path, ...], strict: bool) -> None:
    """Check FILES, or all of dialogs/ when none are named.

    Says file, line, what is wrong and what to do, and how long each script takes. FILES are looked at
    together with the other files beside them. A warning is something that could be better.
    """
    folder = running.settings().dialogs
    wanted = files or tuple(sorted(folder.glob("*.yaml")))
    if not wanted:
        raise click.ClickException(f"There is no script in {folder}. A script's name ends in .yaml.")
    read = Files()
    for file in sorted({*wanted, *(each for one in wanted for each in one.parent.glob("*.yaml"))}):
        read.take(file)
    shown = [each for each in read.problems() if Path(each.file) in wanted]
    for problem in shown:
        click.echo(str(ScriptProblems(problem.file, [problem])), err=True)
    for line in read.figures([file for file in wanted if not _wrong(shown, file)]):
        click.echo(line)
    errors = [each for each in shown if strict or not each.warning]
    if errors:
        sys.exit(1)
    click.echo(_summary([read.found[file] for file in wanted], len(shown)))


@click.command()
def schema() -> None:
    """Print a JSON Schema, for an editor that helps with scripts.

    Keep it in a file, and put this line on top of a script:

    \b
    # yaml-language-server: $schema=scripts.json
    """
    click.echo(json.dumps(made_schema(), indent=2, ensure_ascii=False))


@dataclass(slots=True)
class Files:
    """Files that stand together; `unread` holds the ids of those that cannot be used."""

    found: dict[Path, Script | Set | Box] = field(default_factory=dict)
    wrong: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    of_id: dict[str, Path] = field(default_factory=dict)

    def take(self, file: Path) -> None:
        """Read one more file."""
        text = ""
        try:
            text = plaintext.of_file(file)
            self._keep(file, _loaded(text))
        except ScriptProblems as problems:
            self.wrong += [replace(each, file=str(file)) for each in problems.problems]
            self.unread |= {file.stem, *re.findall(r"^(?:script|set)\s*:\s*(\w+)", text, re.MULTILINE)}

    def _keep(self, file: Path, found: Script | Set | Box) -> None:
        self.found[file] = found
        if isinstance(found, Box):
            return
        first = self.of_id.setdefault(found.id, file)
        if first is not file:
            self.unread.add(file.stem)
            words, fix = f'"{found.id}" is what {first.name} is called already.', "Give this file its own id."
            self.wrong.append(Problem(1, 1, "D140", words, fix, file=str(file)))

    def problems(self) -> list[Problem]:
        """All that is wrong, file by file."""
        samples = {each.name for file in self.found for each in (file.parent / SAMPLES).glob("*")}
        found = check_all(self._scripts(), self._sets(), frozenset(samples), self.unread)
        found = [replace(each, file=str(self.of_id.get(each.file, each.file))) for each in found]
        return sorted([*self.wrong, *found], key=lambda each: (each.file, each))

    def figures(self, files: Iterable[Path]) -> list[str]:
        """How long these take, and how they read."""
        known = {each.id: each for each in self._scripts()}
        lines = []
        for file in files:
            one = self.found[file]
            if isinstance(one, Script):
                lines.append(_told(one.id, as_talk(one)))
            elif isinstance(one, Set):
                lines += [_told(one.id, whole(one, known))] if _complete(one, known) else []
        return lines

    def _scripts(self) -> list[Script]:
        kept = (self.found[file] for file in self.of_id.values())
        return [each for each in kept if isinstance(each, Script)]

    def _sets(self) -> list[Set]:
        kept = (self.found[file] for file in self.of_id.values())
        return [each for each in kept if isinstance(each, Set)]


def _loaded(text: str) -> Script | Set | Box:
    if is_box(text):
        return load_box(text)
    return load_set(text) if is_set(text) else load(text)


def _complete(one: Set, known: dict[str, Script]) -> bool:
    return all(part.script in known for part in one.parts)


def _wrong(problems: list[Problem], file: Path) -> bool:
    return any(Path(each.file) == file and not each.warning for each in problems)


def _told(name: str, talk: Script) -> str:
    """ "when_where_who: 5 to 14 questions, about 3 to 6 minutes. Reading grade 2.1." """
    length, grade = figures(talk)
    asked, minutes = _range(*length.questions, "question"), _range(*length.minutes, "minute")
    read = "" if grade is None else f" Reading grade {max(0.0, grade):.1f}."
    return f"{name}: {asked}, about {minutes}.{read}"


def _range(least: int, most: int, what: str) -> str:
    some = f"{least} to {most}" if least != most else str(most)
    return f"{some} {_many(what, most)}"


def _many(what: str, count: int) -> str:
    return what if count == 1 else f"{what}es" if what.endswith("x") else f"{what}s"


def _summary(found: list[Script | Set | Box], warnings: int) -> str:
    scripts, sets = (sum(isinstance(each, one) for each in found) for one in (Script, Set))
    counted = [(scripts, "script"), (sets, "set"), (len(found) - scripts - sets, "question box")]
    told = [f"{count} {_many(what, count)}" for count, what in counted if count]
    listed = " and ".join(filter(None, [", ".join(told[:-1]), told[-1]]))
    after = f"{warnings} {_many('warning', warnings)}" if warnings else "no problems"
    return f"{listed} checked, {after}."
