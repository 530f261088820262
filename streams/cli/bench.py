"""`torugart bench`: how fast the stream is, as a ratio to a stock Faust agent in the same run; how well and how fast names
are found, beside rapidfuzz in the same run."""

import csv
import random
from pathlib import Path
from typing import Annotated

import typer

from streams.agents.watchlists import build_index
from streams.bench.names import measure as names_bench
from streams.bench.stages import stage_times
from streams.bench.stream import measure
from streams.bench.traffic import declarations
from streams.cli.common import fail, note, say
from streams.cli.worker import load_rulebook
from streams.names import DEFAULT_THRESHOLD
from streams.settings import Settings
from streams.watchlists.readers import read_list

app = typer.Typer(help="Measure in pairs, against a named baseline in the same run.", no_args_is_help=True)

STAGE_SAMPLE = 2_000


@app.callback()
def bench() -> None:
    """Measure in pairs, against a named baseline in the same run."""


@app.command()
def stream(
    list_path: Annotated[Path, typer.Option("--list", help="Watchlist to screen against.", exists=True)],
    count: Annotated[int, typer.Option(help="Declarations a run.", min=100)] = 10_000,
    runs: Annotated[int, typer.Option(help="Pairs of runs.", min=1)] = 5,
) -> None:
    """Screen declarations on the broker of TORUGART_BROKERS with one worker, in turn with a stock Faust agent that only
    receives and commits the same records; print medians, CPU by stage and the ratio."""
    settings = Settings.from_env()
    file = read_list(list_path)
    result = measure(settings, file, count, runs, note)
    messages = [value for _, value in declarations(STAGE_SAMPLE, seed=999)]
    warm = [value for _, value in declarations(STAGE_SAMPLE, seed=998)]
    index = build_index([file], settings.name_threshold)
    stages = stage_times(messages, warm, index, load_rulebook(settings))
    total = result.median(result.torugart, lambda run: run.cpu)
    say(
        f"{runs} alternated pairs of runs of {count} declarations, 3 parties and 3 items each, one worker, medians"
    )
    say(f"list {file.list} {file.edition}: {len(file.entries)} entries")
    say(f"declarations a second          {result.median(result.torugart, lambda run: run.rate):10.0f}")
    say(f"stock agent, receive + commit  {result.median(result.stock, lambda run: run.rate):10.0f}")
    say(f"ratio of the rates             {result.ratio():10.3f}")
    say(
        f"CPU microseconds a declaration {total:10.0f}   (stock {result.median(result.stock, lambda run: run.cpu):.0f})"
    )
    for name, microseconds in stages.items():
        say(f"  {name:<50} {microseconds:8.0f}  {microseconds / total:5.0%}")
    rest = total - sum(stages.values())
    say(f"  {'rest: Kafka, Faust, delivery':<50} {rest:8.0f}  {rest / total:5.0%}")
    say(
        "Stages are timed apart, in this process: the rest is what they leave of the worker's, and below 0 it is noise."
    )
    heaviest = max(stages, key=lambda name: stages[name])
    say(f"Most of the time goes to: {heaviest}.")


@app.command()
def names(
    list_path: Annotated[Path, typer.Option("--list", help="Watchlist the names are of.", exists=True)],
    persons: Annotated[
        Path | None,
        typer.Option("--persons", help="CSV with a column full_name: persons on no list.", exists=True),
    ] = None,
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
    file = read_list(list_path)
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
