"""How Ann can be reached: whatever she writes, it is kept."""

import pytest

from tests.dialog.asked import at, kept, now_at, read_back, said


@pytest.mark.parametrize(
    "number",
    ["07700 900123", "+447700900123", "+44 7700 900123", "0161 496 0000", "(0161) 496-0000", "01632960201"],
)
def test_a_whole_number_is_a_number(number: str) -> None:
    ann = at("reach")

    ann.hear(number)

    assert kept(ann, "reach") == {"phone": number}


@pytest.mark.parametrize("email", ["a@b.co", "mo.o'neil+me@example.org.uk", "Ann_1@example.com"])
def test_an_email_is_an_email(email: str) -> None:
    ann = at("reach")

    ann.hear(email)

    assert kept(ann, "reach") == {"email": email}


@pytest.mark.parametrize(
    ("odd", "asks", "key"),
    [
        ("0770", "whole phone number", "phone"),
        ("999", "whole phone number", "phone"),
        ("077 009", "whole phone number", "phone"),
        ("12345678901234567", "whole phone number", "phone"),
        ("mo@example", "email address", "email"),
        ("@mo", "email address", "email"),
    ],
)
def test_what_looks_unfinished_is_asked_about_and_never_refused(odd: str, asks: str, key: str) -> None:
    ann = at("reach")
    assert asks in said(ann, odd)
    ann.hear("Yes, it is")
    assert kept(ann, "reach") == {key: odd}

    again = at("reach")
    again.hear(odd)
    again.hear("Keep my words")
    assert kept(again, "reach") == {"words": odd}


def test_a_number_typed_anew_takes_the_place_of_half_a_number() -> None:
    ann = at("reach")
    ann.hear("0770")
    ann.hear("07700 900123")

    assert kept(ann, "reach") == {"phone": "07700 900123"}


@pytest.mark.parametrize("words", ["ask at the shop", "Mo knows", "🙂", "flat 2, 14 High Street"])
def test_words_are_kept_without_a_question(words: str) -> None:
    ann = at("reach")

    ann.hear(words)

    assert kept(ann, "reach") == {"words": words}


def test_a_number_in_a_sentence_is_found_and_no_word_is_lost() -> None:
    ann = at("reach")

    ann.hear("Ring Mo on 07700 900123, or write to mo@example.org. Not after six!")

    value = kept(ann, "reach")
    assert (value["phone"], value["email"]) == ("07700 900123", "mo@example.org")
    assert "Ring Mo on 07700 900123, or write to mo@example.org. Not after six! (only Ravi" in read_back(ann)


def test_a_contact_from_the_phone_is_name_and_number() -> None:
    ann = at("reach")

    ann.hear("<contact Mo, 07700 900456>")

    assert kept(ann, "reach") == {"name": "Mo", "phone": "07700 900456"}
    assert "How to reach me: Mo, 07700 900456 (only Ravi sees this)" in read_back(ann)


def test_one_key_sends_her_own_number() -> None:
    ann = at("reach")
    assert ann.shown[-1].wants == (("Send my number", "contact"),)

    assert "You can type it." in said(ann, "Send my number")  # on a computer the key sends only words
    assert now_at(ann) == "reach"
    ann.hear("[Send my number]")
    assert kept(ann, "reach") == {"name": "Ann", "phone": "+44 7700 900123"}


def test_a_voice_is_not_taken_here_and_the_question_stands() -> None:
    ann = at("reach")

    told = said(ann, "<voice>")

    assert "I can keep a phone number, an email or words here." in told
    assert now_at(ann) == "reach"
