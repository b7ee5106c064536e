"""Agreeing a day and a time: typed by the key contact, read back in words, told to the person; called off."""

from dataclasses import replace

from bot import appointments, wording
from bot.actions import access, menu, remind
from bot.actions.desk import Desk, say_for
from bot.clock import DAY, HOUR, MINUTE, moment
from bot.dialog.choosing import stands_for
from bot.dialog.talk import Button, Heard, Prompt, Said
from bot.errors import NotFound, NotUnderstood
from bot.people import Person
from bot.store import dates, people, screen
from bot.store.dates import Appointment

GRACE = HOUR
"""Units: milliseconds after it should have begun in which a talk can still be moved or called off: who waits
there must hear of it."""
FURTHEST = 2 * 366 * DAY  # a talk further away is a slip of the finger


def ask(desk: Desk, contact: Person, person: Person, talk: int) -> None:
    """Ask a key contact for the day and the time."""
    say = say_for(contact)
    people.expect(desk.conn, contact.id, f"date/{talk}")
    desk.tell(
        contact, Prompt(say(wording.WHICH_DATE).format(name=person.name), keys=((say(wording.NEVER_MIND),),))
    )


def typed(desk: Desk, contact: Person, rest: str, said: Said) -> None:
    """The words for a date: shown back in full, and kept only when they say yes.

    Shape: `rest` is the talk, and the date that was shown back just now, when there was one.
    """
    talk, person = access.talk_of(desk, contact, access.number(_parts(rest)[0]))
    say = say_for(contact)
    if _is_reply(desk, contact, person, rest, said):
        return None
    if said.thing or not said.text.strip():
        return _once_more(desk, contact, talk.id, say(wording.ONLY_WORDS))
    try:
        starts = appointments.read_moment(said.text, moment(desk.now), contact.zone)
    except NotUnderstood:
        return _once_more(desk, contact, talk.id, say(wording.DATE_UNCLEAR).format(words=said.text[:60]))
    starts_at = int(starts.timestamp()) * 1000
    date = desk.date(starts_at, contact)
    if starts_at <= desk.now:
        return _once_more(desk, contact, talk.id, say(wording.DATE_PAST).format(date=date))
    if starts_at >= desk.now + FURTHEST:
        return _once_more(desk, contact, talk.id, say(wording.DATE_FAR).format(date=date))
    return _check(desk, contact, person, f"date/{talk.id}/{starts_at // MINUTE}/{desk.now}", date)


def _check(desk: Desk, contact: Person, person: Person, place: str, date: str) -> None:
    """Show a date back; it can also be answered, or put right, in words."""
    say = say_for(contact)
    people.expect(desk.conn, contact.id, place)
    buttons = (
        Button("yes", say(wording.DATE_YES).format(name=person.name), place),
        Button("no", say(wording.DATE_NO), place),
    )
    words = say(wording.DATE_CHECK).format(name=person.name, date=date)
    desk.tell(contact, Prompt(words, buttons=buttons))


def _is_reply(desk: Desk, contact: Person, person: Person, rest: str, said: Said) -> bool:
    """Whether these words say yes or no to the date that was shown back; then that is done.

    Shape: when something else has come meanwhile a yes may be for that, and the date is shown once more.
    """
    number, minutes, _ = _parts(rest)
    say, yes = say_for(contact), say_for(contact)(wording.DATE_YES).format(name=person.name)
    if not minutes:
        return False
    if stands_for(said.text, say(wording.DATE_NO), say(wording.DATE_NO_TYPED)):
        ask(desk, contact, person, access.number(number))
    elif not stands_for(said.text, yes, say(wording.DATE_YES_TYPED)):
        return False
    elif screen.is_newest_a_reply(desk.conn, contact.chat):
        pressed(desk, contact, rest, Heard(0, 0, said=replace(said, tapped="yes")))
    else:
        date = desk.date(access.number(minutes) * MINUTE, contact)
        _check(desk, contact, person, f"date/{rest}", date)
    return True


def _parts(rest: str) -> tuple[str, str, str]:
    """The talk, the date in minutes since 1970, UTC, and when it was read back; "" for what is not there."""
    number, minutes, asked_at = [*rest.split("/", 2), "", ""][:3]
    return number, minutes, asked_at


def pressed(desk: Desk, contact: Person, rest: str, heard: Heard) -> None:
    """A button under a date; `rest` says which."""
    number, minutes, asked_at = _parts(rest)
    talk, person = access.talk_of(desk, contact, access.number(number))
    if contact.id != person.key_contact:
        raise NotFound(f"date {rest}")
    if heard.said.tapped == "no":
        return ask(desk, contact, person, talk.id)
    if heard.said.tapped in ("off", "sure", "keep"):
        return _off(desk, contact, person, talk.id, access.number(minutes), heard)
    starts_at = access.number(minutes) * MINUTE
    is_possible = desk.now < starts_at < desk.now + FURTHEST
    if not is_possible or _was_put_right(desk, talk.id, starts_at, asked_at):
        return desk.tell(contact, Prompt(say_for(contact)(wording.DATE_GONE), keys=menu.keys(contact)))
    _use_up(desk, contact, wording.DATE_CHECK, person, starts_at, heard)
    return _set(desk, contact, person, talk.id, starts_at)


def holds(desk: Desk, person: Person) -> Appointment | None:
    """The next date of somebody that can still be moved or called off, whichever of their talks it is for."""
    return dates.ahead(desk.conn, person.id, desk.now - GRACE)


def _ahead(desk: Desk, talk: int) -> Appointment | None:
    """The date that was agreed for a talk, unless that talk has been, or should have."""
    date = dates.agreed(desk.conn, talk)
    return date if date and date.starts_at > desk.now - GRACE else None


def _was_put_right(desk: Desk, talk: int, starts_at: int, asked_at: str) -> bool:
    """Whether another date was agreed since this one was read back: it may be the slip that was put right."""
    agreed = dates.agreed(desk.conn, talk)
    if agreed is None or agreed.starts_at == starts_at or not asked_at:
        return False
    return agreed.made_at > access.number(asked_at)


def _use_up(desk: Desk, contact: Person, asked: str, person: Person, starts_at: int, heard: Heard) -> None:
    """Take the buttons of an answered question away: pressed again, they could undo what came since."""
    if heard.message:
        words = say_for(contact)(asked).format(name=person.name, date=desk.date(starts_at, contact))
        desk.tell(contact, Prompt(words, edits=True), edits=heard.message)


def _set(desk: Desk, contact: Person, person: Person, talk: int, starts_at: int) -> None:
    """Keep the date, move its reminders, and tell both; the same date twice changes nothing."""
    before = _ahead(desk, talk)
    say, date, told = say_for(contact), desk.date(starts_at, contact), wording.DATE_KNOWN
    if before is None or before.starts_at != starts_at:
        if before:
            dates.call_off(desk.conn, before.id)
        made = dates.agree(desk.conn, talk, person, contact.id, starts_at, desk.now)
        remind.plan_tomorrow(desk, person, talk, made, starts_at)
        people.note(desk.conn, contact.id, "set a date", person.id, desk.now)
        _tell_date(desk, contact, person, talk, starts_at, is_moved=before is not None)
        told = wording.DATE_SET
    off = Button("off", say(wording.CALL_OFF), f"date/{talk}/0")
    change = Button("no", say(wording.CHANGE_DATE), f"date/{talk}/0")
    done = say(told).format(date=date, name=person.name)
    desk.tell(
        contact, Prompt(done, keys=menu.keys(contact)), Prompt(say(wording.DATE_LATER), buttons=(change, off))
    )


def _tell_date(
    desk: Desk, contact: Person, person: Person, talk: int, starts_at: int, *, is_moved: bool
) -> None:
    told = say_for(person)(wording.DATE_MOVED if is_moved else wording.DATE_TOLD)
    words = told.format(name=contact.name, date=desk.date(starts_at, person))
    told = f"{words}\n{say_for(person)(wording.DATE_WRONG)}"
    desk.let_know(person, Prompt(told, buttons=(menu.talk_to_a_person(person, talk),)))


# ---- calling it off


def _off(desk: Desk, contact: Person, person: Person, talk: int, meant: int, heard: Heard) -> None:
    """Call a date off, once they are sure.

    Units: `meant` is the date the question was about, in minutes since 1970, UTC.
    """
    before, say = _ahead(desk, talk), say_for(contact)
    if heard.said.tapped == "off" and before:
        return _ask_off(desk, contact, person, before)
    if before is None or before.starts_at // MINUTE != meant:
        words = wording.DATE_GONE if dates.agreed(desk.conn, talk) else wording.CALLED_OFF_KNOWN
        return desk.tell(contact, Prompt(say(words), keys=menu.keys(contact)))
    _use_up(desk, contact, wording.CALL_OFF_SURE, person, before.starts_at, heard)
    done = wording.CALL_OFF_KEPT
    if heard.said.tapped == "sure":
        dates.call_off(desk.conn, before.id)
        people.note(desk.conn, contact.id, "called a date off", person.id, desk.now)
        told = say_for(person)(wording.CALLED_OFF_TOLD)
        desk.let_know(
            person, Prompt(told.format(date=desk.date(before.starts_at, person), name=contact.name))
        )
        done = wording.CALLED_OFF
    words = say(done).format(date=desk.date(before.starts_at, contact), name=person.name)
    desk.tell(contact, Prompt(words, keys=menu.keys(contact)))
    if heard.said.tapped == "sure":
        again = Button("no", say(wording.SET_DATE), f"date/{talk}/0")
        desk.tell(contact, Prompt(say(wording.DATE_AGAIN), buttons=(again,)))


def _ask_off(desk: Desk, contact: Person, person: Person, before: dates.Appointment) -> None:
    say, place = say_for(contact), f"date/{before.talk}/{before.starts_at // MINUTE}"
    yes = Button("sure", say(wording.CALL_OFF_YES), place)
    no = Button("keep", say(wording.CALL_OFF_NO), place)
    words = say(wording.CALL_OFF_SURE).format(name=person.name, date=desk.date(before.starts_at, contact))
    desk.tell(contact, Prompt(words, buttons=(yes, no)))


def _once_more(desk: Desk, contact: Person, talk: int, words: str) -> None:
    people.expect(desk.conn, contact.id, f"date/{talk}")
    desk.tell(contact, Prompt(words, keys=((say_for(contact)(wording.NEVER_MIND),),)))
