"""Invitations: each link lets one person in, once, and says who stands behind them."""

import hashlib
import secrets

from bot import wording
from bot.actions import answer, forget, menu
from bot.actions.desk import Desk, say_for
from bot.clock import DAY
from bot.dialog.talk import Heard, Prompt
from bot.i18n import sayer
from bot.people import Person, Role, may_invite
from bot.store import people

DAYS = {Role.ADMIN: 2, Role.KEY_CONTACT: 7, Role.PERSON: 30}
TEAM = "Our team"


def first_admin(desk: Desk) -> str:
    """The token of a link for the first admin; the command line gives it out."""
    return _make(desk, Role.ADMIN, None)


def invite_person(desk: Desk, inviter: Person) -> None:
    """Give a key contact a link for one person."""
    _give_link(desk, inviter, Role.PERSON, wording.LINK_FOR_PERSON)


def invite_key_contact(desk: Desk, inviter: Person) -> None:
    """Give an admin a link for one key contact."""
    _give_link(desk, inviter, Role.KEY_CONTACT, wording.LINK_FOR_CONTACT)


def token_for(desk: Desk, inviter: Person, role: Role) -> str:
    """A token that lets someone in with this part."""
    return _make(desk, role, inviter.id)


def start(desk: Desk, person: Person | None, heard: Heard) -> None:
    """Someone opened the chat, perhaps by a link; what they were asked to write before is not waited for."""
    if person is not None:
        people.expect(desk.conn, person.id, "")
    if not heard.start:
        return stranger(desk, heard) if person is None else again(desk, person)
    say = sayer(person.language if person else heard.language)
    kept = people.invitation(desk.conn, _hash(heard.start))
    wrong = _what_is_wrong(desk, kept, person)
    if wrong:
        desk.write(heard.chat, Prompt(say(wrong), keys=None if person else ()))
        return again(desk, person) if person else None
    role = Role(kept.role)
    number = person.id if person else _join(desk, heard)
    people.use_invitation(desk.conn, kept.token_hash, number, desk.now)
    people.give_role(desk.conn, number, kept.team, role)
    if role is Role.PERSON:
        people.set_key_contact(desk.conn, number, kept.invited_by)
    people.note(desk.conn, number, f"joined as {role}", number, desk.now)
    joined = people.by_id(desk.conn, number)
    assert joined is not None
    _greet(desk, joined, role, kept.invited_by)


def stranger(desk: Desk, heard: Heard) -> None:
    """A kind answer to someone nobody has invited; nothing is shown and nothing is kept."""
    say = sayer(heard.language)
    desk.write(heard.chat, Prompt(f"{say(wording.STRANGER)}\n{say(wording.STRANGER_HOW)}", keys=()))


def again(desk: Desk, person: Person) -> None:
    """Someone known opened the chat again."""
    forget.try_out(desk, person)
    if Role.PERSON in person.roles:
        return answer.again(desk, person)
    return welcome(desk, person)


def welcome(desk: Desk, person: Person, note: str = "") -> None:
    """What a key contact or an admin can do here."""
    say = say_for(person)
    hello, can = (
        (wording.HELLO_ADMIN, wording.ADMIN_CAN)
        if Role.ADMIN in person.roles
        else (wording.HELLO_CONTACT, wording.CONTACT_CAN)
    )
    text = note or f"{say(hello).format(name=person.name)}\n{say(can)}"
    desk.tell(person, Prompt(text, keys=menu.keys(person)))


def _greet(desk: Desk, person: Person, role: Role, invited_by: int | None) -> None:
    inviter = people.by_id(desk.conn, invited_by) if invited_by else None
    if role is Role.PERSON:
        answer.begin(desk, person)
    else:
        welcome(desk, person)
    if inviter and role is not Role.ADMIN:
        told = wording.PERSON_JOINED if role is Role.PERSON else wording.CONTACT_JOINED
        desk.let_know(inviter, Prompt(say_for(inviter)(told).format(name=person.name)))


def _give_link(desk: Desk, inviter: Person, role: Role, words: str) -> None:
    if not may_invite(inviter.roles, role):
        return welcome(desk, inviter)
    say, link = say_for(inviter), desk.house.link(_make(desk, role, inviter.id))
    text = f"{say(words).format(days=DAYS[role])}\n\n{link}"
    return desk.tell(inviter, Prompt(text, say(wording.LINK_TITLE)))


def _make(desk: Desk, role: Role, inviter: int | None) -> str:
    token = secrets.token_urlsafe(16)  # 128 bits, and letters a Telegram link may have
    team = people.first_team(desk.conn, TEAM)
    people.invite(desk.conn, _hash(token), team, role, inviter, desk.now, desk.now + DAYS[role] * DAY)
    people.note(desk.conn, inviter, f"invited a {role}", None, desk.now)
    return token


def _what_is_wrong(desk: Desk, kept, person: Person | None) -> str:  # type: ignore[no-untyped-def]
    if kept is None:
        return wording.LINK_WRONG
    if person is not None and kept.invited_by == person.id and Role(kept.role) is Role.PERSON:
        return wording.LINK_OWN
    if person is not None and (kept.used_by == person.id or Role(kept.role) in person.roles):
        return wording.ALREADY_HERE
    if kept.used_at is not None:
        return wording.LINK_USED
    return wording.LINK_OLD if kept.expires_at < desk.now else ""


def _join(desk: Desk, heard: Heard) -> int:
    name = " ".join(heard.name.split())[:60] or "?"
    return people.add(desk.conn, heard.chat, name, heard.language or "en", desk.house.zone, desk.now)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
