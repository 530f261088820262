"""One worker on a real broker, over one mix, in turn with a stock Faust agent that only receives and commits.

All is published while the worker stands still, so that neither of the two waits for a producer. Figures are in S: the CPU that a
record costs the stock agent, its whole process, in the same run.
"""

import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import orjson
from kafka import TopicPartition
from msgspec import Struct
from msgspec.structs import replace

from streams.bench.traffic import Mix, messages
from streams.child import free_port
from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.kafka.admin import create_topics
from streams.kafka.sending import sending
from streams.kafka.watchlist_publisher import publish_edition
from streams.settings import Settings
from streams.watchlists.readers import ListFile
from streams.worker_process import Worker, worker_process

READY_SECONDS = 300.0
STALL_SECONDS = 180.0
"""Without a verdict for so long, the worker has come to a stop; a harsh declaration takes 50 ms of a busy machine."""
SESSION_SECONDS = 120.0
"""Of the worker, which stands still while a slice is published: 100,000 declarations take a good ten seconds."""
READ = (topics.DECLARATIONS, topics.REFERENCES, topics.VERSIONS, topics.OBSERVATIONS)
"""What the agents read."""
HEAR_SECONDS = 0.02
"""A verdict waits so long at the most for being read while declarations are sent late."""
SHARES, RATES = (0.1, 0.5), (30.0, 50.0)
"""Paces of the latency: shares of the measured rate; declarations a second, left out where the worker could not follow."""

Totals = dict[str, float]


class Run(Struct, frozen=True):
    """One run over the records of a slice."""

    rate: float
    """records a second, from the first fetch to the last verdict, or commit"""
    cpu: float
    """microseconds of CPU a record, the whole process; of the worker until all that comes of it is committed"""


class Slice(Struct, frozen=True):
    torugart: Run
    stock: Run


class Figures(Struct, frozen=True):
    """What was measured of one mix, with the detectors on or off."""

    mix: str
    detectors: str
    slices: list[Slice]
    values: Totals
    """figures by name; a name says the unit"""

    def with_stages(self, stages: Totals, parts: Totals) -> "Figures":
        """With the CPU of the stages and of parts of them, in microseconds a declaration. They are timed apart from the stream: a
        rest below 0 is noise."""
        unit = self.values["microseconds of S"]
        stages = {f"S of {stage}": spent / unit for stage, spent in stages.items()}
        rest = self.values["S a declaration"] - sum(stages.values())
        stages["S of the rest: Kafka, Faust, delivery"] = rest
        parts = {f"microseconds of {part}": spent for part, spent in parts.items()}
        return replace(self, values=self.values | stages | parts)


def measure(
    settings: Settings,
    list_file: ListFile,
    mix: Mix,
    count: int,
    slices: int,
    seconds: float,
    say: Callable[[str], None],
) -> Figures:
    """`count` declarations in `slices`, then each pace for so many `seconds`. One worker for all, on topics of its own; a slice
    before the first fills caches and is not counted.

    Raises RuntimeError where worker or baseline does not get done, WorkerFailed where the worker ends.
    """
    name = f"bench{os.getpid()}.{mix}-{settings.patterns}"
    settings = replace(settings, topic_prefix=f"{name}.", group=name, session_timeout=SESSION_SECONDS)
    settings = replace(settings, web_port=free_port(), log_level="error")
    create_topics(settings)
    publish_edition(settings, list_file)
    done, step = list[Slice](), count // slices
    with worker_process(settings) as worker:
        worker.wait_until_ready(READY_SECONDS)
        values = {"MB of the worker, empty": _megabytes(worker.pid)}
        with closing(_Bench(settings, worker, messages(mix, seed=1))) as bench:
            bench.slice(max(20, step // 10))
            before = bench.counted.copy()
            for number in range(1, slices + 1):
                done.append(one := bench.slice(step))
                rates = f"{one.torugart.rate:.0f}/s, stock {one.stock.rate:.0f}/s"
                say(f"{mix}, detectors {settings.patterns}, slice {number} of {slices}: {rates}")
            values["MB of the worker, at the end"] = _megabytes(worker.pid)
            made = {of: (bench.counted[of] - before[of]) / step / slices for of in sorted(bench.counted)}
            values |= _of_slices(done) | made
            rate = min(values["declarations a second"], done[-1].torugart.rate)
            paces = {f"at {share:.0%} of the rate": rate * share for share in SHARES}
            paces |= {f"at {fixed:.0f} a second": fixed for fixed in RATES if fixed < 0.8 * rate}
            for name, at in paces.items():
                values |= bench.pace(name, at, seconds, values["microseconds of S"])
    return Figures(mix, settings.patterns, done, values)


def _of_slices(done: list[Slice]) -> Totals:
    first, last = done[0].torugart, done[-1].torugart
    each: dict[str, Callable[[Slice], float]] = {
        "declarations a second": lambda one: one.torugart.rate,
        "stock agent's records a second": lambda one: one.stock.rate,
        "ratio of the rates": lambda one: one.torugart.rate / one.stock.rate,
        "ratio of the CPU": lambda one: one.stock.cpu / one.torugart.cpu,
        "microseconds of S": lambda one: one.stock.cpu,
        "S a declaration": lambda one: one.torugart.cpu / one.stock.cpu,
    }
    growth = {"rate": last.rate / first.rate, "CPU": last.cpu / first.cpu}
    return {name: statistics.median(map(of, done)) for name, of in each.items()} | {
        f"last slice over first, {name}": grown for name, grown in growth.items()
    }


class _Bench:
    """Sends and reads, in one thread. Records are counted by reading: ends of partitions count a transaction's marks as well."""

    def __init__(self, settings: Settings, worker: Worker, traffic: Iterator[tuple[bytes, bytes]]) -> None:
        self.counted: Counter[str] = Counter()
        """what stands in the topics by now"""
        self._settings, self._worker, self._traffic = settings, worker, traffic
        self._names = {
            settings.topic(one.name): one.name
            for one in topics.TOPICS
            if one not in (topics.WATCHLISTS, topics.CONTROL_LISTS)
        }
        self._followed = {settings.topic(topic.name) for topic in READ}
        self._verdicts = settings.topic(topics.VERDICTS.name)
        self._declarations = settings.topic(topics.DECLARATIONS.name)
        self._admin = kafka_clients.admin(settings)
        self._hearing, self._counting = (kafka_clients.consumer(settings) for _ in range(2))
        kafka_clients.assign_all(self._hearing, self._verdicts)
        numbers = {name: self._counting.partitions_for_topic(name) or () for name in self._names}
        self._counting.assign([TopicPartition(name, one) for name in numbers for one in numbers[name]])
        self._ends: dict[TopicPartition, int] = {}
        self._waiting: set[bytes] = set()
        self._arrived: dict[bytes, float] = {}
        self._last = 0.0

    def close(self) -> None:
        for client in (self._hearing, self._counting, self._admin):
            client.close()

    def slice(self, count: int) -> Slice:
        """Published at once and taken up from there, by the worker and then by the stock agent."""
        cpu, taken = _cpu_seconds(self._worker.pid), list(islice(self._traffic, count))
        os.kill(self._worker.pid, signal.SIGSTOP)
        try:
            self._send(taken)
        finally:
            os.kill(self._worker.pid, signal.SIGCONT)
        started = time.time()
        self._finish()
        run = Run(count / (self._last - started), (_cpu_seconds(self._worker.pid) - cpu) / count * 1e6)
        return Slice(run, _stock_run(self._settings, count))

    def pace(self, name: str, rate: float, seconds: float, unit: float) -> Totals:
        """Declarations sent evenly. The time to a verdict is from handing a declaration to Kafka's producer until the verdict can
        be read."""
        count = max(20, round(rate * seconds))
        cpu, taken = _cpu_seconds(self._worker.pid), list(islice(self._traffic, count))
        sent = self._send(taken, 1 / rate)
        self._finish()
        delays = sorted((self._arrived[key] - at) * 1e3 for key, at in sent.items())
        return {
            f"{name}: declarations a second": rate,
            f"{name}: S a declaration": (_cpu_seconds(self._worker.pid) - cpu) / count * 1e6 / unit,
            f"{name}: milliseconds to the verdict, p50": delays[count // 2],
            f"{name}: milliseconds to the verdict, p99": delays[count * 99 // 100],
        }

    def _send(self, taken: list[tuple[bytes, bytes]], apart: float = 0.0) -> dict[bytes, float]:
        """When each was handed over."""
        self._waiting, self._arrived, sent = {key for key, _ in taken}, {}, dict[bytes, float]()
        with sending(self._settings) as kafka:
            begun = heard = time.time()
            for number, (key, value) in enumerate(taken):
                due = begun + number * apart
                while apart and (time.time() < due or time.time() - heard > HEAR_SECONDS):
                    self._hear(due - time.time())
                    heard = time.time()
                sent[key] = time.time()
                kafka.send(self._declarations, value, key)
        return sent

    def _finish(self) -> None:
        """Until every verdict is there, all that is known is committed, and nothing more has come since."""
        self._last = max(self._last, time.time())
        while self._waiting:
            self._hear(0.1)
            self._worker.check()
            if time.time() - self._last > STALL_SECONDS:
                raise RuntimeError(f"{len(self._waiting)} verdicts did not come in {STALL_SECONDS:.0f} s")
        deadline = time.time() + STALL_SECONDS
        while not (self._committed() and not self._count()):
            while self._count():
                pass
            if time.time() > deadline:
                raise RuntimeError(f"not all is committed after {STALL_SECONDS:.0f} s")

    def _committed(self) -> bool:
        found = self._admin.list_group_offsets({self._settings.group: None})[self._settings.group]
        at = {(place.topic, place.partition): offset.offset for place, offset in found.items()}
        ends = self._ends.items()
        return bool(ends) and all(at.get((one.topic, one.partition), 0) >= end for one, end in ends)

    def _hear(self, seconds: float) -> None:
        """The verdicts that can be read; waits so long for the first."""
        for records in self._hearing.poll(timeout_ms=max(1, int(seconds * 1000))).values():
            self._last = time.time()
            for key in {record.key.rpartition(b"@")[0] for record in records} & self._waiting:
                self._waiting.remove(key)
                self._arrived[key] = self._last

    def _count(self) -> int:
        """How many records came, in all topics. Not while somebody is measured: reading takes CPU."""
        count = 0
        for place, records in self._counting.poll(timeout_ms=300).items():
            count += len(records)
            size = sum(len(one.key or b"") + len(one.value or b"") for one in records)
            for kind, more in (("records", len(records)), ("bytes", size)):
                self.counted[f"{kind} a declaration: {self._names[place.topic]}"] += more
                if place.topic != self._declarations:
                    self.counted[f"{kind} a declaration, all that is made of it"] += more
            if place.topic in self._followed:
                self._ends[place] = records[-1].offset + 1
            elif place.topic == self._verdicts:  # one may have been sent again
                self._last = max(self._last, records[-1].timestamp / 1e3)
        return count


def _stock_run(settings: Settings, count: int) -> Run:
    """The same records: the next `count` of the topic, since the group goes on where its last run ended."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "streams.bench.stock", str(count), f"{settings.group}-stock"],
        env=os.environ | settings.environment(),
        capture_output=True,
        timeout=STALL_SECONDS,
        check=False,
    )
    found = re.search(rb"\{.*\}", done.stdout)  # Faust writes terminal codes around it
    if not found:
        raise RuntimeError(f"the stock agent failed: {done.stderr.decode()[-500:]}")
    answer = orjson.loads(found[0])
    return Run(count / answer["seconds"], answer["cpu"] / count * 1e6)


def _cpu_seconds(pid: int) -> float:
    """User and system CPU seconds of a process (Linux: fields 14 and 15 of /proc/PID/stat, in clock ticks)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes(pid: int) -> float:
    """Memory that a process has in use (Linux: resident pages, field 2 of /proc/PID/statm)."""
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6
