"""The talk files in conversations/, and where their scripts are."""

from functools import cache
from pathlib import Path

from bot.dialog.script import Script
from bot.dialog.sets import open_folder
from bot.talkfile import name_of
from bot.talkfile import play as play_text

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "conversations"
DIALOGS = Path(__file__).parent / "dialogs"
"""Scripts the tests hold on to, whatever becomes of the words in dialogs/."""
TALKS = sorted(FOLDER.rglob("*.txt"))


def script_of(file: Path) -> Script:
    """The script or set a talk file names: of dialogs/ for those in scripts/, else of the tests."""
    folder = ROOT / "dialogs" if file.parent.name == "scripts" else DIALOGS
    return script_in(folder, name_of(file.read_text("utf-8")))


def script_named(name: str) -> Script:
    """A script of the tests."""
    return script_in(DIALOGS, name)


@cache
def script_in(folder: Path, name: str) -> Script:
    """A script or set of a folder; reading it takes longer than playing it."""
    return open_folder({file.stem: file.read_text("utf-8") for file in folder.glob("*.yaml")}, name)


def play(file: Path) -> str:
    """A talk file as the engine really has it."""
    return play_text(file.read_text("utf-8"), lambda _: script_of(file))
