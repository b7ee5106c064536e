"""Whatever happens, every reminder ends: sent, taken back, or told to somebody; and none is sent twice."""

import asyncio
import time
from collections import Counter
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Connection, select

from bot.actions import arrange, forget, remind, tell
from bot.actions.desk import Desk, House
from bot.clock import MINUTE, moment
from bot.dialog.talk import Heard, Said
from bot.pace import UNHURRIED, Limits
from bot.people import Person, Role
from bot.reminders import RULES, TOMORROW, UNFINISHED, within
from bot.store import dates, due, outgoing, people, talks
from bot.store.database import Store
from bot.store.inside import now
from bot.store.letters import Dead, Delivered, Outcome, Sending
from bot.store.tables import reminders
from tests.ring import ring
from tests.town import StandingClock

HOUR = 60 * MINUTE
HERE = House("Europe/London")
WHO = st.sampled_from([101, 102, 103])


class Reminding(RuleBasedStateMachine):
    """Three people and their key contact; the bot is sometimes down, and messages sometimes do not arrive."""

    @initialize()
    def they_arrive(self) -> None:
        self.loop, self.clock = asyncio.new_event_loop(), StandingClock()
        self.store = Store("sqlite://", self.clock, ring())
        self.loop.run_until_complete(self.store.open())
        self.sent: Counter[int] = Counter()
        self.told: list[str] = []
        self.count, self.is_up = 0, False
        self.do(self._arrive)

    def teardown(self) -> None:
        if hasattr(self, "loop"):
            self.loop.run_until_complete(self.store.close())
            self.loop.close()

    def do(self, body: Any, *more: Any) -> Any:
        return self.loop.run_until_complete(self.store.tx(body, *more))

    def desk(self, conn: Connection) -> Desk:
        self.count += 1
        return Desk(conn, HERE, now(conn), f"t{self.count}")

    def _arrive(self, conn: Connection) -> None:
        team = people.first_team(conn, "Team")
        ravi = people.add(conn, 1, "Ravi", "en", "Europe/London", now(conn))
        people.give_role(conn, ravi, team, Role.KEY_CONTACT)
        for chat, zone in ((101, "Europe/London"), (102, "Australia/Lord_Howe"), (103, "America/St_Johns")):
            people.set_key_contact(conn, people.add(conn, chat, f"P{chat}", "en", zone, now(conn)), ravi)

    def _who(self, conn: Connection, chat: int) -> Person:
        person = people.by_chat(conn, chat)
        assert person is not None
        return person

    @rule(chat=WHO, is_done=st.booleans())
    def says_something(self, chat: int, is_done: bool) -> None:
        def body(conn: Connection) -> None:
            person = self._who(conn, chat)
            talk = talks.of_person(conn, person.id) or talks.begin(conn, person, "first_talk", now(conn))
            remind.plan_unfinished(self.desk(conn), person, talk, is_done)

        self.do(body)

    @rule(chat=WHO, hours=st.integers(0, 80))
    def gets_a_date(self, chat: int, hours: int) -> None:
        """No hours: the date is called off."""

        def body(conn: Connection) -> None:
            talk = talks.of_person(conn, self._who(conn, chat).id)
            if talk is not None:
                agreed = dates.agreed(conn, talk.id)
                minutes = (now(conn) + hours * HOUR) // MINUTE
                if not hours and agreed:
                    minutes = agreed.starts_at // MINUTE
                heard = Heard(0, 1, said=Said(tapped="yes" if hours else "sure"))
                arrange.pressed(self.desk(conn), self._who(conn, 1), f"{talk.id}/{minutes}", heard)

        self.do(body)

    @rule(chat=WHO)
    def wants_nothing_kept(self, chat: int) -> None:
        def body(conn: Connection) -> None:
            talk = talks.of_person(conn, self._who(conn, chat).id)
            if talk is not None:
                forget.forget(self.desk(conn), self._who(conn, chat), talk, entirely=False)

        self.do(body)

    @rule(hours=st.integers(1, 60))
    def the_bot_is_down(self, hours: int) -> None:
        self.clock.jump(self.clock.now() + hours * HOUR)
        self.is_up = False

    @rule(hours=st.integers(1, 60), arrives=st.sampled_from(["yes", "yes", "no", "blocked"]))
    def the_bot_works(self, hours: int, arrives: str) -> None:
        for _ in range(hours):
            self.tick(arrives)
            self.clock.jump(self.clock.now() + HOUR)
        self.tick(arrives)
        self.is_up = True

    def tick(self, arrives: str) -> None:
        before = self.states()
        self.do(lambda conn: remind.due(conn, now(conn), HERE))
        changed = {state for number, state in self.states().items() if state != before[number]}
        assert changed <= {"queued", "expired"}
        while claimed := self.do(lambda conn: outgoing.claim(conn, "w", now(conn), 50, UNHURRIED)):
            for each in claimed:
                self.do(self._arrives, each, arrives)

    def _arrives(self, conn: Connection, sending: Sending, arrives: str) -> None:
        outcome: Outcome = Delivered(1, 1)
        if arrives != "yes" and sending.chat_id != 1:
            outcome = Dead("no", blocked=arrives == "blocked")
        if isinstance(outcome, Delivered):
            self._seen(conn, sending)
        assert outgoing.settle(conn, sending, outcome, now(conn))
        tell.settled(conn, sending, outcome, now(conn), HERE)

    def _seen(self, conn: Connection, sending: Sending) -> None:
        self.told.append(sending.prompt.text + str(sending.prompt.rows))
        if sending.reminder is None:
            return
        self.sent[sending.reminder] += 1
        row = conn.execute(select(reminders).where(reminders.c.id == sending.reminder)).one()
        if row.rule == UNFINISHED:
            at = moment(now(conn))
            assert within(at, RULES[UNFINISHED], self._who(conn, sending.chat_id).zone) == at

    def states(self) -> dict[int, str]:
        rows = self.do(lambda conn: conn.execute(select(reminders.c.id, reminders.c.state)).all())
        return {row.id: row.state for row in rows}

    @invariant()
    def nothing_waits_past_its_time(self) -> None:
        if not getattr(self, "is_up", False):
            return
        for row in self.do(lambda conn: conn.execute(select(reminders)).all()):
            assert row.state != "queued"
            assert row.state != "pending" or row.due_at >= self.clock.now()

    @invariant()
    def every_end_is_a_message_or_a_telling(self) -> None:
        if not getattr(self, "is_up", False):
            return
        rows = self.do(
            lambda conn: conn.execute(
                select(reminders.c.id, reminders.c.state, reminders.c.rule, reminders.c.person)
            ).all()
        )
        for row in rows:
            assert self.sent[row.id] == (row.state == "sent")
            if row.state == "expired" or (row.state == "dead" and row.rule != UNFINISHED):
                name = f"P{row.person + 99}"
                assert any("I could not remind" in each and name in each for each in self.told)
            elif row.state == "dead":
                assert any(f"P{row.person + 99}" in each for each in self.told)


Reminding.TestCase.settings = settings(max_examples=20, stateful_step_count=15, deadline=None)
TestReminding = Reminding.TestCase


def _five_thousand(conn: Connection, begun: int) -> None:
    """Half have a date, 200 of these an hour ago with Ravi; the others left their talk unfinished."""
    ravi, mo = (people.add(conn, n, name, "en", "Europe/London", 0) for n, name in ((1, "Ravi"), (2, "Mo")))
    for each in range(5000):
        number = people.add(conn, 1000 + each, f"P{each}", "en", "Europe/London", 0)
        person = Person(number, 1000 + each, f"P{each}", "en", "Europe/London")
        talk = talks.begin(conn, person, "first_talk", 0).id
        if each % 2:
            dates.remind(conn, person, talk, UNFINISHED, begun - each, 0)
            continue
        starts_at = begun - HOUR if each < 400 else begun + (5000 - each) * 2 * MINUTE
        date = dates.agree(conn, talk, person, ravi if each < 400 else mo, starts_at, 0)
        dates.remind(conn, person, talk, TOMORROW, begun - HOUR - 5000 + each, 0, date)


def _remind_all(conn: Connection) -> None:
    while remind.due(conn, now(conn), HERE) >= due.SLICE:
        pass


def _post(conn: Connection) -> list[Sending]:
    claimed = outgoing.claim(conn, "w", now(conn), 64, Limits())
    for each in claimed:
        outgoing.settle(conn, each, Delivered(1, 1), now(conn))
        tell.settled(conn, each, Delivered(1, 1), now(conn), HERE)
    return claimed


@pytest.mark.long
async def test_after_two_days_down_five_thousand_end_right_within_minutes() -> None:
    """At the real pace: 200 of one key contact are told of in one message, the soonest talks go first."""
    clock = StandingClock()
    store = Store("sqlite://", clock, ring())
    await store.open()
    begun = clock.now() + 2 * 24 * HOUR
    await store.tx(_five_thousand, begun)
    clock.jump(begun)
    sent: list[Sending] = []
    quiet, took = 0, 0.0
    while quiet < 15:
        if clock.now() % 1000 < 200:
            took -= time.perf_counter()
            await store.tx(_remind_all)
            took += time.perf_counter()
        went = await store.tx(_post)
        sent, quiet = sent + went, 0 if went else quiet + 1
        clock.jump(clock.now() + 200)
    seconds = (clock.now() - begun) / 1000
    print(f"\n{len(sent)} messages in {seconds:.0f} s of their time; reminding took {took:.1f} s")  # noqa: T201

    states = await store.tx(lambda conn: Counter(conn.scalars(select(reminders.c.state))))
    assert states == {"expired": 200, "sent": 4800, "pending": 2500}  # the last: asked after once more, later
    assert len({each.reminder for each in sent if each.reminder}) == 4800
    assert [each.chat_id for each in sent if each.reminder is None] == [1]
    assert seconds < 260
    first = [each.chat_id for each in sent if each.reminder][:2000]
    assert all(chat % 2 == 0 for chat in first)  # whose talk is soon before those who may carry on
    await store.close()
