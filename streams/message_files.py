"""Files of declarations as single messages, for `publish` and `screen`."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct


class FileMessage(Struct, frozen=True):
    file: str
    number: int
    """from 1: line of a file of lines, else 1"""
    data: bytes


def read_lines(stream: BinaryIO, name: str) -> Iterator[FileMessage]:
    """Every line that is not blank."""
    for number, line in enumerate(stream, 1):
        if line.strip():
            yield FileMessage(name, number, line.rstrip(b"\r\n"))


def read_paths(paths: list[Path], format: str = "auto") -> Iterator[FileMessage]:
    """Messages of files and folders, folders in order of name.

    An XML file is one message, as is a .json file that begins with a lone brace or holds one line; whatever else is
    read as a message a line.
    """
    for path in paths:
        if path.is_dir():
            yield from read_paths(sorted(p for p in path.iterdir() if not p.name.startswith(".")), format)
        elif format == "wco-dm" or path.suffix.lower() == ".xml" or _is_one_document(path):
            yield FileMessage(str(path), 1, path.read_bytes())
        else:
            with path.open("rb") as stream:
                yield from read_lines(stream, str(path))


def _is_one_document(path: Path) -> bool:
    if path.suffix.lower() != ".json":
        return False
    with path.open("rb") as stream:
        return stream.readline().strip() in (b"{", b"[")
