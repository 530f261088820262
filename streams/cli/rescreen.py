"""`torugart rescreen`: what the tables and the ruleset of today would say of the declarations that are retained."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
import typer
from kafka import TopicPartition

from streams.cases.retained import judged_anew
from streams.cases.stored import decode_record, last_said
from streams.cli.common import emit_bytes, note
from streams.cli.worker import load_rulebook
from streams.findings import LANES
from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.kafka.control_publisher import published_controls
from streams.settings import Settings


def rescreen(
    since: Annotated[
        datetime | None,
        typer.Option(help="Only declarations of which something was said since this day (UTC)."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="A line for those too that stay as they are.")] = False,
) -> None:
    """Judge retained declarations again, after a control list, a table or the ruleset has changed.

    One line for each whose findings, score or lane would be others. Findings on watchlists and of detectors stay as they were;
    nothing is sent to the stream.
    """
    settings = Settings.from_env()
    published = published_controls(settings).in_use().values()
    rulebook = load_rulebook(settings).with_lists([one.list for one in published])
    began = since.replace(tzinfo=UTC).timestamp() if since is not None else None
    counts: Counter[str] = Counter()
    for key, value in _retained(settings):
        try:
            if began is not None and last_said(value) < began:
                continue
            difference = judged_anew(decode_record(value), rulebook)
        except Exception as error:  # one that cannot be read or judged keeps none of the others back
            note(f"{key.decode(errors='backslashreplace')}: cannot be judged again: {type(error).__name__}")
            counts["not judged"] += 1
            continue
        if difference is None:
            continue
        counts["judged"] += 1
        raised = LANES.index(difference.after.lane) - LANES.index(difference.before.lane)
        counts["higher" if raised < 0 else "lower" if raised > 0 else "same lane"] += 1
        if every or difference.any:
            emit_bytes(msgspec.json.encode(difference))
    note(", ".join(f"{count:,} {what}" for what, count in counts.items()) or "nothing is retained")


def _retained(settings: Settings) -> Iterator[tuple[bytes, bytes]]:
    """The newest value of every declaration, a partition at a time."""
    topic = settings.topic(topics.STATE.name)
    with closing(kafka_clients.consumer(settings)) as client:
        places: list[TopicPartition] = kafka_clients.assign_all(client, topic, settings)
        for place in places:
            newest: dict[bytes, bytes | None] = {}
            client.assign([place])
            client.seek_to_beginning(place)
            record: Any
            for record in kafka_clients.read_assigned(client, [place]):
                newest[record.key or b""] = record.value
            yield from ((key, value) for key, value in newest.items() if value)
