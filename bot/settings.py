"""What can be set, from the environment; each setting says its unit, default and reason."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import SettingWrong

TOKEN = "BEFOREHAND_TOKEN"
DATABASE = "DATABASE_URL"
ZONE = "BEFOREHAND_ZONE"
API = "BEFOREHAND_API"
WEBHOOK = "BEFOREHAND_WEBHOOK"
LISTEN = "BEFOREHAND_LISTEN"
DIALOGS = "BEFOREHAND_DIALOGS"

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{5,}")


@dataclass(frozen=True, slots=True)
class Settings:
    """One place for everything that differs from one installation to the next.

    Shape: `token` is the secret from @BotFather. `database` is sqlite:///FILE.
    `zone` is the IANA time zone new people start with. `api` is the address of the Bot API up to "bot".
    `webhook` is the public https address Telegram calls, "" to ask Telegram instead. `host` and `port` are
    where the web hook listens. `dialogs` is the folder of the scripts.
    """

    token: str = field(default="", repr=False)
    database: str = "sqlite:///beforehand.db"
    zone: str = "Europe/London"
    api: str = "https://api.telegram.org/bot"
    webhook: str = ""
    host: str = "127.0.0.1"
    port: int = 8080
    dialogs: Path = Path("dialogs")


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings, each checked.

    Raises: SettingWrong, naming the setting, what it holds and what to do; a token is never repeated.
    """
    host, port = _listen(environment.get(LISTEN, "127.0.0.1:8080"))
    return Settings(
        token=_token(environment.get(TOKEN, "")),
        database=_database(environment.get(DATABASE, "sqlite:///beforehand.db")),
        zone=_zone(environment.get(ZONE, "Europe/London")),
        api=_api(environment.get(API, "https://api.telegram.org/bot")),
        webhook=_webhook(environment.get(WEBHOOK, "")),
        host=host,
        port=port,
        dialogs=_dialogs(environment.get(DIALOGS, "")),
    )


def with_token(settings: Settings) -> Settings:
    """The same settings, for a command that talks to Telegram.

    Raises: SettingWrong without a token.
    """
    if not settings.token:
        raise SettingWrong(f"{TOKEN} is missing. Ask @BotFather on Telegram for a token and set it.")
    return settings


def packaged_dialogs() -> Path:
    """The scripts that came with the program."""
    here = Path(__file__).parent
    installed = here / "_data" / "dialogs"
    return installed if installed.is_dir() else here.parent / "dialogs"


def _token(value: str) -> str:
    if value and not _TOKEN.fullmatch(value):
        raise SettingWrong(
            f"{TOKEN} does not look like a token. It has a number, a colon and letters, such as 123:AbC…"
        )
    return value


def _database(value: str) -> str:
    if not re.match(r"sqlite:///.", value):
        raise SettingWrong(
            f'{DATABASE} is "{_without_password(value)}". Write sqlite:/// and the name of a file.'
        )
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingWrong(f'{ZONE} is "{value}", which is no time zone. Try Europe/London.') from None
    return value


def _api(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s?#]+", value):
        raise SettingWrong(f'{API} is "{value}". Write an address such as https://api.telegram.org/bot.')
    return value if value.rstrip("/").endswith("/bot") else value.rstrip("/") + "/bot"


def _webhook(value: str) -> str:
    if value and not value.startswith("https://"):
        raise SettingWrong(
            f'{WEBHOOK} is "{value}". Telegram only calls an address that begins with https://.'
        )
    return value.rstrip("/")


def _listen(value: str) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise SettingWrong(f'{LISTEN} is "{value}". Write a host and a port such as 127.0.0.1:8080.')
    return host, int(port)


def _dialogs(value: str) -> Path:
    if value:
        if not Path(value).is_dir():
            raise SettingWrong(f'{DIALOGS} is "{value}", which is no folder.')
        return Path(value)
    here = Path("dialogs")
    return here if any(here.glob("*.yaml")) else packaged_dialogs()


def _without_password(value: str) -> str:
    return re.sub(r"//([^:/@]*):[^@]*@", r"//\1:…@", value)
