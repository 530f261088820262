"""R31, and R05 on goods of one's own choice: corridors of what the user asks for, and of nothing else."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from streams.assessment.screening import Rulebook
from streams.baselines.codes import tracked
from streams.baselines.edition import statistics_of
from streams.baselines.file import write_baseline
from streams.baselines.readers import StatisticsRow
from streams.baselines.trade import Trade
from streams.cli.screen import Screening, engine
from streams.corridors.months import parse_month
from streams.corridors.state import CENTS
from streams.goods.control_list import ControlListError, luxury
from streams.goods.hs import editions
from streams.message_files import FileMessage
from streams.settings import Settings
from streams.watchlists.index import WatchlistIndex

pytestmark = [pytest.mark.R05, pytest.mark.R31, pytest.mark.G04]

WATCHES, FERRO = "910121", "720292"
START = datetime(2022, 6, 2, tzinfo=UTC)


def lodged(number: int, hs6: str, value: int, full: str | None = None) -> bytes:
    code = {"hs6": hs6, "hsVersion": "2022"} | ({"full": full} if full else {})
    goods = {
        "goodsItemNumber": 1,
        "commodityCode": code,
        "descriptionOfGoods": "as invoiced",
        "countryOfOrigin": "CH",
        "statisticalValue": str(value),
        "statisticalValueCurrency": "EUR",
    }
    return json.dumps(
        {
            "envelope": {
                "declarationKey": f"test|{number}",
                "versionNumber": 1,
                "eventType": "LODGED",
                "eventDateTime": (START + timedelta(days=6 * number)).isoformat(),
            },
            "declaration": {
                "regime": "IMPORT",
                "countryOfDestination": "KG",
                "parties": [{"role": "CONSIGNEE", "name": "Jibek Joly", "address": {"country": "KG"}}],
                "goodsItems": [goods],
            },
        }
    ).encode()


def screened(hs6: str, controls: str, value: int = 60_000, usual: int = 20_000, **rules: Any) -> Any:
    """The last verdict of twelve consignments in two months, from where statistics had `usual` a month before."""
    table = Trade(tracked(controls))
    months = range(parse_month("2020-01"), parse_month("2022-06"))
    table.add(
        StatisticsRow("CH", to, hs6, None, month, (euros + month % 3 * 500) * CENTS, 0)
        for month in months
        for to, euros in (("KG", usual), ("KZ", 10_000))
        if euros
    )
    table.add(StatisticsRow("CH", "KG", "610910", None, month, 100, 0) for month in months)
    known = statistics_of(list(write_baseline(table, "Example statistics", "export", "2022")))
    rulebook = Rulebook.load(**rules)
    screening = Screening(engine(Settings(), WatchlistIndex.build([]), rulebook, statistics=known))
    at = START + timedelta(days=200)
    lines = [
        line
        for number in range(12)
        for line in screening.take(FileMessage("test", number, lodged(number, hs6, value)), at)
    ]
    assert isinstance(lines[-1], bytes)
    return json.loads(lines[-1])


def told(verdict: Any) -> dict[str, str]:
    return {
        one["rule"]: one["evidence"] for one in verdict["findings"] if one["code"].startswith("corridor.")
    }


def blind(verdict: Any) -> set[str]:
    return {one["rule"] for one in verdict["notEvaluable"]}


def test_gold_watches_that_surge_are_told_of() -> None:
    verdict = screened(WATCHES, "luxury", watched=("luxury",))
    found = told(verdict)
    assert set(found) == {"R31"}
    assert (
        "HS 910121 from CH to KG: EUR 300,000" in found["R31"] and "times the usual EUR 20," in found["R31"]
    )
    assert verdict["lane"] == "GREEN", "the corridor has an alert of its own"
    assert "goods/luxury" in verdict["versions"]["tables"]


def test_one_loading_may_cover_several_lists() -> None:
    assert set(told(screened(WATCHES, "chpl,luxury", watched=("luxury",)))) == {"R31"}


def test_gold_watches_that_were_never_sent_there_are_told_of() -> None:
    found = told(screened(WATCHES, "luxury", usual=0, watched=("luxury",)))
    assert "never seen in the 29 months before 2022-06" in found["R31"]


def test_the_usual_trade_in_watches_is_not() -> None:
    verdict = screened(WATCHES, "luxury", value=3_500, watched=("luxury",))
    assert not told(verdict) and not {"R31"} & blind(verdict)


def test_a_stream_that_knows_nothing_of_them_says_so() -> None:
    rulebook = Rulebook.load(watched=("luxury",))
    screening = Screening(engine(Settings(), WatchlistIndex.build([]), rulebook))
    [line] = screening.take(FileMessage("test", 1, lodged(1, WATCHES, 60_000)), START + timedelta(days=30))
    assert isinstance(line, bytes) and "R31" in blind(json.loads(line))


def test_what_nobody_asks_for_is_on_no_corridor() -> None:
    verdict = screened(WATCHES, "luxury")
    assert not told(verdict) and not {"R31", "R05", "R08"} & blind(verdict)


@pytest.mark.parametrize("codes", ["hs6\n720292\n", "cn8\n72029200\n", "code\n7202\n"])
def test_goods_of_ones_own_list_are_watched_where_it_is_named(tmp_path: Path, codes: str) -> None:
    own = tmp_path / "ferro.csv"
    own.write_text(codes)
    lists = {"ferro": own}
    assert set(told(screened(FERRO, "all", control_lists=lists, watched=("ferro",)))) == {"R05"}
    assert set(told(screened(FERRO, "all", usual=0, control_lists=lists, watched=("ferro",)))) == {"R08"}
    assert not told(screened(FERRO, "all", control_lists=lists))


def test_a_list_that_is_not_there_is_named() -> None:
    with pytest.raises(ControlListError, match="no control list 'yachts' to be watched: luxury, chpl"):
        Rulebook.load(watched=("yachts",))


def test_luxury_goods_are_codes_of_2022_and_none_of_them_is_sought_after_for_weapons() -> None:
    hs, chpl = editions(), Rulebook.load().high_priority
    for code in luxury().entries:
        assert len(code) == 6 and hs.convert(code, "2022", "2022") == (code,)
        assert chpl.match(code) is None
