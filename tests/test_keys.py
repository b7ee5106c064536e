"""The master keys: read from a file, never shown, and each opens only what it locked."""

import base64
from pathlib import Path

import pytest

from bot.errors import KeyMissing, SettingWrong
from bot.keys import NONCE, SIZE, KeyRing, name_of, new_key, read_keys

OLD, NEW = b"o" * SIZE, b"n" * SIZE


def line(key: bytes) -> str:
    return base64.b64encode(key).decode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "our.keys"


def test_a_fresh_key_file_can_be_read_and_no_two_keys_are_alike(file: Path) -> None:
    file.write_text(f"{new_key()}\n{new_key()}\n")

    assert len(set(read_keys(file).names)) == 2


def test_the_first_key_locks_and_every_key_opens(file: Path) -> None:
    file.write_text(f"# made on 3 March, für alle\r\n{line(NEW)}\r\n\r\n  {line(OLD)}\n", "utf-8")
    ring = read_keys(file)

    assert (name_of(NEW), name_of(OLD)) == ring.names
    assert name_of(NEW) == KeyRing.locked_with(ring.lock(b"secret", "ann"))
    assert ring.open(KeyRing([OLD]).lock(b"secret", "ann"), "ann") == b"secret"


def test_an_editor_that_marks_its_files_does_no_harm(file: Path) -> None:
    file.write_text(line(NEW), "utf-8-sig")

    assert read_keys(file).newest == name_of(NEW)


def test_without_a_key_file_we_are_told_its_name_and_how_to_make_one(file: Path) -> None:
    with pytest.raises(SettingWrong, match=r"no key file .*our\.keys.*beforehand keys new"):
        read_keys(file)


@pytest.mark.parametrize("words", ["", "\n\n", "# only a note\n"])
def test_a_file_without_a_key_is_no_key_file(file: Path, words: str) -> None:
    file.write_text(words)

    with pytest.raises(SettingWrong, match=r"our\.keys has no key"):
        read_keys(file)


@pytest.mark.parametrize(
    "damaged",
    [
        line(OLD)[:-4],
        line(OLD)[1:],
        line(OLD) + "AAAA",
        line(OLD).replace("b", "!", 1),
        line(OLD).replace("b", "ö", 1),
        "\u0000",
    ],
)
def test_a_damaged_line_is_named_by_its_number_and_never_repeated(file: Path, damaged: str) -> None:
    file.write_text(f"# two keys\n{line(NEW)}\n{damaged}\n", "utf-8")

    with pytest.raises(SettingWrong) as wrong:
        read_keys(file)
    words = f"{wrong.value!r} {wrong.value.__context__!r} {wrong.value.__cause__!r}"
    assert f"{file}, line 3 is no key" in words
    assert damaged not in words
    assert line(NEW) not in words


def test_a_folder_in_its_place_is_no_key_file(file: Path) -> None:
    file.mkdir()

    with pytest.raises(SettingWrong, match=r"our\.keys cannot be read \(IsADirectoryError\)"):
        read_keys(file)


def test_the_name_of_a_key_says_nothing_of_the_key() -> None:
    name = name_of(OLD)

    assert len(name) == 8
    assert bytes.fromhex(name) not in OLD
    assert name != name_of(NEW)


def test_what_was_locked_does_not_open_for_anything_else_or_when_it_was_changed() -> None:
    ring = KeyRing([NEW])
    locked = ring.lock(b"secret", "chat 101")

    with pytest.raises(KeyMissing, match="has been changed"):
        ring.open(locked, "chat 102")
    for place in (4, 4 + NONCE, len(locked) - 1):
        changed = bytes([*locked[:place], locked[place] ^ 1, *locked[place + 1 :]])
        with pytest.raises(KeyMissing, match="has been changed"):
            ring.open(changed, "chat 101")


def test_a_part_of_what_was_locked_opens_nothing() -> None:
    ring = KeyRing([NEW])
    locked = ring.lock(b"", "chat 101")

    for kept in range(len(locked)):
        with pytest.raises(KeyMissing):
            ring.open(locked[:kept], "chat 101")


def test_a_key_that_is_not_here_is_named() -> None:
    with pytest.raises(KeyMissing, match=f"key {name_of(OLD)} is needed"):
        KeyRing([NEW]).open(KeyRing([OLD]).lock(b"secret", "ann"), "ann")


def test_the_same_secret_never_looks_the_same_twice() -> None:
    ring = KeyRing([NEW])

    assert ring.lock(b"secret", "ann") != ring.lock(b"secret", "ann")
