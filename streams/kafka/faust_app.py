"""The Faust app itself: how Faust is set up, and why."""

from typing import Any

import faust
from faust.web.base import BlueprintManager

from streams.kafka import clients as kafka_clients
from streams.kafka.outages import Troubles
from streams.kafka.topics import MAX_MESSAGE_BYTES
from streams.kafka.transport import Transport
from streams.settings import Settings

STREAM_BUFFER = 4
"""Runs waiting before an agent. Small: a run holds up to batch_size whole messages, and a backlog must stay in Kafka."""

PRODUCER_TIMEOUT = 60.0
"""Seconds a send may take, retries included, before the worker stops; Faust's default is 20 minutes."""


def new_faust_app(settings: Settings) -> Any:
    """A Faust app with our transport, the settings' security, and nothing that makes topics of its own."""
    app = faust.App(
        settings.group,
        broker=[f"kafka://{broker.strip()}" for broker in settings.brokers.split(",")],
        broker_credentials=kafka_clients.faust_credentials(settings),
        broker_session_timeout=settings.session_timeout,
        broker_heartbeat_interval=settings.session_timeout / 4,
        broker_request_timeout=max(40.0, settings.session_timeout * 2),
        broker_rebalance_timeout=max(6.0, settings.session_timeout * 3),
        broker_commit_interval=settings.commit_interval,
        consumer_auto_offset_reset="earliest",
        producer_acks=-1,
        producer_linger=0.005,
        producer_max_batch_size=256 * 1024,
        producer_max_request_size=MAX_MESSAGE_BYTES,
        producer_request_timeout=PRODUCER_TIMEOUT,
        store="memory://",
        # No Faust tables (docs/decisions/0003), so Kafka's own round-robin assignment instead of Faust's assignor.
        table_standby_replicas=0,
        stream_buffer_maxsize=STREAM_BUFFER,
        # Waiting for empty streams in a rebalance is reported to hang; our stages bear duplicates.
        stream_wait_empty=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=settings.web_port != 0,
        web_host=settings.web_host,
        web_bind=settings.web_host,
        web_port=settings.web_port or 6066,
        web_in_thread=True,
        id_format="{id}",
        autodiscover=False,
    )
    app.batch_size = settings.batch_size
    app.troubles = Troubles()
    app.fence = None
    # Faust's own pages (tables, statistics, router, an index) show what is in memory to whoever asks: ours alone are served.
    app.web.blueprints = BlueprintManager()
    app.transport = Transport(app.conf.broker_consumer, app, loop=app.loop)
    return app


def raw_topic(app: Any, name: str) -> Any:
    """A topic whose values are left as bytes."""
    return app.topic(name, key_serializer="raw", value_serializer="raw", allow_empty=True)
