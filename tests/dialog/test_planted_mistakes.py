"""Small mistakes planted into good files: each is found with its code, in its line, and nothing else is."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.commands.scripts import Files
from bot.dialog.check import CODES
from bot.errors import Problem

ALONE = """\
script: alone
title: Getting ready
for: person
language: en
given:
  date: 4 May
sections:
  - id: start
    title: Before we begin
    questions:
      - id: hello
        kind: info
        ask: Hello {name}. Your talk is on {date or a day you choose}.
      - id: may_keep
        kind: consent
        ask: May I keep your answers for {key_contact}?
        why: They plan your talk with them.
        yes: Yes, keep them
        no: No, not now
        if_no: stop
  - id: people
    title: Who comes
    questions:
      - id: guests
        kind: list
        label: Who comes
        ask: Who would you like to be there?
        easy: Who comes?
        tip: Name people they like.
        why: Some people bring a friend.
        examples:
          - My sister Bea
        item: guest
        how_known: How do you know {guest.name}?
        nobody: Just me
        most: 8
  - id: each
    title: About {guest.name}
    for_each: guests
    questions:
      - id: role
        kind: choice
        label: Who they are
        ask: Who is {guest.name} to you?
        why: You said you know them so {guest.known}.
        options:
          family: Family
          worker: Someone paid to help me
      - id: tell
        kind: text
        label: What they may know
        ask: What may {guest.name} know?
        why: You decide who hears what.
        when: role is not worker
        examples:
          - All of it
        answer_by: [text, voice]
  - id: place
    title: When and where
    questions:
      - id: venue
        kind: choice
        label: Where
        ask: Where would you like to meet {guests.names or us}?
        why: A place you like helps.
        examples:
          - words: At home
            picture: home.png
        options:
          home: At my home
          clinic: At the clinic
          old: {label: At the old place, retired: true}
          other: {label: Somewhere else, say_more: true}
        say_more: Where would that be?
      - id: needs
        kind: many
        label: The place needs
        ask: What must {venue.label or the place} have?
        why: Everybody must get in.
        when: venue is one of clinic, other
        options:
          flat: No steps
          quiet: A quiet room
          none: {label: None of these, alone: true}
      - id: breaks
        kind: number
        label: Breaks
        ask: After how many minutes would you like a break?
        why: Some people get tired.
        least: 10
        most: 90
        unit: minutes
      - id: share
        kind: confirm
        ask: Is this right?
reminders:
  - id: unfinished
    send: 3 days after last answer
    while: venue is answered
    between: 09:00 and 19:00
    text: You can carry on when you like.
"""
BEGIN = """\
script: begin
title: Hello
sections:
  - id: begin
    title: Before we begin
    questions:
      - id: agree
        kind: consent
        ask: May I keep what you say?
        why: We plan your talk with it.
        if_no: stop
      - id: weather
        kind: face
        label: This week
        ask: How was your week?
        why: It is a good way to start.
"""
PAGE = """\
script: page
title: My page
sections:
  - id: page
    title: My page
    questions:
      - id: good_day
        kind: text
        label: A good day
        ask: What is a good day like?
        why: We can help with more of them.
        when: weather is good
        detail: light
        examples:
          - Choir, then soup
"""
MORE = """\
script: more
title: More
sections:
  - id: more
    title: More
    questions:
      - id: music
        kind: text
        label: Music
        ask: What music do you like?
        why: We can play it.
        examples:
          - Brass bands
"""
ENDING = """\
script: ending
title: Ready
sections:
  - id: ending
    title: Ready
    questions:
      - id: all_right
        kind: confirm
        ask: You can change any line.
"""
TALK = """\
set: talk
title: The talk
parts:
  - begin
  - more
  - script: page
    by_choice: true
  - ending
reminders:
  - id: soon
    send: 1 day before appointment
    while: weather is answered
    text: Your talk is tomorrow.
"""
ANSWERS = """\
answers: answers
title: Questions people ask
promise: We read it on Monday.
list:
  - id: what
    asked:
      - What is this?
    answer: It is a talk.
"""
GOOD = {
    "alone": ALONE,
    "begin": BEGIN,
    "page": PAGE,
    "more": MORE,
    "ending": ENDING,
    "talk": TALK,
    "answers": ANSWERS,
}


FILE = "(the whole file)"


@dataclass(frozen=True)
class Plant:
    """In that file these words become others.

    Shape: the mistake is found where `at` stands, or else the new words; `found_in` is another file.
    """

    file: str
    old: str
    new: str
    code: str
    at: str = ""
    found_in: str = ""

    @property
    def text(self) -> str:
        """The file with the mistake in it."""
        assert GOOD[self.file].count(self.old) >= 1, self.old
        return GOOD[self.file].replace(self.old, self.new, 1)

    @property
    def line(self) -> int:
        """The line it must be found in."""
        if self.at == FILE:
            return 0
        before = self.text.index(self.at or self.new)
        return self.text[:before].count("\n") + 1


Q = "      - id: {id}\n        kind: face\n        label: {id}\n        ask: How is {id}?\n        why: So.\n"
NEEDS = ALONE[ALONE.index("          flat:") : ALONE.index("      - id: breaks")]
SHARE = "      - id: share\n"
NINE = "".join(Q.format(id=f"n{number}") for number in range(9))
LONG_OPTIONS = "".join(f"          o{number}: Place {number}\n" for number in range(10))
MINUTES = "".join(
    f"  - id: s{part}\n    title: T\n    questions:\n"
    + "".join(Q.format(id=f"m{part}x{number}") for number in range(8))
    for part in range(8)
)

IN_FILES = [
    Plant("page", "script: page", "script: pa\u0000ge", "D101"),
    Plant("page", PAGE, "# nothing\n", "D102", FILE),
    Plant("page", PAGE, "script: page\n# " + "x" * 270_000, "D103", FILE),
    Plant("page", "    title: My", "\ttitle: My", "D104"),
    Plant("page", "What is a good", "Day: what is a good", "D105"),
    Plant("page", "What is a good day like?", '"What is', "D106", '"What'),
    Plant("page", "- Choir, then soup", "- {words: Choir", "D107", "{words"),
    Plant("page", "        label: A good", "         label: A good", "D108"),
    Plant("page", "label: A good day\n", "label: *good\n", "D109", "label: *good"),
    Plant("page", "Choir, then", "Choir #3", "D110"),
    Plant("page", "- Choir, then soup\n", "- Choir, then soup\n---\nmore: words\n", "D111", "---"),
    Plant("page", "Choir, then soup", "[" * 13 + "]" * 13, "D112"),
    Plant("page", "title: My page\n", "title: My page\ntitle: Mine\n", "D113", "title: Mine"),
    Plant("page", "label:", "lable:", "D114"),
    Plant("page", "        kind: text\n", "", "D115", "- id: good_day"),
    Plant("page", "why: We can help with more of them.", "why:", "D116"),
    Plant("alone", "label: None of these,", "label: None, of these,", "D117"),
    Plant(
        "page", "  - id: page\n    title: My page\n", "  - hello\n  - id: page\n    title: My page\n", "D118"
    ),
    Plant("page", "ask: What is a good day like?", "ask: [one, two]", "D119"),
    Plant("page", "examples:\n          - Choir, then soup", "examples: Choir", "D120"),
    Plant("page", "id: good_day", "id: Good Day", "D121"),
    Plant("page", "id: good_day", "id: not", "D122"),
    Plant("alone", "alone: true", "alone: yes", "D123"),
    Plant("alone", "most: 8", "most: eight", "D124"),
    Plant("page", "when: weather is good", "when: weather = good", "D125"),
    Plant("alone", "if_no: stop", "if_no: end", "D126"),
    Plant("alone", "language: en", "language: English", "D127"),
    Plant("alone", "for: person", "for: carer", "D128"),
    Plant("alone", "picture: home.png", "picture: my/home.png", "D129"),
    Plant("alone", "3 days after last answer", "3 days after supper", "D130"),
    Plant("alone", "3 days after last answer", "soon after last answer", "D131"),
    Plant("alone", "09:00 and 19:00", "9 till 7", "D132"),
    Plant("alone", "while: venue is answered", "while: venue is hom", "D133", "- id: unfinished"),
    Plant("talk", "while: weather is answered", "while: wether is good", "D133", "- id: soon"),
    Plant("alone", "You can carry on when", "You, {nme}, can carry on when", "D134"),
    Plant(
        "talk",
        "reminders:\n",
        "reminders:\n  - {id: soon, send: 2 days before appointment, text: Hi}\n",
        "D135",
        "- id: soon\n    send: 1 day",
    ),
    Plant(
        "talk",
        "reminders:\n",
        "reminders:\n"
        + "".join(f"  - {{id: r{n}, send: {n + 2} days before appointment, text: Hi}}\n" for n in range(6)),
        "D136",
        "- id: soon",
    ),
    Plant("alone", "You can carry on when", "You can go on. " * 45 + "When", "D137"),
    Plant("alone", "    between:", "    if_late: tell key contact\n    between:", "D138"),
    Plant("alone", "    between:", "    most: 20\n    between:", "D139"),
    Plant("page", "script: page", "script: begin", "D140"),
]
IN_SCRIPTS = [
    Plant("alone", "kind: many", "kind: mani", "D201"),
    Plant(
        "alone", "        kind: confirm", "        kind: confirm\n        nobody: Me", "D202", "nobody: Me"
    ),
    Plant(
        "alone",
        "ask: Is this right?",
        "ask: Is this right?\n        answer_by: [voice]",
        "D202",
        "answer_by: [voice]",
    ),
    Plant("alone", "when: venue is one", "when: venu is one", "D203"),
    Plant("alone", "{venue.label or the place}", "{venu.label or the place}", "D203"),
    Plant("page", "when: weather is good", "when: wether is good", "D203"),
    Plant("alone", "for_each: guests", "for_each: gests", "D203"),
    Plant(
        "alone",
        "        item: guest\n        how_known: How do you know {guest.name}?\n",
        "",
        "D204",
        "kind: list",
    ),
    Plant("alone", "id: breaks", "id: venue", "D205", "id: venue\n        kind: number"),
    Plant("page", "id: good_day", "id: agree", "D205"),
    Plant("alone", "- id: place\n", "- id: people\n", "D205", "id: people\n    title: When"),
    Plant("alone", "clinic: At the clinic", "clinic: at  my Home", "D206"),
    Plant("alone", "clinic: At the clinic", "clinic: Not sure", "D206"),
    Plant("alone", "clinic: At the clinic", "clinic: back", "D206"),
    Plant(
        "alone",
        "worker: Someone paid to help me",
        "worker: {label: Paid to help, retired: true}",
        "D207",
        "options:\n          family",
    ),
    Plant("alone", "when: venue is one of clinic, other", "when: breaks > 20", "D208"),
    Plant("alone", "Where would you like to meet {guests.names or us}", "Where, {needs.label}", "D208"),
    Plant("alone", "one of clinic, other", "one of clinc, other", "D209"),
    Plant("page", "weather is good", "weather is sunny", "D209"),
    Plant("alone", "when: venue is one of clinic, other", "when: guests is ann", "D210"),
    Plant("alone", "when: venue is one of clinic, other", "when: venue > 2", "D211"),
    Plant("alone", "when: venue is one of clinic, other", "when: role is family", "D212"),
    Plant("alone", "for_each: guests", "for_each: hello", "D213"),
    Plant(
        "alone",
        "  - id: place\n    title: When and where\n",
        "  - id: pets\n    title: Pets\n    for_each: pet_list\n    questions:\n"
        + Q.format(id="pet")
        + "  - id: place\n    title: When and where\n",
        "D203",
        "for_each: pet_list",
    ),
    Plant("alone", "{name}", "{nam}", "D215"),
    Plant("alone", "{guest.known}", "{guest.age}", "D215"),
    Plant(
        "alone", "how_known: How do you know {guest.name}?", "how_known: How do you know {gest.name}?", "D215"
    ),
    Plant("alone", "title: Who comes", "title: Who { comes", "D215"),
    Plant("alone", "{venue.label or the place}", "{venue.words or the place}", "D215"),
    Plant(
        "alone",
        "      - id: share\n        kind: confirm\n        ask: Is this right?\n",
        "",
        "D216",
        "- id: breaks",
    ),
    Plant("alone", "kind: confirm", "kind: confirm\n        reads_back: part", "D216", "- id: share"),
    Plant("alone", "kind: info", "kind: face\n        label: Hi\n        why: So.", "D217", "- id: hello"),
    Plant("alone", "if_no: stop", "if_no: stop\n        when: hello is answered", "D217", "when: hello"),
    Plant("alone", "least: 10", "least: 100", "D218"),
    Plant("alone", "most: 8", "most: 0", "D219"),
    Plant("alone", "most: 90", "most: 10", "D219", "most: 10"),
    Plant("alone", "home.png", "hme.png", "D221", "examples:\n          - words"),
    Plant("alone", "quiet: A quiet room", "quiet: Something else", "D222"),
    Plant("alone", "        no: No, not now\n", "", "D223", "yes: Yes"),
    Plant(
        "alone",
        "          flat: No steps\n          quiet: A quiet room\n",
        "          flat: {label: No steps, alone: true}\n",
        "D224",
        "options:\n          flat",
    ),
    Plant("alone", "{date or a day you choose}", "{date or }", "D225", "ask: Hello"),
    Plant("alone", "Your talk is on {date or a day you choose}.", "Your talk is soon.", "D226", FILE),
    Plant("alone", "        if_no: stop\n", "", "D227", "kind: consent"),
    Plant("begin", "        if_no: stop\n", "", "D227", "kind: consent"),
    Plant("begin", "if_no: stop", "if_no: stop\n        detail: usual", "D228", "detail: usual"),
    Plant("alone", "when: venue is one of clinic, other", "when: venue is home and venue is clinic", "D301"),
    Plant("alone", "when: venue is one of clinic, other", "when: breaks > 99", "D208"),
    Plant(
        "alone",
        "        kind: confirm",
        "        when: breaks > 99\n        kind: confirm",
        "D301",
        "when: breaks",
    ),
    Plant("alone", "when: role is not worker", "when: guests = 0", "D301"),
    Plant("alone", "when: role is not worker", "when: guests > 0", "D302"),
    Plant("alone", "home: At my home", f"home: {'at home ' * 6}", "D401"),
    Plant(
        "alone",
        "          home: At my home\n",
        f"          home: At my home\n{LONG_OPTIONS}",
        "D402",
        "options:\n          home",
    ),
    Plant("alone", "ask: Hello {name}.", f"ask: {'It is so. ' * 60}Hello {{name}}.", "D403"),
    Plant("alone", "easy: Who comes?", f"easy: {'It is so. ' * 61}", "D403"),
    Plant("alone", "why: A place you like helps.", f"why: {'It is so. ' * 61}", "D403"),
    Plant("alone", "    title: When", f"    title: {'So it is. ' * 6} When", "D409"),
    Plant("alone", "nobody: Just me", "nobody: Only me, and nobody else at all", "D405"),
    Plant("alone", SHARE, NINE + SHARE, "D406", "questions:\n      - id: venue"),
    Plant("alone", "ask: Where would", "ask: Where? Where would", "D505"),
    Plant("alone", "label: Where\n", "label: who  Comes\n", "D501"),
    Plant("page", "label: A good day", "label: this week", "D501"),
    Plant("alone", "        label: Where\n", "", "D502", "- id: venue"),
    Plant("alone", "        why: A place you like helps.\n", "", "D503", "- id: venue"),
    Plant("alone", "why: A place you like helps.", f"why: {'a ' * 20}a.", "D504"),
    Plant("page", "        examples:\n          - Choir, then soup\n", "", "D506", "- id: good_day"),
    Plant("alone", "ask: After how", "ask: We can stop now and then. After how", "D507"),
    Plant("alone", "easy: Who comes?", "easy: Who would you really like to be there with you?", "D508"),
    Plant("page", "ask: What is a good day like?", "ask: how was your  week?", "D509"),
    Plant("alone", "why: A place you like helps.", f"why: {'a ' * 16}a.", "D510"),
    Plant(
        "alone",
        "Who would you like to be there?\n        easy: Who comes?",
        "Who would you like to be there with us all day long?\n"
        "        easy: Who of all the people you know so well comes there?",
        "D511",
        "easy: Who of",
    ),
    Plant("alone", "ask: Who is {guest", "ask: One. Two. Three. Who is {guest", "D512"),
    Plant(
        "alone",
        "ask: After how many minutes would you like a break?",
        "ask: Who talks, and when would you stop?",
        "D513",
    ),
    Plant(
        "alone",
        "          family: Family\n          worker: Someone paid to help me",
        "          family: Yes\n          worker: No thanks",
        "D514",
        "options:\n          family",
    ),
    Plant(
        "alone",
        "ask: Who is {guest.name} to you?\n        why: You said you know them so {guest.known}.\n"
        "        options:\n          family: Family\n          worker: Someone paid",
        "ask: Do you know {guest.name}?\n        why: You said you know them so {guest.known}.\n"
        "        options:\n          family: Yes, they are family\n          worker: No, they are paid",
        "D515",
        "ask: Do you",
    ),
    Plant("alone", "home: At my home", "home: 🏠", "D516"),
    Plant("alone", "They plan your talk with them.", "What is your eligibility?", "D521"),
    Plant("begin", "We plan your talk with it.", "Every service user says so.", "D521"),
    Plant("alone", "They plan your talk with them.", "The DBT has them.", "D522"),
    Plant("alone", "They plan your talk with them.", "It is your responsibility.", "D523"),
    Plant("alone", "They plan your talk with them.", "You can't lose them.", "D524"),
    Plant("alone", "They plan your talk with them.", "They are read by your team.", "D525"),
    Plant("alone", "Who would you like to be there?", "Who would you like there, please?", "D526"),
    Plant("alone", "They plan your talk with them.", "They ring at 14:30.", "D527"),
    Plant("alone", "They plan your talk with them.", "Half of them, 50%, are here.", "D527"),
    Plant("alone", "They plan your talk with them.", "They ring on 03/04/2026.", "D527"),
    Plant(
        "alone",
        "        answer_by: [text, voice]\n",
        """\
        answer_by: [text, voice]
      - id: pets
        kind: list
        label: Pets
        ask: What pets does {guest.name} have?
        why: Some people bring a dog.
        item: pet
  - id: each_pet
    title: Pets
    for_each: pets
    questions:
      - {id: pet, kind: face, label: Pet, ask: "How is {pet.name}?", why: So.}
""",
        "D214",
        "for_each: pets",
    ),
    Plant(
        "alone",
        NEEDS,
        """\
          flat: {label: No steps, retired: true}
          quiet: {label: A quiet room, retired: true}
""",
        "D220",
        "options:\n          flat",
    ),
    Plant(
        "alone",
        "        answer_by: [text, voice]\n",
        f"""\
        answer_by: [text, voice]
      - id: {"q" * 24}
        kind: choice
        label: More
        ask: What else?
        why: So.
        options:
          {"o" * 20}: This
          more: That
""",
        "D404",
        "id: qqq",
    ),
    Plant("alone", "  - id: place\n", MINUTES + "  - id: place\n", "D407", FILE),
    Plant(
        "alone", "- words: At home", f"- words: {'At home. ' * 130}", "D408", "examples:\n          - words"
    ),
    Plant(
        "page",
        "We can help with more of them.",
        "We can help with a family and with some company. " * 6,
        "D517",
        FILE,
    ),
    Plant(
        "page",
        "We can help with more of them.",
        "Community activity gives every family positive energy. " * 6,
        "D518",
        FILE,
    ),
]
IN_SETS = [
    Plant("talk", "- ending", "- endin", "D601"),
    Plant("talk", "- ending", "- begin\n  - ending", "D602"),
    Plant("talk", "- begin\n", "- script: begin\n    by_choice: true\n", "D603"),
    Plant(
        "talk",
        "- more\n  - script: page\n    by_choice: true\n  - ending",
        "- more\n  - ending\n  - page",
        "D604",
        "- page",
    ),
    Plant(
        "talk",
        "- more\n  - script: page\n    by_choice: true\n",
        "- script: page\n    by_choice: true\n  - more\n  - alone\n",
        "D605",
    ),
    Plant(
        "talk",
        "- begin\n  - more\n  - script: page\n    by_choice: true\n  - ending\n",
        "".join(
            f"- script: {name}\n    stage: 2\n{'  ' if name != 'ending' else ''}"
            for name in ("begin", "more", "page", "ending")
        ),
        "D606",
    ),
    Plant("talk", "- more\n", "- script: more\n    stage: 2\n", "D607", "- script: page"),
    Plant("talk", "  - more\n", "", "D608", FILE, "more"),
    Plant("page", "detail: light", "detail: fuller", "D609"),
    Plant(
        "page",
        "sections:",
        "reminders:\n  - {id: r, send: 1 day before appointment, text: Hi}\nsections:",
        "D610",
        "- {id: r",
    ),
]
PLANTS = [*IN_FILES, *IN_SCRIPTS, *IN_SETS]


def problems(folder: Path, changed: dict[str, str]) -> list[Problem]:
    """What the command finds in the good files, some of them changed."""
    (folder / "samples").mkdir()
    (folder / "samples" / "home.png").touch()
    files = Files()
    for name, text in {**GOOD, **changed}.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8", newline="")
        files.take(folder / f"{name}.yaml")
    return files.problems()


def places(found: list[Problem]) -> list[tuple[str, str, int]]:
    return [(Path(each.file).stem, each.code, each.line) for each in found]


def test_the_good_files_pass_clean(tmp_path: Path) -> None:
    assert problems(tmp_path, {}) == []


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.code} {plant.file} {plant.new[:30]!r}")
def test_a_planted_mistake_is_found_where_it_is_and_nothing_else_is(plant: Plant, tmp_path: Path) -> None:
    found = problems(tmp_path, {plant.file: plant.text})
    assert places(found) == [(plant.found_in or plant.file, plant.code, plant.line)]


def test_every_code_is_planted_at_least_once() -> None:
    planted = {plant.code for plant in PLANTS}

    assert len(PLANTS) >= 100
    assert {code.code for code in CODES} == planted
