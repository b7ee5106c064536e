"""Words that come late: written before the next question could be seen, or said once more."""

from tests.dialog.test_review_dialog import Ann, script

SHORT = script("""
    - id: all
      title: All
      questions:
        - {id: keep, kind: consent, label: Keep, ask: Keep?, "yes": "Yes", "no": "No", if_no: stop}
        - id: where
          kind: choice
          label: Where
          ask: Where?
          say_more: Where would that be?
          options: {home: Home, other: {label: Somewhere else, say_more: true}}
        - {id: spot, kind: place, label: Spot, ask: Spot?, options: {hall: The hall, other: {label: Elsewhere, say_more: true}}}
        - {id: days, kind: many, label: Days, ask: Days?, options: {monday: Monday, tuesday: Tuesday}}
        - {id: guests, kind: list, label: Guests, ask: Who?, item: guest, nobody: Nobody}
        - {id: last, kind: text, label: Last, ask: Last?}
""")  # noqa: E501 - one question a line


def ann_at(place: str) -> Ann:
    ann = Ann(SHORT)
    ann.does()
    for at, words in {"keep": "Yes", "where": "Home", "spot": "The hall", "days": "Monday"}.items():
        if at == place:
            break
        ann.does(words)
    return ann


def test_the_same_option_tapped_again_is_not_taken_for_the_words_it_asks_for() -> None:
    """Its question came twice, so she tapped twice."""
    ann = ann_at("where")
    ann.does("Somewhere else")

    assert ann.does("Somewhere else").endswith("Where would that be?")
    ann.does("At the mill")
    assert ann.kept("where") == {"code": "other", "words": "At the mill"}


def test_another_option_may_be_tapped_instead_of_saying_more() -> None:
    ann = ann_at("where")
    ann.does("Somewhere else")
    ann.does("Home")
    assert ann.kept("where") == {"code": "home"}

    ann.does("Elsewhere")
    ann.does("The hall")
    assert ann.kept("spot") == {"code": "hall"}


def test_the_same_words_again_before_she_saw_the_next_question_change_nothing() -> None:
    ann = ann_at("where")
    ann.does("Somewhere else")
    ann.does("At the mill")

    assert ann.does("At the mill", seconds=20, unseen=True) == ""
    assert ann.kept("where") == {"code": "other", "words": "At the mill"}
    assert ann.kept("spot") is None


def test_other_words_before_she_saw_the_next_question_are_for_the_one_she_saw() -> None:
    ann = ann_at("spot")
    ann.does("The hall")
    ann.does("Elsewhere", unseen=True)
    ann.does("The big barn behind the church")

    assert ann.kept("spot") == {"code": "other", "words": "The big barn behind the church"}


def test_somebody_more_before_she_saw_the_next_question_is_brought_too() -> None:
    ann = ann_at("guests")
    ann.does("Mo")
    ann.does("That is everyone")
    ann.does("Jo", unseen=True)

    assert [guest["name"] for guest in ann.kept("guests")["items"]] == ["Mo", "Jo"]  # type: ignore[index]
    assert ann.kept("last") is None


def test_words_that_answer_nothing_she_has_seen_are_no_answer_to_what_she_has_not() -> None:
    ann = ann_at("keep")
    ann.does("Yes")
    told = ann.does("My old house by the sea", unseen=True)

    assert told.startswith("We wrote at the same time.") and "Where?" in told
    assert ann.kept("where") is None


def test_what_she_has_seen_she_answers() -> None:
    ann = ann_at("spot")
    ann.does("The hall")
    ann.does("Tuesday", seconds=2)

    assert ann.kept("days") is not None
    assert ann.kept("spot") == {"code": "hall"}
