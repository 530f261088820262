"""`torugart corridors` and `torugart baselines load` as a user runs them."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from streams.baselines.file import read_baseline, read_header
from streams.corridors.state import CENTS
from tests.agents.test_statistics import declared
from tests.commands import torugart_text as run

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"


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
    assert kyrgyz.months[kyrgyz.since].value == 4_700 * CENTS


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


def surge(line: str, *, start: int = 2020, header: str = "reporter,partner,hs6,period,value") -> str:
    """Three years of a trade that is thirty times the usual from May of the last on; `line` has {year}, {month}, {value}."""
    months = [(year, month) for year in range(start, start + 3) for month in range(1, 13)]
    lines = [
        line.format(year=year, month=month, value=60_000 if (year, month) >= (start + 2, 5) else 2_000)
        for year, month in months
    ]
    return "\n".join([header, *lines]) + "\n"


COMTRADE = "reporterCode,reporterISO,reporterDesc,flowCode,partnerCode,partnerISO,period,cmdCode,motCode,primaryValue"


@pytest.mark.parametrize(
    ("text", "origin", "destination"),
    [
        (surge("490,S19,,X,417,KGZ,{year}{month:02},901310,0,{value}", header=COMTRADE), "TW", "KG"),
        (surge("699,,,X,757,,{year}{month:02},901310,0,{value}", header=COMTRADE), "IN", "CH"),
        (surge("699,,,X,757,,{year}{month:02},901310,1000,{value}", header=COMTRADE), "IN", "CH"),
        (surge("DE,XU,901310,{year}M{month:02},{value}"), "DE", "GB"),
        (surge("DE,XS,901310,{month}/{year},{value}"), "DE", "RS"),
        (
            surge('"France, Monaco","Norway, Svalbard and Jan Mayen",901310,{year}-{month:02},{value}'),
            "FR",
            "NO",
        ),
    ],
    ids=["taiwan", "numbers", "transport-only", "month-of-eurostat", "month-first", "names"],
)
def test_a_surge_is_told_however_the_office_writes_it(
    tmp_path: Path, text: str, origin: str, destination: str
) -> None:
    file = tmp_path / "trade.csv"
    file.write_text(text)
    done = run("corridors", "--trade", file, "--by-reporter")
    assert done.returncode == 0, done.stderr
    alerts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["origin"], one["destination"], one["period"]) for one in alerts] == [
        (origin, destination, "2022-06")
    ]


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8-sig", ","), ("utf-16", "\t"), ("utf-16-le", ";"), ("cp1252", ";")],
)
def test_a_file_of_any_encoding_and_delimiter_is_read_alike(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    text = surge("Österreich,Türkei,901310,{year}-{month:02},{value}").replace(",", delimiter)
    file = tmp_path / "trade.csv"
    file.write_bytes(text.encode(encoding))
    done = run("corridors", "--trade", file, "--by-reporter")
    assert (done.returncode, done.stderr) == (0, "")
    [alert] = [json.loads(line) for line in done.stdout.splitlines()]
    assert (alert["origin"], alert["destination"]) == ("AT", "TR")


def test_no_alert_is_said(tmp_path: Path) -> None:
    file = tmp_path / "trade.csv"
    file.write_text(
        "REPORTER,PARTNER,PRODUCT,FLOW,STAT_PROCEDURE,PERIOD,VALUE_IN_EUR\n"
        '"Austria","Kyrgyzstan","90131090","EXPORT","Total","Aug. 2024",1410\n'
    )
    done = run("corridors", "--trade", file)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "torugart: no alert in 1 corridors of chpl, 2024-08 to 2024-08\n"
    loaded = run("baselines", "load", file, "--out", tmp_path / "out")
    assert json.loads(loaded.stdout)["corridors"] == 1


def test_partners_that_nobody_knows_are_named(tmp_path: Path) -> None:
    file = tmp_path / "trade.csv"
    lines = ["AT,KG,901310,2022-05,1", "AT,Ruritania,901310,2022-05,1", "AT,World,901310,2022-05,9"]
    file.write_text("\n".join(["reporter,partner,hs6,period,value", *lines]) + "\n")
    done = run("corridors", "--trade", file)
    assert f"{file}: 1 lines left out: no country known here: 'Ruritania'" in done.stderr
    assert f"{file}: 1 lines left out: no single country: 'World'" in done.stderr


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["AT,Ruritania,901310,2022-05,1"], "1 lines left out: no country known here: 'Ruritania'"),
        (["AT,EU27_2020,901310,2022-05,1"], "no single country: 'EU27_2020'"),
        (["AT,KG,901310,2022-05,:"], "no figure"),
        (["AT,KG,901310,2022Q2,1"], "period '2022Q2' is no month but a quarter"),
        (["AT,KG,901310,2022,1"], "period '2022' is no month but a year"),
        (["AT,KG,9013,2022-05,1"], "a sum over goods or a secret code"),
        ([], "none is below the header"),
        (["AT,\x1b[2JKG\u202e,901310,2022-05,1"], "no country known here: '\\x1b[2JKG\\u202e'"),
    ],
)
def test_a_file_without_a_usable_line_is_refused_with_its_reason(
    tmp_path: Path, lines: list[str], reason: str
) -> None:
    file = tmp_path / "trade.csv"
    file.write_text("\n".join(["reporter,partner,hs6,period,value", *lines]) + "\n")
    done = run(*(["corridors", "--trade"] if lines else ["baselines", "load"]), file)
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert reason in line


def test_bad_input_ends_with_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text((EXAMPLES / "own-list.csv").read_text())
    bad, damaged, foreign = tmp_path / "bad.csv", tmp_path / "damaged.csv.gz", tmp_path / "latin.csv"
    bad.write_text("reporter,partner,hs6,period,value\nAT,KG,901310,2022,1\n")
    damaged.write_bytes(gzip.compress(b"reporter,partner,hs6,period,value\n" * 1000)[:-30])
    foreign.write_bytes(b"reporter,partner,hs6,period,value\nT\x81rkei,KG,901310,2022-05,1\n")
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
