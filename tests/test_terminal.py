"""A talk as plain text: pictures, grids, and things a person sends that are not words."""

import pytest

from bot.dialog.talk import Button, Prompt, Said, Thing
from bot.sandbox.people import LONDON
from bot.terminal import PLACE, Player, draw
from tests.talks import script_named


@pytest.fixture
def player() -> Player:
    return Player(script_named("first_talk"), "Ann", "Ravi")


def test_a_picture_cannot_be_taken_for_a_key() -> None:
    prompt = Prompt("Like this?", thing=Thing("photo", "easy_read.png"), keys=(("Yes", "No"),))

    assert draw(prompt) == ["< Like this?", "  <photo easy_read.png>", "  [Yes] [No]"]


def test_a_picture_without_words_is_a_line() -> None:
    assert draw(Prompt(thing=Thing("voice", "audio.ogg"))) == ["< <voice audio.ogg>"]


def test_a_grid_of_buttons_is_drawn_row_by_row() -> None:
    labels = ("Mon am", "Mon pm", "Mon eve", "Tue am")
    buttons = tuple(Button(label, label, "times", ticked=label == "Mon pm") for label in labels)

    assert draw(Prompt("When?", buttons=buttons, columns=3)) == [
        "< When?",
        "  (Mon am) (* Mon pm) (Mon eve)",
        "  (Tue am)",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("<photo>", Said(thing="photo", file="photo-1")),
        ("<voice>", Said(thing="voice", file="voice-1")),
        ("<document>", Said(thing="document", file="document-1")),
        ("<sticker>", Said(thing="sticker")),
        ("<location 51.5, -0.1>", Said(thing="location", point=(51.5, -0.1))),
        ("<location>", Said(thing="location", point=PLACE)),
        ("<contact Mo, 07700 900123>", Said(thing="contact", card=("Mo", "07700 900123"))),
        ("<contact>", Said(thing="contact", card=("Ann", "+44 7700 900123"))),
        ("<location of the hub>", Said("<location of the hub>")),
        ("<3 my sister>", Said("<3 my sister>")),
        ("<photo> of me", Said("<photo> of me")),
    ],
)
def test_things_are_sent_by_their_name_in_angle_brackets(player: Player, words: str, said: Said) -> None:
    assert player._said(words) == said


def test_every_file_that_is_sent_has_a_name_of_its_own(player: Player) -> None:
    files = [player._said(words).file for words in ("<photo>", "<sticker>", "<voice>", "<photo>")]

    assert files == ["photo-1", "", "voice-2", "photo-3"]


def test_a_key_that_asks_for_a_place_sends_it_until_other_keys_come(player: Player) -> None:
    player.shown.append(Prompt("Where?", keys=(("Here",), ("Skip",)), wants=(("Here", "location"),)))
    player.shown.append(Prompt("Take your time."))
    here, skip = player._said("[Here]"), player._said("[Skip]")
    player.shown.append(Prompt("Who?", keys=(("Here",),)))

    assert (here, skip) == (Said(thing="location", point=PLACE), Said("Skip"))
    assert player._said("[Here]") == Said("Here")


def test_everybody_is_in_the_same_place_on_the_page_and_in_the_terminal() -> None:
    assert PLACE == LONDON
