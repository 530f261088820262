"""`torugart backtest`: a recorded stream under two rulesets, side by side."""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from streams.assessment.ruleset import load_ruleset
from streams.backtest.comparison import Comparison
from streams.backtest.report import Totals, lines
from streams.cases.alerts import decode_verdict
from streams.cli.backtest_text import show
from streams.cli.common import emit_bytes, fail, note
from streams.cli.screen import (
    BaselineFile,
    FieldMapFile,
    InputFormat,
    Lists,
    RatesFile,
    Received,
    RegistryFile,
    messages,
    moment,
    screening_of,
)
from streams.declarations.dead_letter import DeadLetter
from streams.declarations.labels import Label, read_labels
from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.message_files import FileMessage, read_paths
from streams.settings import Settings

MOMENTS = ["%Y-%m-%d", "%Y-%m", "%Y-%m-%dT%H:%M:%S"]
SHOWN_EVERY = 500


NO_VERDICT = {"event", "ignored", "deadLetter"}
"""What a line of `torugart screen` holds where it has no verdict."""

_decode_parts = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def backtest(
    after: Annotated[Path, typer.Option(help="Ruleset to be tried.", metavar="RULESET", exists=True)],
    before: Annotated[
        Path | None,
        typer.Option(
            help="Ruleset it is held against; without one that of TORUGART_RULESET, or the bundled one.",
            metavar="RULESET",
            exists=True,
        ),
    ] = None,
    declarations: Annotated[
        list[Path] | None,
        typer.Option(
            help="Declarations in order of time, a file or folder, gzipped or not; standard input without one.",
            exists=True,
        ),
    ] = None,
    verdicts: Annotated[
        list[Path] | None,
        typer.Option(
            help="Instead of declarations: what `torugart screen` wrote of them, or values of customs.verdicts.",
            exists=True,
        ),
    ] = None,
    topic: Annotated[
        bool, typer.Option("--topic", help="Instead of declarations: all that customs.verdicts holds.")
    ] = False,
    lists: Lists = None,
    labels: Annotated[
        Path | None,
        typer.Option(help="Known bad cases: JSON lines of declarationKey, typology, case.", exists=True),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            formats=MOMENTS,
            metavar="DATE",
            help="Only declarations lodged from then on (UTC) are judged; those before are a past to learn from.",
        ),
    ] = None,
    format: InputFormat = "auto",
    field_map: FieldMapFile = None,
    baseline: BaselineFile = None,
    registry: RegistryFile = None,
    exchange_rates: RatesFile = None,
    received: Received = None,
    text: Annotated[bool, typer.Option("--text", help="Tables to be read, instead of JSON lines.")] = False,
) -> None:
    """Compare two rulesets on a recorded stream: alerts gained and lost, by rule and lane, precision and recall by labels."""
    screens = (
        declarations
        or lists
        or field_map
        or baseline
        or registry
        or exchange_rates
        or received
        or format != "auto"
    )
    if (verdicts or topic) and (screens or (verdicts and topic)):
        fail(
            "--verdicts and --topic each take the place of --declarations and of what it is screened with: --list, --format, "
            "--field-map, --baseline, --registry, --exchange-rates, --received"
        )
    settings = Settings.from_env()
    rules = load_ruleset(before or (Path(settings.ruleset) if settings.ruleset else None))
    known = _labels(labels) if labels else None
    comparison = Comparison(rules, load_ruleset(after), since.replace(tzinfo=UTC) if since else None)
    if topic:
        name = settings.topic(topics.VERDICTS.name)
        records = kafka_clients.read_to_end(settings, name)
        unread = _weigh(
            (FileMessage(name, one.offset, one.value) for one in records if one.value), comparison
        )
    elif verdicts:
        unread = _weigh(read_paths(verdicts), comparison)
    else:
        screening = screening_of(
            settings, lists, format, field_map, comparison.add, baseline, registry, exchange_rates
        )
        at = moment(received)
        unread = 0
        for message in _shown(messages(declarations, format)):
            unread += _dead(screening.take(message, at))
        unread += _dead(screening.end())
    report = comparison.report(known, unread)
    _remark(report.totals)
    if text:
        show(report)
        return
    for line in lines(report):
        emit_bytes(line)


def _remark(totals: Totals) -> None:
    """What a reader of the figures must know, on stderr."""
    if totals.rulesets.before == totals.rulesets.after:
        note("the two rulesets are the same")
    if not totals.declarations:
        note("no declaration was judged")
    if totals.unread:
        note(f"{totals.unread} messages could not be screened and are not judged; `torugart screen` says why")
    if totals.labelled is not None and totals.labelled.elsewhere:
        note(f"{totals.labelled.elsewhere} labels are of declarations that are not judged")


def _labels(path: Path) -> dict[str, Label]:
    return read_labels((message.data for message in read_paths([path])), str(path))


def _dead(answers: Iterable[bytes | DeadLetter]) -> int:
    return sum(isinstance(answer, DeadLetter) for answer in answers)


def _weigh(messages: Iterable[FileMessage], comparison: Comparison) -> int:
    """Takes recorded verdicts up; how many dead letters stood among them."""
    unread = 0
    for message in _shown(messages):
        try:
            verdict = decode_verdict(message.data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            parts = _parts(message.data)
            if parts.isdisjoint(NO_VERDICT):
                fail(
                    f"{message.file}, line {message.number}: no verdict, nor what `torugart screen` writes: {error}"
                )
            unread += "deadLetter" in parts
            continue
        if verdict.event_date_time.tzinfo is None:
            fail(f"{message.file}, line {message.number}: the verdict's eventDateTime names no time zone")
        comparison.add(verdict)
    return unread


def _parts(data: bytes) -> set[str]:
    try:
        return set(_decode_parts(data))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return set()


def _shown(messages: Iterable[FileMessage]) -> Iterator[FileMessage]:
    """The messages, with progress on a terminal."""
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as progress:
        task = progress.add_task("reading")
        for number, message in enumerate(messages, 1):
            yield message
            if number % SHOWN_EVERY == 0:
                progress.update(task, description=f"{number:,} messages")
