"""What somebody said, as it is read back: once opened it is held, and still only what is kept counts."""

from contextlib import suppress

import pytest
from sqlalchemy import Connection, select

from bot.clock import Clock
from bot.dialog.answers import Answer
from bot.dialog.talk import Fact, Prompt, State
from bot.loops import attempt
from bot.pace import UNHURRIED
from bot.people import Person
from bot.store import outgoing, people, talks
from bot.store.database import Store
from bot.store.inside import inside, now
from bot.store.tables import answers
from bot.store.talks import Talk
from tests.ring import ring

ANN = 101


def begun(conn: Connection) -> Talk:
    people.add(conn, ANN, "Ann", "en", "UTC", now(conn))
    ann = people.by_chat(conn, ANN)
    assert ann is not None
    return talks.begin(conn, ann, "first_talk", now(conn))


def say(conn: Connection, talk: Talk, words: str, place: str = "worries") -> str:
    """Keep an answer, and give what is read back of it at once."""
    talks.keep(conn, talk, [Fact(place, State.GIVEN, words)], 1000, 1, 1)
    return said(conn, talk, place)


def said(conn: Connection, talk: Talk, place: str = "worries") -> str:
    return str(talks.latest(conn, talk)[place].value)


async def test_words_that_were_undone_are_never_read_back_for_others(store: Store) -> None:
    talk = await store.tx(begun)

    def fail(conn: Connection) -> None:
        say(conn, talk, "words of a turn that failed")
        raise ValueError("the turn failed")

    with pytest.raises(ValueError, match="the turn failed"):
        await store.tx(fail)

    assert await store.tx(say, talk, "the bus") == "the bus"
    assert await store.tx(said, talk) == "the bus"


async def test_the_newest_answer_counts_however_often_it_was_read(store: Store) -> None:
    talk = await store.tx(begun)
    for words in ("the bus", "the stairs", "the bus"):
        await store.tx(say, talk, words)
        await store.tx(say, talk, f"{words}, and how to get home", "travel")
        assert [await store.tx(said, talk) for _ in range(2)] == [words, words]


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)  # a SQLite file has one worker
async def test_what_another_worker_kept_is_read_as_soon_as_it_is_there(store: Store, url: str) -> None:
    talk = await store.tx(begun)
    await store.tx(say, talk, "the bus")
    assert await store.tx(said, talk) == "the bus"

    other = Store(url, Clock(), ring())
    await other.open()
    await other.tx(say, talk, "the stairs")
    await other.close()
    assert await store.tx(said, talk) == "the stairs"


async def test_a_new_name_is_read_as_soon_as_it_is_there(store: Store) -> None:
    def called(conn: Connection) -> Person:
        ann = people.by_chat(conn, ANN)
        assert ann is not None
        return ann

    await store.tx(begun)
    for name in ("Annie", "Ann", "Annie"):
        ann = await store.tx(called)
        await store.tx(people.call, ann, name)
        assert (await store.tx(called)).name == name


async def test_numbers_an_older_database_gives_again_are_somebody_elses(store: Store) -> None:
    """A PostgreSQL server whose stand-in had not heard of the last answers, for example."""

    def from_another(conn: Connection) -> str:
        talk = begun(conn)
        talks.keep(conn, talk, [Fact("worries", State.GIVEN, "the bus")], 1000, 1, 1)
        [row] = conn.execute(select(answers.c.id)).all()
        opened = Answer(State.GIVEN, "words of somebody else")
        inside(conn).remember({(555, talk.id, "worries", row.id): opened, row.id: opened})
        return said(conn, talk)

    assert await store.tx(from_another) == "the bus"


async def test_after_a_part_of_a_turn_failed_the_rest_can_still_tell_somebody(store: Store) -> None:
    """Her key contact hears that something went wrong, though his name was known before."""
    await store.tx(begun)
    await store.tx(lambda conn: people.by_chat(conn, ANN))

    def turn(conn: Connection) -> None:
        with suppress(ValueError), attempt(conn):
            people.by_chat(conn, ANN)
            outgoing.put_out(conn, ANN, [Prompt("undone")], "one", now(conn))
            raise ValueError("a part of it failed")
        outgoing.put_out(conn, ANN, [Prompt("told")], "two", now(conn))

    await store.tx(turn)
    sent = await store.tx(lambda conn: outgoing.claim(conn, "w", now(conn), 9, UNHURRIED))
    assert [each.prompt.text for each in sent] == ["told"]
