"""Editions of the user's own control lists on a topic: one record an edition, so that a reader has all of it or nothing.

The key is `list|edition`. The judgement whether an edition may follow the one in use is the watchlists' (`watchlists.guards`), of
codes in place of entries and annexes in place of programmes.
"""

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import datetime

import msgspec
from msgspec import Struct

from streams.errors import UserError
from streams.goods.control_list import ControlList
from streams.goods.own_lists import own_list
from streams.goods.prohibitions import ProhibitionList
from streams.watchlists.guards import DEFAULT_LOSS, EditionFacts, is_ahead, refusals

KEPT = 2
"""Editions kept of each list: the newest, and the one before it to fall back on."""
MAX_BYTES = 5_000_000
"""Of a list: what one message takes."""

OwnList = ControlList | ProhibitionList


class ControlEdition(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One edition as it is published: the file itself, and what is said of it."""

    list: str
    edition: str
    published: str
    """when (ISO 8601, UTC)"""
    sha256: str
    """of `text`"""
    text: str
    source: str
    loaded_by: str = ""
    accepted: str = ""
    """what would have been refused, and the reason given why it was not"""


class ReadEdition(Struct, frozen=True):
    """An edition that was read as a list."""

    record: ControlEdition
    list: OwnList
    facts: EditionFacts


_decode = msgspec.json.Decoder(ControlEdition).decode
encode = msgspec.json.Encoder().encode


def record_key(list_name: str, edition: str) -> bytes:
    """Raises UserError for a name with `|` in it."""
    if "|" in list_name or "|" in edition or not list_name or not edition:
        raise UserError(f"a list and its edition need names without '|': {list_name!r}, {edition!r}")
    return f"{list_name}|{edition}".encode()


def read_edition(record: ControlEdition) -> ReadEdition:
    """The list of an edition. Raises ControlListError for a text that is none, ValueError for one that is not what it says."""
    if digest(record.text) != record.sha256:
        raise ValueError("its text is not that of its SHA-256")
    read = own_list(record.list, record.text, record.sha256, record.source)
    return ReadEdition(record, read, _facts(record.edition, read))


def digest(text: str) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def dated(read: OwnList, sha256: str) -> str:
    """What an edition is called that is given no name: the date of its text where it says one, else the beginning of its hash."""
    text_date = read.header.as_of
    try:
        return datetime.fromisoformat(text_date).date().isoformat()
    except ValueError:
        return sha256[:12]


def _facts(edition: str, read: OwnList) -> EditionFacts:
    if isinstance(read, ProhibitionList):
        ids = [f"{one.key}|{one.code}" for one in read.entries]
        groups = Counter(one.measure.annex for one in read.entries)
    else:
        ids = list(read.entries)
        groups = Counter(label for one in read.entries.values() for label in one.labels)
    kind = "control" if isinstance(read, ControlList) else "prohibition"
    return EditionFacts(edition, kind, len(ids), len(ids), 0, dict(groups), frozenset(ids))


class ControlEditions:
    """What the topic holds, judged: records may come twice and in any order; none raises.

    `clock` tells what is published or dated in the future; without one nothing is. `loss` as in `watchlists.guards`.
    """

    def __init__(self, *, loss: float = DEFAULT_LOSS, clock: Callable[[], datetime] | None = None) -> None:
        self._loss = loss
        self._clock = clock
        self._editions: dict[bytes, ReadEdition] = {}
        self._faults: dict[bytes, str] = {}

    def feed(self, key: bytes, value: bytes | None) -> None:
        """Takes one record; None takes an edition back."""
        self._editions.pop(key, None)
        self._faults.pop(key, None)
        if value is None:
            return
        try:
            record = _decode(value)
            if record_key(record.list, record.edition) != key:
                raise ValueError("it names another edition than its key")
            published = datetime.fromisoformat(record.published)
            if published.tzinfo is None:
                raise ValueError("it was published at no time")
            if self._clock is not None and is_ahead(published, self._clock()):
                raise ValueError(f"it says it was published at {record.published}, in the future")
            self._editions[key] = read_edition(record)
        except (msgspec.MsgspecError, ValueError, RecursionError, UserError) as error:
            self._faults[key] = str(error)

    def in_use(self) -> dict[str, ReadEdition]:
        """By list the newest edition that may follow the one before it."""
        return {name: good[-1] for name, (good, _) in self._judged().items() if good}

    def refused(self) -> dict[bytes, tuple[str, ...]]:
        """Key of a record -> why it is not taken, of those that are newer than the edition in use or cannot be read."""
        found: dict[bytes, tuple[str, ...]] = {key: (fault,) for key, fault in self._faults.items()}
        for good, bad in self._judged().values():
            for one, reasons in bad:
                if not good or one.record.published > good[-1].record.published:
                    found[record_key(one.record.list, one.record.edition)] = reasons
        return found

    def superseded(self, list_name: str) -> list[bytes]:
        """Keys of a list that a publisher takes back, so that only the KEPT newest sound editions remain."""
        good, _ = self._judged().get(list_name, ([], []))
        kept = {record_key(one.record.list, one.record.edition) for one in good[-KEPT:]}
        prefix = f"{list_name}|".encode()
        return [key for key in (*self._editions, *self._faults) if key.startswith(prefix) and key not in kept]

    def why_not(self, new: ReadEdition) -> tuple[str, ...]:
        """Why an edition may not follow the one in use, with figures."""
        if new.record.accepted:
            return ()
        before = self.in_use().get(new.record.list)
        return self._refusals(new, before)

    def _refusals(self, new: ReadEdition, before: ReadEdition | None) -> tuple[str, ...]:
        today = self._clock().date() if self._clock is not None else None
        return refusals(new.facts, before.facts if before else None, today=today, loss=self._loss)

    def _judged(self) -> dict[str, tuple[list[ReadEdition], list[tuple[ReadEdition, tuple[str, ...]]]]]:
        judged: dict[str, tuple[list[ReadEdition], list[tuple[ReadEdition, tuple[str, ...]]]]] = {}
        for one in sorted(
            self._editions.values(), key=lambda one: (one.record.published, one.record.edition)
        ):
            good, bad = judged.setdefault(one.record.list, ([], []))
            before = good[-1] if good else None
            reasons = () if one.record.accepted else self._refusals(one, before)
            if reasons:
                bad.append((one, reasons))
            else:
                good.append(one)
        return judged
