"""D216, D217, D227, D228: nothing is kept before a yes, and nothing is shared unread."""

from collections.abc import Iterator

from bot.dialog.check.rule import Mistake, rule
from bot.dialog.check.seen import Seen
from bot.dialog.path import shares
from bot.dialog.script import DETAILS, Question, Script


def is_part(script: Script) -> bool:
    """Whether it is only asked inside a set: it asks nobody's consent, and shares nothing."""
    return not any(_agrees(question) or shares(question) for question in script.questions)


def is_whole(script: Script) -> bool:
    """Whether it can be asked on its own: it asks for consent, and shares at its end."""
    questions = list(script.questions)
    return any(map(_agrees, questions)) and any(map(shares, questions))


@rule(
    "D216",
    "- id: last\n  kind: text",
    "- id: last\n  kind: text\n- id: share\n  kind: confirm\n  ask: Is this right?",
    in_parts=False,
)
def no_confirm(seen: Seen) -> Iterator[Mistake]:
    """Nobody reads the answers back before they are shared."""
    if seen.rows and not is_part(seen.script) and not shares(seen.rows[-1].question):
        words = "the last question is not one of kind confirm that reads all of it back"
        yield Mistake(seen.rows[-1].question, "", words, "Add one at the end.")


@rule(
    "D217",
    "- id: call_me\n  kind: text",
    "- id: may_keep\n  kind: consent\n  ask: May I keep your answers?\n- id: call_me\n  kind: text",
    in_parts=False,
)
def no_consent(seen: Seen) -> Iterator[Mistake]:
    """Words would be kept before the person has said that they may be."""
    first = next((row for row in seen.rows if row.question.kind != "info"), None)
    if first is None or is_part(seen.script):
        return
    if first.question.kind != "consent":
        words = "words are kept here before the person has agreed to it"
        yield Mistake(first.question, "", words, "Put a question of kind consent before it.")
    elif first.question.when or first.section.for_each:
        words = "this consent is not always asked"
        yield Mistake(first.question, "when", words, "Take when out, and for_each of its section.")


@rule("D227", "kind: consent", "kind: consent\nif_no: stop")
def no_way_out(seen: Seen) -> Iterator[Mistake]:
    """Somebody who says no to the first consent is asked all the same."""
    first = next((row.question for row in seen.rows if _agrees(row.question)), None)
    asked = next((row.question for row in seen.rows if row.question.kind != "info"), None)
    if first and first is asked and not first.if_no:
        words = "whoever says no here is asked all the rest"
        yield Mistake(first, "kind", words, "Add: if_no: stop")


@rule("D228", "kind: consent\ndetail: fuller", "kind: consent")
def consent_left_out(seen: Seen) -> Iterator[Mistake]:
    """Somebody who wants fewer questions would not be asked for their consent."""
    for row in seen.rows:
        if _agrees(row.question) and row.question.detail != DETAILS[0]:
            yield Mistake(row.question, "detail", "a consent is asked at every detail", "Take that line out.")


CHECKS = (no_confirm, no_consent, no_way_out, consent_left_out)


def _agrees(question: Question) -> bool:
    return question.kind == "consent"
