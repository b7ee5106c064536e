"""What must be true of reminders and dates; as in the oracle."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from bot.reminders import RULES, TOMORROW, UNFINISHED
from tests.kill.crowd import NAME
from tests.kill.evidence import Case, text_of

LATE, NOT_ARRIVED = "I could not remind", "did not arrive"


def ended(case: Case) -> Iterator[str]:
    """Every reminder came to an end, and none came twice unmarked."""
    messages = defaultdict(list)
    for row in case.found.outbox:
        if row.reminder is not None:
            messages[row.reminder].append(row)
    for reminder in case.found.reminders:
        theirs = messages[reminder.id]
        came = sum(len(case.found.delivered.get(row.id, ())) for row in theirs)
        doubts = sum(row.doubts + row.error.startswith("in doubt too often") for row in theirs)
        if reminder.state in ("pending", "queued"):
            yield f"reminder {reminder.id} is still {reminder.state}"
        elif reminder.state == "sent" and not 1 <= came <= 1 + doubts:
            yield f"reminder {reminder.id} is sent and came {came} times with {doubts} doubts"
        elif reminder.state in ("cancelled", "expired") and came > doubts:
            yield f"reminder {reminder.id} is {reminder.state}, and came {came} times with {doubts} doubts"


def told(case: Case) -> Iterator[str]:
    """Of every reminder that came too late, or never arrived, the key contact was told."""
    heard = [text_of(call) for call in case.found.calls if call.chat_id in case.staff]
    named = {name for words in heard if LATE in words or NOT_ARRIVED in words for name in NAME.findall(words)}
    silent = {row.chat_id for row in case.found.outbox if row.state == "dead"}  # messages were given up
    for reminder in case.found.reminders:
        person = case.people[case.found.chats[reminder.person]]
        is_told = person.name in named or case.whose[person.name] in silent
        if reminder.state in ("expired", "dead") and not is_told:
            yield f"reminder {reminder.id} of {person.name} is {reminder.state}, and nobody was told"


def dates(case: Case) -> Iterator[str]:
    """A date that was set is there with its one reminder; one that was called off does not hold."""
    reminded = Counter(row.appointment for row in case.found.reminders if row.rule == TOMORROW)
    held = Counter[str]()
    for row in case.found.appointments:
        name = case.people[case.found.chats[row.person]].name
        held[name] += row.status == "agreed"
        if reminded[row.id] != 1:
            yield f"date {row.id} has {reminded[row.id]} reminders"
    for contact in case.staff.values():
        for name in contact.dated:
            is_here = any(person.name == name and not person.deleted for person in case.people.values())
            if is_here and held[name] != (name not in contact.called_off):
                yield f"{name}: {held[name]} dates hold; called off: {name in contact.called_off}"


def counted(case: Case) -> Iterator[str]:
    """A talk knows how often it was asked after."""
    sent = Counter(row.talk for row in case.found.reminders if row.rule == UNFINISHED and row.state == "sent")
    for talk in case.found.talks:
        if talk.unfinished_sent != sent[talk.id] or sent[talk.id] > RULES[UNFINISHED].most:
            yield f"talk {talk.id} was asked after {sent[talk.id]} times, and counts {talk.unfinished_sent}"
