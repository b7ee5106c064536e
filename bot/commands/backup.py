"""The commands that copy the database and bring a copy back."""

from pathlib import Path

import click

from bot.commands import running
from bot.errors import BackupWrong, BeforehandError
from bot.keys import read_keys
from bot.settings import Settings

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", required=False, type=FILE)
def backup(file: Path | None) -> None:
    """Copy the database to FILE, or into the folder of the nightly copies; the bot may go on running.

    The copy needs the key file to be read, and the key file is not in it.
    """
    from bot.clock import Clock
    from bot.store.copies import Copies

    settings = running.settings()
    try:
        made = Copies(settings.database, settings.backup_folder).make(Clock().now(), file)
    except BeforehandError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"The database is copied to {made}. Keep the key file apart from it.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--without-erasures",
    is_flag=True,
    help="Go on without the list of who was erased: people who wanted nothing kept may be back.",
)
def restore(file: Path, without_erasures: bool) -> None:
    """Bring back the database from FILE; the bot must be stopped.

    Whoever was erased after the copy was made is erased again. Everything else said since then is lost.
    """
    running.run(_restore(running.settings(), file, without_erasures))


async def _restore(settings: Settings, file: Path, without_erasures: bool) -> None:
    from bot.actions.note import key_of
    from bot.clock import Clock
    from bot.store.erasures import ErasureLog
    from bot.store.restore import Restore

    ring = read_keys(settings.keys)
    log = ErasureLog(settings.backup_folder)
    gone = []
    if log.file.exists() or not without_erasures:
        try:
            gone = log.read()
        except BackupWrong as error:
            words = f"{error} Without it, people who wanted nothing kept come back. Put it there, or add"
            raise BackupWrong(f"{words} --without-erasures if it is lost for good.") from None
    done = await Restore(settings.database, Clock(), ring, key_of).run(file, gone)
    if not log.file.exists():
        click.echo(
            "There was no list of who was erased: people who wanted nothing kept may be back.", err=True
        )
    if done.aside:
        click.echo(
            f"The old database is {done.aside} now. Delete it when all is well: nothing is erased in it."
        )
    click.echo(f"The database is back, from {file}.")
    people = f"{done.people} {'person' if done.people == 1 else 'people'}"
    talks = f"{done.talks} talk{'' if done.talks == 1 else 's'}"
    click.echo(f"Erased again: {people} and {talks}. Now start the bot.")
