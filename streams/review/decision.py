"""The decision: what a reviewer decided on an alert. The value of `customs.decisions`, key declarationKey.

It is an act of a person, so unlike a verdict it carries its time. It is never changed: a new decision on the same alert
follows the old one, and the newest counts. Each finding is resolved by itself, since the guidance is to resolve every
red flag before proceeding (US BIS, "Know Your Customer" guidance, Supplement No. 3 to 15 CFR Part 732).
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

Disposition = Literal[
    "TRUE_MATCH",  # what was found is so
    "FALSE_POSITIVE",  # it is not so: another person, other goods, an ordinary trade
    "INCONCLUSIVE_NEED_INFO",  # cannot be told yet; information was asked for and the clock stands still
    "ESCALATED",  # handed to someone with more power or knowledge
    "MOOT",  # the declaration was invalidated or replaced; there is nothing left to decide
]

Action = Literal[
    "RELEASE",
    "RELEASE_WITH_AUDIT",  # released, and audited afterwards
    "HOLD",  # stopped until something comes
    "EXAMINE",  # goods and documents are examined
    "LICENCE_CHECK",  # the licence is verified with whoever issued it
    "SEIZE",
    "REFER",  # passed to another authority
]

Text = Annotated[str, Meta(min_length=1)]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]


class FindingResolution(Struct, rename="camel", omit_defaults=True, frozen=True, kw_only=True):
    """How one finding of the alert was resolved."""

    finding_key: Text
    disposition: Disposition
    explanation: Text
    """in the officer's words: what was looked at and what it showed"""


class Decision(Struct, rename="camel", omit_defaults=True, frozen=True, kw_only=True):
    """What one officer decided on one alert. The contract is `schemas/decision.schema.json`.

    Raises ValueError (reported by the decoder as a schema violation) where a finding is resolved twice, or where the
    approver is the officer: two pairs of eyes are two people.
    """

    decision_id: Text
    """chosen by the desk; the same decision sent twice has the same id"""
    declaration_key: Text
    alert_id: Text
    version_number: Annotated[int, Meta(ge=1)]
    """versionNumber of the alert that was decided on"""
    disposition: Disposition
    action: Action
    officer: Text
    """identifier of the officer in the desk's own system, not a name"""
    decided_at: Annotated[datetime, Meta(tz=True)]
    reason: Text
    findings: tuple[FindingResolution, ...] = ()
    evidence_hash: Sha256 | None = None
    """evidenceHash of the alert that was decided on: the decision holds while the alert has it, whatever else is told of the
    case; None in decisions made up to contract 1.0"""
    alert_sha256: Sha256 | None = None
    """of the alert's value in customs.alerts as the officer saw it, hex: for whoever keeps the record of it"""
    approver: str | None = None
    """second officer, where the desk asks for one"""
    schema_version: str = "1.1"

    def __post_init__(self) -> None:
        keys = [resolution.finding_key for resolution in self.findings]
        if len(keys) != len(set(keys)):
            raise ValueError("a finding is resolved twice")
        if self.approver is not None and self.approver == self.officer:
            raise ValueError("approver must be another person than officer")
