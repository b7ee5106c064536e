"""A talk that has come to one question, for the tests of the kinds."""

import json
from typing import Any

from bot.dialog.engine import after, step
from bot.dialog.path import current
from bot.dialog.talk import Said, State
from bot.talkfile import Engine
from tests.talks import script_named


def at(place: str) -> Engine:
    """Ann, who sees this question of `kinds_who_where`."""
    playing = Engine(script_named("kinds_who_where"))
    playing.start()
    for quick in playing.quickly_to(place):
        playing.hear(quick)
    playing.at += 600
    return playing


def now_at(playing: Engine) -> str:
    """The place of the question she sees; "" at the end."""
    position = current(playing.here)
    return position.place if position else ""


def kept(playing: Engine, place: str) -> Any:
    """What is kept there, once it is settled; it can always be stored."""
    answer = playing.here.answers.get(place)
    if answer is None or answer.state is not State.GIVEN:
        return None
    assert json.loads(json.dumps(answer.value)) == answer.value
    return answer.value


def said(playing: Engine, words: str) -> str:
    """What the bot says to these words, with all its buttons."""
    return "\n".join(playing.hear(words))


def read_back(playing: Engine) -> str:
    """What she has said, as it is read back to her."""
    return said(playing, "/answers")


def sends(playing: Engine, thing: str, text: str = "", seconds: int = 10, **more: Any) -> str:
    """What the bot says when she sends something with words, so many seconds after the last thing."""
    playing.at += seconds
    turn = step(playing.here, Said(text=text, thing=thing, at=playing.at, **more))
    playing.here = after(playing.here, turn, playing.at)
    return "\n".join(prompt.text for prompt in turn.prompts)
