"""People, their parts in teams, invitations, and the record of who did what."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from bot.errors import ChatBusy
from bot.people import Person, Role
from bot.store import safe
from bot.store.inside import inside
from bot.store.statement import Statement
from bot.store.tables import audit, chats, invitations, people, roles, teams


def by_chat(conn: Connection, chat: int) -> Person | None:
    """Who writes from this chat; None for a stranger."""
    return _person(conn, _BY_CHAT.all(conn, number=chat))


def by_id(conn: Connection, person: int) -> Person | None:
    """The person with this number."""
    return _person(conn, _BY_ID.all(conn, number=person))


def _person(conn: Connection, rows: list[Any]) -> Person | None:
    """One person, from a row for each of their parts."""
    if not rows:
        return None
    row = rows[0]
    held = frozenset(Role(each.role) for each in rows if each.role)
    name = ""
    if row.chat_id is not None:
        name = _name(conn, row)
    return Person(row.id, row.chat_id, name, row.language, row.zone, row.key_contact, row.expecting, held)


def _name(conn: Connection, row: Any) -> str:
    """What somebody is called; opened once for many turns, for the same seal always holds the same name."""
    here, seal = inside(conn), (row.chat_id, bytes(row.name))
    name: str | None = here.opened.get(seal)
    if name is None:
        if row.key is not None:
            safe.know(conn, row.chat_id, row.key)
        name = safe.unseal(conn, row.chat_id, row.name, "people.name")
        here.remember({seal: name})
    return name


def key_contact_of(conn: Connection, person: Person) -> Person | None:
    """Who is behind this person's chat; None when there is nobody, or nobody any more."""
    contact = by_id(conn, person.key_contact) if person.key_contact else None
    return contact if contact and contact.chat is not None else None


def having(conn: Connection, role: Role) -> list[Person]:
    """Everyone with this part, longest here first."""
    found = conn.scalars(
        select(roles.c.person).where(roles.c.role == role).order_by(roles.c.person).distinct()
    )
    return [person for each in found if (person := by_id(conn, each)) and person.chat is not None]


def of_key_contact(conn: Connection, key_contact: int) -> list[Person]:
    """The people a key contact gets ready with, longest here first."""
    found = conn.scalars(select(people.c.id).where(people.c.key_contact == key_contact).order_by(people.c.id))
    return [person for each in found if (person := by_id(conn, each)) and person.chat is not None]


def joined_at(conn: Connection, person: int) -> int:
    """When somebody came. Units: milliseconds since 1970, UTC."""
    return int(conn.execute(select(people.c.joined_at).where(people.c.id == person)).scalar_one())


def add(conn: Connection, chat: int, name: str, language: str, zone: str, now: int) -> int:
    """Keep a new person and give their number."""
    sealed = safe.seal(conn, chat, name, "people.name")
    return int(_ADD.one(conn, chat=chat, sealed=sealed, tongue=language, zoned=zone, now=now).id)


def give_role(conn: Connection, person: int, team: int, role: Role) -> None:
    """Give someone a part in a team; having it already changes nothing."""
    if _HELD.one(conn, who=person, where=team, what=role) is None:
        _GIVE.run(conn, who=person, where=team, what=role)


def set_key_contact(conn: Connection, person: int, key_contact: int | None) -> None:
    """Say who is behind this person's chat."""
    _SET_KEY_CONTACT.run(conn, who=person, contact=key_contact)


def expect(conn: Connection, person: int, what: str) -> None:
    """Remember what their next words are for; "" for nothing."""
    _EXPECT.run(conn, person=person, what=what)


def expect_instead(conn: Connection, person: Person, what: str) -> None:
    """The same for somebody else, unless it is for another thing by now.

    Shape: nor when they say something just now: two that wait for each other would wait for ever.
    """
    if _EXPECTS.one(conn, person=person.id, what=person.expecting) is not None:
        expect(conn, person.id, what)


def call(conn: Connection, person: Person, name: str) -> None:
    """What the person wants to be called."""
    if person.chat is not None:
        _CALL.run(conn, who=person.id, sealed=safe.seal(conn, person.chat, name, "people.name"))


def hold(conn: Connection, person: Person) -> None:
    """Let nobody else work on this person's chat until the transaction ends.

    Raises: ChatBusy when somebody does and this transaction must not wait.
    """
    if person.chat is None:
        return
    if inside(conn).patient:
        hold_chats(conn, [person.chat])
    elif _HOLD_NOW.one(conn, chat=person.chat) is None:
        raise ChatBusy("another worker has this chat")


def hold_chats(conn: Connection, numbers: Iterable[int]) -> None:
    """Let nobody else work on these chats until the transaction ends.

    Shape: always in the same order, so that two workers never wait for each other.
    """
    for chat in sorted(set(numbers)):
        _HOLD.one(conn, chat=chat)


def found(conn: Connection, person: int) -> None:
    """The chat works again."""
    conn.execute(update(people).where(people.c.id == person).values(unreachable_since=None))


def lost(conn: Connection, person: int, now: int) -> bool:
    """The chat does not work any more; false when that was known."""
    was_here = update(people).where(people.c.id == person, people.c.unreachable_since.is_(None))
    return conn.execute(was_here.values(unreachable_since=now)).rowcount == 1


def is_lost(conn: Connection, person: int) -> bool:
    """Whether it is known that their chat does not work any more."""
    since = select(people.c.unreachable_since).where(people.c.id == person)
    return conn.execute(since).scalar() is not None


def forget(conn: Connection, person: int) -> None:
    """Keep nothing of them but a number that the audit points at."""
    conn.execute(delete(roles).where(roles.c.person == person))
    gone = {"chat_id": None, "name": b"", "key_contact": None, "expecting": "", "language": "", "zone": "UTC"}
    conn.execute(update(people).where(people.c.id == person).values(gone))


def first_team(conn: Connection, name: str) -> int:
    """The team everyone starts in, made when there is none."""
    found = conn.execute(select(teams.c.id).order_by(teams.c.id).limit(1)).scalar()
    return int(found or conn.execute(insert(teams).values(name=name).returning(teams.c.id)).scalar_one())


def invite(
    conn: Connection,
    token_hash: str,
    team: int,
    role: Role,
    invited_by: int | None,
    now: int,
    expires_at: int,
) -> None:
    """Keep an invitation; its token is known only to who was given the link."""
    values = {"token_hash": token_hash, "team": team, "role": role, "invited_by": invited_by}
    conn.execute(insert(invitations).values(values | {"made_at": now, "expires_at": expires_at}))


def invitation(conn: Connection, token_hash: str):  # type: ignore[no-untyped-def]
    """The invitation behind a link, used or not; None when there is none.

    Shape: its row is held until the transaction ends, so that two people cannot use one link at once.
    """
    return _INVITATION.one(conn, hash=token_hash)


def use_invitation(conn: Connection, token_hash: str, person: int, now: int) -> None:
    """From now on the link is used."""
    _USE.run(conn, hash=token_hash, who=person, now=now)


def note(
    conn: Connection, actor: int | None, action: str, subject: int | None, now: int, detail: str = ""
) -> None:
    """Write into the audit who did what; never what was said."""
    _NOTE.run(conn, when=now, by=actor, what=action, about=subject, more=detail)


def count(conn: Connection) -> int:
    """How many people are here."""
    return int(conn.execute(select(func.count()).select_from(people)).scalar_one())


_PEOPLE = (
    select(people, chats.c.key, roles.c.role)
    .outerjoin(chats, chats.c.chat_id == people.c.chat_id)
    .outerjoin(roles, roles.c.person == people.c.id)
)
_BY_CHAT = Statement(_PEOPLE.where(people.c.chat_id == bindparam("number")))
_BY_ID = Statement(_PEOPLE.where(people.c.id == bindparam("number")))
_HOLD = Statement(
    select(chats.c.chat_id).where(chats.c.chat_id == bindparam("chat")).with_for_update(key_share=True)
)
_HOLD_NOW = Statement(
    select(chats.c.chat_id)
    .where(chats.c.chat_id == bindparam("chat"))
    .with_for_update(key_share=True, skip_locked=True)
)
_EXPECT = Statement(
    update(people).where(people.c.id == bindparam("person")).values(expecting=bindparam("what"))
)
_EXPECTS = Statement(
    select(people.c.id)
    .where(people.c.id == bindparam("person"), people.c.expecting == bindparam("what"))
    .with_for_update(key_share=True, skip_locked=True)
)
_ADD = Statement(
    lambda insert: (
        insert(people)
        .values(
            chat_id=bindparam("chat"),
            name=bindparam("sealed"),
            language=bindparam("tongue"),
            zone=bindparam("zoned"),
            joined_at=bindparam("now"),
            expecting="",
        )
        .returning(people.c.id)
    )
)
_HELD = Statement(
    select(roles.c.person).where(
        roles.c.person == bindparam("who"),
        roles.c.team == bindparam("where"),
        roles.c.role == bindparam("what"),
    )
)
_GIVE = Statement(
    lambda insert: insert(roles).values(
        person=bindparam("who"), team=bindparam("where"), role=bindparam("what")
    )
)
_SET_KEY_CONTACT = Statement(
    update(people).where(people.c.id == bindparam("who")).values(key_contact=bindparam("contact"))
)
_CALL = Statement(update(people).where(people.c.id == bindparam("who")).values(name=bindparam("sealed")))
_INVITATION = Statement(
    select(invitations).where(invitations.c.token_hash == bindparam("hash")).with_for_update()
)
_USE = Statement(
    update(invitations)
    .where(invitations.c.token_hash == bindparam("hash"))
    .values(used_at=bindparam("now"), used_by=bindparam("who"))
)
_NOTE = Statement(
    lambda insert: insert(audit).values(
        at=bindparam("when"),
        actor=bindparam("by"),
        action=bindparam("what"),
        subject=bindparam("about"),
        detail=bindparam("more"),
    )
)
