"""Trade statistics in the stream: published by `torugart baselines load` to customs.observations, kept in the state of patterns.

An edition comes to each partition as its lines, then as what it covers (`Edition`); with that it takes the place of the one
before, whole. See docs/decisions/0008.
"""

import logging
from collections import Counter
from typing import Any

import msgspec

from streams.corridors.state import Past
from streams.declarations.errors import Unscreenable
from streams.kafka.delivery import Outgoing, key_partition
from streams.kafka.set_aside import state_record
from streams.kafka.state import PartitionedState
from streams.patterns.statistics import (
    INFORMED_DETECTOR,
    INFORMED_OF_PRICES,
    StatisticsEdition,
    StatisticsInMemory,
    corridor_of,
    encode,
    read_edition,
    read_line,
)

log = logging.getLogger(__name__)

IN_USE = b"!statistics"
"""Key of the edition in use, of which every partition keeps what it covers."""
LINE = b"statistics|"
"""Begins the key of a record of statistics, and of a line's state."""
MAX_NUMBER_DIGITS = 18
"""An edition's number is a time in milliseconds."""
MARK = b"!"
"""Begins the value of a state: statistics are never too old by themselves (`looked_at`)."""


def edition_key(number: int) -> bytes:
    """Key of the record that says what an edition covers."""
    return b"%b%d" % (LINE, number)


def line_key(number: int, corridor: str, detector: str = INFORMED_DETECTOR) -> bytes:
    """Key of the record with an edition's line for a detector, and of its state. Releases before 0.2 knew one detector."""
    kept = corridor if detector == INFORMED_DETECTOR else f"{detector}|{corridor}"
    return b"%b%d|%b" % (LINE, number, kept.encode())


def line_number(key: bytes) -> int:
    """Number of the edition of a record of statistics, or of a line's state. Raises ValueError for a key of neither."""
    number = key[len(LINE) :].partition(b"|")[0]
    if not number.isdigit() or len(number) > MAX_NUMBER_DIGITS:
        raise ValueError("the key has no edition's number")
    return int(number)


def line_owner(key: bytes) -> bytes:
    """Key of the detector's state beside which a line's state is kept, detector|good|origin|destination."""
    kept = key[len(LINE) :].partition(b"|")[2]
    if kept.startswith(f"{INFORMED_OF_PRICES}|".encode()):
        return kept
    return f"{INFORMED_DETECTOR}|".encode() + kept


def edition_records(statistics: StatisticsInMemory, partitions: int) -> tuple[list[Outgoing], list[Outgoing]]:
    """The records of customs.observations that bring an edition: its lines, and, to be sent when these have arrived, what it
    covers. `topic` is left to the sender."""
    edition, lines = statistics.edition, []
    counts: Counter[int] = Counter()
    for corridor, line in statistics.lines():
        for detector in (INFORMED_DETECTOR, INFORMED_OF_PRICES) if line.mass else (INFORMED_DETECTOR,):
            key = line_key(edition.number, corridor, detector)
            # Where the state of the detector's key is kept.
            partition = key_partition(line_owner(key), partitions)
            counts[partition] += 1
            lines.append(Outgoing("", key, encode(line), partition))
    heads = [
        Outgoing("", edition_key(edition.number), encode(edition.with_lines(counts[partition])), partition)
        for partition in range(partitions)
    ]
    return lines, heads


class Shelf:
    """The statistics of the partitions that this worker owns."""

    def __init__(self, state: PartitionedState, topic: str) -> None:
        self._state = state
        self._topic = topic
        self._in_use: dict[int, tuple[bytes, StatisticsEdition]] = {}
        """partition -> the value that says what is in use, and what it says: it is asked for with every observation"""

    def past(self, partition: int, key: str) -> Past | None:
        """What statistics say of the time before the stream, by the key of a detector's state."""
        corridor = corridor_of(key)
        edition = None if corridor is None else self._edition(partition)
        if corridor is None or edition is None:
            return None
        line = self._state.get(partition, line_key(edition.number, corridor, key.partition("|")[0]))
        return edition.past(corridor, None if line is None else read_line(line[len(MARK) :]))

    def take(self, record: Any) -> list[Outgoing]:
        """A record of statistics. One of an edition older than that in use changes nothing, one seen again nothing more.

        Raises Unscreenable for a record that none of `torugart baselines load` is.
        """
        partition, key, value = record.partition, record.key, record.value or b""
        try:
            number, line = line_number(key), key.count(b"|") > 1
            edition = None if line else read_edition(value)
            if line:
                read_line(value).buckets()
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise Unscreenable("SCHEMA_VIOLATION", f"no statistics: {type(error).__name__}") from None
        if number < self._number_in_use(partition):
            return []
        if edition is None:
            return [self._put(partition, key, MARK + value)]
        lines = self._lines(partition)
        have = sum(one == edition.number for one in lines.values())
        if have != edition.lines:
            log.error(
                "statistics %s: %d of %d lines in partition %d; not used: load them again",
                edition.source,
                have,
                edition.lines,
                partition,
            )
            return []
        out = [self._put(partition, IN_USE, MARK + encode(edition))]
        for line, of in lines.items():
            if of < edition.number:
                self._state.delete(partition, line)
                out.append(state_record(self._topic, line, None, partition, after=True))
        log.info("statistics in use in partition %d: %s, %d lines", partition, edition.source, have)
        return out

    def _edition(self, partition: int) -> StatisticsEdition | None:
        value = self._state.get(partition, IN_USE)
        if value is None:
            return None
        known = self._in_use.get(partition)
        if known is None or known[0] is not value:
            known = self._in_use[partition] = value, read_edition(value[len(MARK) :])
        return known[1]

    def _number_in_use(self, partition: int) -> int:
        edition = self._edition(partition)
        return -1 if edition is None else edition.number

    def _lines(self, partition: int) -> dict[bytes, int]:
        """Key of each line -> its edition."""
        return {key: line_number(key) for key, _ in self._state.items(partition) if key.startswith(LINE)}

    def _put(self, partition: int, key: bytes, value: bytes) -> Outgoing:
        self._state.put(partition, key, value)
        return state_record(self._topic, key, value, partition)
