"""Rows of a CSV file as its publisher wrote it, not as the standard has it: a quotation mark in the middle of a text is read, a
row that cannot be read is kept aside with its line, and the rows behind it are read on."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator

from msgspec import Struct

MAX_FIELD = 1 << 22
"""Characters in a cell: entries with hundreds of aliases exceed the csv module's 128 KiB."""

MAX_LINES = 500
"""Lines of one row, its cells holding line ends: where the quotation mark is not closed by then it was never meant to be open."""


class Row(Struct, frozen=True):
    """One row; `cells` is empty where it cannot be read and `fault` says why."""

    line: int
    """where it starts; 1 is the first"""
    cells: list[str]
    fault: str = ""
    mended: bool = False
    """whether it was read by looking past a quotation mark that is not escaped"""


def split_row(text: str, delimiter: str, most: int = 0) -> list[str]:
    """The cells of a row. A quotation mark opens a cell only at its start and closes it only at its end; one in between, escaped
    or not, is part of the text. With `most` the last cell is the rest. Never raises."""
    if '"' not in text:
        return text.split(delimiter)
    pattern = _PATTERNS.get(delimiter) or _PATTERNS.setdefault(delimiter, _pattern(delimiter))
    cells: list[str] = []
    at = 0
    while at <= len(text):
        if len(cells) + 1 == most:
            rest = text[at:].strip()
            quoted = len(rest) > 1 and rest[0] == rest[-1] == '"'
            cells.append((rest[1:-1] if quoted else rest).replace('""', '"'))
            break
        found = pattern.match(text, at)
        if found is None:
            end = text.find(delimiter, at)
            end = len(text) if end < 0 else end
            cells.append(text[at:end])
        else:
            end = found.end()
            cells.append((found.group(1) or found.group(2) or "").replace('""', '"'))
        at = end + 1
    return cells


def _pattern(delimiter: str) -> re.Pattern[str]:
    end = rf"\s*(?={re.escape(delimiter)}|\Z)"
    # As the standard has it first; else up to the first mark before a delimiter.
    return re.compile(rf'\s*"(?:((?:[^"]|"")*)"{end}|(.*?)"{end})', re.DOTALL)


_PATTERNS: dict[str, re.Pattern[str]] = {}


def rows_in(
    lines: Iterable[str], delimiter: str, columns: int | None, *, free_tail: bool = False
) -> Iterator[Row]:
    """The rows of a file from its lines (with their ends). Without `columns` a row has as many as it has.

    `free_tail` says that the last column is free text: in a row whose quotation marks are not escaped, what is too much belongs
    to it.
    """
    csv.field_size_limit(MAX_FIELD)
    source = iter(lines)
    again: deque[str] = deque()
    number = 0
    while True:
        line = again.popleft() if again else next(source, None)
        if line is None:
            return
        number += 1
        marks = line.count('"')
        text = line.rstrip("\r\n")
        if not marks:
            cells = text.split(delimiter)
            if text.strip(" \t\x1a" + delimiter):
                yield _row(number, cells, columns)
            continue
        if marks % 2 == 0:
            cells_read = _strict(text, delimiter)
            if cells_read is not None and (columns is None or len(cells_read) == columns):
                yield Row(number, cells_read)
                continue
            yield _mended(number, text, delimiter, columns, free_tail)
            continue
        taken = [line]
        while marks % 2 and len(taken) < MAX_LINES:
            following = again.popleft() if again else next(source, None)
            if following is None:
                break
            taken.append(following)
            marks += following.count('"')
        cells_read = _strict("".join(taken).rstrip("\r\n"), delimiter) if marks % 2 == 0 else None
        if cells_read is not None and (columns is None or len(cells_read) == columns):
            yield Row(number, cells_read)
            number += len(taken) - 1
            continue
        again.extendleft(reversed(taken[1:]))
        yield _mended(number, text, delimiter, columns, free_tail, last=len(taken) == 1)


def _strict(text: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        return None


def _mended(
    number: int, text: str, delimiter: str, columns: int | None, free_tail: bool, *, last: bool = False
) -> Row:
    cells = split_row(text, delimiter)
    if free_tail and columns is not None and len(cells) > columns:
        cells = split_row(text, delimiter, columns)
    few = columns is not None and len(cells) < columns
    if (few or (last and cells[-1].lstrip().startswith('"'))) and text.count('"') % 2:
        return Row(number, [], "a quotation mark is opened and never closed")
    return _row(number, cells, columns, mended=True)


def _row(number: int, cells: list[str], columns: int | None, *, mended: bool = False) -> Row:
    if columns is None or len(cells) == columns:
        return Row(number, cells, mended=mended)
    if len(cells) > columns and not any(cell.strip() for cell in cells[columns:]):
        return Row(number, cells[:columns], mended=mended)
    return Row(number, [], f"{len(cells)} columns where {columns} are expected")
