"""The stream as a whole: what it may know, its order, its volumes, its labels."""

import ast
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.declarations.canonical import decode, encode
from streams.simulation.orders import Simulated
from streams.simulation.run import PAST, Plan, simulate
from streams.simulation.tables import Tables
from streams.simulation.typologies import TYPOLOGIES
from tests.commands import torugart, torugart_text
from tests.effort import processor_seconds
from tests.examples import tried

PACKAGE = Path(__file__).resolve().parents[2] / "streams" / "simulation"
ALLOWED = {
    "streams.declarations.model",
    "streams.declarations.canonical",
    "streams.declarations.labels",
    "streams.errors",
    "streams.tables",
}
"""What it writes: declarations, and labels; and the loader of tables and the base of errors, which are everybody's."""

PLANS = st.builds(
    lambda months, window, **other: Plan(months=months, plant_months=min(window, months), **other),
    months=st.integers(1, 5),
    window=st.integers(1, 5),
    per_month=st.integers(1, 250),
    first=st.tuples(st.integers(2019, 2024), st.integers(1, 12)),
    seed=st.integers(0, 10_000),
    rate=st.sampled_from([0.0, 30.0, 200.0]),
    offices=st.sampled_from([("KG",), ("KZ",), ("KG", "KZ")]),
)


def test_it_imports_nothing_of_the_project_but_the_forms_of_what_it_writes() -> None:
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, path
                names = (
                    [f"streams.{alias.name}" for alias in node.names]
                    if node.module == "streams"
                    else [node.module or ""]
                )
            found |= {name for name in names if name.split(".")[0] == "streams"}
    assert {name for name in found if not name.startswith("streams.simulation")} <= ALLOWED


def test_it_knows_the_fifty_high_priority_goods() -> None:
    tables = Tables()
    assert len(tables.priority) == 50
    assert all(len(good.hs6) == len(good.hs6_2017) == 6 for good in tables.goods.values())


@settings(max_examples=tried(15), deadline=None)
@given(plan=PLANS)
def test_any_plan_gives_a_well_formed_stream(plan: Plan) -> None:
    said = list(simulate(plan))
    times = [one.version.envelope.event_date_time for one in said]
    assert times == sorted(times)
    versions = defaultdict(list)
    lodged: Counter[tuple[int, int]] = Counter()
    for one in said:
        data = encode(one.version)
        assert encode(decode(data)) == data
        envelope = one.version.envelope
        versions[envelope.declaration_key].append(envelope.version_number)
        if envelope.version_number == 1:
            assert envelope.event_type == "LODGED"
            lodged[(envelope.event_date_time.year, envelope.event_date_time.month)] += 1
            assert one.version.declaration.MRN is not None
        if one.label is not None:
            assert one.label.declaration_key == envelope.declaration_key
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in versions.values())
    assert len(lodged) <= plan.months
    planted = Counter(
        (one.version.envelope.event_date_time.year, one.version.envelope.event_date_time.month)
        for one in said
        if one.label is not None and one.version.envelope.version_number == 1
    )
    for month, count in lodged.items():
        # What is lodged anew is made up for a little later; what is planted may be more than the month has room for.
        assert count == pytest.approx(max(plan.per_month, planted[month]), abs=6 + plan.per_month * 0.01)


def test_the_same_seed_gives_the_same_bytes_in_another_process_and_another_seed_others() -> None:
    command = [sys.executable, "-m", "streams", "simulate", "--months=3", "--per-month=200", "--rate=100"]

    def made(seed: int, hashing: str) -> bytes:
        return subprocess.run(
            [*command, f"--seed={seed}"],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": hashing, "PATH": ""},
            cwd=PACKAGE.parents[1],
        ).stdout

    first = made(7, "1")
    assert first.count(b"\n") >= 600
    assert first == made(7, "2")
    assert first != made(8, "1")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan(months=22, per_month=2_000, rate=35, rates={"SPLIT": 0, "SURGE": 10})


@pytest.fixture(scope="module")
def stream(plan: Plan) -> list[Simulated]:
    return list(simulate(plan))


def test_as_many_cases_of_each_typology_are_planted_as_asked(plan: Plan, stream: list[Simulated]) -> None:
    cases = defaultdict(set)
    for one in stream:
        if one.label:
            cases[one.label.typology].add(one.label.case)
    asked = dict.fromkeys(TYPOLOGIES, round(35 * 2_000 * 6 / 100_000)) | {"SPLIT": 0, "SURGE": 1}
    assert {name: len(cases[name]) for name in TYPOLOGIES} == asked
    assert {name: plan.cases(name) for name in TYPOLOGIES} == asked


def test_cases_lie_in_the_months_to_plant_in(stream: list[Simulated]) -> None:
    assert (
        min(one.version.envelope.event_date_time for one in stream if one.label).strftime("%Y-%m")
        >= "2022-05"
    )


def test_a_typology_that_needs_a_past_is_left_out_of_a_run_without_one() -> None:
    plan = Plan(months=2, per_month=100, plant_months=2, rate=1000)
    assert {name for name in TYPOLOGIES if plan.cases(name) == 0} == set(PAST)


def test_ordinary_trade_looks_like_trade(stream: list[Simulated]) -> None:
    tables = Tables()
    priority = {code for good in tables.priority for code in (good.hs6, good.hs6_2017)}
    importers: Counter[str] = Counter()
    items = high = missing = typed = 0
    regimes: Counter[str] = Counter()
    for one in stream:
        version = one.version
        if one.label or version.envelope.version_number > 1:
            continue
        regimes[version.declaration.regime] += 1
        for item in version.declaration.goods_items:
            items += 1
            code = item.commodity_code
            high += code is not None and code.hs6 in priority
            missing += item.statistical_value is None
        if version.declaration.regime == "IMPORT":
            for party in version.declaration.parties:
                if party.role == "CONSIGNEE":
                    typed += party.identification_number is None
                    importers[party.identification_number or party.name or ""] += 1
    assert 0.02 < high / items < 0.06
    once = sum(count == 1 for count in importers.values()) / len(importers)
    assert 0.25 < once < 0.45
    assert 0 < missing / items < 0.1
    assert 0 < typed / sum(importers.values()) < 0.2
    assert set(regimes) == {"IMPORT", "EXPORT", "REEXPORT", "TRANSIT", "INTRA_UNION_MOVEMENT"}
    assert 0.5 < regimes["IMPORT"] / regimes.total() < 0.7


def test_all_that_can_happen_to_a_declaration_happens(stream: list[Simulated]) -> None:
    kinds = Counter(one.version.envelope.event_type for one in stream if not one.label)
    assert {"LODGED", "PRESENTED", "CONTROL_NOTIFIED", "AMENDED", "INVALIDATED"} == set(kinds)


def test_the_edition_of_the_harmonized_system_changes_with_the_year(stream: list[Simulated]) -> None:
    for one in stream:
        if one.version.envelope.version_number > 1:
            continue
        for item in one.version.declaration.goods_items:
            year = one.version.envelope.event_date_time.year
            assert item.commodity_code is not None
            assert item.commodity_code.hs_version == ("2022" if year >= 2022 else "2017")


def test_twice_as_much_trade_takes_twice_as_long() -> None:
    """Some 3,000 declarations a second are made and written here."""

    def make(per_month: int) -> float:
        plan = Plan(months=6, per_month=per_month)
        return processor_seconds(lambda: sum(len(encode(one.version)) > 0 for one in simulate(plan)), 2)

    assert make(1_000) <= 3 * make(500) + 0.1


def test_the_command_writes_declarations_and_labels(tmp_path: Path) -> None:
    out, labels = tmp_path / "trade.jsonl", tmp_path / "labels.jsonl"
    options = ("--months=2", "--per-month=300", "--rate=0", "--rate=NEW_FIRMS=500", "--plant-months=1")
    done = torugart("simulate", *options, f"--out={out}", f"--labels={labels}")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    keys = {orjson.loads(line)["envelope"]["declarationKey"] for line in out.read_bytes().splitlines()}
    told = [orjson.loads(line) for line in labels.read_bytes().splitlines()]
    assert {one["typology"] for one in told} == {"NEW_FIRMS"}
    assert len({one["case"] for one in told}) == 2  # 1.5, rounded
    assert {one["declarationKey"] for one in told} <= keys
    assert len({one["declarationKey"] for one in told}) == len(told)


@pytest.mark.parametrize(
    ("option", "about"),
    [
        ("--from=2021", "--from is a month"),
        ("--from=2021-13", "no month 13"),
        ("--rate=many", "--rate is a number"),
        ("--rate=ODD=3", "no typology ODD"),
        ("--rate=-1", "below 0"),
        ("--office=FR", "KG and KZ"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(option: str, about: str) -> None:
    done = torugart_text("simulate", "--months=1", "--per-month=5", option)
    assert done.returncode == 2
    assert about in done.stderr
    assert done.stderr.count("\n") == 1
