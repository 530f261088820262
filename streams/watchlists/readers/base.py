"""What every list reader shares: the interface, what it gives back, and the one error it raises."""

import csv
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from streams.errors import UserError
from streams.watchlists.entry import WatchlistEntry

MAX_REJECTED_SHARE = 0.02
"""Above this share of unreadable rows a file is refused whole: it has changed its layout or lost columns. The official
files read so far have none (OFAC 2021, 2023, 2025; UN 2026; the 2026 US list)."""

MAX_FIELD = 1 << 22
"""Characters in a cell of a CSV file: entries with hundreds of aliases exceed the csv module's 128 KiB."""


class UnreadableList(UserError):
    """A list file that cannot be used: unknown format, empty, cut short, or without its columns. One clear sentence."""


class Rejected(Struct, frozen=True):
    """A row that could not be read, with the line it starts on (1 is the first) and why."""

    line: int
    reason: str


class ListReading(Struct, frozen=True, kw_only=True):
    """What a reader makes of a file, before the guards of `read_list`."""

    list: str
    edition: str | None
    """Date from the content, where the format has one."""
    entries: tuple[WatchlistEntry, ...]
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[str, ...] = ()
    """What an operator should know, such as a missing file of aliases."""


class Reader(ABC):
    """One official format. A new format is a new file here with its `READER`."""

    format: str
    anybodys = False
    """whether others than one publisher write it: such a reader is asked behind the others"""

    @abstractmethod
    def recognises(self, path: Path, head: bytes) -> bool:
        """Whether this is a file of the format, from its name and first 4 KiB. Never raises."""

    @abstractmethod
    def reading(self, path: Path) -> ListReading:
        """Reads all of it. Raises UnreadableList."""

    def files(self, path: Path) -> tuple[Path, ...]:
        """The file and those read with it, in a fixed order: the hash is taken over all of them."""
        return (path,)


def columns_of(head: bytes) -> frozenset[str]:
    """The column names of a CSV file with a header, in lower case; none where it begins otherwise."""
    try:
        first = next(csv.reader(head.decode("utf-8-sig", errors="replace").splitlines()[:1]), [])
    except csv.Error:
        return frozenset()
    return frozenset(column.strip().lower() for column in first)


def rows_of(path: Path, rejected: list[Rejected]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row of a CSV file with a header: the line it ends on, and its cells by column, in lower case. What has another number
    of columns goes to `rejected`, to which the caller adds what it rejects.

    Raises UnreadableList for what is no UTF-8, no CSV or cut short.
    """
    csv.field_size_limit(MAX_FIELD)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream, strict=True)
            header = [column.strip().lower() for column in next(rows, [])]
            last = 0
            for cells in rows:
                if len(cells) == len(header):
                    yield rows.line_num, dict(zip(header, cells, strict=True))
                elif cells:
                    last = rows.line_num
                    rejected.append(
                        Rejected(last, f"{len(cells)} columns where the header has {len(header)}")
                    )
            if len(rejected) == 1 and rejected[0].line == last == rows.line_num:
                raise UnreadableList(f"{path} ends in the middle of a row (line {last}): it was cut short")
    except UnicodeDecodeError as error:
        raise UnreadableList(f"{path} is not UTF-8 text ({error.reason} at byte {error.start})") from None
    except csv.Error as error:
        raise UnreadableList(f"{path} is not a complete CSV file: {error}") from None


def unique(texts: Iterable[str | None]) -> tuple[str, ...]:
    """Texts without surrounding or doubled space, each once, in order, empty ones left out."""
    squeezed = (" ".join(text.split()) for text in texts if text)
    return tuple(dict.fromkeys(text for text in squeezed if text))
