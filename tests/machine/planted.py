"""Bugs planted into the delivery on purpose: a test that lets one pass does not test what it says.

As a pytest plugin (`-p tests.machine.planted`) it plants the bug that PLANTED names.
"""

import os
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from inspect import getsource
from typing import Any

import pytest

from bot import worker
from bot.actions import forget, remind
from bot.messenger import receive, send
from bot.pace import Limits
from bot.store import dates, incoming, outgoing, paced, safe
from bot.store.statement import Statement

Plant = Callable[[pytest.MonkeyPatch], None]

MACHINE = "the machine"


@dataclass(frozen=True, slots=True)
class Bug:
    """One small mistake.

    Shape: `caught_by` is the machine, or the ordinary test that must turn red.
    """

    plant: Plant
    caught_by: str = MACHINE


def rewritten(owner: Any, name: str, old: str, new: str) -> Plant:
    """A function with some of its words changed."""

    def plant(monkeypatch: pytest.MonkeyPatch) -> None:
        function = getattr(owner, name)
        source = textwrap.dedent(getsource(function))
        assert source.count(old) == 1, f"{name} no longer says {old!r}"
        made: dict[str, Any] = {}
        exec(
            source.replace(old, new).replace("super()", f"super({owner.__name__}, self)"),
            function.__globals__,
            made,
        )
        monkeypatch.setattr(owner, name, made[name])

    return plant


def reworded(owner: Any, name: str, old: str, new: str) -> Plant:
    """A statement whose SQL is another one; SQLite only."""

    def plant(monkeypatch: pytest.MonkeyPatch) -> None:
        statement: Statement = getattr(owner, name)
        sql, fixed = statement._for("sqlite")
        assert old in sql, f"{name} no longer says {old!r}"
        monkeypatch.setitem(statement._made, "sqlite", (sql.replace(old, new), fixed))

    return plant


BUGS = {
    "an update that comes again begins anew": Bug(
        reworded(
            incoming,
            "_PUT_IN",
            "DO NOTHING",
            "(update_id) DO UPDATE SET done_at = NULL, payload = excluded.payload",
        )
    ),
    "an update that was worked out is not marked": Bug(
        reworded(incoming, "_DONE", "payload=:payload, done_at=:at", "attempts=attempts")
    ),
    "an update overtakes one of its chat that backs off": Bug(
        reworded(
            incoming,
            "_TAKE",
            "inbox_1.update_id < inbox.update_id",
            "inbox_1.update_id < inbox.update_id AND inbox_1.attempts = 0",
        )
    ),
    "a dead letter is told to nobody": Bug(
        rewritten(worker.Worker, "_failed", "tell(conn, self._dead_letter", "(conn, self._dead_letter")
    ),
    "Telegram may forget an update before it is kept": Bug(
        rewritten(worker.Worker, "_beat", "arrival.refuse(error)", "arrival.accept([])")
    ),
    "a message is sent although its claim was undone": Bug(
        rewritten(
            worker.Worker,
            "_claim",
            "return room",
            "self._posting.set_out(done.claimed, time.monotonic()); return room",
        )
    ),
    "a worker writes down what became of another's message": Bug(
        reworded(outgoing, "_DELIVERED", " AND outbox.owner = :by AND outbox.attempts = :attempt", "")
    ),
    "a worker takes what became of an old copy for that of the new one": Bug(
        reworded(outgoing, "_DELIVERED", " AND outbox.attempts = :attempt", ""),
        "tests/machine/test_late.py::test_a_question_never_lands_below_a_later_one_because_its_old_copy_came_back",
    ),
    "a message whose old copy was in doubt goes beside its new one": Bug(
        rewritten(outgoing, "settle", "outbox.c.attempts == sending.attempts", "outbox.c.attempts > 0")
    ),
    "a message of a dead worker is sent again without a mark": Bug(
        rewritten(outgoing, "reclaim", "outbox.c.doubts + 1", "outbox.c.doubts")
    ),
    "a message that may have arrived is sent again without a mark": Bug(
        rewritten(outgoing, "settle", "sending.doubts + 1", "sending.doubts")
    ),
    "two messages of a chat are on their way at once": Bug(
        reworded(outgoing, "_CLAIM", "outbox_1.state = 'sending' OR", "")
    ),
    "messages of a chat go in any order": Bug(
        reworded(outgoing, "_CLAIM", "(outbox_1.urgency, outbox_1.id) < (outbox.urgency, outbox.id)", "0")
    ),
    "the pace of a chat is not kept": Bug(
        reworded(outgoing, "_CLAIM", "chats.free_at <= :may", ":may = :may")
    ),
    "the pace of the bot is not kept": Bug(rewritten(Limits, "room", "max(0,", "max(100,")),
    "a chat that was told to wait is written to": Bug(
        rewritten(paced, "hold_back", "limits.chat_held(now, wait)", "now")
    ),
    "a message Telegram has refused for now counts as delivered": Bug(
        rewritten(
            outgoing,
            "settle",
            'NotSent(wait, error):\n            settled |= {"state": Posted.READY, "due_at": now + wait',
            "NotSent(wait, error):\n            settled |= "
            '{"state": Posted.SENT, "done_at": now, "payload": None',
        )
    ),
    "a reminder is put into the outbox and not marked": Bug(
        rewritten(remind, "_send", 'due_now.mark(desk.conn, [reminder.id], "queued")', "pass")
    ),
    "a cancelled reminder stays in the outbox": Bug(
        rewritten(dates, "cancel", "outgoing.cancel_reminder(conn, numbers)", "pass")
    ),
    "a cancelled reminder that was on its way is sent again": Bug(
        rewritten(outgoing, "_withdraw", "withdrawn=True", "error=''")
    ),
    "a reminder that comes too late is told to nobody": Bug(
        rewritten(remind, "_too_late", "_ask_to_check(desk, group[0].person", "(desk, group[0].person")
    ),
    "a reminder that arrived is not noted": Bug(
        rewritten(remind, "ended", '"sent" if is_sent else "dead"', '"queued" if is_sent else "dead"')
    ),
    "who wants nothing kept keeps their key": Bug(rewritten(forget, "_lose_the_key", "safe.renew(", "(")),
    "what is on its way to who wants nothing kept is lost": Bug(
        rewritten(forget, "_lose_the_key", "outgoing.seal_again(", "(")
    ),
    "what was shared still goes out after it was deleted": Bug(
        rewritten(forget, "_lose", "outgoing.take_back(desk.conn, note.key_of(talk))", "pass")
    ),
    "words open wherever they are moved to": Bug(
        rewritten(safe, "_about", "(chat, *where)", "()"),
        "tests/store/test_safe.py::test_an_answer_opens_only_where_it_was_given",
    ),
    "Telegram's refusal to take more now is read as an arrival": Bug(
        rewritten(
            send,
            "outcome",
            "return NotSent(_milliseconds(error.retry_after), name, told=True)",
            "return Delivered(1, 1)",
        ),
        "tests/messenger/test_send.py::test_too_fast_waits_exactly_as_long_as_telegram_says",
    ),
    "Telegram may forget updates the poller could not keep": Bug(
        rewritten(
            receive.Poller,
            "ask",
            "new = await self._arrive(updates)",
            "try: new = await self._arrive(updates)\n    except Exception: new = []",
        ),
        "tests/messenger/test_receive.py::test_what_could_not_be_kept_is_asked_for_again",
    ),
}


def pytest_configure() -> None:
    """Plant the bug for a whole run of pytest."""
    BUGS[os.environ["PLANTED"]].plant(pytest.MonkeyPatch())
