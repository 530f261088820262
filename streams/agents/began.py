"""The first day of which a partition remembers all, and, of keys that came from other partitions, of which those did."""

from collections.abc import Mapping

from streams.kafka.delivery import key_partition

BEGAN = b"!began"
"""Key of the state with that day."""


def first_day(value: bytes, key: bytes) -> int:
    """Of a key, since 1970. `value` is one day for all keys, or `2:18993,18995`: that of each partition when there were two.

    Raises ValueError for bytes that are neither.
    """
    before, colon, days = value.partition(b":")
    if not colon:
        return int(value)
    by_partition = [int(day) for day in days.split(b",")]
    if int(before) != len(by_partition):
        raise ValueError("not a day for each partition")
    return by_partition[key_partition(key, len(by_partition))]


def merged(values: Mapping[int, bytes], partitions: int) -> bytes | None:
    """What all partitions are to keep in place of what each of `partitions` kept; None where none kept any.

    A partition to which nothing ever came begins with the latest of the others: nothing of it could be missing. Where one of
    several that had been moved before began anew since, for its value could not be read, the latest day of all counts for all:
    less is claimed than is remembered, never more.
    """
    if not values:
        return None
    different = set(values.values())
    if len(different) == 1:
        return different.pop()
    days = [int(day) for value in values.values() for day in value.rpartition(b":")[2].split(b",")]
    latest = max(days)
    if any(b":" in value for value in different):
        return b"%d" % latest
    return b"%d:%b" % (
        partitions,
        b",".join(values.get(one, b"%d" % latest) for one in range(partitions)),
    )
