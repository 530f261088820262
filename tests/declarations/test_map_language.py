"""All that a map can say of where a value comes from, and what is wrong with one that cannot work."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, Ignored
from streams.declarations.formats.adapters import Formats, load_field_map, of_folder, read
from streams.declarations.formats.mapped.reader import FieldMap
from streams.declarations.model import DeclarationVersion
from streams.errors import UserError

RECEIVED = datetime(2026, 11, 26, tzinfo=UTC)
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples" / "formats"
HEAD = """
[format]
absent = ["-"]
[envelope]
declarationKey = "id"
[declaration]
regime = "EXPORT"
LRN = FIELD
[[parties]]
role = "CONSIGNEE"
name = "to"
[items]
description = { const = "goods" }
hs6 = { const = "901310" }
"""


def said(field: str, **message: Any) -> str | None:
    """What a map makes of a message where a field of it is written so."""
    built = FieldMap(tomllib.loads(HEAD.replace("FIELD", field))).read(
        {"id": "1", "to": "X", **message}, RECEIVED
    )
    assert isinstance(built, DeclarationVersion)
    return built.declaration.LRN


@pytest.mark.parametrize(
    ("field", "message", "expected"),
    [
        ('"a.b"', {"a": {"b": "x"}}, "x"),
        ('"a[0].b"', {"a": [{"b": "x"}, {"b": "y"}]}, "x"),
        ('"a[0].b"', {"a": {"b": "x"}}, "x"),
        ('"a"', {"a": "-"}, None),
        ('{ from = "a", absent = ["none"] }', {"a": "none"}, None),
        ('{ first = ["a", { from = "b", slice = [1, 3] }] }', {"b": "1234"}, "23"),
        ('{ join = ["a", "b"], with = "" }', {"a": "1"}, None),
        ('{ join = ["a", "b"], with = "", partial = true }', {"a": "1"}, "1"),
        ('{ join = [{ const = "lt" }, "a"] }', {"a": "1"}, "lt|1"),
        (
            '{ from = "r.no", where = { kind = "A" } }',
            {"r": [{"kind": "B", "no": "1"}, {"kind": "A", "no": "2"}]},
            "2",
        ),
        ('{ from = "r.no", where = { kind = ["A", "C"] } }', {"r": {"kind": "C", "no": "2"}}, "2"),
        ('{ from = "r.no", where = { kind = false } }', {"r": [{"kind": "A", "no": "1"}, {"no": "2"}]}, "2"),
        ('{ from = "r.no", where = { kind = true } }', {"r": [{"kind": "A", "no": "1"}, {"no": "2"}]}, "1"),
        ('{ from = "r.no", where = { kind = "Z" } }', {"r": [{"kind": "A", "no": "1"}]}, None),
        ('{ const = "yes", where = { a = true } }', {"a": 1}, "yes"),
        ('{ const = "yes", where = { a = true } }', {}, None),
        ('{ from = "a", line = 0 }', {"a": "first\n second\nthird"}, "first"),
        ('{ from = "a", lines = [1] }', {"a": "first\n second\nthird"}, "second third"),
        ('{ from = "a", line = 5 }', {"a": "first"}, None),
        ('{ from = "a", slice = [-2] }', {"a": "1234"}, "34"),
        ('{ from = "a", case = "upper" }', {"a": "ab"}, "AB"),
        ('{ from = "a", date = "%m/%d/%y" }', {"a": "03/15/22"}, "2022-03-15"),
        (
            '{ from = "a", date = ["%d.%m.%Y", "%d.%m.%Y %H:%M"] }',
            {"a": "15.03.2022 08:05"},
            "2022-03-15T08:05:00",
        ),
        ('{ from = "a", date = "excel" }', {"a": 44756.5}, "2022-07-14T12:00:00+00:00"),
        ('{ from = "a", date = "%d.%m.%Y", slice = [0, 4] }', {"a": "15.03.2022"}, "2022"),
        ('{ from = "a", decimal = "," }', {"a": "1.234"}, "1234"),
        ('{ from = "a", decimal = "," }', {"a": "1 234,5"}, "1234.5"),
        ('{ from = "a", decimal = "." }', {"a": "1,234"}, "1234"),
        ('{ from = "a", decimal = "," }', {"a": "12.5"}, "12.5"),
        ('{ from = "a", table = "countries" }', {"a": "417"}, "KG"),
        ('{ from = "a", table = "countries" }', {"a": "Kyrgyzstan"}, "KG"),
        ('{ from = "a", table = "countries" }', {"a": "kgz"}, "KG"),
        ('{ from = "a", table = "transport-modes" }', {"a": "31"}, "3"),
        ('{ from = "a", table = "regimes" }', {"a": "IM4"}, "IMPORT"),
        ('{ from = "a", table = "regimes" }', {"a": "3151"}, "REEXPORT"),
        ('{ from = "a", table = "units" }', {"a": "166"}, "KGM"),
        ('{ from = "a", table = "units" }', {"a": "XYZ"}, "XYZ"),
        ('{ from = "a", map = { x = "Y" } }', {"a": "x"}, "Y"),
        ('{ from = "a", map = { x = "Y" }, default = "Z" }', {"a": "q"}, "Z"),
    ],
)
def test_where_a_value_comes_from(field: str, message: dict[str, Any], expected: str | None) -> None:
    assert said(field, **message) == expected


def test_what_is_no_date_of_the_pattern_is_never_guessed() -> None:
    table = (
        HEAD.replace("FIELD", '"id"')
        + 'netMassKg = "kg"\n[[items.documents]]\ntype = { const = "X" }\nvalidityDate = '
    )
    fit = FieldMap(tomllib.loads(table + '{ from = "until", date = "%m.%d.%Y" }'))
    read_as = fit.read({"id": "1", "to": "X", "until": "03.04.2026"}, RECEIVED)
    assert isinstance(read_as, DeclarationVersion)
    assert read_as.declaration.goods_items[0].documents[0].validity_date == "2026-03-04"
    wrong = fit.read({"id": "1", "to": "X", "until": "13.04.2026"}, RECEIVED)
    assert isinstance(wrong, DeclarationVersion)
    assert [one.path for one in wrong.unreadable] == ["declaration.goodsItems[0].documents[0].validityDate"]


def test_several_values_where_one_is_taken_refuse_the_message() -> None:
    with pytest.raises(Unscreenable, match=r"r.no: 2 with different values, where declaration.LRN takes one"):
        said(
            '{ from = "r.no", where = { kind = "A" } }',
            r=[{"kind": "A", "no": "1"}, {"kind": "A", "no": "2"}],
        )


@pytest.mark.parametrize("name", ["port.json", "ledger.xml"])
def test_the_examples_of_a_newcomer(name: str) -> None:
    """Nested lists in JSON, namespaces and attributes in XML: a table of at most 40 lines each."""
    table = EXAMPLES / f"{name.partition('.')[0]}.toml"
    assert len(table.read_text().splitlines()) <= 40
    formats = Formats(own=of_folder(EXAMPLES))
    version = read((EXAMPLES / name).read_bytes(), received=RECEIVED, max_bytes=10**6, formats=formats)
    assert isinstance(version, DeclarationVersion)
    declaration = version.declaration
    assert version.unreadable == ()
    consignee = next(one for one in declaration.parties if one.role == "CONSIGNEE")
    assert (consignee.name, consignee.address and consignee.address.country) == (
        "Issyk Optical Trade OsOO",
        "KG",
    )
    if name == "port.json":
        assert [one.name for one in declaration.parties] == [
            "Sample Freight Pte Ltd",
            "Issyk Optical Trade OsOO",
            "Ala Invented OsOO",
        ]
        assert [one.packages[0].shipping_marks for one in declaration.goods_items] == [
            "INVU0000012 of BL-1",
            "INVU0000033 of BL-1",
            "INVU0000054 of BL-2",
        ]
        assert declaration.goods_items[0].gross_mass_kg == "1200.5"
        assert declaration.national_extensions == {"port": {"remark": "second call"}}
    else:
        assert consignee.other_identification_numbers == ("00223344",)
        assert [one.net_mass_kg for one in declaration.goods_items] == ["41.2", None]
        assert declaration.national_extensions is not None
        assert declaration.national_extensions["ledger"]["Seen"] == "by an officer"


EVENTS = """
[format]
title = "events"
[recognise]
fields = ["ref"]
[[message]]
where = { state = "released" }
kind = "RELEASED"
LRN = "ref"
at = "when"
version = "number"
[[message]]
where = { state = ["noise", "tax"] }
kind = "IGNORED"
name = "noise"
[[message]]
where = { state = "new" }
"""


def test_what_a_message_is() -> None:
    table = FieldMap(
        tomllib.loads(
            EVENTS
            + HEAD.partition("[envelope]")[1]
            + HEAD.partition("[envelope]")[2].replace("FIELD", '"ref"')
        )
    )
    released = table.read(
        {"state": "released", "ref": "R1", "when": "2026-03-01T10:00:00Z", "number": 2}, RECEIVED
    )
    assert isinstance(released, Event)
    assert (released.kind, released.LRN, released.version_number) == ("RELEASED", "R1", 2)
    assert released.at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert table.read({"state": "tax", "ref": "R1"}, RECEIVED) == Ignored("noise")
    assert isinstance(
        table.read({"state": "new", "ref": "R1", "id": "1", "to": "X"}, RECEIVED), DeclarationVersion
    )
    for message, wrong in (
        ({"state": "other", "ref": "R1"}, "does not know"),
        ({"state": "released"}, "neither LRN nor MRN"),
        ({"state": "released", "ref": "R1", "when": "soon"}, "at: not a date"),
        ({"state": "released", "ref": "R1", "number": "x"}, "version: not a decimal"),
        ({"state": "released", "ref": "R" * 101}, "over 100 characters"),
        ({"state": "released", "ref": {"a": 1}}, "an object or a list"),
        ({"state": "released", "ref": ["a", "b"]}, "a list of 2"),
    ):
        with pytest.raises(Unscreenable, match=wrong):
            table.read(message, RECEIVED)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("LRN = FIELD", "LRN = {", "line 7"),
        ("FIELD", '{ from = "a", slices = [1] }', "line 7: declaration.LRN: give one of"),
        ("FIELD", '{ from = "a", slice = "1" }', "line 7: declaration.LRN: slice takes"),
        ("FIELD", '{ from = "a", line = true }', "line 7: declaration.LRN: line takes"),
        ("FIELD", '{ from = "a", case = "title" }', "line 7: declaration.LRN: case takes"),
        ("FIELD", '{ from = "a", date = "dd.mm" }', "line 7: declaration.LRN: date takes"),
        ("FIELD", '{ from = "a", decimal = ";" }', "line 7: declaration.LRN: decimal takes"),
        ("FIELD", '{ from = "a", table = "colours" }', "line 7: declaration.LRN: table is one of"),
        ("FIELD", '{ from = "a", where = {} }', "line 7: declaration.LRN: where is empty"),
        ("FIELD", '{ first = ["a"], where = { b = "1" } }', "line 7: declaration.LRN: where goes with"),
        ("FIELD", '{ value = "nothing" }', r"line 7: declaration.LRN: there is no \[values\] nothing"),
        ("FIELD", '{ join = "a" }', "line 7: declaration.LRN: join takes"),
        (
            'hs6 = { const = "901310" }',
            "nettMass = 1",
            "line 13: goodsItems.nettMass: there is no such field|declaration.goodsItems.nettMass",
        ),
        ('name = "to"', 'nam = "to"', "line 10: declaration.parties.nam: there is no such field"),
        ("[format]", "[format]\nreads = 'edi'", "format.reads: json, xml or rows"),
        ("[format]", "[format]\nread = 'xml'", "line 2: format.read: there is no such field"),
        ("[format]", "[recognise]\nroots = 'x'\n[format]", "line 2: recognise.roots: there is no such field"),
        ("[format]", "[[message]]\nkind = 'DONE'\n[format]", "line 2: message.1..kind: one of"),
        ("[format]", "[[message]]\nkind = 'RELEASED'\n[format]", "message.1.: give LRN or MRN"),
        ("[format]", "[[message]]\nwhole = true\n[format]", "line 2: message.1..whole"),
        ("[format]", "[format]\nkey = 'x'", "format.key takes a list"),
    ],
)
def test_a_table_that_cannot_work_is_refused_with_file_line_and_field(
    before: str, after: str, problem: str, tmp_path: Path
) -> None:
    file = tmp_path / "own.toml"
    text = HEAD.lstrip()
    assert before in text
    file.write_text(text.replace(before, after).replace("FIELD", '"id"'))
    with pytest.raises(UserError, match=problem) as refused:
        load_field_map(file)
    assert str(file) in str(refused.value)


def test_a_folder_of_tables(tmp_path: Path) -> None:
    for folder, problem in ((tmp_path / "none", "no folder"), (tmp_path, "no NAME.toml")):
        with pytest.raises(UserError, match=problem):
            of_folder(folder)
    (tmp_path / "own.toml").write_text(HEAD.replace("FIELD", '"id"'))
    with pytest.raises(UserError, match="by what its messages are known"):
        of_folder(tmp_path)
    (tmp_path / "own.toml").write_text('[recognise]\nfields = ["id"]\n' + HEAD.replace("FIELD", '"id"'))
    assert [one.name for one in of_folder(tmp_path)] == ["own"]
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "format.toml").write_text((tmp_path / "own.toml").read_text())
    with pytest.raises(UserError, match="two formats own"):
        of_folder(tmp_path)
