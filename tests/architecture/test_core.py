"""The core takes and returns plain values: what it says depends on what it is given and on nothing else."""

import ast
import graphlib
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
STREAMS = ROOT / "streams"
CORE = (
    "assessment",
    "backtest",
    "baselines",
    "cases",
    "corridors",
    "declarations",
    "destinations",
    "goods",
    "lifecycle",
    "money",
    "names",
    "parties",
    "patterns",
    "review",
    "rules",
    "watchlists",
)
GROUND = ("once", "zips", "errors", "findings", "tables", "territories", "text")
"""Modules beside the packages that all of them may use, as pure as they are."""

FORBIDDEN_MODULES = {
    *("time", "sched", "threading", "asyncio", "concurrent"),  # clocks, and what runs by them
    *("socket", "ssl", "urllib.request", "http", "ftplib", "smtplib", "subprocess"),  # the outside
    *("random", "secrets", "uuid"),  # chance
}
FORBIDDEN_CALLS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today"),
    *("os.environ", "os.getenv", "os.urandom", "os.getpid", "os.times"),
}


def core_files() -> list[Path]:
    ground = [STREAMS / f"{module}.py" for module in GROUND]
    return ground + [path for package in CORE for path in sorted((STREAMS / package).rglob("*.py"))]


def impurities(source: str) -> Iterator[str]:
    """Every use of a clock, the network, chance or the environment in a module's text."""
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Attribute):
            text = ast.unparse(node)
            if any(text == call or text.endswith("." + call) for call in FORBIDDEN_CALLS):
                yield f"line {node.lineno}: {text}"
        for name in names:
            if any(name == bad or name.startswith(bad + ".") for bad in FORBIDDEN_MODULES | FORBIDDEN_CALLS):
                yield f"line {node.lineno}: {name}"


@pytest.mark.parametrize("path", core_files(), ids=lambda path: str(path.relative_to(STREAMS)))
def test_no_clock_no_network_no_chance(path: Path) -> None:
    assert list(impurities(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "line",
    [
        "import time",
        "from time import monotonic",
        "import urllib.request as u",
        "from urllib import request",
        "import random, json",
        "from datetime import datetime\nx = datetime.now()",
        "import datetime\nx = datetime.datetime.utcnow()",
        "import datetime as dt\nx = dt.date.today()",
        "import os\nx = os.environ['HOME']",
        "from os import getenv",
    ],
)
def test_the_walk_sees(line: str) -> None:
    assert list(impurities(line))


def test_the_walk_lets_types_pass() -> None:
    allowed = "import hashlib\nfrom datetime import UTC, date, datetime, time\nx = datetime.fromisoformat(y)\nself.time = 1"
    assert list(impurities(allowed)) == []


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = grimp.build_graph("streams", cache_dir=None)
    needs = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        graphlib.TopologicalSorter(needs).prepare()
    except graphlib.CycleError as error:
        pytest.fail("imports run in a circle: " + " -> ".join(reversed(error.args[1])))


def test_contracts_name_what_is_there() -> None:
    """import-linter ignores a layer or package that does not exist: a renamed one would go unwatched."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    named = set()
    for contract in contracts:
        for key in ("source_modules", "forbidden_modules", "layers", "ancestors"):
            parts = {part.strip() for line in contract.get(key, []) for part in line.split(":")}
            named |= {f"streams.{part}" if key == "layers" else part for part in parts}
    graph = grimp.build_graph("streams", cache_dir=None)
    assert {name for name in named if name.startswith("streams")} <= graph.modules
    packages = {f"streams.{path.parent.name}" for path in STREAMS.glob("*/__init__.py")}
    circles = next(set(contract["ancestors"]) for contract in contracts if "ancestors" in contract)
    assert packages | {"streams"} == circles, "name every package in the contract against circles"
    core = next(set(contract["source_modules"]) for contract in contracts if "source_modules" in contract)
    assert core == {f"streams.{name}" for name in (*CORE, *GROUND)}
    outside = {f"streams.{path.stem}" for path in STREAMS.glob("*.py") if not path.stem.startswith("__")}
    outside = (outside | packages) - core
    forbidden = next(set(c["forbidden_modules"]) for c in contracts if "forbidden_modules" in c)
    assert outside <= forbidden, "name every module outside the core as forbidden to it"
