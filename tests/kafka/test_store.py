"""What a worker keeps on disk: the changelog as it was read back, and before that what it has written since."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.disk import Changelog, Disk, Head, Row
from streams.kafka.set_aside import FORMAT_HEADER
from streams.kafka.state import PartitionedState
from streams.kafka.store import OnDisk
from streams.metrics import Metrics
from streams.settings import Settings, SettingsError

TOPIC = "customs.screening-state"
DAY = 86_400.0


def record(offset: int, key: bytes | None, value: bytes | None, form: bytes | None = None) -> Any:
    headers = [] if form is None else [(FORMAT_HEADER, form)]
    return SimpleNamespace(
        topic=TOPIC, partition=0, offset=offset, timestamp=7, key=key, value=value, headers=headers
    )


def head_of(key: bytes, row: Row) -> Head:
    return Head(None, (0.0, 0.0), len(row.value), 1)


def _stop(why: str) -> NoReturn:
    raise AssertionError(why)


def disk(path: Path, identity: str = "c/t", tombstones: float | None = DAY) -> Disk:
    return Disk(str(path), 9, {TOPIC: Changelog(identity, tombstones)}, _stop)


def state_on(opened: Disk) -> PartitionedState:
    return PartitionedState(Settings(partitions=1), TOPIC, Metrics(process=False), disk=opened)


def own(state: PartitionedState, opened: Disk) -> None:
    state._take_stored(0, opened.partition(TOPIC, 0), 1)


def read_on(state: PartitionedState, *records: Any) -> None:
    start = state.followed()[0]
    state.follow(0, start, list(records), records[-1].offset + 1, 100.0)


def test_what_was_read_back_is_there_after_a_restart_with_its_position(tmp_path: Path) -> None:
    opened = disk(tmp_path)
    opened.partition(TOPIC, 0).apply([record(0, b"a", b"1"), record(1, b"b", b"2")], 2, 100.0, head_of)
    opened.partition(TOPIC, 0).apply([record(2, b"a", None)], 3, 100.0, head_of)
    opened.close()
    stored = disk(tmp_path).partition(TOPIC, 0)
    assert stored.position == 3 and stored.useless(100.0) is None
    assert list(stored.rows()) == [(b"b", Row(b"2", 1, 7, None))]


def test_what_was_written_and_not_read_back_does_not_outlive_the_worker(tmp_path: Path) -> None:
    """It may never have reached Kafka."""
    opened = disk(tmp_path)
    state = state_on(opened)
    own(state, opened)
    state.put(0, b"k", b"sent")
    read_on(state, record(0, b"k", b"sent"))
    state.put(0, b"k", b"lost")
    state.put(0, b"new", b"lost")
    assert state.get(0, b"k") == b"lost" and dict(state.items(0)) == {b"k": b"lost", b"new": b"lost"}
    opened.close()
    opened = disk(tmp_path)
    again = state_on(opened)
    own(again, opened)
    assert dict(again.items(0)) == {b"k": b"sent"} and again.followed() == {0: 1}


def test_partitions_do_not_see_each_other(tmp_path: Path) -> None:
    opened = disk(tmp_path)
    for number in range(3):
        opened.partition(TOPIC, number).apply([record(0, b"k", b"%d" % number)], 1, 1.0, head_of)
    opened.partition(TOPIC, 1).clear(2.0)
    assert [dict(opened.partition(TOPIC, number).rows()).keys() for number in range(3)] == [
        {b"k"},
        set(),
        {b"k"},
    ]
    assert [opened.partition(TOPIC, number).position for number in range(3)] == [1, 0, 1]


def test_a_topic_made_anew_is_read_from_its_beginning(tmp_path: Path) -> None:
    opened = disk(tmp_path)
    opened.partition(TOPIC, 0).apply([record(0, b"k", b"v")], 1, 100.0, head_of)
    opened.close()
    assert disk(tmp_path, "c/another").partition(TOPIC, 0).useless(100.0) == "another topic's is on disk"


@pytest.mark.parametrize(
    ("age", "usable"), [(0, True), (DAY / 2 - 1, True), (DAY / 2 + 1, False), (-DAY, False)]
)
def test_a_position_older_than_deletions_are_kept_is_no_use(tmp_path: Path, age: float, usable: bool) -> None:
    opened = disk(tmp_path)
    opened.partition(TOPIC, 0).apply([record(0, b"k", b"v")], 1, 1e9, head_of)
    assert (opened.partition(TOPIC, 0).useless(1e9 + age) is None) == usable


@pytest.mark.parametrize(("identity", "tombstones"), [("", DAY), ("c/t", None)])
def test_what_the_brokers_do_not_tell_is_not_guessed(
    tmp_path: Path, identity: str, tombstones: float | None
) -> None:
    opened = disk(tmp_path, identity, tombstones)
    opened.partition(TOPIC, 0).apply([record(0, b"k", b"v")], 1, 100.0, head_of)
    assert opened.partition(TOPIC, 0).useless(100.0)


def test_a_whole_read_that_is_cut_short_is_gone_on_with(tmp_path: Path) -> None:
    opened = disk(tmp_path)
    stored = opened.partition(TOPIC, 0)
    stored.clear(1e9)
    stored.apply([record(0, b"k", b"v")], 1, None, head_of)
    again = opened.partition(TOPIC, 0)
    assert again.position == 1 and again.useless(1e9 + 60) is None and again.useless(1e9 + DAY) is not None


def test_an_idle_partition_does_not_grow_old(tmp_path: Path) -> None:
    opened = disk(tmp_path)
    opened.partition(TOPIC, 0).apply([record(0, b"k", b"v")], 1, 100.0, head_of)
    state = state_on(opened)
    own(state, opened)
    state.follow(0, 1, [], 1, 130.0)
    assert opened.partition(TOPIC, 0)._position.at == 100.0
    state.follow(0, 1, [], 1, 100.0 + DAY)
    assert opened.partition(TOPIC, 0)._position.at == 100.0 + DAY


KEYS = st.sampled_from([b"a", b"b", b"c"])
VALUES = st.none() | st.sampled_from([b"1", b"2", b"3"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), KEYS, VALUES),
        st.tuples(st.just("send"), KEYS, VALUES),
        st.tuples(st.just("read"), st.integers(1, 4), st.none()),
        st.tuples(st.just("kill"), KEYS, VALUES),
        st.tuples(st.just("other"), KEYS, VALUES),
    ),
    max_size=40,
)


@given(steps=STEPS)
def test_a_worker_sees_what_it_wrote_last_and_a_restart_what_kafka_has(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, Any, bytes | None]]
) -> None:
    """Writes go out merged, some are lost with the worker, another worker writes as well: with a dictionary beside it."""
    opened = disk(tmp_path_factory.mktemp("disk"))
    log: list[Any] = []
    state = state_on(opened)
    own(state, opened)
    known: dict[bytes, bytes] = {}
    unsent: dict[bytes, bytes | None] = {}

    def send(writes: dict[bytes, bytes | None]) -> None:
        log.extend(record(len(log) + n, key, value) for n, (key, value) in enumerate(writes.items()))

    def newest(entries: list[Any]) -> dict[bytes, bytes]:
        last = {one.key: one.value for one in entries}
        return {key: value for key, value in last.items() if value is not None}

    for what, key, value in steps:
        if what == "write" and value is not None:
            state.put(0, key, value)
            known[key] = unsent[key] = value
        elif what == "write":
            state.delete(0, key)
            known.pop(key, None)
            unsent[key] = None
        elif what == "send":
            send(unsent)
            unsent = {}
        elif what == "other":
            send({key: value})
        elif what == "read":
            start = state.followed()[0]
            found = log[start : start + key]
            state.follow(0, start, found, start + len(found), None)
            assert dict(opened.partition(TOPIC, 0).rows()).keys() == newest(log[: start + len(found)]).keys()
        else:  # killed, and started again
            unsent = {}
            stored = opened.partition(TOPIC, 0)
            stored.apply(log[stored.position :], len(log), None, head_of)
            state = state_on(opened)
            own(state, opened)
            known = newest(log)
            assert {key: row.value for key, row in stored.rows()} == known
        assert dict(state.items(0)) == known
        assert {key: state.get(0, key) for key in (b"a", b"b", b"c")} == {
            key: known.get(key) for key in (b"a", b"b", b"c")
        }
        assert (state._keys[0], state._bytes[0]) == (len(known), sum(map(len, known.values())))
    opened.close()


def test_what_this_worker_wrote_is_not_held_once_it_is_on_disk(tmp_path: Path) -> None:
    opened = disk(tmp_path)
    state = state_on(opened)
    own(state, opened)
    for value in (b"1", b"2", b"3"):
        state.put(0, b"k", value)
    values = state._values[0]
    assert isinstance(values, OnDisk) and values.held == 1
    read_on(state, record(0, b"k", b"3"))
    assert values.held == 0 and state.get(0, b"k") == b"3"


def test_a_value_in_a_newer_form_is_set_aside_at_every_start_until_a_release_can_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = disk(tmp_path)
    state = state_on(opened)
    records = [record(0, b"old", b"1"), record(1, b"new", b"2", b"2"), record(2, None, b"3")]
    opened.partition(TOPIC, 0).apply(records, 3, 100.0, lambda key, row: state._head_or_none(0, key, row))
    for _ in range(2):
        own(state, opened)
        assert dict(state.items(0)) == {b"old": b"1"}
        told = {one.source.offset: one.error.reason for one in state.set_aside(0)}
        assert told == {1: "NEWER_STATE", 2: "UNREADABLE_STATE"}
    for module in ("streams.kafka.set_aside", "streams.kafka.state"):
        monkeypatch.setattr(f"{module}.FORMAT", 2)
    own(state, opened)
    assert dict(state.items(0)) == {b"old": b"1", b"new": b"2"}


def test_the_cache_is_as_large_as_was_asked_for_also_of_a_directory_that_is_there(tmp_path: Path) -> None:
    for _ in range(2):
        opened = disk(tmp_path)
        assert opened.cache == 9 * 1024 * 1024
        opened.close()


def test_a_second_worker_on_a_directory_is_refused_in_one_line(tmp_path: Path) -> None:
    first = disk(tmp_path)
    with pytest.raises(
        SettingsError, match=r"^TORUGART_STATE_DIR: .* is another worker's; each needs a directory"
    ):
        disk(tmp_path)
    first.close()


def test_a_directory_that_cannot_be_used_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"^TORUGART_STATE_DIR: \S+ cannot be used: [^\n]*$"):
        disk(tmp_path / "file")


FULL = """
import resource, sys
from types import SimpleNamespace
from tests.kafka.test_store import *
from streams.kafka.delivery import stop_without_commit
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
opened = Disk(sys.argv[1], 8, {TOPIC: Changelog("c/t", 1.0)}, stop_without_commit)
stored = opened.partition(TOPIC, 0)
for n in range(100):
    stored.apply([record(n, b"%d" % n, b"v" * 10_000)], n + 1, None, head_of)
"""


def test_a_full_disk_stops_the_worker_with_one_line(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True)
    assert ended.returncode == 3
    lines = [line for line in ended.stderr.splitlines() if line]
    assert len(lines) == 1 and lines[0].startswith(
        f"stopping without a commit: TORUGART_STATE_DIR: {tmp_path}: IO error:"
    )
