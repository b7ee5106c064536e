"""D6xx: the scripts of a set together, and the scripts of a folder."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bot.dialog.check.agreed import is_part
from bot.dialog.check.rule import At, Mistake, rule
from bot.dialog.load.reading import did_you_mean
from bot.dialog.path import shares
from bot.dialog.script import Part, Question, Script, Set
from bot.dialog.sets import as_talk, whole

ENDING = 2
"""So many scripts may end a talk: who may see what, and the read-back."""


@dataclass(frozen=True, slots=True)
class Group:
    """A set and all scripts there are."""

    set: Set
    scripts: Mapping[str, Script]

    def file_of(self, at: At) -> str:
        """What is wrong with a set stands in the set."""
        return self.set.id

    def parts(self, stage: int) -> list[Part]:
        """The parts of this stage that are there."""
        return [part for part in self.set.parts if part.stage == stage and part.script in self.scripts]

    def questions(self, part: Part) -> list[Question]:
        """All that a part asks."""
        return list(self.scripts[part.script].questions)

    def may_be_whole(self) -> bool:
        """Whether every script is there, once."""
        names = [part.script for part in self.set.parts]
        return len(set(names)) == len(names) and set(names) <= self.scripts.keys()


@dataclass(frozen=True, slots=True)
class Folder:
    """All scripts and sets there are, by their ids; `unread` are those that cannot be read."""

    scripts: Mapping[str, Script]
    sets: Mapping[str, Set]
    unread: Collection[str] = ()

    def file_of(self, at: At) -> str:
        """A mistake in a folder names its script itself."""
        return ""

    def may_be_asked(self, script: str) -> bool:
        """Whether a set asks this script, or one may mean to."""
        asked = {part.script for group in self.sets.values() for part in group.parts}
        return script in asked or bool(self.unread) or not asked <= self.scripts.keys()

    def groups(self) -> list[Group]:
        """Each set that can be looked at as one talk."""
        groups = [Group(each, self.scripts) for each in self.sets.values()]
        return [group for group in groups if group.may_be_whole()]


@rule("D601", "parts:\n  - helo", "parts:\n  - hello")
def unknown_script(group: Group) -> Iterator[Mistake]:
    """A set names a script that is not there."""
    for part in group.set.parts:
        if part.script not in group.scripts:
            fix = did_you_mean(part.script, group.scripts) or f"Scripts: {', '.join(group.scripts)}."
            yield Mistake(part, "", f'there is no script called "{part.script}"', fix)


@rule("D602", "parts:\n  - hello\n  - hello", "parts:\n  - hello")
def script_twice(group: Group) -> Iterator[Mistake]:
    """A set asks the same script twice."""
    known: set[str] = set()
    for part in group.set.parts:
        if part.script in known:
            yield Mistake(part, "", f'"{part.script}" stands here twice', "Take one of them out.")
        known.add(part.script)


@rule(
    "D603", "parts:\n  - one_page  (asks no consent)", "parts:\n  - hello  (asks for consent)\n  - one_page"
)
def set_without_consent(group: Group) -> Iterator[Mistake]:
    """A set keeps words before the person has said that they may be kept."""
    for part in group.parts(1) if group.may_be_whole() else ():
        first = next((each for each in group.questions(part) if each.kind != "info"), None)
        if first is None:
            continue
        section = next(s for s in group.scripts[part.script].sections if first in s.questions)
        if first.kind != "consent" or first.when or section.for_each or part.by_choice:
            words = f'"{part.script}" keeps words before the person has agreed to it'
            yield Mistake(part, "", words, "Begin with a script whose first question is a consent.")
        return


@rule("D604", "parts:\n  - hello\n  - one_page", "parts:\n  - hello\n  - one_page\n  - ready  (shares)")
def set_without_confirm(group: Group) -> Iterator[Mistake]:
    """Nothing of a set is read back and shared at the end of its first talk."""
    last = group.parts(1)[-1:] if group.may_be_whole() else []
    for part in last:
        asked = group.questions(part)
        if not asked or not shares(asked[-1]) or part.by_choice:
            words = f'the first talk ends with "{part.script}", and that does not share anything at its end'
            yield Mistake(part, "", words, "End with a script whose last question is of kind confirm.")


@rule(
    "D605",
    "  - {script: one_page, by_choice: true}\n  - when_where_who",
    "  - when_where_who\n  - {script: one_page, by_choice: true}",
)
def choice_before_core(group: Group) -> Iterator[Mistake]:
    """What is asked by choice comes before what everybody is asked, and tires them."""
    parts = group.parts(1)
    chosen = next((number for number, part in enumerate(parts) if part.by_choice), len(parts))
    after = [part for part in parts[chosen:] if not part.by_choice]
    if len(after) > ENDING:
        words = f'"{parts[chosen].script}" is asked by choice, and "{after[0].script}" after it of everybody'
        yield Mistake(parts[chosen], "", words, f"Move it down: {ENDING} scripts at most come after it.")


@rule("D606", "every part has stage: 2", "hello has no stage, my_budget has stage: 2")
def no_first_stage(group: Group) -> Iterator[Mistake]:
    """A set has a second talk and no first."""
    if group.set.parts and all(part.stage == 2 for part in group.set.parts):
        yield Mistake(group.set.parts[0], "", "a set begins with stage 1", "Take stage: 2 out.")


@rule(
    "D607",
    "  - {script: my_budget, stage: 2}\n  - one_page",
    "  - one_page\n  - {script: my_budget, stage: 2}",
)
def stages_mixed(group: Group) -> Iterator[Mistake]:
    """A part of the first talk stands below one of the second, and is not what shares both."""
    second = False
    for part in group.set.parts:
        ends = part.script in group.scripts and any(map(shares, group.questions(part)))
        if second and part.stage == 1 and not ends:
            words = f'"{part.script}" is of the first talk, and stands below the second'
            yield Mistake(part, "", words, "Move it up, or write stage: 2.")
        second = second or part.stage == 2


@rule("D608", "script: one_page  (in no set, no consent)", "a set with - one_page in its parts")
def asked_by_no_set(folder: Folder) -> Iterator[Mistake]:
    """Nobody is ever asked this script: no set names it, and it cannot begin on its own."""
    for script in folder.scripts.values():
        if is_part(script) and not folder.may_be_asked(script.id):
            words = f'nobody is ever asked "{script.id}": no set names it'
            fix = "Name it in a set, or give it a consent first and a confirm last."
            yield Mistake(None, "", words, fix, script.id)


@rule("D609", "detail: fuller  (every set asks the usual)", "detail: usual", warning=True)
def never_so_much_detail(folder: Folder) -> Iterator[Mistake]:
    """A question wants more detail than any set asks for."""
    asked: Counter[tuple[str, str]] = Counter()
    for group in folder.groups():
        talk = whole(group.set, folder.scripts)
        asked.update((section.part, q.id) for section in talk.sections for q in section.questions)
    known = {part.script for group in folder.groups() for part in group.set.parts}
    for script in folder.scripts.values():
        alone = () if is_part(script) else (q.id for q in as_talk(script).questions)
        reached = {name for file, name in asked if file == script.id} | set(alone)
        for question in script.questions if script.id in known or reached else ():
            if question.id not in reached:
                words = f'"{question.id}" has "detail: {question.detail}", and no set asks so much'
                fix = "Take that line out, or write detail: fuller in a set."
                yield Mistake(question, "detail", words, fix, script.id)


@rule("D610", "reminders: in a script of a set", "reminders: in the set", warning=True)
def reminders_of_a_part(folder: Folder) -> Iterator[Mistake]:
    """A script that only sets ask has reminders, and only those of the set are sent."""
    for script in folder.scripts.values():
        if is_part(script) and script.reminders:
            words = f'the reminders of "{script.id}" are never sent'
            yield Mistake(script.reminders[0], "", words, "Move them to the set that asks it.", script.id)


CHECKS = (
    unknown_script, script_twice, set_without_consent, set_without_confirm, choice_before_core,
    no_first_stage, stages_mixed,
)  # fmt: skip
FOLDER_CHECKS = (asked_by_no_set, never_so_much_detail, reminders_of_a_part)
