"""Talks, and the answers in them with their history."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import dropwhile, takewhile
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, select, update

from bot.dialog.answers import Answer
from bot.dialog.talk import Fact, State
from bot.people import Person
from bot.store import safe
from bot.store.inside import inside
from bot.store.scripts import Version
from bot.store.statement import Statement
from bot.store.tables import answers, appointments, people, reminders, scripts, shares, talks


class Status(StrEnum):
    """Where a talk is."""

    OPEN = "open"
    STOPPED = "stopped"
    WAITING = "waiting"  # its key contact is still saying what is known before it begins


@dataclass(frozen=True, slots=True)
class Talk:
    """One person's way through one script.

    Shape: `chat` is the person's; its key seals what is said. `stage` is 2 once the first meeting has been.
    `draft` is the script row an admin tries on their own phone, None for a real talk. `shown` is the script
    row its newest question was drawn from. `said_at` is when something said in it was last worked out.
    `follows` is the newest version of its script, for positions are worked out anew. `shared` is true once
    something of it was.
    Units: `said_at` in milliseconds since 1970, UTC.
    """

    id: int
    person: int
    chat: int
    script: str
    draft: int | None
    status: Status
    unfinished_sent: int = 0
    shown: int | None = None
    said_at: int = 0
    follows: Version = Version(0, None)
    shared: bool = False
    stage: int = 1


def begin(
    conn: Connection,
    person: Person,
    script: str,
    now: int,
    draft: int | None = None,
    stage: int = 1,
    status: Status = Status.OPEN,
) -> Talk:
    """Start a talk."""
    assert person.chat is not None, "nobody is there to talk to"
    made = _BEGIN.one(conn, who=person.id, name=script, trial=draft, so=status, at_stage=stage, now=now)
    begun = by_id(conn, made.id)
    assert begun is not None
    return begun


def of_person(conn: Connection, person: int) -> Talk | None:
    """Their newest talk that has begun; a try-out comes before a real one."""
    return _talk(_OF_PERSON.one(conn, person=person))


def by_id(conn: Connection, talk: int) -> Talk | None:
    """The talk with this number; its person is still here."""
    return _talk(_BY_ID.one(conn, talk=talk))


def _talk(row: Any) -> Talk | None:
    if row is None:
        return None
    status = Status(row.status)
    return Talk(
        row.id,
        row.person,
        row.chat_id,
        row.script,
        row.draft,
        status,
        row.unfinished_sent,
        row.shown,
        row.said_at,
        Version(row.draft, None) if row.draft else Version(row.live_id, row.live_version),
        bool(row.is_shared),
        row.stage,
    )


def set_status(conn: Connection, talk: int, status: Status) -> None:
    """Where the talk is from now on."""
    conn.execute(update(talks).where(talks.c.id == talk).values(status=status))


def set_stage(conn: Connection, talk: int, stage: int) -> bool:
    """From now on the questions of this stage are asked, too; false when they were already."""
    earlier = update(talks).where(talks.c.id == talk, talks.c.stage < stage)
    return conn.execute(earlier.values(stage=stage)).rowcount == 1


def all_of(conn: Connection, person: int) -> list[int]:
    """The numbers of all their talks, the oldest first."""
    return list(conn.scalars(select(talks.c.id).where(talks.c.person == person).order_by(talks.c.id)))


def waiting_for(conn: Connection, person: int) -> list[int]:
    """Their talks that are still being made ready by somebody else."""
    waits = select(talks.c.id).where(talks.c.person == person, talks.c.status == Status.WAITING)
    return list(conn.scalars(waits))


def heard(conn: Connection, talk: int, shown: int | None, now: int) -> None:
    """Something was said just now, and the newest question was drawn from this script row."""
    _HEARD.run(conn, talk=talk, script=shown, now=now)


def count_unfinished(conn: Connection, talk: int) -> None:
    """One more reminder that the talk is unfinished has gone out."""
    conn.execute(update(talks).where(talks.c.id == talk).values(unfinished_sent=talks.c.unfinished_sent + 1))


def latest(conn: Connection, talk: Talk) -> dict[str, Answer]:
    """The newest answer at each place; each is read and opened once for many turns, for it never changes."""
    here = inside(conn)
    newest = [_named(talk, row) for row in _NEWEST.all(conn, talk=talk.id)]
    known = {row: answer for row in newest if (answer := here.opened.get(row)) is not None}
    new = {row[-1] for row in newest if row not in known}
    if new:
        rows = _SINCE.all(conn, talk=talk.id, first=min(new))
        fresh = {_named(talk, row): _answer(conn, talk, row) for row in rows if row.id in new}
        known |= fresh
        if talk.id not in here.kept:  # a number that is undone may be given to another answer
            here.remember(fresh)
    return {row[-2]: known[row] for row in newest if row in known}


def _named(talk: Talk, row: Any) -> tuple[int, int, str, int]:
    """What stands for no other answer, even should an older database be in use with the numbers it had."""
    return talk.chat, talk.id, row.place, row.id


def _answer(conn: Connection, talk: Talk, row: Any) -> Answer:
    words = safe.unseal(conn, talk.chat, row.value, *_bound(talk, row.place, row.state, row.said_at))
    return Answer(State(row.state), json.loads(words), row.id, row.said_at // 1000)


def settled_by(conn: Connection, talk: int) -> int:
    """The number of the update that settled an answer last; 0 when none did.

    Shape: more words for the same answer do not count, for they were kept without a reply.
    """
    newest_first = dropwhile(_is_open, _HISTORY.all(conn, talk=talk))
    last = next(newest_first, None)
    if last is None:
        return 0
    same = takewhile(lambda row: row.place == last.place and not _is_open(row), newest_first)
    *_, first = (last, *same)
    return int(first.update_id or 0)


def _is_open(row: Any) -> bool:
    return row.state in (State.OPEN, State.CHANGING)


def keep(
    conn: Connection,
    talk: Talk,
    facts: Iterable[Fact],
    said_at: int,
    version: int | None,
    update_id: int | None,
) -> None:
    """Add what was said, sealed; older answers stay as the history."""
    for fact in facts:
        inside(conn).kept.add(talk.id)
        words = json.dumps(fact.value, ensure_ascii=False)
        _KEEP.run(
            conn,
            of=talk.id,
            where=fact.place,
            how=fact.state,
            sealed=safe.seal(conn, talk.chat, words, *_bound(talk, fact.place, fact.state, said_at)),
            version=version,
            number=update_id,
            when=said_at,
        )


def _bound(talk: Talk, place: str, state: str, said_at: int) -> tuple[object, ...]:
    """What a kept answer belongs to: it opens nowhere else."""
    return ("answers", talk.id, place, str(state), said_at)


def erase(conn: Connection, talk: int) -> None:
    """Delete a talk and everything that came of it."""
    inside(conn).opened.clear()
    for table in (answers, shares, appointments, reminders):
        conn.execute(delete(table).where(table.c.talk == talk))
    conn.execute(delete(talks).where(talks.c.id == talk))


_versions = scripts.alias()
_newest_version = (
    select(_versions.c.id)
    .where(_versions.c.name == talks.c.script, _versions.c.version.is_not(None))
    .order_by(_versions.c.version.desc())
    .limit(1)
    .scalar_subquery()
)
_TALKS = (
    select(
        talks,
        people.c.chat_id,
        scripts.c.id.label("live_id"),
        scripts.c.version.label("live_version"),
        exists().where(shares.c.talk == talks.c.id).label("is_shared"),
    )
    .join(people, people.c.id == talks.c.person)
    .outerjoin(scripts, scripts.c.id == _newest_version)
)
_OF_PERSON = Statement(
    _TALKS.where(
        talks.c.person == bindparam("person"),
        people.c.chat_id.is_not(None),
        talks.c.status != Status.WAITING,
    )
    .order_by(talks.c.draft.is_(None), talks.c.id.desc())
    .limit(1)
)
_BY_ID = Statement(_TALKS.where(talks.c.id == bindparam("talk"), people.c.chat_id.is_not(None)))
_HEARD = Statement(
    update(talks)
    .where(talks.c.id == bindparam("talk"))
    .values(said_at=bindparam("now"), shown=bindparam("script"))
)
_NEWEST = Statement(
    select(answers.c.place, func.max(answers.c.id).label("id"))
    .where(answers.c.talk == bindparam("talk"))
    .group_by(answers.c.place)
)
_SINCE = Statement(
    select(answers.c.id, answers.c.place, answers.c.state, answers.c.value, answers.c.said_at).where(
        answers.c.talk == bindparam("talk"), answers.c.id >= bindparam("first")
    )
)
_HISTORY = Statement(
    select(answers.c.place, answers.c.state, answers.c.update_id)
    .where(answers.c.talk == bindparam("talk"))
    .order_by(answers.c.id.desc())
)
_KEEP = Statement(
    lambda insert: insert(answers).values(
        talk=bindparam("of"),
        place=bindparam("where"),
        state=bindparam("how"),
        value=bindparam("sealed"),
        script_version=bindparam("version"),
        update_id=bindparam("number"),
        said_at=bindparam("when"),
    )
)
_BEGIN = Statement(
    lambda insert: (
        insert(talks)
        .values(
            person=bindparam("who"),
            script=bindparam("name"),
            draft=bindparam("trial"),
            status=bindparam("so"),
            stage=bindparam("at_stage"),
            unfinished_sent=0,
            started_at=bindparam("now"),
            said_at=bindparam("now"),
        )
        .returning(talks.c.id)
    )
)
