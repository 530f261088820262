"""Documents and amendments as trees, for the tests of merging."""

from datetime import UTC, datetime

import pytest

from streams.declarations.errors import Unscreenable
from streams.declarations.events import Original, Tree
from streams.declarations.formats.adapters import amend, read
from tests.declarations.test_wco_dm import LIMIT, fixture

RECEIVED = datetime(2026, 11, 24, tzinfo=UTC)
SYSTEM = "uk.cds"
ITEM = "GovernmentAgencyGoodsItem"


def t(name: str, *content: "Tree | str", **attributes: str) -> Tree:
    """An element: a text, or children."""
    texts = "".join(one for one in content if isinstance(one, str))
    return Tree(name, texts, attributes, tuple(one for one in content if isinstance(one, Tree)))


def points(*steps: str) -> Tree:
    """An Amendment: points("67A", "68A 2", "02A 4 360"): section, number, tag; the Declaration goes without saying."""
    made = []
    for step in ("42A" if not steps or steps[0][:3] != "42A" else "", *steps):
        section, *rest = step.split() or [""]
        number = next((one for one in rest if one.isdigit() and len(one) < 3), None)
        tag = next((one for one in rest if one != number), None)
        if section:
            made.append(
                t(
                    "Pointer",
                    *([t("SequenceNumeric", number)] if number else []),
                    t("DocumentSectionCode", section),
                    *([t("TagID", tag)] if tag else []),
                )
            )
    return t("Amendment", t("ChangeReasonCode", "28"), *made)


def item(number: int, *content: Tree) -> Tree:
    return t(ITEM, t("SequenceNumeric", str(number)), *content)


def document(code: str, identification: str = "", status: str = "") -> Tree:
    given = [t("CategoryCode", code[:1]), t("TypeCode", code[1:])]
    given += [t("ID", identification)] if identification else []
    return t("AdditionalDocument", *given, *([t("LPCOExemptionCode", status)] if status else []))


def delta(*content: Tree) -> Tree:
    return t(
        "Declaration",
        t("FunctionCode", "13"),
        t("FunctionalReferenceID", "L-2"),
        t("TypeCode", "COR"),
        *content,
    )


BASE = t(
    "Declaration",
    t("FunctionCode", "9"),
    t("FunctionalReferenceID", "L-1"),
    t("TypeCode", "IMA"),
    t("TotalPackageQuantity", "10"),
    t("Exporter", t("Name", "Old Ltd"), t("Address", t("CityName", "Old Town"), t("CountryCode", "GB"))),
    t("AdditionalInformation", t("StatementCode", "A"), t("StatementDescription", "kept")),
    t(
        "GoodsShipment",
        t("Consignee", t("Name", "Old Receiver"), t("Address", t("CountryCode", "KG"))),
        item(
            1,
            document("X001", "one", "EE"),
            document("C506", "two"),
            t("Commodity", t("Description", "sights")),
        ),
        item(2, document("N935", "three")),
        item(5),
    ),
)


def merged(*content: Tree, base: Tree = BASE) -> Tree:
    return amend(SYSTEM, base, delta(*content))


def find(tree: Tree, *path: str) -> Tree:
    for step in path:
        name, _, position = step.partition("#")
        tree = [one for one in tree.children if one.name == name][int(position or 1) - 1]
    return tree


def texts(tree: Tree, name: str) -> list[str]:
    own = [tree.text] if tree.name == name else []
    return own + [text for child in tree.children for text in texts(child, name)]


def numbers(tree: Tree) -> list[str]:
    return [
        find(one, "SequenceNumeric").text for one in find(tree, "GoodsShipment").children if one.name == ITEM
    ]


def problem(*content: Tree) -> str:
    with pytest.raises(Unscreenable) as error:
        merged(*content)
    assert error.value.reason == "SCHEMA_VIOLATION"
    return error.value.detail


def original(name: str = "import.xml") -> Original:
    message = read(fixture(name), received=RECEIVED, max_bytes=LIMIT)
    assert isinstance(message, Original)
    return message
