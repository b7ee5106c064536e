"""Words in the person's language."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po

from bot.dialog.engine import step
from bot.dialog.talk import Prompt
from bot.i18n import date_in_words, extract_script, sayer
from bot.talkfile import Engine
from tests.talks import ROOT, script_named

CATALOGUE = ROOT / "locales" / "beforehand.pot"


def words_of_the_program() -> Iterator[str]:
    for found in extract_from_dir(ROOT / "bot", method_map=[("**.py", "python")], keywords={"_": None}):
        yield found[2] if isinstance(found[2], str) else found[2][0]


def words_of_the_scripts() -> Iterator[str]:
    for file in sorted((ROOT / "dialogs").glob("*.yaml")):
        for _, _, words, _ in extract_script(io.BytesIO(file.read_bytes()), (), (), {}):
            yield words


def test_translators_have_every_word_people_read() -> None:
    catalogue = read_po(io.BytesIO(CATALOGUE.read_bytes()))
    kept = {str(message.id) for message in catalogue if message.id}

    assert {*words_of_the_program(), *words_of_the_scripts()} == kept, (
        "run: pybabel extract -F pyproject.toml -k _ --no-wrap --sort-by-file --add-location=file "
        "--omit-header -o locales/beforehand.pot ."
    )
    assert len(kept) > 200


def test_the_extractor_leaves_out_what_nobody_reads() -> None:
    words = set(words_of_the_scripts())

    assert "Where would you like to meet?" in words
    assert "At my home" in words
    assert not words & {"true", "false", "choice", "home", "place", "stop"}


def test_a_language_nobody_has_translated_is_english_and_never_blank() -> None:
    assert {sayer(each)("Skip") for each in ("cy", "", "xx-yy")} == {"Skip"}
    assert sayer("en")("") == ""  # gettext would give the header of the catalogue


def test_a_whole_talk_goes_through_the_translators() -> None:
    """With every word in brackets, nothing on the screen may stand outside of them but what Ann said."""

    def bracketed(words: str) -> str:
        return f"⟦{words}⟧" if words else ""

    engine = Engine(script_named("first_talk"))
    engine.here = replace(engine.here, say=bracketed)
    shown = list(step(engine.here, None).prompts)
    engine.begin()
    replies = [
        "⟦OK, next⟧",
        "⟦OK, next⟧",
        "⟦Yes, keep them⟧",
        "/help",
        "/stop",
        "/why",
        "/example",
        "/change",
    ]
    for words in [*replies, *["/skip"] * 20]:
        engine.say(words)
    shown += engine.shown

    assert len(shown) > 25
    assert [words for prompt in shown for words in _loose(prompt)] == []


def _loose(prompt: Prompt) -> list[str]:
    """Letters that stand outside of all brackets."""
    keys = [key for row in prompt.keys or () for key in row]
    rows = [words for row in prompt.rows for words in row]
    seen = "\n".join(
        [prompt.title, prompt.text, *rows, prompt.after, *keys, *(b.label for b in prompt.buttons)]
    )
    while (less := re.sub(r"⟦[^⟦⟧]*⟧", "", seen)) != seen:
        seen = less
    return re.findall(r"[^\W\d]{2,}", seen)


def test_dates_are_said_as_people_say_them() -> None:
    summer = datetime(2026, 8, 5, 13, 30, tzinfo=UTC)

    assert date_in_words(summer, "Europe/London", "en") == "Wednesday 5 August 2026, 2:30pm"
    assert date_in_words(summer, "Europe/London", "nonsense-language") == "Wednesday 5 August 2026, 2:30pm"
    assert "8:30" in date_in_words(summer, "America/Chicago", "en")
    assert "sierpnia" in date_in_words(summer, "Europe/Warsaw", "pl")


def test_babel_reads_the_scripts_with_our_extractor() -> None:
    found = list(extract_from_file(extract_script, ROOT / "tests" / "dialogs" / "first_talk.yaml"))

    assert len(found) > 80
