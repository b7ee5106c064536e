"""The commands that publish scripts and sets, and go back to older versions."""

import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import plaintext
from bot.commands import running
from bot.errors import DatabaseBusy

if TYPE_CHECKING:
    from bot.store.database import Store

BUSY = "The bot has this database open. Stop it first, or send the file to the bot in the chat."
FILES = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("scripts")
def scripts_() -> None:
    """List the scripts and sets in use, with their versions.

    With a SQLite file the bot must be stopped; an admin sees the same in the chat.
    """
    running.run(_list())


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILES)
@click.option("--dry-run", is_flag=True, help="Say what people would see, and change nothing.")
def publish(files: tuple[Path, ...], dry_run: bool) -> None:
    """Check FILES, say what people in the middle of a talk will see, and publish them together.

    On PostgreSQL the bot may go on running. With a SQLite file it must be stopped; or send the file in the
    chat instead. Ends with 1, and nothing has changed, when somebody could not go on.
    """
    if not running.run(_publish_files(files, dry_run)):
        sys.exit(1)


@click.command()
@click.argument("name")
@click.argument("version", required=False, type=int)
def rollback(name: str, version: int | None) -> None:
    """Publish an older VERSION of NAME again, or the one before the newest."""
    if not running.run(_go_back(name, version)):
        sys.exit(1)


@asynccontextmanager
async def _opened() -> "AsyncIterator[Store]":
    """The database, as long as it is needed.

    Raises: DatabaseBusy, with what else can be done; DatabaseUnusable when the bot has never made it.
    """
    from bot.clock import Clock
    from bot.keys import read_keys
    from bot.store.database import Store
    from bot.store.reading import must_be_there

    settings = running.settings()
    if settings.database_file:
        must_be_there(settings.database_file)
    store = Store(settings.database, Clock(), read_keys(settings.keys))
    try:
        await store.open()
    except DatabaseBusy:
        raise DatabaseBusy(BUSY) from None
    try:
        yield store
    finally:
        await store.close()


async def _list() -> None:
    from bot.clock import moment
    from bot.store import scripts

    async with _opened() as store:
        for kept in await store.tx(scripts.all_live):
            at = moment(kept.published_at or 0)
            click.echo(f"{kept.name}: version {kept.version}, since {at:%Y-%m-%d %H:%M} UTC")


async def _publish_files(files: Iterable[Path], dry_run: bool) -> bool:
    from bot.actions import shelf

    texts = {file.name: plaintext.of_file(file) for file in files}
    async with _opened() as store:
        found = await store.tx(shelf.check_folder, texts)
        return await _publish(store, dict(found), dry_run)


async def _go_back(name: str, version: int | None) -> bool:
    from bot.store import scripts

    async with _opened() as store:
        live = await store.tx(scripts.live, name)
        wanted = version if version is not None else (live.version or 0) - 1 if live else 0
        kept = await store.tx(scripts.of_version, name, wanted)
        if live is None or kept is None:
            click.echo(
                f"There is no version {wanted} of {name}." if live else f"There is no {name}.", err=True
            )
            return False
        return await _publish(store, {name: kept.text}, dry_run=False)


async def _publish(store: "Store", changed: dict[str, str], dry_run: bool) -> bool:
    """Say what would follow, and publish these texts; false when somebody could not go on."""
    from bot.actions import foresee
    from bot.actions.desk import Desk, House
    from bot.actions.publish import publish_texts
    from bot.store.inside import now

    follows = await foresee.look(store, foresee.Wanted(tuple(changed.items())))
    if wrong := foresee.problems(follows):
        for problem in wrong:
            click.echo(problem, err=True)
        return False
    click.echo(foresee.in_words(follows, str))
    if dry_run:
        click.echo("Nothing has changed.")
        return True
    made = await store.tx(
        lambda conn: publish_texts(Desk(conn, House("UTC"), now(conn), "command"), None, changed)
    )
    for name, version in sorted(made.items()):
        click.echo(f"{name} is live now, as version {version}.")
    return True
