"""Rows of a table (CSV, and workbooks that were made CSV) as messages: those that share the key columns are one declaration. A
message is a list of its rows, each an object of its columns."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from streams.declarations.encodings import marked
from streams.declarations.errors import Unscreenable

SEPARATORS = (";", ",", "\t", "|")
HEAD = 64 * 1024
"""Characters in which the names of the columns stand."""
MAX_COLUMNS = 2_000

Row = dict[str, str]


class Head(NamedTuple):
    """The first line of a table."""

    columns: tuple[str, ...]
    separator: str


def text_of(data: bytes, encodings: Sequence[str] = ()) -> str:
    """The table as text: by its byte order mark, else UTF-8, else the first of the encodings that the format names.

    Raises Unscreenable NOT_UTF8.
    """
    mark = marked(data)
    for encoding in (mark,) if mark is not None else ("utf-8", *encodings):
        try:
            return data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    raise Unscreenable(
        "NOT_UTF8", "a table that is not UTF-8; format.encodings names others that are to be tried"
    )


def heads(text: str) -> Iterable[Head]:
    """What the first line says, by each separator that is in it."""
    line = text[:HEAD].lstrip("\r\n").partition("\n")[0].rstrip("\r")
    for separator in SEPARATORS:
        if separator in line:
            try:
                names = next(csv.reader([line], delimiter=separator), [])
            except csv.Error:
                continue
            if len(names) <= MAX_COLUMNS:
                yield Head(tuple(name.strip() for name in names), separator)


def rows(text: str, head: Head, spelt: dict[str, str]) -> list[Row]:
    """The rows below the first line, without blank cells. `spelt`: a column in small letters -> as the map has it.

    Raises Unscreenable SCHEMA_VIOLATION, naming the line, for one with more cells than columns, or a cell that does not end.
    """
    names = [spelt.get(name.casefold(), name) for name in head.columns]
    made: list[Row] = []
    reader = csv.reader(io.StringIO(text.lstrip("\r\n"), newline=""), delimiter=head.separator, strict=True)
    try:
        next(reader, None)
        for cells in reader:
            if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
                raise Unscreenable(
                    "SCHEMA_VIOLATION", f"line {reader.line_num}: {len(cells)} cells for {len(names)} columns"
                )
            row = {
                name: cell.strip() for name, cell in zip(names, cells, strict=False) if name and cell.strip()
            }
            if row:
                made.append(row)
    except csv.Error as error:
        raise Unscreenable("SCHEMA_VIOLATION", f"line {reader.line_num}: {error}") from None
    return made


def groups(given: list[Row], key: Sequence[str]) -> list[list[Row]]:
    """The rows of each declaration, in the order of their first rows; without key columns a row each."""
    if not key:
        return [[row] for row in given]
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in given:
        found.setdefault(tuple(row.get(name, "") for name in key), []).append(row)
    return list(found.values())


def written(given: list[Row]) -> bytes:
    """Rows as a table again, which reads as them."""
    names = list(dict.fromkeys(name for row in given for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, delimiter=";", restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(given)
    return text.getvalue().encode()
