"""What a file in dialogs/ says about reminders."""

import re
from datetime import time

from bot.dialog import condition
from bot.dialog.braces import between, stands_alone
from bot.dialog.load.nodes import Items, Node
from bot.dialog.load.reading import Found, Reading, did_you_mean, empty, short
from bot.errors import ConditionWrong, Problem
from bot.reminders import NOT_FINISHED, NOT_SHARED, SEND_NOW, TELL_CONTACT, Event, Reminding

KEYS = ("id", "send", "while", "between", "most", "if_late", "text")
MOST = 6
LONGEST_TEXT = 600
LONGEST_WAIT = 366
"""Units: days."""
MOST_TIMES = 9
MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60, "week": 7 * 24 * 60}
ALWAYS = ("name", "key_contact", "place", "left", "minutes")
DATED = ("date", "day", "time")
"""What may stand in braces only before an appointment."""

_EVENTS = {f"{'before' if event is Event.APPOINTMENT else 'after'} {event}": event for event in Event}
THAT_MORNING = "on the day of appointment"
EXAMPLES = f"3 days after last answer, 1 day before appointment, or {THAT_MORNING}"


def reminders(reading: Reading, node: Node) -> tuple[Reminding, ...]:
    """The reminders listed under `reminders`, in the order written."""
    if not isinstance(node, Items):
        if not empty(node):
            fix = "Begin each reminder with a dash: - id: …"
            reading.add("D120", node, '"reminders" must be a list with something in it', fix)
        return ()
    if len(node.items) > MOST:
        words = f"there are {len(node.items)} reminders, and {MOST} is the most"
        reading.add("D136", node.items[MOST], words, "Take some out: people stop reading them.")
    found = [_reminder(reading, each) for each in node.items]
    first: dict[str, Reminding] = {}
    for rule, each in zip(found, node.items, strict=True):
        if rule.id and first.setdefault(rule.id, rule) is not rule:
            words = f'two reminders have the id "{rule.id}", the other in line {first[rule.id].line}'
            reading.add("D135", each, words, "Give this one an id of its own.")
    return tuple(found)


def _reminder(reading: Reading, node: Node) -> Reminding:
    found = reading.keys(node, "a reminder", KEYS, ("id", "send", "text"))
    event, days, minutes = _send(reading, found)
    opens, closes = _between(reading, found)
    only_while, holds = _while(reading, found)
    return Reminding(
        id=reading.id(found, "id", 24),
        event=event or Event.APPOINTMENT,
        days=days,
        minutes=minutes,
        opens=opens,
        closes=closes,
        most=_most(reading, found, event),
        only_while=only_while,
        condition=holds,
        if_late=_if_late(reading, found, event),
        text=_text(reading, found, event),
        line=node.line,
        column=node.column,
    )


def _send(reading: Reading, found: Found) -> tuple[Event | None, int, int]:
    """The event, None when it cannot be read, and how many days or else minutes it is from there."""
    words = " ".join(reading.words(found, "send").split())
    if not words or words == THAT_MORNING:
        return Event.APPOINTMENT if words else None, 0, 0
    node = found["send"][1]
    sign = next((each for each in ("before", "after") if each in words.split()), "")
    length, _, named = words.partition(f"{sign} ") if sign else (words, "", "")
    event = _EVENTS.get(f"{sign} {named}")
    if event is None:
        fix = did_you_mean(f"{sign} {named}", _EVENTS) or f"It can be: {', '.join(_EVENTS)}."
        reading.add("D130", node, f'"{short(words)}" names nothing to count from', fix)
    return (event, *_length(reading, node, length.strip()))


def _length(reading: Reading, node: Node, words: str) -> tuple[int, int]:
    """So many days, or else minutes."""
    wanted = re.fullmatch(r"([0-9]{1,4}) (minute|hour|day|week)s?", words)
    minutes = int(wanted[1]) * MINUTES[wanted[2]] if wanted else 0
    if not wanted or not 0 < minutes <= LONGEST_WAIT * MINUTES["day"]:
        why = f"is longer than {LONGEST_WAIT} days" if minutes else "is not a length of time"
        reading.add("D131", node, f'"{short(words)}" {why}', f"Write such as: {EXAMPLES}.")
        return 1, 0
    return (minutes // MINUTES["day"], 0) if wanted[2] in ("day", "week") else (0, minutes)


def _between(reading: Reading, found: Found) -> tuple[time, time]:
    usual = Reminding("", Event.ANSWERED)
    words = reading.words(found, "between")
    if not words:
        return usual.opens, usual.closes
    wanted = re.fullmatch(r"(\S+)\s+and\s+(\S+)", words)
    clocks = [_clock(each) for each in wanted.groups()] if wanted else []
    if wanted and None in clocks:
        wrong = wanted[1 + clocks.index(None)]
        fix = "Write the hours as on a clock: between: 09:00 and 19:00."
        reading.add("D132", found["between"][1], f'"{short(wrong)}" is not a time of day', fix)
    elif not wanted or clocks[0] >= clocks[1]:  # type: ignore[operator]
        fix = "Write the earlier time first: between: 09:00 and 19:00."
        reading.add("D132", found["between"][1], f'"{short(words)}" is not from one time to a later one', fix)
    else:
        return clocks[0], clocks[1]  # type: ignore[return-value]
    return usual.opens, usual.closes


def _clock(words: str) -> time | None:
    wanted = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", words)
    return time(int(wanted[1]), int(wanted[2])) if wanted else None


def _while(reading: Reading, found: Found) -> tuple[str, condition.Condition | None]:
    words = " ".join(reading.words(found, "while").split())
    if not words or words in (NOT_FINISHED, NOT_SHARED):
        return words, None
    try:
        return words, condition.parse(words)
    except ConditionWrong as wrong:
        node = found["while"][1]
        near = did_you_mean(words, (NOT_FINISHED, NOT_SHARED))
        fix = near or f"Write {NOT_FINISHED}, {NOT_SHARED}, or a condition as after when:."
        place = Problem(node.line, node.column, "D133", f'"while" cannot be read: {wrong.words}.', fix)
        reading.problems.append(place)
        return "", None


def _text(reading: Reading, found: Found, event: Event | None) -> str:
    words = reading.words(found, "text")
    if len(words) > LONGEST_TEXT:
        long = f'"text" has {len(words)} letters, and {LONGEST_TEXT} is the most'
        reading.add("D137", found["text"][1], long, "Say one thing in it, in short sentences.")
    known = (*ALWAYS, *DATED)
    for inside, name in between(words):
        if name in DATED and event not in (None, Event.APPOINTMENT):
            why = f"{{{name}}} is known only in a reminder before appointment"
            reading.add("D134", found["text"][1], why, "Take it out.")
        elif name not in known:
            fix = (
                did_you_mean(name, known)
                or f"Here you can write {', '.join(f'{{{each}}}' for each in known)}."
            )
            reading.add("D134", found["text"][1], f"{{{short(inside)}}} means nothing here", fix)
    if stands_alone(words):
        reading.add("D134", found["text"][1], "a brace { or } stands alone", "Use ( and ) in texts.")
    return words


def _if_late(reading: Reading, found: Found, event: Event | None) -> str:
    word = reading.one_of(found, "if_late", (SEND_NOW, TELL_CONTACT))
    if word == TELL_CONTACT and event not in (None, Event.APPOINTMENT):
        words = f'"if_late: {word}" is only for reminders before appointment'
        reading.add("D138", found["if_late"][1], words, "Take that line out.")
    return word


def _most(reading: Reading, found: Found, event: Event | None) -> int:
    word = reading.words(found, "most") or "1"
    most = int(word) if re.fullmatch(r"[1-9]", word) else 0
    if not most:
        words = f'"most" is a number from 1 to {MOST_TIMES}, not "{short(word)}"'
        reading.add("D139", found["most"][1], words, "Write how many times it may be sent: most: 2.")
    elif most > 1 and event is Event.APPOINTMENT:
        words = "a reminder before appointment is sent once"
        reading.add("D139", found["most"][1], words, "Take that line out, or write another reminder.")
    return most or 1
