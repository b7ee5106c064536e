"""Master keys: they lock the key of every person, and are held outside the database."""

import base64
import binascii
import hashlib
import os
import secrets
from codecs import BOM_UTF8
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import KeyMissing, MasterKeyMissing, SettingWrong

SIZE = 32
"""Units: bytes of every key: AES-256."""

NONCE = 12
_NAME = 4  # bytes of a master key's name in front of what it locks


class KeyRing:
    """The master keys, newest first: the newest locks, every one opens.

    Shape: a key's name is made from the key, so the right name means the right key.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._ciphers = {name_of(key): AESGCM(key) for key in keys}
        self.newest = name_of(keys[0])

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all keys, newest first."""
        return tuple(self._ciphers)

    def lock(self, secret: bytes, about: str) -> bytes:
        """A secret, locked with the newest key; it opens only for what it is about."""
        nonce = secrets.token_bytes(NONCE)
        locked = self._ciphers[self.newest].encrypt(nonce, secret, about.encode())
        return bytes.fromhex(self.newest) + nonce + locked

    def open(self, locked: bytes, about: str) -> bytes:
        """What `lock` was given.

        Raises: MasterKeyMissing when the key it needs is not here; KeyMissing when what was locked has been
        changed, or was about something else.
        """
        name, nonce = self.locked_with(locked), locked[_NAME : _NAME + NONCE]
        try:
            return self._ciphers[name].decrypt(nonce, locked[_NAME + NONCE :], about.encode())
        except KeyError:
            raise MasterKeyMissing(f"key {name} is needed and is not here") from None
        except (InvalidTag, ValueError):
            raise KeyMissing(f"what key {name} locked has been changed") from None

    @staticmethod
    def locked_with(locked: bytes) -> str:
        """The name of the master key that opens this."""
        return locked[:_NAME].hex()


def new_key() -> str:
    """A fresh master key, as one line of a key file."""
    return base64.b64encode(secrets.token_bytes(SIZE)).decode()


def name_of(key: bytes) -> str:
    """The public name of a key."""
    return hashlib.sha256(b"beforehand master key" + key).digest()[:_NAME].hex()


def read_keys(file: Path) -> KeyRing:
    """The keys in a file: one a line, newest first; lines that begin with # are notes.

    Raises: SettingWrong when there is no such file, or a line is no key; no key is ever repeated.
    """
    try:
        lines = file.read_text("utf-8-sig", errors="replace").splitlines()  # notes may be in any language
    except FileNotFoundError:
        words = f"There is no key file {file}. Was there one? Then put your copy of it back. "
        raise SettingWrong(words + "Else make one with: beforehand keys new. And keep a copy.") from None
    except OSError as error:
        raise SettingWrong(f"The key file {file} cannot be read ({type(error).__name__}).") from None
    found = [_key(line, file, n) for n, line in enumerate(lines, 1) if line.strip() and line[0] != "#"]
    if not found:
        raise SettingWrong(f"The key file {file} has no key. Make one with: beforehand keys new.")
    return KeyRing(found)


def key_lines(file: Path) -> dict[str, int]:
    """In which line of the file each key stands, by the name of the key.

    Raises: SettingWrong, as `read_keys`.
    """
    read_keys(file)
    lines = enumerate(file.read_text("utf-8-sig", errors="replace").splitlines(), 1)
    return {name_of(_key(line, file, n)): n for n, line in lines if line.strip() and line[0] != "#"}


def add_key(file: Path) -> str:
    """Put a fresh key on top of the file, which is made when there is none; gives the name of the key.

    Shape: only its owner may read the file. The old file or the new one is there, whatever happens.
    Raises: SettingWrong when what is there is no key file, or somebody else is changing it now.
    """
    file = file.resolve()  # a link stays a link
    had = file.exists()
    if had:
        read_keys(file)
    if file.parent.exists() and not file.parent.is_dir():
        raise SettingWrong(f"The key file {file} cannot be made: {file.parent} is no folder.")
    line, fresh = new_key(), file.with_name(file.name + ".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as writing:
            writing.write(line.encode() + b"\n" + (file.read_bytes().removeprefix(BOM_UTF8) if had else b""))
            writing.flush()
            os.fsync(writing.fileno())
        if had and hasattr(os, "chown"):
            os.chown(fresh, file.stat().st_uid, file.stat().st_gid)  # whoever runs the bot still reads it
        os.replace(fresh, file)
    except FileExistsError:
        words = f"{fresh} is there. If nobody else makes a key now, delete it and try again."
        raise SettingWrong(words) from None
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise SettingWrong(f"The key file {file} cannot be written ({error.strerror}).") from None
    keep_folder(file)
    return name_of(base64.b64decode(line))


def keep_folder(file: Path) -> None:
    """See that the new name of a file outlives a power cut, where the system can do that."""
    if os.name == "posix":
        folder = os.open(file.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def _key(line: str, file: Path, number: int) -> bytes:
    try:
        key = base64.b64decode(line.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != SIZE:
        raise SettingWrong(f"{file}, line {number} is no key. A key is {SIZE} bytes in base64.")
    return key
