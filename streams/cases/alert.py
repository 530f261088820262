"""The alert: one case as an officer sees it."""

from datetime import datetime
from typing import Literal

from streams.assessment.verdict import Screened, Versions
from streams.declarations.reading import Repaired, Unreadable
from streams.findings import ContractPart, Finding, Lane, NotEvaluable
from streams.lifecycle.life import Moment, Status

AlertStatus = Literal["OPEN", "CLOSED", "MOOT"]


class AlertFinding(ContractPart, frozen=True):
    """A finding over the declaration's life: OPEN in the newest version, or CLOSED since a version no longer has it."""

    finding: Finding
    status: Literal["OPEN", "CLOSED"]
    since_version: int
    closed_by_version: int | None = None
    in_force: bool = True
    """False where only a request not yet decided has it"""


class Alert(ContractPart, frozen=True):
    """One declaration's findings for an officer: the value of `customs.alerts`, key declarationKey.

    The contract is `schemas/alert.schema.json`. Always made anew from all versions known, in version order, so that
    the order in which versions arrived leaves no trace.
    """

    alert_id: str
    """stable: first 16 hex digits of SHA-256 over the declarationKey"""
    declaration_key: str
    version_number: int
    """the newest version in force that was screened; where none is, the newest asked for"""
    status: AlertStatus
    """MOOT: the declaration was invalidated or rejected; the alert is kept as it was"""
    lane: Lane
    highest_lane: Lane
    """the most severe lane any version had"""
    score: float
    headline: str
    """one sentence: who, what, where, why"""
    findings: tuple[AlertFinding, ...]
    not_evaluable: tuple[NotEvaluable, ...]
    what_would_clear: tuple[str, ...]
    event_date_time: datetime
    regime: str
    screened: Screened
    versions: Versions
    schema_version: str = "1.2"
    evidence_hash: str = ""
    """of lane, findings, status and editions (`streams.cases.substance`): what a decision refers to; empty in alerts sent up
    to contract 1.1"""
    declaration_status: Status | None = None
    """where the declaration stands with customs; None where its life was not told"""
    timeline: tuple[Moment, ...] = ()
    """what happened to the declaration, in order, with what each version changed"""
    gaps: tuple[int, ...] = ()
    """numbers of versions that must exist and were never seen"""
    open_requests: tuple[str, ...] = ()
    """references of requests that customs has not decided"""
    unreadable: tuple[Unreadable, ...] = ()
    """what was declared in that version and could not be read"""
    repaired: tuple[Repaired, ...] = ()
    """what was read in that version as another than was written"""
