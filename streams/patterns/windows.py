"""What detectors that count by day (or week) within a window have in common: adding, taking back, forgetting, and the advice
that every such rule gives alike.

A state is made of plain dictionaries from a period to a count, and none of the functions here changes what it is given.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Generic, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import astuple

from streams.findings import NotEvaluable, Subject
from streams.patterns.contract import PatternAdvice, lacks_past

Counts = dict[int, int]
"""day (or week) since 1970 -> declarations"""

Group = TypeVar("Group")
Value = TypeVar("Value")
Inner = TypeVar("Inner", bound=Mapping[int, object])


class WindowedState(Struct, frozen=True, array_like=True):
    """A state of which what lies before `edge` is forgotten. Every further field is a container."""

    edge: int = 0
    """days (weeks, where the detector counts so) before it are forgotten"""


class Dated(Protocol):
    """A contribution of a day."""

    @property
    def day(self) -> int:
        """Event day, since 1970."""


WindowedT = TypeVar("WindowedT", bound=WindowedState)
DatedT = TypeVar("DatedT", bound=Dated)


class WindowedDetector(ABC, Generic[WindowedT, DatedT]):
    """A `Detector` whose state is a WindowedState. Its first rule is the one that `blind` and `young` speak for."""

    name: str
    rules: tuple[str, ...]
    part_type: type[DatedT]
    state_type: type[WindowedT]

    def __init__(self, kept: int) -> None:
        """`kept`: periods for which a contribution is kept."""
        self._kept = kept

    @abstractmethod
    def counted(self, state: WindowedT, part: DatedT, sign: int) -> WindowedT:
        """The state with a part more (sign 1) or less (-1), which is not before its edge."""

    @abstractmethod
    def since(self, state: WindowedT, edge: int) -> WindowedT:
        """The state with a later edge, and nothing from before it."""

    def period(self, day: int) -> int:
        """The period that a day since 1970 is counted in: the day itself."""
        return day

    def first_day(self, period: int) -> int:
        """The first day of a period."""
        return period

    def empty(self, began: int) -> WindowedT:
        return self.state_type()

    def add(self, state: WindowedT, part: DatedT) -> WindowedT:
        return state if self.period(part.day) < state.edge else self.counted(state, part, 1)

    def remove(self, state: WindowedT, part: DatedT) -> WindowedT:
        return state if self.period(part.day) < state.edge else self.counted(state, part, -1)

    def forget(self, state: WindowedT, day: int) -> WindowedT | None:
        edge = max(state.edge, self.period(day) - self._kept)
        left = state if edge == state.edge else self.since(state, edge)
        return left if any(astuple(left)[1:]) else None

    def known_days(self, state: WindowedT, day: int, began: int) -> int:
        """Days remembered up to a day; `began` as in `Detector.tell`."""
        return day - max(began, self.first_day(state.edge))

    def blind(self, subject: Subject, *missing: str) -> PatternAdvice:
        """The rule lacks an input."""
        return PatternAdvice((), (NotEvaluable(rule=self.rules[0], missing=missing, subject=subject),))

    def young(self, subject: Subject, needed: int, known: int, day: int) -> PatternAdvice:
        """The rule needs more days of trade than are known; nothing where they are enough."""
        if known >= needed:
            return PatternAdvice()
        return PatternAdvice((), (lacks_past(self.rules[0], needed, known, day, subject),))


def with_count(counts: Counts, period: int, sign: int) -> Counts:
    """One declaration more or less in a period; without the period where none is left."""
    count = counts.get(period, 0) + sign
    if count > 0:
        return {**counts, period: count}
    return {other: kept for other, kept in counts.items() if other != period}


def kept_since(counts: Mapping[int, Value], edge: int) -> dict[int, Value]:
    """Without the periods before `edge`."""
    return {period: count for period, count in counts.items() if period >= edge}


def groups_since(groups: Mapping[Group, Mapping[int, Value]], edge: int) -> dict[Group, dict[int, Value]]:
    """Each group without the periods before `edge`, and without the groups of which nothing is left."""
    return {group: kept for group, counts in groups.items() if (kept := kept_since(counts, edge))}


def with_group(groups: Mapping[Group, Inner], group: Group, counts: Inner) -> dict[Group, Inner]:
    """With other counts for a group; without the group where they are empty."""
    kept = {**groups, group: counts}
    if not counts:
        del kept[group]
    return kept


def any_between(counts: Mapping[int, object], after: int, upto: int) -> bool:
    """Whether there is a period after one, up to another."""
    return any(after < period <= upto for period in counts)


def grown(figure: float, least: float, full: float, of_least: float) -> float:
    """Strength of a figure that tells `of_least` at `least`, and all from `full` on."""
    return of_least + (1 - of_least) * min((figure - least) / (full - least), 1.0)


def hashed(text: str, size: int = 4) -> int:
    """A number of so many bytes that stands for a text."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=size).digest(), "big")


def opening(subject: Subject) -> str:
    """The label of a subject as a sentence begins with it."""
    return subject.label[:1].upper() + subject.label[1:]
