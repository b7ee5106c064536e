"""What must be true of the order of everything; as in the oracle."""

import re
from collections.abc import Iterator, Mapping

from bot.store.letters import REPLY, chat_of
from tests.kill.evidence import Case, Row

UPDATE = re.compile(r"(?:^|[.-])[ud](\d+)\.")
GIVEN_UP = re.compile(r"^o(\d+)\.")
"""What a message is about, in its name: an update; the message that was given up."""


def messages(case: Case) -> Iterator[str]:
    """A chat gets what it is answered in order, and what each other did in order; by when each first came."""
    rows = {row.id: row for row in case.found.outbox}
    newest: dict[tuple[int, int, int | str], Row] = {}
    for number in dict.fromkeys(int(call.request or 0) for call in case.found.calls):
        if (row := rows.get(number)) is None:
            continue
        line = (row.chat_id, row.urgency, _whose_doing(case, row, rows))
        before = newest.setdefault(line, row)
        if number < before.id:
            yield f"chat {row.chat_id}: {number}, {row.dedup}, came after {before.id}, {before.dedup}"
        else:
            newest[line] = row


def _whose_doing(case: Case, row: Row, rows: Mapping[int, Row]) -> int | str:
    """The chat that was held when this message was put out; where none was, what it is a part of.

    Shape: what two people do at the same moment is told to a third in the order in which it was kept. Where
    one transaction follows the other, that is the order of the numbers.
    """
    if case.is_alone or row.urgency == REPLY or row.reminder:
        return int(row.chat_id)
    if row.dedup.startswith("back."):
        return str(row.dedup)
    if update := UPDATE.search(row.dedup):
        return chat_of(case.said[int(update[1])])
    if (found := GIVEN_UP.match(row.dedup)) and int(found[1]) in rows:
        return int(rows[int(found[1])].chat_id)
    return str(row.dedup.rpartition(".")[0])


def answers(case: Case) -> Iterator[str]:
    """Answers are kept in the order they were given."""
    for chat, updates in case.found.order.items():
        if updates != sorted(updates):
            yield f"chat {chat}: answers were kept in another order than they were given"


def drawings(case: Case) -> Iterator[str]:
    """A message that is drawn anew twice is drawn the same."""
    for row in case.found.outbox:
        drawn = [
            call.fields for call in case.found.delivered.get(row.id, ()) if call.method.startswith("edit")
        ]
        if any(each != drawn[0] for each in drawn):
            yield f"message {row.id} was drawn differently the second time"
