"""What counts of what a worker sends, and when it may take a partition over."""

import asyncio
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from aiokafka.errors import ProducerFenced, UnknownError
from faust.types import TP

from streams.errors import UserError
from streams.kafka import fence as fences
from streams.kafka.delivery import Outgoing
from streams.kafka.fence import Fence, FencedDelivery, fenced, transactional_id
from streams.kafka.outages import Troubles
from streams.metrics import Metrics
from streams.settings import Settings
from tests.kafka.test_delivery import Batch

HERE, THERE = TP("in", 0), TP("in", 1)


class Producer:
    """Notes what is done with it; refuses the commit where another was initialised with its id."""

    newest: dict[str, "Producer"]

    def __init__(self, identity: str, log: list[Any]) -> None:
        self.identity = identity
        self._log = log

    async def start(self) -> None:
        self.newest[self.identity] = self
        self._log.append(("init", self.identity))

    async def stop(self) -> None:
        self._log.append(("stop", self.identity))

    async def begin_transaction(self) -> None:
        self._log.append("begin")

    async def partitions_for(self, topic: str) -> set[int]:
        return {0}

    def create_batch(self) -> Batch:
        return Batch()

    async def send_batch(self, batch: Batch, topic: str, *, partition: int) -> asyncio.Future[None]:
        self._log.append(("send", *batch.keys))
        future = asyncio.get_running_loop().create_future()
        future.set_result(None)
        return future

    async def send_offsets_to_transaction(self, offsets: dict[Any, int], group: str) -> None:
        self._log.append(("offset", group, *offsets.values()))

    async def commit_transaction(self) -> None:
        if self.newest[self.identity] is not self:
            raise ProducerFenced
        self._log.append("commit")


class Stopped(BaseException):
    """In place of the end of the process."""


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was done with producers, in order."""
    done: list[Any] = []
    monkeypatch.setattr(Producer, "newest", {}, raising=False)
    monkeypatch.setattr(fences, "new_producer", lambda settings, identity: Producer(identity, done))
    return done


def _fence(metrics: Metrics | None = None) -> Fence:
    return Fence(Settings(group="g"), metrics or Metrics(process=False), Troubles())


def _delivery(fence: Fence, generation: Callable[[], int]) -> FencedDelivery:
    class App:
        @property
        def consumer_generation_id(self) -> int:
            return generation()

    return FencedDelivery(App(), "screening", Metrics(process=False), fence)


def _event(acknowledged: list[int], offset: int, generation: int = 1, place: TP = HERE) -> Any:
    message = SimpleNamespace(tp=place, offset=offset, generation_id=generation)
    return SimpleNamespace(message=message, ack=lambda: acknowledged.append(offset))


def _run(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(story())


def test_runs_go_with_the_offset_behind_them_and_are_acknowledged_when_both_are_committed(
    log: list[Any],
) -> None:
    async def story() -> None:
        fence, acknowledged = _fence(), list[int]()
        await fence.take_over({HERE}, 1)
        delivery = _delivery(fence, lambda: 1)
        for offset in (7, 12):
            await delivery.send(_event(acknowledged, offset), [Outgoing("out", b"%d" % offset, b"")])
        await delivery.settled()
        assert acknowledged == [7, 12] and fence.committed() == {HERE: 13}

    _run(story)
    assert log == [
        ("init", "g/in/0"),
        "begin",
        ("offset", "g", 8),
        ("send", b"7"),
        ("send", b"12"),
        ("offset", "g", 13),
        "commit",
    ]


def test_a_partition_that_stays_is_kept_and_any_other_is_initialised_anew(log: list[Any]) -> None:
    async def story() -> None:
        fence = _fence()
        await fence.take_over({HERE, THERE}, 4)
        assert [one for one in log if one[0] == "init"] == [("init", "g/in/0"), ("init", "g/in/1")]
        log.clear()
        await fence.take_over({HERE}, 5)
        assert log == [("stop", "g/in/1")]
        await fence.take_over({HERE}, 5)
        log.clear()
        await fence.take_over({HERE, THERE}, 7)  # in 6 it may have been another's
        assert log == [("stop", "g/in/0"), ("init", "g/in/0"), ("init", "g/in/1")]

    _run(story)


def test_what_was_handled_before_a_rebalance_is_dropped_after_it_and_its_state_read_back(
    log: list[Any],
) -> None:
    async def story() -> None:
        fence, acknowledged, generation = _fence(), list[int](), 1
        await fence.take_over({HERE}, generation)
        delivery = _delivery(fence, lambda: generation)
        await delivery.send(_event(acknowledged, 7), [Outgoing("out", b"before", b"")])
        generation = 2
        await delivery.send(_event(acknowledged, 12), [Outgoing("out", b"in hand", b"")])
        await fence.take_over({HERE}, generation)
        assert acknowledged == [7] and ("send", b"in hand") not in log
        assert fence.torn(HERE) and not fence.torn(HERE)
        await delivery.send(_event(acknowledged, 12, generation), [Outgoing("out", b"again", b"")])
        await delivery.settled()
        assert acknowledged == [7, 12] and not fence.torn(HERE)

    _run(story)


def test_a_worker_that_lost_a_partition_ends_says_what_was_refused_and_initialises_nothing(
    log: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def stop(why: str) -> NoReturn:
        said.append(why)
        raise Stopped

    monkeypatch.setattr(fences, "stop_without_commit", stop)

    async def story() -> None:
        metrics, acknowledged = Metrics(process=False), list[int]()
        frozen, successor = _fence(metrics), _fence()
        await frozen.take_over({HERE}, 1)
        await successor.take_over({HERE}, 2)
        log.clear()
        records = [Outgoing("out", b"a", b""), Outgoing("state", b"b", b"")]
        await _delivery(frozen, lambda: 1).send(_event(acknowledged, 7), records)
        with pytest.raises(Stopped):
            await frozen._lanes[HERE]._task
        assert metrics.registry.get_sample_value("torugart_fenced_records_total") == 2
        assert not acknowledged and ("init", "g/in/0") not in log

    _run(story)
    assert said == [
        "fenced: in partition 0 is another worker's; 2 records of this one were refused, and none of them counts"
    ]


def test_the_id_is_the_partitions_and_not_the_workers() -> None:
    assert transactional_id(Settings(group="g"), TP("customs.versions", 3)) == "g/customs.versions/3"


@pytest.mark.parametrize(("setting", "expected"), [("auto", False), ("off", False), ("on", None)])
def test_brokers_without_transactions(
    setting: Any, expected: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Without(Producer):
        async def start(self) -> None:
            raise UnknownError

    monkeypatch.setattr(fences, "new_producer", lambda settings, identity: Without(identity, []))
    monkeypatch.setattr(fences, "PROBE_SECONDS", 0.0)
    if expected is None:
        with pytest.raises(UserError, match="FENCE=on: these brokers have no transactions"):
            asyncio.run(fenced(Settings(fence=setting)))
    else:
        assert asyncio.run(fenced(Settings(fence=setting))) is expected
