"""Whether an installation's topics are at rest: no worker runs, and all that agents read has been worked off."""

import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import GroupAuthorizationFailedError, KafkaError

from streams.errors import UserError
from streams.kafka import clients as kafka_clients
from streams.kafka.admin import existing_partitions
from streams.kafka.topics import DECLARATIONS, OBSERVATIONS, REFERENCES, TOPICS, VERSIONS
from streams.settings import Settings

INPUTS = (DECLARATIONS, REFERENCES, VERSIONS, OBSERVATIONS)
"""Topics that agents read."""
MOST_COUNTED = 10_000
"""Records that are left, beyond which they are not counted."""
COORDINATOR_SECONDS = 30.0
"""For the broker that keeps a group's offsets to be there."""


def ends_at_rest(settings: Settings) -> dict[TopicPartition, int]:
    """Where the partitions of the topics end. Raises UserError where a worker runs, or not all is worked off."""
    with closing(kafka_clients.admin(settings)) as admin:
        if workers := _members(admin, settings.group):
            raise UserError(f"workers of group {settings.group} are running ({workers}): stop them first")
        committed = _committed(admin, settings.group)
        counts = existing_partitions(admin)
    names = [settings.topic(topic.name) for topic in TOPICS]
    places = [TopicPartition(name, one) for name in names for one in range(counts[name])]
    inputs = {settings.topic(topic.name) for topic in INPUTS}
    with closing(kafka_clients.consumer(settings)) as client:
        client.assign(places)
        ends: dict[TopicPartition, int] = client.end_offsets(places)
        behind = {
            place: committed.get(place, 0)
            for place, end in ends.items()
            if place.topic in inputs and committed.get(place, 0) < end
        }
        left = _left(client, behind, ends)
    if left:
        said = ", ".join(
            f"{count}{' or more' if count >= MOST_COUNTED else ''} in {name}" for name, count in left.items()
        )
        raise UserError(
            f"not all records have been worked off, {said}: start the workers, wait until torugart_consumer_lag_messages is 0, "
            "stop them and run this again"
        )
    return ends


def _members(admin: Any, group: str) -> int:
    try:
        found = admin.describe_groups([group])[group]
    except GroupAuthorizationFailedError:
        raise
    except (KafkaError, ValueError):
        return 0  # no such group yet
    return len(found.get("members") or ())


def _committed(admin: Any, group: str) -> dict[TopicPartition, int]:
    """Offsets of a group. Raises KafkaError where its coordinator, which may just be starting, cannot be asked for a while."""
    deadline = time.monotonic() + COORDINATOR_SECONDS
    while True:
        try:
            found = admin.list_group_offsets({group: None})[group]
        except KafkaError as error:
            if not error.retriable or time.monotonic() > deadline:
                raise
            time.sleep(0.5)
        else:
            return {TopicPartition(tp.topic, tp.partition): place.offset for tp, place in found.items()}


def _left(
    client: KafkaConsumer, committed: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
) -> dict[str, int]:
    """Topic -> records behind what is committed. They are read: the marks that end transactions take offsets, too."""
    left: dict[str, int] = {}
    for place, offset in committed.items():
        client.assign([place])
        client.seek(place, offset)
        stalled = time.monotonic()
        while client.position(place) < ends[place] and left.get(place.topic, 0) < MOST_COUNTED:
            for records in client.poll(timeout_ms=kafka_clients.POLL_MS).values():
                stalled = time.monotonic()
                left[place.topic] = left.get(place.topic, 0) + len(records)
            if time.monotonic() - stalled > kafka_clients.READ_STALL_SECONDS:
                left[place.topic] = max(1, left.get(place.topic, 0))
                break
    return left


def check_unused(target: Settings) -> None:
    """Raises UserError where a topic of the new prefix has been read or written by an installation."""
    with closing(kafka_clients.admin(target)) as admin:
        counts = existing_partitions(admin)
    names = [target.topic(topic.name) for topic in INPUTS]
    places = [TopicPartition(name, one) for name in names for one in range(counts.get(name, 0))]
    if not places:
        return
    with closing(kafka_clients.consumer(target)) as client:
        client.assign(places)
        used = sorted({place.topic for place, end in client.end_offsets(places).items() if end})
    if used:
        raise UserError(f"{used[0]} is in use already: give a --prefix of which there are no topics")
