"""`torugart screen`: the same core as the stream, over files or standard input."""

import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from io import BufferedReader
from itertools import chain
from pathlib import Path
from typing import Annotated, cast

import msgspec
import typer

from streams import __version__
from streams.agents.screening import life_ends
from streams.assessment.screening import Rulebook, list_findings
from streams.assessment.screening import screen as assess
from streams.assessment.verdict import Verdict
from streams.cases import declaration_record
from streams.cases.declaration_record import Assessors
from streams.cases.steps import CaseUpdate, RecordPosition
from streams.cases.stored import decode_record, encode_record
from streams.cli.baselines import read_baseline_file
from streams.cli.common import EXIT_BAD_INPUT, emit_bytes, fail, note
from streams.cli.worker import load_maps, load_rulebook
from streams.declarations.dead_letter import DeadLetter, Source, dead_letter
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, Ignored, Original, Tree
from streams.declarations.formats.adapters import FORMATS, FieldMap, read
from streams.declarations.model import DeclarationVersion
from streams.lifecycle.identity import Desk
from streams.lifecycle.life import LifeVersion
from streams.message_files import FileMessage, read_paths, read_stream
from streams.patterns.contract import PatternAdvice
from streams.patterns.detectors import detector_set
from streams.patterns.memory import Ledger
from streams.patterns.statistics import StatisticsInMemory
from streams.settings import Settings
from streams.watchlists.index import WatchlistIndex
from streams.watchlists.readers import read_list

Lists = Annotated[list[Path] | None, typer.Option("--list", help="Watchlist file; may be given often.")]
InputFormat = Annotated[str, typer.Option(help=f"Input format: auto, {', '.join(FORMATS)}.")]
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


class Screener:
    """Screens messages one by one and remembers what it was told and answered, as the stream's states do.

    An event that finds no declaration waits for one: its line, and those after it, come when it has been taken up, or at
    the end as a dead letter.
    """

    def __init__(
        self,
        settings: Settings,
        index: WatchlistIndex,
        rulebook: Rulebook,
        field_map: FieldMap | None,
        format: str,
        heard: Callable[[Verdict], object] | None = None,
        statistics: StatisticsInMemory | None = None,
    ) -> None:
        """`heard` is told every verdict as it is made, also those that a line leaves out. `statistics` tell of the time before
        the messages."""
        self._settings, self._index, self._rulebook, self._heard = settings, index, rulebook, heard
        watch = detector_set(
            rulebook.high_priority,
            rulebook.atlas,
            rulebook.registry,
            rulebook.watched,
            rulebook.rates,
            lambda version: list_findings(version, index, rulebook),
        )
        self._assessors = Assessors(self._assess, watch if settings.patterns == "on" else None)
        self._ledger = Ledger(watch.book, past=statistics.past) if statistics else Ledger(watch.book)
        self._field_map, self._format = field_map, format
        self.histories: OrderedDict[str, bytes] = OrderedDict()
        """declarationKey -> its state, the one that was spoken of last at the end"""
        self._ends = life_ends(settings)
        self._desk: Desk[int] = Desk()
        self._waiting: dict[int, tuple[FileMessage, Source]] = {}
        self._lines: dict[int, bytes | DeadLetter] = {}
        self._clock, self._count = 0.0, 0
        self._taken = 0
        self._given = 0

    def take(self, message: FileMessage, received: datetime) -> Iterator[bytes | DeadLetter]:
        """The lines that are complete now: verdicts and facts as JSON, or dead letters, in order of the messages."""
        number, self._taken = self._taken, self._taken + 1
        source = Source(
            topic=message.file, partition=0, offset=message.number, timestamp=int(received.timestamp() * 1000)
        )
        try:
            said = read(
                message.data,
                format=self._format,
                received=received,
                max_bytes=self._settings.max_declaration_bytes,
                field_map=self._field_map,
            )
            match said:
                case Ignored():
                    self._lines[number] = msgspec.json.encode({"ignored": said.kind})
                case Event():
                    self._waiting[number] = (message, source)
                    self._route(self._desk.seek(said, number))
                case Original():
                    self._lines[number] = self._version(said.version, said.source, source)
                    self._route(self._desk.claim(said.version))
                case DeclarationVersion():
                    self._lines[number] = self._version(said, None, source)
        except Unscreenable as error:
            self._lines[number] = dead_letter(message.data, error, source, "intake", __version__)
        yield from self._complete()

    @property
    def corridors(self) -> Mapping[str, bytes | None]:
        """Key of the record in customs.alerts -> the alert of a corridor as it stands; None where it was withdrawn."""
        return self._ledger.alerts

    def waiting(self) -> list[tuple[Event, int]]:
        """Events that have found no declaration so far, each with the number of its message, from 0."""
        return self._desk.waiting()

    def end(self) -> Iterator[bytes | DeadLetter]:
        """The lines still held back: what waits for a declaration will not find it any more."""
        for number, (message, source) in self._waiting.items():
            error = Unscreenable("BASE_MISSING", "its declaration is not among the messages")
            self._lines[number] = dead_letter(message.data, error, source, "identity", __version__)
        self._waiting.clear()
        yield from self._complete()

    def _complete(self) -> Iterator[bytes | DeadLetter]:
        while self._given in self._lines:
            yield self._lines.pop(self._given)
            self._given += 1

    def _version(self, version: DeclarationVersion, document: Tree | None, source: Source) -> bytes:
        key = version.envelope.declaration_key
        where = self._where(version.envelope.event_date_time, source)
        known = decode_record(self.histories.get(key))
        step = declaration_record.add_version(known, version, document, where, self._assessors)
        made = self._settled(key, step, where)
        number = version.envelope.version_number
        return made.get(number) or next(
            answer.json() for answer in step.case.answers if answer.number == number
        )

    def _route(self, found: Iterable[tuple[str, Event, int]]) -> None:
        for key, event, number in found:
            message, source = self._waiting.pop(number)
            try:
                self._lines[number] = self._event(key, event, source)
            except Unscreenable as error:
                self._lines[number] = dead_letter(message.data, error, source, "screening", __version__)

    def _event(self, key: str, event: Event, source: Source) -> bytes:
        """The newest verdict that it made or changed, else what it says."""
        where = self._where(event.at, source)
        known = decode_record(self.histories.get(key))
        step = declaration_record.add_event(known, event, where, self._assessors)
        made = self._settled(key, step, where)
        if problem := dict(step.life.unusable).get(event.id):
            raise Unscreenable("SCHEMA_VIOLATION", problem)
        if made:
            return made[max(made)]
        fact = {
            "declarationKey": key,
            "kind": event.kind,
            "at": event.at,
            "sourceMessageType": event.source_message_type,
            "declarationStatus": step.life.summary.status,
        }
        return msgspec.json.encode({"event": fact})

    def _settled(self, key: str, step: CaseUpdate, where: RecordPosition) -> dict[int, bytes]:
        """Asks the detectors and keeps the state that it all leads to; version number -> verdict made anew."""
        made = {answer.number: answer.json() for answer in step.answers} if step.grown else {}
        answers = self._ledger.observe(step.observations if step.grown else ())
        if answers:
            step = declaration_record.add_answers(step.case, answers, where, self._assessors)
            made |= {one.number: one.json() for one in step.answers if step.grown}
        self.histories[key] = encode_record(step.case)
        self.histories.move_to_end(key)
        while self.histories and self._ends(next(iter(self.histories.values()))) <= where.clock:
            self.histories.popitem(last=False)
        return made

    def _where(self, at: datetime, source: Source) -> RecordPosition:
        self._clock = max(self._clock, min(at.timestamp(), source.timestamp / 1000))
        self._count += 1
        return RecordPosition(f"{source.topic}/0/{self._count}", source.timestamp / 1000, self._clock)

    def _assess(self, life: LifeVersion, advice: PatternAdvice) -> Verdict:
        verdict = assess(life.version, self._index, self._rulebook, life, advice)
        if self._heard is not None:
            self._heard(verdict)
        return verdict


def screener(
    settings: Settings,
    lists: list[Path] | None,
    format: str,
    field_map: Path | None,
    heard: Callable[[Verdict], object] | None = None,
    baseline: Path | None = None,
    registry: Path | None = None,
    exchange_rates: Path | None = None,
) -> Screener:
    """One by the rules of this installation and the lists named.

    Raises UsageError, SettingsError and ValueError with one clear line.
    """
    if format not in ("auto", *FORMATS):
        fail(f"--format {format}: known are auto, {', '.join(FORMATS)}")
    if not lists:
        note("no --list given: parties are not screened, rule R01 is NOT_EVALUABLE")
    maps = load_maps(settings, field_map)
    if format == "mapped" and maps is None:
        fail("--format mapped needs --field-map FILE")
    index = WatchlistIndex.build([read_list(path) for path in lists or []], threshold=settings.name_threshold)
    statistics = read_baseline_file(baseline) if baseline else None
    return Screener(
        settings, index, load_rulebook(settings, registry, exchange_rates), maps, format, heard, statistics
    )


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
    screening = screener(
        Settings.from_env(),
        lists,
        format,
        field_map,
        baseline=baseline,
        registry=registry,
        exchange_rates=exchange_rates,
    )
    at = moment(received)
    refused = 0
    taken = (line for message in messages(declarations, format) for line in screening.take(message, at))
    for answer in chain(taken, screening.end()):
        if isinstance(answer, DeadLetter):
            refused += 1
            answer = msgspec.json.encode({"deadLetter": answer})
        emit_bytes(answer)
    if refused and strict:
        raise typer.Exit(EXIT_BAD_INPUT)


def moment(received: datetime | None) -> datetime:
    """The time of receipt that was given, in UTC, or now."""
    return (received or datetime.now(UTC)).replace(tzinfo=UTC)


def messages(paths: list[Path] | None, format: str) -> Iterator[FileMessage]:
    """Of files and folders, or of standard input."""
    if paths:
        return read_paths(paths, format)
    # wco-dm: one XML document
    return read_stream(cast("BufferedReader", sys.stdin.buffer), "stdin", whole=format == "wco-dm")
