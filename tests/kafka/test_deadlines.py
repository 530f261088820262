"""Deadlines that come up in time and once, however far away they are, without a look at those that have not come."""

from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.deadlines import Deadlines


def _due_of(value: bytes) -> float:
    return float(value)


STEPS = st.lists(
    st.tuples(st.sampled_from([b"a", b"b", b"c"]), st.integers(0, 400), st.integers(0, 30)), max_size=30
)


@given(STEPS, st.sampled_from([1.0, 7.0]), st.sampled_from([1.0, 30.0, 1000.0]))
def test_a_far_deadline_is_no_later_than_a_near_one(
    steps: list[tuple[bytes, int, int]], resolution: float, far: float
) -> None:
    deadlines, values, now = Deadlines(_due_of, resolution, far), dict[bytes, bytes](), 0
    waiting: dict[bytes, int] = {}
    for key, ahead, passed in [*steps, (b"a", 0, 1000)]:
        value = str(now + ahead).encode()
        deadlines.file(key, now + ahead, values.get(key))
        values[key], waiting[key] = value, now + ahead
        now += passed
        came = deadlines.due(now, values.get)
        assert len(came) == len(set(came))
        assert set(came) <= {key for key, due in waiting.items() if due <= now}
        assert {key for key, due in waiting.items() if due <= now - resolution} <= set(came)
        for one in came:
            del waiting[one]


def test_what_has_not_come_is_not_looked_at() -> None:
    deadlines, asked = Deadlines(_due_of, 1.0), list[bytes]()
    deadlines.due(0.0, dict[bytes, bytes]().get)
    for n in range(1000):
        deadlines.file(b"%d" % n, 5.0 + n * 40_000, None)

    def get(key: bytes) -> bytes:
        asked.append(key)
        return b"%d" % (5 + int(key) * 40_000)

    assert deadlines.due(4.0, get) == [] and asked == []
    assert deadlines.due(5.0, get) == [b"0"] and asked == [b"0"]


def test_a_million_seconds_are_no_million_buckets() -> None:
    deadlines = Deadlines(_due_of, 1.0)
    deadlines.due(1e9, dict[bytes, bytes]().get)
    for n in range(10_000):
        deadlines.file(b"%d" % n, 1e9 + 1e6 + n * 100, None)
    assert len(deadlines._buckets) < 14
