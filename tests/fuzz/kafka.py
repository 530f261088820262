"""`python -m tests.fuzz --kafka`: the cases through real Kafka and a real worker, whose health is asked all the while.

Held: the worker does not end, /health/live answers within a second, its memory stays below a bound, no dead letter is
INTERNAL_ERROR, and every record is committed at the end.
"""

import contextlib
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil

from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.kafka.sending import sending
from tests.fuzz.cases import class_of, make
from tests.fuzz.harness import Fault
from tests.integration.brokers import kafka
from tests.integration.stream import Stream, Worker, decode, running

LIVE_SECONDS = 1.0
"""Within which /health/live answers: the time-out of a Kubernetes probe."""
PROBE_SECONDS = 0.2
MEMORY = 1024 * 1024 * 1024
"""Bytes of the worker's memory at the most."""
STALLED_SECONDS = 300.0
SLOWEST_RATE = 30.0
"""Seconds and messages a second by which the run is given up."""
ROOT = Path(__file__).resolve().parents[2]


class Probe:
    """Asks a worker for its health and its memory until it is closed."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._process = psutil.Process(worker.process.pid)
        self._end = threading.Event()
        self.slowest = 0.0
        self.asked = 0
        self.late = 0
        self.memory = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        url = f"http://127.0.0.1:{self._worker.web_port}/health/live"
        while not self._end.wait(PROBE_SECONDS) and self._worker.process.poll() is None:
            started = time.monotonic()
            with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=60) as answer:
                answer.read()
            seconds = time.monotonic() - started
            self.asked += 1
            self.late += seconds > LIVE_SECONDS
            self.slowest = max(self.slowest, seconds)
            with contextlib.suppress(psutil.Error):
                self.memory = max(self.memory, self._process.memory_info().rss)


def run(count: int, seed: int) -> int:
    """The exit code: 0 where all that is held was held. Prints the figures."""
    with (
        tempfile.TemporaryDirectory() as folder,
        kafka(Path(folder) / "kafka") as broker,
        running(
            broker, "fuzz", Path(folder), field_map=ROOT / "docs" / "examples" / "field-map.toml"
        ) as stream,
    ):
        worker = stream.start_worker()
        worker.wait_ready()
        probe = Probe(worker)
        started = time.monotonic()
        try:
            _publish(stream, count, seed)
            published = time.monotonic() - started
            _settle(stream, worker, count)
        finally:
            probe.close()
        seconds = time.monotonic() - started
        reasons = Counter(str(decode(value)["reason"]) for value in _values(stream, topics.DEAD_LETTERS))
        verdicts = sum(1 for _ in _values(stream, topics.VERDICTS))
        ended = worker.process.poll()
        print(f"{count:,} messages in {seconds:,.0f} s (published in {published:,.0f} s), seed {seed}")
        print(f"verdict records {verdicts:,}; dead letters {reasons.total():,}: {_listed(reasons)}")
        print(
            f"/health/live asked {probe.asked:,} times: slowest {probe.slowest * 1000:,.0f} ms, "
            f"{probe.late} over {LIVE_SECONDS * 1000:,.0f} ms; memory at most {probe.memory / 2**20:,.0f} MiB"
        )
        faults = [
            *([f"the worker ended with {ended}:\n{worker.tail()}"] if ended is not None else []),
            *([f"/health/live was late {probe.late} times"] if probe.late else []),
            *(["the worker took too much memory"] if probe.memory > MEMORY else []),
            *(["INTERNAL_ERROR among the dead letters"] if reasons["INTERNAL_ERROR"] else []),
        ]
    for fault in faults:
        print(f"FAULT {fault}")
    return 1 if faults else 0


def _publish(stream: Stream, count: int, seed: int) -> None:
    topic = stream.settings.topic(topics.DECLARATIONS.name)
    with sending(stream.settings) as out:
        for index in range(count):
            case = make(class_of(index), seed, index)
            if len(case.value or b"") + len(case.key or b"") >= topics.MAX_MESSAGE_BYTES - 1000:
                continue
            # kafka-python sends no record that has neither key nor value.
            key = b"" if case.key is None and case.value is None else case.key
            out.send(
                topic,
                case.value,
                key,
                headers=[(name.encode("utf-8", "replace").decode(), value) for name, value in case.headers],
            )
        out.settle()


def _settle(stream: Stream, worker: Worker, count: int) -> None:
    """Until everything is committed. Asks for offsets alone: reading the records again would take the time that the worker needs.

    Raises Fault where that takes far longer than it should.
    """
    deadline = time.monotonic() + STALLED_SECONDS + count / SLOWEST_RATE
    while worker.process.poll() is None and not stream.settled():
        if time.monotonic() > deadline:
            raise Fault(f"not everything was handled in time:\n{worker.tail()}")
        time.sleep(2)


def _values(stream: Stream, topic: topics.Topic) -> Iterator[bytes]:
    for record in kafka_clients.read_to_end(stream.settings, stream.settings.topic(topic.name)):
        if record.value is not None:
            yield record.value


def _listed(reasons: Counter[str]) -> str:
    return ", ".join(f"{reason} {count:,}" for reason, count in reasons.most_common())
