"""When the keys of a state are to be looked at again."""

import math
from collections.abc import Callable


class Deadlines:
    """The deadlines of one partition's keys, in buckets of `resolution` seconds: one list entry a key.

    An entry is never looked for. A key whose deadline moved to a later time keeps its entry, and is filed anew when
    that comes up; `deadline_of` tells a value's deadline, None for never.
    """

    def __init__(self, deadline_of: Callable[[bytes], float | None], resolution: float) -> None:
        self._deadline_of = deadline_of
        self._resolution = resolution
        self._buckets: dict[int, list[bytes]] = {}
        self._given_out: set[bytes] = set()
        """keys that `due` returned and that were not put since: they have no entry"""

    def file(self, key: bytes, due: float | None, before: bytes | None) -> None:
        """Notes that `key`, whose value was `before`, is now due at `due`."""
        given_out = key in self._given_out
        self._given_out.discard(key)
        if due is None:
            return
        old = None if before is None or given_out else self._deadline_of(before)
        bucket = self._bucket(due)
        if old is None or bucket < self._bucket(old):
            self._buckets.setdefault(bucket, []).append(key)

    def forget(self, key: bytes) -> None:
        """Notes that `key` has no value any more."""
        self._given_out.discard(key)

    def due(self, now: float, values: dict[bytes, bytes]) -> list[bytes]:
        """The keys of `values` whose deadline has passed, each once."""
        found: dict[bytes, None] = {}
        for bucket in sorted(bucket for bucket in self._buckets if bucket * self._resolution <= now):
            for key in self._buckets.pop(bucket):
                value = values.get(key)
                deadline = None if value is None else self._deadline_of(value)
                if deadline is None:
                    continue
                if self._bucket(deadline) * self._resolution > now:
                    self._buckets.setdefault(self._bucket(deadline), []).append(key)
                elif key not in self._given_out:
                    found[key] = None
        self._given_out.update(found)
        return list(found)

    def _bucket(self, due: float) -> int:
        """The first whole multiple of the resolution that is not before `due`."""
        return math.ceil(due / self._resolution)
