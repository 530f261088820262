"""`torugart publish`: files of any adapter to the declarations topic."""

import sys
import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from msgspec import Struct
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from streams.cli.common import emit, fail, note_passed_over
from streams.cli.worker import load_formats
from streams.declarations.formats.adapters import CODED, split
from streams.declarations.unpacking import MAX_LINE
from streams.kafka import topics
from streams.kafka.sending import sending
from streams.message_files import read_paths
from streams.settings import Settings


class _Envelope(Struct, rename="camel"):
    declaration_key: str | None = None


class _Peek(Struct):
    envelope: _Envelope | None = None


_peek = msgspec.json.Decoder(_Peek).decode


def message_key(data: bytes) -> bytes | None:
    """The declarationKey of a canonical message, so that versions of one declaration stay in order; else None."""
    try:
        envelope = _peek(data).envelope
    except (msgspec.DecodeError, RecursionError):
        return None
    return envelope.declaration_key.encode() if envelope and envelope.declaration_key else None


def publish(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.", exists=True)],
    format: Annotated[
        str | None,
        typer.Option(
            help=f"Format header: {', '.join(CODED)}, or one of `torugart formats list`; none is needed."
        ),
    ] = None,
    rate: Annotated[
        float, typer.Option(help="At most so many messages a second; 0: as fast as it goes.", min=0)
    ] = 0,
) -> None:
    """Publish declarations, each of a table or an array as a message of its own. Prints how many were sent; progress on a
    terminal."""
    settings = Settings.from_env()
    formats = load_formats(settings)
    if format is not None and format not in formats.names:
        fail(f"--format {format}: known are {', '.join(formats.names)}")
    headers = [("format", format.encode())] if format else []
    started, sent = time.monotonic(), 0
    passed: Counter[str] = Counter()
    console = Console(stderr=True)
    with (
        sending(settings) as kafka,
        Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            console=console,
            disable=not sys.stderr.isatty(),
        ) as progress,
    ):
        task = progress.add_task("publishing")
        single = (
            part
            for message in read_paths(paths, format or "auto", passed.update)
            for part in split(message.data, format=format or "auto", max_bytes=MAX_LINE, formats=formats)
        )
        for sent, data in enumerate(single, 1):
            kafka.send(
                settings.topic(topics.DECLARATIONS.name),
                data,
                message_key(data),
                headers=headers,
            )
            if sent % 100 == 0:
                progress.update(
                    task, description=f"{sent} sent, {sent / (time.monotonic() - started):.0f} a second"
                )
            if rate:
                time.sleep(max(0.0, sent / rate - (time.monotonic() - started)))
        kafka.settle()
    note_passed_over(passed)
    emit({"sent": sent, "seconds": round(time.monotonic() - started, 3)})
