"""What every list reader shares: the interface, what it gives back, and the one error it raises."""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from streams.errors import UserError
from streams.watchlists.entry import WatchlistEntry

MAX_REJECTED_SHARE = 0.02
"""Above this share of unreadable rows a file is refused whole: it has changed its layout or lost columns. The official
files read so far have none (OFAC 2021, 2023, 2025; UN 2026; the 2026 US list)."""


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


class Reader(Protocol):
    """One official format. A new format is a new file here and a line in `readers.READERS`."""

    format: str

    def recognises(self, path: Path, head: bytes) -> bool:
        """Whether this is a file of the format, from its name and first 4 KiB. Never raises."""
        ...

    def files(self, path: Path) -> tuple[Path, ...]:
        """The file and those read with it, in a fixed order: the hash is taken over all of them."""
        ...

    def reading(self, path: Path) -> ListReading:
        """Reads all of it. Raises UnreadableList."""
        ...


def unique(texts: Iterable[str | None]) -> tuple[str, ...]:
    """Texts without surrounding or doubled space, each once, in order, empty ones left out."""
    squeezed = (" ".join(text.split()) for text in texts if text)
    return tuple(dict.fromkeys(text for text in squeezed if text))
