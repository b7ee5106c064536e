"""The commands about master keys."""

import sys
from collections import Counter
from pathlib import Path

import click

from bot.commands import running
from bot.errors import BeforehandError, KeyMissing, SettingWrong
from bot.keys import add_key, key_lines, read_keys
from bot.settings import KEYS, Settings

SLICE = 200
"""How many chats are looked at in one transaction, so that a bot at work never waits long."""

KEEP = "Keep a copy of it elsewhere, but not beside the copies of the database."
LOST = "Without it nobody can read the answers, and nobody can bring them back."

IN_A_FILE = ("Stop the bot.", "beforehand keys rotate", "Start the bot.")
ON_A_SERVER = (
    "Put this file on every computer the bot runs on.",
    "Stop the bot and start it again, on one computer after the other.",
    "beforehand keys rotate",
)
"""A worker that has not been given the new key stands still from the rotation on, so that comes last."""


@click.group()
def keys() -> None:
    """Make, check and change the keys that lock what people say."""


@keys.command()
def new() -> None:
    """Make the key file, or put a fresh key on top of it.

    The newest key locks, and every key in the file opens. Keep the older lines until "keys rotate" says that
    they are needed no more.
    """
    settings = running.settings()
    file = settings.keys
    had = file.exists()
    try:
        name = add_key(file)
    except SettingWrong as error:
        raise click.ClickException(str(error)) from None
    if not had:
        click.echo(f"{file} is made, with key {name}. Only you can read it.")
        click.echo(f"{KEEP} {LOST}")
        return
    click.echo(f"Key {name} is on top of {file} now. The older keys are still there.")
    click.echo(f"{KEEP} {LOST}")
    click.echo("Then have it used:")
    for number, words in enumerate(IN_A_FILE if settings.database_file else ON_A_SERVER, 1):
        click.echo(f"  {number}. {words}")


@keys.command()
def check() -> None:
    """Try every key in use, and say how many chats each one locks.

    With a SQLite file the bot must be stopped. Ends with 1 when a key is missing or damaged.
    """
    settings = running.settings()
    if running.run(_check(settings)):
        sys.exit(1)


@keys.command()
def rotate() -> None:
    """Lock everybody's key with the newest key in the file.

    First "keys new", then put the file on every computer the bot runs on, and start the bot again there. With
    a SQLite file the bot must be stopped for this; on PostgreSQL it may run. Broken off, it can be run again.
    """
    running.run(_rotate(running.settings()))


async def _check(settings: Settings) -> bool:
    """Say how the keys are; whether something is wrong."""
    from bot.clock import Clock
    from bot.store import safe
    from bot.store.database import Store

    file, ring = settings.keys, read_keys(settings.keys)
    if settings.database_file and not settings.database_file.exists():
        click.echo(f"{file} can be read. There is no database {settings.database_file} yet.")
        return False
    store = Store(settings.database, Clock(), ring)
    await store.look()
    try:
        used = await store.tx(safe.in_use)
        locks, closed, after = Counter[str](), list[int](), -(2**63)
        while used and (found := await store.tx(safe.try_keys, after, SLICE)):
            after = found[-1][0]
            locks.update(name for _, name, _ in found)
            closed += [chat for chat, name, opens in found if not opens and name in ring.names]
    finally:
        await store.close()
    for name, line in key_lines(file).items():
        click.echo(f"Key {name}, line {line} of {file}: locks {_chats(locks[name])}.")
    missing = sorted((locks.keys() | set(used)) - set(ring.names))
    for name in missing:
        words = f"Key {name} locks {_chats(locks[name])} and is not in {file}."
        click.echo(f"{words} Put it back from the copy you keep, or name another file in {KEYS}.", err=True)
    if closed:
        some = ", ".join(map(str, closed[:10])) + (" …" if len(closed) > 10 else "")
        words = f"The keys of {_chats(len(closed))} are damaged: {some}."
        click.echo(f"{words} What these people said can only come from a backup.", err=True)
    if not missing and not closed:
        click.echo("Every key opens.")
    return bool(missing or closed)


async def _rotate(settings: Settings) -> None:
    from bot.clock import Clock
    from bot.store import safe
    from bot.store.database import Store
    from bot.store.postgres import others

    file, ring = settings.keys, read_keys(settings.keys)
    if settings.database_file and not settings.database_file.exists():
        raise SettingWrong(f"There is no database {settings.database_file} yet, so there is nothing to do.")
    store = Store(settings.database, Clock(), ring)
    await store.look()
    try:
        at_work = 0 if store.alone else await store.tx(others)
        if at_work and ring.newest not in await store.tx(safe.in_use):
            raise KeyMissing(
                f"The bot is running without key {ring.newest}. Put {file} on every computer it runs on, "
                "start it again there, and then rotate."
            )
    finally:
        await store.close()
    store = Store(settings.database, Clock(), ring)
    await store.open()
    try:
        count = 0
        while locked := await store.tx(safe.lock_again, SLICE):
            count += locked
    except KeyMissing as error:
        raise BeforehandError(f"{error}. Run: beforehand keys check") from None
    finally:
        await store.close()
    click.echo(f"Key {ring.newest} locks every chat now. {_chats(count).capitalize()} changed.")
    _needless(file, ring.newest)


def _needless(file: Path, newest: str) -> None:
    from bot.store.copies import KEPT

    older = [line for name, line in key_lines(file).items() if name != newest]
    if older:
        lines = "Line" if len(older) == 1 else "Lines"
        are = "is" if len(older) == 1 else "are"
        click.echo(f"{lines} {', '.join(map(str, older))} of {file} {are} needed no more for this database.")
        click.echo(
            f"Copies made before now still need {'it' if len(older) == 1 else 'them'}: wait {KEPT.days} days."
        )


def _chats(count: int) -> str:
    return f"{count} chat{'' if count == 1 else 's'}"
