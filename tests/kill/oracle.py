"""What must be true of everything that was said and sent, whatever happened to the bot.

Each of these gives what is wrong, in words; nothing wrong is an empty list.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import Any

from bot.posting import REMINDER_REPEATS, REPEATS
from bot.store.incoming import TRIES
from tests.kill import ordered, reminded
from tests.kill.crowd import GOODBYE, NAME, Said, plain_value
from tests.kill.evidence import Case, text_of

IN_DOUBT = "in doubt too often"


@dataclass(slots=True)
class Account:
    """What came of it all.

    Shape: `wrong` says for each kind of trouble what was found; `counts` are the figures.
    """

    wrong: dict[str, list[str]]
    counts: Counter[str]


def judge(case: Case) -> Account:
    """Look at everything."""
    looks = {
        "lost": (_updates, _answers, _messages_lost, _notes, _shared),
        "unmarked": (_unmarked, _too_often),
        "out of order": (ordered.messages, ordered.answers, ordered.drawings),
        "reminders": (reminded.ended, reminded.told, reminded.dates, reminded.counted),
        "told to somebody else": (_privacy,),
        "after a goodbye": (_goodbyes,),
    }
    wrong = {kind: [words for look in some for words in look(case)] for kind, some in looks.items()}
    return Account(wrong, _counts(case))


def _counts(case: Case) -> Counter[str]:
    found, counts = case.found, Counter[str]()
    counts["updates"] = len(case.said)
    counts["answers"] = sum(map(len, found.answers.values()))
    said_again = [
        (said, row)
        for person in case.people.values()
        for said in person.said
        for row in found.answers.get(said.update, ())
    ]
    counts["said again, and put with the answer before"] = sum(starmap(_was_put_before, said_again))
    counts["said again, and taken for the next answer"] = sum(starmap(_was_taken_for_next, said_again))
    counts["messages"] = len(found.outbox)
    counts["calls"] = sum(map(len, found.delivered.values()))
    counts["marked duplicates"] = sum(len(found.delivered.get(row.id, ())) > 1 for row in found.outbox)
    counts["in doubt"] = sum(row.doubts > 0 for row in found.outbox)
    counts["given up"] = sum(row.state == "dead" for row in found.outbox)
    counts["given up, and never came"] = sum(
        row.state == "dead" and row.id not in found.delivered for row in found.outbox
    )
    counts["dead letters"] = sum(row.dead for row in found.inbox.values())
    counts |= Counter(f"reminders {row.state}" for row in found.reminders)
    return counts


# ---- nothing is lost


def _updates(case: Case) -> Iterator[str]:
    """Every update was worked out once; only what was planted to be poison was not."""
    poisons = {number for person in case.people.values() for number in person.poisons}
    for number in case.said:
        row = case.found.inbox.get(number)
        if row is None:
            yield f"update {number} is not in the inbox"
        elif row.done_at is None:
            yield f"update {number} was never worked out"
        elif row.dead != (number in poisons) or (row.dead and row.attempts != TRIES):
            yield f"update {number}: dead {row.dead} after {row.attempts} tries, {row.error}"
    names = {row.dedup.partition(".")[0]: row for row in case.found.outbox}
    names |= {row.dedup.split(".")[2]: row for row in case.found.outbox if row.dedup.startswith("talk.")}
    silent = {number for person in case.people.values() for number in person.silent}
    silent |= set(case.found.answers)  # more words for an answer are kept without a word
    for number in case.said.keys() - silent - poisons:
        if f"u{number}" not in names:
            yield f"nobody answered update {number}"
    for number in poisons:
        if f"d{number}" not in names:
            yield f"nobody was told of update {number}, which could not be worked out"


def _answers(case: Case) -> Iterator[str]:
    """Every answer is there, once, at its place, word for word."""
    expected: dict[int, Said] = {}
    for chat, person in case.people.items():
        if person.deleted:
            continue
        for said in person.said:
            expected[said.update] = said
            rows = case.found.answers.get(said.update, [])
            if said.again and (not rows or _is_asked_about(said, rows[0])):
                continue
            is_theirs = len(rows) == 1 and rows[0][0] == chat
            if is_theirs and (_was_put_before(said, rows[0]) or _was_taken_for_next(said, rows[0])):
                continue
            if len(rows) != 1 or rows[0][0] != chat or not _is(said, rows[0]):
                yield f"{person.name} said {said}; kept is {rows}"
    for number in case.found.answers.keys() - expected.keys():
        yield f"update {number} gave answers, and was none: {case.found.answers[number]}"


def _is_asked_about(said: Said, row: tuple[int, str, str, Any]) -> bool:
    """Whether words said once more came to the next question, which asks what they mean."""
    _, _, state, value = row
    return state == "open" and isinstance(value, dict) and value.get("pending") == said.value


def _was_put_before(said: Said, row: tuple[int, str, str, Any]) -> bool:
    """Whether words said once more were taken for more of the text answer before."""
    _, _, state, value = row
    words = "Share with Ravi" if said.value == "share" else said.value
    added = isinstance(value, str) and isinstance(words, str) and value.endswith(f"\n{words}")
    return added and state == "given" and said.again


def _was_taken_for_next(said: Said, row: tuple[int, str, str, Any]) -> bool:
    """Whether words said once more, to a question that came twice, answered the one after it; they see it."""
    _, place, state, value = row
    return said.again and state == "given" and value == said.value and place not in said.places


def _is(said: Said, row: tuple[int, str, str, Any]) -> bool:
    _, place, state, value = row
    plain = plain_value(value)
    same = said.value is None or plain == said.value
    if said.ends and isinstance(plain, str):
        same = plain.endswith(str(said.value))
    return place in said.places and state == said.state and same


def _messages_lost(case: Case) -> Iterator[str]:
    """Every message arrived, was taken back, or was given up in doubt, and then somebody was told."""
    told = {row.dedup.partition(".")[0] for row in case.found.outbox}
    for row in case.found.outbox:
        came = len(case.found.delivered.get(row.id, ()))
        if row.state == "sent" and not came and not row.edits:
            yield f"message {row.id} is sent, and never came"
        elif row.state in ("ready", "sending"):
            yield f"message {row.id} is still {row.state}"
        elif row.state == "dead" and not row.error.startswith(IN_DOUBT):
            yield f"message {row.id} was given up: {row.error}"
        elif (
            row.state == "dead"
            and row.chat_id in case.people
            and not case.people[row.chat_id].deleted
            and not row.reminder
            and f"o{row.id}" not in told
        ):
            yield f"message {row.id} was given up, and nobody was told"


def _notes(case: Case) -> Iterator[str]:
    """What a key contact had passed on has come."""
    for contact in case.staff.values():
        for name, words in contact.written.items():
            chat = next(chat for chat, person in case.people.items() if person.name == name)
            came = [call for call in case.found.calls if call.chat_id == chat and words in text_of(call)]
            if not came and not case.people[chat].deleted and not _gave_up(case, chat):
                yield f"{name} never got what {contact.name} wrote"


def _shared(case: Case) -> Iterator[str]:
    """What somebody shared was read back to them, and has come to their key contact, in one summary.

    Shape: what they changed before it had come is not in it; the change is, or follows it. Both are taken
    back when they delete everything at once.
    """
    shown = defaultdict(list)
    for call in case.found.calls:
        if _has(text_of(call), ("What you told me", "has shared", "has changed")):
            shown[call.chat_id].append(text_of(call))
    for chat, person in case.people.items():
        words = [person.words(place) for place in ("place", "how_known@n1")]
        better, values = person.words("better"), [said.value for said in person.said]
        has_changed = better in values and "share" in values[values.index(better) :]
        matters = (person.words("matters"), better)[: 1 + has_changed]
        for reader in (chat, case.whose[person.name]) if person.finished else ():
            if _gave_up(case, chat) or _gave_up(case, reader) or (has_changed and person.deleted):
                continue
            texts = shown[reader]
            is_whole = any(all(each in text for each in words) and _has(text, matters) for text in texts)
            if not is_whole or (has_changed and not any(better in text for text in texts)):
                yield f"what {person.name} shared never came to chat {reader}"


def _has(text: str, words: Sequence[str]) -> bool:
    return any(each in text for each in words)


def _gave_up(case: Case, chat: int) -> bool:
    return any(row.chat_id == chat and row.state == "dead" for row in case.found.outbox)


# ---- nothing comes twice, unless it is marked


def _unmarked(case: Case) -> Iterator[str]:
    for row in case.found.outbox:
        came = len(case.found.delivered.get(row.id, ()))
        last = row.error.startswith(IN_DOUBT)  # its last try is told of by that, and not counted
        most = {"sent": 1 + row.doubts, "cancelled": row.doubts + last, "dead": row.doubts + last}
        if came > most.get(row.state, 0):
            yield f"message {row.id}, {row.state}, came {came} times with {row.doubts} doubts"
    numbers = {row.id for row in case.found.outbox}
    for number in case.found.delivered.keys() - numbers:
        yield f"message {number} came, and is not in the outbox"


def _too_often(case: Case) -> Iterator[str]:
    for row in case.found.outbox:
        most = 1 + (REPEATS if row.reminder is None else REMINDER_REPEATS)
        calls = case.found.delivered.get(row.id, ())
        if len(calls) > most:
            yield f"message {row.id} came {len(calls)} times"


# ---- whose words these are


def _privacy(case: Case) -> Iterator[str]:
    for call in case.found.calls:
        names = set(NAME.findall(text_of(call)))
        if call.chat_id is not None and call.chat_id in case.people:
            others = names - {case.people[call.chat_id].name}
        elif call.chat_id in case.staff:
            others = {name for name in names if case.whose.get(name) != call.chat_id}
            others |= names if "has shared" in text_of(call) and len(names) > 1 else set()
        else:
            others = names
        if others:
            yield f"chat {call.chat_id} was told of {', '.join(sorted(others))}: {text_of(call)[:60]}"


def _goodbyes(case: Case) -> Iterator[str]:
    """Nothing comes any more to somebody who wanted everything deleted."""
    gone: set[int] = set()
    for call in case.found.calls:
        is_goodbye = GOODBYE in text_of(call)
        if call.chat_id in gone and call.method.startswith(("send", "edit")) and not is_goodbye:
            yield f"chat {call.chat_id} was told after the goodbye: {text_of(call)[:60]}"
        if is_goodbye and call.chat_id is not None:
            gone.add(call.chat_id)
    here = set(case.found.chats.values())
    for chat, person in case.people.items():
        if person.deleted and chat in here:
            yield f"{person.name} wanted everything deleted, and it was not"
        elif person.deleted and chat not in gone and not _gave_up(case, chat):
            yield f"{person.name} wanted everything deleted, and nobody said goodbye"


def worst(wrong: Mapping[str, Sequence[str]], most: int = 8) -> Iterator[str]:
    """The first of each kind, a line each."""
    for kind, found in wrong.items():
        for words in found[:most]:
            yield f"{kind}: {words}"
