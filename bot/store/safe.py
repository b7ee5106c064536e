"""What people say is sealed: AES-256-GCM, one data key for each person's chat, locked by a master key.

A seal is bound to its owner and to the row it stands in, so that words moved elsewhere do not open.
All functions here run inside a transaction.
"""

import secrets
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, bindparam, delete, func, inspect, select, update

from bot.errors import KeyMissing, MasterKeyMissing
from bot.keys import NONCE, SIZE, KeyRing
from bot.store.inside import inside
from bot.store.statement import Statement
from bot.store.tables import chats, masters

_FORMAT = b"\x01"
_PROOF = b"beforehand"


def seal(conn: Connection, chat: int, words: str, *where: object) -> bytes:
    """Words nobody can read without the key of this chat; they open only with the same `where`."""
    nonce, plain = secrets.token_bytes(NONCE), words.encode("utf-8", "surrogatepass")
    return _FORMAT + nonce + _steady_key(conn, chat).encrypt(nonce, plain, _about(chat, where))


def unseal(conn: Connection, chat: int, sealed: bytes, *where: object) -> str:
    """The words that were sealed.

    Raises: KeyMissing when the key is gone, or the words were changed or moved.
    """
    sealed = bytes(sealed)
    nonce, words = sealed[1 : NONCE + 1], sealed[NONCE + 1 :]
    try:
        return _key(conn, chat).decrypt(nonce, words, _about(chat, where)).decode("utf-8", "surrogatepass")
    except (InvalidTag, ValueError):
        raise KeyMissing(f"{where[0] if where else 'words'} of chat {chat} cannot be opened") from None


def opener(conn: Connection, chat: int) -> Callable[..., str]:
    """The same as `unseal`, for many words of one chat.

    Raises: KeyMissing, each time, as `unseal` does.
    """
    decrypt = _key(conn, chat).decrypt

    def unsealed(sealed: bytes, *where: object) -> str:
        try:
            words = decrypt(sealed[1 : NONCE + 1], sealed[NONCE + 1 :], _about(chat, where))
            return words.decode("utf-8", "surrogatepass")
        except (InvalidTag, ValueError):
            raise KeyMissing(f"{where[0]} of chat {chat} cannot be opened") from None

    return unsealed


def know(conn: Connection, chat: int, locked: bytes, *, held: bool = False) -> None:
    """Take note of a data key that was read along with something else.

    Shape: `held` is true when its row was locked by that.
    Raises: KeyMissing when no master key opens it.
    """
    here = inside(conn)
    if chat not in here.steady and (held or chat not in here.keys):
        here.keys[chat] = AESGCM(here.ring.open(bytes(locked), f"chat {chat}"))
        if held:
            here.steady.add(chat)


def keep_out(conn: Connection, chat: int) -> None:
    """Let nobody seal anything for this chat until the transaction ends; its key is about to change."""
    _ALONE.one(conn, chat=chat)


def renew(conn: Connection, chat: int) -> None:
    """Give a chat a new data key; what the old one sealed can never be opened again."""
    fresh = secrets.token_bytes(SIZE)
    here = inside(conn)
    keep_out(conn, chat)
    _RENEW.run(conn, chat=chat, locked=_lock(conn, chat, fresh))
    here.keys[chat] = AESGCM(fresh)
    here.steady.add(chat)


def check(conn: Connection) -> None:
    """See that every master key in use is here, and take note of the newest.

    Raises: KeyMissing, naming the key that is not.
    """
    ring = inside(conn).ring
    rows = conn.execute(select(masters)).all()
    for row in rows:
        if row.name not in ring.names:
            raise KeyMissing(
                f"The answers are locked with key {row.name}, which is not in the key file. "
                f"There: {', '.join(ring.names)}. Put that key back, or name the right file in "
                "BEFOREHAND_KEYS."
            )
        ring.open(bytes(row.proof), "proof")
    if ring.newest not in [row.name for row in rows]:
        _MASTER.run(conn, name=ring.newest, proof=ring.lock(_PROOF, "proof"))


def lock_again(conn: Connection, most: int) -> int:
    """Lock data keys with the newest master key, and say how many; 0 when none was left.

    Shape: after the last one, the older master keys are in use no more.
    """
    ring = inside(conn).ring
    newest = bytes.fromhex(ring.newest)
    old = select(chats.c.chat_id, chats.c.key).where(func.substr(chats.c.key, 1, len(newest)) != newest)
    old = old.order_by(chats.c.chat_id).with_for_update(key_share=True)
    rows = conn.execute(old.limit(most)).all()
    if not rows:  # from here on nobody can lock with an older one; somebody may have, just before
        conn.execute(delete(masters).where(masters.c.name != ring.newest))
        rows = conn.execute(old).all()
    for row in rows:
        about = f"chat {row.chat_id}"
        _RENEW.run(conn, chat=row.chat_id, locked=ring.lock(ring.open(bytes(row.key), about), about))
    return len(rows)


def in_use(conn: Connection) -> list[str]:
    """The names of the master keys in use; none when this database has never had keys."""
    has_keys = inspect(conn).has_table(masters.name)
    return list(conn.scalars(select(masters.c.name).order_by(masters.c.name))) if has_keys else []


def try_keys(conn: Connection, after: int, most: int) -> list[tuple[int, str, bool]]:
    """Try data keys: each chat, the name of the key that locks it, and whether it opens.

    Shape: the next chats after that number, in order of their numbers; empty after the last.
    """
    ring = inside(conn).ring
    next_ones = select(chats.c.chat_id, chats.c.key).where(chats.c.chat_id > after)
    rows = conn.execute(next_ones.order_by(chats.c.chat_id).limit(most))
    return [(r.chat_id, ring.locked_with(bytes(r.key)), _opens(ring, r.chat_id, bytes(r.key))) for r in rows]


def _opens(ring: KeyRing, chat: int, locked: bytes) -> bool:
    try:
        ring.open(locked, f"chat {chat}")
    except KeyMissing:
        return False
    return True


def _lock(conn: Connection, chat: int, key: bytes) -> bytes:
    """A data key, locked with the newest master key.

    Raises: MasterKeyMissing when the keys were rotated since this program was started: what it locks now
    would be lost as soon as the old key is thrown away.
    """
    ring = inside(conn).ring
    if _MAY_LOCK.one(conn, name=ring.newest) is None:
        raise MasterKeyMissing(f"key {ring.newest} is used no more; the newest key file is needed here")
    return ring.lock(key, f"chat {chat}")


def _key(conn: Connection, chat: int) -> AESGCM:
    """The data key of a chat, made when it has none."""
    here = inside(conn)
    return here.keys[chat] if chat in here.keys else _steady_key(conn, chat)


def _steady_key(conn: Connection, chat: int) -> AESGCM:
    """The data key of a chat, which nobody can change now: what it seals can be opened afterwards."""
    here = inside(conn)
    if chat not in here.steady and not (here.alone and chat in here.keys):
        row = _KEY.one(conn, chat=chat)
        if row is None:
            _NEW.run(conn, chat=chat, locked=_lock(conn, chat, secrets.token_bytes(SIZE)))
            row = _KEY.one(conn, chat=chat)  # another worker may have been first
        know(conn, chat, row.key, held=True)
    return here.keys[chat]


def _about(chat: int, where: tuple[object, ...]) -> bytes:
    return "\x1f".join(map(str, (chat, *where))).encode()


# held until the transaction ends: no key changes, and no old chat is dropped, while somebody writes from it
_KEY = Statement(
    select(chats.c.key).where(chats.c.chat_id == bindparam("chat")).with_for_update(read=True, key_share=True)
)
_ALONE = Statement(select(chats.c.chat_id).where(chats.c.chat_id == bindparam("chat")).with_for_update())
_NEW = Statement(
    lambda insert: (
        insert(chats)
        .values(chat_id=bindparam("chat"), key=bindparam("locked"), free_at=0)
        .on_conflict_do_nothing()
    )
)
_RENEW = Statement(update(chats).where(chats.c.chat_id == bindparam("chat")).values(key=bindparam("locked")))
_MAY_LOCK = Statement(  # held until the transaction ends, so that a rotation sees what was locked
    select(masters.c.name)
    .where(masters.c.name == bindparam("name"))
    .with_for_update(read=True, key_share=True)
)
_MASTER = Statement(
    lambda insert: (
        insert(masters).values(name=bindparam("name"), proof=bindparam("proof")).on_conflict_do_nothing()
    )
)
