"""The baseline: a stock Faust agent that only receives and commits. `python -m streams.bench.stock COUNT GROUP`."""

import os
import signal
import sys
import time
from typing import Any

import faust
import orjson

from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.settings import Settings


def main(count: int, group: str) -> None:
    """Reads `count` records of the declarations topic, prints seconds and CPU seconds as JSON, and ends."""
    settings = Settings.from_env()
    app = faust.App(
        group,
        broker=[f"kafka://{broker}" for broker in settings.brokers.split(",")],
        broker_credentials=kafka_clients.faust_credentials(settings),
        consumer_auto_offset_reset="earliest",
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        store="memory://",
    )
    topic = app.topic(
        settings.topic(topics.DECLARATIONS.name),
        key_serializer="raw",
        value_serializer="raw",
        allow_empty=True,
    )
    first: list[float] = []

    @app.agent(topic)
    async def receive(stream: Any) -> None:
        seen = 0
        async for _ in stream.events():
            if not first:
                first.extend((time.monotonic(), time.process_time()))
            seen += 1
            if seen == count:
                await app.consumer.commit()
                seconds, cpu = time.monotonic() - first[0], time.process_time() - first[1]
                print(orjson.dumps({"seconds": seconds, "cpu": cpu}).decode(), flush=True)
                os.kill(os.getpid(), signal.SIGTERM)

    faust.Worker(app, loglevel="error", quiet=True, redirect_stdouts=False).execute_from_commandline()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
