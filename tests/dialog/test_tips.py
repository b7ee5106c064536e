"""Tips for whoever helps: there when a question is new, and whenever somebody asks for one."""

from bot.talkfile import Engine
from tests.dialog.asked import said
from tests.talks import ROOT, script_in

FIRST_TALK = script_in(ROOT / "dialogs", "first_talk")
TIP = "A tip for your helper:"


def with_a_helper(place: str) -> Engine:
    """Ann and her helper have come to this question."""
    ann = Engine(FIRST_TALK)
    ann.start()
    for quick in ann.quickly_to("how_to_do"):
        ann.hear(quick)
    ann.hear("Here, with a helper")
    for quick in ann.quickly_to(place):
        ann.hear(quick)
    return ann


def test_a_new_question_has_its_tip_and_asking_for_it_says_it_once() -> None:
    ann = with_a_helper("good_thing")

    assert TIP in ann.shown[-1].text
    assert said(ann, "tip").count(TIP) == 1


def test_a_question_that_is_open_again_gives_its_tip_when_asked() -> None:
    ann = with_a_helper("good_thing")
    ann.hear("My cat came home")

    assert TIP not in said(ann, "Back")
    assert said(ann, "tip").count(TIP) == 1


def test_a_helper_who_asks_where_there_is_no_tip_hears_that() -> None:
    ann = with_a_helper("samples")

    assert "I have no tip for this one." in said(ann, "tip")


def test_who_is_alone_gets_a_tip_when_they_ask() -> None:
    ann = Engine(FIRST_TALK)
    ann.start()
    for quick in ann.quickly_to("good_thing"):
        ann.hear(quick)

    assert TIP not in ann.shown[-1].text
    assert said(ann, "tip").count(TIP) == 1
