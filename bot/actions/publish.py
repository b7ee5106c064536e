"""An admin changes the questions: send a file, see what is wrong, try it on their own phone, publish it."""

from bot import wording
from bot.actions import access, answer, forget, menu
from bot.actions.desk import Desk, say_for
from bot.dialog.check import read
from bot.dialog.choosing import plain
from bot.dialog.load import load
from bot.dialog.script import Question, Script
from bot.dialog.talk import Button, Heard, Prompt
from bot.errors import NotFound, Problem, ScriptProblems
from bot.people import Person, Role
from bot.store import people, scripts
from bot.store.scripts import StoredScript
from bot.store.talks import Talk

LARGEST = 256 * 1024
_SHOWN = 8  # problems in one message: more are frightening and no help


def is_script_file(person: Person, heard: Heard) -> bool:
    """Whether this is a document from someone who may change the questions."""
    return heard.said.thing == "document" and Role.ADMIN in person.roles


def receive(desk: Desk, admin: Person, heard: Heard) -> None:
    """Check a file; a good one becomes a draft, a broken one changes nothing.

    Raises: FileNeeded until the file has been fetched.
    """
    say = say_for(admin)
    if not heard.file_name.casefold().endswith((".yaml", ".yml", ".txt")):
        return desk.tell(admin, Prompt(say(wording.SCRIPT_NOT_TEXT)))
    if heard.file_size > LARGEST:
        return desk.tell(admin, Prompt(say(wording.SCRIPT_TOO_BIG)))
    data = desk.house.file(heard.said.file)
    try:
        text = data.decode("utf-8-sig")
        script = read(text, heard.file_name)
        _fits(desk, script, heard.file_name)
    except UnicodeDecodeError:
        return desk.tell(admin, Prompt(say(wording.SCRIPT_NOT_TEXT)))
    except ScriptProblems as wrong:
        return desk.tell(admin, _problems(admin, heard.file_name, wrong))
    draft = scripts.draft(desk.conn, script.id, text, admin.id, desk.now)
    good = say(wording.SCRIPT_GOOD).format(title=script.title, count=len(list(script.questions)))
    place = f"draft/{draft}"
    buttons = (Button("try", say(wording.PREVIEW), place), Button("publish", say(wording.PUBLISH), place))
    return desk.tell(admin, Prompt(f"{good}\n{say(wording.SCRIPT_NOTHING_CHANGED)}", buttons=buttons))


def _fits(desk: Desk, script: Script, file: str) -> None:
    """Whether this script can take the place of the one in use while people are in the middle of it.

    Raises: ScriptProblems when it has another name, or an id means another kind of question than before.
    """
    now_live = scripts.live(desk.conn, script.id)
    if now_live is None:
        words = f"Nobody is asked a script called “{script.id}”."
        raise ScriptProblems(file, [Problem(0, 0, "P001", words, f"Write script: {answer.SCRIPT} in it.")])
    was = {q.id: q.kind for text in scripts.published(desk.conn, script.id) for q in load(text).questions}
    changed = [q for q in script.questions if was.get(q.id, q.kind) != q.kind]
    if changed:
        raise ScriptProblems(file, [_another_kind(q, was[q.id]) for q in changed])


def _another_kind(question: Question, was: str) -> Problem:
    words = f"“{question.id}” was of kind {was} before, and people have answered it."
    return Problem(question.line, question.column, "P002", words, "Give the new question another id.")


def pressed(desk: Desk, admin: Person, number: str, heard: Heard) -> None:
    """A button under a draft."""
    kept = scripts.by_id(desk.conn, access.number(number))
    if Role.ADMIN not in admin.roles or kept is None:
        raise NotFound(f"draft {number}")
    if heard.said.tapped == "try":
        return _preview(desk, admin, kept.id)
    newest = scripts.live(desk.conn, kept.name)
    is_anyway = heard.said.tapped == "anyway" and not kept.version
    if newest and newest.id != kept.id and (kept.version or newest.id > kept.id) and not is_anyway:
        return _ask_again(desk, admin, kept, newest)
    forget.try_out(desk, admin)
    version = kept.version or publish(desk, admin, kept.id)
    words = say_for(admin)(wording.PUBLISHED).format(title=_title(kept), version=version)
    return desk.tell(admin, Prompt(words, keys=menu.keys(admin)))


def _ask_again(desk: Desk, admin: Person, kept: StoredScript, newest: StoredScript) -> None:
    """This file is older than what is in use: publishing it would undo somebody's work unseen."""
    say = say_for(admin)
    told = say(wording.SCRIPT_OLDER).format(title=_title(kept), version=newest.version)
    if kept.version:
        return desk.tell(admin, Prompt(f"{told}\n{say(wording.SCRIPT_SEND_AGAIN)}", keys=menu.keys(admin)))
    anyway = Button("anyway", say(wording.PUBLISH_ANYWAY), f"draft/{kept.id}")
    return desk.tell(admin, Prompt(told, buttons=(anyway,)))


def _title(kept: StoredScript) -> str:
    return read(kept.text, kept.name).title


def publish(desk: Desk, admin: Person | None, draft: int) -> int:
    """Make a draft the version in use, and give its number."""
    kept = scripts.by_id(desk.conn, draft)
    assert kept is not None, f"no draft {draft}"
    version = scripts.publish(desk.conn, draft, kept.name, desk.now)
    people.note(desk.conn, admin.id if admin else None, "published", None, desk.now, f"{kept.name} {version}")
    return version


def publish_text(desk: Desk, text: str, name: str) -> int | None:
    """Publish a script that is not what is in use already; None when it is.

    Raises: ScriptProblems; nothing has changed then.
    """
    script = read(text, name)
    now_live = scripts.live(desk.conn, script.id)
    if now_live and now_live.text == text:
        return None
    return publish(desk, None, scripts.draft(desk.conn, script.id, text, None, desk.now))


def list_scripts(desk: Desk, admin: Person) -> None:
    """Which scripts are in use, and since when."""
    say, rows = say_for(admin), []
    for name in scripts.names(desk.conn):
        kept = scripts.live(desk.conn, name)
        if kept and kept.published_at:
            date = desk.date(kept.published_at, admin)
            rows.append((name, say(wording.SCRIPT_VERSION).format(version=kept.version, date=date)))
    desk.tell(
        admin,
        Prompt(
            "" if rows else say(wording.SCRIPT_NONE),
            say(wording.SCRIPT_LIST),
            tuple(rows),
            say(wording.ADMIN_CAN),
        ),
    )


def ends_preview(admin: Person, talk: Talk | None, text: str) -> bool:
    """Whether these words end a try-out."""
    return bool(talk and talk.draft) and plain(text) == plain(say_for(admin)(wording.END_PREVIEW))


def _preview(desk: Desk, admin: Person, draft: int) -> None:
    forget.try_out(desk, admin)
    desk.tell(admin, Prompt(say_for(admin)(wording.PREVIEW_STARTS)))
    answer.begin(desk, admin, draft)


def _problems(admin: Person, name: str, wrong: ScriptProblems) -> Prompt:
    say = say_for(admin)
    shown = [str(problem) for problem in wrong.problems[:_SHOWN]]
    more = len(wrong.problems) - len(shown)
    text = "\n\n".join(shown)
    after = say(wording.SCRIPT_MORE).format(count=more) if more else ""
    return Prompt(text, say(wording.SCRIPT_BAD).format(name=name), after=after)
