"""State values that a worker cannot read: each is told as a dead letter and done without, as if its key had no state. The value
stays where it is in its topic until something new is said of the key, so that a release that can read it still finds it."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

from streams.declarations.dead_letter import Source
from streams.declarations.errors import NewerRelease, Unscreenable
from streams.kafka.delivery import Outgoing
from streams.kafka.records import own_key, source_of

FORMAT = 1
"""Number of the form in which state values are written. It is raised whenever a release before could not read what this one
writes, or would lose a part of it when it writes the value anew (an unknown field at the end is such a part)."""
FORMAT_HEADER = "format"
"""Header of a record of state with that number; without it the form is 1, so that all that was written before is read."""

LETTERS_AT_ONCE = 200
"""Dead letters that go out with one record. A whole state of a newer release has a letter for every key, each with its value."""


class SetAside(Struct, frozen=True):
    """A record of a state topic that is done without."""

    source: Source
    value: bytes | None
    error: Unscreenable


class Foreign(ValueError):
    """A record of state that no worker of this installation wrote; the message says why in one line."""


def state_record(
    topic: str, key: bytes, value: bytes | None, partition: int, *, after: bool = False
) -> Outgoing:
    """The record by which a state keeps a value, or with None forgets the key."""
    headers = () if FORMAT == 1 or value is None else ((FORMAT_HEADER, b"%d" % FORMAT),)
    return Outgoing(topic, key, value, partition, headers, after)


def check_key(key: bytes, partition: int, partitions: int) -> None:
    """Raises Foreign for a key that no worker keeps in this partition."""
    try:
        own_key(key, partition, partitions)
    except Unscreenable as error:
        raise Foreign(error.detail) from None


def check_format(headers: Iterable[tuple[str, bytes]]) -> None:
    """Raises NewerRelease for the headers of a value in a form that this release does not know, Foreign for no number."""
    given = next((value for name, value in headers if name == FORMAT_HEADER), None)
    if given is None:
        return
    if not given.isdigit() or len(given) > 9:
        raise Foreign("its `format` header is no number")
    if int(given) > FORMAT:
        raise NewerRelease(
            f"it was written by a newer release, in form {int(given)}, and this one reads up to {FORMAT}"
        )


def refusal(error: Exception) -> Unscreenable:
    """Why a value is set aside, without a word of what it holds."""
    if isinstance(error, NewerRelease):
        return Unscreenable("NEWER_STATE", f"a state value is set aside: {error}")
    said = type(error).__name__
    if isinstance(error, ValueError | msgspec.MsgspecError) and not isinstance(error, UnicodeError):
        said = re.sub(r"'[^']*'|\"[^\"]*\"", "...", str(error))[:200]
    return Unscreenable("UNREADABLE_STATE", f"a state value is set aside: {said}")


def set_aside(record: Any, error: Exception) -> SetAside:
    """`record` of a state topic, which is done without for `error`."""
    return SetAside(source_of(record), record.value, refusal(error))


class Places:
    """Where in its topic each recovered value of a partition stands: 24 bytes a key, looked up only for what is unreadable."""

    def __init__(self, places: dict[bytes, tuple[int, int]]) -> None:
        """Of key -> offset and timestamp."""
        rows = sorted((hash(key), offset, timestamp) for key, (offset, timestamp) in places.items())
        self._hashes, self._offsets, self._timestamps = array("q"), array("q"), array("q")
        for hashed, offset, timestamp in rows:
            self._hashes.append(hashed)
            self._offsets.append(offset)
            self._timestamps.append(timestamp)

    def of(self, key: bytes) -> tuple[int, int] | None:
        """Offset and timestamp of a key's value; None where this worker has written it since."""
        at = self._at(key)
        return None if at is None or self._offsets[at] < 0 else (self._offsets[at], self._timestamps[at])

    def drop(self, key: bytes) -> None:
        """Notes that the value is a new one, of which the place is not known."""
        at = self._at(key)
        if at is not None:
            self._offsets[at] = -1

    def _at(self, key: bytes) -> int | None:
        at = bisect_left(self._hashes, hash(key))
        return at if at < len(self._hashes) and self._hashes[at] == hash(key) else None


class Recovered:
    """What was read back of a partition: the newest value of each key, and what is set aside."""

    def __init__(self) -> None:
        self.values: dict[bytes, bytes] = {}
        self._places: dict[bytes, tuple[int, int]] = {}
        self._keyed: dict[bytes, SetAside] = {}
        self._keyless: list[SetAside] = []

    def feed_all(self, records: Iterable[Any]) -> None:
        for record in records:
            self.feed(record)

    def feed(self, record: Any) -> None:
        """Takes one record of the state's topic, whoever wrote it; never raises."""
        key = record.key
        if key is None:
            self._keyless.append(set_aside(record, Foreign("it has no key")))
            return
        for known in (self.values, self._places, self._keyed):
            known.pop(key, None)
        if record.value is None:
            return
        try:
            check_format(record.headers)
        except ValueError as error:
            self._keyed[key] = set_aside(record, error)
        else:
            self.values[key] = record.value
            self._places[key] = (record.offset, record.timestamp)

    def places(self) -> Places:
        return Places(self._places)

    def aside(self) -> list[SetAside]:
        return [*self._keyless, *self._keyed.values()]
