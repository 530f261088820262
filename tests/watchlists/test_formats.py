"""Each official format into entries: every field that its publisher has, from small files after the published schema."""

import gzip
import zipfile
from pathlib import Path

import msgspec
import pytest

from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.readers import ListFile, UnreadableList, read_list
from tests.watchlists import files, formats
from tests.zips import UNREADABLE


def read(folder: Path, name: str, text: str, accept: str | None = None) -> ListFile:
    file = read_list(files.write(folder, name, text), accept=accept)
    assert not file.rejected
    return file


def same(ones: tuple[WatchlistEntry, ...], others: tuple[WatchlistEntry, ...], *but: str) -> None:
    """Two formats of one list give one list."""
    blank = dict.fromkeys(but)
    for one, other in zip(ones, others, strict=True):
        left, right = msgspec.structs.asdict(one), msgspec.structs.asdict(other)
        assert left | blank == right | blank


def test_us_screening_list_as_csv(tmp_path: Path) -> None:
    file = read(tmp_path, "csl.csv", formats.CSL_CSV)
    assert (file.list, file.format, file.notes) == ("us-csl", "us-csl-csv", ())
    firm, listed, person = file.entries
    assert firm == WatchlistEntry(
        list="us-csl",
        id="901",
        names=("NORTH QUAY LOGISTICS LLC", "NORTH QUAY", "OSOO NORTH QUAY"),
        type="organization",
        countries=("KG", "RU"),
        addresses=("Office 5, 12 Chuy Avenue, Bishkek, 720000, KG", "RU"),
        identifiers=("0123456789", "NOQUKG22"),
        emails=("a@quay.example",),
        programmes=("Specially Designated Nationals (SDN) - Treasury Department", "RUSSIA-EO14024", "SDGT"),
        remarks="Website: quay.example",
    )
    assert (listed.id, listed.listed_on, listed.type) == ("a1b2", "2024-05-01", "unknown")
    assert listed.addresses == ("Hall 3, Industrial Zone, Shenzhen, CN",)
    assert listed.remarks is not None and "Licence policy: Presumption of denial" in listed.remarks
    assert (person.birth_dates, person.countries) == (("1970-02-03", "1971"), ("BY", "RU"))
    assert person.identifiers == ("4509 123456",)


def test_us_screening_list_as_json_is_the_same(tmp_path: Path) -> None:
    table, json = (
        read(tmp_path, name, text)
        for name, text in (("csl.csv", formats.CSL_CSV), ("csl.json", formats.CSL_JSON))
    )
    assert json.format == "us-csl-json"
    same(json.entries[:1], table.entries[:1])
    assert json.entries[1].names == table.entries[1].names


@pytest.mark.parametrize("gone", ["Specially Designated Nationals (SDN)", "Entity List (EL)"])
def test_us_screening_list_without_one_of_its_sources_is_refused_unless_accepted(
    tmp_path: Path, gone: str
) -> None:
    text = formats.CSL_CSV.replace(gone, "Unverified List (UVL)")
    with pytest.raises(UnreadableList, match=gone[gone.index("(") + 1 : -1]):
        read(tmp_path, "csl.csv", text)
    file = read(tmp_path, "csl.csv", text, accept="fetched by source")
    assert file.accepted.endswith("accepted: fetched by source") and file.accepted in file.notes[0]


def test_eu_as_xml(tmp_path: Path) -> None:
    file = read(tmp_path, "eu.xml", formats.EU_XML)
    assert (file.list, file.edition, file.format) == ("eu-fsf", "2026-08-05", "eu-fsf-xml")
    assert file.entries[0] == WatchlistEntry(
        list="eu-fsf",
        id="EU.9001.1",
        names=("Pyotr Examplov", "Пётр Примеров"),
        weak_names=("Petya",),
        type="person",
        countries=("RU",),
        addresses=("1 Test Lane, Moscow, 101000, RUSSIAN FEDERATION",),
        identifiers=("4509 123456",),
        birth_dates=("1970-02-03", "1969/1971"),
        emails=("p@example.test",),
        programmes=("UKR",),
        listed_on="2022-02-25",
        remarks="Function: Director; 2022/0 (OJ L1); Invented & remarked",
    )
    assert (file.entries[1].id, file.entries[1].type) == ("12", "organization")


def test_eu_as_csv_is_the_same_but_for_what_it_lacks(tmp_path: Path) -> None:
    table, xml = read(tmp_path, "eu.csv", formats.EU_CSV), read(tmp_path, "eu.xml", formats.EU_XML)
    assert (table.format, table.edition, table.list) == ("eu-fsf-csv", xml.edition, xml.list)
    assert table.entries[0].names == ("Pyotr Examplov", 'Пётр "Примеров"')
    same(table.entries, xml.entries, "names", "weak_names", "emails", "birth_dates", "remarks")


def test_ofac_as_xml(tmp_path: Path) -> None:
    file = read(tmp_path, "sdn.xml", formats.OFAC_XML)
    assert (file.list, file.edition, file.format) == ("ofac-sdn", "2026-09-10", "ofac-xml")
    firm, person = file.entries
    assert firm == WatchlistEntry(
        list="ofac-sdn",
        id="101",
        names=("MERIDIAN FREIGHT LIMITED", "MERIDIAN FRAKHT OOO"),
        weak_names=("MERFRE",),
        type="organization",
        countries=("RU",),
        addresses=("5 Lesnaya Street, Moscow, 127055, Russia",),
        identifiers=("7701234567",),
        programmes=("RUSSIA-EO14024", "SDGT"),
        remarks="Secondary sanctions risk: section 1 of 13224; (Linked To: NOBODY)",
    )
    assert person.names == ("IVANENKO, Pavel",)
    assert (person.countries, person.birth_dates, person.remarks) == (
        ("BY",),
        ("1985-05-20",),
        "Title: Director",
    )


def test_ofac_xml_of_fewer_entries_than_it_says_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableList, match="holds 2 entries where it says 3 of itself"):
        read(tmp_path, "sdn.xml", formats.OFAC_XML.replace("Count>2", "Count>3"))


def test_ofac_as_advanced_xml(tmp_path: Path) -> None:
    file = read(tmp_path, "sdn_advanced.xml", formats.OFAC_ADVANCED)
    assert (file.list, file.edition, file.format) == ("ofac-sdn", "2026-09-10", "ofac-advanced-xml")
    firm, person = file.entries
    assert firm == WatchlistEntry(
        list="ofac-sdn",
        id="101",
        names=("MERIDIAN FREIGHT LIMITED", "МЕРИДИАН ФРАХТ"),
        weak_names=("MERFRE",),
        type="organization",
        countries=("RU",),
        addresses=("5 Lesnaya Street, Moscow, Russia",),
        identifiers=("7701234567",),
        emails=("office@meridian.example",),
        programmes=("RUSSIA-EO14024",),
        listed_on="2022-03-04",
        remarks="Executive Order 14024",
    )
    assert (person.type, person.names, person.programmes) == ("person", ("IVANENKO, Pavel",), ("CYBER2",))
    assert (person.birth_dates, person.remarks) == (("1985-05-20", "1984"), "Gender: Male")


def test_uk_as_csv(tmp_path: Path) -> None:
    file = read(tmp_path, "UK-Sanctions-List.csv", formats.UK_CSV)
    assert (file.list, file.edition) == ("uk-sanctions", "2026-09-23")
    person, ship = file.entries
    assert person == WatchlistEntry(
        list="uk-sanctions",
        id="RUS9001",
        names=("Pyotr Ivanovich EXAMPLOV", "Пётр Примеров"),
        weak_names=("PETYA",),
        type="person",
        countries=("RU",),
        addresses=("1 Test Lane, Moscow, 101000, Russia",),
        identifiers=("4509 123456",),
        birth_dates=("1970-02-03", "1971"),
        phones=("+7 495 000 00 00",),
        emails=("p@example.test",),
        programmes=("Russia",),
        listed_on="2022-02-25",
        remarks='Asset freeze|Travel Ban; Owns "Blue Fen"',
    )
    assert (ship.type, ship.identifiers, ship.countries) == ("vessel", ("9074729",), ("GA",))


def test_uk_as_xml_is_the_same(tmp_path: Path) -> None:
    table, xml = read(tmp_path, "uk.csv", formats.UK_CSV), read(tmp_path, "uk.xml", formats.UK_XML)
    assert (xml.format, xml.list, xml.edition) == ("uk-sanctions-xml", table.list, table.edition)
    same(table.entries, xml.entries, "listed_on", "remarks")


def test_uk_of_ofsi(tmp_path: Path) -> None:
    file = read(tmp_path, "ConList.csv", formats.OFSI_CSV)
    assert (file.list, file.edition) == ("uk-ofsi", "2025-06-03")
    (person,) = file.entries
    assert (person.id, person.names) == ("19001", ("Pyotr EXAMPLOV", "Пётр Примеров"))
    assert person.weak_names == ("PETYA",)
    assert person.birth_dates == ("1970-02-03", "1971")
    assert person.countries == ("RU", "BY")
    assert person.identifiers == ("4509 123456", "4510 654321")


def test_canada(tmp_path: Path) -> None:
    person, firm, ship = read(tmp_path, "sema.xml", formats.CANADA).entries
    assert (person.names, person.type) == (("Pyotr Examplov", "Piotr Examplov", "Пётр Примеров"), "person")
    assert (person.programmes, person.countries) == (("SEMA Ukraine",), ())
    assert (person.birth_dates, person.listed_on) == (("1970-02-03",), "2022-02-24")
    assert firm.names == (
        "Blue Fen Works",
        "Usine Blue Fen",
        "Blue Fen Co., Ltd",
        "Bureau of Works, fens and bogs",
        "BF Works",
        "Синяя Топь",
        "ООО Топь",
    )
    assert (ship.type, ship.identifiers, ship.birth_dates) == ("vessel", ("9074729",), ())
    assert ship.id != firm.id


def test_canada_as_it_was(tmp_path: Path) -> None:
    firm, person = read(tmp_path, "sema.xml", formats.CANADA_BEFORE).entries
    assert (firm.names, firm.type) == (("Blue Fen Works",), "organization")
    assert (person.names, person.birth_dates) == (("Pyotr Examplov",), ("1970-02-03",))


def test_switzerland_without_those_de_listed(tmp_path: Path) -> None:
    file = read(tmp_path, "seco.xml", formats.SECO)
    assert (file.list, file.edition) == ("ch-seco", "2026-08-27")
    assert file.notes == ("seco.xml: 1 targets are de-listed and were left out",)
    person, ship = file.entries
    assert person == WatchlistEntry(
        list="ch-seco",
        id="900",
        names=("Examplov Pyotr", "Examplow Pyotr", "Примеров Пётр"),
        weak_names=("Petya",),
        type="person",
        countries=("BY",),
        addresses=("1 Test Lane, Minsk, Belarus",),
        identifiers=("MP1234567", "7701234567"),
        birth_dates=("1970-02-03",),
        emails=("p@example.test",),
        programmes=("SECO Belarus",),
        listed_on="2022-03-16",
        remarks="E-mail address: p@example.test; Invented.",
    )
    assert (ship.type, ship.identifiers) == ("vessel", ("9074729",))


def test_a_swiss_list_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableList, match="no whole list: it says 'delta-list'"):
        read(tmp_path, "seco.xml", formats.SECO.replace("whole-list", "delta-list"))


@pytest.mark.parametrize("text", [formats.FTM, formats.NESTED])
def test_opensanctions_in_json(tmp_path: Path, text: str) -> None:
    file = read(tmp_path, "entities.ftm.json", text)
    assert (file.list, file.edition) == ("example_list", "2026-03-01")
    assert file.entries == (
        WatchlistEntry(
            list="example_list",
            id="x-1",
            names=("Pyotr Examplov", "Пётр Примеров"),
            weak_names=("Petya",),
            type="person",
            countries=("RU",),
            addresses=("1 Test Lane, Moscow",),
            identifiers=("4509123456",),
            birth_dates=("1970-02-03",),
            emails=("p@example.test",),
            programmes=("EU.UKR",),
            listed_on="2022-02-25",
            remarks='Owns "Blue Fen"; Invented.',
        ),
        WatchlistEntry(
            list="example_list",
            id="x-2",
            names=("Blue Fen LLC",),
            type="organization",
            identifiers=("123456",),
        ),
    )


@pytest.mark.parametrize(
    "text",
    [
        formats.CSL_JSON[:-30],
        formats.FTM[:-30],
        formats.EU_XML[:-30],
        formats.OFAC_ADVANCED[:-30],
        formats.EU_CSV[:-30],
    ],
)
def test_what_is_cut_short_is_refused_in_every_format(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableList, match="cut short"):
        read(tmp_path, "list", text)


def test_a_list_cut_short_is_read_as_far_as_it_goes_where_that_is_accepted(tmp_path: Path) -> None:
    path = files.write(tmp_path, "own.csv", 'name,aliases\nAlpha,\nBeta,\n"Gam')
    file = read_list(path, accept="nothing better today")
    assert [entry.names for entry in file.entries] == [("Alpha",), ("Beta",)]
    assert [rejected.line for rejected in file.rejected] == [4]


def test_numbered_aliases_and_entities_in_a_list_of_ones_own(tmp_path: Path) -> None:
    (entry,) = read(tmp_path, "own.csv", formats.SEVERAL).entries
    assert entry.names == ("Alpha Works", "Beta Works", "Gamma & Sons")


def test_a_list_of_ones_own_may_call_its_columns_otherwise(tmp_path: Path) -> None:
    text = "uid,primary_name,aliases,addresses,purpose\n7,Alpha,Alfa; Alefa,1 Test Lane | 2 Test Lane,x\n"
    file = read(tmp_path, "own.csv", text)
    (entry,) = file.entries
    assert (entry.id, entry.names, entry.addresses) == (
        "7",
        ("Alpha", "Alfa", "Alefa"),
        ("1 Test Lane", "2 Test Lane"),
    )
    assert file.notes == ("own.csv: columns that are not read: purpose",)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_list_of_ones_own_with_other_delimiters_says_so(tmp_path: Path, delimiter: str) -> None:
    text = "\ufeffname,aliases,country\nÖrnek Ticaret A.Ş.,Ornek,tr\n".replace(",", delimiter)
    file = read(tmp_path, "own.csv", text)
    assert [(entry.names, entry.countries) for entry in file.entries] == [
        (("Örnek Ticaret A.Ş.", "Ornek"), ("TR",))
    ]
    assert f"separated by {delimiter!r}" in file.notes[0]


def test_windows_1252_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes("name\nL’Étoile d’Or – Trading\n".encode("cp1252"))
    file = read_list(path)
    assert file.entries[0].names == ("L’Étoile d’Or – Trading",)
    assert "read as windows-1252" in file.notes[0]


def test_packed_lists_are_read_as_what_is_in_them(tmp_path: Path) -> None:
    plain = read_list(files.write(tmp_path, "own.csv", files.SIMPLE))
    packed = tmp_path / "own.csv.gz"
    packed.write_bytes(gzip.compress(files.SIMPLE.encode()))
    assert read_list(packed).entries == plain.entries
    assert read_list(packed).sha256 == plain.sha256
    sdn = files.write_sdn(tmp_path)
    with zipfile.ZipFile(tmp_path / "sdn.zip", "w") as archive:
        for name in ("add.csv", "alt.csv", "sdn.csv"):
            archive.write(tmp_path / name, f"sdnlist/{name}")
    assert read_list(tmp_path / "sdn.zip").entries == read_list(sdn).entries


def test_archives_that_cannot_be_read_are_refused_in_one_line(tmp_path: Path) -> None:
    packed = gzip.compress(files.SIMPLE.encode())
    for name, data, said in (
        ("cut.csv.gz", packed[:-20], "damaged or was cut short"),
        ("cut.zip", b"PK\x03\x04 and no more", "damaged or was cut short"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(UnreadableList, match=said) as refusal:
            read_list(tmp_path / name)
        assert "\n" not in str(refusal.value)
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.writestr("a.csv", files.SIMPLE)
    for wrong, made in UNREADABLE:
        (tmp_path / "made.zip").write_bytes(made((tmp_path / "one.zip").read_bytes()))
        with pytest.raises(UnreadableList, match=wrong):
            read_list(tmp_path / "made.zip")
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", files.SIMPLE)
        archive.writestr("b.csv", files.SIMPLE)
    with pytest.raises(UnreadableList, match="several lists"):
        read_list(tmp_path / "two.zip")
