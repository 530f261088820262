"""docs/architecture.md: the packages as import-linter's layers and the code itself give them, and the way of one declaration."""

import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[2]

HEAD = """# Architecture

One room for each concern. Arrows point down only: what stands in a row may import what stands below it, never what stands above
or beside it (`make check` holds that). What stands from `backtest` down is pure: plain values in and out, no Kafka, no clock, no
network, no chance; but `simulation`, which may draw lots.

## The way of one declaration, from bytes to alert

1. A producer writes a record to `customs.declarations`: any key, any of the formats.
2. `kafka/transport.py` hands the records of one fetch of one partition to `agents/intake.py` as one run.
3. `declarations/formats/adapters.py` reads the bytes: frame, encoding, format; a value that cannot be read is left out and told.
4. A full declaration goes to `customs.versions` under its declarationKey; an event goes to `customs.references` first, where
   `agents/identity.py` finds the declaration that its LRN or MRN names. What cannot be screened is a dead letter.
5. `agents/screening.py` looks up the declaration's record in its state and calls
   `cases/declaration_record.py`, which adds what came.
6. `lifecycle/life.py` folds versions and events to a life: what is in force, what is asked for, what changed.
7. `patterns/` says what the newest version tells the detectors; what changed goes to `customs.observations`.
8. `agents/patterns.py` takes it up, a key at a time, and answers into `customs.versions` those that asked.
9. When the answers are in, or the wait is over, `assessment/screening.py` screens the version:
10. `rules/screened_version.py` looks up parties, goods and journey, each once; every rule of `rules/` judges that.
11. `assessment/scoring.py` weighs findings, the detectors' among them, by the ruleset: points, score, lane. That is the verdict.
12. `cases/alerts.py` makes the alert anew from all verdicts of the declaration.
13. What is other than what was sent before goes to `customs.verdicts` and `customs.alerts`, the state to its compacted topic.
14. `kafka/delivery.py` waits until all of it has arrived; then the run's offset is committed.
15. After a crash the run is read again, and the same is said again: the same bytes under the same keys.

## The packages

"""


def architecture() -> str:
    """The whole page."""
    layers, needs = _layers(), _imports()
    rows = ["| row | package | what it is | imports |", "|---|---|---|---|"]
    for number, row in enumerate(layers, 1):
        for name in row:
            imports = ", ".join(f"`{other}`" for other in sorted(needs.get(name, ())))
            rows.append(f"| {number} | `{name}` | {_about(name)} | {imports} |")
    return HEAD + "\n".join(rows) + "\n\n" + "\n".join(_picture(layers, needs)) + "\n"


def _layers() -> list[list[str]]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    return [[name.strip() for name in row.split(":")] for row in layers]


def _imports() -> dict[str, set[str]]:
    """Package or module below `streams` -> those that it imports directly."""
    graph = grimp.build_graph("streams", cache_dir=None)
    needs: dict[str, set[str]] = {}
    for module in graph.modules - {"streams", "streams.__main__"}:
        name = module.split(".")[1]
        others = (other.split(".") for other in graph.find_modules_directly_imported_by(module))
        needs.setdefault(name, set()).update(parts[1] for parts in others if len(parts) > 1)
    return {name: others - {name} for name, others in needs.items()}


def _about(name: str) -> str:
    """The first sentence of a package's or module's docstring."""
    words = " ".join((import_module(f"streams.{name}").__doc__ or "").split())
    return words.partition(". ")[0].removesuffix(".").replace("|", r"\|")


def _picture(layers: list[list[str]], needs: dict[str, set[str]]) -> Iterator[str]:
    """The same as a drawing; an import that is also reached through another package is left out."""
    yield "```mermaid\nflowchart TD"
    for number, row in enumerate(layers, 1):
        yield (
            f"  subgraph row{number}[ ]\n    direction LR\n"
            + "\n".join(f"    {name}" for name in row)
            + "\n  end"
        )
    for name in (name for row in layers for name in row):
        direct = needs.get(name, set())
        beyond = {far for near in direct for far in _reach(near, needs)}
        for other in sorted(direct - beyond):
            yield f"  {name} --> {other}"
    yield "```"


def _reach(name: str, needs: dict[str, set[str]]) -> set[str]:
    return needs.get(name, set()) | {far for near in needs.get(name, ()) for far in _reach(near, needs)}
