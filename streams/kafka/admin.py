"""Makes the topics of `streams.kafka.topics` and checks those that exist."""

import uuid
from contextlib import closing
from typing import Any

from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import (
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
)

from streams.kafka import clients as kafka_clients
from streams.kafka.causes import GRANT
from streams.kafka.disk import Changelog
from streams.kafka.topics import DAY_MS, STATES, TOPICS, Topic
from streams.settings import Settings

KEPT = "delete.retention.ms"


def existing_partitions(client: Any) -> dict[str, int]:
    """Topic -> number of partitions, for every topic of the cluster."""
    return {topic["name"]: len(topic["partitions"]) for topic in client.describe_topics()}


def create_topics(settings: Settings) -> list[str]:
    """Makes the topics that are missing and returns their full names. Existing ones are left as they are."""
    with closing(kafka_clients.admin(settings)) as client:
        present = existing_partitions(client)
        missing = {
            settings.topic(topic.name): {
                "num_partitions": topic.count(settings),
                "replication_factor": settings.replication,
                "configs": topic.config(),
            }
            for topic in TOPICS
            if settings.topic(topic.name) not in present
        }
        if missing:
            client.create_topics(missing)
            client.wait_for_topics(list(missing))
        return list(missing)


def check_topics(settings: Settings) -> list[str]:
    """What is wrong with the topics, each with what to do; empty when all is well."""
    with closing(kafka_clients.admin(settings)) as client:
        described = {topic["name"]: topic for topic in client.describe_topics()}
        missing = [name for topic in TOPICS if (name := settings.topic(topic.name)) not in described]
        hidden = kafka_clients.hidden(client, missing)
        who = _who(settings)
        problems = []
        if hidden:
            names = ", ".join(sorted(hidden))
            problems.append(f"{who} lacks the right DESCRIBE on {names}, or they do not exist: {GRANT}")
        for topic in TOPICS:
            name = settings.topic(topic.name)
            if name in hidden:
                continue
            if name in missing:
                problems.append(f"{name} does not exist: run `torugart topics create`")
            else:
                found = described[name]
                problems += _right_problems(topic, found, who)
                problems += _partition_problems(topic, name, len(found["partitions"]), settings)
                problems += _config_problems(topic, name, _config(client, name))
        return problems + _group_problems(client, settings, who)


def changelogs(settings: Settings) -> dict[str, Changelog]:
    """The topics of state by their full names. Raises KafkaError."""
    names = [settings.topic(topic.name) for topic in STATES]
    with closing(kafka_clients.admin(settings)) as client:
        cluster = client.describe_cluster()["cluster_id"]
        return {
            found["name"]: Changelog(
                f"{cluster}/{found['topic_id']}"
                if uuid.UUID(str(found.get("topic_id") or uuid.UUID(int=0))).int
                else "",
                _tombstones(_config(client, found["name"])),
            )
            for found in client.describe_topics(names)
        }


def _tombstones(config: dict[str, str]) -> float | None:
    """Seconds for which Kafka keeps the record of a deletion. The embedded broker says only what a topic was made with; it
    compacts nothing."""
    return int(config.get(KEPT, DAY_MS)) / 1000 if config else None


def _who(settings: Settings) -> str:
    return f"user {settings.sasl_username}" if settings.sasl_username else "this client"


def _right_problems(topic: Topic, found: dict[str, Any], who: str) -> list[str]:
    """Rights that workers need on a topic and lack; none where the broker does not say (the embedded one)."""
    granted = found.get("authorized_operations") or found.get("topic_authorized_operations")
    if not isinstance(granted, list) or "DESCRIBE" not in granted:
        return []
    lacking = [right for right in topic.rights if right not in granted]
    return (
        [f"{who} lacks the right {' and '.join(lacking)} on topic {found['name']}: {GRANT}"]
        if lacking
        else []
    )


def _group_problems(client: Any, settings: Settings, who: str) -> list[str]:
    lacks = f"{who} lacks the right READ on group {settings.group}: {GRANT}"
    try:
        found = client.describe_groups([settings.group])[settings.group]
    except GroupAuthorizationFailedError:
        return [lacks]
    except (KafkaError, ValueError):
        # A group that there is not yet; a broker that does not say; operations that kafka-python has no name for (the embedded
        # broker sets every bit).
        return []
    if "GroupAuthorizationFailed" in str(found.get("error")):
        return [lacks]
    granted = found.get("authorized_operations")
    return [lacks] if isinstance(granted, list) and "DESCRIBE" in granted and "READ" not in granted else []


def _partition_problems(topic: Topic, name: str, found: int, settings: Settings) -> list[str]:
    wanted = topic.count(settings)
    if topic.partitions == "any" or found == wanted:
        return []
    if topic.partitions == "one":
        return [f"{name} has {found} partitions and must have 1: delete it and run `torugart topics create`"]
    return [
        f"{name} has {found} partitions and TORUGART_PARTITIONS is {wanted}: set TORUGART_PARTITIONS={found}, or "
        "follow 'Changing the number of partitions' in docs/operations.md"
    ]


def _config_problems(topic: Topic, name: str, found: dict[str, str]) -> list[str]:
    policy = found.get("cleanup.policy")
    # A broker that does not say (the embedded one) is not contradicted.
    if policy is None or policy == topic.cleanup:
        return []
    return [
        f"{name} has cleanup.policy={policy} and needs {topic.cleanup}: "
        f"kafka-configs.sh --alter --topic {name} --add-config cleanup.policy={topic.cleanup}"
    ]


def _config(client: Any, name: str) -> dict[str, str]:
    try:
        answer = client.describe_configs(
            [ConfigResource(ConfigResourceType.TOPIC, name)], config_filter="all"
        )
    except TopicAuthorizationFailedError:
        return {}  # a worker does not need to see them
    entries = answer.get("topic", {}).get(name, {})
    return {key: entry["value"] if isinstance(entry, dict) else str(entry) for key, entry in entries.items()}
