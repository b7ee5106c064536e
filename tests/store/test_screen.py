"""A question that may have come is not asked again once it has been answered."""

from sqlalchemy import Connection

from bot.dialog.talk import THE_END, Fact, Prompt, State
from bot.pace import UNHURRIED
from bot.store import outgoing, people, screen, talks
from bot.store.letters import REMINDER, Delivered, InDoubt
from tests.store.conftest import NOW

ANN = 101


def asks(conn: Connection, place: str, turn: str, *more: Prompt) -> None:
    outgoing.put_out(conn, ANN, [Prompt(f"{place}?", asks=place), *more], turn, NOW)


def in_doubt(conn: Connection) -> str:
    """One message goes, and nobody knows whether it came."""
    [sending] = outgoing.claim(conn, "w", NOW, 8, UNHURRIED)
    assert outgoing.settle(conn, sending, InDoubt(0, "TimedOut"), NOW)
    return sending.prompt.text


def goes(conn: Connection, looks: int = 6) -> list[str]:
    sent = []
    for seconds in range(looks):
        for each in outgoing.claim(conn, "w", NOW + seconds * 1000, 8, UNHURRIED):
            outgoing.settle(conn, each, Delivered(1, 1), NOW)
            sent.append(each.prompt.text)
    return sent


def test_a_question_that_may_have_come_comes_again_when_nothing_was_said(conn: Connection) -> None:
    asks(conn, "where", "u1")
    assert in_doubt(conn) == "where?"

    assert goes(conn) == ["where?"]


def test_a_question_that_was_answered_does_not_come_again(conn: Connection) -> None:
    asks(conn, "where", "u1")
    in_doubt(conn)
    asks(conn, "who", "u2")

    assert goes(conn) == ["who?"], "she would answer it once more, and those words would be for the next"


def test_what_follows_it_waits_a_moment_for_it_may_still_be_on_its_way(conn: Connection) -> None:
    asks(conn, "where", "u1")
    in_doubt(conn)
    asks(conn, "who", "u2")
    outgoing.claim(conn, "w", NOW, 8, UNHURRIED)

    assert not outgoing.claim(conn, "w", NOW + 900, 8, UNHURRIED), "it would come before the one it follows"
    assert goes(conn) == ["who?"]


def test_the_last_question_does_not_come_again_after_the_end(conn: Connection) -> None:
    asks(conn, "share", "u1")
    in_doubt(conn)
    asks(conn, THE_END, "u2")

    assert goes(conn) == [f"{THE_END}?"]


def test_the_ticks_of_a_question_do_not_make_it_an_old_one(conn: Connection) -> None:
    asks(conn, "days", "u1", Prompt("Tap all that fit.", asks="days"))
    in_doubt(conn)

    assert goes(conn) == ["days?", "Tap all that fit."]


def test_what_is_no_question_comes_again_whatever_was_said_since(conn: Connection) -> None:
    outgoing.put_out(conn, ANN, [Prompt("What you told me")], "u1", NOW)
    in_doubt(conn)
    asks(conn, "who", "u2")

    assert goes(conn) == ["What you told me", "who?"]


def test_a_question_is_only_old_when_another_waits_behind_it(conn: Connection) -> None:
    asks(conn, "where", "u1")
    in_doubt(conn)
    outgoing.put_out(conn, ANN, [Prompt("A message from Ravi")], "u2", NOW)
    outgoing.put_out(conn, ANN, [Prompt("hello", asks="x")], "r1", NOW, urgency=REMINDER, reminder=1)

    assert goes(conn) == ["where?", "A message from Ravi", "hello"]


# ---- which reply they must have seen


def talk_with(conn: Connection, *facts: tuple[str, State, int]) -> int:
    number = people.add(conn, ANN, "Ann", "en", "UTC", NOW)
    person = people.by_id(conn, number)
    assert person is not None
    talk = talks.begin(conn, person, "first_talk", NOW)
    for place, state, update in facts:
        talks.keep(conn, talk, [Fact(place, state, "words")], NOW, 1, update)
    return talk.id


def test_more_words_for_an_answer_have_no_reply_to_wait_for(conn: Connection) -> None:
    talk = talk_with(
        conn,
        ("name", State.GIVEN, 3),
        ("matters", State.OPEN, 4),
        ("matters", State.GIVEN, 5),
        ("matters", State.GIVEN, 6),
        ("matters", State.GIVEN, 8),
    )

    assert talks.settled_by(conn, talk) == 5


def test_a_changed_answer_has_a_reply_of_its_own(conn: Connection) -> None:
    talk = talk_with(
        conn,
        ("matters", State.GIVEN, 5),
        ("matters", State.CHANGING, 6),
        ("matters", State.GIVEN, 7),
        ("where", State.OPEN, 8),
    )

    assert talks.settled_by(conn, talk) == 7


def test_before_anything_is_settled_no_reply_must_have_been_seen(conn: Connection) -> None:
    assert talks.settled_by(conn, talk_with(conn, ("where", State.OPEN, 8))) == 0


def test_what_a_worker_was_sending_when_it_died_may_be_on_the_screen(conn: Connection) -> None:
    """She answers that question; what waits behind it only asks it once more."""
    asks(conn, "matters", "u5")
    [sending] = outgoing.claim(conn, "died", NOW, 8, UNHURRIED)
    asks(conn, "matters", "u6")

    assert sending.prompt.text == "matters?"
    assert screen.unseen(conn, ANN, at=NOW)
    assert screen.has_seen_reply_to(conn, ANN, at=NOW, update_id=5)


def test_what_nobody_has_begun_to_send_is_not_on_the_screen(conn: Connection) -> None:
    asks(conn, "matters", "u5")
    asks(conn, "matters", "u6")

    assert not screen.has_seen_reply_to(conn, ANN, at=NOW, update_id=5)


def test_what_was_only_begun_to_be_sent_afterwards_was_not_on_the_screen(conn: Connection) -> None:
    said_on = NOW // 1000 - 10
    asks(conn, "matters", "u5")
    outgoing.claim(conn, "w", NOW, 8, UNHURRIED)

    assert not screen.has_seen_reply_to(conn, ANN, at=said_on, update_id=5)
    assert screen.has_seen_reply_to(conn, ANN, at=said_on + 10, update_id=5)
