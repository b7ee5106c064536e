"""A script played in the terminal, recorded, and held against what it says today."""

import difflib
import sys
from pathlib import Path

import click

from bot import plaintext
from bot.commands import running
from bot.dialog.script import Script
from bot.dialog.sets import open_folder
from bot.dialog.talk import Turn
from bot.errors import ScriptProblems
from bot.talkfile import KEY_CONTACT, NAME, Recording, name_of, play
from bot.terminal import Player, draw


@click.command()
@click.argument("what", default="first_talk")
@click.option("--name", default=NAME, show_default=True, help="Who is getting ready.")
@click.option("--key-contact", default=KEY_CONTACT, show_default=True, help="Who is behind the bot.")
@click.option("--record", type=click.Path(path_type=Path), help="Write what is said to this talk file.")
@click.option("--write", is_flag=True, help="Write into the talk file what the bot says today.")
def talk(what: str, name: str, key_contact: str, record: Path | None, write: bool) -> None:
    """Play WHAT in this terminal; nothing is kept.

    WHAT is a script or set: a file, or the name of one in dialogs/. Type an answer, its number, or the words
    of a button. Ctrl+D ends it.

    WHAT can also be a talk file (.txt): then it says where the bot's words are other than in the file.
    """
    if what.endswith(".txt"):
        return _hold_against(Path(what), write)
    script = _find(what)
    recording = Recording(script)
    _play(Player(script, name, key_contact), recording)
    if record:
        record.write_text(recording.text, "utf-8")
        click.echo(f"The talk is in {record}.")


def _play(player: Player, recording: Recording) -> None:
    turn = player.begin()
    recording.begun(turn)
    while True:
        for prompt in turn.prompts:
            click.echo("\n".join(draw(prompt)))
        try:
            typed = click.prompt("", prompt_suffix="> ", default="", show_default=False)
        except click.Abort:
            return
        words = f"({typed})" if _is_button(typed, turn) else typed
        turn = player.say(words)
        recording.said(words, turn)


def _is_button(typed: str, turn: Turn) -> bool:
    """Whether these are the words of a button under the last message."""
    labels = [button.label for prompt in turn.prompts for button in prompt.buttons]
    return typed.strip().casefold() in map(str.casefold, labels)


def _hold_against(file: Path, write: bool) -> None:
    """Say what is other in the file than what the bot says, or write it there."""
    try:
        written = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise click.ClickException(f"There is no talk file {file}.") from None
    if not name_of(written):
        raise click.ClickException(f'{file} names no script. Begin with a line such as "script hello".')
    played = play(written, _find)
    if write:
        file.write_text(played, "utf-8")
    if written == played:
        return click.echo(f"{file}: the bot says just that.")
    lines = difflib.unified_diff(written.splitlines(), played.splitlines(), "written", "today", lineterm="")
    click.echo("\n".join(lines))
    if not write:
        sys.exit(1)
    return None


def _find(what: str) -> Script:
    """The script or set of this name or file."""
    file = Path(what) if what.endswith((".yaml", ".yml")) else running.settings().dialogs / f"{what}.yaml"
    try:
        texts = {each.stem: plaintext.of_file(each) for each in file.parent.glob("*.yaml")}
        return open_folder({**texts, file.stem: plaintext.of_file(file)}, file.stem)
    except OSError:
        raise click.ClickException(f"There is no script {file}.") from None
    except KeyError as missing:
        raise click.ClickException(f"{file} names a script that is not there: {missing}.") from None
    except ScriptProblems as problems:
        name = problems.name if Path(problems.name).suffix else f"{problems.name}.yaml"
        named = ScriptProblems(name, problems.problems)
        raise click.ClickException(str(named)) from None
