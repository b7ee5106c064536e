"""How long a script takes, by the shortest and by the longest way through it."""

from bot.dialog.check import figures
from bot.dialog.check.languages.en import syllables
from bot.dialog.load import load
from bot.dialog.sets import as_talk

HEAD = "script: s\ntitle: S\nsections:\n  - id: one\n    title: One\n    questions:\n"


def tap(name: str, *lines: str) -> str:
    keys = (
        "kind: choice",
        f"label: {name}",
        f"ask: Is it {name}?",
        "why: So.",
        "options: {a: A, b: B}",
        *lines,
    )
    return f"      - id: {name}\n" + "".join(f"        {key}\n" for key in keys)


def words(name: str, *lines: str) -> str:
    keys = ("kind: text", f"label: {name}", f"ask: What of {name}?", "why: So.", *lines)
    return f"      - id: {name}\n" + "".join(f"        {key}\n" for key in keys)


def length(*questions: str) -> tuple[tuple[int, int], tuple[int, int]]:
    found, _ = figures(as_talk(load(HEAD + "".join(questions))))
    return found.questions, found.seconds


def test_a_tap_is_quicker_than_words() -> None:
    assert length(tap("q")) == ((1, 1), (20, 20))
    assert length(words("q")) == ((1, 1), (45, 45))


def test_what_is_asked_only_sometimes_counts_only_on_the_longest_way() -> None:
    assert length(tap("q"), words("r", "when: q is a")) == ((1, 2), (20, 65))


def test_two_questions_that_exclude_each_other_are_never_both_counted() -> None:
    questions = (tap("q"), words("r", "when: q is a"), tap("s", "when: q is b"))

    assert length(*questions) == ((1, 2), (20, 65))  # whoever skips q is asked neither


def test_a_question_that_hangs_on_one_that_is_not_asked_is_not_counted() -> None:
    assert length(tap("q"), tap("r", "when: q is a"), tap("s", "when: r is a and q is b"))[0] == (1, 2)


def test_who_says_no_to_consent_is_no_way_through() -> None:
    consent = "      - {id: ok, kind: consent, ask: May I?, why: So., if_no: stop}\n"

    assert length(consent, tap("q", "when: ok is yes"))[0] == (1, 2)  # one may skip it, and ask later
    assert length(consent, tap("q", "when: ok is no"))[0] == (1, 1)


def test_a_section_for_each_person_is_counted_for_nobody_and_for_two() -> None:
    guests = "      - {id: guests, kind: list, label: L, ask: Who?, why: So., item: guest}\n"
    each = "  - id: each\n    title: T\n    for_each: guests\n    questions:\n"

    assert length(guests, each, tap("q")) == ((1, 3), (60, 100))


def test_with_too_many_ways_a_rough_length_is_better_than_none() -> None:
    many = [tap(f"q{number}") for number in range(12)]
    last = " or ".join(f"q{number} is a" for number in range(12))

    assert length(*many, tap("r", f"when: {last}"))[0] == (12, 13)


def test_a_long_script_takes_longer_to_read_than_the_grade_of_a_short_one_can_tell() -> None:
    assert figures(load(HEAD + tap("q")))[1] is None


def test_syllables_are_counted_well_enough() -> None:
    known = {
        "a": 1, "you": 1, "home": 1, "people": 2, "family": 3, "asked": 1, "wanted": 2, "table": 2,
        "quiet": 2, "information": 4, "support": 2, "together": 3, "meeting": 2, "places": 2, "Wednesday": 3,
    }  # fmt: skip
    wrong = {word: syllables(word) for word, count in known.items() if syllables(word) != count}

    assert len(wrong) <= 1, wrong
