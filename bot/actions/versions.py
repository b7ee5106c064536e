"""The scripts and sets there are, and their versions: seen, and gone back to."""

from dataclasses import replace

from bot import wording
from bot.actions import access, menu, publish, shelf
from bot.actions.desk import Desk, say_for
from bot.actions.foresee import Wanted
from bot.dialog.sets import is_bundle
from bot.dialog.talk import Button, Heard, Prompt, Thing
from bot.errors import NotFound, ScriptProblems
from bot.people import Person, Role
from bot.store import people, scripts
from bot.store.scripts import StoredScript

_SHOWN = 8  # versions, or titles, in one message


def list_scripts(desk: Desk, admin: Person) -> None:
    """Which scripts and sets are in use: a page of their titles, as buttons."""
    desk.tell(admin, _page(admin, _sorted(scripts.all_live(desk.conn)), 1))


def turned(desk: Desk, admin: Person, rest: str, heard: Heard) -> None:
    """A button that shows a page of all titles, or of those in one set."""
    if Role.ADMIN not in admin.roles:
        raise NotFound(f"scripts {rest}")
    page, _, group = rest.partition("/")
    if not group:
        whole = _page(admin, _sorted(scripts.all_live(desk.conn)), access.number(page))
        return desk.tell(admin, replace(whole, edits=True), edits=heard.message)
    kept = scripts.by_id(desk.conn, access.number(group))
    live = scripts.live(desk.conn, kept.name) if kept else None
    if live is None:
        raise NotFound(f"script {group}")
    found = [each for name in shelf.parts_of(live.text) if (each := scripts.live(desk.conn, name))]
    part = _page(admin, _titled(found), access.number(page), live)
    return desk.tell(admin, replace(part, edits=heard.said.tapped == "more"), edits=heard.message)


_Titled = list[tuple[str, StoredScript]]


def _titled(kept: list[StoredScript]) -> _Titled:
    """Each with the title people know, and with its id where two have the same."""
    titles = [shelf.title_of(each.text) for each in kept]
    return [
        (f"{title} ({each.name})" if titles.count(title) > 1 else title, each)
        for title, each in zip(titles, kept, strict=True)
    ]


def _sorted(kept: list[StoredScript]) -> _Titled:
    """Sets first, then scripts, each by their title."""
    return sorted(_titled(kept), key=lambda each: (not is_bundle(each[1].text), each[0].casefold()))


def _page(admin: Person, titled: _Titled, number: int, group: StoredScript | None = None) -> Prompt:
    """Some of the titles as buttons, and one for the page that follows; after the last comes the first."""
    say, pages = say_for(admin), max(1, -(-len(titled) // _SHOWN))
    number = max(1, min(number, pages))
    shown = titled[(number - 1) * _SHOWN : number * _SHOWN]
    buttons = [Button("open", title, f"script/{each.id}") for title, each in shown]
    if pages > 1:
        after = number % pages + 1
        more = say(wording.SCRIPTS_MORE).format(page=after, pages=pages)
        buttons.append(Button("more", more, f"scripts/{after}" + (f"/{group.id}" if group else "")))
    if group:
        title = say(wording.SCRIPTS_OF).format(title=shelf.title_of(group.text))
        return Prompt(say(wording.SCRIPTS_OF_HOW), title, buttons=tuple(buttons))
    how = say(wording.SCRIPTS_HOW if titled else wording.SCRIPT_NONE)
    return Prompt(how, say(wording.SCRIPT_LIST), after=say(wording.ADMIN_CAN), buttons=tuple(buttons))


def pressed(desk: Desk, admin: Person, number: str, heard: Heard) -> None:
    """A button that opens a script, or goes back to a version of it."""
    kept = scripts.by_id(desk.conn, access.number(number))
    if Role.ADMIN not in admin.roles or kept is None or not kept.version:
        raise NotFound(f"script {number}")
    if heard.said.tapped == "back":
        return _go_back(desk, admin, kept)
    if heard.said.tapped == "file":
        return _send_file(desk, admin, kept.name)
    return _open(desk, admin, kept.name)


def _open(desk: Desk, admin: Person, name: str) -> None:
    """A script or set: its versions, and what can be done with it."""
    say, found = say_for(admin), scripts.history(desk.conn, name, _SHOWN)
    rows = tuple(
        (say(wording.VERSION_NUMBER).format(version=each.version), _made(desk, admin, each)) for each in found
    )
    buttons = [Button("file", say(wording.SEND_FILE), f"script/{found[0].id}")]
    if is_bundle(found[0].text):
        buttons.append(Button("parts", say(wording.SET_SCRIPTS), f"scripts/1/{found[0].id}"))
    buttons += [
        Button("back", say(wording.GO_BACK_TO).format(version=each.version), f"script/{each.id}")
        for each in found[1:]
    ]
    title = say(wording.SCRIPT_OF).format(title=shelf.title_of(found[0].text), name=name)
    desk.tell(admin, Prompt("", title, rows, buttons=tuple(buttons)))


def _send_file(desk: Desk, admin: Person, name: str) -> None:
    """The file that is in use, to be changed and sent back."""
    live = scripts.live(desk.conn, name)
    assert live is not None, "one that was published stays so"
    words = say_for(admin)(wording.FILE_HOW).format(title=shelf.title_of(live.text))
    desk.tell(admin, Prompt(words, thing=Thing("document", f"script/{live.id}/{name}.yaml")))


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
