"""What lies sealed in the database, opened: to see whether some words are still in it."""

from sqlalchemy import Connection

from bot.store import safe

_OF_TALK = (
    "JOIN talks ON talks.id = {0}.talk JOIN people ON people.id = talks.person WHERE chat_id IS NOT NULL"
)
SEALED = {  # the chat whose key it is, the sealed words, and what they are bound to
    "people": "SELECT chat_id, name, 'people.name' FROM people WHERE chat_id IS NOT NULL",
    "answers": "SELECT chat_id, value, 'answers', talk, place, state, answers.said_at FROM answers "
    + _OF_TALK.format("answers"),
    "shares": "SELECT chat_id, summary, 'shares', talk, to_person, shared_at FROM shares "
    + _OF_TALK.format("shares"),
    "inbox": "SELECT chat_id, payload, 'inbox', update_id FROM inbox WHERE payload IS NOT NULL",
    "outbox": "SELECT chat_id, payload, 'outbox', dedup FROM outbox WHERE payload IS NOT NULL",
}


def tables_saying(conn: Connection, words: str) -> list[str]:
    """The tables in which somebody with the keys can read these words."""
    return [
        table
        for table, query in SEALED.items()
        if any(
            words in safe.unseal(conn, chat, sealed, *bound)
            for chat, sealed, *bound in conn.exec_driver_sql(query)
        )
    ]
