"""A bot that says back what it hears: python-telegram-bot as it comes, nothing kept.

BENCH_AT_ONCE is how many updates it handles at the same time; 0 is the library's default, one.
"""

import os

from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say it back."""
    assert update.message and update.message.text
    await update.message.reply_text(update.message.text)


def main() -> None:
    """Answer until stopped."""
    builder = ApplicationBuilder().token("1000:BENCH-SECRET").base_url(f"{os.environ['BENCH_ROOT']}/bot")
    at_once = int(os.environ.get("BENCH_AT_ONCE", "256"))
    app = builder.concurrent_updates(at_once or False).build()
    app.add_handler(MessageHandler(filters.TEXT, echo))
    app.run_polling()


if __name__ == "__main__":
    main()
