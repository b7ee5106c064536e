"""What passes between a person and their key contact: summaries, "I have read this", and messages."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot import wording
from bot.actions import access, arrange, menu
from bot.actions.desk import Desk, say_for
from bot.dialog.choosing import plain, plain_label
from bot.dialog.kind import Here
from bot.dialog.naming import goes_by
from bot.dialog.talk import CUT, Button, Heard, Prompt, Said, Say, length
from bot.errors import NotFound
from bot.people import Person, Role
from bot.store import outgoing, people, screen, shares, talks
from bot.store.letters import REMINDER
from bot.store.shares import Share
from bot.store.talks import Status, Talk
from bot.summaries import compose, text

CALL = "help."
"""How the name of a call for help begins in the outbox; the number of the person follows."""
CALL_ME = "call_me"  # the answer here is the name the person goes by
_CROSSED = "/crossed"
_LONGEST_NAME = 60
_MOST = 90  # buttons under a message. Source: Telegram takes 100


def short_name(said: object, say: Say) -> str:
    """What somebody wants to be called, when it is short enough to be a name; else ""."""
    name = goes_by(said, say) if isinstance(said, str) else ""
    return name if len(name) <= _LONGEST_NAME else ""


def give(desk: Desk, person: Person, talk: Talk, here: Here) -> None:
    """Give the key contact what the person agreed to share: all of it, or what has changed since."""
    contact = people.key_contact_of(desk.conn, person)
    if contact is None:
        return
    before = shares.last(desk.conn, talk.id)
    now = compose.compose(here if here.name == person.name else replace(here, name=person.name))
    called = next((short_name(e.words, here.say) for e in now if e.place == CALL_ME and not e.things), "")
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
    _may_answer(desk, contact, person)
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
    return f"{key_of(talk)}share{share}."


def key_of(talk: int) -> str:
    """How the names of the messages that carry words of this talk to another person begin in the outbox."""
    return f"talk.{talk}."


def tell_writer(desk: Desk, name: str, reader: Person) -> None:
    """The message of this name never arrives: who wrote what it carries to the reader hears of that."""
    head, number, *_ = name.split(".")
    talk = talks.by_id(desk.conn, int(number)) if head == "talk" else None
    writer = people.by_id(desk.conn, talk.person) if talk else None
    if talk is None or writer is None or writer.chat is None or writer.id == reader.id:
        return  # a key contact hears it as who can help
    told = say_for(writer)(wording.NOT_BROUGHT).format(name=reader.name)
    prompt = Prompt(told, buttons=(menu.talk_to_a_person(writer, talk.id),))
    once = f"back.{name.rpartition('.')[0]}"  # for all parts of it
    outgoing.put_out(desk.conn, writer.chat, [prompt], once, desk.now, urgency=REMINDER)


def pressed(desk: Desk, viewer: Person, number: str, heard: Heard) -> None:
    """A button under a summary."""
    share, person = access.share_with(desk, viewer, access.number(number))
    if heard.said.tapped == "read":
        return _was_read(desk, viewer, person, share.id)
    if heard.said.tapped == "note":
        return _ask_for_note(desk, viewer, person, share.talk)
    return arrange.ask(desk, viewer, person, share.talk)


def note_pressed(desk: Desk, viewer: Person, number: str, heard: Heard) -> None:
    """The button under a message that was passed on: answer it."""
    talk, person = access.talk_of(desk, viewer, access.number(number))
    other = _other(desk, viewer, person)
    if other is not None:
        _ask_for_note(desk, viewer, other, talk.id)


def is_write_button(desk: Desk, person: Person, said: str) -> bool:
    """Whether these words are the button to write to the key contact."""
    label = say_for(person)(wording.WRITE_BACK)
    if not plain(said).startswith(plain_label(label.partition("{")[0])):
        return False
    contact = people.key_contact_of(desk.conn, person)
    return contact is not None and plain(said) == plain(label.format(name=contact.name))


def write_to_key_contact(desk: Desk, person: Person) -> None:
    """The person wants to write to their key contact."""
    talk = talks.of_person(desk.conn, person.id)
    contact = people.key_contact_of(desk.conn, person)
    if talk and contact:
        _ask_for_note(desk, person, contact, talk.id)


def pass_on(desk: Desk, writer: Person, talk: int, said: Said) -> None:
    """Pass words on as they are; neither sees the other's number."""
    _, person = access.talk_of(desk, writer, talk)
    other, say = _other(desk, writer, person), say_for(writer)
    if other is None:
        raise NotFound(f"talk {talk}")
    if said.thing or not said.text.strip():
        people.expect(desk.conn, writer.id, f"note/{talk}")
        return desk.tell(writer, Prompt(say(wording.ONLY_WORDS)))
    carry(desk, writer, other, talk, said.text.strip(), wording.NOTE_TITLE, said.at)
    people.note(desk.conn, writer.id, "wrote", other.id, desk.now)
    return desk.tell(writer, Prompt(say(wording.NOTE_SENT).format(name=other.name), keys=menu.keys(writer)))


def carry(desk: Desk, writer: Person, other: Person, talk: int, words: str, title: str, at: int) -> None:
    """Give the other these words as they are, with a button to write back.

    Shape: a phone sends the rest of a long text in the same second; that follows.
    Units: `at` is when they were written, whole seconds since 1970.
    """
    theirs = say_for(other)
    button = Button("write", theirs(wording.WRITE_BACK).format(name=writer.name), f"note/{talk}")
    named = theirs(title).format(name=writer.name)
    if other.id == writer.key_contact:
        _may_answer(desk, other, writer)
    desk.let_know(other, Prompt(words, named, buttons=(button,)), key=key_of(talk))
    if length(words) >= CUT:
        people.expect(desk.conn, writer.id, f"rest/{talk}/{at}")


def _may_answer(desk: Desk, contact: Person, person: Person) -> None:
    """What the key contact writes next may be an answer to this person, not what they meant to write."""
    what, _, number = contact.expecting.partition("/")
    meant = talks.by_id(desk.conn, int(number.partition("/")[0])) if what == "note" else None
    if meant and meant.person not in (person.id, contact.id):
        people.expect_instead(desk.conn, contact, f"note/{meant.id}{_CROSSED}")


def is_crossed(number: str, said: Said) -> bool:
    """Whether somebody else's words came before these; what is written later than a part held up did not."""
    held_up = number.removesuffix(_CROSSED)
    return held_up != number and ("/" not in held_up or is_rest(held_up, said))


def ask_whom(desk: Desk, writer: Person, talk: int, said: Said) -> None:
    """Send nothing before it is sure whom it is for; of a long text the phone sends the rest by itself."""
    _, person = access.talk_of(desk, writer, talk)
    more = f"/{said.at}{_CROSSED}" if length(said.text) >= CUT else ""
    people.expect(desk.conn, writer.id, f"note/{talk}{more}")
    say = say_for(writer)
    asked = say(wording.WRITE_CROSSED).format(name=person.name)
    desk.tell(writer, Prompt(asked, keys=((say(wording.NEVER_MIND),),)))


def is_rest(number: str, said: Said) -> bool:
    """Whether these words are the next part of a long message, which a phone sends in several."""
    _, _, at = number.partition("/")
    return bool(said.text) and not said.thing and 0 <= said.at - int(at) <= 1


def pass_on_rest(desk: Desk, writer: Person, number: str, said: Said) -> None:
    """The next part of a long message goes the same way."""
    talk = access.number(number.partition("/")[0])
    _, person = access.talk_of(desk, writer, talk)
    if other := _other(desk, writer, person):
        desk.let_know(other, Prompt(said.text), key=key_of(talk))
        people.expect(desk.conn, writer.id, f"rest/{talk}/{said.at}")


def my_people(desk: Desk, contact: Person) -> None:
    """Who a key contact gets ready with, and how far each is; never what anyone said."""
    say = say_for(contact)
    mine = people.of_key_contact(desk.conn, contact.id)
    names = told_apart(desk, contact, mine)
    rows = tuple((names[p.id], status(desk, contact, p)) for p in mine)
    buttons = tuple(Button("open", names[p.id], f"one/{p.id}") for p in mine[-_MOST:])
    text = "" if rows else say(wording.NOBODY_YET)
    desk.tell(contact, Prompt(text, say(wording.MY_PEOPLE), rows, buttons=buttons))


def told_apart(desk: Desk, contact: Person, mine: Sequence[Person]) -> dict[int, str]:
    """What a key contact's people are called, by number; those with one name by when they began, too.

    Shape: the key contact was told then that they had; and no words go to the wrong Ann.
    """
    count = Counter(plain(p.name) for p in mine)

    def called(p: Person) -> str:
        if count[plain(p.name)] == 1:
            return p.name
        since = desk.date(people.joined_at(desk.conn, p.id), contact)
        return say_for(contact)(wording.NAME_SINCE).format(name=p.name, date=since)

    return {p.id: called(p) for p in mine}


def tell_key_contact(desk: Desk, person: Person, words: str) -> None:
    """Let the key contact know something about this person."""
    contact = people.key_contact_of(desk.conn, person)
    if contact is not None:
        desk.let_know(contact, Prompt(say_for(contact)(words).format(name=person.name)))


def call_for_help(desk: Desk, person: Person) -> None:
    """The key contact hears that this person wants to talk; when there is none to reach, the admins do."""
    contact = people.key_contact_of(desk.conn, person)
    if contact is None:
        return desk.tell_who_can_help(person, wording.HELP_ASKED)
    if people.is_lost(desk.conn, contact.id) and call_others(desk, person, contact):
        return None
    say, talk = say_for(contact), talks.of_person(desk.conn, person.id)
    buttons: tuple[Button, ...] = ()
    if talk:
        buttons = (Button("write", say(wording.WRITE_BACK).format(name=person.name), f"note/{talk.id}"),)
    _may_answer(desk, contact, person)
    prompt = Prompt(say(wording.HELP_ASKED).format(name=person.name), buttons=buttons)
    return desk.let_know(contact, prompt, key=f"{CALL}{person.id}.")


def call_others(desk: Desk, person: Person, contact: Person) -> bool:
    """Their key contact cannot be reached: the admins hear of the call for help, and the person of that.

    Shape: false when there is nobody else.
    """
    others = [each for each in people.having(desk.conn, Role.ADMIN) if each.id not in (person.id, contact.id)]
    for each in others:
        desk.let_know(each, Prompt(say_for(each)(wording.HELP_ASKED).format(name=person.name)))
    if others:
        told = say_for(person)(wording.HELP_FROM_OTHERS).format(name=contact.name)
        desk.let_know(person, Prompt(told))
    return bool(others)


def privacy(desk: Desk, person: Person) -> None:
    """What is kept, who sees it, and how to delete it."""
    say, contact = say_for(person), people.key_contact_of(desk.conn, person)
    told = say(wording.PRIVACY).format(key_contact=contact.name) if contact else say(wording.STAFF_PRIVACY)
    desk.tell(person, Prompt(told, say(wording.PRIVACY_TITLE)))


def _buttons(contact: Person, person: Person, number: int) -> tuple[Button, ...]:
    say, place = say_for(contact), f"share/{number}"
    return (
        Button("read", say(wording.I_HAVE_READ), place),
        Button("note", say(wording.WRITE_BACK).format(name=person.name), place),
        Button("date", say(wording.SET_DATE), place),
    )


def _was_read(desk: Desk, viewer: Person, person: Person, number: int) -> None:
    if shares.mark_read(desk.conn, number, desk.now):
        desk.let_know(person, Prompt(say_for(person)(wording.WAS_READ).format(key_contact=viewer.name)))
        people.note(desk.conn, viewer.id, "read", person.id, desk.now, f"share {number}")
    desk.tell(viewer, Prompt(say_for(viewer)(wording.READ_THANKS).format(name=person.name)))


def _ask_for_note(desk: Desk, writer: Person, other: Person, talk: int) -> None:
    say = say_for(writer)
    people.expect(desk.conn, writer.id, f"note/{talk}")
    keys = ((say(wording.NEVER_MIND),),)
    desk.tell(writer, Prompt(say(wording.WRITE_NOW).format(name=other.name), keys=keys))


def _other(desk: Desk, one: Person, person: Person) -> Person | None:
    """The other of the two: the person or their key contact."""
    if one.id != person.id:
        return person
    return people.key_contact_of(desk.conn, person)


def status(desk: Desk, contact: Person, person: Person) -> str:
    """How far somebody is; never what they said."""
    say, talk = say_for(contact), talks.of_person(desk.conn, person.id)
    if talk is None:
        return say(wording.STATUS_STOPPED)
    if date := arrange.holds(desk, person):
        return say(wording.STATUS_DATE).format(date=desk.date(date.starts_at, contact))
    if talk.status is Status.STOPPED:
        return say(wording.STATUS_STOPPED)
    return say(wording.STATUS_SHARED if talk.shared else wording.STATUS_STARTED)
