"""What a person shares: given to their key contact, taken back while it has not arrived, and read."""

from dataclasses import replace

from bot import wording
from bot.actions import access, arrange, note, scene
from bot.actions.desk import Desk, say_for
from bot.dialog.kind import Here
from bot.dialog.talk import Button, Heard, Prompt
from bot.people import Person
from bot.store import outgoing, people, screen, shares
from bot.store.shares import Share
from bot.store.talks import Talk
from bot.summaries import compose, text


def give(desk: Desk, person: Person, talk: Talk, here: Here) -> None:
    """Give the key contact what the person agreed to share: all of it, or what has changed since."""
    contact = people.key_contact_of(desk.conn, person)
    if contact is None:
        return
    before = shares.last(desk.conn, talk.id)
    now = compose.compose(here if here.name == person.name else replace(here, name=person.name))
    named = (each.words for each in now if each.place == scene.CALL_ME and not each.things)
    called = scene.short_name(next(named, ""), here.say)
    if called and called != person.name:  # not before she shares it, nor inside other words
        now = compose.compose(replace(here, name=called))
    if before and not compose.what_changed(compose.from_data(before.summary), now):
        return  # they have it already, word for word
    if called:
        people.call(desk.conn, person, called)
        person = replace(person, name=called)
    before = _gone_out(desk, before, contact)
    number = shares.give(desk.conn, talk, contact.id, compose.as_data(now), desk.now)
    people.note(desk.conn, person.id, "shared", contact.id, desk.now, f"share {number}")
    changed = compose.what_changed(compose.from_data(before.summary), now) if before else ()
    say, buttons = say_for(contact), _buttons(contact, person, number)
    if changed:
        prompt = text.changes(changed, person.name, say, buttons)
    else:
        prompt = text.whole(now, person.name, say, buttons)
    fresh = changed or compose.what_changed((), now)
    note.may_answer(desk, contact, person)
    things = [Prompt(label, thing=thing) for label, thing in compose.new_things(fresh)]
    desk.let_know(contact, prompt, *things, key=_key_of_share(talk.id, number))


def _gone_out(desk: Desk, newest: Share | None, contact: Person) -> Share | None:
    """What was shared last and has arrived; what has not is taken back, for it may not be meant any more."""
    assert contact.chat is not None
    while newest:
        key = _key_of_share(newest.talk, newest.id)
        if screen.has_all(desk.conn, contact.chat, key):
            break
        outgoing.take_back(desk.conn, key, contact.chat)
        newest = shares.before(desk.conn, newest)
    return newest


def _key_of_share(talk: int, share: int) -> str:
    return f"{note.key_of(talk)}share{share}."


def _buttons(contact: Person, person: Person, number: int) -> tuple[Button, ...]:
    say, place = say_for(contact), f"share/{number}"
    return (
        Button("read", say(wording.I_HAVE_READ), place),
        Button("note", say(wording.WRITE_BACK).format(name=person.name), place),
        Button("date", say(wording.SET_DATE), place),
    )


def pressed(desk: Desk, viewer: Person, number: str, heard: Heard) -> None:
    """A button under a summary."""
    share, person = access.share_with(desk, viewer, access.number(number))
    if heard.said.tapped == "read":
        return _was_read(desk, viewer, person, share.id)
    if heard.said.tapped == "note":
        return note.ask_for(desk, viewer, person, share.talk)
    return arrange.ask(desk, viewer, person, share.talk)


def _was_read(desk: Desk, viewer: Person, person: Person, number: int) -> None:
    if shares.mark_read(desk.conn, number, desk.now):
        desk.let_know(person, Prompt(say_for(person)(wording.WAS_READ).format(key_contact=viewer.name)))
        people.note(desk.conn, viewer.id, "read", person.id, desk.now, f"share {number}")
    desk.tell(viewer, Prompt(say_for(viewer)(wording.READ_THANKS).format(name=person.name)))
