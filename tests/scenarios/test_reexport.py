"""R19: imported, then sent on by the same firm, its innocent twins and what it needs."""

import pytest
from msgspec.structs import replace

from streams.patterns.reexport import Reexport, ReexportFigures
from streams.patterns.trade import DeclaredTrade
from tests.patterns.trades import blind, chips, codes, firm, found, gravity, shirts, told, trade

pytestmark = pytest.mark.R19

REEXPORT = Reexport(gravity(), ReexportFigures.bundled())
KYRGYZ = firm(number="KG0221")


def pieces(quantity: float | None, **changes):
    return chips(quantity=quantity, unit="NAR", **changes)


def came_in(on: str, quantity: float | None = 1000, taker=KYRGYZ, **changes) -> DeclaredTrade:
    return trade(on, goods=(pieces(quantity, **changes.pop("good", {})),), takers=(taker,), **changes)


def went_out(
    on: str = "2022-06-15", quantity: float | None = 1000, to: str | None = "RU", **changes
) -> DeclaredTrade:
    """Moved on within the customs union: no declaration, but a statistical form."""
    defaults = {
        "regime": "INTRA_UNION_MOVEMENT",
        "dispatch": "KG",
        "destination": to,
        "senders": (firm(number="KG0221", role="CONSIGNOR", index=0),),
        "takers": (firm("Moskva Opt", country="RU"),),
        "goods": (pieces(quantity, **changes.pop("good", {})),),
    }
    return trade(on, **defaults | changes)


def test_chips_from_china_in_may_go_to_russia_in_june() -> None:
    answer = told(REEXPORT, [came_in("2022-05-10")], went_out(quantity=950))
    assert codes(answer) == {"reexport.matched"}
    finding = found(answer, "reexport.matched")
    assert finding.strength == 1.0
    assert finding.evidence == (
        "Consignor Ala-Too Trade sends 950 pieces of HS 854231 (high-priority, tier 1) to RU; it got 100% of that since "
        "2022-05-10, 36 days before. Of all it got in 90 days, 95% has gone out again."
    )


@pytest.mark.parametrize("regime", ["EXPORT", "REEXPORT", "INTRA_UNION_MOVEMENT"])
@pytest.mark.parametrize("taking", ["CONSIGNEE", "IMPORTER", "BUYER"])
@pytest.mark.parametrize("sending", ["EXPORTER", "CONSIGNOR", "SELLER"])
def test_in_whatever_role_the_firm_stands(regime: str, taking: str, sending: str) -> None:
    past = [came_in("2022-05-10", taker=firm(number="KG0221", role=taking))]
    asks = went_out(regime=regime, senders=(firm(number="KG0221", role=sending, index=0),))
    assert codes(told(REEXPORT, past, asks)) == {"reexport.matched"}


def test_sent_on_a_second_time_within_the_union() -> None:
    first = went_out("2022-05-10", to="KZ", takers=(firm("Almaty Opt", number="KZ77", country="KZ"),))
    asks = went_out(dispatch="KZ", senders=(firm("Almaty Opt", "EXPORTER", number="KZ77"),))
    assert codes(told(REEXPORT, [first], asks)) == {"reexport.matched"}


def test_half_of_what_goes_out_is_enough_and_less_is_not() -> None:
    assert found(told(REEXPORT, [came_in("2022-05-10", 500)], went_out()), "reexport.matched")
    answer = told(REEXPORT, [came_in("2022-05-10", 499)], went_out())
    assert not answer.findings and not answer.not_evaluable


def test_what_was_sent_on_already_is_not_there_any_more() -> None:
    past = [came_in("2022-05-10"), went_out("2022-06-01", 600)]
    assert found(told(REEXPORT, past, went_out(quantity=800)), "reexport.matched").inputs["matched"] == 0.5
    assert not told(REEXPORT, past, went_out(quantity=801)).findings


def test_what_came_in_first_goes_out_first() -> None:
    # The leg of May used up what came in February; what came in April is still there.
    past = [came_in("2022-02-20", 700), came_in("2022-04-20", 700), went_out("2022-05-01", 700)]
    finding = found(told(REEXPORT, past, went_out(quantity=700)), "reexport.matched")
    assert finding.inputs["matched"] == 1.0
    assert finding.inputs["since"] == "2022-04-20"


def test_goods_of_four_months_ago_are_stock() -> None:
    assert not told(REEXPORT, [came_in("2022-02-10")], went_out()).findings


def test_a_house_that_sells_at_home_and_now_and_then_abroad() -> None:
    past = [came_in(f"2022-{month:02}-{day:02}") for month in (4, 5) for day in (1, 11, 21)]
    assert not told(REEXPORT, past, went_out(quantity=500)).findings
    half = told(REEXPORT, [*past, went_out("2022-06-01", 1000)], went_out(quantity=500))
    assert 0.3 < found(half, "reexport.matched").strength < 0.6


def test_goods_that_go_back_where_they_came_from_are_a_return() -> None:
    past = [came_in("2022-05-10", dispatch="UZ")]
    assert not told(REEXPORT, past, went_out(to="UZ", regime="REEXPORT")).findings
    assert told(REEXPORT, past, went_out(to="TJ", regime="REEXPORT")).findings


def test_to_a_country_of_no_concern_nobody_asks() -> None:
    assert not [one for one in REEXPORT.contributions(went_out(to="DE", regime="EXPORT")) if one.asks]
    assert not [one for one in REEXPORT.contributions(went_out("2022-01-15")) if one.asks]


def test_a_wider_circle_counts_less() -> None:
    past = [came_in("2022-05-10")]
    strength = {
        to: found(told(REEXPORT, past, went_out(to=to)), "reexport.matched").strength for to in ("UZ", "TR")
    }
    assert strength == {"UZ": 1.0, "TR": 0.6}


def test_other_goods_and_other_firms_do_not_match() -> None:
    past = [
        came_in("2022-05-10", good={"hs6": "854232"}),
        came_in("2022-05-10", taker=firm("Osh Electronics")),
    ]
    assert not told(REEXPORT, past, went_out()).findings


def test_goods_that_nobody_follows_have_no_key() -> None:
    assert not list(REEXPORT.contributions(went_out(goods=(shirts(),))))
    assert not list(REEXPORT.contributions(came_in("2022-05-10", cancelled=True)))


def test_a_code_of_the_table_is_followed() -> None:
    shirts_too = Reexport(gravity(), replace(ReexportFigures.bundled(), codes=("610910",)))
    past = [trade("2022-05-10", goods=(shirts(),), takers=(KYRGYZ,))]
    assert codes(told(shirts_too, past, went_out(goods=(shirts(),)))) == {"reexport.matched"}


def test_what_bears_a_later_day_does_not_count() -> None:
    past = [came_in("2022-06-16"), went_out("2022-06-20")]
    assert not told(REEXPORT, past, went_out(), forget=False).findings


def test_two_legs_out_on_one_day_find_the_same_goods() -> None:
    past = [came_in("2022-05-10"), went_out()]
    assert found(told(REEXPORT, past, went_out()), "reexport.matched").inputs["matched"] == 1.0


# ---- quantities ----
def test_units_first_and_mass_where_units_differ() -> None:
    light = trade("2022-05-10", goods=(chips(quantity=1000, unit="796", mass=2.0),), takers=(KYRGYZ,))
    same_unit = went_out(good={"mass": 10.0})
    assert found(told(REEXPORT, [light], same_unit), "reexport.matched").inputs["matched"] == 1.0
    other_unit = went_out(goods=(chips(quantity=1000, unit="NPR", mass=10.0),))
    answer = told(REEXPORT, [light], other_unit)
    assert not answer.findings and not answer.not_evaluable  # 2 of 10 kg


def test_without_units_or_mass_in_common_nothing_can_be_matched() -> None:
    nothing = went_out(goods=(chips(mass=None),))
    answer = told(REEXPORT, [came_in("2022-05-10")], nothing)
    assert blind(answer) == {"R19"} and not answer.findings
    assert answer.not_evaluable[0].missing[0] == "declaration.goodsItems[].netMassKg"
    unknown = trade("2022-05-10", goods=(chips(mass=None),), takers=(KYRGYZ,))
    assert blind(told(REEXPORT, [unknown], went_out())) == {"R19"}


def test_an_item_without_mass_leaves_the_lot_without_one() -> None:
    goods = (chips(1, mass=5.0), chips(2, mass=None))
    assert blind(told(REEXPORT, [came_in("2022-05-10")], went_out(goods=goods))) == {"R19"}


def test_without_a_sender_or_a_destination_nothing_can_be_told() -> None:
    nobody = told(REEXPORT, [came_in("2022-05-10")], went_out(senders=()))
    assert nobody.not_evaluable[0].missing == ("declaration.parties[EXPORTER]",)
    nowhere = told(REEXPORT, [came_in("2022-05-10")], went_out(to=None))
    assert nowhere.not_evaluable[0].missing == ("declaration.countryOfDestination",)


def test_while_memory_is_young_what_came_in_may_not_have_been_seen() -> None:
    answer = told(REEXPORT, [], went_out(), began="2022-05-01")
    assert answer.not_evaluable[0].missing == ("90 days of trade remembered",)
    assert not told(REEXPORT, [], went_out(), began="2022-03-17").not_evaluable
