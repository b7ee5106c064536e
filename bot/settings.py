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
KEYS = "BEFOREHAND_KEYS"
BACKUPS = "BEFOREHAND_BACKUPS"

_FILE = re.compile(r"sqlite:///(?!:memory:$).+")
# the port is a number, and an @ in the password is not taken for the one before the host
_HOST = r"(?:\[[^\]/?]+\]|[^/:?@,]*)(?::\d*)?"
_SERVER = re.compile(rf"postgresql://(?!$)(?:[^:/]*(?::[^@]*)?@)?{_HOST}(?:,{_HOST})*(?:[/?].*)?")
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{5,}")


@dataclass(frozen=True, slots=True)
class Settings:
    """One place for everything that differs from one installation to the next.

    Shape: `token` is the secret from @BotFather. `database` is sqlite:///FILE or postgresql://….
    `keys` is the file with the master keys that lock what people say. `backups` is the folder of the nightly
    copies and of the list of who was erased, "" for "backups" beside the database file.
    `zone` is the IANA time zone new people start with. `api` is the address of the Bot API up to "bot".
    `webhook` is the public https address Telegram calls, "" to ask Telegram instead. `host` and `port` are
    where the bot listens, for the web hook and for who asks how it is; `listens` is true when that was set.
    `dialogs` is the folder of the scripts.
    """

    token: str = field(default="", repr=False)
    database: str = "sqlite:///beforehand.db"
    keys: Path = Path("beforehand.keys")
    backups: str = ""
    zone: str = "Europe/London"
    api: str = "https://api.telegram.org/bot"
    webhook: str = ""
    host: str = "127.0.0.1"
    port: int = 8080
    listens: bool = False
    dialogs: Path = Path("dialogs")

    @property
    def database_file(self) -> Path | None:
        """The SQLite file; None when the database is a server."""
        name = self.database.removeprefix("sqlite:///")
        return Path(name) if name != self.database else None

    @property
    def backup_folder(self) -> Path:
        """Where copies of the database are, and the list of who was erased."""
        beside = self.database_file or Path()
        return Path(self.backups) if self.backups else beside.parent / "backups"


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings, each checked.

    Raises: SettingWrong, naming the setting, what it holds and what to do; a token is never repeated.
    """
    host, port = _listen(environment.get(LISTEN, "127.0.0.1:8080"))
    return Settings(
        token=_token(environment.get(TOKEN, "")),
        database=_database(environment.get(DATABASE, "sqlite:///beforehand.db")),
        keys=_keys(environment.get(KEYS) or "beforehand.keys"),
        backups=_backups(environment.get(BACKUPS, "")),
        zone=_zone(environment.get(ZONE, "Europe/London")),
        api=_api(environment.get(API, "https://api.telegram.org/bot")),
        webhook=_webhook(environment.get(WEBHOOK, "")),
        host=host,
        port=port,
        listens=LISTEN in environment,
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
    if (_FILE if value.startswith("sqlite") else _SERVER).fullmatch(value):
        return value
    raise SettingWrong(
        f'{DATABASE} is "{_without_password(value)}". Write sqlite:/// and the name of a file, '
        "or postgresql://user:password@host/name, with %40 for an @ in the password."
    )


def _keys(value: str) -> Path:
    if Path(value).is_dir():
        raise SettingWrong(f'{KEYS} is "{value}", which is a folder. Name a file in it.')
    return Path(value)


def _backups(value: str) -> str:
    if value and Path(value).exists() and not Path(value).is_dir():
        raise SettingWrong(f'{BACKUPS} is "{value}", which is no folder. Name one; it is made when needed.')
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
    if value and not re.match(r"https://[^/\s]", value):
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
    return re.sub(r"//([^:/@]*):.*@", r"//\1:…@", value)
