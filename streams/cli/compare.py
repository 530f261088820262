"""`torugart compare`: pairs of names on stdin, one score a line."""

import csv
import io
import sys
from collections.abc import Iterator
from typing import cast, get_args

from streams.cli.common import emit, fail
from streams.names import compare as compare_names
from streams.names.analyse import NameType

MAX_FIELD = 1_000_000
"""Characters in a cell."""

COLUMNS = (("name1", "name2"), ("name1", "name2", "type"))


def compare() -> None:
    """Compares names: CSV name1,name2[,type] with this header on stdin, {"score": 0..1, ...} a line on stdout."""
    csv.field_size_limit(MAX_FIELD)
    stream = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", newline="")
    rows = csv.reader(stream, strict=True)
    try:
        header = tuple(column.strip().lower() for column in next(rows, ()))
        if header not in COLUMNS:
            fail("the input must open with the header name1,name2 or name1,name2,type")
        for line, cells in _rows(rows, len(header)):
            kind = cells[2].strip() or "unknown" if len(cells) > 2 else "unknown"
            if kind not in get_args(NameType):
                fail(f"line {line}: type {kind!r} is none of {', '.join(get_args(NameType))}")
            compared = compare_names(cells[0], cells[1], cast(NameType, kind))
            answer: dict[str, object] = {"score": compared.score, "explanation": compared.explanation}
            if compared.evasion:
                answer["evasion"] = list(compared.evasion)
            if compared.degraded:
                answer["degraded"] = True
            emit(answer)
    except UnicodeDecodeError:
        fail("the input is not UTF-8 text")
    except csv.Error as error:
        fail(f"line {rows.line_num}: {error}")


def _rows(rows: "Iterator[list[str]]", columns: int) -> Iterator[tuple[int, list[str]]]:
    for cells in rows:
        line: int = getattr(rows, "line_num", 0)
        if not cells:
            continue
        if len(cells) != columns:
            fail(f"line {line}: {len(cells)} columns where the header has {columns}")
        yield line, cells
