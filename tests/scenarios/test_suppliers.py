"""R29: many suppliers for one consignee, its innocent twins and what it needs."""

from datetime import date, timedelta

import pytest

from streams.patterns.suppliers import SupplierFigures, Suppliers
from streams.patterns.trade import DeclaredTrade
from tests.patterns.trades import blind, chips, codes, firm, found, gravity, shirts, told, trade

pytestmark = pytest.mark.R29

SUPPLIERS = Suppliers(gravity(), SupplierFigures.bundled())


def orders(*suppliers: str, start: str = "2022-05-01", every: int = 7, **changes) -> list[DeclaredTrade]:
    """One consignment from each supplier, so many days apart."""
    first = date.fromisoformat(start)
    return [
        trade(
            str(first + timedelta(days=every * at)),
            senders=(firm(name, "EXPORTER", index=0, country="CN"),),
            **changes,
        )
        for at, name in enumerate(suppliers)
    ]


def test_chips_from_five_suppliers_in_a_month_and_a_half() -> None:
    answer = told(SUPPLIERS, orders("Alpha", "Beta", "Gamma", "Delta"), trade())
    assert codes(answer) == {"suppliers.many"}
    finding = found(answer, "suppliers.many")
    assert finding.strength == 0.5
    assert (
        "from at least 5 suppliers of high-priority goods of tier 1 in 90 days, none in the 90 days"
        in finding.evidence
    )


def test_the_more_the_odder() -> None:
    names = "Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda".split()
    finding = found(told(SUPPLIERS, orders(*names, every=3), trade()), "suppliers.many")
    assert finding.strength > 0.9


def test_many_consignments_of_few_suppliers_are_trade() -> None:
    past = orders(*("Alpha", "Beta") * 6, every=3)
    answer = told(SUPPLIERS, past, trade())
    assert not answer.findings and not answer.not_evaluable


def test_a_distributor_has_many_all_the_time() -> None:
    names = ("Alpha", "Beta", "Gamma", "Delta")
    past = orders(*names, start="2022-02-01") + orders(*names, start="2022-05-01")
    assert not told(SUPPLIERS, past, trade()).findings


def test_suppliers_of_half_a_year_ago_do_not_count() -> None:
    assert not told(
        SUPPLIERS, orders("Alpha", "Beta", "Gamma", "Delta", start="2021-11-01"), trade()
    ).findings


def test_suppliers_of_other_goods_do_not_count() -> None:
    for goods in ((shirts(),), (chips(hs6="848210", tier="4.B"),)):
        past = orders("Alpha", "Beta", "Gamma", "Delta", goods=goods)
        assert not told(SUPPLIERS, past, trade()).findings


def test_suppliers_of_other_consignees_do_not_count() -> None:
    past = orders("Alpha", "Beta", "Gamma", "Delta", takers=(firm("Osh Electronics"),))
    assert not told(SUPPLIERS, past, trade()).findings


def test_what_bears_a_later_day_does_not_count() -> None:
    past = orders("Alpha", "Beta", "Gamma", "Delta", start="2022-06-16")
    assert not told(SUPPLIERS, past, trade(), forget=False).findings


def test_without_a_supplier_nothing_can_be_told() -> None:
    answer = told(SUPPLIERS, orders("Alpha", "Beta", "Gamma", "Delta"), trade(senders=()))
    assert not answer.findings
    assert answer.not_evaluable[0].missing == ("declaration.parties[EXPORTER]",)


def test_while_memory_is_young_few_suppliers_may_be_many() -> None:
    few = told(SUPPLIERS, orders("Alpha"), trade(), began="2022-04-20")
    assert few.not_evaluable[0].missing == ("90 days of trade remembered",)
    many = told(SUPPLIERS, orders("Alpha", "Beta", "Gamma", "Delta"), trade(), began="2022-03-01")
    assert blind(many) == {"R29"} and not many.findings
    assert many.not_evaluable[0].missing == ("180 days of trade remembered",)


def test_who_gets_no_such_goods_has_no_key() -> None:
    assert not list(SUPPLIERS.contributions(trade(goods=(shirts(),))))
    assert not list(SUPPLIERS.contributions(trade(takers=(firm(country="DE"),), destination="DE")))
    assert not list(SUPPLIERS.contributions(trade(cancelled=True)))
