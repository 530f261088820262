"""Makes the topics of `streams.topics` and checks those that exist."""

from typing import Any

from kafka.admin import ConfigResource, ConfigResourceType

from streams import kafka_clients
from streams.settings import Settings
from streams.topics import TOPICS, Topic


def existing_partitions(client: Any) -> dict[str, int]:
    """Topic -> number of partitions, for every topic of the cluster."""
    return {topic["name"]: len(topic["partitions"]) for topic in client.describe_topics()}


def create_topics(settings: Settings) -> list[str]:
    """Makes the topics that are missing and returns their full names. Existing ones are left as they are."""
    client = kafka_clients.admin(settings)
    try:
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
    finally:
        client.close()


def check_topics(settings: Settings) -> list[str]:
    """What is wrong with the topics, each with what to do; empty when all is well."""
    client = kafka_clients.admin(settings)
    try:
        present = existing_partitions(client)
        problems = []
        for topic in TOPICS:
            name = settings.topic(topic.name)
            if name not in present:
                problems.append(f"{name} does not exist: run `torugart topics create`")
                continue
            problems += _partition_problems(topic, name, present[name], settings)
            problems += _config_problems(topic, name, _config(client, name))
        return problems
    finally:
        client.close()


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
    answer = client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)], config_filter="all")
    entries = answer.get("topic", {}).get(name, {})
    return {key: entry["value"] if isinstance(entry, dict) else str(entry) for key, entry in entries.items()}
