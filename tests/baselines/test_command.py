"""`torugart corridors` and `torugart baselines load` as a user runs them."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

from streams.baselines.file import read_baseline, read_header
from streams.destinations.corridors import CENTS


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


def test_bad_input_ends_with_one_clear_line(tmp_path: Path) -> None:
    bad, damaged, foreign = tmp_path / "bad.csv", tmp_path / "damaged.csv.gz", tmp_path / "latin.csv"
    bad.write_text("reporter,partner,hs6,period,value\nAT,KG,901310,2022,1\n")
    damaged.write_bytes(gzip.compress(b"reporter,partner,hs6,period,value\n" * 1000)[:-30])
    foreign.write_bytes(b"reporter,partner,hs6,period,value\nT\xfcrkei,KG,901310,2022-05,1\n")
    for arguments in (
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
