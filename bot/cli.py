"""Every command."""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from bot import settings as setting
from bot.dialog.check import read
from bot.dialog.script import Script
from bot.dialog.talk import Turn
from bot.errors import BeforehandError, ScriptProblems
from bot.terminal import Player, draw


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="beforehand")
def main() -> None:
    """Beforehand helps a person get ready for a talk about their life and support.

    New here? Type "beforehand try" and open the page it names.
    """


@main.command("try")
@click.option("--port", default=8765, show_default=True, help="Where the page is, on this computer only.")
def try_(port: int) -> None:
    """Run the real bot with three phones in a browser page.

    No Telegram account is needed, and nothing leaves this computer. Change a file in dialogs/ and the next
    question uses it a second later.
    """
    from bot.tryout import try_out  # the web parts load only when they are wanted

    _run(try_out(_settings(), port))


@main.command()
def run() -> None:
    """Run the bot on Telegram.

    Set BEFOREHAND_TOKEN to the token from @BotFather first. The README lists every setting.
    """
    from bot.app import App

    async def serve() -> None:
        async with App(_settings(with_token=True)) as app:
            click.echo(f"@{app.api.username} is running. Press Ctrl+C to stop.")
            await app.serve()

    _run(serve())


@main.command()
def init() -> None:
    """Print a link that makes whoever opens it the first admin, once."""
    from bot.app import App

    async def link() -> None:
        async with App(_settings(with_token=True)) as app:
            click.echo("Open this link on the phone of the first admin. It works once, for 2 days.")
            click.echo(await app.first_admin_link())

    _run(link())


@main.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
def check(files: tuple[Path, ...]) -> None:
    """Check script FILES, or all of dialogs/ when none are named.

    Says file, line, what is wrong and what to do.
    """
    folder = _settings().dialogs
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
    file = Path(script) if script.endswith((".yaml", ".yml")) else _settings().dialogs / f"{script}.yaml"
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


def _settings(with_token: bool = False) -> setting.Settings:
    try:
        found = setting.read()
        return setting.with_token(found) if with_token else found
    except BeforehandError as error:
        raise click.ClickException(str(error)) from None


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Run until it ends, or until someone asks for it to stop."""

    async def until_stopped() -> None:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):  # Windows has no such handlers; Ctrl+C works there by itself
                loop.add_signal_handler(sign, task.cancel)
        with suppress(asyncio.CancelledError):
            await task

    try:
        asyncio.run(until_stopped())
    except KeyboardInterrupt:
        return
    except BeforehandError as error:
        raise click.ClickException(str(error)) from None
