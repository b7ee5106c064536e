"""Every file in conversations/ is a talk the bot must be able to have, word for word."""

from pathlib import Path

import pytest

from bot.dialog.kinds import KINDS
from bot.talkfile import lines_of
from tests.talks import TALKS, play, script_of


@pytest.mark.parametrize("file", TALKS, ids=lambda file: file.stem)
def test_talk(file: Path, request: pytest.FixtureRequest) -> None:
    played = play(file)

    if request.config.getoption("--write-talks"):
        file.write_text(played, "utf-8")
    else:
        assert file.read_text("utf-8") == played


def test_there_are_talks_and_they_do_something() -> None:
    assert len(TALKS) >= 12
    assert all(len(list(lines_of(file.read_text("utf-8")))) >= 2 for file in TALKS)


def test_every_kind_of_question_is_in_a_talk() -> None:
    asked = {question.kind for file in TALKS for question in script_of(file).questions}

    assert set(KINDS) == asked
