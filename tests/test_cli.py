"""The commands, as someone types them."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bot import settings
from bot.cli import main
from tests.talks import DIALOGS
from tests.test_settings import WRONG

FIRST_TALK = DIALOGS / "first_talk.yaml"
SETTINGS = [value for name, value in vars(settings).items() if name.isupper() and name[0] != "_"]


@pytest.fixture(autouse=True)
def _an_empty_folder_and_nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)


def typed(*words: str, keys: str = "", **environment: str) -> Result:
    """What `beforehand WORDS` does."""
    return CliRunner().invoke(main, words, input=keys, env=environment)


# ---- help


@pytest.mark.parametrize("name", ["", *main.commands])
def test_help_says_what_it_does_and_every_option(name: str) -> None:
    command: click.Command = main.commands[name] if name else main
    shown = typed(*filter(None, [name]), "--help")

    assert shown.exit_code == 0
    assert shown.output.startswith("Usage: ")
    assert command.help and command.help.splitlines()[0].rstrip(".") in " ".join(shown.output.split())
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.opts[0] in shown.output
            assert option.help or option.name == "version", f"{option.name} has no help"
        else:
            assert option.human_readable_name.upper().rstrip(".S") in shown.output.upper()


def test_the_first_help_lists_every_command_with_what_it_does() -> None:
    shown = typed("-h").output

    every_day, to_look_after_it = (
        {"try", "run", "init", "check", "talk"},
        {"keys", "backup", "restore", "migrate", "status", "dead"},
    )
    assert set(main.commands) == every_day | to_look_after_it
    for name, command in main.commands.items():
        assert f"  {name} " in shown
        assert command.get_short_help_str(200).split(".")[0][:30] in shown
    assert "beforehand try" in shown, "a newcomer is told where to begin"


def test_a_word_that_is_no_command_is_named() -> None:
    wrong = typed("tyr")

    assert wrong.exit_code == 2
    assert "tyr" in wrong.output


def test_it_says_its_version() -> None:
    assert (
        typed("--version").output.startswith("beforehand, version 0.")
        or "version" in typed("--version").output
    )


# ---- check


def test_check_finds_nothing_wrong_with_the_scripts_that_came_with_it() -> None:
    good = typed("check")

    assert (good.exit_code, good.stderr) == (0, "")
    assert good.output == "1 script checked, no problems.\n"


def test_check_looks_at_a_whole_folder(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(FIRST_TALK.read_text("utf-8"), "utf-8")
    good = typed("check", **{settings.DIALOGS: str(tmp_path)})

    assert good.output == "2 scripts checked, no problems.\n"


def test_check_names_the_file_the_line_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    text = FIRST_TALK.read_text("utf-8").replace("kind: face", "kind: fase")
    line = 1 + text[: text.index("fase")].count("\n")
    (tmp_path / "bad.yaml").write_text(text, "utf-8")
    bad = typed("check", "bad.yaml")

    assert bad.exit_code == 1
    assert f"bad.yaml, line {line}, column" in bad.stderr
    assert "fase" in bad.stderr
    assert "face" in bad.stderr, "it does not say what to write instead"


def test_check_tells_of_every_bad_file_and_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("", "utf-8")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    bad = typed("check", "empty.yaml", str(FIRST_TALK), "bytes.yaml")

    assert bad.exit_code == 1
    assert "empty.yaml: D102" in bad.stderr
    assert "bytes.yaml: this is not a text file." in bad.stderr
    assert "no problems" not in bad.output


def test_check_of_a_file_that_is_not_there_names_it() -> None:
    missing = typed("check", "gone.yaml")

    assert missing.exit_code == 2
    assert "gone.yaml" in missing.output


def test_check_of_a_folder_without_scripts_does_not_say_that_all_is_well(tmp_path: Path) -> None:
    empty = typed("check", **{settings.DIALOGS: str(tmp_path)})

    assert empty.exit_code == 1
    assert str(tmp_path) in empty.stderr


# ---- talk


def test_a_talk_is_played_with_what_is_typed() -> None:
    played = typed("talk", "--name", "Mo", keys="OK, next\nok\nYes, keep them\nMo Green\nok\n")

    assert played.exit_code == 0
    assert "< *1 of 8: Before we begin*\n  Hello Mo." in played.output
    assert "Ravi is the person behind me" in played.output
    assert "How do you want your information?" in played.output


def test_a_talk_takes_numbers_and_the_words_of_buttons() -> None:
    skips = "OK, next\n[OK, next]\nYes, keep them\nSkip\nok\nLarge print\nDone\n"
    played = typed("talk", keys=skips)

    assert "(* Large print)" in played.output
    assert "How big should the print be?" in played.output


def test_a_talk_can_be_a_file_with_another_key_contact() -> None:
    played = typed("talk", str(FIRST_TALK), "--key-contact", "Sam", keys="ok\n")

    assert "Sam is the person behind me" in played.output


@pytest.mark.parametrize("name", ["no_such_talk", "gone.yaml"])
def test_a_talk_that_is_not_there_is_named(name: str) -> None:
    missing = typed("talk", name)

    assert missing.exit_code == 1
    assert name in missing.stderr


def test_a_broken_script_is_not_played_but_explained(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("script: bad\n", "utf-8")
    broken = typed("talk", "bad.yaml")

    assert broken.exit_code == 1
    assert "bad.yaml, line 1" in broken.stderr


# ---- settings


@pytest.mark.parametrize("command", ["run", "init"])
def test_without_a_token_it_names_the_setting_and_who_gives_one(command: str) -> None:
    stopped = typed(command)

    assert stopped.exit_code == 1
    assert stopped.stderr == (
        f"Error: {settings.TOKEN} is missing. Ask @BotFather on Telegram for a token and set it.\n"
    )


@pytest.mark.parametrize(("name", "value"), WRONG)
@pytest.mark.parametrize("command", ["run", "init", "try", "check", "talk"])
def test_a_wrong_setting_stops_every_command_with_a_sentence(command: str, name: str, value: str) -> None:
    stopped = typed(command, **{name: value})

    assert stopped.exit_code == 1
    assert stopped.stderr.startswith(f"Error: {name}")
    assert stopped.output.count("\n") == 1, "more than one line, perhaps a traceback"
