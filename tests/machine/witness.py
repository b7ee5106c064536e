"""Looks at the database after every transaction that was kept, and says what must never be so."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.errors import KeyMissing
from bot.pace import Limits
from bot.store import safe
from tests.machine.ground import Ground
from tests.machine.village import DID, HELPERS

OPEN = ("ready", "sending")


class Broken(AssertionError):
    """Something that must never be so."""


@dataclass(slots=True)
class Bucket:
    """How much may go at once, and how fast more may follow: the pace, worked out in another way."""

    holds: float
    a_second: float
    has: float
    at: int

    def take(self, count: int, at: int) -> bool:
        """Take some; false when there are not so many. Units: `at` in milliseconds."""
        self.has = min(self.holds, self.has + max(0, at - self.at) * self.a_second / 1000) - count
        self.at = at
        return self.has > -0.01


class Witness:
    """What was so before, and whether what is so now may follow from it.

    Shape: `kept` are all updates that ever were in the inbox, `messages` the outbox as it is; `shown` are
    the messages and `reminded` the reminders that are on a screen; `broken` says what was wrong first.
    Units: `moved_at`, when the clock was last put wrong, in seconds that only go forward.
    """

    def __init__(self, ground: Ground, limits: Limits) -> None:
        self._ground, self._limits = ground, limits
        self.broken = ""
        self.kept: set[int] = set()
        self.messages: dict[int, Any] = {}
        self.shown: set[int] = set()
        self.reminded: set[int] = set()
        self._open: dict[int, int] = {}  # updates not worked out, with their chats
        self._audited = 0
        self._reminders: dict[int, Any] = {}
        self._people: dict[int, Any] = {}
        self._erased: list[tuple[int, bytes]] = []
        self._readable: set[tuple[bytes, bytes]] = set()
        self._held: dict[int, int] = {}
        self.clock_was_moved()
        self.moved_at = float("-inf")

    def sees(self, is_so: bool, otherwise: str) -> None:
        """Raises: Broken when it is not so."""
        if not is_so:
            self.broken = self.broken or otherwise
            raise Broken(otherwise)

    def is_content(self) -> None:
        """Raises: Broken when something was wrong, even when the bot took that for a mistake of its own."""
        if self.broken:
            raise Broken(self.broken)

    def clock_was_moved(self) -> None:
        """What was measured by the time before counts no more."""
        limits, wall = self._limits, self._ground.wall
        self.moved_at = self._ground.steady
        self._held.clear()
        self._all = Bucket(limits.a_second, limits.a_second, limits.a_second, wall)
        burst = limits.chat_burst
        self._chats = defaultdict[int, Bucket](lambda: Bucket(burst, limits.chat_a_second, burst, wall))

    def look(self, conn: Connection) -> None:
        """After every transaction that was kept."""
        people = self._by_id("SELECT * FROM people")
        before = self.messages
        self.messages = self._by_id("SELECT * FROM outbox")
        self._watch_updates({row.chat_id for row in people.values()})
        self._watch_messages(before)
        new = [row for number, row in self.messages.items() if number not in before]
        self._watch_reminders(any(row.chat_id in HELPERS for row in new))
        self._watch_secrets(conn, people)
        self._people = people

    # ---- updates: once each, in the order of their chat

    def _watch_updates(self, known: set[int]) -> None:
        rows = self._ground.rows("SELECT update_id, chat_id, done_at, dead FROM inbox ORDER BY update_id")
        for row in rows:
            if row.update_id not in self.kept:
                self.kept.add(row.update_id)
                self._open[row.update_id] = row.chat_id
        did = "SELECT id, detail FROM audit WHERE action = ? AND id > ? ORDER BY id"
        for row in self._ground.rows(did, DID, self._audited):
            self._audited = row.id
            self._ends(int(row.detail), "is worked out")
        names = [row.dedup for row in self.messages.values()]
        for row in rows:
            if row.dead and row.update_id in self._open:
                self._ends(row.update_id, "is given up")
                told = any(name.startswith(f"d{row.update_id}.") for name in names)
                self.sees(told or row.chat_id not in known, f"nobody is told of dead letter {row.update_id}")
        still = {row.update_id for row in rows if row.done_at is None}
        self.sees(still == set(self._open), f"open are {sorted(still)}, and not {sorted(self._open)}")

    def _ends(self, number: int, how: str) -> None:
        self.sees(number in self._open, f"update {number} {how} and had been done")
        chat = self._open[number]
        first = min(each for each, of in self._open.items() if of == chat)
        self.sees(number == first, f"update {number} {how} before {first}")
        del self._open[number]

    # ---- messages: one of a chat at a time, at the pace, and none that was taken back

    def _watch_messages(self, before: dict[int, Any]) -> None:
        going: list[int] = [row.chat_id for row in self.messages.values() if row.state == "sending"]
        self.sees(len(going) == len(set(going)), "two messages of one chat are on their way at once")
        now, claimed = self._ground.wall, []
        for number, row in self.messages.items():
            was = before.get(number)
            self.sees(not (row.withdrawn and row.state == "ready"), f"message {number} was taken back")
            self.sees(row.state != "sent" or number in self.shown, f"message {number} is on no screen")
            if row.attempts > (was.attempts if was else 0):
                claimed.append(row)
            elif was and was.state == "sending" and row.state == "ready" and row.error == "RetryAfter":
                self._held[row.chat_id] = row.due_at
        for row in claimed:
            self.sees(now >= self._held.get(row.chat_id, now), f"chat {row.chat_id} had been told to wait")
            self.sees(self._chats[row.chat_id].take(1, now), f"too much goes to chat {row.chat_id}")
        self.sees(self._all.take(len(claimed), now), "too much goes to everybody")

    # ---- reminders: every one has its message, and every end of one is known to somebody

    def _watch_reminders(self, somebody_was_told: bool) -> None:
        rows = self._by_id("SELECT * FROM reminders")
        talks = {row.id for row in self._ground.rows("SELECT id FROM talks")}
        lying = [row for row in self.messages.values() if row.state in OPEN and not row.withdrawn]
        about = [row.reminder for row in lying if row.reminder]
        self.sees(len(about) == len(set(about)), "a reminder has two messages")
        queued = {number for number, row in rows.items() if row.state == "queued"}
        self.sees(queued == set(about), f"queued are {queued}, and messages are there for {set(about)}")
        shared = {int(row.dedup.split(".")[1]) for row in lying if row.dedup.startswith("talk.")}
        self.sees(shared <= talks, "what was shared goes out although it was deleted")
        for number, row in rows.items():
            was = self._reminders.get(number)
            if was is None or was.state != row.state:
                self._ended(row, somebody_was_told)
        for number, row in self._reminders.items():
            self.sees(number in rows or row.talk not in talks, f"reminder {number} is gone, its talk is not")
        self._reminders = rows

    def _ended(self, row: Any, somebody_was_told: bool) -> None:
        if row.state == "sent":
            self.sees(row.id in self.reminded, f"reminder {row.id} was sent and is on no screen")
        elif row.state in ("expired", "dead"):
            person = self._people.get(row.person)
            is_known = row.state == "dead" and person and person.unreachable_since is not None
            self.sees(bool(somebody_was_told or is_known), f"reminder {row.id} is {row.state}, nobody knows")

    # ---- secrets: all that is kept can be read, and nothing that was erased

    def _watch_secrets(self, conn: Connection, people: dict[int, Any]) -> None:
        keys = {row.chat_id: row.key for row in self._ground.rows("SELECT chat_id, key FROM chats")}
        for row in self._ground.rows("SELECT * FROM inbox WHERE payload IS NOT NULL"):
            self._opens(conn, keys, row.chat_id, row.payload, "inbox", row.update_id)
        for row in self.messages.values():
            if row.payload is not None:
                self._opens(conn, keys, row.chat_id, row.payload, "outbox", row.dedup)
        for number, was in self._people.items():
            if was.chat_id and people[number].chat_id is None:
                self._erased.append((was.chat_id, was.name))
        for row in people.values():
            if row.chat_id:
                self._opens(conn, keys, row.chat_id, row.name, "people.name")
        for chat, name in self._erased:
            self._stays_shut(conn, chat, name)

    def _opens(self, conn: Connection, keys: dict[int, bytes], chat: int, sealed: bytes, *where: Any) -> None:
        self.sees(chat in keys, f"the key of chat {chat} is gone")
        if (keys[chat], sealed) not in self._readable:
            try:
                safe.unseal(conn, chat, sealed, *where)
            except KeyMissing as error:
                self.sees(False, str(error))
            self._readable.add((keys[chat], sealed))

    def _stays_shut(self, conn: Connection, chat: int, name: bytes) -> None:
        try:
            safe.unseal(conn, chat, name, "people.name")
        except KeyMissing:
            return
        self.sees(False, f"what was erased in chat {chat} can be read")

    # ---- the end

    def has_rest(self) -> bool:
        """Whether nothing is to be done before some time has gone by."""
        return not self._open and all(row.state not in OPEN for row in self.messages.values())

    def all_has_ended(self) -> None:
        """Nothing is left to be done."""
        self.is_content()
        self.sees(not self._open, f"updates {sorted(self._open)} are never worked out")
        left = [number for number, row in self.messages.items() if row.state in OPEN]
        self.sees(not left, f"messages {left} never go")
        still = [number for number, row in self._reminders.items() if row.state in ("pending", "queued")]
        self.sees(not still, f"reminders {still} never end")

    def nothing_is_left(self) -> None:
        """A month later only who is here is still known."""
        self.sees(not self.messages, "messages are kept for ever")
        self.sees(not self._ground.rows("SELECT * FROM inbox"), "updates are kept for ever")

    def _by_id(self, query: str) -> dict[int, Any]:
        return {row.id: row for row in self._ground.rows(query)}
