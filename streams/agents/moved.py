"""How the states of the three agents that remember go over to another number of partitions. Pure.

What a value says stays; what goes is by which records of customs.versions it was made. These names of partitions and offsets only
tell what was applied already when a record is read again, and all has been applied to the end before a state is moved; in topics
that begin anew, with offset 0, they would have new records passed over.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from msgspec.structs import replace

from streams.agents import identity, patterns, screening
from streams.agents.began import BEGAN, merged
from streams.agents.statistics import IN_USE, LINE, MARK, line_number, line_owner
from streams.cases.questions import packed, unpacked
from streams.cases.stored import decode_record, encode_record, origins
from streams.errors import UserError
from streams.kafka import topics
from streams.kafka.delivery import key_partition
from streams.kafka.repartition import ByKey, Carrier, Placed
from streams.kafka.state import Check
from streams.patterns import firm_records, memory
from streams.patterns.statistics import encode, read_edition
from streams.settings import Settings


def carriers(settings: Settings, target: Settings) -> Mapping[topics.Topic, Carrier]:
    """Of each topic that is moved, in the order in which they are."""
    to = target.partitions
    return {
        topics.STATE: StatesByKey(
            to,
            CasesWithoutPlaces(target.topic(topics.VERSIONS.name)),
            screening.checked(settings),
            screening.checked(target),
        ),
        topics.REFERENCE_STATE: StatesByKey(
            to, lambda value: value, identity.checked(settings), identity.checked(target)
        ),
        topics.PATTERN_STATE: PatternStates(settings, target),
        topics.ALERTS: ByKey(to),
        topics.WATCHLISTS: ByKey(1),
        topics.CONTROL_LISTS: ByKey(1),
        topics.VERDICTS: ByKey(to, lambda key: key.rpartition(b"@")[0]),
        topics.DEAD_LETTERS: ByKey(to),
    }


class CasesWithoutPlaces:
    """Of a declaration: without what it told the detectors last, which was only kept to be told again after a crash."""

    def __init__(self, versions: str) -> None:
        """`versions`: full name of the topic by which new records will be named."""
        self._new = f"{versions}/"

    def __call__(self, value: bytes) -> bytes:
        """Raises UserError where the case names records of the new topic: of an earlier one of that name."""
        case = decode_record(value)
        named = {*origins(case), *(image.origin for image in case.images)}
        if any(origin.startswith(self._new) for origin in named):
            raise UserError(
                f"the state names records of an earlier topic {self._new[:-1]}: give another --prefix"
            )
        asking = unpacked(case.asking)
        return encode_record(replace(case, asking=packed(replace(asking, said=())))) if asking.said else value


class StatesByKey:
    """A state whose every key is kept in the partition of its own."""

    def __init__(
        self, to: int, without_places: Callable[[bytes], bytes], check_old: Check, check: Check
    ) -> None:
        self._to, self._without_places, self._check_old = to, without_places, check_old
        self.check = check

    def take(self, partition: int, key: bytes, value: bytes) -> Placed:
        self._check_old(partition, key, value)
        return Placed(key_partition(key, self._to), key, self._without_places(value))

    def rest(self) -> Iterator[Placed]:
        return iter(())


class PatternStates:
    """What is remembered of trade: keys and their firms, trade statistics, and of each partition since when and by which
    edition."""

    def __init__(self, settings: Settings, target: Settings) -> None:
        self._from, self._to = settings.partitions, target.partitions
        self._check_old, self.check = patterns.checked(settings), patterns.checked(target)
        self._began: dict[int, bytes] = {}
        self._in_use: dict[int, bytes] = {}
        self._lines: Counter[tuple[int, int]] = Counter()
        """number of an edition, new partition -> lines"""

    def take(self, partition: int, key: bytes, value: bytes) -> Placed | None:
        """None where it is told by `rest`."""
        self._check_old(partition, key, value)
        if key == BEGAN:
            self._began[partition] = value
            return None
        if key == IN_USE:
            read_edition(value[len(MARK) :])
            self._in_use[partition] = value
            return None
        if key.startswith(LINE):
            to = key_partition(line_owner(key), self._to)
            self._lines[line_number(key), to] += 1
            return Placed(to, key, value)
        if key.startswith(firm_records.PREFIX):
            to = key_partition(firm_records.owner_of(key), self._to)
            return Placed(to, key, firm_records.without_places(value))
        return Placed(key_partition(key, self._to), key, memory.without_places(value))

    def rest(self) -> Iterator[Placed]:
        """What every partition keeps. Raises UserError where not all had the same trade statistics in use."""
        began = merged(self._began, self._from)
        if began is not None:
            yield from (Placed(one, BEGAN, began) for one in range(self._to))
        if not self._in_use:
            return
        editions = [read_edition(value[len(MARK) :]).with_lines(0) for value in self._in_use.values()]
        edition = editions[0]
        if len(editions) < self._from or any(one != edition for one in editions):
            raise UserError(
                "the partitions do not all use the same trade statistics: start the workers, load them again with "
                "`torugart baselines load`, stop the workers and run this again"
            )
        for one in range(self._to):
            yield Placed(one, IN_USE, MARK + encode(edition.with_lines(self._lines[edition.number, one])))
