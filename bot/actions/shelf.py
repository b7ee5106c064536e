"""Scripts and sets side by side: checked together, and stored so that a set's version is complete."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import Connection

from bot.dialog.box import Box
from bot.dialog.check import check, check_all, check_set, read
from bot.dialog.load import is_box, is_set, load, load_box, load_set
from bot.dialog.script import Script, Set
from bot.dialog.sets import bundle, is_bundle, loaded, names, open_text, whole
from bot.errors import Problem, ScriptProblems
from bot.store import scripts

BOX = "answers"
"""What the question box is called among the scripts."""
GIVEN = "@given"
"""Where it is kept what was known before a talk began; no question can have this place."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that can be used; `talk` is what it asks, None for the question box."""

    name: str
    title: str
    talk: Script | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What is in use: the texts of the scripts, and the sets as they are stored, by id."""

    scripts: Mapping[str, str]
    sets: Mapping[str, str]


def around(conn: Connection) -> Around:
    """All that is in use."""
    live = {kept.name: kept.text for kept in scripts.all_live(conn) if not is_box(kept.text)}
    sets = {name: text for name, text in live.items() if is_bundle(text)}
    return Around({name: text for name, text in live.items() if name not in sets}, sets)


def name_of(text: str, file: str) -> str:
    """What a file calls itself.

    Raises: ScriptProblems when it cannot be read.
    """
    if is_box(text):
        return BOX
    return load_set(text, file).id if is_set(text) else loaded(text, file).id


def checked(text: str, file: str, around: Around) -> Checked:
    """What a file says, with what is in use around it; for a part of many sets this takes seconds.

    Raises: ScriptProblems when it cannot be used, or a set could not be used any more with it.
    """
    if is_box(text):
        return Checked(BOX, load_box(text, file).title)
    if is_set(text):
        group = load_set(text, file)
        return Checked(group.id, group.title, _together(group, _loaded(around.scripts), file))
    script = read(text, file, in_set=True)
    if script.id == BOX:
        raise ScriptProblems(file, [Problem(1, 1, "P001", _TAKEN, "Take another id.")])
    groups = {name: json.loads(kept) for name, kept in around.sets.items()}
    groups = {name: inside for name, inside in groups.items() if script.id in inside["scripts"]}
    if not groups and (is_whole(script) or _was_whole(around, script.id)):
        read(text, file)
    others = {**_loaded(around.scripts), script.id: script}
    for name, inside in groups.items():
        _together(load_set(inside["set"]), others, name)
    return Checked(script.id, script.title, script)


_TAKEN = f"“{BOX}” is what the question box is called."


def _together(group: Set, others: Mapping[str, Script], file: str) -> Script:
    if wrong := [each for each in check_set(group, others) if not each.warning]:
        raise ScriptProblems(file, wrong)
    return whole(group, others)


def _loaded(found: Mapping[str, str]) -> dict[str, Script]:
    return {name: loaded(text, name) for name, text in found.items()}


def _was_whole(around: Around, name: str) -> bool:
    return name in around.scripts and is_whole(loaded(around.scripts[name], name))


def check_folder(conn: Connection, files: Mapping[str, str]) -> list[tuple[str, str]]:
    """Check the files of a folder together with what is in use; gives ids and texts, sets last.

    Raises: ScriptProblems, with all that is wrong in any of them.
    """
    found, wrong = dict[str, Script | Set | Box](), list[Problem]()
    for file, text in sorted(files.items()):
        try:
            found[file] = (load_box if is_box(text) else load_set if is_set(text) else load)(text, file)
        except ScriptProblems as problems:
            wrong += [replace(each, file=file) for each in problems.problems]
    named = {each.id: file for file, each in found.items() if not isinstance(each, Box)}
    mine = {each.id: each for each in found.values() if isinstance(each, Script)}
    groups = [each for each in found.values() if isinstance(each, Set)]
    if wrong:  # a set may lack only what cannot be read
        looked = [replace(p, file=s.id) for s in mine.values() for p in check(s, in_set=True)]
    else:
        live = around(conn).scripts
        others = _loaded({name: text for name, text in live.items() if name not in mine})
        looked = check_all([*mine.values(), *others.values()], groups)
    wrong += [replace(p, file=named[p.file]) for p in looked if not p.warning and p.file in named]
    if wrong:
        raise ScriptProblems("", wrong)
    ids = [(each.id if not isinstance(each, Box) else BOX, files[file]) for file, each in found.items()]
    return sorted(ids, key=lambda each: (is_set(each[1]), each[0]))


def stored(conn: Connection, text: str) -> str:
    """A text as it is stored: a set takes the newest of its scripts along."""
    return text if is_bundle(text) or not is_set(text) else _bundled(text, around(conn).scripts)


def _bundled(text: str, others: Mapping[str, str]) -> str:
    return bundle(text, {name: others[name] for name in names(load_set(text))})


def affected(conn: Connection, changed: Mapping[str, str]) -> dict[str, str]:
    """All that is published along with these texts, as it will be stored: every set that has one of them."""
    mine = {name: text for name, text in changed.items() if not is_set(text) and not is_bundle(text)}
    now_live = around(conn)
    others = {**now_live.scripts, **mine}
    new = {
        name: _bundled(text, others) if is_set(text) and not is_bundle(text) else text
        for name, text in changed.items()
    }
    for group, kept in now_live.sets.items():
        inside = json.loads(kept)
        newer = {name: mine[name] for name in inside["scripts"] if name in mine}
        if newer and group not in changed:
            new[group] = bundle(inside["set"], {**inside["scripts"], **newer})
    return new


@lru_cache(maxsize=256)
def title_of(text: str) -> str:
    """What a stored text calls itself; it was checked before."""
    if is_bundle(text):
        text = json.loads(text)["set"]
    return load_box(text).title if is_box(text) else (load_set if is_set(text) else load)(text).title


def file_of(conn: Connection, number: int) -> str | None:
    """The file a stored script or set came from, word for word."""
    kept = scripts.by_id(conn, number)
    if kept is None:
        return None
    return str(json.loads(kept.text)["set"]) if is_bundle(kept.text) else kept.text


def parts_of(text: str) -> tuple[str, ...]:
    """The ids of the scripts of a stored set, in order; () for a script."""
    return names(load_set(json.loads(text)["set"])) if is_bundle(text) else ()


def is_whole(script: Script) -> bool:
    """Whether this can be asked on its own: it asks for consent, and ends with sharing."""
    kinds = {question.kind for question in script.questions if not question.reads_back}
    return {"consent", "confirm"} <= kinds


def may_be_whole(text: str) -> bool:
    """Whether it is worth while to read a stored text for that; most are parts of sets."""
    return not is_box(text) and "consent" in text and "confirm" in text


def opened(conn: Connection, text: str, name: str, stage: int) -> Script:
    """A stored text, published or a draft, as the talk it makes."""
    return open_text(stored(conn, text), name, stage)


def kinds_of(name: str, stored_texts: Iterable[str]) -> dict[str, str]:
    """The kind each question has had in these versions, by its id."""
    texts = set[tuple[str, str]]()
    for text in stored_texts:
        texts |= set(json.loads(text)["scripts"].items() if is_bundle(text) else [(name, text)])
    return {
        question.id: question.kind
        for part, text in texts
        if not is_box(text)
        for question in loaded(text, part).questions
    }
