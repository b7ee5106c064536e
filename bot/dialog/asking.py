"""How questions, lists of answers and menus are put to the person, as Prompts."""

from collections.abc import Sequence
from dataclasses import replace

from bot import wording
from bot.dialog import choosing, grouping, sent
from bot.dialog.kind import Here, Line, Shown
from bot.dialog.kinds import KINDS
from bot.dialog.outline import UNTOLD, Position
from bot.dialog.path import asked, lines, offers_last, positions, shares, starts
from bot.dialog.talk import THE_END, UNDER_ONE, Button, Keys, Prompt, State

CHANGE = "change"  # the code of the buttons that open an answer again
GROUP = "group"  # the code of those that show the answers of one part, named by the place of its first
_MANY = 4
"""From this many answers on, two short ones share a row."""
_SHORT = 16
"""So many letters of a label fit in half a row, even on a small phone."""


def ask(here: Here, position: Position | None, note: str = "") -> tuple[Prompt, ...]:
    """The question at a position, below a note; at the end, what one can still do."""
    if position is None:
        return (end(here, note),)
    shown = _last_time(here, position) if offers_last(here, position) else _shown(here, position)
    text = "\n\n".join(filter(None, [note, _before(here, position), shown.ask, shown.below]))
    keys = (*_rows(shown.keys, position.question.kind), *_standing(here, position))
    if position.question.kind == "confirm":
        part = position.section.part if position.question.reads_back else None
        first = replace(read_back(here, text, keys, part), asks=position.place)
    else:
        is_new = not note and position.place not in here.answers
        title = _title(here, position) if is_new else ""
        first = Prompt(text, title, keys=keys, wants=shown.wants, asks=position.place)
    sent_then = _sent_last_time(here, position) if offers_last(here, position) else ()
    return (*sent_then, first, _ticks(shown, position)) if shown.buttons else (*sent_then, first)


def _sent_last_time(here: Here, position: Position) -> tuple[Prompt, ...]:
    """The photos and voices of last time, to see and hear again; nothing hushed."""
    things = () if position.question.hushed else sent.things(here.last[position.place].value)
    label = asked(here, position).words(position.question.label)
    return tuple(Prompt(label, thing=thing) for thing in things)


def _rows(keys: tuple[str, ...], kind: str) -> Keys:
    """One answer a row; of four and more, two short ones share a row, so that the question stays in sight."""
    if len(keys) < _MANY or kind == "confirm":
        return tuple((key,) for key in keys)
    rows: list[tuple[str, ...]] = []
    for key in keys:
        if rows and len(rows[-1]) == 1 and max(len(rows[-1][0]), len(key)) <= _SHORT:
            rows[-1] = (*rows[-1], key)
        else:
            rows.append((key,))
    return tuple(rows)


def _shown(here: Here, position: Position) -> Shown:
    """The question as its kind shows it; whoever helps gets a tip below it."""
    shown = KINDS[position.question.kind].show(asked(here, position))
    if not gives_tip(here, position):
        return shown
    return replace(shown, below="\n\n".join(filter(None, [shown.below, tip(here, position)])))


def gives_tip(here: Here, position: Position) -> bool:
    """Whether the tip stands below the question: somebody helps, and it is asked for the first time."""
    is_new = position.place not in here.answers and not offers_last(here, position)
    return here.helped and is_new and bool(tip(here, position))


def tip(here: Here, position: Position) -> str:
    """What helps a helper with this question; "" when nothing is written."""
    words = asked(here, position).words(position.question.tip)
    return here.say(wording.TIP_FOR_HELPER).format(tip=words) if words else ""


def _ticks(shown: Shown, position: Position) -> Prompt:
    return Prompt(
        shown.tick, shown.heading, buttons=shown.buttons, columns=shown.columns, asks=position.place
    )


def _last_time(here: Here, position: Position) -> Shown:
    """The question with what was said last time: is it still right?"""
    say, question = here.say, position.question
    full = asked(here, position)
    words = KINDS[question.kind].words(full, here.last[position.place].value)
    words = say(wording.HUSHED) if question.hushed else words
    told = f"{say(wording.LAST_TIME).format(words=words)}\n{say(wording.STILL_RIGHT)}"
    return Shown(full.ask, told, (say(wording.STILL_YES), say(wording.STILL_NO)))


def redraw(here: Here, position: Position) -> Prompt:
    """The ticks of a question as they are now, in the message that has them."""
    return replace(_ticks(_shown(here, position), position), edits=True)


def end(here: Here, note: str = "") -> Prompt:
    """Nothing more to ask: what one can still do."""
    say = here.say
    share = ((share_label(here),),) if held_back(here) else ()
    keys = (
        *share,
        (say(wording.CHANGE),),
        (say(wording.WHAT_I_SAID),),
        (say(wording.WRITE_BACK).format(name=here.key_contact),),
        (say(wording.PERSON),),
        (say(wording.HELP),),
    )
    return Prompt(note or say(wording.END), keys=keys, asks=THE_END)


def welcome_back(here: Here, position: Position | None) -> tuple[Prompt, ...]:
    """Where we were, for somebody who comes back: the question again, or that there is none left."""
    if position is not None:
        return ask(here, position, here.say(wording.WELCOME_BACK))
    all_sent = here.shared and not held_back(here)
    words = here.say(wording.BACK_ALL_SENT if all_sent else wording.BACK_AT_THE_END)
    return (end(here, words.format(key_contact=here.key_contact)),)


def held_back(here: Here) -> str:
    """The place of the read-back when the person has not shared it yet; "" when they have."""
    for question in here.script.questions:
        answer = here.answers.get(question.id)
        if shares(question) and answer and answer.value and answer.value.get("code") != "share":
            return question.id
    return ""


def share_label(here: Here) -> str:
    """The button that shares: all of it, or what has changed."""
    words = wording.SHARE_CHANGES if here.shared else wording.SHARE
    return here.say(words).format(key_contact=here.key_contact)


def read_back(here: Here, text: str, keys: Keys | None, part: str | None = None) -> Prompt:
    """Everything that was said, or all of one part, in the person's own words."""
    after = "" if here.shared or part is not None else here.say(wording.NOTHING_SENT)
    rows = [
        (line.heading, (line.label, in_words(here, line)))
        for line in lines(here)
        if part is None or line.part == part
    ]
    told = grouping.under_headings(rows)
    return Prompt("", here.say(wording.READ_BACK), told, f"{after}\n\n{text}".strip(), keys)


def in_words(here: Here, line: Line) -> str:
    """What stands beside the label of a line."""
    say = here.say
    words = line.words or say(wording.UNSURE if line.state is State.UNSURE else wording.SKIPPED)
    if line.hushed and line.words:
        words = say(wording.HUSHED)
    if line.private:
        return say(wording.JUST_FOR_YOU).format(words=words)
    if line.share_with and line.words:
        return say(wording.ONLY_THEY_SEE).format(words=words, key_contact=here.key_contact)
    return words


def played(here: Here) -> tuple[Prompt, ...]:
    """Everything that was sent beside words, each under the name of its question; nothing hushed."""
    shown = (line for line in lines(here) if not line.hushed)
    return tuple(Prompt(line.label, thing=thing) for line in shown for thing in line.things)


def to_change(here: Here, place: str = "") -> tuple[Prompt, ...]:
    """A button for each answer that can be changed, in as many messages as it takes.

    Shape: where they are many, the parts come first; `place` is in the part that was chosen.
    """
    say, groups = here.say, grouping.grouped(_changeable(here))
    if not groups:
        return (Prompt(say(wording.NOTHING_TO_CHANGE)),)
    if not grouping.are_many(groups):
        return _which(here, [button for below in groups.values() for button in below])
    for heading, below in groups.items():
        if any(button.place == place for button in below):
            return _which(here, below, heading)
    firsts = ((heading, below[0].place) for heading, below in groups.items())
    parts = tuple(Button(GROUP, choosing.short(heading), first) for heading, first in firsts)
    return (Prompt(say(wording.WHICH_PART), buttons=parts),)


def _which(here: Here, buttons: list[Button], heading: str = "") -> tuple[Prompt, ...]:
    pages = (tuple(buttons[first : first + UNDER_ONE]) for first in range(0, len(buttons), UNDER_ONE))
    return tuple(Prompt(here.say(wording.WHICH_TO_CHANGE), heading, buttons=page) for page in pages)


def _changeable(here: Here) -> list[tuple[str, Button]]:
    """Each answer that can be changed, in order, with the heading it stands under."""
    said = lines(here)
    shown = [(line.heading, line.place, line.label, in_words(here, line)) for line in said]
    order = {position.place: number for number, position in enumerate(positions(here))}
    return [
        (heading, Button(CHANGE, choosing.short(f"{label}: {words}"), place))
        for heading, place, label, words in sorted(
            (*shown, *_untold(here, said)), key=lambda each: order[each[1]]
        )
    ]


def _untold(here: Here, said: Sequence[Line]) -> list[tuple[str, str, str, str]]:
    """What is no line itself, but can be changed like one: what she keeps to herself, how much is asked."""
    held = ", ".join(line.label for line in said if line.private) or here.say(wording.NOTHING)
    found = []
    for each in positions(here):
        question, answer = each.question, here.answers.get(each.place)
        heading = asked(here, each).words(each.section.heading)
        if answer and question.kind == "private":
            found.append((heading, each.place, here.say(question.label or wording.JUST_FOR_ME), held))
        elif answer and question.id in UNTOLD:
            words = KINDS[question.kind].words(asked(here, each), answer.value) if answer.value else ""
            found.append((heading, each.place, here.say(question.label), words or here.say(wording.SKIPPED)))
    return found


def help_card(here: Here, position: Position | None) -> Prompt:
    """Who is behind this, where to call, and every way to go on."""
    say = here.say
    question = position.question if position else None
    with_this = [wording.EXAMPLE] if question and question.examples else []
    with_this += [wording.EASIER] if question and question.easy and not here.easy else []
    keys: Keys = (
        (say(wording.CARRY_ON),),
        (say(wording.PERSON), say(wording.ASK)),
        *((tuple(map(say, with_this)),) if with_this else ()),
        (say(wording.ABOUT),),
        (say(wording.CHANGE), say(wording.WHAT_I_SAID)),
        (say(wording.PAUSE), say(wording.STOP)),
    )
    words = say(wording.HELP_WORDS).format(key_contact=here.key_contact)
    return Prompt(f"{words}\n{here.help or say(wording.HELP_EMERGENCY)}", say(wording.HELP_TITLE), keys=keys)


def stop_card(here: Here) -> Prompt:
    """The ways to stop; nothing has happened yet."""
    say = here.say
    choices = (wording.CARRY_ON, wording.PAUSE, wording.STOP_AND_KEEP, wording.STOP_AND_DELETE)
    return Prompt(say(wording.STOP_CHOICE), say(wording.STOP_TITLE), keys=tuple((say(c),) for c in choices))


def changed(here: Here, place: str) -> str:
    """What a changed answer is now, in words."""
    line = next((line for line in lines(here) if line.place == place), None)
    if line is None:
        return ""
    return here.say(wording.NOW_IT_IS).format(label=line.label, words=in_words(here, line))


def can_keep(here: Here, position: Position) -> bool:
    """Whether the question was opened again and its old answer can simply stay.

    Shape: not once lines are being ticked: the answer there is no longer the old one.
    """
    answer = here.answers.get(position.place)
    if answer is None or answer.state is not State.CHANGING or answer.value is None:
        return False
    return not (isinstance(answer.value, dict) and {"asks", "pending", "picking"} & answer.value.keys())


def _before(here: Here, position: Position) -> str:
    """What was said here before, when the question was opened again."""
    if not can_keep(here, position) or position.question.kind in ("list", "many"):  # those show it anyway
        return ""
    full = asked(here, position)
    words = KINDS[position.question.kind].words(full, full.value)
    words = here.say(wording.HUSHED) if full.question.hushed and words else words
    return here.say(wording.YOU_SAID).format(words=words) if words else ""


def _title(here: Here, position: Position) -> str:
    """The name of the part or section, with its number, on the first of its questions."""
    if position.section.for_each or not starts(here, position):
        return ""
    shown = [p.section for p in positions(here) if not p.section.for_each]
    named = list(dict.fromkeys(section.part or section.id for section in shown))
    number = named.index(position.section.part or position.section.id) + 1
    title = here.say(position.section.heading)
    return here.say(wording.PART).format(number=number, total=len(named), title=title)


def _standing(here: Here, position: Position) -> Keys:
    """The buttons every question has; the rest are behind Help, and can all be typed."""
    say, kind = here.say, position.question.kind
    keep: Keys = ((say(wording.KEEP_ANSWER),),) if can_keep(here, position) else ()
    example = (say(wording.EXAMPLE),) if any(each.thing for each in position.question.examples) else ()
    if kind == "consent":
        return ((say(wording.WHY), say(wording.HELP)),)
    if kind in ("info", "confirm"):
        return (*((example,) if example else ()), (say(wording.BACK), say(wording.HELP)))
    return (
        *keep,
        (say(wording.SKIP), say(wording.NOT_SURE)),
        (say(wording.BACK), say(wording.WHY)),
        (*example, say(wording.HELP)),
    )
