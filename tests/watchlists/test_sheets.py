"""Lists that are published as spreadsheets: Australia's, the UK's, and one's own."""

# ruff: noqa: E501 - a row of the sheet is one line

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.readers import UnreadableList, read_list
from tests.watchlists import files, formats
from tests.watchlists.sheets import Cells, write_ods, write_xlsx
from tests.zips import UNREADABLE

DFAT: Cells = [
    ["Reference", "Name of Individual or Entity", "Type", "Name Type", "Alias Strength", "Date of Birth", "Place of Birth", "Citizenship",
     "Address", "Additional Information", "Listing Information", "IMO Number", "Committees", "Control Date"],
    ["8a", "Piotr Examplov", "Individual", "aka", "Strong", "", "", "", "", "", "", "", "Autonomous (Russia)", date(2022, 2, 26)],
    [8, "Pyotr Examplov", "Individual", "Primary Name", "", "a) 3 Feb 1970 b) 1971", "Minsk", "Russia; Belarus", "1 Test Lane, Moscow",
     "Invented", "Listed by Schedule 1", "", "Autonomous (Russia)", date(2022, 2, 25)],
    ["8b", "Petya", "Individual", "aka", "Weak", "", "", "", "", "", "", "", "Autonomous (Russia)", date(2022, 2, 25)],
    ["8c", "Пётр Примеров", "Individual", "Original Script", "", "", "", "", "", "", "", "", "Autonomous (Russia)", date(2022, 2, 25)],
    ["", "", "", "", "", "", "", "", "", "", "", "", "", ""],
    [9, "Sea Example", "Vessel", "Primary Name", "", "", "", "", "", "", "", 9074729, "Autonomous (Russia)", date(2025, 6, 18)],
]  # fmt: skip


def test_australia(tmp_path: Path) -> None:
    file = read_list(write_xlsx(tmp_path / "list.xlsx", DFAT))
    assert (file.list, file.format, file.edition, file.rejected) == (
        "au-dfat",
        "australia-dfat-xlsx",
        "2025-06-18",
        (),
    )
    person, ship = file.entries
    assert person == WatchlistEntry(
        list="au-dfat",
        id="8",
        names=("Pyotr Examplov", "Piotr Examplov", "Пётр Примеров"),
        weak_names=("Petya",),
        type="person",
        countries=("RU", "BY"),
        addresses=("1 Test Lane, Moscow",),
        birth_dates=("1970-02-03", "1971"),
        programmes=("Autonomous (Russia)",),
        listed_on="2022-02-25",
        remarks="Invented; Listed by Schedule 1",
    )
    assert (ship.type, ship.identifiers, ship.listed_on) == ("vessel", ("9074729",), "2025-06-18")


@pytest.mark.parametrize("write", [write_ods, write_xlsx])
def test_the_uk_list_as_a_spreadsheet_is_the_same(
    tmp_path: Path, write: Callable[[Path, Cells], Path]
) -> None:
    rows: Cells = [list(cells) for cells in csv.reader(io.StringIO(formats.UK_CSV))]
    sheet = read_list(write(tmp_path / "uk.sheet", rows))
    table = read_list(files.write(tmp_path, "uk.csv", formats.UK_CSV))
    assert (sheet.entries, sheet.edition, sheet.list) == (table.entries, table.edition, table.list)


@pytest.mark.parametrize("write", [write_ods, write_xlsx])
def test_a_list_of_ones_own_as_a_spreadsheet(tmp_path: Path, write: Callable[[Path, Cells], Path]) -> None:
    file = read_list(
        write(tmp_path / "own.xlsx", [["id", "name", "listed_on"], [7, "Alpha &amp; Sons", date(2026, 1, 2)]])
    )
    (entry,) = file.entries
    assert (entry.id, entry.names, entry.listed_on, file.list) == (
        "7",
        ("Alpha & Sons",),
        "2026-01-02",
        "own",
    )
    assert file.notes == ()


@pytest.mark.parametrize("write", [write_ods, write_xlsx])
def test_a_spreadsheet_cut_short_or_of_another_kind_is_refused(
    tmp_path: Path, write: Callable[[Path, Cells], Path]
) -> None:
    path = write(tmp_path / "other.xlsx", [["first", "last"], ["a", "b"]])
    with pytest.raises(UnreadableList, match="no column 'name'; its columns are first, last"):
        read_list(path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UnreadableList, match="damaged or was cut short"):
        read_list(path)


@pytest.mark.parametrize("write", [write_ods, write_xlsx])
@pytest.mark.parametrize(("wrong", "made"), UNREADABLE)
def test_a_spreadsheet_that_cannot_be_unpacked_is_refused_in_one_line(
    tmp_path: Path, wrong: str, made: Callable[[bytes], bytes], write: Callable[[Path, Cells], Path]
) -> None:
    path = write(tmp_path / f"list.{write.__name__.removeprefix('write_')}", DFAT)
    path.write_bytes(made(path.read_bytes()))
    with pytest.raises(UnreadableList, match=wrong) as refusal:
        read_list(path)
    assert "\n" not in str(refusal.value)
