"""What is run past SQLAlchemy gives what SQLAlchemy gives."""

import pytest
from sqlalchemy import Connection, Table, bindparam, delete, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.store.statement import Statement
from bot.store.tables import inbox, outbox, talks

ROWS = [
    {
        "update_id": 2**62 + number,
        "chat_id": -(2**40) - number,
        "payload": None if number == 2 else bytes([number, 0, 255]),
        "attempts": number,
        "error": "it's 100% \N{SLIGHTLY SMILING FACE} :name %(name)s\n",
        "dead": number == 1,
        "not_before": 5,
        "came_at": 5,
        "done_at": None,
    }
    for number in range(3)
]
_ALL = select(inbox).order_by(inbox.c.update_id)
_PUT = Statement(
    lambda insert: (
        insert(inbox)
        .values({name: bindparam(name) for name in ROWS[0]})
        .on_conflict_do_nothing()
        .returning(inbox.c.update_id)
    )
)


@pytest.fixture
def filled(conn: Connection) -> Connection:
    conn.execute(inbox.insert(), ROWS)
    return conn


def test_rows_are_the_same_by_position_and_by_name(filled: Connection) -> None:
    wanted, found = filled.execute(_ALL).all(), Statement(_ALL).all(filled)

    assert [tuple(row) for row in wanted] == [tuple(row) for row in found]
    assert [row._asdict() for row in wanted] == [row._asdict() for row in found] == ROWS


def test_values_arrive_as_they_were_given_whatever_is_in_them(conn: Connection) -> None:
    for row in ROWS:
        assert _PUT.one(conn, **row) == (row["update_id"],)

    assert [row._asdict() for row in conn.execute(_ALL)] == ROWS


def test_the_same_row_twice_is_dropped_and_says_so(filled: Connection) -> None:
    assert _PUT.one(filled, **ROWS[0]) is None
    assert len(filled.execute(_ALL).all()) == 3


def test_a_percent_sign_in_the_sql_itself_is_only_a_percent_sign(filled: Connection) -> None:
    like = Statement(select(inbox.c.attempts).where(inbox.c.error.contains("100%", autoescape=True)))
    literal = Statement(select(inbox.c.attempts).where(inbox.c.attempts % 2 == 0).order_by(inbox.c.attempts))

    assert len(like.all(filled)) == 3
    assert [row.attempts for row in literal.all(filled)] == [0, 2]


def test_a_change_says_how_many_rows_it_touched(filled: Connection) -> None:
    some = Statement(update(inbox).where(inbox.c.attempts < bindparam("most")).values(error=bindparam("now")))
    none = Statement(delete(inbox).where(inbox.c.attempts == bindparam("number")))

    assert some.run(filled, most=2, now="") == 2
    assert none.run(filled, number=99) == 0
    assert [row.error == "" for row in filled.execute(_ALL)] == [True, True, False]


def test_many_changes_at_once_are_each_made_and_none_is_no_trouble(filled: Connection) -> None:
    change = Statement(
        update(inbox)
        .where(inbox.c.update_id == bindparam("number"))
        .values(attempts=bindparam("tries"), dead=True)
    )
    change.each(filled, [])
    change.each(filled, ({"number": row["update_id"], "tries": 7} for row in ROWS[:2]))

    assert [(row.attempts, bool(row.dead)) for row in filled.execute(_ALL)] == [
        (7, True),
        (7, True),
        (2, False),
    ]


def test_the_first_of_no_rows_is_none(conn: Connection) -> None:
    assert Statement(_ALL).one(conn) is None
    assert Statement(_ALL).all(conn) == []


def test_one_statement_can_be_asked_again_with_other_values(filled: Connection) -> None:
    by_tries = Statement(select(inbox.c.update_id).where(inbox.c.attempts == bindparam("tries")))

    assert [by_tries.one(filled, tries=n).update_id - 2**62 for n in (2, 0, 1)] == [2, 0, 1]


def test_what_it_wrote_goes_with_the_savepoint_it_was_written_in(filled: Connection) -> None:
    gone = Statement(delete(inbox))
    with pytest.raises(ValueError, match="enough"), filled.begin_nested():
        gone.run(filled)
        raise ValueError("enough")

    assert len(filled.execute(_ALL).all()) == 3


def test_a_row_that_may_not_be_is_refused_and_the_savepoint_saves_the_rest(filled: Connection) -> None:
    twice = Statement(lambda insert: insert(inbox).values({name: bindparam(name) for name in ROWS[0]}))
    with pytest.raises(Exception, match=r"(?i)unique") as refused, filled.begin_nested():
        twice.run(filled, **ROWS[0])

    assert not isinstance(refused.value, DBAPIError | IntegrityError), "it is the driver's own error"
    assert len(filled.execute(_ALL).all()) == 3


@pytest.mark.parametrize("table", [inbox, outbox, talks], ids=lambda table: str(table.name))
def test_the_words_for_each_database_are_made_once_and_are_its_own(table: Table) -> None:
    statement = Statement(
        select(table).where(table.c[table.primary_key.columns.keys()[0]] == bindparam("number"))
    )

    assert ":number" in statement.sql("sqlite")
    assert "%(number)s" in statement.sql("postgresql")
    assert statement.sql("sqlite") is statement.sql("sqlite")
