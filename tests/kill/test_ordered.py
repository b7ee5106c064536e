"""The judge of the kill loop sees what came in the wrong order, and only that."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from bot.sandbox import Call
from bot.store.letters import REMINDER, REPLY
from tests.kill.evidence import Case, Evidence
from tests.kill.ordered import messages

ANN, MO, RAVI = 1000, 1001, 100
AT = datetime(2027, 3, 1, tzinfo=UTC)
SAID = {
    number: {"update_id": number, "message": {"chat": {"id": chat}, "text": "words"}}
    for number, chat in enumerate((ANN, ANN, MO, RAVI, RAVI), 1)
}


def came_backwards(*names: str, urgency: int = REMINDER, is_alone: bool = False) -> list[str]:
    """What the judge says when Ravi gets these, which were put out in this order, the last one first."""
    rows: list[Any] = [
        SimpleNamespace(id=number, dedup=name, chat_id=RAVI, urgency=urgency, reminder=None)
        for number, name in enumerate(names, 1)
    ]
    calls = [Call(AT, "sendMessage", RAVI, {}, row.id, str(row.id)) for row in reversed(rows)]
    return list(messages(Case(Evidence(outbox=rows, calls=calls), SAID, {}, {}, {}, is_alone)))


def test_what_one_person_did_came_to_their_key_contact_the_wrong_way_round() -> None:
    assert came_backwards("u1.1.0", "talk.7.u2.1.0") == [
        "chat 100: 1, u1.1.0, came after 2, talk.7.u2.1.0",
    ]
    assert len(came_backwards("d1.1.0", "u2.1.0")) == 1, "her chat was held for what was given up, too"


def test_an_answer_came_before_the_one_to_what_was_said_earlier() -> None:
    assert len(came_backwards("u4.1.0", "by-u5.1.0", urgency=REPLY)) == 1
    assert len(came_backwards("u4.1.0", "u4.1.1", urgency=REPLY)) == 1


def test_the_parts_of_one_message_came_the_wrong_way_round() -> None:
    assert len(came_backwards("o8.1.0", "o8.1.1")) == 1
    assert len(came_backwards("r3.5.1.0", "r3.5.1.1")) == 1


def test_what_two_people_did_at_the_same_moment_may_come_either_way_round() -> None:
    assert came_backwards("u1.1.0", "u3.1.0", "o8.1.0", "back.talk.7.u1.1") == []


def test_where_one_transaction_follows_the_other_it_may_not() -> None:
    assert len(came_backwards("u1.1.0", "u3.1.0", is_alone=True)) == 1
