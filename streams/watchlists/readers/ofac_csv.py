"""OFAC's legacy CSV sets: SDN.CSV with ALT.CSV and ADD.CSV beside it, and the consolidated non-SDN CONS_PRIM.CSV.

Headerless; `-0- ` is null; a closing 0x1A. Copies with a header line are read too. Remarks that do not fit go on in
SDN_COMMENTS.CSV / CONS_COMMENTS.CSV. Source: https://ofac.treasury.gov/sdn-list-data-formats-data-schemas
"""

import csv
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from streams.territories import country_codes
from streams.watchlists.entry import EntryType, WatchlistEntry
from streams.watchlists.readers.base import ListReading, Reader, Rejected, UnreadableList, unique
from streams.watchlists.readers.ofac_remarks import parse_remarks

PRIMARY_COLUMNS = 12
ALIAS_COLUMNS = 5
ADDRESS_COLUMNS = 6
NULL = "-0-"

_TYPES: dict[str, EntryType] = {"individual": "person", "vessel": "vessel", "aircraft": "aircraft"}


class _Row(NamedTuple):
    line: int
    cells: list[str]


class OfacCsv(Reader):
    format = "ofac-csv"

    def recognises(self, path: Path, head: bytes) -> bool:
        # The null is the mark: a user's own CSV may also open with a number.
        text = _decode(head)
        try:
            rows = list(csv.reader(text.splitlines()[:2]))
        except csv.Error:
            return False
        return NULL in text and any(len(row) >= ALIAS_COLUMNS and row[0].strip().isdigit() for row in rows)

    def files(self, path: Path) -> tuple[Path, ...]:
        found = (_sibling(path, kind) for kind in ("alt", "add", "comments"))
        return (path, *(file for file in found if file is not None))

    def reading(self, path: Path) -> ListReading:
        rejected: list[Rejected] = []
        notes: list[str] = []
        primary = _rows(path, PRIMARY_COLUMNS, rejected)
        aliases: defaultdict[str, list[list[str]]] = defaultdict(list)
        addresses: defaultdict[str, list[list[str]]] = defaultdict(list)
        comments: dict[str, str] = {}
        for kind, columns, into in (("alt", ALIAS_COLUMNS, aliases), ("add", ADDRESS_COLUMNS, addresses)):
            file = _sibling(path, kind)
            if file is None:
                what = "aliases" if kind == "alt" else "addresses"
                notes.append(f"no {kind.upper()} file beside {path.name}: its {what} are missing")
                continue
            for row in _rows(file, columns, rejected):
                into[row.cells[0]].append(row.cells)
        file = _sibling(path, "comments")
        for row in _rows(file, 2, rejected) if file is not None else ():
            comments[row.cells[0]] = row.cells[1]
        list_name = "ofac-cons" if "cons" in path.stem.lower() else "ofac-sdn"
        entries = []
        for row in primary:
            if not row.cells[1]:
                rejected.append(Rejected(row.line, "no name"))
                continue
            number = row.cells[0]
            entries.append(
                _entry(list_name, row.cells, aliases[number], addresses[number], comments.get(number, ""))
            )
        return ListReading(
            list=list_name, edition=None, entries=tuple(entries), rejected=tuple(rejected), notes=tuple(notes)
        )


def _entry(
    list_name: str,
    cells: list[str],
    aliases: list[list[str]],
    addresses: list[list[str]],
    more_remarks: str,
) -> WatchlistEntry:
    number, name, kind, programme, title, call_sign, vessel_type, _, _, flag, owner, remarks = cells
    # Kept whole: the publisher's comments file continues a remark in the middle of a word.
    remarks = (remarks + more_remarks).strip()
    read = parse_remarks(remarks)
    details = [
        f"{label} {value}"
        for label, value in (
            ("Title:", title),
            ("Vessel type:", vessel_type),
            ("Vessel owner:", owner),
            ("", remarks),
        )
        if value
    ]
    return WatchlistEntry(
        list=list_name,
        id=number,
        names=unique([name, *(row[3] for row in aliases)]),
        # An entity has no type in this layout.
        type=_TYPES.get(kind.lower(), "unknown" if kind else "organization"),
        weak_names=read.weak_names,
        countries=tuple(
            dict.fromkeys((*country_codes([row[4] for row in addresses] + [flag]), *read.countries))
        ),
        addresses=unique(", ".join(part for part in row[2:5] if part) for row in addresses),
        identifiers=unique([*read.identifiers, call_sign]),
        birth_dates=read.birth_dates,
        phones=read.phones,
        emails=read.emails,
        programmes=unique(programme.replace("[", " ").split("]")),
        remarks="; ".join(detail.strip() for detail in details) or None,
    )


def _rows(path: Path, columns: int, rejected: list[Rejected]) -> list[_Row]:
    try:
        text = _decode(path.read_bytes()).rstrip("\x1a\r\n, ")
    except OSError as error:
        raise UnreadableList(f"{path} cannot be read: {error.strerror or error}") from None
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    rows: list[_Row] = []
    last, before = 0, len(rejected)
    try:
        for cells in reader:
            last = reader.line_num
            cells = ["" if (cell := raw.strip(" \x1a")) == NULL else cell for raw in cells]
            if not any(cells):
                continue
            if cells[0].isdigit() and len(cells) == columns:
                rows.append(_Row(last, cells))
            elif last != 1 or cells[0].isdigit():
                rejected.append(
                    Rejected(last, f"{path.name}: {len(cells)} columns where {columns} are expected")
                )
    except csv.Error as error:
        raise UnreadableList(f"{path} is cut short or damaged near line {reader.line_num}: {error}") from None
    if not rows and columns == PRIMARY_COLUMNS:
        raise UnreadableList(
            f"{path} has no row of {columns} columns; give SDN.CSV or CONS_PRIM.CSV, ALT and ADD beside it are found"
        )
    if len(rejected) - before == 1 and rejected[-1].line == last:
        raise UnreadableList(f"{path} ends in the middle of a row (line {last}): it was cut short")
    return rows


def _sibling(path: Path, kind: str) -> Path | None:
    """`SDN.CSV` has `ALT.CSV`; `cons_prim.csv` has `cons_alt.csv`; the case of names is the downloader's choice."""
    stem = path.stem.lower()
    if stem.endswith("_prim"):
        wanted = {stem.removesuffix("prim") + kind}
    elif "sdn" in stem:
        wanted = {stem.replace("sdn", kind), f"sdn_{kind}"}
    else:
        wanted = {kind, f"{stem}_{kind}"}
    wanted_names = {f"{name}{path.suffix.lower()}" for name in wanted}
    return next((file for file in sorted(path.parent.iterdir()) if file.name.lower() in wanted_names), None)


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # The legacy files were Latin-1 for most of their life.
        return data.decode("latin-1")


READER = OfacCsv()
