"""`torugart publish`: files of any adapter to the declarations topic."""

import sys
import time
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from msgspec import Struct
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from streams.cli.common import emit, fail
from streams.declarations.formats.adapters import FORMATS
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
    format: Annotated[str | None, typer.Option(help=f"Format header: one of {', '.join(FORMATS)}.")] = None,
    rate: Annotated[
        float, typer.Option(help="At most so many messages a second; 0: as fast as it goes.", min=0)
    ] = 0,
) -> None:
    """Publish declarations. Prints how many were sent; progress on a terminal."""
    if format is not None and format not in FORMATS:
        fail(f"--format {format}: known are {', '.join(FORMATS)}")
    settings = Settings.from_env()
    headers = [("format", format.encode())] if format else []
    started, sent = time.monotonic(), 0
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
        for sent, message in enumerate(read_paths(paths, format or "auto"), 1):
            kafka.send(
                settings.topic(topics.DECLARATIONS.name),
                message.data,
                message_key(message.data),
                headers=headers,
            )
            if sent % 100 == 0:
                progress.update(
                    task, description=f"{sent} sent, {sent / (time.monotonic() - started):.0f} a second"
                )
            if rate:
                time.sleep(max(0.0, sent / rate - (time.monotonic() - started)))
        kafka.settle()
    emit({"sent": sent, "seconds": round(time.monotonic() - started, 3)})
