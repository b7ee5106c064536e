"""The words of a script file, whoever reads it."""

from pathlib import Path

from bot.errors import NO_TEXT, ScriptProblems


def of_file(file: Path) -> str:
    """What stands in a file.

    Raises: ScriptProblems when it is not text; OSError when it cannot be read.
    """
    return of_bytes(file.read_bytes(), file.name)


def of_bytes(data: bytes, name: str) -> str:
    """What stands in the file of this name, with lines that end alike, whatever wrote it.

    Raises: ScriptProblems when it is not text.
    """
    try:
        words = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ScriptProblems(name, [NO_TEXT]) from None
    return words.replace("\r\n", "\n").replace("\r", "\n")
