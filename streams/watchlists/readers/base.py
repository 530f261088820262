"""What every list reader shares: the interface and what it gives back."""

import re
from abc import ABC, abstractmethod
from pathlib import Path

from msgspec import Struct

from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.readers.source import ListSource, Rejected

MAX_REJECTED_SHARE = 0.02
"""Above this share of unreadable rows a file is refused whole: it has changed its layout or lost columns. The official
files read so far have none (OFAC 2021, 2023, 2025; UN 2026; the 2026 US list)."""


class ListReading(Struct, frozen=True, kw_only=True):
    """What a reader makes of a file, before the guards of `read_list`."""

    list: str
    edition: str | None
    """Date from the content, where the format has one."""
    entries: tuple[WatchlistEntry, ...]
    rejected: tuple[Rejected, ...] = ()
    side_rejected: tuple[Rejected, ...] = ()
    """Rows of the files read with it."""
    notes: tuple[str, ...] = ()
    """What an operator should know, such as a missing file of aliases."""
    doubts: tuple[str, ...] = ()
    """Why this may not be the list it seems, such as a source that no edition lacks: refused unless it is accepted."""


class Reader(ABC):
    """One official format. A new format is a new file here with its `READERS`."""

    format: str
    anybodys = False
    """whether others than one publisher write it: such a reader is asked behind the others"""

    @abstractmethod
    def recognises(self, source: ListSource) -> bool:
        """Whether this is a file of the format, from its name, its head, its columns or its XML root. Never raises."""

    @abstractmethod
    def reading(self, source: ListSource) -> ListReading:
        """Reads all of it. Raises UnreadableList."""

    def files(self, path: Path) -> tuple[Path, ...]:
        """The file and those read with it, in a fixed order: the hash is taken over all of them."""
        return (path,)


def slug(text: str) -> str:
    """A text as part of a list's name: small letters, digits and `_`, 60 at most."""
    return re.sub(r"[^\w]+", "_", text.lower()).strip("_")[:60]
