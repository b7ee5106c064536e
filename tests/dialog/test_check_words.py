"""Plain words: what is hard to read is found, and what is not is left alone."""

import pytest

from bot.dialog.check import check
from bot.dialog.check.languages.en import ENGLISH, JARGON
from bot.dialog.load import load
from tests.dialog.test_planted_mistakes import ALONE, PLANTS

WHY = "They plan your talk with them."
PLAIN = [
    "You choose the day and the place.",
    "Some people like their first name. Some like Mr or Mrs.",
    "We look for a day that fits your week, not only ours.",
    "A talk goes better when you are not tired.",
    "Call 999 in an emergency.",
    "Is the NHS or your GP part of it? You decide.",
    "It is fine to be worried, scared or bored.",
    "You can have a break when you are tired.",
    "My sister comes at 2pm on Monday 6 August.",
    "Your grandchildren can come. So can your dog.",
    "We write it in large print, as big as you like.",
    "Nobody is there who you do not want there.",
    "Do not bring bank details.",
    "One of us will meet you at the door.",
    "Who brings you, and how far is it.",
]


def codes(why: str, text: str = ALONE) -> list[str]:
    assert WHY in text
    return [each.code for each in check(load(text.replace(WHY, why)), samples=frozenset({"home.png"}))]


@pytest.mark.parametrize("words", PLAIN)
def test_plain_words_are_left_alone(words: str) -> None:
    assert codes(words) == []


@pytest.mark.parametrize("word", JARGON)
def test_each_word_of_the_sector_is_found(word: str) -> None:
    assert "D521" in codes(f"This is about {word}.")
    assert "D521" in codes(f"{word.capitalize()}s are here.")


@pytest.mark.parametrize(
    "words",
    [
        "A provider is a group that is paid to help. Your provider can come.",
        "You can ask for respite (a break for who helps you).",
        "That is called respite. Ask for respite here.",
        "An outcome means something you want. Write your outcomes here.",
    ],
)
def test_a_word_that_is_explained_may_be_used(words: str) -> None:
    assert "D521" not in codes(words)


def test_an_explained_word_may_be_used_in_the_whole_script() -> None:
    text = ALONE.replace(
        "Everybody must get in.", "An advocate is someone who speaks up. Respite is a break."
    )

    assert codes("We can find respite.", text) == []


def test_letters_that_are_explained_may_be_used() -> None:
    assert codes("The speech team (SLT) can come. Ask the SLT.") == []
    assert codes("Ask the SLT.") == ["D522"]


def test_people_who_do_this_for_a_living_may_be_asked_in_their_words() -> None:
    assert codes("What is the eligibility?", ALONE.replace("for: person", "for: practitioner")) == []


def test_examples_are_in_the_words_of_those_who_say_them() -> None:
    text = ALONE.replace("- My sister Bea", "- I can't. Please ask my provider at 14:30")

    assert codes(WHY, text) == []


def test_in_another_language_only_lengths_are_looked_at() -> None:
    text = ALONE.replace("language: en", "language: cy")

    assert codes("Eligibility assessment. Can't.", text) == []
    assert codes("a " * 22 + ".", text) == ["D504"]


def test_something_else_may_ask_with_a_question_of_its_own() -> None:
    """An option that leads to another question leads somewhere."""
    text = ALONE.replace("quiet: A quiet room", "quiet: Something else")

    assert codes(WHY, text) == ["D222"]
    asks = text.replace(
        "      - id: share\n",
        """\
      - id: what_else
        kind: text
        label: What else
        ask: What else must it have?
        why: So.
        when: needs includes quiet
        examples:
          - A window
      - id: share
""",
    )
    assert codes(WHY, asks) == []


@pytest.mark.parametrize(
    "labels", [("Yes", "No"), ("No", "Yes indeed"), ("Yes", "No", "Not sure"), ("No", "Maybe", "OK")]
)
def test_yes_and_no_alone_are_no_choice(labels: tuple[str, ...]) -> None:
    old = "          family: Family\n          worker: Someone paid to help me\n"
    options = "".join(
        f"          {code}: {label}\n" for code, label in zip(("worker", "b", "c"), labels, strict=False)
    )

    also = ["D206"] if "Not sure" in labels else []  # that button is always there
    assert codes(WHY, ALONE.replace(old, options)) == ["D514", *also]


@pytest.mark.parametrize(
    "labels", [("Yes", "No", "Ask me first"), ("No steps", "No noise"), ("Yes, all", "Some")]
)
def test_a_third_answer_makes_it_one(labels: tuple[str, ...]) -> None:
    old = "          family: Family\n          worker: Someone paid to help me\n"
    options = "".join(
        f"          {code}: {label}\n" for code, label in zip(("worker", "b", "c"), labels, strict=False)
    )

    assert codes(WHY, ALONE.replace(old, options)) == []


def test_the_words_to_say_instead_are_no_jargon_themselves() -> None:
    found = [
        f"{word}: {instead}"
        for word, instead in JARGON.items()
        for other in JARGON
        if other in instead.split()
    ]

    assert len(JARGON) >= 80
    assert found == []
    assert all(len(word) > 1 for word in ENGLISH.style)


def test_every_rule_about_words_was_planted() -> None:
    assert {plant.code for plant in PLANTS if plant.code[1] == "5"} >= {
        f"D52{number}" for number in range(1, 8)
    }
