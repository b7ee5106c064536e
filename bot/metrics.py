"""What the program counts, in the words Prometheus reads."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from bot.health import Expected, Pile, State, Trouble, at_work_now, judge

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OUTCOMES = ("Delivered", "NotSent", "InDoubt", "Dead")
_TRANSACTIONS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
_SENDS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)


class Metrics:
    """Counters of one running bot; all that counts runs on one thread.

    Measured: 2.5 microseconds for a turn with its message; the library's own counters lock, and cost more.
    """

    def __init__(self) -> None:
        self._updates = self._turns = self._failures = 0
        self._messages = dict.fromkeys(OUTCOMES, 0)
        self._transactions, self._sends = _Spread(_TRANSACTIONS), _Spread(_SENDS)

    def worked(self, seconds: float, updates: int, turns: int) -> None:
        """A transaction is over, with so many new updates kept and so many worked out."""
        self._transactions.add(seconds)
        self._updates += updates
        self._turns += turns

    def failed(self) -> None:
        """A try to work out an update has failed."""
        self._failures += 1

    def sent(self, outcome: str, seconds: float) -> None:
        """A message has come back. Shape: `outcome` is one of OUTCOMES."""
        self._messages[outcome] += 1
        self._sends.add(seconds)

    def text(self, state: State | None, expected: Expected) -> bytes:
        """All of it, with how the bot is at this moment; None when the database does not say."""
        counted = generate_latest(self)
        return counted + generate_latest(_Now(state, expected)) if state else counted

    def collect(self) -> Iterator[Metric]:
        """What was counted, as the library wants it."""
        yield _counter("updates", "Updates that were new and are kept.", self._updates)
        yield _counter("turns", "Updates worked out.", self._turns)
        yield _counter("failures", "Tries to work out an update that failed.", self._failures)
        words = "Messages sent, by what became of it."
        messages = CounterMetricFamily("beforehand_messages", words, labels=["outcome"])
        for outcome, count in self._messages.items():
            messages.add_metric([outcome], count)
        yield messages
        yield self._transactions.family("transaction_seconds", "How long a transaction of the worker took.")
        yield self._sends.family("send_seconds", "How long Telegram took for a message.")


class _Spread:
    """How often something took how long. Units: seconds."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds, self._counts, self._sum = bounds, [0] * (len(bounds) + 1), 0.0

    def add(self, seconds: float) -> None:
        """Once more."""
        self._counts[bisect_left(self._bounds, seconds)] += 1
        self._sum += seconds

    def family(self, name: str, words: str) -> Metric:
        """As a histogram."""
        names = [*map(str, map(float, self._bounds)), "+Inf"]
        buckets = list(zip(names, accumulate(self._counts), strict=True))
        return HistogramMetricFamily(f"beforehand_{name}", words, buckets=buckets, sum_value=self._sum)


class _Now:
    """The state as gauges."""

    def __init__(self, state: State, expected: Expected) -> None:
        self._state, self._expected = state, expected

    def collect(self) -> Iterator[GaugeMetricFamily]:
        state = self._state
        yield _gauge("workers", "Workers seen in the last minute.", len(at_work_now(state)))
        yield from _pile("updates_waiting", "Updates not worked out yet.", state.waiting, state.at)
        yield from _pile("messages_ready", "Messages ready to go.", state.ready, state.at)
        yield from _pile("reminders_due", "Reminders due and not sent.", state.late, state.at)
        yield _gauge("messages_in_doubt", "Messages that may have arrived, to go again.", state.in_doubt)
        yield _dead_letters(state)
        yield _gauge("people", "People here.", state.people)
        if state.heard_at is not None:
            silence = (state.at - state.heard_at) / 1000
            yield _gauge("telegram_silent_seconds", "Since Telegram was last heard.", silence)
        if state.size is not None:
            yield _gauge("database_bytes", "Size of the SQLite file.", state.size)
        yield self._troubles()

    def _troubles(self) -> GaugeMetricFamily:
        found = judge(self._state, self._expected)
        family = GaugeMetricFamily("beforehand_trouble", "1 for what needs a person.", labels=["kind"])
        for kind in Trouble:
            family.add_metric([kind.value.replace(" ", "_")], kind in found)
        return family


def _dead_letters(state: State) -> GaugeMetricFamily:
    family = GaugeMetricFamily("beforehand_dead_letters", "What was given up.", labels=["box"])
    family.add_metric(["in"], state.dead_in)
    family.add_metric(["out"], state.dead_out)
    return family


def _pile(name: str, words: str, pile: Pile, at: int) -> Iterator[GaugeMetricFamily]:
    yield _gauge(name, words, pile.count)
    yield _gauge(f"{name}_seconds", "Age of the oldest of them.", pile.age(at) / 1000)


def _counter(name: str, words: str, value: int) -> CounterMetricFamily:
    return CounterMetricFamily(f"beforehand_{name}", words, value=value)


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"beforehand_{name}", words, value=value)
