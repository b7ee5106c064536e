"""Who takes part, and what their part is."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The part someone plays in a team."""

    PERSON = "person"  # gets ready for their talk
    KEY_CONTACT = "key_contact"  # gets summaries and arranges
    ADMIN = "admin"  # sets up the questions


@dataclass(frozen=True, slots=True)
class Person:
    """Someone the program knows.

    Shape: `chat` is None once they are erased. `expecting` says what their next words are for.
    """

    id: int
    chat: int | None
    name: str
    language: str
    zone: str
    key_contact: int | None = None
    expecting: str = ""
    roles: frozenset[Role] = frozenset()


def may_invite(roles: frozenset[Role], invited: Role) -> bool:
    """Whether someone with these roles may invite someone into that role.

    Source: trust grows from one hand to the next: admin to key contact to person.
    """
    wanted = {Role.ADMIN: Role.ADMIN, Role.KEY_CONTACT: Role.ADMIN, Role.PERSON: Role.KEY_CONTACT}
    return wanted[invited] in roles
