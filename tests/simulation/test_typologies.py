"""Each planted case is what its name says."""

from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from streams.declarations.model import Declaration, GoodsItem
from streams.simulation.orders import Simulated
from streams.simulation.run import Plan, simulate
from streams.simulation.tables import Tables

TABLES = Tables()
CODES = {code: good.hs6 for good in TABLES.priority for code in (good.hs6_2017, good.hs6)}
DAY = timedelta(days=1)


pytestmark = pytest.mark.load  # months of trade


@pytest.fixture(scope="module")
def stream() -> list[Simulated]:
    return list(simulate(Plan(months=22, per_month=3_000, rate=33, seed=5)))


@pytest.fixture(scope="module")
def cases(stream: list[Simulated]) -> dict[str, dict[str, list[Simulated]]]:
    """All versions of every case, by typology and case."""
    found: dict[str, dict[str, list[Simulated]]] = defaultdict(lambda: defaultdict(list))
    for one in stream:
        if one.label:
            found[one.label.typology][one.label.case].append(one)
    return found


def lodged(case: list[Simulated]) -> list[Simulated]:
    return [one for one in case if one.version.envelope.version_number == 1]


def at(one: Simulated) -> datetime:
    return one.version.envelope.event_date_time


def consignee(declaration: Declaration) -> str:
    for party in declaration.parties:
        if party.role == "CONSIGNEE":
            return party.identification_number or party.name or ""
    raise AssertionError("no consignee")


def high(declaration: Declaration) -> list[GoodsItem]:
    return [
        item for item in declaration.goods_items if item.commodity_code and item.commodity_code.hs6 in CODES
    ]


def before(stream: list[Simulated], case: list[Simulated]) -> list[Simulated]:
    return [one for one in stream if at(one) < at(case[0])]


def test_every_planted_declaration_has_high_priority_goods(cases) -> None:
    for kind in cases.values():
        for case in kind.values():
            for one in case:
                assert high(one.version.declaration)


def test_new_corridor_was_never_traded_and_has_several_firms(stream, cases) -> None:
    for case in cases["NEW_CORRIDOR"].values():
        first = case[0].version.declaration
        code, country, end = (
            high(first)[0].commodity_code.hs6,
            first.country_of_dispatch,
            first.country_of_destination,
        )
        for one in before(stream, case):
            declaration = one.version.declaration
            if declaration.country_of_destination == end:
                for item in high(declaration):
                    assert item.commodity_code.hs6 != code or country not in (
                        item.country_of_origin,
                        declaration.country_of_dispatch,
                    )
        assert len({consignee(one.version.declaration) for one in case}) >= 3


def test_surge_multiplies_a_trade_that_was_there(stream, cases) -> None:
    assert cases["SURGE"]
    for case in cases["SURGE"].values():
        first = case[0].version.declaration
        code, country, end = (
            high(first)[0].commodity_code.hs6,
            first.country_of_dispatch,
            first.country_of_destination,
        )

        def value(some: list[Simulated], code=code, country=country, end=end) -> float:
            return sum(
                float(item.item_amount_invoiced or 0)
                for one in some
                if one.version.envelope.version_number == 1
                and one.version.declaration.regime == "IMPORT"
                and (
                    one.version.declaration.country_of_dispatch,
                    one.version.declaration.country_of_destination,
                )
                == (country, end)
                for item in high(one.version.declaration)
                if CODES[item.commodity_code.hs6] == CODES[code]
            )

        past = value(before(stream, case))
        months = (at(case[0]) - at(stream[0])) / (30.4 * DAY)
        assert past > 0
        # Amounts are in several currencies: a large factor remains large.
        assert value(lodged(case)) / max(1, (at(case[-1]) - at(case[0])) / (30 * DAY)) > 1.3 * past / months


@pytest.mark.parametrize("typology", ["NEW_FIRMS", "NEW_FIRM_CHPL", "SHARED_CONTACT"])
def test_new_firms_are_new(typology: str, stream, cases) -> None:
    for case in cases[typology].values():
        known = {consignee(one.version.declaration) for one in before(stream, case)}
        assert not known & {consignee(one.version.declaration) for one in case}


def test_old_firms_are_old_and_never_had_these_goods(stream, cases) -> None:
    for case in cases["OLD_FIRM_NEW_GOODS"].values():
        # What is misspelt or without a number once is not met again.
        past = [
            one.version.declaration
            for one in before(stream, case)
            if consignee(one.version.declaration) == consignee(case[0].version.declaration)
        ]
        codes = {item.commodity_code.hs6 for one in case for item in high(one.version.declaration)}
        assert not codes & {item.commodity_code.hs6 for one in past for item in one.goods_items}
    assert cases["OLD_FIRM_NEW_GOODS"]


def test_sleepers_traded_and_slept_for_a_year(stream, cases) -> None:
    woken = 0
    for case in cases["DORMANT"].values():
        names = {consignee(one.version.declaration) for one in case}
        past = [at(one) for one in before(stream, case) if consignee(one.version.declaration) in names]
        if past:
            woken += 1
            assert at(case[0]) - max(past) > 365 * DAY
    assert woken >= len(cases["DORMANT"]) - 1 > 0


def test_contacts_are_shared(cases) -> None:
    """As far as they are told: now and then a declaration leaves them out."""
    most = []
    for case in cases["SHARED_CONTACT"].values():
        holders: dict[str, set[str]] = defaultdict(set)
        for one in case:
            for party in one.version.declaration.parties:
                if party.role == "CONSIGNEE":
                    lines = party.address.lines if party.address else ()
                    for contact in (party.phone, party.email, *lines):
                        if contact:
                            holders[contact].add(consignee(one.version.declaration))
        most.append(max(len(names) for names in holders.values()))
    assert min(most) >= 2
    assert sum(count >= 3 for count in most) > len(most) / 2


def test_one_consignee_has_many_suppliers(cases) -> None:
    for case in cases["MANY_SUPPLIERS"].values():
        assert len({one.version.declaration.parties[0].name for one in case}) >= 6


def test_what_came_leaves_for_russia_within_weeks(cases) -> None:
    for case in cases["REEXPORT"].values():
        firsts = lodged(case)
        imports = [one for one in firsts if one.version.declaration.regime == "IMPORT"]
        leaving = [one for one in firsts if one.version.declaration.regime == "INTRA_UNION_MOVEMENT"]
        assert leaving
        assert all(one.version.declaration.country_of_destination == "RU" for one in leaving)

        def kilograms(some: list[Simulated]) -> float:
            return sum(float(high(one.version.declaration)[0].gross_mass_kg or 0) for one in some)

        assert 0.3 < kilograms(leaving) / kilograms(imports) <= 1.01
        assert at(leaving[-1]) - at(imports[-1]) < 60 * DAY


def test_splits_stay_below_a_limit_and_are_more_together(cases) -> None:
    for case in cases["SPLIT"].values():
        declarations = [one.version.declaration for one in lodged(case)]
        amounts = [float(one.goods_items[0].item_amount_invoiced) for one in declarations]
        limit = next(limit for limit in (150, 1000, 2500) if max(amounts) < limit)
        assert sum(amounts) > 2 * limit


def test_relodged_goods_go_to_somebody_else(cases) -> None:
    for case in cases["RELODGED"].values():
        first, cancelled, anew = (one.version for one in case)
        assert cancelled.envelope.declaration_key == first.envelope.declaration_key
        assert cancelled.envelope.event_type in ("INVALIDATED", "REJECTED")
        assert anew.envelope.declaration_key != first.envelope.declaration_key
        assert consignee(anew.declaration) != consignee(first.declaration)
        assert high(anew.declaration)[0].commodity_code.hs6 == high(first.declaration)[0].commodity_code.hs6


def test_consignees_change_late(cases) -> None:
    for case in cases["LATE_CONSIGNEE_CHANGE"].values():
        for one in case:
            version = one.version
            if version.envelope.version_number == 3:
                assert version.envelope.event_type == "AMENDED"
                assert consignee(version.declaration) != consignee(case[0].version.declaration)
        assert any(one.version.envelope.version_number == 3 for one in case)


def test_transit_leads_through_russia(cases) -> None:
    for case in cases["TRANSIT_RU"].values():
        roads = [[step.country for step in one.version.declaration.countries_of_routing] for one in case]
        assert all("RU" in road for road in roads if road)


def test_end_users_are_hidden_and_phones_are_foreign(cases) -> None:
    words = ("ORDER", "Bank", "Forwarding", "Logistics", "Cargo Express")
    for case in cases["OPAQUE_END_USER"].values():
        for one in case:
            party = next(party for party in one.version.declaration.parties if party.role == "CONSIGNEE")
            assert party.name_original_script or party.name
            text = f"{party.name} {party.name_original_script}"
            assert any(word in text for word in words)
    for case in cases["PHONE_MISMATCH"].values():
        for one in case:
            party = next(party for party in one.version.declaration.parties if party.role == "NOTIFY_PARTY")
            assert party.phone is not None
            assert party.phone.startswith(("+7 9", "+375", "+98"))
