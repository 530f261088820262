"""`python -m tests.bench.store [KEYS]`: what a million open declarations cost a worker with a state directory.

Fills a topic of screening state on real Kafka with values of declarations that were really screened, then prints, each in a
process of its own: memory and time of a lost disk that is read back, of a restart on it, and of gets and puts.
"""

import asyncio
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import aiokafka
from msgspec.structs import replace

from streams.agents.screening import Clocks, checked, life_ends
from streams.cases.stored import decode_record, encode_record, times_of
from streams.engine import Engine
from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.kafka.admin import changelogs
from streams.kafka.delivery import key_partition
from streams.kafka.disk import open_disk
from streams.kafka.following import Follower
from streams.kafka.state import PartitionedState
from streams.kafka.store import OnDisk
from streams.metrics import Metrics
from streams.settings import Settings
from tests.folded import Folded
from tests.integration import brokers, traffic
from tests.integration.stream import Stream

PARTITIONS = 8
SAMPLES = 2_000
DAY = 86_400.0
TOUCHED = 20_000


def memory() -> float:
    """Resident, MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def samples() -> list[bytes]:
    tool = Folded()
    engine = Engine(Settings(), tool.assessors, tool.watch.book)
    for _, message in traffic.declarations(SAMPLES, versions=0.5):
        for _ in engine.take(message, 1_655_000_000_000):
            pass
    return [value for _, value in engine.screening.items(0)]


def key_of(number: int) -> bytes:
    return f"GB-2026-trader{number % 5000}|{number:08d}".encode()


async def fill(settings: Settings, keys: int) -> None:
    records = [decode_record(value) for value in samples()]
    chance = random.Random(1)
    producer = aiokafka.AIOKafkaProducer(**kafka_clients.connection_options(settings), acks="all")
    await producer.start()
    name = settings.topic(topics.STATE.name)
    batches: dict[int, Any] = {}
    sent, size = [], 0
    for number in range(keys):
        key = key_of(number)
        last = 1_790_000_000.0 + chance.random() * 90 * DAY
        value = encode_record(replace(records[number % len(records)], last=last, waits_since=0.0))
        size += len(value)
        partition = key_partition(key, PARTITIONS)
        while (batch := batches.get(partition)) is None or batch.append(
            key=key, value=value, timestamp=1
        ) is None:
            if batch is not None:
                sent.append(await producer.send_batch(batch, name, partition=partition))
            batches[partition] = producer.create_batch()
        if len(sent) > 2000:
            await asyncio.gather(*sent)
            sent.clear()
    for partition, batch in batches.items():
        sent.append(await producer.send_batch(batch, name, partition=partition))
    await asyncio.gather(*sent)
    await producer.stop()
    print(f"{keys} keys, {size / keys:.0f} bytes a value", flush=True)


async def start(settings: Settings) -> None:
    before, begun, used = memory(), time.monotonic(), time.process_time()
    disk = open_disk(settings, changelogs)
    state = PartitionedState(
        settings,
        settings.topic(topics.STATE.name),
        Metrics(process=False),
        deadline_of=life_ends(settings),
        resolution=DAY,
        checked=checked(settings),
        times_of=times_of,
        disk=disk,
    )
    clocks = Clocks(state)
    for partition in range(PARTITIONS):
        await state.recover(partition, lambda: 1)
        clocks.reached(partition)
        state.due(partition, 0.0)
    said = {
        "seconds": round(time.monotonic() - begun, 2),
        "cpuSeconds": round(time.process_time() - used, 2),
        "keys": state._keys.total(),
        "megabytesBefore": round(before),
        "megabytes": round(memory()),
    }
    print(json.dumps(said), flush=True)
    if disk is not None and len(sys.argv) > 3:
        await touch(settings, state)
        disk.close()


async def touch(settings: Settings, state: PartitionedState) -> None:
    """Random gets, puts of what was got with one field changed, as screening does them; read back by the follower."""
    chance = random.Random(2)
    keys = [key_of(chance.randrange(state._keys.total())) for _ in range(TOUCHED)]
    places = [(key_partition(key, PARTITIONS), key) for key in keys]
    used = time.thread_time()
    values = [state.get(partition, key) for partition, key in places]
    got = time.thread_time() - used
    used = time.thread_time()
    for number in range(TOUCHED):
        state.get(number % PARTITIONS, b"never seen %d" % number)
    missed = time.thread_time() - used
    ends = life_ends(settings)
    used = time.thread_time()
    for value in values:
        ends(encode_record(replace(decode_record(value), alert=b"another")))
    packed = time.thread_time() - used
    used = time.thread_time()
    for (partition, key), value in zip(places, values, strict=True):
        changed = encode_record(replace(decode_record(value), alert=b"another"))
        state.put(partition, key, changed, ends(changed))
    put = time.thread_time() - used - packed
    producer = aiokafka.AIOKafkaProducer(**kafka_clients.connection_options(settings))
    await producer.start()
    for partition, key in places:
        await producer.send(state.topic, state.get(partition, key), key, partition)
    await producer.stop()
    consumer = kafka_clients.async_consumer(settings)
    await consumer.start()
    follower = Follower(consumer, [state])
    used = time.thread_time()
    while any(isinstance(one, OnDisk) and one.held for one in state._values.values()):
        if not await follower.round():
            await asyncio.sleep(0.01)  # for the consumer's own tasks
    followed = time.thread_time() - used
    await consumer.stop()
    costs = {"get": got, "getNeverSeen": missed, "put": put, "readBack": followed}
    micros = {name: round(seconds / TOUCHED * 1e6, 1) for name, seconds in costs.items()}
    print(json.dumps({"microseconds": micros, "megabytes": round(memory())}), flush=True)


def child(settings: Settings, *more: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "tests.bench.store", "start", settings.state_dir, *more],
        env=os.environ | settings.environment(),
        check=True,
    )


def work(stream: Stream, settings: Settings) -> None:
    """A worker on the directory, until it has screened something of every partition."""
    messages = list(traffic.declarations(500, seed=9, versions=0.0))
    stream.publish(messages)
    begun = time.monotonic()
    worker = stream.start_worker(
        TORUGART_STATE_DIR=settings.state_dir, TORUGART_STATE_MEMORY=str(settings.state_memory)
    )
    try:
        worker.wait_ready()
        ready = time.monotonic() - begun
        stream.wait_for(topics.VERDICTS, len(messages))
        screened = time.monotonic() - begun
        shown = re.findall(
            r"^torugart_(?:process_resident_memory_bytes|state_keys\S*|state_recovery\S*) \S+$",
            worker.get("/metrics").decode(),
            re.MULTILINE,
        )
    finally:
        stream.stop()
    print(
        json.dumps({"readySeconds": round(ready, 1), "screenedSeconds": round(screened, 1)}), *shown, sep="\n"
    )


def main() -> None:
    if sys.argv[1:2] == ["start"]:
        asyncio.run(start(Settings.from_env()))
        return
    keys = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder, brokers.kafka(Path(folder) / "kafka") as broker:
        stream = Stream(broker, "bench", Path(folder), partitions=PARTITIONS)
        stream.load_list()
        settings = stream.settings
        with closing(asyncio.new_event_loop()) as loop:
            loop.run_until_complete(fill(settings, keys))
        on_disk = replace(settings, state_dir=str(Path(folder) / "state"))
        print("a lost disk, read back", flush=True)
        child(on_disk)
        print("a restart on it", flush=True)
        child(on_disk)
        print("and then gets and puts", flush=True)
        child(on_disk, "touch")
        work(stream, on_disk)
        if keys <= 200_000:
            print("without a directory", flush=True)
            child(settings)


if __name__ == "__main__":
    main()
