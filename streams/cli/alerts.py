"""`torugart alerts tail|show`."""

from typing import Annotated

import msgspec
import typer

from streams import kafka_clients, topics
from streams.assessment.model import LANES, Alert
from streams.assessment.wording import render_alert
from streams.cli.common import emit_bytes, fail
from streams.settings import Settings

app = typer.Typer(help="Read the review topic.", no_args_is_help=True)

_decode = msgspec.json.Decoder(Alert).decode


@app.command()
def tail(
    from_beginning: Annotated[
        bool, typer.Option("--from-beginning", help="All alerts, not only new ones.")
    ] = False,
    lane: Annotated[
        str | None, typer.Option(help="Only this lane and more severe ones: RED, YELLOW or BLUE.")
    ] = None,
    text: Annotated[
        bool, typer.Option("--text", help="As an officer reads it, instead of JSON lines.")
    ] = False,
    follow: Annotated[bool, typer.Option(help="Wait for more; --no-follow stops at the end.")] = True,
) -> None:
    """Print alerts as they are raised or updated, until Ctrl-C."""
    if lane is not None and lane not in LANES:
        fail(f"--lane {lane}: one of {', '.join(LANES)}")
    settings = Settings.from_env()
    name = settings.topic(topics.ALERTS.name)
    if not follow:
        for record in kafka_clients.read_to_end(settings, name):
            _print(record.value, lane, text)
        return
    client = kafka_clients.consumer(settings, from_beginning=from_beginning)
    partitions = kafka_clients.assign_all(client, name)
    if from_beginning:
        client.seek_to_beginning(*partitions)
    try:
        for record in client:
            _print(record.value, lane, text)
    except KeyboardInterrupt:
        pass
    finally:
        client.close()


@app.command()
def show(
    key: Annotated[str, typer.Argument(help="declarationKey or alertId.")],
    json: Annotated[bool, typer.Option("--json", help="As JSON instead of text.")] = False,
) -> None:
    """Print the newest state of one alert."""
    settings = Settings.from_env()
    newest: bytes | None = None
    for record in kafka_clients.read_to_end(settings, settings.topic(topics.ALERTS.name)):
        if record.value is None:
            continue
        if record.key == key.encode() or _decode(record.value).alert_id == key:
            newest = record.value
    if newest is None:
        fail(f"no alert for {key}: the declaration is clear, was never screened, or the key is another")
    elif json:
        emit_bytes(newest)
    else:
        typer.echo(render_alert(_decode(newest)))


def _print(value: bytes | None, lane: str | None, text: bool) -> None:
    if value is None:
        return
    if lane is None and not text:
        emit_bytes(value)
        return
    alert = _decode(value)
    if lane is not None and LANES.index(alert.lane) > LANES.index(lane):
        return
    typer.echo(render_alert(alert) + "\n") if text else emit_bytes(value)
