"""`torugart corridors` and `torugart baselines load` as a user runs them."""

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from streams.baselines.file import read_baseline, read_header
from streams.destinations.corridors import CENTS
from tests.agents.test_statistics import declared

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "streams", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def statistics(path: Path, *, pack: bool = False) -> Path:
    lines = ["reporter,partner,cn8,period,value_eur"]
    for year in (2020, 2021, 2022):
        for month in range(1, 13):
            value = 200_000 if (year, month) >= (2022, 5) else 4_000 + 700 * (month % 5)
            lines.append(f"Austria,Kyrgyzstan,90131090,{year}-{month:02d},{value}")
            lines.append(f"Austria,Norway,90131090,{year}-{month:02d},50000")
    text = ("\n".join(lines) + "\n").encode()
    path.write_bytes(gzip.compress(text) if pack else text)
    return path


def test_corridors_writes_one_line_an_alert(tmp_path: Path) -> None:
    done = run("corridors", "--trade", statistics(tmp_path / "trade.csv.gz", pack=True))
    assert (done.returncode, done.stderr) == (0, "")
    [alert] = [json.loads(line) for line in done.stdout.splitlines()]
    assert {
        key: alert[key] for key in ("period", "origin", "destination", "hs6", "kind", "value", "outcome")
    } == {
        "period": "2022-06",
        "origin": "*",
        "destination": "KG",
        "hs6": "901310",
        "kind": "SURGE",
        "value": 200_000,
        "outcome": "OPEN",
    }
    assert alert["ratio"] == round(alert["value"] / alert["baseline"], 2)
    assert alert["explanation"].startswith(
        "901310 (Telescopic sights for fitting to arms) to KG: EUR 200,000"
    )


def test_corridors_by_reporter_names_the_origin(tmp_path: Path) -> None:
    done = run(
        "corridors", "--trade", statistics(tmp_path / "trade.csv"), "--by-reporter", "--controls", "all"
    )
    assert [json.loads(line)["origin"] for line in done.stdout.splitlines()] == ["AT"]


def test_baselines_load_writes_the_same_file_each_time(tmp_path: Path) -> None:
    trade = statistics(tmp_path / "trade.csv")
    for name in ("one", "two"):
        done = run("baselines", "load", trade, "--out", tmp_path / name)
        assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["corridors"] == 2
    data = (tmp_path / "one").read_bytes()
    assert data == (tmp_path / "two").read_bytes()
    head, *body = gzip.decompress(data).splitlines()
    [kyrgyz, _] = [corridor for _, corridor in read_baseline(read_header(head), body)]
    assert kyrgyz.months[kyrgyz.since].value == 4_700 * CENTS


def test_a_baseline_says_what_it_covers_and_in_which_currency(tmp_path: Path) -> None:
    trade = statistics(tmp_path / "trade.csv")
    run("baselines", "load", trade, "--out", tmp_path / "som", "--rate", "90")
    head, *body = gzip.decompress((tmp_path / "som").read_bytes()).splitlines()
    header = read_header(head)
    assert (header.origins, header.destinations) == (("AT",), ("KG", "NO"))
    assert (header.goods, header.currency) == ({"901310": "2020-01"}, "EUR x 90")
    [kyrgyz, _] = [corridor for _, corridor in read_baseline(header, body)]
    assert kyrgyz.months[kyrgyz.since].value == 90 * 4_700 * CENTS


def test_screen_knows_what_a_baseline_tells(tmp_path: Path) -> None:
    baseline, declarations = tmp_path / "baseline", tmp_path / "declarations.jsonl"
    trade = tmp_path / "trade.csv"
    trade.write_text("\n".join(statistics(tmp_path / "all.csv").read_text().splitlines()[:-2]) + "\n")
    assert run("baselines", "load", trade, "--out", baseline).returncode == 0
    lodged = [datetime(2022, 12, 2, tzinfo=UTC) + timedelta(days=8 * number) for number in range(6)]
    declarations.write_bytes(b"\n".join(sights(number, at) for number, at in enumerate(lodged)))
    for arguments, told in (([], None), (["--baseline", baseline], "R05")):
        done = run("screen", "--declarations", declarations, *arguments)
        assert done.returncode == 0, done.stderr
        verdict = json.loads(done.stdout.splitlines()[-1])
        rules = {one["rule"] for one in verdict["findings"]}
        missing = {one["rule"] for one in verdict["notEvaluable"]}
        assert ("R05" in rules, "R05" in missing) == (told == "R05", told is None)


def sights(number: int, at: datetime) -> bytes:
    text = declared(number, at).replace(b'"DE"', b'"AT"')
    return text.replace(b'"30000"', b'"300000"')


def test_bad_input_ends_with_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text((EXAMPLES / "own-list.csv").read_text())
    bad, damaged, foreign = tmp_path / "bad.csv", tmp_path / "damaged.csv.gz", tmp_path / "latin.csv"
    bad.write_text("reporter,partner,hs6,period,value\nAT,KG,901310,2022,1\n")
    damaged.write_bytes(gzip.compress(b"reporter,partner,hs6,period,value\n" * 1000)[:-30])
    foreign.write_bytes(b"reporter,partner,hs6,period,value\nT\xfcrkei,KG,901310,2022-05,1\n")
    one, same = statistics(tmp_path / "one.csv"), statistics(tmp_path / "same.csv")
    torn = tmp_path / "torn.jsonl"
    torn.write_text('{"format":"torugart-baseline"}\n')
    uncovered = tmp_path / "uncovered.jsonl"
    run("baselines", "load", one, "--out", uncovered)
    data = gzip.decompress(uncovered.read_bytes()).replace(b'"goods":{"901310":', b'"goods":{"901390":')
    uncovered.write_bytes(data)
    for arguments in (
        ["baselines", "load", one, same, "--out", tmp_path / "o"],
        ["baselines", "load", one, "--rate", "0", "--out", tmp_path / "o"],
        ["baselines", "load", torn, "--out", tmp_path / "o"],
        ["screen", "--baseline", torn, "--declarations", torn, "--list", tmp_path / "list.csv"],
        ["screen", "--baseline", uncovered, "--declarations", torn, "--list", tmp_path / "list.csv"],
        ["screen", "--baseline", one, "--declarations", torn, "--list", tmp_path / "list.csv"],
        ["corridors"],
        ["corridors", "--trade", tmp_path / "absent.csv"],
        ["corridors", "--trade", bad],
        ["corridors", "--trade", damaged],
        ["corridors", "--trade", foreign],
        ["corridors", "--trade", statistics(tmp_path / "t.csv"), "--controls", "nope"],
        ["baselines", "load", bad, "--out", tmp_path / "out"],
        ["baselines", "load", statistics(tmp_path / "t.csv"), "--out", tmp_path / "no" / "such" / "place"],
        ["baselines", "load", statistics(tmp_path / "t.csv"), "--out", tmp_path / "o", "--flow", "sideways"],
    ):
        done = run(*arguments)
        assert (done.returncode, done.stdout) == (2, ""), arguments
        assert len(done.stderr.splitlines()) == 1, done.stderr
