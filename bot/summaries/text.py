"""A summary as one message."""

from collections.abc import Sequence

from bot import wording
from bot.dialog.grouping import under_headings
from bot.dialog.talk import Button, Prompt, Row, Say, State
from bot.summaries.compose import Change, Entry, Summary


def whole(summary: Summary, name: str, say: Say, buttons: tuple[Button, ...]) -> Prompt:
    """Everything that was shared; what was skipped stands at the end, in one line each."""
    rows = [(e.heading, (e.label, _shown(e, say))) for e in summary if e.words]
    rows += _without_words(summary, State.UNSURE, say(wording.UNSURE))
    rows += _without_words(summary, State.SKIPPED, say(wording.SKIPPED))
    text = "" if rows else say(wording.SUMMARY_NONE).format(name=name)
    title = say(wording.SUMMARY_TITLE).format(name=name)
    return Prompt(text, title, under_headings(rows), buttons=buttons)


def changes(changed: Sequence[Change], name: str, say: Say, buttons: tuple[Button, ...]) -> Prompt:
    """Only what is not as it was."""
    rows = [(_heading(c), (c.label, _change(c, say))) for c in changed]
    title = say(wording.SUMMARY_CHANGED).format(name=name)
    return Prompt("", title, under_headings(rows), buttons=buttons)


def _heading(change: Change) -> str:
    entry = change.now or change.before
    return entry.heading if entry else ""


def _change(change: Change, say: Say) -> str:
    """What it is now, and was; a line that was taken away is not said once more."""
    if change.now is None:
        return say(wording.TAKEN_AWAY)
    now = _shown(change.now, say)
    return say(wording.WAS).format(now=now, before=_shown(change.before, say)) if change.before else now


def _shown(entry: Entry, say: Say) -> str:
    """What was said, and whether it is for nobody else."""
    if not entry.words:
        return say(wording.UNSURE if entry.state is State.UNSURE else wording.SKIPPED)
    return say(wording.FOR_YOU_ONLY).format(words=entry.words) if entry.share_with else entry.words


def _without_words(summary: Sequence[Entry], state: State, label: str) -> list[tuple[str, Row]]:
    """All that was answered like this, in one line that belongs to no group."""
    names = [e.label for e in summary if e.state is state and not e.words]
    return [("", (label, ", ".join(names)))] if names else []
