"""What people see of the bot before they have said anything: its commands, and what it is for."""

import logging

from telegram import Bot
from telegram.error import TelegramError

from bot import wording
from bot.store.letters import describe

log = logging.getLogger(__name__)


async def introduce(api: Bot) -> None:
    """Tell Telegram the commands and the words of the empty chat; the bot works without them, too."""
    try:
        await api.set_my_commands(list(wording.COMMANDS.items()))
        await api.set_my_short_description(wording.ABOUT_SHORT)
        await api.set_my_description(wording.ABOUT_MORE)
    except TelegramError as error:
        log.warning("the bot could not introduce itself: %s", describe(error))
