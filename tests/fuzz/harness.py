"""One case through the real intake, and what comes out of it through whatever reads that next."""

import base64
import faulthandler
import gc
import hashlib
import logging
import resource
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from types import FrameType
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from streams.agents.intake import intake_handler
from streams.agents.loop import MAX_VALUE_BYTES
from streams.assessment.screening import Rulebook, screen
from streams.assessment.verdict import Verdict
from streams.cases.declaration_record import Assessors
from streams.declarations import canonical
from streams.declarations.dead_letter import DeadLetter
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, Message, Original, Tree, VersionsRecord
from streams.declarations.formats import adapters
from streams.declarations.formats.adapters import Formats
from streams.declarations.formats.mapped.reader import WHOLE
from streams.declarations.model import DeclarationVersion
from streams.lifecycle import life
from streams.metrics import Metrics
from streams.patterns.contract import PatternAdvice
from streams.patterns.detectors import detector_set
from streams.settings import Settings
from streams.watchlists.index import WatchlistIndex
from tests.fuzz import seeds
from tests.fuzz.cases import NOW, Case
from tests.fuzz.stream import Stream, bugs
from tests.fuzz.xml_cases import document

LIMIT = 5.0
"""Seconds of processor time that the intake of a case may take, and each step of what follows."""
DEAD = 600.0
"""Seconds by the clock after which a case hangs for certain."""
SCREENED = 20
"""One of this many accepted versions is screened as well."""
STREAMED = 10
"""One of this many messages that are not refused goes through the handlers of all three agents, in a life."""

RECEIVED = datetime.fromtimestamp(NOW / 1000, UTC)
TYPED = frozenset({"EMPTY", "TOO_LARGE"})


class TooSlow(BaseException):
    """A case over its time. Not an Exception: the guard would catch it."""


class Fault(Exception):
    """What a case must not do."""


class Result(NamedTuple):
    outcome: str
    """accepted, event, ignored, or the reason of the dead letter"""
    seconds: float
    """of the intake alone"""
    after: tuple[str, ...] = ()
    """what was done with what came out: merged, not applicable, folded, screened"""
    then: float = 0.0
    """seconds of all that followed"""
    peak: int = 0
    """bytes of memory, of the intake alone, over what was there before, at its highest"""


def _alarm(signum: int, frame: FrameType | None) -> None:
    raise TooSlow


def _wind() -> None:
    """The time begins anew."""
    signal.setitimer(signal.ITIMER_PROF, LIMIT)


class Harness:
    """The intake with its settings, and what follows it. `peaks`: measure the memory of each case (Linux)."""

    def __init__(self, *, peaks: bool = False) -> None:
        self.settings = Settings()
        self.formats = Formats(seeds.mapped()[1])
        self.intake = intake_handler(self.settings, self.formats, Metrics(process=False))
        self.peaks = peaks and Path("/proc/self/clear_refs").exists()
        self.rulebook = Rulebook.load()
        self.lists = WatchlistIndex.build([])
        watch = detector_set(self.rulebook.high_priority, self.rulebook.atlas)
        self.stream = Stream(self.formats, Assessors(self._screen, watch), watch.book, self.settings)
        self.bases = [
            self.read(document(Random(n), root.copy()).encode()) for n, root in enumerate(seeds.originals())
        ]
        told = (*seeds.amendments(), *seeds.cancellations(), *seeds.notices())
        self.events = [
            event
            for n, root in enumerate(told)
            if isinstance(event := self._message(Case(document(Random(n), root.copy()).encode())), Event)
        ]
        logging.getLogger("streams").setLevel(logging.CRITICAL)

    def read(self, data: bytes) -> Original:
        message = adapters.read(data, received=RECEIVED, max_bytes=self.settings.max_declaration_bytes)
        assert isinstance(message, Original)
        return message

    def run(self, case: Case, rng: Random) -> Result:
        """What became of a case.

        Raises Fault for whatever it must not do, TooSlow, and any exception that what follows the intake raises.
        """
        signal.signal(signal.SIGPROF, _alarm)
        _wind()
        # What hangs in C, or waits, takes no such signal: then it is told where it stands, and the run ends.
        faulthandler.dump_traceback_later(DEAD, exit=True, file=2)
        try:
            return self._run(case, rng)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            faulthandler.cancel_dump_traceback_later()

    def _screen(self, one: life.LifeVersion, advice: PatternAdvice) -> Verdict:
        return screen(one.version, self.lists, self.rulebook, one, advice)

    def _run(self, case: Case, rng: Random) -> Result:
        before = resident(reset=True) if self.peaks else 0
        started = time.perf_counter()
        out = self.intake(case)
        seconds = time.perf_counter() - started
        peak = max(0, highest() - before) if self.peaks else 0
        outcome, after = "ignored", []
        for record in out:
            if record.value is not None and len(record.value) > MAX_VALUE_BYTES:
                raise Fault(f"a record of {len(record.value)} bytes, which Kafka would refuse")
            if record.topic == self.settings.topic("dead-letters"):
                outcome = self._dead_letter(case, record.value or b"")
            elif record.topic == self.settings.topic("versions"):
                outcome = "accepted"
                after += self._version(record.value or b"", rng)
            else:
                outcome = "event"
        _wind()
        if outcome not in TYPED:
            after += self._beyond(case, outcome, rng)
        if outcome in ("accepted", "event") and not rng.randrange(STREAMED):
            _wind()
            after.append(self._streamed(case, rng))
        return Result(outcome, seconds, tuple(after), time.perf_counter() - started - seconds, peak)

    def _dead_letter(self, case: Case, value: bytes) -> str:
        letter = msgspec.json.decode(value, type=DeadLetter)
        data = case.value or b""
        if letter.reason == "INTERNAL_ERROR":
            raise Fault(f"INTERNAL_ERROR: {letter.detail}")
        if letter.size != len(data) or letter.sha256 != hashlib.sha256(data).hexdigest():
            raise Fault("the dead letter tells another size or hash")
        if letter.complete:
            if letter.message() != data:
                raise Fault("the dead letter holds other bytes")
        elif letter.reason != "TOO_LARGE" or not data.startswith(base64.b64decode(letter.payload)):
            raise Fault("the dead letter does not hold the bytes, and it was not too large")
        return letter.reason

    def _version(self, value: bytes, rng: Random) -> list[str]:
        """A record of customs.versions reads as what it is, and writes as the same bytes."""
        record = msgspec.json.decode(value, type=VersionsRecord)
        if msgspec.json.encode(record) != value:
            raise Fault("a record of customs.versions that does not survive decode and encode")
        version = record.version
        if version is None:
            return []
        self._survives(version)
        if rng.randrange(SCREENED):
            return []
        screen(version, self.lists, self.rulebook)
        return ["screened"]

    def _survives(self, version: DeclarationVersion) -> None:
        written = canonical.encode(version)
        if canonical.encode(canonical.decode(written)) != written:
            raise Fault("a version that does not survive decode and encode")
        if version.envelope.payload_hash != canonical.payload_hash(version):
            raise Fault("a version whose payload hash is not its own")

    def _streamed(self, case: Case, rng: Random) -> str:
        found = bugs(self.stream.run(case, rng))
        if found:
            raise Fault(f"INTERNAL_ERROR further on: {found[0]}")
        return "streamed"

    def _message(self, case: Case) -> Message | None:
        """What the adapters read first in the same bytes; None where they refuse them, or one of several."""
        form = next(
            (value.decode("ascii", "replace") for name, value in case.headers if name == "format"), "auto"
        )
        if form not in self.formats.names:
            form = "auto"
        try:
            said = adapters.read_all(
                case.value,
                format=form,
                received=RECEIVED,
                max_bytes=self.settings.max_declaration_bytes,
                formats=self.formats,
            )
            wrong = next((one for one in said if isinstance(one, Unscreenable)), None)
            if wrong is not None:
                raise wrong
            return next(one for one in said if not isinstance(one, Unscreenable))
        except Unscreenable as error:
            if error.reason == "INTERNAL_ERROR":
                raise Fault("the adapters say INTERNAL_ERROR") from None
            return None

    def _beyond(self, case: Case, outcome: str, rng: Random) -> list[str]:
        """What an original with its document, or an event, does further on."""
        message = self._message(case)
        alike = (message is None) == (outcome not in ("accepted", "event", "ignored"))
        if not alike and outcome != "UNSUPPORTED_MESSAGE" and not case.headers and case.timestamp == NOW:
            raise Fault(f"the intake says {outcome}, the adapters {type(message).__name__}")
        if isinstance(message, Original):
            return self._amended(message, rng)
        if isinstance(message, Event):
            if msgspec.json.decode(msgspec.json.encode(message), type=Event) != message:
                raise Fault("an event that does not survive encode and decode")
            return [*self._merged(message, rng.choice(self.bases), rng), *self._folded(message, rng)]
        return []

    def _amended(self, original: Original, rng: Random) -> list[str]:
        """An odd original takes a good amendment, and reads again as itself."""
        if msgspec.json.decode(msgspec.json.encode(original.source), type=Tree) != original.source:
            raise Fault("a source document that does not survive encode and decode")
        if original.source.name == WHOLE:
            return []  # an amendment replaces it whole: it holds nothing to read
        again = adapters.version_of(original.source, original.version.envelope)
        if again.declaration != original.version.declaration:
            raise Fault("version_of its own document is another declaration")
        deltas = [event for event in self.events if event.delta is not None]
        return self._merged(rng.choice(deltas), original, rng) if deltas else []

    def _merged(self, event: Event, base: Original, rng: Random) -> list[str]:
        if event.delta is None:
            return []
        done = []
        tree = base.source
        _wind()
        for _ in range(
            rng.choice((1, 1, 1, 3))
        ):  # a delta that applies to what it made itself must not grow it for ever
            try:
                tree = adapters.amend(event.source_system, tree, event.delta)
                done.append("merged")
                version = adapters.version_of(tree, replace(base.version.envelope, version_number=2))
                done.append("version made")
                self._survives(version)
            except Unscreenable as error:
                if error.reason != "SCHEMA_VIOLATION":
                    raise Fault(f"the merge says {error.reason}") from None
                done.append("not applicable")
                break
        return done

    def _folded(self, event: Event, rng: Random) -> list[str]:
        """A life of a base, this event and some good ones: the same in any order."""
        base = rng.choice(self.bases)
        others = rng.sample(self.events, min(len(self.events), rng.randint(1, 5)))
        if event.delta is not None:
            # What compares deltas meets this one from both sides, and against itself.
            others.append(rng.choice([one for one in self.events if one.delta is not None]))
            others.append(
                replace(event, kind="AMENDED" if event.kind != "AMENDED" else "AMENDMENT_REQUESTED")
            )
        told = [
            replace(one, id=f"{n:032x}", at=RECEIVED + timedelta(minutes=rng.randint(-9, 9)))
            for n, one in enumerate(others)
        ] + [event]
        known = [life.KnownVersion(1, "LODGED", RECEIVED - timedelta(days=1), base.version, base.source)]
        _wind()
        told_once = life.fold(known, told)
        _wind()
        rng.shuffle(told)
        if life.fold(known, told) != told_once:
            raise Fault("a life that depends on the order of arrival")
        msgspec.json.encode(told_once.summary)
        return ["folded"]


def resident(*, reset: bool = False) -> int:
    """Bytes of memory of this process; `reset` begins a new highest."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def highest() -> int:
    """Bytes of memory of this process at its highest since `resident(reset=True)`."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def settled() -> int:
    """Bytes of memory of this process, rubbish apart."""
    gc.collect()
    return resident()
