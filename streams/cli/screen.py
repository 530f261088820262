"""`torugart screen`: the same core as the stream, over files or standard input."""

import logging
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BufferedReader
from itertools import chain
from pathlib import Path
from typing import Annotated, cast

import msgspec
import typer
from msgspec import Struct
from msgspec.structs import replace

from streams import __version__
from streams.assessment.screening import Rulebook, list_findings
from streams.assessment.screening import screen as assess
from streams.assessment.verdict import Verdict
from streams.cases.declaration_record import Assessors, life_of
from streams.cases.stored import DeclarationRecord, decode_record
from streams.cli.baselines import read_baseline_file
from streams.cli.common import EXIT_BAD_INPUT, counted, emit_bytes, fail, note, note_passed_over
from streams.cli.list_files import read_and_say
from streams.cli.worker import load_formats, load_rulebook
from streams.declarations.dead_letter import DeadLetter, Source, dead_letter
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, Ignored
from streams.declarations.formats.adapters import CODED, NONE, Formats, read, split
from streams.declarations.unpacking import MAX_LINE
from streams.engine import Engine, Handled
from streams.kafka import topics
from streams.lifecycle.life import LifeVersion
from streams.message_files import FileMessage, read_paths, read_stream
from streams.patterns.contract import PatternAdvice
from streams.patterns.detectors import detector_set
from streams.patterns.statistics import StatisticsInMemory
from streams.settings import Settings
from streams.watchlists.index import WatchlistIndex

Lists = Annotated[list[Path] | None, typer.Option("--list", help="Watchlist file; may be given often.")]
InputFormat = Annotated[
    str, typer.Option(help=f"Input format: auto, {', '.join(CODED)}, or one of `torugart formats list`.")
]
BaselineFile = Annotated[
    Path | None,
    typer.Option(help="What corridors carried before: a file of `torugart baselines load`.", exists=True),
]
RegistryFile = Annotated[
    Path | None, typer.Option(help="Company register (CSV), in place of TORUGART_REGISTRY.", exists=True)
]
RatesFile = Annotated[
    Path | None,
    typer.Option(
        "--exchange-rates",
        help="Exchange rates of your own (CSV: month, currency, per_eur), in place of TORUGART_EXCHANGE_RATES.",
        exists=True,
    ),
]
FieldMapFile = Annotated[Path | None, typer.Option(help="Field map of the format `mapped`.", exists=True)]
Received = Annotated[
    datetime | None, typer.Option(help="UTC time of receipt, for messages that carry no time; default now.")
]


MANY_REFUSED = 3
"""Dead letters from which on a line on stderr sums them up."""


class Screening:
    """The lines of messages, one each and in their order, by what the engine makes of them.

    An event that finds no declaration waits for one: its line, and those after it, come when it has been taken up, or at
    the end as a dead letter.
    """

    def __init__(self, engine: Engine, formats: Formats = NONE) -> None:
        self._engine, self._formats = engine, formats
        self._open: dict[int, tuple[FileMessage, datetime]] = {}
        """number of each message that has no line yet, with its time of receipt"""
        self._lines: dict[int, bytes | DeadLetter] = {}
        self._taken = self._given = 0

    def take(self, message: FileMessage, received: datetime) -> Iterator[bytes | DeadLetter]:
        """The lines that are complete now: verdicts and facts as JSON, or dead letters, in order of the messages. A message that
        holds several declarations has a line for each."""
        settings = self._engine.settings
        parts = split(message.data, format=settings.format, max_bytes=MAX_LINE, formats=self._formats)
        for data in parts:
            yield from self._take(replace(message, data=data), received)

    def _take(self, message: FileMessage, received: datetime) -> Iterator[bytes | DeadLetter]:
        self._open[self._taken] = message, received
        self._taken += 1
        led_to: dict[int, _Line] = {}
        for handled in self._engine.take(message.data, int(received.timestamp() * 1000)):
            led_to.setdefault(handled.message, _Line()).note(handled, self._engine)
        for number, line in led_to.items():
            if not line.waits:
                self._lines[number] = self._line(*self._open.pop(number), line)
        yield from self._complete()

    def waiting(self) -> list[FileMessage]:
        """The messages that have found no declaration so far."""
        return [message for message, _ in self._open.values()]

    def end(self) -> Iterator[bytes | DeadLetter]:
        """The lines still held back: what waits for a declaration will not find it any more."""
        error = Unscreenable("BASE_MISSING", "its declaration is not among the messages")
        for number, (message, received) in self._open.items():
            source = _source(message, received)
            self._lines[number] = dead_letter(message.data, error, source, "identity", __version__)
        self._open.clear()
        yield from self._complete()

    def _complete(self) -> Iterator[bytes | DeadLetter]:
        while self._given in self._lines:
            yield self._lines.pop(self._given)
            self._given += 1

    def _line(self, message: FileMessage, received: datetime, line: "_Line") -> bytes | DeadLetter:
        if line.letter is not None:
            error = Unscreenable(line.letter.reason, line.letter.detail)
            return dead_letter(
                message.data, error, _source(message, received), line.letter.stage, __version__
            )
        if line.verdict is not None:
            return line.verdict
        if line.key:  # a version seen before, and nothing new came of it
            case = decode_record(self._engine.screening.get(0, line.key))
            own = [answer for answer in case.answers if line.version in (None, answer.number)]
            return own[-1].json()
        # The intake made nothing of it.
        said = read(
            message.data,
            format=self._engine.settings.format,
            received=received,
            max_bytes=self._engine.settings.max_declaration_bytes,
            formats=self._formats,
        )
        assert isinstance(said, Ignored)
        return msgspec.json.encode({"ignored": said.kind})


class _Line:
    """What a message has led to so far."""

    def __init__(self) -> None:
        self.letter: DeadLetter | None = None
        self.waits = False
        """whether it is on its way"""
        self.verdict: bytes | None = None
        """of its version; of an event the newest that it made or changed, else what it says"""
        self.key = b""
        self.version: int | None = None
        """of the declaration `key`; None of an event"""
        self._newest = -1

    def note(self, handled: Handled, engine: Engine) -> None:
        topic = engine.settings.topic
        record = handled.record
        self.waits = bool(handled.out) if record.topic == topic(topics.DECLARATIONS.name) else self.waits
        if record.topic == topic(topics.VERSIONS.name) and record.headers:
            self.waits = False
            said = _decode_said(record.value or b"")
            if said.envelope is not None:
                self.key = record.key
                self.version = None if said.envelope.version_counted else said.envelope.version_number
            elif said.event is not None:
                case = decode_record(engine.screening.get(0, record.key))
                self.verdict = _fact(record.key, said.event, case)
        for made in handled.out:
            if made.topic == topic(topics.DEAD_LETTERS.name):
                self.letter, self.waits = _decode_letter(made.value or b""), False
            elif made.topic == topic(topics.VERDICTS.name):
                number = int(made.key.rpartition(b"@")[2])
                if number == self.version or (self.version is None and number >= self._newest):
                    self.verdict, self._newest = made.value, number


def _fact(key: bytes, event: Event, case: DeclarationRecord) -> bytes:
    fact = {
        "declarationKey": key.decode(),
        "kind": event.kind,
        "at": event.at,
        "sourceMessageType": event.source_message_type,
        "declarationStatus": life_of(case).summary.status,
    }
    return msgspec.json.encode({"event": fact})


class _VersionNumber(Struct, rename="camel"):
    version_number: int
    version_counted: bool = False


class _Said(Struct):
    """Of a record of customs.versions, what a line needs."""

    envelope: _VersionNumber | None = None
    event: Event | None = None


_decode_said = msgspec.json.Decoder(_Said).decode
_decode_letter = msgspec.json.Decoder(DeadLetter).decode


def _source(message: FileMessage, received: datetime) -> Source:
    timestamp = int(received.timestamp() * 1000)
    return Source(topic=message.file, partition=0, offset=message.number, timestamp=timestamp)


def engine(
    settings: Settings,
    index: WatchlistIndex,
    rulebook: Rulebook,
    formats: Formats = NONE,
    heard: Callable[[Verdict], object] = lambda verdict: None,
    statistics: StatisticsInMemory | None = None,
) -> Engine:
    """The engine by these lists and rules. `heard` gets every verdict as it is made, also those that a line leaves out.
    `statistics` tell of the time before the messages."""
    watch = detector_set(
        rulebook.high_priority,
        rulebook.atlas,
        rulebook.registry,
        rulebook.watched,
        rulebook.rates,
        lambda version: list_findings(version, index, rulebook),
    )

    def screened(life: LifeVersion, advice: PatternAdvice) -> Verdict:
        verdict = assess(life.version, index, rulebook, life, advice)
        heard(verdict)
        return verdict

    assessors = Assessors(screened, watch if settings.patterns == "on" else None)
    made = Engine(settings, assessors, watch.book, formats)
    if statistics is not None:
        made.inform(statistics)
    return made


def screening_of(
    settings: Settings,
    lists: list[Path] | None,
    format: str,
    field_map: Path | None,
    heard: Callable[[Verdict], object] = lambda verdict: None,
    baseline: Path | None = None,
    registry: Path | None = None,
    exchange_rates: Path | None = None,
) -> Screening:
    """The lines by the rules of this installation and the lists named.

    Raises UsageError, SettingsError and ValueError with one clear line.
    """
    formats = load_formats(settings, field_map)
    if format == "mapped" and field_map is not None and formats.field_map is None:
        note(f"{field_map} maps nothing: messages are read by what they hold")
        format = "auto"
    if format not in ("auto", *formats.names):
        fail(f"--format {format}: known are auto, {', '.join(formats.names)}")
    if format == "mapped" and formats.field_map is None:
        fail("--format mapped needs --field-map FILE")
    if not lists:
        note("no --list given: parties are not screened, rule R01 is NOT_EVALUABLE")
    index = WatchlistIndex.build(
        [read_and_say(path) for path in lists or []], threshold=settings.name_threshold
    )
    statistics = read_baseline_file(baseline) if baseline else None
    rulebook = load_rulebook(settings, registry, exchange_rates)
    chosen = replace(settings, format=format)
    # A dead letter is a line, and need not be told on stderr besides.
    logging.getLogger("streams.agents").setLevel(logging.ERROR)
    return Screening(engine(chosen, index, rulebook, formats, heard, statistics), formats)


def screen(
    lists: Lists = None,
    declarations: Annotated[
        list[Path] | None,
        typer.Option(help="File or folder, gzipped or not; standard input without one.", exists=True),
    ] = None,
    format: InputFormat = "auto",
    field_map: FieldMapFile = None,
    baseline: BaselineFile = None,
    registry: RegistryFile = None,
    exchange_rates: RatesFile = None,
    received: Received = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 2 where there was a dead letter.")] = False,
) -> None:
    """Screen declarations without Kafka, a line a message, in order: the verdict on a version and on what amends one,
    {"event": ...} for a fact about a declaration, {"ignored": ...}, {"deadLetter": ...}."""
    screening = screening_of(
        Settings.from_env(),
        lists,
        format,
        field_map,
        baseline=baseline,
        registry=registry,
        exchange_rates=exchange_rates,
    )
    at = moment(received)
    refused: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    read = messages(declarations, format, passed.update)
    taken = (line for message in read for line in screening.take(message, at))
    lines = 0
    for answer in chain(taken, screening.end()):
        lines += 1
        if isinstance(answer, DeadLetter):
            refused[answer.reason] += 1
            answer = msgspec.json.encode({"deadLetter": answer})
        emit_bytes(answer)
    note_passed_over(passed)
    if refused.total() >= MANY_REFUSED:
        note(f"{refused.total():,} of {lines:,} lines are dead letters: {counted(refused)}")
    if refused and strict:
        raise typer.Exit(EXIT_BAD_INPUT)


def moment(received: datetime | None) -> datetime:
    """The time of receipt that was given, in UTC, or now."""
    return (received or datetime.now(UTC)).replace(tzinfo=UTC)


def messages(
    paths: list[Path] | None, format: str, passed_over: Callable[[list[str]], object] = lambda endings: None
) -> Iterator[FileMessage]:
    """Of files and folders, or of standard input. `passed_over`: as in `read_paths`."""
    if paths:
        return read_paths(paths, format, passed_over)
    # wco-dm: one XML document
    return read_stream(cast("BufferedReader", sys.stdin.buffer), "stdin", whole=format == "wco-dm")
