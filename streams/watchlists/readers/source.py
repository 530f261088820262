"""A list file as every reader sees it: its bytes as text, rows, XML elements or spreadsheet cells, whatever it is packed in."""

import codecs
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from xml.etree.ElementTree import ParseError
from zipfile import ZipFile

import msgspec
from defusedxml import DefusedXmlException, ElementTree
from msgspec import Struct

from streams.errors import UserError
from streams.watchlists.readers.rows import Row, rows_in, split_row
from streams.watchlists.readers.sheets import SHEET_MEMBERS, UnreadableSheet, sheet_rows, sheet_table
from streams.watchlists.readers.values import plain
from streams.zips import BROKEN_ZIP, MAGIC

HEAD_BYTES = 1 << 14
"""What a format is known by; the header of the EU's CSV alone takes 3 KiB."""

DELIMITERS = ",;\t|"
_BANNER_ROWS = 5
"""Rows above the header at most: the UK's files open with the date of the report."""
_MIN_UNDER_BANNER = 4

_CHUNK = 1 << 20
_FOREIGN = re.compile(rb"[\xc0-\xff]{4}")
"""Four letters beyond ASCII in a row: windows-1252 writes a word so as good as never, windows-1251 and its like every word."""
_UNDEFINED = re.compile(rb"[\x00\x81\x8d\x8f\x90\x9d]")
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)[^>]*>?", re.DOTALL)
_PROLOGUE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<![A-Za-z][^>\[]*(?:\[.*?\])?\s*>\s*)*", re.DOTALL
)

Form = TypeVar("Form")

Element = Any
"""xml.etree.ElementTree.Element: defusedxml has no type stubs."""


class UnreadableList(UserError):
    """A list file that cannot be used: unknown format, empty, cut short, or without its columns. One clear sentence."""


class Rejected(Struct, frozen=True):
    """A row that could not be read, with the line it starts on (1 is the first) and why."""

    line: int
    reason: str


class Header(Struct, frozen=True):
    """The columns of a table in small letters, and where they stand."""

    line: int
    delimiter: str
    columns: tuple[str, ...]
    banner: str = ""
    """What stands above them, such as 'Report Date: 23-Sep-2026'."""


class ListSource:
    """One file. Whatever raises, raises UnreadableList with one sentence."""

    def __init__(self, path: Path, shown: str = "") -> None:
        self.path = path
        self.shown = shown or str(path)
        """how messages name it"""
        self.notes: list[str] = []
        """What was met that an operator should know; readers add to it."""
        try:
            with path.open("rb") as stream:
                self.head = stream.read(HEAD_BYTES)
        except OSError as error:
            raise self.unreadable(f"cannot be read: {error.strerror or error}") from None

    def unreadable(self, why: str) -> UnreadableList:
        """The refusal of this file, to be raised."""
        return UnreadableList(f"{self.shown} {why}")

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name

    # --- text

    @cached_property
    def encoding(self) -> str:
        """Of its text: UTF-8 or UTF-16 by its mark, else UTF-8, else windows-1252."""
        if self.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        read = 0
        try:
            for chunk in self._chunks():
                decoder.decode(chunk)
                read += len(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            where = f"{error.reason} near byte {read + error.start}"
            for chunk in self._chunks():
                if _FOREIGN.search(chunk) or _UNDEFINED.search(chunk):
                    raise self.unreadable(
                        f"is not UTF-8 text ({where}), nor windows-1252: save it as UTF-8"
                    ) from None
            self.notes.append(f"{self.name}: not UTF-8 ({where}), read as windows-1252")
            return "cp1252"
        return "utf-8-sig"

    def _chunks(self) -> Iterator[bytes]:
        with self.path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk

    def lines(self) -> Iterator[str]:
        """Its lines, each with its end."""
        with self.path.open(encoding=self.encoding, newline="") as stream:
            yield from stream

    # --- tables

    @cached_property
    def is_sheet(self) -> bool:
        """Whether it is an OpenDocument or Office Open XML file."""
        if not self.head.startswith(MAGIC):
            return False
        try:
            with ZipFile(self.path) as archive:
                return not SHEET_MEMBERS.isdisjoint(archive.namelist())
        except BROKEN_ZIP:
            return False

    @cached_property
    def _sheet(self) -> list[list[str]]:
        try:
            return sheet_rows(self.path)
        except UnreadableSheet as error:
            raise self.unreadable(f"is a spreadsheet that is damaged or was cut short: {error}") from None

    @cached_property
    def header(self) -> Header | None:
        """The columns of a table, where its head may be one."""
        if self.is_sheet:
            tables = [("\t".join(cells), "\t", cells) for cells in self._sheet[:_BANNER_ROWS]]
        elif (text := self._head_text()) is not None:
            lines = text.splitlines()[:_BANNER_ROWS]
            tables = [(line, mark, split_row(line, mark)) for line, mark in map(_delimited, lines)]
        else:
            return None
        if not tables:
            return None
        at = 0
        if len([cell for cell in tables[0][2] if cell.strip()]) <= 2:
            at = next((n for n, table in enumerate(tables) if len(table[2]) >= _MIN_UNDER_BANNER and n), 0)
            if at and not _BANNER.search(tables[0][0]):
                at = 0
        _, delimiter, cells = tables[at]
        columns = tuple(" ".join(cell.split()).lower() for cell in cells)
        while len(columns) > 1 and not columns[-1]:
            columns = columns[:-1]
        return Header(at + 1, delimiter, columns, " ".join(line for line, *_ in tables[:at]))

    @property
    def columns(self) -> frozenset[str]:
        """The names of its columns; none where it is no table."""
        return frozenset(self.header.columns) if self.header is not None else frozenset()

    def rows(self, rejected: list[Rejected]) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row of a table with a header: its line, and its cells by column, HTML's entities resolved. What cannot be read
        goes to `rejected`, to which the caller adds what it rejects; a row that repeats the header is passed over.
        """
        header = self.header
        if header is None:
            raise self.unreadable("has no header")
        width = len(header.columns)
        if self.is_sheet:
            found: Iterator[Row] = sheet_table(self._sheet[header.line :], width)
        else:
            found = rows_in(islice(self.lines(), header.line, None), header.delimiter, width)
        for row in self.whole(found, rejected, header.line):
            cells = [plain(cell) if "&" in cell else cell for cell in row.cells]
            if tuple(cell.strip().lower() for cell in cells) != header.columns and any(map(str.strip, cells)):
                yield row.line + header.line, dict(zip(header.columns, cells, strict=True))

    def whole(self, rows: Iterable[Row], rejected: list[Rejected], before: int = 0) -> Iterator[Row]:
        """The rows that can be read; what was mended is noted, and a file that ends in the middle of a row is refused."""
        mended = first = 0
        last: Row | None = None
        for row in rows:
            last = row
            if row.fault:
                rejected.append(Rejected(row.line + before, row.fault))
                continue
            if row.mended:
                mended += 1
                first = first or row.line + before
            yield row
        if mended:
            self.notes.append(
                f"{self.name}: {mended} rows hold a quotation mark that is not escaped, the first in line {first}; they were read"
            )
        if last is not None and last.fault and _is_cut(last.fault):
            self.cut = f"ends in the middle of a row (line {last.line + before}): it was cut short"

    cut = ""
    """Why it is taken to be cut short, once its rows were read."""

    def _head_text(self) -> str | None:
        if self.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return self.head.decode("utf-16", errors="replace")
        if b"\x00" in self.head:
            return None
        return self.head.decode("utf-8-sig", errors="replace")

    # --- JSON

    def json(self, form: type[Form]) -> Form:
        """All of it as one JSON value of a form (msgspec): what the form does not name is not kept."""
        try:
            return msgspec.json.decode(self.path.read_bytes().lstrip(codecs.BOM_UTF8), type=form)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise self.unreadable(
                f"is not complete JSON of this format, it may have been cut short: {error}"
            ) from None

    # --- XML

    @cached_property
    def root(self) -> str:
        """Local name of its XML root element; empty where it is no XML."""
        start = _PROLOGUE.match(self.head)
        found = _ROOT.match(self.head, start.end() if start else 0)
        return found.group(1).decode() if found else ""

    def elements(self, tags: frozenset[str]) -> Iterator[Element]:
        """Each element of one of these names, whole, without namespaces, as the file is read: it is let go with the next. The
        root comes first, with its attributes and without its content."""
        inside = 0
        try:
            root: Element = None
            for event, element in ElementTree.iterparse(self.path, ("start", "end"), forbid_dtd=True):
                tag = element.tag.rpartition("}")[2]
                if event == "start":
                    if root is None:
                        root = element
                        yield element
                    inside += tag in tags
                elif tag in tags:
                    inside -= 1
                    if not inside:
                        for one in element.iter():
                            one.tag = one.tag.rpartition("}")[2]
                        yield element
                        element.clear()
                elif not inside and element is not root:
                    element.clear()
        except ParseError as error:
            raise self.unreadable(f"is not complete XML, it may have been cut short: {error}") from None
        except DefusedXmlException:
            raise self.unreadable("holds a document type or entities, which a list never needs") from None
        except (LookupError, ValueError) as error:  # an encoding that Python does not know, or has not
            raise self.unreadable(f"cannot be read as XML: {error}") from None


_BANNER = re.compile(r"date|updated|generat", re.IGNORECASE)


def _is_cut(fault: str) -> bool:
    found = re.match(r"(\d+) columns where (\d+)", fault)
    return found is None or int(found.group(1)) < int(found.group(2))


def _delimited(line: str) -> tuple[str, str]:
    """A line with the delimiter it has most of outside quotation marks."""
    counted = {delimiter: len(split_row(line, delimiter)) for delimiter in DELIMITERS}
    return line, max(counted, key=lambda delimiter: counted[delimiter])


def text_of(element: Element, path: str = "") -> str:
    """Text of the first element at a path (of the element itself without one), squeezed, entities resolved; empty without one."""
    text = element.findtext(path) if path else element.text
    return plain(" ".join(text.split())) if text else ""


def texts_of(element: Element, path: str) -> list[str]:
    """Texts of all elements at a path."""
    return [text_of(found) for found in element.iterfind(path)]


def joined(parts: Iterable[str | None], between: str = ", ") -> str:
    """The parts that say something, in order."""
    return between.join(part for part in (" ".join(part.split()) for part in parts if part) if part)
