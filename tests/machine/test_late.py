"""A worker that was too late: its message was freed, it took it once more, and then the old copy lands."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest
from sqlalchemy import Connection

from bot.dialog.talk import Prompt
from bot.pace import UNHURRIED
from bot.store import outgoing
from bot.store.letters import LEASE, REMINDER, Dead, Delivered, InDoubt, NotSent, Outcome, Posted, Sending
from tests.machine.ground import MONDAY, Ground

P = ParamSpec("P")
T = TypeVar("T")
ANN = 101
LATER = MONDAY + 2 * LEASE

OUTCOMES = [
    Delivered(1001, 1),
    NotSent(1000, "claimed too long ago"),
    InDoubt(1000, "no answer"),
    Dead("gone", blocked=False),
]


class Outbox:
    """The outbox, with nobody at work but the test."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def do(self, body: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One transaction."""
        return asyncio.run(self._ground.tx(body, *args, **kwargs))

    def claim(self, owner: str, at: int) -> list[Sending]:
        """A worker takes what is ready."""
        return self.do(outgoing.claim, owner, at, 64, UNHURRIED)

    def claim_twice(self) -> list[Sending]:
        """The old copy and the new one of a message that a worker was too late with."""
        old = self.claim("slow", MONDAY)
        assert self.do(outgoing.reclaim, LATER) == len(old) == 1
        return [*old, *self.claim("slow", LATER)]

    def settle(self, sending: Sending, outcome: Outcome) -> bool:
        """What became of it is written down."""
        return self.do(outgoing.settle, sending, outcome, LATER)

    def rows(self) -> list[Any]:
        """All that lies in it."""
        return self._ground.rows("SELECT * FROM outbox ORDER BY id")


@pytest.fixture
def box() -> Iterator[Outbox]:
    ground = Ground(alone=False)
    yield Outbox(ground)
    ground.end()


@pytest.mark.parametrize("late", OUTCOMES, ids=lambda outcome: type(outcome).__name__)
def test_a_question_never_lands_below_a_later_one_because_its_old_copy_came_back(
    box: Outbox, late: Outcome
) -> None:
    box.do(outgoing.put_out, ANN, [Prompt("what works?"), Prompt("what does not?")], "u1", MONDAY)
    old, new = box.claim_twice()
    is_written_down = box.settle(old, late)
    beside = box.claim("another", LATER + 2000)
    box.settle(new, Delivered(1002, 1))
    following = box.claim("another", LATER + 2000)

    assert [each.prompt.text for each in beside] == [], "the new copy is still on its way"
    assert [each.prompt.text for each in following] == ["what does not?"]
    assert not is_written_down


def test_a_reminder_is_in_doubt_as_often_as_it_may_have_arrived(box: Outbox) -> None:
    box.do(outgoing.put_out, ANN, [Prompt("tomorrow")], "r7", MONDAY, urgency=REMINDER, reminder=7)
    old, new = box.claim_twice()
    box.settle(old, InDoubt(0, "no answer"))
    box.settle(new, InDoubt(0, "no answer"))
    [row] = box.rows()
    [third] = box.claim("another", LATER + 2000)

    assert (row.state, row.doubts) == (Posted.READY, 2)
    assert third.doubts == 2, "it is sent a third time, as if it had been sent only once"
