"""Rows of CSV files: whole ones as they are, damaged ones read or kept aside with their line, and never the rows behind them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.watchlists.readers.rows import rows_in, split_row
from streams.watchlists.readers.values import iso_date, numbered, plain, unique


def rows(text: str, columns: int = 3, *, free_tail: bool = False) -> list[tuple[int, list[str], str]]:
    lines = io.StringIO(text, newline="")
    return [(row.line, row.cells, row.fault) for row in rows_in(lines, ",", columns, free_tail=free_tail)]


@given(st.lists(st.lists(st.text(max_size=8), min_size=3, max_size=3), min_size=1, max_size=5))
def test_what_is_written_as_csv_is_read_as_it_was(cells: list[list[str]]) -> None:
    cells = [["x" + row[0], *row[1:]] for row in cells]
    cells = [[cell.replace("\r", "").replace("\0", "") for cell in row] for row in cells]
    text = io.StringIO(newline="")
    csv.writer(text).writerows(cells)
    assert [read for _, read, _ in rows(text.getvalue())] == cells


def test_a_mark_that_is_not_escaped_is_read() -> None:
    assert rows('1,"a.k.a. "Blue"; alias "Red"",x\n2,b,c\n') == [
        (1, ["1", 'a.k.a. "Blue"; alias "Red"', "x"], ""),
        (2, ["2", "b", "c"], ""),
    ]


def test_a_free_text_at_the_end_takes_what_is_too_much() -> None:
    assert rows('1,a,"called "Blue", or "Red""\n', free_tail=True) == [
        (1, ["1", "a", 'called "Blue", or "Red"'], "")
    ]


def test_a_mark_never_closed_costs_its_row_and_no_other() -> None:
    text = '1,a,b\n2,"a b\n' + "".join(f"{n},a,b\n" for n in range(3, 2000))
    read = rows(text)
    assert [line for line, _, fault in read if fault] == [2]
    assert len(read) == 1999


def test_a_cell_of_several_lines_is_one_cell() -> None:
    assert rows('1,"a\r\nb",c\r\n4,d,e\r\n') == [(1, ["1", "a\r\nb", "c"], ""), (3, ["4", "d", "e"], "")]


def test_rows_of_other_columns_are_kept_aside_and_empty_ones_passed_over() -> None:
    assert rows("1,2\n,,\n\n1,2,3,,\n1,2,3,4\n") == [
        (1, [], "2 columns where 3 are expected"),
        (4, ["1", "2", "3"], ""),
        (5, [], "4 columns where 3 are expected"),
    ]


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ('"OOO ""Romashka""";Romashka LLC;"Romashka; House"', ['OOO "Romashka"', "Romashka LLC", "Romashka; House"]),
        ('OOO "Romashka";"Blue" Trading;', ['OOO "Romashka"', '"Blue" Trading', ""]),
        ("", [""]),
    ],
)  # fmt: skip
def test_several_values_of_a_cell(cell: str, values: list[str]) -> None:
    assert split_row(cell, ";") == values


@given(st.text(st.sampled_from('a;" '), max_size=20))
def test_no_text_is_lost_between_values(cell: str) -> None:
    assert cell.count("a") == "".join(split_row(cell, ";")).count("a")


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("Smith &amp; Sons", "Smith & Sons"),
        ("O&#39;Hara &#x27;", "O'Hara '"),
        ("A &amp;amp; B &amp;quot;C&amp;quot;", 'A & B "C"'),
        ("Caf&eacute;", "Café"),
        ("R&D;AT&T;B&and;C &", "R&D;AT&T;B&and;C &"),
    ],
)  # fmt: skip
def test_entities_of_html(text: str, resolved: str) -> None:
    assert plain(text) == resolved


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a) Alpha Trading b) Beta Trading", ["Alpha Trading", "Beta Trading"]),
        ("(a) Alpha; (b) Beta; (c) Gamma", ["Alpha", "Beta", "Gamma"]),
        ("(1) 01/02/1970 (2) 1971", ["01/02/1970", "1971"]),
        ("A) Alpha B) Beta", ["Alpha", "Beta"]),
        ("a) Alpha Trading", ["Alpha Trading"]),
        ("Alpha (a) Trading", ["Alpha (a) Trading"]),
        ("Alpha (Trading) b) Beta", ["Alpha (Trading) b) Beta"]),
        ("b) Beta a) Alpha", ["b) Beta a) Alpha"]),
    ],
)  # fmt: skip
def test_numbered_texts_are_taken_apart(text: str, parts: list[str]) -> None:
    assert numbered(text) == parts
    assert unique([text]) == tuple(parts)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("20 May 1985", "1985-05-20"), ("01/02/1970", "1970-02-01"), ("dd/mm/1945", "1945"), ("00/00/1970", "1970"),
        ("1970-02-03", "1970-02-03"), ("2026-08-27T01:02:03+02:00", "2026-08-27"), ("23-Sep-2026", "2026-09-23"),
        ("May 1985", "1985-05"), ("1961", "1961"), ("between 1961 and 1963", "1961/1963"), ("unknown", "unknown"), ("", ""),
    ],
)  # fmt: skip
def test_dates_in_one_form(text: str, date: str) -> None:
    assert iso_date(text) == date
