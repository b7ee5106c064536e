"""What a new version would mean for those in the middle of a talk, found out while the other chats go on."""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from bot import wording
from bot.actions import shelf
from bot.actions.shelf import Around, Checked
from bot.dialog.answers import Answer
from bot.dialog.forecast import Change, Forecast
from bot.dialog.kind import Here
from bot.dialog.script import Question, Script
from bot.dialog.sets import open_text
from bot.dialog.talk import Say
from bot.errors import FileNeeded, Problem, ScriptProblems
from bot.files import SLOW
from bot.store import many, scripts
from bot.store.database import Store
from bot.store.inside import now
from bot.store.talks import Talk

SLICE = 100
"""So many talks are read in one transaction: the others wait for some hundredths of a second at most."""

STAGES = (1, 2)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Texts somebody would like to publish.

    Shape: `texts` are (id, text). `file` is the name of the file that must be checked first, "" when that was
    done. Only talks in which something was said `since` then are looked at.
    Units: `since` in milliseconds since 1970, UTC; 0 for all.
    """

    texts: tuple[tuple[str, str], ...]
    file: str = ""
    since: int = 0


@dataclass(slots=True)
class Foreseen:
    """What would follow.

    Shape: `checked` is the file, or `broken` says what is wrong with it, and nothing else is known then.
    `was` has the questions as they are now, `will` as they would be. `kinds` has the kind that questions of
    the new version had in some version before, where that was another. `at` is when the look began.
    """

    at: int
    checked: Checked | None = None
    broken: ScriptProblems | None = None
    people: Forecast = field(default_factory=Forecast)
    was: dict[str, Question] = field(default_factory=dict)
    will: dict[str, Question] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


Changes = Mapping[tuple[str, int], tuple[Script, Change]]
"""A script as it is, and what becomes of it, by name and stage."""


class Foresight:
    """Forecasts for turns, which cannot wait for them.

    Shape: `had` gives what was worked out under a name, and raises FileNeeded before that.
    """

    def __init__(self, store: Store, had: Callable[[str], Any]) -> None:
        self._store, self._had = store, had
        self._wanted: dict[str, Wanted] = {}

    def of(self, wanted: Wanted, who: int) -> Foreseen:
        """What would follow; `who` is the chat that asks.

        Raises: FileNeeded until it has been worked out.
        """
        digest = hashlib.sha256(repr(wanted).encode()).hexdigest()
        name = f"{SLOW}{who}/{digest}"
        try:
            found: Foreseen = self._had(name)
        except FileNeeded:
            self._wanted[name] = wanted
            raise
        return found

    async def find(self, name: str) -> Foreseen:
        """Work it out."""
        return await look(self._store, self._wanted.pop(name))


async def look(store: Store, wanted: Wanted) -> Foreseen:
    """Play every talk in progress on with the new version.

    Shape: in slices, each read in a transaction of its own and played outside of any.
    """
    found = Foreseen(await store.tx(now))
    if wanted.file:
        await asyncio.to_thread(_check, found, wanted, await store.tx(shelf.around))
        if found.broken:
            return found
    old, new, before = await store.tx(_texts, wanted)
    changes = await asyncio.to_thread(_compare, found, old, new, before)
    after = 0
    while changes and (talks := await store.tx(_slice, list(old), after, wanted.since)):
        await asyncio.to_thread(_play, found, changes, talks)
        after = talks[-1][0].id
    return found


def _check(found: Foreseen, wanted: Wanted, around: Around) -> None:
    ((_, text),) = wanted.texts
    try:
        found.checked = shelf.checked(text, wanted.file, around)
    except ScriptProblems as problems:
        found.broken = problems


_Texts = tuple[dict[str, str], dict[str, str], dict[str, list[str]]]


def _texts(conn: Connection, wanted: Wanted) -> _Texts:
    """What is in use, what would be, and all there has been."""
    new = shelf.affected(conn, dict(wanted.texts))
    asking = (name for name in new if name != shelf.BOX)
    live = {name: kept.text for name in asking if (kept := scripts.live(conn, name))}
    return live, new, {name: scripts.published(conn, name) for name in live}


def _compare(
    found: Foreseen, old: Mapping[str, str], new: Mapping[str, str], before: Mapping[str, list[str]]
) -> Changes:
    changes: dict[tuple[str, int], tuple[Script, Change]] = {}
    for name, text in old.items():
        for stage in STAGES:
            was = open_text(text, name, stage)
            changes[name, stage] = was, Change(was, open_text(new[name], name, stage))
        was, change = changes[name, STAGES[-1]]
        found.was |= {question.id: question for question in was.questions}
        found.will |= {question.id: question for question in change.new.questions}
        had = shelf.kinds_of(name, before[name])
        found.kinds |= {q.id: had[q.id] for q in change.new.questions if had.get(q.id, q.kind) != q.kind}
    return changes


_Slice = list[tuple[Talk, dict[str, Answer] | None]]


def _slice(conn: Connection, names: list[str], after: int, since: int) -> _Slice:
    """The next talks with their answers; None when those cannot be opened."""
    some = many.following(conn, names, after=after, since=since, most=SLICE)
    answers = many.answers_in(conn, some) if some else {}
    return [(talk, answers.get(talk.id)) for talk in some]


def _play(found: Foreseen, changes: Changes, talks: _Slice) -> None:
    for talk, answers in talks:
        if answers is not None:
            old, change = changes[talk.script, talk.stage]
            known = answers.pop(shelf.GIVEN, None)
            here = Here(old, answers, shared=talk.shared, given=known.value if known else {})
            found.people.add(change.outlook(here))


# ---- in words


def problems(found: Foreseen, script: Script | None = None) -> list[Problem]:
    """Why this version cannot be used while people are in the middle of it, and what to do.

    Shape: they point at lines of `script`, where it has the question.
    """
    has = {question.id: question for question in script.questions} if script else {}
    people = found.people
    return [
        *(_another_kind(has.get(name), name, was) for name, was in found.kinds.items()),
        *(
            _no_option(has.get(n), found.was[n], code, count)
            for (n, code), count in sorted(people.gone.items())
        ),
        *(_asked_again(has.get(name), name, count) for name, count in sorted(people.again.items())),
        *([_stuck(people.stuck)] if people.stuck else []),
    ]


def _at(question: Question | None) -> tuple[int, int]:
    return (question.line, question.column) if question else (0, 0)


def _another_kind(question: Question | None, name: str, was: str) -> Problem:
    words = f"“{name}” was of kind {was} before. Answers to it could not be read any more."
    return Problem(*_at(question), "P002", words, "Give the new question another id.")


def _no_option(question: Question | None, was: Question, code: str, count: int) -> Problem:
    said = f"{_people(count)} answered “{was.id}”"  # and not what: the key contact may not know that yet
    words = f"{said} when it had “{_label(was, code)}” (“{code}”), which is gone."
    return Problem(*_at(question), "P003", words, "Keep it, with retired: true.")


def _label(question: Question, code: str) -> str:
    return next(option.label for option in question.options if option.code == code)


def _asked_again(question: Question | None, name: str, count: int) -> Problem:
    words = f"{_people(count)} answered this already, and would be asked again as “{name}”."
    return Problem(*_at(question), "P004", words, "Keep the id and the list it had before.")


def _stuck(count: int) -> Problem:
    words = f"{_people(count)} could not go on with this version."
    return Problem(0, 0, "P005", words, "Send an older version, or ask whoever runs the bot.")


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def in_words(found: Foreseen, say: Say) -> str:
    """What people would see, for whoever decides; numbers, and never who."""
    people = found.people
    if not people.people:
        return say(wording.BEGUN_BY_NOBODY)
    parts = [*_more(people, say), say(wording.NOBODY_AGAIN)]
    begun = _counted(people.people, wording.BEGUN_BY_ONE, wording.BEGUN_BY_MANY, say)
    told = [f"{begun} {', '.join(parts)}."]
    for names, one, several in (
        (people.lost, wording.LOST_BY_ONE, wording.LOST_BY_MANY),
        (people.hidden, wording.HIDDEN_FOR_ONE, wording.HIDDEN_FOR_MANY),
        (people.opened, wording.OPENED_FOR_ONE, wording.OPENED_FOR_MANY),
    ):
        for name, count in sorted(names.items()):
            told.append(_counted(count, one, several, say).replace("{question}", _short(found.was[name])))
    for (name, code), count in sorted(people.reworded.items()):
        words = _counted(count, wording.REWORDED_FOR_ONE, wording.REWORDED_FOR_MANY, say)
        new = _label(found.will[name], code)
        told.append(words.replace("{old}", _label(found.was[name], code)).replace("{new}", new))
    return "\n".join(told)


def _more(people: Forecast, say: Say) -> Iterator[str]:
    for questions, count in sorted(people.more.items()):
        if not questions:
            yield _counted(count, wording.NOTHING_NEW_ONE, wording.NOTHING_NEW_MANY, say)
        else:
            words = _counted(questions, wording.ASKED_MORE_ONE, wording.ASKED_MORE_MANY, say)
            yield words.replace("{people}", str(count))


def _counted(count: int, one: str, several: str, say: Say) -> str:
    return say(one if count == 1 else several).replace("{count}", str(count))


def _short(question: Question) -> str:
    words = " ".join((question.ask or question.label).split())
    return words if len(words) <= 60 else f"{words[:57].rstrip()}…"
