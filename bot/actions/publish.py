"""An admin changes the questions: send a file, see what is wrong, try it on their own phone, publish it."""

from collections.abc import Mapping

from bot import plaintext, wording
from bot.actions import access, answer, foresee, forget, menu, shelf
from bot.actions.desk import Desk, say_for
from bot.actions.foresee import Foreseen, Wanted
from bot.dialog.choosing import plain
from bot.dialog.load import is_box, is_set, load
from bot.dialog.sets import is_bundle
from bot.dialog.talk import Button, Heard, Prompt
from bot.errors import NotFound, ScriptProblems
from bot.people import Person, Role
from bot.store import people, scripts
from bot.store.database import one_at_a_time
from bot.store.scripts import StoredScript
from bot.store.talks import Talk

LARGEST = 256 * 1024
_SHOWN = 8  # problems in one message: more are frightening and no help


def is_script_file(person: Person, heard: Heard) -> bool:
    """Whether this is a document from someone who may change the questions."""
    return heard.said.thing == "document" and Role.ADMIN in person.roles


def receive(desk: Desk, admin: Person, heard: Heard) -> None:
    """Check a file; a good one becomes a draft, a broken one changes nothing.

    Raises: FileNeeded until the file has been fetched, and what would follow is known.
    """
    say, name = say_for(admin), heard.file_name
    if not name.casefold().endswith((".yaml", ".yml", ".txt")):
        return desk.tell(admin, Prompt(say(wording.SCRIPT_NOT_TEXT)))
    if heard.file_size > LARGEST:
        return desk.tell(admin, Prompt(say(wording.SCRIPT_TOO_BIG)))
    data = desk.house.file(heard.said.file)
    try:
        text = plaintext.of_bytes(data, name)
        script = shelf.name_of(text, name)
        follows = foreseen(desk, admin, Wanted(((script, text),), name), name)
    except ScriptProblems as wrong:
        return desk.tell(admin, problems(admin, name, wrong))
    good = _good(admin, follows.checked) if follows.checked else ""
    return offer(desk, admin, script, text, good, follows)


def _good(admin: Person, found: shelf.Checked) -> str:
    words = say_for(admin)(wording.SCRIPT_GOOD if found.talk else wording.BOX_GOOD)
    return words.format(title=found.title, count=len(list(found.talk.questions)) if found.talk else 0)


def offer(desk: Desk, admin: Person, name: str, text: str, told: str, follows: Foreseen) -> None:
    """Keep a text as a draft, say what would follow, and ask what to do with it."""
    say = say_for(admin)
    draft = scripts.draft(desk.conn, name, text, admin.id, follows.at)
    place, is_new = f"draft/{draft}", scripts.live(desk.conn, name) is None
    buttons = [Button("try", say(wording.PREVIEW), place), Button("publish", say(wording.PUBLISH), place)]
    if name == shelf.BOX:
        del buttons[0]
    ends = wording.SCRIPT_NEW if is_new and name != shelf.BOX else wording.SCRIPT_NOTHING_CHANGED
    lines = [told, "" if is_new else foresee.in_words(follows, say), say(ends)]
    desk.tell(admin, Prompt("\n".join(filter(None, lines)), buttons=tuple(buttons)))


def foreseen(desk: Desk, admin: Person, wanted: Wanted, file: str) -> Foreseen:
    """What would follow from publishing this.

    Raises: ScriptProblems when it is broken, or somebody in the middle of a talk could not go on as they
    should; FileNeeded until that is known.
    """
    follows = desk.house.forecast(wanted, admin.chat or 0)
    if follows.broken:
        raise follows.broken
    ((_, text),) = wanted.texts
    script = load(text, file) if not is_set(text) and not is_box(text) and not is_bundle(text) else None
    if wrong := foresee.problems(follows, script):
        raise ScriptProblems(file, wrong)
    return follows


def pressed(desk: Desk, admin: Person, number: str, heard: Heard) -> None:
    """A button under a draft.

    Raises: FileNeeded until it is known what would follow now.
    """
    kept = scripts.by_id(desk.conn, access.number(number))
    if Role.ADMIN not in admin.roles or kept is None:
        raise NotFound(f"draft {number}")
    if heard.said.tapped == "try":
        return _preview(desk, admin, kept)
    one_at_a_time(desk.conn)  # another admin may be publishing at this moment
    newest = scripts.live(desk.conn, kept.name)
    is_anyway = heard.said.tapped == "anyway" and not kept.version
    if newest and newest.id != kept.id and (kept.version or newest.id > kept.id) and not is_anyway:
        return _ask_again(desk, admin, kept, newest)
    try:
        version = kept.version or _publish_checked(desk, admin, kept)
    except ScriptProblems as wrong:
        return desk.tell(admin, problems(admin, kept.name, wrong))
    forget.try_out(desk, admin)
    words = say_for(admin)(wording.PUBLISHED).format(title=shelf.title_of(kept.text), version=version)
    return desk.tell(admin, Prompt(words, keys=menu.keys(admin)))


def _publish_checked(desk: Desk, admin: Person, kept: StoredScript) -> int:
    """Look once more at what has changed since the draft was checked, and publish it.

    Raises: ScriptProblems; nothing has changed then.
    """
    changed = [scripts.live(desk.conn, name) for name in shelf.affected(desk.conn, {kept.name: kept.text})]
    is_as_it_was = all(not live or (live.published_at or 0) < kept.made_at for live in changed)
    to_check = "" if is_as_it_was or is_bundle(kept.text) else kept.name
    since = kept.made_at if is_as_it_was else 0
    foreseen(desk, admin, Wanted(((kept.name, kept.text),), to_check, since), kept.name)
    return publish(desk, admin, kept.id)


def _ask_again(desk: Desk, admin: Person, kept: StoredScript, newest: StoredScript) -> None:
    """This file is older than what is in use: publishing it would undo somebody's work unseen."""
    say = say_for(admin)
    told = say(wording.SCRIPT_OLDER).format(title=shelf.title_of(kept.text), version=newest.version)
    if kept.version:
        return desk.tell(admin, Prompt(f"{told}\n{say(wording.SCRIPT_SEND_AGAIN)}", keys=menu.keys(admin)))
    anyway = Button("anyway", say(wording.PUBLISH_ANYWAY), f"draft/{kept.id}")
    return desk.tell(admin, Prompt(told, buttons=(anyway,)))


def publish(desk: Desk, admin: Person | None, draft: int) -> int:
    """Make a draft the version in use, with every set that has it, and give its number."""
    kept = scripts.by_id(desk.conn, draft)
    assert kept is not None, f"no draft {draft}"
    return publish_texts(desk, admin, {kept.name: kept.text}, {kept.name: draft})[kept.name]


def publish_texts(
    desk: Desk, admin: Person | None, changed: Mapping[str, str], drafts: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Make these texts the versions in use, with every set that has one of them; gives all their numbers.

    Shape: they were checked before. `drafts` are the rows they stand in, where they do.
    """
    who, versions = admin.id if admin else None, dict[str, int]()
    for name, text in shelf.affected(desk.conn, changed).items():
        number = (drafts or {}).get(name) or scripts.draft(desk.conn, name, text, who, desk.now)
        versions[name] = scripts.publish(desk.conn, number, name, text, desk.now)
        people.note(desk.conn, who, "published", None, desk.now, f"{name} {versions[name]}")
    return versions


def publish_text(desk: Desk, text: str, name: str) -> int | None:
    """Publish what is not in use already; None when it is.

    Raises: ScriptProblems; nothing has changed then.
    """
    found = shelf.checked(text, name, shelf.around(desk.conn))
    now_live = scripts.live(desk.conn, found.name)
    if now_live and now_live.text == shelf.stored(desk.conn, text):
        return None
    return publish_texts(desk, None, {found.name: text})[found.name]


def ends_preview(admin: Person, talk: Talk | None, text: str) -> bool:
    """Whether these words end a try-out."""
    return bool(talk and talk.draft) and plain(text) == plain(say_for(admin)(wording.END_PREVIEW))


def _preview(desk: Desk, admin: Person, draft: StoredScript) -> None:
    forget.try_out(desk, admin)
    desk.tell(admin, Prompt(say_for(admin)(wording.PREVIEW_STARTS)))
    answer.try_out(desk, admin, draft)


def problems(admin: Person, name: str, wrong: ScriptProblems) -> Prompt:
    """What is wrong with a file, in words."""
    say = say_for(admin)
    shown = [problem.in_chat for problem in wrong.problems[:_SHOWN]]
    more = len(wrong.problems) - len(shown)
    text = "\n\n".join(shown)
    after = say(wording.SCRIPT_MORE).format(count=more) if more else ""
    return Prompt(text, say(wording.SCRIPT_BAD).format(name=name), after=after)
