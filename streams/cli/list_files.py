"""List files as commands read them: what the reading noted is said on stderr, in every command alike."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from streams.cli.common import note
from streams.watchlists.readers import ListFile, Rejected, read_list

SAID = 5
"""Rows left out that are named one by one; how many more there are is said."""


def read_and_say(
    path: Path, *, edition: str | None = None, name: str | None = None, accept: str | None = None
) -> ListFile:
    """The list in a file, as `read_list`; says which rows were left out, and that a file beside it is missing or torn.

    Raises UnreadableList.
    """
    file = read_list(path, edition=edition, name=name, accept=accept)
    say_left_out(path, file.notes, file.rejected)
    return file


def say_left_out(path: Path, notes: Iterable[str], rejected: Sequence[Rejected]) -> None:
    """Says what was noted of a file, and which rows were left out."""
    for remark in notes:
        note(remark)
    for row in rejected[:SAID]:
        note(f"{path}: line {row.line} was left out: {row.reason}")
    if len(rejected) > SAID:
        note(f"{path}: and {len(rejected) - SAID} more rows were left out")
