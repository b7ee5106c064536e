"""What a careful reader of the engine was afraid of: lost words, mixed up people, talks that cannot go on."""

from collections.abc import Mapping
from dataclasses import replace
from textwrap import dedent, indent

from bot.dialog.answers import Answer
from bot.dialog.engine import after, step
from bot.dialog.kind import Here
from bot.dialog.load import load, load_set
from bot.dialog.path import lines
from bot.dialog.script import Script
from bot.dialog.sets import open_text, whole
from bot.dialog.talk import Prompt, Said, State
from bot.summaries import compose

CHANGE = "change"


def script(sections: str) -> Script:
    return open_text("script: small\ntitle: Small\nsections:\n" + indent(dedent(sections), "  "))


def given(value: object, seq: int = 1) -> Answer:
    return Answer(State.GIVEN, value, seq, 1)


class Ann:
    """Ann in a talk; `said` is what she reads."""

    def __init__(self, script: Script, last: Mapping[str, Answer] | None = None) -> None:
        self.here = Here(script, {}, "Ann", "Ravi", last=last or {})
        self.at = 1_800_000_000
        self.prompts: tuple[Prompt, ...] = ()

    def does(self, said: str = "", *, seconds: int = 600, tapped: str = "", **more: object) -> str:
        """She types, or taps "where:home", or sends something."""
        self.at += seconds
        place, _, code = tapped.partition(":")
        what = Said(text=said, at=self.at, asked=place, tapped=code, **more)  # type: ignore[arg-type]
        turn = step(self.here, what)
        self.here, self.prompts = after(self.here, turn, self.at), turn.prompts
        return "\n".join(prompt.text for prompt in turn.prompts)

    def kept(self, place: str) -> object:
        answer = self.here.answers.get(place)
        return answer.value if answer else None


WHERE = script("""
    - id: all
      title: All
      questions:
        - {id: where, kind: choice, label: W, ask: W?, answer_by: [photo], options: {home: Home, inn: Inn}}
        - {id: spot, kind: place, label: S, ask: Spot?, answer_by: [photo], options: {home: Home, inn: Inn}}
        - {id: what, kind: many, label: What, ask: What?, answer_by: [photo], options: {tea: Tea, cake: Cake}}
        - {id: more, kind: text, label: More, ask: More?, answer_by: [photo]}
        - {id: last, kind: text, label: Last, ask: Last?, answer_by: [photo]}
""")


# ---- words that were being asked about


def test_words_that_are_asked_about_go_with_the_photo_that_follows() -> None:
    ann = Ann(WHERE)
    ann.does("The old shed behind the church")
    ann.does(thing="photo", file="P1")

    assert ann.kept("where") == {
        "words": "The old shed behind the church",
        "things": [{"kind": "photo", "file": "P1"}],
    }


def test_words_of_a_place_that_are_asked_about_go_with_the_place_on_the_map() -> None:
    ann = Ann(WHERE)
    ann.does("Home")
    ann.does("the home")
    ann.does(thing="location", point=(51.5, -0.1))

    assert ann.kept("spot") == {"words": "the home", "point": [51.5, -0.1]}


def test_words_beside_the_ticks_stay_when_a_photo_follows_or_done_is_tapped() -> None:
    ann = Ann(WHERE)
    ann.does("Home")
    ann.does("My own kitchen table")
    ann.does(tapped="what:tea")
    ann.does("Feeding the ducks")
    ann.does(tapped="what:done")

    assert ann.kept("what") == {"codes": ["tea"], "words": "Feeding the ducks"}

    ann.does(tapped="what:change")
    ann.does("Swans")
    ann.does(thing="photo", file="P1")

    assert ann.kept("what") == {
        "codes": ["tea"],
        "words": "Feeding the ducks; Swans",
        "things": [{"kind": "photo", "file": "P1"}],
    }


def test_a_slip_that_is_put_right_by_a_tap_is_no_words_of_hers() -> None:
    ann = Ann(WHERE)
    ann.does("Home")
    ann.does("My own kitchen table")
    ann.does("caek")
    ann.does(tapped="what:cake")

    assert ann.kept("what") == {"codes": ["cake"], "words": ""}


def test_an_option_called_done_can_be_ticked() -> None:
    steps = script("""
        - id: all
          title: All
          questions:
            - {id: step, kind: many, label: Step, ask: Step?, options: {begun: Begun, done: It is done}}
    """)
    ann = Ann(steps)
    ann.does(tapped="step:done")
    ann.does(tapped="step:begun")
    ann.does(tapped=f"step:{ann.prompts[-1].buttons[-1].code}")

    assert ann.kept("step") == {"codes": ["done", "begun"], "words": ""}


def test_the_same_photo_for_another_question_is_an_answer_to_that_one() -> None:
    ann = Ann(WHERE)
    ann.does(thing="photo", file="P1")
    told = ann.does(thing="photo", file="P1")

    assert told.startswith("Thank you. I have kept your photo.")
    assert ann.kept("spot") == {"things": [{"kind": "photo", "file": "P1"}]}


def test_the_same_photo_sent_twice_at_once_is_one() -> None:
    ann = Ann(WHERE)
    ann.does(thing="photo", file="P1")

    assert ann.does(thing="photo", file="P1", seconds=0) == ""
    assert ann.kept("where") == {"things": [{"kind": "photo", "file": "P1"}]}


# ---- people of a list

PEOPLE = script("""
    - id: all
      title: All
      questions:
        - {id: who, kind: list, label: Who, ask: Who?, item: guest, still_right: true}
    - id: each
      title: Each
      for_each: who
      questions:
        - id: about
          kind: text
          label: About {guest.name}
          ask: What about {guest.name}?
          still_right: true
""")


def test_words_that_do_not_say_how_many_are_answered() -> None:
    ann = Ann(PEOPLE)
    ann.does("Mo and Zoe")

    assert ann.does("they are twins").startswith("Tap one of the buttons.")


def test_what_was_said_of_somebody_is_never_shown_for_somebody_else() -> None:
    ann = Ann(PEOPLE)
    for words in ("Mo", "That is everyone", "He shouts at me"):
        ann.does(words)
    ann.does(tapped="who:change")
    for words in ("Take off Mo", "Not sure"):
        ann.does(words)
    ann.does(tapped="who:change")
    for words in ("Zoe", "That is everyone"):
        told = ann.does(words)

    assert "What about Zoe?" in told
    assert [(line.label, line.words) for line in lines(ann.here)] == [("Who", "Zoe")]


def test_what_was_said_of_somebody_last_time_is_not_offered_for_somebody_else() -> None:
    mo = {"items": [{"id": "n1", "name": "Mo"}], "next": 2}
    ann = Ann(PEOPLE, {"who": given(mo), "about@n1": given("He shouts at me")})
    ann.does("Zoe")
    told = ann.does("That is everyone")

    assert told == "What about Zoe?"

    ann = Ann(PEOPLE, {"who": given(mo), "about@n1": given("He shouts at me")})
    assert "Last time you said: He shouts at me" in ann.does("Yes, still right")


# ---- the answer of last time

AGAIN = script("""
    - id: all
      title: All
      questions:
        - {id: one, kind: text, label: One, ask: One?, still_right: true}
        - {id: two, kind: text, label: Two, ask: Two?, still_right: true}
        - {id: own, kind: text, label: Own, ask: Own?, private: true, still_right: true}
        - {id: pick, kind: choice, label: Pick, ask: Pick?, options: {a: Apple, b: Bread}, still_right: true}
""")
LAST = {"one": given("1"), "two": given("2"), "own": given("My secret"), "pick": given({"code": "gone"})}


def test_a_second_tap_of_still_right_says_nothing_more() -> None:
    ann = Ann(AGAIN, LAST)
    ann.does("Yes, still right")
    ann.does("Yes, still right", seconds=0, unseen=True)

    assert (ann.kept("one"), ann.kept("two")) == ("1", None)


def test_a_second_tap_of_no_is_no_answer() -> None:
    ann = Ann(AGAIN, LAST)
    ann.does("No, change it")
    ann.does("No, change it", seconds=0)
    assert ann.kept("one") == "1"
    ann.does("Yes, still right")

    assert (ann.kept("one"), ann.kept("two")) == ("1", None)


def test_what_is_hers_alone_is_not_shown_a_year_later() -> None:
    ann = Ann(AGAIN, LAST)
    ann.does("Yes, still right")
    told = ann.does("Yes, still right")

    assert "Own?" in told
    assert "My secret" not in told


def test_an_answer_nothing_is_left_of_is_not_offered() -> None:
    ann = Ann(AGAIN, LAST)
    for _ in range(3):
        told = ann.does("Yes, still right")

    assert told.startswith("Pick?")
    assert "Last time" not in told


# ---- scripts that hang together


def test_a_question_that_hangs_on_itself_is_not_asked_and_the_talk_goes_on() -> None:
    looped = script("""
        - id: all
          title: All
          questions:
            - {id: x, kind: choice, label: X, ask: X?, options: {a: A, b: B}, when: x is a}
            - {id: y, kind: text, label: Y, ask: Y?}
    """)
    here = Here(looped, {"x": Answer(State.OPEN, {"code": "a"}, 1, 1)})

    assert step(here, None).prompts[0].text == "Y?"
    assert not lines(here)


def test_a_ladder_of_conditions_takes_no_longer_than_its_rungs() -> None:
    rungs = "".join(
        f"        - {{id: q{n}, kind: choice, label: Q{n}, ask: Q{n}?, options: {{a: A, b: B}}"
        + (f", when: q{n - 1} is a and q{n - 2} is a" if n > 1 else "")
        + "}\n"
        for n in range(60)
    )
    ladder = script(f"    - id: all\n      title: All\n      questions:\n{rungs}")
    here = Here(ladder, {f"q{n}": given({"code": "a"}, n + 1) for n in range(60)})

    assert len(lines(here)) == 60  # by hand, that would take as long as the world is old


def test_what_hangs_on_a_question_the_set_leaves_out_stops_nobody() -> None:
    part = """
        script: part
        title: Part
        sections:
          - id: all
            title: All
            questions:
              - {id: who, kind: list, label: Who, ask: Who?, item: guest, detail: fuller}
              - {id: x, kind: choice, label: X, ask: X?, options: {a: A, b: B}, detail: fuller}
          - id: each
            title: Each
            for_each: who
            questions:
              - {id: about, kind: text, label: About, ask: "What about {guest.name}?"}
          - id: end
            title: End
            questions:
              - {id: y, kind: text, label: Y, ask: Y?, when: x is a}
              - {id: z, kind: text, label: Z, ask: Z?}
    """
    group = load_set("set: group\ntitle: Group\nparts:\n  - part\n", "group")
    talk = whole(group, {"part": load(dedent(part), "part")})
    before = {"x": given({"code": "a"}), "who": given({"items": [{"id": "n1", "name": "Mo"}], "next": 2})}

    for answers in ({}, before):  # somebody may have answered those in a version that asked them
        assert step(Here(talk, answers), None).prompts[0].text == "Z?"


def part_of(name: str, *questions: str) -> Script:
    asked = "".join(f"      - {{{each}}}\n" for each in questions)
    head = f"script: {name}\ntitle: {name}\nsections:\n  - id: {name}\n    title: {name}\n    questions:\n"
    return load(head + asked, name)


def test_what_comes_by_choice_after_the_first_talk_is_offered_then() -> None:
    scripts = {
        "begin": part_of("begin", "id: name, kind: text, label: Name, ask: Name?"),
        "week": part_of("week", "id: week, kind: text, label: Week, ask: Week?"),
        "money": part_of("money", "id: money, kind: text, label: Money, ask: Money?"),
    }
    parts = "  - begin\n  - {script: week, by_choice: true}\n  - {script: money, stage: 2, by_choice: true}\n"
    group = load_set(f"set: group\ntitle: Group\nparts:\n{parts}", "group")
    ann = Ann(whole(group, scripts, 1))
    for words in ("Ann", "Nothing more for now"):
        ann.does(words)
    ann.here = replace(ann.here, script=whole(group, scripts, 2))
    ann.does("Carry on")

    assert [button.code for button in ann.prompts[-1].buttons] == ["money", "nothing", "done"]
    assert ann.does("money").endswith("Money?")


def test_what_is_kept_private_for_each_of_a_list_is_not_shared() -> None:
    asks = script("""
        - id: all
          title: All
          questions:
            - {id: who, kind: list, label: Who, ask: Who?, item: guest}
        - id: each
          title: Each
          for_each: who
          questions:
            - {id: about, kind: text, label: About, ask: "What about {guest.name}?"}
            - {id: mine, kind: private, label: Mine, ask: Keep any?}
    """)
    ann = Ann(asks)
    for words in ("Mo", "That is everyone", "He shouts at me", "Yes, let me pick"):
        ann.does(words)
    ann.does(tapped="mine@n1:about@n1")
    ann.does(tapped="mine@n1:done")

    assert [entry.words for entry in compose.compose(ann.here)] == ["Mo"]


# ---- many answers


def test_no_message_has_more_buttons_than_telegram_takes() -> None:
    questions = "".join(
        f"        - {{id: q{n}, kind: text, label: Number {n}, ask: Number {n}?}}\n" for n in range(120)
    )
    private = "        - {id: mine, kind: private, label: Mine, ask: Keep any?}\n"
    long = script(f"    - id: all\n      title: All\n      questions:\n{questions}{private}")
    ann = Ann(long)
    ann.here = Here(long, {f"q{n}": given("Yes", n + 1) for n in range(120)}, "Ann", "Ravi")

    ann.does("Change an answer")
    assert [button.place for prompt in ann.prompts for button in prompt.buttons] == [
        f"q{n}" for n in range(120)
    ]
    assert max(len(prompt.buttons) for prompt in ann.prompts) <= 100

    ann.does("Let me pick")
    assert max(len(prompt.buttons) for prompt in ann.prompts) <= 100
    ann.does(tapped="mine:q3")
    ann.does(tapped="mine:+2")
    ann.does(tapped="mine:q119")
    ann.does(tapped="mine:done")
    assert ann.kept("mine") == {"codes": ["q3", "q119"], "offered": [f"q{n}" for n in range(120)]}


# ---- two answers opened, one after the other


OPENED = script("""
    - id: all
      title: All
      questions:
        - {id: worries, kind: text, label: Worries, ask: Worries?}
        - {id: where, kind: choice, label: W, ask: W?, options: {hut: Hut, inn: {label: Inn, say_more: true}}}
        - {id: matters, kind: text, label: Matters, ask: Matters?}
        - {id: share, kind: confirm, label: Share, ask: Share it?}
""")


def ann_who_opens(place: str) -> Ann:
    """She has answered everything, and taps a button that opens one of it."""
    ann = Ann(OPENED)
    ann.does()
    for words in ("The noise", "Hut", "My garden"):
        ann.does(words)
    ann.does(tapped=f"{place}:change")
    return ann


def test_who_taps_the_wrong_line_first_does_not_lose_it() -> None:
    ann = ann_who_opens("worries")

    assert "Matters?" in ann.does(tapped="matters:change")
    ann.does("My dog")
    assert (ann.kept("worries"), ann.kept("matters")) == ("The noise", "My dog")
    assert "Share it?" in ann.prompts[0].after


def test_what_she_reads_is_what_she_answers_when_the_first_one_waits_for_words() -> None:
    ann = ann_who_opens("where")
    ann.does("Inn")

    assert "Matters?" not in ann.does(tapped="matters:change")
    ann.does("The Bell")
    ann.does("My dog")
    assert ann.kept("where") == {"code": "inn", "words": "The Bell"}
    assert ann.kept("matters") == "My dog"
