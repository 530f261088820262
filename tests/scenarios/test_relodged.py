"""R15: cancelled, and lodged again for another consignee or destination; its innocent twins and what the rule needs."""

from dataclasses import dataclass

import pytest

from streams.patterns.relodged import Relodged, RelodgedFigures
from streams.patterns.trade import DeclaredTrade
from tests.patterns.trades import blind, chips, codes, firm, found, gravity, shirts, told, trade

pytestmark = pytest.mark.R15

RELODGED = Relodged(gravity(), RelodgedFigures.bundled())
MAKER = firm("Bauteile GmbH", "EXPORTER", index=0, country="DE")
MOSCOW = firm("Moskva Opt", country="RU")
BISHKEK = firm("Ala-Too Trade")


@dataclass
class Lot:
    quantity: float | None = 1000.0
    value: float | None = 60_000.0
    mass: float | None = 10.0
    declared: float | None = None
    currency: str | None = "USD"

    @property
    def good(self):
        return chips(
            quantity=self.quantity,
            unit="NAR",
            value=self.value,
            mass=self.mass,
            declared=self.value if self.declared is None else self.declared,
            currency=self.currency,
        )


def lodged(
    on: str = "2022-06-15", to: str | None = "KG", taker=BISHKEK, lot: Lot | None = None, **changes
) -> DeclaredTrade:
    """Chips from Germany."""
    defaults = {
        "regime": "EXPORT",
        "dispatch": "DE",
        "destination": to,
        "senders": (MAKER,),
        "takers": (taker,) if taker is not None else (),
        "goods": ((lot or Lot()).good,),
        "declaration": f"de|{on}|{to}",
    }
    return trade(on, **defaults | changes)


def cancelled(on: str = "2022-06-08", to: str | None = "RU", taker=MOSCOW, **changes) -> DeclaredTrade:
    return lodged(on, to, taker, cancelled=True, **changes)


def test_refused_for_moscow_and_lodged_for_bishkek_a_week_later() -> None:
    answer = told(RELODGED, [cancelled()], lodged())
    assert codes(answer) == {"relodged.elsewhere"}
    finding = found(answer, "relodged.elsewhere")
    assert finding.strength == 1.0
    assert finding.evidence == (
        "The exporter declares 1,000 pieces of HS 854231 (high-priority, tier 1), worth USD 60,000, like declaration "
        "de|2022-06-08|RU of 2022-06-08, which was cancelled or rejected; this one is for KG instead of RU. Quantity and "
        "value differ by 5% at most."
    )


def test_the_same_consignee_with_a_correction() -> None:
    altyn = firm("Altyn Trade")
    for taker in (altyn, firm("OsOO Altyn Treyd")):
        answer = told(RELODGED, [cancelled(to="KG", taker=altyn)], lodged(taker=taker, lot=Lot(1000, 61_000)))
        assert not answer.findings and not answer.not_evaluable


def test_the_same_number_under_a_new_name_is_the_same_consignee() -> None:
    past = [cancelled(to="KG", taker=firm("Ala-Too Trade", number="KG0221"))]
    assert not told(RELODGED, past, lodged(taker=firm("Issyk Holding", number="KG0221"))).findings


def test_only_another_consignee_counts_half() -> None:
    answer = told(RELODGED, [cancelled(to="KG", taker=firm("Osh Electronics"))], lodged())
    finding = found(answer, "relodged.elsewhere")
    assert finding.strength == 0.5
    assert "this one is for another consignee in KG" in finding.evidence


def test_the_same_consignee_in_another_country() -> None:
    answer = told(RELODGED, [cancelled(to="UZ", taker=BISHKEK)], lodged())
    assert found(answer, "relodged.elsewhere").strength == 1.0


def test_an_attempt_lodged_again_for_whom_it_was_took_no_other_way() -> None:
    past = [cancelled(), lodged("2022-06-10", "RU", MOSCOW)]
    assert not told(RELODGED, past, lodged()).findings


def test_a_customer_who_got_the_same_lot_before_is_no_stand_in() -> None:
    assert not told(RELODGED, [lodged("2022-05-10"), cancelled()], lodged()).findings
    other_lot = lodged("2022-05-10", lot=Lot(200, 12_000, 2))
    assert told(RELODGED, [other_lot, cancelled()], lodged()).findings


@pytest.mark.parametrize(
    ("quantity", "value", "alike"), [(1050, 62_000, True), (1060, 60_000, False), (1000, 64_000, False)]
)
def test_another_amount_is_another_order(quantity: float, value: float, alike: bool) -> None:
    answer = told(RELODGED, [cancelled()], lodged(lot=Lot(quantity, value)))
    assert bool(answer.findings) is alike


def test_what_ended_too_long_ago_is_another_story() -> None:
    assert not told(RELODGED, [cancelled("2022-05-10")], lodged()).findings


def test_what_stands_is_no_attempt() -> None:
    assert not told(RELODGED, [lodged("2022-06-08", "RU", MOSCOW)], lodged()).findings


def test_another_good_or_another_exporter_is_another_story() -> None:
    other = firm("Andere GmbH", "EXPORTER", index=0, country="DE")
    for past in (
        cancelled(senders=(other,)),
        cancelled(goods=(chips(hs6="854232", quantity=1000, unit="NAR"),)),
    ):
        assert not told(RELODGED, [past], lodged()).findings


# ---- the other way round ----
def test_lodged_for_bishkek_first_and_then_cancelled_for_moscow() -> None:
    answer = told(RELODGED, [lodged("2022-06-15")], cancelled("2022-06-14"))
    finding = found(answer, "relodged.elsewhere")
    assert finding.strength == 1.0
    assert (
        "declaration de|2022-06-15|KG of 2022-06-15, for KG instead of RU, is like this one"
        in finding.evidence
    )


def test_what_was_lodged_before_the_attempt_did_not_take_its_place() -> None:
    assert not told(RELODGED, [lodged("2022-06-10")], cancelled("2022-06-14")).findings


def test_a_cancelled_attempt_that_was_lodged_again_for_whom_it_was() -> None:
    past = [lodged("2022-06-15"), lodged("2022-06-16", "RU", MOSCOW)]
    assert not told(RELODGED, past, cancelled("2022-06-14"), forget=False).findings


# ---- what it needs ----
def test_without_quantity_or_value_nothing_can_be_compared() -> None:
    for lot in (Lot(None, 60_000, None), Lot(1000, None, 10)):
        for past, asks in ((cancelled(), lodged(lot=lot)), (cancelled(lot=lot), lodged())):
            answer = told(RELODGED, [past], asks)
            assert blind(answer) == {"R15"} and not answer.findings
            assert "declaration.goodsItems[].statisticalValue" in answer.not_evaluable[0].missing


def test_mass_serves_where_units_differ() -> None:
    pairs = (chips(quantity=500, unit="NPR", mass=10.2),)
    assert told(RELODGED, [cancelled(goods=pairs)], lodged()).findings


def test_without_a_consignee_it_cannot_be_told_whether_it_is_another() -> None:
    answer = told(RELODGED, [cancelled(to="KG")], lodged(taker=None))
    assert answer.not_evaluable[0].missing == ("declaration.parties[CONSIGNEE]",)
    nowhere = told(RELODGED, [cancelled(to="KG", taker=BISHKEK)], lodged(to=None))
    assert nowhere.not_evaluable[0].missing == ("declaration.countryOfDestination",)


def test_without_an_exporter_nothing_can_be_told() -> None:
    answer = told(RELODGED, [cancelled()], lodged(senders=()))
    assert answer.not_evaluable[0].missing == ("declaration.parties[EXPORTER]",)


def test_while_memory_is_young_an_attempt_may_not_have_been_seen() -> None:
    assert blind(told(RELODGED, [], lodged(), began="2022-06-10")) == {"R15"}
    assert not told(RELODGED, [], lodged(), began="2022-06-01").not_evaluable


def test_who_asks() -> None:
    asking = {
        one.declaration: [part.asks for part in RELODGED.contributions(one)]
        for one in (lodged(), lodged(to="JP"), cancelled(to="JP"), lodged(to="UZ", goods=(shirts(),)))
    }
    assert list(asking.values()) == [[True], [False], [True], []]
