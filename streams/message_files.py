"""Files of declarations as single messages, for `publish`, `screen` and `backtest`. They may be gzipped."""

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, cast

import msgspec
from msgspec import Struct

from streams.declarations.encodings import wide
from streams.declarations.unpacking import MAX_LINE, Unpackable, bounded_lines
from streams.errors import UserError

WHOLE = frozenset({".xml", ".csv", ".tsv", ".xlsx", ".edi"})
"""Endings of files that are one document each."""
NO_MESSAGES = frozenset(
    (
        ".xsd",
        ".wsdl",
        ".xsl",
        ".xslt",
        ".dtd",
        ".sch",
        ".md",
        ".rst",
        ".html",
        ".htm",
        ".pdf",
        ".docx",
        ".doc",
        ".pptx",
        ".png",
        ".jpg",
        ".svg",
        ".toml",
        ".yml",
        ".yaml",
        ".py",
        ".sh",
        ".log",
        ".zip",
    )
)
"""Endings of schemas, notes and programs, as they lie in folders of samples."""
GZIP = b"\x1f\x8b"
_BINARY = (b"\0", b"\x28\xb5\x2f\xfd", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"PK\x03\x04")
"""First bytes of a frame of a registry, of zstd, of zlib, of a zip archive."""
FIRST_LINE = 8_192
"""Bytes in which the root element of an XML document begins."""
_ROOT = re.compile(rb"<([A-Za-z_][^\s/>]*)")


class FileMessage(Struct, frozen=True):
    file: str
    number: int
    """from 1: line of a file of lines, else 1"""
    data: bytes


def read_lines(stream: BinaryIO, name: str) -> Iterator[FileMessage]:
    """Every line that is not blank. Raises UserError for one that is too long."""
    try:
        for number, line in enumerate(bounded_lines(stream, name), 1):
            if line.strip():
                yield FileMessage(name, number, line.rstrip(b"\r\n"))
    except Unpackable as error:
        raise UserError(str(error)) from None


def read_paths(
    paths: list[Path], format: str = "auto", passed_over: Callable[[list[str]], object] = lambda endings: None
) -> Iterator[FileMessage]:
    """Messages of files and folders, folders in order of name, without the schemas and notes that lie beside them there: their
    endings are given to `passed_over`.

    A file of XML, CSV or EDIFACT is one message, as is a .json file whose first line is no JSON alone, or that holds one
    line; whatever else is read as a message a line, unless it begins with XML that goes on in the next line, or as no text
    does. Raises UserError for what cannot be read.
    """
    for path in paths:
        if path.is_dir():
            files = sorted(p for p in path.iterdir() if not p.name.startswith("."))
            notes = [p for p in files if p.is_file() and _kind(p) in NO_MESSAGES]
            passed_over([_kind(p) for p in notes])
            yield from read_paths([p for p in files if p not in notes], format, passed_over)
            continue
        whole = format == "wco-dm" or _kind(path) in WHOLE or _is_one_document(path)
        with path.open("rb") as raw:
            yield from read_stream(raw, str(path), whole)


def read_stream(raw: BufferedReader, name: str, whole: bool) -> Iterator[FileMessage]:
    """A message a line, or all of it as one. Raises UserError for what cannot be read."""
    try:
        stream = _unpacked(raw)
        if whole or _is_binary(stream) or _is_one_xml(stream):
            data = stream.read(MAX_LINE + 1)
            if len(data) > MAX_LINE:
                raise UserError(f"{name}: a document of more than {MAX_LINE} bytes")
            yield FileMessage(name, 1, data)
        else:
            yield from read_lines(stream, name)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UserError(f"{name} is a damaged gzip file: {error}") from None


def _unpacked(raw: BufferedReader) -> BufferedReader:
    # Both read and peek alike.
    return (
        cast("BufferedReader", gzip.GzipFile(fileobj=raw))
        if raw.peek(len(GZIP))[: len(GZIP)] == GZIP
        else raw
    )


def _is_binary(stream: BufferedReader) -> bool:
    """Whether a file begins as no text does: one record, such as a schema registry's frame, in which a line end is a byte like
    any other."""
    start = stream.peek(16)[:16]
    return start.startswith(_BINARY) and wide(start) is None


def _is_one_xml(stream: BufferedReader) -> bool:
    """Whether a file is one XML document, and not one a line: in its first line no element ends that begins there."""
    start = stream.peek(FIRST_LINE)[:FIRST_LINE].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] != b"<":
        return False
    line, ended, _ = start.partition(b"\n")
    line = line.strip()
    if not ended:
        return False
    root = _ROOT.search(line)
    return root is None or not line.endswith((b"</" + root[1] + b">", b"/>"))


def _kind(path: Path) -> str:
    return (path.with_suffix("") if path.suffix.lower() == ".gz" else path).suffix.lower()


def _is_one_document(path: Path) -> bool:
    if _kind(path) != ".json":
        return False
    with path.open("rb") as raw:
        first = next(read_stream(raw, str(path), whole=False), None)
    if first is None:
        return False
    try:
        msgspec.json.decode(first.data.removeprefix(b"\xef\xbb\xbf"), type=msgspec.Raw)
    except (ValueError, RecursionError):
        return True
    return False
