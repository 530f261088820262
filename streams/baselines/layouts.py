"""How publishers lay out their files of trade statistics: a table, and which of its lines a header is."""

import csv
from collections.abc import Iterator
from typing import Literal

import msgspec
from msgspec import Struct

from streams import tables
from streams.errors import UserError

DELIMITERS = ",;\t|"


class StatisticsError(UserError):
    """A file that cannot be used; the message is one clear sentence."""


class Flows(Struct, frozen=True, forbid_unknown_fields=True):
    """How a source writes the two flows; `parts` of one are counted only where the whole is missing."""

    export: tuple[str, ...] = ()
    import_: tuple[str, ...] = msgspec.field(default=(), name="import")
    export_parts: tuple[str, ...] = ()
    import_parts: tuple[str, ...] = ()


class Long(Struct, frozen=True, forbid_unknown_fields=True):
    """A file with a line for each measure."""

    column: tuple[str, ...]
    value: tuple[str, ...]
    mass: tuple[str, ...]
    mass_100kg: tuple[str, ...]


class StatisticsSource(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One layout. Column names are in lower case; the first that a file has is taken, of reporter and partner all."""

    name: str
    title: str
    currency: Literal["EUR", "USD"]
    source: str
    known_by: tuple[str, ...]
    reporter: tuple[str, ...]
    partner: tuple[str, ...]
    code: tuple[str, ...]
    period: tuple[str, ...]
    value: tuple[str, ...]
    mass: tuple[str, ...] = ()
    mass_100kg: tuple[str, ...] = ()
    flow: tuple[str, ...] = ()
    edition: tuple[str, ...] = ()
    digits: int = 0
    nested: tuple[str, ...] = ()
    repeats: bool = True
    flows: Flows = Flows()
    totals: dict[str, tuple[str, ...]] = {}
    sums: dict[str, tuple[str, ...]] = {}
    long: Long | None = None


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """`sources.toml`"""

    version: str
    as_of: str
    source: tuple[StatisticsSource, ...]
    editions: dict[str, str]


def table() -> Table:
    """Raises msgspec.ValidationError for a table with a missing, unknown or mistyped field."""
    return tables.load("streams.baselines", "sources.toml", Table)


class StatisticsHeader(Struct, frozen=True):
    """The first line of a file, read."""

    source: StatisticsSource
    delimiter: str
    columns: dict[str, int]
    """name in lower case -> place; of a name that is there twice, the first"""
    lines: int
    """of the file that are above the figures"""

    def have(self, names: tuple[str, ...]) -> int | None:
        """The place of the first of these columns that the file has."""
        return next((self.columns[name] for name in names if name in self.columns), None)

    def all_of(self, names: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(self.columns[name] for name in names if name in self.columns)


def read_header(lines: Iterator[str], name: str) -> StatisticsHeader:
    """Takes the header off the lines; blank ones above it and a spreadsheet's "sep=;" are passed over.

    Raises StatisticsError for a file that is empty or of no known layout.
    """
    head, number = "", 0
    for line in lines:
        head, number = line.lstrip("\ufeff"), number + 1
        if head.strip() and not head.lower().startswith("sep="):
            break
    if not head.strip():
        raise StatisticsError(f"{name} is empty")
    for delimiter in DELIMITERS:
        columns = _columns(head, delimiter, name)
        found = next((one for one in table().source if set(one.known_by) <= columns.keys()), None)
        if found is not None:
            return StatisticsHeader(found, delimiter, columns, number)
    raise StatisticsError(
        f"{name} is neither Comext nor Comtrade and lacks columns of the plain form "
        "reporter,partner,cn8|hs6,period,value_eur|value"
    )


def _columns(head: str, delimiter: str, name: str) -> dict[str, int]:
    try:
        cells = next(csv.reader([head], delimiter=delimiter))
    except csv.Error as error:
        raise StatisticsError(f"{name}, line 1: {error}") from None
    header = [" ".join(cell.split()).lower() for cell in cells]
    return {column: place for place, column in reversed(list(enumerate(header)))}
