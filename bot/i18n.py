"""Words in the person's language, dates in words, and where Babel finds the words of the scripts."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.support import NullTranslations, Translations
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

DOMAIN = "beforehand"
_SPOKEN = {  # script keys a person reads
    "title", "label", "ask", "why", "easy", "tip", "how_known", "unit", "say_more", "yes", "no", "nobody",
    "words", "text", "promise", "answer",
}  # fmt: skip
_LISTS = {"examples", "options", "asked"}


def locales() -> Path:
    """The folder of the catalogues: the working folder's in a checkout, else the one that was installed."""
    here = Path(__file__).parent
    installed = here / "_data" / "locales"
    return installed if installed.is_dir() else here.parent / "locales"


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations for a language; English where there are none, message by message."""
    wanted = [language, language.partition("_")[0]]
    return Translations.load(str(locales()), wanted, DOMAIN)


def is_spoken(language: str) -> bool:
    """Whether there are translations for a language."""
    return isinstance(catalogue(language), Translations)


@cache
def sayer(language: str) -> Callable[[str], str]:
    """The function that gives words in that language; always the same one, so that it can be a key."""
    told = catalogue(language).gettext
    return lambda words: str(told(words)) if words else words


def date_in_words(when: datetime, zone: str, language: str) -> str:
    """A day and time as people say it: "Friday 12 March 2027, 2pm"."""
    local = when.astimezone(ZoneInfo(zone))
    locale = _locale(language)
    time = format_time(local, "short", locale=locale)
    if locale.language == "en":
        time = format_time(local, "h:mma" if local.minute else "ha", locale=locale).lower()
    return f"{format_date(local, 'EEEE d MMMM y', locale)}, {time}"


def _locale(language: str) -> Locale:
    try:
        found = Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale("en", "GB")
    return Locale("en", "GB") if found.language == "en" else found


def extract_script(file: Any, keywords: Any, comments: Any, options: Any) -> Iterator[Any]:
    """Babel's extractor for dialogs/*.yaml.

    Shape: (line, function, words, comments) for every word of the script a person reads.
    """
    root = YAML(typ="rt", pure=True).compose(StringIO(file.read().decode("utf-8")))
    yield from _spoken(root, "script")


def _spoken(node: Node, place: str) -> Iterator[Any]:
    if isinstance(node, SequenceNode):
        for item in node.value:
            yield from _spoken(item, place)
    if not isinstance(node, MappingNode):
        return
    place = next((v.value for k, v in node.value if k.value in ("id", "script")), place)
    for key, value in node.value:
        if key.value in _SPOKEN and isinstance(value, ScalarNode) and value.value not in ("true", "false"):
            yield _message(value, place, key.value)
        elif key.value in _LISTS:
            yield from _listed(value, place, key.value)
        else:
            yield from _spoken(value, place)


def _listed(node: Node, place: str, key: str) -> Iterator[Any]:
    values = [v for _, v in node.value] if isinstance(node, MappingNode) else node.value
    for value in values:
        if isinstance(value, ScalarNode):
            yield _message(value, place, key)
        else:
            yield from _spoken(value, place)


def _message(node: ScalarNode, place: str, key: str) -> tuple[int, str, str, list[str]]:
    return node.start_mark.line + 1, "gettext", node.value, [f"{place}: {key}"]
