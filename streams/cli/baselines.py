"""`torugart baselines`: trade statistics into a compact file that tells a new installation what is usual."""

import gzip
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from streams.baselines.codes import EDITION, tracked
from streams.baselines.file import write_baseline
from streams.baselines.readers import Flow, StatisticsFile
from streams.baselines.trade import Trade
from streams.cli.common import emit, fail, note
from streams.destinations.corridors import month_text

SHOWN_REASONS = 5
PROGRESS_ROWS = 100_000

app = typer.Typer(no_args_is_help=True, help="What corridors carried before, from trade statistics.")


@app.callback()
def root() -> None:
    """What corridors carried before, from trade statistics."""


@app.command("load")
def load(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Eurostat Comext, UN Comtrade or plain CSV, gzipped or not."),
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="BASELINE", help="The file to write (JSON Lines, gzipped).")
    ],
    controls: Annotated[
        str, typer.Option("--controls", metavar="NAME|all", help="Control list whose goods are watched.")
    ] = "chpl",
    flow: Annotated[
        str,
        typer.Option("--flow", metavar="export|import", help="Which side reports: exporters or importers."),
    ] = "export",
) -> None:
    """Reads trade statistics into a baseline file: value and mass by month for every watched corridor."""
    if flow not in ("export", "import"):
        fail(f"--flow is export or import, not {flow!r}")
    table, titles = read_statistics(files, controls, "export" if flow == "export" else "import")
    corridors = -1  # the header
    try:
        with out.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
            for line in write_baseline(table, " and ".join(titles), flow, EDITION):
                packed.write(line)
                corridors += 1
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror or error}")
    emit(
        {
            "baseline": str(out),
            "corridors": corridors,
            "first": month_text(table.first),
            "last": month_text(table.last),
            "controls": table.tracked.name,
            "bytes": out.stat().st_size,
        }
    )


def read_statistics(paths: list[Path], controls: str, flow: Flow = "export") -> tuple[Trade, list[str]]:
    """Reads statistics files into one table, with the titles of their publishers; remarks on what was left out go to
    stderr."""
    table = Trade(tracked(controls))
    titles: dict[str, None] = {}
    for path in paths:
        with _lines(path) as lines:
            try:
                file = StatisticsFile(_shown(lines, path), str(path), flow)
                titles[file.source.title] = None
                table.add(file.rows())
            except UnicodeDecodeError:
                fail(f"{path} is not UTF-8 text")
            except (EOFError, gzip.BadGzipFile) as error:
                fail(f"{path} is a damaged gzip file: {error}")
        for reason, count in file.left_out.most_common(SHOWN_REASONS):
            note(f"{path}: {count} lines left out: {reason}")
    if table.empty:
        fail("the trade statistics have no line that can be used")
    return table, list(titles)


@contextmanager
def _lines(path: Path) -> Iterator[Iterator[str]]:
    try:
        raw = path.open("rb")
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror or error}")
    with raw:
        packed = raw.peek(2)[:2] == b"\x1f\x8b"
        data = gzip.GzipFile(fileobj=raw) if packed else raw
        with io.TextIOWrapper(data, encoding="utf-8-sig", newline="") as text:
            yield text


def _shown(lines: Iterator[str], path: Path) -> Iterator[str]:
    """The lines, with progress on a terminal."""
    terminal = sys.stderr.isatty()
    for number, line in enumerate(lines):
        if terminal and number % PROGRESS_ROWS == 0:
            print(f"\rtorugart: {path.name}: {number:,} lines", end="", file=sys.stderr)
        yield line
    if terminal:
        print(file=sys.stderr)
