"""Every command."""

import click

from bot.commands import running
from bot.commands.backup import backup, restore
from bot.commands.keys import keys
from bot.commands.scripts import check, schema
from bot.commands.status import dead, status
from bot.commands.talk import talk
from bot.commands.versions import publish, rollback, scripts_


class Commands(click.Group):
    """Commands that end with a sentence when a file or the database may not be used."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was typed."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if words := running.in_words(error):
                raise click.ClickException(words) from None
            raise


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
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
main.add_command(talk)
main.add_command(check)
main.add_command(schema)
main.add_command(scripts_)
main.add_command(publish)
main.add_command(rollback)


@main.command("try")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8765,
    show_default=True,
    help="Where the page is, on this computer only.",
)
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
        running.tell_the_time()
        async with App(running.settings(with_token=True)) as app:
            click.echo(f"@{app.api.username} is running. Press Ctrl+C to stop.")
            running.stay()
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
