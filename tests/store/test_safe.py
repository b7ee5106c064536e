"""Nobody reads what people said without the key: not in the tables, and not after they are erased."""

import base64
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from bot.clock import Clock
from bot.dialog.talk import Fact, Prompt, State
from bot.errors import KeyMissing, MasterKeyMissing
from bot.keys import SIZE, KeyRing, name_of
from bot.pace import UNHURRIED
from bot.people import Person
from bot.store import dates, incoming, outgoing, people, safe, shares, talks
from bot.store.database import Store
from bot.store.tables import answers, chats, inbox, masters, metadata, outbox
from bot.store.tables import people as people_table
from bot.store.talks import Talk
from tests.ring import LINE, ring
from tests.store.conftest import NOW, at_hand

ANN, RAVI = 101, 102
SECRETS = ("Ann Person", "my brother shouts", "gather all I said", "hello bot", "what matters to you")
FIRST, NEW = base64.b64decode(LINE), b"n" * SIZE
NAME = bytes.fromhex(ring().newest)


def person_of(conn: Connection, chat: int, name: str) -> Person:
    people.add(conn, chat, name, "en", "Europe/London", NOW)
    found = people.by_chat(conn, chat)
    assert found is not None
    return found


def everything_said(conn: Connection) -> Talk:
    """Ann is here, has said something, shared it, and has something in both boxes."""
    ann = person_of(conn, ANN, SECRETS[0])
    talk = talks.begin(conn, ann, "meeting", NOW)
    talks.keep(conn, talk, [Fact("worries", State.GIVEN, SECRETS[1])], NOW, 1, 1)
    shares.give(conn, talk, 2, {"title": SECRETS[2]}, NOW)
    dates.remind(conn, ann, talk.id, "before", NOW, NOW)
    incoming.put_in(conn, [{"update_id": 1, "message": {"chat": {"id": ANN}, "text": SECRETS[3]}}], NOW)
    outgoing.put_out(conn, ANN, [Prompt(text=SECRETS[4])], "u1", NOW)
    return talk


def in_clear(value: Any) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)


def test_nothing_people_said_can_be_read_in_any_column(conn: Connection) -> None:
    talk = everything_said(conn)
    rows = [row for table in metadata.sorted_tables for row in conn.execute(select(table))]
    kept = "\n".join(in_clear(value) for row in rows for value in row)

    assert len(rows) >= 7
    assert [words for words in SECRETS if words in kept] == []
    assert people.by_chat(conn, ANN).name == SECRETS[0]  # type: ignore[union-attr]
    assert talks.latest(conn, talk)["worries"].value == SECRETS[1]
    assert shares.last(conn, talk.id).summary == {"title": SECRETS[2]}  # type: ignore[union-attr]
    assert incoming.take(conn, NOW, 1)[0].payload["message"]["text"] == SECRETS[3]
    assert outgoing.claim(conn, "w", NOW, 1, UNHURRIED)[0].prompt.text == SECRETS[4]


@pytest.mark.parametrize(
    "moved",
    [
        {"place": "hopes"},
        {"state": State.SKIPPED},
        {"said_at": NOW + 1},
        {"talk": 2**40},
    ],
)
def test_an_answer_opens_only_where_it_was_given(conn: Connection, moved: dict[str, Any]) -> None:
    talk = everything_said(conn)
    conn.execute(update(answers).values(moved))
    there = talk if "talk" not in moved else Talk(2**40, talk.person, ANN, "meeting", None, talk.status)

    with pytest.raises(KeyMissing, match=f"answers of chat {ANN} cannot be opened"):
        talks.latest(conn, there)


def test_words_given_to_another_person_do_not_open_for_them(conn: Connection) -> None:
    everything_said(conn)
    person_of(conn, RAVI, "Ravi")
    name = conn.scalar(select(people_table.c.name).where(people_table.c.chat_id == ANN))
    conn.execute(update(people_table).where(people_table.c.chat_id == RAVI).values(name=name))
    conn.execute(update(inbox).values(chat_id=RAVI))
    conn.execute(update(outbox).values(chat_id=RAVI))

    with pytest.raises(KeyMissing):
        people.by_chat(conn, RAVI)
    assert incoming.take(conn, NOW, 1)[0].payload is None
    assert outgoing.claim(conn, "w", NOW, 1, UNHURRIED)[0].payload == ""


def test_the_key_of_one_person_does_not_serve_for_another(conn: Connection) -> None:
    everything_said(conn)
    key = conn.scalar(select(chats.c.key).where(chats.c.chat_id == ANN))
    person_of(conn, RAVI, "Ravi")
    conn.execute(update(chats).where(chats.c.chat_id == RAVI).values(key=key))
    at_hand(conn)

    with pytest.raises(KeyMissing, match="has been changed"):
        people.by_chat(conn, RAVI)


@pytest.mark.parametrize("damage", [b"", b"\x01", b"\x01" * 28, b"\x01" * 40], ids=len)
def test_damaged_words_are_said_to_be_so(conn: Connection, damage: bytes) -> None:
    talk = everything_said(conn)
    conn.execute(update(answers).values(value=damage))

    with pytest.raises(KeyMissing):
        talks.latest(conn, talk)


@pytest.mark.parametrize("damage", [b"", b"short", b"\x01" * 60], ids=len)
def test_a_chat_whose_key_is_damaged_does_not_stop_the_others(conn: Connection, damage: bytes) -> None:
    everything_said(conn)
    incoming.put_in(conn, [{"update_id": 2, "message": {"chat": {"id": RAVI}, "text": "hello"}}], NOW)
    outgoing.put_out(conn, RAVI, [Prompt(text="hello")], "u2", NOW)
    conn.execute(update(chats).where(chats.c.chat_id == ANN).values(key=NAME + damage))
    at_hand(conn)
    came, went = incoming.take(conn, NOW, 8), outgoing.claim(conn, "w", NOW, 8, UNHURRIED)

    assert [bool(each.payload) for each in came] == [False, True]
    assert [bool(each.payload) for each in went] == [False, True]


def test_what_needs_a_master_key_that_is_not_here_yet_is_not_given_up(conn: Connection) -> None:
    everything_said(conn)
    at_hand(conn).ring = KeyRing([NEW])

    with pytest.raises(MasterKeyMissing, match=ring().newest):
        incoming.take(conn, NOW, 8)
    with pytest.raises(MasterKeyMissing, match=ring().newest):
        outgoing.claim(conn, "w", NOW, 8, UNHURRIED)


# ---- erased ----


def test_with_a_new_key_nothing_said_before_opens_but_what_is_on_its_way_does(conn: Connection) -> None:
    talk = everything_said(conn)
    coming, going = incoming.waiting_of(conn, ANN), outgoing.waiting_of(conn, ANN)
    backup = {table: conn.execute(select(table)).all() for table in (answers, people_table)}
    safe.renew(conn, ANN)
    for waiting in coming:
        incoming.seal_again(conn, waiting)
    outgoing.seal_again(conn, ANN, going)
    at_hand(conn)

    assert all(backup.values())
    with pytest.raises(KeyMissing):
        talks.latest(conn, talk)
    with pytest.raises(KeyMissing):
        people.by_chat(conn, ANN)
    assert incoming.take(conn, NOW, 1)[0].payload["message"]["text"] == SECRETS[3]
    assert outgoing.claim(conn, "w", NOW, 1, UNHURRIED)[0].prompt.text == SECRETS[4]


def test_a_message_nobody_can_open_does_not_keep_a_person_from_being_erased(conn: Connection) -> None:
    everything_said(conn)
    outgoing.put_out(conn, ANN, [Prompt(text="readable")], "u2", NOW)
    conn.execute(update(outbox).where(outbox.c.dedup == "u1.0").values(payload=b"damaged"))

    assert [name for _, name, _ in outgoing.waiting_of(conn, ANN)] == ["u2.0"]


# ---- master keys ----


async def opened(url: str, *keys: bytes) -> Store:
    store = Store(url, Clock(), KeyRing(keys) if keys else ring())
    await store.open()
    return store


async def lock_all_again(store: Store, most: int) -> list[int]:
    counts = [await store.tx(safe.lock_again, most)]
    while counts[-1]:
        counts.append(await store.tx(safe.lock_again, most))
    return counts


async def names_of_masters(store: Store) -> set[str]:
    return set(await store.tx(lambda conn: list(conn.scalars(select(masters.c.name)))))


def start_with(conn: Connection) -> None:
    for chat in range(10):
        person_of(conn, chat, f"Person {chat}")


def all_names(conn: Connection) -> list[str]:
    found = [people.by_chat(conn, chat) for chat in range(10)]
    return [person.name for person in found if person]


async def test_a_program_with_another_key_is_refused_and_told_which_is_missing(url: str) -> None:
    await (await opened(url)).close()

    with pytest.raises(KeyMissing, match=f"locked with key {ring().newest}, which is not in the key file"):
        await opened(url, NEW)
    again = await opened(url)
    assert await names_of_masters(again) == {ring().newest}, "the wrong key was not taken note of"
    await again.close()


async def test_a_key_that_only_bears_the_right_name_is_refused(url: str) -> None:
    store = await opened(url)
    await store.tx(lambda conn: conn.execute(update(masters).values(proof=b"\x00" * 40)))
    await store.close()

    with pytest.raises(KeyMissing):
        await opened(url)


async def test_after_a_rotation_the_old_key_can_be_thrown_away(url: str) -> None:
    store = await opened(url)
    await store.tx(start_with)
    await store.close()
    both = await opened(url, NEW, FIRST)
    assert await names_of_masters(both) == {name_of(NEW), ring().newest}
    counts = await lock_all_again(both, 4)
    assert await names_of_masters(both) == {name_of(NEW)}
    await both.close()
    alone = await opened(url, NEW)
    names = await alone.tx(all_names)
    await alone.close()

    assert counts == [4, 4, 2, 0]
    assert names == [f"Person {chat}" for chat in range(10)]


async def test_a_rotation_that_was_cut_short_needs_both_keys_and_goes_on(url: str) -> None:
    store = await opened(url)
    await store.tx(start_with)
    await store.close()
    both = await opened(url, NEW, FIRST)
    await both.tx(safe.lock_again, 4)
    assert await both.tx(all_names) == [f"Person {chat}" for chat in range(10)]
    await both.close()
    for keys, missing in (((NEW,), ring().newest), ((FIRST,), name_of(NEW))):
        with pytest.raises(KeyMissing, match=missing):
            await opened(url, *keys)
    both = await opened(url, NEW, FIRST)

    assert await lock_all_again(both, 4) == [4, 2, 0]
    await both.close()
    await (await opened(url, NEW)).close()
