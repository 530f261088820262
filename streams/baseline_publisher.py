"""Publishes trade statistics to the stream, as the past of its corridors (docs/decisions/0008)."""

import time
from collections.abc import Sequence

from streams.agents.statistics import edition_records
from streams.baselines.edition import statistics_of
from streams.errors import UserError
from streams.kafka import topics
from streams.kafka.sending import sending
from streams.patterns.statistics import StatisticsInMemory
from streams.settings import Settings


def publish_baseline(settings: Settings, lines: Sequence[bytes]) -> StatisticsInMemory:
    """Publishes a baseline file as the newest edition. Killed before its end, it has changed nothing.

    Raises BaselineError for lines that are no baseline file, UserError where the topic is missing or has another number of
    partitions, NotArrived where not all of it arrives, KafkaError where there is no Kafka.
    """
    statistics = statistics_of(lines, number=int(time.time() * 1000))
    topic = settings.topic(topics.OBSERVATIONS.name)
    with sending(settings) as kafka:
        if kafka.partitions_for(topic) != set(range(settings.partitions)):
            raise UserError(
                f"topic {topic} is not there with {settings.partitions} partitions (TORUGART_PARTITIONS); `torugart doctor` "
                "says more"
            )
        for records in edition_records(statistics, settings.partitions):
            for one in records:
                kafka.send(topic, one.value, one.key, partition=one.partition)
            kafka.settle()  # what the edition covers comes after all its lines
    return statistics
