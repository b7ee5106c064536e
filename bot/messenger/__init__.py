"""Telegram, through python-telegram-bot; nothing else imports `telegram`."""

import os

# Telegram's "wait so long" as a timedelta: the library warns on every use of the old way, seconds.
os.environ.setdefault("PTB_TIMEDELTA", "true")
