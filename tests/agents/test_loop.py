"""What keeps the stream going: nothing a record holds or raises leaves the handler."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.agents.loop import LARGE_BYTES, MAX_VALUE_BYTES, check_sizes, guarded, run_agent
from streams.agents.runs import RunMerger
from streams.declarations.dead_letter import KEPT_OF_TOO_LARGE, MAX_KEPT, DeadLetter, Source, dead_letter
from streams.declarations.errors import DeadLetterReason, Unscreenable
from streams.kafka.delivery import Outgoing
from streams.kafka.records import MAX_KEY_BYTES, source_of
from streams.kafka.topics import MAX_MESSAGE_BYTES
from streams.metrics import Metrics
from streams.settings import Settings
from tests.processes import PATIENCE


class Record(NamedTuple):
    """A Kafka record as aiokafka gives it."""

    value: bytes | None
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()
    topic: str = "customs.declarations"
    partition: int = 3
    offset: int = 17
    timestamp: int = 1_655_000_000_000


def _letter(handle: Any, record: Record, metrics: Metrics | None = None) -> DeadLetter:
    (out,) = guarded(handle, "intake", Settings(), metrics or Metrics(process=False))(record)
    assert out.topic == "customs.dead-letters" and out.key == b"customs.declarations/3/17"
    return msgspec.json.decode(out.value or b"", type=DeadLetter)


def test_a_typed_refusal_becomes_a_dead_letter_with_the_original_bytes() -> None:
    def refuse(record: Record) -> list[Outgoing]:
        raise Unscreenable("NOT_JSON", "broken at byte 3")

    metrics = Metrics(process=False)
    letter = _letter(refuse, Record(b"\xff{", key=b"k"), metrics)
    assert (letter.reason, letter.detail, letter.message()) == ("NOT_JSON", "broken at byte 3", b"\xff{")
    assert base64.b64decode(letter.source.key or "") == b"k"
    assert metrics.registry.get_sample_value("torugart_dead_letters_total", {"reason": "NOT_JSON"}) == 1


def test_a_bug_of_ours_becomes_a_dead_letter_that_does_not_repeat_the_content(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def stumble(record: Record) -> list[Outgoing]:
        raise KeyError("ACME Secret Trading")

    letter = _letter(stumble, Record(b"{}"))
    assert letter.reason == "INTERNAL_ERROR"
    assert "KeyError" in letter.detail and "ACME" not in letter.detail
    assert "stumble" in caplog.text and "ACME" not in caplog.text.replace(
        'raise KeyError("ACME Secret Trading")', ""
    )


def test_a_message_that_is_too_large_is_kept_as_hash_size_and_beginning() -> None:
    data = b"x" * 200_000
    error = Unscreenable("TOO_LARGE", "200000 bytes")
    source = Source(topic="t", partition=0, offset=1, timestamp=0)
    letter = dead_letter(data, error, source, "intake", "1.0")
    assert (letter.size, letter.complete, len(base64.b64decode(letter.payload))) == (
        200_000,
        False,
        KEPT_OF_TOO_LARGE,
    )
    with pytest.raises(ValueError, match="take it from its source, t partition 0 offset 1"):
        letter.message()


@pytest.mark.parametrize("reason", ["NOT_JSON", "INTERNAL_ERROR", "VERSION_CONFLICT"])
def test_no_dead_letter_is_too_large_for_kafka(reason: DeadLetterReason) -> None:
    """One that Kafka refuses would stop every worker in turn."""

    def refuse(record: Record) -> list[Outgoing]:
        raise Unscreenable(reason, "d" * 500)

    for size in (MAX_KEPT, MAX_MESSAGE_BYTES):
        record = Record(b"x" * size, key=b"k" * MAX_KEY_BYTES)
        (out,) = guarded(refuse, "screening", Settings(), Metrics(process=False))(record)
        assert len(out.value or b"") < MAX_MESSAGE_BYTES - 4096
        letter = msgspec.json.decode(out.value or b"", type=DeadLetter)
        assert letter.complete == (size <= MAX_KEPT) and letter.size == size


@given(st.binary(max_size=50) | st.none(), st.lists(st.tuples(st.text(max_size=8), st.binary(max_size=90))))
def test_the_source_of_any_record_can_be_told(key: bytes | None, headers: list[tuple[str, bytes]]) -> None:
    source = source_of(Record(b"", key=key, headers=(*headers,)))
    assert source.id == "customs.declarations/3/17"
    msgspec.json.encode(source)


def test_a_huge_key_is_not_kept() -> None:
    assert source_of(Record(b"", key=b"k" * (MAX_KEY_BYTES + 1))).key is None


def test_a_record_over_the_brokers_limit_is_refused_before_it_is_sent() -> None:
    check_sizes([Outgoing("t", b"k", b"x" * MAX_VALUE_BYTES)])
    with pytest.raises(Unscreenable, match="TOO_LARGE"):
        check_sizes([Outgoing("t", b"k", b"x" * (MAX_VALUE_BYTES + 1))])


class _Runs:
    """A stream of one run of records, which then waits for ever."""

    def __init__(self, records: list[Record]) -> None:
        self._records = records

    def noack(self) -> "_Runs":
        return self

    async def events(self) -> AsyncIterator[Any]:
        app = SimpleNamespace(consumer_generation_id=1)
        yield SimpleNamespace(value=self._records, message=SimpleNamespace(generation_id=1), app=app)


class _Arrived:
    """A delivery that keeps what it is given."""

    def __init__(self) -> None:
        self.out: list[Outgoing] = []

    async def send(self, event: Any, out: list[Outgoing], delivered: Any) -> None:
        self.out += out


def _run_beside_a_probe(handle: Any, records: list[Record], turns: list[None], *, stateless: bool) -> int:
    """Records handled; a probe notes each of its `turns`."""
    arrived = _Arrived()

    async def probe() -> None:
        while True:
            await asyncio.sleep(0.001)
            turns.append(None)

    async def both() -> None:
        probing = asyncio.create_task(probe())
        run: Any = run_agent
        await run(
            _Runs(records),
            "intake",
            handle,
            arrived,
            Metrics(process=False),
            RunMerger(Settings()),
            stateless=stateless,
        )
        probing.cancel()

    asyncio.run(both())
    return len(arrived.out)


def test_slow_records_let_probes_be_answered_between_them() -> None:
    """Seen: 25 of them in a row kept a worker from answering for 36 seconds, and its producer gave up."""

    def slow(record: Record) -> list[Outgoing]:
        time.sleep(0.03)
        return [Outgoing("t", None, b"")]

    turns: list[None] = []
    assert _run_beside_a_probe(slow, [Record(b"{}")] * 20, turns, stateless=False) == 20
    assert len(turns) >= 10


def test_a_large_record_is_handled_beside_the_loop_where_there_is_no_state() -> None:
    turns: list[None] = []
    seen: list[int] = []

    def until_the_probe_has_had_turns(record: Record) -> list[Outgoing]:
        """In a thread; in the loop itself it would never have had any."""
        began, deadline = len(turns), time.monotonic() + PATIENCE
        while len(turns) < began + 20 and time.monotonic() < deadline:
            time.sleep(0.001)
        seen.append(len(turns) - began)
        return [Outgoing("t", None, b"")]

    def slow(record: Record) -> list[Outgoing]:
        began = len(turns)
        time.sleep(0.2)
        seen.append(len(turns) - began)
        return [Outgoing("t", None, b"")]

    large = [Record(b"x" * LARGE_BYTES)]
    assert _run_beside_a_probe(slow, large, turns, stateless=False) == 1
    assert _run_beside_a_probe(until_the_probe_has_had_turns, large, turns, stateless=True) == 1
    assert seen[0] == 0 and seen[1] >= 20
