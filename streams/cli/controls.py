"""`torugart controls load|status`."""

from pathlib import Path
from typing import Annotated

import typer

from streams import tables
from streams.cli.common import emit
from streams.goods.control_list import ControlListError
from streams.goods.prohibitions import ProhibitionList
from streams.kafka.control_publisher import publish_controls, published_controls
from streams.settings import Settings

app = typer.Typer(
    help="Publish control lists of your own to the workers, and see what they use.", no_args_is_help=True
)


@app.command()
def load(
    path: Annotated[
        Path, typer.Argument(help="CSV file, as TORUGART_CONTROL_LISTS takes it (docs/controls.md).")
    ],
    name: Annotated[str | None, typer.Option(help="Name of the list; without it, the file's.")] = None,
    edition: Annotated[
        str | None, typer.Option(help="Edition; without it, the date of the text, else of the content.")
    ] = None,
    accept: Annotated[
        str | None,
        typer.Option(
            metavar="REASON", help="Load what would be refused, and why; it is recorded with the edition."
        ),
    ] = None,
) -> None:
    """Publish a control list as an edition; workers screen by it from then on."""
    text, _ = tables.own_text(path, "control list", ControlListError)
    record, sent = publish_controls(
        Settings.from_env(), name or path.stem, text, path.name, edition=edition, accept=accept
    )
    emit({"list": record.list, "edition": record.edition, "sha256": record.sha256, "published": sent})


@app.command()
def status() -> None:
    """One line for each list in use, and one for each edition that is refused, with why."""
    editions = published_controls(Settings.from_env())
    for one in editions.in_use().values():
        bars = isinstance(one.list, ProhibitionList)
        emit(
            {
                "list": one.record.list,
                "edition": one.record.edition,
                "codes": one.facts.entries,
                "says": "barred" if bars else "check",
                "textOf": one.list.header.as_of,
                "sha256": one.record.sha256,
                "published": one.record.published,
                **({"accepted": one.record.accepted} if one.record.accepted else {}),
            }
        )
    for key, reasons in editions.refused().items():
        emit({"refused": key.decode(errors="replace"), "reasons": list(reasons)})
