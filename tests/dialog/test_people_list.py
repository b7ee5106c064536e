"""Who Ann brings, and how she knows them."""

import pytest

from bot.dialog.naming import Naming, goes_by
from bot.talkfile import Engine
from tests.dialog.asked import at, kept, now_at, read_back, said


def people(playing: Engine) -> list[tuple[str, str | None]]:
    """Names and how they are known, settled or not."""
    items = playing.here.answers["attendees"].value["items"]
    return [(item["name"], item.get("known")) for item in items]


@pytest.mark.parametrize(
    ("words", "name", "known"),
    [
        ("Mo, my brother", "Mo", "my brother"),
        ("my brother Mo", "Mo", "my brother"),
        ("My brother Mo.", "Mo", "my brother"),
        ("my brother mo", "mo", "my brother"),
        ("Mo (brother)", "Mo", "brother"),
        ("Mo - my brother", "Mo", "my brother"),
        ("Mo is my brother", "Mo", "my brother"),
        ("Jane my support worker", "Jane", "my support worker"),
        ("my support worker Jane Smith", "Jane Smith", "my support worker"),
        ("my friend from church Bob", "Bob", "my friend from church"),
        ("Jo, a friend", "Jo", "a friend"),
        ("Mary-Jane", "Mary-Jane", ""),
        ("Uncle Sam", "Uncle Sam", ""),
        ("my mum", "my mum", ""),
        ("My Social Worker", "My Social Worker", ""),
        ("Dr Khan", "Dr Khan", ""),
        ("Is", "Is", ""),
        ("Mo, who is my brother", "Mo", "who is my brother"),
        ("maybe my sister", "my sister", ""),
        ("and my brother Mo", "Mo", "my brother"),
        ("not my mum", "not my mum", ""),
        ("I’d like my sister to come", "my sister", ""),
        ("I don't want my mum there", "I don't want my mum", ""),
        ("Mo. He's my brother.", "Mo", "my brother"),
        ("Mo he is my brother", "Mo", "my brother"),
        ("There", "There", ""),
        ("Bring", "Bring", ""),
        ("my", "my", ""),
        ("()", "()", ""),
        (",", ",", ""),
        ("د. خان", "د. خان", ""),
    ],
)
def test_a_name_and_who_it_is(words: str, name: str, known: str) -> None:
    assert Naming(str).told(words) == (name, known)


@pytest.mark.parametrize("words", ["Mo, my brother", "my brother Mo", "Mo (my brother)"])
def test_what_she_said_already_is_not_asked(words: str) -> None:
    ann = at("attendees")

    assert "So far: Mo (my brother)." in said(ann, words)
    ann.hear("That is everyone")

    assert kept(ann, "attendees")["items"] == [{"id": "n1", "name": "Mo", "known": "my brother"}]


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ("A friend", "a friend"),
        ("1", "family"),
        ("paid to support me", "paid to support me"),
        ("we sing in the choir", "we sing in the choir"),
        ("Skip this", ""),
        ("Skip", ""),
        ("/notsure", ""),
    ],
)
def test_what_she_did_not_say_is_asked_once(words: str, known: str) -> None:
    ann = at("attendees")
    assert "How do you know Jane?" in said(ann, "Jane")

    assert "Is there anyone else?" in said(ann, words)
    assert people(ann) == [("Jane", known)]


def test_somebody_called_only_by_who_they_are_is_not_asked_about() -> None:
    ann = at("attendees")

    assert "So far: my mum." in said(ann, "my mum")


def test_two_people_in_one_message() -> None:
    ann = at("attendees")
    assert "So far: Mo (my brother), Jane (my friend)." in said(ann, "Mo my brother and Jane my friend")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Mum and my brother Mo", [("Mum", None), ("Mo", "my brother")]),
        ("Mum, my brother Mo", [("Mum", None), ("Mo", "my brother")]),
        ("Mo and my sister", [("Mo", None), ("my sister", None)]),
        ("Mo and Jane, my sister", [("Mo", None), ("Jane", "my sister")]),
        ("I want Mo and Jane to come please.", [("Mo", None), ("Jane", None)]),
    ],
)
def test_nobody_gets_lost_in_the_name_of_somebody_else(words: str, named: list[tuple[str, str]]) -> None:
    ann = at("attendees")
    assert "Is that one person or more?" in said(ann, words)
    ann.hear("2 people")

    assert [(name, known or None) for name, known in people(ann)] == named


def test_two_names_are_asked_about_one_after_the_other() -> None:
    ann = at("attendees")
    ann.hear("Mo and Jane")
    assert "How do you know Mo?" in said(ann, "2 people")
    assert "How do you know Jane?" in said(ann, "Family")
    ann.hear("A friend")

    assert people(ann) == [("Mo", "family"), ("Jane", "a friend")]


def test_skip_never_loses_who_she_has_named() -> None:
    ann = at("attendees")
    ann.hear("Mo, my brother")
    ann.hear("Skip")

    assert [item["name"] for item in kept(ann, "attendees")["items"]] == ["Mo"]
    assert now_at(ann) == "good_at@n1"


def test_the_same_name_with_somebody_else_behind_it_is_another_person() -> None:
    ann = at("attendees")
    ann.hear("Mo, my brother")
    ann.hear("Mo, my cousin")
    ann.hear("Mo")

    assert people(ann) == [("Mo", "my brother"), ("Mo", "my cousin")]


def test_another_name_keeps_all_that_was_said_about_them() -> None:
    ann = at("attendees")
    ann.hear("Mo, my brother")
    ann.hear("That is everyone")
    ann.hear("He makes me laugh")
    ann.hear("change who will be there")
    ann.hear("change Mo to Moses")
    ann.hear("That is everyone")

    assert kept(ann, "attendees")["items"] == [{"id": "n1", "name": "Moses", "known": "my brother"}]
    assert "What Moses does well: He makes me laugh" in read_back(ann)


def test_one_key_opens_a_name_and_what_is_typed_is_the_new_one() -> None:
    ann = at("attendees")
    ann.hear("Mo, my brother")

    assert "[Take off Mo]" in said(ann, "Change Mo")
    assert "So far: Moses (my brother)." in said(ann, "Moses")


def test_how_she_knows_somebody_can_be_put_right() -> None:
    ann = at("attendees")
    ann.hear("Mo, my brother")
    ann.hear("Change Mo")
    assert "How do you know Mo?" in said(ann, "How I know Mo")

    assert "So far: Mo (my best friend)." in said(ann, "my best friend")


@pytest.mark.parametrize("way_out", ["It is right as it is", "Skip"])
def test_a_name_opened_by_mistake_stays(way_out: str) -> None:
    ann = at("attendees")
    ann.hear("Mo, my brother")
    ann.hear("Change Mo")

    assert "So far: Mo (my brother)." in said(ann, way_out)


def test_who_is_taken_off_is_asked_about_no_more_and_the_number_is_not_used_again() -> None:
    ann = at("attendees")
    ann.hear("Mo, my brother")
    ann.hear("Change Mo")
    ann.hear("Take off Mo")
    ann.hear("Jo, my sister")
    ann.hear("That is everyone")

    assert kept(ann, "attendees")["items"] == [{"id": "n2", "name": "Jo", "known": "my sister"}]


def test_how_they_are_known_stands_in_questions_and_names_stay_names() -> None:
    ann = at("attendees")
    ann.hear("Mo, my brother")

    assert "What does Mo, my brother, do well?" in said(ann, "That is everyone")
    assert "Where would you like to meet, Mo?" in said(ann, "Skip")


def test_alone_she_is_asked_without_a_name() -> None:
    ann = at("attendees")

    assert "Where would you like to meet, just us two?" in said(ann, "Nobody, just me")


def test_too_many_words_are_asked_for_again_and_the_name_stays() -> None:
    ann = at("attendees")
    ann.hear("Jane")

    assert "Can you say it in a few words?" in said(ann, "she " * 40)
    assert people(ann) == [("Jane", None)]


def test_a_break_in_the_middle_loses_nobody() -> None:
    ann = at("attendees")
    ann.hear("Mo, my brother")
    ann.hear("Jane")
    ann.wait()

    assert "How do you know Jane?" in said(ann, "/continue")
    assert people(ann) == [("Mo", "my brother"), ("Jane", None)]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Annie", "Annie"),
        ("Call me Annie", "Annie"),
        ("Please call me Annie, not Ann.", "Annie"),
        ("just Ann please", "Ann"),
        ("My name’s Annie", "Annie"),
        ("I am Mrs Green", "Mrs Green"),
        ("Dr. Khan", "Dr. Khan"),
        ("Mrs Green or Ann", "Mrs Green"),
        ("Jo is fine", "Jo"),
        ("Justin", "Justin"),
        ("Orla", "Orla"),
        ("عائشة", "عائشة"),
        ("I like to be called Annie", "Annie"),
        ("I'd like you to call me Annie", "Annie"),
        ("Call me\nAnnie\nThank you", "Annie"),
        ("Ann - not Annie", "Ann"),
        ("Anne-Marie", "Anne-Marie"),
        ("Ann" + " " * 4000 + "Lee", "Ann Lee"),
        ("I don't mind", ""),
        ("you can call me what you like", ""),
        ("what?", ""),
        ("by my first name", ""),
        ("The name my mum gave me when I was born", ""),
        ("!", ""),
    ],
)
def test_she_is_greeted_by_a_name_and_not_by_a_whole_sentence(words: str, name: str) -> None:
    assert goes_by(words, str) == name
