"""An admin changes the questions: send a file, see what is wrong, try it on their own phone, publish it."""

from bot import wording
from bot.actions import answer, menu
from bot.actions.desk import Desk, say_for
from bot.dialog.check import read
from bot.dialog.choosing import plain
from bot.dialog.talk import Button, Heard, Prompt
from bot.errors import NotFound, ScriptProblems
from bot.people import Person, Role
from bot.store import people, scripts, talks
from bot.store.talks import Talk

LARGEST = 256 * 1024
_SHOWN = 8  # problems in one message: more are frightening and no help


def is_script_file(person: Person, heard: Heard) -> bool:
    """Whether this is a document from someone who may change the questions."""
    return bool(heard.file) and Role.ADMIN in person.roles


def receive(desk: Desk, admin: Person, heard: Heard) -> None:
    """Check a file; a good one becomes a draft, a broken one changes nothing.

    Raises: FileNeeded until the file has been fetched.
    """
    say = say_for(admin)
    if not heard.file_name.casefold().endswith((".yaml", ".yml", ".txt")):
        return desk.tell(admin, Prompt(say(wording.SCRIPT_NOT_TEXT)))
    if heard.file_size > LARGEST:
        return desk.tell(admin, Prompt(say(wording.SCRIPT_TOO_BIG)))
    data = desk.house.file(heard.file)
    try:
        text = data.decode("utf-8-sig")
        script = read(text, heard.file_name)
    except UnicodeDecodeError:
        return desk.tell(admin, Prompt(say(wording.SCRIPT_NOT_TEXT)))
    except ScriptProblems as wrong:
        return desk.tell(admin, _problems(admin, heard.file_name, wrong))
    draft = scripts.draft(desk.conn, script.id, text, admin.id, desk.now)
    good = say(wording.SCRIPT_GOOD).format(title=script.title, count=len(list(script.questions)))
    place = f"draft/{draft}"
    buttons = (Button("try", say(wording.PREVIEW), place), Button("publish", say(wording.PUBLISH), place))
    return desk.tell(admin, Prompt(f"{good}\n{say(wording.SCRIPT_NOTHING_CHANGED)}", buttons=buttons))


def pressed(desk: Desk, admin: Person, number: str, heard: Heard) -> None:
    """A button under a draft."""
    kept = scripts.by_id(desk.conn, int(number))
    if Role.ADMIN not in admin.roles or kept is None:
        raise NotFound(f"draft {number}")
    if heard.said.tapped == "try":
        return _preview(desk, admin, kept.id)
    version = kept.version or publish(desk, admin, kept.id)
    title = read(kept.text, kept.name).title
    words = say_for(admin)(wording.PUBLISHED).format(title=title, version=version)
    return desk.tell(admin, Prompt(words, keys=menu.keys(admin)))


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


def end_preview(desk: Desk, admin: Person) -> None:
    """The try-out is over, and nothing of it is kept."""
    _drop_preview(desk, admin)
    desk.tell(admin, Prompt(say_for(admin)(wording.PREVIEW_ENDS), keys=menu.keys(admin)))


def _preview(desk: Desk, admin: Person, draft: int) -> None:
    _drop_preview(desk, admin)
    desk.tell(admin, Prompt(say_for(admin)(wording.PREVIEW_STARTS)))
    answer.begin(desk, admin, draft)


def _drop_preview(desk: Desk, admin: Person) -> None:
    talk = talks.of_person(desk.conn, admin.id)
    if talk and talk.draft:
        talks.erase(desk.conn, talk.id)


def _problems(admin: Person, name: str, wrong: ScriptProblems) -> Prompt:
    say = say_for(admin)
    shown = [str(problem) for problem in wrong.problems[:_SHOWN]]
    more = len(wrong.problems) - len(shown)
    text = "\n\n".join(shown)
    after = say(wording.SCRIPT_MORE).format(count=more) if more else ""
    return Prompt(text, say(wording.SCRIPT_BAD).format(name=name), after=after)
