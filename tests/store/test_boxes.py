"""Nothing is lost, repeated or out of order between Telegram and the program."""

import json
import sqlite3
from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from bot.clock import DAY
from bot.dialog.talk import Button, Prompt, Thing
from bot.pace import UNHURRIED
from bot.store import boxes, dead, incoming, outgoing, safe, screen
from bot.store.letters import (
    LEASE,
    REMINDER,
    Box,
    Dead,
    Delivered,
    InDoubt,
    NotSent,
    Outcome,
    Posted,
    Sending,
    Waiting,
    chat_of,
    describe,
    pack,
    unpack,
)
from bot.store.tables import inbox, outbox
from tests.store.conftest import NOW

ANN, RAVI, MO = 101, 102, 103


def said(number: int, chat: int = ANN, words: str = "hello") -> dict[str, Any]:
    return {"update_id": number, "message": {"chat": {"id": chat}, "text": words}}


def first_in(conn: Connection, now: int = NOW) -> Waiting:
    [found] = incoming.take(conn, now, 1)
    return found


def taken(conn: Connection, now: int = NOW, most: int = 8) -> list[int]:
    return [each.update_id for each in incoming.take(conn, now, most)]


def claim(conn: Connection, owner: str, now: int, most: int) -> list[Sending]:
    return outgoing.claim(conn, owner, now, most, UNHURRIED)


def put(conn: Connection, chat: int, words: str, dedup: str, now: int = NOW, **more: Any) -> None:
    outgoing.put_out(conn, chat, [Prompt(text=words)], dedup, now, **more)


def words_of(claimed: list[Sending]) -> list[str]:
    return [each.prompt.text for each in claimed]


def send_all(conn: Connection, now: int = NOW) -> list[str]:
    sent = []
    while claimed := claim(conn, "w", now, 8):
        for each in claimed:
            outgoing.settle(conn, each, Delivered(1, 1), now)
        sent += words_of(claimed)
    return sent


def column(conn: Connection, name: str) -> list[Any]:
    return list(conn.scalars(select(outbox.c[name]).order_by(outbox.c.id)))


# ---- in ----


def test_an_update_that_comes_twice_is_kept_once(conn: Connection) -> None:
    first = incoming.put_in(conn, [said(7), said(8), said(7)], NOW)
    again = incoming.put_in(conn, [said(8), said(9)], NOW)

    assert (first, again) == ([7, 8], [9])


def test_no_updates_are_nothing_new(conn: Connection) -> None:
    assert incoming.put_in(conn, [], NOW) == []


def test_a_done_update_that_comes_again_stays_done_and_its_words_are_gone(conn: Connection) -> None:
    incoming.put_in(conn, [said(7, words="a secret")], NOW)
    incoming.done_in(conn, [first_in(conn)], NOW)

    assert incoming.put_in(conn, [said(7)], NOW + 7 * DAY) == []
    assert taken(conn) == []
    assert list(conn.scalars(select(inbox.c.payload))) == [None]


@pytest.mark.parametrize(
    ("update", "chat"),
    [
        ({"message": {"chat": {"id": 5}, "from": {"id": 6}}}, 5),
        ({"edited_message": {"chat": {"id": 5}}}, 5),
        ({"callback_query": {"from": {"id": 6}, "message": {"chat": {"id": 5}}}}, 5),
        ({"callback_query": {"from": {"id": 6}, "inline_message_id": "x"}}, 6),
        ({"my_chat_member": {"chat": {"id": -5}, "from": {"id": 6}}}, -5),
        ({"something_new": {"chat": {"id": 5}}}, 5),
        ({"poll": {"id": "1"}}, 0),
        ({"message": {"chat": {"id": 10**30}}}, 0),
        ({"message": {"chat": "no object", "from": None}}, 0),
        ({"message": "no object"}, 0),
        ({"callback_query": {"message": 3}}, 0),
    ],
)
def test_the_chat_of_an_update_is_found_wherever_it_is(update: dict[str, Any], chat: int) -> None:
    assert chat == chat_of({"update_id": 1, **update})


def test_updates_of_a_chat_go_in_order_even_when_they_came_out_of_order(conn: Connection) -> None:
    incoming.put_in(conn, [said(9), said(7)], NOW)
    incoming.put_in(conn, [said(8)], NOW)
    order = []
    while found := incoming.take(conn, NOW, 8):
        order += [each.update_id for each in found]
        incoming.done_in(conn, found, NOW)

    assert order == [7, 8, 9]


def test_a_chat_that_backs_off_keeps_its_order_and_does_not_block_others(conn: Connection) -> None:
    incoming.put_in(conn, [said(1, ANN), said(2, ANN), said(3, RAVI)], NOW)
    incoming.failed_in(conn, first_in(conn), ValueError(), NOW)

    assert taken(conn) == [3]
    incoming.done_in(conn, [first_in(conn)], NOW)
    assert taken(conn, NOW + 199) == []
    assert taken(conn, NOW + 200) == [1]


def test_an_update_that_waits_for_its_file_keeps_its_chat_waiting_and_has_lost_no_try(
    conn: Connection,
) -> None:
    incoming.put_in(conn, [said(1, ANN), said(2, ANN), said(3, RAVI)], NOW)
    incoming.put_off(conn, 1, NOW + 5000)

    assert taken(conn) == [3]
    assert taken(conn, NOW + 4999) == [3]
    [back, _] = incoming.take(conn, NOW + 5000, 8)
    assert (back.update_id, back.attempts) == (1, 0)


def test_of_each_chat_only_the_oldest_update_is_taken_and_no_more_than_asked_for(conn: Connection) -> None:
    incoming.put_in(conn, [said(1, ANN), said(2, RAVI), said(3, ANN), said(4, MO)], NOW)

    assert taken(conn) == [1, 2, 4]
    assert taken(conn, most=2) == [1, 2]


def test_the_fifth_failure_makes_a_dead_letter_and_the_chat_goes_on(conn: Connection) -> None:
    incoming.put_in(conn, [said(1), said(2)], NOW)
    now, waits, died = NOW, [], []
    for _ in range(5):
        died.append(incoming.failed_in(conn, first_in(conn, now), ValueError("a secret"), now))
        then = conn.execute(select(inbox.c.not_before).where(inbox.c.update_id == 1)).scalar_one()
        waits.append(then - now)
        now = then

    assert died == [False, False, False, False, True]
    assert waits[:4] == [200, 400, 800, 1600]
    assert taken(conn) == [2]
    [letter] = dead.letters(conn, NOW)
    assert (letter.box, letter.id, letter.chat_id, letter.attempts) == (Box.IN, 1, ANN, 5)
    assert "secret" not in letter.error


def test_what_waits_is_as_it_came(conn: Connection) -> None:
    update = said(1, words="café 🙂 \ud800 half a character \u0000")
    incoming.put_in(conn, [update], NOW)

    assert update == first_in(conn).payload


def test_an_error_is_described_by_kind_and_place_and_never_by_its_words() -> None:
    with pytest.raises(ValueError) as ours:
        unpack("a secret")
    with pytest.raises(ValueError) as theirs:
        int("a secret")

    assert describe(ours.value).startswith("JSONDecodeError at bot.store.letters:")
    assert describe(theirs.value).startswith("ValueError at ")
    assert "secret" not in describe(ours.value) + describe(theirs.value)
    assert describe(ValueError("never raised, a secret")) == "ValueError"


# ---- out ----


def test_messages_of_a_chat_go_one_by_one_in_the_order_they_were_put(conn: Connection) -> None:
    outgoing.put_out(conn, ANN, [Prompt(text="one"), Prompt(text="two")], "u1", NOW)
    put(conn, ANN, "three", "u2")

    assert words_of(claim(conn, "w", NOW, 8)) == ["one"]
    assert claim(conn, "w", NOW, 8) == [], "the chat is busy until its message is settled"


def test_chats_are_sent_to_side_by_side_up_to_the_limit(conn: Connection) -> None:
    for chat in (ANN, RAVI, MO):
        put(conn, chat, f"for {chat}", f"u{chat}")

    assert [f"for {ANN}", f"for {RAVI}"] == words_of(claim(conn, "w", NOW, 2))
    assert [f"for {MO}"] == words_of(claim(conn, "w", NOW, 2))


def test_what_is_put_twice_is_sent_once(conn: Connection) -> None:
    put(conn, ANN, "one", "u1")
    put(conn, ANN, "one", "u1")
    first = send_all(conn)
    put(conn, ANN, "one", "u1")

    assert (first, send_all(conn)) == (["one"], [])


def test_nothing_to_say_puts_nothing(conn: Connection) -> None:
    outgoing.put_out(conn, ANN, [], "u1", NOW)

    assert column(conn, "id") == []


def test_a_long_message_goes_as_several_with_the_buttons_on_the_last(conn: Connection) -> None:
    long = Prompt(text="word " * 2000, buttons=(Button("a", "A", "q"),))
    outgoing.put_out(conn, ANN, [long, Prompt(text="after")], "u1", NOW)
    prompts = [unpack(payload) for _, _, payload in outgoing.waiting_of(conn, ANN)]

    assert len(prompts) == 4
    assert [(), (), long.buttons, ()] == [prompt.buttons for prompt in prompts]
    assert column(conn, "dedup") == ["u1.0", "u1.1", "u1.2", "u1.3"]


def test_a_prompt_that_edits_names_its_message_and_others_do_not(conn: Connection) -> None:
    outgoing.put_out(
        conn, ANN, [Prompt(text="ticks", edits=True), Prompt(text="next")], "u1", NOW, edits_message=55
    )
    outgoing.put_out(conn, RAVI, [Prompt(text="ticks", edits=True)], "u2", NOW)

    assert column(conn, "edits") == [55, 0, 0]


@pytest.mark.parametrize(
    "prompt",
    [
        Prompt(text="plain"),
        Prompt(
            title="T",
            text="t",
            rows=(("When", "Friday"), ("Who", "Mo & Jo")),
            after="a",
            keys=(("A", "B"), ("C",)),
        ),
        Prompt(text="t", keys=()),
        Prompt(text="t", buttons=(Button("a", "A", "q", ticked=True), Button("b", "B")), edits=True),
        Prompt(text='🙂 <b> " \n مرحبا'),
        Prompt(text="t", buttons=(Button("a", "A", "q"), Button("b", "B", "q")), columns=3),
        Prompt(text="t", thing=Thing("photo", "easy_read.png"), keys=(("A",),), wants=(("A", "location"),)),
        Prompt(thing=Thing("voice", "AwADBAAD")),
    ],
)
def test_a_prompt_is_unpacked_as_it_was_packed(prompt: Prompt) -> None:
    assert prompt == unpack(pack(prompt))


def test_a_message_packed_before_there_were_pictures_is_still_sent() -> None:
    old = '{"text": "When?", "rows": [["When", "Friday"]], "buttons": [["a", "A", "q", true]], "edits": true}'

    assert unpack(old) == Prompt(
        "When?", rows=(("When", "Friday"),), buttons=(Button("a", "A", "q", ticked=True),), edits=True
    )


def test_words_alone_are_packed_as_ever_so_that_a_worker_not_yet_updated_can_send_them() -> None:
    assert set(json.loads(pack(Prompt("t", keys=(("A",),))))) <= {"text", "rows", "buttons", "keys"}


def test_a_message_packed_by_another_version_does_not_stop_the_others(conn: Connection) -> None:
    put(conn, ANN, "one", "u1")
    other = safe.seal(conn, ANN, '{"sound": "loud"}', "outbox", "u1.0")
    conn.execute(outbox.update().values(payload=other))
    put(conn, RAVI, "two", "u2")
    broken, good = claim(conn, "w", NOW, 8)

    with pytest.raises(TypeError):
        _ = broken.prompt
    assert good.prompt.text == "two"


def test_replies_go_before_reminders_and_then_the_longest_due(conn: Connection) -> None:
    put(conn, ANN, "reminder", "r1", NOW - 50, urgency=REMINDER, reminder=1)
    put(conn, RAVI, "later", "u1", NOW - 10)
    put(conn, MO, "sooner", "u2", NOW - 20)

    assert words_of(claim(conn, "w", NOW, 8)) == ["sooner", "later", "reminder"]


def test_a_reply_overtakes_a_reminder_in_its_own_chat(conn: Connection) -> None:
    put(conn, ANN, "reminder", "r1", urgency=REMINDER, reminder=1)
    put(conn, ANN, "reply", "u1")

    assert send_all(conn) == ["reply", "reminder"]


def test_what_is_due_later_waits_and_so_does_what_follows_in_its_chat(conn: Connection) -> None:
    put(conn, ANN, "one", "u1", NOW + 1000)
    put(conn, ANN, "two", "u2")
    put(conn, RAVI, "three", "u3")

    assert send_all(conn, NOW) == ["three"]
    assert send_all(conn, NOW + 1000) == ["one", "two"]


SETTLED = [
    (Delivered(77, 1_741_000_000), Posted.SENT, 0, 77, False),
    (NotSent(500, "RetryAfter"), Posted.READY, 0, None, True),
    (InDoubt(500, "TimedOut"), Posted.READY, 1, None, True),
    (Dead("Forbidden", blocked=True), Posted.DEAD, 0, None, True),
]


@pytest.mark.parametrize(("outcome", "state", "doubts", "message", "kept"), SETTLED)
def test_each_outcome_is_written_down(
    conn: Connection, outcome: Outcome, state: Posted, doubts: int, message: int | None, kept: bool
) -> None:
    put(conn, ANN, "one", "u1")
    [sending] = claim(conn, "w", NOW, 8)

    assert outgoing.settle(conn, sending, outcome, NOW)
    [row] = conn.execute(select(outbox)).all()
    assert (state, doubts, message) == (row.state, row.doubts, row.message_id)
    assert kept == (row.payload is not None), "words are kept only as long as they are needed"
    assert (row.owner, row.lease_until) == (None, None)
    assert (NOW + 500 if row.state == Posted.READY else NOW) == row.due_at


def test_a_message_that_was_taken_over_is_not_settled_by_its_old_owner(conn: Connection) -> None:
    put(conn, ANN, "one", "u1")
    [old] = claim(conn, "frozen", NOW, 8)
    outgoing.reclaim(conn, NOW + LEASE + 1)
    [new] = claim(conn, "other", NOW + LEASE + 1, 8)

    assert not outgoing.settle(conn, old, Delivered(1, 1), NOW)
    assert outgoing.settle(conn, new, Delivered(2, 2), NOW)
    assert not outgoing.settle(conn, new, Delivered(3, 3), NOW), "nothing is settled twice"
    assert column(conn, "message_id") == [2]


def test_after_a_crash_what_was_on_its_way_is_marked_and_the_rest_is_not(conn: Connection) -> None:
    put(conn, ANN, "on its way", "u1")
    put(conn, RAVI, "waiting", "u2", NOW + 1)
    claim(conn, "crashed", NOW, 8)

    assert outgoing.reclaim(conn, NOW + LEASE) == 0, "its lease is not over yet"
    assert outgoing.reclaim(conn, NOW, everything=True) == 1
    assert [(each.prompt.text, each.doubts, each.attempts) for each in claim(conn, "new", NOW + 1, 8)] == [
        ("on its way", 1, 2),
        ("waiting", 0, 1),
    ]


def test_a_dead_message_lets_the_next_of_its_chat_go(conn: Connection) -> None:
    put(conn, ANN, "one", "u1")
    put(conn, ANN, "two", "u2")
    [sending] = claim(conn, "w", NOW, 8)
    outgoing.settle(conn, sending, Dead("BadRequest", blocked=False), NOW)

    assert send_all(conn) == ["two"]
    assert [(d.box, d.chat_id, d.error) for d in dead.letters(conn, NOW)] == [(Box.OUT, ANN, "BadRequest")]


def test_cancelled_reminders_are_taken_back_unless_they_are_on_their_way(conn: Connection) -> None:
    for number, chat in ((1, ANN), (2, RAVI), (3, MO)):
        put(conn, chat, f"reminder {number}", f"r{number}", urgency=REMINDER, reminder=number)
    put(conn, MO, "reply", "u1")
    put(conn, RAVI, "reply", "u2")
    outgoing.settle(conn, claim(conn, "w", NOW, 1)[0], Delivered(1, 1), NOW)
    outgoing.settle(conn, claim(conn, "w", NOW, 1)[0], Delivered(2, 1), NOW)
    claim(conn, "w", NOW, 1)
    outgoing.cancel_reminder(conn, [1, 2])

    assert column(conn, "state")[:3] == [Posted.SENDING, Posted.CANCELLED, Posted.READY]
    assert column(conn, "payload")[1] is None
    assert send_all(conn) == ["reminder 3"]


def test_cancelling_no_reminders_takes_nothing_back(conn: Connection) -> None:
    put(conn, ANN, "reply", "u1")
    outgoing.cancel_reminder(conn, [])

    assert send_all(conn) == ["reply"]


def test_messages_called_alike_are_taken_back_unless_they_are_on_their_way(conn: Connection) -> None:
    put(conn, ANN, "on its way", "share.1.a")
    claim(conn, "w", NOW, 1)
    put(conn, RAVI, "one", "share.1.b")
    put(conn, RAVI, "two", "share.10.a")
    put(conn, RAVI, "three", "share_1_c")
    outgoing.take_back(conn, "share.1.")

    assert send_all(conn) == ["two", "three"]
    assert column(conn, "state")[0] == Posted.SENDING


# ---- was it on their screen? ----


def test_a_question_that_waits_has_certainly_not_been_seen(conn: Connection) -> None:
    put(conn, ANN, "question", "u1")

    assert screen.unseen(conn, ANN, at=10)
    assert not screen.unseen(conn, ANN, at=0), "when nobody knows the moment, nothing is certain"
    assert not screen.unseen(conn, RAVI, at=10), "there was nothing to see"


@pytest.mark.parametrize(("at", "expected"), [(9, True), (10, False), (11, False)])
def test_a_question_was_not_seen_before_the_second_it_was_delivered_in(
    conn: Connection, at: int, expected: bool
) -> None:
    put(conn, ANN, "question", "u1")
    [sending] = claim(conn, "w", NOW, 8)
    outgoing.settle(conn, sending, Delivered(1, on=10), NOW)

    assert expected == screen.unseen(conn, ANN, at)


@pytest.mark.parametrize("outcome", [None, InDoubt(0, "TimedOut"), Dead("TimedOut", blocked=False)])
def test_a_question_that_may_have_arrived_may_have_been_seen(
    conn: Connection, outcome: Outcome | None
) -> None:
    put(conn, ANN, "question", "u1")
    [sending] = claim(conn, "w", NOW, 8)
    if outcome:
        outgoing.settle(conn, sending, outcome, NOW)

    assert not screen.unseen(conn, ANN, at=1)


def test_redrawn_ticks_and_reminders_are_no_new_question(conn: Connection) -> None:
    put(conn, ANN, "question", "u1")
    [sending] = claim(conn, "w", NOW, 8)
    outgoing.settle(conn, sending, Delivered(1, on=10), NOW)
    outgoing.put_out(conn, ANN, [Prompt(text="ticks", edits=True)], "u2", NOW, edits_message=1)
    put(conn, ANN, "reminder", "r1", urgency=REMINDER, reminder=1)

    assert not screen.unseen(conn, ANN, at=11)


def test_only_the_newest_question_counts(conn: Connection) -> None:
    put(conn, ANN, "seen", "u1")
    [sending] = claim(conn, "w", NOW, 8)
    outgoing.settle(conn, sending, Delivered(1, on=10), NOW)
    put(conn, ANN, "new", "u2")

    assert screen.unseen(conn, ANN, at=11)


# ---- what is old, what is left to do ----


def test_old_rows_go_and_dead_ones_stay_longer(conn: Connection) -> None:
    incoming.put_in(conn, [said(1), said(2, RAVI), said(3, MO)], NOW)
    incoming.done_in(conn, [first_in(conn)], NOW)
    for attempts in range(5):
        incoming.failed_in(conn, Waiting(2, RAVI, None, attempts), ValueError(), NOW)
    put(conn, ANN, "sent", "u1")
    send_all(conn)
    put(conn, ANN, "waiting for ever", "u2")

    assert boxes.purge(conn, NOW + 8 * DAY) == 0
    assert boxes.purge(conn, NOW + 8 * DAY + 1) == 2
    assert list(conn.scalars(select(inbox.c.update_id).order_by(inbox.c.update_id))) == [2, 3]
    assert column(conn, "dedup") == ["u2.0"]
    assert boxes.purge(conn, NOW + 30 * DAY + 1) == 1


def test_the_newest_number_is_of_those_that_came_lately(conn: Connection) -> None:
    incoming.put_in(conn, [said(900)], NOW - 7 * DAY)
    incoming.put_in(conn, [said(30)], NOW)

    assert incoming.newest_in(conn, since=NOW - 6 * DAY) == 30
    assert incoming.newest_in(conn, since=NOW) == 0


def test_there_is_work_while_anything_can_be_done_now(conn: Connection) -> None:
    assert not boxes.has_work(conn, NOW)
    incoming.put_in(conn, [said(1)], NOW)
    assert boxes.has_work(conn, NOW)
    incoming.failed_in(conn, first_in(conn), ValueError(), NOW)
    assert not boxes.has_work(conn, NOW), "it backs off"
    put(conn, ANN, "one", "u1", NOW + 10)
    assert not boxes.has_work(conn, NOW), "it is due later"
    [sending] = claim(conn, "w", NOW + 10, 8)
    assert boxes.has_work(conn, NOW), "it is being sent"
    outgoing.settle(conn, sending, NotSent(10_000, ""), NOW)
    assert not boxes.has_work(conn, NOW)


def test_a_full_disk_is_told_from_a_locked_file_by_the_name_the_database_has_for_it() -> None:
    full = sqlite3.OperationalError("a secret")
    full.sqlite_errorname = "SQLITE_FULL"

    assert describe(OperationalError("a secret", {}, full)) == "OperationalError (SQLITE_FULL)"
    assert describe(full) == "OperationalError (SQLITE_FULL)"
