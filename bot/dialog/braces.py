"""What stands between braces in a text: {name}, or {name or words for when nothing is known}."""

import re
from collections.abc import Callable, Iterator

_BRACES = re.compile(r"\{([^{}]*)\}")


def filled(text: str, look: Callable[[str], str], unsaid: Callable[[str], str] = lambda _: "") -> str:
    """The text with what is known in place of each pair of braces.

    Shape: `look` gives what is known under a name, "" when nothing is; then the words after "or" count, and
    without those what `unsaid` gives.
    """

    def found(braces: "re.Match[str]") -> str:
        name, _, instead = braces[1].partition(" or ")
        return look(name) or instead or unsaid(name)

    return _BRACES.sub(found, text) if "{" in text else text


def between(text: str) -> Iterator[tuple[str, str]]:
    """All that stands between each pair of braces, and the name in it."""
    return ((inside, inside.partition(" or ")[0]) for inside in _BRACES.findall(text))


def stands_alone(text: str) -> bool:
    """Whether a brace has no other half."""
    return bool(re.search(r"[{}]", _BRACES.sub("", text)))
