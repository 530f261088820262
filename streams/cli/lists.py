"""`torugart lists load|status`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from streams.cli.common import emit, note
from streams.kafka.watchlist_publisher import publish_edition, published_editions
from streams.settings import Settings
from streams.watchlists.edition import Edition
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
        file = read_list(path, edition=edition, name=name)
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
    assembler = published_editions(Settings.from_env())
    for edition in assembler.complete().values():
        emit(
            {
                "list": edition.list,
                "edition": edition.edition,
                "entries": len(edition.entries),
                "sha256": edition.sha256,
                "published": edition.published,
                "ageDays": age_days(edition),
            }
        )
    for name, fault in assembler.faults().items():
        emit({"list": name, "fault": fault})


def age_days(edition: Edition) -> float:
    """Days since the edition was published to the topic."""
    if not edition.published:
        return 0.0
    return round((datetime.now(UTC) - datetime.fromisoformat(edition.published)).total_seconds() / 86400, 1)
