"""What every detector with a memory is: a small state for each thing it tracks, exact under amendment and cancellation.

A declaration in force *contributes* to some keys (a corridor, a firm, a firm and a good, a telephone number). When it is amended
or cancelled its old contribution is taken back and the new one added. `add` and `remove` commute and are exact inverses, so the
state is that of the contributions in it, whatever the order in which they came. What a declaration is told of a key never
counts its own contribution: seen again, it is told the same.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol, TypeVar, runtime_checkable

from msgspec import Struct

from streams.corridors.firms import FirmCounts, FirmMonths
from streams.corridors.state import Past
from streams.findings import Finding, NotEvaluable, Subject
from streams.patterns.days import LAST_DAY, day_of
from streams.patterns.trade import DeclaredTrade

StateT = TypeVar("StateT")
"""A msgspec Struct: what is remembered of one key."""
PartT = TypeVar("PartT")
"""A frozen msgspec Struct: what one declaration contributes to one key, with all that is needed to answer it."""


LONGEST_KEY = 200


def short_key(key: str) -> str:
    """A key that is not too long, in its stead one that stands for it."""
    if len(key) <= LONGEST_KEY:
        return key
    return "#" + hashlib.blake2b(key.encode(), digest_size=16).hexdigest()


class Contribution(Struct, frozen=True):
    """A declaration's part of one key."""

    key: str
    """within the detector; up to LONGEST_KEY characters, by `short_key`"""
    part: object
    asks: bool = True
    """whether the declaration wants to be told: most of what is remembered is asked about by few"""


class Service(Struct, frozen=True, array_like=True):
    """A contact of a party that so many firms have that it tells nothing of one."""

    party: int
    """index in the declaration"""
    contact: str
    """phone, email or address"""
    firms: str
    """how many, in words"""


class Repeat(Struct, frozen=True, array_like=True):
    """A party and a list entry that met before."""

    party: int
    """index in the declaration"""
    list: str
    entry: str
    count: int
    """declarations before in which they met"""


class PatternAdvice(Struct, frozen=True, omit_defaults=True):
    """What a key tells a declaration."""

    findings: tuple[Finding, ...] = ()
    not_evaluable: tuple[NotEvaluable, ...] = ()
    services: tuple[Service, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    former: bool = False
    """whether it comes from a key of an earlier release: its findings count where another answer has none of the same keys"""


Advice = Finding | NotEvaluable | Service | Repeat


def advice_of(said: Iterable[Advice]) -> PatternAdvice:
    """What was said one by one, each kind in its order."""
    kinds: dict[type, list[Any]] = {Finding: [], NotEvaluable: [], Service: [], Repeat: []}
    for one in said:
        kinds[type(one)].append(one)
    findings, not_evaluable, services, repeats = map(tuple, kinds.values())
    return PatternAdvice(findings, not_evaluable, services, repeats)


def lacks_past(rule: str, days: int, known: int, day: int, subject: Subject | None = None) -> NotEvaluable:
    """A rule that needs `days` days of trade remembered, on a day (since 1970) on which there are `known`."""
    return NotEvaluable(
        rule=rule,
        missing=(f"{days} days of trade remembered",),
        subject=subject,
        cause="PAST",
        until=f"{day_of(min(day + days - known, LAST_DAY)):%Y-%m}",
    )


class Detector(Protocol[StateT, PartT]):
    """One red flag or a few that look at the same thing."""

    @property
    def name(self) -> str:
        """Of the detector; part of the key of its state."""

    @property
    def rules(self) -> tuple[str, ...]:
        """Which are NOT_EVALUABLE where no answer comes."""

    @property
    def part_type(self) -> type[PartT]: ...

    @property
    def state_type(self) -> type[StateT]: ...

    def contributions(self, trade: DeclaredTrade) -> Iterable[Contribution]:
        """What a declaration contributes and to which keys; nothing of one that is cancelled, unless the attempt counts.
        At most one for each key."""

    def empty(self, began: int) -> StateT:
        """Of a key about which nothing is known. `began` is the first day (since 1970) of which all is remembered."""

    def add(self, state: StateT, part: PartT) -> StateT:
        """The state with a part more. Neither raises nor changes what it is given."""

    def remove(self, state: StateT, part: PartT) -> StateT:
        """The state with a part less, that was added before."""

    def tell(self, state: StateT, part: PartT, began: int) -> PatternAdvice:
        """What a declaration is told by a state that does not count its own part. `began` is the first day (since 1970)
        of all that is remembered: what is not known before that day was not seen, and cannot be called new."""

    def forget(self, state: StateT, day: int) -> StateT | None:
        """The state without what is too old on `day` (since 1970) to matter any more; None where nothing is left."""


class StandingAlert(NamedTuple):
    """An alert about a key itself, as it stands."""

    body: bytes
    """JSON, the same bytes for the same alert"""
    ended: bool
    """whether it can change no more but by late data: it is kept when the detector names it no longer"""


@runtime_checkable
class Alerting(Protocol):
    """A detector that raises alerts of its own, besides what it tells declarations."""

    def alerts(self, state: Any, key: str, day: int) -> Mapping[str, StandingAlert]:
        """Key of the record in customs.alerts -> the alert on `day` (since 1970)."""


@runtime_checkable
class TakesStatistics(Protocol):
    """A detector that statistics can tell of the time before the stream."""

    def informed(self, state: Any, past: Past, began: int) -> Any:
        """The state with what was before `began` (as in `tell`): told and alerted by, never kept, added to or taken from."""


@runtime_checkable
class KeepsFirms(Protocol):
    """A detector whose state has a small record for each firm beside it, of which a key may have thousands: its months with
    trade.
    `add` and `remove` leave them to the book."""

    def firm(self, part: Any) -> int | None:
        """Whose record a contribution changes."""

    def counted(self, state: Any, counts: FirmCounts) -> Any:
        """The state with its firms counted, as it is judged."""

    def stored(self, state: Any) -> Any:
        """What is stored of it."""

    def inline(self, state: Any) -> Mapping[int, FirmMonths]:
        """The firms in a state as releases before 0.2 kept them."""

    def firm_changed(self, state: Any, months: FirmMonths, part: Any, sign: int) -> dict[int, int]:
        """A firm's months with a contribution more or less, as the state would take it; those that it keeps."""

    def floor(self, state: Any) -> int:
        """The month before which none is asked for."""

    def forget_firm(self, months: FirmMonths, day: int) -> dict[int, int]:
        """What is kept of a firm's months on a day (since 1970)."""
