"""The commands that say how the bot is, and what it gave up."""

import json
import sys
from collections.abc import Callable, Collection
from dataclasses import asdict

import click

from bot.clock import Clock, on_the_wall
from bot.commands import running
from bot.errors import BeforehandError, DatabaseBusy, SettingWrong
from bot.health import Expected, Presence, State, Trouble, judge
from bot.keys import read_keys
from bot.pace import Limits
from bot.settings import KEYS, Settings
from bot.store.letters import Box, DeadLetter, Fate

Name = tuple[Box, int]
WHAT_TO_DO = {
    Trouble.NO_WORKER: (
        "No worker was seen in the last minute.",
        'Start the bot with "beforehand run". If it runs, look at its log: it may not reach the database.',
    ),
    Trouble.SILENT: (
        "Telegram was not heard for 3 minutes.",
        "Look at the network, at the log, and whether another program uses the same token.",
    ),
    Trouble.WAITING: (
        "People wait for an answer for more than a minute.",
        "Look at the log. If nothing is wrong there, the machine is too slow or too busy.",
    ),
    Trouble.LATE: (
        "Reminders are more than 10 minutes late.",
        "Look at the log. Until they go, tell the key contacts: somebody may miss their talk.",
    ),
    Trouble.KEY: (
        "A master key in use is not in the key file, or this file cannot be read.",
        f"Put it back from the copy you keep, or name another file in {KEYS}. Do not start the bot before.",
    ),
    Trouble.DEAD: (
        "Something was given up in the last day.",
        'See what with "beforehand dead". Whoever can help the person has been told.',
    ),
    Trouble.BACKUP: (
        "There is no backup of the last 2 days.",
        'Make one with "beforehand backup", and look at the log: the folder may be full or not writable.',
    ),
}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def status(as_json: bool) -> None:
    """Say how the running bot is.

    Ends with 0 when all is well, and with 1 when something needs a person; then it says what to do. Set the
    same settings as for "run".
    """
    from bot.store.reading import reading
    from bot.store.state import look

    settings = running.settings()
    try:
        with reading(settings.database) as (conn, now):
            state = look(conn, now)
    except BeforehandError as error:
        raise click.ClickException(str(error)) from None
    expected = _expected(settings)
    troubles = judge(state, expected)
    if as_json:
        click.echo(json.dumps({"trouble": troubles, **asdict(state), "backup_at": expected.backup}))
    else:
        click.echo("\n".join(_lines(state, expected, settings)))
        for trouble in troubles:
            click.echo("\n" + "\n".join(WHAT_TO_DO[trouble]))
    sys.exit(1 if troubles else 0)


def _expected(settings: Settings) -> Expected:
    from bot.store.copies import Copies

    try:
        keys = read_keys(settings.keys).names
    except SettingWrong:
        keys = ()
    copies = Copies(settings.database, settings.backup_folder)
    backup = copies.newest() if copies.of_a_file else None
    return Expected(not settings.webhook, Limits().a_second, keys=keys, backup=backup)


def _lines(state: State, expected: Expected, settings: Settings) -> list[str]:
    at, keys = state.at, expected.keys or ()
    heard = "not heard yet" if state.heard_at is None else f"heard {_ago(at - state.heard_at)}"
    missing = [name for name in state.masters if name not in keys]
    size = "" if state.size is None else f", {state.size / 1_000_000:.1f} MB"
    lines = [
        f"Workers: {len(state.workers)}",
        *(_worker(each, at) for each in state.workers),
        f"Telegram: {heard}",
        f"Updates waiting: {state.waiting.count}{_oldest(state.waiting.age(at))}",
        f"Messages ready to go: {state.ready.count}{_oldest(state.ready.age(at))}",
        f"Messages in doubt: {state.in_doubt}",
        f"Reminders due and not sent: {state.late.count}{_oldest(state.late.age(at))}",
        f"Dead letters: {state.dead_in} in, {state.dead_out} out, {state.dead_lately} of them new today",
        f"People: {state.people}",
        f"Database: {state.engine}, tables {state.revision}{size}",
        f"Master keys in use: {', '.join(state.masters)}"
        + (f"; not in {settings.keys}: {', '.join(missing)}" if missing else f"; all in {settings.keys}"),
    ]
    if not expected.keys:
        lines.append(_without_keys(settings))
    if expected.backup:
        lines.append(f"Newest backup: {_ago(at - expected.backup)}")
    return lines


def _without_keys(settings: Settings) -> str:
    try:
        read_keys(settings.keys)
    except SettingWrong as error:
        return str(error)
    return ""


def _worker(each: Presence, at: int) -> str:
    return f"  {each.name}: seen {_ago(at - each.seen_at)}, started {_ago(at - each.started_at)}"


def _oldest(age: int) -> str:
    return f", the oldest since {_long(age)}" if age else ""


def _ago(length: int) -> str:
    return f"{_long(length)} ago"


def _long(length: int) -> str:
    """A length of time as people say it. Units: milliseconds."""
    seconds = max(0, length) // 1000
    for size, name in ((86_400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{seconds} s"


# ---- what was given up


@click.command()
@click.option("--retry", multiple=True, metavar="LETTER", help="Have it tried again: in:7, out:7 or all.")
@click.option("--drop", multiple=True, metavar="LETTER", help="Delete what is in it for good.")
def dead(retry: tuple[str, ...], drop: tuple[str, ...]) -> None:
    """List what the bot gave up, newest first: never whose it is, never what was said.

    "in" is what came from people, "out" is what goes to them. With a SQLite file the bot must be stopped for
    --retry and --drop; on PostgreSQL it may run.
    """
    from bot.store import dead as letters

    if retry and drop:
        raise click.UsageError("Say --retry or --drop, not both.")
    settings, names = running.settings(), _names(retry or drop)
    found = _read(settings)
    if not retry and not drop:
        return _list(found, settings.zone)
    missing = (names or set()) - {(letter.box, letter.id) for letter in found}
    if missing:
        raise click.ClickException(f"There is no dead letter {', '.join(sorted(map(_name, missing)))}.")
    done = running.run(_change(settings, letters.retry if retry else letters.drop, names)) or []
    for letter in done:
        stays = retry and letter.fate is not Fate.MAY_GO
        what = f"stays, {letter.fate}" if stays else "is tried again" if retry else "is dropped"
        click.echo(f"{_name((letter.box, letter.id))} {what}.")
    return None


def _read(settings: Settings) -> list[DeadLetter]:
    from bot.store.dead import letters
    from bot.store.reading import reading

    try:
        with reading(settings.database) as (conn, now):
            return letters(conn, now)
    except BeforehandError as error:
        raise click.ClickException(str(error)) from None


def _list(found: list[DeadLetter], zone: str) -> None:
    if not found:
        click.echo("Nothing was given up.")
    for letter in found:
        when = on_the_wall(letter.at, zone).replace("T", " ")
        tries = f"{letter.attempts} {'try' if letter.attempts == 1 else 'tries'}"
        name = _name((letter.box, letter.id))
        click.echo(f"{name}  {when}  {tries}  {letter.error or 'unknown'}  ({letter.fate})")


async def _change(
    settings: Settings,
    act: Callable[..., list[DeadLetter]],
    names: Collection[Name] | None,
) -> list[DeadLetter]:
    from bot.store.database import Store
    from bot.store.inside import now

    store = Store(settings.database, Clock(), read_keys(settings.keys))
    try:
        await store.look()
    except DatabaseBusy:
        words = "The bot is running on this file. Stop it, type this again, then start it."
        raise DatabaseBusy(words) from None
    try:
        done = await store.tx(lambda conn: act(conn, names, now(conn)))
        await store.scrub()
    finally:
        await store.close()
    return done


def _names(words: tuple[str, ...]) -> set[Name] | None:
    """The letters that are meant; None for all of them."""
    return None if "all" in words else {_parse(word) for word in words}


def _parse(word: str) -> Name:
    way, _, number = word.partition(":")
    if way not in _WAYS or not number.isdecimal():
        raise click.UsageError(f'"{word}" is no letter. Write in:NUMBER, out:NUMBER or all.')
    return _WAYS[way], int(number)


def _name(name: Name) -> str:
    return f"{'in' if name[0] is Box.IN else 'out'}:{name[1]}"


_WAYS = {"in": Box.IN, "out": Box.OUT}
