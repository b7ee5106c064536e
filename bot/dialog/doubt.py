"""When words are none of the answers: what they may mean, or keeping them as they are."""

from bot import wording
from bot.dialog import choosing
from bot.dialog.kind import Asked, Shown


def did_you_mean(asked: Asked, labels: list[str], words: str) -> Shown:
    """Ask what was meant; nothing near is ever picked without asking."""
    say = asked.here.say
    close = [labels[n] for n in choosing.near(words, labels)]
    told = say(wording.NOT_IN_LIST).format(words=choosing.short(words))
    keys = (*close, say(wording.KEEP_WORDS), say(wording.SEE_LIST))
    return Shown(told, say(wording.DID_YOU_MEAN) if close else "", keys)


def keeps(asked: Asked, text: str) -> bool:
    """Whether they want their own words kept."""
    return choosing.says(text, asked.here.say(wording.KEEP_WORDS))


def wants_the_list(asked: Asked, text: str) -> bool:
    """Whether they want to see all answers again."""
    return choosing.says(text, asked.here.say(wording.SEE_LIST))
