"""Readers on small files in the official layouts, on damaged ones, and on the real files."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.watchlists.readers import READERS, Reader, Rejected, UnreadableList, read_list
from streams.watchlists.readers.source import ListSource
from tests.watchlists import files


@pytest.mark.parametrize("upper", [False, True])
def test_ofac_trio_becomes_entries(tmp_path: Path, upper: bool) -> None:
    read = read_list(files.write_sdn(tmp_path, upper=upper))
    assert (read.list, read.format, read.rejected, read.notes) == ("ofac-sdn", "ofac-csv", (), ())
    assert read.edition == read.sha256[:12]
    firm, person, vessel, aircraft = read.entries
    assert firm.names == ("MERIDIAN FREIGHT LIMITED", "MERIDIAN FRAKHT OOO", 'NORTHERN "STAR" FREIGHT')
    assert firm.weak_names == ("MERFRE",)
    assert firm.type == "organization"
    assert firm.countries == ("RU", "KG")
    assert firm.addresses == ("5 Lesnaya Street, Moscow 127055, Russia", "Kyrgyzstan")
    assert firm.identifiers == ("7701234567",)
    assert firm.emails == ("office@meridian.example",)
    assert firm.phones == ("(7)(495)(1234567)",) or firm.phones == ("7 495 1234567",)
    assert firm.remarks is not None and "Linked To: NOBODY" in firm.remarks
    assert person.type == "person"
    assert person.programmes == ("RUSSIA-EO14024", "CYBER2")
    assert person.birth_dates == ("1985-05-20", "1984")
    assert person.countries == ("BY", "RU")
    assert person.identifiers == ("MP1234567",)
    assert (vessel.type, vessel.identifiers) == ("vessel", ("9123456", "572469210", "T2EU4"))
    assert vessel.countries == ("IR",)
    assert vessel.weak_names == ("GREEN ANCHOR",)
    assert aircraft.type == "aircraft"


def test_ofac_without_its_aliases_says_so(tmp_path: Path) -> None:
    path = files.write_sdn(tmp_path)
    (tmp_path / "alt.csv").unlink()
    read = read_list(path)
    assert len(read.entries) == 4
    assert read.notes == ("no ALT file beside sdn.csv: its aliases are missing",)


def test_hash_covers_aliases_and_addresses(tmp_path: Path) -> None:
    path = files.write_sdn(tmp_path)
    before = read_list(path).sha256
    (tmp_path / "add.csv").write_text(files.ADD.replace("Minsk", "Brest"))
    assert read_list(path).sha256 != before


def test_un_xml_becomes_entries(tmp_path: Path) -> None:
    read = read_list(files.write(tmp_path, "consolidated.xml", files.UN))
    assert (read.list, read.edition, read.format) == ("un-sc", "2026-03-04", "un-xml")
    person, firm = read.entries
    assert person.id == "TAi.901"
    assert person.names == ("Karim al-Example", "كريم المثال", "Karim Example Khan")
    assert person.weak_names == ("The Example",)
    assert person.countries == ("AF", "PK")
    assert person.birth_dates == ("1961/1963",)
    assert person.identifiers == ("OR 801168",)
    assert person.listed_on == "2001-02-23"
    assert firm.names == ("EXAMPLE TRADING", "EXAMPLE COMMERCE")
    assert (firm.type, firm.countries, firm.programmes) == ("organization", ("CN",), ("UN DPRK",))


def test_simple_csv_becomes_entries(tmp_path: Path) -> None:
    read = read_list(files.write(tmp_path, "any.csv", files.SIMPLE))
    assert (read.list, read.edition) == ("example_list", "2026-03-01")
    person, firm = read.entries
    assert person.names == ("Raisa Exampleva", "Раиса Экземплярова", "R. Exampleva")
    assert (person.type, person.countries, person.list) == ("person", ("KG", "RU"), "example_list")
    assert (firm.type, firm.id) == ("organization", "x-2")


def test_own_list_needs_only_names(tmp_path: Path) -> None:
    read = read_list(
        files.write(tmp_path, "My blacklist.csv", "name,countries\nAcme,kyrgyzstan\nBeta,\n"), edition="7"
    )
    assert (read.list, read.edition) == ("my_blacklist", "7")
    assert [(entry.id, entry.names, entry.countries) for entry in read.entries] == [
        ("row-2", ("Acme",), ("KG",)),
        ("row-3", ("Beta",), ()),
    ]


def test_name_given_by_the_loader_is_used_throughout(tmp_path: Path) -> None:
    read = read_list(files.write(tmp_path, "a.csv", files.SIMPLE), name="mine")
    assert read.list == "mine"
    assert {entry.list for entry in read.entries} == {"mine"}


def test_row_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    rows = "".join(f'{n},"FIRM {n}",-0- ,"X"{",-0- " * 8}\n' for n in range(1, 200))
    path = files.write(tmp_path, "sdn.csv", rows.replace('50,"FIRM 50",-0- ,', '50,"FIRM 50",'))
    read = read_list(path)
    assert len(read.entries) == 198
    assert [rejected.line for rejected in read.rejected] == [50]
    assert "11 columns where 12 are expected" in read.rejected[0].reason


def test_rows_with_one_id_are_one_entry(tmp_path: Path) -> None:
    text = "id,schema,name,aliases,countries\na,Person,Ann Example,Annie,kg\nb,Person,Bo Example,,\na,Person,Ann Example,Nan,kz\n"
    read = read_list(files.write(tmp_path, "own.csv", text))
    assert [entry.id for entry in read.entries] == ["a", "b"]
    assert read.entries[0].names == ("Ann Example", "Annie", "Nan")
    assert read.entries[0].countries == ("KG", "KZ")
    assert read.notes == ("own.csv: 1 rows repeat an entry and were joined with it",)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("empty.csv", "", "is empty"),
        ("blank.xml", "  \n", "is empty"),
        ("other.txt", "hello world", "no known list format"),
        ("cut.xml", files.UN[:900], "cut short"),
        ("none.xml", '<CONSOLIDATED_LIST dateGenerated="2026-01-01"></CONSOLIDATED_LIST>', "no entries"),
        ("header.csv", files.SIMPLE.splitlines()[0], "no entries"),
        ("cut.csv", files.SIMPLE[:-40], "cut short"),
        ("quote.csv", files.SIMPLE.replace('"2026-03-01"', '"2026'), "cut short"),
        ("sdn.csv", files.SDN[:-60], "cut short"),
        ("sdn.csv", files.SDN.replace(',"vessel"', "").replace(',"individual"', "").replace('D",-0- ', 'D"'), "columns"),
        ("alt.csv", files.ALT, "give SDN.CSV"),
        ("nameless.csv", "id,schema,name\n1,Person,\n2,Person,\n", "no name"),
        ("bytes.csv", "id,schema,name\n1,Person,\udcc8\udce2\udce0\udced\n", "not UTF-8"),
        ("page.csv", "<!DOCTYPE html><html><title>Sign in</title></html>", "an HTML page ('Sign in')"),
        ("page.xml", "\n<HTML>\n<body><h1>Moved</h1>", "an HTML page ('Moved')"),
        ("error.csv", '{"error": "quota exceeded"}', "a JSON message and not a list: 'quota exceeded'"),
        ("cut.json", '{"results": [{"name": "A', "cut short"),
        ("other.json", '{"rows": []}', "its keys are rows"),
        ("columns.csv", "id,first,last\n1,A,B\n", "no column 'name'; its columns are id, first, last"),
        ("changes.csv", "change_date,name,action\n2026-01-02,Acme,Added\n", "its columns are change_date, name, action"),
        ("list.pdf", "%PDF-1.7\n", "a PDF document"),
        ("list.7z", "7z\udcbc\udcaf\x27\x1c", "a 7z archive: unpack it"),
        ("other.xml", "<?xml version='1.0'?><!-- a --><x:feed xmlns:x='y'/>", "its root element is <feed>"),
    ],
)  # fmt: skip
def test_unusable_file_is_refused_in_one_sentence(tmp_path: Path, name: str, text: str, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UnreadableList) as refusal:
        read_list(path)
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_missing_file_is_refused() -> None:
    with pytest.raises(UnreadableList, match="cannot be read"):
        read_list(Path("no-such-list.csv"))


def test_xml_with_entities_is_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "y">]>' + files.UN.partition("?>")[2].replace("Karim", "&x;", 1)
    with pytest.raises(UnreadableList, match="document type or entities"):
        read_list(files.write(tmp_path, "bomb.xml", bomb))


def test_readers_are_found_by_their_files_and_what_anybody_writes_is_asked_last() -> None:
    assert {type(reader) for reader in READERS} == set(Reader.__subclasses__())
    assert [reader.anybodys for reader in READERS] == sorted(reader.anybodys for reader in READERS)


@given(st.text(st.sampled_from("ab;,\"'\n\r\x00\ufeff é"), max_size=60))
def test_any_text_has_rows_of_its_columns_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_text(text, encoding="utf-8", newline="")
    rejected: list[Rejected] = []
    try:
        source = ListSource(path)
        rows = list(source.rows(rejected))
    except UnreadableList as refused:
        assert str(path) in str(refused)
    else:
        assert all(row.keys() == source.columns for _, row in rows)
        last = text.count("\n") + text.count("\r") + 1
        assert all(one.line <= last for one in rejected) and all(line <= last for line, _ in rows)
