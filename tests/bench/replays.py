"""How long it takes to see what a new version would mean for many talks in progress."""

import asyncio
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, insert

from bot.actions import foresee, publish
from bot.app import App
from bot.dialog.talk import State
from bot.store import safe
from bot.store.inside import now
from bot.store.tables import answers, people, talks
from tests.bench.parts import machine
from tests.bench.table import Row
from tests.bench.town import Town, make_keys
from tests.talks import DIALOGS

ANSWERS = 25
TALKS = 10_000
_OLD = (DIALOGS / "first_talk.yaml").read_text("utf-8")
_NEW = _OLD.replace("What matters most to you?", "What is most important to you?")


def replays(count: int = TALKS) -> Iterator[Row]:
    """A new version played on by everybody who is in the middle of the first talk, on a SQLite file."""
    took = replay(count) * 1000
    what = f"forecast for {count} talks of {ANSWERS} answers, SQLite file"
    yield Row(what, took, "ms", took / machine(), "10,000 additions", most=count * 1.0)


def replay(count: int) -> float:
    """The time it takes for so many talks.

    Units: seconds.
    """
    return asyncio.run(_replay(count))


async def _replay(count: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        town = Town(Path(folder), ())
        make_keys(town)
        app = town.app()
        await app.store.open()
        try:
            await app.store.tx(_published, app)
            for first in range(1, count + 1, 500):
                await app.store.tx(_people, range(first, min(first + 500, count + 1)))
            begun = time.perf_counter()
            found = await foresee.look(app.store, foresee.Wanted((("first_talk", _NEW),)))
            took = time.perf_counter() - begun
            assert found.people.people == count and not found.people.strands, "not everybody was looked at"
            return took
        finally:
            await app.store.close()


def _published(conn: Connection, app: App) -> None:
    publish.publish_text(app.desk(conn, "bench"), _OLD, "first_talk")


def _people(conn: Connection, numbers: range) -> None:
    """Somebody who has answered nearly everything, for each number."""
    at = now(conn)
    for number in numbers:
        name = safe.seal(conn, number, "Ann", "people.name")
        who = {"id": number, "chat_id": number, "name": name, "joined_at": at, "expecting": ""}
        conn.execute(insert(people).values(who | {"language": "en", "zone": "Europe/London"}))
        talk = {
            "id": number,
            "person": number,
            "script": "first_talk",
            "status": "open",
            "unfinished_sent": 0,
        }
        conn.execute(insert(talks).values(talk | {"started_at": at, "said_at": at}))
        conn.execute(insert(answers), [_answer(conn, number, *said, at) for said in _SAID])


def _answer(conn: Connection, number: int, place: str, value: object, at: int) -> dict[str, object]:
    bound = ("answers", number, place, str(State.GIVEN), at)
    sealed = safe.seal(conn, number, json.dumps(value), *bound)
    kept = {"talk": number, "place": place, "state": str(State.GIVEN), "value": sealed}
    return kept | {"script_version": 1, "update_id": None, "said_at": at}


_MO = [{"id": f"n{number}", "name": f"Mo the {number}."} for number in range(1, 4)]
_SAID: list[tuple[str, object]] = [
    ("hello", None),
    ("good_to_know", None),
    ("may_keep", {"code": "yes", "wording": "May I keep your answers?", "language": "en", "at": 1}),
    ("call_me", "Ann"),
    ("samples", None),
    ("formats", {"codes": ["large_print", "easy"], "words": ""}),
    ("print_size", {"code": "size_20"}),
    ("days", {"codes": ["monday", "friday"], "words": ""}),
    ("time_of_day", {"code": "morning"}),
    ("never_times", "Not before my tablets at ten, and not on Thursdays."),
    ("place", {"code": "cafe"}),
    ("place_needs", {"codes": ["quiet", "bus"], "words": ""}),
    ("attendees", {"items": _MO, "next": 4}),
    *((f"how_known@n{number}", {"code": "family"}) for number in range(1, 4)),
    *((f"may_tell@n{number}", {"code": "all"}) for number in range(1, 4)),
    ("get_on_with", "Jane. She is calm and does not rush me."),
    ("help_well", "Give me time to think."),
    ("how_are_things", {"code": "good"}),
    ("matters", "Seeing my grandchildren on Sundays, and my garden."),
    ("working", "My new chair. I can get out again."),
    ("not_working", "The bus does not come in time for my club."),
]
assert len(_SAID) == ANSWERS
