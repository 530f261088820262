"""OpenSanctions `targets.simple.csv`; also the plain format for a user's own list.

Columns by name, in any order; only `name` is required. Several values in a cell are separated by semicolons.
Source: https://www.opensanctions.org/docs/bulk/csv/
"""

import re
from pathlib import Path

from msgspec import structs

from streams import tables
from streams.territories import country_codes
from streams.watchlists.entry import EntryType, WatchlistEntry
from streams.watchlists.readers.base import ListReading, Reader, Rejected, columns_of, rows_of, unique


class _ColumnsFile(tables.Sourced, frozen=True):
    """`opensanctions_simple.toml`"""

    columns: frozenset[str]
    types: dict[str, EntryType]


_TABLE = tables.load("streams.watchlists.readers", "opensanctions_simple.toml", _ColumnsFile)


class OpenSanctionsSimple(Reader):
    format = "opensanctions-simple-csv"
    anybodys = True

    def recognises(self, path: Path, head: bytes) -> bool:
        columns = columns_of(head)
        return "name" in columns and (
            columns <= _TABLE.columns or bool(columns & {"schema", "aliases", "dataset"})
        )

    def reading(self, path: Path) -> ListReading:
        entries: list[WatchlistEntry] = []
        rejected: list[Rejected] = []
        datasets: set[str] = set()
        newest = ""
        name = _stem(path)
        for line, row in rows_of(path, rejected):
            if not row["name"].strip():
                rejected.append(Rejected(line, "no name"))
                continue
            datasets.add(row.get("dataset", "").strip())
            newest = max(newest, row.get("last_change", "").strip())
            entries.append(_entry(row, name, line))
        if len(datasets) == 1 and (only := _slug(datasets.pop())):
            name = only
        return ListReading(
            list=name,
            edition=newest or None,
            entries=tuple(structs.replace(entry, list=name) for entry in entries),
            rejected=tuple(rejected),
        )


def _entry(row: dict[str, str], list_name: str, line: int) -> WatchlistEntry:
    return WatchlistEntry(
        list=list_name,
        id=row.get("id", "").strip() or f"row-{line}",
        names=unique([row["name"], *_split(row.get("aliases"))]),
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


def _stem(path: Path) -> str:
    return _slug(re.sub(r"(\.targets)?(\.simple)?\.csv$", "", path.name, flags=re.IGNORECASE)) or "list"


def _slug(text: str) -> str:
    return re.sub(r"[^\w]+", "_", text.lower()).strip("_")[:60]


READER = OpenSanctionsSimple()
