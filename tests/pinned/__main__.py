"""What the stream says, to the byte: `python -m tests.pinned` compares with `hashes.json`, `--write` makes that anew.

Three streams go through the handlers of the agents, without a broker and in one fixed order: the demo, 10,000 simulated
declarations and, where they are at hand, all messages that UK HMRC publishes. Of each, the verdicts, alerts, dead letters and
states are hashed, the code version masked. A change that only moves code leaves them as they are; one that changes what is said
names the difference in its commit.
"""

import argparse
import hashlib
import json
import random
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from streams.assessment.screening import Rulebook, screen
from streams.assessment.verdict import Verdict
from streams.cases.declaration_record import Assessors
from streams.declarations import canonical
from streams.kafka import topics
from streams.lifecycle.life import LifeVersion
from streams.patterns.contract import PatternAdvice
from streams.patterns.detectors import detector_set
from streams.simulation.run import Plan, simulate
from streams.simulation.scenario import declarations as scenario
from streams.simulation.scenario.tables import WATCHLIST
from streams.watchlists.index import WatchlistIndex
from streams.watchlists.readers import read_list
from tests.agents.world import World
from tests.data import data

HASHES = Path(__file__).with_name("hashes.json")
SIMULATED = 10_000
SAID = (topics.VERDICTS, topics.ALERTS, topics.DEAD_LETTERS)
KEPT = (topics.STATE, topics.REFERENCE_STATE, topics.PATTERN_STATE)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
"""When the UK messages are received, one a second: most name no time of their own."""

Messages = Iterable[tuple[datetime, bytes]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.pinned", description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="make the hashes anew")
    parser.add_argument("--only", choices=("demo", "simulated", "uk"), help="one of the three streams")
    options = parser.parse_args()
    streams = {"demo": _demo, "simulated": _simulated, "uk": _uk}
    stored = json.loads(HASHES.read_text()) if HASHES.exists() else {}
    made: dict[str, dict[str, str]] = {}
    for name, messages in streams.items():
        if options.only not in (None, name):
            continue
        try:
            made[name] = _hashes(messages(), patterns=name != "uk")
        except pytest.skip.Exception as absent:
            print(f"{name}: {absent}", file=sys.stderr)
    if options.write:
        HASHES.write_text(json.dumps(stored | made, indent=1, sort_keys=True) + "\n")
        return 0
    different = [
        f"{name}: {what}"
        for name, hashes in made.items()
        for what, value in hashes.items()
        if stored.get(name, {}).get(what) != value
    ]
    print("\n".join(different) or "equal")
    return bool(different)


def _hashes(messages: Messages, patterns: bool) -> dict[str, str]:
    index = WatchlistIndex.build([read_list(WATCHLIST, name="demo-watchlist")])
    rulebook = Rulebook.load()
    watch = detector_set(rulebook.high_priority, rulebook.atlas)

    def masked(life: LifeVersion, advice: PatternAdvice) -> Verdict:
        verdict = screen(life.version, index, rulebook, life, advice)
        return replace(verdict, versions=replace(verdict.versions, code="masked"))

    assessors = Assessors(masked, watch, (watch.look,)) if patterns else Assessors(masked)
    world = World(random.Random(1), assessors, watch.book, partitions=1, merges=False, life_days=36_500)
    for some in _batches(messages):
        world.publish(some)
        world.run()
    said = {topic.name: _digest(_records(world, topic)) for topic in SAID}
    kept = {topic.name: _digest(sorted(world.latest(topic).items())) for topic in KEPT}
    return said | kept


def _batches(messages: Messages) -> Iterator[list[tuple[datetime, bytes]]]:
    """A few at a time, as they come in."""
    waiting = iter(messages)
    while some := list(islice(waiting, 20)):
        yield some


def _records(world: World, topic: topics.Topic) -> Iterator[tuple[bytes, bytes]]:
    for record in world.records(topic):
        value = record.value or b""
        if topic is topics.DEAD_LETTERS:
            letter = msgspec.json.decode(value)
            letter["code"] = "masked"
            value = msgspec.json.encode(letter)
        yield record.key, value


def _digest(pairs: Iterable[tuple[bytes, bytes]]) -> str:
    """Number of pairs and SHA-256 over them."""
    whole, count = hashlib.sha256(), 0
    for count, (key, value) in enumerate(pairs, 1):
        for part in (key, value):
            whole.update(len(part).to_bytes(4, "big") + part)
    return f"{count}:{whole.hexdigest()}"


def _demo() -> Messages:
    for one in scenario.declarations():
        yield one.version.envelope.event_date_time, canonical.encode(one.version)


def _simulated() -> Messages:
    for one in islice(simulate(Plan(first=(2022, 3), months=12, per_month=900, rate=200)), SIMULATED):
        yield one.version.envelope.event_date_time, canonical.encode(one.version)


def _uk() -> Messages:
    samples = data(
        "declarations", "hmrc_cds", "samples"
    )  # skips this stream where the trial data are not at hand
    files: list[Any] = sorted(path for path in samples.rglob("*") if path.suffix.lower() == ".xml")
    for number, path in enumerate(files):
        yield FIRST + timedelta(seconds=number), path.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
