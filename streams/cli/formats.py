"""`torugart formats list|try|new` and `torugart convert`: the formats that are read, a table tried, one to start from."""

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from streams.cli.common import counted, emit, emit_bytes, fail, note, note_passed_over, say
from streams.cli.screen import FieldMapFile, InputFormat, messages
from streams.cli.worker import load_formats
from streams.declarations import canonical
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, Ignored, Message, Original
from streams.declarations.formats.adapters import CODED, MAPPED, Formats, load_field_map, read_all
from streams.declarations.formats.draft import draft
from streams.declarations.formats.mapped.reader import FieldMap
from streams.declarations.formats.mapped.taken import paths
from streams.declarations.model import DeclarationVersion
from streams.declarations.unpacking import MAX_LINE
from streams.settings import Settings
from streams.text import Block

app = typer.Typer(
    help="The formats of declarations that are read, and tables of your own.", no_args_is_help=True
)

MAX_LEFT = 200
"""Paths of what was left that `try` names."""

TITLES = {
    "canonical": "JSON of the contract",
    "wco-dm": "WCO Data Model XML, as UK CDS uses it",
    "mapped": "your own fields, by a map (--field-map, TORUGART_FIELD_MAP)",
}


@app.command("list")
def list_() -> None:
    """One line for each format: its name, what it is, and whose."""
    formats = load_formats(Settings.from_env())
    for name in CODED:
        if name != MAPPED or formats.field_map is not None:
            emit({"format": name, "title": TITLES[name], "from": "program"})
    for table in formats.tables:
        emit(
            {
                "format": table.name,
                "title": table.about.get("title", ""),
                "reads": table.reads,
                "from": "TORUGART_FORMATS" if table in formats.own else "program",
                "asOf": table.about.get("as_of", ""),
            }
        )


@app.command("try")
def try_(
    file: Annotated[Path, typer.Argument(help="A message, or a file of several.", exists=True)],
    table: Annotated[
        Path | None, typer.Option(help="The table to try; without one those that are known.", exists=True)
    ] = None,
    format: InputFormat = "auto",
) -> None:
    """What a table makes of messages, a line each: what was taken (the canonical form), what was left, what could not be read."""
    settings = Settings.from_env()
    tried = (
        load_field_map(table, table.parent.name if table.name == "format.toml" else table.stem)
        if table
        else None
    )
    formats = load_formats(settings)
    if table is not None:
        if tried is None:
            fail(f"{table} maps nothing")
        formats, format = formats._replace(field_map=tried), MAPPED
    for message in messages([file], format):
        for said in _said(message.data, format, formats, settings):
            emit_bytes(msgspec.json.encode(_told(said, formats, tried)))


@app.command()
def new(
    file: Annotated[Path, typer.Argument(help="A message of yours: JSON, XML or CSV.", exists=True)],
) -> None:
    """Print a table to start from: the places in a message, each beside the field that its name suggests."""
    for message in messages([file], "auto"):
        say(Block(draft(message.data)))
        return
    fail(f"{file} holds no message")


def convert(
    paths_: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="Files or folders; standard input without.", exists=True),
    ] = None,
    format: InputFormat = "auto",
    field_map: FieldMapFile = None,
    received: Annotated[
        datetime | None,
        typer.Option(help="UTC time of receipt, for messages that carry no time; default now."),
    ] = None,
) -> None:
    """Any format to canonical JSON, a line a version; what is no version, and what cannot be read, is told on stderr."""
    settings = Settings.from_env()
    formats = load_formats(settings, field_map)
    if format not in ("auto", *formats.names):
        fail(f"--format {format}: known are auto, {', '.join(formats.names)}")
    at = (received or datetime.now(UTC)).replace(tzinfo=UTC)
    passed: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for message in messages(paths_, format, passed.update):
        for said in _said(message.data, format, formats, settings, at):
            version = said.version if isinstance(said, Original) else said
            if isinstance(version, DeclarationVersion):
                emit_bytes(canonical.encode(version))
            else:
                other[_name(said)] += 1
                if isinstance(said, Unscreenable):
                    note(f"{message.file}:{message.number}: {said}")
    note_passed_over(passed)
    if other:
        note(f"{other.total():,} that are no versions: {counted(other)}")
    sys.stdout.flush()


def _said(
    data: bytes, format: str, formats: Formats, settings: Settings, at: datetime | None = None
) -> list[Message | Unscreenable]:
    try:
        return read_all(
            data,
            format=format,
            received=at or datetime.now(UTC),
            max_bytes=max(settings.max_declaration_bytes, MAX_LINE),
            formats=formats,
        )
    except Unscreenable as error:
        return [error]


def _name(said: Message | Unscreenable) -> str:
    match said:
        case Unscreenable():
            return said.reason
        case Event():
            return said.source_message_type
        case Ignored():
            return said.kind
    return "version"


def _told(said: Message | Unscreenable, formats: Formats, tried: FieldMap | None) -> dict[str, Any]:
    """A line of `try`."""
    match said:
        case Unscreenable():
            return {"refused": {"reason": said.reason, "detail": said.detail}}
        case Ignored():
            return {"ignored": said.kind}
        case Event():
            return {
                "event": {
                    "kind": said.kind,
                    "message": said.source_message_type,
                    "at": said.at.isoformat(),
                    "LRN": said.LRN,
                    "MRN": said.MRN,
                    "sourceSystem": said.source_system,
                    "wholeDeclaration": said.delta is not None,
                }
            }
    version = said.version if isinstance(said, Original) else said
    kept = version.declaration.national_extensions or {}
    name = version.envelope.source_message_type
    left = kept.get(name or "") or next((kept[one.name] for one in formats.tables if one.name in kept), None)
    if tried is not None:
        left = kept.get(tried.name)
    found = Counter(path for path, _ in paths(left)) if left is not None else Counter[str]()
    return {
        "taken": version,
        "left": dict(found.most_common(MAX_LEFT)),
        "unreadable": version.unreadable,
        "repaired": version.repaired,
    }
