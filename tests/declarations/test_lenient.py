"""Canonical JSON with values that cannot be read: left out by their path, told, and everything else kept."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.declarations import canonical
from streams.declarations.errors import Unscreenable
from streams.declarations.model import DeclarationVersion
from tests.declarations.strategies import JSON, STEADY
from tests.examples import tried
from tests.factory import declaration, encoded, item, party, route


def everything() -> Any:
    """A declaration as JSON with many fields set."""
    return json.loads(
        encoded(
            parties=(
                party("EXPORTER", "A", country="CN", city="Kashgar"),
                party(identification_number="1", phone="+996", goods_item_numbers=(1,), country="KG"),
            ),
            goods_items=(item(1, full="61091000"), item(2, "901310", "sights")),
            countries_of_routing=route("CN", "KZ", "KG"),
            container_indicator=True,
            total_packages=3,
            national_extensions={"a": {"b": [1, 2.5, None, "x"]}},
        )
    )


def changed(*path: Any, to: Any) -> DeclarationVersion:
    message = everything()
    place: Any = message
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return canonical.decode(json.dumps(message).encode())


GOODS = ("declaration", "goodsItems", 0)
PAPERS = ("declaration", "documents")
PARTY = ("declaration", "parties", 0)


@pytest.mark.parametrize(
    ("path", "to", "told", "kind"),
    [
        ((*GOODS, "netMassKg"), "41,250", "goodsItems[0].netMassKg", "decimal"),
        ((*GOODS, "netMassKg"), ["41"], "goodsItems[0].netMassKg", "decimal"),
        ((*GOODS, "countryOfOrigin"), "Kyrgyz Republic", "goodsItems[0].countryOfOrigin", "country"),
        ((*GOODS, "countryOfOrigin"), "КГ", "goodsItems[0].countryOfOrigin", "country"),
        ((*GOODS, "statisticalValueCurrency"), "dollars", "goodsItems[0].statisticalValueCurrency", "currency"),
        ((*GOODS, "packages"), "three", "goodsItems[0].packages", "part"),
        ((*GOODS, "packages"), [{"number": "many"}], "goodsItems[0].packages[0].number", "number"),
        (PAPERS, [{"type": "X002", "validityDate": "44756"}], "documents[0].validityDate", "date"),
        (PAPERS, [{"type": "X002", "validityDate": "1922-07-14"}], "documents[0].validityDate", "date"),
        (PAPERS, [{"referenceNumber": "7"}], "documents[0]", "part"),
        (PAPERS, [{"type": "X002", "writeOffQuantity": "some"}], "documents[0].writeOffQuantity", "decimal"),
        ((*GOODS, "commodityCode"), "sights", "goodsItems[0].commodityCode", "part"),
        ((*GOODS, "commodityCode", "hsVersion"), "1988", "goodsItems[0].commodityCode.hsVersion", "choice"),
        ((*GOODS, "commodityCode", "full"), "99999999", "goodsItems[0].commodityCode", "code"),
        ((*GOODS, "goodsItemNumber"), "one", "goodsItems[0].goodsItemNumber", "number"),
        (GOODS, "sights", "goodsItems[0]", "part"),
        ((*PARTY, "role"), "Ivan Ivanov", "parties[0].role", "role"),
        ((*PARTY, "role"), None, "parties[0].role", "role"),
        ((*PARTY, "address"), "Kashgar, CN", "parties[0].address", "part"),
        ((*PARTY, "address", "country"), "Ivan Ivanov", "parties[0].address.country", "country"),
        (PARTY, {"role": "BUYER"}, "parties[0]", "part"),
        (PARTY, "A Ltd", "parties[0]", "part"),
        (("declaration", "countriesOfRouting", 1, "country"), "Kazakhstan", "countriesOfRouting[1].country", "country"),
        (("declaration", "countriesOfRouting", 1, "sequenceNumber"), "two", "countriesOfRouting[1].sequenceNumber", "number"),
        (("declaration", "containerIndicator"), "perhaps", "containerIndicator", "flag"),
        (("declaration", "acceptanceDateTime"), "44756", "acceptanceDateTime", "date"),
        (("declaration", "acceptanceDateTime"), "2022-02-30", "acceptanceDateTime", "date"),
        (("declaration", "exchangeRate"), "1,234", "exchangeRate", "decimal"),
        (("declaration", "totalPackages"), 1.5, "totalPackages", "number"),
        (("declaration", "nationalExtensions"), [1], "nationalExtensions", "part"),
    ],
)  # fmt: skip
def test_one_value_is_left_out_and_told(path: Any, to: Any, told: str, kind: str) -> None:
    version = changed(*path, to=to)
    places = {one.path: one for one in version.unreadable}
    one = places[f"declaration.{told}"]
    assert one.kind == kind
    written = json.dumps(to, separators=(",", ":"), ensure_ascii=False)
    assert one.text.strip('"{}') in written or one.text == '{"full":"99999999","hs6":"610910"}'
    assert "Ivan" not in one.reason
    assert len(version.declaration.goods_items) == 2
    assert canonical.decode(canonical.encode(version)) == version


def test_a_party_is_not_lost_with_its_role() -> None:
    version = changed(*PARTY, "role", to="grandmother")
    first, _ = version.declaration.parties
    assert (first.role, first.name) == ("UNKNOWN", "A")


def test_an_item_is_not_lost_with_its_code_or_number() -> None:
    version = changed(*GOODS, "goodsItemNumber", to="2nd")
    assert sorted(one.goods_item_number for one in version.declaration.goods_items) == [1, 2]
    version = changed(*GOODS, "commodityCode", "hs6", to="9013")
    assert version.declaration.goods_items[0].commodity_code is not None  # the whole code was still there
    version = changed(*GOODS, "commodityCode", to={"hs6": "9013"})
    assert version.declaration.goods_items[0].commodity_code is None
    assert version.declaration.goods_items[1].commodity_code is not None


@pytest.mark.parametrize(
    ("path", "to", "read"),
    [
        ((*GOODS, "netMassKg"), 41.25, "41.25"),
        ((*GOODS, "netMassKg"), "1 234,5", "1234.5"),
        ((*GOODS, "countryOfOrigin"), "kgz", "KG"),
        ((*GOODS, "commodityCode"), {"hs6": 10221}, "010221"),
        ((*GOODS, "commodityCode"), {"hs6": "102210", "full": "1022100"}, "01022100"),
        ((*GOODS, "commodityCode"), {"hs6": "901310", "full": "9013109"}, "90131090"),
        ((*PARTY, "role"), "exporter", "EXPORTER"),
        (("declaration", "acceptanceDateTime"), "14.07.2022", "2022-07-14"),
        (("declaration", "containerIndicator"), "yes", "true"),
        (("declaration", "totalPackages"), "3.00", "3"),
    ],
)
def test_what_leaves_one_reading_is_read_and_said(path: Any, to: Any, read: str) -> None:
    version = changed(*path, to=to)
    assert version.unreadable == ()
    assert read in [one.to for one in version.repaired]
    again = canonical.encode(version)
    assert read in again.decode()
    assert canonical.payload_hash(version) == canonical.payload_hash(
        msgspec.structs.replace(version, repaired=())
    )


@pytest.mark.parametrize("blank", ["", "  ", None])
@pytest.mark.parametrize(
    "path", [(*GOODS, "countryOfOrigin"), (*PARTY, "phone"), ("declaration", "documents"), ("envelope", "ingestDateTime")]
)  # fmt: skip
def test_a_blank_optional_field_is_absent(path: Any, blank: Any) -> None:
    message = everything()
    place: Any = message
    for step in path[:-1]:
        place = place[step]
    place.pop(path[-1], None)
    expected = canonical.decode(json.dumps(message).encode())
    version = changed(*path, to=blank)
    if blank != "  ":
        assert version == expected
    assert version.unreadable == ()


def test_what_cannot_be_read_is_part_of_the_content() -> None:
    hashes = {
        canonical.payload_hash(changed(*GOODS, "netMassKg", to=to))
        for to in ("41,250", "41,251", "x" * 500, "x" * 499 + "y", "\x1b", "\\x1b", None)
    }
    assert len(hashes) == 7
    many = everything()
    for one in (many, other := json.loads(json.dumps(many))):
        one["declaration"]["goodsItems"] = [
            {"goodsItemNumber": n, "commodityCode": None, "descriptionOfGoods": "x", "netMassKg": f"?{n}"}
            for n in range(1, 900)
        ]
    other["declaration"]["goodsItems"][700]["netMassKg"] = "?"
    versions = [canonical.decode(json.dumps(one).encode()) for one in (many, many, other)]
    first, same, third = map(canonical.payload_hash, versions)
    assert first == same != third
    assert [one.count for one in versions[0].unreadable] == [1] * 5 + [894]
    assert versions[0].unreadable[-1].path == "declaration.goodsItems[].netMassKg"
    assert canonical.decode(canonical.encode(versions[0])) == versions[0]


def test_a_text_is_made_harmless_and_short() -> None:
    (one,) = changed(*GOODS, "netMassKg", to="\x1b[31m\u202e" + "9" * 500 + "\n").unreadable
    assert one.text.startswith(r"\x1b[31m\u202e999") and len(one.text) == 80 and one.text.isprintable()


def test_a_sender_may_say_what_it_could_not_read_itself() -> None:
    message = everything()
    message["unreadable"] = [
        {
            "path": "declaration.totalGrossMassKg",
            "kind": "decimal",
            "reason": "illegible\x1b",
            "text": "\x1bx",
        }
    ] + [{"path": f"p{n}", "kind": "text", "reason": "r"} for n in range(5000)]
    version = canonical.decode(json.dumps(message).encode())
    assert version.unreadable[0].text == r"\x1bx"
    assert len(version.unreadable) <= 301
    assert canonical.decode(canonical.encode(version)) == version
    message["unreadable"] = "nonsense"
    (one,) = canonical.decode(json.dumps(message).encode()).unreadable
    assert (one.path, one.kind) == ("unreadable", "part")


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(value, dict | list):
        for name, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(one, (*path, name))


PLACES = [
    path
    for path in places(everything())
    if path[0] == "declaration" and len(path) > 2 and path[1] != "regime"
]
JUNK = JSON | st.sampled_from(["41,250", "KGZZ", "٤", "\x00", "1E400", 44756, 10**400, True, [], {}])


@settings(STEADY, max_examples=tried(400))
@given(st.sampled_from(PLACES), JUNK)
def test_no_value_within_costs_the_others_their_screening(path: Any, junk: Any) -> None:
    """Whatever stands in one place: the declaration is read, its other party and item are there, and what was lost is told."""
    try:
        version = changed(*path, to=junk)
    except Unscreenable as error:
        # An item that does not even say that it declares no code is not in the form of the contract.
        assert "missing required field" in error.detail and isinstance(junk, dict) and path[1] == "goodsItems"
        return
    before = canonical.decode(json.dumps(everything()).encode())
    assert len(version.declaration.goods_items) == len(before.declaration.goods_items)
    lost = len(before.declaration.parties) - len(version.declaration.parties)
    assert lost <= (path[1] == "parties")
    if lost and junk not in (None, "") and not (isinstance(junk, str) and not junk.strip()):
        assert any(one.path.startswith("declaration.parties") for one in version.unreadable)
    assert canonical.decode(canonical.encode(version)) == version


def test_the_work_is_linear_in_what_cannot_be_read() -> None:
    """Twice as many bad values: twice as much is told or counted, and decoded twice, not once for each."""
    calls = 0
    original = canonical._decode

    def counted(data: bytes) -> Any:
        nonlocal calls
        calls += 1
        return original(data)

    message = everything()
    message["declaration"]["goodsItems"] = [
        {"goodsItemNumber": n, "commodityCode": {"hs6": "x"}, "descriptionOfGoods": "x", "netMassKg": "?"}
        for n in range(1, 999)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(canonical, "_decode", counted)
        version = canonical.decode(json.dumps(message).encode())
    assert calls == 2
    assert sum(one.count for one in version.unreadable) == 2 * 998


def test_the_good_path_does_not_come_here() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(canonical.lenient, "readable", None)
        assert canonical.decode(canonical.encode(declaration())) == declaration()
