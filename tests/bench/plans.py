"""How people talk to each bot of the table."""

from collections.abc import Iterator
from functools import cache
from itertools import count

from bot.dialog.load import load
from tests.bench.seat import Act, Screen
from tests.talks import DIALOGS

NO_ANSWERS = {"Skip", "Not sure", "Back", "Why do you ask?", "Show an example", "Help"}
"""Labels of the first talk that answer nothing."""

AT_THE_END = "I am sending it"


class Echo:
    """Somebody says something new each time, and wants to hear exactly that."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def opens(self, chat: int) -> Act:
        """The first words."""
        return Act(f"hello {next(self._numbers)}")

    def follows(self, screen: Screen) -> Act | None:
        """The next words, when these came back."""
        return Act(f"hello {next(self._numbers)}") if screen.text == screen.sent else None


class Form:
    """A form that says "Question …" and, at its end, "Thank you!"; then it is filled in again."""

    def opens(self, chat: int) -> Act:
        """Begin it."""
        return Act("/start")

    def follows(self, screen: Screen) -> Act | None:
        """The first button, or a line of words."""
        if screen.text.startswith("Thank you!"):
            return Act("/start")
        return Act(data=screen.buttons[0][1]) if screen.buttons else Act("My answer to that")


class FirstTalk:
    """Each person goes through the whole first talk and shares it; then the next one takes the phone.

    Shape: `invited` are the chats of people who may come, with their invitations.
    """

    def __init__(self, invited: Iterator[tuple[int, str]]) -> None:
        self._invited, self._numbers = invited, count(1)

    def opens(self, chat: int) -> Act:
        """Open the link of an invitation."""
        return self._next()

    def follows(self, screen: Screen) -> Act | None:
        """The first answer on offer; two messages ask "tap all that fit", and the second has the buttons."""
        if AT_THE_END in screen.text:
            return self._next()
        if screen.buttons:
            return Act(data=_to_press(screen.buttons))
        if screen.is_redrawn:
            return None
        offered = [key for key in screen.keys if key not in NO_ANSWERS]
        if offered:
            return Act(offered[0])
        if any(asked in screen.text for asked in _ticked()):
            return None
        return Act(f"In my own words, line {next(self._numbers)}")  # the same words twice would be a slip

    def _next(self) -> Act:
        chat, token = next(self._invited)
        return Act(f"/start {token}", chat=chat)


@cache
def _ticked() -> tuple[str, ...]:
    """What questions say whose buttons come in a message of their own."""
    script = load((DIALOGS / "first_talk.yaml").read_text("utf-8"))
    return tuple(question.ask for question in script.questions if question.kind == "many")


def _to_press(buttons: list[tuple[str, str]]) -> str:
    """One tick, then Done."""
    is_ticked = any(label.startswith("✓") for label, _ in buttons)
    return buttons[-1][1] if is_ticked else buttons[0][1]
