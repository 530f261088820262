"""Corridors on trade made up month by month: what must speak, what must stay silent, and that nothing depends on order."""

import copy
import random
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from streams.corridors.episodes import Episode, advance, episodes
from streams.corridors.explain import explain
from streams.corridors.months import month_text, parse_month
from streams.corridors.settings import settings
from streams.corridors.state import Amount, Corridor, apply, new_corridor
from tests.examples import tried

pytestmark = [pytest.mark.R05, pytest.mark.R08, pytest.mark.R10]

START = parse_month("2020-01")
S = settings()
THOUSAND = 1000


def trade(values: Sequence[float], *, counts: Sequence[int] = (), start: int = START) -> Corridor:
    """A corridor with these values by month, in thousands; consignments where they are counted."""
    corridor = new_corridor(start)
    for place, value in enumerate(values):
        amount = Amount(
            month=start + place,
            value=round(value * THOUSAND * 100),
            count=counts[place] if counts else 0,
        )
        assert apply(corridor, amount)
    return corridor


def alerts(corridor: Corridor) -> list[Episode]:
    return list(episodes(corridor, S, max(corridor.months)))


def noisy(months: int, level: float, spread: float, seed: int) -> list[float]:
    rng = random.Random(seed)
    return [level * rng.lognormvariate(0, spread) for _ in range(months)]


def test_a_trade_that_grows_tenfold_is_one_surge_from_its_second_month() -> None:
    [one] = alerts(trade([*noisy(24, 20, 0.4, 1), 200, 220, 260, 240]))
    assert (one.kind, month_text(one.start), month_text(one.opened)) == ("SURGE", "2022-01", "2022-02")
    assert (one.outcome, one.closed) == ("OPEN", None)
    assert one.total == 920 * THOUSAND
    assert (one.peak, month_text(one.peak_month)) == (260 * THOUSAND, "2022-03")
    assert one.ratio is not None and 8 < one.ratio < 14


def test_a_surge_closes_after_three_quiet_months_and_is_no_part_of_the_usual() -> None:
    [first, second] = alerts(trade([*noisy(24, 20, 0.4, 2), 200, 300, 200, *noisy(6, 20, 0.4, 3), 200, 300]))
    assert (first.outcome, month_text(first.last)) == ("ENDED", "2022-03")
    assert first.closed is not None and month_text(first.closed) == "2022-06"
    assert month_text(second.start) == "2022-10"
    assert second.usual == pytest.approx(first.usual, rel=0.3)


def test_what_holds_a_year_is_the_usual() -> None:
    found = alerts(trade([*noisy(24, 20, 0.3, 4), *noisy(20, 300, 0.3, 5)]))
    assert [one.outcome for one in found] == ["SETTLED"]


def test_a_trade_tripled_for_half_a_year_speaks_though_no_month_of_it_would() -> None:
    values = [*noisy(24, 1000, 0.55, 7), *[3000] * 6]
    [one] = alerts(trade(values))
    assert one.opened - one.start == 5
    assert alerts(trade(values[:-1])) == []


@pytest.mark.parametrize("seed", range(40))
def test_steady_trade_is_silent(seed: int) -> None:
    assert alerts(trade(noisy(36, 50, 0.5, seed))) == []


def test_steady_trade_is_nearly_always_silent_whatever_its_spread() -> None:
    months = loud = 0
    for seed in range(150):
        corridor = trade(noisy(36, 60, 0.3 + 0.9 * seed / 150, 1000 + seed))
        loud += len(alerts(corridor))
        months += 22
    assert loud / months < 0.002


@pytest.mark.parametrize("growth", [0.02, 0.04, 0.06])
def test_a_trade_that_grows_steadily_is_silent(growth: float) -> None:
    noise = noisy(36, 1, 0.15, 8)
    assert alerts(trade([50 * (1 + growth) ** month * noise[month] for month in range(36)])) == []


@pytest.mark.parametrize("peak", [range(11, 13), range(5, 9), range(3, 4)])
def test_a_seasonal_good_is_silent_in_its_season_even_a_good_year(peak: range) -> None:
    year = [300 if month + 1 in peak else 10 for month in range(12)]
    assert alerts(trade([*year, *[1.1 * v for v in year], *[1.25 * v for v in year]])) == []


def test_a_seasonal_good_out_of_its_season_is_a_surge() -> None:
    year = [90 if month in (5, 6) else 10 for month in range(12)]
    found = alerts(trade([*year, *year, 10, 400, 500]))
    assert [month_text(one.start) for one in found] == ["2022-02"]


def test_one_large_consignment_is_no_surge() -> None:
    assert alerts(trade([*noisy(24, 20, 0.4, 9), 900, 20, 22, 18])) == []


def test_nothing_is_told_before_a_year_is_known() -> None:
    assert alerts(trade([10] * 12 + [500, 600])) == []
    assert alerts(trade([10] * 13 + [500, 600])) != []


def test_a_surge_of_pocket_money_is_none() -> None:
    assert alerts(trade([*[0.5] * 24, 15, 16, 15])) == []


def test_a_good_never_seen_for_two_years_is_a_new_trade() -> None:
    [one] = alerts(trade([0] * 26 + [30, 45]))
    assert (one.kind, one.ratio, month_text(one.start), month_text(one.opened)) == (
        "NEW_TRADE",
        None,
        "2022-03",
        "2022-04",
    )


def test_a_new_trade_cannot_be_told_while_the_baseline_is_younger_than_two_years() -> None:
    assert alerts(trade([0] * 23 + [40, 45, 50])) == []


@pytest.mark.parametrize(
    "ordinary",
    [
        [2, 3, 4, 4, 5, 6, 6, 7],
        [120, 0, 0, 0, 0, 0, 0, 0],
        [0.4, 0.3, 0, 0.6, 0.2, 0, 0.8, 0.3],
    ],
    ids=["grows from a small start", "a single machine", "gifts and samples"],
)
def test_new_trade_of_an_ordinary_kind_is_silent(ordinary: list[float]) -> None:
    assert alerts(trade([0] * 26 + ordinary)) == []


def test_a_trade_seen_within_two_years_is_not_new() -> None:
    values = [0.0] * 36
    values[14] = 40
    values[28:30] = [30, 30]
    assert "NEW_TRADE" not in {one.kind for one in alerts(trade(values))}


def test_consignments_counted_make_a_single_month_enough() -> None:
    values, counts = [20.0] * 24 + [300], [4] * 24
    [one] = alerts(trade(values, counts=[*counts, 40]))
    assert one.opened == one.start
    assert alerts(trade(values, counts=[*counts, 2])) == []
    assert alerts(trade(values)) == []


def test_two_consignments_are_no_pattern_where_they_are_counted() -> None:
    values = [*[4.0, 0, 3, 0, 0, 5] * 4, 40, 45]
    counts = [1 if value else 0 for value in values]
    assert alerts(trade(values, counts=counts)) == []
    [one] = alerts(trade(values, counts=[*counts[:-2], 9, 9]))
    assert one.consignments == 18


def test_a_month_under_way_raises_but_only_whole_months_end() -> None:
    corridor = trade([*noisy(24, 20, 0.4, 10), 200, 220, 1, 1, 1])
    through = max(corridor.months)
    assert [one.outcome for one in episodes(corridor, S, through)] == ["ENDED"]
    assert [one.outcome for one in episodes(corridor, S, through - 1)] == ["OPEN"]


def test_an_amendment_that_corrects_a_typing_error_withdraws_the_alert() -> None:
    corridor = trade([*noisy(24, 20, 0.4, 11), 150, 20])
    wrong = Amount(month=START + 25, value=300 * THOUSAND * 100)
    before = episodes(corridor, S, START + 25)
    apply(corridor, wrong)
    raised = episodes(corridor, S, START + 25)
    apply(corridor, wrong, -1)
    after = episodes(corridor, S, START + 25)
    assert before == after == () != raised


def test_growth_is_an_update_of_the_same_alert() -> None:
    corridor = trade([*noisy(24, 20, 0.4, 12), 150, 170])
    before = episodes(corridor, S, START + 25)
    apply(corridor, Amount(month=START + 26, value=400 * THOUSAND * 100))
    after = episodes(corridor, S, START + 26)
    assert [(one.kind, one.start) for one in after] == [(one.kind, one.start) for one in before]
    assert after != before


def test_a_wave_of_new_firms_speaks_and_old_firms_do_not() -> None:
    corridor = new_corridor(START)
    number = 0
    for month in range(36):
        for _ in range(2):
            number += 1
            apply(corridor, Amount(month=START + month, value=100, count=1, consignee=number))
    assert episodes(corridor, S, START + 35) == ()
    old = copy.deepcopy(corridor)
    for firm in range(1, 21):
        apply(old, Amount(month=START + 36, value=100, count=1, consignee=firm))
        apply(corridor, Amount(month=START + 36, value=100, count=1, consignee=1000 + firm))
    assert [one for one in episodes(old, S, START + 36) if one.kind == "NEW_FIRMS"] == []
    [one] = [one for one in episodes(corridor, S, START + 36) if one.kind == "NEW_FIRMS"]
    assert (one.value, one.usual) == (20, 2)


def test_new_firms_are_not_told_while_every_firm_is_new() -> None:
    corridor = new_corridor(START)
    for month in range(23):
        for firm in range(40 if month == 22 else 1):
            apply(corridor, Amount(month=START + month, value=100, consignee=month * 100 + firm))
    assert episodes(corridor, S, START + 22) == ()


def test_firms_are_not_new_where_only_statistics_tell_of_the_years_before() -> None:
    corridor = new_corridor(START)
    corridor.firms_since = START + 30
    for firm in range(100):
        apply(corridor, Amount(month=START + 30 + firm % 3, value=100, count=1, consignee=firm))
    assert episodes(corridor, S, START + 33) == ()
    corridor.firms_since = None
    assert episodes(corridor, S, START + 33) == ()


def test_an_explanation_is_one_sentence_with_its_figures() -> None:
    [one] = alerts(trade([*[20.0] * 24, 200, 250]))
    text = explain(one, goods="901310 (telescopic sights)", road="to KG")
    assert text.startswith(
        "901310 (telescopic sights) to KG: EUR 225,000 a month from 2022-01 to 2022-02, 11.2 times the usual EUR 20,000"
    )
    assert "EUR 450,000 from 2022-01 to 2022-02" in text
    assert text.count(". ") == 0 and text.endswith(".")


# What is remembered


def _size(corridor: Corridor) -> int:
    return len(msgspec.msgpack.encode(corridor))


def _stored(corridor: Corridor) -> Corridor:
    return msgspec.msgpack.decode(msgspec.msgpack.encode(corridor), type=Corridor)


amounts = st.builds(
    Amount,
    month=st.integers(START, START + 47),
    value=st.integers(0, 10**8),
    mass=st.integers(0, 10**6),
    count=st.integers(0, 3),
    consignee=st.none() | st.integers(0, 6),
)


@hypothesis_settings(deadline=None, max_examples=tried(150))
@given(kept=st.lists(amounts, max_size=60), gone=st.lists(amounts, max_size=20), seed=st.integers())
def test_late_data_and_what_is_taken_back_leave_the_state_of_a_recount(
    kept: list[Amount], gone: list[Amount], seed: int
) -> None:
    recount = new_corridor(START)
    for one in kept:
        apply(recount, one)
    steps = [(one, 1) for one in [*kept, *gone]]
    random.Random(seed).shuffle(steps)
    for one in gone:  # each is taken back some time after it came
        place = steps.index((one, 1)) + 1
        steps.insert(random.Random(seed).randint(place, len(steps)), (one, -1))
    stream = new_corridor(START)
    for one, sign in steps:
        apply(stream, one, sign)
        stream = _stored(stream)
    assert stream.months == recount.months
    assert stream.firms == recount.firms
    assert episodes(stream, S, START + 47) == episodes(recount, S, START + 47)


@hypothesis_settings(deadline=None, max_examples=tried(60))
@given(
    levels=st.lists(st.sampled_from([0, 0, 5, 20, 20, 25, 90, 300, 800]), min_size=60, max_size=90),
    every=st.integers(1, 7),
)
def test_forgetting_old_months_changes_no_alert(levels: list[int], every: int) -> None:
    whole, lean = new_corridor(START), new_corridor(START)
    final: list[Episode] = []
    for place, level in enumerate(levels):
        month = START + place
        amount = Amount(
            month=month, value=level * THOUSAND * 100, count=level // 5, consignee=place * level % 11
        )
        apply(whole, amount)
        assert apply(lean, amount)
        if place % every == 0:
            final += advance(lean, S, month)
    last = START + len(levels) - 1
    # What a trimmed state reports of an episode is as good as the months it kept.
    told = [*final, *episodes(lean, S, last)]
    assert [(one.kind, one.start, one.opened, one.closed, one.total) for one in sorted(told, key=_order)] == [
        (one.kind, one.start, one.opened, one.closed, one.total)
        for one in sorted(episodes(whole, S, last), key=_order)
    ]


def _order(one: Episode) -> tuple[int, str]:
    return one.start, one.kind


def test_months_before_the_edge_are_refused_and_what_came_before_them_stays() -> None:
    corridor = trade([20] * 40)
    advance(corridor, S, START + 39)
    assert corridor.edge == START + 28
    before = copy.deepcopy(corridor)
    assert not apply(corridor, Amount(month=START + 27, value=1))
    assert corridor == before
    assert apply(corridor, Amount(month=START + 28, value=1))


def test_a_corridor_traded_every_month_costs_about_a_kilobyte() -> None:
    corridor = new_corridor(START)
    for month in range(120):
        apply(
            corridor,
            Amount(month=START + month, value=98_765_432_10, mass=12_345_678, count=40, consignee=None),
        )
        advance(corridor, S, START + month)
    assert len(corridor.months) == S.kept_months + S.history.late_months
    assert _size(corridor) < 1200


def test_a_firm_costs_little_and_is_forgotten_in_the_end() -> None:
    corridor = new_corridor(START)
    for month in range(120):
        apply(corridor, Amount(month=START + month, count=1, consignee=2**63 + month))
        advance(corridor, S, START + month)
    assert len(corridor.firms) <= S.new_firms.forget_months + S.history.late_months
    with_firms = _size(corridor)
    corridor.firms = {}
    assert (with_firms - _size(corridor)) / 48 < 20
