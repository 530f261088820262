"""What a stream must have made of waves of trade, computed without a stream: every remembered sum, every verdict, every alert."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from streams.agents.began import BEGAN
from streams.cases.alerts import alert_of, encode
from streams.cases.questions import ENDED, Asking, advice_on, hear, newest_in_force, observe
from streams.patterns.contract import Alerting
from tests.folded import Folded, told
from tests.ledger import Ledger
from tests.remembered import states_of
from tests.waves import Declared, Trade, Wave, month_number

SECONDS = 86_400


@dataclass
class Recount:
    """Follows the waves as they are published; no state but what a file would give."""

    tool: Folded = field(default_factory=Folded)
    asking: dict[str, Asking] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.watch = self.tool.watch
        self.ledger = Ledger(self.watch.book)
        self.began = self.day = 0
        self._said = 0

    def follow(self, wave: Wave) -> None:
        """What the declarations of a wave tell the detectors, and what they are told; in no order that matters."""
        self.day = max(int(at.timestamp()) // SECONDS for at, _, _ in wave.messages)
        self.began = self.began or self.day
        for one in wave.told:
            self._said += 1
            life = self.tool.fold(one.life)
            asking, observed = observe(
                self.asking.get(one.key, Asking()), life, self.watch, (0, self._said), 0.0, self.day
            )
            for answer in self.ledger.observe(observed):
                asking = hear(asking, (answer,))
            self.asking[one.key] = asking
        self.ledger.reach(self.day)

    def verdicts_and_alert(self, one: Declared) -> tuple[dict[int, bytes], bytes | None]:
        """Version number -> JSON of its verdict; and of the alert."""
        life, asking = self.tool.fold(one.life), self.asking[one.key]
        verdicts = {
            version.version.envelope.version_number: self.tool.screen(
                version, advice_on(version, life, asking, self.watch)
            )
            for version in life.versions
        }
        alert = alert_of(verdicts.values(), life.summary)
        return {number: encode(one) for number, one in verdicts.items()}, alert and encode(alert)

    def states(self, trade: Trade) -> dict[str, Any]:
        """Key -> the state that counting all declarations once, as they are in the end, gives; nothing forgotten."""
        counted: dict[str, Any] = {}
        for one in trade.declared:
            life = self.tool.fold(one.life)
            newest = newest_in_force(life)
            assert newest is not None
            cancelled = life.summary.status in ENDED
            for key, part in self.watch.parts(newest, life.versions[0], cancelled).items():
                detector = self.watch.book.detector(key)
                state = counted.get(key) or detector.empty(self.began)
                counted[key] = detector.add(state, msgspec.msgpack.decode(part.body, type=detector.part_type))
        return counted


def _assert_remembered(remembered: Mapping[bytes, bytes], recount: Recount, trade: Trade) -> None:
    """Every key holds what the recount gives, less what is forgotten by the last day."""
    counted = recount.states(trade)
    assert int(remembered[BEGAN]) == recount.began
    for key, known in states_of(remembered, recount.watch).items():
        state = counted.pop(key, None)
        expected = None if state is None else recount.watch.book.detector(key).forget(state, recount.day)
        assert known == expected, key
    left = {
        key: recount.watch.book.detector(key).forget(state, recount.day) for key, state in counted.items()
    }
    assert not {key for key, state in left.items() if state is not None}, "of these nothing is remembered"


def _assert_sums(remembered: Mapping[bytes, bytes], recount: Recount, trade: Trade) -> None:
    """The buckets of the corridors, added up by hand: value in cents, grams, consignments, and consignees of each month."""
    sums: dict[str, dict[int, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    takers: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in trade.declared:
        if not one.stands:
            continue
        image, month = one.versions[-1][2], month_number(one.month)
        roads = [(item, f"{item.hs6}|{image.source(item)}|{image.destination}") for item in image.items]
        for key in {key for _, key in roads}:
            sums[key][month]["count"] += 1
            takers[key][month].add(image.consignee)
        for item, key in roads:
            bucket = sums[key][month]
            bucket["value"] += 100 * item.value
            bucket["mass"] += 1000 * item.kilograms
    seen = 0
    for key, state in states_of(remembered, recount.watch).items():
        detector, _, corridor = key.partition("|")
        if detector != "corridors" or corridor.startswith("tier "):
            continue
        months = {} if state is None else state.months
        assert {
            month: {"value": one.value, "mass": one.mass, "count": one.count} for month, one in months.items()
        } == {month: dict(bucket) for month, bucket in sums[corridor].items()}, corridor
        firms = {} if state is None else state.firms
        by_month = Counter(month for months in firms.values() for month in months)
        assert by_month == {month: len(firms) for month, firms in takers[corridor].items()}, corridor
        seen += 1
    assert seen > 5


def _episodes(recount: Recount, trade: Trade) -> dict[str, bytes]:
    """Key -> alert of every episode, from first to last, of corridors counted once."""
    found: dict[str, bytes] = {}
    for key, state in recount.states(trade).items():
        detector = recount.watch.book.detector(key)
        if isinstance(detector, Alerting):
            made = detector.alerts(state, key.partition("|")[2], recount.day)
            found |= {name: one.body for name, one in made.items()}
    return found


def _assert_alerts(alerts: Mapping[bytes, bytes | None], recount: Recount, trade: Trade) -> None:
    """Of corridors, the episodes of a recount, all of them and no other."""
    standing = {
        key.decode(): value
        for key, value in alerts.items()
        if key.startswith(b"corridor|") and value is not None
    }
    assert standing == _episodes(recount, trade)
    assert len(standing) > 3


def _assert_told(
    verdicts: Mapping[bytes, bytes], alerts: Mapping[bytes, bytes | None], recount: Recount, trade: Trade
) -> None:
    """Every verdict and the alert of every declaration, but for what is told besides."""
    for one in trade.declared:
        expected, alert = recount.verdicts_and_alert(one)
        key = one.key.encode()
        got = {number: verdicts.get(b"%s@%d" % (key, number)) for number in expected}
        assert {n: told(value) for n, value in got.items()} == {
            n: told(value) for n, value in expected.items()
        }
        assert told(alerts.get(key)) == told(alert), one.key


def assert_exact(
    remembered: Mapping[bytes, bytes],
    verdicts: Mapping[bytes, bytes],
    alerts: Mapping[bytes, bytes | None],
    recount: Recount,
    trade: Trade,
) -> None:
    """Newest values of customs.pattern-state, verdicts and alerts are what the waves make of them."""
    _assert_remembered(remembered, recount, trade)
    _assert_sums(remembered, recount, trade)
    _assert_told(verdicts, alerts, recount, trade)
    _assert_alerts(alerts, recount, trade)
