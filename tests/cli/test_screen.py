"""`torugart screen`: a line a declaration, in order, whatever the input holds."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from streams.assessment.screening import Rulebook
from streams.assessment.verdict import Verdict
from streams.cases.declaration_record import MAX_VERSIONS
from streams.cli.screen import Screening, engine
from streams.declarations import canonical
from streams.message_files import FileMessage
from streams.settings import Settings
from streams.watchlists.index import WatchlistIndex
from tests.cli.bacuda import declarations
from tests.commands import torugart
from tests.data import data
from tests.factory import declaration, item
from tests.integration.hostile import hostile
from tests.integration.stream import WATCHLIST
from tests.integration.traffic import declarations as traffic


def screen(*arguments: str, stdin: bytes = b"") -> CompletedProcess[bytes]:
    return torugart("screen", *arguments, stdin=stdin)


def lines(done: CompletedProcess[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def joined(messages: Iterable[bytes]) -> bytes:
    return b"".join(message + b"\n" for message in messages)


def test_a_line_for_each_in_order() -> None:
    messages = list(traffic(300, versions=0.3))
    done = screen("--list", str(WATCHLIST), stdin=joined(value for _, value in messages))
    assert done.returncode == 0, done.stderr.decode()
    assert [line["declarationKey"] for line in lines(done)] == [key.decode() for key, _ in messages]


def test_dead_letters_stand_in_their_place_and_strict_says_so() -> None:
    (_, good), *_ = traffic(1)
    bad = [
        message
        for _, message in hostile(60, large_ones=0)
        if message and message.strip() and b"\n" not in message
    ]
    stdin = joined([*bad, good])
    done = screen("--list", str(WATCHLIST), stdin=stdin)
    assert done.returncode == 0
    assert ["deadLetter" in line for line in lines(done)] == [True] * len(bad) + [False]
    assert screen("--list", str(WATCHLIST), "--strict", stdin=stdin).returncode == 2
    assert b"Traceback" not in done.stderr


def test_a_version_below_all_that_are_kept_is_refused_and_not_passed_over() -> None:
    versions = [
        canonical.encode(declaration(version_number=number, event_type="AMENDED" if number > 1 else "LODGED"))
        for number in range(MAX_VERSIONS + 1, 0, -1)
    ]
    done = screen(stdin=joined(versions))
    assert done.returncode == 0, done.stderr.decode()
    *verdicts, refused = lines(done)
    assert [line["versionNumber"] for line in verdicts] == list(range(MAX_VERSIONS + 1, 1, -1))
    assert refused["deadLetter"]["reason"] == "TOO_LARGE"


def test_a_declaration_is_forgotten_as_the_stream_forgets_it() -> None:
    """Months of trade do not stay in memory; what is said after its time begins anew."""
    settings = Settings(life_days=30)
    heard: list[Verdict] = []
    stream = engine(settings, WatchlistIndex.build([]), Rulebook.load(), heard=heard.append)
    screening = Screening(stream)

    def kept() -> list[bytes]:
        return sorted(key for key, _ in stream.screening.items(0))

    def take(key: str, day: int) -> None:
        made = declaration(
            declaration_key=key, event_date_time=datetime(2022, 1, 1, tzinfo=UTC) + timedelta(day)
        )
        assert list(
            screening.take(FileMessage("file", len(heard), canonical.encode(made)), datetime.now(UTC))
        )

    for key, day in (("kg|1", 0), ("kg|2", 20), ("kg|3", 29)):
        take(key, day)
    assert kept() == [b"kg|1", b"kg|2", b"kg|3"]
    take("kg|4", 31)
    assert kept() == [b"kg|2", b"kg|3", b"kg|4"]
    assert [verdict.declaration_key for verdict in heard] == ["kg|1", "kg|2", "kg|3", "kg|4"]


def test_a_version_sent_again_after_everything_was_forgotten_is_answered() -> None:
    first = declaration(event_date_time=datetime(2022, 6, 15, tzinfo=UTC))
    again = declaration(event_date_time=datetime(2023, 1, 1, tzinfo=UTC))
    done = screen(stdin=joined(canonical.encode(one) for one in (first, again)))
    assert done.returncode == 0, done.stderr.decode()
    assert len(lines(done)) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--list", "/nowhere.csv"), "/nowhere.csv"),
        (("--format", "edifact"), "edifact"),
        (("--declarations", "/nowhere.jsonl"), "/nowhere.jsonl"),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(arguments: tuple[str, ...], said: str) -> None:
    done = screen(*arguments)
    assert done.returncode == 2 and done.stdout == b""
    assert said in done.stderr.decode() and "Traceback" not in done.stderr.decode()


def test_exchange_rates_of_the_users_own_are_used_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates = tmp_path / "own.csv"
    rates.write_text("month,currency,per_eur\n2022-06,QQQ,10\n")
    goods = (item(hs6="854231", statistical_value="600000", statistical_value_currency="QQQ"),)
    message = canonical.encode(declaration(goods_items=goods))

    def told(*arguments: str) -> tuple[str, bool]:
        [verdict] = lines(screen(*arguments, stdin=message))
        lacks = any(
            "an exchange rate of QQQ for 2022-06" in one["missing"] for one in verdict["notEvaluable"]
        )
        return verdict["versions"]["tables"]["money/rates"], lacks

    assert told()[1]
    named, lacks = told("--exchange-rates", str(rates))
    assert named.startswith("own.csv#") and not lacks
    monkeypatch.setenv("TORUGART_EXCHANGE_RATES", str(rates))
    assert told() == (named, False)
    rates.write_text("month,currency,per_eur\n2022,QQQ,10\n")
    refused = screen(stdin=message)
    assert refused.returncode == 2
    assert b"month '2022' is not YYYY-MM" in refused.stderr and refused.stderr.count(b"\n") <= 2


def test_without_a_list_nothing_is_called_clear_of_lists() -> None:
    (_, good), *_ = traffic(1)
    (verdict,) = lines(screen(stdin=good))
    assert {"rule": "R01", "missing": ["watchlists"]} in verdict["notEvaluable"]  # type: ignore[operator]


@pytest.mark.load
def test_ten_thousand_declarations_against_the_whole_us_list(tmp_path: Path) -> None:
    us_list = data("lists", "us_csl_2026_names", "us_csl_2026.targets.simple.csv")
    with data("names", "clean_persons_global.csv").open(encoding="utf-8") as file:
        clean = [line.split(",")[0] for line in file][1:5000]
    with us_list.open(encoding="utf-8") as file:
        listed = [line.split('","')[2] for line in file][1000:1100]
    made = list(declarations(data("declarations", "wco_bacuda", "train.csv"), 10_000, clean, listed))
    path = tmp_path / "declarations.jsonl"
    path.write_bytes(joined(value for _, value, _ in made))
    done = screen("--list", str(us_list), "--declarations", str(path))
    assert done.returncode == 0, done.stderr.decode()
    verdicts = lines(done)
    assert [verdict.get("declarationKey") for verdict in verdicts] == [key for key, _, _ in made]
    hits = [any(f["rule"] == "R01" for f in v["findings"]) for v in verdicts]  # type: ignore[union-attr,attr-defined]
    planted = [bool(name) for _, _, name in made]
    found = sum(hit for hit, plant in zip(hits, planted, strict=True) if plant)
    assert found >= 0.97 * sum(planted), f"{found} of {sum(planted)} listed importers found"
    false = sum(hit for hit, plant in zip(hits, planted, strict=True) if not plant)
    assert false <= 0.03 * len(made), f"{false} declarations of clean names alerted"
