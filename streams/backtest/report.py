"""What a comparison of two rulesets says. No name of a party is in it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Generic, Literal, TypeVar

import msgspec
from msgspec import Struct

from streams.findings import Lane

T = TypeVar("T")

Cause = Literal["POINTS", "LANES", "RELIEF"]
"""Why a lane is another: findings or combinations have other points; lanes begin at other scores; a licence lowers only one."""


class _Part(Struct, rename="camel", omit_defaults=True, frozen=True, kw_only=True):
    pass


class Both(Struct, Generic[T], frozen=True):
    """The same thing under each ruleset."""

    before: T
    after: T


class Labelled(_Part, frozen=True):
    """What known bad cases say of the alerts. A declaration without a label counts as ordinary."""

    declarations: int
    """that are judged and part of a case"""
    cases: int
    elsewhere: int
    """labels of declarations that are not judged: not in the stream, or lodged before"""
    gained: int
    """of the alerts gained, those on labelled declarations; so for lost and moved"""
    lost: int
    moved: int
    precision: Both[float | None]
    """of the alerts, those on labelled declarations"""
    recall: Both[float | None]
    """of the cases, those with an alert on at least one declaration"""
    recall_by_declaration: Both[float | None]
    """of the labelled declarations, those with an alert"""


class Totals(_Part, frozen=True):
    rulesets: Both[str]
    """name@version#hash"""
    declarations: int
    """that were judged"""
    past: int
    """lodged before the first time that is judged"""
    unread: int
    """messages that could not be screened"""
    alerts: Both[int]
    per_thousand: Both[float]
    gained: int
    lost: int
    moved: int
    """alerts under both, in another lane"""
    first: datetime | None = None
    """event time of the first declaration judged ..."""
    last: datetime | None = None
    """... and of the last"""
    labelled: Labelled | None = None


class LaneRow(_Part, frozen=True):
    """Declarations whose gravest lane it is."""

    lane: Lane
    declarations: Both[int]
    labelled: Both[int] | None = None
    """of them"""


class RuleRow(_Part, frozen=True):
    """Alerts to which a rule gave points."""

    rule: str
    alerts: Both[int]
    labelled: Both[int] | None = None
    """of them"""


class TypologyRow(_Part, frozen=True):
    typology: str
    cases: int
    found: Both[int]
    """cases with an alert on at least one of their declarations"""
    declarations: int
    alerted: Both[int]


class Gravest(_Part, frozen=True):
    """The gravest that a ruleset says of a declaration in any of its versions."""

    lane: Lane
    score: float
    """0..100"""
    version_number: int


class Difference(_Part, frozen=True):
    """A code that has other points under the two rulesets, in the version that decides."""

    rule: str
    code: str
    points: Both[float]


class Told(_Part, frozen=True):
    """The label of a declaration."""

    typology: str
    case: str


class ChangedAlert(_Part, frozen=True):
    """An alert that only one ruleset raises, or that the two put into different lanes."""

    declaration_key: str
    lodged: datetime
    version_number: int
    """the version that decides: the gravest under the ruleset that takes the declaration for the worse"""
    before: Gravest
    after: Gravest
    because: tuple[Cause, ...]
    differences: tuple[Difference, ...]
    """greatest first"""
    label: Told | None = None


class Report(Struct, frozen=True, kw_only=True):
    totals: Totals
    lanes: tuple[LaneRow, ...]
    rules: tuple[RuleRow, ...]
    typologies: tuple[TypologyRow, ...]
    """empty without labels"""
    gained: tuple[ChangedAlert, ...]
    """gravest first, as the others"""
    lost: tuple[ChangedAlert, ...]
    moved: tuple[ChangedAlert, ...]


_encode = msgspec.json.Encoder().encode


def lines(report: Report) -> Iterator[bytes]:
    """The report as JSON, an object of one key a line: `totals`, then each `lane`, `rule`, `typology`, and each alert that was
    `gained`, `lost` or `moved`."""
    yield _encode({"totals": report.totals})
    for name, parts in (
        ("lane", report.lanes),
        ("rule", report.rules),
        ("typology", report.typologies),
        ("gained", report.gained),
        ("lost", report.lost),
        ("moved", report.moved),
    ):
        for part in parts:
            yield _encode({name: part})
