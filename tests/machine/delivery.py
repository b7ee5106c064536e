"""The machine: what may happen to the bot, and how often; hypothesis looks for an order in which it hurts."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.clock import DAY, MINUTE
from bot.store import dates
from bot.store.incoming import TRIES
from tests.machine.crew import LIMITS, Crew
from tests.machine.ground import Fate, Ground
from tests.machine.telegram import WAYS, Telegram
from tests.machine.village import ANN, MO, PREPARING, RAVI, STRANGER, Village
from tests.machine.witness import Witness

HOUR = 60 * MINUTE

# the rare is not rare here, but most things must go well, or nothing ever gets far enough to be hurt
FATES = st.sampled_from([*[Fate.KEPT] * 4, Fate.UNDONE, Fate.UNHEARD])
WORKERS = st.integers(0, 2)
WRITERS = st.sampled_from([ANN, ANN, ANN, MO, RAVI, STRANGER])
WORDS = st.sampled_from([*["words"] * 4, "two", "two", "done", "share", "share", "stumble", "poison", "file"])
ENDINGS = st.sampled_from([["erase"], ["clear"], ["done"], ["share", "clear"], ["share", "erase"]])
SENDS = st.lists(st.sampled_from([*["arrives"] * 4, *WAYS]), max_size=5)
AHEAD = st.sampled_from([2, 30, 8 * 60, 26 * 60, 50 * 60])  # minutes until a talk
SHORT = st.sampled_from([900, 2100, 11_000, 31_000, 61_000, 11 * MINUTE])
LONG = st.sampled_from([HOUR, 9 * HOUR, DAY, DAY, 3 * DAY, 9 * DAY])
WRONG = st.sampled_from([-3 * HOUR, -5 * MINUTE, -4000, 4000, 5 * MINUTE, 3 * HOUR])


class Delivery(RuleBasedStateMachine):
    """The bot between a Telegram that is a nuisance and a database that is one, too."""

    @initialize(many=st.booleans())
    def opens(self, many: bool) -> None:
        self.ground = Ground(alone=not many)
        self.witness = Witness(self.ground, LIMITS)
        self.telegram = Telegram(self.ground, self.witness)
        self.ground.witness = self.witness.look
        self.crew = Crew(self.ground, self.telegram, Village(), many)
        for chat in PREPARING:
            self.telegram.writes(chat, "words", lower=False)

    @invariant()
    def all_is_well(self) -> None:
        self.witness.is_content()

    # ---- people

    @rule(chat=WRITERS, words=WORDS, lower=st.booleans(), worker=WORKERS, fate=FATES)
    def write(self, chat: int, words: str, lower: bool, worker: int, fate: Fate) -> None:
        self.telegram.writes(chat, words, lower)
        self.crew.bring(worker, list(self.telegram.waiting.values()), fate)

    @rule(chats=st.lists(WRITERS, min_size=2, max_size=6), worker=WORKERS)
    def write_all_at_once(self, chats: list[int], worker: int) -> None:
        for chat in chats:
            self.telegram.writes(chat, "two", lower=False)
        self._usual(worker)

    @rule(chat=st.sampled_from(PREPARING), ahead=AHEAD, worker=WORKERS, sends=st.booleans())
    def set_a_date(self, chat: int, ahead: int, worker: int, sends: bool) -> None:
        self.telegram.writes(RAVI, f"date {chat} {ahead}", lower=False)
        self._usual(worker, sends)

    @rule(chat=st.sampled_from(PREPARING), worker=WORKERS)
    def call_it_off(self, chat: int, worker: int) -> None:
        self.telegram.writes(RAVI, f"off {chat}", lower=False)
        self._usual(worker, sends=False)

    @rule(chat=st.sampled_from(PREPARING), words=ENDINGS, worker=WORKERS, fate=FATES)
    def want_no_more(self, chat: int, words: list[str], worker: int, fate: Fate) -> None:
        for each in words:
            self.telegram.writes(chat, each, lower=False)
        self.crew.bring(worker, list(self.telegram.waiting.values()), fate)

    @rule(chat=st.sampled_from([ANN, RAVI]), is_told=st.booleans(), worker=WORKERS)
    def block_or_return(self, chat: int, is_told: bool, worker: int) -> None:
        self.telegram.blocked ^= {chat}
        if is_told:
            self.telegram.writes(chat, "blocks" if chat in self.telegram.blocked else "returns", lower=False)
        self._usual(worker)

    # ---- telegram

    @rule(worker=WORKERS, fate=FATES)
    def bring_again(self, worker: int, fate: Fate) -> None:
        known = self.telegram.lately()[-4:]
        self.crew.bring(worker, [*known, *self.telegram.waiting.values()], fate)

    @rule(worker=WORKERS, how=SENDS, is_noted=st.booleans())
    def send(self, worker: int, how: list[str], is_noted: bool) -> None:
        self.crew.send(worker, how)
        if is_noted:
            self.crew.beat(worker)

    @rule(worker=WORKERS, how=st.sampled_from([[], ["too fast"] * 3]))
    def overtake(self, worker: int, how: list[str]) -> None:
        """Ravi writes while what somebody else did is on its way to him; his answer is urgent."""
        self.telegram.writes(ANN, "share", lower=False)
        self._usual(worker, sends=False)
        self.crew.send(worker, how)
        self.telegram.writes(RAVI, "words", lower=False)
        self._usual(worker)

    @rule(chat=WRITERS, worker=WORKERS, how=st.sampled_from([WAYS[1], WAYS[2]]), times=st.integers(1, 5))
    def doubt(self, chat: int, worker: int, how: str, times: int) -> None:
        """Nobody knows whether messages arrive, several times over."""
        self.telegram.writes(chat, "words", lower=False)
        self._usual(worker, sends=False)
        for _ in range(times):
            self.crew.send(worker, [how] * 3)
            self.crew.work(worker)
            self.ground.passes(1100)
            self.crew.work(worker)

    @rule(chat=st.sampled_from([ANN, RAVI]), worker=WORKERS, is_hurt=st.booleans())
    def give_up(self, chat: int, worker: int, is_hurt: bool) -> None:
        """An update that cannot be worked out is tried again and again, and the chat goes on after it."""
        self.telegram.writes(chat, "poison", lower=False)
        self.telegram.writes(chat, "words", lower=False)
        self._usual(worker)
        for _ in range(TRIES):
            self.ground.passes(3300)
            self.crew.work(worker)
            if is_hurt:
                self.crew.replace(worker)

    # ---- workers and their database

    @rule(worker=WORKERS)
    def usual(self, worker: int) -> None:
        self._usual(worker)

    @rule(worker=WORKERS, fate=FATES)
    def beat(self, worker: int, fate: Fate) -> None:
        self.crew.beat(worker, fate)

    @rule(worker=WORKERS, how=SENDS)
    def die(self, worker: int, how: list[str]) -> None:
        self.crew.send(worker, how)
        self.crew.replace(worker)

    @rule(worker=WORKERS, how=SENDS, passed=st.sampled_from([20_000, 61_000]), is_late=st.booleans())
    def fall_behind(self, worker: int, how: list[str], passed: int, is_late: bool) -> None:
        """A worker is frozen before or after it sends, and another may take over from it."""
        other = worker + 1
        self.telegram.writes(MO, "two", lower=False)
        self._usual(worker, sends=False)
        self.crew.send(worker, [] if is_late else how)
        self.ground.passes(passed)
        self.crew.tick(other)
        self.crew.work(other)
        self.crew.send(worker, how if is_late else [])
        self.crew.work(worker)
        self.crew.send_all(other)

    @rule(worker=WORKERS, how=SENDS, is_wrong=st.booleans())
    def take_once_more(self, worker: int, how: list[str], is_wrong: bool) -> None:
        """What a slow worker has in hand is freed, and it takes it again beside the copy it has."""
        self.telegram.writes(MO, "two", lower=False)
        self._usual(worker, sends=False)
        if is_wrong:
            self._put_wrong(5 * MINUTE)
        else:
            self.ground.passes(61_000)
        self.crew.replace(worker + 1)  # who has just come has seen no other time, and believes the clock
        self.crew.work(worker)
        self.crew.send(worker, how)
        self.crew.work(worker)
        self.crew.send_all(worker)

    @rule(worker=WORKERS, fate=FATES)
    def tick(self, worker: int, fate: Fate) -> None:
        self.crew.tick(worker, fate)

    @rule(worker=WORKERS)
    def purge(self, worker: int) -> None:
        self.crew.purge(worker)

    # ---- time

    @rule(passed=SHORT, worker=WORKERS, works=st.booleans())
    def wait(self, passed: int, worker: int, works: bool) -> None:
        self.ground.passes(passed)
        self.crew.tick(worker)
        if works:
            self.crew.work(worker)

    @rule(passed=LONG, worker=WORKERS, sends=st.booleans())
    def wait_long(self, passed: int, worker: int, sends: bool) -> None:
        self._passes(passed)
        self.crew.tick(worker)
        self._usual(worker, sends)

    @rule(chat=st.sampled_from(PREPARING), worker=WORKERS)
    def be_down_until_it_is_too_late(self, chat: int, worker: int) -> None:
        """Nobody looks for reminders until a talk has begun."""
        self.telegram.writes(RAVI, f"date {chat} 30", lower=False)
        self._usual(worker)
        self._passes(31 * MINUTE)
        self.crew.replace(worker)
        self.crew.tick(worker)

    @rule(worker=WORKERS, works=st.booleans())
    def wait_for_a_reminder(self, worker: int, works: bool) -> None:
        self._until_due()
        self.crew.tick(worker)
        if works:
            self.crew.work(worker)

    @rule(by=WRONG, worker=WORKERS)
    def put_the_clock_wrong(self, by: int, worker: int) -> None:
        self._put_wrong(by)
        self.crew.tick(worker)

    def _usual(self, worker: int, sends: bool = True) -> None:
        """What happens when nothing is wrong."""
        self.crew.bring(worker, list(self.telegram.waiting.values()))
        self.crew.work(worker)
        if sends:
            self.crew.send_all(worker)
            self.crew.beat(worker)

    def _put_wrong(self, by: int) -> None:
        self.ground.wall += by
        self.witness.clock_was_moved()

    def _passes(self, milliseconds: int) -> None:
        self.ground.passes(milliseconds)
        if milliseconds >= DAY:
            self.telegram.day_passes()

    def _until_due(self) -> bool:
        """Wait until the next reminder is due; false when there is none."""
        due_at = self.ground.see(dates.next_due)
        self._passes(max(0, (due_at or 0) - self.ground.wall))
        return due_at is not None

    # ---- the end

    def teardown(self) -> None:
        if not hasattr(self, "crew"):
            return
        try:
            if not self.witness.broken:
                self._come_to_rest()
        finally:
            self.crew.end()
            self.ground.end()

    def _come_to_rest(self) -> None:
        """From here on everything goes well; then all there was to do must get done."""
        self.telegram.blocked.clear()
        self.crew.mends_all()
        self._run_dry()
        for _ in range(40):
            if not self._until_due():
                break
            self._run_dry()
        self.witness.all_has_ended()
        for _ in range(2):
            self._passes(31 * DAY)
            self.crew.purge(0)
        self.witness.nothing_is_left()
        self.witness.is_content()

    def _run_dry(self) -> None:
        self.ground.passes(3 * MINUTE)  # longer than a lease, and than a clock is not believed
        for _ in range(100):
            self.crew.tick(0)
            self._usual(0)
            if self.witness.has_rest():
                return
            self.ground.passes(1100)
