"""Every setting, right and wrong; a wrong one stops the program with a sentence that names it."""

from dataclasses import fields
from pathlib import Path

import pytest

from bot import settings
from bot.errors import SettingWrong
from bot.settings import Settings, packaged_dialogs, read, with_token

NAMES = {name: value for name, value in vars(settings).items() if name.isupper() and not name.startswith("_")}
"""The settings by the name of their constant."""

RIGHT = [
    ("BEFOREHAND_TOKEN", "", "token", ""),
    ("BEFOREHAND_TOKEN", "123456:AAH-abc_DEF", "token", "123456:AAH-abc_DEF"),
    ("DATABASE_URL", "sqlite:///here.db", "database", "sqlite:///here.db"),
    *[
        ("DATABASE_URL", url, "database", url)
        for url in (
            "sqlite:////var/lib/a folder/100%.db",
            "postgresql://localhost/talks",
            "postgresql://bot:pa/ss%40@[::1]:5432/talks?sslmode=require",
            "postgresql:///talks?host=/run/postgresql",
            "postgresql://bot:pass@one.example.org:5432,two.example.org/talks",
            "postgresql://bot@/talks?host=/tmp/a:b&password=a@b",
        )
    ],
    ("BEFOREHAND_KEYS", "here.keys", "keys", Path("here.keys")),
    ("BEFOREHAND_BACKUPS", "copies", "backups", "copies"),
    ("BEFOREHAND_ZONE", "Europe/London", "zone", "Europe/London"),
    ("BEFOREHAND_ZONE", "Pacific/Apia", "zone", "Pacific/Apia"),
    ("BEFOREHAND_API", "http://127.0.0.1:8081/bot", "api", "http://127.0.0.1:8081/bot"),
    ("BEFOREHAND_API", "https://telegram.example.org", "api", "https://telegram.example.org/bot"),
    ("BEFOREHAND_API", "https://telegram.example.org/", "api", "https://telegram.example.org/bot"),
    ("BEFOREHAND_WEBHOOK", "", "webhook", ""),
    ("BEFOREHAND_WEBHOOK", "https://bot.example.org/", "webhook", "https://bot.example.org"),
    ("BEFOREHAND_LISTEN", "0.0.0.0:1", "host", "0.0.0.0"),
    ("BEFOREHAND_LISTEN", "[::1]:65535", "port", 65535),
]

WRONG = [
    ("BEFOREHAND_TOKEN", "no-colon"),
    ("BEFOREHAND_TOKEN", "123: with-a-space"),
    ("DATABASE_URL", ""),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "mysql://host/db"),
    ("DATABASE_URL", "sqlite:///:memory:"),
    ("DATABASE_URL", "postgresql://"),
    ("DATABASE_URL", "postgresql://bot:secret@localhost:port/talks"),
    ("DATABASE_URL", "postgresql://bot:p@ss@localhost/talks"),
    ("BEFOREHAND_KEYS", "/"),
    ("BEFOREHAND_BACKUPS", __file__),
    ("BEFOREHAND_ZONE", "London"),
    ("BEFOREHAND_ZONE", ""),
    ("BEFOREHAND_ZONE", "../../etc/passwd"),
    ("BEFOREHAND_API", ""),
    ("BEFOREHAND_API", "api.telegram.org"),
    ("BEFOREHAND_API", "https://api.telegram.org/bot?x=1"),
    ("BEFOREHAND_WEBHOOK", "http://bot.example.org"),
    ("BEFOREHAND_WEBHOOK", "bot.example.org"),
    ("BEFOREHAND_WEBHOOK", "https://"),
    ("BEFOREHAND_LISTEN", ""),
    ("BEFOREHAND_LISTEN", "8080"),
    ("BEFOREHAND_LISTEN", "127.0.0.1:"),
    ("BEFOREHAND_LISTEN", "127.0.0.1:http"),
    ("BEFOREHAND_LISTEN", "127.0.0.1:0"),
    ("BEFOREHAND_LISTEN", "127.0.0.1:65536"),
    ("BEFOREHAND_DIALOGS", "/nowhere/at/all"),
]


@pytest.mark.parametrize(("name", "value", "field", "kept"), RIGHT)
def test_a_right_setting_is_taken(name: str, value: str, field: str, kept: object) -> None:
    assert getattr(read({name: value}), field) == kept


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_stops_with_a_sentence_that_names_it(name: str, value: str) -> None:
    with pytest.raises(SettingWrong) as wrong:
        read({name: value})

    sentence = str(wrong.value)
    assert sentence.startswith(name)
    assert sentence.endswith((".", "…"))
    assert len(sentence.split()) > 5, "it does not say what to do"


def test_every_setting_is_tried_right_and_wrong() -> None:
    assert len(NAMES) >= 7
    assert {name for name, *_ in RIGHT} | {settings.DIALOGS} == set(NAMES.values())
    assert {name for name, _ in WRONG} == set(NAMES.values())


def test_nothing_set_gives_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert read({}) == Settings(dialogs=packaged_dialogs())
    assert len(fields(Settings)) == len(NAMES) + 2, "host, port and whether they were named are one setting"
    assert read({settings.LISTEN: "127.0.0.1:8080"}).listens


def test_the_scripts_of_the_working_folder_come_before_those_that_came_with_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dialogs").mkdir()

    assert read({}).dialogs == packaged_dialogs(), "an empty folder holds no scripts"
    (tmp_path / "dialogs" / "mine.yaml").touch()
    assert read({}).dialogs == Path("dialogs")


def test_a_folder_of_scripts_can_be_named(tmp_path: Path) -> None:
    assert read({settings.DIALOGS: str(tmp_path)}).dialogs == tmp_path


def test_the_program_comes_with_scripts() -> None:
    assert (packaged_dialogs() / "first_talk.yaml").is_file()


def test_a_wrong_token_or_password_is_never_repeated() -> None:
    for name, value, secret in (
        (settings.TOKEN, "123:SECRET SECRET", "SECRET"),
        (settings.DATABASE, "mysql://ann:SECRET@host/db", "SECRET"),
        (settings.DATABASE, "postgresql://ann:p@SECRET@host/db", "SECRET"),
    ):
        with pytest.raises(SettingWrong) as wrong:
            read({name: value})
        assert secret not in str(wrong.value)


def test_the_token_is_not_in_what_is_printed_of_the_settings() -> None:
    assert "SECRET" not in repr(read({settings.TOKEN: "123:SECRET"}))


def test_without_a_token_a_command_that_needs_one_says_so() -> None:
    with pytest.raises(SettingWrong, match=f"{settings.TOKEN} is missing"):
        with_token(read({}))
    assert with_token(read({settings.TOKEN: "123:SECRET"})).token == "123:SECRET"
