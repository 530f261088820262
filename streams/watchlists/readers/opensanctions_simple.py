"""OpenSanctions `targets.simple.csv`; also the plain format for a user's own list.

Columns by name, in any order; only `name` is required. Several values in a cell are separated by semicolons, one that holds a
semicolon stands in quotation marks, as in a row of a CSV file. Source: https://www.opensanctions.org/docs/bulk/csv/
"""

import re
from pathlib import Path

from streams import tables
from streams.watchlists.entry import EntryType
from streams.watchlists.readers.base import ListReading, Reader, slug
from streams.watchlists.readers.draft import Draft, reading_of
from streams.watchlists.readers.rows import split_row
from streams.watchlists.readers.source import ListSource, Rejected


class _ColumnsFile(tables.Sourced, frozen=True):
    """`opensanctions_simple.toml`"""

    columns: frozenset[str]
    own: frozenset[str]
    synonyms: dict[str, str]
    types: dict[str, EntryType]


_TABLE = tables.load("streams.watchlists.readers", "opensanctions_simple.toml", _ColumnsFile)


class OpenSanctionsSimple(Reader):
    format = "opensanctions-simple-csv"
    anybodys = True

    def recognises(self, source: ListSource) -> bool:
        columns = _known(source.columns)
        return "name" in columns and (
            columns <= _TABLE.columns | _TABLE.own or bool(columns & {"schema", "aliases", "dataset"})
        )

    def reading(self, source: ListSource) -> ListReading:
        header = source.header
        if header is not None and header.delimiter != "," and not source.is_sheet:
            source.notes.append(
                f"{source.name}: its columns are separated by {header.delimiter!r}; several values in a cell are separated by ';'"
            )
        if unknown := sorted(_known(source.columns) - _TABLE.columns - _TABLE.own):
            source.notes.append(f"{source.name}: columns that are not read: {', '.join(unknown)}")
        drafts: list[Draft] = []
        rejected: list[Rejected] = []
        datasets: set[str] = set()
        newest = ""
        for line, cells in source.rows(rejected):
            row = {_TABLE.synonyms.get(name, name): cell for name, cell in cells.items()}
            if not row["name"].strip():
                rejected.append(Rejected(line, "no name"))
                continue
            datasets.add(row.get("dataset", "").strip())
            newest = max(newest, row.get("last_change", "").strip())
            drafts.append(_draft(row, line))
        name = _stem(source.path)
        if len(datasets) == 1 and (only := slug(datasets.pop())):
            name = only
        return reading_of(source, name, newest, drafts, rejected)


def _draft(row: dict[str, str], line: int) -> Draft:
    return Draft(
        id=row.get("id", "").strip() or f"row-{line}",
        line=line,
        type=_TABLE.types.get(row.get("schema", "").strip().lower(), "unknown"),
        names=[row["name"], *_split(row.get("aliases"))],
        weak_names=_split(row.get("weak_aliases")),
        countries=_split(row.get("countries")),
        addresses=_split(row.get("addresses")),
        identifiers=_split(row.get("identifiers")),
        birth_dates=_split(row.get("birth_date")),
        phones=_split(row.get("phones")),
        emails=_split(row.get("emails")),
        programmes=[
            *_split(row.get("sanctions")),
            *_split(row.get("program_ids")),
            *_split(row.get("programmes")),
        ],
        listed_on=row.get("listed_on", "").strip(),
        remarks=[row.get("remarks", "")],
    )


def _split(cell: str | None) -> list[str]:
    return [one for value in split_row(cell, ";") for one in value.split(" | ")] if cell else []


def _known(columns: frozenset[str]) -> frozenset[str]:
    return frozenset(_TABLE.synonyms.get(column, column) for column in columns)


def _stem(path: Path) -> str:
    return slug(re.sub(r"(\.targets)?(\.simple)?\.[a-z]{3,4}$", "", path.name, flags=re.IGNORECASE)) or "list"


READERS = (OpenSanctionsSimple(),)
