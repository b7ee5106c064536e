"""A script file as an author writes it, with the mistakes authors make."""

import pytest

from bot.dialog.condition import Includes
from bot.dialog.load import load
from bot.dialog.load.reading import did_you_mean
from bot.dialog.script import Example, Option
from bot.errors import Problem, ScriptProblems

GOOD = """\
script: first_talk
title: Getting ready
sections:
  - id: when_where
    title: When and where
    questions:
      - id: venue
        kind: choice
        label: Where
        ask: Where would you like to meet?
        why: A place you like helps.
        examples: [At home after lunch, The library]
        options:
          home: At my home
          other: {label: Somewhere else, say_more: true}
          none:
            label: None of these
            alone: true
        say_more: Where would that be?
        private: true
      - id: guests
        kind: list
        ask: Who comes?
        when: venue includes any of home, other
        item: guest
        nobody: Just me
        most: 8
  - id: each
    title: About {guest.name}
    for_each: guests
    questions:
      - id: role
        kind: text
        ask: How do you know {guest.name}?
"""


def one(*lines: str) -> str:
    """A script with one question, which has these lines too; the first of them stands in line 10."""
    start = "script: s\ntitle: T\nsections:\n- id: a\n  title: A\n  questions:\n  - id: q\n    ask: Who?\n"
    return start + "".join(f"    {line}\n" for line in ("kind: text", *lines))


def problems(text: str) -> list[Problem]:
    with pytest.raises(ScriptProblems) as wrong:
        load(text, "talk.yaml")
    return list(wrong.value.problems)


def only(text: str) -> tuple[str, int]:
    """Code and line of the one problem there is."""
    found = problems(text)
    assert len(found) == 1, found
    return found[0].code, found[0].line


def test_a_good_script_is_read_with_every_key() -> None:
    script = load(GOOD)
    venue, guests, role = script.questions
    assert (script.id, script.title, script.language) == ("first_talk", "Getting ready", "en")
    assert venue.options == (
        Option("home", "At my home", line=14, column=11),
        Option("other", "Somewhere else", say_more=True, line=15, column=11),
        Option("none", "None of these", alone=True, line=16, column=11),
    )
    assert [example.words for example in venue.examples] == ["At home after lunch", "The library"]
    assert (venue.label, venue.say_more, venue.private) == ("Where", "Where would that be?", True)
    assert guests.when == Includes("venue", ("home", "other"))
    assert (guests.item, guests.nobody, guests.most) == ("guest", "Just me", 8)
    assert (script.sections[1].for_each, role.ask) == ("guests", "How do you know {guest.name}?")


def test_every_key_knows_where_it_stands() -> None:
    venue, guests, _ = load(GOOD).questions
    assert (venue.line, venue.column) == (7, 9)
    assert ("options", 13, 9) in venue.found
    assert ("when", 24, 9) in guests.found
    assert ("for_each", 30, 5) in load(GOOD).sections[1].found


TYPED = ["no", "yes", "true", "null", "~", "12:30", "007", "1e3", "0x1F", "2026-03-01", ".5"]


@pytest.mark.parametrize("word", TYPED)
def test_words_stay_as_they_are_written(word: str) -> None:
    question = next(load(one(f"label: {word}", f"examples: [{word}]", f"options: {{no: {word}}}")).questions)
    assert (question.label, question.examples) == (word, (Example(word),))
    assert (question.options[0].code, question.options[0].label) == ("no", word)


WRITTEN = [
    "מה חשוב לך?",
    "\u202eabc\u202c",
    "Hi \U0001f600\U0001f469\u200d\U0001f467",
    "Beth sy'n bwysig?",
    "ਕੀ?",
    "e\u0301",
]


@pytest.mark.parametrize("words", WRITTEN)
def test_every_script_and_emoji_is_kept(words: str) -> None:
    assert next(load(one(f"why: {words}")).questions).why == words


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    assert load("\ufeff" + GOOD.replace("\n", "\r\n")) == load(GOOD)


def test_the_words_of_the_errors_name_the_file_the_line_and_the_column() -> None:
    with pytest.raises(ScriptProblems) as wrong:
        load(one("lable: x"), "talk.yaml")
    assert str(wrong.value) == (
        'talk.yaml, line 10, column 5: D114 a question has no key "lable". Did you mean "label"?'
    )


def test_several_mistakes_are_told_at_once_in_file_order() -> None:
    lines = ("label: b", "whyy: c", "private: no", "most: lots", "when: x equals y", "if_no: go on")
    text = one("label: a", *lines)
    assert [(p.code, p.line) for p in problems(text)] == [
        ("D113", 11), ("D114", 12), ("D123", 13), ("D124", 14), ("D125", 15), ("D126", 16),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("why: Where: at home", "D105"),
        ("why: {name}, who helps you?", "D105"),
        ('why: "Hello" she said', "D105"),
        ("why: @home", "D105"),
        ("why: `home`", "D105"),
        ("why: %s", "D105"),
        ("why: | a", "D105"),
        ("why: * star", "D105"),
        ("\twhy: x", "D104"),
        ('why: "open', "D106"),
        ("why: 'open", "D106"),
        ("examples: [a, b", "D107"),
        ("options: {a: b", "D107"),
        ("just words\n    why: x", "D108"),
        ("why:x\n    label: y", "D108"),
        ("why: - x", "D108"),
        ("  why: x", "D108"),
        (" why: x", "D108"),
        ("why: &x y", "D109"),
        ("why: *x", "D109"),
        ("why: !Hello there", "D109"),
        ("why: !!str 1", "D109"),
        ("why: Flat #3", "D110"),
        ("label: a\n---\nlabel: b", "D111"),
        ("examples: " + "[" * 500, "D112"),
        ("label: a\n    label: b", "D113"),
        ("colour: red", "D114"),
        ("why:", "D116"),
        ('why: ""', "D116"),
        ("options: {a: Yes, b: No, I am fine}", "D117"),
        ("[a]: b", "D118"),
        ("options: [a, b]", "D118"),
        ("why: {name}", "D119"),
        ("why: [a, b]", "D119"),
        ("examples: [a, b: c]", "D114"),
        ("examples: [{words: a, picture: ../b.png}]", "D129"),
        ("examples: [{words: a, picture: b.png, voice: c.ogg}]", "D129"),
        ("answer_by: [text, dance]", "D128"),
        ("detail: a lot", "D128"),
        ("examples: At home", "D120"),
        ("examples: []", "D120"),
        ("item: Two words", "D121"),
        ("options: {Yes: a, no: b}", "D121"),
        (f"options: {{{'a' * 21}: a}}", "D121"),
        ("options: {not: a, b: b}", "D122"),
        ("private: yes", "D123"),
        ("most: fifty", "D124"),
        ("least: -1", "D124"),
        ("when: venue", "D125"),
        ("if_no: carry on", "D126"),
    ],
)
def test_each_mistake_has_its_code(line: str, code: str) -> None:
    found = problems(one(line))
    assert code in [p.code for p in found]
    assert all(p.words.endswith(".") and p.line and p.column for p in found)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["label: a", "why: Where: at home"], ("D105", 11)),
        (["\twhy: x"], ("D104", 10)),
        (['why: "open', "label: x"], ("D106", 10)),
        (["examples: [a, b", "label: x"], ("D107", 10)),
        (["label: a", "just words", "why: x"], ("D108", 11)),
        (["options:", "  a: b", "  a: c"], ("D113", 12)),
        (["why: Flat #3"], ("D110", 10)),
    ],
)
def test_a_mistake_is_told_where_it_was_made(lines: list[str], found: tuple[str, int]) -> None:
    assert only(one(*lines)) == found


@pytest.mark.parametrize(
    ("lines", "line", "fix"),
    [
        (["label: a", "ask:Where?", "why: x"], 11, "Write key: words."),
        (["label: a", "\xa0   why: x", "tip: y"], 11, "Delete it, and type a space."),
        (["label: a", "\u200bwhy: x", "tip: y"], 11, "Delete it, and type a space."),
        (["label: a", "why:\xa0x", "tip: y"], 11, "Delete it, and type a space."),
        (["label: a", "why:\u200b x", "tip: y"], 11, "Delete it, and type a space."),
        (["```", "label: a"], 10, "Take it out."),
        (["label: ? who knows"], 10, 'Put the whole text in quotes: "…".'),
    ],
)
def test_what_was_pasted_is_told_where_it_stands_and_how_to_mend_it(
    lines: list[str], line: int, fix: str
) -> None:
    """An admin cannot see that a space is no space, nor guess what YAML makes of the next line."""
    (problem,) = problems(one(*lines))
    assert (problem.line, problem.fix) == (line, fix)


def test_a_very_long_line_of_spaces_keeps_nobody_waiting() -> None:
    (problem,) = problems(one("label: a", " " * 100_000 + "? : ["))
    assert problem.line == 11


@pytest.mark.parametrize("dash", ["-", "– ", "— ", "• ", "-- "])
def test_a_dash_that_is_none_is_told_in_its_own_line(dash: str) -> None:
    """Phones and word processors turn a dash into a longer one; the next line is not to blame."""
    (problem,) = problems(
        one("label: a") + f"      {dash}id: next_one\n        kind: text\n        ask: Who?\n"
    )
    assert (problem.line, problem.fix) == (11, "Write - id: …")


def test_a_question_without_its_dash_is_told_once_and_nothing_of_it_is_to_be_deleted() -> None:
    (problem,) = problems(one("label: a", "id: next_one", "kind: text", "ask: Who?"))
    assert (problem.line, problem.code) == (11, "D113")
    assert problem.fix == "Begin the second one with a dash: - id: …"


def test_options_too_far_to_the_left_are_to_be_moved_and_not_to_be_deleted() -> None:
    first = problems(one("options:", "sea: To the sea"))[0]
    assert (first.line, first.code, first.fix) == (
        10,
        "D116",
        "Move what belongs to it further to the right.",
    )


def test_when_nobody_can_tell_what_a_reminder_counts_from_nothing_else_about_it_is_guessed() -> None:
    text = (
        one("label: a")
        + "reminders:\n  - {id: soon, send: 2 days after the last answer, most: 2, text: Hello.}\n"
    )
    assert [each.code for each in problems(text)] == ["D130"]


def test_a_comma_that_cuts_an_answer_says_put_it_in_quotes() -> None:
    for line in ("options: {yes_: Yes please, no_: No, I am fine}", "options: {a: {label: No, I am fine}}"):
        (found,) = problems(one(line))
        assert (found.code, found.line) == ("D117", 10)
        assert found.fix == 'Put the answer in quotes: "No, I am fine".'


def test_a_note_after_a_value_is_no_mistake() -> None:
    assert next(load(one("label: Where   # the short name")).questions).label == "Where"


def test_a_mistake_in_when_points_at_the_very_word() -> None:
    (plain,) = problems(one("when: venue iss home"))
    (quoted,) = problems(one('when: "venue iss home"'))
    (folded,) = problems(one("when: >", "  venue iss home"))
    assert (plain.line, plain.column) == (10, 17)
    assert (quoted.line, quoted.column) == (10, 18)
    assert (folded.line, folded.column) == (10, 11)
    assert 'after "venue" write one of: is, is not' in plain.words


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "D102"),
        ("\n\n", "D102"),
        ("# only a note\n", "D102"),
        ("\ufeff", "D102"),
        ("script: s\0", "D101"),
        ("\x89PNG\r\n\x1a\n", "D101"),
        ("title: caf\ufffd", "D101"),
        ("title: \ud800", "D101"),
        (" " * (256 * 1024 + 1), "D103"),
        ("é" * (128 * 1024 + 1), "D103"),
        ("[" * 200_000, "D112"),
        ("{a: " * 50_000, "D112"),
        ("- " * 100_000, "D112"),
        ("- a\n- b\n", "D118"),
        ("just words", "D118"),
        ("...", "D105"),
    ],
)
def test_what_is_no_script_at_all_is_refused(text: str, code: str) -> None:
    assert problems(text)[0].code == code


def test_what_is_missing_is_named() -> None:
    told = [found.words for found in problems("title: T\n")]
    assert told == ['a script needs "script".', 'a script needs "sections".']
    (found,) = problems(one().replace("    ask: Who?\n", ""))
    assert (found.code, found.line, found.words) == ("D115", 7, 'a question needs "ask".')


@pytest.mark.parametrize("wrong", ["a" * 25, "1a", "Venue", "my venue", "café", "a-b", "_a"])
def test_an_id_is_short_and_plain(wrong: str) -> None:
    load(one().replace("id: q", f"id: {'a' * 24}"))
    assert only(one().replace("id: q", f"id: {wrong}")) == ("D121", 7)


def test_a_language_is_a_code() -> None:
    assert load("language: cy\n" + one()).language == "cy"
    assert only("language: Welsh please\n" + one()) == ("D127", 1)


def test_did_you_mean_asks_only_when_a_word_is_near() -> None:
    assert did_you_mean("venu", ["venue", "guests"]) == 'Did you mean "venue"?'
    assert did_you_mean("colour", ["venue", "guests"]) == ""
