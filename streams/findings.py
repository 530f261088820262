"""Findings: what every rule and every detector speaks of. The ground of the house: it imports nothing of ours."""

from typing import Any, Literal

from msgspec import Struct, field


class ContractPart(Struct, rename="camel", omit_defaults=True, frozen=True, kw_only=True):
    """Base of every part of a contract: camelCase on the wire, absent means nothing to say, never changed in place."""


Lane = Literal["RED", "YELLOW", "BLUE", "GREEN"]
"""The treatment proposed (UNCTAD ASYCUDA): RED goods and documents examined, YELLOW documents examined, BLUE released and
audited afterwards, GREEN released."""


LANES: tuple[Lane, ...] = ("RED", "YELLOW", "BLUE", "GREEN")
"""Most severe first."""


SubjectKind = Literal["PARTY", "ITEM", "ROUTE", "TRANSPORT", "DECLARATION"]


class Subject(ContractPart, frozen=True):
    """What a finding is about: `index` counts parties and transport from 0 in declared order, an ITEM by its own
    goodsItemNumber."""

    kind: SubjectKind
    index: int | None = None
    label: str = ""
    """In words: 'CONSIGNEE Example Trade OsOO', 'item 3, HS 901310'."""

    @property
    def opening(self) -> str:
        """The label as a sentence begins with it."""
        return self.label[:1].upper() + self.label[1:]


FULL = 1.0
"""Strength of a finding that has no degrees. Left out of the JSON, as the one default object only is."""


class Finding(ContractPart, frozen=True):
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
    strength: float = FULL
    """0..1: how strong this case is of its kind (a name score, a tier). Points are weight x strength."""
    points: float = 0.0
    weight_reason: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
    """The figures behind it: list, entry, score, threshold, tier, countries ..."""
    repeats: int = 0
    """declarations before in which the same party met the same list entry: one open question, not a new one"""


class NotEvaluable(ContractPart, frozen=True):
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
