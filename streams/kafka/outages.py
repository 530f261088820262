"""What a worker does about brokers that are away: how long its work with them has failed, and one line in ten seconds."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

Work = Literal["fetches", "commits", "deliveries"]

LINE_SECONDS = 10.0
"""Between two lines about an outage. aiokafka alone writes 140 a second."""
SHOWN_KINDS = 3
"""Kinds of lines left out that are quoted."""
SHOWN_LETTERS = 160

log = logging.getLogger("streams.outage")
"""For what a worker itself has to say of a broker that is away: its lines are limited with the clients' own."""


class Troubles:
    """How long each kind of work with Kafka has failed, or not come back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open: dict[int, tuple[Work, float]] = {}
        self._failing: dict[Work, float] = {}
        self._started = 0

    @contextmanager
    def doing(self, work: Work) -> Iterator[None]:
        """While a piece of work goes on. An exception means that it failed; what fails fails since it began."""
        self._started += 1
        number, began = self._started, self._clock()
        self._open[number] = (work, began)
        try:
            yield
        except Exception:
            self._failing.setdefault(work, began)
            raise
        else:
            self._failing.pop(work, None)
        finally:
            del self._open[number]

    def lasting(self, seconds: float) -> list[str]:
        """What has failed, or hung, for longer than `seconds`, in words."""
        now, since = self._clock(), dict(self._failing)
        for work, began in self._open.values():
            since[work] = min(since.get(work, began), began)
        return [
            f"Kafka: {work} have failed for {now - began:.0f} s"
            for work, began in sorted(since.items())
            if now - began > seconds
        ]


class OneLine(logging.Handler):
    """Hands a line of the clients' loggers to the root once in LINE_SECONDS, with what was left out since: how many lines, and
    the most frequent of them, of which one is the cause. Critical lines always pass."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._last = -LINE_SECONDS
        self._left_out: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        now = self._clock()
        if record.levelno >= logging.CRITICAL or record.levelno < logging.WARNING:
            logging.getLogger().handle(record)
            return
        said = " ".join(record.getMessage().split())[:SHOWN_LETTERS]
        if now - self._last < LINE_SECONDS:
            self._left_out[said] += 1
            return
        self._last = now
        if self._left_out:
            most = "; ".join(f"{count} x {line}" for line, count in self._left_out.most_common(SHOWN_KINDS))
            count = self._left_out.total()
            self._left_out.clear()
            record = logging.makeLogRecord(
                record.__dict__ | {"msg": f"{said} ({count} lines left out, most often: {most})", "args": ()}
            )
            record.exc_info = record.exc_text = None
        logging.getLogger().handle(record)


def limit_logs(level: str) -> None:
    """Limits what Kafka's clients say of an outage. At level debug nothing is left out."""
    logging.getLogger("aiokafka").setLevel(logging.DEBUG if level == "debug" else logging.ERROR)
    if level == "debug":
        return
    handler = OneLine()
    for name in ("aiokafka", "kafka", log.name):
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.handlers = [handler]
