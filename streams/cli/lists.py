"""`torugart lists load|status`."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from streams.cli.common import emit, note
from streams.settings import Settings
from streams.watchlist_publisher import publish_edition, published_editions
from streams.watchlists.readers import read_list

app = typer.Typer(help="Publish watchlists to the workers and see what they use.", no_args_is_help=True)


@app.command()
def load(
    paths: Annotated[list[Path], typer.Argument(help="List files; the format is recognised.", exists=True)],
    name: Annotated[
        str | None, typer.Option(help="Name of the list, where the file's own will not do.")
    ] = None,
    edition: Annotated[str | None, typer.Option(help="Edition, where the file names none.")] = None,
) -> None:
    """Publish list files as editions; workers swap to them as soon as the last chunk is there."""
    settings = Settings.from_env()
    for path in paths:
        file = read_list(path, edition=edition)
        if name is not None:
            file = msgspec.structs.replace(
                file, list=name, entries=tuple(msgspec.structs.replace(e, list=name) for e in file.entries)
            )
        for rejected in file.rejected:
            note(f"{path}: not read: {rejected}")
        sent = publish_edition(settings, file)
        emit(
            {
                "list": file.list,
                "edition": file.edition,
                "entries": len(file.entries),
                "rejected": len(file.rejected),
                "published": sent > 0,
            }
        )


@app.command()
def status() -> None:
    """One line for each list: the newest complete edition, its size and its age in days."""
    for edition, published in published_editions(Settings.from_env()):
        emit(
            {
                "list": edition.list,
                "edition": edition.edition,
                "entries": len(edition.entries),
                "sha256": edition.sha256,
                "published": datetime.fromtimestamp(published, UTC).isoformat(timespec="seconds"),
                "ageDays": round((time.time() - published) / 86400, 1),
            }
        )
