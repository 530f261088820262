"""Killed workers: a verdict for every version, and nothing that tells a run with kills from one without."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from streams import topics
from tests.integration.brokers import Broker
from tests.integration.stream import Stream, running
from tests.integration.traffic import declarations

Contents = tuple[dict[bytes, bytes], dict[bytes, bytes]]

COUNT = 20_000
STALL_SECONDS = 240


def _expected_keys() -> int:
    return sum(1 for _ in declarations(COUNT))


def _wait_for_some(stream: Stream, verdicts: int) -> None:
    stream.wait_for(topics.VERDICTS, verdicts, STALL_SECONDS)


def _contents(stream: Stream) -> Contents:
    stream.wait_for(topics.VERDICTS, _expected_keys(), STALL_SECONDS)
    stream.wait_committed()
    assert not stream.records(topics.DEAD_LETTERS), "good declarations became dead letters"
    return stream.latest(topics.VERDICTS), stream.latest(topics.ALERTS)


def _assert_same(run: Contents, calm: Contents) -> None:
    """By hand: pytest's own comparison of 20,000 values takes minutes and says less."""
    for what, ours, theirs in zip(("verdicts", "alerts"), run, calm, strict=True):
        different = sorted(key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key))
        if different:
            key = different[0]
            pytest.fail(
                f"{len(different)} {what} differ, the first {key!r}:\n{ours.get(key)!r}\n{theirs.get(key)!r}"
            )


_CALM: list[Contents] = []


def _calm(broker: Broker, folder: Path, unique: Callable[[str], str]) -> Contents:
    """What a run without a kill gives: made once, on the first broker, since a verdict does not depend on the broker."""
    if not _CALM:
        with running(broker, unique("calm"), folder) as stream:
            stream.start_worker().wait_ready()
            stream.publish(declarations(COUNT))
            _CALM.append(_contents(stream))
    return _CALM[0]


@pytest.mark.load
@pytest.mark.timeout(900)
def test_a_killed_worker_leaves_no_trace(
    broker: Broker, tmp_path: Path, unique: Callable[[str], str]
) -> None:
    calm = _calm(broker, tmp_path, unique)
    assert len(calm[0]) == _expected_keys()
    assert 0 < len(calm[1]) < COUNT / 2, "the traffic must have alerts, and not only alerts"

    with running(broker, unique("killed"), tmp_path) as stream:
        first = stream.start_worker()
        first.wait_ready()
        stream.publish(declarations(COUNT))
        _wait_for_some(stream, COUNT // 3)
        first.kill()
        stream.start_worker()
        killed = _contents(stream)
    _assert_same(killed, calm)

    with running(broker, unique("two"), tmp_path) as stream:
        first, second = stream.start_worker(), stream.start_worker()
        first.wait_ready()
        second.wait_ready()
        time.sleep(1)
        stream.publish(declarations(COUNT))
        _wait_for_some(stream, COUNT // 4)
        first.kill()
        _wait_for_some(stream, COUNT // 2)
        stream.start_worker()
        two = _contents(stream)
    _assert_same(two, calm)
