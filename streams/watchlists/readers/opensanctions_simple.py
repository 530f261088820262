"""OpenSanctions `targets.simple.csv`; also the plain format for a user's own list.

Columns by name, in any order; only `name` is required. Several values in a cell are separated by semicolons.
Source: https://www.opensanctions.org/docs/bulk/csv/
"""

import csv
import re
from pathlib import Path
from typing import TextIO

from msgspec import structs

from streams import tables
from streams.territories import country_codes
from streams.watchlists.entry import EntryType, WatchlistEntry
from streams.watchlists.readers.base import ListReading, Rejected, UnreadableList, unique


class _ColumnsFile(tables.Sourced, frozen=True):
    """`opensanctions_simple.toml`"""

    columns: frozenset[str]
    types: dict[str, EntryType]


_TABLE = tables.load("streams.watchlists.readers", "opensanctions_simple.toml", _ColumnsFile)

MAX_FIELD = 1 << 22
"""Characters in a cell: entries with hundreds of aliases exceed the csv module's 128 KiB."""


class OpenSanctionsSimple:
    format = "opensanctions-simple-csv"

    def recognises(self, path: Path, head: bytes) -> bool:
        columns = _header(head.decode("utf-8-sig", errors="replace").splitlines()[:1])
        return "name" in columns and (
            columns <= _TABLE.columns or bool(columns & {"schema", "aliases", "dataset"})
        )

    def files(self, path: Path) -> tuple[Path, ...]:
        return (path,)

    def reading(self, path: Path) -> ListReading:
        csv.field_size_limit(MAX_FIELD)
        try:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                return self._reading(path, stream)
        except UnicodeDecodeError as error:
            raise UnreadableList(f"{path} is not UTF-8 text ({error.reason} at byte {error.start})") from None
        except csv.Error as error:
            raise UnreadableList(f"{path} is not a complete CSV file: {error}") from None

    def _reading(self, path: Path, stream: TextIO) -> ListReading:
        rows = csv.reader(stream, strict=True)
        header = [column.strip().lower() for column in next(rows)]
        entries: list[WatchlistEntry] = []
        rejected: list[Rejected] = []
        datasets: set[str] = set()
        newest = ""
        fallback = _stem(path)
        for cells in rows:
            line = rows.line_num
            if not cells:
                continue
            if len(cells) != len(header):
                rejected.append(Rejected(line, f"{len(cells)} columns where the header has {len(header)}"))
                continue
            row = dict(zip(header, cells, strict=True))
            names = unique([row["name"], *_split(row.get("aliases"))])
            if not row["name"].strip():
                rejected.append(Rejected(line, "no name"))
                continue
            datasets.add(row.get("dataset", "").strip())
            newest = max(newest, row.get("last_change", "").strip())
            entries.append(_entry(row, names, fallback, line))
        if len(rejected) == 1 and rejected[-1].line >= rows.line_num and rejected[-1].reason != "no name":
            raise UnreadableList(
                f"{path} ends in the middle of a row (line {rejected[-1].line}): it was cut short"
            )
        name = fallback
        if len(datasets) == 1 and (only := _slug(datasets.pop())):
            name = only
        return ListReading(
            list=name,
            edition=newest or None,
            entries=tuple(structs.replace(entry, list=name) for entry in entries),
            rejected=tuple(rejected),
        )


def _entry(row: dict[str, str], names: tuple[str, ...], list_name: str, line: int) -> WatchlistEntry:
    return WatchlistEntry(
        list=list_name,
        id=row.get("id", "").strip() or f"row-{line}",
        names=names,
        weak_names=unique(_split(row.get("weak_aliases"))),
        type=_TABLE.types.get(row.get("schema", "").strip().lower(), "unknown"),
        countries=country_codes(_split(row.get("countries"))),
        addresses=unique(_split(row.get("addresses"))),
        identifiers=unique(_split(row.get("identifiers"))),
        birth_dates=unique(_split(row.get("birth_date"))),
        phones=unique(_split(row.get("phones"))),
        emails=unique(_split(row.get("emails"))),
        programmes=unique([*_split(row.get("sanctions")), *_split(row.get("program_ids"))]),
        listed_on=None,
    )


def _split(cell: str | None) -> list[str]:
    return cell.split(";") if cell else []


def _header(lines: list[str]) -> set[str]:
    try:
        return {column.strip().lower() for column in next(csv.reader(lines), [])}
    except csv.Error:
        return set()


def _stem(path: Path) -> str:
    return _slug(re.sub(r"(\.targets)?(\.simple)?\.csv$", "", path.name, flags=re.IGNORECASE)) or "list"


def _slug(text: str) -> str:
    return re.sub(r"[^\w]+", "_", text.lower()).strip("_")[:60]
