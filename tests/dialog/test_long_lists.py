"""After a whole talk there is much to look through: it comes in parts that fit a small phone."""

import pytest

from bot.dialog.grouping import FEW
from bot.dialog.path import lines
from bot.dialog.talk import MOST, Button, Prompt, length, split
from bot.i18n import sayer
from bot.messenger.write import draw
from bot.summaries import compose, text
from bot.talkfile import Engine
from tests.dialog.asked import now_at, said
from tests.talks import ROOT, TALKS, script_in

FIRST_TALK = script_in(ROOT / "dialogs", "first_talk")
WHOLE = next(file for file in TALKS if file.name == "first_talk.txt" and file.parent.name == "scripts")
SAY = sayer("en")
PARTS = ["Before we begin", "Information your way", "When, where and who", "How to help you well"]


def whole_talk(until: str) -> Engine:
    """Ann's first talk as its talk file has it, up to this question."""
    ann = Engine(FIRST_TALK)
    ann.start()
    for line in WHOLE.read_text("utf-8").splitlines():
        if now_at(ann) == until:
            return ann
        if line.startswith("> "):
            ann.hear(line.removeprefix("> "))
        elif line.startswith("go to "):
            for quick in ann.quickly_to(line.removeprefix("go to ")):
                ann.hear(quick)
    raise AssertionError(f"never asked {until}")


def labels(prompt: Prompt) -> list[str]:
    return [button.label for button in prompt.buttons]


def headings(prompt: Prompt) -> list[str]:
    return [words for label, words in prompt.rows if not label]


@pytest.fixture(scope="module")
def at_private() -> Engine:
    return whole_talk("just_for_me")


def copy_of(ann: Engine) -> Engine:
    """The same talk, to go on with alone."""
    other = Engine(ann.here.script)
    other.here, other.at, other.shown = ann.here, ann.at, list(ann.shown)
    return other


def test_what_she_told_stands_under_the_names_of_the_parts(at_private: Engine) -> None:
    ann = copy_of(at_private)
    ann.hear("What I said")
    told = ann.shown[-1]
    drawn = draw(told).text

    assert headings(told)[:4] == PARTS
    assert drawn.startswith(
        "<b>What you told me</b>\n\n<b>Before we begin</b>\n<b>I am doing this:</b> On my own"
    )
    assert "\n\n<b>Information your way</b>\n<b>My information:</b> Large print" in drawn
    assert "\n\n\n" not in drawn


def test_a_few_lines_need_no_headings() -> None:
    ann = whole_talk("good_thing")
    ann.hear("What I said")

    assert headings(ann.shown[-1]) == []


def test_one_part_alone_has_no_heading() -> None:
    """Her page is read back by itself: its name would stand there twice."""
    ann = whole_talk("see_page")
    page = next(prompt for prompt in reversed(ann.shown) if "That is your page" in prompt.after)

    assert len(page.rows) == 6 and headings(page) == []


def test_ravi_reads_it_in_the_same_parts_and_what_is_open_stands_apart(at_private: Engine) -> None:
    summary = compose.compose(at_private.here)
    skipped = [entry for entry in summary if not entry.words]
    shared = text.whole(summary, "Ann", SAY, ())

    assert headings(shared)[:4] == PARTS
    assert not skipped or headings(shared)[-1] == ""
    assert {label for label, words in shared.rows if label} >= {"Call me", "Where", "My copy"}


def test_what_ravi_hears_of_skipped_questions_belongs_to_no_part() -> None:
    ann = Engine(FIRST_TALK)
    ann.start()
    for quick in ann.quickly_to("share"):
        ann.hear(quick)
    for name, words in (("i get on well with", "Jane"), ("best time", "It changes")):
        ann.hear(f"change {name}")
        ann.hear(words)
    entries = [*compose.compose(ann.here)]
    more = [compose.Entry(f"q{n}", f"Q{n}", "Yes", heading=PARTS[n % 2]) for n in range(8)]
    shared = text.whole((*more, *entries), "Ann", SAY, ())
    last = draw(shared).text.split("\n\n")[-1]

    assert last.startswith("<b>Skipped:</b> ")
    assert "<b>Call me" not in last and "Call me" in last


def test_changes_stand_under_their_parts_too() -> None:
    before = tuple(compose.Entry(f"q{n}", f"Q{n}", "Yes", heading=PARTS[n % 2]) for n in range(8))
    now = tuple(compose.Entry(e.place, e.label, "No", heading=e.heading) for e in before[1:])
    told = text.changes(compose.what_changed(before, now), "Ann", SAY, ())

    assert headings(told) == [PARTS[1], PARTS[0]]
    assert told.rows[-1] == ("Q0", "No longer shared")


def test_a_summary_from_before_there_were_parts_is_still_compared() -> None:
    old = compose.from_data([["q", "Q", "Yes", "given", "", []]])

    assert old == (compose.Entry("q", "Q", "Yes"),)
    assert compose.what_changed(old, (compose.Entry("q", "Q", "Yes", heading="A part"),)) == ()


# ---- more than one message takes


def test_a_long_read_back_is_cut_between_its_parts() -> None:
    rows = [
        row
        for part in range(6)
        for row in (("", f"Part {part}"), *((f"Label {part}.{n}", "word " * 40) for n in range(5)))
    ]
    parts = split(Prompt("", "What you told me", tuple(rows), "Is it right?", (("Yes",),)))

    assert len(parts) > 2
    assert [row for part in parts for row in part.rows] == rows
    assert all(part.rows[0][1].startswith("Part ") for part in parts if part.rows)
    assert all(length(draw(part).text) <= 4096 for part in parts)


@pytest.mark.parametrize("title", ["Our day " * 600, "x" * 3999, "😀" * 2100])
def test_a_title_longer_than_a_message_is_cut_like_words_and_holds_nobody_up(title: str) -> None:
    """An admin who lost a quote once had a whole page for a title, and the bot stood still for everybody."""
    parts = split(Prompt("Where shall we meet?", title, keys=(("Skip",),)))

    assert all(length(draw(part).text) <= 4096 for part in parts)
    told = "".join(part.title + part.text for part in parts)
    assert "".join(told.split()) == "".join((title + "Where shall we meet?").split())
    assert [part.keys for part in parts if part.keys] == [(("Skip",),)]


def test_words_below_a_heading_that_leaves_no_room_still_come_to_an_end() -> None:
    parts = split(Prompt("", "", (("", "Our day " * 600), ("Where", "word " * 900))))

    assert sum(words.count("word") for part in parts for label, words in part.rows if label) == 900


def test_one_part_that_is_too_long_alone_is_cut_and_keeps_its_name_with_its_first_line() -> None:
    rows = (("", "Short"), ("A", "a"), ("", "Long"), *((f"L{n}", "word " * 300) for n in range(5)))
    parts = split(Prompt("", "What you told me", rows))

    assert [part.rows[0] for part in parts[:2]] == [("", "Short"), ("", "Long")]
    assert len(parts[1].rows) > 1
    assert (
        " ".join(words for part in parts for _, words in part.rows).split()
        == " ".join(words for _, words in rows).split()
    )


@pytest.mark.parametrize("size", [10, MOST - 100, MOST, 3 * MOST])
def test_a_heading_never_ends_a_message(size: int) -> None:
    parts = split(Prompt("a" * 300, "Title", (("A", "b"), ("", "A part"), ("Label", "w" * size))))

    assert all(part.rows[-1][0] for part in parts if part.rows)
    assert sum(words.count("w") for part in parts for _, words in part.rows) == size


# ---- many buttons


def test_to_change_an_answer_she_chooses_the_part_then_the_line(at_private: Engine) -> None:
    ann = copy_of(at_private)
    asked = said(ann, "Change an answer")

    assert "Which part is it in?" in asked
    assert labels(ann.shown[-1])[:4] == PARTS

    ann.hear("(When, where and who)")
    shown = ann.shown[-1]

    assert shown.title == "When, where and who"
    assert "Where: At my home" in labels(shown)
    assert not any(label.startswith("Call me") for label in labels(shown))
    assert "Where would you like to meet?" in said(ann, "(Where: At my home)")


def test_every_answer_is_behind_one_of_the_parts(at_private: Engine) -> None:
    ann = copy_of(at_private)
    ann.hear("Change an answer")
    found = []
    for part in labels(ann.shown[-1]):
        ann.hear(f"({part})")
        found += [button.place for button in ann.shown[-1].buttons]

    assert len(found) == len(set(found))
    assert {line.place for line in lines(ann.here)} <= set(found)
    assert {"detail", "more_now"} <= set(found)


def test_a_part_that_is_gone_by_now_leads_to_the_parts_there_are(at_private: Engine) -> None:
    ann = copy_of(at_private)
    ann.shown.append(Prompt("old", buttons=(Button("group", "An old part", "gone"),)))

    assert "Which part is it in?" in said(ann, "(An old part)")


def test_few_answers_are_all_there_at_once() -> None:
    ann = whole_talk("good_thing")

    assert "Which answer would you like to change?" in said(ann, "Change an answer")
    assert 0 < len(ann.shown[-1].buttons) <= FEW


def test_to_keep_lines_private_she_goes_from_part_to_part(at_private: Engine) -> None:
    ann = copy_of(at_private)
    ann.hear("Yes, let me pick")

    assert labels(ann.shown[-1])[:2] == PARTS[:2]

    ann.hear("(Before we begin)")
    assert ann.shown[-1].edits and ann.shown[-1].title == "Before we begin"
    ann.hear("(What worries me)")
    ann.hear("(Back to the parts)")
    assert labels(ann.shown[-1])[0] == "Before we begin (1)" and ann.shown[-1].buttons[0].ticked

    ann.hear("(When, where and who)")
    ann.hear("(Where)")
    ann.hear("(Done)")
    assert ann.here.answers["just_for_me"].value["codes"] == ["worries", "place"]


def test_a_part_can_be_typed_too(at_private: Engine) -> None:
    ann = copy_of(at_private)
    ann.hear("Yes, let me pick")

    assert "(What worries me)" in said(ann, "before we begin")
    assert "(Information your way)" in said(ann, "back to the parts")
    assert "(just for you)" in said(ann, "what worries me")
