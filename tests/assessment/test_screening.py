"""The whole core: the same version gives the same bytes, nothing declared is passed over, nothing makes it fail."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streams.assessment.ruleset import RulesetError
from streams.assessment.screening import Rulebook, screen
from streams.cases.alerts import encode
from streams.declarations import canonical
from streams.declarations.errors import Unscreenable
from streams.declarations.model import (
    CommodityCode,
    CustomsOffice,
    DeclarationVersion,
    Document,
    TransportEquipment,
    TransportMeans,
)
from streams.watchlists.index import WatchlistIndex
from tests.assessment.cases import blind, index, rulebook, verdict, verdict_on
from tests.data import data
from tests.declarations.versions import read
from tests.examples import tried
from tests.factory import declaration, item, party, route


def test_an_ordinary_declaration_is_clear_and_says_what_was_looked_at() -> None:
    answer = verdict()
    assert (answer.lane, answer.outcome) == ("GREEN", "CLEAR")
    assert [(one.role, one.country) for one in answer.screened.parties] == [
        ("EXPORTER", "CN"),
        ("CONSIGNEE", "KG"),
    ]
    assert answer.screened.items[0].hs6 == "610910"
    assert answer.screened.route == ("CN", "KG")


def test_a_verdict_names_everything_it_was_made_with() -> None:
    versions = verdict().versions
    assert versions.ruleset == rulebook().ruleset.id
    assert versions.lists[0].list == "test-list"
    assert {"goods/chpl", "goods/hs-editions", "destinations/countries", "destinations/borders"} <= set(
        versions.tables
    )


def test_the_same_version_gives_the_same_bytes() -> None:
    version = declaration(goods_items=(item(hs6="854231", description="IC"),))
    fresh = screen(version, index(), Rulebook.load())
    assert encode(verdict_on(version)) == encode(verdict_on(version)) == encode(fresh)


def test_the_hash_is_the_declared_one_or_is_made() -> None:
    assert verdict(payload_hash="ab").payload_hash == "ab"
    version = declaration()
    assert verdict_on(version).payload_hash == canonical.payload_hash(version)


def test_nothing_declared_is_left_out_of_what_was_screened() -> None:
    answer = verdict(
        documents=(Document(type="N380"),),
        previous_documents=(Document(type="N337"),),
        transport_documents=(Document(type="N730"),),
        goods_items=(
            item(1, documents=(Document(type="X002"), Document(type="N380"))),
            item(2, previous_documents=(Document(type="N337"),), country_of_preferential_origin="VN"),
            item(3, commodity_code=None, description_of_goods=None),
        ),
        countries_of_routing=route("CN", "KZ", "KG"),
        trading_country="HK",
        transport_means=(
            TransportMeans(
                name="MAIA-1", imo_number="9358010", nationality="RU", identification_number="9358010"
            ),
        ),
        transport_equipment=(TransportEquipment(container_identification_number="TCKU3033396"),),
    )
    screened = answer.screened
    assert screened.documents == {"N380": 2, "N337": 2, "N730": 1, "X002": 1}
    assert screened.countries == ("CN", "HK", "KG", "KZ", "RU", "VN")
    assert screened.transport == ("MAIA-1 IMO 9358010", "container TCKU3033396")
    assert [one.number for one in screened.items] == [1, 2, 3]
    assert screened.route == ("CN", "KZ", "KG")


def test_without_watchlists_the_lists_are_not_called_clear() -> None:
    answer = screen(declaration(), WatchlistIndex.build([]), rulebook())
    assert blind(answer, "R01").missing == ("watchlists",)


def test_a_rulebook_with_the_users_own_tables(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("code,ecn\n610910,TEST\n")
    book = Rulebook.load(control_lists={"mine": own})
    answer = screen(declaration(), index(), book)
    assert "goods.user_list" in {finding.code for finding in answer.findings}
    assert "goods/mine" in answer.versions.tables
    with pytest.raises(ValueError, match="cannot be read"):
        Rulebook.load(control_lists={"mine": tmp_path / "none.csv"})
    with pytest.raises(RulesetError):
        Rulebook.load(ruleset=tmp_path / "none.toml")


COUNTRIES = st.sampled_from(["DE", "RU", "KG", "KZ", "CN", "XI", "XK", "ZZ", "KP", "TR", "JP"])
TEXT = st.text(min_size=1, max_size=60)
ITEMS = st.builds(
    lambda number, hs6, text, edition, code, origin: item(
        number,
        commodity_code=CommodityCode(hs6=hs6, hs_version=edition) if code else None,
        description_of_goods=text,
        country_of_origin=origin,
        documents=(Document(type=code or "Y901", reference_number=text, write_off_quantity=text),),
    ),
    st.integers(1, 5),  # real messages repeat item numbers
    st.sampled_from(["854231", "880330", "854140", "930621", "000000", "999999", "950300"]),
    st.one_of(st.none(), TEXT),
    st.sampled_from([None, "2012", "2017", "2022", "2028"]),
    st.sampled_from(["", "X002", "Y901", "9104"]),
    st.one_of(st.none(), COUNTRIES),
)
PARTIES = st.builds(
    lambda role, name, country, phone: party(role, name, country=country, phone=phone),
    st.sampled_from(["CONSIGNEE", "EXPORTER", "BUYER", "NOTIFY_PARTY", "CARRIER", "END_USER"]),
    TEXT,
    st.one_of(st.none(), COUNTRIES),
    st.one_of(st.none(), TEXT, st.from_regex(r"\+\d{1,15}", fullmatch=True)),
)
VERSIONS = st.builds(
    lambda items, parties, stops, dispatch, destination, regime, mode, at, office: declaration(
        goods_items=tuple(items),
        parties=tuple(parties),
        countries_of_routing=route(*stops),
        country_of_dispatch=dispatch,
        country_of_destination=destination,
        regime=regime,
        mode_of_transport_at_border=mode,
        event_date_time=at,
        customs_offices=(CustomsOffice(role="EXIT", reference_number=office),),
    ),
    st.lists(ITEMS, min_size=1, max_size=8),
    st.lists(PARTIES, min_size=1, max_size=5),
    st.lists(COUNTRIES, max_size=6),
    st.one_of(st.none(), COUNTRIES),
    st.one_of(st.none(), COUNTRIES),
    st.sampled_from(["IMPORT", "EXPORT", "TRANSIT", "INTRA_UNION_MOVEMENT"]),
    st.sampled_from([None, "", "1", "2", "3", "4", "30", "x"]),
    st.datetimes(datetime(1000, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC)),
    st.text(max_size=8),
)


@given(VERSIONS)
@settings(
    derandomize=True, max_examples=tried(80), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
def test_whatever_is_declared_has_a_verdict(version: DeclarationVersion) -> None:
    answer = verdict_on(version)
    assert 0 <= answer.score <= 100
    assert encode(answer) == encode(verdict_on(version))
    keys = [finding.key for finding in answer.findings]
    assert len(keys) == len(set(keys))
    assert all(finding.evidence and finding.points <= 100 for finding in answer.findings)


def test_the_united_kingdoms_examples_all_have_a_verdict() -> None:
    folder = data("declarations", "hmrc_cds", "samples")
    lanes: dict[str, int] = {}
    for path in sorted(folder.rglob("*.xml")):
        try:
            version = read(
                path.read_bytes(),
                format="wco-dm",
                received=datetime(2024, 1, 1, tzinfo=UTC),
                max_bytes=10_000_000,
            )
        except Unscreenable:
            continue
        answer = verdict_on(version)
        lanes[answer.lane] = lanes.get(answer.lane, 0) + 1
        assert len(answer.screened.items) == len(version.declaration.goods_items)
    assert sum(lanes.values()) > 150
    assert lanes["GREEN"] > 0.95 * sum(lanes.values()), lanes
