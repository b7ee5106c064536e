"""How a prompt looks on a phone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialog.talk import CAPTION, Button, Prompt, Thing, split
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


def test_a_heading_stands_apart_from_what_is_above_it() -> None:
    rows = (("", "You & me"), ("When", "Friday"), ("", ""), ("Skipped", "Where"))

    assert draw(Prompt(title="Told", rows=rows, after="Right?")).text == (
        "<b>Told</b>\n\n<b>You &amp; me</b>\n<b>When:</b> Friday\n\n<b>Skipped:</b> Where\n\nRight?"
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


def test_short_buttons_stand_several_a_row() -> None:
    times = tuple(Button(str(n), label, "times") for n, label in enumerate(("Mon am", "Mon pm", "Tue am")))
    markup = draw(Prompt("When?", buttons=times, columns=2)).markup

    assert markup is not None
    assert [[key["text"] for key in row] for row in markup["inline_keyboard"]] == [
        ["Mon am", "Mon pm"],
        ["Tue am"],
    ]


def test_a_key_that_sends_a_place_or_a_number_asks_for_it_and_the_others_do_not() -> None:
    keys = (("Send where I am",), ("Send my number",), ("Skip",))
    wants = (("Send where I am", "location"), ("Send my number", "contact"))
    markup = draw(Prompt("Where?", keys=keys, wants=wants)).markup

    assert markup is not None
    assert markup["keyboard"] == [
        [{"text": "Send where I am", "request_location": True}],
        [{"text": "Send my number", "request_contact": True}],
        [{"text": "Skip"}],
    ]


EASY = Thing("photo", "easy_read.png")


def test_words_and_buttons_stand_under_a_picture() -> None:
    message = draw(Prompt("A & B", title="Easy read", thing=EASY, buttons=(Button("a", "A", "q"),)))

    assert (message.thing, message.text) == (EASY, "<b>Easy read</b>\n\nA &amp; B")
    assert message.markup is not None and "inline_keyboard" in message.markup


def test_a_picture_needs_no_words() -> None:
    assert draw(Prompt(thing=EASY)) == Message("", None, EASY)


@pytest.mark.parametrize("words", ["a" * CAPTION, "&" * CAPTION, "🙂" * (CAPTION // 2)])
def test_words_that_just_fit_stand_under_their_picture(words: str) -> None:
    prompt = Prompt(words, thing=EASY, keys=(("OK",),))

    assert split(prompt) == (prompt,)
    assert draw(prompt).thing == EASY


@pytest.mark.parametrize("words", ["a" * (CAPTION + 1), "🙂" * (CAPTION // 2 + 1), "word " * 2000])
def test_words_too_long_for_a_picture_come_after_it_with_the_keyboard_last(words: str) -> None:
    prompt = Prompt(words, thing=EASY, keys=(("Here",),), wants=(("Here", "location"),))
    picture, *parts = split(prompt)

    assert picture == Prompt(thing=EASY)
    assert " ".join(part.text for part in parts).split() == words.split()
    assert [part.thing for part in parts] == [None] * len(parts)
    assert [(part.keys, part.wants) for part in parts[:-1]] == [(None, ())] * (len(parts) - 1)
    assert (parts[-1].keys, parts[-1].wants) == (prompt.keys, prompt.wants)


def test_a_grid_under_a_long_message_stays_a_grid() -> None:
    prompt = Prompt("word " * 2000, buttons=(Button("a", "A", "q"), Button("b", "B", "q")), columns=2)

    assert (split(prompt)[-1].buttons, split(prompt)[-1].columns) == (prompt.buttons, 2)


def test_words_that_have_grown_too_long_for_their_picture_are_shown_without_it() -> None:
    """An edit is never split, and what may have come before says one thing more."""
    edit = Prompt("a" * (CAPTION + 1), thing=EASY, buttons=(Button("a", "A", "q"),), edits=True)

    assert split(edit) == (edit,)
    assert draw(edit).thing is None
    assert draw(Prompt("a" * CAPTION, thing=EASY), doubts=1).thing is None


def test_a_message_that_may_have_come_before_says_so_first() -> None:
    assert draw(Prompt("Tomorrow at ten"), doubts=1).text == f"{IN_CASE}\n\nTomorrow at ten"


@given(st.text(), st.text(), st.text())
def test_no_words_can_break_the_message(title: str, label: str, words: str) -> None:
    text = draw(Prompt("text", title=title, rows=((label, words),))).text
    without_ours = text.replace("<b>", "").replace("</b>", "")

    assert "<" not in without_ours
    assert ">" not in without_ours
