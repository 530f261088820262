"""OFAC's legacy CSV sets: SDN.CSV with ALT.CSV and ADD.CSV beside it, and the consolidated non-SDN CONS_PRIM.CSV.

Headerless; `-0- ` is null; a closing 0x1A. Copies with a header line are read too. Remarks that do not fit go on in
SDN_COMMENTS.CSV / CONS_COMMENTS.CSV. Source: https://ofac.treasury.gov/sdn-list-data-formats-data-schemas
"""

from collections import defaultdict
from pathlib import Path

from msgspec import Struct

from streams.territories import country_codes
from streams.watchlists.entry import EntryType, WatchlistEntry
from streams.watchlists.readers.base import ListReading, Reader
from streams.watchlists.readers.ofac_remarks import parse_remarks
from streams.watchlists.readers.rows import Row, rows_in, split_row
from streams.watchlists.readers.source import ListSource, Rejected, UnreadableList
from streams.watchlists.readers.values import plain, unique

PRIMARY_COLUMNS = 12
ALIAS_COLUMNS = 5
ADDRESS_COLUMNS = 6
NULL = "-0-"

_TYPES: dict[str, EntryType] = {"individual": "person", "vessel": "vessel", "aircraft": "aircraft"}


_SIDES = {
    "alt": (ALIAS_COLUMNS, "aliases"),
    "add": (ADDRESS_COLUMNS, "addresses"),
    "comments": (2, "ends of remarks"),
}
"""The files beside it: their columns, and what of an entry they hold."""

_CUT_REMARK = 200
"""A remark of at least so many characters that ends without its full stop goes on in the file of comments."""


class _File(Struct):
    """What was read of one file of the set."""

    rows: list[Row]
    rejected: list[Rejected]
    cut: str = ""


class OfacCsv(Reader):
    format = "ofac-csv"

    def recognises(self, source: ListSource) -> bool:
        # The null is the mark: a user's own CSV may also open with a number.
        text = source.head.decode("latin-1")
        rows = [split_row(line, ",") for line in text.splitlines()[:2]]
        return NULL in text and any(len(row) >= ALIAS_COLUMNS and row[0].strip().isdigit() for row in rows)

    def files(self, path: Path) -> tuple[Path, ...]:
        found = (_sibling(path, kind) for kind in _SIDES)
        return (path, *(file for file in found if file is not None))

    def reading(self, source: ListSource) -> ListReading:
        primary = _read(source, PRIMARY_COLUMNS)
        if not primary.rows:
            raise source.unreadable(
                f"has no row of {PRIMARY_COLUMNS} columns; give SDN.CSV or CONS_PRIM.CSV, ALT and ADD beside it are found"
            )
        notes = source.notes
        side_rejected: list[Rejected] = []
        sides: dict[str, defaultdict[str, list[list[str]]]] = {}
        for kind, (columns, what) in _SIDES.items():
            sides[kind] = defaultdict(list)
            file = _sibling(source.path, kind)
            if file is None:
                if kind != "comments":
                    notes.append(f"no {kind.upper()} file beside {source.name}: its {what} are missing")
                elif cut := sum(
                    len(row.cells[-1]) >= _CUT_REMARK and row.cells[-1][-1] != "." for row in primary.rows
                ):
                    notes.append(f"no file of comments beside {source.name}: {cut} remarks end in the middle")
                continue
            try:
                side = ListSource(file)
                read = _read(side, columns)
            except UnreadableList as error:
                notes.append(f"{error}: {what} are missing")
                continue
            notes.extend(side.notes)
            side_rejected.extend(read.rejected)
            if read.cut or not read.rows:
                notes.append(f"{file.name} {read.cut or 'holds no row of its layout'}: {what} are missing")
            for row in read.rows:
                sides[kind][row.cells[0]].append(row.cells)
        list_name = "ofac-cons" if "cons" in source.path.stem.lower() else "ofac-sdn"
        entries = []
        for row in primary.rows:
            if not row.cells[1]:
                primary.rejected.append(Rejected(row.line, "no name"))
                continue
            number = row.cells[0]
            comments = "".join(cells[1] for cells in sides["comments"][number])
            entries.append(_entry(list_name, row.cells, sides["alt"][number], sides["add"][number], comments))
        return ListReading(
            list=list_name,
            edition=None,
            entries=tuple(entries),
            rejected=tuple(primary.rejected),
            side_rejected=tuple(side_rejected),
            notes=tuple(notes),
            doubts=(primary.cut,) if primary.cut else (),
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


def _read(source: ListSource, columns: int) -> _File:
    """The rows of one file of the set; a first line that is a header is passed over."""
    rejected: list[Rejected] = []
    rows: list[Row] = []
    for row in source.whole(rows_in(source.lines(), ",", columns, free_tail=True), rejected):
        cells = ["" if (cell := raw.strip(" \x1a")) == NULL else plain(cell) for raw in row.cells]
        if cells[0].isdigit():
            rows.append(Row(row.line, cells))
        elif row.line != 1:
            rejected.append(Rejected(row.line, f"begins with {cells[0][:20]!r} and not with a number"))
    return _File(rows, [Rejected(one.line, f"{source.name}: {one.reason}") for one in rejected], source.cut)


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


READERS = (OfacCsv(),)
