"""The times of a week in people's words: only ever asked about, and never turned into their opposite."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import wording
from bot.dialog.phrases import phrases
from bot.dialog.slots import DAYS, PARTS, SLOTS, in_words, label, ordered
from bot.dialog.week import Week, read

NOISE = ["my", "carer", "comes", "when", "I", "can", "3", "11", "12/3", "sister", "well", "then"]
DAY_WORDS = {day: [wording.WEEK_DAYS[day], *phrases(wording.WEEK_DAYS_TYPED[day])] for day in DAYS}
PART_WORDS = {part: [wording.WEEK_PARTS[part], *phrases(wording.WEEK_PARTS_TYPED[part])] for part in PARTS}
MARKS = [word for typed in wording.WEEK_WORDS.values() for word in phrases(typed)]
GLUE = [",", ";", ".", "-", "and", "but", "\n"]


def heard(words: str) -> str:
    """What is understood, as the person is asked about it."""
    found = read(words, str)
    return f"{in_words(found.good, str)} | {in_words(found.never, str)}".strip()


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("Tuesday mornings", "Tuesday mornings |"),
        ("weekday afternoons but not Friday", "Monday to Thursday afternoons | Friday afternoons"),
        ("Mon and Wed pm", "Monday and Wednesday afternoons |"),
        ("not before 11", "| All mornings"),
        ("any evening", "All evenings |"),
        ("no only Tuesday afternoon and Friday morning", "Tuesday afternoons; Friday mornings |"),
        ("no I said Tuesday afternoon", "Tuesday afternoons |"),
        ("no it's Mondays I can't do", "| Monday all day"),
        ("no mornings", "| All mornings"),
        ("Tuesday no wait Wednesday", "Tuesday and Wednesday all day |"),
        ("weekends", "Saturday and Sunday all day |"),
        ("never on Thursdays", "| Thursday all day"),
        ("2 till 4 on Fridays", "Friday afternoons |"),
        ("Tues or thurs, lunchtime", "Tuesday and Thursday afternoons |"),
        ("weds AM", "Wednesday mornings |"),
        ("I am free on Monday night", "Monday evenings |"),
        ("mornings on Mon and Tue, afternoons on Wed", "Monday and Tuesday mornings; Wednesday afternoons |"),
        ("Monday to Friday 9-5", "Monday to Friday mornings and afternoons |"),
        ("between 10 and 12 on Sat", "Saturday mornings |"),
        ("wensday aftrnoons", "Wednesday afternoons |"),
        ("any time except evenings", "All mornings and afternoons | All evenings"),
        ("I can’t do Mondays", "| Monday all day"),
        ("Mondays are no good, Tuesdays are fine", "Tuesday all day | Monday all day"),
        ("not Mondays, Tuesdays are fine", "Tuesday all day | Monday all day"),
        ("Tuesdays or Wednesdays, not too late", "Tuesday and Wednesday all day |"),
        ("Mondays are not bad", "Monday all day |"),
        ("Monday doesnt work, Tuesday afternoon ok", "Tuesday afternoons | Monday all day"),
        ("Mondays arent good", "| Monday all day"),
        ("anything but Monday", "| Monday all day"),
        ("I struggle with mornings", "| All mornings"),
        ("I work Monday to Wednesday, so Thursday", "Thursday all day | Monday to Wednesday all day"),
        ("Thursday is my choir", "| Thursday all day"),
        ("dialysis mon wed fri", "| Monday, Wednesday and Friday all day"),
        ("I go to work on Mondays", "| Monday all day"),
        ("neither Monday nor Tuesday", "| Monday and Tuesday all day"),
        ("Wednesday works for me", "Wednesday all day |"),
        ("I can't do Monday so Tuesday", "Tuesday all day | Monday all day"),
        ("Tuesdays but not too early", "Tuesday all day |"),
        ("Monday, but only in the afternoon", "Monday afternoons |"),
        ("Wednesday if it’s not raining", "Wednesday all day |"),
        ("after dialysis on Monday", "Monday all day |"),
        ("I have nothing on on Tuesday", "Tuesday all day |"),
        ("nothing on Tuesday, I have choir", "| Tuesday all day"),
        ("I wouldn’t mind Friday", "Friday all day |"),
        ("Monday pm. Not Tuesday.", "Monday afternoons | Tuesday all day"),
        ("whenever", "Any time |"),
    ],
)  # fmt: skip
def test_people_say_when_in_their_own_way(words: str, meant: str) -> None:
    assert meant == heard(words)


@pytest.mark.parametrize(
    "words",
    ["when my sister can", "12/3", "in 2 weeks", "not too early", "soon", "😀", "", "I am tired", "11"],
)
def test_words_that_name_no_time_tick_nothing(words: str) -> None:
    assert Week() == read(words, str)


@given(st.text(max_size=300))
def test_no_words_break_it(words: str) -> None:
    found = read(words, str)
    assert not {*found.good} & {*found.never}
    assert {*found.good, *found.never} <= {*SLOTS}


@given(st.lists(st.sampled_from([*MARKS, *GLUE, *NOISE, *sum(DAY_WORDS.values(), [])]), max_size=12))
def test_every_time_it_names_was_mentioned(words: list[str]) -> None:
    text = " ".join(words)
    hours = any(mark in words for mark in ("noon", "midday")) or any(each in ("11", "3") for each in words)
    lunch = any("lunch" in word for word in words)
    named = {day for day in DAYS if any(word in words for word in DAY_WORDS[day])}
    through = any(word in words for word in ("-", *phrases(wording.WEEK_WORDS["till"])))

    found = read(text, str)

    for slot in (*found.good, *found.never):
        assert slot[:3] in named or hours or lunch or (through and named)


@given(st.sampled_from(DAYS), st.sampled_from(PARTS), st.data())
def test_a_not_before_or_behind_it_is_a_never(day: str, part: str, data: st.DataObject) -> None:
    time = f"{data.draw(st.sampled_from(DAY_WORDS[day]))} {data.draw(st.sampled_from(PART_WORDS[part]))}"
    words = data.draw(
        st.sampled_from(
            [
                f"not {time}",
                f"never {time}",
                f"I can't do {time}",
                f"{time} is no good",
                f"anything except {time}",
            ]
        )
    )

    assert Week((), (f"{day}_{part}",)) == read(words, str)


@given(st.sets(st.sampled_from(SLOTS), min_size=1))
def test_what_it_says_back_means_the_same_when_it_is_typed(chosen: set[str]) -> None:
    words = in_words(ordered(chosen), str)

    assert ordered(chosen) == read(words, str).good, words


def test_the_labels_fit_three_in_a_row_on_a_small_phone() -> None:
    assert len(SLOTS) == 21
    assert max(len(wording.WEEK_NO.format(slot=label(slot, str))) for slot in SLOTS) <= 10
