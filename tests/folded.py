"""What a life must end as: all its messages folded at once, in the order in which they were sent, with no state and no stream."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from streams.assessment.screening import Look, Rulebook, list_findings, looks, screen
from streams.assessment.verdict import Verdict
from streams.cases.alert import Alert
from streams.cases.alerts import alert_of
from streams.cases.declaration_record import Assessors
from streams.cases.questions import ENDED, Asking, advice_on, hear, newest_in_force, observe
from streams.declarations.events import Event, Message, Original
from streams.declarations.formats.adapters import read
from streams.declarations.model import DeclarationVersion
from streams.findings import Finding
from streams.lifecycle.life import DeclarationLife, KnownVersion, LifeVersion, fold
from streams.patterns.contract import PatternAdvice
from streams.patterns.detectors import DetectorSet, detector_set
from streams.patterns.memory import Remembered
from streams.watchlists.index import WatchlistIndex
from streams.watchlists.readers import read_list
from tests.integration.stream import WATCHLIST
from tests.ledger import Ledger
from tests.lives import Life
from tests.remembered import states_of

NOTHING = PatternAdvice()

BESIDE = frozenset(("notEvaluable", "changedPaths", "eventDateTime", "timeline"))
"""What a verdict or an alert says besides: by it alone nothing is sent again, so it may be that of an earlier time."""


def told(value: bytes | None) -> Any:
    """A verdict or an alert without that."""
    return value and {name: part for name, part in msgspec.json.decode(value).items() if name not in BESIDE}


class Folded:
    """Folds lives and screens their versions by the lists and rules that the test streams have."""

    def __init__(self) -> None:
        self._index = WatchlistIndex.build([read_list(WATCHLIST)])
        self._rulebook = Rulebook.load()

    def screen(self, life: LifeVersion, advice: PatternAdvice = NOTHING) -> Verdict:
        return screen(life.version, self._index, self._rulebook, life, advice)

    @property
    def assessors(self) -> Assessors:
        """Without the detectors that remember trade."""
        return Assessors(self.screen)

    @property
    def watch(self) -> DetectorSet:
        return detector_set(self._rulebook.high_priority, self._rulebook.atlas, hits=self._hits)

    @property
    def looks(self) -> tuple[Look, ...]:
        """What a worker finds out before it screens."""
        return *looks(lambda: self._index, lambda: self._rulebook), self.watch.look

    def _hits(self, version: DeclarationVersion) -> list[Finding]:
        return list_findings(version, self._index, self._rulebook)

    def fold(self, life: Life) -> DeclarationLife:
        """Its versions, status and timeline."""
        said: list[Message] = [read(data, received=at, max_bytes=2**20) for at, data in life.messages]
        known: list[KnownVersion] = []
        for one in said:
            version = one.version if isinstance(one, Original) else one
            if isinstance(version, DeclarationVersion):
                envelope = version.envelope
                source = one.source if isinstance(one, Original) else None
                known.append(
                    KnownVersion(
                        envelope.version_number,
                        envelope.event_type,
                        envelope.event_date_time,
                        version,
                        source,
                    )
                )
        return fold(known, [one for one in said if isinstance(one, Event)])

    def of(self, life: Life, patterns: bool = False) -> tuple[dict[int, Verdict], Alert | None]:
        """Verdicts by version number, and the alert; with `patterns` as detectors answer that remember nothing yet."""
        whole = self.fold(life)
        watch = self.watch if patterns else None
        asking = Asking()
        if watch is not None:
            day = int(life.messages[0][0].timestamp()) // 86_400
            asking, observed = observe(asking, whole, watch, (0, 0), 0.0, day)
            for answer in Ledger(watch.book).observe(observed):
                asking = hear(asking, (answer,))
        verdicts = {
            one.version.envelope.version_number: self.screen(one, advice_on(one, whole, asking, watch))
            for one in whole.versions
        }
        return verdicts, alert_of(verdicts.values(), whole.summary)


def assert_as_meant(life: Life, verdicts: dict[int, Verdict], alert: Alert | None) -> None:
    """The verdicts are about what the generator of the life meant: every party and every item."""
    assert verdicts.keys() == life.versions.keys(), life.key
    for number, (in_force, image) in life.versions.items():
        verdict = verdicts[number]
        assert verdict.in_force == in_force, life.key
        assert [p.name for p in verdict.screened.parties if p.role == "CONSIGNEE"] == [image.consignee]
        assert {item.number: item.hs6 for item in verdict.screened.items} == image.items, life.key
    if alert is not None:
        assert alert.declaration_status == life.status, life.key
        assert alert.gaps == life.gaps, life.key
        assert (alert.status == "MOOT") == (life.status == "INVALIDATED"), life.key


def assert_recounted(remembered: Mapping[bytes, bytes], all_lives: Iterable[Life], tool: Folded) -> None:
    """What is remembered of every corridor, firm and contact is what counting the declarations once, as they are in the end,
    gives."""
    counted: dict[str, Any] = {}
    watch = tool.watch
    for life in all_lives:
        whole = tool.fold(life)
        newest = newest_in_force(whole)
        assert newest is not None
        ended = whole.summary.status in ENDED
        for key, part in watch.parts(newest, whole.versions[0], ended).items():
            detector = watch.book.detector(key)
            if key not in counted:
                counted[key] = detector.empty(int(life.messages[0][0].timestamp()) // 86_400)
            counted[key] = detector.add(
                counted[key], msgspec.msgpack.decode(part.body, type=detector.part_type)
            )
    for key, state in states_of(remembered, watch).items():
        touched = msgspec.msgpack.decode(remembered[key.encode()], type=Remembered).touched
        expected = counted.pop(key, None)
        if expected is not None:
            expected = watch.book.detector(key).forget(expected, touched)
        assert state == expected, key
    assert not counted, "of these nothing is remembered"
