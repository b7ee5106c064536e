"""The commands, as someone types them."""

import errno
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy.exc import OperationalError

from bot import plaintext, settings
from bot.cli import main
from bot.store.database import Store
from tests.dialog.test_planted_mistakes import GOOD
from tests.ring import LINE
from tests.talks import DIALOGS, ROOT
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
        {"try", "run", "init", "check", "schema", "talk"},
        {"keys", "backup", "restore", "migrate", "status", "dead", "scripts", "publish", "rollback"},
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


def test_a_port_that_no_computer_has_is_named() -> None:
    wrong = typed("try", "--port", "99999")

    assert wrong.exit_code == 2
    assert "99999 is not in the range" in wrong.output


def test_it_says_its_version() -> None:
    assert (
        typed("--version").output.startswith("beforehand, version 0.")
        or "version" in typed("--version").output
    )


# ---- check


def test_check_finds_nothing_wrong_with_the_scripts_that_came_with_it() -> None:
    good = typed("check")

    assert (good.exit_code, good.stderr) == (0, "")
    assert re.search(
        r"^\d+ scripts, \d+ sets and 1 question box checked, no problems\.$", good.stdout, re.MULTILINE
    )


def test_check_says_how_long_each_script_takes_and_how_it_reads() -> None:
    told = typed("check").stdout

    assert re.search(
        r"^when_where_who: \d+ to \d+ questions, about \d+ to \d+ minutes\. Reading grade \d\.\d\.$",
        told,
        re.MULTILINE,
    )
    assert re.search(r"^first_talk: \d+ to \d+ questions", told, re.MULTILINE), "sets have a length, too"


def test_check_looks_at_a_whole_folder(tmp_path: Path) -> None:
    for name in ("one", "two"):
        text = FIRST_TALK.read_text("utf-8").replace("script: first_talk", f"script: {name}")
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    good = typed("check", **{settings.DIALOGS: str(tmp_path)})

    assert good.exit_code == 0
    assert "one: " in good.stdout and "two: " in good.stdout
    assert "2 scripts checked" in good.stdout


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
    assert "bytes.yaml: D101 This is not plain text. Save it as plain text in UTF-8." in bad.stderr
    assert "checked" not in bad.output


def test_a_warning_is_told_and_fails_only_when_asked_to(tmp_path: Path) -> None:
    text = FIRST_TALK.read_text("utf-8").replace(
        "What would you like us to call you?", "Please say your name."
    )
    (tmp_path / "one.yaml").write_text(text, "utf-8")
    told, strict = typed("check", "one.yaml"), typed("check", "--strict", "one.yaml")

    assert (told.exit_code, strict.exit_code) == (0, 1)
    assert 'D526 (warning) "please" does not help.' in told.stderr
    assert "1 script checked, " in told.stdout and "warning" in told.stdout
    assert told.stderr == strict.stderr


def test_check_looks_at_the_files_beside_the_one_it_is_given_and_tells_of_that_one_only(
    tmp_path: Path,
) -> None:
    for name in ("hello", "ready"):
        text = (ROOT / "dialogs" / f"{name}.yaml").read_text("utf-8")
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    alone = typed("check", "hello.yaml")
    (tmp_path / "talk.yaml").write_text("set: talk\ntitle: T\nparts:\n  - hello\n  - ready\n", "utf-8")
    (tmp_path / "bad.yaml").write_text("", "utf-8")
    in_a_set = typed("check", "hello.yaml")

    assert (alone.exit_code, in_a_set.exit_code) == (1, 0)
    assert "D216" in alone.stderr, "nobody would read it back"
    assert "bad.yaml" not in in_a_set.output


def test_a_mistake_between_two_scripts_is_told_of_the_one_that_makes_it(tmp_path: Path) -> None:
    for name in ("begin", "more", "page", "ending", "talk"):
        (tmp_path / f"{name}.yaml").write_text(
            GOOD[name].replace("weather is good", "wether is good"), "utf-8"
        )
    bad = typed("check", "page.yaml")

    told = 'D203 there is no question called "wether". Did you mean "weather"?\n'
    assert bad.stderr == f"page.yaml, line 12, column 9: {told}"
    assert typed("check", "begin.yaml", "more.yaml").exit_code == 0


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
    played = typed(
        "talk", str(FIRST_TALK), "--name", "Mo", keys="OK, next\nok\nYes, keep them\nMo Green\nok\n"
    )

    assert played.exit_code == 0
    assert "< *1 of 8: Before we begin*\n  Hello Mo." in played.output
    assert "Ravi is the person behind me" in played.output
    assert "How do you want your information?" in played.output


def test_a_talk_takes_numbers_and_the_words_of_buttons() -> None:
    skips = "OK, next\n[OK, next]\nYes, keep them\nSkip\nok\nLarge print\nDone\n"
    played = typed("talk", str(FIRST_TALK), keys=skips)

    assert "(* Large print)" in played.output
    assert "How big should the print be?" in played.output


def test_a_talk_can_be_a_file_with_another_key_contact() -> None:
    played = typed("talk", str(FIRST_TALK), "--key-contact", "Sam", keys="ok\n")

    assert "Sam is the person behind me" in played.output


def test_a_talk_can_be_a_set() -> None:
    played = typed("talk", "light", keys="ok\n")

    assert "Ravi is the person behind me" in played.output


def test_what_was_played_becomes_a_talk_file_that_holds(tmp_path: Path) -> None:
    file = tmp_path / "mine.txt"
    keys = "OK, next\nok\nYes, keep them\nMo Green\nok\nLarge print\nDone\n"
    played = typed("talk", "hello", "--record", str(file), keys=keys)

    assert played.exit_code == 0
    assert file.read_text("utf-8").startswith("script hello\n")
    assert "> Mo Green" in file.read_text("utf-8")
    held = typed("talk", str(file))
    assert (held.exit_code, held.output) == (0, f"{file}: the bot says just that.\n")


def test_a_talk_file_that_holds_no_more_shows_what_is_other_and_can_be_written_anew(tmp_path: Path) -> None:
    file = tmp_path / "old.txt"
    file.write_text("script hello\n\n< Good evening.\n\n> ok\n< Bye.\n", "utf-8")
    other = typed("talk", str(file))
    assert other.exit_code == 1
    assert "-< Good evening." in other.output
    assert "Good evening" in file.read_text("utf-8"), "nothing is written unless asked"

    assert typed("talk", str(file), "--write").exit_code == 0
    assert typed("talk", str(file)).exit_code == 0
    assert "> ok" in file.read_text("utf-8")


@pytest.mark.parametrize("words", ["< Hello\n", ""])
def test_a_talk_file_without_a_script_says_how_it_begins(tmp_path: Path, words: str) -> None:
    (tmp_path / "none.txt").write_text(words, "utf-8")
    stopped = typed("talk", str(tmp_path / "none.txt"))

    assert stopped.exit_code == 1
    assert "Begin with a line" in stopped.stderr


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


# ---- files


def test_a_script_from_another_editor_is_the_same_script_wherever_it_is_read(tmp_path: Path) -> None:
    text = FIRST_TALK.read_text("utf-8")
    (tmp_path / "good.yaml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())

    assert plaintext.of_file(tmp_path / "good.yaml") == text
    assert typed("check", str(tmp_path / "good.yaml")).exit_code == 0
    assert typed("talk", str(tmp_path / "good.yaml"), keys="").exit_code == 0


def test_what_is_no_text_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_bytes(b"\xff\xfe\x00")

    for command in ("check", "talk"):
        wrong = typed(command, str(tmp_path / "good.yaml"))
        assert wrong.exit_code == 1
        assert "good.yaml: D101 This is not plain text. Save it as plain text in UTF-8." in wrong.stderr


LOGS = """
import logging, bot.app, bot.cli
def logs(settings):
    logging.getLogger("bot.worker").warning("message 7 waits")
    raise SystemExit
bot.app.App = logs
bot.cli.main(["run"])
"""


def test_whoever_looks_after_it_can_see_when_something_went_wrong() -> None:
    set_to = os.environ | {settings.TOKEN: "1000:TOWN-SECRET"}
    done = subprocess.run([sys.executable, "-c", LOGS], env=set_to, capture_output=True, text=True)

    assert re.fullmatch(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} WARNING: message 7 waits\n", done.stderr)


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


# ---- files and databases that may not be used


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are no such rights")
@pytest.mark.parametrize("words", ["status", "dead", "backup", "keys check", "keys rotate", "restore copy"])
def test_whoever_may_not_look_into_the_folder_is_told_which_and_who_may(
    words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("beforehand.keys").write_text(LINE)
    Path("copy").write_text("")
    see = Path.stat

    def closed(file: Path, **how: bool) -> os.stat_result:
        if "closed" in file.parts:
            raise PermissionError(errno.EACCES, "Permission denied", str(file))
        return see(file, **how)

    monkeypatch.setattr(Path, "stat", closed)
    stopped = typed(*words.split(), DATABASE_URL="sqlite:///closed/beforehand.db")

    assert stopped.exit_code == 1
    assert stopped.stderr.startswith("Error: closed/")
    assert stopped.stderr.endswith("Permission denied. Type this as the user who runs the bot.\n")


def test_a_database_that_cannot_be_written_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("beforehand.keys").write_text(LINE)
    assert typed("migrate").exit_code == 0

    async def full(*_: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = 13
        raise OperationalError("", {}, error)

    monkeypatch.setattr(Store, "tx", full)
    stopped = typed("keys", "rotate")

    assert stopped.exit_code == 1
    assert "database or disk is full" in stopped.stderr and "Traceback" not in stopped.output


def test_a_mistake_of_the_program_still_shows_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: object) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr("bot.commands.backup.running.settings", wrong)
    assert isinstance(typed("backup").exception, RuntimeError)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are no such rights")
def test_only_its_owner_may_read_the_database() -> None:
    Path("beforehand.keys").write_text(LINE)
    assert typed("migrate").exit_code == 0

    assert Path("beforehand.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("words", ["scripts", "publish mine.yaml", "rollback first_talk"])
def test_in_the_wrong_folder_nothing_is_published_into_a_database_of_its_own(words: str) -> None:
    Path("beforehand.keys").write_text(LINE)
    Path("mine.yaml").write_text("script: mine")
    stopped = typed(*words.split())

    assert stopped.exit_code == 1
    assert stopped.stderr.startswith("Error: There is no database beforehand.db. ")
    assert not Path("beforehand.db").exists()


def test_a_copy_that_is_not_there_is_named_before_the_list_of_who_was_erased() -> None:
    Path("beforehand.keys").write_text(LINE)
    stopped = typed("restore", "cpoy.db")

    assert stopped.exit_code == 2
    assert "'cpoy.db' does not exist" in stopped.stderr and "--without-erasures" not in stopped.stderr
