"""Findings, verdicts and alerts: what screening says.

Nothing here holds a wall-clock time: the same version screened twice by the same ruleset and lists gives the same
bytes, which is how a duplicate is told from news. When a thing was said is the timestamp of its Kafka record.
"""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct, field

from streams.declarations.life import Moment, Status
from streams.declarations.reading import Repaired, Unreadable

Lane = Literal["RED", "YELLOW", "BLUE", "GREEN"]
"""The treatment proposed (UNCTAD ASYCUDA): RED goods and documents examined, YELLOW documents examined, BLUE released and
audited afterwards, GREEN released."""

LANES: tuple[Lane, ...] = ("RED", "YELLOW", "BLUE", "GREEN")
"""Most severe first."""

AlertStatus = Literal["OPEN", "CLOSED", "MOOT"]

SubjectKind = Literal["PARTY", "ITEM", "ROUTE", "TRANSPORT", "DECLARATION"]


class _Part(Struct, rename="camel", omit_defaults=True, frozen=True, kw_only=True):
    pass


Outcome = Literal["CLEAR", "REVIEW"]


def _clear() -> Outcome:
    """Of a verdict that names no outcome, as up to contract 1.1. A factory, since JSON leaves out what is a default."""
    return "CLEAR"


class Subject(_Part, frozen=True):
    """What a finding is about: `index` counts parties and transport from 0 in declared order, an ITEM by its own
    goodsItemNumber."""

    kind: SubjectKind
    index: int | None = None
    label: str = ""
    """In words: 'CONSIGNEE Example Trade OsOO', 'item 3, HS 901310'."""


class Finding(_Part, frozen=True):
    """One rule's result on one subject. The contract is `schemas/finding.schema.json`.

    Enrichments make findings with `points` 0; the ruleset gives the points.
    """

    key: str
    """Deterministic within the declaration: rule, subject and what was met. The same finding keeps its key in later
    versions."""
    rule: str
    """Rule number of docs/rules.md: R01 ... R33 are the published red flags, G.. goods controls, D.. destinations,
    C.. combinations."""
    code: str
    """The exact case within the rule, which the ruleset weighs: 'list.name', 'list.identifier', 'goods.high_priority' ..."""
    subject: Subject
    evidence: str
    """One or two plain sentences an officer can read out: what was seen, with its figures and its source."""
    cleared_by: str = ""
    """What would clear it, in plain words."""
    strength: float = 1.0
    """0..1: how strong this case is of its kind (a name score, a tier). Points are weight x strength."""
    points: float = 0.0
    weight_reason: str = ""
    inputs: dict[str, Any] = {}
    """The figures behind it: list, entry, score, threshold, tier, countries ..."""
    repeats: int = 0
    """declarations before in which the same party met the same list entry: one open question, not a new one"""


class NotEvaluable(_Part, frozen=True):
    """A rule that lacked its inputs. Absent is not clear."""

    rule: str
    missing: tuple[str, ...]
    """Paths of what was absent, such as 'declaration.countriesOfRouting'."""
    subject: Subject | None = None
    unreadable: tuple[str, ...] = ()
    """Paths, [] for any position, of what was declared of this and could not be read: see the verdict's `unreadable`"""
    cause: Literal["PAST"] | None = None
    """PAST: no field is absent, the trade remembered is too short"""
    until: str | None = None
    """month (2027-02) in which it is long enough, where that is known; with PAST only"""


class ListEdition(_Part, frozen=True):
    list: str
    edition: str
    """Date or version as the publisher or loader named it."""
    entries: int
    sha256: str


class Versions(_Part, frozen=True):
    """What a decision was made with: enough to make it again."""

    code: str
    ruleset: str
    """name@version#first 12 hex digits of the SHA-256 of its text"""
    tables: dict[str, str] = {}
    """name -> version of each control list and country table used"""
    lists: tuple[ListEdition, ...] = ()


class ScreenedParty(_Part, frozen=True):
    role: str
    name: str | None = None
    id: str | None = None
    country: str | None = None


class ScreenedItem(_Part, frozen=True):
    number: int
    hs6: str
    """empty where the source declares no code"""
    origin: str | None = None
    description: str | None = None
    """the first 80 characters"""


class Screened(_Part, frozen=True):
    """What was looked at: a reader can tell that nothing was left out."""

    parties: tuple[ScreenedParty, ...]
    items: tuple[ScreenedItem, ...]
    documents: dict[str, int] = {}
    """document code -> how often, on the declaration and on its items, previous and transport documents included"""
    countries: tuple[str, ...] = ()
    """every country code the declaration names anywhere, sorted"""
    transport: tuple[str, ...] = ()
    """vessels, vehicles, aircraft and containers"""
    route: tuple[str, ...] = ()
    """dispatch, countries of routing and destination, in order, as far as declared"""


class Verdict(_Part, frozen=True):
    """What Torugart says of one version of a declaration: the value of `customs.verdicts`, clear ones too.

    The contract is `schemas/verdict.schema.json`.
    """

    declaration_key: str
    version_number: int
    payload_hash: str
    event_type: str
    event_date_time: datetime
    lane: Lane
    score: float
    """0..100; the sum of the findings' points, capped"""
    findings: tuple[Finding, ...]
    not_evaluable: tuple[NotEvaluable, ...]
    screened: Screened
    versions: Versions
    schema_version: str = "1.2"
    outcome: Outcome = field(default_factory=_clear)
    """REVIEW where an alert was raised, CLEAR in the GREEN lane; never absent"""
    regime: str = ""
    trigger: str = "DECLARATION"
    changed_paths: tuple[str, ...] = ()
    """what differs from the version in force before it, such as 'declaration.parties[CONSIGNEE].name'"""
    in_force: bool = True
    """False for what a request asks for that customs has not decided: screened, so that officers see what they would grant"""
    unreadable: tuple[Unreadable, ...] = ()
    """what was declared and could not be read; the rest was screened"""
    repaired: tuple[Repaired, ...] = ()
    """what was read as another than was written, because only one reading was left"""


class AlertFinding(_Part, frozen=True):
    """A finding over the declaration's life: OPEN in the newest version, or CLOSED since a version no longer has it."""

    finding: Finding
    status: Literal["OPEN", "CLOSED"]
    since_version: int
    closed_by_version: int | None = None
    in_force: bool = True
    """False where only a request not yet decided has it"""


class Alert(_Part, frozen=True):
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
    """of lane, findings, status and editions (`streams.assessment.substance`): what a decision refers to; empty in alerts sent up
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
