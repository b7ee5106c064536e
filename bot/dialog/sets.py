"""A set of scripts as one talk, and the text that keeps both as they are at this moment."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from bot import wording
from bot.dialog.condition import And, Answered, Condition, Includes, Is, Not, Or
from bot.dialog.load import is_set, load, load_set
from bot.dialog.script import DETAILS, Option, Part, Question, Script, Section, Set

DETAIL = "detail"
"""The question that lets a person say how much is asked."""
MORE_NOW, MORE_LATER = "more_now", "more_later"
"""The questions of the program that offer the parts asked by choice, before and after the first talk."""
NOTHING_MORE = "nothing"


def as_talk(script: Script) -> Script:
    """A script that is asked on its own."""
    sections = _sections(script, Part(script.id), DETAILS[1], _asks_detail([script]))
    return replace(script, sections=sections)


def whole(group: Set, scripts: Mapping[str, Script], stage: int = 2) -> Script:
    """All scripts of a set as one, up to that stage.

    Shape: ids stay as they are, so that an answer counts wherever its question is asked.
    Raises: KeyError when one of its scripts is not there.
    """
    parts = [part for part in group.parts if part.stage <= stage]
    asks = _asks_detail(scripts[part.script] for part in parts)
    sections: list[Section] = []
    for part in parts:
        script = scripts[part.script]
        asks_first = _asks_first(part)
        if part.by_choice and not any(section.id == asks_first for section in sections):
            chosen = [p for p in parts if p.by_choice and _asks_first(p) == asks_first]
            sections.append(_choice(asks_first, [scripts[p.script] for p in chosen]))
        own = _sections(script, part, group.detail, asks)
        sections += [replace(each, part=script.id, part_title=script.title) for each in own]
    given = {name: words for part in parts for name, words in scripts[part.script].given.items()}
    return Script(
        group.id, group.title, tuple(sections), group.language, given=given, reminders=group.reminders
    )


def bundle(group: str, scripts: Mapping[str, str]) -> str:
    """The texts of a set and its scripts, kept together: no later change of one reaches them."""
    return json.dumps({"set": group, "scripts": dict(scripts)}, ensure_ascii=False)


def is_bundle(text: str) -> bool:
    """Whether this text was made by `bundle`."""
    return text.startswith('{"set"')


def open_text(text: str, name: str = "script", stage: int = 2) -> Script:
    """A stored text, of one script or a bundle, as the talk it makes.

    Raises: ScriptProblems, as `load` does.
    """
    if not is_bundle(text):
        return as_talk(loaded(text, name))
    kept = json.loads(text)
    group = load_set(kept["set"], name)
    return whole(group, {each: loaded(kept["scripts"][each], each) for each in names(group)}, stage)


def open_folder(texts: Mapping[str, str], name: str, stage: int = 2) -> Script:
    """One of these files, by its id, as the talk it makes; a set takes its scripts from the same files.

    Raises: ScriptProblems, as `load` does; KeyError when there is none of that name.
    """
    text = texts[name]
    if not is_set(text):
        return open_text(text, name)
    return open_text(bundle(text, {each: texts[each] for each in names(load_set(text, name))}), name, stage)


@lru_cache(maxsize=256)
def loaded(text: str, name: str) -> Script:
    """The same as `load`, read once: many sets and versions hold the same script."""
    return load(text, name)


def names(group: Set) -> tuple[str, ...]:
    """The scripts of a set, in order."""
    return tuple(part.script for part in group.parts)


def _asks_detail(scripts: Iterable[Script]) -> bool:
    return any(question.id == DETAIL for script in scripts for question in script.questions)


def _sections(script: Script, part: Part, usual: str, asks: bool) -> tuple[Section, ...]:
    """The sections of one part, with what the set says about them.

    Shape: `asks` is true when the person says how much detail they want; else `usual` decides at once.
    """
    kept = []
    for section in script.sections:
        questions = tuple(
            _as_part(question, part, usual, asks)
            for question in section.questions
            if asks or DETAILS.index(question.detail) <= DETAILS.index(usual)
        )
        if questions:
            kept.append(replace(section, questions=questions))
    return tuple(kept)


def _as_part(question: Question, part: Part, usual: str, asks: bool) -> Question:
    wanted = [question.when] if question.when else []
    if part.by_choice:
        wanted.append(Includes(_asks_first(part), (part.script,)))
    if asks and question.detail != DETAILS[0]:
        wanted.append(_enough(question.detail, usual))
    when = wanted[0] if len(wanted) == 1 else And(tuple(wanted)) if wanted else None
    return replace(question, when=when, still_right=question.still_right or part.still_right)


def _enough(detail: str, usual: str) -> Condition:
    """Whether so much detail is wanted; who has not said gets what is usual for the set."""
    wanted = Is(DETAIL, DETAILS[DETAILS.index(detail) :])
    if DETAILS.index(detail) > DETAILS.index(usual):
        return wanted
    return Or((Not(Answered(DETAIL)), wanted))


def _asks_first(part: Part) -> str:
    """The question that offers this part; who has answered the one of the first talk is asked the other."""
    return MORE_NOW if part.stage == 1 else MORE_LATER


def _choice(name: str, scripts: list[Script]) -> Section:
    """The question that offers what else there is."""
    options = [Option(script.id, script.title) for script in scripts]
    asks = Question(
        name,
        "many",
        wording.MORE_NOW,
        label=wording.MORE_NOW_LABEL,
        why=wording.MORE_NOW_WHY,
        options=(*options, Option(NOTHING_MORE, wording.MORE_NOW_NOTHING, alone=True)),
        optional=True,
    )
    return Section(name, wording.MORE_NOW_TITLE, (asks,), part=name, part_title=wording.MORE_NOW_TITLE)
