"""The scripts and sets there are, and their versions: seen, and gone back to."""

from bot import wording
from bot.actions import access, menu, publish, shelf
from bot.actions.desk import Desk, say_for
from bot.actions.foresee import Wanted
from bot.dialog.talk import Button, Heard, Prompt
from bot.errors import NotFound, ScriptProblems
from bot.people import Person, Role
from bot.store import people, scripts
from bot.store.scripts import StoredScript

_SHOWN = 8  # versions in one message
_MOST = 90  # buttons under a message. Source: Telegram takes 100


def list_scripts(desk: Desk, admin: Person) -> None:
    """Which scripts and sets are in use, and since when; a button for each."""
    say, rows = say_for(admin), []
    kept = scripts.all_live(desk.conn)
    for each in kept:
        date = desk.date(each.published_at or 0, admin)
        rows.append((each.name, say(wording.SCRIPT_VERSION).format(version=each.version, date=date)))
    buttons = tuple(Button("open", each.name, f"script/{each.id}") for each in kept[:_MOST])
    text = "" if rows else say(wording.SCRIPT_NONE)
    desk.tell(
        admin, Prompt(text, say(wording.SCRIPT_LIST), tuple(rows), say(wording.ADMIN_CAN), buttons=buttons)
    )


def pressed(desk: Desk, admin: Person, number: str, heard: Heard) -> None:
    """A button that opens a script, or goes back to a version of it."""
    kept = scripts.by_id(desk.conn, access.number(number))
    if Role.ADMIN not in admin.roles or kept is None or not kept.version:
        raise NotFound(f"script {number}")
    if heard.said.tapped == "back":
        return _go_back(desk, admin, kept)
    return _open(desk, admin, kept.name)


def _open(desk: Desk, admin: Person, name: str) -> None:
    say, found = say_for(admin), scripts.history(desk.conn, name, _SHOWN)
    rows = tuple(
        (say(wording.VERSION_NUMBER).format(version=each.version), _made(desk, admin, each)) for each in found
    )
    buttons = tuple(
        Button("back", say(wording.GO_BACK_TO).format(version=each.version), f"script/{each.id}")
        for each in found[1:]
    )
    title = say(wording.SCRIPT_OF).format(title=shelf.title_of(found[0].text), name=name)
    desk.tell(admin, Prompt("", title, rows, buttons=buttons))


def _made(desk: Desk, admin: Person, kept: StoredScript) -> str:
    """When it was published, and by whom."""
    say, date = say_for(admin), desk.date(kept.published_at or 0, admin)
    if kept.made_by is None:
        return say(wording.SCRIPT_MADE_UP).format(date=date)
    who = people.by_id(desk.conn, kept.made_by)
    name = who.name if who and who.name else say(wording.SOMEBODY_GONE)
    return say(wording.SCRIPT_MADE).format(date=date, who=name)


def _go_back(desk: Desk, admin: Person, kept: StoredScript) -> None:
    """Say what would follow from having an older version again; it becomes a new one.

    Raises: FileNeeded until that is known.
    """
    say, title = say_for(admin), shelf.title_of(kept.text)
    live = scripts.live(desk.conn, kept.name)
    if live and live.text == kept.text:
        words = say(wording.SCRIPT_IN_USE).format(version=live.version, title=title)
        return desk.tell(admin, Prompt(words, keys=menu.keys(admin)))
    told = say(wording.WOULD_GO_BACK).format(version=kept.version, title=title)
    try:
        follows = publish.foreseen(desk, admin, Wanted(((kept.name, kept.text),)), kept.name)
    except ScriptProblems as wrong:
        return desk.tell(admin, publish.problems(admin, kept.name, wrong))
    return publish.offer(desk, admin, kept.name, kept.text, told, follows)
