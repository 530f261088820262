"""`torugart baselines`: trade statistics that tell a new installation what is usual, to the stream or as a compact file."""

import codecs
import gzip
import hashlib
import io
import math
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from streams.baseline_publisher import publish_baseline
from streams.baselines.codes import EDITION, tracked
from streams.baselines.edition import statistics_of
from streams.baselines.file import read_header, write_baseline
from streams.baselines.readers import Flow, StatisticsFile
from streams.baselines.trade import Trade
from streams.cli.common import emit, fail, note
from streams.corridors.months import month_of, parse_month
from streams.corridors.settings import settings
from streams.declarations.unpacking import Unpackable, bounded_lines
from streams.patterns.statistics import StatisticsInMemory
from streams.settings import Settings
from streams.text import listed, quote, visible

SHOWN_NAMES, SHOWN_UNKNOWN, SHOWN_NAME = 5, 20, 60
"""Names and their letters in a remark on what was left out; more of those that nobody knows."""
PROGRESS_ROWS = 100_000

app = typer.Typer(no_args_is_help=True, help="What corridors carried before, from trade statistics.")


@app.callback()
def root() -> None:
    """What corridors carried before, from trade statistics."""


@app.command("load")
def load(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Eurostat Comext, UN Comtrade or plain CSV, gzipped or not; or one baseline.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="BASELINE", help="Write a baseline file instead (JSON Lines, gzipped)."
        ),
    ] = None,
    controls: Annotated[
        str, typer.Option("--controls", metavar="NAME,...|all", help="Control lists whose goods are watched.")
    ] = "chpl",
    flow: Annotated[
        str,
        typer.Option("--flow", metavar="export|import", help="Which side reports: exporters or importers."),
    ] = "export",
    source: Annotated[
        str, typer.Option("--source", metavar="TEXT", help="Publisher, where the files do not show it.")
    ] = "",
    rate: Annotated[
        float,
        typer.Option(
            "--rate",
            metavar="R",
            help="No longer needed: amounts are compared in euro. Files made with it are still read right.",
        ),
    ] = 1.0,
) -> None:
    """Tells the stream what corridors carried before it began: value and mass by month for every watched corridor, in place
    of what was loaded before."""
    if flow not in ("export", "import"):
        fail(f"--flow is export or import, not {flow!r}")
    if not 0 < rate < math.inf:
        fail(f"--rate {rate} is no rate of exchange")
    lines = _baseline(files[0]) if len(files) == 1 else None
    if lines is None:
        _once(files)
        table, titles = read_statistics(files, controls, "export" if flow == "export" else "import")
        lines = list(write_baseline(table, source or " and ".join(titles), flow, EDITION, rate))
    elif rate != 1 or source:
        fail(f"{files[0]} is a baseline: give --rate and --source when it is made")
    header = read_header(lines[0])
    if out is None:
        publish_baseline(Settings.from_env(), lines)
        _warn(header.last)
        told: dict[str, object] = {"published": True}
    else:
        told = {"baseline": str(out), "bytes": _write(out, lines)}
    emit(
        told
        | {
            "corridors": len(lines) - 1,
            "first": header.first,
            "last": header.last,
            "controls": header.controls,
        }
    )


def _warn(last: str) -> None:
    """Of statistics that end long ago; for a stream of old declarations they may be right."""
    now, gap = datetime.now(UTC).date(), settings().statistics.gap_months
    if month_of(now) - parse_month(last) > gap:
        note(
            f"the statistics end with {last}: a stream that begins now, more than {gap} months later, does not use them"
        )


def _write(out: Path, lines: list[bytes]) -> int:
    """Bytes written."""
    try:
        with out.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
            packed.writelines(lines)
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror or error}")
    return out.stat().st_size


def _once(files: list[Path]) -> None:
    """A file given twice would count twice."""
    seen: dict[bytes, Path] = {}
    for path in files if len(files) > 1 else ():
        try:
            with path.open("rb") as data:
                digest = hashlib.file_digest(data, "sha256").digest()
        except OSError as error:
            fail(f"{path} cannot be read: {error.strerror or error}")
        if digest in seen:
            fail(f"{path} is the same file as {seen[digest]}: its trade would count twice")
        seen[digest] = path


def _baseline(path: Path) -> list[bytes] | None:
    """The lines of a baseline file; None for any other."""
    with _lines(path) as lines:
        first = next(lines, "")
        return [line.encode() for line in (first, *lines)] if first.startswith("{") else None


def read_baseline_file(path: Path) -> StatisticsInMemory:
    """The statistics of a baseline file. Raises BaselineError for one that is none."""
    lines = _baseline(path)
    if lines is None:
        fail(
            f"{path} is no baseline; `torugart baselines load FILE --out BASELINE` makes one of trade statistics"
        )
    return statistics_of(lines)


def read_statistics(paths: list[Path], controls: str, flow: Flow = "export") -> tuple[Trade, list[str]]:
    """Reads statistics files into one table, with the titles of their publishers; remarks on what was left out go to
    stderr."""
    table = Trade(tracked(controls))
    titles: dict[str, None] = {}
    for path in paths:
        with _lines(path, WESTERN) as lines:
            file = StatisticsFile(_shown(lines, path), str(path), flow)
            titles[file.source.title] = None
            table.add(file.rows())
        remarks = list(_remarks(file))
        if not file.used:
            fail(f"{path} has no line that can be used: {'; '.join(remarks) or 'none is below the header'}")
        for remark in remarks:
            note(f"{path}: {remark}")
    return table, list(titles)


def _remarks(file: StatisticsFile) -> Iterator[str]:
    """What of a file was not used or not as it stands, most lines first."""
    for reason, count in file.left_out.lines.most_common():
        names = file.left_out.names.get(reason, Counter())
        most = SHOWN_UNKNOWN if reason == "no country known here" else SHOWN_NAMES
        named = listed([quote(name, SHOWN_NAME) for name, _ in names.most_common()], most)
        yield f"{count} lines left out: {reason}" + (f": {named}" if named else "")
    for columns, count in file.summed.items():
        yield f"{count} figures are sums of their parts by {columns}: the file has no line for the whole"


WESTERN = "torugart-western"
"""Error handler that reads what is no UTF-8 as Windows-1252, in which older programs save names such as Türkei."""


def _western(error: UnicodeError) -> tuple[str, int]:
    """Raises UnicodeError for a byte that Windows-1252 does not have either."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return bytes(error.object[error.start : error.start + 1]).decode("cp1252"), error.start + 1


codecs.register_error(WESTERN, _western)


@contextmanager
def _lines(path: Path, errors: str = "strict") -> Iterator[Iterator[str]]:
    """The text of a file, gzipped or not; UTF-16 by its byte order mark or the zeros of its first letters. Ends the command
    where the file cannot be read."""
    try:
        raw = path.open("rb")
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror or error}")
    with raw:
        packed = raw.peek(2)[:2] == b"\x1f\x8b"
        data = io.BufferedReader(gzip.GzipFile(fileobj=raw)) if packed else raw
        try:
            with io.TextIOWrapper(data, encoding=_encoding(data), errors=errors, newline="") as text:
                yield bounded_lines(text, str(path))
        except UnicodeError:
            others = " nor UTF-16 nor Windows-1252" if errors == WESTERN else ""
            fail(f"{path} is {'neither' if others else 'not'} UTF-8{others} text")
        except Unpackable as error:
            fail(str(error))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            fail(f"{path} is a damaged gzip file: {error}")


def _encoding(data: "io.BufferedReader[Any]") -> str:
    try:
        start = data.peek(4)[:4]
    except (EOFError, gzip.BadGzipFile, zlib.error):
        start = b""  # told by who reads on
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    zeros = start[1:4:2], start[0:4:2]
    if len(start) == 4 and b"\0\0" in zeros:
        return "utf-16-le" if zeros[0] == b"\0\0" else "utf-16-be"
    return "utf-8-sig"


def _shown(lines: Iterator[str], path: Path) -> Iterator[str]:
    """The lines, with progress on a terminal."""
    terminal = sys.stderr.isatty()
    for number, line in enumerate(lines):
        if terminal and number % PROGRESS_ROWS == 0:
            print(f"\rtorugart: {visible(path.name)}: {number:,} lines", end="", file=sys.stderr)
        yield line
    if terminal:
        print(file=sys.stderr)
