"""However somebody gets there, with changes, going back and skipping: what counts is what they said last."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import wording
from bot.dialog.engine import after, step
from bot.dialog.kind import Here
from bot.dialog.load import load
from bot.dialog.path import current, lines
from bot.dialog.sets import as_talk
from bot.dialog.talk import Said

SCRIPT = as_talk(
    load("""\
script: any_order
title: Any order
sections:
  - id: where
    title: Where
    questions:
      - id: place
        kind: choice
        label: Where
        ask: Where shall we meet?
        options: {home: At home, cafe: In a café, other: {label: Somewhere else, say_more: true}}
      - id: needs
        kind: many
        label: The place needs
        ask: What does it need?
        when: place is one of cafe, other
        options: {quiet: A quiet room, steps: No steps, none: {label: None of these, alone: true}}
      - id: noise
        kind: face
        label: Noise
        ask: How is noise for you?
        when: needs includes quiet
      - id: matters
        kind: text
        label: What matters
        ask: What matters most to you?
  - id: who
    title: Who
    questions:
      - id: guests
        kind: list
        label: Who comes
        ask: Who would you like there?
        item: guest
  - id: each
    title: Each
    for_each: guests
    questions:
      - id: known
        kind: choice
        label: "{guest.name} is"
        ask: How do you know {guest.name}?
        options: {family: Family, friend: A friend}
      - id: about
        kind: text
        label: "About {guest.name}"
        ask: What should we know about {guest.name}?
        when: known is friend
  - id: end
    title: End
    questions:
      - id: good
        kind: text
        label: One good thing
        ask: What is good in {place.label or your life}?
        optional: true
""")
)
REPLIES = {
    "place": ["At home", "In a café", "2", "the café"],
    "needs": ["A quiet room", "1 and 2", "None of these"],
    "noise": ["Good 🙂", "Not good 🙁"],
    "matters": ["My garden", "My friends"],
    "known": ["Family", "A friend"],
    "about": ["She is kind", "He is late"],
    "good": ["The sun"],
}
ANYWHERE = (wording.SKIP, wording.NOT_SURE)
ASIDE = (wording.WHY, wording.HELP, wording.EXAMPLE, wording.WHAT_I_SAID, "/help")
DOING = ("answer", "answer", "answer", "without", "back", "change", "aside")
NAMES = ("Mo", "Jane", "Bo")
Key = tuple[str, str]
"""A question, and the name of the person it is asked about."""
GUESTS: Key = ("guests", "")


class Talk:
    """One talk, and what was said last to each question."""

    def __init__(self) -> None:
        self.here = Here(SCRIPT, {}, "Ann", "Ravi")
        self.last: dict[Key, tuple[str, ...]] = {}
        self.at = 0

    @property
    def key(self) -> Key | None:
        """The question that is asked now."""
        position = current(self.here)
        return (position.question.id, position.item_name) if position else None

    def say(self, words: str) -> None:
        """Say it, and note which question it settled."""
        key, position = self.key, current(self.here)
        self.at += 10
        turn = step(self.here, Said(words, at=self.at))
        self.here = after(self.here, turn, self.at)
        settled = [fact.place for fact in turn.facts if fact.state in ("given", "skipped", "unsure")]
        if key and position and position.place in settled and turn.facts[-1].place == position.place:
            self.last[key] = (words,)
        if (
            key == GUESTS and (kept := self.here.answers.get("guests")) and kept.value
        ):  # skipping takes nobody off
            self.last[key] = tuple(item["name"] for item in kept.value["items"])

    def people(self, *names: str) -> None:
        """Make the list these people, whoever is on it."""
        value = self.here.answers["guests"].value if "guests" in self.here.answers else None
        for item in (value or {}).get("items", ()):
            self.say(wording.TAKE_OFF.format(name=item["name"]))
        for name in names:
            self.say(name)
        self.say(wording.THAT_IS_ALL if names else wording.NOBODY)
        self.last[GUESTS] = names

    @property
    def told(self) -> list[tuple[str, str, str]]:
        """What the read-back says."""
        return [(line.label, line.words, line.state) for line in lines(self.here)]


def to_the_end(talk: Talk) -> Iterator[Key]:
    """Every question that is still to come."""
    for _ in range(100):
        if (key := talk.key) is None:
            return
        yield key
    raise AssertionError("the talk does not end")


def straight(final: dict[Key, tuple[str, ...]]) -> Talk:
    """The same talk by somebody who says the final answers at once."""
    talk = Talk()
    for key in to_the_end(talk):
        if key == GUESTS and final[key] not in [(word,) for word in ANYWHERE]:
            talk.people(*final[key])
        else:
            for words in final[key]:
                talk.say(words)
    return talk


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_counts_is_what_was_said_last(data: st.DataObject) -> None:
    talk = Talk()
    for _ in range(data.draw(st.integers(5, 40))):
        match data.draw(st.sampled_from(DOING)):
            case "without":
                talk.say(data.draw(st.sampled_from(ANYWHERE)))
            case "back":
                talk.say(wording.BACK)
            case "aside":
                talk.say(data.draw(st.sampled_from(ASIDE)))
            case "change" if talk.told:
                talk.say(f"change {data.draw(st.sampled_from(talk.told))[0]}")
            case _ if talk.key:
                answer(talk, talk.key, data)
    for key in to_the_end(talk):
        answer(talk, key, data)

    assert straight(talk.last).told == talk.told


def answer(talk: Talk, key: Key, data: st.DataObject) -> None:
    """Answer the question that is asked, somehow."""
    if key == GUESTS:
        return talk.people(*data.draw(st.lists(st.sampled_from(NAMES), max_size=2, unique=True)))
    words = data.draw(st.sampled_from(REPLIES[key[0]]))
    talk.say(words)
    if talk.key == key:  # near words: they are asked about
        talk.say(wording.KEEP_WORDS)
        talk.last[key] = (words, wording.KEEP_WORDS)
    return None
