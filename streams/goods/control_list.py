"""Control lists: versioned tables of tariff codes, ours and the user's.

A bundled list is a CSV of codes with a TOML header beside it (name, version, source, HS edition, kind). A user's list is
a CSV alone, such as the EU correlation of CN codes with dual-use numbers: what stands on it is "on the user's list: check",
never "controlled".
"""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from streams import tables
from streams.errors import UserError

Kind = Literal["high_priority", "drone", "arms", "luxury", "user_list"]
BUNDLED = ("chpl", "drones", "arms")
LUXURY = "luxury"
"""Name of a bundled list whose goods are of concern only where their trade stands out: in use where it is asked for."""


class ControlListError(UserError):
    """A control list that cannot be used; the message is one clear sentence."""


class ControlListHeader(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a bundled list says of itself: the TOML file beside its CSV."""

    name: str
    title: str
    kind: Kind
    version: str
    as_of: str
    hs_edition: Literal["any", "2012", "2017", "2022", "2028"]
    code: str
    """finding code"""
    rule: str
    source: str
    wording: str
    """what it means that an item is on it: 'item 1 ... {wording}'"""
    strength: dict[str, float] = {}
    """by tier, 0..1"""
    described_as: str = ""
    """lexicon group; with `described_under`: codes of an older edition that count where the description says so"""
    described_under: tuple[str, ...] = ()
    described_edition: str = ""


class Columns(tables.Sourced, frozen=True):
    """`user_columns.toml`: names of the columns of a list, the first that a file has."""

    code: tuple[str, ...]
    label: tuple[str, ...]
    tier: tuple[str, ...]
    description: tuple[str, ...]
    countries: tuple[str, ...]
    direction: tuple[str, ...]
    jurisdiction: tuple[str, ...]
    act: tuple[str, ...]
    annex: tuple[str, ...]
    text_date: tuple[str, ...]
    valid_from: tuple[str, ...]
    valid_to: tuple[str, ...]
    above_eur: tuple[str, ...]
    hs_edition: tuple[str, ...]


class Entry(Struct, frozen=True):
    """One code of a list with what the list says of it."""

    code: str
    partial: bool
    """the list says "ex": only some goods of this code"""
    tier: str = ""
    labels: tuple[str, ...] = ()
    description: str = ""


class Match(Struct, frozen=True):
    """How an item's code meets a list."""

    entry: Entry
    partial: bool
    """only some goods of the declared code are meant: "ex", or the list is finer than the declared code"""


class ControlList:
    """A control list ready to be asked: codes by length, the longest first."""

    def __init__(self, header: ControlListHeader, entries: Iterable[Entry], digest: str) -> None:
        self.header = header
        self.entries: dict[str, Entry] = {entry.code: entry for entry in entries}
        self.version = f"{header.version}#{digest}"
        """the stated one and the first digits of the content's hash, so that an edited file is told apart"""
        self._lengths = tuple(sorted({len(code) for code in self.entries}, reverse=True))
        self._below: dict[str, Entry] = {}
        for code, entry in sorted(self.entries.items()):
            for length in range(6, len(code), 2):
                self._below.setdefault(code[:length], entry)

    def match(self, code: str) -> Match | None:
        """The entry with the longest code that `code` (digits, as declared) begins with; else a finer entry under it."""
        entries = self.entries
        for length in self._lengths:
            entry = entries.get(code[:length]) if length <= len(code) else None
            if entry is not None:
                return Match(entry, entry.partial)
        finer = self._below.get(code)
        return None if finer is None else Match(finer, True)

    def strength(self, entry: Entry) -> float:
        """0..1 by tier; 1 where the list has no tiers."""
        return self.header.strength.get(entry.tier, 1.0)


def bundled() -> tuple[ControlList, ...]:
    """The lists that come with Torugart: high priority, drones, arms."""
    return tuple(_bundled(name) for name in BUNDLED)


def luxury() -> ControlList:
    """Goods that are dear by their nature."""
    return _bundled(LUXURY)


def _bundled(name: str) -> ControlList:
    package, head, body = "streams.goods", f"tables/{name}.toml", f"tables/{name}.csv"
    header = tables.load(package, head, ControlListHeader)
    return ControlList(header, _entries(tables.text(package, body), name), tables.digest(package, head, body))


def load_control_list(path: Path, name: str | None = None) -> ControlList:
    """`read_control_list` of a file, named after it where no name is given.

    Raises ControlListError for a file that cannot be read, has no column of codes or a line whose code is none.
    """
    text, digest = tables.own_text(path, "control list", ControlListError)
    return read_control_list(name or path.stem, text, digest, str(path))


def read_control_list(name: str, text: str, digest: str, where: str) -> ControlList:
    """A user's list: CSV (comma, semicolon or tab) with a column of codes (`code`, `cn8`, `hs6` ...) and, where there are
    such, `ecn` or `label`, `tier`, `description`. A code may be written with spaces or dots, with 'ex' before it, and on
    several lines. Its HS edition is taken to be the declaration's own: nothing is converted. `where` is its file, for messages.

    Raises ControlListError as `load_control_list`.
    """
    header = ControlListHeader(
        name=name,
        title=name,
        kind="user_list",
        version="file",
        as_of="",
        hs_edition="any",
        code="goods.user_list",
        rule="G04",
        source=Path(where).name,
        wording=f"is on the user's list {name}: check",
    )
    try:
        return ControlList(header, _entries(text, where), digest[:12])
    except csv.Error as error:
        raise ControlListError(f"control list {where} is no CSV file: {error}") from None


def _entries(text: str, where: str) -> list[Entry]:
    reader, columns = rows_of(text)
    names = column_names()
    code_column, label, tier, description = (
        first(columns, known) for known in (names.code, names.label, names.tier, names.description)
    )
    if code_column is None:
        raise ControlListError(f"control list {where} has no column of codes; name it `code`")
    found: dict[str, Entry] = {}
    for row in reader:
        code, partial = read_code(row[code_column] or "", where, reader.line_num)
        labels: tuple[str, ...] = (cell(row, label),) if cell(row, label) else ()
        known = found.get(code)
        if known is not None:
            labels = tuple(dict.fromkeys(known.labels + labels))
            # One line without "ex" takes in the whole code.
            partial = partial and known.partial
        found[code] = Entry(
            code=code,
            partial=partial,
            tier=cell(row, tier) or (known.tier if known else ""),
            labels=labels,
            description=(known.description if known else "") or cell(row, description),
        )
    if not found:
        raise ControlListError(f"control list {where} has no lines")
    return list(found.values())


def rows_of(text: str) -> tuple["csv.DictReader[str]", dict[str, str]]:
    """The rows of a CSV with commas, semicolons or tabs, and its columns: as `user_columns.toml` has them -> as the file does."""
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    return reader, {_column(name): name for name in reader.fieldnames or () if name}


def column_names() -> Columns:
    """How the columns of a user's list may be headed."""
    return tables.load("streams.goods", "tables/user_columns.toml", Columns)


def _column(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def first(columns: Mapping[str, str], names: Iterable[str]) -> str | None:
    """The file's name of a column, None where it has none."""
    return next((columns[name] for name in names if name in columns), None)


def cell(row: Mapping[str, str | None], column: str | None) -> str:
    """What a row has in a column, empty for nothing."""
    return (row.get(column) or "").strip() if column is not None else ""


def read_code(cell: str, where: str, line: int) -> tuple[str, bool]:
    """(digits, whether "ex" stands before them) of a code as people write it. Raises ControlListError for none."""
    text = cell.strip().lower()
    partial = text.startswith("ex")
    digits = text.removeprefix("ex").replace(" ", "").replace(".", "").replace("\u00a0", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) in (2, 4, 6, 8, 10)):
        raise ControlListError(
            f"control list {where}, line {line}: {cell!r} is no code of 2, 4, 6, 8 or 10 digits"
        )
    return digits, partial
