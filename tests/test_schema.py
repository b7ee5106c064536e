"""What an editor is told of scripts: it knows the good ones, and it sees mistakes."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from bot.cli import main
from bot.dialog.check import guide
from bot.dialog.check.schema import schema
from bot.dialog.kinds import KINDS
from bot.dialog.load import BOX, KNOWN, PART, SCRIPT, SET
from bot.dialog.load.questions import EVERY, EXAMPLE, OPTION, SECTION, SOME
from bot.dialog.load.reminding import KEYS
from tests.dialog.test_planted_mistakes import GOOD
from tests.talks import DIALOGS, ROOT

VALIDATOR = Draft202012Validator(schema())
FILES = sorted([*(ROOT / "dialogs").glob("*.yaml"), *DIALOGS.glob("*.yaml")])


def as_an_editor_reads(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def test_it_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(schema())


def test_the_command_prints_it() -> None:
    assert json.loads(CliRunner().invoke(main, ["schema"]).output) == schema()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_script_there_is_passes(file: Path) -> None:
    wrong = [error.message for error in VALIDATOR.iter_errors(as_an_editor_reads(file.read_text("utf-8")))]

    assert len(FILES) > 1
    assert wrong == []


@pytest.mark.parametrize("name", GOOD)
def test_a_file_with_every_key_passes(name: str) -> None:
    assert list(VALIDATOR.iter_errors(as_an_editor_reads(GOOD[name]))) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("alone", "kind: choice", "kind: chioce"),
        ("alone", "label: Where", "lable: Where"),
        ("alone", "for: person", "for: carer"),
        ("alone", "        item: guest\n", ""),
        ("alone", "kind: confirm", "kind: confirm\n        options: {a: A, b: B}"),
        ("alone", "id: venue", "id: The venue"),
        ("alone", "id: venue", "id: not"),
        ("alone", "alone: true", "alone: certainly"),
        ("alone", "most: 8", "most: eight"),
        ("alone", "picture: home.png", "picture: my/home.png"),
        ("alone", "[text, voice]", "[text, song]"),
        ("alone", "between: 09:00 and 19:00", "between: nine and seven"),
        ("alone", "title: Getting ready\n", ""),
        ("alone", "if_no: stop", "if_no: end"),
        ("talk", "by_choice: true", "by_choise: true"),
        ("talk", "by_choice: true", "stage: 3"),
        ("answers", "promise: We read it on Monday.\n", ""),
    ],
)
def test_a_mistake_is_seen(name: str, old: str, new: str) -> None:
    assert old in GOOD[name]
    assert not VALIDATOR.is_valid(as_an_editor_reads(GOOD[name].replace(old, new, 1)))


@pytest.mark.parametrize(
    ("told", "keys"),
    [
        (guide.SCRIPT, SCRIPT),
        (guide.SECTION, SECTION),
        (guide.QUESTION, (*EVERY, *SOME)),
        (guide.OPTION, OPTION),
        (guide.EXAMPLE, EXAMPLE),
        (guide.SET, SET),
        (guide.PART, PART),
        (guide.REMINDER, KEYS),
        (guide.BOX, BOX),
        (guide.KNOWN, KNOWN),
    ],
)
def test_every_key_is_explained(told: dict[str, str], keys: tuple[str, ...]) -> None:
    assert sorted(told) == sorted(keys)


def test_every_kind_is_known() -> None:
    assert schema()["$defs"]["question"]["properties"]["kind"]["enum"] == list(KINDS)
