"""Whose turn it is in the boxes, as parts of SQL."""

from functools import cache

from sqlalchemy import and_, exists, literal_column, or_, tuple_
from sqlalchemy.sql import ColumnElement, FromClause

from bot.store.letters import Posted
from bot.store.tables import inbox, outbox


@cache
def is_head() -> ColumnElement[bool]:
    """The first open update of its chat."""
    earlier = inbox.alias()
    return and_(
        inbox.c.done_at.is_(None),
        ~exists().where(
            earlier.c.chat_id == inbox.c.chat_id,
            earlier.c.done_at.is_(None),
            earlier.c.update_id < inbox.c.update_id,
        ),
    )


def is_posted(state: Posted, table: FromClause = outbox) -> ColumnElement[bool]:
    """Written into the SQL itself: a partial index serves no question with a parameter for its state."""
    return table.c.state == literal_column(f"'{state}'")


@cache
def has_earlier() -> ColumnElement[bool]:
    """Whether the chat has a message that must go first, or one that is on its way."""
    other = outbox.alias()
    goes_first = tuple_(other.c.urgency, other.c.id) < tuple_(outbox.c.urgency, outbox.c.id)
    return exists().where(
        other.c.chat_id == outbox.c.chat_id,
        other.c.state.in_([literal_column(f"'{state}'") for state in (Posted.READY, Posted.SENDING)]),
        or_(is_posted(Posted.SENDING, other), goes_first),
    )
