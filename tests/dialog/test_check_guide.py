"""The guide for authors says what the program does, and every example in it is right."""

import re

import pytest

from bot.dialog import condition
from bot.dialog.check import CODES, check
from bot.dialog.kinds import KINDS
from bot.dialog.load import load, load_set
from tests.dialogs_readme import README, written

GUIDE = README.read_text("utf-8")
YAML = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


def test_the_guide_is_up_to_date() -> None:
    assert written(GUIDE) == GUIDE, "run: python -m tests.dialogs_readme"


def test_the_guide_has_every_code_and_every_kind() -> None:
    assert [code for code in CODES if f"| {code.code} |" not in GUIDE] == []
    assert [kind for kind in KINDS if f"**{kind}**:" not in GUIDE] == []


def test_the_script_in_the_guide_is_without_a_mistake_or_a_warning() -> None:
    (script,) = (text for text in YAML if text.startswith("script:"))

    assert check(load(script)) == []


def test_the_set_in_the_guide_can_be_read() -> None:
    (text,) = (text for text in YAML if text.startswith("set:"))

    assert [part.script for part in load_set(text).parts] == ["hello", "when_where_who", "one_page", "ready"]


def test_the_reminder_in_the_guide_can_be_read() -> None:
    (reminders,) = (text for text in YAML if text.startswith("reminders:"))
    (script,) = (text for text in YAML if text.startswith("script:"))

    assert [each.id for each in load(script + reminders).reminders] == ["unfinished"]


CONDITIONS = re.findall(
    r"^\| `([^`]+)` \|", GUIDE.split("## When a question")[1].split("## Words")[0], re.MULTILINE
)


@pytest.mark.parametrize("words", CONDITIONS)
def test_the_conditions_in_the_guide_can_be_read(words: str) -> None:
    assert len(CONDITIONS) == 10
    assert list(condition.mentions(condition.parse(words)))
