"""What must be true of a stream after whatever was done to its workers, for a reader of committed records."""

from collections import Counter
from typing import Any

import msgspec

from streams.cases.stored import decode_record
from streams.kafka import topics
from tests.integration.stream import Stream
from tests.recount import Recount, assert_exact
from tests.waves import Trade

SENT = (topics.VERSIONS, topics.OBSERVATIONS, topics.VERDICTS, topics.ALERTS)
"""What stages send: of traffic without repetitions no record comes twice."""
TICK = b"tick"


def assert_ended_as_meant(stream: Stream, recount: Recount, trade: Trade) -> None:
    """Every sum, verdict and alert is what a recount gives; nothing is lost, double or has gone back."""
    assert not stream.records(topics.DEAD_LETTERS)
    newest = map(stream.standing, (topics.PATTERN_STATE, topics.VERDICTS, topics.ALERTS))
    assert_exact(*newest, recount, trade)
    assert (found := doubles(stream)) == {}, found
    assert (back := gone_back(stream)) == [], back


def doubles(stream: Stream) -> dict[str, int]:
    """Topic -> records that say of their key what the record before them said."""
    found = {}
    for topic in SENT:
        newest: dict[bytes, bytes] = {}
        count = 0
        for record in stream.records(topic):
            if record.key == TICK:
                continue
            count += newest.get(record.key) == record.value
            newest[record.key] = record.value
        if count:
            found[topic.name] = count
    return found


def gone_back(stream: Stream) -> list[str]:
    """Alerts that went to an earlier version, and cases that forgot a verdict."""
    found = []
    versions: dict[bytes, int] = {}
    for record in stream.records(topics.ALERTS):
        if record.value is None:
            versions.pop(record.key, None)
        elif not record.key.startswith(b"corridor|"):
            version = msgspec.json.decode(record.value)["versionNumber"]
            if version < versions.get(record.key, 0):
                found.append(f"alert {record.key!r}: {versions[record.key]} to {version}")
            versions[record.key] = version
    answered: dict[bytes, Counter[Any]] = {}
    for record in stream.records(topics.STATE):
        if record.value is None:
            answered.pop(record.key, None)
            continue
        known = Counter(answer.number for answer in decode_record(record.value).answers)
        if answered.get(record.key, Counter()) - known:
            found.append(f"state {record.key!r}: {answered[record.key]} to {known}")
        answered[record.key] = known
    return found
