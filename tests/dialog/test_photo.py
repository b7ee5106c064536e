"""A photo can say more than words."""

from tests.dialog.asked import at, kept, now_at, read_back, said, sends


def test_a_photo_with_its_words() -> None:
    ann = at("room")
    told = sends(ann, "photo", "My step", file="F1")
    assert "You said: My step (with a photo)" in told

    ann.hear("That is all")

    assert kept(ann, "room") == {"things": [{"kind": "photo", "file": "F1"}], "words": "My step"}
    assert "A photo: My step (with a photo)" in read_back(ann)


def test_several_and_five_are_enough() -> None:
    ann = at("room")
    for number in range(5):
        assert now_at(ann) == "room"
        sends(ann, "photo" if number else "document", file=f"F{number}")

    assert now_at(ann) == "worry"
    assert [each["file"] for each in kept(ann, "room")["things"]] == ["F0", "F1", "F2", "F3", "F4"]
    assert "A photo: 4 photos and a file" in read_back(ann)


def test_a_sixth_is_refused_kindly_and_not_dropped_in_silence() -> None:
    ann = at("room")
    for number in range(5):
        sends(ann, "photo", file=f"F{number}")

    assert "I can keep words and voice messages here." in sends(ann, "photo", file="F5", seconds=0)
    assert len(kept(ann, "room")["things"]) == 5


def test_words_after_a_photo_are_about_it() -> None:
    ann = at("room")
    sends(ann, "photo", file="F1")
    ann.hear("It is too high")
    ann.hear("that's all")

    assert kept(ann, "room")["words"] == "It is too high"


def test_words_alone_are_asked_about_then_kept() -> None:
    ann = at("room")
    assert "[Keep my words]" in said(ann, "I have no photo")
    assert now_at(ann) == "room"

    ann.hear("Keep my words")

    assert kept(ann, "room") == {"things": [], "words": "I have no photo"}


def test_words_alone_belong_to_the_photo_that_comes_after_them() -> None:
    ann = at("room")
    ann.hear("the step")
    sends(ann, "photo", file="F1")
    ann.hear("That is all")

    assert kept(ann, "room") == {"things": [{"kind": "photo", "file": "F1"}], "words": "the step"}


def test_skip_after_a_photo_keeps_the_photo() -> None:
    ann = at("room")
    sends(ann, "photo", file="F1")
    ann.hear("Skip")

    assert kept(ann, "room")["things"] == [{"kind": "photo", "file": "F1"}]


def test_a_new_photo_after_a_change_takes_the_place_of_the_old() -> None:
    """Somebody who changes a photo does not want the first one passed on."""
    ann = at("room")
    sends(ann, "photo", file="F1")
    ann.hear("That is all")
    ann.hear("Back")
    sends(ann, "photo", file="F2")
    ann.hear("That is all")

    assert kept(ann, "room")["things"] == [{"kind": "photo", "file": "F2"}]


def test_leaving_half_way_loses_nothing() -> None:
    ann = at("room")
    sends(ann, "photo", file="F1")
    ann.hear("Back")
    ann.hear("Keep this answer")
    ann.hear("Skip")
    ann.wait()

    assert now_at(ann) == "room"
    ann.hear("That is all")
    assert kept(ann, "room")["things"] == [{"kind": "photo", "file": "F1"}]


def test_a_voice_is_not_taken_here() -> None:
    ann = at("room")

    assert "I can keep photos, files and words here." in sends(ann, "voice", file="V1")
    assert now_at(ann) == "room"
