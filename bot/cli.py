"""Every command."""

import sys
from pathlib import Path

import click

from bot.commands import running
from bot.commands.backup import backup, restore
from bot.commands.keys import keys
from bot.commands.status import dead, status
from bot.dialog.check import read
from bot.dialog.script import Script
from bot.dialog.talk import Turn
from bot.errors import ScriptProblems
from bot.terminal import Player, draw


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="beforehand")
def main() -> None:
    """Beforehand helps a person get ready for a talk about their life and support.

    New here? Type "beforehand try" and open the page it names.
    """


main.add_command(keys)
main.add_command(backup)
main.add_command(restore)
main.add_command(status)
main.add_command(dead)


@main.command("try")
@click.option("--port", default=8765, show_default=True, help="Where the page is, on this computer only.")
def try_(port: int) -> None:
    """Run the real bot with three phones in a browser page.

    No Telegram account is needed, and nothing leaves this computer. Change a file in dialogs/ and the next
    question uses it a second later.
    """
    from bot.tryout import try_out  # the web parts load only when they are wanted

    running.run(try_out(running.settings(), port))


@main.command()
def run() -> None:
    """Run the bot on Telegram.

    Set BEFOREHAND_TOKEN to the token from @BotFather first. The README lists every setting.
    """
    from bot.app import App

    async def serve() -> None:
        async with App(running.settings(with_token=True)) as app:
            click.echo(f"@{app.api.username} is running. Press Ctrl+C to stop.")
            await app.serve()

    running.run(serve())


@main.command()
def init() -> None:
    """Print a link that makes whoever opens it the first admin, once."""
    from bot.app import App

    async def link() -> None:
        async with App(running.settings(with_token=True)) as app:
            click.echo("Open this link on the phone of the first admin. It works once, for 2 days.")
            click.echo(await app.first_admin_link())

    running.run(link())


@main.command()
def migrate() -> None:
    """Make the tables of the database what this version needs.

    The first worker of a new version does it too; several at once wait for each other.
    """
    from bot.clock import Clock
    from bot.keys import read_keys
    from bot.store.database import Store

    async def once() -> None:
        settings = running.settings()
        store = Store(settings.database, Clock(), read_keys(settings.keys))
        await store.open()
        await store.close()
        click.echo("The tables are up to date.")

    running.run(once())


@main.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
def check(files: tuple[Path, ...]) -> None:
    """Check script FILES, or all of dialogs/ when none are named.

    Says file, line, what is wrong and what to do.
    """
    folder = running.settings().dialogs
    found = files or tuple(sorted(folder.glob("*.yaml")))
    if not found:
        raise click.ClickException(f"There is no script in {folder}. A script's name ends in .yaml.")
    wrong = [problem for file in found if (problem := _wrong_with(file))]
    for problem in wrong:
        click.echo(problem, err=True)
    if wrong:
        sys.exit(1)
    click.echo(f"{len(found)} script{'' if len(found) == 1 else 's'} checked, no problems.")


@main.command()
@click.argument("script", default="first_talk")
@click.option("--name", default="Ann", show_default=True, help="Who is getting ready.")
@click.option("--key-contact", default="Ravi", show_default=True, help="Who is behind the bot.")
def talk(script: str, name: str, key_contact: str) -> None:
    """Play SCRIPT in this terminal; nothing is kept.

    SCRIPT is a file, or the name of one in dialogs/. Type an answer, its number, or the words of a button.
    Ctrl+D ends it.
    """
    is_file = script.endswith((".yaml", ".yml"))
    file = Path(script) if is_file else running.settings().dialogs / f"{script}.yaml"
    try:
        parsed = read(file.read_text("utf-8"), file.name)
    except (OSError, UnicodeDecodeError):
        raise click.ClickException(f"There is no script {file}.") from None
    except ScriptProblems as problems:
        raise click.ClickException(str(problems)) from None
    _play(parsed, name, key_contact)


def _play(script: Script, name: str, key_contact: str) -> None:
    player = Player(script, name, key_contact)
    turn = player.begin()
    while True:
        for prompt in turn.prompts:
            click.echo("\n".join(draw(prompt)))
        try:
            typed = click.prompt("", prompt_suffix="> ", default="", show_default=False)
        except click.Abort:
            return
        turn = player.say(f"({typed})" if _is_button(typed, turn) else typed)


def _is_button(typed: str, turn: Turn) -> bool:
    """Whether these are the words of a button under the last message."""
    labels = [button.label for prompt in turn.prompts for button in prompt.buttons]
    return typed.strip().casefold() in map(str.casefold, labels)


def _wrong_with(file: Path) -> str:
    try:
        read(file.read_text("utf-8-sig"), str(file))
    except ScriptProblems as problems:
        return str(problems)
    except UnicodeDecodeError:
        return f"{file}: this is not a text file."
    return ""
