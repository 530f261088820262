"""The whole stream on a real broker, in turn with a stock Faust agent that only receives and commits."""

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import orjson
from msgspec import Struct
from msgspec.structs import replace

from streams.bench.traffic import declarations
from streams.child import free_port
from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.kafka.admin import create_topics
from streams.kafka.sending import sending
from streams.kafka.watchlist_publisher import publish_edition
from streams.settings import Settings
from streams.watchlists.readers import ListFile
from streams.worker_process import worker_process

READY_SECONDS = 300
STALL_SECONDS = 600


class Run(Struct, frozen=True):
    """One run over the same records."""

    rate: float
    """declarations a second"""
    cpu: float
    """microseconds of CPU a declaration, the whole process"""


class Result(Struct, frozen=True):
    torugart: list[Run]
    stock: list[Run]

    def median(self, runs: list[Run], of: Callable[[Run], float]) -> float:
        return statistics.median(of(run) for run in runs)

    def ratio(self) -> float:
        """Median over the pairs of runs of Torugart's rate by the stock agent's."""
        return statistics.median(a.rate / b.rate for a, b in zip(self.torugart, self.stock, strict=True))


def measure(
    settings: Settings, list_file: ListFile, count: int, runs: int, say: Callable[[str], None]
) -> Result:
    """`runs` alternated pairs of runs over `count` declarations each.

    One worker for all of them: its list is loaded and its index built before the first run, and a run before the
    first fills caches and is not counted. Raises RuntimeError where worker or baseline does not get done.
    """
    settings = replace(settings, topic_prefix=f"bench{os.getpid()}.", group=f"bench{os.getpid()}")
    create_topics(settings)
    publish_edition(settings, list_file)
    result = Result([], [])
    with worker_process(replace(settings, web_port=free_port(), log_level="error")) as worker:
        worker.wait_until_ready(READY_SECONDS)
        for number in range(runs + 1):
            torugart = _torugart_run(settings, worker.pid, count, seed=number + 1)
            stock = _stock_run(settings, count, number)
            if number:
                result.torugart.append(torugart)
                result.stock.append(stock)
            say(
                f"{'run ' + str(number) if number else 'warm-up'}: {torugart.rate:.0f}/s, stock {stock.rate:.0f}/s"
            )
    return result


def _torugart_run(settings: Settings, pid: int, count: int, seed: int) -> Run:
    messages = list(declarations(count, seed))
    follower = _Follower(settings)
    cpu, started = _cpu_seconds(pid), time.monotonic()
    with sending(settings) as kafka:
        for key, value in messages:
            kafka.send(settings.topic(topics.DECLARATIONS.name), value, key)
    follower.wait(f"bench|{seed}|".encode(), count)
    seconds = time.monotonic() - started
    return Run(count / seconds, (_cpu_seconds(pid) - cpu) / count * 1e6)


def _stock_run(settings: Settings, count: int, number: int) -> Run:
    """The same records: the newest `count` of the topic, since the group goes on where its last run ended."""
    group = f"{settings.group}-stock"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "streams.bench.stock", str(count), group],
        env=os.environ | settings.environment(),
        capture_output=True,
        timeout=STALL_SECONDS,
        check=False,
    )
    found = re.search(rb"\{.*\}", done.stdout)  # Faust writes terminal codes around it
    if not found:
        raise RuntimeError(f"the stock agent of run {number} failed: {done.stderr.decode()[-500:]}")
    answer = orjson.loads(found[0])
    return Run(count / answer["seconds"], answer["cpu"] / count * 1e6)


class _Follower:
    """Counts verdicts as they come; made before the first declaration is sent."""

    def __init__(self, settings: Settings) -> None:
        self._client = kafka_clients.consumer(settings)
        kafka_clients.assign_all(self._client, settings.topic(topics.VERDICTS.name))

    def wait(self, prefix: bytes, count: int) -> None:
        found: set[bytes] = set()
        deadline = time.monotonic() + STALL_SECONDS
        try:
            while len(found) < count:
                for records in self._client.poll(timeout_ms=200).values():
                    found.update(record.key for record in records if record.key.startswith(prefix))
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{len(found)} of {count} verdicts after {STALL_SECONDS} s")
        finally:
            self._client.close()


def _cpu_seconds(pid: int) -> float:
    """User and system CPU seconds of a process (Linux: fields 14 and 15 of /proc/PID/stat, in clock ticks)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
