"""Tables of rows by their formats: which format a table is of, and the declarations in it."""

from collections.abc import Iterable

from streams.declarations.envelopes import MAX_PARTS
from streams.declarations.errors import Unscreenable
from streams.declarations.formats.mapped import rows
from streams.declarations.formats.mapped.reader import FieldMap


def recognised(data: bytes, tables: Iterable[FieldMap], by_columns: bool = True) -> FieldMap | None:
    """The format of a table of rows, by its columns, or the first that reads rows; None where there is none."""
    for table in tables:
        if table.reads == "rows":
            if not by_columns:
                return table
            try:
                text = rows.text_of(data, table.encodings)
            except Unscreenable:
                continue
            if any(table.recognition.columns(head.columns) for head in rows.heads(text)):
                return table
    return None


def of_table(data: bytes, table: FieldMap) -> list[rows.Row]:
    """The rows of a table of a format.

    Raises Unscreenable: NOT_UTF8, UNKNOWN_FORMAT for what is no table, EMPTY, SCHEMA_VIOLATION with the line.
    """
    text = rows.text_of(data, table.encodings)
    # By which separator: that by which it has the columns of the format; else that which makes the most of them.
    heads = sorted(rows.heads(text), key=lambda one: -len(one.columns))
    fitting = [one for one in heads if table.recognition.columns(one.columns)] or heads
    if not fitting:
        raise Unscreenable("UNKNOWN_FORMAT", "a table of rows begins with the names of its columns")
    found = rows.rows(text, fitting[0], table.spelt)
    if not found:
        raise Unscreenable("EMPTY", "a table without a row")
    return found


def declarations(data: bytes, table: FieldMap) -> bytes | list[bytes]:
    """The tables of the declarations in a table; itself where it holds one. Raises Unscreenable as `of_table`, and TOO_LARGE."""
    found = rows.groups(of_table(data, table), table.key)
    if len(found) > MAX_PARTS:
        raise Unscreenable("TOO_LARGE", f"a table of more than {MAX_PARTS} declarations")
    return data if len(found) == 1 else [rows.written(one) for one in found]
