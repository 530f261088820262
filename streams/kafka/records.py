"""What is read of a Kafka record that anybody may have written: never raises but as said."""

import base64
from typing import Any

from streams.declarations.dead_letter import Source
from streams.declarations.errors import Unscreenable
from streams.kafka.delivery import key_partition

MAX_KEY_BYTES = 64 * 1024


def source_of(record: Any) -> Source:
    """Where a Kafka record stands; never raises, whatever its key and headers hold."""
    given = next((value for name, value in record.headers if name == "format"), None)
    return Source(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp,
        key=key_text(record.key),
        format=given[:40].decode("ascii", "replace") if given else None,
    )


def key_text(key: bytes | None) -> str | None:
    """A key as a dead letter holds it, base64; None where there was none or a very long one."""
    return None if key is None or len(key) > MAX_KEY_BYTES else base64.b64encode(key).decode("ascii")


def own_key(key: bytes | None, partition: int, partitions: int) -> str:
    """The key of a record of an internal topic, as text.

    Raises Unscreenable for one that Torugart never writes: without a key, not UTF-8, or in a partition that is not its key's,
    where another worker would keep a second state of the same key.
    """
    if key is None:
        raise Unscreenable("SCHEMA_VIOLATION", "a record of this topic has a key, and this one has none")
    try:
        text = key.decode()
    except UnicodeDecodeError:
        raise Unscreenable("SCHEMA_VIOLATION", "the record's key is not UTF-8") from None
    if (belongs := key_partition(key, partitions)) != partition:
        raise Unscreenable(
            "SCHEMA_VIOLATION",
            f"its key belongs in partition {belongs} of {partitions}, and it stands in {partition}",
        )
    return text
