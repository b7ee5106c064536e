"""Walks every way through a script that makes a difference, and tries every button on the way.

`python -m tests.explorer` prints what it saw of every script and set in dialogs/.

Two moments of a talk are the same when the same question is asked in the same state, and everything a later
condition looks at has the same answer: so the walk ends, and still sees all there is. Every reply is tried in
every state of a question; where the state is known and only earlier answers are others, those replies are
tried again that a condition looks at.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import click

from bot import wording
from bot.dialog.answers import parts
from bot.dialog.asking import can_keep
from bot.dialog.condition import Number, mentions
from bot.dialog.engine import after, step
from bot.dialog.kind import Here
from bot.dialog.kinds import KINDS
from bot.dialog.outline import Position
from bot.dialog.path import asked, current, offers_last, shares
from bot.dialog.script import Script
from bot.dialog.sets import open_folder
from bot.dialog.talk import MOST, Event, Prompt, Said, Turn, length
from bot.talkfile import KEY_CONTACT, NAME
from tests.talks import ROOT

TALK = "t" * 12  # a button carries the number of its talk, too
LONGEST_LABEL, LONGEST_DATA = 64, 64
MOST_PEOPLE = 2
OWN_WORDS = "Some words of my own"
ASIDE = (wording.WHY, wording.EXAMPLE, wording.EASIER, wording.TIP, wording.HELP, wording.WHAT_I_SAID)
"""What may be asked at every question, and changes nothing."""


@dataclass
class Figures:
    """What a walk saw."""

    moments: int = 0
    replies: int = 0
    messages: int = 0
    shortest: int = 0
    longest: int = 0
    questions: int = 0


class Lost(AssertionError):
    """Something a person must never meet; the words say where and after what."""


def explore(script: Script, most: int = 20_000) -> Figures:
    """Walk all of it.

    Raises: Lost.
    """
    walk = _Walk(script, most)
    begun = Here(script, {}, NAME, KEY_CONTACT, given=script.given, zone="Europe/London")
    walk.look_at(step(begun, None), begun, "the start")
    walk.go(begun)
    missed = {question.id for question in script.questions} - walk.met
    if missed:
        raise Lost(f"nobody ever comes to {sorted(missed)}")
    walk.figures.questions, walk.figures.moments = len(walk.met), len(walk.ways)
    return walk.figures


Moment = tuple[object, ...]
END: Moment = ()


class _Walk:
    """One walk: `ways` has, for each moment, where its replies lead."""

    def __init__(self, script: Script, most: int) -> None:
        self.script, self.most = script, most
        self.order = {question.id: number for number, question in enumerate(script.questions)}
        self.ways: dict[Moment, set[Moment]] = {}
        self.tried: set[tuple[object, object]] = set()
        self.met: set[str] = set()
        self.figures = Figures()

    def go(self, here: Here) -> None:
        """From here to the end in every way."""
        first, waiting = self._moment(here), [here]
        while waiting:
            here = waiting.pop()
            moment, position = self._moment(here), current(here)
            if position is None or moment in self.ways:
                continue
            if len(self.ways) >= self.most:
                raise Lost(f"more than {self.most} moments: bound it, or make the script simpler")
            self.met.add(position.question.id)
            state = position.question.id, moment[1]
            is_new = state not in self.tried
            if is_new:
                self.tried.add(state)
                self._aside(here, position)
            following = list(self._replies(here, position, all_of_them=is_new))
            self.ways[moment] = {self._moment(each) for each in following}
            waiting += following
        self.figures.shortest, self.figures.longest = self._shortest()[first], self._longest()[first]

    def _shortest(self) -> dict[Moment, int]:
        """The fewest questions from each moment to the end: from each there is a way."""
        fewest = {END: 0}
        while True:
            nearer = {
                moment: min(fewest[to] + (to == END or to[0] != moment[0]) for to in ends)
                for moment, leads in self.ways.items()
                if (ends := [to for to in leads if to in fewest])
            }
            nearer[END] = 0
            if nearer == fewest:
                break
            fewest = nearer
        if lost := [moment for moment in self.ways if moment not in fewest]:
            raise Lost(f"{lost[0][0]} cannot be got past: {lost[0]}")
        return fewest

    def _longest(self) -> dict[Moment, int]:
        """The most questions from each moment, each of them once."""
        most = {END: 0}
        for place in sorted({str(m[0]) for m in self.ways}, key=self._number, reverse=True):
            here = [moment for moment in self.ways if moment[0] == place]
            for _ in here:
                before = dict(most)
                for moment in here:
                    beyond = [most[to] + 1 for to in self.ways[moment] if to in most and to[:1] != moment[:1]]
                    beside = [most[to] for to in self.ways[moment] if to in most and to[:1] == moment[:1]]
                    most[moment] = max([*beyond, *beside], default=0)
                if most == before:
                    break
        return most

    def _number(self, place: str) -> tuple[int, str]:
        question, item = parts(place)
        return self.order[question], item

    def _moment(self, here: Here) -> Moment:
        """All that makes a difference from here on."""
        position = current(here)
        if position is None:
            return END
        answer = here.answers.get(position.place)
        at = self.order[position.question.id]
        live = tuple((place, self._codes(here, place, at)) for place in _looked_at(self.script, at))
        open_now = json.dumps([answer.state, _without_names(answer.value)], sort_keys=True) if answer else ""
        return position.place, open_now, here.shared, live

    def _codes(self, here: Here, question: str, at: int) -> object:
        answer = here.answers.get(question)
        if answer is None or answer.value is None:
            return None
        asked_for = next(q for q in self.script.questions if q.id == question)
        codes = KINDS[asked_for.kind].codes(answer.value)
        named = _named(self.script, question)
        return codes if isinstance(codes, Number) else tuple(c for c in codes if not named or c in named)

    def _aside(self, here: Here, position: Position) -> None:
        """Every standing button: it answers, and the question stands."""
        for words in ASIDE:
            _, stayed = self.do(here, Said(words, at=self._at(here)), words)
            if (now := current(stayed)) is None or now.place != position.place:
                raise Lost(f"{words!r} at {position.place} moved on")
        self._back(here, position)
        turn, _ = self.do(here, Said(wording.SKIP, at=self._at(here)), "Skip")
        is_past = any(fact.place == position.place for fact in turn.facts)
        if not is_past and position.question.kind not in ("consent", "info"):
            raise Lost(f"{position.place} cannot be skipped")

    def _back(self, here: Here, position: Position) -> None:
        """Back opens the question before; keeping what was said there leads here again."""
        _, opened = self.do(here, Said(wording.BACK, at=self._at(here)), "Back")
        back = current(opened)
        if back is None:
            raise Lost(f"Back at {position.place} leads to the end")
        if back.place != position.place and can_keep(opened, back):
            _, again = self.do(opened, Said(wording.KEEP_ANSWER, at=self._at(opened)), "Keep this answer")
            if (now := current(again)) is None or now.place != position.place:
                raise Lost(f"Back at {position.place}, keeping the answer of {back.place}, leads elsewhere")

    def _replies(self, here: Here, position: Position, all_of_them: bool) -> Iterator[Here]:
        """Where each reply leads; where all of them were tried before, only those that make a difference."""
        sayings = list(self._sayings(here, position))
        if not all_of_them and position.question.id not in _looked_at(self.script, 0):
            sayings = sayings[:2]
        for said in sayings:
            later = here
            for one in said:
                at = self._at(later)
                what = f"{one.text}{one.tapped} at {position.place}"
                turn, later = self.do(later, replace(one, at=at), what)
                if {Event.DECLINED, Event.ERASED, Event.STOPPED} & set(turn.events):
                    break
            else:
                yield later

    def _sayings(self, here: Here, position: Position) -> Iterator[tuple[Said, ...]]:
        """What a person may do at a question, one thing or several in a row."""
        yield (Said(wording.SKIP),) if position.question.kind != "info" else (Said(wording.GO_ON),)
        if offers_last(here, position):
            yield from ((Said(wording.STILL_YES),), (Said(wording.STILL_NO),))
            return
        shown = KINDS[position.question.kind].show(asked(here, position))
        wants = dict(shown.wants)
        yield from ((Said(key),) for key in shown.keys if key not in wants and key != wording.CHANGE)
        if "location" in wants.values():
            yield (Said(thing="location", point=(51.5, -0.1)),)
        if "contact" in wants.values():
            yield (Said(thing="contact", card=("Mo", "07700 900123")),)
        sent = f"{position.place}-{self.figures.replies}"  # another photo each time
        yield from ((Said(thing=way, file=sent),) for way in position.question.answer_by)
        done = [b for b in shown.buttons if b.label == wording.DONE]
        for button in shown.buttons:
            tap = Said(tapped=button.code, asked=button.place)
            yield (tap, *(Said(tapped=b.code, asked=b.place) for b in done if b is not button))
        if self._takes_words(here, position):
            yield (Said(OWN_WORDS),)

    def _takes_words(self, here: Here, position: Position) -> bool:
        """Whether to try words of their own here: not for ever more people."""
        value = (here.answers[position.place].value or {}) if position.place in here.answers else {}
        if position.question.kind in ("info", "consent", "confirm", "private"):
            return False
        if isinstance(value, dict) and len(value.get("items", ())) >= MOST_PEOPLE:
            return False
        return not (isinstance(value, dict) and (value.get("words") or value.get("pending")))

    def do(self, here: Here, said: Said, what: str) -> tuple[Turn, Here]:
        """One thing said: what follows is looked at."""
        self.figures.replies += 1
        position = current(here)
        is_list = position is not None and position.question.kind == "list"
        if said.text == OWN_WORDS and is_list and (count := _items(here)):
            said = replace(said, text=f"Jane {count}")
        turn = step(here, said)
        self.look_at(turn, here, what)
        return turn, after(here, turn, said.at)

    def look_at(self, turn: Turn, here: Here, what: str) -> None:
        """Nothing empty, nothing too long, nothing Telegram would refuse."""
        if not turn.prompts and not turn.facts:
            raise Lost(f"no reply to {what}")
        for prompt in turn.prompts:
            self.figures.messages += 1
            _whole(prompt, what)

    def _at(self, here: Here) -> int:
        return max((answer.at for answer in here.answers.values()), default=1_700_000_000) + 10


def _without_names(value: object) -> object:
    """What is kept but which person, tick or photo it is: one is like another, and three are like two."""
    if not isinstance(value, dict):
        return value
    kept = {key: bool(each) if key in ("words", "pending") else each for key, each in value.items()}
    kept.pop("next", None)
    return {key: min(len(each), 2) if isinstance(each, list) else each for key, each in kept.items()}


def _items(here: Here) -> int:
    """How many people the lists have by now; each gets a name of its own."""
    values = (answer.value for answer in here.answers.values())
    return sum(len(value.get("items", ())) for value in values if isinstance(value, dict))


def _whole(prompt: Prompt, what: str) -> None:
    words = f"{prompt.title}{prompt.text}{prompt.after}" + "".join(f"{a}{b}" for a, b in prompt.rows)
    if not words.strip() and prompt.thing is None:
        raise Lost(f"an empty message after {what}")
    if "{" in words or "}" in words:
        raise Lost(f"a brace is shown after {what}: {words!r}")
    if length(words) > MOST and not prompt.rows:
        raise Lost(f"a message of {length(words)} after {what}")
    for label in [key for row in prompt.keys or () for key in row] + [b.label for b in prompt.buttons]:
        if not label.strip() or len(label) > LONGEST_LABEL:
            raise Lost(f"a button {label!r} after {what}")
    for button in prompt.buttons:
        if len(f"{TALK}/{button.place}:{button.code}".encode()) > LONGEST_DATA:
            raise Lost(f"a button that says too much after {what}: {button}")


@cache
def _conditions(script_id: int) -> list[tuple[int, tuple[tuple[str, tuple[str, ...]], ...]]]:
    script = _SCRIPTS[script_id]
    order = {question.id: number for number, question in enumerate(script.questions)}
    found = []
    for section in script.sections:
        for question in section.questions:
            named = tuple(mentions(question.when)) if question.when else ()
            named += ((section.for_each, ()),) if section.for_each else ()
            found.append((order[question.id], named))
    return found


_SCRIPTS: dict[int, Script] = {}


def _looked_at(script: Script, at: int) -> tuple[str, ...]:
    """The questions that something later than this looks at."""
    _SCRIPTS[id(script)] = script
    names = (name for number, named in _conditions(id(script)) if number >= at for name, _ in named)
    shared = [question.id for question in script.questions if shares(question)]
    return tuple(dict.fromkeys((*names, *shared)))


def _named(script: Script, question: str) -> set[str]:
    """The codes of a question some condition names."""
    found = (codes for _, named in _conditions(id(script)) for name, codes in named if name == question)
    return {code for codes in found for code in codes}


def all_talks() -> dict[str, Script]:
    """Every script and set in dialogs/."""
    texts = {file.stem: file.read_text("utf-8") for file in (ROOT / "dialogs").glob("*.yaml")}
    return {name: open_folder(texts, name) for name in sorted(texts) if name != "answers"}


def main() -> None:
    """Print the figures."""
    heads = ("moments", "replies", "messages", "ways", "s")
    click.echo(f"{'script':20} {'questions':>9}" + "".join(f"{head:>10}" for head in heads))
    for name, script in all_talks().items():
        begun = time.perf_counter()
        f = explore(script)
        ways = f"{f.shortest} to {f.longest}"
        spent = time.perf_counter() - begun
        counts = f"{f.questions:9}{f.moments:10}{f.replies:10}{f.messages:10}"
        click.echo(f"{name:20} {counts}{ways:>10}{spent:10.1f}")


if __name__ == "__main__":
    main()
