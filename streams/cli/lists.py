"""`torugart lists load|status`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from streams.cli.common import emit, fail, note
from streams.cli.list_files import read_and_say
from streams.errors import UserError
from streams.kafka.watchlist_publisher import publish_edition, published_editions
from streams.settings import Settings
from streams.watchlists.edition import Edition

app = typer.Typer(help="Publish watchlists to the workers and see what they use.", no_args_is_help=True)


@app.command()
def load(
    paths: Annotated[list[Path], typer.Argument(help="List files; the format is recognised.")],
    name: Annotated[
        str | None, typer.Option(help="Name of the list, where the file's own will not do.")
    ] = None,
    edition: Annotated[str | None, typer.Option(help="Edition, where the file names none.")] = None,
    accept: Annotated[
        str | None,
        typer.Option(
            metavar="REASON", help="Load what would be refused, and why; it is recorded with the edition."
        ),
    ] = None,
) -> None:
    """Publish list files as editions; workers swap to them as soon as the last chunk is there. One that is refused keeps none of
    the others back."""
    settings = Settings.from_env()
    refused = 0
    for path in paths:
        try:
            file = read_and_say(path, edition=edition, name=name, accept=accept)
            sent = publish_edition(settings, file, accept=accept)
        except UserError as error:
            if len(paths) == 1:
                raise
            note(f"{error}")
            refused += 1
            continue
        emit(
            {
                "list": file.list,
                "edition": file.edition,
                "entries": len(file.entries),
                "rejected": len(file.rejected),
                "published": sent > 0,
            }
        )
    if refused:
        fail(f"{refused} of {len(paths)} files were refused, for the reasons above; the others are published")


@app.command()
def status() -> None:
    """One line for each list: the edition in use, its size, what was noted or accepted, and its age in days; and one for each
    edition that is refused or cannot be read, with why."""
    assembler = published_editions(Settings.from_env())
    for edition in assembler.complete().values():
        emit(
            {
                "list": edition.list,
                "edition": edition.edition,
                "entries": len(edition.entries),
                "sha256": edition.sha256,
                "published": edition.published,
                **({"notes": list(edition.notes)} if edition.notes else {}),
                **({"accepted": edition.accepted} if edition.accepted else {}),
                "ageDays": age_days(edition),
            }
        )
    for (name, refused), reasons in assembler.refused().items():
        emit({"list": name, "refused": refused, "reasons": list(reasons)})
    for name, fault in assembler.faults().items():
        emit({"list": name, "fault": fault})


def age_days(edition: Edition) -> float:
    """Days since the edition was published to the topic."""
    if not edition.published:
        return 0.0
    return round((datetime.now(UTC) - datetime.fromisoformat(edition.published)).total_seconds() / 86400, 1)
