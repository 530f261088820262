"""A running Torugart on a broker, for tests: topics, lists, workers in processes of their own."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from kafka import KafkaConsumer, TopicPartition

from streams.child import free_port
from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.kafka.admin import create_topics
from streams.kafka.watchlist_publisher import publish_edition
from streams.settings import Settings
from streams.watchlists.readers import read_list
from tests.integration.brokers import Broker
from tests.processes import PATIENCE

WATCHLIST = Path(__file__).parent / "fixtures" / "watchlist.targets.simple.csv"
AGENTS_TOPICS = (topics.DECLARATIONS, topics.REFERENCES, topics.OBSERVATIONS, topics.VERSIONS)


class Worker:
    """A `torugart worker` process."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.web_port = free_port()
        self.log = log
        env = {k: v for k, v in os.environ.items() if not k.startswith("TORUGART_")}
        env |= environment | {"TORUGART_WEB_PORT": str(self.web_port), "TORUGART_WEB_HOST": "127.0.0.1"}
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streams", "worker"],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.web_port}{path}", timeout=PATIENCE) as answer:
            return bytes(answer.read())

    def wait_alive(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                self.get("/health/live")
                return
            time.sleep(0.1)
        raise AssertionError(f"the worker is not alive:\n{self.tail()}")

    def wait_ready(self, seconds: float = PATIENCE) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the worker ended with {self.process.returncode}:\n{self.tail()}")
            with contextlib.suppress(OSError):
                self.get("/health/ready")
                return
            time.sleep(0.1)
        raise AssertionError(f"the worker was not ready in {seconds} s:\n{self.tail()}")

    def wait_for_metric(self, sample: bytes, *, there: bool = True) -> None:
        deadline = time.monotonic() + PATIENCE
        while (sample in self.get("/metrics")) is not there:
            assert time.monotonic() < deadline, f"{sample!r}:\n{self.tail()}"
            time.sleep(0.2)

    def kill(self) -> None:
        """SIGKILL: no clean-up of any kind."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()
        return int(self.process.returncode)

    def tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-40:])


class Stream:
    """Topics of their own on a shared broker, and the workers on them."""

    def __init__(self, broker: Broker, name: str, folder: Path, **changes: Any) -> None:
        defaults = {
            "topic_prefix": f"{name}.",
            "group": name,
            "partitions": 4,
            "session_timeout": 2.0 if broker.kind == "embedded" else 6.0,
            "commit_interval": 0.5,
        }
        self.settings: Settings = broker.settings(**(defaults | changes))
        self.environment = broker.environment(**(defaults | changes))
        self.broker = broker
        self.folder = folder
        self.name = name
        self.workers: list[Worker] = []
        create_topics(self.settings)

    def load_list(self, path: Path = WATCHLIST) -> None:
        publish_edition(self.settings, read_list(path))

    def start_worker(self, **environment: str) -> Worker:
        log = self.folder / f"{self.name}-worker-{len(self.workers)}.log"
        worker = Worker(self.environment | environment, log)
        self.workers.append(worker)
        return worker

    def stop(self) -> None:
        for worker in self.workers:
            worker.stop()

    def publish(
        self,
        messages: Iterable[tuple[bytes | None, bytes | None] | tuple[bytes | None, bytes | None, int]],
        compression_type: str | None = None,
    ) -> int:
        """(key, value) or (key, value, milliseconds) to the declarations topic; returns how many."""
        producer = kafka_clients.producer(self.settings, compression_type=compression_type)
        sent = 0
        for sent, (key, value, *at) in enumerate(messages, 1):
            producer.send(
                self.settings.topic(topics.DECLARATIONS.name),
                key=key,
                value=value,
                timestamp_ms=at[0] if at else None,
            )
        producer.flush()
        producer.close()
        return sent

    def latest(self, topic: topics.Topic) -> dict[bytes, bytes]:
        """Newest value of every key."""
        return {
            r.key: r.value for r in kafka_clients.read_to_end(self.settings, self.settings.topic(topic.name))
        }

    def standing(self, topic: topics.Topic) -> dict[bytes, bytes]:
        """Newest value of every key that was not deleted."""
        return {key: value for key, value in self.latest(topic).items() if value is not None}

    def records(self, topic: topics.Topic) -> list[Any]:
        return list(kafka_clients.read_to_end(self.settings, self.settings.topic(topic.name)))

    def wait_for(
        self, topic: topics.Topic, keys: int, seconds: float = PATIENCE, check: Any = lambda record: True
    ) -> set[bytes]:
        """Follows a topic until it has had so many different keys; AssertionError when it stalls."""
        client = kafka_clients.consumer(self.settings)
        partitions = kafka_clients.assign_all(client, self.settings.topic(topic.name))
        client.seek_to_beginning(*partitions)
        found: set[bytes] = set()
        deadline = time.monotonic() + seconds
        try:
            while len(found) < keys:
                for records in client.poll(timeout_ms=500).values():
                    found.update(record.key for record in records if check(record))
                if time.monotonic() > deadline:
                    logs = "\n".join(worker.tail() for worker in self.workers)
                    raise AssertionError(
                        f"{len(found)} of {keys} keys in {topic.name} after {seconds} s\n{logs}"
                    )
        finally:
            client.close()
        return found

    @contextlib.contextmanager
    def following(self, topic: topics.Topic) -> Iterator[Callable[[int], None]]:
        """A function that waits for so many records of a topic, from now on."""
        client = kafka_clients.consumer(self.settings)
        kafka_clients.assign_all(client, self.settings.topic(topic.name))
        client.seek_to_end()
        for partition in client.assignment():
            client.position(partition)

        def follow(records: int, seconds: float = PATIENCE) -> None:
            deadline, found = time.monotonic() + seconds, 0
            while found < records:
                found += sum(map(len, client.poll(timeout_ms=100).values()))
                assert time.monotonic() < deadline, f"{found} of {records} records in {topic.name}"

        try:
            yield follow
        finally:
            client.close()

    def settled(self) -> bool:
        """Whether everything in the agents' topics is committed, and so all that is made of it has arrived."""
        with self._progress() as done:
            return done()

    def wait_settled(self, seconds: float = PATIENCE) -> None:
        """Until everything is; AssertionError otherwise."""
        deadline = time.monotonic() + seconds
        with self._progress() as done:
            while not done():
                assert time.monotonic() < deadline, "\n".join(worker.tail() for worker in self.workers)
                time.sleep(0.1)

    @contextlib.contextmanager
    def _progress(self) -> Iterator[Callable[[], bool]]:
        """Asks for the ends after the commits, so that nothing can come between. Not for the embedded broker, which answers
        wrongly."""
        admin, reader = kafka_clients.admin(self.settings), kafka_clients.consumer(self.settings)
        anything = KafkaConsumer(**kafka_clients.connection_options(self.settings))
        names = [self.settings.topic(topic.name) for topic in AGENTS_TOPICS]
        places = [TopicPartition(name, one) for name in names for one in reader.partitions_for_topic(name)]
        for client in (reader, anything):
            client.assign(places)  # else it may not know where they end

        def done() -> bool:
            committed = _group_offsets(admin, self.settings.group)
            at = {TopicPartition(tp.topic, tp.partition): found.offset for tp, found in committed.items()}
            stable, ends = reader.end_offsets(places), anything.end_offsets(places)
            if stable != ends:
                return False  # a transaction is open
            return not _records_between(reader, at, stable)

        try:
            yield done
        finally:
            admin.close()
            reader.close()
            anything.close()

    def uncommitted(self) -> int:
        """Records of the agents' topics behind which the group's commits stand; ends counted by reading."""
        admin = kafka_clients.admin(self.settings)
        try:
            committed = {
                TopicPartition(tp.topic, tp.partition): offset.offset
                for tp, offset in _group_offsets(admin, self.settings.group).items()
            }
        finally:
            admin.close()
        behind = 0
        for topic in AGENTS_TOPICS:
            ends: dict[TopicPartition, int] = {}
            for record in self.records(topic):
                ends[TopicPartition(record.topic, record.partition)] = record.offset + 1
            behind += sum(end - committed.get(tp, 0) for tp, end in ends.items())
        return behind

    def wait_committed(self, seconds: float = PATIENCE) -> None:
        """Until everything read is committed; AssertionError with the number behind otherwise."""
        deadline = time.monotonic() + seconds
        while (behind := self.uncommitted()) and time.monotonic() < deadline:
            time.sleep(0.5)
        assert behind == 0, f"{behind} records are not committed"


def _records_between(
    reader: KafkaConsumer, committed: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
) -> bool:
    """Whether there is a record behind what is committed: the ends of transactions take offsets too."""
    for place, end in ends.items():
        reader.seek(place, min(committed.get(place, 0), end))
    while any(reader.position(place) < end for place, end in ends.items()):
        if reader.poll(timeout_ms=100):
            return True
    return False


def _group_offsets(admin: Any, group: str) -> dict[Any, Any]:
    offsets = admin.list_group_offsets({group: None})
    return dict(offsets[group])


@contextlib.contextmanager
def running(broker: Broker, name: str, folder: Path, **changes: Any) -> Iterator[Stream]:
    """A stream with the test watchlist loaded and no worker yet; its workers end with the context."""
    stream = Stream(broker, name, folder, **changes)
    try:
        stream.load_list()
        yield stream
    finally:
        stream.stop()


def decode(value: bytes) -> Any:
    return msgspec.json.decode(value)
