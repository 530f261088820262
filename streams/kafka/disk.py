"""Changelogs on disk: what stands in topics of state, as it was read back from Kafka, in RocksDB under a bounded cache."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from struct import Struct as Layout
from typing import Any, NamedTuple, NoReturn

import msgspec
from msgspec import Struct
from rocksdict import (
    BlockBasedOptions,
    Cache,
    DBCompressionType,
    Options,
    Rdict,
    ReadOptions,
    WriteBatch,
    WriteBufferManager,
)

from streams.kafka.delivery import stop_without_commit
from streams.kafka.set_aside import FORMAT_HEADER
from streams.settings import PREFIX, Settings, SettingsError

MIB = 1024 * 1024
BLOOM_BITS = 10
"""A key: one question in a hundred about a key that is not there reads a block for nothing."""
BLOCK_BYTES = 4096
OPEN_FILES = 512
FORMAT_BYTES = 20
"""Of a `format` header that are kept: none that counts is longer."""

HEAD, POSITION, KEYLESS, VALUE = b"h", b"p", b"n", b"v"
"""What a row is, behind the topic and the partition it is of. Heads stand together: they are read at each start."""


Times = tuple[float, float]
"""What a state asks of every value, besides its deadline."""


class Head(NamedTuple):
    """What is asked of every value at a start, without the value."""

    due: float | None
    times: Times
    length: int
    format: int


class Row(NamedTuple):
    """A record of the changelog."""

    value: bytes
    offset: int
    timestamp: int
    format: bytes | None
    """its `format` header"""


class Position(Struct, frozen=True, array_like=True):
    """How far a partition's changelog is contained in the store."""

    changelog: str
    """the topic's identity: one that was made anew is another"""
    offset: int
    at: float
    """Unix seconds, when there was nothing behind it"""


class Changelog(Struct, frozen=True):
    """A topic of state as the brokers tell of it."""

    identity: str
    tombstones: float | None
    """seconds for which Kafka keeps the record of a deletion; None where it does not say"""


_row = Layout("<qqb")
_head = Layout("<dddIB")
_NEVER = float("inf")
_encode = msgspec.msgpack.Encoder().encode
_decode_position = msgspec.msgpack.Decoder(Position).decode


def row_of(record: Any) -> Row:
    """A record of a state topic, whoever wrote it."""
    given = next((value for name, value in record.headers if name == FORMAT_HEADER), None)
    kept = None if given is None else given[:FORMAT_BYTES]
    return Row(record.value or b"", record.offset, record.timestamp, kept)


def _pack_row(row: Row) -> bytes:
    length = -1 if row.format is None else len(row.format)
    return _row.pack(row.offset, row.timestamp, length) + (row.format or b"") + row.value


def _unpack_row(data: bytes) -> Row:
    offset, timestamp, length = _row.unpack_from(data)
    at = _row.size + max(length, 0)
    return Row(data[at:], offset, timestamp, None if length < 0 else data[_row.size : at])


def _pack_head(head: Head | None) -> bytes:
    if head is None:
        return b""
    return _head.pack(_NEVER if head.due is None else head.due, *head.times, head.length, head.format)


def _unpack_head(data: bytes) -> Head | None:
    if not data:
        return None
    due, first, second, length, form = _head.unpack(data)
    return Head(None if due == _NEVER else due, (first, second), length, form)


HeadOf = Callable[[bytes, Row], Head | None]
"""Key and row -> the head; None of a value that is refused."""


class Stored:
    """One partition's changelog on disk, up to `position`."""

    def __init__(self, disk: "Disk", topic: str, partition: int, changelog: Changelog) -> None:
        self._disk = disk
        self._changelog = changelog
        prefix = topic.encode() + b"\0" + partition.to_bytes(4)
        self._bounds = prefix, topic.encode() + b"\0" + (partition + 1).to_bytes(4)
        self._heads, self._position_key, self._keyless, self._rows = (
            prefix + kind for kind in (HEAD, POSITION, KEYLESS, VALUE)
        )
        data = disk.get(self._position_key)
        self._position = Position("", 0, 0.0) if data is None else _decode_position(data)

    @property
    def position(self) -> int:
        """The offset behind the last record that is contained."""
        return self._position.offset

    def useless(self, now: float) -> str | None:
        """Why it cannot be read on from its position, where it cannot.

        Of a key that was deleted behind the position nothing may be left in the changelog, once Kafka keeps the record of
        that no longer: the value here would live for ever. Half of that time is left for clocks that differ.
        """
        if not self._changelog.identity:
            return "the brokers tell no identities of topics"
        if self._position.changelog != self._changelog.identity:
            return "another topic's is on disk" if self._position.changelog else "none of it is on disk"
        kept = self._changelog.tombstones
        if kept is None:
            return "for how long Kafka keeps the record of a deletion is not known (DESCRIBE_CONFIGS)"
        age = abs(now - self._position.at)
        return (
            None
            if age < kept / 2
            else f"what is on disk is {age:.0f} s old, and Kafka forgets deletions after {kept:.0f} s"
        )

    def old(self, now: float) -> bool:
        """Whether the time of the position should be written anew though nothing came."""
        return now - self._position.at > min(60.0, (self._changelog.tombstones or _NEVER) / 20)

    def clear(self, now: float) -> None:
        """Forgets everything: the changelog is read from its beginning. What is read may be killed and gone on with: a value that
        still stands in the topic has the record of its deletion behind it, which Kafka then keeps from now on at least."""
        batch = WriteBatch(raw_mode=True)
        batch.delete_range(*self._bounds)
        self._disk.write(batch)
        self._position = Position(self._changelog.identity, 0, now)

    def apply(self, records: Iterable[Any], end: int, at: float | None, head_of: HeadOf) -> None:
        """Takes the records between the position and `end`, all or none. `at`: when there was nothing behind `end`, None where
        there may have been something."""
        batch = WriteBatch(raw_mode=True)
        for record in records:
            if record.key is None:
                batch.put(self._keyless + record.offset.to_bytes(8), _pack_row(row_of(record)))
            elif record.value is None:
                batch.delete(self._rows + record.key)
                batch.delete(self._heads + record.key)
            else:
                row = row_of(record)
                batch.put(self._rows + record.key, _pack_row(row))
                batch.put(self._heads + record.key, _pack_head(head_of(record.key, row)))
        position = Position(self._changelog.identity, end, self._position.at if at is None else at)
        batch.put(self._position_key, _encode(position))
        self._disk.write(batch)
        self._position = position

    def row(self, key: bytes) -> Row | None:
        data = self._disk.get(self._rows + key)
        return None if data is None else _unpack_row(data)

    def heads(self) -> Iterator[tuple[bytes, Head | None]]:
        """The key and head of each value, None of one that was refused."""
        return ((key, _unpack_head(data)) for key, data in self._disk.under(self._heads))

    def rows(self) -> Iterator[tuple[bytes, Row]]:
        return ((key, _unpack_row(data)) for key, data in self._disk.under(self._rows))

    def keyless(self) -> list[Row]:
        return [_unpack_row(data) for _, data in self._disk.under(self._keyless)]


class Disk:
    """The directory of one worker, with the changelogs of all its partitions. What cannot be written or read stops the worker
    without a commit."""

    def __init__(
        self,
        directory: str,
        memory: int,
        changelogs: dict[str, Changelog],
        stop: Callable[[str], NoReturn] = stop_without_commit,
    ) -> None:
        """`memory`: MiB of the cache and of what is not yet on disk. `changelogs`: by topic.

        Raises SettingsError, of one line, where the directory cannot be used or is another worker's.
        """
        self._directory = directory
        self._changelogs = changelogs
        self._stop = stop
        try:
            Path(directory).mkdir(mode=0o700, parents=True, exist_ok=True)
            options = _options(memory * MIB)
            # Named as well: rocksdict opens what it finds with RocksDB's own options, and then with no cache of ours.
            self._db = Rdict(directory, options, {"default": options})
        except Exception as error:  # rocksdict knows no other
            raise SettingsError(_refusal(directory, error)) from None

    def partition(self, topic: str, partition: int) -> Stored:
        return Stored(self, topic, partition, self._changelogs[topic])

    def get(self, key: bytes) -> bytes | None:
        try:
            data: bytes | None = self._db.get(key)
        except Exception as error:
            self._fail(error)
        return data

    def write(self, batch: WriteBatch) -> None:
        try:
            self._db.write(batch)
        except Exception as error:
            self._fail(error)

    def under(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """What begins with `prefix`, without it."""
        options = ReadOptions()
        options.set_iterate_upper_bound(prefix[:-1] + bytes([prefix[-1] + 1]))
        try:
            rows: Iterator[Any] = self._db.items(from_key=prefix, read_opt=options)
            for key, data in rows:
                yield key[len(prefix) :], data
        except Exception as error:
            self._fail(error)

    @property
    def cache(self) -> int:
        """Bytes that the cache may take."""
        return self._db.property_int_value("rocksdb.block-cache-capacity") or 0

    def close(self) -> None:
        self._db.close()

    def _fail(self, error: Exception) -> NoReturn:
        self._stop(f"{PREFIX}STATE_DIR: {self._directory}: {_line(error)}")


def open_disk(settings: Settings, ask: Callable[[Settings], dict[str, Changelog]]) -> Disk | None:
    """The worker's directory; None where it has none. `ask` tells the topics of state by name. Raises SettingsError."""
    if not settings.state_dir:
        return None
    return Disk(settings.state_dir, settings.state_memory, ask(settings))


def _options(memory: int) -> Options:
    cache = Cache(memory)
    table = BlockBasedOptions()
    table.set_block_cache(cache)
    table.set_block_size(BLOCK_BYTES)
    table.set_bloom_filter(BLOOM_BITS, False)
    table.set_cache_index_and_filter_blocks(True)
    table.set_pin_l0_filter_and_index_blocks_in_cache(True)
    options = Options(raw_mode=True)
    options.set_block_based_table_factory(table)
    options.set_write_buffer_manager(
        WriteBufferManager.new_write_buffer_manager_with_cache(memory // 4, False, cache)
    )
    options.set_write_buffer_size(memory // 8)
    options.set_max_open_files(OPEN_FILES)
    options.set_compression_type(DBCompressionType.none())  # the values are packed
    options.set_level_compaction_dynamic_level_bytes(True)
    options.set_keep_log_file_num(2)
    return options


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _refusal(directory: str, error: Exception) -> str:
    said = _line(error)
    if "lock" in said.lower():
        return f"{PREFIX}STATE_DIR: {directory} is another worker's; each needs a directory of its own"
    if "corruption" in said.lower():
        said += "; delete the directory: what was in it is read back from Kafka"
    return f"{PREFIX}STATE_DIR: {directory} cannot be used: {said}"
