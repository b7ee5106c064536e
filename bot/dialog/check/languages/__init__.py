"""What plain words are, one file for each language; a language without one is checked for lengths only."""

from bot.dialog.check.languages.en import ENGLISH
from bot.dialog.check.languages.language import Language

LANGUAGES: dict[str, Language] = {"en": ENGLISH}
"""By the code of the language."""
