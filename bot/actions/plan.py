"""What a script says of reminders: planned for a talk, moved and taken back."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from bot import reminders
from bot.actions import scene
from bot.actions.desk import Desk
from bot.clock import MINUTE, moment
from bot.dialog import reminding
from bot.dialog.kind import Here
from bot.people import Person
from bot.reminders import NOT_FINISHED, RULES, TELL_CONTACT, UNFINISHED, Event, Reminding
from bot.store import dates, talks
from bot.store.talks import Status, Talk

QUARTER = 15 * MINUTE


class Case:
    """A talk and what its script says of reminders now; its answers are read when something hangs on them."""

    def __init__(self, desk: Desk, person: Person, talk: Talk) -> None:
        self.desk, self.person, self.talk = desk, person, talk

    @cached_property
    def rules(self) -> Mapping[str, Reminding]:
        """What is reminded of, by its id."""
        follows, stage = self.talk.follows.id, self.talk.stage
        script = scene.script_of(self.desk, follows, stage) if follows else None
        return {rule.id: rule for rule in script.reminders} if script and script.reminders else RULES

    @cached_property
    def here(self) -> Here | None:
        """The talk as it stands; None when its script was never published."""
        return scene.scene(self.desk, self.person, self.talk) if self.talk.follows.id else None

    def dated(self) -> list[Reminding]:
        """What is counted from the date."""
        return [rule for rule in self.rules.values() if rule.event is Event.APPOINTMENT]

    def undated(self) -> list[Reminding]:
        """What is counted from anything else."""
        return [rule for rule in self.rules.values() if rule.event is not Event.APPOINTMENT]

    def wants(self, rule: Reminding, is_done: bool | None = None) -> bool:
        """Whether what stands after `while` holds; `is_done` says whether the talk is, when that is known."""
        if rule.only_while == NOT_FINISHED and is_done is not None:
            return not is_done
        return not rule.only_while or self.here is None or reminding.holds(rule, self.here)

    def sent(self, rule: Reminding) -> int:
        """How often this reminder has gone out."""
        if rule.id == UNFINISHED:
            return self.talk.unfinished_sent
        found = dates.planned(self.desk.conn, self.talk.id)
        return sum(each.rule == rule.id and each.state == "sent" for each in found)

    def before(self, rule: Reminding, starts_at: int) -> int:
        """When to speak before a talk that begins then."""
        return millis(reminders.before_at(rule, moment(starts_at), self.person.zone))

    def keep(self, rule: Reminding, due_at: int, appointment: int | None = None) -> None:
        """A new reminder."""
        dates.remind(self.desk.conn, self.person, self.talk.id, rule.id, due_at, self.desk.now, appointment)


def plan_unfinished(desk: Desk, person: Person, talk: Talk, is_done: bool) -> None:
    """Plan what comes some time after something: after this answer, which is the last one, for example."""
    if not talk.draft:
        case = Case(desk, person, talk)
        for rule in case.undated():
            plan_after(case, rule, desk.now, is_done)


def keep_planned(desk: Desk, person: Person, talk: Talk, was_done: bool, is_done: bool) -> None:
    """The same after every answer; within a quarter of an hour of the last one it is planned well enough.

    Shape: unless something else is asked for by now: by a newer script, or by what they have just said.
    """
    if talk.draft:
        return
    case = Case(desk, person, talk)
    is_other = talk.shown != talk.follows.id or any(rule.condition for rule in case.rules.values())
    may_change = is_other or any(rule.only_while for rule in case.dated())
    is_same_quarter = talk.said_at // QUARTER == desk.now // QUARTER
    if was_done or is_done or is_other or not is_same_quarter:
        plan_unfinished(desk, person, talk, is_done)
    date = dates.agreed(desk.conn, talk.id) if may_change else None
    if date:
        plan_before(case, date.id, date.starts_at, is_new=False)


def cancel_unfinished(desk: Desk, talk: Talk) -> None:
    """No more asking after this talk."""
    dates.cancel_undated(desk.conn, talk.id)


def plan_tomorrow(desk: Desk, person: Person, talk: int, appointment: int, starts_at: int) -> None:
    """Plan what comes before a date that has just been set."""
    if found := talks.by_id(desk.conn, talk):
        plan_before(Case(desk, person, found), appointment, starts_at, is_new=True)


def plan_after(case: Case, rule: Reminding, answered_at: int, is_done: bool | None) -> None:
    """Plan it, move it, or take it back."""
    conn, talk, zone = case.desk.conn, case.talk, case.person.zone
    sent = case.sent(rule)
    if talk.status is Status.STOPPED or sent >= rule.most or not case.wants(rule, is_done):
        return dates.cancel_of_talk(conn, talk.id, rule.id)
    due_at: int | None = millis(reminders.after_at(rule, moment(answered_at), zone))
    if rule.event is not Event.ANSWERED:
        if _is_coming(case, rule):
            return None
        due_at = _next(case, rule, sent, is_done)
    if due_at is None:
        return dates.cancel_of_talk(conn, talk.id, rule.id)
    if not dates.move(conn, talk.id, rule.id, due_at, zone):
        dates.cancel_of_talk(conn, talk.id, rule.id)  # it may wait in the outbox since before this answer
        case.keep(rule, due_at)
    return None


def _is_coming(case: Case, rule: Reminding) -> bool:
    """Whether it is on its way, or its time has come."""
    return any(
        each.rule == rule.id
        and (each.state == "queued" or (each.state == "pending" and each.due_at <= case.desk.now))
        for each in dates.planned(case.desk.conn, case.talk.id)
    )


def _next(case: Case, rule: Reminding, sent: int, is_done: bool | None) -> int | None:
    """The next time it may be sent, counted from what never moves; None when there is none any more."""
    conn, now = case.desk.conn, case.desk.now
    if rule.event is Event.INVITED:
        since: int | None = dates.began_at(conn, case.talk.id)
    else:  # they may be sharing it just now
        since = dates.shared_at(conn, case.talk.id) or (now if is_done else None)
    if since is None:
        return None
    times = range(sent + 1, rule.most + 1)
    found = (millis(reminders.after_at(rule, moment(since), case.person.zone, n)) for n in times)
    return next((at for at in found if at > now), None)


def plan_before(case: Case, appointment: int, starts_at: int, *, is_new: bool) -> None:
    """Plan, move or take back what comes before a date.

    Shape: `is_new` when the date is, or its reminders are: of those whose time has gone by then, the one
    nearest to the talk stands for all.
    """
    conn, talk, now = case.desk.conn, case.talk.id, case.desk.now
    known = {each.rule for each in dates.planned(conn, talk, appointment) if each.state != "cancelled"}
    late = []
    for rule in case.dated():
        at = case.before(rule, starts_at)
        if not case.wants(rule):
            dates.cancel_of_talk(conn, talk, rule.id)
        elif rule.id in known:
            if at >= now:
                dates.move(conn, talk, rule.id, at, case.person.zone)
        elif at >= now:
            case.keep(rule, at, appointment)
        else:
            late.append((at, rule.id))
    if late and is_new and now < starts_at:
        at, name = max(late)
        rule = case.rules[name]
        soon = millis(reminders.soon_at(rule, moment(starts_at), moment(now), case.person.zone))
        case.keep(rule, at if rule.if_late == TELL_CONTACT else soon, appointment)


def millis(when: datetime) -> int:
    """The instant as the database has it."""
    return int(when.timestamp() * 1000)
