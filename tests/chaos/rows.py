"""The faults, one a round: a worker is stopped, killed or held while a wave of trade is on its way through it and others."""

import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from streams.kafka import topics
from tests.chaos.oracle import assert_ended_as_meant
from tests.chaos.proxy import Proxy
from tests.integration.brokers import Broker
from tests.integration.stream import Stream, Worker, running
from tests.recount import Recount
from tests.waves import LIFE_DAYS, Trade, Wave

Row = Literal["calm", "freeze", "kill", "proxy"]

LARGE = 100
"""Messages of a wave in whose middle a fault is done."""
UNDER_WAY = 20
"""Verdicts by which a wave is in its middle."""
HELD_SECONDS = 10.0
"""For a produce request to come by."""
MORE_SECONDS = 0.3
"""For those of other partitions."""
EXIT_SECONDS = 30.0
"""For a worker that goes on to find that it is fenced."""
FENCED = re.compile(r"fenced: (\S+) partition (\d+) is another worker's; (\d+) records")
REFUSED = 47
"""Kafka's INVALID_PRODUCER_EPOCH"""

OPTIONS = {
    "life_days": LIFE_DAYS,
    "tick_seconds": 600,
    "partitions": 4,
    "session_timeout": 6.0,
    "commit_interval": 0.2,
}


@dataclass
class Round:
    """What was done in one round, and how the worker that it was done to ended."""

    row: Row
    wave: str
    exit: int | None = None
    """None where it lived on: nothing of it was under way, and it came back as a new member"""
    refused: int = 0
    """records of it that Kafka refused, as its log has them"""
    held: int = 0
    """produce requests of transactions that the proxy held"""
    ticks: int = 0
    """and others, which only tell the time"""
    answers: list[int] = field(default_factory=list)
    """Kafka's error codes for those, when they were let go"""


class Trial:
    """One trade from its first day to its end, with a fault in each large wave: two workers, and a third for who ended."""

    def __init__(self, stream: Stream, trade: Trade, row: Row, proxy: Proxy | None, most: int) -> None:
        self._stream = stream
        self._trade = trade
        self._row = row
        self._proxy = proxy
        self._most = most
        self._recount = Recount()
        self._waves = self._unrepeated()
        self.rounds: list[Round] = []

    def run(self) -> list[Round]:
        """Raises AssertionError where the stream did not end as it should."""
        stream = self._stream
        steady, victim = stream.start_worker(), self._victim()
        for worker in (steady, victim):
            worker.wait_ready()
        for wave in self._waves:
            if self._row == "calm" or len(wave.messages) < LARGE or len(self.rounds) == self._most:
                self._whole(wave)
                continue
            self._until_the_middle(wave)
            victim = self._fault(wave, victim)
        assert_ended_as_meant(stream, self._recount, self._trade)
        return self.rounds

    def _unrepeated(self) -> Iterator[Wave]:
        """The trade's waves, each message once: what comes twice then was made twice."""
        seen: set[bytes] = set()
        for wave in self._trade.waves():
            messages = [one for one in dict.fromkeys(wave.messages) if one[2] not in seen]
            seen.update(value for _, _, value in messages)
            yield replace(wave, messages=messages)

    def _victim(self) -> Worker:
        through = {} if self._proxy is None else {"TORUGART_BROKERS": self._proxy.address}
        return self._stream.start_worker(**through)

    def _publish(self, wave: Wave) -> None:
        self._stream.publish((key, value) for _, key, value in wave.messages)
        self._recount.follow(wave)

    def _whole(self, wave: Wave) -> None:
        self._publish(wave)
        self._stream.wait_settled()

    def _until_the_middle(self, wave: Wave) -> None:
        with self._stream.following(topics.VERDICTS) as follow:
            self._publish(wave)
            follow(UNDER_WAY)

    def _fault(self, wave: Wave, victim: Worker) -> Worker:
        done = Round(self._row, wave.name)
        self.rounds.append(done)
        if self._row == "kill":
            victim.kill()
            done.exit = victim.process.returncode
            self._stream.wait_settled()
        else:
            self._stopped(done, victim)
        if done.exit is not None:
            victim = self._victim()
            victim.wait_ready()
        return victim

    def _stopped(self, done: Round, victim: Worker) -> None:
        """Stops the victim past its session; another handles what it had, and all of the next wave; then it goes on."""
        if self._proxy is not None:
            self._proxy.hold()
            _wait(lambda: self._proxy is not None and self._proxy.held > 0, HELD_SECONDS)
            time.sleep(MORE_SECONDS)
        victim.process.send_signal(signal.SIGSTOP)
        self._stream.wait_settled()
        if (following := next(self._waves, None)) is not None:
            self._whole(following)
        if self._proxy is not None:
            done.held, done.ticks = self._proxy.held, self._proxy.ticks
            self._proxy.release()
            _wait(lambda: self._proxy is not None and len(self._proxy.answers) == done.held, HELD_SECONDS)
            done.answers = self._proxy.answers
        victim.process.send_signal(signal.SIGCONT)
        try:
            done.exit = victim.process.wait(EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            victim.wait_ready()
        done.refused = sum(int(found[2]) for found in FENCED.findall(victim.log.read_text()))


def _wait(met: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not met() and time.monotonic() < deadline:
        time.sleep(0.01)


def trial(
    broker: Broker,
    folder: Path,
    row: Row,
    *,
    seed: int,
    name: str,
    proxy: Proxy | None = None,
    most: int = 99,
    fence: str = "on",
) -> list[Round]:
    """One trade with at most `most` faults of the row. Raises AssertionError where it did not end as it should."""
    with running(broker, name, folder, fence=fence, **OPTIONS) as stream:
        return Trial(stream, Trade(seed=seed), row, proxy if row == "proxy" else None, most).run()


def assert_fenced(rounds: list[Round]) -> None:
    """Every worker that went on was refused, and said so; every request that was held was refused too."""
    for one in rounds:
        assert one.exit == 3 and one.refused > 0, one
        assert one.row != "proxy" or (one.held > 0 and set(one.answers) == {REFUSED}), one
