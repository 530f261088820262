"""Red flags of a firm's past (R06, R07, R09, R28), each with its innocent twin and what it needs."""

import pytest

from streams.patterns.contract import PatternAdvice
from streams.patterns.firms import FirmFigures, FirmPasts
from streams.patterns.memory import Book, StoredContribution, observations, parts_of
from streams.patterns.trade import DeclaredTrade
from tests.ledger import Ledger
from tests.patterns.trades import (
    BEGAN,
    blind,
    chips,
    codes,
    day,
    firm,
    found,
    gravity,
    shirts,
    told,
    trade,
)

pytestmark = [pytest.mark.R06, pytest.mark.R07, pytest.mark.R09, pytest.mark.R28]

FIRMS = FirmPasts(gravity(), FirmFigures.bundled())
OLD = [trade(on, goods=(shirts(),)) for on in ("2021-03-01", "2021-09-01", "2022-03-01")]
CHIPS_BEFORE = [trade(on) for on in ("2021-03-01", "2021-09-01", "2022-03-01")]


# ---- R06 ----
def test_a_firm_never_seen_that_gets_chips() -> None:
    answer = told(FIRMS, [], trade())
    assert codes(answer) == {"firm.new"}
    finding = found(answer, "firm.new")
    assert finding.strength == 1.0
    assert finding.subject.label == "consignee Ala-Too Trade"
    assert finding.evidence == (
        "Consignee Ala-Too Trade takes HS 854231 (high-priority, tier 1), worth EUR 60,000, for KG; no trade of it is known "
        "before the week of 2022-06-13, of 896 days remembered."
    )


def alarms(answer: PatternAdvice) -> set[str]:
    """What speaks against a firm: that it has long had such goods speaks for it."""
    return codes(answer) - {"firm.established"}


def test_a_firm_that_long_took_such_goods_is_established() -> None:
    past = [trade(on) for on in ("2021-03-01", "2021-09-01", "2022-03-01")]
    assert codes(told(FIRMS, past, trade())) == {"firm.established"}
    assert not told(FIRMS, past[1:], trade()).findings, "two weeks of it are no past"


def test_a_firm_that_traded_before_is_not_new() -> None:
    assert not alarms(told(FIRMS, CHIPS_BEFORE, trade()))


def test_a_test_consignment_a_week_before_makes_no_old_firm() -> None:
    answer = told(FIRMS, [trade("2022-06-01", goods=(shirts(),))], trade())
    assert codes(answer) == {"firm.new"}
    assert "before the week of 2022-05-30" in found(answer, "firm.new").evidence


def test_all_declarations_of_its_first_day_find_a_firm_new() -> None:
    assert codes(told(FIRMS, [trade(), trade()], trade())) == {"firm.new"}


def test_a_firm_that_moved_is_not_new() -> None:
    here = firm(number="KG0221", address="chuy 12 bishkek")
    there = firm(number="KG0221", address="lenina 4 osh")
    past = [trade(on, takers=(here,)) for on in ("2021-03-01", "2022-03-01")]
    assert not alarms(told(FIRMS, past, trade(takers=(there,))))


def test_a_firm_known_from_another_role_is_not_new() -> None:
    past = [trade("2021-03-01", takers=(firm(role="BUYER"),)), trade("2022-03-01")]
    assert not alarms(told(FIRMS, past, trade()))


def test_what_bears_a_later_day_and_came_before_makes_no_past() -> None:
    later = [trade("2022-07-20"), trade("2022-06-16")]
    assert codes(told(FIRMS, later, trade(), forget=False)) == {"firm.new"}


def test_while_memory_is_young_nobody_is_new() -> None:
    answer = told(FIRMS, [], trade(), began="2022-03-01")
    assert not alarms(answer)
    assert blind(answer) == {"R06", "R07", "R28", "R09"}
    assert answer.not_evaluable[1].missing == ("180 days of trade remembered",)


def test_a_firm_that_was_seen_is_known_to_be_old_however_young_the_memory() -> None:
    answer = told(FIRMS, [trade("2022-03-01")], trade(), began="2022-02-25")
    assert not alarms(answer)
    assert blind(answer) == {"R09"}


@pytest.mark.parametrize(
    "changes",
    [
        {"goods": (shirts(),)},
        {"destination": "DE"},
        {"destination": "TW"},
        {"destination": "MN"},
        {"takers": (firm(country="DE"),)},
        {"cancelled": True},
    ],
    ids=[
        "no goods of concern",
        "coalition",
        "coalition in a circle",
        "elsewhere",
        "a German buyer",
        "cancelled",
    ],
)
def test_most_trade_does_not_ask(changes: dict) -> None:
    assert not any(one.asks for one in FIRMS.contributions(trade(**changes)))


def test_before_the_war_nobody_asks() -> None:
    assert not any(one.asks for one in FIRMS.contributions(trade("2022-02-23")))
    assert any(one.asks for one in FIRMS.contributions(trade("2022-02-24")))


def test_it_says_more_of_sought_after_goods_near_the_war_and_of_value() -> None:
    def strength(**changes) -> float:
        return found(told(FIRMS, [], trade(**changes)), "firm.new").strength

    assert strength(goods=(chips(tier="4.B"),)) == 0.5
    assert strength(destination="TR") == 0.6
    assert strength(goods=(chips(value=500.0),)) == 0.5
    assert 0.5 < strength(goods=(chips(value=10_000.0),)) < 1.0
    assert strength(goods=(chips(value=None),)) == 1.0


# ---- R07 ----
def test_an_old_firm_that_never_had_such_goods() -> None:
    answer = told(FIRMS, OLD, trade())
    assert codes(answer) == {"firm.new_goods"}
    finding = found(answer, "firm.new_goods")
    assert finding.strength == 0.4
    assert "of its 3 declarations since 2021-03-01 none high-priority" in finding.evidence


def test_such_goods_again_and_again_are_a_new_trade() -> None:
    weeks = [trade(on) for on in ("2022-05-10", "2022-05-17", "2022-05-24")]
    finding = found(told(FIRMS, OLD + weeks, trade()), "firm.new_goods")
    assert finding.strength > 0.99
    assert "none high-priority but 3 of the last 13 weeks" in finding.evidence


def test_a_house_that_trades_in_everything_is_less_odd() -> None:
    past = [
        trade(f"2021-{month:02}-{on:02}", goods=(shirts(),)) for month in range(1, 13) for on in range(1, 7)
    ]
    finding = found(told(FIRMS, past, trade("2022-02-25")), "firm.new_goods")
    assert finding.strength == 0.28


def test_a_firm_that_comes_to_more_sought_after_goods() -> None:
    past = [trade(on, goods=(chips(hs6="848210", tier="4.B"),)) for on in ("2021-09-01", "2022-03-01")]
    finding = found(told(FIRMS, past, trade()), "firm.new_goods")
    assert finding.strength == 0.2
    assert "none of tier 1, only of 4.B" in finding.evidence


def test_less_sought_after_goods_than_before_are_nothing_new() -> None:
    assert not alarms(told(FIRMS, CHIPS_BEFORE, trade(goods=(chips(hs6="848210", tier="4.B"),))))


def test_chips_for_home_count_as_known() -> None:
    past = [trade("2021-09-01", destination="DE"), trade("2022-03-01", destination="DE")]
    assert not alarms(told(FIRMS, past, trade()))


# ---- R28 ----
def test_a_firm_that_slept_for_a_year_and_wakes_with_chips() -> None:
    answer = told(FIRMS, [trade("2021-01-15"), trade("2021-03-01")], trade())
    assert codes(answer) == {"firm.dormant"}
    assert (
        "after 67 weeks without any trade: it was seen last in the week of 2021-03-01"
        in found(answer, "firm.dormant").evidence
    )


def test_it_wakes_with_shirts_first() -> None:
    past = [trade("2021-03-01"), trade("2022-06-01", goods=(shirts(),))]
    assert codes(told(FIRMS, past, trade())) == {"firm.dormant"}


def test_a_firm_that_buys_once_a_year_was_not_asleep() -> None:
    assert not alarms(told(FIRMS, [trade("2020-06-10"), trade("2021-06-10")], trade("2022-06-20")))


def test_half_a_year_is_no_sleep() -> None:
    assert not alarms(told(FIRMS, [trade("2021-12-15")], trade()))


def test_a_firm_of_which_nothing_is_left_is_new_again() -> None:
    state = FIRMS.add(FIRMS.empty(0), next(iter(FIRMS.contributions(trade("2020-06-15")))).part)
    assert FIRMS.forget(state, trade("2022-06-15").day) is not None
    assert FIRMS.forget(state, trade("2023-07-15").day) is None


# ---- R09 ----
@pytest.mark.parametrize(
    ("incorporated", "strength", "says"),
    [
        ("2022-05-01", 1.0, "incorporated on 2022-05-01, 45 days before"),
        ("2022-07-01", 1.0, "16 days after this declaration"),
    ],
)
def test_a_firm_founded_for_the_purpose(incorporated: str, strength: float, says: str) -> None:
    finding = found(told(FIRMS, CHIPS_BEFORE, trade(takers=(firm(incorporated=incorporated),))), "firm.young")
    assert finding.strength == strength
    assert says in finding.evidence


def test_founded_since_the_war_counts_half_in_a_diversion_destination() -> None:
    late = trade("2023-06-15", takers=(firm(incorporated="2022-03-10"),))
    assert found(told(FIRMS, [], late), "firm.young").strength == 0.5
    elsewhere = trade("2023-06-15", takers=(firm(incorporated="2022-03-10", country="RU"),), destination="RU")
    assert found(told(FIRMS, [], elsewhere), "firm.young") is None


def test_an_old_firm_by_the_register_is_not_young() -> None:
    assert not alarms(told(FIRMS, CHIPS_BEFORE, trade(takers=(firm(incorporated="2009-03-10"),))))


@pytest.mark.parametrize("incorporated", [None, "", "last spring"])
def test_without_the_registers_date_nobody_is_young(incorporated: str | None) -> None:
    answer = told(FIRMS, CHIPS_BEFORE, trade(takers=(firm(incorporated=incorporated),)))
    assert not alarms(answer)
    assert blind(answer) == {"R09"}
    assert answer.not_evaluable[0].missing == ("declaration.parties[].registry.incorporationDate",)


# ---- amendments and cancellations ----
def lived(*versions: tuple[str, DeclaredTrade]) -> dict[str, PatternAdvice]:
    """Declaration -> what it was told last; versions of a declaration replace each other, in the order given."""
    ledger = Ledger(Book((FIRMS,)), day(BEGAN))
    known: dict[str, dict[str, StoredContribution]] = {}
    last: dict[str, PatternAdvice] = {}
    for offset, (declaration, version) in enumerate(versions):
        after = parts_of(version, (FIRMS,))
        changes = observations(declaration, known.get(declaration, {}), after, 0, offset, version.day)
        known[declaration] = after
        for answer in ledger.observe(changes):
            last[declaration] = answer.told
    return last


def test_a_name_typed_wrong_and_put_right_is_an_old_firm() -> None:
    old = [(f"old {at}", one) for at, one in enumerate(CHIPS_BEFORE)]
    typo = ("now", trade(takers=(firm("Ala-Too Trdae"),)))
    assert codes(lived(*old, typo)["now"]) == {"firm.new"}
    assert not alarms(lived(*old, typo, ("now", trade()))["now"])


def test_a_past_that_was_cancelled_is_none() -> None:
    past = ("old", trade("2022-03-01"))
    assert not lived(past, ("now", trade()))["now"].findings
    gone = ("old", trade("2022-03-01", cancelled=True))
    assert codes(lived(past, gone, ("now", trade()))["now"]) == {"firm.new"}


def test_an_amendment_of_the_first_declaration_does_not_make_the_firm_old() -> None:
    amended = ("now", trade(goods=(chips(value=70_000.0),)))
    assert codes(lived(("now", trade()), amended)["now"]) == {"firm.new"}
