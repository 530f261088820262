"""`torugart alerts tail|show|repeated`."""

from contextlib import closing, suppress
from typing import Annotated, Any

import msgspec
import typer

from streams.cases.alert import Alert
from streams.cases.alerts import alert_id
from streams.cases.repeated import RepeatedHits, in_words
from streams.cases.wording import render_alert
from streams.cli.common import emit_bytes, fail, note, say
from streams.findings import LANES
from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.patterns.episode_alert import KEY_PREFIX, CorridorAlert, decode, render
from streams.settings import Settings
from streams.text import Block

app = typer.Typer(help="Read the review topic.", no_args_is_help=True)

_decode = msgspec.json.Decoder(Alert).decode


def _read(record: Any) -> Alert | CorridorAlert | None:
    """The alert of a record of customs.alerts: of a declaration, or of a corridor. None, and a remark on stderr, for a record
    that somebody else wrote."""
    try:
        if (record.key or b"").startswith(KEY_PREFIX.encode()):
            return decode(record.value)
        return _decode(record.value)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        note(f"no alert of Torugart's: {record.topic}/{record.partition}/{record.offset}")
        return None


def _key(record: Any) -> str:
    return (record.key or b"").decode(errors="backslashreplace")


def _text(alert: Alert | CorridorAlert, since: int | None = None) -> str:
    return render(alert) if isinstance(alert, CorridorAlert) else render_alert(alert, since)


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
            _print(record, lane, text)
        return
    new = kafka_clients.consumer(settings, from_beginning=from_beginning)
    with closing(new) as client, suppress(KeyboardInterrupt):
        partitions = kafka_clients.assign_all(client, name, settings)
        if from_beginning:
            client.seek_to_beginning(*partitions)
        for record in client:
            _print(record, lane, text)


@app.command()
def show(
    key: Annotated[str, typer.Argument(help="declarationKey, or alertId of a declaration or a corridor.")],
    json: Annotated[bool, typer.Option("--json", help="As JSON instead of text.")] = False,
    since: Annotated[
        int | None,
        typer.Option(
            min=0, help="Only what happened after this version: what you have not seen if you looked at it."
        ),
    ] = None,
) -> None:
    """Print the newest state of one alert, with what happened to its declaration."""
    if json and since is not None:
        fail("--since is for text: JSON is the whole alert")
    settings = Settings.from_env()
    newest: Any = None
    withdrawn = False
    for record in kafka_clients.read_to_end(settings, settings.topic(topics.ALERTS.name)):
        if record.key is not None and key in (_key(record), alert_id(_key(record))):
            newest, withdrawn = record, record.value is None
    if newest is None or withdrawn:
        fail(
            f"the alert for {key} was withdrawn: nothing that is known now speaks for it"
            if withdrawn
            else f"no alert for {key}: the declaration is clear, was never screened, or the key is another"
        )
    elif json:
        emit_bytes(newest.value)
    else:
        alert = _read(newest)
        if alert is not None:
            say(Block(_text(alert, since)))


@app.command()
def repeated(
    least: Annotated[int, typer.Option(min=1, help="Only pairs that met in so many declarations.")] = 2,
    text: Annotated[bool, typer.Option("--text", help="A line for people instead of JSON lines.")] = False,
) -> None:
    """Print which party met which list entry in how many declarations, most first: each is one open question."""
    settings = Settings.from_env()
    pairs = RepeatedHits()
    for record in kafka_clients.read_to_end(settings, settings.topic(topics.ALERTS.name)):
        if record.key is not None and not record.key.startswith(KEY_PREFIX.encode()):
            alert = _read(record) if record.value is not None else None
            if record.value is None or isinstance(alert, Alert):
                pairs.take(_key(record), alert if isinstance(alert, Alert) else None)
    for pair in pairs.table(least):
        if text:
            say(in_words(pair))
        else:
            emit_bytes(msgspec.json.encode(pair))


def _print(record: Any, lane: str | None, text: bool) -> None:
    if record.value is None:
        return
    if lane is None and not text:
        emit_bytes(record.value)
        return
    alert = _read(record)
    if alert is None:
        return
    if lane is not None and LANES.index(alert.lane) > LANES.index(lane):
        return
    say(Block(_text(alert) + "\n")) if text else emit_bytes(record.value)
