"""Prices: exact in any order, bounded, silent without enough of them; planted ones are found among like ones."""

import csv
import math
from collections import Counter
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.corridors.months import parse_month
from streams.corridors.state import Bucket, Past
from streams.findings import Finding
from streams.patterns.price_spread import price_at, spread, step_of
from streams.patterns.prices import ItemPrice, PriceFigures, PricePart, Prices, PriceState
from tests.data import data
from tests.patterns.orders import after, shuffled
from tests.patterns.trades import chips, day, trade

pytestmark = [pytest.mark.R21, pytest.mark.R22]

PRICES = Prices(PriceFigures.bundled())
FIRST = day("2022-01-01")
ROOT = Path(__file__).parents[2]

parts = st.builds(
    PricePart,
    day=st.integers(FIRST, FIRST + 90),
    regime=st.sampled_from(["IMPORT", "EXPORT"]),
    hs6=st.just("854231"),
    origin=st.just("CN"),
    destination=st.just("KG"),
    prices=st.lists(
        st.builds(
            ItemPrice,
            number=st.integers(1, 9),
            steps=st.dictionaries(st.sampled_from(["kg", "pieces"]), st.integers(-60, 60)),
        ),
        max_size=3,
    ).map(tuple),
)


@given(st.lists(parts, max_size=8), st.lists(parts, max_size=8), st.randoms(use_true_random=False))
def test_any_order_of_adding_and_taking_back_leaves_what_is_left(
    kept: list[PricePart], taken_back: list[PricePart], chance
) -> None:
    assert after(PRICES, shuffled(chance, kept, taken_back)) == after(PRICES, [(1, part) for part in kept])


@given(st.lists(parts, min_size=1, max_size=8), st.integers(0, 900))
def test_what_is_forgotten_does_not_come_back(all_parts: list[PricePart], later: int) -> None:
    state = PRICES.empty(FIRST)
    for part in all_parts:
        state = PRICES.add(state, part)
    state = PRICES.forget(state, FIRST + later)
    for part in all_parts:
        if state is not None and PRICES.period(part.day) < state.edge:
            assert PRICES.add(state, part) == state == PRICES.remove(state, part)
    assert later < 90 + 25 * 30 or state is None


@given(st.dictionaries(st.integers(-200, 200), st.integers(1, 5), min_size=1))
def test_a_spread_is_that_of_the_prices_one_by_one(counts: dict[int, int]) -> None:
    every = sorted(Counter(counts).elements())
    told = spread(counts, 0.02)
    assert told is not None
    assert told.number == len(every)
    assert told.median == every[len(every) // 2]
    assert told.low <= told.median <= told.high


@pytest.mark.parametrize("price", [0.0003, 0.5, 1.0, 77.0, 1e9])
def test_a_step_is_a_price_but_for_five_percent(price: float) -> None:
    step = step_of(price)
    assert step is not None and abs(math.log(price_at(step) / price)) < 0.024


def test_no_price_is_none() -> None:
    assert step_of(0.0) is step_of(-1.0) is step_of(math.inf) is step_of(math.nan) is None


def _goods(price: float, mass: float = 10.0, **changes):
    return trade(goods=(chips(value=price * mass, mass=mass, **changes),))


def _told(trades, asks) -> list[Finding]:
    (one,) = PRICES.contributions(asks)
    state: PriceState = PRICES.empty(FIRST)
    for past in trades:
        (given,) = PRICES.contributions(past)
        state = PRICES.add(state, given.part)
    return list(PRICES.tell(state, one.part, FIRST).findings)


ALIKE = [_goods(price) for price in (98.0, 99.0, 100.0, 101.0, 102.0) for _ in range(8)]


@pytest.mark.parametrize(
    ("factor", "code"),
    [(900, "price.above"), (1 / 500, "price.below"), (4, "price.above"), (1 / 4, "price.below")],
)
def test_a_price_out_of_line_is_said_with_its_figures(factor: float, code: str) -> None:
    (finding,) = _told(ALIKE, _goods(100 * factor))
    assert finding.code == code
    assert finding.inputs["usual"] == pytest.approx(100, rel=0.05)
    assert finding.inputs["ratio"] == pytest.approx(max(factor, 1 / factor), rel=0.06)
    assert "40 other items from CN to KG since 2022-" in finding.evidence
    assert finding.strength > 0.5


@pytest.mark.parametrize("factor", [1.0, 1.5, 1 / 1.5])
def test_an_ordinary_price_is_not(factor: float) -> None:
    assert _told(ALIKE, _goods(100 * factor)) == []


def test_few_prices_say_that_they_are_few() -> None:
    (one,) = PRICES.contributions(_goods(900.0))
    told = PRICES.tell(PRICES.empty(FIRST), one.part, FIRST)
    assert not told.findings
    assert {(missing.rule, missing.cause) for missing in told.not_evaluable} == {
        ("R21", "PAST"),
        ("R22", "PAST"),
    }


def test_without_mass_and_quantity_there_is_no_price() -> None:
    (one,) = PRICES.contributions(trade(goods=(chips(mass=None),)))
    told = PRICES.tell(PRICES.empty(FIRST), one.part, FIRST)
    assert {missing.missing for missing in told.not_evaluable} == {("declaration.goodsItems[].netMassKg",)}


def test_where_one_in_twenty_is_far_out_being_far_out_is_no_news() -> None:
    wild = [*ALIKE, *(_goods(1000.0) for _ in range(3))]
    assert _told(wild, _goods(1000.0)) == []


def test_the_measure_that_is_more_alike_judges() -> None:
    """Chips of one price a piece in packings of any mass."""
    past = [
        _goods(100.0 * 2 ** (number % 5), quantity=1000.0 * 2 ** (number % 5), unit="NAR")
        for number in range(40)
    ]
    (finding,) = _told(past, _goods(400.0, quantity=100.0, unit="NAR"))
    assert finding.inputs["unit"] == "pieces"


def test_goods_that_nobody_watches_cost_nothing() -> None:
    assert list(PRICES.contributions(trade(goods=(chips(1, "610910", None),)))) == []


def test_items_of_one_declaration_are_judged_by_each_other() -> None:
    goods = tuple(chips(number, value=1000.0, mass=10.0) for number in range(1, 40))
    (one,) = PRICES.contributions(trade(goods=(*goods, chips(40, value=90_000.0, mass=10.0))))
    told = PRICES.tell(PRICES.empty(FIRST), one.part, FIRST)
    assert [finding.subject.index for finding in told.findings] == [40]


@pytest.mark.parametrize(("factor", "found"), [(900, True), (1 / 500, True), (4, False), (1, False)], ids=str)
def test_trade_statistics_judge_where_there_are_few_prices(factor: float, found: bool) -> None:
    start = parse_month("2020-01")
    months = {start + place: Bucket(100_000, 10_000) for place in range(24)}  # EUR 1,000 and 10 kg
    past = Past(start, start + 23, months, "Eurostat, 2020-01 to 2021-12")
    (one,) = PRICES.contributions(_goods(100 * factor))
    told = PRICES.tell(PRICES.informed(PRICES.empty(FIRST), past, FIRST), one.part, FIRST)
    assert bool(told.findings) is found
    if found:
        assert "trade statistics (Eurostat, 2020-01 to 2021-12)" in told.findings[0].evidence
        assert told.findings[0].inputs["usual"] == pytest.approx(100, rel=0.05)


def test_a_corridor_of_many_prices_costs_little() -> None:
    chance, state = Random(1), PriceState()
    for number in range(5_000):
        (one,) = PRICES.contributions(_goods(100 * math.exp(chance.gauss(0, 0.5))))
        state = PRICES.add(state, PricePart(FIRST + number % 700, *msgspec.structs.astuple(one.part)[1:]))
    assert len(msgspec.msgpack.encode(state)) < 12_000


@pytest.mark.parametrize("deviation", [0.1, 0.2, 0.25])
def test_planted_prices_are_found_among_390_like_items(deviation: float) -> None:
    """As the docs say, for prices that differ by 10 to 28 %: all at 900 times and a 500th, hardly one missed at four times."""
    found, false, honest = _planted(deviation, runs=20)
    assert found[900] == found[0.002] == 20
    assert found[4] >= 19 and found[0.25] >= 19
    assert 1000 * false / honest <= 2


def _planted(deviation: float, runs: int) -> tuple[Counter[float], int, int]:
    """(found by factor, honest items said to be out of line, honest items)"""
    found: Counter[float] = Counter()
    false = honest = 0
    for seed in range(runs):
        chance = Random(seed)
        prices = [(0.0, chance.gauss(0, deviation)) for _ in range(390)]
        for factor in (900, 0.002, 4, 0.25):
            prices.insert(
                chance.randrange(60, len(prices)), (factor, math.log(factor) + chance.gauss(0, deviation))
            )
        state = PRICES.empty(FIRST)
        for factor, price in prices:
            (one,) = PRICES.contributions(_goods(100 * math.exp(price)))
            said = bool(PRICES.tell(state, one.part, FIRST).findings)
            found[factor] += said and factor > 0
            false += said and not factor
            honest += not factor
            state = PRICES.add(state, one.part)
    return found, false, honest


@pytest.mark.load
def test_the_import_items_of_bacuda_give_few_findings() -> None:
    """All goods, as if all were watched: by default only the high-priority ones among them are asked about."""
    states: dict[str, PriceState] = {}
    items = judged = 0
    said: Counter[str] = Counter()
    for row in _bacuda():
        mass, value = float(row["Net Mass"] or 0), float(row["Item Price"] or 0)
        if mass <= 0 or value <= 0:
            continue
        items += 1
        good = chips(
            1, row["HS6 Code"], None, watched="all", value=value, mass=mass, origin=row["Country of Origin"]
        )
        (one,) = PRICES.contributions(trade(row["Date"], goods=(good,), destination="KR"))
        state = states.get(one.key, PriceState())
        told = PRICES.tell(state, one.part, FIRST)
        judged += not told.not_evaluable
        said.update(finding.code for finding in told.findings)
        states[one.key] = PRICES.add(state, one.part)
    findings = sum(said.values())
    assert 1000 * findings / items <= 5
    line = f"{items:,} items, {judged:,} judged, {said['price.above']} above and {said['price.below']} below"
    assert line in (ROOT / "docs" / "prices.md").read_text()


def _bacuda() -> list[dict[str, str]]:
    rows = []
    for name in ("train", "valid"):
        with data("declarations", "wco_bacuda", f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    return sorted(rows, key=lambda row: row["Date"])
