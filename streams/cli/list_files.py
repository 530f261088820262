"""List files as commands read them: what the reading noted is said on stderr, in every command alike."""

from pathlib import Path

from streams.cli.common import note
from streams.watchlists.readers import ListFile, read_list

SAID = 5
"""Rows left out that are named one by one; how many more there are is said."""


def read_and_say(
    path: Path, *, edition: str | None = None, name: str | None = None, accept: str | None = None
) -> ListFile:
    """The list in a file, as `read_list`; says which rows were left out, and that a file beside it is missing or torn.

    Raises UnreadableList.
    """
    file = read_list(path, edition=edition, name=name, accept=accept)
    for remark in file.notes:
        note(remark)
    for rejected in file.rejected[:SAID]:
        note(f"{path}: line {rejected.line} was left out: {rejected.reason}")
    if len(file.rejected) > SAID:
        note(f"{path}: and {len(file.rejected) - SAID} more rows were left out")
    return file
