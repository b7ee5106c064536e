"""How the Bot API says no: a status, Telegram's own words, and whether the bot was to blame."""


class Refused(Exception):
    """A call that Telegram would turn down.

    Shape: `breach` is True when a correct bot would never have made the call; those land in `problems`.
    """

    def __init__(
        self, description: str, *, status: int = 400, breach: bool = True, retry_after: int | None = None
    ) -> None:
        super().__init__(description)
        self.description, self.status, self.breach, self.retry_after = (
            description,
            status,
            breach,
            retry_after,
        )


def bad(words: str) -> Refused:
    """A call that breaks a rule of the Bot API."""
    return Refused(f"Bad Request: {words}")


def unlucky(words: str) -> Refused:
    """A call that came too late or hit something gone: it can happen to a correct bot."""
    return Refused(f"Bad Request: {words}", breach=False)


def forbidden(words: str) -> Refused:
    """A person who may not be written to."""
    return Refused(f"Forbidden: {words}", status=403, breach=False)


def conflict(words: str) -> Refused:
    """Two ways of asking for updates at the same time."""
    return Refused(f"Conflict: {words}", status=409, breach=False)
