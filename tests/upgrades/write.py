"""Writes the samples of this release, which the next ones must read: `python -m tests.upgrades.write FOLDER`, once, when it is
released. FOLDER is named after the release, such as `v0_2_0`, and never changed afterwards."""

import argparse
import base64
import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from streams.agents.statistics import edition_records as statistics_records
from streams.cases.declaration_record import Assessors
from streams.corridors.months import parse_month
from streams.corridors.state import CENTS
from streams.kafka import topics
from streams.patterns.statistics import StatisticsEdition, StatisticsInMemory, StatisticsLine
from streams.review.decision import Decision, FindingResolution
from streams.watchlists.edition import edition_records
from streams.watchlists.readers import read_list
from tests.agents.world import World
from tests.folded import Folded
from tests.integration.stream import WATCHLIST
from tests.upgrades.trade import Message, before, day, divided, sample_lives

FOLDER = Path(__file__).parent
STATES = (topics.STATE, topics.REFERENCE_STATE, topics.PATTERN_STATE)
"""Of these all is kept: a worker of the next release begins with it."""
SAMPLED = (
    topics.DECLARATIONS,
    topics.REFERENCES,
    topics.VERSIONS,
    topics.OBSERVATIONS,
    topics.VERDICTS,
    topics.ALERTS,
    topics.DEAD_LETTERS,
)
A_FEW = 5
PARTITIONS = 3


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.upgrades.write", description=__doc__)
    parser.add_argument("folder")
    folder = FOLDER / parser.parse_args().folder
    folder.mkdir()
    lives = sample_lives()
    early, late = list[Message](), list[Message]()
    for number, life in enumerate(lives):
        first, rest = divided(life, number)
        early += first
        late += rest
    tool = Folded()
    watch = tool.watch
    world = World(random.Random(1), Assessors(tool.screen, watch), watch.book, PARTITIONS)
    lines, heads = statistics_records(_statistics(), PARTITIONS)
    for one in lines + heads:
        assert one.partition is not None and one.value is not None
        world.observe(one.partition, one.key, one.value, day("2020-01-01"))
    for message in sorted(before() + early):
        world.publish([message])
        world.run()
    for topic in STATES:
        _write(folder, topic.name, _newest(world.records(topic)))
    for topic in SAMPLED:
        _write(folder, topic.name, _some(world.records(topic)))
    editions = edition_records(read_list(WATCHLIST), chunk_entries=2, published="2022-06-01T00:00:00+00:00")
    _write(folder, topics.WATCHLISTS.name, [_row(0, key, value) for key, value in editions])
    _write(folder, "decisions", [_row(0, b"test|cleared", msgspec.json.encode(_decision()))])
    _write(folder, "baseline", [_row(one.partition, one.key, one.value) for one in lines + heads])
    _write(folder, "later", [_row(0, None, value) | {"at": at.isoformat()} for at, value in late])
    with (folder / "lives.jsonl").open("w") as file:
        for life in lives:
            versions = {
                n: [in_force, msgspec.to_builtins(image)] for n, (in_force, image) in life.versions.items()
            }
            told = {"key": life.key, "status": life.status, "gaps": life.gaps, "versions": versions}
            file.write(json.dumps(told) + "\n")


def _newest(records: Iterable[Any]) -> list[dict[str, Any]]:
    newest = {(record.partition, record.key): record.value for record in records}
    return [_row(where, key, value) for (where, key), value in newest.items() if value is not None]


def _some(records: list[Any]) -> list[dict[str, Any]]:
    """A few, from all of a topic, and one of each kind, which keys and values begin by."""
    chosen = records[:: len(records) // A_FEW + 1]
    kinds = {
        ((record.key or b"").partition(b"|")[0], record.value[:8]): record
        for record in records
        if record.value is not None
    }
    chosen += [record for record in kinds.values() if record not in chosen]
    return [_row(record.partition, record.key, record.value) for record in chosen]


def _row(partition: int | None, key: bytes | None, value: bytes | None) -> dict[str, Any]:
    return {"partition": partition, "key": _text(key), "value": _text(value)}


def _text(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode()


def _write(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    with (folder / f"{name}.jsonl").open("w") as file:
        for row in rows:
            file.write(json.dumps(row) + "\n")


def _statistics() -> StatisticsInMemory:
    """Germany to Kyrgyzstan, ball bearings, the same every month."""
    first, last = parse_month("2018-01"), parse_month("2019-12")
    head = StatisticsEdition(
        7, "invented figures", first, last, frozenset({"DE"}), frozenset({"KG"}), {"848210": first}
    )
    line = StatisticsLine(first, (60_000 * CENTS,) * (last - first + 1))
    return StatisticsInMemory(head, [("848210|DE|KG", line)])


def _decision() -> Decision:
    return Decision(
        decision_id="d-1",
        declaration_key="test|cleared",
        alert_id="0123456789abcdef",
        version_number=1,
        disposition="FALSE_POSITIVE",
        action="RELEASE",
        officer="officer-7",
        decided_at=day("2022-06-09"),
        reason="another firm of the same name",
        findings=(
            FindingResolution(
                finding_key="party.listed|1", disposition="FALSE_POSITIVE", explanation="another address"
            ),
        ),
        alert_sha256="0" * 64,
    )


if __name__ == "__main__":
    main()
