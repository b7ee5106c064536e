"""Voices and photos as answers."""

from bot.dialog.talk import State, Thing
from bot.summaries import compose
from bot.talkfile import Engine
from tests.dialog.asked import at, kept, now_at, read_back, said, sends

VOICE = {"kind": "voice", "file": "V1"}


def test_a_voice_alone_is_an_answer_and_the_next_question_comes() -> None:
    ann = at("matters")

    told = sends(ann, "voice", file="V1")

    assert told.startswith("Thank you. I have kept your voice message.")
    assert "How are things just now?" in told
    assert kept(ann, "matters") == {"words": "", "things": [VOICE]}
    assert "What matters to me: a voice message" in read_back(ann)


def test_words_alone_stay_as_they_always_were() -> None:
    ann = at("matters")
    ann.hear("My garden")

    assert kept(ann, "matters") == "My garden"


def test_the_words_with_a_photo_are_kept_with_it() -> None:
    ann = at("matters")

    sends(ann, "photo", "My garden", file="P1")

    assert kept(ann, "matters") == {"words": "My garden", "things": [{"kind": "photo", "file": "P1"}]}
    assert "What matters to me: My garden (with a photo)" in read_back(ann)


def test_a_photo_that_is_called_skip_is_still_a_photo() -> None:
    ann = at("matters")

    sends(ann, "photo", "Skip", file="P1")

    assert kept(ann, "matters")["things"] == [{"kind": "photo", "file": "P1"}]


def test_a_photo_sent_as_a_file_is_one_too() -> None:
    ann = at("matters")

    sends(ann, "document", file="D1")

    assert kept(ann, "matters")["things"] == [{"kind": "document", "file": "D1"}]


def test_an_album_is_one_answer() -> None:
    ann = at("matters")
    sends(ann, "photo", "My garden", file="P1")
    assert sends(ann, "photo", file="P2", seconds=0) == ""
    assert sends(ann, "photo", "and my cat", file="P3", seconds=1) == ""

    assert [each["file"] for each in kept(ann, "matters")["things"]] == ["P1", "P2", "P3"]
    assert kept(ann, "matters")["words"] == "My garden\nand my cat"
    assert now_at(ann) == "mood"


def test_a_second_voice_belongs_to_the_first() -> None:
    """She began it before she saw the next question, and that one takes no voice."""
    ann = at("matters")
    sends(ann, "voice", file="V1")

    told = sends(ann, "voice", file="V2", seconds=40)

    assert "I put it with your last answer: What matters to me." in told
    assert "How are things just now?" in told
    assert [each["file"] for each in kept(ann, "matters")["things"]] == ["V1", "V2"]


def test_a_voice_much_later_is_not_put_with_an_old_answer() -> None:
    ann = at("matters")
    sends(ann, "voice", file="V1")

    assert "I can only keep words here" in sends(ann, "voice", file="V2", seconds=3600)
    assert kept(ann, "matters")["things"] == [VOICE]


def test_a_voice_for_the_question_she_sees_is_for_that_one() -> None:
    ann = at("room")
    ann.hear("Skip")
    sends(ann, "voice", file="V1")

    assert kept(ann, "worry")["things"] == [VOICE]


def test_the_same_voice_twice_is_one() -> None:
    ann = at("matters")
    sends(ann, "voice", file="V1")

    assert sends(ann, "voice", file="V1", seconds=0) == ""
    assert kept(ann, "matters")["things"] == [VOICE]


def test_words_before_she_saw_the_next_question_join_the_voice() -> None:
    ann = at("matters")
    sends(ann, "voice", file="V1")
    ann.hear("and my cat", unseen=True)

    assert kept(ann, "matters") == {"words": "and my cat", "things": [VOICE]}


def test_a_voice_before_she_saw_the_next_question_joins_the_words() -> None:
    ann = at("matters")
    ann.hear("My garden")
    sends(ann, "voice", file="V1", seconds=0, unseen=True)

    assert kept(ann, "matters") == {"words": "My garden", "things": [VOICE]}


def test_a_new_voice_after_a_change_takes_the_place_of_the_old() -> None:
    ann = at("matters")
    sends(ann, "voice", file="V1")
    assert "You said: a voice message" in said(ann, "Back")
    sends(ann, "voice", file="V2")

    assert kept(ann, "matters")["things"] == [{"kind": "voice", "file": "V2"}]


def test_where_it_is_not_welcome_the_question_stands() -> None:
    ann = at("mood")

    told = sends(ann, "voice", file="V1")

    assert "Thank you for sending that. I can only keep words here for now." in told
    assert now_at(ann) == "mood"
    assert "I can keep words and voice messages here." in sends(at("worry"), "photo", file="P1")


def test_words_with_something_that_is_not_welcome_are_kept_and_she_is_told() -> None:
    ann = at("worry")

    told = sends(ann, "photo", "The stairs", file="P1")

    assert kept(ann, "worry") == "The stairs"
    assert told.startswith("I kept your words, but not what you sent with them.")


def test_what_i_said_plays_it_back() -> None:
    ann = at("matters")
    sends(ann, "voice", file="V1")
    ann.hear("/answers")

    assert [(p.text, p.thing) for p in ann.shown if p.thing] == [("What matters to me", Thing("voice", "V1"))]


# ---- what the key contact gets


def entries(ann: Engine) -> compose.Summary:
    return compose.compose(ann.here)


def test_the_summary_has_the_thing_and_not_the_private_one() -> None:
    ann = at("matters")
    sends(ann, "voice", file="V1")
    ann.hear("So-so 😐")
    ann.hear("Skip")
    sends(ann, "voice", file="SECRET")
    ann.hear("Yes, let me pick")
    ann.hear("What worries me")
    summary = entries(ann)

    assert [thing.file for entry in summary for thing in entry.things] == ["V1"]
    assert "SECRET" not in str(compose.as_data(summary))
    assert compose.from_data(compose.as_data(summary)) == summary


def test_another_voice_is_a_change_though_the_words_are_the_same() -> None:
    ann = at("matters")
    sends(ann, "voice", file="V1")
    before = entries(ann)
    ann.hear("Back")
    sends(ann, "voice", file="V2")
    changed = compose.what_changed(before, entries(ann))

    assert [change.label for change in changed] == ["What matters to me"]
    assert compose.new_things(changed) == [("What matters to me", Thing("voice", "V2"))]
    assert compose.what_changed(before, before) == ()


def test_what_was_shared_before_there_were_voices_can_still_be_read() -> None:
    old = [["matters", "What matters to me", "My garden", "given"], ["mood", "How things are", "", "skipped"]]

    summary = compose.from_data(old)

    assert summary[0] == compose.Entry("matters", "What matters to me", "My garden")
    assert summary[1].state is State.SKIPPED
