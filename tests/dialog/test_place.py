"""Where Ann would like to meet."""

import pytest

from tests.dialog.asked import at, kept, now_at, read_back, said, sends


@pytest.mark.parametrize(
    "words", ["The hall behind the church", "Mo's", "At my aunt's home, in the kitchen", "🏡", "Café Nero"]
)
def test_a_typed_place_is_kept_at_once(words: str) -> None:
    ann = at("place")

    ann.hear(words)

    assert kept(ann, "place") == {"words": words}
    assert now_at(ann) == "reach"
    assert f"Where: {words}" in read_back(ann)


@pytest.mark.parametrize(("words", "code"), [("1", "home"), ("at my home", "home"), ("4.", "walk")])
def test_an_answer_is_picked_by_its_words_or_its_number(words: str, code: str) -> None:
    ann = at("place")

    ann.hear(words)

    assert kept(ann, "place") == {"code": code}


def test_one_short_word_that_may_be_an_answer_is_asked_about() -> None:
    """Else "home" would be no home, and the questions about homes would not come."""
    ann = at("place")

    assert "[At my home]" in said(ann, "home")
    ann.hear("At my home")
    assert kept(ann, "place") == {"code": "home"}


def test_her_own_words_can_stay_when_they_are_near_an_answer() -> None:
    ann = at("place")
    ann.hear("home")
    ann.hear("Keep my words")

    assert kept(ann, "place") == {"words": "home"}


def test_where_she_is_comes_from_the_map() -> None:
    ann = at("place")

    ann.hear("<location 51.50735, -0.12776>")

    assert kept(ann, "place") == {"point": [51.50735, -0.12776]}
    assert "Where: A place on the map (51.5074, -0.1278)" in read_back(ann)


def test_a_place_with_a_name_is_called_by_it() -> None:
    ann = at("place")

    sends(ann, "location", "St Mary's Hall, High Street", point=(51.5, -0.1))

    assert "Where: St Mary's Hall, High Street" in read_back(ann)


def test_somewhere_else_asks_where_and_takes_the_map_too() -> None:
    ann = at("place")

    assert "Where would that be?" in said(ann, "Somewhere else")
    ann.hear("<location 51.5, -0.1>")

    assert kept(ann, "place") == {"code": "other", "point": [51.5, -0.1]}
    assert "Where: A place on the map (51.5000, -0.1000)" in read_back(ann)


def test_somewhere_else_counts_when_she_will_not_say_where() -> None:
    ann = at("place")
    ann.hear("Somewhere else")
    ann.hear("Skip")

    assert kept(ann, "place") == {"code": "other"}
    assert now_at(ann) == "reach"


def test_the_key_sends_where_she_is_and_a_phone_that_cannot_gets_another_way() -> None:
    ann = at("place")

    assert ann.shown[-1].wants == (("Send where I am", "location"),)
    assert "You can type the place." in said(ann, "Send where I am")
    assert now_at(ann) == "place"
    assert kept(ann, "place") is None


def test_an_answer_that_is_offered_no_more_keeps_its_words() -> None:
    ann = at("place")

    assert "By phone" not in said(ann, "/why")
    assert "By phone" not in said(ann, "More answers (2)")
    ann.hear("6")
    ann.hear("my car")
    assert kept(ann, "place") == {"code": "other", "words": "my car"}


@pytest.mark.parametrize("words", ["/skip", "/notsure"])
def test_it_need_not_be_said(words: str) -> None:
    ann = at("place")
    ann.hear(words)

    assert now_at(ann) == "reach"


def test_going_back_offers_what_she_said() -> None:
    ann = at("place")
    ann.hear("The hall")

    assert "You said: The hall" in said(ann, "Back")
    ann.hear("Keep this answer")
    assert kept(ann, "place") == {"words": "The hall"}
