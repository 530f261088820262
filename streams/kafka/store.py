"""Where the values of a partition's state are: in memory, or on disk under a bounded cache (docs/decisions/0013).

What stands on disk is the changelog, as it was read back from Kafka, up to a position that stands beside it; never a value that
is only on its way there. Those are in memory until they have been read back.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from streams.kafka.disk import Stored, Times
from streams.kafka.set_aside import Places


class Values(Protocol):
    """The values of one partition."""

    def get(self, key: bytes) -> bytes | None: ...

    def put(self, key: bytes, value: bytes) -> None:
        """Keeps a value of which the record is on its way."""

    def delete(self, key: bytes) -> None:
        """Forgets a key of which the tombstone is on its way."""

    def hide(self, key: bytes) -> None:
        """Does without a recovered value, which stays where it is in the changelog."""

    def items(self) -> Iterable[tuple[bytes, bytes]]: ...

    def times(self, of: Callable[[bytes], Times]) -> Iterator[tuple[bytes, Times]]:
        """Each key with what `of` tells of its value."""

    def place(self, key: bytes) -> tuple[int, int] | None:
        """Offset and timestamp of a recovered value; None where this worker has written it since."""


class InMemory:
    """Values in a dictionary."""

    def __init__(self, values: dict[bytes, bytes], places: Places) -> None:
        self._values = values
        self._places = places
        self.get = values.get
        self.items = values.items

    def put(self, key: bytes, value: bytes) -> None:
        self._values[key] = value
        self._places.drop(key)

    def delete(self, key: bytes) -> None:
        self._values.pop(key, None)

    hide = delete

    def times(self, of: Callable[[bytes], Times]) -> Iterator[tuple[bytes, Times]]:
        return ((key, of(value)) for key, value in self._values.items())

    def place(self, key: bytes) -> tuple[int, int] | None:
        return self._places.of(key)


class OnDisk:
    """The values of a partition that this worker owns: those on disk, and before them what it has written since.

    A value is held until its own record has been read back. Each write leaves its hash: a key may get a value that it had
    before, and the record of the first must not be taken for that of the last.
    """

    def __init__(self, stored: Stored) -> None:
        self.stored = stored
        self._recovered_to = stored.position
        self._newer: dict[bytes, bytes | None] = {}
        self._written: dict[bytes, list[int]] = {}

    def get(self, key: bytes) -> bytes | None:
        if key in self._newer:
            return self._newer[key]
        row = self.stored.row(key)
        return None if row is None else row.value

    def put(self, key: bytes, value: bytes) -> None:
        self._newer[key] = value
        self._written.setdefault(key, []).append(hash(value))

    def delete(self, key: bytes) -> None:
        self._newer[key] = None
        self._written.setdefault(key, []).append(hash(None))

    def hide(self, key: bytes) -> None:
        self._newer[key] = None

    def items(self) -> Iterator[tuple[bytes, bytes]]:
        for key, row in self.stored.rows():
            if key not in self._newer:
                yield key, row.value
        yield from ((key, value) for key, value in self._newer.items() if value is not None)

    def times(self, of: Callable[[bytes], Times]) -> Iterator[tuple[bytes, Times]]:
        for key, head in self.stored.heads():
            if head is not None and key not in self._newer:
                yield key, head.times
        yield from ((key, of(value)) for key, value in self._newer.items() if value is not None)

    def place(self, key: bytes) -> tuple[int, int] | None:
        row = None if key in self._newer else self.stored.row(key)
        return None if row is None or row.offset >= self._recovered_to else (row.offset, row.timestamp)

    def confirm(self, records: Iterable[Any]) -> int:
        """Notes that records have been read back, before they are applied to the disk; how many this worker did not write.

        Of a key that another one has written, what this worker knows stays in use, as it would without a disk.
        """
        foreign = 0
        before: dict[bytes, bytes | None] = {}
        """what these records leave on disk of keys that nothing is held of"""
        for record in records:
            key, value = record.key, record.value
            if key is None:
                continue
            hashes = self._written.get(key)
            if hashes is not None and (hashed := hash(value)) in hashes:
                del hashes[: hashes.index(hashed) + 1]
                if not hashes:
                    before[key] = self._newer.pop(key)
                    del self._written[key]
            elif key not in self._newer:
                known = before[key] if key in before else self.get(key)
                if known != value:
                    foreign += 1
                    self._newer[key] = known
        return foreign

    @property
    def held(self) -> int:
        """Keys whose value is in memory."""
        return len(self._newer)
