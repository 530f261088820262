"""Where the records of a key's firms are kept: in the state of its partition, beside the key's own value."""

from collections import defaultdict

from streams.corridors.firms import FirmCounts
from streams.kafka.state import PartitionedState
from streams.patterns.firm_records import PREFIX, owner_of, read_record, record_key

DAY_SECONDS = 86_400.0


class CountedFirms:
    """Of each key the counts of its firms, made anew from their records when a partition's state was read back."""

    def __init__(self, state: PartitionedState) -> None:
        self._state = state
        self._taken: dict[int, int] = {}
        self._counts: dict[int, defaultdict[bytes, FirmCounts]] = {}

    def of(self, partition: int, key: bytes) -> FirmCounts:
        taken = self._state.taken(partition)
        if self._taken.get(partition) != taken:
            counts: defaultdict[bytes, FirmCounts] = defaultdict(FirmCounts)
            for record, value in self._state.items(partition):
                if record.startswith(PREFIX):
                    counts[owner_of(record)].change({}, read_record(value).months)
            self._taken[partition], self._counts[partition] = taken, counts
        return self._counts[partition][key]


class FirmsOfKey:
    """The records of one key's firms (`FirmRecords`), and what was put while one record of Kafka's is handled."""

    def __init__(self, state: PartitionedState, counted: CountedFirms, partition: int, key: str) -> None:
        self.key = key
        self.put_now: dict[bytes, bytes] = {}
        self._state, self._counted, self._partition = state, counted, partition

    @property
    def counts(self) -> FirmCounts:
        return self._counted.of(self._partition, self.key.encode())

    def get(self, firm: int) -> bytes | None:
        return self._state.get(self._partition, record_key(self.key, firm))

    def put(self, firm: int, value: bytes) -> None:
        key = record_key(self.key, firm)
        self._state.put(self._partition, key, value, (read_record(value).look) * DAY_SECONDS)
        self.put_now[key] = value
