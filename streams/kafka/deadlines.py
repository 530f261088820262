"""When the keys of a state are to be looked at again."""

import math
from collections.abc import Callable, Iterator
from heapq import heappop, heappush

FAR_SECONDS = 86_400.0
"""From the time reached on, within which a deadline is kept to the resolution. One farther away is kept to the day before it, and
looked at once more then: a million deadlines at a second each would be a million buckets."""


class Deadlines:
    """The deadlines of one partition's keys, in buckets of `resolution` seconds: the bytes of the key and two more.

    An entry is never looked for. A key whose deadline moved to a later time keeps its entry, and is filed anew when
    that comes up; `deadline_of` tells a value's deadline, None for never.
    """

    def __init__(
        self, deadline_of: Callable[[bytes], float | None], resolution: float, far: float = FAR_SECONDS
    ) -> None:
        self._deadline_of = deadline_of
        self._resolution = resolution
        self._far = max(far, resolution)
        self._buckets: dict[float, bytearray] = {}
        """time -> keys to be looked at then, each behind its length"""
        self._times: list[float] = []
        """those of the buckets, as a heap: the next one is known without a look at the others"""
        self._reached = -math.inf
        self._given_out: set[bytes] = set()
        """keys that `due` returned and that were not put since: they have no entry"""

    def file(self, key: bytes, due: float | None, before: bytes | None) -> None:
        """Notes that `key`, whose value was `before`, is now due at `due`."""
        given_out = key in self._given_out
        self._given_out.discard(key)
        if due is None:
            return
        old = None if before is None or given_out else self._deadline_of(before)
        if old is None or self._end(due) < self._end(old):
            self._add(key, due)

    def forget(self, key: bytes) -> None:
        """Notes that `key` has no value any more."""
        self._given_out.discard(key)

    def due(self, now: float, get: Callable[[bytes], bytes | None]) -> list[bytes]:
        """The keys whose deadline has passed, each once; `get` tells a key's value. Costs nothing while none has."""
        self._reached = max(self._reached, now)
        found: dict[bytes, None] = {}
        while self._times and self._times[0] <= now:
            for key in _keys(self._buckets.pop(heappop(self._times))):
                value = get(key)
                deadline = None if value is None else self._deadline_of(value)
                if deadline is None:
                    continue
                if self._end(deadline) > now:
                    self._add(key, deadline)
                elif key not in self._given_out:
                    found[key] = None
        self._given_out.update(found)
        return list(found)

    def _add(self, key: bytes, due: float) -> None:
        end = self._end(due)
        far = math.floor(end / self._far) * self._far
        at = far if far > self._reached + self._far else end
        bucket = self._buckets.get(at)
        if bucket is None:
            bucket = self._buckets[at] = bytearray()
            heappush(self._times, at)
        bucket += len(key).to_bytes(4) + key

    def _end(self, due: float) -> float:
        """The first whole multiple of the resolution that is not before `due`."""
        return math.ceil(due / self._resolution) * self._resolution


def _keys(bucket: bytearray) -> Iterator[bytes]:
    at, whole = 0, bytes(bucket)
    while at < len(whole):
        start = at + 4
        at = start + int.from_bytes(whole[at:start])
        yield whole[start:at]
