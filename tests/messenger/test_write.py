"""How a prompt looks on a phone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialog.talk import Button, Prompt
from bot.messenger.write import Message, draw
from bot.wording import IN_CASE


def test_words_are_shown_as_they_are() -> None:
    assert draw(Prompt('Tom & Jerry <b>\n"hi"')) == Message('Tom &amp; Jerry &lt;b&gt;\n"hi"')


def test_a_whole_prompt_has_a_bold_title_rows_of_bold_labels_and_a_last_word() -> None:
    prompt = Prompt(
        title="What I <heard>",
        text="Is it right?",
        rows=(("When", "Friday & Monday"), ("Who with?", "Mo"), ("Where", "")),
        after="Tap a button.",
    )

    assert draw(prompt).text == (
        "<b>What I &lt;heard&gt;</b>\n\nIs it right?\n\n"
        "<b>When:</b> Friday &amp; Monday\n<b>Who with?</b> Mo\n<b>Where:</b>\n\nTap a button."
    )


def test_parts_that_are_empty_leave_no_gap() -> None:
    assert draw(Prompt(title="Title", after="Last")).text == "<b>Title</b>\n\nLast"


def test_a_message_without_words_is_refused_before_telegram_does() -> None:
    with pytest.raises(ValueError, match="without words"):
        draw(Prompt(text=" \n ", keys=(("A",),)))


def test_answers_stand_on_a_keyboard_that_stays() -> None:
    markup = draw(Prompt("Who?", keys=(("Mo",), ("Skip", "Not sure")))).markup

    assert markup == {
        "keyboard": [[{"text": "Mo"}], [{"text": "Skip"}, {"text": "Not sure"}]],
        "resize_keyboard": True,
        "is_persistent": True,
    }


def test_no_answers_take_the_keyboard_away_and_none_leave_it() -> None:
    assert draw(Prompt("Bye", keys=())).markup == {"remove_keyboard": True}
    assert draw(Prompt("Wait")).markup is None


def test_buttons_stand_one_a_row_with_a_tick_where_they_are_ticked() -> None:
    buttons = (Button("easy", "Easy words", "formats", ticked=True), Button("audio", "Audio", "formats"))
    markup = draw(Prompt("How?", buttons=buttons)).markup

    assert markup is not None
    assert [[(key["text"], key["callback_data"]) for key in row] for row in markup["inline_keyboard"]] == [
        [("✓ Easy words", "formats:easy")],
        [("Audio", "formats:audio")],
    ]


def test_a_button_carries_at_most_64_bytes() -> None:
    fits = Button("c", "Label", "é" * 31)
    draw(Prompt("How?", buttons=(fits,)))

    for wrong in (Button("cc", "Label", "é" * 31), Button("a:b", "Label", "q")):
        with pytest.raises(ValueError, match="must be short"):
            draw(Prompt("How?", buttons=(wrong,)))


def test_a_message_that_may_have_come_before_says_so_first() -> None:
    assert draw(Prompt("Tomorrow at ten"), doubts=1).text == f"{IN_CASE}\n\nTomorrow at ten"


@given(st.text(), st.text(), st.text())
def test_no_words_can_break_the_message(title: str, label: str, words: str) -> None:
    text = draw(Prompt("text", title=title, rows=((label, words),))).text
    without_ours = text.replace("<b>", "").replace("</b>", "")

    assert "<" not in without_ours
    assert ">" not in without_ours
