"""`torugart bench`: how fast the stream is, as a ratio to a stock Faust agent in the same run; how well and how fast names
are found, beside rapidfuzz in the same run."""

import csv
import os
import platform
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import typer
from msgspec import Struct
from msgspec.structs import replace

from streams import __version__
from streams.agents.watchlists import build_index
from streams.bench.names import clean as names_clean
from streams.bench.names import fit as names_fit
from streams.bench.names import measure as names_bench
from streams.bench.stages import stage_times
from streams.bench.stream import Figures, measure
from streams.bench.traffic import MIXES, messages
from streams.cli.common import fail, note, say
from streams.cli.list_files import read_and_say
from streams.cli.screen import engine
from streams.cli.worker import load_rulebook
from streams.names import DEFAULT_THRESHOLD
from streams.settings import Settings

app = typer.Typer(help="Measure in pairs, against a named baseline in the same run.", no_args_is_help=True)

STAGE_SAMPLE = 2_000


@app.callback()
def bench() -> None:
    """Measure in pairs, against a named baseline in the same run."""


@app.command()
def stream(
    list_path: Annotated[Path, typer.Option("--list", help="Watchlist to screen against.", exists=True)],
    mix: Annotated[
        Literal["trade", "parcels", "harsh", "all"], typer.Option(help="What is declared.")
    ] = "all",
    detectors: Annotated[
        Literal["on", "off", "both"], typer.Option(help="Whether trade is remembered.")
    ] = "on",
    fence: Annotated[
        Literal["auto", "on", "off"], typer.Option(help="Whether the worker sends in transactions.")
    ] = "auto",
    count: Annotated[int, typer.Option(help="Declarations of each mix.", min=20)] = 4_000,
    slices: Annotated[
        int,
        typer.Option(help="Parts they are published and timed in, each in turn with the stock agent.", min=1),
    ] = 4,
    seconds: Annotated[float, typer.Option(help="For each pace that latency is measured at.", min=1)] = 10.0,
    json_path: Annotated[Path | None, typer.Option("--json", help="File for the figures.")] = None,
    against: Annotated[
        Path | None, typer.Option(help="Such a file of an earlier run, to compare with.", exists=True)
    ] = None,
) -> None:
    """Screen declarations on the broker of TORUGART_BROKERS with one worker, in turn with a stock Faust agent that only
    receives and commits the same records; print rate, CPU by stage, memory, records and latency."""
    before = _read_report(against) if against is not None else None
    settings, file = replace(Settings.from_env(), fence=fence), read_and_say(list_path)
    index, rulebook = build_index([file], settings.name_threshold), load_rulebook(settings)
    about = {
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "torugart": __version__,
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "load before": f"{os.getloadavg()[0]:.1f}",
        "list": f"{file.list} {file.edition}, {len(file.entries)} entries",
        "fence": fence,
        "each": f"{count} declarations in {slices} slices, one worker, {settings.partitions} partitions; medians",
    }
    runs: list[Figures] = []
    for one in MIXES if mix == "all" else (mix,):
        for chosen in ("on", "off") if detectors == "both" else (detectors,):
            own = replace(settings, patterns=chosen)
            found = measure(own, file, one, count, slices, seconds, note)
            traffic = (value for _, value in messages(one, seed=2))
            sample = min(STAGE_SAMPLE, count // 2)
            runs.append(found.with_stages(*stage_times(engine(own, index, rulebook), index, traffic, sample)))
    report = Report(about | {"load after": f"{os.getloadavg()[0]:.1f}"}, runs)
    for what, told in report.about.items():
        say(f"{what}: {told}")
    for found in runs:
        past = before.of(found.mix, found.detectors) if before is not None else {}
        say(f"{found.mix}, detectors {found.detectors}")
        for name, value in found.values.items():
            was = past.get(name)
            say(f"  {name:<56}{value:>12,.3f}" + (f"{was:>12,.3f} before" if was is not None else ""))
    if json_path is not None:
        json_path.write_bytes(msgspec.json.format(msgspec.json.encode(report)))


class Report(Struct, frozen=True):
    """What `--json` writes and `--against` reads."""

    about: dict[str, str]
    runs: list[Figures]

    def of(self, mix: str, detectors: str) -> dict[str, float]:
        """The figures of a mix; none where it was not measured."""
        found = (run.values for run in self.runs if (run.mix, run.detectors) == (mix, detectors))
        return next(found, {})


def _read_report(path: Path) -> Report:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Report)
    except msgspec.MsgspecError as error:
        fail(f"{path} is no report of `torugart bench stream --json`: {error}")


@app.command()
def names(
    list_path: Annotated[Path, typer.Option("--list", help="Watchlist the names are of.", exists=True)],
    persons: Annotated[
        Path | None,
        typer.Option("--persons", help="CSV with a column full_name: persons on no list.", exists=True),
    ] = None,
    clean: Annotated[
        list[Path] | None,
        typer.Option(
            "--clean",
            help="Real parties on no list: a CSV with a column legal_name, full_name or name, or pci.ids; may be repeated.",
            exists=True,
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="Print each clean party that alerts.")] = False,
    held_out: Annotated[
        bool,
        typer.Option(
            "--held-out",
            help="Alter by the tables and in the ways that nothing was fitted on, the other half of the list.",
        ),
    ] = False,
    per_class: Annotated[
        int, typer.Option(help="Altered names of each class and kind of party.", min=1)
    ] = 100,
    seed: Annotated[int, typer.Option(help="Another seed makes other names.")] = 1,
) -> None:
    """Alter listed names, make near-misses and clean firms; print recall by class where 5 % and where 2 % of the near-misses
    alert and at the default threshold, the alert rates, what the index loses, and the time for a name beside rapidfuzz."""
    file = read_and_say(list_path)
    strangers = _strangers(persons)
    # As the worker builds it, out of the garbage collector's rounds.
    index = build_index([file], None).names
    made = names_bench.material(
        file.entries,
        strangers,
        held_out=held_out,
        per_class=per_class,
        seed=seed,
        share=lambda number: number % 2 == int(held_out),
    )
    note(f"{len(made.altered)} altered names, {len(made.near)} near-misses, {len(made.clean)} strangers")
    say(f"list {file.list} {file.edition}: {len(file.entries)} entries, {len(index.names)} names")
    for line in names_bench.table(names_bench.scores(index, made), DEFAULT_THRESHOLD):
        say(line)
    for path in clean or ():
        try:
            parties = names_clean.read_clean(path)
        except (ValueError, csv.Error) as error:
            fail(f"{path} cannot be read as parties on no list: {error}")
        alerts = names_clean.alerts(index, parties)
        say(f"{path.name}, parties on no list")
        for line in names_clean.table(parties, alerts):
            say(line)
        for alert in alerts if show else ():
            say(f"    {alert.clean.name} | {alert.listed} | {alert.score} | {alert.explanation}")
    found, lost = names_bench.loss(index, made, DEFAULT_THRESHOLD)
    say(f"lost by the index: {lost} of {found} that a scan of every name scores {DEFAULT_THRESHOLD} or more")
    cases = [case.name for case in made.clean] + [case.name for case in made.altered]
    queries = random.Random(seed).sample(cases, min(3000, len(cases)))
    times = names_bench.timings(index, queries)
    for what, seconds in times.items():
        say(f"{what:<36} {seconds * 1e6:12.1f} us")
    baseline = times["process.extract(WRatio)"]
    for what in ("a new name, mean", "a new name, median", "a name seen before"):
        say(f"process.extract(WRatio) takes {baseline / times[what]:.0f} times as long as {what}")


@app.command("fit-names")
def fit_names(
    list_path: Annotated[Path, typer.Option("--list", help="Watchlist the names are of.", exists=True)],
    persons: Annotated[
        Path, typer.Option("--persons", help="CSV with a column full_name: persons on no list.", exists=True)
    ],
    clean: Annotated[
        Path, typer.Option("--clean", help="CSV with a column legal_name: firms on no list.", exists=True)
    ],
    out: Annotated[Path, typer.Option("--out", help="File for the weights (weights.toml).")],
    per_class: Annotated[
        int, typer.Option(help="Altered names of each class and kind of party.", min=1)
    ] = 100,
    seed: Annotated[int, typer.Option(help="Another seed makes other names.")] = 1,
    rounds: Annotated[int, typer.Option(help="Steps of the regression.", min=1)] = 300,
) -> None:
    """Fit the weights of evidence (streams/names/weights.toml) anew: the same input gives the same bytes. Some minutes."""
    index = build_index([read_and_say(list_path)], None).names
    strangers = _strangers(persons)
    firms = names_fit.half(names_clean.read_clean(clean), seed)
    cases = names_fit.cases(index, strangers[: len(strangers) // 2], firms, per_class, seed)
    note(f"{len(cases)} pairs of names, {sum(case.found for case in cases)} of one party")
    out.write_text(names_fit.fitted(cases, rounds), encoding="utf-8")


def _strangers(path: Path | None) -> list[str]:
    if path is None:
        return []
    try:
        with path.open(encoding="utf-8-sig") as stream:
            rows = csv.DictReader(stream)
            if "full_name" not in (rows.fieldnames or ()):
                fail(f"{path} has no column full_name")
            return [row["full_name"] for row in rows if row["full_name"]]
    except UnicodeDecodeError:
        fail(f"{path} is not UTF-8 text")
    except csv.Error as error:
        fail(f"{path} is no CSV file: {error}")
