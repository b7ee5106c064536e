"""Nothing is shared that the person has not had the chance to keep to themselves."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.dialog.answers import Answer
from bot.dialog.engine import after, step
from bot.dialog.path import current, lines, shares
from bot.dialog.script import Script
from bot.dialog.talk import Button, Event, Prompt, Said, State
from bot.summaries.compose import compose
from bot.talkfile import Engine
from tests.dialog.asked import now_at, said
from tests.talks import ROOT, script_in, script_named

FIRST_TALK = script_in(ROOT / "dialogs", "first_talk")
TEXTS = {file.stem: file.read_text("utf-8") for file in (ROOT / "dialogs").glob("*.yaml")}


def at_the_read_back(*private: str) -> Engine:
    """Ann has come to the end of the first talk, and kept these lines to herself."""
    ann = Engine(FIRST_TALK)
    ann.start()
    for place, words in (("call_me", "Ann"), ("worries", "My mother hears of it")):
        for quick in ann.quickly_to(place):
            ann.hear(quick)
        ann.hear(words)
    for quick in ann.quickly_to("just_for_me"):
        ann.hear(quick)
    if private:
        ann.hear("Yes, let me pick")
        for line in private:
            ann.hear(line)
    else:
        ann.hear("No, nothing")
    assert now_at(ann) == "share"
    ann.at += 600
    return ann


def opens(ann: Engine, place: str) -> None:
    """She taps the button that opens this answer again."""
    ann.shown.append(Prompt("Which?", buttons=(Button("change", "This one", place),)))
    ann.hear("(This one)")


def adds_her_page(ann: Engine) -> str:
    """She chooses her page after all, and says what matters; the first words after it."""
    opens(ann, "more_now")
    ann.hear("One page about you")
    told = ""
    while current(ann.here) and now_at(ann) not in ("just_for_me", "share"):
        text = current(ann.here).question.kind == "text"  # type: ignore[union-attr]
        told = said(ann, "My secret garden" if text else next(ann.quickly_to("share")))
    return told


def shared(ann: Engine) -> set[str]:
    return {entry.label for entry in compose(ann.here)}


def test_what_a_part_chosen_later_brings_can_be_kept_private_before_it_is_shared() -> None:
    ann = at_the_read_back()
    told = adds_her_page(ann)

    assert "Is there anything you want to keep just for you?\n  You have told me more since I asked." in told
    assert "! shared" not in said(ann, "Share with Ravi")

    ann.hear("Yes, let me pick")
    ann.hear("What matters to me")
    assert now_at(ann) == "share"
    assert "! shared" in said(ann, "Share with Ravi")
    assert "A good day for me" in shared(ann) and "What matters to me" not in shared(ann)


def test_to_keep_nothing_more_still_keeps_what_she_kept_before() -> None:
    ann = at_the_read_back("What worries me")
    told = adds_her_page(ann)

    assert "What you kept before stays just for you." in told
    assert "What worries me: My mother hears of it (just for you)" in said(ann, "No, nothing")
    assert "! shared" in said(ann, "Share with Ravi")
    assert "What worries me" not in shared(ann) and "What matters to me" in shared(ann)


def test_who_begins_to_pick_and_then_wants_nothing_more_still_keeps_what_she_kept_before() -> None:
    ann = at_the_read_back("What worries me")
    adds_her_page(ann)
    ann.hear("Yes, let me pick")
    ann.hear("(One page about you)")

    assert "What worries me: My mother hears of it (just for you)" in said(ann, "No, nothing")
    ann.hear("Share with Ravi")
    assert "What worries me" not in shared(ann)


@pytest.mark.parametrize("words", ["Skip", "Not sure"])
def test_to_skip_it_shares_no_line_she_kept_and_asks_no_third_time(words: str) -> None:
    ann = at_the_read_back("What worries me")
    adds_her_page(ann)
    ann.hear(words)

    assert now_at(ann) == "share"
    assert "What worries me" not in shared(ann)


def test_a_line_that_was_there_to_keep_can_change_without_being_asked_again() -> None:
    ann = at_the_read_back()
    ann.hear("change call me")

    assert "*What you told me*" in said(ann, "Annie")


def test_who_skipped_the_question_is_not_asked_again_for_the_same_lines() -> None:
    ann = at_the_read_back()
    opens(ann, "just_for_me")
    ann.hear("Skip")
    ann.hear("change call me")

    assert "*What you told me*" in said(ann, "Annie")


def test_an_answer_where_there_was_none_is_new() -> None:
    ann = at_the_read_back()
    ann.hear("change how things are")

    assert "keep just for you?" in said(ann, "Good 🙂")


def test_two_taps_on_skip_are_one() -> None:
    ann = at_the_read_back()
    opens(ann, "just_for_me")
    ann.hear("Skip")

    assert ann.hear("Skip", unseen=True) == []
    assert now_at(ann) == "share"


def test_after_it_was_shared_what_is_added_is_asked_about_first() -> None:
    ann = at_the_read_back()
    assert "! shared" in said(ann, "Share with Ravi")
    adds_her_page(ann)

    assert "! shared" not in said(ann, "Share the change")
    ann.hear("No, nothing")
    assert "! shared" in said(ann, "Share the change")


def test_what_she_chose_before_this_was_written_down_counts_for_what_was_there_then() -> None:
    ann = at_the_read_back()
    kept = ann.here.answers["just_for_me"]
    old = replace(kept, value={"codes": []})
    ann.here = replace(ann.here, answers={**ann.here.answers, "just_for_me": old})

    assert now_at(ann) == "share"
    adds_her_page(ann)
    assert now_at(ann) == "just_for_me"


def test_a_share_button_from_before_cannot_pass_the_question() -> None:
    """She held it back, the script was changed, and now a line can be seen that never was offered."""
    ann = at_the_read_back()
    ann.hear("Not now")
    hidden = {"how_are_things": Answer(State.GIVEN, {"code": "good"}, 1)}
    ann.here = replace(ann.here, answers={**ann.here.answers, **hidden})

    assert "keep just for you?" in said(ann, "Share with Ravi")


# ---- every script there is


def with_a_private_question() -> Iterator[str]:
    """The scripts and sets that share something and ask what to keep."""
    for name in TEXTS.keys() - {"answers"}:
        asked = [*script_in(ROOT / "dialogs", name).questions]
        if any(each.kind == "private" for each in asked) and any(map(shares, asked)):
            yield name


class Walk:
    """Somebody who taps and types whatever comes, again and again."""

    def __init__(self, script: Script, seed: int) -> None:
        self.ann, self.chance = Engine(script), random.Random(seed)
        self.offered: set[str] = set()
        self.shared = 0
        self.ann.start()

    def goes_on(self) -> None:
        """One more thing said; whatever is shared was offered before."""
        ann = self.ann
        position = current(ann.here)
        if position is not None and position.question.kind == "private":
            self.offered |= {line.place for line in lines(ann.here) if line.words}
        ann.at += 30
        turn = step(ann.here, replace(self._something(), at=ann.at))
        ann.here, ann.shown = after(ann.here, turn, ann.at), [*ann.shown[-20:], *turn.prompts]
        if Event.SHARED in turn.events:
            self.shared += 1
            assert {entry.place for entry in compose(ann.here) if entry.words} <= self.offered

    def _something(self) -> Said:
        """A key or a button that is there, words, or a wish to change something."""
        keys = next((p.keys for p in reversed(self.ann.shown) if p.keys is not None), ())
        labels = [key for row in keys or () for key in row if key not in ("Back", "Help", "Why")]
        buttons = [button for prompt in self.ann.shown[-3:] for button in prompt.buttons]
        what = self.chance.random()
        position = current(self.ann.here)
        if position and position.question.kind == "consent":
            return Said(position.question.yes or "Yes")
        if position and position.question.kind == "confirm" and what < 0.4:
            return Said("Share with Ravi" if not self.ann.here.shared else "Share the change")
        if what < 0.1:
            return Said("Change an answer")
        if buttons and what < 0.6:
            button = self.chance.choice(buttons)
            return Said(tapped=button.code, asked=button.place)
        return Said(self.chance.choice([*labels, "Done", "Skip", "My own words", "That is everyone"]))


@pytest.mark.parametrize("name", sorted(with_a_private_question()))
def test_whatever_is_shared_could_be_kept_private_first(name: str) -> None:
    walk = Walk(script_in(ROOT / "dialogs", name), seed=1)
    for _ in range(250):
        walk.goes_on()

    assert walk.shared


def test_there_are_scripts_to_walk_through() -> None:
    assert len(list(with_a_private_question())) > 5
    assert any(question.kind == "private" for question in script_named("first_talk").questions)
