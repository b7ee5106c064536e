"""The only clock: instants are UTC, and days are people's own."""

import time
import zoneinfo
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import tzdata  # type: ignore[import-untyped]

DAY = 24 * 60 * 60 * 1000
HOUR = 60 * 60 * 1000
MINUTE = 60 * 1000

NIGHT = 3
"""Units: hours on the wall; what is done every night is done then."""


class Clock:
    """What time it is; the sandbox may move it forward.

    Units: milliseconds since 1970, UTC.
    """

    def __init__(self) -> None:
        self._ahead = 0

    def now(self) -> int:
        """This instant."""
        return self.at(system_time())

    def at(self, reading: int) -> int:
        """This instant, by the reading of another clock on the wall.

        Units: `reading` in milliseconds since 1970, UTC.
        """
        return reading + self._ahead

    def moment(self) -> datetime:
        """This instant as an aware datetime, UTC."""
        return moment(self.now())

    def jump(self, to: int) -> None:
        """Go forward to that instant; a clock never goes back."""
        self._ahead += max(0, to - self.now())

    def back_to_now(self) -> None:
        """Leave the time it was moved to; only for the sandbox, when it begins anew."""
        self._ahead = 0


def system_time() -> int:
    """What the clock of this machine shows, right or wrong.

    Units: milliseconds since 1970, UTC.
    """
    return time.time_ns() // 1_000_000


def moment(instant: int) -> datetime:
    """The instant as an aware datetime, UTC.

    Units: `instant` in milliseconds since 1970, UTC.
    """
    return datetime.fromtimestamp(instant / 1000, UTC)


def on_the_wall(instant: int, zone: str) -> str:
    """What the clock on the wall shows there, to the minute: "2027-03-12T14:00".

    Units: `instant` in milliseconds since 1970, UTC.
    """
    return moment(instant).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def off_the_wall(wall: str, zone: str) -> int:
    """When the clock on the wall shows that; the first time, when it does so twice.

    Shape: a time the clock jumps over becomes as much later.
    Units: milliseconds since 1970, UTC.
    """
    shown = datetime.strptime(wall, "%Y-%m-%dT%H:%M").replace(tzinfo=ZoneInfo(zone), fold=0)
    return int(shown.timestamp()) * 1000


def zones_edition() -> str:
    """Which edition of the time zones Python reads, such as "2026c"; a later one is greater.

    Shape: folders of the machine come before the package, as they do for ZoneInfo. One that does not name
    its edition is known by its day.
    """
    for folder in map(Path, zoneinfo.TZPATH):
        for name in ("tzdata.zi", "+VERSION"):
            if (folder / name).is_file():
                with (folder / name).open(encoding="ascii", errors="replace") as file:
                    return file.readline().split()[-1]
        if (folder / "Europe" / "London").is_file():
            made = (folder / "Europe" / "London").stat().st_mtime
            return date.fromtimestamp(made).isoformat()  # noqa: DTZ012 only the day counts
    return str(tzdata.IANA_VERSION)
