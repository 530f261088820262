"""`torugart backtest` says what screening twice would have shown."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from streams.cli import backtest as command
from streams.cli.main import app, main
from streams.declarations.canonical import encode
from streams.findings import LANES
from streams.simulation.run import Plan, simulate
from tests.processes import PATIENCE

pytestmark = pytest.mark.load

ROOT = Path(__file__).resolve().parents[2]
RULESET = ROOT / "streams/assessment/rulesets/default-2026-11.toml"
LIFE = ROOT / "docs/examples/life"
FROM = "2023-02"
PLAN = Plan(months=9, per_month=250, first=(2022, 8), rate=250, plant_months=3, offices=("KG",))


class Recorded(NamedTuple):
    trade: Path
    """gzipped"""
    labels: Path
    changed: Path
    """a ruleset"""
    lodged: dict[str, str]
    """declarationKey -> event time of its first version"""
    cases: dict[str, str]
    """declarationKey -> case"""
    before: Path
    """what `torugart screen` said by the bundled rules"""
    after: Path
    """... and by the changed ones"""


def torugart(
    *arguments: object, stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "streams", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        timeout=PATIENCE,
        env={**os.environ, **environment},
    )


def backtest(*arguments: object, stdin: bytes = b"") -> list[dict[str, Any]]:
    done = torugart("backtest", *arguments, stdin=stdin)
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    folder = tmp_path_factory.mktemp("recorded")
    lodged: dict[str, str] = {}
    labels: dict[str, dict[str, str]] = {}
    versions = []
    for one in simulate(PLAN):
        versions.append(encode(one.version))
        envelope = one.version.envelope
        lodged.setdefault(envelope.declaration_key, envelope.event_date_time.isoformat())
        if one.label is not None:
            label = {"typology": one.label.typology, "case": one.label.case}
            labels[one.label.declaration_key] = {"declarationKey": one.label.declaration_key, **label}
    trade, told = folder / "trade.jsonl.gz", folder / "labels.jsonl"
    trade.write_bytes(gzip.compress(b"\n".join(versions)))
    told.write_text("\n".join(map(json.dumps, labels.values())))
    changed, text = folder / "changed.toml", RULESET.read_text()
    for code, old, new in (("firm.new", 29, 19), ("suppliers.many", 6, 30), ("destination.diversion", 8, 9)):
        line = f'code = "{code}"\npoints = '
        assert line + str(old) in text
        text = text.replace(line + str(old), line + str(new))
    changed.write_text(text)
    said = folder / "before.jsonl", folder / "after.jsonl"
    for path, ruleset in zip(said, (RULESET, changed), strict=True):
        done = torugart("screen", "--declarations", trade, TORUGART_RULESET=str(ruleset))
        assert done.returncode == 0, done.stderr.decode()
        path.write_bytes(done.stdout)
    cases = {key: label["case"] for key, label in labels.items()}
    return Recorded(trade, told, changed, lodged, cases, *said)


def screened(path: Path, recorded: Recorded) -> dict[str, tuple[str, float]]:
    """declarationKey -> lane and score of the gravest verdict that `torugart screen` gave, of what is judged."""
    found: dict[str, tuple[str, float]] = {}
    for line in path.read_bytes().splitlines():
        verdict = json.loads(line)
        key = verdict["declarationKey"]
        if recorded.lodged[key] < FROM:
            continue
        ends = verdict["eventType"] in ("INVALIDATED", "REJECTED")
        now = ("GREEN", 0.0) if ends else (verdict["lane"], verdict["score"])
        known = found.setdefault(key, now)
        found[key] = min(known, now, key=lambda one: (LANES.index(one[0]), -one[1]))
    return found


def test_it_is_what_screening_twice_shows(recorded: Recorded) -> None:
    told = backtest(
        *("--before", RULESET, "--after", recorded.changed, "--declarations", recorded.trade),
        *("--labels", recorded.labels, "--from", FROM),
    )
    before, after = screened(recorded.before, recorded), screened(recorded.after, recorded)
    expected: dict[str, dict[str, Any]] = {"gained": {}, "lost": {}, "moved": {}}
    for key, (lane, score) in before.items():
        now, other = after[key]
        if now != lane:
            kind = "gained" if lane == "GREEN" else "lost" if now == "GREEN" else "moved"
            expected[kind][key] = (lane, score, now, other)
    assert all(expected.values()), "the changed rules must gain, lose and move alerts for this test to test"
    for kind, changes in expected.items():
        lines = [line[kind] for line in told if kind in line]
        assert {
            one["declarationKey"]: tuple(
                one[side][name] for side in ("before", "after") for name in ("lane", "score")
            )
            for one in lines
        } == changes
        assert all(one["differences"] for one in lines)
    totals = told[0]["totals"]
    assert (totals["declarations"], totals["past"]) == (len(before), len(recorded.lodged) - len(before))
    for side, lanes in (("before", before), ("after", after)):
        alerts = {key for key, (lane, _) in lanes.items() if lane != "GREEN"}
        bad = recorded.cases.keys()
        assert totals["alerts"][side] == len(alerts)
        assert totals["perThousand"][side] == pytest.approx(1000 * len(alerts) / len(lanes), abs=0.01)
        labelled = totals["labelled"]
        assert labelled["precision"][side] == pytest.approx(len(alerts & bad) / len(alerts), abs=1e-4)
        assert labelled["recallByDeclaration"][side] == pytest.approx(len(alerts & bad) / len(bad), abs=1e-4)
        found = {recorded.cases[key] for key in alerts & bad}
        assert labelled["recall"][side] == pytest.approx(
            len(found) / len(set(recorded.cases.values())), abs=1e-4
        )


def test_recorded_verdicts_declarations_and_standard_input_say_the_same(recorded: Recorded) -> None:
    """Whichever rules the verdicts were given by."""
    common = ("--after", recorded.changed, "--labels", recorded.labels, "--from", FROM)
    expected = backtest(*common, "--declarations", recorded.trade)
    assert backtest(*common, stdin=gzip.decompress(recorded.trade.read_bytes())) == expected
    assert backtest(*common, "--verdicts", recorded.before) == expected
    assert backtest(*common, "--verdicts", recorded.after) == expected


def test_what_could_not_be_screened_is_counted(recorded: Recorded) -> None:
    message = gzip.decompress(recorded.trade.read_bytes()).splitlines()[0]
    stdin = b"{}\n" + message + b"\n"
    [totals] = [
        line["totals"] for line in backtest("--after", recorded.changed, stdin=stdin) if "totals" in line
    ]
    assert (totals["unread"], totals["declarations"]) == (1, 1)
    lines = torugart("screen", stdin=stdin).stdout + b'{"ignored":"X"}\n{"event":{"kind":"ACCEPTED"}}\n'
    done = torugart("backtest", "--after", recorded.changed, "--verdicts", "/dev/stdin", stdin=lines)
    assert json.loads(done.stdout.splitlines()[0])["totals"] == totals
    assert b"1 messages could not be screened" in done.stderr


def test_messages_of_customs_make_a_life_as_in_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """The goods are RED only since they were amended after a control was announced: in XML, over five messages."""
    changed = tmp_path / "changed.toml"
    line = 'code = "amendment.after_control"\npoints = '
    assert line + "50" in RULESET.read_text()
    changed.write_text(RULESET.read_text().replace(line + "50", line + "20"))
    app(["backtest", "--after", str(changed), "--declarations", str(LIFE)], standalone_mode=False)
    told = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert (told[0]["totals"]["declarations"], told[0]["totals"]["unread"]) == (1, 0)
    [moved] = [line["moved"] for line in told if "moved" in line]
    assert (moved["before"]["lane"], moved["after"]["lane"], moved["versionNumber"]) == ("RED", "BLUE", 2)
    assert [one["rule"] for one in moved["differences"]] == ["R14"]


def test_text_is_tables_that_name_the_figures(recorded: Recorded) -> None:
    arguments = ("--after", recorded.changed, "--verdicts", recorded.before)
    done = torugart("backtest", *arguments, "--text", "--labels", recorded.labels, "--from", FROM)
    assert done.returncode == 0, done.stderr.decode()
    text = done.stdout.decode()
    totals = backtest(*arguments, "--from", FROM)[0]["totals"]
    assert f"Alerts       {totals['alerts']['before']} -> {totals['alerts']['after']}" in text
    for shown in (
        f"Gained: {totals['gained']}",
        f"Lost: {totals['lost']}",
        "R29",
        "MANY_SUPPLIERS",
        "Recall",
    ):
        assert shown in text
    assert max(map(len, text.splitlines())) <= 120
    assert "Recall" not in torugart("backtest", *arguments, "--text").stdout.decode()


class Record(NamedTuple):
    offset: int
    value: bytes | None


def test_the_verdicts_of_a_topic(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    read: list[str] = []

    def read_to_end(_: object, topic: str) -> Iterator[Record]:
        read.append(topic)
        yield Record(0, None)
        yield from (Record(n, line) for n, line in enumerate(recorded.before.read_bytes().splitlines(), 1))

    monkeypatch.setattr(command.kafka_clients, "read_to_end", read_to_end)
    app(["backtest", "--after", str(recorded.changed), "--topic"], standalone_mode=False)
    expected = backtest("--after", recorded.changed, "--verdicts", recorded.before)
    assert [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()] == expected
    assert read == ["customs.verdicts"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--after"),
        (("--after", "/nowhere.toml"), "/nowhere.toml"),
        (("--after", RULESET, "--before", Path(__file__)), "test_backtest.py"),
        (("--after", RULESET, "--declarations", "/nowhere.jsonl"), "/nowhere.jsonl"),
        (("--after", RULESET, "--labels", RULESET), "line 1: no label"),
        (("--after", RULESET, "--verdicts", RULESET), "line 1: no verdict"),
        (("--after", RULESET, "--verdicts", RULESET, "--topic"), "--topic"),
        (("--after", RULESET, "--topic", "--list", RULESET), "--list"),
        (("--after", RULESET, "--from", "yesterday"), "yesterday"),
        (("--after", RULESET, "--format", "edifact"), "edifact"),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(
    arguments: tuple[object, ...],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["torugart", "backtest", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    out, error = capfd.readouterr()
    assert (ended.value.code, out) == (2, "")
    assert said in error
    assert len([line for line in error.splitlines() if "no --list given" not in line]) == 1


def test_nothing_to_judge_and_nothing_changed_are_said(recorded: Recorded) -> None:
    done = torugart("backtest", "--after", RULESET, "--verdicts", recorded.before, "--from", "2030-01-01")
    assert done.returncode == 0
    assert b"no declaration was judged" in done.stderr and b"the two rulesets are the same" in done.stderr
