"""What detectors that count by day (or week) within a window have in common: adding, taking back, forgetting, asking, and the
advice that every such rule gives alike.

A state is made of plain dictionaries from a period to a count, and none of the functions here changes what it is given.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, Generic, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import astuple

from streams.findings import Finding, NotEvaluable, Subject
from streams.patterns.contract import Advice, PatternAdvice, advice_of, lacks_past
from streams.patterns.gravity import Gravity

Counts = dict[int, int]
"""day (or week) since 1970 -> declarations"""

Group = TypeVar("Group")
Inner = TypeVar("Inner", bound=Mapping[int, object])


class WindowedState(Struct, frozen=True, array_like=True):
    """A state of which what lies before `edge` is forgotten. Every further field is a container."""

    edge: int = 0
    """days (weeks, where the detector counts so) before it are forgotten"""


class WindowFigures(Protocol):
    """The figures of such a detector."""

    @property
    def kept_periods(self) -> int:
        """Periods for which a contribution is kept."""


class Dated(Protocol):
    """A contribution of a day."""

    @property
    def day(self) -> int:
        """Event day, since 1970."""


class About(Protocol):
    """What a declaration asks about."""

    @property
    def subject(self) -> Subject: ...


class Asking(Dated, Protocol):
    """A contribution that may ask."""

    @property
    def ask(self) -> Any:
        """What is `About` something; None where nothing is asked."""


class Question(Struct, frozen=True, array_like=True):
    """What a declaration asks about anything."""

    subject: Subject
    gravity: float
    """0..1: how grave a finding is"""


WindowedT = TypeVar("WindowedT", bound=WindowedState)
DatedT = TypeVar("DatedT", bound=Dated)
AskingT = TypeVar("AskingT", bound=Asking)
AskT = TypeVar("AskT", bound=About)
FiguresT = TypeVar("FiguresT", bound=WindowFigures)


class WindowedDetector(ABC, Generic[WindowedT, DatedT, FiguresT]):
    """A `Detector` whose state is a WindowedState."""

    name: str
    rules: tuple[str, ...]
    part_type: type[DatedT]
    state_type: type[WindowedT]

    def __init__(self, figures: FiguresT) -> None:
        self._figures = figures

    @abstractmethod
    def counted(self, state: WindowedT, part: DatedT, sign: int) -> WindowedT:
        """The state with a part more (sign 1) or less (-1), which is not before its edge."""

    def since(self, state: WindowedT, edge: int) -> WindowedT:
        """The state with a later edge, and nothing from before it: of fields that are periods, or groups of them."""
        return self.state_type(edge, *(kept_since(field, edge) for field in astuple(state)[1:]))

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
        edge = max(state.edge, self.period(day) - self._figures.kept_periods)
        left = state if edge == state.edge else self.since(state, edge)
        return left if any(astuple(left)[1:]) else None


class ConcernDetector(
    WindowedDetector[WindowedT, AskingT, FiguresT], Generic[WindowedT, AskingT, FiguresT, AskT]
):
    """One that is asked about goods for a country of concern. Its first rule is the one that `blind` and `young` speak for."""

    def __init__(self, gravity: Gravity, figures: FiguresT) -> None:
        super().__init__(figures)
        self._gravity = gravity

    @abstractmethod
    def answers(self, state: WindowedT, part: AskingT, ask: AskT, known: int) -> Iterator[Advice]:
        """What a declaration is told that asks, as in `Detector.tell`. `known`: days of trade remembered up to its own."""

    def tell(self, state: WindowedT, part: AskingT, began: int) -> PatternAdvice:
        if part.ask is None:
            return PatternAdvice()
        known = part.day - max(began, self.first_day(state.edge))
        return advice_of(self.answers(state, part, part.ask, known))

    def finding(self, ask: AskT, place: object, *, code: str, strength: float, **said: Any) -> Finding:
        """Of the first rule. `place` tells it from others of its code; `said`: evidence, cleared_by and inputs, as in Finding."""
        rule, strength = self.rules[0], round(strength, 3)
        key = f"{rule}/{code}/{place}"
        return Finding(key=key, rule=rule, code=code, subject=ask.subject, strength=strength, **said)

    def blind(self, ask: AskT, *missing: str) -> NotEvaluable:
        """The rule lacks an input."""
        return NotEvaluable(rule=self.rules[0], missing=missing, subject=ask.subject)

    def young(self, ask: AskT, needed: int, known: int, day: int) -> Iterator[NotEvaluable]:
        """The rule needs more days of trade than are known; nothing where they are enough."""
        if known < needed:
            yield lacks_past(self.rules[0], needed, known, day, ask.subject)


def with_count(counts: Counts, period: int, sign: int) -> Counts:
    """One declaration more or less in a period; without the period where none is left, or it was forgotten."""
    count = counts.get(period, 0) + sign
    if count > 0:
        return {**counts, period: count}
    return {other: kept for other, kept in counts.items() if other != period}


def kept_since(counts: Mapping[Any, Any], edge: int) -> dict[Any, Any]:
    """Without the periods before `edge`; groups of periods each so, and without those of which nothing is left."""
    kept = {}
    for key, value in counts.items():
        if not isinstance(value, dict):
            if key >= edge:
                kept[key] = value
        elif left := kept_since(value, edge):
            kept[key] = left
    return kept


def with_group(groups: Mapping[Group, Inner], group: Group, counts: Inner) -> dict[Group, Inner]:
    """With other counts for a group; without the group where they are empty."""
    kept = {**groups, group: counts}
    if not counts:
        del kept[group]
    return kept


def with_one(groups: Mapping[Group, Counts], group: Group, period: int, sign: int) -> dict[Group, Counts]:
    """One declaration of a group more or less in a period."""
    return with_group(groups, group, with_count(groups.get(group, {}), period, sign))


def any_between(counts: Mapping[int, object], after: int, upto: int) -> bool:
    """Whether there is a period after one, up to another."""
    return any(after < period <= upto for period in counts)


def grown(figure: float, least: float, full: float, of_least: float) -> float:
    """Strength of a figure that tells `of_least` at `least`, and all from `full` on."""
    return of_least + (1 - of_least) * min((figure - least) / (full - least), 1.0)


def hashed(text: str, size: int = 4) -> int:
    """A number of so many bytes that stands for a text."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=size).digest(), "big")
