"""Every scenario that UK HMRC publishes for its declaration service ends as its own step list and notifications say."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from msgspec.structs import replace

from streams.declarations.events import Event, Original
from streams.declarations.formats import adapters
from streams.lifecycle.life import KnownVersion, fold
from tests.data import data
from tests.declarations.wco_count import count
from tests.scenarios import uk
from tests.scenarios.uk import PAGE, SAMPLES, Played, Scenario, amended, life, play

READ = {
    "original": 211,
    "COR": 16,
    "INV": 2,
    "GPR": 3,
    "DMSACC": 68,
    "DMSRCV": 23,
    "DMSREJ": 4,
    "DMSCTL": 2,
    "DMSDOC": 3,
    "DMSRES": 12,
    "DMSROG": 4,
    "DMSCLE": 66,
    "DMSINV": 2,
    "DMSREQ": 9,
    "DMSEOG": 4,
    "ignored (DMSTAX)": 117,
    "ignored (DMSCPI)": 2,
    "ignored (DMSCPR)": 1,
    "ignored (DMSGER)": 1,
    "ignored (DIS response)": 3,
    "ignored (inventory linking)": 23,
    "dead letter NOT_XML": 1,
}
"""Counted by element and code with a search through the files, not by the reader."""


@pytest.fixture(scope="module")
def found() -> list[Scenario]:
    return uk.scenarios(data(*SAMPLES))


@pytest.fixture(scope="module")
def played(found: list[Scenario]) -> list[Played]:
    return [one for scenario in found for one in play(scenario)]


def scenario(found: list[Scenario], name: str) -> Scenario:
    return next(one for one in found if one.name == name)


def test_all_577_messages_are_read(found: list[Scenario]) -> None:
    assert uk.counted(found) == Counter(READ)
    assert sum(READ.values()) == 577
    assert [(one.name, file.name) for one in found for file in one.files if file.message is None] == [
        ("TT_EX022a", "TT_EX022a_Declaration1_(Step1).xml")
    ]


def test_every_scenario_of_the_table_is_there(found: list[Scenario]) -> None:
    assert set(uk.expectations()) <= {one.name for one in found}


def test_every_scenario_ends_as_its_steps_say(played: list[Played]) -> None:
    wrong = {}
    for one in played:
        last = one.original is one.scenario.originals[-1][1]
        expected = one.scenario.expected if last else uk.Ends("")
        in_force = [version for version in one.life.versions if version.in_force]
        ends = (one.life.summary.status, len(in_force), one.life.summary.gaps, tuple(amended(one.life)))
        if ends != (expected.status, expected.versions, expected.gaps, expected.amended):
            wrong[one.scenario.name] = ends
    assert not wrong


def test_customs_own_times_lead_to_the_same_end(found: list[Scenario]) -> None:
    """Where all notices of a folder are of one test run; a request came in long after all of them."""
    late = uk.BEGAN + timedelta(days=365)
    tried = 0
    for one in found:
        if not one.originals or one.expected.supplied or len({event.MRN for event in one.events}) != 1:
            continue
        tried += 1
        original = one.originals[-1][1]
        reference = original.version.declaration.LRN
        events = [
            replace(event, LRN=reference) if event.timed else replace(event, LRN=reference, at=late)
            for event in one.events
        ]
        known = KnownVersion(1, "LODGED", late, original.version, original.source)
        end = fold([known], events)
        assert end.summary.status == one.expected.status, one.name
        assert sum(version.in_force for version in end.versions) == one.expected.versions, one.name
        assert tuple(amended(end)) == one.expected.amended, one.name
    assert tried > 60


def test_no_delta_fails_and_no_request_stays_open(played: list[Played]) -> None:
    assert {one.scenario.name: one.life.unusable for one in played if one.life.unusable} == {}
    assert [one.scenario.name for one in played if one.life.summary.open_requests] == []


def test_versions_after_a_delta_have_every_party_and_item(
    found: list[Scenario], played: list[Played]
) -> None:
    """Against a count of the published elements that uses nothing of the adapter."""
    folder = data(*SAMPLES)
    for one in played:
        (path,) = {path for path in (folder / one.scenario.name).rglob("*") if path.name == one.file}
        counted = count(path.read_bytes())
        versions = [version.version.declaration for version in one.life.versions]
        last = one.original is one.scenario.originals[-1][1]
        more = one.scenario.expected.items if last else 0
        assert len(versions[0].goods_items) == counted.items, one.scenario.name
        assert len(versions[-1].goods_items) == counted.items + more, one.scenario.name
        assert {len(version.parties) for version in versions} == {sum(counted.parties.values())}, (
            one.scenario.name
        )


def test_without_the_supplied_answers_the_requests_stay_open(found: list[Scenario]) -> None:
    supplied = [one for one in found if one.expected.supplied]
    assert len(supplied) == 9
    for one in supplied:
        end = play(one, supplied=False)[-1].life
        assert end.summary.status == "LODGED", one.name
        assert len(end.summary.open_requests) == len(one.events), one.name
        assert [version.in_force for version in end.versions] == [True, False], one.name


def test_an_unnumbered_rejection_is_another_ending(found: list[Scenario]) -> None:
    others = [one for one in found if one.elsewhere]
    assert [one.name for one in others] == ["TT_IM031a", "TT_IM063a", "TT_IM116a"]
    for one in others:
        assert life(one.originals[-1][1], one.elsewhere).summary.status == "REJECTED"


def test_an_item_is_added(found: list[Scenario]) -> None:
    before, after = play(scenario(found, "TT_Add_Item_Scenario_v1"))[-1].life.versions
    items = after.version.declaration.goods_items
    assert [one.goods_item_number for one in items] == [1, 2, 3]
    assert items[:2] == before.version.declaration.goods_items
    assert (items[2].description_of_goods, items[2].country_of_origin, items[2].gross_mass_kg) == (
        "Hair clippers",
        "US",
        "15",
    )
    assert after.version.declaration.total_packages == 80


def test_an_item_is_deleted_and_the_others_keep_their_numbers(found: list[Scenario]) -> None:
    before, after = play(scenario(found, "TT_IM017a"))[-1].life.versions
    first, _, third = before.version.declaration.goods_items
    assert after.version.declaration.goods_items == (first, third)
    assert third.goods_item_number == 3  # as in the DMSTAX that follow
    assert after.version.declaration.total_amount_invoiced == "1100"
    assert after.control_notified_at is not None


def test_the_exporter_is_changed_and_nobody_lost(found: list[Scenario]) -> None:
    before, after = play(scenario(found, "TT_IM002c"))[-1].life.versions
    parties = {one.role: one for one in after.version.declaration.parties}
    assert {one.role: one for one in before.version.declaration.parties} | {
        "EXPORTER": parties["EXPORTER"]
    } == parties
    exporter = parties["EXPORTER"]
    assert exporter.name == "Detroit Cocoa Company"
    assert exporter.address is not None
    assert (exporter.address.city, exporter.address.country) == ("Detroit", "US")


def test_what_was_amended_has_the_new_values(found: list[Scenario]) -> None:
    def last(name: str) -> Original:
        one = play(scenario(found, name))[-1]
        assert one.life.versions[-1].in_force
        return Original(one.life.versions[-1].version, one.original.source)

    licence = last("TT_EX009a").version.declaration.goods_items[0].documents
    assert [one.status_code for one in licence if one.type == "X002"] == ["EP"]
    light, heavy = (last(name).version.declaration.goods_items[0] for name in ("TT_IM003a", "TT_IM003b"))
    assert (light.net_mass_kg, light.gross_mass_kg) == ("2.1", "1500")
    assert (heavy.net_mass_kg, heavy.gross_mass_kg) == ("1001", "1501")
    value = last("TT_IM068a").version.declaration
    assert value.goods_items[0].customs_value == "115.66"
    assert value.national_extensions is not None
    freight = value.national_extensions["uk.cds"]["GoodsShipment"]["CustomsValuation"]["FreightChargeAmount"]
    assert freight == {"#text": "19.34", "@currencyID": "GBP"}
    added = last("TT_IM016a").version.declaration
    assert [one.type for one in added.goods_items[0].documents] == ["C506", "N935", "C505", "9WKS", "955D"]
    assert [one.code for one in added.additional_information] == ["UVC01"]
    assert added.national_extensions is not None
    duties = added.national_extensions["uk.cds"]["GoodsShipment"]["GovernmentAgencyGoodsItem"]["Commodity"][
        "DutyTaxFee"
    ]
    assert [one["Payment"]["PaymentAmount"]["#text"] for one in duties] == [
        "111.33",
        "222.33",
        "333.33",
        "444.33",
    ]
    texts = {one.code: one.text for one in last("TT_IM061b").version.declaration.additional_information}
    assert {code: texts[code] for code in texts if code and code.startswith("FINS")} == {
        "FINSY": "SDY=9/10",
        "FINSL": "02/21=Y 3 01/21=Z 2",
        "FINSZ": "SDZ=6/6",
    }
    twice = last("TT_IM082a").version
    assert twice.envelope.version_number == 3
    assert twice.declaration.goods_items[0].item_amount_invoiced == "999"
    assert twice.declaration.total_packages == 53


def test_customs_repeats_what_was_asked_for(found: list[Scenario]) -> None:
    """A DMSRES with the trader's own reasons makes no version of its own; one of the location at arrival does."""
    repeated, own = [], []
    for one in found:
        asked = [e for e in one.events if e.kind == "AMENDMENT_REQUESTED"]
        deltas = [e.delta for e in asked if e.delta is not None]
        for event in one.events:
            if event.kind == "AMENDED" and event.delta is not None:
                if adapters.covers("uk.cds", event.delta, deltas):
                    repeated.append(one.name)
                    assert all(adapters.covers("uk.cds", delta, [event.delta]) for delta in deltas), one.name
                else:
                    own.append((one.name, event.reason_code))
    assert repeated == ["TT_IM008b", "TT_IM016a", "TT_IM017a", "TT_IM033b", "TT_IM068a", "TT_IM082a"]
    assert own == [
        ("Example_DMS_notifications", "16"),
        *((name, "16") for name in ("TT_EX011a", "TT_EX013a", "TT_EX026a", "TT_EX039a")),
    ]


def test_two_scenarios_share_one_declaration(found: list[Scenario]) -> None:
    first, second = (scenario(found, name) for name in ("TT_IM002b", "TT_IM002c"))
    keys = {one.originals[0][1].version.envelope.declaration_key for one in (first, second)}
    assert len(keys) == 1
    assert len({event.MRN for one in (first, second) for event in one.events}) == 2


def test_notices_have_customs_own_times_and_requests_have_none(found: list[Scenario]) -> None:
    for one in found:
        for event in (*one.events, *one.elsewhere):
            asked = event.source_message_type in ("COR", "INV", "GPR")
            assert event.timed is not asked, one.name
            assert (event.at == uk.BEGAN) is asked, one.name
            assert re.fullmatch(r"[0-9a-f]{32}", event.id)
            assert event.MRN


def test_every_message_published_twice_has_one_id(found: list[Scenario]) -> None:
    one = scenario(found, "TT_EX039a")
    messages = [file.message for file in one.files if isinstance(file.message, Event)]
    assert len(messages) == 10
    assert len(one.events) == 5


def test_the_page_is_up_to_date(found: list[Scenario]) -> None:
    assert PAGE.read_text(encoding="utf-8") == uk.page(found), "make docs"
