"""The rules of the house; each says that it looked at something."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import bot
from bot import settings
from bot.cli import main
from bot.dialog.check import read
from bot.dialog.kinds import KINDS
from tests.talks import TALKS, script_of

ROOT = Path(__file__).parent.parent
BOT = ROOT / "bot"
README = (ROOT / "README.md").read_text("utf-8")
LONGEST_FILE, LONGEST_FUNCTION = 320, 40
MODULES = sorted(BOT.rglob("*.py"))


@cache
def trees() -> dict[Path, ast.Module]:
    """Every module, read once."""
    return {file: ast.parse(file.read_text("utf-8")) for file in MODULES}


def named(file: Path) -> str:
    """A file as people say it."""
    return str(file.relative_to(ROOT))


# ---- the map


def on_the_map() -> dict[str, list[str]]:
    """Each name of the map in bot/__init__.py, with the names drawn below it."""
    drawn: dict[str, list[str]] = {}
    for line in (bot.__doc__ or "").splitlines():
        if found := re.match(r"( {4}| {6})(\w+)/? +\S", line):
            if len(found[1]) == 4:
                drawn[found[2]] = []
            else:
                drawn[list(drawn)[-1]].append(found[2])
    return drawn


def standing_in(folder: Path) -> set[str]:
    """The modules and packages of a folder."""
    packages = {each.parent.name for each in folder.glob("*/__init__.py")}
    return packages | {file.stem for file in folder.glob("*.py")} - {"__init__"}


def test_no_name_of_a_module_is_given_twice() -> None:
    """The second would take the place of the first, unseen: the introduction was lost so."""
    twice = []
    for file, tree in trees().items():
        names = [
            target.id
            for line in tree.body
            if isinstance(line, ast.Assign)
            for target in line.targets
            if isinstance(target, ast.Name)
        ]
        twice += [f"{named(file)}: {name}" for name in sorted(set(names)) if names.count(name) > 1]
    assert len(trees()) > 100
    assert twice == []


def test_every_module_is_on_the_map_and_nothing_else_is() -> None:
    drawn = on_the_map()

    assert len(drawn) >= 15
    assert set(drawn) == standing_in(BOT)


def test_a_package_that_is_drawn_open_shows_all_that_is_in_it() -> None:
    opened = {name: inside for name, inside in on_the_map().items() if inside}

    assert {"messenger", "actions", "store", "dialog"} <= set(opened)
    assert {name: set(inside) for name, inside in opened.items()} == {
        name: standing_in(BOT / name) for name in opened
    }


# ---- imports


def test_each_layer_imports_only_what_stands_below_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout
    assert re.search(r"Contracts: [6-9] kept, 0 broken", done.stdout)


def test_sql_stands_in_the_store_and_nowhere_else() -> None:
    outside = {file: tree for file, tree in trees().items() if BOT / "store" not in file.parents}
    taken = [
        (named(file), name)
        for file, tree in outside.items()
        for module, names in imports(tree)
        if module.split(".")[0] == "sqlalchemy"
        for name in names
    ]

    assert len(taken) >= 5, "nobody outside the store is handed a connection"
    assert [(file, name) for file, name in taken if name != "Connection"] == []


def imports(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """Each module that is imported, and what is taken from it; the module itself when it is all of it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield node.module or "", [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, [alias.name]


def test_the_dialog_waits_for_nothing() -> None:
    thinking = [file for file in MODULES if BOT / "dialog" in file.parents]
    waiting = [
        named(file)
        for file in thinking
        if any(isinstance(node, ast.AsyncFunctionDef | ast.Await) for node in ast.walk(trees()[file]))
    ]

    assert len(thinking) >= 20
    assert waiting == []


# ---- words


class Words(ast.NodeVisitor):
    """Strings a person could be shown: with a space and a large letter, and by their place nothing else."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.passed = 0

    def visit_Expr(self, node: ast.Expr) -> None:
        self.passed += isinstance(node.value, ast.Constant)
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        if not any(isinstance(target, ast.Name) and target.id == "example" for target in node.targets):
            self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> None:
        self.visit(node.test)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if not any(isinstance(each, ast.Name) and each.id == "Problem" for each in ast.walk(node)):
            self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in ("NotFound", "ConditionWrong", "compile"):  # these get codes, authors or patterns
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and re.search(r"[A-Z]", node.value) and " " in node.value.strip():
            self.found.append(f"line {node.lineno}: {node.value}")


FOR_AUTHORS = (BOT / "dialog" / "load", BOT / "dialog" / "check", BOT / "dialog" / "condition.py")
NOT_WORDS = {"Our team"}
"""The name of the first team, which is data."""


def test_words_for_people_stand_in_wording_and_in_the_scripts_and_nowhere_else() -> None:
    shown: dict[str, list[str]] = {}
    passed = 0
    for file in MODULES:
        part = file.relative_to(BOT).parts[0]
        if part not in ("actions", "dialog", "summaries") or {file, *file.parents} & set(FOR_AUTHORS):
            continue
        words = Words()
        words.visit(trees()[file])
        passed += words.passed
        shown[named(file)] = [each for each in words.found if each.split(": ", 1)[1] not in NOT_WORDS]

    assert len(shown) >= 30
    assert passed >= 100, "no docstrings were seen, so perhaps nothing was"
    assert {file: found for file, found in shown.items() if found} == {}


def test_the_rule_about_words_sees_words() -> None:
    words = Words()
    words.visit(ast.parse('"""A docstring."""\ndesk.tell(person, Prompt("Hello there"))\nkey = "share.1"'))

    assert words.found == ["line 2: Hello there"]


# ---- size


def test_files_and_functions_stay_small() -> None:
    ours = [file for file in MODULES if "versions" not in file.parts]  # a migration is one long list
    short = [file for file in ours if file.name != "wording.py"]  # nothing but sentences, each in its place
    long_files = {named(f): n for f in short if (n := len(f.read_text("utf-8").splitlines())) > LONGEST_FILE}
    functions = [
        (f"{named(file)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1)
        for file in ours
        for node in ast.walk(trees()[file])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]

    assert len(ours) >= 60
    assert len(functions) >= 500
    assert {name: lines for name, lines in functions if lines > LONGEST_FUNCTION} == {}
    assert long_files == {}


# ---- kinds


def test_every_kind_of_question_has_a_file_of_its_name() -> None:
    files = standing_in(BOT / "dialog" / "kinds")

    assert len(files) >= 9
    assert set(KINDS) == files
    assert {name: type(kind).__module__ for name, kind in KINDS.items()} == {
        name: f"bot.dialog.kinds.{name}" for name in KINDS
    }


@pytest.mark.parametrize("name", KINDS)
def test_the_example_of_a_kind_can_be_copied_into_a_script(name: str) -> None:
    script = read(_script_with(name), f"{name}.yaml")

    assert [question.kind for question in script.questions if question.id == "copied"] == [name]


def _script_with(name: str) -> str:
    """A small script that is right, with the example in it."""
    ask = "why: We ask so that it suits you.\nexamples:\n  - Like this"
    copied = _question(
        "copied", KINDS[name].example + (f"\n{ask}" if name not in ("info", "confirm") else "")
    )
    first = _question("may_keep", f"{KINDS['consent'].example}\nwhy: We need your yes.")
    last = _question("share", KINDS["confirm"].example)
    parts = [first if name != "consent" else "", copied, last if name != "confirm" else ""]
    return (
        "script: copied\ntitle: An example\nsections:\n  - id: one\n    title: One\n    questions:\n"
        + "".join(parts)
    )


def _question(name: str, lines: str) -> str:
    return "".join(
        f"{'      - ' if not n else '        '}{line}\n"
        for n, line in enumerate([f"id: {name}", *lines.split("\n")])
    )


def test_every_kind_of_question_is_in_a_talk() -> None:
    asked = {question.kind for file in TALKS for question in script_of(file).questions}

    assert len(TALKS) >= 12
    assert asked == set(KINDS)


# ---- what is written is so


def test_every_command_in_the_readme_is_one() -> None:
    written = set(re.findall(r"beforehand ([a-z]+)", "\n".join(_code(README))))

    assert len(written) >= 4, "the README shows no commands"
    assert written <= set(main.commands), f"no such commands: {written - set(main.commands)}"
    assert set(main.commands) <= written, f"the README leaves out {set(main.commands) - written}"


def _code(text: str) -> list[str]:
    """All that stands between back-ticks, in a line or in a block."""
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    return [*blocks, *re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))]


def test_every_setting_is_in_the_readme_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| `?([^`|]+?)`? \| \S", README, re.MULTILINE))
    usual = settings.Settings()
    defaults = {
        settings.TOKEN: usual.token or "none",
        settings.DATABASE: usual.database,
        settings.KEYS: str(usual.keys),
        settings.BACKUPS: str(usual.backup_folder),
        settings.ZONE: usual.zone,
        settings.API: usual.api,
        settings.WEBHOOK: usual.webhook or "none",
        settings.LISTEN: f"{usual.host}:{usual.port}",
        settings.DIALOGS: str(usual.dialogs),
    }
    names = {value for name, value in vars(settings).items() if name.isupper() and name[0] != "_"}

    assert len(names) >= 7
    assert set(defaults) == names, "this test must know every setting"
    assert rows == defaults


def test_the_readme_says_how_to_run_the_tests_in_one_command() -> None:
    assert len(re.findall(r"^python3 -m venv .* && .*/pytest$", README, re.MULTILINE)) == 1


def test_every_file_the_readme_names_is_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]

    assert len(links) >= 4, "the README leads nowhere"
    assert [link for link in links if not (ROOT / link.split("#")[0]).exists()] == []


def test_every_library_the_program_uses_is_declared() -> None:
    """Else it runs only where something else has brought the library along."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {re.split(r"[^A-Za-z0-9_.-]", line)[0].lower() for line in project["dependencies"]}
    found = packages_distributions()
    used = {
        name.split(".")[0]
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and not node.level)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    } - {"bot", *sys.stdlib_module_names}
    missing = {
        name
        for name in used
        if not declared & {each.lower().replace("_", "-") for each in found.get(name, [name])}
    }

    assert len(used) > 12
    assert missing == set()
    assert {"psycopg", "aiosqlite", "tzdata"} <= declared, "these are loaded by name"
