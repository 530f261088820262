"""Amendments of any kind: the same as on a list, nothing but Unscreenable, and in time."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, Tree
from streams.declarations.formats.adapters import amend, covers, read, version_of
from streams.declarations.formats.wco.values import MAP
from tests.declarations.strategies import STEADY
from tests.declarations.test_wco_dm import LIMIT
from tests.declarations.trees import (
    BASE,
    ITEM,
    RECEIVED,
    SYSTEM,
    delta,
    document,
    item,
    original,
    points,
    t,
    texts,
)
from tests.examples import tried


def subset(tree: Tree, rng: random.Random) -> Tree:
    """Some of what a document says, with empty elements where a place must be kept."""
    kept = []
    for child in tree.children:
        if child.name == "SequenceNumeric":
            kept.append(child)
        elif rng.random() < 0.5:
            kept.append(subset(child, rng) if child.children else child)
        elif child.name != ITEM and sum(one.name == child.name for one in tree.children) > 1:
            kept.append(Tree(child.name))
    return replace(tree, children=tuple(kept))


def fitting(tree: Tree) -> Tree:
    """Without what is about the document itself, and the empty lines an element keeps after its children are gone."""
    return replace(
        tree, children=tuple(one for one in tree.children if one.name not in MAP["request_only"]["elements"])
    )


DOCUMENTS = [original("import.xml").source, original("export.xml").source, BASE]


@settings(STEADY, max_examples=tried(200))
@given(st.sampled_from(DOCUMENTS), st.randoms(use_true_random=False))
def test_stating_some_of_the_documents_own_values_changes_nothing(base: Tree, rng: random.Random) -> None:
    part = subset(fitting(base), rng)
    assert amend(SYSTEM, base, delta(*part.children)) == base
    assert covers(SYSTEM, delta(*part.children), [delta(*fitting(base).children)])


@settings(STEADY, max_examples=tried(200))
@given(
    st.lists(st.integers(1, 999), min_size=1, max_size=8, unique=True),
    st.dictionaries(st.integers(1, 999), st.sampled_from(["add", "delete", "replace"]), max_size=8),
    st.data(),
)
def test_items_added_deleted_and_replaced_are_those_of_a_list(
    had: list[int], wanted: dict[int, str], draw: st.DataObject
) -> None:
    for number in draw.draw(st.lists(st.sampled_from(had), unique=True)):
        wanted[number] = draw.draw(st.sampled_from(["delete", "replace"]))
    base = t("Declaration", t("GoodsShipment", *(item(n, document("X001", str(n))) for n in sorted(had))))
    model = {n: str(n) for n in had}
    pointers, nodes = [], []
    for number, what in draw.draw(st.permutations(list(wanted.items()))):
        if what == "delete" and number not in had:
            continue
        pointers.append(points("67A", f"68A {number} ") if number < 100 else long_pointer(number))
        if what == "delete":
            del model[number]
        else:
            model[number] = f"new {number}"
            nodes.append(item(number, document("X001", model[number])))
    after = amend(SYSTEM, base, delta(*pointers, t("GoodsShipment", *nodes)))
    assert texts(after, "ID") == [model[n] for n in sorted(model)]


def long_pointer(number: int) -> Tree:
    """points() takes three digits for a tag."""
    steps = (("42A", "1"), ("67A", "1"), ("68A", str(number)))
    return t(
        "Amendment", *(t("Pointer", t("SequenceNumeric", n), t("DocumentSectionCode", s)) for s, n in steps)
    )


@settings(STEADY, max_examples=tried(200))
@given(st.lists(st.sampled_from(["keep", "change", "delete"]), min_size=1, max_size=8), st.integers(0, 3))
def test_documents_changed_deleted_and_added_are_those_of_a_list(actions: list[str], added: int) -> None:
    base = t(
        "Declaration", t("GoodsShipment", item(1, *(document("X001", str(n)) for n in range(len(actions)))))
    )
    expected, pointers, nodes = [], [], []
    for position, action in enumerate([*actions, *["add"] * added], 1):
        blank = action in ("keep", "delete")
        nodes.append(t("AdditionalDocument") if blank else document("X001", f"new {position}"))
        if action == "keep":
            expected.append(str(position - 1))
            continue
        pointers.append(points("67A", "68A 1", f"02A {position}" + (" D005" if action == "change" else "")))
        if action != "delete":
            expected.append(f"new {position}")
    after = amend(SYSTEM, base, delta(*pointers, t("GoodsShipment", item(1, *nodes))))
    assert texts(after, "ID") == expected


NAMES = sorted(
    {
        ITEM,
        "AdditionalDocument",
        "Exporter",
        "Name",
        "ID",
        "SequenceNumeric",
        "GoodsShipment",
        "Amendment",
        "Pointer",
    }
)
TREES = st.recursive(
    st.builds(Tree, st.sampled_from(NAMES), st.sampled_from(["", "1", "2", "x", "²", "9" * 400])),
    lambda inner: st.builds(
        lambda name, children: Tree(name, children=tuple(children)),
        st.sampled_from(NAMES),
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)
STEPS = st.builds(
    lambda section, number, tag: t(
        "Pointer", t("DocumentSectionCode", section), t("SequenceNumeric", number), t("TagID", tag)
    ),
    st.sampled_from(["67A", "68A", "02A", "57A", "", "ZZ"]),
    st.sampled_from(["", "0", "1", "2", "99999", "-1", "x", "²"]),
    st.sampled_from(["", "D005", "R031", "?"]),
)
AMENDMENTS = st.lists(STEPS, max_size=4).map(
    lambda steps: t("Amendment", t("Pointer", t("DocumentSectionCode", "42A")), *steps)
)


@settings(STEADY, max_examples=tried(400))
@given(st.lists(TREES, max_size=4), st.lists(TREES, max_size=4), st.lists(AMENDMENTS, max_size=3))
def test_any_delta_on_any_document_raises_nothing_else(
    old: list[Tree], new: list[Tree], pointers: list[Tree]
) -> None:
    base = t("Declaration", *old)
    change = delta(*pointers, *new)
    try:
        after = amend(SYSTEM, base, change)
        version_of(after, original().version.envelope)
    except Unscreenable as error:
        assert error.reason == "SCHEMA_VIOLATION"
        assert error.detail
    assert isinstance(covers(SYSTEM, change, [base, change]), bool)


def test_999_items_are_merged_in_time() -> None:
    base = t(
        "Declaration",
        t(
            "GoodsShipment",
            *(item(n, *(document("X001", str(d)) for d in range(20))) for n in range(1, 1000)),
        ),
    )
    changes = [item(n, *(document("X001", f"new {d}") for d in range(20))) for n in range(1, 1000)]
    after = amend(
        SYSTEM, base, delta(*(long_pointer(n) for n in range(1, 1000)), t("GoodsShipment", *changes))
    )
    assert len(texts(after, "ID")) == 999 * 20
    assert texts(after, "ID")[-1] == "new 19"


def test_an_amendment_read_from_xml_is_merged() -> None:
    message = read(
        b"<Declaration><FunctionCode>13</FunctionCode><ID>26GB1</ID><TypeCode>COR</TypeCode><Amendment>"
        b"<Pointer><DocumentSectionCode>42A</DocumentSectionCode><TagID>109</TagID></Pointer></Amendment>"
        b'<InvoiceAmount currencyID="GBP">7</InvoiceAmount></Declaration>',
        received=RECEIVED,
        max_bytes=LIMIT,
    )
    assert isinstance(message, Event)
    assert message.delta is not None
    one = original()
    after = version_of(amend(SYSTEM, one.source, message.delta), one.version.envelope).declaration
    before = one.version.declaration
    assert (after.total_amount_invoiced, len(after.parties)) == ("7", len(before.parties))
    assert after.goods_items == before.goods_items
