"""`torugart screen`: the same core as the stream, over files or standard input."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from streams import __version__
from streams.assessment import history
from streams.assessment.screening import Rulebook
from streams.assessment.screening import screen as assess
from streams.cli.common import EXIT_BAD_INPUT, emit_bytes, fail, note
from streams.cli.worker import load_maps, load_rulebook
from streams.declarations import canonical
from streams.declarations.adapters import FORMATS, FieldMap, read
from streams.declarations.dead_letter import DeadLetter, Source, dead_letter
from streams.declarations.errors import Unscreenable
from streams.message_files import FileMessage, read_lines, read_paths
from streams.settings import Settings
from streams.watchlists.hits import WatchlistIndex
from streams.watchlists.readers import read_list


class Screener:
    """Screens messages one by one and remembers what it answered, as the stream's state does."""

    def __init__(
        self,
        settings: Settings,
        index: WatchlistIndex,
        rulebook: Rulebook,
        field_map: FieldMap | None,
        format: str,
    ) -> None:
        self._settings, self._index, self._rulebook = settings, index, rulebook
        self._field_map, self._format = field_map, format
        self._histories: dict[str, bytes] = {}

    def answer(self, message: FileMessage, received: datetime) -> bytes | DeadLetter:
        """The verdict's JSON, or the dead letter."""
        source = Source(
            topic=message.file, partition=0, offset=message.number, timestamp=int(received.timestamp() * 1000)
        )
        try:
            version = read(
                message.data,
                format=self._format,
                received=received,
                max_bytes=self._settings.max_declaration_bytes,
                field_map=self._field_map,
            )
            key = version.envelope.declaration_key
            step = history.answer(
                history.decode(self._histories.get(key)),
                version.envelope.version_number,
                version.envelope.payload_hash or canonical.payload_hash(version),
                source.id,
                lambda: assess(version, self._index, self._rulebook),
            )
        except Unscreenable as error:
            return dead_letter(message.data, error, source, "intake", __version__)
        self._histories[key] = history.encode(step.history)
        return step.verdict


def screen(
    lists: Annotated[
        list[Path] | None, typer.Option("--list", help="Watchlist file; may be given often.")
    ] = None,
    declarations: Annotated[
        list[Path] | None, typer.Option(help="File or folder; standard input without one.", exists=True)
    ] = None,
    format: Annotated[str, typer.Option(help=f"Input format: auto, {', '.join(FORMATS)}.")] = "auto",
    field_map: Annotated[
        Path | None, typer.Option(help="Field map of the format `mapped`.", exists=True)
    ] = None,
    received: Annotated[
        datetime | None,
        typer.Option(help="UTC time of receipt, for messages that carry no time; default now."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 2 where there was a dead letter.")] = False,
) -> None:
    """Screen declarations without Kafka: a verdict, or {"deadLetter": ...}, a line, in order."""
    if format not in ("auto", *FORMATS):
        fail(f"--format {format}: known are auto, {', '.join(FORMATS)}")
    if not lists:
        note("no --list given: parties are not screened, rule R01 is NOT_EVALUABLE")
    settings = Settings.from_env()
    maps = load_maps(settings, field_map)
    if format == "mapped" and maps is None:
        fail("--format mapped needs --field-map FILE")
    screener = Screener(
        settings,
        WatchlistIndex.build([read_list(path) for path in lists or []], threshold=settings.name_threshold),
        load_rulebook(settings),
        maps,
        format,
    )
    messages = read_paths(declarations, format) if declarations else _standard_input(format)
    at = (received or datetime.now(UTC)).replace(tzinfo=UTC)
    refused = 0
    for message in messages:
        answer = screener.answer(message, at)
        if isinstance(answer, DeadLetter):
            refused += 1
            answer = msgspec.json.encode({"deadLetter": answer})
        emit_bytes(answer)
    if refused and strict:
        raise typer.Exit(EXIT_BAD_INPUT)


def _standard_input(format: str) -> Iterator[FileMessage]:
    if format == "wco-dm":  # one XML document
        return iter((FileMessage("stdin", 1, sys.stdin.buffer.read()),))
    return read_lines(sys.stdin.buffer, "stdin")
